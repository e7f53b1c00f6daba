"""How many programs and slots a machine has room for: read from files as kernels write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.lab.sizing import Machine, parallel, read_machine, slots

GIB = 2**30


def written(root: Path, files: dict[str, object]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"{text}\n")
    return root


def meminfo(gib: int) -> dict[str, object]:
    return {"proc/meminfo": f"MemTotal: 99999999 kB\nMemFree: 1 kB\nMemAvailable: {gib * 1024 * 1024} kB"}


def test_this_machine_has_cores_and_memory() -> None:
    machine = read_machine()
    assert machine.cores >= 1
    assert machine.free > 0


def test_without_cgroups_memory_is_what_the_kernel_has_to_give(tmp_path: Path) -> None:
    assert read_machine(written(tmp_path, meminfo(8))).free == 8 * 1024


@pytest.mark.parametrize("group", ["app", "app/deeper/still"])
def test_a_cgroup_v2_above_us_leaves_less(tmp_path: Path, group: str) -> None:
    files = meminfo(8) | {
        "proc/self/cgroup": f"0::/{group}",
        "sys/fs/cgroup/app/memory.max": 3 * GIB,
        "sys/fs/cgroup/app/memory.current": 2 * GIB,
        "sys/fs/cgroup/app/memory.stat": f"anon {GIB}\ninactive_file {GIB // 2}",
        "sys/fs/cgroup/app/deeper/still/memory.max": "max",
    }
    assert read_machine(written(tmp_path, files)).free == 1024 + 512


def test_a_cgroup_v1_leaves_less_and_its_no_limit_is_none(tmp_path: Path) -> None:
    files = meminfo(8) | {
        "proc/self/cgroup": "5:memory:/box\n4:cpu,cpuacct:/box\n1:name=systemd:/x",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": 9223372036854771712,
        "sys/fs/cgroup/memory/memory.usage_in_bytes": GIB,
        "sys/fs/cgroup/memory/box/memory.limit_in_bytes": 2 * GIB,
        "sys/fs/cgroup/memory/box/memory.usage_in_bytes": GIB,
        "sys/fs/cgroup/memory/box/memory.stat": f"inactive_file 5\ntotal_inactive_file {GIB // 4}",
    }
    assert read_machine(written(tmp_path, files)).free == 1024 + 256


@pytest.mark.parametrize("quota", ["100000 100000", "50000 100000"])
def test_a_quota_leaves_fewer_cores(tmp_path: Path, quota: str) -> None:
    files = {"proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": quota}
    assert read_machine(written(tmp_path, meminfo(8) | files)).cores == 1


def test_no_quota_leaves_all_cores(tmp_path: Path) -> None:
    files = {"proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "max 100000"}
    assert read_machine(written(tmp_path, meminfo(8) | files)).cores == read_machine().cores


@pytest.mark.parametrize(
    ("cores", "gib", "at_once"), [(1, 1, 1), (2, 64, 1), (8, 64, 7), (8, 6, 2), (8, 0, 1), (16, 33, 15)]
)
def test_a_core_stays_with_the_conversation_and_one_program_runs_always(cores: int, gib: int, at_once: int) -> None:
    assert parallel(Machine(cores, gib * 1024 + 100), 2048) == at_once


@pytest.mark.parametrize(("mib", "wait"), [(500, 0), (1283, 0), (1284, 1), (1600, 2), (64_000, 3)])
def test_slots_wait_only_where_memory_has_room_for_them(mib: int, wait: int) -> None:
    assert slots(Machine(4, mib), 3) == wait
