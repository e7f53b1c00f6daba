"""What is made of words: abbreviations, keywords, terms."""

from __future__ import annotations

import pytest

from bot.knowledge.abbreviations import expand
from bot.knowledge.keywords import MOST_WORDS, Keywords, wanted
from bot.knowledge.terms import akin, forms
from bot.knowledge.units import Unit


@pytest.mark.parametrize(
    ("query", "expanded"),
    [
        ("what is an RBM", "what is an RBM (restricted Boltzmann machine)"),
        (
            "BGD, SGD",
            "BGD, SGD (batch gradient descent, stochastic gradient descent)",
        ),
        ("cnns for images", "cnns for images (convolutional neural network)"),
        ("the learning rate (LR)", "the learning rate (LR)"),
        ("is it a random cell", "is it a random cell"),
        ("w2v and int8", "w2v and int8 (word2vec word embeddings, quantisation to eight-bit integers)"),
        ("mAP", "mAP (mean average precision)"),
        ("a feature map", "a feature map"),
    ],
)
def test_abbreviations_are_written_out_behind_the_query(query: str, expanded: str) -> None:
    assert expand(query) == expanded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Learning rates", "learning rate"),
        ("mini batches", "Mini-Batch"),
        ("the word 'optimizer'", "optimiser"),
        ("back propagation", "Backpropagation"),
        ("LR", "learning rate"),
        ("what you mean by stride", "Stride"),
        ("ReLU", "relu"),
    ],
)
def test_the_same_term_in_other_dress(one: str, other: str) -> None:
    assert set(forms(one)) & set(forms(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("weight", "weight decay"), ("batch", "batch normalisation"), ("loss", "lossless"), ("bias", "bi")],
)
def test_another_term(one: str, other: str) -> None:
    assert not set(forms(one)) & set(forms(other))


def test_no_term_has_no_form() -> None:
    assert [list(forms(nothing)) for nothing in ("", "???", "it", "what is that", "🎉")] == [[]] * 5


def test_akin_terms_share_the_beginning_of_a_word() -> None:
    assert akin("overfit", ["Overfitting"])
    assert akin("zero padding", ["Padding"])
    assert not akin("python", ["PyTorch"])
    assert not akin("it", ["iteration"])


UNITS = [
    Unit("a", "note", "Pooling", "Takes the largest of a few neighbours.", words="max pooling"),
    Unit("b", "note", "Stride", "How far a window moves; pooling has one, too."),
    Unit("c", "note", "Seltsames \ud800", "Nul \0 and ☃."),
]


def test_a_word_counts_most_in_the_title() -> None:
    found = Keywords(UNITS).search("what is pooling?", 5)
    assert list(found) == ["a", "b"]
    assert 1.0 > found["a"] > found["b"] > 0.0


def test_inflected_words_are_found() -> None:
    assert list(Keywords(UNITS).search("moving windows", 5)) == ["b"]


@pytest.mark.parametrize(
    "query", ["", '"', "NEAR(", "OR OR (", "title:", "*", "\0", "\ud800", "zzzz", "-", "x" * 100_000]
)
def test_no_query_breaks_it(query: str) -> None:
    assert Keywords(UNITS).search(query, 5) == {}


def test_a_word_is_known_in_any_form_of_it() -> None:
    keywords = Keywords(UNITS)
    assert keywords.knows("move") and keywords.knows("neighbour") and not keywords.knows("zebra")


def test_what_right_answers_say_counts_least() -> None:
    units = [Unit("said", "question", "A", "B", said=("a stride",)), Unit("text", "question", "A", "a stride")]
    found = Keywords(units).search("stride", 2)
    assert found["text"] > found["said"] > 0.0


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others() -> None:
    assert wanted("What is the stride?") == ["stride"]
    assert wanted("what is it") == ["what", "is", "it"]
    assert len(wanted(" ".join(f"w{n}" for n in range(500)))) == MOST_WORDS
