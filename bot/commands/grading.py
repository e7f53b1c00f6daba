"""`viva grade`: judges the answers of a file or a pipe, a line at a time. Where lines come from and go to is seen to
here; what a line comes to, `bot.app.batch` knows."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO, get_args

from bot.app.batch import Wanted, open_batch
from bot.errors import VivaError, WrongUsage
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.app.batch import Opened

#: What is read of a line: a longer one is answered as such, and its rest is passed over.
MOST_READ = 1_000_001
_NAME_ONE = "Name a file of JSON lines, or - to read them from standard input."
#: Progress is shown after so long, and as often.
QUIET_SECONDS, EVERY_SECONDS = 1.0, 0.2


def grade_command(file: str, grader: str | None, out: Path | None) -> int:
    """Judges every line of a file (or of standard input, `-`), in order."""
    if grader is not None and grader not in get_args(Wanted):
        raise WrongUsage(f"There is no grader {grader!r}; write --grader offline or --grader llm.")
    wanted: Wanted | None = "llm" if grader == "llm" else "offline" if grader == "offline" else None
    with _opened(file) as source, asyncio.Runner() as runner:
        opened = runner.run(open_batch(read_settings(), wanted))
        try:
            with _delivered(file, out) as delivery:
                return _judge_all(runner, opened, source, delivery)
        finally:
            runner.run(opened.close())


def _judge_all(runner: asyncio.Runner, opened: Opened, source: BinaryIO, delivery: Delivery) -> int:
    """One line after the other. They are read between the turns of the loop, where Ctrl-C ends the waiting for one."""
    if opened.batch.told:
        _say(opened.batch.told)
    progress = Progress(sys.stderr, delivery.shows_progress, time.monotonic)
    try:
        for number, line in lines(source):
            judged = runner.run(opened.batch.judged(line, number))
            for news in opened.news():
                progress.clear()
                _say(news)
            delivery.put(judged.line, judged.graded)
            progress.show(delivery.lines)
    except KeyboardInterrupt:
        progress.clear()
        _say(delivery.broken_off())
        return 1
    progress.clear()
    if notice := opened.notice():
        _say(notice)
    delivery.finish()
    return 0


def lines(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, by number, without what stands behind the first MOST_READ bytes of one."""
    for number in itertools.count(1):
        line = source.readline(MOST_READ)
        if not line:
            return
        rest = line
        while len(rest) == MOST_READ and not rest.endswith(b"\n"):
            rest = source.readline(MOST_READ)
        if line.strip():
            yield number, line


@contextlib.contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    """The file, or standard input, once it was seen to hold text."""
    if file == "-":
        _check(sys.stdin.buffer, "Standard input")
        yield sys.stdin.buffer
        return
    with _file(file) as opened:
        _check(opened, file)
        yield opened


def _file(file: str) -> BinaryIO:
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise WrongUsage(f"{file} cannot be read: {error.strerror}. {_NAME_ONE}") from None


def _check(source: BinaryIO, where: str) -> None:
    """WrongUsage for what is empty, and what is no text. Looks ahead; nothing is taken away."""
    try:
        beginning: bytes = source.peek(1)  # type: ignore[attr-defined]
    except OSError as error:
        raise WrongUsage(f"{where} cannot be read: {error.strerror}. {_NAME_ONE}") from None
    if not beginning:
        raise WrongUsage(f'{where} is empty. Write {{"id": "…", "question": "…", "answer": "…"}} on each line.')
    if b"\0" in beginning:
        raise WrongUsage(f"{where} is no text: give JSON lines in UTF-8.")


@contextlib.contextmanager
def _delivered(file: str, out: Path | None) -> Iterator[Delivery]:
    """Where the judged lines go. A file has its name once it is whole."""
    if out is None:
        yield Delivery(sys.stdout.buffer, None, None)
        return
    out = out.resolve()
    if file != "-" and out == Path(file).resolve():
        raise WrongUsage(f"{out} is the file that is read. Name another one with --out.")
    try:
        whole = not out.exists() or stat.S_ISREG(out.stat().st_mode)  # a device or a pipe is written to as it is
        part = out.with_name(f"{out.name}.part") if whole else out
        opened = part.open("wb")
    except OSError as error:
        raise VivaError(f"{out} cannot be written: {error.strerror}. Name another file with --out.") from None
    delivery = Delivery(opened, part, out)
    try:
        with opened:
            yield delivery
    finally:
        if whole and not delivery.lines:
            part.unlink(missing_ok=True)


@dataclass
class Delivery:
    """Writes line by line, each at once. What goes to a file lies in `part` until it is whole, and stays there where
    it was broken off."""

    stream: BinaryIO
    part: Path | None
    out: Path | None
    lines: int = 0
    graded: int = 0

    @property
    def shows_progress(self) -> bool:
        """Whether standard error is free for it: lines on the same terminal show it themselves."""
        return sys.stderr.isatty() and (self.out is not None or not sys.stdout.isatty())

    def put(self, line: str, graded: bool) -> None:
        """Writes one line."""
        try:
            self.stream.write(f"{line}\n".encode())
            self.stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise VivaError(f"{self._place} cannot be written: {error.strerror}. {self._kept()}") from None
        self.lines += 1
        self.graded += graded

    def finish(self) -> None:
        """Gives the file its name, and says how much was judged."""
        if self.part is None or self.out is None:
            return
        self.stream.flush()
        if self.part != self.out:
            self.part.replace(self.out)
        left = self.lines - self.graded
        why = f" {left} could not be: `why_not` in the file says why." if left else ""
        _say(f"{self.graded} of {self.lines} lines were graded and written to {self.out}.{why}")

    def broken_off(self) -> str:
        """What to say when it was ended before its time."""
        return f"Stopped. {self._kept()}"

    def _kept(self) -> str:
        count = "1 line was judged before" if self.lines == 1 else f"{self.lines} lines were judged before"
        if self.part is None or not self.lines:
            return f"{count}."
        return f"{count}, and {'is' if self.lines == 1 else 'are'} in {self.part}."

    @property
    def _place(self) -> str:
        return str(self.part) if self.part is not None else "Standard output"


class Progress:
    """One line on a terminal that says how many lines were judged; none for what is quickly done."""

    def __init__(self, stream: TextIO, shown: bool, clock: Callable[[], float]) -> None:
        self._stream = stream
        self._shown = shown
        self._clock = clock
        self._began = self._last = clock()
        self._drawn = False

    def show(self, done: int) -> None:
        """Draws it anew, at most five times a second."""
        now = self._clock()
        if not self._shown or now - self._began < QUIET_SECONDS or now - self._last < EVERY_SECONDS:
            return
        self._last, self._drawn = now, True
        self._write(f"\r{done:,} lines, {done / (now - self._began):.1f} a second\x1b[K")

    def clear(self) -> None:
        """Takes it away."""
        if self._drawn:
            self._drawn = False
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self._stream.write(text)
            self._stream.flush()


def _say(text: str) -> None:
    with contextlib.suppress(OSError):
        sys.stderr.write(f"viva: {text}\n")
