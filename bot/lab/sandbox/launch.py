"""The first program of a sandbox, still outside of it: lowers itself, drops root, and becomes bubblewrap.

Run by path with `python -I -S -B` and the number of a descriptor that holds the plan (arguments.py makes it, as JSON).
It decides nothing, and imports nothing of Viva.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

# From linux/{sched,mount,prctl}.h.
NEW_MOUNTS = 0x00020000
BIND, RECURSIVE, PRIVATE = 0x1000, 0x4000, 0x40000
NO_SETUID, NO_DEVICES = 0x2, 0x4
DIE_WITH_PARENT, NO_NEW_PRIVILEGES = 1, 38
READABLE = 0o5
OUT_OF_THE_WAY = 100
ATTEMPTS = 6


def main() -> None:
    try:
        with os.fdopen(int(sys.argv[1]), encoding="utf-8") as file:
            plan = json.load(file)
        become(plan)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        sys.exit(f"launch: {error.strerror}{where}")


def become(plan: dict[str, Any]) -> None:
    """Everything in order, up to the end of this program."""
    tied_to(plan["parent"])
    lowered(plan)
    os.umask(0o022)
    os.chdir("/")
    if plan["uid"] is not None:
        staged(plan["staging"], plan["staged"])
        dropped(plan["uid"])
        tied_to(plan["parent"])  # dropping unties
    handed_over(plan["descriptors"])
    os.execve(plan["arguments"][0], plan["arguments"], plan["environment"])


def tied_to(parent: int | None) -> None:
    """Dies with the thread that spawned it. `parent` is None where that is not wanted."""
    if parent is not None:
        checked(libc().prctl(DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0), "prctl")
        if os.getppid() != parent:
            sys.exit("launch: whoever started this is gone")


def lowered(plan: dict[str, Any]) -> None:
    """Joins its cgroups, and goes behind others for the processor and before them for being killed."""
    for cgroup in plan["cgroups"]:
        Path(cgroup, "cgroup.procs").write_text("0")
    if plan["badness"]:
        Path("/proc/self/oom_score_adj").write_text(str(plan["badness"]))
    if plan["nice"]:
        os.nice(plan["nice"])
        grouped(plan["nice"])


def grouped(nice: int) -> None:
    """Desktop kernels share the processor out among sessions first; within one's own, being nice helps nobody.

    For users the kernel takes ten of these a second from all of them together, so this may fail.
    """
    for _ in range(ATTEMPTS):
        try:
            Path("/proc/self/autogroup").write_text(str(nice))
        except BlockingIOError:
            time.sleep(0.02)
        except OSError:  # no such kernel
            return
        else:
            return


def staged(place: str, sources: list[str]) -> None:
    """Binds what the job is to see where everyone can reach it: under `place`, as 0, 1, …, seen by this process alone.

    By their own paths they may lie under folders that are root's alone.
    """
    checked(libc().unshare(NEW_MOUNTS), "unshare")
    mounted("none", "/", None, RECURSIVE | PRIVATE)
    mounted("viva", place, "tmpfs", NO_SETUID | NO_DEVICES, "mode=0755,size=4m")
    for number, source in enumerate(sources):
        bound(source, f"{place}/{number}")


def bound(source: str, target: str) -> None:
    """One bind; of a folder that is itself closed to others, each thing in it."""
    mode = Path(source).stat().st_mode
    if not Path(source).is_dir():
        if not mode & 0o4:
            sys.exit(f"launch: {source} can be read by root alone: chmod go+r it")
        Path(target).touch()
        mounted(source, target, None, BIND)
    elif mode & READABLE == READABLE:
        Path(target).mkdir()
        mounted(source, target, None, BIND | RECURSIVE)
    else:
        Path(target).mkdir()
        for name in os.listdir(source):
            bound(f"{source}/{name}", f"{target}/{name}")


def dropped(uid: int) -> None:
    """Becomes a user who owns nothing, for good."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    checked(libc().prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0), "prctl")


def handed_over(descriptors: list[int]) -> None:
    """Puts these at 3, 4, …, and closes all others."""
    aside = [fcntl.fcntl(have, fcntl.F_DUPFD, OUT_OF_THE_WAY) for have in descriptors]
    for wanted, have in enumerate(aside, 3):
        os.dup2(have, wanted)
    os.closerange(3 + len(aside), os.sysconf("SC_OPEN_MAX"))


def mounted(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    kind_given = kind.encode() if kind else None
    done = libc().mount(source.encode(), target.encode(), kind_given, ctypes.c_ulong(flags), options.encode())
    checked(done, source)


def checked(done: int, name: str) -> None:
    if done != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), name)


def libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


if __name__ == "__main__":
    main()
