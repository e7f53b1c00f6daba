"""`viva eval interviewer`: opens a house of its own, has the simulated candidates sit in it, and prints the table.

The sittings are kept in a folder that is gone afterwards: nobody's records and nobody's progress show them.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.app.house import open_house
from bot.app.sitting import Seat, begun, new_session_id
from bot.beginning import Wanted
from bot.commands.library import drawing
from bot.commands.simulated.candidates import Candidate
from bot.commands.simulated.kinds import Cast, Kind, read_cast
from bot.commands.simulated.wish import Wish
from bot.core.flow import Flow
from bot.core.question import Question
from bot.core.training import Task
from bot.errors import IndexUnavailable, WrongUsage
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.app.house import House
    from bot.commands.simulated.measuring import Figures
    from bot.ports import Bank

INTERVIEWERS = ("offline", "llm")
#: The interview that they sit: it draws from all levels, and leads over from one to the next.
FLOW = "mixed"


def interviewer_command(wish: Wish, evals: Path) -> None:
    """Measures the interviewer and prints its table; what went wrong stands below it."""
    from bot.commands.simulated.table import data, faults, table

    cast = read_cast(evals)
    kinds = _chosen(cast, wish)
    if wish.interviewer not in INTERVIEWERS:
        raise WrongUsage(f"There is no interviewer {wish.interviewer!r}: say offline or llm.")
    with drawing(wish.as_json) as progress:
        who, results = asyncio.run(_measured(read_settings(), wish, cast, kinds, progress))
    if wish.as_json:
        found = {"v": 1, "eval": "interviewer", **who, "seed": wish.seed, "candidates": [data(r) for r in results]}
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    typer.echo("\n".join(table(results)))
    typer.echo(f"\nInterviewer: {who['interviewer']}; grader: {who['grader']}; seed {wish.seed}.")
    if told := list(faults(results)):
        typer.echo("\n".join(["\nWhat went wrong:", "", *told]))


def _chosen(cast: Cast, wish: Wish) -> Sequence[Kind]:
    if wish.kind is None:
        return list(cast.kinds.values())
    if wish.kind not in cast.kinds:
        raise WrongUsage(f"There is no candidate {wish.kind!r}; the kinds are: {', '.join(cast.kinds)}.")
    return [cast.kinds[wish.kind]]


async def _measured(
    settings: Settings, wish: Wish, cast: Cast, kinds: Sequence[Kind], progress: Callable[[str], None]
) -> tuple[dict[str, str], list[Figures]]:
    """Who was measured, and the figures of each kind. One house serves all sittings."""
    results = []
    async with opened(settings, wish, cast) as house:
        for number, kind in enumerate(kinds, 1):
            progress(f"{number} of {len(kinds)}: {kind.id}")
            results.append(await sat_by(house, kind, cast, wish))
        doors = house.doors
        interviewer = doors.voice.name if doors.voice is not None else doors.interviewer.name
        return {"interviewer": interviewer, "grader": doors.grader.name}, results


async def sat_by(house: House, kind: Kind, cast: Cast, wish: Wish) -> Figures:
    """What an interview with a candidate of this kind came to."""
    from bot.commands.simulated.measuring import measured
    from bot.commands.simulated.sitting import sit

    candidate = Candidate(kind, cast, {q.id: q for q in house.doors.bank.questions()}, wish.seed)
    wanted = Wanted(flow=FLOW, mode="practice", questions=wish.questions, seed=wish.seed)
    nobody = Seat(new_session_id(), "terminal", "terminal")  # whom nothing is known of: each sitting is a first one
    interview = await begun(house, wanted, nobody)
    try:
        sat = await sit(interview, house.store, candidate)
    finally:
        await interview.close()
    return await measured(kind.id, sat, candidate.planted(), house.doors.grader)


@asynccontextmanager
async def opened(settings: Settings, wish: Wish, cast: Cast) -> AsyncIterator[House]:
    """A house of its own with the interviewer that is wished for; its bank holds what the candidates have words on."""
    with tempfile.TemporaryDirectory(prefix="viva-eval-", ignore_cleanup_errors=True) as folder:
        home, index = Path(folder), settings.home.expanduser() / "index"
        if index.is_dir():  # one that was made in the data folder serves here as well
            with contextlib.suppress(OSError):
                (home / "index").symlink_to(index, target_is_directory=True)
        house = await open_house(_as_wished(settings, wish, home))
        try:
            await _check(house, wish)
            bank = Known(house.doors.bank, frozenset(cast.answers))
            yield replace(house, doors=replace(house.doors, bank=bank))
        finally:
            await house.close()


def _as_wished(settings: Settings, wish: Wish, home: Path) -> Settings:
    """The settings with records of their own and no lab; offline, no model is asked for anything."""
    changed = {"home": home, "database_url": None, "lab": "off", "interviewer": wish.interviewer}
    offline = {"grader": "offline"} if wish.interviewer == "offline" else {}
    return settings.model_copy(update=changed | offline)


async def _check(house: House, wish: Wish) -> None:
    await house.shelves.library.warm()
    if house.shelves.library.notice():
        raise IndexUnavailable("The index of this question bank is not made yet. Make it with `viva index`.")
    if wish.interviewer == "llm" and house.doors.voice is None:
        raise WrongUsage("No language model interviews here: set VIVA_MODEL or OPENAI_API_KEY, or measure offline.")


@dataclass(frozen=True)
class Known:
    """The questions of a bank on which there are labelled answers; a `bot.ports.Bank`."""

    bank: Bank
    known: frozenset[str]

    def question(self, question_id: str) -> Question:
        """See `bot.ports.Bank.question`."""
        return self.bank.question(question_id)

    def flow(self, name: str) -> Flow:
        """See `bot.ports.Bank.flow`."""
        return self.bank.flow(name)

    def flows(self) -> Sequence[Flow]:
        """See `bot.ports.Bank.flows`."""
        return self.bank.flows()

    def questions(self) -> Sequence[Question]:
        """Those that somebody has words on."""
        return [question for question in self.bank.questions() if question.id in self.known]

    def task(self, task_id: str) -> Task:
        """See `bot.ports.Bank.task`."""
        return self.bank.task(task_id)
