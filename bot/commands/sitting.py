"""`viva chat`: chooses between a new sitting and an unfinished one, and hands it to the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import shutil
import signal
import sys
import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.app.bank import open_bank
from bot.app.home import owner, prepare_home
from bot.app.house import open_house
from bot.app.sitting import Seat, begun, read_programs, resumed
from bot.beginning import Wanted
from bot.core.folding import fold
from bot.errors import WrongUsage
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.app.house import House
    from bot.interview import Interview
    from bot.ports import Sitting
    from bot.surfaces.terminal.style import Style


#: A job description is a page or two; a thousand times that is something else.
LARGEST_TEXT = 1_000_000
#: More projects than this nobody lists; the flow says how many it takes.
MOST_LINES = 100


@dataclass(frozen=True)
class Given:
    """The files that a candidate gave along with the flags."""

    job: Path | None = None
    projects: str | None = None
    code: tuple[Path, ...] = ()

    @property
    def anything(self) -> bool:
        """True when any was given."""
        return bool(self.job or self.projects or self.code)


def sit(wanted: Wanted, given: Given, resume: str | None, plain: bool, jsonl: bool) -> int:
    """Sits an interview; the exit code."""
    settings = read_settings()
    if wanted.flow == "list":
        return _list_flows(settings)
    try:
        wanted = wanted if resume is not None else _with_texts(wanted, given)
        return asyncio.run(_sit(settings, wanted, given, resume, plain, jsonl))
    except asyncio.CancelledError:
        raise typer.Abort from None


def _with_texts(wanted: Wanted, given: Given) -> Wanted:
    """The wishes with what the files say."""
    job = _text(given.job, "the job description") if given.job is not None else None
    projects: tuple[str, ...] = ()
    if given.projects is not None and given.projects.isdigit():
        projects = ("",) * min(int(given.projects), MOST_LINES)
        if not projects:
            raise WrongUsage("Nothing can be asked about 0 projects: leave --projects out, or say 1, 2 or 3.")
    elif given.projects is not None:
        lines = (
            line.strip(" \t-*#•0123456789.)") for line in _text(Path(given.projects), "your projects").splitlines()
        )
        projects = tuple(line for line in lines if line)
    return replace(wanted, job=job, projects=projects)


def _text(file: Path, what: str) -> str:
    """The words of a text file; WrongUsage where it holds none."""
    try:
        if file.stat().st_size > LARGEST_TEXT:
            raise WrongUsage(f"{file} is too large for {what}: give the page or two that matter as a text file.")
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise WrongUsage(f"{file} is no plain text: save {what} as a text file (.txt or .md).") from None
    except OSError as error:
        raise WrongUsage(f"{file} cannot be read: {error.strerror}. Name the file with {what}.") from None
    if not text.strip():
        raise WrongUsage(f"{file} is empty: write {what} into it.")
    return text


def _list_flows(settings: Settings) -> int:
    for flow in open_bank(prepare_home(settings)).flows():
        size = f"{len(flow.rounds)} rounds" if flow.rounds else f"{flow.questions} questions"
        typer.echo(f"{flow.id}: {flow.describes or flow.title} ({size}, {flow.minutes} minutes)")
    return 0


async def _sit(settings: Settings, wanted: Wanted, given: Given, resume: str | None, plain: bool, jsonl: bool) -> int:
    from bot.surfaces.terminal.style import Style

    _leave_when_told()
    style = Style.of(os.environ, sys.stdin, sys.stdout, plain)
    house = await open_house(settings)
    try:
        sitting: Sitting | None
        if resume is not None:
            sitting = await _named(house, resume, wanted.anything or given.anything)
        else:
            wanted = replace(wanted, programs=await read_programs(house, given.code))
            sitting = await _unfinished(house) if style.terminal_in and not jsonl and not wanted.anything else None
        seat = Seat(owner(), "terminal", "terminal")
        interview = await resumed(house, sitting, seat) if sitting else await begun(house, wanted, seat)
        afterwards = sitting is not None and resume not in (None, "last") and sitting.status != "running"
        return await _talk(house, interview, sitting is not None, style, jsonl, afterwards)
    finally:
        await house.close()


def _leave_when_told() -> None:
    """Ends the sitting in good order when the system ends it, so that the terminal is left as it was."""
    loop, sitting = asyncio.get_running_loop(), asyncio.current_task()
    for name in ("SIGTERM", "SIGHUP"):
        with contextlib.suppress(AttributeError, NotImplementedError):  # Windows has neither
            loop.add_signal_handler(getattr(signal, name), sitting.cancel if sitting else loop.stop)


async def _named(house: House, resume: str, others: bool) -> Sitting:
    """The sitting of that id, or the last one that is not over; `other` flags are left aside, with a notice."""
    if others:
        sys.stderr.write("viva: with --resume the other flags are left aside: the sitting goes on as it was begun.\n")
    if resume != "last":
        return await house.store.find(resume)
    try:
        last = await house.store.find("last", owner=owner())
        if last.status == "running" or fold(await house.store.load(last.id)).unsaid:  # over, but not all of it was said
            return last
        return await house.store.find("last", owner=owner(), status="running")
    except WrongUsage:
        raise WrongUsage("There is no unfinished interview to go on with. Begin a new one: viva chat") from None


async def _unfinished(house: House) -> Sitting | None:
    """The unfinished sitting that the candidate wants to go on with, if there is one."""
    from bot.surfaces.terminal.offering import offer

    try:
        sitting = await house.store.find("last", owner=owner(), status="running")
    except WrongUsage:
        return None
    return sitting if offer(sitting, stdin=sys.stdin, stdout=sys.stdout) else None


async def _talk(house: House, interview: Interview, resumed: bool, style: Style, jsonl: bool, afterwards: bool) -> int:
    """Hands the interview to the mouth that was asked for, and gives the session back at the end."""
    from bot.commands.programs import python_of

    try:
        if jsonl:
            from bot.surfaces.terminal.jsonl import chat_jsonl

            return await chat_jsonl(
                interview,
                resumed=resumed,
                stdin=sys.stdin,
                stdout=sys.stdout,
                new_id=_message_id,
                python_of=python_of,
                afterwards=afterwards,
            )
        from bot.surfaces.terminal.chat import chat

        return await chat(
            interview,
            resumed=resumed,
            style=style,
            stdin=sys.stdin,
            stdout=sys.stdout,
            home=house.home,
            environ=os.environ,
            new_id=_message_id,
            resume_with=f"{_called()} chat --resume {{session}}",
            report_with=f"{_called()} report {{session}}",
            python_of=python_of,
            afterwards=afterwards,
        )
    finally:
        await interview.close()


def _called() -> str:
    """How this program is called here: by its name where a shell finds it, else by its path."""
    if shutil.which("viva"):
        return "viva"
    program = Path(sys.argv[0])
    if program.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m bot"
    return shlex.quote(os.path.relpath(program))


def _message_id() -> str:
    return uuid.uuid4().hex
