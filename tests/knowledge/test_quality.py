"""Labelled queries, the figures made of what is found, and their table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import WrongUsage
from bot.knowledge.quality import (
    Figures,
    Found,
    Query,
    by_kind,
    by_vectors_alone,
    by_words_alone,
    data,
    figures,
    judged,
    read_queries,
    table,
)
from bot.knowledge.units import Unit
from tests.knowledge.doubles import WordEmbedder

QUERIES = [Query("1", "a", frozenset({"cost"}), "terse"), Query("2", "b", frozenset({"adam", "sgd"}), "full")]


async def found(hits: dict[str, Sequence[str | None]]) -> Found:
    async def ranking(query: str) -> Sequence[str | None]:
        return hits[query]

    return await judged(ranking, QUERIES)


async def test_the_best_place_of_a_right_question_counts() -> None:
    assert (await found({"a": ["cost"], "b": [None, "sgd", "adam"]})).places == (1, 2)
    assert (await found({"a": [], "b": [None] * 5 + ["sgd"]})).places == (0, 0)


def test_figures() -> None:
    assert figures([1, 2, 0, 1]) == Figures(4, 0.5, 0.75, 2.5 / 4)


async def test_a_table_of_all_and_of_each_kind() -> None:
    results = {"Viva": await found({"a": ["cost"], "b": ["x", "sgd"]})}
    assert by_kind(results["Viva"], QUERIES) == {"terse": Figures(1, 1, 1, 1), "full": Figures(1, 0, 1, 0.5)}
    assert list(table(results, QUERIES))[2:] == [
        "| **Viva** | all | 2 | 0.500 | 1.000 | 0.750 |",
        "| Viva | terse | 1 | 1.000 | 1.000 | 1.000 |",
        "| Viva | full | 1 | 0.000 | 1.000 | 0.500 |",
    ]
    told = json.loads(json.dumps(data(results, QUERIES)))["Viva"]
    assert (told["n"], told["r_at_1"], told["mrr_at_5"], told["places"]) == (2, 0.5, 0.75, {"1": 1, "2": 2})


UNITS = [
    Unit("question:cost", "question", "Cost", "How wrong a model is.", question="cost"),
    Unit("question:adam", "question", "Adam", "Two running averages.", question="adam"),
    Unit("note:cost", "note", "Cost", "A cost.", names=("Cost",)),
]


async def test_the_searches_beside_know_neither_terms_nor_spelling() -> None:
    words, vectors = by_words_alone(UNITS), by_vectors_alone(UNITS, WordEmbedder())
    assert (await words("running averages"))[0] == "adam" == (await vectors("two running averages"))[0]
    assert await words("averges") == []
    assert set(await vectors("cost")) == {"cost", "adam", None}


def write(folder: Path, *lines: str) -> Path:
    (folder / "queries.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder / "queries.jsonl"


def test_labelled_queries_are_read(tmp_path: Path) -> None:
    one = '{"id": 1, "query": "q", "question": "cost", "kind": "terse", "also": ["adam"]}'
    two = '{"id": "2", "query": "r", "question": "cost", "kind": "full", "also": "sgd"}'
    assert read_queries(write(tmp_path, one, "", two)) == [
        Query("1", "q", frozenset({"cost", "adam"}), "terse"),
        Query("2", "r", frozenset({"cost", "sgd"}), "full"),
    ]


@pytest.mark.parametrize("line", ["x", "[]", "3", '{"id": "1"}', '{"id": 1, "query": "q", "question": [], "kind": ""}'])
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(WrongUsage, match=r"queries\.jsonl:2 is no labelled query"):
        read_queries(write(tmp_path, '{"id": "1", "query": "q", "question": "cost", "kind": "terse"}', line))


def test_a_file_without_queries_or_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="holds no queries"):
        read_queries(write(tmp_path))
    with pytest.raises(WrongUsage, match="cannot be read"):
        read_queries(tmp_path / "nothing.jsonl")
