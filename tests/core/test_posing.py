"""Posing: which question a slot becomes, how it is worded for this candidate, and what leads over to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.beginning import Wanted
from bot.core import events as e
from bot.core.flow import Flow, Step
from bot.core.posing import pose
from bot.core.question import Option
from bot.core.session import Session
from tests.core.staged import STRONG, banked, ladder, levels, sat
from tests.fakes import question


def started(*slots: str, **more: Any) -> Session:
    begun = e.Started("f", "practice", more.pop("seed", 0), slots, **more)
    return Session(started=begun, agenda=slots)


def asked(posed: Any) -> e.Asked:
    return next(event for event in posed.events if isinstance(event, e.Asked))


def test_a_question_that_the_bank_lost_is_dropped() -> None:
    posed = pose(started("gone"), {}, {}, None, "gone")
    assert posed.events == (e.Dropped("gone"),) and posed.question is None


def test_one_asked_before_is_worded_otherwise() -> None:
    bank = {"ant": question("ant")}
    earlier = (e.Earlier("ant", "2026-01-01", 0.5, times=1),)
    assert asked(pose(started("ant"), {}, bank, None, "ant")).wording == bank["ant"].ask
    assert asked(pose(started("ant", earlier=earlier), {}, bank, None, "ant")).wording == bank["ant"].reworded


def test_the_setting_words_it() -> None:
    bank = {"ant": question("ant", on_phone="In words, what is it?", at_board="Draw it.")}
    assert asked(pose(started("ant", setting="phone"), {}, bank, None, "ant")).wording == "In words, what is it?"
    assert asked(pose(started("ant", setting="whiteboard"), {}, bank, None, "ant")).wording == "Draw it."


def test_options_are_shuffled_by_the_seed_and_the_same_for_one_sitting() -> None:
    options = tuple(Option(str(n), right=not n) for n in range(4))
    bank = {"ant": replace(question("ant"), options=options)}
    orders = set()
    for seed in range(12):
        first, again = (pose(started("ant", seed=seed), {}, bank, None, "ant").question for _ in range(2))
        assert first == again and first is not None
        orders.add(tuple(option.says for option in first.options))
    assert len(orders) > 3


def test_a_line_of_the_program_is_asked_about() -> None:
    bank = {"own-code-optimiser": question("own-code-optimiser", ask="In {file}, line {line}: `{code}`. Why?")}
    first = e.Brought("a.py", "x = 1\nopt = Adam()", {"optimizer_line": 2})
    second = e.Brought("b.py", "opt = SGD()", {"optimizer_line": 1})
    session = replace(started("own-code-optimiser@1", "own-code-optimiser@2"), programs=(first, second))
    wordings = [asked(pose(session, {}, bank, None, slot)).wording for slot in session.agenda]
    assert wordings == ["In a.py, line 2: `opt = Adam()`. Why?", "In b.py, line 1: `opt = SGD()`. Why?"]
    assert [asked(pose(session, {}, bank, None, slot)).question for slot in session.agenda] == list(session.agenda)


async def test_each_project_is_announced_once_by_its_name() -> None:
    steps = (Step("pitch", each="project"), Step("metric", "Next, the metric.", each="project"), Step("last", "Last."))
    bank = banked([question(name) for name in ("pitch", "metric", "last")], Flow("p", "p", 20, steps))
    sitting = await sat(bank, Wanted(flow="p", projects=("Birds", "Bees")))
    said = [sitting.opening[-1].text]
    while sitting.interview.session.ended is None:
        said.append((await sitting.say(STRONG))[-1].text)
    assert sitting.asked == ["pitch@1", "metric@1", "pitch@2", "metric@2", "last"]
    assert ["Birds" in text for text in said[:5]] == [True, False, False, False, False]
    assert ["Bees" in text for text in said[:5]] == [False, False, True, False, False]
    assert "Next, the metric." in said[1] and "Next, the metric." not in said[3]  # said once
    assert [a.number for a in sitting.interview.session.in_order] == [1, 2, 3, 4, 5]


async def test_one_project_needs_no_number() -> None:
    steps = (Step("pitch", each="project"), Step("last"))
    bank = banked([question("pitch"), question("last")], Flow("p", "p", 20, steps))
    sitting = await sat(bank, Wanted(flow="p", projects=("Birds",)))
    assert sitting.asked == ["pitch"] and "project 1" not in sitting.opening[-1].text


async def test_a_stage_is_led_over_to_by_its_first_question_alone() -> None:
    bank = banked(ladder(("data",), 2), levels(2))
    sitting = await sat(bank, Wanted(flow="levels"))
    said = [sitting.opening[-1].text]
    while sitting.interview.session.ended is None:
        said.append((await sitting.say("alpha beta"))[-1].text)
    assert ["Now beginner." in text for text in said[:6]] == [False] * 6  # nothing leads over to the first question
    assert ["Now intermediate." in text for text in said[:6]] == [False, False, True, False, False, False]
    assert ["Now advanced." in text for text in said[:6]] == [False, False, False, False, True, False]


async def test_another_question_is_asked_instead_for_a_fact_of_the_program() -> None:
    steps = (Step("prog"), Step("adam", "Now the optimiser.", instead={"optimizer": {"SGD": "sgd"}}))
    bank = banked([question("prog", kind="code"), question("adam"), question("sgd")], Flow("f", "f", 20, steps))
    sitting = await sat(bank, Wanted(flow="f"))
    said = await sitting.say("here it is", code="SGD alpha beta")
    while sitting.standing == "prog":
        said = await sitting.say("alpha beta")
    assert sitting.asked == ["prog", "sgd"]
    assert "Now the optimiser." in said[-1].text
