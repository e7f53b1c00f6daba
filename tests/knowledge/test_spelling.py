"""Misspelt words are mended towards the words of the corpus, and no others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.spelling import MOST_WORDS, Speller, distance

CORPUS = [
    "Gradient descent, batch normalisation and an autoencoder: the gradient, the gradient!",
    "Back-propagation; word.",
]
EVERYDAY = {"decent", "the", "auto", "encoder", "super", "gradual"}


@pytest.fixture
def speller() -> Speller:
    return Speller(CORPUS, EVERYDAY.__contains__)


@pytest.mark.parametrize(
    ("query", "mended"),
    [
        ("gradeint descnt", "gradient descent"),
        ("Gradiant?", "gradient?"),
        ("batch normalizaton", "batch normalisation"),
        ("wrod", "word"),
        ("auto encodr", "auto encoder (autoencoder)"),
        ("auto encoder", "auto encoder (autoencoder)"),
        ("decent", "decent"),
        ("gradients", "gradients"),
        ("xyzzy flurbostat", "xyzzy flurbostat"),
        ("word's gradual", "word's gradual"),
        ("", ""),
    ],
)
def test_errors_are_mended_and_other_words_left_alone(query: str, mended: str) -> None:
    speller = Speller([*CORPUS, "encoder"], EVERYDAY.__contains__)
    assert speller.repaired(query) == mended


def test_short_words_are_mended_only_when_their_letters_are_all_there(speller: Speller) -> None:
    assert speller.repaired("wrd wordy worl wodr") == "wrd word worl word"


def test_no_more_than_the_first_words_are_looked_at(speller: Speller) -> None:
    long = "gradeint " * (MOST_WORDS + 1)
    assert speller.repaired(long).split().count("gradeint") == 1
    assert speller.repaired("x" * 100_000) == "x" * 100_000


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("form", "from", 1),
        ("loss", "losss", 1),
        ("loss", "los", 1),
        ("loss", "lost", 1),
        ("a", "a", 0),
        ("ab", "cd", 2),
    ],
)
def test_errors_are_counted(one: str, other: str, errors: int) -> None:
    assert distance(one, other, 2) == errors == distance(other, one, 2)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_what_is_too_far_is_only_called_so(one: str, other: str) -> None:
    exact = distance(one, other, 99)
    assert abs(len(one) - len(other)) <= exact <= max(len(one), len(other))
    assert (distance(one, other, 1) > 1) == (exact > 1)


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    assert Speller(CORPUS, lambda word: False).repaired(text) is not None
