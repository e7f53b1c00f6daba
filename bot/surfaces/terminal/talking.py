"""One sitting: reads, hands over what is for the interview, and does what is a matter of the terminal.

It decides nothing about the interview; programs and editors are `writing`'s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.errors import VivaError, WrongUsage
from bot.interview import Interview
from bot.surfaces.terminal.commands import PythonOf, as_it_stands, own, read_program
from bot.surfaces.terminal.drafts import Draft, Drafts
from bot.surfaces.terminal.listening import Ear
from bot.surfaces.terminal.speaking import Interrupts, Speaker
from bot.surfaces.terminal.style import Look
from bot.surfaces.terminal.writing import Writing

FIRST_PROMPT: Mapping[Look, str] = {
    "rich": "Enter sends, Alt-Enter breaks the line. Ctrl-C stops what I say, Ctrl-D ends the sitting and keeps it. "
    "`/help` shows what you can say.",
    "named": "Enter sends; a backslash at the end of a line goes on in the next. Ctrl-C stops what I say, Ctrl-D ends "
    "the sitting and keeps it. `/help` shows what you can say.",
}
HAND_IN: Mapping[bool, str] = {
    True: "`/code FILE` hands in a program, `/code` opens one in your editor; or describe it in words.",
    False: "`/code FILE` hands in a program, `/code` takes one that you paste; or describe it in words.",
}
NOT_KEPT = "Your last message could not be written to the log. It is kept as a draft, and sent when you resume."
NOT_KEPT_HERE = "Your last message could not be written to the log, and is not kept. Send it again when you resume."
AFTERWARDS = "You can still object to a mark: `/dispute`, and the words of your answer that you mean. Ctrl-D leaves."
SENT_AGAIN = "What you had just sent when the sitting broke off is sent again; it counts once."


@dataclass(frozen=True)
class Place:
    """Where a sitting takes place: its mouth, its ear, and what keeps words safe until they are heard."""

    interview: Interview
    speaker: Speaker
    #: Called once the first words are on screen: what a prompt needs takes a moment to load.
    listen: Callable[[], Ear]
    drafts: Drafts
    interrupts: Interrupts
    writing: Writing
    look: Look
    new_id: Callable[[], str]
    python_of: PythonOf = as_it_stands


class Chat:
    """One sitting."""

    def __init__(self, place: Place) -> None:
        self.here = place
        self.draft = ""
        self.told: set[str | None] = set()

    async def run(self, resumed: bool, afterwards: bool = False) -> bool:
        """Reads and hands over until the interview ends (True) or the candidate leaves (False).

        `afterwards` it has ended before, and is heard until they leave: marks can still be objected to.
        """
        here = self.here
        try:
            with here.interrupts.watched():
                await (here.interview.resume if resumed else here.interview.begin)(here.speaker)
            await self._take_up()
            if here.interview.session.ended is None and here.look in FIRST_PROMPT:
                here.speaker.note(FIRST_PROMPT[here.look])
            if afterwards:
                here.speaker.note(AFTERWARDS)
            self.ear = here.listen()
            while afterwards or here.interview.session.ended is None:
                self._tell()
                text = await self.ear.read(self.draft, here.drafts.typed)
                if text is None:
                    return False
                self.draft = ""
                await self._take(text)
            return True
        except asyncio.CancelledError:
            turn = asyncio.current_task()
            if not here.interrupts.leaving or turn is None:
                raise
            turn.uncancel()
            return False
        finally:
            here.drafts.close()

    def _tell(self) -> None:
        """Says what only this terminal knows: that drafts cannot be kept, and how it takes a program."""
        trouble = self.here.drafts.trouble()
        if trouble:
            self.here.speaker.note(trouble)
        stands = self.here.interview.stands()
        if stands.owes == "code" and self.here.look != "pipe" and stands.question not in self.told:
            self.told.add(stands.question)
            writing = self.here.writing
            self.here.speaker.note(writing.begun() or HAND_IN[writing.editor is not None])

    async def _take_up(self) -> None:
        """Takes up what was left unsent, or was being sent when the sitting broke off."""
        left = self.here.drafts.load()
        if left is None:
            return
        interview = self.here.interview
        if left.id is None:
            self.draft = left.text
        elif interview.stands().question == left.question and interview.session.ended is None:
            self.here.speaker.note(SENT_AGAIN)
            await self._send(left)
        elif left.code is not None and not self._heard(left.code):
            self.here.writing.keep(left.code)
        elif not _is_command(left.text) and not self._heard(left.text):
            self.draft = left.text

    def _heard(self, text: str) -> bool:
        askings = self.here.interview.session.askings.values()
        return any(c.part.text.strip() == text.strip() for asking in askings for c in asking.contributions)

    async def _take(self, text: str) -> None:
        """Does what is a matter of this terminal; hands over the rest."""
        above, _, last = text.rpartition("\n")
        ours = own(f"/edit {above}") if last.strip() == "/edit" else own(text)
        try:
            if ours is None or (ours.word == "code" and ours.rest and ours.file is None):
                await self._deliver(text)
            elif ours.word == "edit":
                self.draft = await self.here.writing.answer(ours.rest)
                self.here.drafts.typed(self.draft)
                self.here.writing.answer_is_safe()
            else:
                await self._code(ours.file)
        except WrongUsage as wrong:
            self.here.drafts.clear()
            self.here.speaker.heard(text)
            self.here.speaker.note(str(wrong))

    async def _code(self, file: str | None) -> None:
        """Hands in a program; without one at a question that takes none, the interview says so."""
        asking = self.here.interview.session.current
        if file is not None:
            source, left_out = read_program(file, self.here.python_of)
            for sentence in left_out:
                self.here.speaker.note(sentence)
            await self._deliver("", source)
        elif asking is None or not asking.code:
            await self._deliver("/code")
        elif (written := await self.here.writing.program(self.ear)) is not None:
            await self._deliver("", written)
            self.here.writing.program_is_safe()
        else:
            self.here.drafts.clear()

    async def _deliver(self, text: str, code: str | None = None) -> None:
        question = self.here.interview.stands().question
        await self._send(Draft(text, code, f"terminal:{self.here.new_id()}", question))

    async def _send(self, message: Draft) -> None:
        """Hands a message over; until its words are in the log they are kept beside it."""
        here = self.here
        here.drafts.sending(message)
        here.speaker.heard(message.text if message.code is None else _handed_in(message.code))

        safe = False

        async def kept() -> None:
            nonlocal safe
            here.drafts.clear()
            safe = True

        assert message.id is not None
        try:
            with here.interrupts.watched():
                async with here.speaker.working():
                    await here.interview.hear(here.speaker, message.id, message.text, message.code, kept)
        except VivaError:
            if not safe:
                here.speaker.note(NOT_KEPT_HERE if here.look == "pipe" else NOT_KEPT)
            raise


def _is_command(text: str) -> bool:
    return text.startswith("/") and not text.startswith("//")


def _handed_in(source: str) -> str:
    lines = len(source.strip().splitlines())
    return f"(a program of {lines} line{'' if lines == 1 else 's'})"
