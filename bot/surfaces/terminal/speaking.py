"""Saying replies on a stream that only grows, and what Ctrl-C does to what is being said. It uses no styles."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, Protocol

from bot.core.quoting import verbatim
from bot.core.reply import Reply
from bot.core.run_words import progress_in_words
from bot.core.training import Progress
from bot.surfaces.terminal.output import Output, OutputGone
from bot.surfaces.terminal.plain import plain_markdown, plain_reply
from bot.surfaces.terminal.uttering import Uttered
from bot.surfaces.text.harmless import harmless

#: Whoever waits longer than this (seconds) is told that work goes on.
PATIENCE = 1.0
#: Seconds between two lines about a run: more would only be in the way of who listens to them.
BETWEEN = 5.0
#: What is said in full even when the rest is cut short: without it nobody would know what to answer.
ESSENTIAL = frozenset(["question", "follow_up", "repeat", "closing"])
CUT = "(Cut short; it is kept. `/repeat` says the question again, `/grade` shows the last marks.)"


class Speaker(Protocol):
    """A mouth that can also say the terminal's own sentences, and show that work goes on."""

    once: bool
    by_turns: bool

    async def say(self, seq: int, replies: Sequence[Reply]) -> None: ...

    async def utter(self, seq: int, sentence: str) -> None: ...

    def note(self, markdown: str) -> None:
        """A sentence of the terminal's own."""
        ...

    def progress(self, question: str, progress: Progress) -> None:
        """Shows how a run stands."""
        ...

    def heard(self, text: str) -> None:
        """The candidate's words were taken; shows them where nothing has shown them yet."""
        ...

    def working(self) -> AbstractAsyncContextManager[None]:
        """While the interviewer works on a turn."""
        ...


class Interrupts:
    """Ctrl-C: it stops a run that is going on; else the first press cuts short what is being said, and the second ends
    the sitting (`leaving`). `stop` stops the run, and says whether there was one; `held` keeps what else is typed."""

    def __init__(
        self,
        active: bool,
        stop: Callable[[], bool] = lambda: False,
        held: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext,
    ) -> None:
        self._stop = stop
        self._held = held
        self.hushed = False
        self.leaving = False
        self._active = active and threading.current_thread() is threading.main_thread()

    def skips(self, reply: Reply) -> bool:
        """Whether this reply is left out because Ctrl-C was pressed."""
        return self.hushed and reply.kind not in ESSENTIAL

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Catches Ctrl-C for one turn, which is the task that runs the block."""
        self.hushed = False
        turn = asyncio.current_task()

        def pressed() -> None:
            if self._stop():
                return
            if self.hushed and turn is not None:
                self.leaving = True
                turn.cancel()
            self.hushed = True

        with self.caught(pressed), self._held():  # set back before Ctrl-C can end anything again
            yield

    @contextlib.contextmanager
    def caught(self, pressed: Callable[[], None]) -> Iterator[None]:
        """Calls `pressed` on the loop for each Ctrl-C within the block, where this is a terminal of our own."""
        if not self._active:
            yield
            return
        loop = asyncio.get_running_loop()

        def received(*_: Any) -> None:
            loop.call_soon_threadsafe(pressed)

        before = signal.signal(signal.SIGINT, received)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


class PlainSpeaker:
    """Append-only: each turn begins with a name, and nothing that stands is ever touched again."""

    once = True
    by_turns = False

    def __init__(self, out: Output, interrupts: Interrupts, echo: bool) -> None:
        self._out = out
        self._interrupts = interrupts
        self._echo = echo
        self._named = False
        self._spoke = False
        self._stage = ""
        self._told = 0.0
        self._uttered = Uttered()

    async def utter(self, seq: int, sentence: str) -> None:
        self._spoke = True
        if self._interrupts.hushed:
            return
        said = plain_markdown(verbatim(sentence))
        if not self._uttered.add(seq, sentence):
            self._out.write(f" {said}")
            return
        name = "" if self._named else "Interviewer: "
        self._named = True
        self._out.write(f"{name}{said}")

    async def say(self, seq: int, replies: Sequence[Reply]) -> None:
        for whole in replies:
            self._spoke = True
            reply = self._uttered.rest(seq, whole)
            if reply is not whole:
                self._out.write("\n\n")
            if self._interrupts.skips(reply):
                continue
            for paragraph in plain_reply(reply).split("\n\n"):
                if self._interrupts.skips(reply):
                    self.note(CUT)
                    break
                self._put(paragraph)
                await asyncio.sleep(0)  # lets Ctrl-C in

    def note(self, markdown: str) -> None:
        self._put(plain_markdown(markdown))

    def progress(self, question: str, progress: Progress) -> None:
        """A line when a run enters a new stage, and now and then while it lasts; a pipe does not wait."""
        self._spoke = True
        due = progress.stage != self._stage or progress.seconds - self._told >= BETWEEN
        if due and not self._echo:
            self._stage, self._told = progress.stage, progress.seconds
            self._put(progress_in_words(progress))

    def heard(self, text: str) -> None:
        self._named = False
        if self._echo:
            self._out.write(f"You: {harmless(text)}\n\n")

    def _put(self, text: str) -> None:
        name = "" if self._named else "Interviewer: "
        self._named = True
        self._out.write(f"{name}{text}\n\n")

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        self._spoke = False
        waiting = asyncio.create_task(self._wait())
        try:
            yield
        finally:
            waiting.cancel()

    async def _wait(self) -> None:
        """Says once that work goes on; a pipe does not wait and is told nothing."""
        await asyncio.sleep(PATIENCE)
        if not self._spoke and not self._echo:
            with contextlib.suppress(OutputGone):
                self._put("One moment, please.")
