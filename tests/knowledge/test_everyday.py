"""Everyday words bring the terms that they stand for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.everyday import SAYINGS, _patterns, in_terms


@pytest.mark.parametrize(
    ("query", "term"),
    [
        ("why do the slopes die out", "vanishing gradients"),
        ("Slope of the hill", "gradient"),
        ("it switches off random neurons", "dropout"),
        ("what makes it blow up", "exploding gradients"),
        ("memorising the examples", "overfitting"),
        ("two networks that are trained against each other", "generative adversarial network"),
        ("rebuilding what went in", "autoencoder"),
    ],
)
def test_a_term_is_added_for_its_everyday_words(query: str, term: str) -> None:
    said = in_terms(query)
    assert said.startswith(query + " (") and term in said.removeprefix(query)


@pytest.mark.parametrize("query", ["", "softmax", "dropout by switching off neurons", "what is a gateau"])
def test_nothing_is_added_where_nothing_is_missing(query: str) -> None:
    assert "dropout" not in in_terms(query).removeprefix(query)
    assert in_terms("softmax") == "softmax"


def test_every_entry_of_the_table_is_read_and_none_comes_twice() -> None:
    terms = [term for term, _ in _patterns()]
    assert len(terms) == len(set(terms)) == len(re.findall(r"^\S.*?: ", SAYINGS, re.MULTILINE)) > 100


def test_every_saying_finds_its_term() -> None:
    for entry in SAYINGS.replace("\n    ", " ").strip().splitlines():
        term, sayings = entry.split(": ", 1)
        pattern = dict(_patterns())[term]
        for saying in sayings.split(", "):
            assert pattern.search(f"so {saying.replace('*', '').replace('…', 'one or two')} then"), (term, saying)


@given(st.text(max_size=300))
def test_the_query_stays_as_it_is(text: str) -> None:
    assert in_terms(text).startswith(text)
