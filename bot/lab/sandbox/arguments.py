"""Composes what is run: bubblewrap's arguments, the limits set inside, and the plan for launch.py. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.lab.sandbox.policy import MIB, Policy
from bot.lab.sandbox.room import Bind, Room

# Where launch.py puts the descriptors. The last four are closed before the command begins.
CHANNEL, STARTED, ARGUMENTS, ALLOWING, DENYING = 3, 4, 5, 6, 7
#: Where a root's binds are staged: the first that no bind and no program lies under.
STAGING = ("/run", "/mnt", "/media", "/srv")
#: Says that the sandbox stands, and becomes the command.
BEGIN = 'printf . >&4; exec "$@" 4>&-'


@dataclass(frozen=True)
class Machine:
    """What composing needs to know of the machine. `system` and `masked` as host.py finds them."""

    bwrap: str
    prlimit: str
    system: tuple[str, ...]
    masked: tuple[tuple[str, bool], ...]
    can_disable_userns: bool = True


def bubblewrap(room: Room, policy: Policy, machine: Machine) -> list[str]:
    """The arguments that go to bubblewrap by descriptor, where the job cannot read them."""
    return [
        *_apart(policy, machine),
        *(machine.system if policy.read_only else _writable(machine.system)),
        *_proc(policy),
        *_devices(room, policy),
        *(word for folder, size in policy.folders for word in _folder(folder, size, policy)),
        *(("--ro-bind", "/sys", "/sys") if room.sys_readonly else ()),
        *(word for bind in _sorted(room.binds) for word in _bind(bind, policy)),
        *(_masks(machine.masked) if policy.masks else ()),
        *(("--remount-ro", "/dev", "--remount-ro", "/") if policy.read_only else ()),
        *("--chdir", "/work"),
        *(word for name, value in room.environment.items() for word in ("--setenv", name, value)),
        *(("--add-seccomp-fd", str(ALLOWING), "--add-seccomp-fd", str(DENYING)) if policy.seccomp else ()),
    ]


def command(room: Room, policy: Policy, machine: Machine) -> list[str]:
    """What runs inside: its limits are set, it says that it is there, and the room's command begins.

    Set outside, RLIMIT_NPROC would count all processes of the user.
    """
    limits = [machine.prlimit, *_limits(room, policy), "--"] if policy.limits else []
    return [*limits, "/bin/sh", "-c", BEGIN, "sh", *room.command]


def data_limit(memory: int, policy: Policy) -> int:
    """How much one process may map privately. Not RLIMIT_AS: CUDA reserves far more than it ever uses."""
    return memory * MIB + policy.reserve


def staged(room: Room, place: str) -> Room:
    """The room with its binds taken from where launch.py has put them, as 0, 1, …"""
    binds = tuple(Bind(Path(place, str(n)), bind.inside) for n, bind in enumerate(room.binds))
    return replace(room, binds=binds)


def staging(paths: Sequence[Path]) -> str:
    """A folder that can be hidden from bubblewrap, since none of the paths lies under it."""
    free = (place for place in STAGING if not any(path.resolve().is_relative_to(place) for path in paths))
    return next(free, STAGING[0])


def plan(
    policy: Policy,
    arguments: Sequence[str],
    descriptors: Sequence[int],
    *,
    parent: int,
    uid: int | None,
    place: str,
    sources: Sequence[Path],
    cgroups: Sequence[Path],
    nice: int,
    environment: Mapping[str, str],
) -> dict[str, Any]:
    """What launch.py does, as JSON. `uid` is None where there is no root to drop."""
    return {
        "parent": parent if policy.die_with_parent else None,
        "cgroups": [str(path) for path in cgroups],
        "badness": policy.badness if policy.low_priority else 0,
        "nice": nice if policy.low_priority else 0,
        "uid": uid,
        "staging": place,
        "staged": [str(path) for path in sources],
        "descriptors": list(descriptors),
        "arguments": list(arguments),
        "environment": {} if policy.empty_environment else dict(environment),
    }


def _apart(policy: Policy, machine: Machine) -> list[str]:
    chosen = {
        "--disable-userns": policy.no_user_namespaces and machine.can_disable_userns,
        "--unshare-pid": policy.pids,
        "--unshare-net": policy.network,
        "--unshare-ipc": policy.ipc,
        "--unshare-uts": policy.host_name,
        "--unshare-cgroup-try": policy.cgroup_names,
        "--die-with-parent": policy.die_with_parent,
    }
    named = ["--hostname", "viva"] if policy.host_name else []
    dropped = ["--cap-drop", "ALL"] if policy.capabilities else ["--cap-add", "ALL"]
    return ["--unshare-user", *(flag for flag, wanted in chosen.items() if wanted), *named, *dropped]


def _proc(policy: Policy) -> list[str]:
    # A new one belongs to a namespace of process ids; without that there is the host's.
    return ["--proc", "/proc"] if policy.pids else ["--bind", "/proc", "/proc"]


def _devices(room: Room, policy: Policy) -> list[str]:
    return ["--dev", "/dev", *(word for node in room.devices for word in ("--dev-bind", str(node), str(node)))]


def _folder(folder: str, size: int, policy: Policy) -> list[str]:
    return [*(("--size", str(size)) if policy.small_folders else ()), "--tmpfs", folder]


def _sorted(binds: Sequence[Bind]) -> list[Bind]:
    """Outer ones first: a later one would hide what lies within it."""
    return sorted(binds, key=lambda bind: len(Path(bind.inside).parts))


def _bind(bind: Bind, policy: Policy) -> list[str]:
    return ["--ro-bind" if policy.read_only else "--bind", str(bind.host), bind.inside]


def _writable(system: Sequence[str]) -> list[str]:
    return ["--bind" if word == "--ro-bind" else word for word in system]


def _masks(masked: Sequence[tuple[str, bool]]) -> list[str]:
    """Read-only sysctls, empty folders, and files that are a device where devices cannot be opened."""
    words = ["--ro-bind", "/proc/sys", "/proc/sys"]
    for name, is_folder in masked:
        words += ["--tmpfs", name, "--remount-ro", name] if is_folder else ["--ro-bind", "/dev/null", name]
    return words


def _limits(room: Room, policy: Policy) -> list[str]:
    values = {
        "cpu": room.cpu_seconds,
        "data": data_limit(room.memory, policy),
        "fsize": policy.file_size,
        "nofile": policy.open_files,
        "nproc": policy.processes,
        "core": 0,
        "msgqueue": 0,
        "nice": 0,
        "rtprio": 0,
    }
    return [f"--{name}={value}" for name, value in values.items()]
