"""What was typed and not taken comes back whole, to be copied, whatever is in it and however long it is."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.errors import SittingBusy
from bot.surfaces.discord import words
from bot.surfaces.discord.giving_back import given_back
from bot.surfaces.discord.limits import TEXT, length
from bot.surfaces.discord.modals import LONGEST
from bot.surfaces.discord.pages import Handed, Page
from bot.surfaces.discord.turns import told

ANSWER = "*Deep* learning\n\n> is `nested` in <@1> machine learning."


class Alone:
    """What one person is told."""

    def __init__(self) -> None:
        self.said: list[Page] = []

    async def say(self, page: Page, buttons: object = (), ephemeral: bool | None = None) -> None:
        assert ephemeral
        self.said.append(page)


@pytest.mark.parametrize("program", [True, False])
def test_words_come_in_a_fence_as_they_were_typed(program: bool) -> None:
    note, fence = given_back(ANSWER, program)
    assert note == words.GIVEN_BACK and fence == f"```{'python' if program else ''}\n{ANSWER}\n```"


@pytest.mark.parametrize("text", ["x" * LONGEST, "字" * LONGEST, "a fence:\n```\ncode\n```"])
def test_what_no_fence_holds_comes_as_a_file(text: str) -> None:
    note, file = given_back(text, program=False)
    assert isinstance(file, Handed) and file.data.decode() == text and file.name.endswith(".txt")
    assert length(cast(str, note)) < TEXT


def test_nothing_typed_is_nothing_to_give_back() -> None:
    assert given_back(" \n", program=False) == ()


@pytest.mark.parametrize("error", [SittingBusy("Another process works on it."), RuntimeError("our fault")])
@pytest.mark.parametrize("kept", [True, False])
async def test_it_comes_with_the_refusal_unless_it_was_written_down(error: Exception, kept: bool) -> None:
    async def work() -> None:
        raise error

    alone, typed = Alone(), given_back(ANSWER, program=False)
    await told(cast(Any, alone), work(), [True] if kept else [], typed)
    [page] = alone.said
    assert (page.blocks[1:] == typed) is not kept and ("not kept" in str(page.blocks[0])) is (
        not kept and isinstance(error, RuntimeError)
    )
