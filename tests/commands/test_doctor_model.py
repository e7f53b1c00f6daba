"""What `viva doctor` says of the language model: nothing is asked unless it may be, and then one tiny call."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.commands.doctor_model import model_findings
from bot.settings import Settings
from tests.loopback_model import MODEL, running


def settings(**given: Any) -> Settings:
    return Settings.model_construct(**{"model": None, "grader": None, "openai_api_key": None} | given)


def test_none_is_no_fault() -> None:
    (found,) = model_findings(settings(openai_base_url=None), online=True)
    assert (found.status, found.text) == ("ok", "none: everything is done offline.")


@pytest.mark.parametrize(
    ("fault", "status", "says"),
    [("", "ok", "answered a word"), ("wrong key", "fail", "OPENAI_API_KEY"), ("a page", "fail", "no model server")],
)
async def test_a_model_is_asked_for_a_word_and_only_where_that_is_wanted(fault: str, status: str, says: str) -> None:
    async with running() as server:
        server.mind = lambda system, user: {"word": "ready"}
        server.faults = [fault] * 3 if fault else []
        wanted = settings(openai_base_url=server.url, model=f"openai:{MODEL}")
        (found,) = await asyncio.to_thread(lambda: list(model_findings(wanted, online=False)))
        assert found.status == "ok" and "viva doctor --online" in found.text and server.calls == []
        (found,) = await asyncio.to_thread(lambda: list(model_findings(wanted, online=True)))
        assert (found.status, len(server.calls) or 1) == (status, 1) and says in found.text
