"""Codes that do not fit, and `/forget`: asked once, by its own person alone, and then all of it is gone."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.candidates import ROOT
from tests.surfaces.discord.seats import (
    ANSWERS,
    COURSE,
    a_group,
    clean,
    newcomer,
    seated,
    seated_directly,
    sessions,
    told_alone,
)
from tests.surfaces.discord.serving import Served, served

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("home")) as serving:
        serving.discord.rates.on = False  # people here answer faster than people do
        yield serving
        assert clean(serving) == []


async def _code(bot: Served) -> str:
    """What `viva link` prints in the terminal of whoever owns this home."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("VIVA_", "DISCORD_"))}
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "link", cwd=ROOT, env=environment | {"VIVA_HOME": str(bot.home)},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await running.communicate()
    found = re.search(r"Your code: (\S+)", said.decode())
    assert found, said.decode()
    return found[1]


def _change(bot: Served, statement: str, *values: str) -> None:
    with sqlite3.connect(bot.home / "viva.db", timeout=10) as database:
        database.execute(statement, values)


async def test_codes_that_do_not_fit(bot):
    group = a_group(bot)
    who, other = newcomer(group), newcomer(group)
    general = group["general"]
    await told_alone(await who.slash(general, "link", code="AAAA-BBBB"), "does not fit", "`viva link` in the terminal")
    code = await _code(bot)
    await told_alone(await who.slash(general, "link", code=code.lower().replace("-", " ")), "Joined")
    await told_alone(await other.slash(general, "link", code=code), "does not fit", "used already")
    old = await _code(bot)
    _change(bot, "UPDATE link_codes SET at = '2020-01-01T00:00:00.000000+00:00'")
    await told_alone(await other.slash(general, "link", code=old), "older than ten minutes")
    assert general.said == []


async def test_guesses_are_limited(bot):
    group = a_group(bot)
    who, other = newcomer(group), newcomer(group)
    for _ in range(12):
        last = await who.slash(group["general"], "link", code="AAAA-CCCC")
    text = await told_alone(last)
    assert "does not fit" not in text and re.search(r"too often|too many|later|wait|minutes", text), text
    code = await _code(bot)
    assert "Joined" not in await told_alone(await who.slash(group["general"], "link", code=code)), (
        "not even the right one"
    )
    await told_alone(await other.slash(group["general"], "link", code=code), "Joined")


async def test_forget_asks_once_and_then_everything_is_gone(bot):
    group = a_group(bot)
    who, other = newcomer(group), newcomer(group)
    seat = await seated(bot, group["general"], who)
    word = "Xylophonequartz"
    await seat.answers(f"{word} descends in batches of {word} and single examples.")
    await who.says(seat.where, f"{word} in a file", reply_to=seat.on, files=[("net.png", f"\x89PNG {word}".encode())])
    await seat.asked()
    kept = await seated(bot, group["general"], other)
    assert _holding(bot, word), "it was there"

    await who.slash(seat.where, "progress")
    asked = await who.slash(group["general"], "forget")
    await told_alone(asked, "cannot be undone", "/report")
    assert sessions(bot, who) and list(asked.buttons) == ["Delete everything"]
    await told_alone(await who.click(asked.message, "Delete everything"), "Deleted: 1 interview")
    assert sessions(bot, who) == [] and sessions(bot, other)
    assert _holding(bot, word) == []
    await told_alone(await who.click(asked.message, "Delete everything"), "Deleted: 0 interviews")
    for label in ("Answer", "Hint", "Skip"):
        await told_alone(await who.click(seat.on, label), "no interview going on")
    await told_alone(await who.slash(seat.where, "grade"), "no interview going on")
    assert await kept.goes_on(ANSWERS), "another's is untouched"


async def test_forget_can_be_pressed_by_its_person_alone(bot):
    group = a_group(bot)
    who, other = newcomer(group), newcomer(group)
    await seated_directly(bot, who)
    asked = await who.slash(group["general"], "forget")
    assert asked.message not in other.sees(group["general"]), "nobody else sees the button"
    assert len(sessions(bot, who)) == 1


@pytest.mark.slow
async def test_forget_cannot_be_pressed_with_a_forged_id(bot):
    group = a_group(bot)
    who, other = newcomer(group), newcomer(group)
    await seated_directly(bot, who)
    asked = await who.slash(group["general"], "forget")
    of_other = await other.slash(group["general"], "forget")
    forged = asked.buttons["Delete everything"]
    assert (await other.click(of_other.message, "Delete everything", was=forged)).failed
    assert len(sessions(bot, who)) == 1


async def test_forget_pressed_twice_at_once_and_in_the_middle_of_a_turn(bot):
    group = a_group(bot)
    who = newcomer(group)
    seat = await seated(bot, group["general"], who)
    modal = await seat.opens()
    asked = await who.slash(group["general"], "forget")
    answered, *pressed = await asyncio.gather(
        who.submit(modal, "Zephyrcobalt is a batch."),
        who.click(asked.message, "Delete everything"),
        who.click(asked.message, "Delete everything"),
    )
    for shown in pressed:
        await told_alone(shown, "Deleted:")
    assert not answered.failed
    again = await who.slash(group["general"], "forget")
    await told_alone(await who.click(again.message, "Delete everything"), "Deleted:")
    assert sessions(bot, who) == [] and _holding(bot, "Zephyrcobalt") == []
    await told_alone(await who.slash(group["general"], "interview", **COURSE), "<#")


def _holding(bot: Served, word: str) -> list[str]:
    """The files below the home that hold a word."""
    files = [file for file in bot.home.rglob("*") if file.is_file()]
    return [file.name for file in files if word.encode() in file.read_bytes()]
