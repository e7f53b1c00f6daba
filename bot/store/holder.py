"""Names for the processes that hold leases, and whether such a process may still live. It kills and signals nobody."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from pathlib import Path

_PROCESSES = Path("/proc")
#: What begins the name of a process that alone serves from its data folder.
SERVES = "serve:"


def this_process() -> str:
    """The name of this process as a holder of leases: machine, process id and, where it can be had, its start time."""
    return "/".join((_machine(), str(os.getpid()), _started(os.getpid()) or "0"))


def serving_process(home: str) -> str:
    """The name of this process where it alone serves from a data folder, which is known by `home`."""
    return f"{SERVES}{home}:{this_process()}"


def lives_beside(me: str) -> Callable[[str], bool]:
    """`may_live` as the process of the name `me` can say it that alone serves from its folder.

    Another that served from there is gone, wherever it was: in a container that is no more, say.
    """
    same = me[: me.index(":", len(SERVES)) + 1]
    return lambda holder: holder == me or (not holder.startswith(same) and may_live(holder))


def may_live(holder: str) -> bool:
    """False only where it is certain that the process of that name is gone, so that its lease binds nobody.

    Certain is the absence of a process of this machine on Linux; elsewhere a lease runs out by the clock.
    """
    holder = _process(holder)
    machine, process, started = holder.rsplit("/", 2) if holder.count("/") > 1 else ("", "", "")
    if machine != _machine() or not process.isdecimal() or _started(os.getpid()) is None:
        return True
    return _started(int(process)) == started


def spoken(holder: str) -> str:
    """The name of a process as a person would want to read it."""
    holder = _process(holder)
    machine, process, _ = holder.rsplit("/", 2) if holder.count("/") > 1 else ("", "", "")
    return f"number {process} on {machine.partition('/')[0]}" if process.isdecimal() else holder


def _process(holder: str) -> str:
    """The name without the folder that the process serves from."""
    return holder.split(":", 2)[-1] if holder.startswith(SERVES) else holder


def _machine() -> str:
    """This machine, boot and set of process ids: a container's process 7 is not its host's."""
    try:
        boot = (_PROCESSES / "sys/kernel/random/boot_id").read_text().strip()[:8]
        return f"{platform.node()}/{boot}/{(_PROCESSES / 'self/ns/pid').stat().st_ino}"
    except OSError:
        return platform.node()


def _started(process: int) -> str | None:
    """When a process was started, in ticks since boot; None when it is gone, or where this cannot be read."""
    try:
        stat = (_PROCESSES / str(process) / "stat").read_bytes()
    except OSError:
        return None
    state, *fields = stat.rpartition(b")")[2].split()
    # Field 22 of proc(5), counted from the state, which is the third. A zombie works on nothing any more.
    return None if state in (b"Z", b"X") else fields[18].decode("ascii")
