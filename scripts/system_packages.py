"""What the lab needs from the system, whether it is there, and the commands that bring it. Standard library only.

It runs nothing but `sudo -n true`. Whether programs can be confined with what is there, the lab itself finds out.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: The library that makes the sandbox's filter of system calls; the lab loads it by this name.
SECCOMP = "libseccomp.so.2"
#: What a package is called where it is not called as here, by the command that installs packages.
NAMES: Mapping[str, Mapping[str, str]] = {"apt-get": {"libseccomp": "libseccomp2"}}
#: The first that is there is taken. Each asks nothing, and says little.
INSTALL: Mapping[str, tuple[str, ...]] = {
    "apt-get": ("install", "-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=60"),
    "dnf": ("install", "-y", "-q", "--setopt=install_weak_deps=False"),
    "zypper": ("--non-interactive", "--quiet", "install", "--no-recommends"),
    "pacman": ("-S", "--noconfirm", "--needed", "--quiet"),
}
#: apt-get knows no package in an image whose lists were removed; the others fetch theirs by themselves.
REFRESH: Mapping[str, tuple[str, ...]] = {
    "apt-get": ("update", "-qq", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"),
    "pacman": ("-Sy", "--noconfirm", "--quiet"),
}
QUIET = ("DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_MODE=l")
#: Seconds that an installation may take: it may wait for another one, and for a slow mirror.
PATIENCE = 300.0
MEGABYTES = 1  # of the packages; their lists, where apt-get has none, are 10 MB more


@dataclass(frozen=True)
class Lacking:
    """What is missing, and how it can be had: `tool` installs packages here, `as_root` is what goes before it.

    `as_root` is None where nobody may install anything without being asked for a password.
    """

    missing: tuple[str, ...] = ()
    tool: str | None = None
    as_root: tuple[str, ...] | None = None

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages by the names that they have here."""
        names = NAMES.get(self.tool or "", {})
        return tuple(names.get(name, name) for name in self.missing)

    @property
    def installable(self) -> bool:
        """Whether set-up can bring them by itself."""
        return bool(self.missing) and self.tool is not None and self.as_root is not None

    def commands(self) -> tuple[tuple[str, ...], ...]:
        """What brings them, to be tried in order: at once, or after the lists of packages were fetched."""
        if not self.installable or self.tool is None or self.as_root is None:
            return ()
        install = (self.tool, *INSTALL[self.tool], *self.packages)
        if self.tool not in REFRESH:
            return ((*self.as_root, "env", *QUIET, *install),)
        fresh = " ".join(("env", *QUIET, self.tool, *REFRESH[self.tool]))
        both = f"{fresh} && env {' '.join((*QUIET, *install))}"
        return ((*self.as_root, "env", *QUIET, *install), (*self.as_root, "sh", "-c", both))

    def by_hand(self) -> str:
        """The command for a person, who can be asked for a password."""
        if self.tool is None:
            return "install them with your system's packages"
        verb = "-S" if self.tool == "pacman" else "install"
        sudo = "" if self.as_root == () else "sudo "
        return f"{sudo}{self.tool} {verb} {' '.join(self.packages)}"


def lacking(missing: tuple[str, ...], search: str | None = None, root: bool | None = None) -> Lacking:
    """How what is missing can be had on this machine; nothing is looked for where nothing is missing."""
    if not missing:
        return Lacking()
    tool = next((name for name in INSTALL if shutil.which(name, path=search)), None)
    return Lacking(missing, tool, _as_root(search, root))


def missing(search: str | None = None, load: Callable[[str], object] = ctypes.CDLL) -> tuple[str, ...]:
    """What of bubblewrap and libseccomp is not there."""
    found = []
    if shutil.which("bwrap", path=search) is None:
        found.append("bubblewrap")
    try:
        load(SECCOMP)
    except OSError:
        found.append("libseccomp")
    return tuple(found)


def _as_root(search: str | None, root: bool | None) -> tuple[str, ...] | None:
    """What goes before a command that only root may run; None where that would need a password."""
    if os.geteuid() == 0 if root is None else root:
        return ()
    sudo = shutil.which("sudo", path=search)
    if sudo is None:
        return None
    try:
        asked = subprocess.run(
            [sudo, "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return (sudo, "-n") if asked.returncode == 0 else None
