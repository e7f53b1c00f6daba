"""A mark over which two readings differ and which nothing settles: it counts half, and says so wherever it is told."""

from __future__ import annotations

import json

import pytest

from bot.core.marking import Part, grade
from bot.core.records import decode, encode
from bot.surfaces.report.data import report_data
from bot.surfaces.report.markdown import markdown
from tests.core.test_dialogue import sitting
from tests.fakes import MemoryBank, question
from tests.llm.conftest import GOOD, QUESTION
from tests.loopback_model import minds

WORDS = "unsure, as two readings of it differ"
BOTH_WAYS = {"claims": [{"id": "no-reliance", "verdict": "says"}, {"id": "no-reliance", "verdict": "no"}]}
#: What a second call may say that settles nothing.
UNSETTLED = {
    "leaves it out": {"claims": []},
    "says both": BOTH_WAYS,
    "says neither": "I would rather not choose between the two.",
    "says nothing": "",
    "in another form": {"claims": [{"id": "no-reliance", "verdict": "perhaps"}]},
}


def settles_by(said):
    return lambda system, user: said if "Quotation:" in user else minds.honest(system, user)


@pytest.mark.parametrize("said", UNSETTLED.values(), ids=UNSETTLED.keys())
async def test_what_the_second_call_leaves_open_is_marked_half_and_unsure(server, made, offline, said):
    server.mind = settles_by(said)
    offline.credits = {"switches_off": 1.0, "off_at_test": 1.0}
    verdict = await made().grade(QUESTION, Part(GOOD))
    assert [(mark.credit, mark.verdict, mark.unsure) for mark in verdict.marks] == [
        (1.0, "met", False), (0.5, "partial", True), (1.0, "met", False),
    ]  # fmt: skip
    assert verdict.marks[1].confidence < min(mark.confidence for mark in verdict.marks[::2])
    assert grade(QUESTION, [Part(GOOD, verdict=verdict)]).score == pytest.approx(0.8)


async def test_an_outage_at_the_second_call_leaves_the_answer_to_be_judged_later(server, made, offline):
    offline.credits = {"switches_off": 1.0, "off_at_test": 1.0}

    def mind(system, user):
        server.faults = ["wrong key"]
        return minds.honest(system, user)

    server.mind = mind
    verdict = await made().grade(QUESTION, Part(GOOD))
    assert len(server.calls) == 2 and verdict.retry and verdict.marks == ()


async def test_a_call_that_settles_it_leaves_no_doubt_to_tell_of(server, made, offline):
    offline.credits = {"switches_off": 1.0, "off_at_test": 1.0}
    verdict = await made().grade(QUESTION, Part(GOOD))
    assert len(server.calls) == 2 and not any(mark.unsure for mark in verdict.marks)


@pytest.fixture
async def sat(server, made, offline):
    """A sitting whose first question has such a mark: what was said of it, what `/grade` says, and the report."""
    server.mind = settles_by({"claims": []})
    offline.credits = {"switches_off": 1.0, "off_at_test": 1.0}
    interview, ear, store = sitting(bank=MemoryBank.of(QUESTION, question("bee")), grader=made())
    await interview.begin(ear)
    told = []
    for number, line in enumerate((GOOD, "grade:", "stop:")):
        ear.take()
        await interview.hear(ear, f"m{number}", line)
        told.append(ear.take())
    await interview.close()
    return *told[:2], report_data("s", interview.session, interview.book), store


async def test_it_is_said_with_the_marks_at_grade_and_in_the_report(sat):
    feedback, asked, data, _ = sat
    for text in (feedback[0].text, asked[0].text, markdown(data)):
        assert f"**partly** (1 of 2: × 0.5, {WORDS}): No unit can rely" in text
        assert text.count(WORDS) == 1 and "0.50 there" not in text
    assert [mark["unsure"] for mark in feedback[0].data["marks"]] == [False, True, False]


async def test_the_table_of_what_others_found_says_it_too(sat):
    first = sat[2]["questions"][0]
    first["judged_again"] = [{"by": "another", "score": 1.0, "alone": 1.0, "marks": first["marks"]}]
    assert "| partly, unsure | partly, unsure |" in markdown(sat[2])


async def test_the_log_keeps_it_and_one_of_an_earlier_release_has_none(sat):
    *_, store = sat
    event = next(r.event for r in store.logs["s"] if type(r.event).__name__ == "Graded")
    kept = json.loads(json.dumps(encode(event)))
    assert decode(type(event), kept) == event and [mark.get("unsure") for mark in kept["marks"]] == [None, True, None]
    del kept["marks"][1]["unsure"]
    assert not any(mark.unsure for mark in decode(type(event), kept).marks)
