"""What all sittings of one process share, however many there are: store, bank, grader, lab. It knows no candidate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.bank import Shelves, open_shelves
from bot.app.costs import open_costs
from bot.app.expiring import let_go
from bot.app.grading import LateGrader, open_grader
from bot.app.home import prepare_home
from bot.app.lab import open_lab
from bot.app.loading import Loading
from bot.app.models import Chosen, chosen_model, model_grader, model_voice, open_model, told
from bot.app.records import open_records
from bot.ports import Doors, Grader
from bot.ports.voice import Voice
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.knowledge.search import Library
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


@dataclass(frozen=True)
class _Asked:
    """Who judges and who words, whether a model `judges`, and what makes both ready."""

    grader: Grader
    voice: Voice | None
    judges: bool
    warm: tuple[Callable[[], Awaitable[None]], ...]


def _asked(chosen: Chosen, model: LangChainModel, offline: Grader, library: Library, settings: Settings) -> _Asked:
    """What the model is asked for."""
    voice = model_voice(model, chosen.prompts, settings) if chosen.words else None
    if not chosen.judges:
        return _Asked(offline, voice, False, (model.warm,))
    make = partial(model_grader, model, chosen.prompts, offline, library, settings)
    grader = LateGrader(model.name, make, library.beside)
    return _Asked(grader, voice, True, (model.warm, grader.load))


async def open_house(settings: Settings, resident: bool = False) -> House:
    """Opens the store and the bank, and names what is behind each door. Nothing heavy is loaded yet.

    A `resident` house serves many sittings, and keeps what the next one will need.
    """
    from bot.lab.syntax.reading import LimitedReader
    from bot.offline.interviewer import OfflineInterviewer

    async def too_old() -> None:
        await let_go(house, resident)

    chosen = chosen_model(settings)
    costs = open_costs(settings, chosen.wish if chosen is not None else None)
    store = await open_records(settings, serving=resident)
    home = prepare_home(settings)
    shelves = open_shelves(settings, home)
    library = shelves.library
    model = open_model(chosen.wish, library) if chosen is not None else None

    make = partial(open_grader, shelves.embedder, home, yielding=resident, warm=True)
    offline = LateGrader("offline", make, library.beside)
    asked = _Asked(offline, None, False, ())
    if chosen is not None and model is not None:
        asked = _asked(chosen, model, offline, library, settings)
    loading = Loading(library.warm, offline.load, *asked.warm, too_old, *shelves.keeping())
    doors = Doors(
        store=store,
        bank=shelves.corpus,
        interviewer=OfflineInterviewer(shelves.embedder),
        grader=asked.grader,
        retriever=library,
        code_reader=LimitedReader(),
        holder=store.holder,
        warm=loading.start,
        notice=told(chosen) if chosen is not None else "",
        grader_is_remote=asked.judges,
        voice=asked.voice,
        budgets=costs.budgets,
        purse=store.purse,
        spare=offline,
        price=costs.price,
        lab=open_lab(settings, home, lambda sentence: None, download=False, resident=resident),
    )
    house = House(home, store, doors, shelves, loading, model)  # which `too_old` speaks of
    return house
