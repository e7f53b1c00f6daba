"""Builds an interview from the settings; the only place that names concrete classes. It does no work of its own."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import logging
import logging.handlers
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.beginning import Wanted, begin
from bot.core import events as e
from bot.core.flow import Flow
from bot.core.marking import Part, Verdict
from bot.core.question import Question
from bot.earlier import known_before
from bot.errors import CodeUnreadable, StoreBroken, VivaError, WrongUsage
from bot.ports import Bank, Doors, Grader, Sitting
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.interview import Interview
    from bot.knowledge.corpus import Corpus
    from bot.knowledge.documents import Documents
    from bot.knowledge.embedding import MiniLM
    from bot.knowledge.generation import Generation
    from bot.knowledge.own_corpus import Own
    from bot.knowledge.search import Library
    from bot.knowledge.vectors import Recalling
    from bot.lab.lab import BubblewrapLab
    from bot.offline.grader import OfflineGrader
    from bot.ports import Embedder
    from bot.store.backups import Restored
    from bot.store.log import SqlStore

#: The letters of a session's id: none is mistaken for another when read aloud or typed.
ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ID_LENGTH = 10
LOG_BYTES = 1_000_000
#: A clock that says that nobody has worked here for so many days may be wrong, and nothing is deleted by it.
TRUSTED_DAYS = 14
#: Seconds after the first words until loading begins, so that they are on screen before it takes the processor.
LOAD_AFTER = 0.3


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
    corpus: Corpus
    documents: Documents

    async def close(self) -> None:
        """Gives back what was opened."""
        await self.loading.stop()
        if self.doors.lab is not None:
            await self.doors.lab.close()
        self.library.close()
        await self.store.close()


class LateGrader:
    """A grader that is made when the first words are on screen: no question needs it."""

    name = "offline"

    def __init__(self, make: Callable[[], Grader], library: Library) -> None:
        self._make = make
        self._library = library
        self._made: Grader | None = None

    async def load(self) -> None:
        """Makes it now, beside what else is going on."""
        if self._made is None:
            self._made = await self._library.beside(self._make)

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        """See `bot.ports.Grader.grade`."""
        await self.load()
        assert self._made is not None
        return await self._made.grade(question, part, facts)


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
    """The shipped corpus, from its compiled form where set-up made one, and one's own beside it."""
    shipped = _shelved(home)[0]
    own = _own(home, shipped)
    return own.beside(shipped) if own else shipped


def shipped_bank(home: Path) -> Corpus:
    """The shipped corpus alone."""
    return _shelved(home)[0]


def open_embedder(home: Path, threads: int = 1, batch: int = 1) -> MiniLM:
    """The embedding model; its files are looked for and loaded at the first use."""
    from bot.knowledge.embedding import MiniLM
    from bot.knowledge.folders import index_folders
    from bot.knowledge.model import minilm_files

    return MiniLM(lambda: minilm_files(index_folders(home)), threads, batch)


def _shelved(home: Path) -> tuple[Corpus, Generation | None]:
    from bot.knowledge.bank import find_bank, load_corpus
    from bot.knowledge.corpus import corpus_folder
    from bot.knowledge.folders import index_folders

    found = find_bank(corpus_folder(), index_folders(home), open_embedder(home))
    return load_corpus(corpus_folder(), found), found


def _own(home: Path, shipped: Corpus) -> Own | None:
    """One's own corpus. Who has none pays for a look into the data folder alone, and for no import."""
    if not (home / "corpus").is_dir():
        return None
    from bot.knowledge.own_corpus import read_own

    return read_own(home, shipped)


def open_library(settings: Settings, home: Path) -> tuple[Corpus, Library, Recalling]:
    """The corpus, its index, and the embedder that knows the vectors of the corpus by heart."""
    corpus, library, embedder, _ = _opened(settings, home)
    return corpus, library, embedder


def _opened(settings: Settings, home: Path) -> tuple[Corpus, Library, Recalling, Own | None]:
    from bot.knowledge.bank import recalling
    from bot.knowledge.folders import index_folders
    from bot.knowledge.search import Library
    from bot.knowledge.units import units_of

    corpus, bank = _shelved(home)
    folders, model = index_folders(home), open_embedder(home)
    if (own := _own(home, corpus)) is not None:
        from bot.knowledge.own_index import own_vectors, with_own

        corpus = own.beside(corpus)
        embedder = recalling(bank, folders, model, own_vectors(folders.home, model))
        bank = with_own(bank, own.corpus, embedder)
    else:
        embedder = recalling(bank, folders, model)
    documents = open_documents(settings, home, embedder)
    notices = own.notices if own else ()
    copies = home / "index" / "open"
    library = Library(bank, lambda: units_of(corpus), embedder, copies, settings.chroma_url, documents, notices)
    return corpus, library, embedder, own


def open_documents(settings: Settings, home: Path, embedder: Embedder, whose: str | None = None) -> Documents:
    """A person's own documents: by default of who sits here."""
    from bot.knowledge.documents import Documents

    return Documents(home, whose or owner(), embedder, settings.chroma_url)


async def open_house(settings: Settings) -> House:
    """Opens the store and the bank, and names what is behind each door. Nothing heavy is loaded yet."""
    from bot.lab.syntax.reading import LimitedReader
    from bot.offline.interviewer import OfflineInterviewer
    from bot.store.holder import this_process

    store = await open_records(settings)
    home = prepare_home(settings)
    corpus, library, embedder, own = _opened(settings, home)
    grader = LateGrader(lambda: open_grader(embedder), library)
    loading = Loading(
        library.warm, grader.load, lambda: expire(store, settings.retention_days), *_keeping(home, own, embedder)
    )
    lab = open_lab(settings, home, lambda sentence: None, download=False)
    reader = LimitedReader()
    offline, whose = OfflineInterviewer(), owner()
    doors = Doors(
        store, corpus, offline, grader, library, reader, this_process(), loading.start, lab, whose, place="terminal"
    )
    documents = open_documents(settings, home, embedder)
    return House(home, store, corpus, doors, library, loading, corpus, documents)


def open_lab(
    settings: Settings, home: Path, told: Callable[[str], None], download: bool = True
) -> BubblewrapLab | None:
    """What runs programs; None where VIVA_LAB is off. Nothing is started yet.

    An interview downloads nothing: it measures on what is there. `told` hears how a download goes.
    """
    if settings.lab == "off":
        return None
    from bot.lab.download import Source
    from bot.lab.lab import BubblewrapLab, Wanted

    source = Source() if download else Source(mirrors=())
    mnist = settings.mnist_dir.expanduser() if settings.mnist_dir else None
    return BubblewrapLab(Wanted(home, mnist, settings.lab_device, settings.lab_warm, source=source, told=told))


def _on_notes(house: House, name: str) -> Doors:
    """The doors with a bank that also holds the questions drawn from a document of one's own."""
    from bot.knowledge.own_notes import with_notes

    return replace(house.doors, bank=with_notes(house.corpus, house.documents.all(), name))


def open_grader(embedder: Recalling) -> OfflineGrader:
    """The grader that needs no network; what it remembers of a rubric, the embedder keeps."""
    from bot.offline.grader import OfflineGrader

    return OfflineGrader(embedder, embedder.vectors_for)


def _keeping(home: Path, own: Own | None, embedder: Embedder) -> Sequence[Callable[[], Awaitable[object]]]:
    """What keeps the vectors of one's own questions, where there are any."""
    if own is None or not own.corpus.bank:
        return ()
    from bot.knowledge.folders import index_folders
    from bot.knowledge.own_index import Keeping

    return (Keeping(index_folders(home).home, own.corpus, embedder).keep,)


async def expire(store: SqlStore, days: int) -> None:
    """Deletes what is too old, if the clock can be trusted: a sitting before the present one was not long ago by it."""
    earlier = (await store.sittings(limit=2))[1:]
    if earlier and now() - datetime.fromisoformat(earlier[0].at) < timedelta(days=TRUSTED_DAYS):
        await store.expire(days)


async def begun(house: House, wanted: Wanted, surface: str) -> Interview:
    """A new sitting, that has not opened its mouth yet."""
    from bot.interview import Interview

    doors = house.doors if wanted.documents is None else _on_notes(house, wanted.documents)
    seed = wanted.seed if wanted.seed is not None else secrets.randbelow(1_000_000)
    series = wanted.flow if wanted.flow and doors.bank.flow(wanted.flow).rounds else None
    before = await known_before(house.store, owner(), now(), series)
    flow, events = begin(doors.bank, wanted, before, seed)
    session = new_session_id()
    await house.store.create(session, owner(), surface)
    return Interview(session, doors, _with_material(house.home, flow, session, events), flow)


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


async def resumed(house: House, sitting: Sitting) -> Interview:
    """A sitting that was begun before."""
    from bot.interview import Interview

    begun = next((r.event for r in await house.store.load(sitting.id) if isinstance(r.event, e.Started)), None)
    doors = house.doors
    if begun is not None and begun.documents:
        with contextlib.suppress(WrongUsage):  # the document is gone: what was not asked yet is left out
            doors = _on_notes(house, begun.documents)
    return Interview(sitting.id, doors)
