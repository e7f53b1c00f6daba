"""What all sittings of one process share, however many there are: store, bank, grader, lab. It knows no candidate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.bank import Shelves, open_shelves
from bot.app.expiring import let_go
from bot.app.grading import LateGrader, open_grader
from bot.app.home import prepare_home
from bot.app.lab import open_lab
from bot.app.loading import Loading
from bot.app.models import grading_model, model_grader, open_model, told
from bot.app.records import open_records
from bot.ports import Doors, Grader
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.llm.chat import LangChainModel
    from bot.store.log import SqlStore


@dataclass(frozen=True)
class House:
    """Everything that the sittings of one process share. `doors` lead to it; who sits down is entered in a copy."""

    home: Path
    store: SqlStore
    doors: Doors
    shelves: Shelves
    loading: Loading
    model: LangChainModel | None = None

    async def close(self) -> None:
        """Gives back what was opened."""
        await self.loading.stop()
        if self.doors.lab is not None:
            await self.doors.lab.close()
        if self.model is not None:
            await self.model.close()
        await self.shelves.close()
        await self.store.close()


async def open_house(settings: Settings, resident: bool = False) -> House:
    """Opens the store and the bank, and names what is behind each door. Nothing heavy is loaded yet.

    A `resident` house serves many sittings, and keeps what the next one will need.
    """
    from bot.lab.syntax.reading import LimitedReader
    from bot.offline.interviewer import OfflineInterviewer

    async def too_old() -> None:
        await let_go(house, resident)

    wanted = grading_model(settings)
    store = await open_records(settings, serving=resident)
    home = prepare_home(settings)
    shelves = open_shelves(settings, home)
    library = shelves.library
    model = open_model(wanted, library) if wanted is not None else None

    def graded_by() -> Grader:
        offline = open_grader(shelves.embedder, yielding=resident)
        return offline if model is None else model_grader(model, offline, library, settings)

    grader = LateGrader(model.name if model is not None else "offline", graded_by, library.beside)
    warm = [model.warm] if model is not None else []
    loading = Loading(library.warm, grader.load, *warm, too_old, *shelves.keeping())
    doors = Doors(
        store=store,
        bank=shelves.corpus,
        interviewer=OfflineInterviewer(),
        grader=grader,
        retriever=library,
        code_reader=LimitedReader(),
        holder=store.holder,
        warm=loading.start,
        notice=told(wanted) if wanted is not None else "",
        lab=open_lab(settings, home, lambda sentence: None, download=False, resident=resident),
    )
    house = House(home, store, doors, shelves, loading, model)  # which `too_old` speaks of
    return house
