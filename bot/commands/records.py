"""Sessions as records: listed, reported, exported, forgotten, backed up and restored. The store does the work."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from bot.app import pictures
from bot.app.bank import open_documents, open_embedder
from bot.app.home import prepare_home
from bot.app.records import backup_records, open_records, restore_records
from bot.core.folding import fold
from bot.core.question import Question
from bot.core.session import Session
from bot.errors import VivaError, WrongUsage
from bot.ports import Sitting
from bot.settings import read_settings
from bot.surfaces.text.harmless import harmless

if TYPE_CHECKING:
    from bot.store.forgetting import Forgotten, Held
    from bot.store.log import SqlStore
    from bot.store.portable import Contents

T = TypeVar("T")
WORDS_AS_THEY_ARE = (
    "People are numbered, and nobody is named; but their words are as they wrote them: read them before you pass them "
    "on, and keep the file no longer than you keep interviews. `viva forget` does not reach it."
)
DRAWN = "On questions drawn from somebody's own documents, whose words and names are left out: {n}."


def with_store(work: Callable[[SqlStore], Awaitable[T]]) -> T:
    """Opens the store, does the work and closes it."""

    async def run() -> T:
        store = await open_records()
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


def sessions_command(limit: int, as_json: bool) -> None:
    """Prints the sittings, newest first."""

    async def work(store: SqlStore) -> tuple[list[Sitting], dict[str, list[str]]]:
        found = await store.sittings(limit=limit)
        return found, {owner: list(await store.groups.accounts(owner)) for owner in {each.owner for each in found}}

    sittings, accounts = with_store(work)
    if as_json:
        for sitting in sittings:
            row = {"v": 1, **vars(sitting), "accounts": accounts[sitting.owner]}
            typer.echo(json.dumps(row, ensure_ascii=False))
    elif not sittings:
        typer.echo("No interviews yet. Begin one: viva chat")
    else:
        typer.echo("\n".join(_row(sitting, accounts[sitting.owner]) for sitting in sittings))


def _row(sitting: Sitting, accounts: Sequence[str]) -> str:
    begun = datetime.fromisoformat(sitting.begun).astimezone().strftime("%Y-%m-%d %H:%M")
    about = f"{sitting.flow}, {sitting.mode}"
    who = f"{sitting.owner} ({', '.join(accounts)})" if accounts else sitting.owner
    answers = "answer" if sitting.answered == 1 else "answers"
    return f"{sitting.id}  {begun}  {sitting.status:<9} {about:<24} {sitting.answered:>3} {answers:<7}  {who}"


def report_command(session: str, form: str, out: Path | None, curves: Path | None = None) -> None:
    """Prints or writes a report as Markdown or JSON, or draws the curves of its runs into a folder."""
    if form not in ("md", "json"):
        raise WrongUsage(f"There is no report format {form!r}: take md or json.")
    data = asyncio.run(_report(session))
    if curves is not None:
        _draw(data, curves)
        return
    from bot.surfaces.report.markdown import markdown

    _deliver(markdown(data) if form == "md" else _json(data), out)


async def _report(name: str) -> dict[str, Any]:
    """The report's data, once what waits in an interview that is over was tried to be judged."""
    from bot.surfaces.report.data import report_data

    sitting, session, book = await _read(name)
    waiting = len(session.waiting) + len(session.put_off)
    if session.ended is not None and waiting and await _judged_late(sitting, waiting):
        sitting, session, book = await _read(name)
    return report_data(sitting.id, session, book)


async def _read(name: str) -> tuple[Sitting, Session, Mapping[str, Question]]:
    store = await open_records()
    try:
        sitting = await store.find(name)
        return sitting, fold(await store.load(sitting.id)), await store.rubrics(sitting.id)
    finally:
        await store.close()


async def _judged_late(sitting: Sitting, count: int) -> bool:
    from bot.app.judging import judge_late, judges

    settings = read_settings()
    try:
        if not judges(settings):
            return False
    except VivaError as error:  # a report can be read without the model that is missing
        typer.echo(f"viva: {error}", err=True)
        return False
    answers = "1 answer" if count == 1 else f"{count} answers"
    typer.echo(
        f"{answers} could not be judged when given; the model is asked for {'it' if count == 1 else 'them'} now.",
        err=True,
    )
    some = await judge_late(settings, sitting)
    if not some:
        typer.echo("It could not judge that this time either. What was answered is kept; try again later.", err=True)
    return some


def _draw(data: dict[str, Any], folder: Path) -> None:
    """Draws what was run, a picture each, and says where they lie."""
    from bot.surfaces.report.picture import pictures

    try:
        files = list(pictures(data, folder))
    except ImportError:
        raise VivaError("matplotlib is not installed, which draws the pictures: pip install matplotlib") from None
    except OSError as error:
        raise VivaError(f"The pictures cannot be written to {folder}: {error.strerror}.") from None
    typer.echo("\n".join(map(str, files)) if files else "Nothing was run in this interview: there is no curve to draw.")


def export_any(session: str | None, disputes: bool, group: str | None, out: Path | None) -> None:
    """Exports one session, or what was objected to in all."""
    if disputes != (session is None):
        raise WrongUsage("Name an interview (`viva export last`), or say --disputes without one.")
    if group is not None and not disputes:
        raise WrongUsage("--group goes with --disputes.")
    if session is not None:
        export_command(session, out)
    else:
        export_disputes_command(group, out)


def export_command(name: str, out: Path | None) -> None:
    """Prints or writes everything that is kept of a session."""

    async def work(store: SqlStore) -> dict[str, Any]:
        return await store.export((await store.find(name)).id)

    _deliver(_json(with_store(work)), out)


def export_disputes_command(group: str | None, out: Path | None) -> None:
    """Prints or writes what was objected to, a JSON object a line, with numbers in the place of people."""
    rows = with_store(lambda store: _disputes(store, group))
    if not rows:
        typer.echo(f"Nothing was objected to{f' in the group {group}' if group else ''}.", err=True)
    else:
        count = "1 objection" if len(rows) == 1 else f"{len(rows)} objections"
        typer.echo(f"{count}. {WORDS_AS_THEY_ARE}", err=True)
    if drawn := sum(row["drawn"] for row in rows):
        typer.echo(DRAWN.format(n=drawn), err=True)
    _deliver("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), out)


async def _disputes(store: SqlStore, group: str | None) -> list[dict[str, Any]]:
    from bot.knowledge.importing.drafting import is_drawn
    from bot.surfaces.report.disputes import dispute_rows

    numbers: dict[str, int] = {}
    rows: list[dict[str, Any]] = []
    for sitting in await store.disputed(group):
        person = numbers.setdefault(sitting.owner, len(numbers) + 1)
        session, book = fold(await store.load(sitting.id)), await store.rubrics(sitting.id)
        rows += dispute_rows(person, session, book, is_drawn)
    return rows


def forget_command(user: str, yes: bool) -> None:
    """Deletes all that is kept of a person, after asking; `user` is the person's name, or that of a joined account."""
    held = with_store(lambda store: store.held(user))
    known = held.sessions or held.documents or held.boards or held.accounts
    if not yes:
        if not known:
            raise WrongUsage(with_store(lambda store: _nobody(store, user)))
        if not sys.stdin.isatty():
            raise WrongUsage("Nothing was deleted: without a terminal to ask at, say --yes.")
        typer.confirm(f"Delete {_amount(held)} of {_named(held)}, for good?", abort=True)
    # With --yes, also for one who is known no longer: what the last attempt did not reach, a backup say, goes now.
    forgotten = with_store(lambda store: _forget(store, held))
    if not (known or forgotten.rewritten or forgotten.removed):
        raise WrongUsage(with_store(lambda store: _nobody(store, user)))
    typer.echo(f"Deleted {_amount(held)} of {_named(held)} ({forgotten.events} events).")
    for file in forgotten.rewritten:
        typer.echo(f"Rewritten without them: {file}")
    for file in forgotten.removed:
        typer.echo(f"Removed: {file}")
    for file in forgotten.unread:
        typer.echo(f"Cannot be read, and was left; if it is a backup, delete it: {file}")
    typer.echo("Files that you wrote elsewhere yourself (viva backup, export, report --out) are yours to delete.")


def _named(held: Held) -> str:
    return f"{held.person} (joined with {', '.join(held.accounts)})" if held.accounts else held.person


def _amount(held: Held) -> str:
    """What there is of a person, in words: the interviews always, the rest where there is any."""
    more = (
        (held.documents, "document", "documents"),
        (held.boards, "place on a server's board", "places on servers' boards"),
    )
    parts = [_counted(held.sessions, "interview")]
    parts += [f"{count} {one if count == 1 else many}" for count, one, many in more if count]
    return _listed(parts)


def _counted(count: int, one: str) -> str:
    return f"{count} {one if count == 1 else f'{one}s'}"


def _listed(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


async def _nobody(store: SqlStore, user: str) -> str:
    owners = await store.owners()
    there = f"there is: {', '.join(owners)}" if owners else "nobody's are kept"
    return f"No interviews of {user!r} are kept; {there}."


async def _forget(store: SqlStore, held: Held) -> Forgotten:
    """Forgets the sessions, what the terminal keeps beside them (drafts, typed lines), and the person's documents."""
    from bot.surfaces.terminal.private import forget

    settings = read_settings()
    home = prepare_home(settings)
    sittings = await store.sittings(owner=held.person, limit=sys.maxsize)
    if sittings:  # else what was typed here is another's
        forget(home, [sitting.id for sitting in sittings])
    for name in held.names:
        open_documents(settings, home, open_embedder(home), name).forget()
    forgotten = await store.forget(held.person)
    await pictures.sweep(home, await store.ids())
    return forgotten


def backup_command(file: Path) -> None:
    """Writes all data into one file, and says what that is."""
    held, where = asyncio.run(backup_records(file))
    typer.echo(f"{file} holds all of {where}: {_held(held)}. Bring it back with: viva restore {file}")


def _held(held: Contents) -> str:
    people = "1 person" if held.people == 1 else f"{held.people} people"
    each = (_counted(held.documents, "document"), _counted(held.pictures, "picture"))
    return _listed((f"{_counted(held.sessions, 'interview')} of {people}", *each))


def restore_command(file: Path, replace: bool) -> None:
    """Brings back a backup."""
    restored = asyncio.run(restore_records(file, replace))
    also = f" and {_counted(restored.pictures, 'picture')}" if restored.pictures else ""
    typer.echo(f"Brought back {_counted(restored.sessions, 'interview')} ({restored.events} events){also}.")
    out = restored.left_out
    if out.sessions or out.documents:
        each = (
            _counted(out.sessions, "interview"),
            _counted(out.documents, "document"),
            _counted(out.pictures, "picture"),
        )
        typer.echo(f"Left out, of people who were forgotten after the backup was made: {_listed(each)}.")
    if restored.kept is not None:
        typer.echo(f"What was here before is kept in {restored.kept}")


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _deliver(text: str, out: Path | None) -> None:
    """To a file, whole or not at all, or to standard output; what UTF-8 cannot carry is shown escaped."""
    if out is None:
        shown = harmless(text) if sys.stdout.isatty() else text  # a candidate's words must not steer a terminal
        sys.stdout.buffer.write(shown.encode("utf-8", "backslashreplace"))
        return
    data = text.encode("utf-8", "backslashreplace")
    part = out.with_name(out.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise VivaError(f"{out} cannot be written: {error.strerror}. Name another file with --out.") from None
    typer.echo(f"Written to {out}", err=True)
