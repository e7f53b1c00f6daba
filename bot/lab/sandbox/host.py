"""What this machine has that a sandbox is made of: programs, shared libraries, the running interpreter. Only looks."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.lab.sandbox.policy import MASKED, SEEN_WITH_DEVICES
from bot.lab.sandbox.room import Bind
from bot.lab.sandbox.seccomp import LIBRARY

#: Looked through in this order, whatever PATH says: root is not to run what a user put first.
PATH = "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin:/run/current-system/sw/bin"
FOLDERS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
#: What finds shared libraries: the loader's cache, and the links that Debian's numerical libraries hang by.
LOADER = ("/etc/ld.so.cache", "/etc/alternatives")
#: What of an interpreter's folder is shown. Not all of it: a project may be its own virtual environment.
OF_PREFIX = ("bin", "lib", "lib64", "pyvenv.cfg")


@dataclass(frozen=True)
class Tools:
    """Programs and libraries by name or path; tests name ones that are not there."""

    bwrap: str = "bwrap"
    prlimit: str = "prlimit"
    libseccomp: str = LIBRARY

    def path(self, name: str) -> str | None:
        return shutil.which(name, path=PATH)


def system() -> list[str]:
    """bubblewrap's arguments for the system's programs and libraries, read-only, as they lie here."""
    arguments = ["--ro-bind", "/usr", "/usr"]
    for name in FOLDERS:
        folder = Path(name)
        if folder.is_symlink():
            arguments += ["--symlink", str(folder.readlink()), name]
        elif folder.is_dir():
            arguments += ["--ro-bind", name, name]
    for name in LOADER:
        if Path(name).exists():
            arguments += ["--ro-bind", name, name]
    return arguments


def masked(with_gpu: bool) -> list[tuple[str, bool]]:
    """What of the masked is there, and whether it is a folder. With a GPU comes /sys, and what its driver looks at."""
    roots = ("/proc/", "/sys/") if with_gpu else ("/proc/",)
    seen = SEEN_WITH_DEVICES if with_gpu else ()
    wanted = [name for name in MASKED if name.startswith(roots) and name not in seen]
    return [(name, Path(name).is_dir()) for name in wanted if Path(name).exists()]


def interpreter(prefixes: tuple[str, ...] | None = None) -> tuple[Bind, ...]:
    """The running interpreter and its packages, each at its own path; what lies under /usr is there in any case.

    Elsewhere than at its own path, an interpreter's shared libraries get mixed up with the system's.
    """
    found = dict.fromkeys(part for prefix in prefixes or (sys.prefix, sys.base_prefix) for part in _parts(Path(prefix)))
    return tuple(Bind(path, str(path)) for path in found)


def _parts(prefix: Path) -> Iterator[Path]:
    for place in dict.fromkeys((prefix, prefix.resolve())):
        if not place.is_relative_to("/usr"):
            yield from (place / name for name in OF_PREFIX if (place / name).exists())
