"""Attacks on real sandboxes, as root and as an ordinary user; each is known to have failed by what it did not reach."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.lab.sandbox import Policy
from tests.lab.attacks.bots import Bot
from tests.lab.attacks.table import ATTACKS, Attack


@cache
def together(bot: Bot, without: tuple[str, ...]) -> dict[str, Any]:
    """One sandbox for all that need these defences away, or for all; each is a process of its own in it."""
    names = [attack.name for attack in ATTACKS if attack.without == without or not without]
    return {**bot.runs(*names, without=without), "pid": bot.process.pid}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
@pytest.mark.parametrize("whose", ["own_bot", "users_bot"])
def test_it_fails(request: pytest.FixtureRequest, whose: str, attack: Attack) -> None:
    bot: Bot = request.getfixturevalue(whose)
    answer = together(bot, ())
    said = answer["said"][attack.name]
    assert said is not None, "it was killed before it could say anything"
    assert not attack.won(said, bot.world, answer), said


@pytest.mark.parametrize("attack", [one for one in ATTACKS if one.without], ids=lambda attack: attack.name)
def test_it_succeeds_where_defences_are_missing(bare_bot: Bot, attack: Attack) -> None:
    if attack.root and bare_bot.world.owner != 0:
        pytest.skip("there is no root to drop")
    answer = together(bare_bot, attack.without)
    said = answer["said"][attack.name]
    assert attack.won(said, bare_bot.world, answer), (said, answer["err"])


DOUBLY = [(attack, one) for attack in ATTACKS if len(attack.without) > 1 for one in attack.without]


@pytest.mark.slow
@pytest.mark.parametrize(("attack", "missing"), DOUBLY, ids=[f"{attack.name} without {one}" for attack, one in DOUBLY])
def test_one_defence_stands_in_for_another(own_bot: Bot, attack: Attack, missing: str) -> None:
    answer = own_bot.runs(attack.name, without=(missing,))
    said = answer["said"][attack.name]
    assert not attack.won(said, own_bot.world, answer), said


#: Defences whose attacks need a sandbox, or a bot, of their own.
ELSEWHERE = {
    "session": "test_terminal.py",
    "die_with_parent": "../test_left_behind.py",
    "low_priority": "test_bombs.py",
    "small_folders": "test_bombs.py",
    "memory": "test_bombs.py",
}


def test_each_defence_is_taken_away_somewhere() -> None:
    switches = {one.name for one in fields(Policy) if one.type == "bool"}
    here = {name for attack in ATTACKS for name in attack.without}
    assert here | set(ELSEWHERE) == switches
    for name, file in ELSEWHERE.items():
        assert name in (Path(__file__).parent / file).read_text()
