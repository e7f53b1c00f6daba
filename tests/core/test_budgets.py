"""Budgets as they are written, when they are reached, and what an interview does then: it goes on, and says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.core import events as e
from bot.core.budgets import NAMES, Budgets, Limit, Name, Reached, limit, reached
from bot.core.costing import Price, Spent, figures, in_words, priced, spent_on
from bot.core.made import Made
from bot.core.marking import Part, Verdict
from bot.core.phrasing import Line, Phrase
from bot.core.question import Question
from bot.interview import Interview
from tests.core.test_dialogue import sitting
from tests.core.test_phrasing import Turn
from tests.fakes import Ear, MemoryBank, MemoryStore, WordGrader, question

MADE = Made("openai:a", input=900, output=100)


@pytest.mark.parametrize(
    ("text", "amount", "tokens"),
    [
        ("2.50", 2.5, False),
        (" $3 ", 3.0, False),
        ("200000 tokens", 200_000, True),
        ("200k tokens", 200_000, True),
        ("1.5K Tokens", 1500, True),
        ("1M tokens", 1_000_000, True),
        ("1000k tokens", 1_000_000, True),
        ("0", 0.0, False),
    ],
)
def test_a_budget_is_dollars_or_tokens(text: str, amount: float, tokens: bool) -> None:
    assert limit(text) == Limit(amount, tokens)


def test_a_budget_of_nothing_is_shown_as_nothing() -> None:
    assert limit("0").shown == "$0.00" and limit("0.25").shown == "$0.2500"


@pytest.mark.parametrize("text", ["", "a lot", "-1", "2,50", "200k", "1e3", "nan", "5 euros", "tokens"])
def test_what_is_no_budget_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write dollars"):
        limit(text)


@pytest.mark.parametrize(
    ("cost", "level"), [(0.0, None), (0.79, None), (0.8, "warn"), (0.999, "warn"), (1.0, "stop"), (7.0, "stop")]
)
def test_a_budget_warns_at_four_fifths_and_stops_when_it_is_used_up(cost: float, level: str | None) -> None:
    found = reached(Budgets(sitting=Limit(1.0)), {"sitting": Spent(1, cost=cost)})
    assert [one.level for one in found] == ([level] if level else [])


def test_tokens_read_and_written_count_together() -> None:
    spent: Mapping[Name, Spent] = {"day": Spent(1, 500, 300)}
    assert reached(Budgets(day=Limit(1000, tokens=True)), spent) == (Reached("day", "warn", 0.8),)


def test_a_call_that_cannot_be_counted_uses_a_budget_all_the_same() -> None:
    """A server that counts no tokens would else be asked for ever."""
    blind: Mapping[Name, Spent] = {"day": Spent(10, uncounted=10, unpriced=10)}
    assert reached(Budgets(day=Limit(20_000, tokens=True)), blind)[0].level == "stop"
    assert reached(Budgets(day=Limit(1.0), a_call=0.1), blind)[0].level == "stop"
    assert not reached(Budgets(day=Limit(10.0), a_call=0.1), blind)


def test_a_budget_of_nothing_is_used_up() -> None:
    assert reached(Budgets(person=Limit(0.0)), {})[0].level == "stop"


def test_what_is_used_up_comes_before_what_nearly_is() -> None:
    budgets = Budgets(sitting=Limit(1.0), day=Limit(1.0))
    found = reached(budgets, {"sitting": Spent(cost=0.9), "day": Spent(cost=1.5)})
    assert [one.budget for one in found] == ["day", "sitting"]


def test_a_price_is_filled_in_where_both_it_and_the_tokens_are_known() -> None:
    prices = {"openai:a": Price(2.0, 10.0)}
    assert priced(MADE, prices.get).cost == pytest.approx(0.0028)
    assert priced(replace(MADE, model="openai:b"), prices.get).cost is None
    assert priced(replace(MADE, output=None), prices.get).cost is None


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    assert in_words(spent_on(MADE)) == "1 call, 900 tokens read and 100 written, price not known"
    some = spent_on(replace(MADE, cost=0.0028)) + spent_on(Made("openai:a", calls=2))
    assert in_words(some) == (
        "3 calls, 900 tokens read and 100 written (without 2 whose tokens the server did not count), $0.0028 "
        "(without 2 whose price is not known)"
    )
    assert in_words(Spent(2, cost=12.5, uncounted=2)).endswith("tokens not counted by the server, $12.50")
    assert figures(spent_on(MADE))["usd"] is None and figures(some)["usd"] == 0.0028


class Model(WordGrader):
    """A grader that asks a model: each answer takes a thousand tokens."""

    name = "openai:a (grade 1)"

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        self.asked += 1
        return replace(await super().grade(question, part, facts), made=MADE)


@dataclass
class Speaker:
    """A voice that leads over to everything with the same words."""

    name: str = "openai:a"
    lines: list[Line] = field(default_factory=list)

    async def word(self, line: Line, uttered: Any) -> Phrase:
        self.lines.append(line)
        return Phrase("Let us see.", made=MADE)


@dataclass
class Till:
    """A purse that holds what it was told."""

    held: dict[Name, Spent] = field(default_factory=dict)

    async def spent(self, session: str) -> Mapping[Name, Spent]:
        return self.held


def met(budgets: Budgets, **doors: Any):
    """A sitting judged by a model under these budgets."""
    grader = Model()
    interview, ear, store = sitting(grader=grader, bank=MemoryBank.of(*map(question, ("ant", "bee", "cat", "dog"))))
    given = replace(interview._doors, grader_is_remote=True, spare=WordGrader(), budgets=budgets, **doors)
    started = e.Started("test", "practice", 0, ("ant", "bee", "cat", "dog"), "a test", 10, 3)
    return Interview("s", given, [started], given.bank.flow("test")), ear, store, grader


def only(name: str, limit: Limit) -> Budgets:
    """One budget, and no other."""
    sitting, person, server, day = (limit if one == name else None for one in NAMES)
    return Budgets(sitting, person, server, day)


def of_budgets(ear: Ear) -> list[str]:
    """What was said of budgets since the last time."""
    return [reply.text for reply in ear.take() if reply.kind == "notice" and "udget" in reply.text]


def graded(store: MemoryStore) -> list[e.Graded]:
    return [record.event for record in store.logs["s"] if isinstance(record.event, e.Graded)]


async def test_a_sitting_over_its_budget_goes_on_offline_and_says_so_once() -> None:
    interview, ear, store, grader = met(Budgets(sitting=Limit(2000, tokens=True)))
    await interview.begin(ear)
    said = []
    for n in range(4):
        await interview.hear(ear, f"a{n}", "alpha beta")
        said.append(of_budgets(ear))
    assert [len(each) for each in said] == [0, 0, 1, 0]
    assert "is used up" in said[2][0] and "offline grader judges" in said[2][0] and "goes on" in said[2][0]
    assert grader.asked == 2
    judged = graded(store)
    assert [(one.by, bool(one.made)) for one in judged] == [("openai:a (grade 1)", True)] * 2 + [("words", False)] * 2
    assert "is used up, so the offline grader judged this." in judged[2].note and not judged[1].note
    assert interview.session.ended is not None and interview.session.spent == Spent(2, 1800, 200, unpriced=2)
    await interview.close()


async def test_it_warns_once_before_that() -> None:
    interview, ear, _, grader = met(Budgets(sitting=Limit(2400, tokens=True)))
    await interview.begin(ear)
    said = []
    for n in range(4):
        await interview.hear(ear, f"a{n}", "alpha beta")
        said.append(of_budgets(ear))
    assert [len(each) for each in said] == [0, 0, 1, 1]
    assert said[2][0].startswith("The budget of this interview for a language model is used to 83 %.")
    assert grader.asked == 3
    await interview.close()


@pytest.mark.parametrize(
    ("name", "named"),
    [("person", "Your budget of today"), ("server", "This server's budget"), ("day", "budget of everybody here")],
)
async def test_what_others_spent_today_counts(name: Name, named: str) -> None:
    till = Till({name: Spent(9, cost=0.999)})
    interview, ear, store, grader = met(only(name, Limit(1.0)), purse=till)
    await interview.begin(ear)
    await interview.hear(ear, "a", "alpha beta")
    (warned,) = of_budgets(ear)
    assert named in warned and "99 %" in warned
    till.held = {name: Spent(10, cost=1.0)}
    await interview.hear(ear, "b", "alpha beta")
    assert "is used up" in of_budgets(ear)[0]
    till.held = {}  # another day
    await interview.hear(ear, "c", "alpha beta")
    assert grader.asked == 2 and [one.by for one in graded(store)][1:] == ["words", "openai:a (grade 1)"]
    await interview.close()


async def test_nobody_is_told_twice_after_coming_back() -> None:
    interview, ear, store, _ = met(Budgets(sitting=Limit(500, tokens=True)))
    await interview.begin(ear)
    await interview.hear(ear, "a", "alpha beta")
    await interview.hear(ear, "b", "alpha beta")
    assert len(of_budgets(ear)) == 1
    await interview.close()
    again = Interview("s", interview._doors)
    await again.resume(ear)
    await again.hear(ear, "c", "alpha beta")
    assert not of_budgets(ear) and graded(store)[-1].by == "words"
    await again.close()


async def test_the_voice_falls_silent_when_the_budget_is_used_up() -> None:
    voice = Speaker()
    interview, ear, _, _ = met(Budgets(sitting=Limit(1000, tokens=True)), voice=voice)
    await interview.begin(ear)
    assert len(voice.lines) == 1 and "Let us see." in ear.take()[-1].text
    await interview.hear(ear, "a", "alpha beta")
    said = ear.take()
    assert len(voice.lines) == 1 and any("is used up" in reply.text for reply in said)
    assert said[-1].kind == "question" and "Let us see." not in said[-1].text
    assert interview.session.spent.calls == 1
    await interview.close()


@pytest.mark.parametrize("level", ["warn", "stop"])
async def test_a_budget_told_in_a_turn_takes_the_place_of_nothing_else_in_it(level: str) -> None:
    """Where turns are said in messages, the number of a turn tells two messages apart: one alone is shown of each."""
    mouth, voice = Turn(), Speaker()
    spent = Till({"person": Spent(9, cost=0.9 if level == "warn" else 1.0)})
    interview, _, _, _ = met(only("person", Limit(1.0)), purse=spent, voice=voice)
    await interview.begin(mouth)
    ((_, kinds),) = mouth.turns
    assert kinds == ["opening", "notice", "question"]
    assert len(of_budgets(mouth)) == 1
    await interview.hear(mouth, "a", "half alpha")
    await interview.hear(mouth, "b", "hint:")
    numbers = [seq for seq, _ in mouth.turns]
    assert numbers == sorted(set(numbers)) and len(numbers) == 3
    assert not interview.session.unsaid and not of_budgets(mouth)
    await interview.close()


async def test_without_a_model_no_budget_is_looked_at() -> None:
    interview, ear, _ = sitting()
    interview._doors = replace(interview._doors, budgets=Budgets(sitting=Limit(0.0)))
    await interview.begin(ear)
    await interview.hear(ear, "a", "alpha beta")
    assert not of_budgets(ear)
    await interview.close()


async def test_what_a_sitting_took_is_told_when_asked_and_priced_when_written() -> None:
    interview, ear, store, _ = met(Budgets(), price=lambda made: priced(made, {"openai:a": Price(2.0, 10.0)}.get))
    await interview.begin(ear)
    ear.take()
    await interview.hear(ear, "q", "cost:")
    (nothing,) = ear.take()
    assert nothing.kind == "progress" and "cost nothing so far" in nothing.text
    await interview.hear(ear, "a", "alpha beta")
    ear.take()
    await interview.hear(ear, "r", "cost:")
    (told,) = ear.take()
    assert "1 call, 900 tokens read and 100 written, $0.0028" in told.text
    assert told.data["cost"]["usd"] == 0.0028
    made = graded(store)[0].made
    assert made is not None and made.cost == pytest.approx(0.0028)
    await interview.close()


async def test_what_was_taken_back_was_paid_for() -> None:
    interview, ear, _, _ = met(Budgets())
    await interview.begin(ear)
    await interview.hear(ear, "a", "alpha")
    await interview.hear(ear, "b", "undo:")
    assert interview.session.spent.calls == 1
    await interview.close()
