"""Units in a Chroma collection, with our own vectors: the only module that names chromadb. It decides no ranking.

A collection is written once and then only read; what changed gets a collection of another name.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from bot.errors import IndexUnavailable
from bot.knowledge.blank import blank_unused, written
from bot.knowledge.folders import can_write, filled, remove
from bot.knowledge.steps import QUICK, Steps, finished
from bot.knowledge.units import Unit, from_record, to_metadata

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.float32]

Result = TypeVar("Result")

#: The name of the one collection of an embedded database.
EMBEDDED = "units"
#: How long a server may take to answer, in seconds.
PATIENCE = 5.0
#: Vectors of unit length are compared by their cosine; the breadth of the search covers the most that we ask for.
CONFIGURATION: dict[str, Any] = {"hnsw": {"space": "cosine", "ef_search": 200}}


class Collection:
    """One open collection. Anything that Chroma raises becomes IndexUnavailable."""

    def __init__(self, client: Any, collection: Any, place: Any = None, folder: Path | None = None) -> None:
        self._client = client
        self._collection = collection
        self._place = place
        self._folder = folder
        self._written = written(folder) if folder is not None else {}

    def get(self, ids: Sequence[str]) -> list[Unit]:
        """The units of these ids that the collection holds, in the order of the ids."""
        if not ids:
            return []
        units = {unit.id: unit for unit in self._read(ids=list(ids))}
        return [units[id_] for id_ in ids if id_ in units]

    def all(self) -> list[Unit]:
        """Every unit of the collection."""
        return self._read()

    def nearest(self, vector: Rows, n: int) -> dict[str, float]:
        """The ids of the n units nearest to a vector, each with its cosine."""
        found = _told(
            "searched", lambda: self._collection.query(query_embeddings=[vector], n_results=n, include=["distances"])
        )
        if self._folder is not None:  # the first search has loaded the vectors, and may have written their file anew
            folder, self._folder = self._folder, None
            _told("cleared", lambda: blank_unused(folder, but=self._written))
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return {id_: 1.0 - float(distance) for id_, distance in pairs}

    def check(self) -> None:
        """Reads and searches the whole of it once; IndexUnavailable when it is damaged."""
        some = _told("read", lambda: self._collection.get(limit=1, include=["embeddings"]))
        self.all()
        for vector in some["embeddings"]:
            self.nearest(vector, 1)

    def close(self) -> None:
        """Lets go of files and connections."""
        _close(self._client)
        if self._place is not None:
            self._place.cleanup()

    def _read(self, **chosen: Any) -> list[Unit]:
        def read() -> list[Unit]:
            got = self._collection.get(include=["documents", "metadatas"], **chosen)
            return [from_record(text, data) for text, data in zip(got["documents"], got["metadatas"], strict=True)]

        return _told("read", read)


def write_embedded(folder: Path, units: Sequence[Unit], vectors: Rows) -> None:
    """Writes a database with one collection into an empty folder, and closes it."""
    finished(writing_embedded(folder, units, vectors))


def writing_embedded(folder: Path, units: Sequence[Unit], vectors: Rows, at_a_time: int = QUICK.units) -> Steps[None]:
    """The same, so many units in a step."""
    client = _told("made", lambda: _persistent(folder))
    try:
        yield
        collection = _told("written", lambda: _create(client, EMBEDDED))
        yield from _filling(collection, units, vectors, at_a_time)
    finally:
        client.close()
    _told("cleared", lambda: blank_unused(folder))


def open_embedded(folder: Path, place: Any = None) -> Collection:
    """Opens the database of a folder where it lies; Chroma must be able to write there. `place` goes on closing."""

    def opened() -> Collection:
        if not (folder / "chroma.sqlite3").is_file():
            raise FileNotFoundError(f"no database in {folder}")
        client = _persistent(folder)
        try:
            found = client.get_collection(EMBEDDED, embedding_function=None)
            return Collection(client, found, place, folder)
        except BaseException:  # of whichever class: see `_told`
            client.close()
            raise

    return _told("opened", opened)


def open_copy(folder: Path, copies: Path, name: str) -> Collection:
    """Opens a copy of the database of a folder, which stays as it is: it may be read-only, and many may share it.

    The copy is kept in `copies`, or for this process alone where that cannot be written, or has no room for it. A
    damaged one is made anew.
    """
    if not can_write(copies):
        return _throwaway(folder)
    target = copies / f"chroma-{name}"
    if target.is_dir():
        try:
            return _checked(open_embedded(target))
        except IndexUnavailable:
            remove(target)
    try:
        _copy(folder, target)
    except OSError:
        return _throwaway(folder)
    for old in copies.glob("chroma-*"):
        if old != target:
            remove(old)
    return open_embedded(target)


def _checked(collection: Collection) -> Collection:
    try:
        collection.check()
    except IndexUnavailable:
        collection.close()
        raise
    return collection


def open_server(url: str, name: str, count: int, units: Callable[[], tuple[Sequence[Unit], Rows]]) -> Collection:
    """Opens a collection of `count` units on a server; where it is missing or not whole, it is filled from `units`."""
    return finished(opening_server(url, name, count, units))


def opening_server(
    url: str,
    name: str,
    count: int,
    units: Callable[[], tuple[Sequence[Unit], Rows]],
    at_a_time: int = QUICK.units,
) -> Steps[Collection]:
    """The same; what is missing is filled in so many units in a step."""
    client = _told("reached", lambda: _http(url))
    try:
        collection = _told("reached", lambda: _create(client, name))
        if _told("reached", collection.count) < count:
            yield from _filling(collection, *units(), at_a_time)
    except BaseException:  # of whichever class: see `_told`
        _close(client)
        raise
    return Collection(client, collection)


def drop_from_server(url: str, prefix: str, keep: str = "") -> None:
    """Removes every collection whose name begins with `prefix`, but `keep`."""

    def dropped() -> None:
        client = _http(url)
        try:
            for name in [collection.name for collection in client.list_collections()]:
                if name.startswith(prefix) and name != keep:
                    client.delete_collection(name)
        finally:
            _close(client)

    _told("cleaned", dropped)


def _create(client: Any, name: str) -> Any:
    return client.get_or_create_collection(name, embedding_function=None, configuration=CONFIGURATION)


def _filling(collection: Any, units: Sequence[Unit], vectors: Rows, at_a_time: int) -> Steps[None]:
    for start in range(0, len(units), at_a_time):
        part = slice(start, start + at_a_time)
        _told("written", partial(_put, collection, units[part], vectors[part]))
        yield


def _put(collection: Any, units: Sequence[Unit], vectors: Rows) -> None:
    collection.upsert(
        ids=[unit.id for unit in units],
        embeddings=vectors,
        documents=[unit.text for unit in units],
        metadatas=[to_metadata(unit) for unit in units],
    )


def _persistent(folder: Path) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient

    try:
        return chromadb.PersistentClient(str(folder), settings=_settings())
    except BaseException:
        # Chroma keeps what it failed to start, and would hand it to the next who opens this folder.
        getattr(SharedSystemClient, "_identifier_to_system", {}).pop(str(folder), None)
        raise


def _http(url: str) -> Any:
    """A client that waits for no answer longer than PATIENCE; Chroma's own waits for ever."""
    parts = urlsplit(url if "//" in url else f"http://{url}")
    host, secure = parts.hostname or "localhost", parts.scheme == "https"
    port = parts.port or (443 if secure else 8000)
    _heartbeat(f"{'https' if secure else 'http'}://{f'[{host}]' if ':' in host else host}:{port}")
    import chromadb

    client: Any = chromadb.HttpClient(host, port, ssl=secure, settings=_settings())
    for session in _sessions(client):
        session.timeout = PATIENCE
    return client


def _sessions(client: Any) -> list[Any]:
    """The HTTP sessions inside a client. They are no part of Chroma's interface, and another release may have none."""
    parts = (client, getattr(client, "_admin_client", None))
    sessions = (getattr(getattr(part, "_server", None), "_session", None) for part in parts)
    return [session for session in sessions if session is not None]


def _close(client: Any) -> None:
    """Closes a client, and its connections, which Chroma leaves to the garbage collector."""
    sessions = _sessions(client)
    client.close()
    for session in sessions:
        session.close()


def _heartbeat(base: str) -> None:
    from urllib.request import urlopen

    try:
        with urlopen(f"{base}/api/v2/heartbeat", timeout=PATIENCE):
            return
    except OSError as error:
        raise IndexUnavailable(
            f"The Chroma server at {base} does not answer ({error}). Start it, or leave VIVA_CHROMA_URL unset."
        ) from error


def _settings() -> Any:
    """Without telemetry, and without the `.env` of the working folder, which is ours and not Chroma's."""
    from chromadb.config import Settings

    return Settings(_env_file=None, anonymized_telemetry=False)


def _copy(folder: Path, target: Path) -> None:
    """Copies contents alone: the modes of a read-only installation would make the copy read-only."""
    with filled(target) as part:
        _copy_files(folder, part)


def _copy_files(folder: Path, target: Path) -> None:
    for path in sorted(folder.rglob("*")):
        place = target / path.relative_to(folder)
        if path.is_dir():
            place.mkdir(exist_ok=True)
        else:
            shutil.copyfile(path, place)


def _throwaway(folder: Path) -> Collection:
    """A copy for this process: its folder goes when the collection is closed."""
    place = _told("copied", lambda: tempfile.TemporaryDirectory(prefix="viva-index-", ignore_cleanup_errors=True))
    try:
        _told("copied", lambda: _copy_files(folder, Path(place.name)))
        return open_embedded(Path(place.name), place)
    except IndexUnavailable:
        place.cleanup()
        raise


def _told(what: str, act: Callable[[], Result]) -> Result:
    """Chroma raises errors of many classes; its compiled part, over a damaged file, one that is no Exception."""
    try:
        return act()
    except (IndexUnavailable, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise IndexUnavailable(f"The index could not be {what} ({reason}). Mend it with `viva index`.") from error
