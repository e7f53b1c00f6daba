"""What a search found, as JSON lines: one object for each query of a file. It searches nothing itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import Any

from bot.ports import Passage


def hit(passage: Passage) -> dict[str, Any]:
    """One hit; `question_id` is None for a note or a document."""
    return {
        "question_id": passage.question,
        "title": passage.title,
        "text": passage.text,
        "sources": list(sources(passage)),
        "score": round(passage.score, 4),
    }


def sources(passage: Passage) -> Sequence[str]:
    """Where a hit comes from: the articles' numbers or the place in a document, else the works that it rests on."""
    return passage.sources or tuple(work.title for work in passage.further)


def answered(query_id: Any, passages: Sequence[Passage], error: str | None = None) -> str:
    """The line that answers one query."""
    told: dict[str, Any] = {"v": 1, "id": query_id, "hits": [hit(passage) for passage in passages]}
    if error is not None:
        told["error"] = error
    return json.dumps(told, ensure_ascii=False)


async def search_lines(
    lines: Iterable[str], search: Callable[[str], Awaitable[Sequence[Passage]]]
) -> AsyncIterator[str]:
    """Answers each line `{"id", "query"}`, in order. A bad line is answered with its error, and the rest go on."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        query_id, query = _asked(line)
        if query.strip():
            yield answered(query_id, await search(query))
        else:
            yield answered(query_id, (), f'Line {number} holds no query; write {{"id": "…", "query": "…"}}.')


def _asked(line: str) -> tuple[Any, str]:
    """The id and the query of a line; the query is empty where there is none."""
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return None, ""
    if not isinstance(asked, dict):
        return None, ""
    query = asked.get("query")
    return asked.get("id"), query if isinstance(query, str) else ""
