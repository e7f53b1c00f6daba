"""Opens a sitting in a house, a new one or one that was begun before. It keeps none: who asked for it closes it."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.home import now
from bot.app.notes import on_notes, on_written_notes
from bot.beginning import Wanted, begin
from bot.core import events as e
from bot.core.flow import Flow
from bot.earlier import known_before
from bot.errors import CodeUnreadable, StoreBroken, WrongUsage
from bot.ports import Doors, Sitting

if TYPE_CHECKING:
    from bot.app.house import House
    from bot.interview import Interview

#: The letters of a session's id: none is mistaken for another when read aloud or typed.
ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ID_LENGTH = 10


@dataclass(frozen=True)
class Seat:
    """Who sits where: the person as the store knows them, and the surface that they talk through.

    `place` is the server, or the surface itself where there is none. The lab's queue is fair to places, and to the
    persons of each.
    """

    person: str
    surface: str
    place: str

    @property
    def server(self) -> str:
        """The server that they sit down on; empty where the surface has none, and in direct messages."""
        return self.place if self.surface == "discord" and self.place != self.surface else ""


def new_session_id() -> str:
    """An id nobody guesses: ten letters of thirty-one."""
    return "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))


async def begun(house: House, wanted: Wanted, seat: Seat) -> Interview:
    """A new sitting, that has not opened its mouth yet."""
    from bot.interview import Interview

    doors = _doors(house, seat)
    if wanted.documents is not None:
        noted = await on_notes(house, seat.person, seat.server, wanted.documents)
        doors, wanted = replace(doors, bank=noted.bank), replace(wanted, documents=noted.written)
    seed = wanted.seed if wanted.seed is not None else secrets.randbelow(1_000_000)
    series = wanted.flow if wanted.flow and doors.bank.flow(wanted.flow).rounds else None
    before = await known_before(house.store, seat.person, now(), series)
    # The words of a long job description take a while, in which others who sit in this house are answered.
    flow, events = await asyncio.to_thread(begin, doors.bank, wanted, before, seed)
    session = new_session_id()
    await house.store.create(session, seat.person, seat.surface)
    return Interview(session, doors, _with_material(house.home, flow, session, events), flow)


async def resumed(house: House, sitting: Sitting, seat: Seat) -> Interview:
    """A sitting that was begun before."""
    from bot.interview import Interview

    begun = await house.store.opening(sitting.id)
    doors = _doors(house, seat)
    if isinstance(begun, e.Started) and begun.documents:
        with contextlib.suppress(WrongUsage):  # the document is gone: what was not asked yet is left out
            doors = replace(doors, bank=(await on_written_notes(house, seat.person, begun.documents)).bank)
    return Interview(sitting.id, doors)


def _doors(house: House, seat: Seat) -> Doors:
    """The doors of the house, as this person goes through them."""
    return replace(house.doors, person=seat.person, place=seat.place)


def _with_material(home: Path, flow: Flow, session: str, events: list[e.Event]) -> list[e.Event]:
    """The first events, once the file that the candidate is to work on was written."""
    started = events[0]
    if not flow.material or not isinstance(started, e.Started):
        return events
    from bot.core.search_log import search_log

    file = home / "take-home" / f"search-log-{session}.csv"
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        file.write_text(search_log(started.seed), encoding="utf-8")
    except OSError as error:
        raise StoreBroken(f"The search log cannot be written to {file}: {error.strerror}.") from None
    return [replace(started, material=str(file)), *events[1:]]


async def read_programs(house: House, files: Sequence[Path]) -> tuple[e.Brought, ...]:
    """Programs of the candidate's own, read and never run; WrongUsage for a file that cannot be opened."""
    return tuple([await _program(house, file.name, _text(file)) for file in files])


async def _program(house: House, name: str, source: str) -> e.Brought:
    try:
        return e.Brought(name, source, await house.doors.code_reader.facts(source))
    except CodeUnreadable as error:
        return e.Brought(name, source, problem=str(error))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise WrongUsage(f"{file} is no text: name a text file.") from None
    except OSError as error:
        raise WrongUsage(f"{file} cannot be read: {error.strerror}.") from None
