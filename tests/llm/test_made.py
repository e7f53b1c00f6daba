"""What a judged answer and one that could not be judged say of the model's work: prompts, passages, tokens, calls."""

from __future__ import annotations

import pytest

from bot.core.marking import Part
from bot.llm.prompts import read_prompts
from bot.llm.usage import REFUSED, Tally, Used
from tests.llm.conftest import GOOD, QUESTION
from tests.loopback_model import MODEL

PROMPTS = read_prompts()
GRADE, SETTLE = (f"{act} {PROMPTS[act].mark}" for act in ("grade", "settle"))


async def test_a_judged_answer_says_what_it_took(server, made):
    verdict = await made().grade(QUESTION, Part(GOOD))
    took = verdict.made
    assert (took.model, took.calls, took.cost) == (f"openai:{MODEL}", 1, None)
    assert took.prompts == (GRADE,) and took.passages == ("dropout",)
    assert took.input > 100 and took.output > 10 and took.seconds > 0
    assert verdict.by == made().name


async def test_both_calls_of_an_answer_count(server, made, offline):
    offline.credits = {"switches_off": 1.0, "off_at_test": 1.0}
    one = (await made().grade(QUESTION, Part(GOOD))).made
    assert one.calls == len(server.calls) == 2 and one.prompts == (GRADE, SETTLE)


@pytest.mark.parametrize(
    ("fault", "calls", "tokens"),
    [("wrong key", 1, {0}), ("503", 2, {0}), ("cuts off", 2, {None}), ("truncated", 1, {None})],
)
async def test_what_could_not_be_judged_counts_too(server, made, fault, calls, tokens):
    server.faults = [fault] * 2
    verdict = await made().grade(QUESTION, Part(GOOD))
    assert not verdict.judged and verdict.made.calls == len(server.calls) == calls
    assert verdict.made.input in tokens


async def test_a_call_that_hangs_counts_and_nobody_knows_its_tokens(server, made):
    server.faults = ["hangs"]
    grader = made(patience=0.4)
    verdict = await grader.grade(QUESTION, Part(GOOD))
    assert (verdict.made.calls, verdict.made.input) == (1, None)
    assert (await grader.grade(QUESTION, Part(GOOD))).made is None, "nothing was asked while the model rests"


async def test_what_the_offline_grader_judged_instead_says_what_was_tried(server, made):
    server.faults = ["refusal"]
    verdict = await made().grade(QUESTION, Part(GOOD))
    assert verdict.by == "by hand" and verdict.made.calls == 1


async def test_what_needs_no_model_says_nothing_of_one(server, made, offline):
    from bot.core.marking import Verdict

    offline.verdict = Verdict("by hand", why_not="There is too little in it to judge.")
    assert (await made().grade(QUESTION, Part(GOOD))).made is None and not server.calls


def test_tokens_that_are_not_told_leave_the_sum_unknown():
    tally = Tally()
    assert tally.made("m", ()) is None
    tally.call(Used(3, 4))
    tally.call(REFUSED)
    assert (tally.calls, tally.used) == (2, Used(3, 4))
    tally.call(Used(1, None))
    assert tally.used == Used(4, None)
