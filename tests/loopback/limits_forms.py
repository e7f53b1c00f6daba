"""Discord's limits on modals, autocompletion and threads. Messages are checked in `limits`."""

from __future__ import annotations

from typing import Any

from tests.loopback import limits, reading
from tests.loopback.errors import Found

Json = dict[str, Any]
Path = tuple[str | int, ...]
DURATIONS = (60, 1440, 4320, 10080)


def modal(body: Json, found: Found) -> None:
    found.length(("data", "title"), body.get("title"), 1, 45)
    found.length(("data", "custom_id"), body.get("custom_id"), 1, 100)
    parts = body.get("components") or []
    found.length(("data", "components"), parts, 1, 5)
    for n, part in enumerate(parts):
        at: Path = ("data", "components", n)
        match part.get("type"):
            case 1:
                _old_row(part, at, found)
            case 10:
                found.length((*at, "content"), part.get("content"), 1, 4000)
            case 18:
                _label(part, at, found)
            case _:
                found.add((*at, "type"), "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1, 10, 18).')
    if sum(len(text) for text in reading.texts(parts)) > 4000:
        words = "The total displayable text size must be 4000 or fewer in length."
        found.add(("data", "components"), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words)
    custom = [one["custom_id"] for one in reading.walk(parts) if one.get("custom_id")]
    if len(set(custom)) < len(custom):
        found.add(("data", "components"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")


def _old_row(row: Json, at: Path, found: Found) -> None:
    inside = row.get("components") or []
    found.length((*at, "components"), inside, 1, 1)
    for n, one in enumerate(inside):
        here = (*at, "components", n)
        if one.get("type") != 4:
            found.add((*here, "type"), "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (4,).')
            continue
        found.length((*here, "label"), one.get("label"), 1, 45)
        _text_input(one, here, found)


def _label(part: Json, at: Path, found: Found) -> None:
    found.length((*at, "label"), part.get("label"), 1, 45)
    found.length((*at, "description"), part.get("description"), 0, 100)
    one = part.get("component") or {}
    here = (*at, "component")
    match one.get("type"):
        case 4:
            if one.get("label"):
                found.add(
                    (*here, "label"), "COMPONENT_LABEL_NOT_ALLOWED", "A text input in a label has no label of its own."
                )
            _text_input(one, here, found)
        case 3 | 5 | 6 | 7 | 8:
            limits.select(one, here, found)
        case 19:
            found.length((*here, "custom_id"), one.get("custom_id"), 1, 100)
            least, most = limits.number(one, "min_values", 1), limits.number(one, "max_values", 1)
            if not (0 <= least <= 10 and 1 <= most <= 10 and least <= most):
                found.add(here, "NUMBER_TYPE_MAX", "min_values is 0 to 10, max_values 1 to 10.")
        case 21:
            limits.options(one.get("options"), 10, (*here, "options"), found, least=2)
        case 22:
            limits.options(one.get("options"), 10, (*here, "options"), found)
        case 23:
            found.length((*here, "custom_id"), one.get("custom_id"), 1, 100)
        case _:
            words = 'Value of field "type" must be one of (3, 4, 5, 6, 7, 8, 19, 21, 22, 23).'
            found.add((*here, "type"), "UNION_TYPE_CHOICES", words)


def _text_input(one: Json, at: Path, found: Found) -> None:
    found.length((*at, "custom_id"), one.get("custom_id"), 1, 100)
    found.length((*at, "placeholder"), one.get("placeholder"), 0, 100)
    least, most = one.get("min_length") or 0, one.get("max_length") or 4000
    found.length((*at, "value"), one.get("value"), 0, most)
    if one.get("style") not in (1, 2):
        found.add((*at, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
    if not (0 <= least <= 4000 and 1 <= most <= 4000 and least <= most):
        found.add(at, "NUMBER_TYPE_MAX", "min_length is 0 to 4000, max_length 1 to 4000 and not less.")


def choices(body: Json, found: Found) -> None:
    """What autocompletion offers."""
    given = body.get("choices")
    found.length(("data", "choices"), given or (), 0, 25)
    for n, one in enumerate(given or ()):
        found.length(("data", "choices", n, "name"), one.get("name"), 1, 100)
        if isinstance(one.get("value"), str):
            found.length(("data", "choices", n, "value"), one["value"], 1, 100)


def thread(body: Json, found: Found, new: bool = True) -> None:
    if new or "name" in body:
        found.length(("name",), (body.get("name") or "").strip(), 1, 100)
    if body.get("auto_archive_duration") not in (None, *DURATIONS):
        found.add(("auto_archive_duration",), "BASE_TYPE_CHOICES", f"Value must be one of {DURATIONS}.")
