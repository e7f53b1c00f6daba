"""One state of an index as a folder: units, vectors, and a Chroma database of them. Once written it never changes.

What the units are made from, and which state is the current one, is for its callers (`bank`, `documents`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.knowledge import chroma
from bot.knowledge.corpus import COMPILED
from bot.knowledge.folders import filled, remove
from bot.knowledge.steps import QUICK, Pace, Steps, finished
from bot.knowledge.units import Unit, from_json, to_json
from bot.knowledge.vectors import Kept, Recalling, writing_vectors
from bot.ports import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MANIFEST = "manifest.json"
UNITS = "units.json"
CHROMA = "chroma"
#: To be raised when a folder of this kind is laid out otherwise.
FORMAT = 2
#: The code that decides what is made of a corpus: when it changes, what was made with it is not used.
MAKERS = ("corpus*.py", "units.py", "passages.py")


Progress = Callable[[str], None]


def silent(text: str) -> None:
    """Reports no progress."""


def counted(progress: Progress) -> Callable[[int, int], None]:
    """Reports how many texts are embedded."""
    return lambda done, of: progress(f"{done} of {of} texts embedded")


@dataclass(frozen=True)
class Generation:
    """A finished folder. `held` is what it says of itself."""

    folder: Path
    held: Held

    @property
    def name(self) -> str:
        return self.folder.name

    def units(self) -> Sequence[Unit]:
        """Its units, without opening a database."""
        return from_json((self.folder / UNITS).read_text(encoding="utf-8"))

    def vectors(self) -> Kept:
        """Its vectors, by text."""
        return Kept(self.folder)

    def open(self, copies: Path | None = None, url: str | None = None) -> chroma.Collection:
        """Its units in Chroma: on the server at `url`, in a copy under `copies`, or else where the folder lies."""
        if url is not None:
            return chroma.open_server(url, f"viva-{self.name}", self.held.units, self._filling)
        if copies is not None:
            return chroma.open_copy(self.folder / CHROMA, copies, self.name)
        return chroma.open_embedded(self.folder / CHROMA)

    def serving(self, url: str, pace: Pace) -> Steps[None]:
        """Fills its collection on the server at `url`, where it is missing there or not whole."""
        name = f"viva-{self.name}"
        opened = yield from chroma.opening_server(url, name, self.held.units, self._filling, pace.units)
        opened.close()

    def _filling(self) -> tuple[Sequence[Unit], npt.NDArray[np.float32]]:
        units = self.units()
        return units, self.vectors().all([unit.embedded for unit in units])


@dataclass(frozen=True)
class Held:
    """What a generation holds: so many units and vectors, by this embedder, made from this state of its source."""

    embedder: str
    source: str
    units: int
    vectors: int
    v: int = 1


def generation_name(kind: str, source: str, embedder: Embedder) -> str:
    """The name of the state that a source of this hash gives with this embedder and this code."""
    here = Path(__file__).parent
    code = file_hash({path.name: path for pattern in MAKERS for path in here.glob(pattern)})
    shapes = [[shape.__name__, *(field.name for field in fields(shape))] for shape in COMPILED]
    told = json.dumps([FORMAT, source, embedder.name, code, shapes])
    return f"{kind}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def find(folder: Path) -> Generation | None:
    """The generation that lies in a folder; None when there is none, or a damaged one."""
    try:
        held = Held(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return Generation(folder, held)


def write(
    target: Path, source: str, units: Sequence[Unit], embedder: Recalling, texts: Iterable[str] = (), **more: Any
) -> Generation:
    """Makes a generation: embeds the units and the other `texts`, fills Chroma, and puts the folder in its place.

    `more` holds further files, by name, as JSON data.
    """
    return finished(writing(target, source, units, embedder, QUICK, texts, **more))


def writing(
    target: Path,
    source: str,
    units: Sequence[Unit],
    embedder: Recalling,
    pace: Pace,
    texts: Iterable[str] = (),
    **more: Any,
) -> Steps[Generation]:
    """The same in steps. One that is left half done leaves nothing."""
    lies_there = find(target)
    if lies_there is None or damage(lies_there):
        remove(target)
    with filled(target) as folder:
        wanted = [*(text for unit in units for text in unit.texts), *texts]
        yield from writing_vectors(folder, wanted, embedder, pace.texts)
        (folder / UNITS).write_text(to_json(units), encoding="utf-8")
        for name, data in more.items():
            (folder / f"{name}.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        yield
        (folder / CHROMA).mkdir()
        vectors = Kept(folder).all([unit.embedded for unit in units])
        yield from chroma.writing_embedded(folder / CHROMA, units, vectors, pace.units)
        held = Held(embedder.name, source, len(units), len(Kept(folder)))
        (folder / MANIFEST).write_text(json.dumps(asdict(held)), encoding="utf-8")
    made = find(target)
    if made is None:
        raise OSError(f"{target} is not there after it was written")
    return made


def damage(generation: Generation) -> str | None:
    """What is wrong with a generation's files, or None. It reads all of them."""
    import sqlite3

    try:
        if len(generation.units()) != generation.held.units or len(generation.vectors()) != generation.held.vectors:
            return "units or vectors are missing"
        database = (generation.folder / CHROMA / "chroma.sqlite3").resolve().as_uri()
        with closing(sqlite3.connect(f"{database}?mode=ro&immutable=1", uri=True)) as connection:
            answer = connection.execute("PRAGMA quick_check").fetchone()[0]
        return None if answer == "ok" else str(answer)
    except (OSError, ValueError, TypeError, KeyError, sqlite3.Error) as error:
        return str(error)


def of_embedder(root: Path, kind: str, embedder: Embedder) -> list[Generation]:
    """The generations of a kind under a root whose vectors this embedder made: their vectors can be used again."""
    found = [generation for folder in root.glob(f"{kind}-*") if (generation := find(folder)) is not None]
    return [generation for generation in found if generation.held.embedder == embedder.name]


def file_hash(paths: Mapping[str, Path]) -> str:
    """A hash over names and contents."""
    return content_hash({name: path.read_bytes() for name, path in paths.items()})


def content_hash(contents: Mapping[str, bytes]) -> str:
    """The same of what lies in no file."""
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name}\n{hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()[:32]
