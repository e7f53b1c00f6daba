"""Every numbered question of the four articles is asked, and where an article errs a question puts it right.

It checks that the words of a correction are there. Whether they are true, the tests of facts and the reviews decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.core.flow import Flow
from bot.core.plan import admits, needs_program
from bot.knowledge.corpus import Corpus, read_corpus

Bank = Mapping[str, Mapping[str, Any]]

#: All that the articles ask: 76 numbers, and three headings that stand as questions.
NUMBERS = (
    *(f"S0-{n}" for n in range(1, 16)),
    *(f"S1-{n}" for n in range(1, 30)),
    *(f"S2-{n}" for n in range(1, 22)),
    *(f"S3-{n}" for n in ("B1", "B2", "B3", "I1", "I2", "A1", "A2", "A3", "A4", "A5", "A6", "H1", "H2", "H3")),
)
#: Where an article is wrong, outdated, broken, misleading, incomplete or lost, and what its correction must speak of:
#: each expression is found in an erratum of a question with that number.
FAULTS: Mapping[str, tuple[str, ...]] = {
    "S0-1": ("feature engineering", "simpler"),
    "S0-2": ("high-dimensional", "no winner", "a part of"),
    "S0-3": ("various transformations", "one weighted sum"),
    "S0-4": ("hyperplane", "XOR"),
    "S0-6": ("never closed", "compiled", "cut off", "test images", "imports", "softmax", "saturate", "advice"),
    "S0-7": ("itself a stochastic", "bias correction", "first moment", "does not show an Adam line"),
    "S0-8": ("measures error", "one sample"),
    "S0-9": ("weights and biases", "learning rate", "gradient of the loss"),
    "S0-11": ("hardware", "variance", "flat minima", "saddle"),
    "S0-12": ("different kinds", "algorithm"),
    "S0-14": ("Pooling has no parameters", "global average pooling", "strided"),
    "S0-15": ("not an algorithm", "contrastive divergence", "undirected", "energy", "largely replaced"),
    "S1-2": ("loose inspiration", "list of the layers is missing"),
    "S1-3": ("hidden layers are the very difference", "any differentiable loss", "usually linear"),
    "S1-4": ("databases", "zero mean and unit variance"),
    "S1-5": ("restricted", "undirected", "any two units", "simplified"),
    "S1-6": ("non-linear", "softmax"),
    "S1-8": ("not convex", "optimisation algorithm"),
    "S1-9": ("chain rule", "optimiser"),
    "S1-10": ("both directions", "bidirectional", "plainer example"),
    "S1-11": ("transformers now dominate",),
    "S1-12": ("exponential", "GELU"),
    "S1-14": ("too chaotic", "still be usable", "steps that are too large"),
    "S1-15": ("doubles", "one half", "20 per cent", "during training only", "scale and shift", "running statistics"),
    "S1-16": ("faster progress early on", "noisy", "decaying rate"),
    "S1-17": ("too simple", "only detect", "early stopping", "less regularisation"),
    "S1-18": ("Xavier or He initialisation", "do not make a network linear", "output bias"),
    "S1-19": ("list of the layers is lost",),
    "S1-20": ("no matrix of filter weights", "maximum or the mean"),
    "S1-21": ("list of them is missing",),
    "S1-22": ("multiplies one factor per layer or time step", "residual", "clipping"),
    "S1-23": ("high-level API", "several backends", r"C\+\+", "no general ranking"),
    "S1-24": ("any rank", "rank 0"),
    "S1-25": ("Placeholders and sessions belong to TensorFlow 1", "Python 2", "full stop", "capitals"),
    "S1-26": ("eagerly", r"tf\.function", "while the program runs"),
    "S1-27": ("the aim is a generator", "one half", "nothing in the idea requires"),
    "S1-28": ("any number", "noise or sparsity"),
    "S1-29": ("with replacement", "no part of bagging", "residuals", "lower bias", "lower the variance"),
    "S2-1": ("sigmoid", "trained differently", "multilayer perceptron"),
    "S2-2": ("does not really give its answer", "bias vector", "weaker", "starting values"),
    "S2-3": ("affine", "output is linear", "squared error"),
    "S2-4": ("overstated", "unit per layer", "unequal biases or dropout"),
    "S2-5": ("self-supervised", "GANs", "contrastive"),
    "S2-7": ("formulas are lost", "biases"),
    "S2-9": ("before the activation", "gamma and beta", "disputed"),
    "S2-10": ("Leaky ReLU", "GELU", "SiLU", "table of ranges is lost"),
    "S2-11": ("overlap", "same filter weights", "locality", "equivariance", "cross-correlation"),
    "S2-12": ("weight of its own", "fixed size", "shares nothing", "transformers"),
    "S2-13": ("stride 1 and dilation 1", r"5 - 7 \+ 1 = -1", "5 x 5", "rounded down", "filter of 2 x 2"),
    "S2-14": ("the one before", r"n - f \+ 1", r"\(f - 1\)/2"),
    "S2-15": ("not the cause", "factors", "feed-forward networks do as well", "remed"),
    "S2-16": ("dated", "fine-tuning", "feature extraction", "LoRA"),
    "S2-17": ("unrolled", "summed", "same weights"),
    "S2-18": ("cell state", "multiplies", "additive", "clipping"),
    "S2-19": ("reset gate", "no separate cell state"),
    "S2-20": ("depend on each other", "long paths", "square of the length", "positions"),
    "S3-H1": ("convention", "more than one hidden layer"),
    "S3-H2": ("no condition", "never take effect", "wrong loop", "stop words", "not good", "article says itself"),
    "S3-H3": ("autoencoder", "independent", "transformer"),
    "S3-B1": ("parameters", "whole network", "need not be a probability"),
    "S3-B2": ("overstated", "little data", "tabular", "explain a decision", "latency"),
    "S3-B3": ("k-means", "PCA", "depends on the data and the task"),
    "S3-I1": ("TensorFlow 1", "immutable", "rank, data type and device"),
    "S3-I2": ("Hopfield", "one step per input", "no clear meaning"),
    "S3-A2": ("contiguous", "row-major", "strides", "views"),
    "S3-A3": ("take raw pixel arrays", "need not shrink", "flattening", "36 megabytes", "288 megabits"),
    "S3-A4": ("denominator", "numerator", "SDG", "bias correction", "AdaGrad"),
    "S3-A5": ("log-odds", "reference level", "odds ratio", "second paragraph is right"),
    "S3-A6": ("all input channels", "compresses", "label"),
}
#: What the articles get right, or right enough to need no correction.
SOUND = {"S0-5", "S0-10", "S0-13", "S1-1", "S1-7", "S1-13", "S2-6", "S2-8", "S2-21", "S3-A1"}
#: Where one article says what comes next: from a question of the first number to one of the others.
EDGES = {
    "S2-4": {"vanishing-gradients", "exploding-gradients"},
    "S2-15": {"bptt", "lstm-vanishing", "how-lstm-works", "feedforward-vs-recurrent"},
    "S2-16": {"project-architecture", "project-tools", "project-pitch"},
}


@pytest.fixture(scope="module")
def corpus(root: Path) -> Corpus:
    return read_corpus(root / "corpus")


def carrying(bank: Bank, number: str) -> list[str]:
    """The questions with that number, in the order of the files."""
    return [name for name, question in bank.items() if number in question.get("sources", [])]


def errata(bank: Bank, number: str) -> str:
    """What the questions with that number say about the articles, on one line."""
    texts = [bank[name].get("erratum", "") for name in carrying(bank, number)]
    return " ".join(" ".join(texts).split())


def test_there_are_76_numbers_and_three_headings() -> None:
    headings = [number for number in NUMBERS if number.startswith("S3-H")]
    assert (len(NUMBERS) - len(headings), len(headings), len(set(NUMBERS))) == (76, 3, 79)


def test_every_number_is_asked_and_no_source_is_unknown(bank: Bank) -> None:
    named = {number for question in bank.values() for number in question.get("sources", [])}
    assert (set(NUMBERS) - named, named - set(NUMBERS)) == (set(), set())


def test_every_number_is_either_sound_or_at_fault() -> None:
    assert set(FAULTS) | SOUND == set(NUMBERS)
    assert set(FAULTS) & SOUND == set()


@pytest.mark.parametrize("number", FAULTS)
def test_what_is_wrong_in_an_article_is_put_right(bank: Bank, number: str) -> None:
    told = errata(bank, number)
    assert [words for words in FAULTS[number] if not re.search(words, told, re.IGNORECASE)] == [], told


def test_an_erratum_is_about_an_article_and_comes_with_what_people_believe(bank: Bank) -> None:
    odd = [
        name
        for name, question in bank.items()
        if question.get("erratum")
        and not (question.get("sources") and "article" in question["erratum"] and question.get("misconceptions"))
    ]
    assert odd == []


def test_each_number_has_a_wording_under_which_it_is_found(bank: Bank) -> None:
    """A question of several numbers is asked in at least as many other ways."""
    few = {
        name: question["sources"]
        for name, question in bank.items()
        if question.get("sources") and len(question.get("asked_as", [])) < len(question["sources"])
    }
    assert few == {}


@pytest.mark.parametrize("number", EDGES)
def test_the_named_follow_ups_lead_on(bank: Bank, number: str) -> None:
    leads = {name: set(bank[name].get("leads_to", [])) for name in carrying(bank, number)}
    assert {name for name, following in leads.items() if not following & EDGES[number]} == set()


@pytest.mark.parametrize("number", ["S2-4", "S2-15"])
def test_the_named_follow_ups_can_be_taken_within_a_stage(corpus: Corpus, number: str) -> None:
    """One is led on to a question of the same level only, which the stage that is on may ask."""
    ways = [
        (flow.id, question.id, following)
        for flow in corpus.flows()
        for stage in flow.stages
        for question in corpus.questions()
        if number in question.sources and admits(stage, question, flow.setting)
        for following in EDGES[number] & set(question.leads_to)
        if admits(stage, corpus.question(following), flow.setting)
        and corpus.question(following).level == question.level
    ]
    assert {name for _, name, _ in ways} == {q.id for q in corpus.questions() if number in q.sources}


def test_every_question_is_asked_in_some_interview(corpus: Corpus) -> None:
    flows: Sequence[Flow] = corpus.flows()
    steps = {step.question for flow in flows for step in flow.steps}
    instead = {
        other for flow in flows for step in flow.steps for swap in step.instead.values() for other in swap.values()
    }
    drawn = {
        question.id
        for question in corpus.questions()
        for flow in flows
        if any(admits(stage, question, flow.setting) for stage in flow.stages)
    }
    asked_of_programs = {question.id for question in corpus.questions() if needs_program(question) or question.task}
    assert {question.id for question in corpus.questions()} - steps - instead - drawn - asked_of_programs == set()


def test_the_bank_is_as_large_as_promised(bank: Bank) -> None:
    advanced = [name for name, question in bank.items() if question["level"] == "advanced"]
    assert len(bank) >= 120
    assert len(advanced) >= 45


def test_every_question_says_why_it_is_asked_and_what_to_read(bank: Bank) -> None:
    assert [name for name, q in bank.items() if not (q.get("aim") and q.get("further"))] == []
