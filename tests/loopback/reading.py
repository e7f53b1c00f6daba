"""What components show: their texts, labels and descriptions, however deep they lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]


def walk(components: Iterable[Json]) -> Iterator[Json]:
    """Every component, outermost first, in the order in which they are shown."""
    for one in components:
        yield one
        yield from walk(one.get("components", ()))
        for inner in ("component", "accessory"):
            if isinstance(one.get(inner), dict):
                yield from walk([one[inner]])


def label(button: Json) -> str:
    return button.get("label") or (button.get("emoji") or {}).get("name") or ""


def texts(components: Iterable[Json]) -> list[str]:
    return [one["content"] for one in walk(components) if one["type"] == 10]


def media(components: Iterable[Json]) -> Iterator[Json]:
    """What shows a file or a picture: each with its `media` or `file`."""
    for one in walk(components):
        if one["type"] == 12:
            yield from one["items"]
        elif one["type"] in (11, 13):
            yield one


def alts(components: Iterable[Json]) -> list[str]:
    return [one["description"] for one in media(components) if one.get("description")]


def text_of(content: str, embeds: Iterable[Json], components: list[Json]) -> str:
    parts: list[str | None] = [content]
    for embed in embeds:
        parts += [embed.get("title"), embed.get("description")]
        for one in embed.get("fields", ()):
            parts += [one["name"], one["value"]]
        parts.append((embed.get("footer") or {}).get("text"))
    return "\n".join(part for part in [*parts, *texts(components)] if part)
