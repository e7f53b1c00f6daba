"""Pages as discord.py sends them: components v2, pictures attached, a row of buttons below. It words nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import discord
from discord import ui

from bot.surfaces.discord.custom_ids import Label
from bot.surfaces.discord.internals import left_alone
from bot.surfaces.discord.pages import Block, Frame, Handed, Page, Picture, Row

__all__ = ["Label", "layout"]

STYLES = {
    "answer": discord.ButtonStyle.primary,
    "code": discord.ButtonStyle.primary,
    "resume": discord.ButtonStyle.primary,
    "forget": discord.ButtonStyle.danger,
}

#: Blocks up to this many stand apart: Discord takes forty components, the space between two blocks among them.
MOST_APART = 12
#: Buttons that share a row.
ROW = 5
#: The colour at the side of what stands open.
OPEN = discord.Colour.blurple()


def layout(page: Page, buttons: Sequence[Label] = ()) -> tuple[ui.LayoutView, list[discord.File]]:
    """The page as a view, and the files that it shows. Nothing is kept of it once it is sent,
    since its buttons say by their ids all that must be known when they are pressed."""
    view = ui.LayoutView(timeout=None)
    files: list[discord.File] = []
    for number, block in enumerate(page.blocks):
        if number and len(page.blocks) <= MOST_APART:
            view.add_item(ui.Separator(visible=False))
        for item in _items(block, files):
            view.add_item(item)
    for row in _rows(buttons):
        view.add_item(row)
    left_alone(view)
    return view, files


def _items(block: Block, files: list[discord.File]) -> Iterator[ui.Item[Any]]:
    """A block as components; what it shows of files is added to them."""
    if isinstance(block, Frame):
        yield ui.Container(*(item for inner in block.blocks for item in _items(inner, files)), accent_colour=OPEN)
    elif isinstance(block, Row):
        yield from _rows(block.labels)
    elif isinstance(block, Picture):
        files.append(discord.File(io.BytesIO(block.png), block.name, description=block.alt))
        yield ui.MediaGallery(discord.MediaGalleryItem(files[-1], description=block.alt))
    elif isinstance(block, Handed):
        files.append(discord.File(io.BytesIO(block.data), block.name))
        yield ui.File(files[-1])
    else:
        yield ui.TextDisplay(block)


def _rows(labels: Sequence[Label]) -> Iterator[ui.ActionRow[Any]]:
    for start in range(0, len(labels), ROW):
        yield ui.ActionRow(*map(_button, labels[start : start + ROW]))


def _button(label: Label) -> ui.Button[Any]:
    style = STYLES.get(label.press.act, discord.ButtonStyle.secondary)
    return ui.Button(label=label.text, style=style, custom_id=label.press.custom_id)
