"""Downloads MNIST's four files once, checked against what they are known to be. It reads none of them, and gives up
rather than wait: there is a stand-in.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Remote:
    """A file as it is published: its name, its size in bytes, its SHA-256."""

    name: str
    size: int
    sha256: str


#: The published files; several public projects pin the same sizes and sums.
MNIST = (
    Remote("train-images-idx3-ubyte.gz", 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
    Remote("train-labels-idx1-ubyte.gz", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
    Remote("t10k-images-idx3-ubyte.gz", 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
    Remote("t10k-labels-idx1-ubyte.gz", 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
)
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
DAY = 24 * 3600.0
PART = ".part"
STAMP = "tried"
CHUNK = 64 * 1024


@dataclass(frozen=True)
class Source:
    """Where files come from, and how long that may take: `stall` seconds without a byte, `deadline` for all of it.

    Without mirrors nothing is downloaded. Who has failed tries again after `every` seconds.
    """

    mirrors: tuple[str, ...] = MIRRORS
    files: tuple[Remote, ...] = MNIST
    stall: float = 5.0
    deadline: float = 120.0
    clock: Callable[[], float] = field(default=time.time)
    every: float = DAY


#: MNIST as it is published.
PUBLISHED = Source()


class _Failed(Exception):
    """One mirror did not give one file; the message says why, and names the mirror's host."""


def missing(folder: Path, files: tuple[Remote, ...] = MNIST) -> tuple[Remote, ...]:
    """The files that are not there as published. What is there is read to the end: a disk can spoil it."""
    return tuple(remote for remote in files if not _whole(folder / remote.name, remote))


def download(folder: Path, source: Source, progress: Callable[[str], None]) -> str | None:
    """Brings what is missing into the folder; None when all is there, else a sentence that says why not.

    It tries once a day at most: the time is noted before the first byte, so that being killed counts as a try.
    """
    wanted = missing(folder, source.files)
    if not wanted:
        return None
    if not source.mirrors:
        return ""
    now = source.clock()
    # Both ways: a clock that was set back must not keep it from trying for ever.
    if abs(now - tried_at(folder)) < source.every:
        return "MNIST could not be downloaded lately; it is tried once a day."
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(folder, now)
    (folder / STAMP).write_text(f"{now:.0f}\n", encoding="ascii")
    try:
        _fetch_all(folder, wanted, source, progress)
    except _Failed as failed:
        return f"MNIST could not be downloaded ({failed})."
    return None


def tried_at(folder: Path) -> float:
    """When a download was last tried, in seconds since 1970; 0 where none was."""
    try:
        return float((folder / STAMP).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0.0


def _fetch_all(folder: Path, wanted: tuple[Remote, ...], source: Source, progress: Callable[[str], None]) -> None:
    """Every file from the first mirror that gives it; a mirror that failed is not asked for the files after."""
    until = time.monotonic() + source.deadline
    report = _Progress(sum(remote.size for remote in wanted), progress)
    mirrors = list(source.mirrors)
    for remote in wanted:
        why: list[str] = []
        while mirrors and not _fetched(folder, remote, mirrors[0], source.stall, until, report, why):
            mirrors.pop(0)
        if not mirrors:
            raise _Failed("; ".join(why))


def _fetched(
    folder: Path, remote: Remote, mirror: str, stall: float, until: float, report: _Progress, why: list[str]
) -> bool:
    try:
        with _part(folder, remote.name) as part:
            _receive(part, remote, mirror, stall, until, report)
            part.replace(folder / remote.name)
        return True
    except _Failed as failed:
        why.append(str(failed))
        return False


@contextlib.contextmanager
def _part(folder: Path, name: str) -> Iterator[Path]:
    """A new file beside the target, for its owner alone; gone at the end, unless it has been given its name."""
    number, made = tempfile.mkstemp(prefix=f".{name}-", suffix=PART, dir=folder)
    os.close(number)
    try:
        yield Path(made)
    finally:
        Path(made).unlink(missing_ok=True)


def _receive(part: Path, remote: Remote, mirror: str, stall: float, until: float, report: _Progress) -> None:
    """One file, byte for byte as published, safely on the disk; else _Failed."""
    host = urlsplit(mirror).netloc
    digest, begun = hashlib.sha256(), report.done
    try:
        with part.open("wb") as file:
            for piece in _pieces(mirror + remote.name, remote.size, stall, until):
                file.write(piece)
                digest.update(piece)
                report.more(len(piece))
            file.flush()
            os.fsync(file.fileno())
        if report.done - begun != remote.size:
            raise _Failed(f"ended after {report.done - begun} of {remote.size} bytes")
        if digest.hexdigest() != remote.sha256:
            raise _Failed("is not the published file, by its SHA-256")
    except _Failed as failed:
        report.back_to(begun)
        raise _Failed(f"{host}: {remote.name} {failed}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        report.back_to(begun)
        raise _Failed(f"{host}: {_reason(error)}") from None


def _pieces(url: str, size: int, stall: float, until: float) -> Iterator[bytes]:
    """What comes, piece by piece: never more than `size` bytes and one piece, never past the deadline."""
    request = urllib.request.Request(url, headers={"User-Agent": "viva"})
    with urllib.request.urlopen(request, timeout=stall) as answer:
        got = 0
        # read1 returns what one reading of the socket brings: a trickle cannot hold it past the deadline.
        while piece := answer.read1(CHUNK):
            got += len(piece)
            if got > size:
                raise _Failed(f"is longer than the published {size} bytes")
            yield piece
            if time.monotonic() > until:
                raise _Failed(f"came too slowly ({got} of {size} bytes)")


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    if isinstance(error, urllib.error.URLError):
        error = error.reason if isinstance(error.reason, Exception) else error
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(getattr(error, "strerror", None) or str(error) or type(error).__name__)


class _Progress:
    """Counts bytes, and says how far it is: first how much will come, then at every tenth."""

    def __init__(self, total: int, say: Callable[[str], None]) -> None:
        self.done = 0
        self._total, self._say, self._tenths = total, say, 0
        say(f"Downloading MNIST, once ({total / 1e6:.0f} MB).")

    def more(self, count: int) -> None:
        self.done += count
        tenths = self.done * 10 // max(1, self._total)
        if tenths > self._tenths:
            self._tenths = tenths
            self._say(f"Downloading MNIST: {tenths * 10} %.")

    def back_to(self, done: int) -> None:
        """Forgets what a failed mirror has given; what was said is not said again."""
        self.done = done


def _whole(path: Path, remote: Remote) -> bool:
    try:
        if path.stat().st_size != remote.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == remote.sha256
    except OSError:
        return False


def _sweep(folder: Path, now: float) -> None:
    """Removes what downloads that were killed have left. A day old: another process may be at work."""
    for left in folder.glob(f".*{PART}"):
        with contextlib.suppress(OSError):
            if now - left.stat().st_mtime > DAY:
                left.unlink()
