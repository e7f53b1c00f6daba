"""Who is asked to judge again: nobody's answers go to a language model of which they were not told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.desk import HouseDesk
from bot.app.judging import judge_again
from bot.beginning import Wanted
from bot.core import events as e
from bot.errors import WrongUsage
from bot.ports.groups import Who
from tests.app.houses import opened, settings, unlogged
from tests.fakes import Ear


async def test_who_was_told_of_another_model_is_not_judged_again_by_this_one(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        interview = await HouseDesk(house).begin(Wanted("opengenus", seed=1), Who("discord:1", "discord:1"))
        await interview.begin(Ear())
        await interview.close()
        session, last = interview.session_id, interview.session.seq
        since: list[tuple[str, e.Event]] = [("told", e.CameBack("Another model judges.")), ("end", e.Ended("stopped"))]
        await house.store.append(session, last, since)
        sitting = await house.store.find(session)
    model = settings(tmp_path, model="openai:a-model", openai_base_url="http://127.0.0.1:9/v1")
    with unlogged(), pytest.raises(WrongUsage, match="was not told"):
        await judge_again(model, sitting)
    with unlogged():
        assert await judge_again(settings(tmp_path), sitting) == ((), ""), "no model, and nobody to be told of one"
