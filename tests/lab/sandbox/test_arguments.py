"""Arguments, limits and plans are composed without starting anything, also for a GPU that is not there."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.lab.sandbox import Bind, Policy, Room
from bot.lab.sandbox.arguments import Machine, bubblewrap, command, plan, staged, staging

MACHINE = Machine(
    "/usr/bin/bwrap",
    "/usr/bin/prlimit",
    ("--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin"),
    (("/proc/kcore", False), ("/proc/acpi", True)),
)
ROOM = Room(("/bin/true",), environment={"HOME": "/work"})
NODES = tuple(Path("/dev", name) for name in ("nvidiactl", "nvidia-uvm", "nvidia3"))


def composed(policy: Policy) -> object:
    """Everything that a policy can change."""
    does = plan(
        policy, [], [], parent=7, uid=None, place="/run", sources=[], cgroups=[], nice=5, environment={"KEY": "x"}
    )
    return bubblewrap(ROOM, policy, MACHINE), command(ROOM, policy, MACHINE), does


def switches() -> list[str]:
    # These three change what Sandbox does; test_sandbox.py takes them away.
    elsewhere = {"drop_root", "session", "memory"}
    return [field.name for field in fields(Policy) if field.type == "bool" and field.name not in elsewhere]


@pytest.mark.parametrize("switch", switches())
def test_each_defence_can_be_taken_away(switch: str) -> None:
    without: Any = {switch: False}
    assert composed(replace(Policy(), **without)) != composed(Policy())


def test_every_defence_stands_unless_it_is_taken_away() -> None:
    assert all(getattr(Policy(), field.name) for field in fields(Policy))


def test_everything_is_apart_and_nothing_can_be_written() -> None:
    words = bubblewrap(ROOM, Policy(), MACHINE)
    for kind in ("user", "pid", "net", "ipc", "uts"):
        assert f"--unshare-{kind}" in words
    assert {"--unshare-cgroup-try", "--disable-userns", "--die-with-parent"} <= set(words)
    assert not {"--bind", "--dev-bind", "--share-net"} & set(words)
    assert words.count("--tmpfs") == words.count("--size") + 1  # the one without a size is a mask, and read-only
    assert pairs(words, "--remount-ro") == ["/proc/acpi", "/dev", "/"]


def test_an_old_bubblewrap_is_not_asked_for_what_it_does_not_know() -> None:
    assert "--disable-userns" not in bubblewrap(ROOM, Policy(), replace(MACHINE, can_disable_userns=False))


def test_a_gpu_is_its_own_nodes_and_a_read_only_sys() -> None:
    words = bubblewrap(replace(ROOM, devices=NODES, sys_readonly=True), Policy(), MACHINE)
    assert pairs(words, "--dev-bind") == [str(node) for node in NODES]
    assert words[words.index("/sys") - 1] == "--ro-bind"
    # A node needs a place to be put, so /dev is closed after them.
    assert words.index("--dev") < words.index("--dev-bind") < len(words) - 1 - words[::-1].index("/dev")


def test_without_a_gpu_there_is_neither_node_nor_sys() -> None:
    words = bubblewrap(ROOM, Policy(), MACHINE)
    assert "--dev-bind" not in words
    assert "/sys" not in words


def test_what_lies_within_another_bind_comes_after_it() -> None:
    binds = (Bind(Path("/a"), "/viva/data/deep"), Bind(Path("/b"), "/viva/data"))
    words = bubblewrap(replace(ROOM, binds=binds), Policy(), MACHINE)
    assert words.index("/viva/data") < words.index("/viva/data/deep")


def test_a_bind_under_a_folder_that_is_written_to_is_not_hidden_by_it() -> None:
    words = bubblewrap(replace(ROOM, binds=(Bind(Path("/x"), "/tmp/venv/bin"),)), Policy(), MACHINE)
    assert words.index("/tmp") < words.index("/tmp/venv/bin")


def test_limits_are_set_before_the_command_and_by_its_room() -> None:
    words = command(replace(ROOM, memory=100, cpu_seconds=7), Policy(), MACHINE)
    assert words[0] == MACHINE.prlimit
    assert {"--cpu=7", f"--data={1124 * 1024 * 1024}", "--core=0", "--nproc=128"} <= set(words[: words.index("--")])
    assert words[-1] == "/bin/true"


def test_a_root_stages_what_is_shown_and_it_keeps_its_place_inside() -> None:
    room = replace(ROOM, binds=(Bind(Path("/root/a"), "/root/a"), Bind(Path("/b"), "/c")))
    assert staged(room, "/run").binds == (Bind(Path("/run/0"), "/root/a"), Bind(Path("/run/1"), "/c"))


def test_what_is_shown_is_never_hidden_by_the_staging() -> None:
    assert staging([Path("/home/x")]) == "/run"
    assert staging([Path("/run/user/1000/venv"), Path("/mnt/data")]) == "/media"


def pairs(words: list[str], flag: str) -> list[str]:
    """What follows each use of a flag."""
    return [after for word, after in pairwise(words) if word == flag]
