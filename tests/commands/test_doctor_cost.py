"""What `viva doctor` says of prices and budgets, without asking anybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.commands.doctor_cost import cost_findings
from bot.settings import Settings


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)


def test_without_a_model_there_is_nothing_to_say() -> None:
    assert list(cost_findings(settings(budget_day="5"))) == []


@pytest.mark.parametrize(
    ("given", "name", "says"),
    [
        ({"budget_day": "much"}, "budgets", "VIVA_BUDGET_DAY does not fit: write dollars"),
        ({"prices": Path("/nowhere.toml")}, "prices", "cannot be read"),
        ({"prompts": Path("/nowhere")}, "prompts", "VIVA_PROMPTS names /nowhere, and there is no such folder"),
    ],
)
def test_what_would_not_fit_once_there_is_a_model_is_said_before(given: dict[str, Any], name: str, says: str) -> None:
    (found,) = cost_findings(settings(**given))
    assert (found.name, found.status) == (name, "fail") and says in found.text


@pytest.mark.parametrize(
    ("given", "status", "says"),
    [
        (
            {"OPENAI_API_KEY": "sk-1"},
            "ok",
            "$0.4 for a million tokens read, $1.6 written, by the list. No budget is set",
        ),
        ({"OPENAI_API_KEY": "sk-1", "budget_day": "5"}, "ok", "Budgets: day $5.00."),
        ({"OPENAI_API_KEY": "sk-1", "budget_day": "much"}, "fail", "VIVA_BUDGET_DAY does not fit"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1", "model": "openai:q"}, "ok", "a machine of your own: no price"),
        ({"OPENAI_BASE_URL": "https://m.example/v1", "model": "openai:q"}, "ok", "not known (VIVA_PRICES names one)"),
        ({"OPENAI_BASE_URL": "https://m.example/v1", "model": "openai:q", "budget_day": "5"}, "fail", "200k tokens"),
        ({"OPENAI_API_KEY": "sk-1", "prices": Path("/nowhere.toml")}, "fail", "cannot be read"),
    ],
)
def test_prices_and_budgets_are_looked_at(given: dict[str, Any], status: str, says: str) -> None:
    (found,) = cost_findings(settings(**given))
    assert found.status == status and says in found.text, found
