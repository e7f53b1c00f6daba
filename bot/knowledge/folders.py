"""Where the index lies, and how a folder of it comes into being: filled beside its place and put there in one step.

It knows nothing of what such a folder holds.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import IndexUnavailable

#: The end of the name of a folder that is still being filled. Nobody reads such a folder.
PART = ".part"
#: How old such a folder must be before it counts as left behind by a process that died, in seconds.
ABANDONED_AFTER = 3600.0


@dataclass(frozen=True)
class Folders:
    """`shipped` lies beside the program and is filled at set-up; `home` belongs to one VIVA_HOME."""

    shipped: Path
    home: Path

    def both(self) -> tuple[Path, Path]:
        return (self.shipped, self.home)

    def writable(self) -> Path:
        """The first of the two in which folders can be made; IndexUnavailable when there is none."""
        for root in self.both():
            if can_write(root):
                return root
        raise IndexUnavailable(
            f"The index cannot be kept: neither {self.shipped} nor {self.home} can be written. "
            "Give VIVA_HOME a folder of your own, then run `viva index`."
        )


def index_folders(home: Path) -> Folders:
    """The folders of this installation and of this VIVA_HOME."""
    return Folders(Path(sys.prefix) / "share" / "viva", home / "index")


def can_write(root: Path) -> bool:
    """True when folders can be made under `root`, which is made if need be."""
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(root, os.W_OK | os.X_OK)


@contextmanager
def filled(target: Path) -> Iterator[Path]:
    """A folder to fill; at the end it takes the name `target`. Whoever comes second leaves the first one's standing.

    When the filling fails nothing is left; when the process is killed, a folder that the next filling sweeps away.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}-", suffix=PART, dir=target.parent))
    try:
        part.chmod(target.parent.stat().st_mode & 0o777)
        _sweep(target.parent, part.stat().st_mtime)
        yield part
        _rename(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def remove(folder: Path) -> None:
    """Takes a folder's name away in one step, then what it holds: nobody meets it half removed.

    Where the system forbids it, as Windows does while another process reads there, the folder stays.
    """
    with contextlib.suppress(OSError):
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", suffix=PART, dir=folder.parent))
        try:
            folder.replace(aside / "old")
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _rename(part: Path, target: Path) -> None:
    try:
        part.replace(target)
    except OSError:
        if not target.is_dir():
            raise


def _sweep(root: Path, now: float) -> None:
    """Removes what died half filled. `now` is the file system's own clock, so that a wrong one harms nothing."""
    for left in root.glob(f".*{PART}"):
        try:
            abandoned = now - left.stat().st_mtime > ABANDONED_AFTER
        except OSError:
            continue
        if abandoned:
            shutil.rmtree(left, ignore_errors=True)


def size(folder: Path) -> int:
    """The bytes of all files under a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
