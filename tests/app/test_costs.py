"""Budgets and prices as the settings give them; a budget that nobody could keep to is refused at the start."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.app.costs import open_costs, read_budgets
from bot.core.budgets import READ, WRITTEN, Budgets, Limit
from bot.core.made import Made
from bot.errors import WrongUsage
from bot.llm.wish import Wish
from bot.settings import Settings
from tests.faults.rooms import ANSWER, chat
from tests.loopback_model import MODEL, running

PRICED = Wish("openai", "gpt-4.1-mini", key="sk-1")
OWN = Wish("openai", "q", "http://127.0.0.1:8080/v1")


def settings(**given: Any) -> Settings:
    known = ("budget_sitting", "budget_person", "budget_server", "budget_day", "prices")
    fields: dict[str, Any] = {name: given.get(name) for name in known}
    return Settings.model_construct(**fields)


def test_what_is_set_is_read() -> None:
    budgets = read_budgets(settings(budget_sitting="0.05", budget_day="2000k tokens"))
    assert budgets == Budgets(sitting=Limit(0.05), day=Limit(2_000_000, tokens=True))


def test_what_is_no_budget_is_named_with_its_variable() -> None:
    with pytest.raises(WrongUsage, match=r"VIVA_BUDGET_SERVER does not fit: write dollars"):
        read_budgets(settings(budget_server="lots"))


def test_a_call_that_is_not_counted_is_taken_for_a_long_one() -> None:
    costs = open_costs(settings(budget_day="1"), PRICED)
    assert costs.budgets.a_call == pytest.approx((READ * 0.40 + WRITTEN * 1.60) / 1e6)
    assert costs.price(Made("openai:gpt-4.1-mini", input=1_000_000, output=0)).cost == pytest.approx(0.40)


def test_dollars_that_nobody_could_count_are_refused_with_the_mend() -> None:
    with pytest.raises(WrongUsage) as wrong:
        open_costs(settings(budget_person="1", budget_day="5k tokens"), OWN)
    said = str(wrong.value)
    assert "VIVA_BUDGET_PERSON is in dollars" in said and "openai:q" in said
    assert "machine of your own, 127.0.0.1:8080" in said and "VIVA_PRICES" in said and "200k tokens" in said


def test_a_price_that_the_owner_names_makes_them_countable(tmp_path: Path) -> None:
    own = tmp_path / "prices.toml"
    own.write_text('[openai.models]\n"q" = { input = 1.0, output = 2.0 }\n')
    costs = open_costs(settings(budget_person="1", prices=own), OWN)
    assert costs.price(Made("openai:q", input=500_000, output=500_000)).cost == pytest.approx(1.5)
    assert costs.budgets.person == Limit(1.0)


def test_tokens_can_be_limited_without_a_price() -> None:
    costs = open_costs(settings(budget_sitting="5k tokens"), OWN)
    assert costs.budgets.sitting == Limit(5000, tokens=True)
    assert costs.price(Made("openai:q", input=1, output=1)).cost is None


def test_without_a_model_budgets_are_no_matter() -> None:
    assert not any(open_costs(settings(budget_day="1"), None).budgets.named())


@pytest.mark.slow
async def test_a_sitting_over_its_budget_goes_on_offline(tmp_path: Path) -> None:
    async with running() as server:
        environment: dict[str, Any] = {
            "OPENAI_BASE_URL": server.url, "VIVA_MODEL": f"openai:{MODEL}", "VIVA_INTERVIEWER": "offline",
            "VIVA_BUDGET_SITTING": "100 tokens", "VIVA_LAB": "off",
        }  # fmt: skip
        ended = await asyncio.to_thread(lambda: chat(tmp_path, ANSWER, ANSWER, "/cost", "/end", **environment))
        assert ended.code == 0 and server.calls
        notices = [text for text in ended.of("notice") if "udget" in text]
        assert len(notices) == 1 and "is used up" in notices[0] and "offline grader judges" in notices[0]
        (cost,) = (text for text in ended.of("progress") if "took for this interview" in text)
        assert "tokens read" in cost and "price not known" in cost
        assert any("What a language model took" in text for text in ended.of("report"))
        called = len(server.calls)
        refused = await asyncio.to_thread(
            lambda: chat(tmp_path, ANSWER, **(environment | {"VIVA_BUDGET_SITTING": "2.50"}))
        )
        refused.assert_failed(2, "VIVA_BUDGET_SITTING is in dollars", "machine of your own", "VIVA_PRICES")
        assert len(server.calls) == called
