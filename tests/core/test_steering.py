"""Steering: harder after two strong answers, easier after two weak ones, and on to where the last answer leads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.beginning import Before, Wanted
from bot.core import events as e
from bot.core.flow import Flow, Stage, Step
from bot.core.session import Session
from bot.core.steering import opens_stage, stage_of
from tests.core.staged import STRONG, WEAK, Sat, banked, ladder, levels, sat
from tests.fakes import question

LEVELS = Wanted(flow="levels")
HALF = "half alpha half beta"


def level(sitting: Sat, at: int = -1) -> str:
    return sitting.asked[at].split("-")[1]


def steered(sitting: Sat) -> list[str]:
    return [r.event.why for r in sitting.store.logs["s"] if isinstance(r.event, e.Replanned)]


async def settled(sitting: Sat, answer: str, times: int = 1) -> None:
    """The question on the table is answered so that it is settled, so many times."""
    for _ in range(times):
        before = sitting.standing
        while sitting.standing == before:
            await sitting.say(answer)


async def ladder_of(count: int = 4, **more: Any) -> Sat:
    return await sat(banked(ladder(each=8), levels(count)), replace(LEVELS, **more))


async def test_two_strong_answers_lead_to_a_harder_question() -> None:
    sitting = await ladder_of()
    await settled(sitting, STRONG)
    assert level(sitting) == "beginner"
    await settled(sitting, STRONG)
    assert level(sitting) == "intermediate"
    assert steered(sitting) == ["harder"]


async def test_each_pair_counts_once() -> None:
    sitting = await ladder_of()
    await settled(sitting, STRONG, 3)
    assert [level(sitting, n) for n in range(4)] == ["beginner", "beginner", "intermediate", "beginner"]
    await settled(sitting, STRONG)
    assert steered(sitting) == ["harder"]  # the last two were of different levels, and the stage has come anyway


async def test_two_weak_answers_lead_to_an_easier_question() -> None:
    sitting = await ladder_of(2)
    await settled(sitting, HALF, 2)  # neither strong nor weak
    assert level(sitting) == "intermediate"
    await settled(sitting, WEAK, 2)
    assert level(sitting) == "beginner"
    assert steered(sitting) == ["easier"]


async def test_nothing_is_easier_than_a_beginner_s_question() -> None:
    sitting = await ladder_of()
    await settled(sitting, WEAK, 3)
    assert level(sitting) == "beginner" and steered(sitting) == []


@pytest.mark.parametrize("answers", [(STRONG, WEAK), (HALF, STRONG), (WEAK, HALF)])
async def test_answers_that_do_not_agree_change_nothing(answers: tuple[str, str]) -> None:
    sitting = await ladder_of()
    for answer in answers:
        await settled(sitting, answer)
    assert steered(sitting) == []


async def test_who_asked_for_a_level_stays_on_it() -> None:
    flow = Flow("levels", "levels", 30, stages=(Stage(6),))
    sitting = await sat(banked(ladder(), flow), Wanted(flow="levels", level="intermediate"))
    await settled(sitting, STRONG, 5)
    assert {level(sitting, n) for n in range(6)} == {"intermediate"}
    assert steered(sitting) == []


async def test_a_harder_question_is_about_the_same_and_was_not_asked_lately() -> None:
    bank = banked([*ladder(("data",), 4), *ladder(("cnn",), 1)], levels(4))
    lately = {f"data-intermediate-{n}": e.Earlier(f"data-intermediate-{n}", "2026-01-01", 1.0) for n in range(3)}
    sitting = await sat(bank, LEVELS, Before(lately))
    await settled(sitting, STRONG, 2)
    asked = sitting.asked[-1]
    assert asked not in lately
    assert asked in ("data-intermediate-3", "cnn-intermediate-0", "data-beginner-3") or level(sitting) == "beginner"


async def test_a_harder_question_waits_for_what_it_requires() -> None:
    easy = [question(f"easy-beginner-{n}") for n in range(4)]
    hard = question("hard-intermediate-0", level="intermediate", requires=tuple(q.id for q in easy))
    flow = Flow("levels", "levels", 30, stages=(Stage(4, ("beginner",)),))
    sitting = await sat(banked([*easy, hard], flow), LEVELS)
    await settled(sitting, STRONG, 3)
    assert steered(sitting) == []  # there is always one that it builds on still to come


async def test_a_fixed_flow_is_never_steered() -> None:
    bank = banked(ladder(("data",), 4), Flow("fixed", "fixed", 30, tuple(Step(q.id) for q in ladder(("data",), 4))))
    sitting = await sat(bank, Wanted(flow="fixed"))
    await settled(sitting, STRONG, 3)
    assert sitting.asked == [f"data-beginner-{n}" for n in range(4)]


def leading() -> tuple[list, Flow]:
    bank = [
        question("opener", leads_to=("next",), topics=("data",)),
        question("other", topics=("data",)),
        question("next", topics=("data",)),
    ]
    return bank, Flow("led", "led", 30, stages=(Stage(2, questions=("opener", "other", "next")),))


async def led(answer: str, before: Before | None = None) -> Sat:
    """A sitting whose opener leads to a question that is not planned."""
    bank, flow = leading()
    for seed in range(60):
        sitting = await sat(banked(bank, flow), Wanted(flow="led"), before, seed=seed)
        started = sitting.interview.session.started
        if started is not None and started.plan == ("opener", "other"):
            await settled(sitting, answer)
            return sitting
    raise AssertionError("no seed plans the opener and the other")


async def test_a_good_answer_leads_on() -> None:
    sitting = await led(STRONG)
    assert sitting.asked == ["opener", "next"]
    assert steered(sitting) == ["leads"]


async def test_a_poor_answer_leads_nowhere() -> None:
    assert (await led(WEAK)).asked == ["opener", "other"]


async def test_nobody_is_led_to_what_was_asked_lately() -> None:
    lately = Before({"next": e.Earlier("next", "2026-01-01", 1.0)})
    assert (await led(STRONG, lately)).asked == ["opener", "other"]


async def test_what_is_planned_anyway_moves_up_within_its_stage() -> None:
    bank, flow = leading()
    whole = replace(flow, stages=(replace(flow.stages[0], count=3),))
    for seed in range(30):
        sitting = await sat(banked(bank, whole), Wanted(flow="led"), seed=seed)
        if sitting.asked == ["opener"]:
            await settled(sitting, STRONG)
            assert sitting.asked == ["opener", "next"]
            await settled(sitting, STRONG)
            assert sitting.asked == ["opener", "next", "other"]


async def test_what_stands_in_a_later_stage_stays_there() -> None:
    bank, _ = leading()
    stages = (Stage(2, questions=("opener", "other")), Stage(1, questions=("next",), transition="To finish, this."))
    sitting = await sat(banked(bank, Flow("led", "led", 30, stages=stages)), Wanted(flow="led"))
    await settled(sitting, STRONG)
    assert set(sitting.asked) == {"opener", "other"}
    await settled(sitting, STRONG)
    assert sitting.asked[-1] == "next"
    assert sitting.interview.session.askings["next"].number == 3


async def test_nobody_is_led_to_what_builds_on_something_to_come() -> None:
    bank = [question("opener", leads_to=("next",)), question("base"), question("next", requires=("base",))]
    flow = Flow("led", "led", 30, stages=(Stage(3),))
    for seed in range(12):
        sitting = await sat(banked(bank, flow), Wanted(flow="led"), seed=seed)
        await settled(sitting, STRONG, 2)
        assert sitting.asked.index("base") < sitting.asked.index("next") if "next" in sitting.asked else True


async def test_a_bank_that_has_lost_a_question_does_not_stop_the_sitting() -> None:
    bank = banked(ladder(("data",), 4), levels(2))
    sitting = await sat(bank, LEVELS)
    for name in list(bank.held):
        if name != sitting.standing and "advanced" not in name:
            del bank.held[name]
    await settled(sitting, STRONG)
    assert level(sitting) == "advanced"


def test_which_stage_a_position_belongs_to() -> None:
    flow = levels(2)
    session = Session(started=e.Started("levels", "practice", 0, ("a",) * 5, stages=(2, 1, 2)))
    assert [flow.stages.index(stage_of(session, flow, n)) for n in range(6)] == [0, 0, 1, 2, 2, 2]
    assert [opens_stage(session, n) for n in range(5)] == [True, False, True, True, False]
    without = Session(started=e.Started("levels", "practice", 0, ("a",) * 3, stages=(1, 0, 2)))
    assert [opens_stage(without, n) for n in range(3)] == [True, True, False]
