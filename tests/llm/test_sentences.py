"""Words that come in pieces are cut into the same sentences, however these fall, and none waits for what follows."""

from __future__ import annotations

import time

import pytest

from bot.llm.sentences import LONGEST, MOST_TAKEN, Sentences

CASES = [
    ("Thank you. Let us go on.", ["Thank you.", "Let us go on."], ""),
    ("Let us, i.e. you and me, go on. Now!", ["Let us, i.e. you and me, go on.", "Now!"], ""),
    ("A rate of 0.5 e.g. is one. Next.", ["A rate of 0.5 e.g. is one.", "Next."], ""),
    ('You said "it is off. Really off." Let us see.', ['You said "it is off. Really off."', "Let us see."], ""),
    ("You said “it is. So”. Go on", ["You said “it is. So”.", "Go on"], ""),
    ("We use `a.b. c` here. Next!", ["We use `a.b. c` here.", "Next!"], ""),
    ("Thank you.\nQ: What is it, e.g. at 0.5?", ["Thank you."], "What is it, e.g. at 0.5?"),
    ("Q: Why?", [], "Why?"),
    ("Thank you.\r\n\r\n**Q:** Why is\nthat so?", ["Thank you."], "Why is that so?"),
    ("No end\nQ: Why?", ["No end"], "Why?"),
    ("Quite. Q stands for it.", ["Quite.", "Q stands for it."], ""),
    ("", [], ""),
    ("  \n \n", [], ""),
]


def cut(text: str, size: int) -> tuple[list[str], str]:
    sentences = Sentences()
    found = [one for at in range(0, len(text), size) for one in sentences.add(text[at : at + size])]
    return [*found, *sentences.end()], sentences.wording


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(("text", "said", "put"), CASES)
def test_the_same_sentences_however_the_pieces_fall(text: str, said: list[str], put: str, size: int) -> None:
    assert cut(text, size) == (said, put)


@pytest.mark.parametrize(
    "text", ["Thank you.", "Shall we?", "Now!", 'You said "it is off."', "Thank you for (all of) that."]
)
def test_a_sentence_is_there_with_its_last_sign(text: str) -> None:
    assert Sentences().add(text) == [text]


@pytest.mark.parametrize(
    "text", ["A rate of 0.", "That is e.g.", "You said “it is off.", "See nn.", "Q: Why?", "See fig."]
)
def test_what_may_go_on_is_waited_for(text: str) -> None:
    assert Sentences().add(text) == []


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_what_is_left_of_an_ellipsis_is_no_sentence(size: int) -> None:
    said, put = cut("Well... Let us see.", size)
    assert [one.rstrip(".") for one in said] == ["Well", "Let us see"] and put == ""


def test_what_has_no_end_is_told_of_and_not_kept_for_ever() -> None:
    for text, more in [("word " * 100, False), ("word " * 300, True), ("Q: " + "word. " * 300, True)]:
        sentences = Sentences()
        sentences.add(text)
        assert sentences.overflows is more


@pytest.mark.parametrize(
    "text", ["word " * 200_000, "Well now. " * 100_000, "Q: " + "word " * 200_000, "." * 1_000_000]
)
def test_of_a_million_characters_in_one_piece_no_more_is_kept_than_anybody_says(text: str) -> None:
    sentences = Sentences()
    said = sentences.add(text)
    assert sentences.overflows and sentences.add("Thank you. ") == []
    assert sum(map(len, [*said, *sentences.end(), sentences.wording])) <= MOST_TAKEN


@pytest.mark.parametrize("text", ["word " * 40, "Thank you. "])
def test_what_is_too_much_in_small_pieces_is_too_much_as_well(text: str) -> None:
    sentences = Sentences()
    for _ in range(2 * MOST_TAKEN // len(text)):
        sentences.add(text)
    assert sentences.overflows


@pytest.mark.parametrize("size", [1, 7, 100, 5_000])
def test_three_long_sentences_and_what_is_put_are_not_too_much(size: int) -> None:
    words = "word " * (LONGEST // 6)
    text = f"{words}so. " * 3 + f"\nQ: {words}so?"
    sentences = Sentences()
    said = [one for at in range(0, len(text), size) for one in sentences.add(text[at : at + size])]
    assert len(said) == 3 and sentences.wording == f"{words}so?" and not sentences.overflows


@pytest.mark.parametrize("tail", [" e.g. b", "." * 30 + " b", " b"])
def test_a_long_word_costs_no_more_than_its_length(tail: str) -> None:
    """Processor time of a piece against that of one ten times shorter; looking back from each letter makes it 100."""

    def spent(length: int) -> float:
        began = time.process_time()
        for _ in range(5):
            Sentences().add("x" * length + tail)
        return time.process_time() - began

    assert min(spent(20_000) for _ in range(3)) < 30 * min(spent(2_000) for _ in range(3))
