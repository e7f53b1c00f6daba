"""What an objection points at: whole sentences of the answer, as they stand, and never a half of one."""

from __future__ import annotations

import pytest

from bot.core.pointing import MOST_SENTENCES, pointed_at, sentences, without

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
