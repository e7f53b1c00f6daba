"""Every attack that runs beside others in one sandbox: how it is known to have failed, what it gets through without.

What an attack tries stands in programs/, in a file of its name. Here stands what it must not have reached: looked at on
the host where the host can see it, else by what the program would have to say.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab.attacks.world import World

#: (what the program said, the world as it is now, the bot's whole answer): has it succeeded?
Won = Callable[[Any, World, dict[str, Any]], bool]
WRITABLE = {"/work", "/tmp", "/dev/shm"}


@dataclass(frozen=True)
class Attack:
    """`without` are the defences that must all be away for it to succeed: several where one alone would still stop it.

    With `root` it takes a bot that runs as root. Empty: something stops it that is no switch of the policy:
    namespaces of users and mounts, what is not bound, no new privileges, which capabilities a kernel asks for.
    """

    name: str
    won: Won
    without: tuple[str, ...] = ()
    root: bool = False


def secret(name: str) -> Won:
    """It has told a secret that only the host knew."""
    return lambda said, world, answer: getattr(world, f"{name}_secret") in f"{said} {answer['out']} {answer['err']}"


def reached(server: str) -> Won:
    """Somebody came to the host's server."""
    return lambda said, world, answer: world.reached(server)


def got(said: Any, world: World, answer: dict[str, Any]) -> bool:
    """It got what it asked the kernel for; a program that failed says so in a text with the error's name."""
    return bool(said) and not (isinstance(said, str) and "Error:" in said)


def part(*names: str) -> Won:
    """One of these parts of what it says is not empty."""
    return lambda said, world, answer: isinstance(said, dict) and any(said[name] for name in names)


def read_hosts(file: str) -> Won:
    """It has told what stands in a file of the host."""

    def won(said: Any, world: World, answer: dict[str, Any]) -> bool:
        try:
            lines = Path(file).read_text().splitlines()
        except OSError:  # the tests themselves may not read it
            return False
        return any(line.strip() and line.strip() in str(said).replace("\\n", "\n") for line in lines)

    return won


def changed(said: Any, world: World, answer: dict[str, Any]) -> bool:
    """A file of the host is not as it was."""
    return not world.untouched()


def wrote_elsewhere(said: Any, world: World, answer: dict[str, Any]) -> bool:
    return not isinstance(said, list) or set(said) != WRITABLE or not world.untouched()


def inherited(said: Any, world: World, answer: dict[str, Any]) -> bool:
    """More than its pipes and /dev/null was open, or it told what was in a file."""
    kinds = dict(said["open"])
    pipes = {number for number, kind in kinds.items() if kind == 1}
    # Its own pipe to the first program of the sandbox is the one more.
    return bool(said["secrets"]) or set(kinds.values()) - {1, 2} != set() or len(pipes) > 5 or not {0, 1, 2, 3} <= pipes


def killed(said: Any, world: World, answer: dict[str, Any]) -> bool:
    return not world.alive() or not isinstance(said, list) or said != []


def reads_masked(said: Any, world: World, answer: dict[str, Any]) -> bool:
    return (
        bool(said["files"] or said["folders"] or said["kcore"]) or Path("/proc/cmdline").read_text() == said["cmdline"]
    )


def knows_name(said: Any, world: World, answer: dict[str, Any]) -> bool:
    return bool(said["name"] == os.uname().nodename != "viva" or said["named"])


def knows_groups(said: Any, world: World, answer: dict[str, Any]) -> bool:
    return f"viva-{answer['pid']}-" in str(said)


def put_before(said: Any, world: World, answer: dict[str, Any]) -> bool:
    """Niceness went down, or a real-time scheduler was had, or it is no longer the first to be killed."""
    return bool(said["nice"][1] < said["nice"][0] or said["scheduler"] != os.SCHED_OTHER or said["badness"] < 0)


ATTACKS = (
    # The host's files
    Attack("host_files", secret("file")),
    Attack("users", read_hosts("/etc/passwd")),
    Attack("detours", secret("file")),
    Attack("everything_readable", secret("file")),
    Attack("file_handles", secret("file")),
    Attack("descriptors", inherited),
    Attack("write_everywhere", wrote_elsewhere, ("read_only",)),
    Attack("bound_data", changed, ("read_only",)),
    Attack("closed_file", secret("closed"), ("drop_root",), root=True),
    Attack("setuid_program", secret("closed")),
    Attack("links_out", changed),
    Attack("devices", got),
    Attack("masked", reads_masked, ("masks",)),
    Attack("kernel_settings", got, ("masks", "drop_root"), root=True),
    Attack("machine_tree", got),
    Attack("own_groups", knows_groups, ("cgroup_names",), root=True),
    Attack("machine_name", knows_name, ("host_name",)),
    # Environments and processes
    Attack("environments", secret("environment"), ("empty_environment",)),
    Attack("command_lines", secret("victim"), ("pids",)),
    Attack("kill_others", killed, ("pids", "drop_root")),
    Attack("memory_of_others", secret("victim")),
    Attack("trace_a_child", got, ("seccomp",)),
    Attack("memory_of_a_child", got, ("seccomp",)),
    Attack("take_a_descriptor", got, ("seccomp",)),
    Attack("own_session", got, ("seccomp",)),
    Attack("others_namespaces", got),
    # The network, and what else leads out
    Attack("tcp", reached("tcp"), ("network", "seccomp")),
    Attack("udp", reached("udp"), ("network", "seccomp")),
    Attack("abstract_socket", reached("abstract"), ("network",)),
    Attack("socket_file", reached("file")),
    Attack("kernel_sockets", got, ("seccomp",)),
    Attack("other_numbers", got, ("seccomp",)),
    Attack("shared_memory", secret("memory"), ("ipc", "seccomp")),
    Attack("message_queue", secret("queue"), ("ipc", "seccomp")),
    Attack("shared_files", secret("file")),
    # The kernel
    Attack("io_uring", got, ("seccomp",)),
    Attack("user_namespace", got, ("seccomp", "no_user_namespaces")),
    Attack("clone_namespace", got, ("seccomp", "no_user_namespaces")),
    Attack("mount", got, ("seccomp", "capabilities")),
    Attack("chroot", part("done", "secrets"), ("seccomp", "capabilities")),
    Attack("key_ring", part("secrets", "added"), ("seccomp",)),
    Attack("kernel_programs", got),
    Attack("performance", got, ("seccomp",)),
    Attack("page_faults", got, ("seccomp",)),
    Attack("administration", got, ("seccomp",)),
    Attack("personality", got, ("seccomp",)),
    Attack("anonymous_file", got, ("seccomp",)),
    Attack("capabilities", got, ("capabilities",)),
    Attack("priority", put_before),
    Attack("raise_limits", got, ("limits",)),
)  # fmt: skip
