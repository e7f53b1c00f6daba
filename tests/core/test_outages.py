"""What is said of an answer that could not be judged: once, with what to do; and how an interview ends then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.core import events as e
from bot.core.made import Made
from bot.core.marking import Part, Verdict
from bot.core.question import Question
from bot.surfaces.report.data import report_data
from bot.surfaces.report.markdown import markdown
from tests.core.test_dialogue import sitting
from tests.core.test_late import met, said
from tests.fakes import MemoryBank, WordGrader, question

DOWN = "the grader is down"


async def test_to_ask_again_in_vain_says_so_and_repeats_nothing() -> None:
    interview, ear, _, grader = met()
    await interview.begin(ear)
    grader.down = True
    first = await said(interview, ear, "alpha beta")
    assert any("**Not graded yet.**" in text and "A full answer" in text for text in first)
    again = await said(interview, ear, "grade:")
    (still,) = [text for text in again if "Still not graded" in text]
    assert still.endswith("Your answer is kept; try `/grade` again in a minute.") and "A full answer" not in still


@pytest.mark.parametrize(
    ("answers", "waiting"),
    [(1, "1 answer waits to be judged: `viva report`"), (2, "2 answers wait to be judged: `viva report`")],
)
async def test_an_end_with_answers_that_wait_says_how_they_are_judged(answers: int, waiting: str) -> None:
    interview, ear, _, grader = met()
    await interview.begin(ear)
    grader.down = True
    for _ in range(answers):
        await said(interview, ear, "alpha beta")
    ended = await said(interview, ear, "stop:")
    assert any(waiting in text for text in ended)


async def test_the_report_says_once_why_an_answer_was_not_graded() -> None:
    interview, ear, _, grader = met()
    await interview.begin(ear)
    grader.down = True
    await said(interview, ear, "alpha beta")
    await said(interview, ear, "stop:")
    report = markdown(report_data("x", interview.session, interview.book))
    assert report.casefold().count(DOWN) == 1 and "Not graded: " in report


class Noting(WordGrader):
    """Judges words, and says of it what stands in for another grader says."""

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        return replace(await super().grade(question, part, facts), note="So the offline grader judged this answer.")


async def test_who_judged_instead_is_said_with_the_first_mark() -> None:
    interview, ear, _ = sitting("practice", grader=Noting(), bank=MemoryBank.of(question("ant"), question("bee")))
    await interview.begin(ear)
    first = await said(interview, ear, "alpha")
    assert interview.session.standing == "ant", "a follow-up is open"
    assert any("Note: So the offline grader judged this answer." in text for text in first)


@pytest.mark.parametrize(
    ("names", "line", "in_touch"), [(("ant",), "alpha beta", False), (("ant", "bee"), "stop:", False)]
)
async def test_nobody_will_be_in_touch_after_one_question_or_a_stop(names: Any, line: str, in_touch: bool) -> None:
    interview, ear, _ = sitting("practice", bank=MemoryBank.of(*map(question, names)))
    await interview.begin(ear)
    told = " ".join(await said(interview, ear, line))
    assert interview.session.ended is not None and "Best of luck!" in told
    assert ("HR will be in touch" in told) is in_touch


async def test_a_whole_interview_ends_with_who_will_be_in_touch() -> None:
    interview, ear, _ = sitting("practice", bank=MemoryBank.of(question("ant"), question("bee")))
    await interview.begin(ear)
    await said(interview, ear, "alpha beta")
    assert "HR will be in touch" in " ".join(await said(interview, ear, "alpha beta"))


async def test_a_second_judgement_that_failed_is_counted_and_not_shown() -> None:
    interview, ear, _, _ = met()
    await interview.begin(ear)
    await said(interview, ear, "alpha beta")
    part = interview.session.askings["ant"].judged[0].seq
    before = interview.session.spent
    failed = e.Regraded("ant", part, "another", why_not="it is down", made=Made("another", input=10, output=1))
    await interview._late._write([("again:x", failed)])
    asking = interview.session.askings["ant"]
    assert "another" not in asking.grades_by_others(question("ant"))
    assert interview.session.spent.input == before.input + 10
