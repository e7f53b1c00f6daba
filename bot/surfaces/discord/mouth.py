"""The interviewer's mouth in Discord: what a turn gives to say is one message, below it what can be done next.

`ChannelMouth` speaks where the sitting goes on, `PrivateMouth` to the person alone. How replies look is for `pages`.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import discord

from bot.core.dialogue import owed
from bot.core.marking import band
from bot.core.reply import Curves, Reference, Reply, Text
from bot.core.summary import summarise
from bot.core.training import Progress
from bot.interview import Interview
from bot.ports.groups import Place
from bot.surfaces.discord import words
from bot.surfaces.discord.acknowledging import Acknowledgement
from bot.surfaces.discord.custom_ids import Press
from bot.surfaces.discord.desk import Desk
from bot.surfaces.discord.layout import Label, layout
from bot.surfaces.discord.minding import beside
from bot.surfaces.discord.pages import Block, Handed, Page, Row, pages, progress_text
from bot.surfaces.discord.posting import Posts
from bot.surfaces.discord.reading_along import ReadingAlong

#: Seconds between two edits while a program runs: Discord's own limit for an app that behaves.
BETWEEN_EDITS = 1.1
#: Whoever waited longer (seconds) for a grade or a run is mentioned once when it is there.
LONG_WAIT = 60.0
#: What is said while work goes on, so that nothing can be answered yet.
UNDERWAY = frozenset({"code", "progress"})


async def drawn(desk: Desk, replies: Sequence[Reply]) -> Mapping[Curves, bytes]:
    """The pictures of all curves in these replies."""
    found = {part for reply in replies for part in reply.parts if isinstance(part, Curves)}
    made = {curves: await desk.beside(partial(_picture, curves)) for curves in found}
    return {curves: png for curves, png in made.items() if png is not None}


def _here(reply: Reply, read_along: bool = False) -> Reply:
    """The reply with this surface's commands where it names those of the terminal; candidates' words are left alone."""
    if reply.kind not in ("opening", "notice", "closing", "report"):
        return reply
    parts = (
        Text(words.said_here(part.markdown, read_along)) if isinstance(part, Text) else part for part in reply.parts
    )
    return replace(reply, parts=tuple(parts))


def _named_here(block: Block, file: Path) -> Block:
    """The block with the name of a file where its place on our machine was named, which is of no use here."""
    return block.replace(str(file), file.name) if isinstance(block, str) else block


def _picture(curves: Curves) -> bytes | None:
    from bot.surfaces.report.picture import png_of

    return png_of(curves)


class ChannelMouth:
    """Says a sitting's turns in its thread or direct messages. One is made for each turn."""

    once = False
    by_turns = True

    def __init__(
        self, posts: Posts, desk: Desk, interview: Interview, place: Place, reading_along: ReadingAlong
    ) -> None:
        self._posts = posts
        self._reading_along = reading_along
        self._desk = desk
        self._interview = interview
        self.place = place
        self.note = ""  # said once, above what comes next
        self.fresh = False  # nothing was said at this place before
        self._began = time.monotonic()
        self._running: _RunMessage | None = None

    async def close(self) -> None:
        """Ends what is shown while work goes on: the work has ended, or broke off."""
        if self._running is not None:
            await self._running.end()
            self._running = None

    async def say(self, seq: int, replies: Sequence[Reply]) -> None:
        await self.close()
        self.place = await self._posts.now(self.place)
        personal = any(reply.personal or reply.kind == "closing" for reply in replies)
        hidden = await self._reading_along.why_hidden(self.place) if personal else ""
        if hidden:  # somebody may have been found there
            self.place = await self._posts.now(self.place)
        self.fresh = self.fresh or any(reply.kind == "opening" for reply in replies)
        made = await self._pages(replies, hidden)
        underway = all(reply.kind in UNDERWAY for reply in replies) and self._owes()
        waited = time.monotonic() - self._began > LONG_WAIT and not underway
        number = 0
        while made:
            there = await self._posts.now(self.place)
            if personal and there.read_along and not hidden:  # somebody was let in since the page before
                self.place, hidden = there, words.MARKS_ARE_YOURS
                made = await self._pages(replies, hidden)
            page, *made = made if number else [self._headed(made[0], waited), *made[1:]]
            buttons = [] if underway or made else self.buttons(bool(hidden))
            nonce = f"{self._interview.session_id}.{seq}.{number}"
            self.place, _ = await self._posts.send(there, page, buttons, nonce, waited and number == 0)
            number += 1
        self.fresh = False
        if not underway:
            self._posts.metrics.turn(time.monotonic() - self._began)

    def _headed(self, page: Page, waited: bool) -> Page:
        """The first page of a turn, with what is said once above it."""
        page = self._first(page) if self.fresh else page
        above = [words.ready(self.place.account)] if waited else []
        above += [self.note] if self.note else []
        self.note = ""
        return Page((*above, *page.blocks))

    async def _pages(self, replies: Sequence[Reply], hidden: str) -> list[Page]:
        """The replies on pages, without those that are personal where there is a reason to have them `hidden`."""
        shown = [self._shown(reply, hidden) for reply in replies]
        rows = {at: row for at, reply in enumerate(replies) if (row := self._row(reply))}
        made = pages(shown, (await drawn(self._desk, shown)).get, rows, brief=True)
        if not any(reply.parts for reply in shown):
            made = [Page((hidden, *(block for page in made for block in page.blocks)))]
        elif hidden == words.WHO_READS:
            made[0] = Page((hidden, *made[0].blocks))
        if any(reply.kind == "closing" for reply in replies):
            made[-1] = Page((*made[-1].blocks, words.next_steps("" if hidden else self._worst())))
        return made

    def _shown(self, reply: Reply, hidden: str) -> Reply:
        """What of a reply is said openly: nothing that is personal where that is `hidden`, and no full answer, which is
        long, and has a button."""
        if hidden and reply.personal:
            return replace(reply, parts=())
        parts = tuple(part for part in reply.parts if not isinstance(part, Reference))
        return _here(replace(reply, parts=parts), self.place.read_along)

    def _row(self, reply: Reply) -> Row | None:
        """The button below marks that shows the full answer."""
        if reply.question is None or not any(isinstance(part, Reference) for part in reply.parts):
            return None
        seq = self._interview.session.askings[reply.question].seq
        return Row((Label(words.FULL_ANSWER, Press("reference", self._interview.session_id, seq)),))

    def _worst(self) -> str:
        """The topic of the question that went worst; empty where all went well."""
        lines = summarise(self._interview.session, self._interview.book).counted
        worst = min(lines, key=lambda line: line.grade.score or 0.0, default=None)
        if worst is None or band(worst.grade.score or 0.0) == "strong":
            return ""
        return next(iter(worst.question.topics), "")

    def _owes(self) -> bool:
        """True while it is not the candidate's turn: something is done after this is said."""
        return owed(replace(self._interview.session, unsaid=())) is not None

    async def utter(self, seq: int, sentence: str) -> None:
        """Nothing: a message says a whole turn."""

    def progress(self, question: str, progress: Progress) -> None:
        if self._running is None:
            self._running = _RunMessage(self._posts, self.place)
        self._running.show(progress_text(progress))

    def _first(self, page: Page) -> Page:
        """The first page at a place: who can read it stands above, and what the candidate is to work on comes along."""
        notes = [words.WATCHED if self.place.watched else words.PRIVATE_THREAD] if self.place.server else []
        notes.append(words.how(self.place, self._posts.reads_all))
        started = self._interview.session.started
        if started is None or not started.material:
            return Page((*notes, *page.blocks))
        blocks, file = [*notes, *page.blocks], Path(started.material)
        with contextlib.suppress(OSError):  # it was deleted since, or lies on another machine
            blocks.append(Handed(file.name, file.read_bytes()))
        return Page(tuple(_named_here(block, file) for block in blocks))

    def buttons(self, hidden: bool) -> list[Label]:
        """What can be done next, as buttons."""
        return buttons(self._interview, self.place, marks=hidden, opening=self.fresh)


def buttons(interview: Interview, place: Place, marks: bool = False, opening: bool = False) -> list[Label]:
    """The buttons below a message, by where the sitting stands."""
    stands, session = interview.stands(), interview.session

    def label(text: str, act: str) -> Label:
        asking = session.addressed
        seq, probes = (asking.seq, asking.probes) if asking is not None else (0, 0)
        return Label(text, Press(act, interview.session_id, seq, probes))

    made: list[Label] = []
    if stands.owes == "code" and not stands.follow_up:
        made = [label(words.SUBMIT_CODE, "code"), label(words.ANSWER, "answer")]
        made += [label(words.HINT, "hint"), label(words.SKIP, "skip")]
    elif stands.owes != "nothing":
        made = [label(words.ANSWER, "answer"), label(words.HINT, "hint"), label(words.SKIP, "skip")]
    if marks and session.ended is None:  # then they are all in the report
        made.append(label(words.MY_MARKS, "marks"))
    if opening and place.server and not place.watched:
        made.append(label(words.MOVE_TO_DM, "direct"))
    if session.ended is not None:
        made += [label(words.MY_REPORT, "report"), label(words.ANOTHER, "another")]
    return made


class PrivateMouth:
    """Says what a turn gives to say to the person alone, as the answer to what they pressed or typed."""

    once = False
    by_turns = True

    def __init__(self, answer: Acknowledgement, desk: Desk) -> None:
        self._answer = answer
        self._desk = desk

    async def say(self, seq: int, replies: Sequence[Reply]) -> None:
        for page in pages([_here(reply) for reply in replies], (await drawn(self._desk, replies)).get):
            await self._answer.say(page, ephemeral=True)

    async def utter(self, seq: int, sentence: str) -> None:
        """Nothing: a message says a whole turn."""

    def progress(self, question: str, progress: Progress) -> None:
        """Nothing runs for what is asked in private."""


class _RunMessage:
    """The one message that shows how a run stands: edited about once a second, and only where there is news."""

    def __init__(self, posts: Posts, place: Place) -> None:
        self._posts = posts
        self._place = place
        self._text = ""
        self._over = False
        self._news = asyncio.Event()
        self._sending = asyncio.Lock()
        self._task = beside(self._keep(), "showing how a run stands", place.session)

    def show(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self._news.set()

    async def end(self) -> None:
        """Nothing more comes. What is the last to be shown is shown in its time, and nobody waits for it."""
        self._over = True
        self._news.set()
        async with self._sending:  # the message comes before what is said next
            return

    async def _keep(self) -> None:
        await self._news.wait()
        async with self._sending:
            shown = "" if self._over else self._text
            if not shown:
                return
            self._news.clear()
            _, message = await self._posts.send(await self._posts.now(self._place), Page((shown,)))
        while self._text != shown or not self._over:
            await asyncio.sleep(BETWEEN_EDITS)
            await self._news.wait()
            self._news.clear()
            if self._text != shown:
                shown = self._text
                view, _ = layout(Page((shown,)))
                with contextlib.suppress(discord.HTTPException, RuntimeError):  # the next says more, or we have left
                    await message.edit(view=view)
