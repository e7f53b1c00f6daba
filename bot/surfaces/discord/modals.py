"""The modals: an answer, a program. Their ids say what they belong to; what comes back is read off the raw payload, as
a process that was started since knows of no modal that was opened before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import ui

from bot.surfaces.discord import words
from bot.surfaces.discord.custom_ids import Press
from bot.surfaces.discord.limits import length
from bot.surfaces.discord.pages import button_title, modal_question

ANSWER = "answer"
FILE = "file"
#: Discord's own limit for a text field.
LONGEST = 4000


@dataclass(frozen=True)
class Attached:
    """A file that came with a modal or a message."""

    name: str
    size: int
    url: str


@dataclass(frozen=True)
class Submitted:
    """What came back from a modal."""

    press: Press
    text: str
    files: tuple[Attached, ...] = ()


def answer_modal(press: Press, title: str, question: str, earlier: str = "") -> ui.Modal:
    """A modal that repeats the question and takes the answer; one that is amended opens with what was said, where the
    field holds all of that."""
    opens = bool(earlier) and length(earlier) <= LONGEST
    press = replace(press, act="amended" if opens else "said")
    modal = ui.Modal(title=button_title(title, 45), custom_id=press.custom_id)
    field: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=ANSWER,
        style=discord.TextStyle.paragraph,
        max_length=LONGEST,
        default=earlier if opens else None,
        required=True,
    )
    modal.add_item(ui.TextDisplay(modal_question(question)))
    stays = words.WHAT_STAYS if earlier and not opens else None
    modal.add_item(ui.Label(text="Your answer", description=stays, component=field))
    return modal


def code_modal(press: Press, title: str, starter: str) -> ui.Modal:
    """A modal that takes a program, as text or as a file."""
    modal = ui.Modal(title=button_title(title, 45), custom_id=press.custom_id)
    field: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=ANSWER,
        style=discord.TextStyle.paragraph,
        max_length=LONGEST,
        default=starter if 0 < len(starter) <= LONGEST else None,
        required=False,
    )
    upload: ui.FileUpload[ui.Modal] = ui.FileUpload(custom_id=FILE, required=False, max_values=1)
    modal.add_item(
        ui.Label(text="Your program", description="Up to 4,000 characters; else as a file.", component=field)
    )
    modal.add_item(ui.Label(text="Or a file", description="A .py file or a notebook, up to 64 KiB.", component=upload))
    return modal


def submitted(press: Press, data: Mapping[str, Any]) -> Submitted:
    """What a modal holds, read off the interaction's data."""
    fields = dict(_fields(data.get("components", ())))
    known = data.get("resolved", {}).get("attachments", {})
    wanted = fields.get(FILE, {}).get("values") or []
    files = tuple(attached(known[key]) for key in map(str, wanted) if key in known)
    return Submitted(press, str(fields.get(ANSWER, {}).get("value") or ""), files)


def attached(data: Mapping[str, Any]) -> Attached:
    """An attachment, as Discord describes it."""
    return Attached(str(data.get("filename", "")), int(data.get("size", 0)), str(data.get("url", "")))


def _fields(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for component in components:
        if "component" in component:
            yield from _fields([component["component"]])
        yield from _fields(component.get("components", ()))
        if "custom_id" in component:
            yield str(component["custom_id"]), component
