"""Every test of a fact names the questions that rely on it, and every question but the purely verbal has one."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.core.rules.texts import TEXTS

#: Questions whose answer is about history, practice and judgement alone: there is nothing to compute.
VERBAL = {
    "ml-vs-dl",  # what the two names cover, and when one takes which
    "project-tools",  # the candidate's own reasons for a framework
    "why-tensorflow",  # tools around another framework, and how it fares against PyTorch
}


def claims() -> dict[str, list[str]]:
    """The question ids that the docstring of each test names, before its first colon."""
    found: dict[str, list[str]] = {}
    here = Path(__file__).parent
    for file in [*sorted(here.glob("test_*_facts.py")), here / "test_drills_by_torch.py"]:
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                named, colon, _ = (ast.get_docstring(node) or "").partition(":")
                found[f"{file.stem}.{node.name}"] = named.split(", ") if colon else []
    return found


def test_every_fact_names_questions_of_the_bank(bank: Mapping[str, Mapping[str, Any]]) -> None:
    strangers = {test: ids for test, ids in claims().items() if not ids or not set(ids) <= set(bank)}
    assert strangers == {}


def test_every_question_that_states_facts_has_them_confirmed(bank: Mapping[str, Mapping[str, Any]]) -> None:
    assert set(bank) - {name for ids in claims().values() for name in ids} == VERBAL


def test_every_rule_of_the_review_leads_to_a_question_of_the_bank(bank: Mapping[str, Mapping[str, Any]]) -> None:
    """A finding whose question the bank does not have is told and never asked about."""
    assert [rule for rule in TEXTS if f"finding-{rule}" not in bank] == []
