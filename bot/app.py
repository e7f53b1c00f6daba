"""Builds an interview from the settings; the only place that names concrete classes. It does no work of its own."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import getpass
import logging
import logging.handlers
import secrets
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bot.core import events as e
from bot.core import plan
from bot.core.flow import Flow, Step
from bot.errors import StoreBroken, VivaError, WrongUsage
from bot.ports import Bank, Doors, Sitting
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.interview import Interview
    from bot.knowledge.corpus import Corpus
    from bot.knowledge.documents import Documents
    from bot.knowledge.embedding import MiniLM
    from bot.knowledge.generation import Generation
    from bot.knowledge.search import Library
    from bot.knowledge.vectors import Recalling
    from bot.ports import Embedder
    from bot.store.backups import Restored
    from bot.store.log import SqlStore

DEFAULT_FLOW = "opengenus"
MODES = ("practice", "simulation")
LEVELS = ("beginner", "intermediate", "advanced")
#: The letters of a session's id: none is mistaken for another when read aloud or typed.
ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ID_LENGTH = 10
LOG_BYTES = 1_000_000
#: A clock that says that nobody has worked here for so many days may be wrong, and nothing is deleted by it.
TRUSTED_DAYS = 14
#: Seconds after the first words until loading begins, so that they are on screen before it takes the processor.
LOAD_AFTER = 0.3


@dataclass(frozen=True)
class Wanted:
    """What a candidate asked for: the flags of `viva chat`, None where not given."""

    flow: str | None = None
    mode: str | None = None
    level: str | None = None
    track: str | None = None
    questions: int | None = None
    minutes: int | None = None
    seed: int | None = None

    @property
    def anything(self) -> bool:
        """True when any flag was given."""
        return any(value is not None for value in vars(self).values())


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def owner() -> str:
    """Who sits at this terminal, as the store knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user need not have a name
        return "candidate"


def prepare_home(settings: Settings) -> Path:
    """The data folder, made where it is missing and private to its owner; StoreBroken where it cannot be made."""
    home = settings.home.expanduser()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreBroken(
            f"The data folder {home} cannot be made: {error.strerror}. Name another one: VIVA_HOME=/path viva …"
        ) from None
    return home


def start_log(settings: Settings, home: Path) -> None:
    """Sends the log to a file in the data folder. Candidates' words and secrets are never given to it."""
    try:
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            home / "viva.log", maxBytes=LOG_BYTES, backupCount=1, delay=True, encoding="utf-8"
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger("bot").addHandler(handler)
    logging.getLogger("bot").setLevel(settings.log_level.upper())
    logging.raiseExceptions = False  # a full disk must not write into the chat


def sitting(bank: Bank, wanted: Wanted) -> tuple[Flow, e.Started]:
    """The plan of a new sitting; WrongUsage says which wish does not fit."""
    flow = bank.flow(wanted.flow or DEFAULT_FLOW)
    if wanted.mode not in (None, *MODES):
        raise WrongUsage(unknown("mode", wanted.mode, MODES))
    mode: Literal["practice", "simulation"] = "simulation" if wanted.mode == "simulation" else "practice"
    _known(bank, flow, wanted)
    steps = [step for step in flow.steps if _fits(bank, step, wanted)]
    if not steps:
        raise WrongUsage(_nothing_fits(bank, flow, wanted))
    seed = wanted.seed if wanted.seed is not None else secrets.randbelow(1_000_000)
    slots = plan.choose([bank.question(step.question) for step in steps], wanted.questions, seed)
    code = next((n for n, slot in enumerate(slots, 1) if bank.question(slot).kind == "code"), None)
    minutes = max(1, round(flow.minutes * len(slots) / len(flow.steps)))
    minutes = min(minutes, wanted.minutes or minutes)
    return flow, e.Started(flow.id, mode, seed, slots, flow.title, minutes, code, wanted.minutes)


def unknown(what: str, name: str, names: Collection[str]) -> str:
    """That there is nothing of that name, with the nearest one and all of them."""
    begun = [known for known in names if name and known.startswith(name.lower())]
    near = begun or difflib.get_close_matches(name.lower(), names, n=1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    return f"There is no {what} {name[:60]!r}.{meant} The {what}s are: {', '.join(names)}."


def _known(bank: Bank, flow: Flow, wanted: Wanted) -> None:
    """WrongUsage for a level that does not exist, or a topic that no question of the flow has."""
    if wanted.level is not None and wanted.level not in LEVELS:
        raise WrongUsage(unknown("level", wanted.level, LEVELS))
    topics = sorted({topic for step in flow.steps for topic in bank.question(step.question).topics})
    if wanted.track is not None and wanted.track not in topics:
        raise WrongUsage(unknown("track", wanted.track, topics))


def _fits(bank: Bank, step: Step, wanted: Wanted) -> bool:
    question = bank.question(step.question)
    return wanted.level in (None, question.level) and wanted.track in (None, *question.topics)


def _nothing_fits(bank: Bank, flow: Flow, wanted: Wanted) -> str:
    questions = [bank.question(step.question) for step in flow.steps]
    levels = ", ".join(level for level in LEVELS if any(q.level == level for q in questions))
    topics = ", ".join(sorted({topic for q in questions for topic in q.topics}))
    return f"No question of {flow.id} fits those wishes. It has the levels {levels} and the topics (--track) {topics}."


async def open_records(settings: Settings | None = None) -> SqlStore:
    """The store by itself, for commands that sit no interview."""
    from bot.store.holder import this_process
    from bot.store.opening import open_store

    settings = settings or read_settings()
    home = prepare_home(settings)
    start_log(settings, home)
    return await open_store(settings.database_url, home, now, this_process())


async def restore_records(file: Path, replace: bool) -> Restored:
    """Brings a backup back, also in the place of a database that is damaged."""
    from bot.store.holder import this_process
    from bot.store.opening import restore_store

    settings = read_settings()
    home = prepare_home(settings)
    start_log(settings, home)
    return await restore_store(settings.database_url, home, now, this_process(), file, replace)


def new_session_id() -> str:
    """An id nobody guesses: ten letters of thirty-one."""
    return "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))


@dataclass(frozen=True)
class House:
    """Everything that the sittings of one process share."""

    home: Path
    store: SqlStore
    bank: Bank
    doors: Doors
    library: Library
    loading: Loading

    async def close(self) -> None:
        """Gives back what was opened."""
        await self.loading.stop()
        self.library.close()
        await self.store.close()


class Loading:
    """Loads what the first answer needs while the first question is on screen, and does what can wait till then."""

    def __init__(self, *work: Callable[[], Awaitable[object]]) -> None:
        self._work = work
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins in the background; without effect when it has begun."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Leaves undone what has not begun."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        await asyncio.sleep(LOAD_AFTER)
        for work in self._work:
            try:
                await work()
            except (VivaError, OSError) as error:  # what fails here is said when it is needed
                logging.getLogger(__name__).warning("%s", error)


def open_bank(home: Path) -> Corpus:
    """The shipped corpus, from its compiled form where set-up made one."""
    return _shelved(home)[0]


def open_embedder(home: Path, threads: int = 1) -> MiniLM:
    """The embedding model; its files are looked for and loaded at the first use."""
    from bot.knowledge.embedding import MiniLM
    from bot.knowledge.folders import index_folders
    from bot.knowledge.model import minilm_files

    return MiniLM(lambda: minilm_files(index_folders(home)), threads)


def _shelved(home: Path) -> tuple[Corpus, Generation | None]:
    from bot.knowledge.bank import find_bank, load_corpus
    from bot.knowledge.corpus import corpus_folder
    from bot.knowledge.folders import index_folders

    found = find_bank(corpus_folder(), index_folders(home), open_embedder(home))
    return load_corpus(corpus_folder(), found), found


def open_library(settings: Settings, home: Path) -> tuple[Corpus, Library, Recalling]:
    """The corpus, its index, and the embedder that knows the vectors of the corpus by heart."""
    from bot.knowledge.bank import recalling
    from bot.knowledge.folders import index_folders
    from bot.knowledge.search import Library
    from bot.knowledge.units import units_of

    corpus, bank = _shelved(home)
    embedder = recalling(bank, index_folders(home), open_embedder(home))
    documents = open_documents(settings, home, embedder)
    copies = home / "index" / "open"
    library = Library(bank, lambda: units_of(corpus), embedder, copies, settings.chroma_url, documents)
    return corpus, library, embedder


def open_documents(settings: Settings, home: Path, embedder: Embedder, whose: str | None = None) -> Documents:
    """A person's own documents: by default of who sits here."""
    from bot.knowledge.documents import Documents

    return Documents(home, whose or owner(), embedder, settings.chroma_url)


async def open_house(settings: Settings) -> House:
    """Opens the store and the bank, and names what is behind each door. Nothing heavy is loaded yet."""
    from bot.lab.reading import LimitedReader
    from bot.offline.grader import OfflineGrader
    from bot.offline.interviewer import OfflineInterviewer
    from bot.store.holder import this_process

    store = await open_records(settings)
    home = prepare_home(settings)
    corpus, library, embedder = open_library(settings, home)
    loading = Loading(library.warm, lambda: expire(store, settings.retention_days))
    grader = OfflineGrader(embedder, embedder.vectors_for)
    doors = Doors(store, corpus, OfflineInterviewer(), grader, library, LimitedReader(), this_process(), loading.start)
    return House(home, store, corpus, doors, library, loading)


async def expire(store: SqlStore, days: int) -> None:
    """Deletes what is too old, if the clock can be trusted: a sitting before the present one was not long ago by it."""
    earlier = (await store.sittings(limit=2))[1:]
    if earlier and now() - datetime.fromisoformat(earlier[0].at) < timedelta(days=TRUSTED_DAYS):
        await store.expire(days)


async def begun(house: House, wanted: Wanted, surface: str) -> Interview:
    """A new sitting, that has not opened its mouth yet."""
    from bot.interview import Interview

    flow, started = sitting(house.bank, wanted)
    session = new_session_id()
    await house.store.create(session, owner(), surface)
    return Interview(session, house.doors, started, flow)


def resumed(house: House, sitting: Sitting) -> Interview:
    """A sitting that was begun before."""
    from bot.interview import Interview

    return Interview(sitting.id, house.doors)
