"""What a button or a modal does. Their ids say which question they stood under, and so whether it still stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import discord

from bot.interview import Interview
from bot.ports.groups import Place
from bot.surfaces.discord import words
from bot.surfaces.discord.acknowledging import Acknowledgement
from bot.surfaces.discord.amending import added, said
from bot.surfaces.discord.attachments import Attachments
from bot.surfaces.discord.custom_ids import Press
from bot.surfaces.discord.desk import ACCOUNT
from bot.surfaces.discord.escaping import blank
from bot.surfaces.discord.modals import Submitted, answer_modal, code_modal
from bot.surfaces.discord.pages import Page, echoed, echoed_code
from bot.surfaces.discord.turns import Given, Turns, asked_by, told

Interaction = discord.Interaction[Any]
#: What a button does; the last is filled once what it says is written down.
Act = Callable[[Interaction, Acknowledgement, Place, Press, list[bool]], Awaitable[None]]
#: What is answered where all who read the interview see it.
COMMANDS = {"hint": ("/hint", words.ASKED_HINT), "skip": ("/skip", words.ASKED_SKIP)}


class Presses:
    """Buttons and modals of interviews."""

    def __init__(self, turns: Turns, attachments: Attachments) -> None:
        self._turns = turns
        self._attachments = attachments
        self._acts: Mapping[str, Act] = {
            "answer": self._answer,
            "code": self._code,
            **dict.fromkeys(COMMANDS, self._command),
            "marks": self._marks,
            "direct": self._direct,
        }

    async def pressed(self, interaction: Interaction, press: Press) -> bool:
        """Does what a button says; False where it is none of an interview's."""
        act = self._acts.get(press.act)
        if act is None:
            return False
        safe = [] if press.act in COMMANDS else [True]
        async with Acknowledgement(interaction, ephemeral=press.act not in COMMANDS) as answer:
            await told(answer, self._pressed(interaction, answer, press, act, safe), safe)
        return True

    async def _pressed(
        self, interaction: Interaction, answer: Acknowledgement, press: Press, act: Act, safe: list[bool]
    ) -> None:
        place = await self._own(interaction, answer, press)
        if place is not None:
            await act(interaction, answer, place, press, safe)

    async def submitted(self, interaction: Interaction, given: Submitted) -> None:
        """Takes what came back from a modal, however long ago it was opened."""
        safe: list[bool] = []
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await told(answer, self._submitted(interaction, answer, given, safe), safe)

    async def _submitted(
        self, interaction: Interaction, answer: Acknowledgement, given: Submitted, safe: list[bool]
    ) -> None:
        place = await self._own(interaction, answer, given.press)
        if place is not None:
            await self._take(interaction, answer, place, given, safe)

    async def _own(self, interaction: Interaction, answer: Acknowledgement, press: Press) -> Place | None:
        """Where the sitting goes on; None, once that was said, for one who is not its candidate."""
        place = await self._turns.desk.groups.placed(press.session)
        if place is not None and place.account == ACCOUNT.format(id=interaction.user.id):
            return place
        await answer.say(Page((words.NO_SITTING if place is None else words.NOT_YOURS,)), ephemeral=True)
        return None

    async def _take(
        self, interaction: Interaction, answer: Acknowledgement, place: Place, given: Submitted, safe: list[bool]
    ) -> None:
        text, code = given.text, None
        notices: Sequence[str] = ()
        if given.press.act == "program":
            text, code = "", given.text
            if given.files:
                code, notices = await self._attachments.program(given.files[0])
        elsewhere = str(interaction.channel_id) != place.channel
        if blank(text or code or ""):
            safe.append(True)  # there is nothing that could be lost
            await answer.say(Page((words.EMPTY,)), ephemeral=True)
            return

        async def kept() -> None:
            safe.append(True)
            echo = echoed_code(code) if code is not None else echoed(text)
            later = [words.KEPT_FOR_LATER] if self._turns.ending else []
            await answer.say(Page((echo, *notices, *later)), ephemeral=elsewhere)

        if code is not None:
            await self._turns.may_run(place)
        async with self._turns.at(place) as interview:
            asking = asked_by(interview, given.press.seq)
            to = asking.question if asking is not None and code is None else ""
            if given.press.act == "amended" and asking is not None:
                text = added(text, said(asking))
                if blank(text):
                    safe.append(True)
                    await answer.say(Page((words.NOTHING_NEW,)), ephemeral=True)
                    return
            if given.files and code is not None and given.text.strip() not in ("", _program(interview).strip()):
                notices = (*notices, words.FILE_TAKEN, echoed_code(given.text))
            given_ = Given(f"discord:{interaction.id}", text, code, to, probes=given.press.probes)
            await self._turns.heard(interview, place, given_, kept)

    async def _answer(
        self, interaction: Interaction, answer: Acknowledgement, place: Place, press: Press, safe: list[bool]
    ) -> None:
        async with self._turns.at(place) as interview:
            asking, now = asked_by(interview, press.seq), interview.session.addressed
            if interview.session.ended is not None:
                await answer.say(Page((words.OVER,)))
            elif asking is None or asking.shown or (asking is now and asking.probes != press.probes):
                await answer.say(Page((_too_late(interview),)))
            else:
                stands = interview.stands()
                wording = stands.wording if asking is now else asking.wording
                earlier = "" if asking is now else said(asking)
                title = f"Question {asking.number} of {stands.of}" if asking.number else "Your program"
                title += ", follow-up" if asking is now and stands.follow_up else ""
                await answer.show(answer_modal(press, title, wording, earlier))

    async def _code(
        self, interaction: Interaction, answer: Acknowledgement, place: Place, press: Press, safe: list[bool]
    ) -> None:
        async with self._turns.at(place) as interview:
            stands = interview.stands()
            if interview.session.ended is not None:
                await answer.say(Page((words.OVER,)))
            elif stands.owes != "code":
                await answer.say(Page((_too_late(interview),)))
            else:
                await answer.show(code_modal(*program_press(interview, press)))

    async def _command(
        self, interaction: Interaction, answer: Acknowledgement, place: Place, press: Press, safe: list[bool]
    ) -> None:
        command, echo = COMMANDS[press.act]

        async def kept() -> None:
            safe.append(True)
            await answer.say(Page((echo,)))

        async with self._turns.at(place) as interview:
            if not _current(interview, press):
                safe.append(True)
                over = interview.session.ended is not None
                await answer.say(Page((words.OVER if over else _too_late(interview),)), ephemeral=True)
                return
            # The button is the cause, not the press: pressed twice, it counts once.
            message = interaction.message
            cause = f"discord:{message.id if message is not None else interaction.id}:{press.act}"
            async with self._turns.apart(interview):
                asking = asked_by(interview, press.seq)
                new = await interview.keep(cause, command, None, asking.question if asking else "", press.probes)
            if new:
                await kept()
            else:
                safe.append(True)
                await answer.say(Page((words.PRESSED,)), ephemeral=True)
            async with self._turns.speaking(interview, place) as mouth:
                await interview.go_on(mouth)

    async def _marks(
        self, interaction: Interaction, answer: Acknowledgement, place: Place, press: Press, safe: list[bool]
    ) -> None:
        await self._turns.ask(place, Given(f"discord:{interaction.id}", "/grade"), answer)

    async def _direct(
        self, interaction: Interaction, answer: Acknowledgement, place: Place, press: Press, safe: list[bool]
    ) -> None:
        if not place.server:
            await answer.say(Page((words.ALREADY_DIRECT,)))
            return
        await self._turns.move(place)
        await answer.say(Page((words.MOVED_TO_DM,)))


def _current(interview: Interview, press: Press) -> bool:
    """True while the question or follow-up that a button stood under is the one on the table."""
    now = interview.session.addressed
    return interview.session.ended is None and now is not None and (now.seq, now.probes) == (press.seq, press.probes)


def standing(interview: Interview) -> str:
    """Where the interview stands, in a sentence."""
    stands = interview.stands()
    if stands.owes == "nothing":
        return words.UNDERWAY
    return words.standing(stands.number, stands.of, stands.title, stands.follow_up)


def _too_late(interview: Interview) -> str:
    return f"{words.TOO_LATE} {standing(interview)}"


def program_press(interview: Interview, press: Press) -> tuple[Press, str, str]:
    """The id, title and first words of the modal that takes a program."""
    return replace(press, act="program"), interview.stands().title, _program(interview)


def _program(interview: Interview) -> str:
    """What the field for a program opens with: the last one that was handed in, else what the question begins with."""
    now = interview.session.addressed
    written = [c.part.text for c in now.contributions if c.code] if now is not None else []
    return written[-1] if written else interview.stands().starter
