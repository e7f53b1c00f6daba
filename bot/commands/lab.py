"""`viva lab run` and `viva lab status`: one program in the sandbox, as an interview runs it; and how the lab stands."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import typer

from bot.app.bank import open_bank
from bot.app.home import owner, prepare_home
from bot.app.lab import open_lab
from bot.commands.lab_words import Display, JsonLines, Terminal
from bot.core.quoting import MARKUP
from bot.core.run_words import at_line, plain
from bot.core.training import Finding, Outcome, Progress, Submission, Task
from bot.errors import CodeUnreadable, LabUnavailable, WrongUsage
from bot.ports import Bank, Lab
from bot.settings import Settings, read_settings

#: Bytes of a file that are read. A notebook may hold pictures; a program of more than 64 KiB is refused by the lab.
LARGEST_FILE = 64 * 1024 * 1024
STDIN = "-"
#: What may be asked for of seconds; of memory, the lab itself says.
LEAST_SECONDS, MOST_SECONDS = 1, 600
#: So many questions are named.
MOST_FOLLOW_UPS = 3
_ESCAPED = re.compile(rf"\\([{re.escape(''.join(sorted(MARKUP)))}])")
OFF = "Programs are not run here, because VIVA_LAB is `off`. Unset it to run them."


@dataclass(frozen=True)
class Wish:
    """What the flags say. None stands for what the task says."""

    task: str = "mnist-mlp"
    seconds: float | None = None
    memory: int | None = None
    as_json: bool = False


def run_command(file: str, wish: Wish) -> int:
    """Runs one program and prints what came of it; 0 for a verdict of any kind, 1 when the lab could not run it."""
    from bot.lab.notebook import place_in, python_of

    _within_bounds(wish)
    settings = read_settings()
    home = prepare_home(settings)
    bank = open_bank(home)
    task = bank.task(wish.task)
    text = _text(file)
    source, notices = python_of(text, "standard input" if file == STDIN else Path(file).name)
    place = at_line if source == text else partial(place_in, source)
    display: Display = JsonLines(sys.stdout) if wish.as_json else Terminal(place=place)
    submission = _submission(task, source, wish)
    try:
        return asyncio.run(_run(settings, home, bank, submission, notices, display))
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.stderr.write("viva: Stopped. The program was ended, and nothing of it is left.\n")
        return 1


def status_command(as_json: bool) -> int:
    """Prints how the lab stands; 1 when programs cannot be run here."""
    from bot.lab.status import lab_lines

    settings = read_settings()
    home = prepare_home(settings)
    stands = asyncio.run(_standing(settings, home))
    if as_json:
        JsonLines(sys.stdout).put(**stands)
    else:
        typer.echo("\n".join(lab_lines(stands)))
    return int(not stands["runs"])


def data_command() -> int:
    """Downloads MNIST once, with progress; 1 when it cannot be had."""
    from bot.lab.datasets import digits_at_hand, open_digits
    from bot.lab.download import Source

    settings = read_settings()
    home = prepare_home(settings)
    folder = settings.mnist_dir.expanduser() if settings.mnist_dir else None
    digits = open_digits(folder, home, lambda sentence: typer.echo(sentence, err=True), Source(every=0.0))
    at_hand = digits_at_hand(folder, home)
    had = [at_hand.text] if at_hand.state == "ok" else []
    typer.echo(" ".join([*had, *digits.notes]))
    return int(at_hand.state != "ok")


async def _run(
    settings: Settings, home: Path, bank: Bank, submission: Submission, notices: Sequence[str], display: Display
) -> int:
    lab = open_lab(settings, home, display.notice)
    with display, _ended_by_sigterm():
        for notice in notices:
            display.notice(notice)
        try:
            outcome = await _outcome(lab, submission, display.progress)
        finally:
            if lab is not None:
                await lab.close()
        display.result(await _result(bank, submission, outcome), outcome)
    return int(outcome.status == "unavailable")


async def _outcome(lab: Lab | None, submission: Submission, heard: Callable[[Progress], None]) -> Outcome:
    """What came of it; the lab's own failure too."""
    if lab is None:
        return Outcome("unavailable", why=OFF)
    try:
        return await lab.run(submission, heard)
    except LabUnavailable as error:
        return Outcome("unavailable", why=str(error))


async def _result(bank: Bank, submission: Submission, outcome: Outcome) -> dict[str, Any]:
    """The object that programs are given, and beside it what else is known."""
    from bot.core.review import joined, review
    from bot.lab.syntax.reading import LimitedReader

    task, source = submission.task, submission.source
    facts: Mapping[str, Any] = {}
    with contextlib.suppress(CodeUnreadable):  # the run itself says which line cannot be parsed
        facts = await LimitedReader().facts(source) if outcome.status != "refused" else {}
    findings = review(facts, source, outcome, task)
    return {
        **plain(outcome, findings),
        "seconds": {name: round(value, 4) for name, value in vars(outcome.seconds).items()},
        "stdout": outcome.stdout,
        "facts": joined(facts, outcome),
        "follow_ups": follow_ups(bank, task, facts, outcome, findings),
        "device_name": outcome.device_name,
        "predicted_by": outcome.predicted_by,
        "curve": vars(outcome.curve),
        "seen": outcome.seen,
        "task": task.id,
    }


def follow_ups(
    bank: Bank, task: Task, facts: Mapping[str, Any], outcome: Outcome, findings: Sequence[Finding]
) -> list[str]:
    """What one would be asked about it: by the findings first, then what the task asks of a run like this one."""
    from bot.core.plan import filled, placeholders
    from bot.core.questioning import TELLING, figures

    if outcome.status == "refused":
        return []
    known = {name: _ESCAPED.sub(r"\1", value) for name, value in figures(facts, outcome).items()}
    asked = [finding.question for finding in findings if finding.question]
    of_few: list[str] = []
    of_many: list[str] = []
    for name in task.follow_ups:
        with contextlib.suppress(WrongUsage):
            question = bank.question(name)
            named = set(placeholders(question.ask))
            if named <= set(known):
                (of_many if TELLING.isdisjoint(named) else of_few).append(filled(question, known).ask.strip())
    return list(dict.fromkeys([*asked, *of_few, *of_many]))[:MOST_FOLLOW_UPS]


def _within_bounds(wish: Wish) -> None:
    from bot.lab.handing_in import LEAST_MEMORY, MOST

    if wish.seconds is not None and not LEAST_SECONDS <= wish.seconds <= MOST_SECONDS:
        raise WrongUsage(f"--seconds is a number from {LEAST_SECONDS} to {MOST_SECONDS}, not {wish.seconds:g}.")
    if wish.memory is not None and not LEAST_MEMORY <= wish.memory <= MOST.memory:
        raise WrongUsage(
            f"--memory is a number of MiB from {LEAST_MEMORY} (PyTorch itself takes most of that) to {MOST.memory}, "
            f"not {wish.memory}."
        )


def _submission(task: Task, source: str, wish: Wish) -> Submission:
    limits = task.limits
    if wish.seconds is not None:
        limits = replace(limits, seconds=wish.seconds)
    if wish.memory is not None:
        limits = replace(limits, memory=wish.memory)
    return Submission(task, source, limits, person=owner(), place="terminal")


async def _standing(settings: Settings, home: Path) -> dict[str, Any]:
    from bot.core.training import Limits
    from bot.lab.datasets import digits_at_hand
    from bot.lab.gpu import read_devices
    from bot.lab.status import lab_status

    lab = open_lab(settings, home, lambda sentence: None, download=False)
    try:
        said = lab.describe() if lab is not None else {}
    finally:
        if lab is not None:
            await lab.close()
    digits = digits_at_hand(settings.mnist_dir, home)
    return lab_status(said, read_devices(), digits, Limits(), on=lab is not None)


def _text(file: str) -> str:
    """The file as text. Bytes that are none stay as what they are: it is the lab that refuses them, with their line."""
    try:
        if file == STDIN:
            content = sys.stdin.buffer.read(LARGEST_FILE + 1)
        else:
            with Path(file).open("rb") as opened:
                content = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise WrongUsage(f"{file} cannot be read: {error.strerror}. Name a file with a program in it.") from None
    if len(content) > LARGEST_FILE:
        raise WrongUsage(f"{file} is larger than {LARGEST_FILE // 1024 // 1024} MiB. Name a file with a program in it.")
    return content.decode("utf-8-sig", errors="surrogateescape").replace("\r\n", "\n")


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM and a hang-up end the program and the sandbox like Ctrl-C."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    names = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if task is None or threading.current_thread() is not threading.main_thread() or sys.platform == "win32":
        yield
        return
    for name in names:
        loop.add_signal_handler(name, task.cancel)
    try:
        yield
    finally:
        for name in names:
            loop.remove_signal_handler(name)
