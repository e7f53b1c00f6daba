"""What a model takes to judge a file is booked as that of a sitting is, and held to the same budgets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app.booking import Booked, Books
from bot.app.costs import Costs
from bot.core.budgets import Budgets, Limit
from bot.core.costing import Price, Spent, priced
from bot.core.made import Made
from bot.core.marking import Part, Verdict
from bot.core.question import Question
from bot.store.log import SqlStore
from bot.store.opening import open_store
from tests.fakes import WordGrader, question

MADE = Made("openai:a", input=1000, output=200, calls=2)
ANT = question("ant")
A_CALL = 1200


@dataclass
class Paid(WordGrader):
    """A grader that a model stands behind: each answer takes the same, or never comes."""

    name: str = "openai:a (grade 01234567)"
    began: asyncio.Event = field(default_factory=asyncio.Event)
    hangs: bool = False
    made: Made | None = MADE
    down: bool = False

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        self.began.set()
        if self.hangs:
            await asyncio.Event().wait()
        return replace(await super().grade(question, part, facts), made=self.made)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    opened = await open_store(None, tmp_path, lambda: datetime(2026, 3, 1, tzinfo=UTC), "one")
    await opened.create("file", "ann", "grade")
    yield opened
    await opened.close()


def costs(**limits: float) -> Costs:
    """Budgets in tokens."""
    named: dict[str, Any] = {name: Limit(amount, tokens=True) for name, amount in limits.items()}
    budgets = Budgets(**named)
    return Costs(budgets, lambda made: priced(made, {"openai:a": Price(1.0, 1.0)}.get))


def books(store: SqlStore, **limits: float) -> Books:
    return Books(store, "file", costs(**limits))


async def judged(kept: Books, grader: Paid | None = None, answer: str = "alpha") -> Verdict:
    return await Booked(grader or Paid(), WordGrader(), kept).grade(ANT, Part(answer))


async def test_each_answer_is_booked_with_its_price_and_none_is_kept(store):
    kept = books(store)
    for _ in range(2):
        assert (await judged(kept, answer="alpha, in my own words")).by == Paid.name
    [(who, spent)] = await store.purse.table("person")
    assert (who, spent.calls, spent.input, spent.output) == ("ann", 4, 2000, 400)
    assert spent.cost == pytest.approx(0.0024)
    assert "in my own words" not in str(await store.export("file"))
    assert await store.sittings() == [], "it is no sitting"


async def test_what_could_not_be_judged_is_booked_and_what_asked_nobody_is_not(store):
    kept, grader = books(store), Paid(made=None)
    await judged(kept, grader)
    assert await store.purse.table("model") == []
    grader.made, grader.down = MADE, True
    assert not (await judged(kept, grader)).judged
    [(model, spent)] = await store.purse.table("model")
    assert (model, spent.calls, spent.input, spent.output) == ("openai:a", 2, 1000, 200)
    assert spent.cost == pytest.approx(0.0012)


async def test_a_call_that_was_given_up_is_booked_as_one_of_which_nothing_is_known(store):
    kept, grader = books(store), Paid(hangs=True)
    judging = asyncio.create_task(judged(kept, grader))
    await asyncio.wait_for(grader.began.wait(), 30)
    judging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await judging
    assert await store.purse.table("model") == [("openai:a", Spent(1, uncounted=1, unpriced=1))]


@pytest.mark.parametrize("budget", ["sitting", "person", "day"])
async def test_a_budget_warns_once_and_ends_with_the_offline_grader(store, budget):
    kept = books(store, **{budget: 2.4 * A_CALL})
    told, notes = [], []
    for _ in range(5):
        verdict = await judged(kept)
        told.append([*kept.tell()])
        notes.append(verdict.note)
    assert [len(said) for said in told] == [0, 0, 1, 1, 0]
    assert "is used to 83 %" in told[2][0] and "is used up: the offline grader judges the rest" in told[3][0]
    assert notes[:3] == ["", "", ""] and "is used up, so the offline grader judged this." in notes[3]
    assert (await store.purse.spent("file"))["day"].calls == 6, "three answers were paid for"


async def test_what_was_spent_before_on_the_same_day_counts(store):
    await judged(books(store))
    await store.create("another", "ann", "grade")
    later = Books(store, "another", costs(person=A_CALL))
    assert "Your budget of today" in (await judged(later)).note
