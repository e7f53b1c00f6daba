"""Claims: all that are planted are found, none is invented, and each is a quotation."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.events import Claim
from bot.knowledge.corpus import corpus_folder
from bot.lab.syntax.facts import facts
from bot.offline.claim_numbers import number, plain
from bot.offline.claim_sentences import LONGEST_WORDS
from bot.offline.claims import claims_in, claims_of_program

HERE = Path(__file__).parent / "claims"
PROGRAMS = Path(__file__).parents[1] / "lab" / "syntax" / "programs"


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def apart(first: str, second: str) -> list[str]:
    """The subjects on which two answers contradict each other, as core/recall.py sees it."""
    later = claims_in(second)
    mended = {claim.subject for claim in later if claim.corrects}
    earlier = [claim for claim in claims_in(first) if claim.subject not in mended]
    return [
        old.subject
        for old in earlier
        for new in later
        if (old.subject, old.about) == (new.subject, new.about) and old.value != new.value
    ]


def values(text: str) -> dict[str, str]:
    return {claim.subject: claim.value for claim in claims_in(text)}


@pytest.mark.parametrize("pair", lines("contradictions.jsonl"), ids=lambda pair: pair["second"][:50])
def test_a_planted_contradiction_is_found(pair: dict[str, str]) -> None:
    assert apart(pair["first"], pair["second"]) == pair["subject"].split()


@pytest.mark.parametrize("pair", lines("none.jsonl"), ids=lambda pair: f"{pair['why']}: {pair['texts'][1][:50]}")
def test_no_contradiction_is_invented(pair: dict[str, Any]) -> None:
    first, second = pair["texts"]
    assert apart(first, second) == []
    assert apart(second, first) == [] or pair["why"] in ("change", "corrected")


def statements() -> Iterator[str]:
    """Every statement of the bank, true and false, in the order of the files."""
    for path in sorted((corpus_folder() / "questions").glob("*.statements.toml")):
        yield from _texts(tomllib.loads(path.read_text(encoding="utf-8")))


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    else:
        for item in data.values() if isinstance(data, dict) else data:
            yield from _texts(item)


def test_the_statements_of_the_bank_claim_next_to_nothing_and_never_two_things_at_once() -> None:
    found = [(text, claims_in(text)) for text in statements()]
    assert len(found) > 5_000
    assert sum(bool(claims) for _, claims in found) < len(found) / 200
    for text, claims in found:
        assert len({claim.subject for claim in claims}) == len(claims), text
        assert all(claim.words in text for claim in claims), text
    assert [pair for pair in pairwise(found) if _differ(*pair)] == []


def _differ(first: tuple[str, tuple[Claim, ...]], second: tuple[str, tuple[Claim, ...]]) -> bool:
    """Whether two consecutive statements, of which one is a false one of a choice, claim different choices."""
    return bool(first[1] and second[1]) and bool(set(apart(first[0], second[0])) & STANCES)


STANCES = {"batch-size-matters", "normalisation-needed", "initialisation-matters", "layers", "hidden-layers"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I used ReLU in my network.", {"activation": "relu"}),
        ("our network has three layers", {"layers": "3"}),
        ("we trained with a batch size of 64", {"batch-size": "64"}),
        ("my learning rate was 0.01", {"learning-rate": "0.01"}),
        ("I fine-tuned a pretrained ResNet", {"pretrained": "yes"}),
        ("our metric was F1", {"metric": "f1"}),
        ("we had 10,000 images", {"data-amount": "10000"}),
        ("batch size does not matter", {"batch-size-matters": "does-not-matter"}),
        ("the batch size matters a lot", {"batch-size-matters": "matters"}),
        ("you don't need to normalise the inputs", {"normalisation-needed": "not-needed"}),
        ("initialisation makes no difference", {"initialisation-matters": "does-not-matter"}),
        ("first I tried sigmoid, then switched to ReLU", {"activation": "relu"}),
        ("I used ReLU in the hidden layers and softmax at the output", {"activation": "relu"}),
        ("I used ReLU instead of sigmoid, because sigmoid saturates", {"activation": "relu"}),
        ("I used SGD, a batch size of 32 and dropout", {"optimiser": "sgd", "batch-size": "32", "dropout": "yes"}),
        ("I did not use dropout", {"dropout": "no"}),
        ("I’ve used Adam – nothing else", {"optimiser": "adam"}),
        ("I tried 32 and 64", {}),
        ("I never said that", {}),
        ("", {}),
        ("???", {}),
    ],
)
def test_what_a_text_claims(text: str, found: dict[str, str]) -> None:
    assert values(text) == found


def test_a_correction_says_so_and_takes_the_place_of_what_it_corrects() -> None:
    (claim,) = claims_in("I used a batch size of 32. Sorry, 64.")
    assert (claim.subject, claim.value, claim.corrects) == ("batch-size", "64", True)
    assert claim.words == "Sorry, 64."
    (claim,) = claims_in("I misspoke. My hidden layers use sigmoid.")
    assert (claim.value, claim.corrects, claim.words) == ("sigmoid", True, "My hidden layers use sigmoid.")


def test_what_is_said_twice_in_one_answer_with_different_values_is_no_claim() -> None:
    assert claims_in("I used Adam. My batch size was 64. I used SGD.") == claims_in("My batch size was 64.")


def test_what_is_said_of_a_named_network_is_about_that_one() -> None:
    about = {claim.value: claim.about for claim in claims_in("In my CNN I used ReLU. My LSTM uses tanh.")}
    assert about == {"relu": "cnn", "tanh": "lstm"}


def test_the_words_are_a_piece_of_a_long_sentence_that_holds_the_claim() -> None:
    text = (
        "The task was to tell birds from planes on photographs of a camera at the fence of an airport, which is hard "
        "in the evening, and so I used ReLU in the hidden layers, and the evening remained hard for all the "
        "reasons that anybody who ever looked at the sky at dusk knows"
    )
    claims = claims_in(text)
    assert [claim.value for claim in claims] == ["relu"]
    assert "I used ReLU" in claims[0].words
    assert claims[0].words in text and len(claims[0].words) <= LONGEST_WORDS


PIECES = st.sampled_from(
    "I we my our used use ReLU sigmoid Adam SGD with a batch size of 64 32 not no dropout layers three hidden , . ? ; "
    "because the network was learning rate 0.01 switched to sorry meant 10k images had metric F1 matters does not "
    "matter if would".split()
)


@given(st.lists(PIECES, max_size=40))
def test_whatever_is_said_claims_are_quotations_and_agree(words: list[str]) -> None:
    text = " ".join(words)
    claims = claims_in(text)
    assert len({(claim.subject, claim.about) for claim in claims}) == len(claims)
    assert all(claim.words in text and 0 < len(claim.words) <= LONGEST_WORDS for claim in claims)


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    assert all(claim.words in text for claim in claims_in(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("64", "64"),
        ("sixty-four", "64"),
        ("one hundred and twenty-eight", "128"),
        ("10k", "10000"),
        ("10,000", "10000"),
        ("ten thousand", "10000"),
        ("1.2 million", "1200000"),
        ("1e-3", "0.001"),
        (".001", "0.001"),
        ("0,001", "0.001"),
        ("10^-3", "0.001"),
        ("3 x 10^-4", "0.0003"),
    ],
)
def test_numbers_in_all_spellings(text: str, value: str) -> None:
    found = number(text)
    assert found is not None and plain(found) == value


@pytest.mark.parametrize("text", ["one and two", "twenty thirty", "six hundred many", "", "five five"])
def test_what_is_no_single_number(text: str) -> None:
    assert number(text) is None


def program(name: str) -> tuple[dict[str, str], dict[str, str], str]:
    source = (PROGRAMS / f"{name}.py.txt").read_text(encoding="utf-8")
    claims = claims_of_program(facts(source), source)
    return {c.subject: c.value for c in claims}, {c.subject: c.words for c in claims}, source


def test_a_program_claims_what_its_lines_show() -> None:
    said, words, _ = program("sequential")
    assert said == {
        "optimiser": "adam",
        "learning-rate": "0.001",
        "batch-size": "64",
        "activation": "relu",
        "hidden-layers": "2",
    }
    assert words["optimiser"] == "optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)"
    assert words["activation"] == "nn.Linear(28 * 28, 256), nn.ReLU(),"
    assert words["hidden-layers"].count("Linear") == 3


@pytest.mark.parametrize(
    ("name", "absent"),
    [
        ("module", "activation"),  # ReLU and GELU
        ("convolutional", "hidden-layers"),
        ("convolutional", "learning-rate"),  # from the command line
        ("permutation", "learning-rate"),  # not stated
        ("raw", "optimiser"),  # written by hand
        ("own_optimiser", "optimiser"),
        ("words_only", "optimiser"),
    ],
)
def test_a_program_claims_nothing_that_is_not_to_be_seen_in_it(name: str, absent: str) -> None:
    assert absent not in program(name)[0]


@pytest.mark.parametrize("name", [path.name.removesuffix(".py.txt") for path in PROGRAMS.glob("*.py.txt")])
def test_the_words_of_a_program_are_its_lines(name: str) -> None:
    _, words, source = program(name)
    stripped = "\n".join(line.strip() for line in source.splitlines())
    assert all(quoted in stripped and len(quoted) <= LONGEST_WORDS for quoted in words.values())


def test_a_program_that_contradicts_what_was_said_is_a_contradiction() -> None:
    said, _, _ = program("softmax_bug")
    assert values("I used ReLU in the hidden layers and trained with SGD.") == {
        "activation": "relu",
        "optimiser": "sgd",
    }
    assert said["activation"] == "sigmoid" and said["optimiser"] == "sgd"
