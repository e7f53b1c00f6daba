"""Slash commands that are words to the interview: handed over where it goes on, and echoed or answered in private."""

from __future__ import annotations

from typing import Any

import discord

from bot.ports.groups import Place
from bot.surfaces.discord import words
from bot.surfaces.discord.acknowledging import Acknowledgement
from bot.surfaces.discord.attachments import Attachments
from bot.surfaces.discord.desk import ACCOUNT
from bot.surfaces.discord.modals import Attached, code_modal
from bot.surfaces.discord.mouth import buttons
from bot.surfaces.discord.pages import Page, echoed_code
from bot.surfaces.discord.presses import program_press, standing
from bot.surfaces.discord.turns import Given, Turns, told

Interaction = discord.Interaction[Any]


class Commanding:
    """What `/hint`, `/skip`, `/grade` and the like have in common."""

    def __init__(self, turns: Turns, attachments: Attachments) -> None:
        self._turns = turns
        self._attachments = attachments

    async def say(self, interaction: Interaction, text: str, done: str) -> None:
        """Words to the interview, which everybody who reads it sees were said: what they do is `done`."""
        async with Acknowledgement(interaction, ephemeral=_aside(interaction)) as answer:
            await answer.put_off()
            safe: list[bool] = []
            await told(
                answer, self._say(interaction, answer, Given(f"discord:{interaction.id}", text), done, safe), safe
            )

    async def ask(self, interaction: Interaction, text: str) -> None:
        """Words whose answer is for the person alone."""
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await answer.put_off()
            safe: list[bool] = []
            await told(answer, self._ask(interaction, answer, text, safe), safe)

    async def hand_in(self, interaction: Interaction, file: Attached | None) -> None:
        """A program as a file; without one, the modal that takes it."""
        if file is None:
            await self._open(interaction)
            return
        async with Acknowledgement(interaction, ephemeral=_aside(interaction)) as answer:
            await answer.put_off()
            safe: list[bool] = []
            await told(answer, self._hand_in(interaction, answer, file, safe), safe)

    async def _say(
        self, interaction: Interaction, answer: Acknowledgement, given: Given, done: str, safe: list[bool]
    ) -> None:
        place, why = await self._turns.place_of(_account(interaction), str(interaction.channel_id))
        safe.append(True)  # a command is not the candidate's words: it is given again in a moment
        if place is None:
            await answer.say(Page((why,)), ephemeral=True)
            return
        place, elsewhere = await self._followed(interaction, place)

        async def kept() -> None:
            where = f"\n-# It goes on in <#{place.channel}>." if elsewhere else ""
            await answer.say(Page((words.by(done, place, alone=elsewhere) + where,)), ephemeral=elsewhere)

        await self._turns.hear(place, given, kept)

    async def _ask(self, interaction: Interaction, answer: Acknowledgement, text: str, safe: list[bool]) -> None:
        place, why = await self._turns.place_of(_account(interaction), str(interaction.channel_id))
        if place is None:
            safe.append(True)
            await answer.say(Page((why,)))
            return

        async def kept() -> None:
            safe.append(True)

        await self._turns.ask(place, Given(f"discord:{interaction.id}", text), answer, kept)

    async def _hand_in(
        self, interaction: Interaction, answer: Acknowledgement, file: Attached, safe: list[bool]
    ) -> None:
        place, why = await self._turns.place_of(_account(interaction), str(interaction.channel_id))
        if place is None:
            safe.append(True)
            await answer.say(Page((why,)), ephemeral=True)
            return
        source, notices = await self._attachments.program(file)
        place, elsewhere = await self._followed(interaction, place)

        async def kept() -> None:
            safe.append(True)
            await answer.say(Page((echoed_code(source), *notices)), ephemeral=elsewhere)

        await self._turns.hear(place, Given(f"discord:{interaction.id}", "", source), kept)

    async def _followed(self, interaction: Interaction, place: Place) -> tuple[Place, bool]:
        """Where it goes on, and whether that is elsewhere than where the command was given; they can follow there."""
        if str(interaction.channel_id) == place.channel:
            return place, False
        return await self._turns.reached(place), True

    async def _open(self, interaction: Interaction) -> None:
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await told(answer, self._open_modal(interaction, answer), [True])

    async def _open_modal(self, interaction: Interaction, answer: Acknowledgement) -> None:
        place, why = await self._turns.place_of(_account(interaction), str(interaction.channel_id))
        if place is None:
            await answer.say(Page((why,)))
            return
        async with self._turns.at(place) as interview:
            stands = interview.stands()
            if stands.owes != "code":
                over = interview.session.ended is not None
                why = words.OVER if over else words.NO_PROGRAM + await standing(self._turns, interview, place)
                await answer.say(Page((why,)))
                return
            press = next(b.press for b in buttons(interview, place) if b.press.act == "code")
            await answer.show(code_modal(*program_press(interview, press)))


def _aside(interaction: Interaction) -> bool:
    """True where no interview can be going on, so that what is answered is for the person alone."""
    return interaction.guild_id is not None and not isinstance(interaction.channel, discord.Thread)


def _account(interaction: Interaction) -> str:
    return ACCOUNT.format(id=interaction.user.id)
