"""`viva cost` as an owner runs it: what was spent, by whom and on what, and what is not known said to be unknown."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from bot.core import events as e
from bot.core.made import Made
from bot.ports.groups import Place
from bot.store.log import SqlStore
from tests.commands.test_records import at
from tests.faults.rooms import several
from tests.store.samples import started

MADE = Made("openai:a", input=120_000, output=3400, cost=0.25, calls=40)


async def spent(store: SqlStore) -> None:
    """Ann's sitting on a server, and bob's with a model whose price nobody knows."""
    for session, owner, made in (("a", "ann", MADE), ("b", "bob", replace(MADE, model="openai:own", cost=None))):
        await store.create(session, owner, "discord")
        await store.append(session, 0, started())
        await store.append(session, 1, [("g", e.Graded("cnn", 1, "a", made=made))])
    await store.groups.put(Place("a", "discord:1", "30", "10"))


def test_nothing_spent_is_said(tmp_path: Path) -> None:
    text, data, wrong = several(tmp_path, [["cost"], ["cost", "--json"], ["cost", "--by", "dog"]])
    assert "No language model was asked" in text.out and text.code == 0
    assert data.out == ""
    assert wrong.code == 2 and "person, server, day or model" in wrong.err


def test_what_was_spent_is_shown_by_whatever_is_asked_for(tmp_path: Path) -> None:
    at(tmp_path, spent)
    names = ("day", "person", "server", "model")
    *texts, data, recent = several(
        tmp_path,
        [*(["cost", "--by", name] for name in names), ["cost", "--by", "person", "--json"], ["cost", "--days", "1"]],
    )
    for text in texts:
        assert "$0.2500" in text.out and "in all" in text.out and "240,000" in text.out, text.out
    assert "ann" in texts[1].out and "bob" in texts[1].out and "price not known" in texts[1].out
    assert "10" in texts[2].out and "on no server" in texts[2].out
    assert "openai:own" in texts[3].out
    rows = [json.loads(line) for line in data.out.splitlines()]
    assert rows[0] == {
        "v": 1, "by": "person", "person": "ann", "calls": 40, "input_tokens": 120_000, "output_tokens": 3400,
        "usd": 0.25, "uncounted_calls": 0, "unpriced_calls": 0,
    }  # fmt: skip
    assert rows[1]["person"] == "bob" and rows[1]["usd"] is None and rows[1]["unpriced_calls"] == 40
    assert "80 calls" not in recent.out and "80" in recent.out
