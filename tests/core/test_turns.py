"""Turns that cross one another: taking back, adding, coming back and leaving, each in the middle of another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core import events as e
from bot.core.summary import summarise
from bot.interview import Interview
from tests.core.test_dialogue import kinds, questions, sitting, talk
from tests.fakes import WordGrader, question


def texts(session, name):
    return [c.part.text for c in session.askings[name].contributions]


@pytest.mark.parametrize("leaving", ["skip:", "dont_know:", "repeat:", "never_mind:", "hint:"])
async def test_a_reopened_question_is_left_by_anything_that_means_the_one_on_the_table(leaving):
    interview, _ = await talk("alpha beta", "back: 1", leaving, "beta", mode="simulation")
    assert texts(interview.session, "ant") == ["alpha beta"]
    assert texts(interview.session, "bee") == ["beta"]


async def test_what_is_said_to_a_reopened_question_is_added_to_it():
    interview, _ = await talk("alpha", "skip:", "back: 1", "beta", mode="simulation")
    assert texts(interview.session, "ant") == ["alpha", "beta"]
    assert interview.session.standing == "bee"


async def test_adding_to_a_question_that_was_put_off_settles_it_and_asks_no_follow_up_out_of_turn():
    interview, heard = await talk("later:", "amend: 1 alpha")
    assert "follow_up" not in kinds(heard[-1])
    assert "ant" not in interview.session.agenda
    assert interview.session.standing == "bee"


async def test_adding_to_a_skipped_question_takes_it_up_again():
    interview, heard = await talk("skip:", "amend: 1 alpha")
    assert kinds(heard[-1]) == ["repeat", "feedback", "follow_up"]
    assert interview.session.standing == "ant"


async def test_nothing_is_judged_once_the_reference_was_shown():
    interview, _ = await talk("alpha beta", "amend: 1 more", "later:", "amend: 2 alpha beta")
    assert interview.session.askings["ant"].contributions[-1].role == "late"
    assert interview.session.askings["bee"].shown
    assert "bee" not in interview.session.agenda


@pytest.mark.parametrize("said", ["skip:", "beta"])
async def test_undo_of_a_reply_or_of_leaving_puts_the_follow_up_again(said):
    interview, heard = await talk("alpha", said, "undo:", mode="simulation")
    ant = interview.session.askings["ant"]
    assert texts(interview.session, "ant") == ["alpha"]
    assert ant.probing is not None and ant.probing.wording in heard[-1][-1].text


async def test_undo_of_an_addition_leaves_the_rest_where_it_was():
    interview, _ = await talk("alpha beta", "amend: 1 gamma", "undo:", mode="simulation")
    assert texts(interview.session, "ant") == ["alpha beta"]
    assert interview.session.standing == "bee"


async def test_undo_comes_once():
    _, heard = await talk("skip:", "undo:", "undo:", mode="simulation")
    assert kinds(heard[-1]) == ["notice"]
    assert "nothing to take back" in heard[-1][0].text


async def test_coming_back_to_an_open_follow_up_puts_the_follow_up():
    interview, heard = await talk("skip:", "alpha", "back:", "alpha beta", mode="simulation")
    bee = interview.session.askings["bee"]
    assert bee.probing is not None and bee.probing.wording in heard[-1][-1].text


async def test_an_answer_in_several_messages_is_one_answer():
    interview, heard = await talk("unfinished: alpha,", "unfinished: and", "beta")
    assert [kinds(said) for said in heard[:2]] == [["notice"], ["notice"]]
    assert heard[2][0].data["alone"] == 1.0
    assert texts(interview.session, "ant") == ["alpha,\nand\nbeta"]


@pytest.mark.parametrize("leaving", ["skip:", "dont_know:", "stop:"])
async def test_what_was_begun_counts_when_the_question_is_left(leaving):
    interview, _ = await talk("unfinished: alpha and", leaving)
    assert texts(interview.session, "ant") == ["alpha and"]
    assert interview.session.askings["ant"].grade(question("ant")).score == 0.5


async def test_putting_off_and_stopping_counts_nothing_and_says_so():
    interview, _ = await talk("later:", "alpha beta", "stop:")
    summary = summarise(interview.session, interview.book)
    assert [line.outcome for line in summary.lines] == ["skipped", "graded", "open"]
    assert summary.score == 0.5


async def test_what_an_outage_kept_from_being_judged_is_judged_before_the_end():
    grader = WordGrader()
    grader.down = True
    interview, ear, _ = sitting("simulation", grader=grader)
    await interview.begin(ear)
    await interview.hear(ear, "a", "alpha beta")
    grader.down = False
    ear.take()
    await interview.hear(ear, "b", "stop:")
    assert ear.take()[0].data["score"] == 1.0
    await interview.close()


async def test_what_is_still_not_judged_at_the_end_can_be_when_one_comes_back():
    grader = WordGrader()
    grader.down = True
    interview, ear, store = sitting("simulation", grader=grader)
    await interview.begin(ear)
    await interview.hear(ear, "a", "alpha beta")
    await interview.hear(ear, "b", "stop:")
    assert ear.take()[-2].data["not_graded"] == 1
    await interview.close()
    grader.down = False
    again, ear, _ = sitting("simulation", store=store, grader=grader)
    await again.resume(ear)
    assert [r.data["score"] for r in ear.take() if r.kind == "report"] == [1.0]
    await again.close()


@pytest.mark.parametrize("silent", [e.FollowedUp, e.Settled, e.Hinted, e.Ended])
async def test_what_was_written_and_not_said_is_said_after_all(silent):
    whole, ear, store = sitting()
    await whole.begin(ear)
    for n, line in enumerate(["alpha", "hint:", "beta", "stop:"]):
        await whole.hear(ear, f"m{n}", line)
    await whole.close()
    log = store.logs["s"]
    cut = next(r.seq for r in log if isinstance(r.event, silent))
    said = {type(r.event): r for r in log}
    assert silent in said
    store.logs["s"] = log[:cut]
    again, ear, _ = sitting(store=store)
    await again.resume(ear)
    wanted = {e.FollowedUp: "follow_up", e.Settled: "feedback", e.Hinted: "hint", e.Ended: "closing"}[silent]
    assert wanted in kinds(ear.take())
    await again.close()


async def test_a_question_that_left_the_bank_is_left_out_and_the_rest_goes_on():
    bank = questions()
    interview, ear, _ = sitting(bank=bank)
    await interview.begin(ear)
    del bank.held["bee"]  # the bank of a newer release
    ear.take()
    await interview.hear(ear, "a", "alpha beta")
    said = ear.take()
    assert kinds(said) == ["feedback", "notice", "question"]
    assert said[-1].question == "prog" and said[-1].data["of"] == 3
    await interview.close()


async def test_a_reference_is_that_of_the_question_as_it_was_asked():
    bank = questions()
    interview, ear, _ = sitting(bank=bank)
    await interview.begin(ear)
    bank.held["ant"] = question("ant", ("gamma",))  # a newer release
    ear.take()
    await interview.hear(ear, "a", "alpha beta")
    assert "The ant is alpha and beta." in ear.take()[0].text
    await interview.close()


async def test_a_dispute_needs_marks_and_a_reason():
    _, heard = await talk("dispute: unfair", "alpha beta", "dispute:", "dispute: unfair")
    assert "no marks" in heard[0][0].text
    assert "What is wrong" in heard[2][0].text
    assert "object" in heard[3][0].text


async def test_pleas_are_put_aside_in_the_end_and_patience_is_fresh_after_coming_back():
    interview, heard = await talk(*["plea_marks:"] * 4, "back:", "plea_marks:")
    assert kinds(heard[3]) == ["notice", "notice", "question"]
    assert kinds(heard[5]) == ["notice"]
    assert interview.session.standing == "ant"


async def test_putting_off_a_follow_up_keeps_it_open_and_shows_nothing():
    interview, heard = await talk("alpha", "later:", "alpha beta", "alpha beta", "alpha beta")
    assert kinds(heard[1]) == ["notice", "question"]
    ant = interview.session.askings["ant"]
    assert interview.session.standing == "ant" and not ant.shown
    assert ant.probing is not None and ant.probing.wording in heard[-1][-1].text


async def test_one_who_comes_back_to_an_interview_that_is_over_is_told_so():
    interview, ear, store = sitting()
    await interview.begin(ear)
    await interview.hear(ear, "a", "stop:")
    await interview.close()
    again, ear, _ = sitting(store=store)
    await again.resume(ear)
    assert [reply.text for reply in ear.take()] == ["This interview is over. `viva report` shows its report."]
    await again.close()


async def test_what_has_come_up_since_the_beginning_is_told_once_before_a_word_is_judged():
    """A model that judges, say, which the owner set while the interview was going on."""
    interview, ear, store = sitting()
    await interview.begin(ear)
    await interview.close()
    ear.take()
    again = Interview("s", replace(interview._doors, notice="Who judges."))
    await again.take_up()
    await again.hear(ear, "a", "alpha")
    await again.hear(ear, "b", "beta")
    told = [reply for reply in ear.take() if reply.kind == "notice" and reply.text == "Who judges."]
    assert len(told) == 1
    records = [type(record.event).__name__ for record in store.logs["s"]]
    assert records.index("CameBack") < records.index("Graded")
    await again.close()


async def test_who_was_judged_by_a_model_is_told_once_when_none_judges_any_more():
    interview, ear, _ = sitting()
    by_model = Interview("s", replace(interview._doors, notice="A model judges."), interview._begins)
    await by_model.begin(ear)
    await by_model.close()
    for message in ("alpha", "beta"):
        again = Interview("s", interview._doors)
        await again.resume(ear)
        await again.hear(ear, message, message)
        await again.close()
    notices = [reply.text for reply in ear.take() if reply.kind == "notice" and "model" in reply.text]
    assert notices == [
        "A model judges.",
        "From here on your answers are judged without a language model, and are sent to none.",
    ]
