"""Control groups: found in both versions, capped in the right order, removed, and swept up after the dead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.lab.sandbox.cgroup import Group, Places, find, fresh_name, sweep

V1 = """24 1 0:21 / {top}/memory rw - cgroup cgroup rw,memory
25 1 0:22 / {top}/cpu rw - cgroup cgroup rw,cpu,cpuacct
26 1 0:23 / {top}/unified rw - cgroup2 cgroup2 rw
"""
V2 = "24 1 0:21 {root} {top} rw - cgroup2 cgroup2 rw,nsdelegate\n"


def machine(tmp_path: Path, mounts: str, own: str) -> Path:
    """A /proc/self as a machine of that kind has it."""
    proc = tmp_path / "proc"
    proc.mkdir()
    (proc / "mountinfo").write_text(mounts)
    (proc / "cgroup").write_text(own)
    return proc


def group(folder: Path, **files: str) -> Path:
    """A group as the kernel would show it."""
    folder.mkdir(parents=True)
    (folder / "cgroup.procs").touch()
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def test_version_one_takes_ones_own_group_of_each_controller(tmp_path: Path) -> None:
    top = tmp_path / "fs"
    memory, cpu = group(top / "memory/mine"), group(top / "cpu")
    proc = machine(tmp_path, V1.format(top=top), "4:memory:/mine\n2:cpu,cpuacct:/\n0::/\n")
    assert find(proc) == Places(1, memory, None, cpu)


def test_version_two_takes_the_nearest_group_that_hands_memory_on(tmp_path: Path) -> None:
    top = tmp_path / "fs"
    above = group(top / "user", cgroup__subtree_control="memory pids\n")
    group(above / "scope", cgroup__subtree_control="\n")
    proc = machine(tmp_path, V2.format(root="/", top=top), "0::/user/scope\n")
    assert find(proc) == Places(2, above, above, None)


def test_a_container_sees_its_own_group_as_the_top(tmp_path: Path) -> None:
    top = group(tmp_path / "fs", cgroup__subtree_control="memory cpu")
    proc = machine(tmp_path, V2.format(root="/docker/1", top=top), "0::/docker/1\n")
    assert find(proc) == Places(2, top, None, top)


def test_where_no_group_can_be_made_there_is_none(tmp_path: Path) -> None:
    top = group(tmp_path / "fs", cgroup__subtree_control="pids")
    assert find(machine(tmp_path, V2.format(root="/", top=top), "0::/\n")) is None
    assert find(tmp_path / "no proc at all") is None


def test_version_two_has_no_swap_and_dies_as_one(tmp_path: Path) -> None:
    made = Group(Places(2, tmp_path, tmp_path, tmp_path), "viva-1-1")
    made.make(memory=1000, processes=9, nice=10)
    written = {file.name: file.read_text() for file in (tmp_path / "viva-1-1").iterdir()}
    assert written == {
        "memory.max": "1000",
        "memory.swap.max": "0",
        "memory.oom.group": "1",
        "pids.max": "9",
        "cpu.weight": "11",
    }
    (tmp_path / "viva-1-1/memory.events").write_text("low 0\noom 1\noom_kill 0\n")
    assert not made.exceeded()
    (tmp_path / "viva-1-1/memory.events").write_text("low 0\noom 1\noom_kill 1\n")
    assert made.exceeded()


def test_the_dead_are_swept_up_after_and_the_living_are_not(tmp_path: Path) -> None:
    alive = tmp_path / fresh_name()
    dead = [tmp_path / "viva-999999999-1-1", tmp_path / "viva-1"]
    namesake = tmp_path / f"viva-{os.getpid()}-1-1"  # of an earlier process of this number
    for folder in (alive, *dead, namesake):
        folder.mkdir()
    sweep(Places(2, tmp_path))
    assert list(tmp_path.iterdir()) == [alive]


def test_no_two_sandboxes_of_a_process_share_a_name() -> None:
    names = {fresh_name() for _ in range(100)}
    assert len(names) == 100
    assert all(name.startswith(f"viva-{os.getpid()}-") for name in names)


def test_a_real_group_is_capped_up_and_down_and_removed() -> None:
    places = find()
    if places is None:
        pytest.skip("no control group can be made here")
    made = Group(places, f"viva-{os.getpid()}-test")
    made.make(memory=64 << 20, processes=5, nice=5)
    try:
        for cap in (256 << 20, 32 << 20):
            made.cap(cap)
            file = "memory.max" if places.version == 2 else "memory.limit_in_bytes"
            assert int((made.folders[0] / file).read_text()) == cap
        assert made.used() == 0
        assert not made.exceeded()
    finally:
        assert made.remove()
    assert not any(folder.exists() for folder in made.folders)
