"""What a button or a modal does. Their ids say which question they stood under, and so whether it still stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import discord

from bot.core.asking import labelled
from bot.core.feedback import full_answer
from bot.core.reply import Reply
from bot.core.scene import Scene
from bot.interview import Interview
from bot.ports.groups import Place
from bot.surfaces.discord import words
from bot.surfaces.discord.acknowledging import Acknowledgement
from bot.surfaces.discord.amending import added, said
from bot.surfaces.discord.attachments import Attachments
from bot.surfaces.discord.custom_ids import Press
from bot.surfaces.discord.desk import ACCOUNT
from bot.surfaces.discord.escaping import blank
from bot.surfaces.discord.giving_back import given_back
from bot.surfaces.discord.modals import Submitted, answer_modal, code_modal
from bot.surfaces.discord.pages import Block, Page, echoed, echoed_code, pages
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
            "reference": self._reference,
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
        typed = given_back(given.text, program=given.press.act == "program")
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await told(answer, self._submitted(interaction, answer, given, safe, typed), safe, typed)

    async def _submitted(
        self,
        interaction: Interaction,
        answer: Acknowledgement,
        given: Submitted,
        safe: list[bool],
        typed: Sequence[Block],
    ) -> None:
        place = await self._own(interaction, answer, given.press, typed)
        if place is not None:
            await self._take(interaction, answer, place, given, safe)

    async def _own(
        self, interaction: Interaction, answer: Acknowledgement, press: Press, typed: Sequence[Block] = ()
    ) -> Place | None:
        """Where the sitting goes on; None, once that was said, for one who is not its candidate."""
        place = await self._turns.desk.groups.placed(press.session)
        if place is not None and place.account == ACCOUNT.format(id=interaction.user.id):
            return place
        await answer.say(Page((words.NO_SITTING if place is None else words.NOT_YOURS, *typed)), ephemeral=True)
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
                await answer.say(Page((await self._too_late(interview, place),)))
            else:
                stands = interview.stands()
                wording = stands.wording if asking is now else asking.wording
                earlier = "" if asking is now else said(asking)
                title = f"Question {labelled(asking, interview.session.in_order)} of {stands.of}"
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
                await answer.say(Page((await self._too_late(interview, place),)))
            else:
                await answer.show(code_modal(*program_press(interview, press)))

    async def _command(
        self, interaction: Interaction, answer: Acknowledgement, place: Place, press: Press, safe: list[bool]
    ) -> None:
        command, done = COMMANDS[press.act]

        async def kept() -> None:
            safe.append(True)
            await answer.say(Page((words.by(done, place),)))

        async with self._turns.at(place) as interview:
            if not _current(interview, press):
                safe.append(True)
                over = interview.session.ended is not None
                why = words.OVER if over else await self._too_late(interview, place)
                await answer.say(Page((why,)), ephemeral=True)
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

    async def _reference(
        self, interaction: Interaction, answer: Acknowledgement, place: Place, press: Press, safe: list[bool]
    ) -> None:
        """A full answer, to the candidate alone. It is read off the log: whoever works on the interview, it stands."""
        session, book = await self._turns.desk.past(press.session)
        asking = next((asking for asking in session.askings.values() if asking.seq == press.seq), None)
        if asking is None or asking.settled is None or not (asking.shown or session.ended is not None):
            await answer.say(Page((words.NO_FULL_ANSWER,)))
            return
        scene = Scene(session, book)
        parts = (scene.head(asking, follow_up=False), *full_answer(scene.say, asking))
        for page in pages([Reply("grade", parts, asking.question)], lambda curves: None):
            await answer.say(page)

    async def _too_late(self, interview: Interview, place: Place) -> str:
        return f"{words.TOO_LATE} {await standing(self._turns, interview, place)}"

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


async def standing(turns: Turns, interview: Interview, place: Place) -> str:
    """Where the interview stands, in a sentence, with the way to what stands open."""
    stands, asking = interview.stands(), interview.session.addressed
    if stands.owes == "nothing" or asking is None:
        return words.UNDERWAY
    link = await turns.posts.link(place, asking.seq, asking.probes)
    number = labelled(asking, interview.session.in_order)
    return words.standing(number, stands.of, stands.title, stands.follow_up, link)


def program_press(interview: Interview, press: Press) -> tuple[Press, str, str]:
    """The id, title and first words of the modal that takes a program."""
    return replace(press, act="program"), interview.stands().title, _program(interview)


def _program(interview: Interview) -> str:
    """What the field for a program opens with: the last one that was handed in, else what the question begins with."""
    now = interview.session.addressed
    written = [c.part.text for c in now.contributions if c.code] if now is not None else []
    return written[-1] if written else interview.stands().starter
