"""One answer to each interaction, within Discord's three seconds, to the right person. Work goes on after it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Any

import aiohttp
import discord

from bot.surfaces.discord import words
from bot.surfaces.discord.internals import left_alone
from bot.surfaces.discord.layout import Label, layout
from bot.surfaces.discord.minding import beside, stopped
from bot.surfaces.discord.pages import Page

#: Discord waits three seconds; what is not answered after this many is put off, and answered when it is done.
PATIENCE = 1.5
#: Seconds before a response whose connection broke is given again.
AGAIN = 0.2
#: Discord's code for what was answered before: an answer that seemed to fail had worked, or it was asked twice.
ANSWERED_BEFORE = 40060


class Acknowledgement:
    """The answer to one interaction. Within the block it is put off in time if nothing was said yet.

    What Discord cannot take any more (a token that has run out, a callback that had worked although it seemed to fail)
    is noted in the log and harms nobody: the words are in the log already.
    """

    def __init__(self, interaction: discord.Interaction[Any], ephemeral: bool) -> None:
        self._interaction = interaction
        self._ephemeral = ephemeral
        self._waiting: asyncio.Task[None] | None = None
        self._answering = asyncio.Lock()
        self._first = ""  # how the first response was given: put off, said, shown
        self._said = False

    async def __aenter__(self) -> Acknowledgement:
        self._waiting = beside(self._put_off(), "an acknowledgement")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await stopped(self._waiting)
        if self._first == "put off" and not self._said:  # nobody is left before "is thinking…"
            await self.say(Page((words.IT_COMES,)), ephemeral=self._ephemeral)

    async def say(self, page: Page, buttons: Sequence[Label] = (), ephemeral: bool | None = None) -> None:
        """Answers, or goes on after the answer."""
        hidden = self._ephemeral if ephemeral is None else ephemeral
        async with self._answering:
            await self._tried(lambda: self._send(page, buttons, hidden))

    async def attach(self, text: str, file: discord.File) -> None:
        """Answers with a file, to be kept."""
        async with self._answering:
            await self._tried(lambda: self._with_file(text, file))

    async def show(self, modal: discord.ui.Modal) -> None:
        """Opens a modal; nothing may have been said before."""
        left_alone(modal)  # what comes back says by its id what it is, also to a process that knows nothing of it
        async with self._answering:
            if self._first:  # it was put off, as the machine is slow: no modal can follow
                await self._tried(lambda: self._send(Page((words.PRESS_AGAIN,)), (), True))
                return
            await self._tried(lambda: self._respond("shown", lambda: self._interaction.response.send_modal(modal)))

    async def put_off(self) -> None:
        """Says that an answer comes, for what is known to take long."""
        async with self._answering:
            if not self._first:
                with self._interaction.client.pending.one():
                    await self._tried(lambda: self._respond("put off", self._defer))
                await self._interaction.client.pending.over()

    async def _defer(self) -> None:
        await self._interaction.response.defer(ephemeral=self._ephemeral, thinking=True)

    async def _send(self, page: Page, buttons: Sequence[Label], hidden: bool) -> None:
        def made() -> dict[str, Any]:
            view, files = layout(page, buttons)
            return {"view": view, "files": files, "allowed_mentions": discord.AllowedMentions.none()}

        respond, follow = self._interaction.response.send_message, self._interaction.followup.send
        if not self._first:
            await self._respond("said", lambda: respond(ephemeral=hidden, **made()))
        elif self._first == "put off" and not self._said and hidden == self._ephemeral:
            await _again(lambda: self._edit(made()))
        else:
            if self._first == "put off" and not self._said:  # who may see the answer was decided when it was put off
                await self._interaction.delete_original_response()
            await follow(ephemeral=hidden, **made())
        self._said = True

    async def _edit(self, how: dict[str, Any]) -> None:
        await self._interaction.edit_original_response(attachments=how.pop("files"), **how)

    async def _with_file(self, text: str, file: discord.File) -> None:
        none = discord.AllowedMentions.none()
        if self._first:
            await self._interaction.followup.send(text, file=file, ephemeral=True, allowed_mentions=none)
        else:
            respond = self._interaction.response.send_message
            await self._respond("said", lambda: respond(text, file=file, ephemeral=True, allowed_mentions=none))
        self._said = True

    async def _respond(self, how: str, work: Callable[[], Awaitable[object]]) -> None:
        """The first response, once more where the connection broke; one that had worked already has worked."""
        try:
            await _again(work)
        except discord.HTTPException as error:
            if error.code != ANSWERED_BEFORE:
                raise
        self._first = how

    async def _put_off(self) -> None:
        await asyncio.sleep(PATIENCE)
        await self.put_off()

    async def _tried(self, work: Callable[[], Awaitable[object]]) -> None:
        first = not self._first
        try:
            await work()
            if first:
                self._interaction.client.options.metrics.answered(self._interaction)
        except (discord.HTTPException, aiohttp.ClientError, OSError, discord.InteractionResponded) as error:
            if first:
                self._interaction.client.options.metrics.unanswered(self._interaction)
            logging.getLogger(__name__).warning("an interaction was not answered: %s", type(error).__name__)


async def _again(work: Callable[[], Awaitable[object]]) -> None:
    """Does what can be done twice, once more where the connection broke."""
    try:
        await work()
    except (aiohttp.ClientError, OSError):
        await asyncio.sleep(AGAIN)
        await work()
