"""What an objection points at: whole sentences of the answer, as they stand, and never a half of one."""

from __future__ import annotations

import pytest

from bot.core.pointing import MOST_SENTENCES, places, pointed_at, sentences, tokens, without

ANSWER = (
    "It trains faster, e.g. with larger steps. I would not say that it needs\nno careful start. "
    "Each feature is scaled to mean zero\nand variance one. It's a regulariser, too!"
)


@pytest.mark.parametrize(
    ("objection", "found"),
    [
        ("I did say “it trains faster”.", ["It trains faster, e.g. with larger steps."]),
        ('But I wrote "With larger steps"', ["It trains faster, e.g. with larger steps."]),
        ("no, 'it’s a regulariser' stands there", ["It's a regulariser, too!"]),
        ("I said `no careful start`", ["I would not say that it needs\nno careful start."]),
        ("«trains faster» and «variance one»", [
            "It trains faster, e.g. with larger steps.", "Each feature is scaled to mean zero\nand variance one.",
        ]),
        ("because it is scaled to mean zero in it", ["Each feature is scaled to mean zero\nand variance one."]),
        ("each feature has zero mean, scaled by variance", ["Each feature is scaled to mean zero\nand variance one."]),
        ("“it has two learned numbers”", []),
        ("I think this deserves more, please look at it again", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_pointed_at(objection: str, found: list[str]) -> None:
    assert list(pointed_at(objection, ANSWER)) == found
    assert all(words in ANSWER for words in found)


FIRST = "It trains faster, e.g. with larger steps."


@pytest.mark.parametrize(
    "quotation",
    [
        "“trains faster”", "„trains faster“", "„trains faster”", "”trains faster”", '"trains faster"',
        "«trains faster»", "»trains faster«", "‹trains faster›", "›trains faster‹", "‚trains faster‘",
        "‚trains faster’", "‘trains faster’", "'trains faster'", "`trains faster`", "\n> trains faster\n",
        "\n  > trains\n> faster",
        "\n>>> trains\nfaster",
    ],
)  # fmt: skip
def test_quotation_marks_of_any_kind_and_quoted_lines_point(quotation: str) -> None:
    assert pointed_at(f"But I did say {quotation}", ANSWER) == (FIRST,)


@pytest.mark.parametrize(
    ("objection", "found"),
    [
        ("I said “larger”", [FIRST]),
        ("I named a 'regulariser', which it is", ["It's a regulariser, too!"]),
        ("‹variance› and “trains faster”", [FIRST, "Each feature is scaled to mean zero\nand variance one."]),
        ("I did say “it”", []),
        ("“no” was not meant so", []),
        ("that is “momentum”", []),
        ("it is the author's and the reader's", []),
    ],
)
def test_a_single_word_points_where_it_says_something(objection: str, found: list[str]) -> None:
    assert list(pointed_at(objection, ANSWER)) == found


def test_a_term_of_few_letters_points() -> None:
    assert pointed_at("I said “SGD”, and 'L2'", "We take SGD. It is slow. We add L2.") == ("We take SGD.", "We add L2.")


class Counted(str):
    """A word that counts how often words are compared with it."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__ne__(self, other)

    __hash__ = str.__hash__


@pytest.mark.parametrize(
    ("words", "answer"),
    [("a " * 300, "a " * 10_000), ("a " * 299 + "b", "a " * 10_000), ("a b " * 150 + "c", "a b " * 5_000)],
)
def test_looking_for_a_quotation_is_one_pass_whatever_repeats_itself(words: str, answer: str) -> None:
    """A product of the two lengths, 3,000,000 comparisons and as many places, kept all who are served waiting."""
    row, said = [Counted(token.word) for token in tokens(words)], tokens(answer)
    Counted.compared = 0
    found = list(places(row, said))
    assert len(found) == len(set(found)) <= len(said) and 0 < Counted.compared <= 3 * (len(row) + len(said))


@pytest.mark.parametrize("words", ["a b a", "a a", "a a b", "b a b a", "a", "a b a b a"])
def test_a_row_is_found_wherever_it_stands(words: str) -> None:
    answer = "a b a b a a b b a b a b a a a b c a b a"
    row, said = words.split(), tokens(answer)
    starts = [n for n in range(len(said)) if [token.word for token in said[n : n + len(row)]] == row]
    assert list(places(row, said)) == sorted({said[n + k].start for n in starts for k in range(len(row))})


def test_who_quotes_all_of_it_points_at_its_beginning() -> None:
    answer = " ".join(f"This is sentence number {n * 'x'}ten." for n in range(9))
    assert len(pointed_at(f"“{answer}”", answer)) == MOST_SENTENCES


def test_a_list_stays_with_what_stands_above_it() -> None:
    answer = "None of these holds:\n- it trains faster\n- it needs less care\n\nThat is all."
    assert [answer[slice(*span)] for span in sentences(answer)] == [answer[: answer.index("\n\n")], "That is all."]


def test_the_rest_is_the_answer_without_what_is_pointed_at() -> None:
    assert without("One thing. Another thing. A third.", ["Another thing."]).split() == "One thing. A third.".split()


@pytest.mark.parametrize("answer", ["a " * 30_000, "." * 60_000 + "x", " " * 60_000 + "x", "“" * 60_000, "\n" * 60_000])
def test_nothing_is_too_long_for_it(answer: str) -> None:
    for objection in (f"“{'a ' * 300}”" * 9, answer):
        assert len(pointed_at(objection, answer)) <= MOST_SENTENCES
