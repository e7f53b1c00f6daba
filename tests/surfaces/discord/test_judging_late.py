"""What an outage kept from being judged: looked for every few minutes, and said in the interview's place."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SittingBusy
from bot.surfaces.discord.judging_late import EVERY, JudgingLate
from tests.faults.rooms import viva
from tests.loopback_model import MODEL, running
from tests.surfaces.discord.seats import FIRST, SECOND, a_group, clean, newcomer, seated_directly, told_alone
from tests.surfaces.discord.serving import Served, served
from tests.surfaces.discord.test_broken_off import Looks


async def test_one_after_another_is_judged_until_the_model_fails_again(caplog: pytest.LogCaptureFixture) -> None:
    judged: list[str] = []
    fails: set[str] = {"c"}

    async def unjudged() -> list[str]:
        return ["a", "b", "c", "d"]

    async def judge(session: str) -> bool:
        if session == "a":
            raise SittingBusy("Somebody has it.")
        judged.append(session)
        return session not in fails

    looks = Looks()
    task = asyncio.create_task(JudgingLate(unjudged, judge, looks).look())
    await looks.waiting.wait()
    assert judged == ["b", "c"] and "Somebody has it" in caplog.text and caplog.records[0].levelno == logging.WARNING
    fails.clear()
    await looks.next()
    task.cancel()
    assert judged == ["b", "c", "b", "c", "d"] and looks.waits == [EVERY, EVERY]


@pytest.mark.slow
async def test_a_late_grade_is_a_new_message(tmp_path: Path) -> None:
    """The model's server is out of order for one answer; at the next one it works again."""
    async with running() as server:
        environment = {"OPENAI_BASE_URL": server.url, "VIVA_MODEL": f"openai:{MODEL}", "VIVA_INTERVIEWER": "offline"}
        async with served(tmp_path, **environment) as bot:
            seat = await seated_directly(bot, newcomer(a_group(bot)))
            server.faults += ["malformed"] * 3  # for each form in which it is asked
            await seat.answers(FIRST)
            assert graded(bot) == [True] and not server.faults
            while graded(bot)[-1]:
                await seat.answers(SECOND)
            told = await seat.where.waits_for(lambda message: "is judged now" in message.text, seconds=20)
            assert "Question 1, which could not be judged before" in told.text and "Answer" in told.buttons
            cost = await seat.who.slash(seat.where, "cost")
            await told_alone(cost, "tokens read", "price not known")
            assert not clean(bot)


def graded(bot: Served) -> list[bool]:
    """Of every judgement in the log, whether it is to be tried again."""
    with sqlite3.connect(f"file:{bot.home / 'viva.db'}?mode=ro", uri=True, timeout=10) as database:
        rows = database.execute("SELECT body FROM events WHERE kind = 'Graded' ORDER BY seq")
        return [bool(json.loads(body).get("retry")) for (body,) in rows]


@pytest.mark.slow
@pytest.mark.parametrize("budget", ["0 tokens", "1 tokens"])
async def test_what_is_told_of_a_budget_takes_the_place_of_no_question(tmp_path: Path, budget: str) -> None:
    """Discord shows one of two messages of the same nonce: what is told in a turn stands in it, after the opening."""
    async with running() as server:
        settings = {"VIVA_MODEL": f"openai:{MODEL}", "VIVA_BUDGET_PERSON": budget, "OPENAI_BASE_URL": server.url}
        async with served(tmp_path, **settings) as bot:
            seat = await seated_directly(bot, newcomer(a_group(bot)))
            if "is used up" not in seat.on.text:  # it is once the first question was worded
                await seat.answers(FIRST)
            told, *others = [text for message in seat.said if "is used up" in (text := message.text)]
            assert not others and "Question" in told[told.index("is used up") :], "what is put comes after it"
            opening = seat.said[0].text
            assert opening.index("minutes in all") < opening.index("Question 1 of"), "both are shown"
            assert "is used up" not in opening[: opening.index("minutes in all")]
            assert not clean(bot)


@pytest.mark.slow
async def test_what_was_judged_while_the_bot_was_away_is_told_when_it_is_back(tmp_path: Path) -> None:
    """By `viva report`, say; or the bot ended after it had written the verdict down, and before it was said."""
    async with running() as server:
        environment = {"OPENAI_BASE_URL": server.url, "VIVA_MODEL": f"openai:{MODEL}", "VIVA_INTERVIEWER": "offline"}
        async with served(tmp_path, **environment) as bot:
            seat = await seated_directly(bot, newcomer(a_group(bot)))
            session = seat.session
            server.faults += ["malformed"] * 3
            await seat.answers(FIRST)
            await seat.who.slash(seat.where, "end")
            await seat.asked(lambda message: "My report" in message.buttons)
            await bot.stop()
            off: Any = {"VIVA_LAB": "off", **environment}
            report = await asyncio.to_thread(lambda: viva(tmp_path, "report", session, **off))
            assert report.code == 0 and graded(bot) == [True, False], report
            await bot.start()
            told = await seat.where.waits_for(lambda message: "is judged now" in message.text, seconds=30)
            assert "the interview comes to" in told.text
            assert not clean(bot)
