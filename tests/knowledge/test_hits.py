"""The JSON lines of `viva search --queries`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

from bot.core.question import Work
from bot.knowledge.hits import hit, search_lines
from bot.ports import Passage


class Searcher:
    """Finds what it was asked for."""

    async def search(self, query: str, k: int = 5) -> Sequence[Passage]:
        found = Passage("question:a", query, "Text.", ("S0-7", "S3-A4"), "a", 0.51239)
        note = Passage("note:b", "Note", "More.", (), None, 0.2)
        return [found, note][:k]


def test_what_no_article_asks_rests_on_works() -> None:
    book = Passage("question:b", "B", "Text.", (), "b", 0.5, (Work("A book, ch. 3", "https://example.org"),))
    assert hit(book)["sources"] == ["A book, ch. 3"]


async def answers(lines: list[str], k: int = 5) -> list[dict[str, object]]:
    return [json.loads(line) async for line in search_lines(lines, partial(Searcher().search, k=k))]


async def test_each_query_gets_its_hits_in_order() -> None:
    assert await answers(['{"id": "1", "query": "é"}\n', "\n", '{"id": 2, "query": "b"}'], k=1) == [
        {
            "v": 1,
            "id": id_,
            "hits": [
                {"question_id": "a", "title": query, "text": "Text.", "sources": ["S0-7", "S3-A4"], "score": 0.5124}
            ],
        }
        for id_, query in (("1", "é"), (2, "b"))
    ]


async def test_a_note_has_no_question() -> None:
    (answer,) = await answers(['{"id": 1, "query": "x"}'])
    hits = answer["hits"]
    assert isinstance(hits, list) and [hit["question_id"] for hit in hits] == ["a", None]


async def test_a_bad_line_is_answered_and_the_rest_go_on() -> None:
    bad = ["not json", "[]", "3", '{"id": "5"}', '{"id": "6", "query": 7}', '{"id": "7", "query": " "}', "[" * 100_000]
    told = await answers([*bad, '{"id": "8", "query": "x"}'])
    assert [answer["id"] for answer in told] == [None, None, None, "5", "6", "7", None, "8"]
    assert all("error" in answer and answer["hits"] == [] for answer in told[:-1])
    assert str(told[1]["error"]).startswith("Line 2 holds no query")
    assert "error" not in told[-1] and len(told) == 8
