"""What an outage kept from being judged is judged once the model works again; nobody waits for that, and it is said."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.core import events as e
from bot.core.budgets import Budgets, Limit
from bot.core.made import Made
from bot.core.marking import Part, Verdict
from bot.core.question import Question
from bot.interview import Interview
from bot.surfaces.report.data import report_data
from bot.surfaces.report.markdown import markdown
from tests.core.staged import ClockStore
from tests.core.test_dialogue import sitting
from tests.fakes import Ear, MemoryBank, MemoryStore, WordGrader, question


class Gated(WordGrader):
    """Judges words at once; what waited is judged once it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.made: Made | None = Made("words")
        self.held: asyncio.Event | None = None
        self.began = asyncio.Event()

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        self.asked.append(question.id)
        self.began.set()
        if self.held is not None and question.id == "ant":
            await self.held.wait()
        verdict = await super().grade(question, part, facts)
        return verdict if verdict.retry else replace(verdict, made=self.made)


def met(mode: Any = "practice", store: MemoryStore | None = None):
    """A sitting of four questions, whose grader may be down."""
    grader = Gated()
    bank = MemoryBank.of(*map(question, ("ant", "bee", "cat", "dog")))
    interview, ear, store = sitting(mode, grader=grader, bank=bank, store=store)
    interview._doors = replace(interview._doors, grader_is_remote=True)
    return interview, ear, store, grader


async def said(interview: Interview, ear: Ear, line: str) -> list[str]:
    """What is said to a line, once what goes on beside is done."""
    await interview.hear(ear, f"m{interview.session.seq}", line)
    texts = [reply.text for reply in ear.take()]
    await judged(interview)
    return texts


async def judged(interview: Interview) -> None:
    """Waits for what is judged beside."""
    task = interview._late._judging
    if task is not None:
        await asyncio.wait_for(task, 30)


def score(interview: Interview, name: str) -> float | None:
    return interview.session.askings[name].grade(question(name)).score


async def test_an_answer_is_judged_when_the_model_works_again_and_that_is_said_at_the_next_turn():
    interview, ear, _, grader = met()
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    assert score(interview, "ant") is None and interview.session.standing == "bee", "the interview goes on"
    grader.down = False
    now = await said(interview, ear, "alpha beta")
    assert score(interview, "ant") == 1.0
    assert not any("is judged now" in text for text in now)
    later = await said(interview, ear, "alpha beta")
    assert later[0] == "Question 1, which could not be judged before, is judged now: **1.00** (strong)."
    assert sum("is judged now" in text for text in await said(interview, ear, "alpha beta")) == 0
    await interview.close()


async def test_nobody_waits_for_what_is_judged_late():
    interview, ear, _, grader = met()
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    grader.down, grader.held = False, asyncio.Event()
    await interview.hear(ear, "b", "alpha beta")
    await interview.hear(ear, "c", "alpha beta")
    assert interview.session.standing == "dog" and score(interview, "ant") is None
    grader.held.set()
    await judged(interview)
    assert score(interview, "ant") == 1.0
    await interview.close()


async def test_who_leaves_does_not_wait_for_it_either():
    interview, ear, _, grader = met()
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    grader.down, grader.held = False, asyncio.Event()
    await interview.hear(ear, "b", "alpha beta")
    await interview.close()
    grader.held = None
    again = Interview("s", interview._doors)
    await again.resume(ear)
    await judged(again)
    assert score(again, "ant") == 1.0
    await again.close()


async def test_a_simulation_tells_no_figure():
    interview, ear, _, grader = met("simulation")
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    grader.down = False
    await said(interview, ear, "alpha beta")
    later = await said(interview, ear, "alpha beta")
    assert later[0] == "Question 1, which could not be judged before, is judged now."
    await interview.close()


async def test_while_the_model_is_down_nothing_is_tried():
    interview, ear, _, grader = met()
    await interview.begin(ear)
    grader.down = True
    for _ in range(3):
        await said(interview, ear, "alpha beta")
    assert grader.asked == ["ant", "bee", "cat"]
    await interview.close()


async def test_it_stops_at_the_first_that_fails_again():
    interview, ear, _, grader = met()
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    await said(interview, ear, "alpha beta")
    assert not await interview.judge_late()
    assert grader.asked == ["ant", "bee", "ant"] and not interview.waits
    grader.down = False
    assert await interview.judge_late()
    assert score(interview, "ant") == score(interview, "bee") == 1.0
    await interview.close()


async def test_what_was_taken_back_meanwhile_is_not_judged():
    interview, ear, store, grader = met("simulation")
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    grader.down, grader.held, grader.began = False, asyncio.Event(), asyncio.Event()
    judging = asyncio.create_task(interview.judge_late())
    await asyncio.wait_for(grader.began.wait(), 30)
    await interview.hear(ear, "u", "undo:")
    grader.held.set()
    assert not await judging
    graded = [record.event for record in store.logs["s"] if isinstance(record.event, e.Graded)]
    assert [(one.retry, one.part) for one in graded][1:] == [(False, 0)], "it is about no answer any more"
    assert interview.session.spent.calls == 1, "and was asked for"
    await interview.close()


async def test_an_interview_that_is_over_is_judged_late_and_comes_to_another_total():
    interview, ear, _, grader = met("simulation")
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    await interview.hear(ear, "stop", "stop:")
    report = next(reply for reply in ear.take() if reply.kind == "report")
    assert report.data["not_graded"] == 1
    grader.down = False
    assert await interview.judge_late()
    await interview.go_on(ear)
    assert ear.take()[0].text.endswith("is judged now: **1.00** (strong). With it, the interview comes to **1.00**.")
    await interview.close()


async def test_what_a_try_in_vain_took_is_kept():
    class Dear(Gated):
        async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
            return replace(await super().grade(question, part, facts), made=Made("openai:a", input=100, output=10))

    interview, ear, _, _ = met()
    grader = Dear()
    grader.down = True
    interview._doors = replace(interview._doors, grader=grader)
    await interview.begin(ear)
    await said(interview, ear, "alpha beta")
    assert interview.session.spent.calls == 1
    assert not await interview.judge_late()
    assert interview.session.spent.calls == 2
    await interview.close()


async def test_what_waits_when_the_budget_is_used_up_is_judged_without_a_model():
    interview, ear, _, grader = met()
    interview._doors = replace(interview._doors, spare=WordGrader(), budgets=Budgets(sitting=Limit(0.0)))
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    assert score(interview, "ant") == 1.0 and not grader.asked
    await interview.close()


async def test_nothing_goes_to_a_model_of_which_the_candidate_was_not_told():
    """One that was set after the end, say."""
    interview, ear, _, grader = met()
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    await interview.hear(ear, "stop", "stop:")
    grader.down = False
    interview._doors = replace(interview._doors, notice="A model judges.")
    assert not await interview.judge_late()
    assert grader.asked == ["ant"]
    await interview.close()


class Strict(WordGrader):
    """Finds nothing in anything."""

    name = "strict"

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        return await super().grade(question, replace(part, text=""))


async def test_judged_again_both_marks_are_kept_and_the_first_counts():
    interview, ear, _, grader = met()
    grader.made = None
    await interview.begin(ear)
    await said(interview, ear, "alpha beta")
    await interview.hear(ear, "stop", "stop:")
    before = ear.take()[-2].data["score"]
    assert await interview.judge_again() == ((), ""), "the same grader finds the same"
    interview._doors = replace(interview._doors, grader=Strict())
    found, why_not = await interview.judge_again()
    assert [one.question for one in found] == ["ant"] and not why_not
    asking = interview.session.askings["ant"]
    assert asking.grade(question("ant")).score == 1.0 and before == 1.0
    assert {by: grade.score for by, grade in asking.grades_by_others(question("ant")).items()} == {"strict": 0.0}
    data = report_data("s", interview.session, interview.book)
    assert data["total"]["score"] == 1.0
    text = markdown(data)
    assert "| **Score** | **1.00** | **0.00** |" in text
    assert "| | words (counts) | strict |" in text and "the first grader's counts" in text
    await interview.judge_again()
    assert len(interview.session.askings["ant"].contributions[0].others) == 1, "the last one of each grader"
    await interview.close()


async def test_judging_again_stops_where_the_model_fails():
    interview, ear, _, grader = met()
    await interview.begin(ear)
    await said(interview, ear, "alpha beta")
    await interview.hear(ear, "stop", "stop:")
    grader.down = True
    assert await interview.judge_again() == ((), "the grader is down.")
    assert score(interview, "ant") == 1.0
    await interview.close()


async def test_nothing_is_judged_again_over_a_budget():
    interview, ear, _, grader = met()
    await interview.begin(ear)
    await said(interview, ear, "alpha beta")
    await interview.hear(ear, "stop", "stop:")
    interview._doors = replace(interview._doors, budgets=Budgets(sitting=Limit(0.0)), spare=Strict())
    found, why_not = await interview.judge_again()
    assert not found and why_not == "The budget of this interview for a language model is used up."
    assert grader.asked == ["ant"]
    await interview.close()


class Picky(Gated):
    """Makes nothing of some answers, whenever it is asked, and judges all others."""

    def __init__(self, *never: str) -> None:
        super().__init__()
        self.never = never

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        verdict = await super().grade(question, part, facts)
        if verdict.retry or question.id not in self.never:
            return verdict
        return Verdict(self.name, why_not="it made no sense.", retry=True, made=self.made, only_this=True)


def picky(*never: str, store: MemoryStore | None = None, **more: Any):
    grader = Picky(*never)
    bank = MemoryBank.of(*map(question, ("ant", "bee", "cat", "dog")))
    interview, ear, store = sitting("simulation", grader=grader, bank=bank, store=store, **more)
    interview._doors = replace(interview._doors, grader_is_remote=True)
    return interview, ear, store, grader


async def test_an_answer_that_a_model_fails_at_keeps_no_other_from_being_judged_and_is_given_up():
    interview, ear, store, grader = picky("ant")
    await interview.begin(ear)
    await said(interview, ear, "alpha beta")
    grader.down = True
    await said(interview, ear, "alpha beta")
    grader.down = False
    assert await interview.judge_late() and score(interview, "bee") == 1.0
    assert not interview.out_of_order
    for _ in range(8):
        assert not await interview.judge_late()
    assert grader.asked.count("ant") == 3, "three tries"
    assert sum(isinstance(r.event, e.Graded) and r.event.retry for r in store.logs["s"]) == 4
    assert not interview.waits
    await interview.close()
    again = Interview("s", interview._doors)
    await again.take_up()
    assert not await again.judge_late() and grader.asked.count("ant") == 3, "the log remembers them"
    grader.name = "another"
    grader.never = ()
    assert await again.judge_late() and score(again, "ant") == 1.0, "another model begins anew"
    await again.close()


async def test_an_outage_is_told_apart_from_what_one_answer_brings_about():
    interview, ear, _, grader = met()
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    assert not await interview.judge_late() and interview.out_of_order
    grader.down = False
    assert await interview.judge_late() and not interview.out_of_order
    await interview.close()


async def test_tries_that_nobody_is_there_for_take_no_time_of_the_interview():
    store = ClockStore()
    interview, ear, _, grader = picky("ant", store=store, minutes=30)
    await interview.begin(ear)
    await said(interview, ear, "alpha beta")
    grader.down = True
    await said(interview, ear, "alpha beta")
    grader.down = False
    for _ in range(8):
        store.after(5)
        await interview.judge_late()
    assert score(interview, "bee") == 1.0
    await interview.go_on(ear)
    assert any("is judged now" in reply.text for reply in ear.take())
    assert interview.session.seconds == 0 and not interview.session.out_of_time
    await interview.close()


async def test_thinking_while_something_is_judged_beside_is_time_of_the_interview():
    store = ClockStore()
    interview, ear, _, grader = picky(store=store)
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    grader.down = False
    store.after(2)
    await interview.judge_late()
    store.after(3)
    await interview.hear(ear, "b", "alpha beta")
    assert interview.session.seconds == 300
    await interview.close()


async def test_what_was_judged_by_another_while_the_log_was_written_to_stands():
    interview, ear, _, grader = met()
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    grader.down, grader.began = False, asyncio.Event()
    part = interview.session.askings["ant"].contributions[0].seq
    async with interview._writing:
        judging = asyncio.create_task(interview.judge_late())
        await asyncio.wait_for(grader.began.wait(), 30)
        while not interview._writing._waiters:  # noqa: ASYNC110 - a lock tells nobody who waits for it
            await asyncio.sleep(0)
        await interview._append([("other", e.Graded("ant", part, "another", why_not="nothing in it."))])
    assert not await asyncio.wait_for(judging, 30)
    verdict = interview.session.askings["ant"].contributions[0].part.verdict
    assert verdict is not None and verdict.by == "another"
    assert interview.session.spent.calls == 1
    await interview.close()


async def test_a_judgement_that_is_given_up_is_counted():
    interview, ear, _, grader = met()
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    grader.down, grader.held = False, asyncio.Event()
    await interview.hear(ear, "b", "alpha beta")
    while grader.asked.count("ant") < 2:  # noqa: ASYNC110 - it is begun beside
        await asyncio.sleep(0)
    await interview.close()
    assert interview.session.spent.calls == 2 and interview.session.spent.uncounted == 2
    assert score(interview, "ant") is None


async def test_what_was_found_without_a_model_does_not_show_that_the_model_works():
    """A number in an answer, say."""
    interview, ear, _, grader = met()
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    grader.down, grader.made = False, None
    await said(interview, ear, "alpha beta")
    assert not interview.waits and grader.asked == ["ant", "bee"]
    await interview.close()
