"""Discord's limits on what a message may hold: whatever breaks one is named by its place in the body.

The numbers are those of Discord's reference; its published schema is looser. Modals and commands have modules of their
own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.loopback import reading
from tests.loopback.errors import Found
from tests.loopback.world import Message

Json = dict[str, Any]
Path = tuple[str | int, ...]

FILE = 10 * 1024 * 1024
V2 = Message.V2
OLD_TOP, NEW_TOP = {1}, {1, 9, 10, 12, 13, 14, 17}
IN_CONTAINER = {1, 9, 10, 12, 13, 14}
SELECTS = {3, 5, 6, 7, 8}


def message(body: Json, found: Found, *, flags_before: int = 0, files: Sequence[str] = ()) -> None:
    """Content, embeds, components, mentions and files of a message sent or changed; `files`: all that it has then."""
    flags = int(body.get("flags") or 0) | (flags_before & V2)
    found.length(("content",), body.get("content"), 0, 2000)
    _embeds(body.get("embeds") or (), found)
    if body.get("nonce") is not None:
        found.length(("nonce",), str(body["nonce"]), 0, 25)
    _attachments(body.get("attachments") or (), found)
    _mentions(body.get("allowed_mentions") or {}, found)
    parts = body.get("components")
    if flags & V2:
        for legacy in ("content", "embeds", "sticker_ids", "poll"):
            if body.get(legacy):
                words = f"The '{legacy}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                found.add((legacy,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words)
        if parts is not None:
            _new_components(parts, found)
            _files(parts, files, found)
    elif parts:
        _old_components(parts, found)


def is_empty(body: Json, files: Sequence[object]) -> bool:
    content = (body.get("content") or "").strip()
    return not (content or body.get("embeds") or body.get("components") or files or body.get("poll"))


def _embeds(embeds: Sequence[Json], found: Found) -> None:
    found.length(("embeds",), embeds, 0, 10)
    total = 0
    for n, embed in enumerate(embeds):
        at: Path = ("embeds", n)
        parts = [
            ("title", embed.get("title"), 256),
            ("description", embed.get("description"), 4096),
            ("footer", (embed.get("footer") or {}).get("text"), 2048),
            ("author", (embed.get("author") or {}).get("name"), 256),
        ]
        found.length((*at, "fields"), embed.get("fields") or (), 0, 25)
        for m, one in enumerate(embed.get("fields") or ()):
            found.length((*at, "fields", m, "name"), one.get("name"), 1, 256)
            found.length((*at, "fields", m, "value"), one.get("value"), 1, 1024)
            total += len(one.get("name") or "") + len(one.get("value") or "")
        for name, text, most in parts:
            found.length((*at, name), text, 0, most)
            total += len(text or "")
    if total > 6000:
        found.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _attachments(attachments: Sequence[Json], found: Found) -> None:
    found.length(("attachments",), attachments, 0, 10)
    for n, one in enumerate(attachments):
        found.length(("attachments", n, "description"), one.get("description"), 0, 1024)
        found.length(("attachments", n, "filename"), one.get("filename"), 0, 1024)


def _mentions(allowed: Json, found: Found) -> None:
    for kind in ("users", "roles"):
        found.length(("allowed_mentions", kind), allowed.get(kind) or (), 0, 100)
        if allowed.get(kind) and kind in (allowed.get("parse") or ()):
            words = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            found.add(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words)


def _old_components(rows: Sequence[Json], found: Found) -> None:
    found.length(("components",), rows, 0, 5)
    for n, row in enumerate(rows):
        if row.get("type") not in OLD_TOP:
            found.add(("components", n, "type"), "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).')
        else:
            _row(row, ("components", n), found)
    _unique(rows, found)


def _new_components(parts: Sequence[Json], found: Found) -> None:
    everything = list(reading.walk(parts))
    if len(everything) > 40:
        found.add(
            ("components",), "BASE_TYPE_MAX_LENGTH", "Must be 40 or fewer in length (all that are nested counted)."
        )
    if not parts:
        found.add(("components",), "BASE_TYPE_REQUIRED", "This field is required")
    if sum(len(text) for text in reading.texts(parts)) > 4000:
        words = "The total displayable text size must be 4000 or fewer in length."
        found.add(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words)
    for n, part in enumerate(parts):
        _one_of(part, NEW_TOP, ("components", n), found)
    _unique(parts, found)


def _files(parts: Sequence[Json], files: Sequence[str], found: Found) -> None:
    """A file that no component shows is not shown at all: Discord takes it, and nobody wants it so."""
    named = [str((one.get("media") or one.get("file") or {}).get("url", "")) for one in reading.media(parts)]
    here = {url.removeprefix("attachment://") for url in named if url.startswith("attachment://")}
    for name in sorted(here - set(files)):
        words = f"The referenced attachment was not found: {name}"
        found.add(("components",), "INVALID_ATTACHMENT_REFERENCE", words)
    if any(name not in here for name in files) and not any("/attachments/" in url for url in named):
        found.add(("attachments",), "LOOPBACK_FILE_NOT_SHOWN", f"No component shows all of {', '.join(files)}.")


def _one_of(part: Json, kinds: set[int], at: Path, found: Found) -> None:
    kind = part.get("type")
    if kind not in kinds:
        words = f'Value of field "type" must be one of {tuple(sorted(kinds))}.'
        found.add((*at, "type"), "UNION_TYPE_CHOICES", words)
        return
    check = {1: _row, 9: _section, 10: _text, 11: _thumbnail, 12: _gallery, 13: _file, 17: _container}.get(kind)
    if check is not None:
        check(part, at, found)


def _container(part: Json, at: Path, found: Found) -> None:
    found.length((*at, "components"), part.get("components"), 1, 40)
    for n, inner in enumerate(part.get("components") or ()):
        _one_of(inner, IN_CONTAINER, (*at, "components", n), found)


def _section(part: Json, at: Path, found: Found) -> None:
    found.length((*at, "components"), part.get("components"), 1, 3)
    for n, inner in enumerate(part.get("components") or ()):
        _one_of(inner, {10}, (*at, "components", n), found)
    accessory = part.get("accessory") or {}
    if accessory.get("type") == 2:
        _button(accessory, (*at, "accessory"), found)
    else:
        _one_of(accessory, {11}, (*at, "accessory"), found)


def _text(part: Json, at: Path, found: Found) -> None:
    found.length((*at, "content"), (part.get("content") or "").strip(), 1, 4000)


def _thumbnail(part: Json, at: Path, found: Found) -> None:
    found.length((*at, "description"), part.get("description"), 0, 1024)


def _gallery(part: Json, at: Path, found: Found) -> None:
    found.length((*at, "items"), part.get("items"), 1, 10)
    for n, item in enumerate(part.get("items") or ()):
        found.length((*at, "items", n, "description"), item.get("description"), 0, 1024)


def _file(part: Json, at: Path, found: Found) -> None:
    if not str((part.get("file") or {}).get("url", "")).startswith(("attachment://", "http")):
        found.add((*at, "file", "url"), "URL_TYPE_INVALID_SCHEME", "Must be an attachment:// address.")


def _row(row: Json, at: Path, found: Found) -> None:
    inside = row.get("components") or []
    found.length((*at, "components"), inside, 1, 5)
    for n, one in enumerate(inside):
        here = (*at, "components", n)
        if one.get("type") == 2:
            _button(one, here, found)
        elif one.get("type") in SELECTS:
            select(one, here, found)
            if len(inside) > 1:
                found.add(
                    here, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "Component layout width exceeded: a select fills a row."
                )
        else:
            found.add((*here, "type"), "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (2, 3, 5, 6, 7, 8).')


def _button(one: Json, at: Path, found: Found) -> None:
    style = one.get("style")
    found.length((*at, "label"), one.get("label"), 0, 80)
    if style == 5:
        found.length((*at, "url"), one.get("url"), 1, 512)
        if one.get("custom_id"):
            found.add(
                (*at, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A link has no custom id."
            )
    elif style in (1, 2, 3, 4):
        found.length((*at, "custom_id"), one.get("custom_id"), 1, 100)
        if one.get("url"):
            found.add((*at, "url"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "Only a link has a url.")
    elif style != 6:
        found.add((*at, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
    if style != 6 and not (one.get("label") or one.get("emoji")):
        found.add(at, "COMPONENT_BUTTON_LABEL_OR_EMOJI_REQUIRED", "A button needs a label or an emoji.")


def number(one: Json, name: str, or_else: int) -> int:
    """`null` is as good as nothing."""
    return or_else if one.get(name) is None else int(one[name])


def select(one: Json, at: Path, found: Found) -> None:
    """A select, in a message or in a modal."""
    found.length((*at, "custom_id"), one.get("custom_id"), 1, 100)
    found.length((*at, "placeholder"), one.get("placeholder"), 0, 150)
    least, most = number(one, "min_values", 1), number(one, "max_values", 1)
    if not (0 <= least <= 25 and 1 <= most <= 25 and least <= most):
        found.add(at, "SELECT_COMPONENT_INVALID_RANGE", "min_values is 0 to 25, max_values 1 to 25 and not less.")
    if one.get("type") == 3:
        options(one.get("options"), 25, (*at, "options"), found)
        if most > len(one.get("options") or ()):
            found.add((*at, "max_values"), "SELECT_COMPONENT_MAX_VALUES", "There are fewer options than that.")


def options(given: Sequence[Json] | None, most: int, at: Path, found: Found, least: int = 1) -> None:
    """The options of a select, of a group of radio buttons or boxes."""
    found.length(at, given or (), least, most)
    for n, option in enumerate(given or ()):
        found.length((*at, n, "label"), option.get("label"), 1, 100)
        found.length((*at, n, "value"), option.get("value"), 1, 100)
        found.length((*at, n, "description"), option.get("description"), 0, 100)
    values = [option.get("value") for option in given or ()]
    if len(set(values)) < len(values):
        found.add(at, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")


def _unique(parts: Sequence[Json], found: Found) -> None:
    custom = [one["custom_id"] for one in reading.walk(parts) if one.get("custom_id")]
    for id_ in sorted({one for one in custom if custom.count(one) > 1}):
        found.add(("components",), "COMPONENT_CUSTOM_ID_DUPLICATED", f"Component custom id cannot be duplicated: {id_}")
    numbers = [one["id"] for one in reading.walk(parts) if one.get("id")]
    if len(set(numbers)) < len(numbers):
        found.add(("components",), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
