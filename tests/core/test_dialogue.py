"""Any sequence of messages folds, owes something sensible, and ends."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import events as e
from bot.core.dialogue import MOST_FOLLOW_UPS, Meaning, owed
from bot.core.duties import Judge
from bot.core.folding import fold
from bot.interview import Interview
from bot.ports import Doors
from tests.fakes import (
    Ear,
    MemoryBank,
    MemoryRetriever,
    MemoryStore,
    NoCodeReader,
    WordGrader,
    WordInterviewer,
    question,
)

Mode = Literal["practice", "simulation"]
MEANINGS = [m for m in get_args(Meaning) if m not in ("answer", "code")]


def questions() -> MemoryBank:
    """Three questions and a program."""
    return MemoryBank.of(question("ant"), question("bee"), question("prog", kind="code"), question("cat"))


def sitting(
    mode: Literal["practice", "simulation"] = "practice",
    store: MemoryStore | None = None,
    grader: WordGrader | None = None,
    bank: MemoryBank | None = None,
    **more,
):
    """An interview over three questions and a program, its mouth, and its store."""
    bank = bank or questions()
    store = store or MemoryStore()
    store.logs.setdefault("s", [])
    retriever = MemoryRetriever({q: f"All about the {q}." for q in bank.held}, {"epoch": "One pass over the data."})
    doors = Doors(store, bank, WordInterviewer(), grader or WordGrader(), retriever, NoCodeReader(), "here")
    started = e.Started("test", mode, 0, tuple(bank.held), "a test", 10, 3, more.get("minutes"))
    return Interview("s", doors, [started], bank.flow("test")), Ear(), store


async def talk(*lines: str, mode: Mode = "practice", **more):
    """What is said to each of these lines, in order; the opening is left out."""
    interview, ear, _ = sitting(mode, **more)
    await interview.begin(ear)
    ear.take()
    heard = []
    for n, line in enumerate(lines):
        await interview.hear(ear, f"m{n}", line)
        heard.append(ear.take())
    await interview.close()
    return interview, heard


def kinds(replies):
    return [r.kind for r in replies]


async def test_an_answer_in_practice_gets_one_feedback_and_the_next_question():
    _, [said] = await talk("alpha beta")
    assert kinds(said) == ["feedback", "question"]
    assert said[0].data["score"] == 1.0
    assert "All about the ant." in said[0].text
    assert said[1].question == "bee"


async def test_a_follow_up_comes_with_marks_but_without_what_is_missing():
    _, [said] = await talk("alpha")
    assert kinds(said) == ["feedback", "follow_up"]
    assert "beta" not in said[0].text
    assert "All about" not in said[0].text


async def test_at_most_two_follow_ups():
    _, heard = await talk("nothing", "nothing", "nothing")
    assert [kinds(said) for said in heard] == [
        ["feedback", "follow_up"],
        ["feedback", "follow_up"],
        ["feedback", "question"],
    ]


async def test_what_a_follow_up_brought_earns_three_quarters():
    _, heard = await talk("alpha", "beta")
    assert heard[1][0].data["score"] == 0.875
    assert heard[1][0].data["alone"] == 0.5


async def test_simulation_says_no_marks_before_the_end():
    _, heard = await talk("alpha", "beta", "grade:", "score:", mode="simulation")
    said = [reply for replies in heard for reply in replies]
    assert kinds(said) == ["follow_up", "question", "progress", "progress"]
    assert not any("marks" in reply.data or "score" in reply.data for reply in said)


async def test_hints_have_three_rungs_and_a_price_each():
    _, heard = await talk("hint:", "hint:", "hint:", "hint:", "alpha beta")
    assert [said[0].kind for said in heard[:4]] == ["hint", "hint", "hint", "notice"]
    assert [said[0].data["share"] for said in heard[:3]] == [0.75, 0.5, 0.25]
    assert heard[4][0].data["score"] == 0.25


async def test_dont_know_counts_zero_and_shows_the_reference():
    _, [said] = await talk("dont_know:")
    assert kinds(said) == ["notice", "feedback", "question"]
    assert said[1].data["score"] == 0.0
    assert "All about the ant." in said[1].text


async def test_skip_shows_nothing_and_can_be_returned_to():
    interview, [skipped, back] = await talk("skip:", "back:")
    assert kinds(skipped) == ["notice", "question"]
    assert kinds(back) == ["repeat"]
    assert interview.session.standing == "ant"
    assert interview.session.agenda[:2] == ("ant", "bee")


async def test_later_comes_back_at_the_end():
    interview, heard = await talk("later:", "alpha beta", "alpha beta", "alpha beta")
    assert interview.session.standing == "ant"
    assert heard[-1][-1].kind == "repeat"


async def test_later_on_the_last_question_is_refused():
    _, heard = await talk("alpha beta", "alpha beta", "alpha beta", "later:")
    assert kinds(heard[-1]) == ["notice"]


async def test_undo_of_a_skip_and_not_of_shown_marks():
    interview, heard = await talk("skip:", "undo:", "alpha beta", "undo:")
    assert kinds(heard[1]) == ["notice", "repeat"]
    assert kinds(heard[3]) == ["notice"]
    assert interview.session.askings["ant"].status == "settled"


async def test_undo_of_an_answer_in_a_simulation():
    interview, heard = await talk("alpha beta", "undo:", "alpha", mode="simulation")
    assert interview.session.askings["ant"].contributions[0].part.text == "alpha"
    assert heard[1][-1].question == "ant"


async def test_an_addition_is_judged_until_the_reference_was_shown():
    simulated, _ = await talk("alpha", "skip:", "amend: 1 beta", mode="simulation")
    ant = simulated.session.askings["ant"]
    assert [c.role for c in ant.contributions] == ["answer", "amendment"]
    practised, heard = await talk("alpha", "skip:", "amend: 1 beta")
    assert practised.session.askings["ant"].contributions[-1].role == "late"
    assert practised.session.askings["ant"].grade(question("ant")).score == 0.5
    assert kinds(heard[-1]) == ["notice", "repeat"]


async def test_an_outage_is_not_graded_and_graded_later():
    grader = WordGrader()
    grader.down = True
    interview, ear, _ = sitting(grader=grader)
    await interview.begin(ear)
    ear.take()
    await interview.hear(ear, "a", "alpha beta")
    said = ear.take()
    assert said[0].data["score"] is None and said[0].data["graded"] is False
    assert "the grader is down" in said[0].text
    grader.down = False
    await interview.hear(ear, "b", "grade:")
    assert interview.session.askings["ant"].grade(question("ant")).score == 1.0
    assert any(r.data.get("score") == 1.0 for r in ear.take())
    await interview.close()


async def test_several_answers_of_an_outage_are_graded_by_one_request():
    grader = WordGrader()
    grader.down = True
    interview, ear, _ = sitting(grader=grader)
    await interview.begin(ear)
    for n in range(2):
        await interview.hear(ear, f"m{n}", "alpha beta")
    grader.down = False
    ear.take()
    await interview.hear(ear, "again", "grade:")
    assert [reply.kind for reply in ear.take()] == ["feedback", "feedback"]
    assert [a.grade(question(a.question)).score for a in interview.session.in_order][:2] == [1.0, 1.0]
    await interview.close()


async def test_a_program_is_read_and_the_words_beside_it_are_judged_too():
    interview, ear, _ = sitting()
    await interview.begin(ear)
    for n in range(2):
        await interview.hear(ear, f"m{n}", "alpha beta")
    ear.take()
    assert interview.stands().owes == "code"
    await interview.hear(ear, "p", "my beta remark", code="Adam alpha")
    assert kinds(ear.take())[:2] == ["code", "feedback"]
    assert interview.session.askings["prog"].grade(question("prog")).score == 1.0
    await interview.close()


async def test_clarifying_comes_from_the_index():
    _, heard = await talk("clarify: epoch", "clarify: ant", "clarify: zebra")
    assert "One pass over the data." in heard[0][0].text
    assert heard[0][0].data["sources"] == ["S1-1"] and "S1-1" not in heard[0][0].text, "a code of the bank's authors"
    assert "I would rather hear from you" in heard[1][0].text
    assert "nothing on" in heard[2][0].text


async def test_the_same_message_counts_once():
    interview, ear, store = sitting()
    await interview.begin(ear)
    assert await interview.hear(ear, "same", "alpha beta") is True
    ear.take()
    for _ in range(2):
        assert await interview.hear(ear, "same", "alpha beta") is False
    assert ear.take() == []
    assert sum(isinstance(r.event, e.Heard) for r in store.logs["s"]) == 1
    await interview.close()


async def test_stop_ends_with_a_report_and_the_farewell():
    interview, [said] = await talk("stop:")
    assert kinds(said) == ["report", "closing"]
    assert "we stop here" in said[1].text and "Best of luck" in said[1].text
    assert interview.stands().owes == "nothing"


async def test_time_is_up_after_the_minutes():
    interview, ear, store = sitting(minutes=1)
    await interview.begin(ear)
    for n in range(4):
        await interview.hear(ear, f"m{n}", "thanks:")
    late = [e.Record(r.seq, f"2026-01-01T00:{r.seq:02}:00+00:00", r.cause, r.event) for r in store.logs["s"]]
    assert isinstance(owed(fold([*late, _answered(late)])), Judge)
    assert fold(late).out_of_time
    await interview.close()


def _answered(records):
    return e.Record(len(records) + 1, records[-1].at, "x", e.Answered("ant", 1, "alpha"))


async def test_a_resumed_sitting_hears_a_recap_and_what_stands_open():
    first, ear, store = sitting()
    await first.begin(ear)
    await first.hear(ear, "a", "alpha")
    await first.close()
    second, ear, _ = sitting(store=store)
    await second.resume(ear)
    said = ear.take()
    assert kinds(said) == ["notice", "repeat"]
    assert replace(second.session, seq=first.session.seq, last_at=first.session.last_at) == first.session
    await second.close()


@pytest.mark.parametrize("cut", range(1, 30))
async def test_dying_after_any_record_loses_and_repeats_nothing(cut):
    whole, ear, store = sitting()
    await whole.begin(ear)
    script = ["alpha", "beta", "hint:", "alpha beta", "skip:", "thanks:"]
    for n, line in enumerate(script):
        await whole.hear(ear, f"m{n}", line)
    await whole.close()
    expected = [type(r.event).__name__ for r in store.logs["s"]]
    died = MemoryStore()
    died.logs["s"] = store.logs["s"][:cut]
    died.kept = dict(store.kept)
    again, ear, _ = sitting(store=died)
    await again.resume(ear) if died.logs["s"] else await again.begin(ear)
    for n, line in enumerate(script):
        await again.hear(ear, f"m{n}", line)
    await again.close()
    kinds_written = [type(r.event).__name__ for r in died.logs["s"]]
    assert [kind for kind in kinds_written if kind != "CameBack"] == expected


lines = st.one_of(
    st.sampled_from(["alpha", "beta", "alpha beta", "not alpha", "half beta", ""]),
    st.builds(
        lambda m, n: f"{m}: {n}", st.sampled_from(MEANINGS), st.sampled_from(["", "1", "2 beta", "3", "9", "epoch"])
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(lines, max_size=25), st.sampled_from(["practice", "simulation"]))
def test_any_sequence_of_messages_owes_something_sensible_and_ends(script, mode):
    asyncio.run(_assert_any_sequence_ends(script, mode))


async def _assert_any_sequence_ends(script: list[str], mode: Mode) -> None:
    interview, ear, store = sitting(mode)
    await interview.begin(ear)
    ear.take()
    for n, line in enumerate(script):
        over = interview.session.ended is not None
        await interview.hear(ear, f"m{n}", line)
        assert ear.take(), f"nothing was said to {line!r}"
        assert owed(interview.session) is None
        assert interview.stands().owes == ("nothing" if interview.session.ended else interview.stands().owes)
        assert over or interview.session.ended or interview.session.standing is not None
    for n in range(20):
        await interview.hear(ear, f"end{n}", "dont_know:")
    assert interview.session.ended is not None
    assert fold(store.logs["s"]) == interview.session
    asked = [r.event.question for r in store.logs["s"] if isinstance(r.event, e.Asked)]
    assert len(asked) == len(set(asked))
    assert all(len(a.follow_ups) <= MOST_FOLLOW_UPS for a in interview.session.askings.values())
    await interview.close()
