"""Bombs, and programs that want to outlive their sandbox. What there was of them is counted from outside.

Each bomb says in its first line how large it is at most, so that it does no harm where a defence is taken away.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.lab.sandbox import Policy
from tests.lab.attacks.bots import Bot

SMALL = [[folder, 1 << 20] for folder, _ in Policy().folders]
MOST = Policy().processes + 4  # and bubblewrap's own, and what its first process was before
SPINS = "while True: pass"


@dataclass(frozen=True)
class Bomb:
    """`burst` says, by the answer, that it had what it wanted. `asked` is how the sandbox is to be."""

    name: str
    burst: Callable[[dict[str, Any]], bool]
    without: tuple[str, ...]
    asked: dict[str, Any] = field(default_factory=dict)
    slow: bool = False

    def said(self, answer: dict[str, Any]) -> Any:
        return answer["said"].get(self.name)


def outgrown(megabytes: int) -> Callable[[dict[str, Any]], bool]:
    """It lived on when it had used more memory than its sandbox may, or had far more before its end.

    A watchdog looks every 50 ms, in which a program may well write 200 MB.
    """
    return lambda answer: answer["memory"] > megabytes + 300 or not answer["died_of_memory"]


def larger_than_its_size(answer: dict[str, Any]) -> bool:
    return bool(max(answer["said"]["fills_folders"].values()) > 1)


def over(name: str, most: int) -> Callable[[dict[str, Any]], bool]:
    """It says that it had more than so many."""
    return lambda answer: bool(answer["said"][name] > most)


BOMBS = (
    Bomb("forks", lambda answer: answer["processes"] > MOST, ("limits", "memory")),
    Bomb("threads", lambda answer: answer["threads"] > MOST, ("limits", "memory")),
    Bomb("allocates", outgrown(200), ("memory",)),
    Bomb("maps", outgrown(200), ("memory",), slow=True),
    Bomb("shares_out", outgrown(200), ("memory",), slow=True),
    Bomb("fills_folders", outgrown(100), ("memory",), {"memory": 100}),
    Bomb("fills_folders", larger_than_its_size, ("small_folders",),
         {"memory": 1000, "policy": {"folders": SMALL}}, slow=True),
    Bomb("fills_folders", lambda answer: answer["said"]["fills_folders"]["/"] > 0, ("read_only",),
         {"memory": 1000, "policy": {"folders": SMALL}}, slow=True),
    Bomb("large_file", over("large_file", Policy().file_size), ("limits",)),
    Bomb("many_files", lambda answer: not answer["died_of_memory"], ("memory",), {"memory": 48}, slow=True),
    Bomb("pipes", lambda answer: not answer["died_of_memory"] and answer["said"]["pipes"] > 100, (),
         {"memory": 100}, slow=True),
    Bomb("opens_files", over("opens_files", Policy().open_files), ("limits",)),
)  # fmt: skip


def parameters(bombs: Iterable[Bomb]) -> list[Any]:
    marks = {True: [pytest.mark.slow], False: []}
    return [pytest.param(one, id=f"{one.name}-{one.without[-1:]}", marks=marks[one.slow]) for one in bombs]


@pytest.mark.parametrize("bomb", parameters(BOMBS))
@pytest.mark.parametrize("whose", ["own_bot", "users_bot"])
def test_a_bomb_is_contained(request: pytest.FixtureRequest, whose: str, bomb: Bomb) -> None:
    bot: Bot = request.getfixturevalue(whose)
    answer = bot.runs(bomb.name, alone=True, **bomb.asked)
    assert not bomb.burst(answer), answer
    assert answer["survivors"] == []


@pytest.mark.slow
@pytest.mark.parametrize("bomb", parameters(bomb for bomb in BOMBS if bomb.without))
def test_a_bomb_bursts_where_defences_are_missing(bare_bot: Bot, bomb: Bomb) -> None:
    answer = bare_bot.runs(bomb.name, alone=True, without=bomb.without, **bomb.asked)
    assert bomb.burst(answer), answer


SURVIVORS = (
    "daemon",
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("deaf", "stops", "undead", "kills_the_first")),
)


@pytest.mark.parametrize("name", SURVIVORS)
@pytest.mark.parametrize("whose", ["own_bot", "users_bot"])
def test_nothing_survives(request: pytest.FixtureRequest, whose: str, name: str) -> None:
    bot: Bot = request.getfixturevalue(whose)
    answer = bot.runs(name, alone=True, seconds=0.5)
    assert answer["processes"] >= 3, "it never ran"
    assert answer["survivors"] == []
    assert answer["took"] < 2


@pytest.mark.slow
def test_a_daemon_survives_where_defences_are_missing(bare_bot: Bot) -> None:
    assert bare_bot.runs("daemon", alone=True, seconds=0.5, without=("pids", "memory"))["survivors"]
    assert bare_bot.runs("daemon", alone=True, seconds=0.5, without=("pids",))["survivors"] == []
    assert bare_bot.runs("daemon", alone=True, seconds=0.5, without=("memory",))["survivors"] == []


@pytest.mark.slow
@pytest.mark.parametrize("whose", ["own_bot", "users_bot"])
def test_a_flood_is_cut_short_by_whoever_reads(request: pytest.FixtureRequest, whose: str) -> None:
    """What is not read stays in the pipe, of 64 KiB: the sandbox keeps nothing of it."""
    bot: Bot = request.getfixturevalue(whose)
    answer = bot.runs("floods", alone=True, raw=True)
    assert (answer["said"], len(answer["out"]), answer["survivors"]) == (1 << 20, 20000, [])


def spun(bot: Bot, without: tuple[str, ...]) -> float:
    """How much of a processor a program had, for each second that a rival of the host's had of it."""
    processor = bot.world.told()["processor"]
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", SPINS]) as rival:
        try:
            os.sched_setaffinity(rival.pid, {processor})
            answer = bot.runs("spins", alone=True, without=without, nice=10)
            ticks = sum(map(int, _stat(rival.pid)[11:13]))
        finally:
            rival.kill()
    return float(answer["cpu"] * os.sysconf("SC_CLK_TCK") / max(ticks, 1))


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


@pytest.mark.slow
@pytest.mark.alone
def test_a_spinner_leaves_the_processor_to_the_host(own_bot: Bot, users_bot: Bot, bare_bot: Bot) -> None:
    """A tenth of its rival's share with the defence, as much as its rival without: what else runs may shift both."""
    time.sleep(0.2)
    own, users = spun(own_bot, ()), spun(users_bot, ())
    bare = spun(bare_bot, ("low_priority", "memory"))
    assert max(own, users) < bare / 2, (own, users, bare)


@pytest.mark.parametrize("whose", ["own_bot", "users_bot"])
def test_one_sandbox_does_not_reach_another(request: pytest.FixtureRequest, whose: str) -> None:
    bot: Bot = request.getfixturevalue(whose)
    said = beside(bot)
    assert (said["secrets"], said["connected"]) == ([], False)


def test_one_sandbox_reaches_another_where_a_defence_is_missing(bare_bot: Bot) -> None:
    assert beside(bare_bot, "network")["connected"]


def beside(bot: Bot, *without: str) -> Any:
    """What a program says that looks for the one in the sandbox beside it."""
    neighbour = {"slot": f"{bot.world.name}-slot", "slot_secret": bot.world.closed_secret}
    return bot.runs("other_slot", neighbour=neighbour, without=without)["said"]["other_slot"]
