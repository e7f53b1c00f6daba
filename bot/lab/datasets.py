"""Which digits programs train on, and those held out to measure them: MNIST from VIVA_MNIST_DIR, else downloaded once,
else a stand-in that is called one. It runs no program, and puts no held-out label where a program could see it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.errors import LabUnavailable
from bot.lab import idx
from bot.lab.download import PUBLISHED, Source, download, missing, tried_at
from bot.lab.kept_digits import Kept, keep, key_of, read_kept
from bot.lab.stand_in import INSTALL, NAME, digits_file, stand_in

SETTING = "VIVA_MNIST_DIR"
FETCH = f"run `viva lab data` once, or set {SETTING} to a folder with its files"
#: SHA-256 of the pixels of MNIST's 10,000 test images: what is held out is called MNIST only when it is that.
TEST_IMAGES = "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"
FULL = 60_000
FEWEST = 10  # the last tenth of the training images is the candidate's own validation part


@dataclass(frozen=True)
class Digits:
    """Digits ready for use. `folder` is what sandboxes see: x_train.npy and y_train.npy, unsigned bytes of N×28×28 and
    of N, and nothing else. `held_images` (784 bytes a row) and `held_labels` (one byte a row) have `rows` rows.

    `name` and `notes` (whole sentences) are to be said wherever a figure measured on them is shown.
    """

    folder: Path
    held_images: bytes
    held_labels: bytes
    rows: int
    name: str
    notes: tuple[str, ...] = ()
    train_rows: int = 0


@dataclass(frozen=True)
class AtHand:
    """Which digits a run would use now. `mend` says what to do where that is not MNIST, or cannot be used."""

    state: Literal["ok", "stand-in", "missing"]
    text: str
    mend: str = ""


@dataclass(frozen=True)
class _Files:
    """MNIST's four files, in the order in which they are read."""

    train_images: Path
    train_labels: Path
    held_images: Path
    held_labels: Path

    def all(self) -> tuple[Path, Path, Path, Path]:
        return self.train_images, self.train_labels, self.held_images, self.held_labels


def open_digits(
    folder: Path | None,
    home: Path,
    progress: Callable[[str], None] = lambda sentence: None,
    source: Source = PUBLISHED,
    sklearn: Callable[[], Path | None] = digits_file,
) -> Digits:
    """The digits: from the folder when one is given, and from nowhere else then; LabUnavailable says what is wrong.

    It may download, which takes time: `digits_ready` does the same beside the loop.
    """
    try:
        if folder is not None:
            return _from_folder(folder, home)
        downloads = home / "lab" / "mnist"
        why_not = download(downloads, source, progress)
        if why_not is None:
            return _from_files(_find(downloads), home, "the downloaded files")
        return _stand_in(home, why_not or "", sklearn)
    except idx.NotIdx as fault:
        raise LabUnavailable(f"{fault} {_mend(folder, home)}") from None
    except OSError as error:
        place = error.filename or home
        raise LabUnavailable(f"{place} cannot be read or written ({error.strerror}). {_mend(folder, home)}") from None


async def digits_ready(make: Callable[[Callable[[str], None]], Digits], progress: Callable[[str], None]) -> Digits:
    """What `make(progress)` gives, beside the loop; `progress` is called in the loop's thread.

    A daemon thread: a name server that keeps silent must hold up neither a cancelled call nor the end of the program.
    """
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[Digits] = loop.create_future()

    def later(call: Callable[..., None], *values: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
            loop.call_soon_threadsafe(call, *values)

    def settle(digits: Digits | None, error: BaseException | None) -> None:
        if ready.done():
            return
        if digits is not None:
            ready.set_result(digits)
        else:
            ready.set_exception(error or LabUnavailable("The digits could not be read."))

    def work() -> None:
        try:
            later(settle, make(lambda sentence: later(progress, sentence)), None)
        except BaseException as error:  # whatever it is, it goes to who waits
            later(settle, None, error)

    threading.Thread(target=work, name="digits", daemon=True).start()
    return await ready


def digits_at_hand(folder: Path | None, home: Path, sklearn: Callable[[], Path | None] = digits_file) -> AtHand:
    """Which digits a run would use, without making or downloading anything. A folder's files are read to their end."""
    if folder is not None:
        try:
            train, _, held, _ = _parsed(_find(folder), _read(_find(folder)))
        except idx.NotIdx as fault:
            return AtHand("missing", str(fault), _mend(folder, home))
        except OSError as error:
            return AtHand("missing", f"{error.filename or folder}: {error.strerror}.", _mend(folder, home))
        rows = (len(train) // idx.PIXELS, len(held) // idx.PIXELS)
        return AtHand("ok", f"{rows[0]:,} digits to train on and {rows[1]:,} held out, from {folder}.")
    downloads = home / "lab" / "mnist"
    if not missing(downloads):
        return AtHand("ok", f"MNIST, downloaded to {downloads}.")
    if sklearn() is None:
        return AtHand("missing", "there are no digits to train on.", f"Set {SETTING}, or run: {INSTALL}")
    tried = "could not be downloaded lately" if tried_at(downloads) else "was not downloaded yet"
    return AtHand("stand-in", f"{NAME}; MNIST {tried}.", f"For MNIST, {FETCH}.")


def _from_folder(folder: Path, home: Path) -> Digits:
    return _from_files(_find(folder), home, str(folder))


def _from_files(files: _Files, home: Path, where: str) -> Digits:
    raw = _read(files)
    place = home / "lab" / "digits" / key_of(*raw)
    kept = read_kept(place)
    if kept is None:
        keep(place, *_parsed(files, raw))
        kept = _kept(place)
    return _digits(kept, *_called(kept, where))


def _read(files: _Files) -> tuple[bytes, bytes, bytes, bytes]:
    first, second, third, fourth = (idx.read_file(path) for path in files.all())
    return first, second, third, fourth


def _kept(place: Path) -> Kept:
    if (kept := read_kept(place)) is None:
        raise LabUnavailable(f"The digits could not be kept at {place}. Check the disk, then try again.")
    return kept


def _digits(kept: Kept, name: str, notes: tuple[str, ...]) -> Digits:
    rows = len(kept.held_labels)
    return Digits(kept.train, kept.held_images, kept.held_labels, rows, name, notes, kept.train_rows)


def _called(kept: Kept, where: str) -> tuple[str, tuple[str, ...]]:
    """What digits from IDX files are called, and what is said of them."""
    if hashlib.sha256(kept.held_images).hexdigest() != TEST_IMAGES:
        note = f"Measured on {len(kept.held_labels):,} images from {where}, which are not MNIST's own test images."
        return f"the images that {SETTING} names", (note,)
    if kept.train_rows != FULL:
        return "MNIST", (f"There are {_parted(kept.train_rows)}; all of MNIST has {FULL:,}.",)
    return "MNIST", ()


def _parted(rows: int) -> str:
    """How many images there are, and what becomes of them: as `harness.mnist` parts them."""
    valid = rows // 10
    parts = f"{rows - valid:,} to train on and {valid:,} to validate with"
    return f"{rows:,} training images here (`load_mnist` gives {parts})"


def _stand_in(home: Path, why: str, sklearn: Callable[[], Path | None]) -> Digits:
    file = sklearn()
    place = home / "lab" / "digits" / key_of(b"stand-in", file.read_bytes() if file else b"")
    kept = read_kept(place) if file else None
    if kept is None:
        keep(place, *stand_in(lambda: file))
        kept = _kept(place)
    note = (
        f"Trained and measured on {NAME}, of 8 × 8 pixels, scaled up: {_parted(kept.train_rows)}, and "
        f"{len(kept.held_labels)} held out. On MNIST the figures would differ. {why}".strip()
    )
    return _digits(kept, NAME, (note, f"For MNIST itself, {FETCH}."))


def _find(folder: Path) -> _Files:
    """The four files in a folder, by name; NotIdx where one is missing, or could be one of two."""
    if not folder.is_dir():
        there = "is a file" if folder.exists() else "does not exist"
        raise idx.NotIdx(f"{folder} should be a folder with MNIST's IDX files, but it {there}.")
    names = sorted(path.name for path in folder.iterdir())
    train_images = _one(folder, names, "train", "-images-idx3-ubyte")
    prefix = train_images.split("-images-")[0]
    return _Files(
        folder / train_images,
        folder / _one(folder, names, "train", "-labels-idx1-ubyte", prefix),
        folder / _one(folder, names, "t10k", "-images-idx3-ubyte", "t10k"),
        folder / _one(folder, names, "t10k", "-labels-idx1-ubyte", "t10k"),
    )


def _one(folder: Path, names: list[str], begins: str, ends: str, prefix: str = "") -> str:
    """The one name that fits; with a prefix it must be that of the images that the labels belong to."""
    fit = [name for name in names if name.startswith(begins) and name.removesuffix(".gz").endswith(ends)]
    pattern = f"{begins}*{ends}" if begins == "train" else f"{begins}{ends}"
    if not fit:
        raise idx.NotIdx(f"{folder} has no file {pattern} (or .gz).")
    if len(fit) > 1:
        raise idx.NotIdx(f"{folder} has {len(fit)} files that could be {pattern}: {', '.join(fit)}; leave one of them.")
    if prefix and not fit[0].startswith(f"{prefix}-"):
        raise idx.NotIdx(f"{folder / fit[0]} does not belong to the images there ({prefix}-images-…), by its name.")
    return fit[0]


def _parsed(files: _Files, raw: tuple[bytes, bytes, bytes, bytes]) -> tuple[bytes, bytes, bytes, bytes]:
    """Pixels and labels of both parts; NotIdx where a file is faulty, or two do not belong together."""
    x_train, x_held = idx.images(files.train_images, raw[0]), idx.images(files.held_images, raw[2])
    y_train, y_held = idx.labels(files.train_labels, raw[1]), idx.labels(files.held_labels, raw[3])
    for images, labels, path in ((x_train, y_train, files.train_labels), (x_held, y_held, files.held_labels)):
        if len(images) != len(labels) * idx.PIXELS:
            raise idx.NotIdx(f"{path} has {len(labels)} labels for {len(images) // idx.PIXELS} images.")
    if len(y_train) < FEWEST:
        raise idx.NotIdx(f"{files.train_images} has {len(y_train)} images; at least {FEWEST} are needed to train on.")
    return x_train, y_train, x_held, y_held


def _mend(folder: Path | None, home: Path) -> str:
    if folder is None:
        return f"Check the folder {home / 'lab'} and the disk, then try again."
    return f"Put MNIST's files there, or unset {SETTING} to have them downloaded."
