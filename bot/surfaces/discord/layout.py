"""Pages as discord.py sends them: components v2, pictures attached, a row of buttons below. It words nothing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import discord
from discord import ui

from bot.surfaces.discord.custom_ids import Press
from bot.surfaces.discord.internals import left_alone
from bot.surfaces.discord.pages import Handed, Page, Picture

STYLES = {
    "answer": discord.ButtonStyle.primary,
    "code": discord.ButtonStyle.primary,
    "resume": discord.ButtonStyle.primary,
    "forget": discord.ButtonStyle.danger,
}


#: Blocks up to this many stand apart: Discord takes forty components, the space between two blocks among them.
MOST_APART = 15


@dataclass(frozen=True)
class Label:
    """A button: what stands on it and what it says when it is pressed."""

    text: str
    press: Press


def layout(page: Page, buttons: Sequence[Label] = ()) -> tuple[ui.LayoutView, list[discord.File]]:
    """The page as a view, and the files that it shows. Nothing is kept of it once it is sent,
    since its buttons say by their ids all that must be known when they are pressed."""
    view, files = ui.LayoutView(timeout=None), []
    for number, block in enumerate(page.blocks):
        if number and len(page.blocks) <= MOST_APART:
            view.add_item(ui.Separator(visible=False))
        if isinstance(block, Picture):
            files.append(discord.File(io.BytesIO(block.png), block.name, description=block.alt))
            view.add_item(ui.MediaGallery(discord.MediaGalleryItem(files[-1], description=block.alt)))
        elif isinstance(block, Handed):
            files.append(discord.File(io.BytesIO(block.data), block.name))
            view.add_item(ui.File(files[-1]))
        else:
            view.add_item(ui.TextDisplay(block))
    if buttons:
        view.add_item(ui.ActionRow(*(_button(label) for label in buttons)))
    left_alone(view)
    return view, files


def _button(label: Label) -> ui.Button[ui.LayoutView]:
    style = STYLES.get(label.press.act, discord.ButtonStyle.secondary)
    return ui.Button(label=label.text, style=style, custom_id=label.press.custom_id)
