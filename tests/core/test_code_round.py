"""The round in which a program is written: handed in, run, asked about, mended, and an experiment predicted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pytest

from bot.core import events as e
from bot.core.folding import fold
from bot.core.question import Experiment, Point, Recorded, Work
from bot.core.reply import Curves, Reply
from bot.core.training import Curve, Fault, Outcome, Progress, Task
from bot.interview import Interview
from bot.lab.syntax.reading import LimitedReader
from bot.ports import Doors
from tests.fakes import (
    CodeGrader,
    Ear,
    MemoryBank,
    MemoryRetriever,
    MemoryStore,
    ScriptedLab,
    WordInterviewer,
    question,
)

GOOD = """
import torch
from torch import nn
from lab import load_mnist
x, y, xv, yv = load_mnist()
x = x.float() / 255
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(3):
    for i in torch.randperm(len(x)).split(64):
        optimizer.zero_grad()
        loss = loss_fn(model(x[i]), y[i])
        loss.backward()
        optimizer.step()
model.eval()
with torch.no_grad():
    print((model(xv.float() / 255).argmax(1) == yv).float().mean())
"""
BUGGY = GOOD.replace("nn.Linear(64, 10))", "nn.Linear(64, 10), nn.Softmax(dim=1))")
LEARNED = Outcome("measured", 0.95, 10_000, "MNIST", curve=Curve((1, 100), (2.3, 0.2)), parameters=50_890)
STUCK = Outcome("measured", 0.11, 10_000, "MNIST", curve=Curve((1, 100), (2.3, 2.3)))


TASK = Task(
    "mlp",
    "An MLP",
    accuracy=0.94,
    follow_ups=("own-run-loss", "own-run-stuck"),
    experiments=("predict-zero",),
    program="pass",
)


def bank() -> MemoryBank:
    code = replace(
        question("build", (), kind="code", task="mlp", starter="pass"),
        points=(
            Point("runs", "It runs.", measured=True, shown_by="runs"),
            Point("learns", "It learns.", measured=True, shown_by="learns"),
            Point("accuracy", "It is good.", 2.0, measured=True, shown_by="held_out_accuracy"),
            Point("no-bugs", "It has no bug.", 2.0, measured=True, shown_by="free_of_bugs"),
            Point("loss", "The loss fits.", 2.0, shown_by="cross_entropy_on_logits"),
        ),
    )
    expected = Experiment("mlp", {"zero": True}, {"zero": False}, {"accuracy_most": 0.2})
    held = (
        question("first"),
        code,
        question("last"),
        question("own-run-loss", ask="It began at {first_loss}: why there?", plain="Why there?"),
        question("own-run-stuck", ask="It stays at {stuck_loss}: why?", plain="Why?"),
        question("finding-softmax-before-cross-entropy", ask="Line {line}, `{code}`: why?", plain="Why?"),
        question("predict-zero", kind="predict", experiment=expected),
    )
    return MemoryBank({q.id: q for q in held}, {"mlp": TASK})


@dataclass
class Sat:
    """A sitting over the bank with a lab."""

    interview: Interview
    ear: Ear
    store: MemoryStore
    lab: ScriptedLab | None
    bank: MemoryBank
    lines: int = 0

    async def say(self, text: str = "", code: str | None = None) -> list[Reply]:
        self.ear.take()
        self.lines += 1
        await self.interview.hear(self.ear, f"m{self.lines}", text, code)
        return self.ear.take()

    def asked(self) -> list[str]:
        return [asking.question for asking in self.interview.session.in_order]

    def events(self, kind: type[e.Event]) -> list[e.Event]:
        return [record.event for record in self.store.logs["s"] if isinstance(record.event, kind)]


class MendingInterviewer(WordInterviewer):
    """`skip:` leaves a program as it is; programs claim nothing."""


def doors(store: MemoryStore, lab: ScriptedLab | None, held: MemoryBank) -> Doors:
    offline = MendingInterviewer()
    reader = LimitedReader()
    return Doors(store, held, offline, CodeGrader(), MemoryRetriever(), reader, "here", lab=lab, person="ann")


async def sit(
    lab: ScriptedLab | None,
    plan: tuple[str, ...] = ("build", "last"),
    mode: Literal["practice", "simulation"] = "practice",
) -> Sat:
    store = MemoryStore()
    store.logs["s"] = []
    begins = (e.Started("test", mode, 1, plan, "A test", 10, 1),)
    held = bank()
    interview, ear = Interview("s", doors(store, lab, held), begins), Ear()
    await interview.begin(ear)
    return Sat(interview, ear, store, lab, held)


def texts(replies: list[Reply]) -> str:
    return "\n".join(reply.text for reply in replies)


async def test_a_good_program_is_run_measured_and_asked_about() -> None:
    sat = await sit(ScriptedLab([LEARNED]))
    replies = await sat.say(code=GOOD)
    assert [type(x).__name__ for x in (*sat.events(e.RunBegan), *sat.events(e.Ran))] == ["RunBegan", "Ran"]
    code = next(r for r in replies if r.kind == "code")
    assert code.data["status"] == "measured" and code.data["accuracy"] == 0.95 and code.data["findings"] == []
    assert any(isinstance(part, Curves) for part in code.parts)
    assert "95.0 % of 10,000 held-out images right (MNIST)" in code.text
    assert sat.asked() == ["build", "own-run-loss"]
    assert "It began at 2.30: why there?" in texts(replies)
    assert sat.interview.session.agenda == ("own-run-loss", "predict-zero", "last")
    grade = sat.interview.session.askings["build"].grade(bank().question("build"))
    assert grade.score == 1.0 and len(grade.points) == 5


async def test_a_bug_is_asked_about_then_mended_at_the_price_of_help() -> None:
    sat = await sit(ScriptedLab([STUCK, LEARNED]))
    replies = await sat.say(code=BUGGY)
    line = BUGGY.splitlines().index(next(x for x in BUGGY.splitlines() if "Softmax" in x)) + 1
    assert (
        f"Line {line}, `" in texts(replies) and sat.interview.session.standing == "finding-softmax-before-cross-entropy"
    )
    replies = await sat.say("alpha beta")
    assert sat.interview.session.standing == "build" and sat.interview.stands().owes == "code"
    assert "mended" in texts(replies)
    await sat.say(code=GOOD)
    assert sat.interview.session.standing == "own-run-loss"
    points = {p.point: p for p in sat.interview.session.askings["build"].grade(bank().question("build")).points}
    assert points["loss"].credit == 0.75 and points["loss"].prompted and points["loss"].alone == 0.0
    assert points["no-bugs"].credit == 0.75
    assert points["accuracy"].credit == 1.0 and not points["accuracy"].prompted


FOUND = "finding-softmax-before-cross-entropy"


async def test_a_mended_program_may_come_instead_of_an_answer() -> None:
    """The bug is said to be mended, and asked about at once, of the program that had it; no point comes of itself."""
    sat = await sit(ScriptedLab([STUCK, LEARNED]))
    await sat.say(code=BUGGY)
    replies = await sat.say(code=GOOD)
    assert "95.0 %" in texts(replies) and "Back to question" not in texts(replies)
    assert sat.interview.session.askings["build"].status == "settled"
    assert sat.interview.session.standing == FOUND and replies[-1].text.startswith("You have mended that: ")
    assert "the one that had it.\n\n**Question 1a" in replies[-1].text and "Line 7, `model = nn" in replies[-1].text
    assert "nn.Softmax(dim …`: why?" in replies[-1].text, "a line that is cut is seen to be"
    assert sat.interview.session.agenda == (FOUND, "own-run-loss", "predict-zero", "last")
    grade = sat.interview.session.askings[FOUND].grade(bank().question(FOUND))
    assert not grade.graded and sum(point.credit for point in grade.points) == 0
    await sat.say("alpha")
    assert sat.interview.session.askings[FOUND].grade(bank().question(FOUND)).score == 0.5
    await sat.say("alpha")
    assert sat.interview.session.standing in (FOUND, "own-run-loss")


async def test_a_bug_is_not_mended_by_a_program_that_never_got_there() -> None:
    sat = await sit(ScriptedLab([STUCK, Outcome("crashed", error=Fault("ImportError", "No module", 1))]))
    await sat.say(code=BUGGY)
    replies = await sat.say(code="import nothing_here\n")
    if sat.interview.session.standing == "build":
        replies = await sat.say("skip:")
    assert sat.interview.session.standing == FOUND
    assert replies[-1].text.startswith("What I asked is still open; it was about the program before this one:\n\n")
    assert "\n\nLine 7" in replies[-1].text


@pytest.mark.parametrize("again", [GOOD, "# once more\n" + BUGGY])
async def test_a_simulation_does_not_say_whether_a_bug_is_mended(again: str) -> None:
    sat = await sit(ScriptedLab([STUCK, LEARNED]), mode="simulation")
    await sat.say(code=BUGGY)
    replies = await sat.say(code=again)
    assert sat.interview.session.standing == FOUND
    assert replies[-1].text.startswith("What I asked is still open; it was about the program before this one:\n\n")
    assert "\n\nLine 7" in replies[-1].text


async def test_a_program_that_is_taken_back_leaves_a_sitting_that_goes_on() -> None:
    """Its bug stands open still; nothing was handed in since, and so nothing is said of it."""
    sat = await sit(ScriptedLab([STUCK, LEARNED]), mode="simulation")
    await sat.say(code=BUGGY)
    assert sat.interview.session.standing == FOUND
    await sat.say("undo:")
    assert sat.interview.session.standing == "build" and not sat.interview.session.askings["build"].programs
    replies = await sat.say("skip:")
    assert sat.interview.session.standing == FOUND and "mended" not in texts(replies)
    await sat.say("alpha")
    again, ear = Interview("s", doors(sat.store, sat.lab, sat.bank)), Ear()
    await again.resume(ear)
    assert fold(sat.store.logs["s"]) == again.session


async def test_a_follow_up_on_a_bug_stands_open_when_it_is_mended() -> None:
    sat = await sit(ScriptedLab([STUCK, LEARNED]))
    await sat.say(code=BUGGY)
    replies = await sat.say("alpha")
    assert sat.interview.stands().follow_up
    replies = await sat.say(code=GOOD)
    assert sat.interview.session.standing == FOUND and sat.interview.stands().follow_up
    assert replies[-1].text.startswith("You have mended that: ") and "other side of" in replies[-1].text


async def test_a_new_version_with_the_same_bug_is_said_to_have_it_still() -> None:
    sat = await sit(ScriptedLab([STUCK, STUCK, LEARNED]))
    await sat.say(code=BUGGY)
    replies = await sat.say(code="# once more\n" + BUGGY)
    assert sat.interview.session.standing == FOUND and len(sat.asked()) == 2
    assert "I see the same in your new program, on line 8. I asked of the one before:\n\n" in replies[-1].text
    assert "\n\nLine 7, `" in replies[-1].text
    await sat.say("alpha beta")
    assert sat.interview.session.standing == "build" and sat.interview.session.askings["build"].mending
    await sat.say(code=GOOD)
    assert sat.interview.session.standing == "own-run-loss"


@pytest.mark.parametrize("mended", [True, False])
async def test_a_bug_that_waits_to_be_asked_about_is_looked_for_in_the_new_version(mended: bool) -> None:
    """One that is gone by then is not asked about; one that is there still, by its line in the new version."""
    both = BUGGY.replace("        optimizer.zero_grad()\n", "")
    later = question("finding-no-zero-grad", ask="Line {line}: where are they cleared?", plain="Where?")
    sat = await sit(ScriptedLab([STUCK, LEARNED, LEARNED]))
    sat.bank.held[later.id] = later
    await sat.say(code=both)
    assert sat.interview.session.standing == FOUND and later.id in sat.interview.session.agenda
    again = GOOD if mended else "# moved\n" + both.replace(", nn.Softmax(dim=1)", "")
    await sat.say(code=again)
    assert sat.interview.session.standing == FOUND
    replies = await sat.say("alpha beta")
    assert sat.interview.session.standing == ("own-run-loss" if mended else later.id)
    assert (later.id in sat.interview.session.agenda) != mended
    line = 1 + next((n for n, text in enumerate(again.splitlines()) if "backward" in text))
    assert mended or f"Line {line}:" in replies[-1].text


async def test_who_leaves_a_bug_is_asked_about_the_run() -> None:
    sat = await sit(ScriptedLab([STUCK]))
    await sat.say(code=BUGGY)
    await sat.say("alpha beta")
    replies = await sat.say("skip:")
    assert sat.asked()[-1] == "own-run-stuck" and "It stays at 2.30" in texts(replies)
    assert sat.interview.session.agenda == ("own-run-stuck", "own-run-loss", "predict-zero", "last")


async def test_the_numbers_of_the_plan_stay_and_the_report_names_the_shares() -> None:
    lab = ScriptedLab([LEARNED, replace(STUCK, accuracy=0.1), LEARNED])
    sat = await sit(lab)
    await sat.say(code=GOOD)
    await sat.say("alpha beta")
    replies = await sat.say("alpha beta")
    assert lab.ran[1].source == "SETTINGS = {'zero': True}\npass"
    assert len(next(p for r in replies for p in r.parts if isinstance(p, Curves)).series) == 2
    last = next(r for r in replies if r.question == "last")
    assert last.kind == "question" and last.text.startswith("**Question 2 of 2 · ")
    replies = await sat.say("alpha")
    replies += await sat.say("skip:")
    report = texts(replies)
    assert "1a" in report and "1b" in report
    assert "of them on your program" in report
    [one] = next(r.data["code_rounds"] for r in replies if r.kind == "report")
    assert one["shares"] == {"runs": 1.0, "learns": 1.0, "accuracy": 1.0, "correct": 1.0, "understood": 1.0}


async def test_a_run_that_comes_out_otherwise_leaves_the_prediction_unmarked() -> None:
    sat = await sit(ScriptedLab([LEARNED, LEARNED, LEARNED]))
    await sat.say(code=GOOD)
    await sat.say("alpha beta")
    replies = await sat.say("alpha beta")
    grade = sat.interview.session.askings["predict-zero"].grade(bank().question("predict-zero"))
    assert not grade.graded and "otherwise" not in (grade.why_not or "") and "did not come out" in (grade.why_not or "")
    assert sat.interview.session.standing == "last", texts(replies)


@pytest.mark.parametrize("lab", [None, ScriptedLab([], why="Bubblewrap is missing."), ScriptedLab([])])
async def test_without_a_lab_the_round_goes_on_and_leaves_out_what_was_not_measured(lab: ScriptedLab | None) -> None:
    sat = await sit(lab)
    replies = await sat.say(code=GOOD)
    assert "no fault of yours" in texts(replies)
    grade = sat.interview.session.askings["build"].grade(bank().question("build"))
    assert {p.point for p in grade.points} == {"no-bugs", "loss"} and grade.score == 1.0


async def test_recorded_runs_stand_in_where_nothing_can_be_run() -> None:
    sat = await sit(ScriptedLab([], why="Bubblewrap is missing."))
    recorded = (Recorded("a laptop", 0.1, (1, 9), (2.3, 2.3)), Recorded("a laptop", 0.95, (1, 9), (2.3, 0.2)))
    experiment = Experiment("mlp", {}, {}, {"accuracy_most": 0.2}, recorded)
    sat.bank.held["predict-zero"] = replace(sat.bank.question("predict-zero"), experiment=experiment)
    await sat.say(code=GOOD)
    while sat.interview.session.standing != "predict-zero":
        await sat.say("alpha beta")
    replies = await sat.say("alpha beta")
    assert "an earlier run on a laptop" in texts(replies)
    asking = sat.interview.session.askings["predict-zero"]
    assert asking.grade(bank().question("predict-zero")).score == 1.0


async def test_a_run_that_broke_off_is_run_again_and_nothing_is_lost() -> None:
    lab = ScriptedLab([LEARNED], held=asyncio.Event())
    sat = await sit(lab)
    turn = asyncio.create_task(sat.say(code=GOOD))
    await lab.began.wait()
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    assert len(sat.events(e.RunBegan)) == 1 and not sat.events(e.Ran)
    again, ear = Interview("s", doors(sat.store, ScriptedLab([LEARNED]), sat.bank)), Ear()
    await again.resume(ear)
    assert "I run it once more" in texts(ear.said)
    assert len(sat.events(e.RunBegan)) == 1 and len(sat.events(e.Ran)) == 1
    assert again.session.standing == "own-run-loss"


async def test_the_candidate_may_stop_a_run() -> None:
    lab = ScriptedLab([LEARNED], held=asyncio.Event())
    sat = await sit(lab)
    assert not sat.interview.stop_run()
    turn = asyncio.create_task(sat.say(code=GOOD))
    await lab.began.wait()
    assert sat.interview.stop_run()
    replies = await turn
    assert "You stopped the run." in texts(replies)
    assert sat.ear.heard == [Progress("running", seconds=1.0)]


async def test_a_program_that_fails_is_come_back_to() -> None:
    crashed = Outcome("crashed", error=Fault("NameError", "name 'y' is not defined", 3))
    sat = await sit(ScriptedLab([crashed, replace(LEARNED, accuracy=0.6), LEARNED]))
    replies = await sat.say(code=GOOD)
    assert "NameError in line 3: name 'y' is not defined" in texts(replies)
    assert sat.interview.stands().owes == "code" and "Back to question" not in texts(replies)
    await sat.say(code=GOOD)
    assert sat.interview.session.standing == "build"  # far from what is good
    await sat.say(code=GOOD)
    assert sat.interview.session.standing == "own-run-loss"
    points = {p.point: p for p in sat.interview.session.askings["build"].grade(bank().question("build")).points}
    assert points["runs"].credit == 1.0 and points["accuracy"].credit == 1.0


async def test_the_best_program_counts_as_a_whole() -> None:
    stuck = replace(STUCK, status="invalid_predictions", accuracy=None)
    sat = await sit(ScriptedLab([stuck, replace(LEARNED, status="time_limit", accuracy=None)]))
    await sat.say(code=BUGGY)
    await sat.say("alpha beta")
    await sat.say(code=GOOD)
    points = {p.point: p for p in sat.interview.session.askings["build"].grade(bank().question("build")).points}
    assert points["runs"].credit == 0.0 and points["loss"].credit == 0.75  # both of the second program
    assert sat.lab is not None and {one.person for one in sat.lab.ran} == {"ann"}


async def test_an_experiment_can_be_wished_for_and_what_stood_open_comes_back() -> None:
    lab = ScriptedLab([LEARNED, replace(STUCK, accuracy=0.1), LEARNED])
    sat = await sit(lab)
    replies = await sat.say("predict:")
    assert sat.interview.session.standing == "predict-zero" and "before I run it" in texts(replies)
    lab.outcomes = [replace(STUCK, accuracy=0.1), LEARNED]
    await sat.say("alpha beta")
    assert sat.interview.session.standing == "build"
    replies = await sat.say("predict:")
    assert "all experiments" in texts(replies)


async def test_programs_are_run_so_often_and_no_more() -> None:
    sat = await sit(ScriptedLab([STUCK] * 9))
    sat.bank.tasks["mlp"] = replace(TASK, runs=1)
    await sat.say(code=BUGGY)
    assert sat.interview.session.askings["build"].status == "settled"
    assert sat.asked()[-1] == "finding-softmax-before-cross-entropy"


async def test_the_lab_is_told_when_a_program_is_near() -> None:
    lab = ScriptedLab([])
    sat = await sit(lab, ("first", "build"))
    assert lab.readied == 1
    far = ScriptedLab([])
    await sit(far, ("first", "last", "build"))
    assert far.readied == 0 and sat.interview.session.standing == "first"


async def test_the_log_of_a_round_folds_to_where_it_stands() -> None:
    sat = await sit(ScriptedLab([STUCK, LEARNED]))
    await sat.say(code=BUGGY)
    await sat.say("alpha beta")
    assert fold(sat.store.logs["s"]) == sat.interview.session


class Indexed(MemoryRetriever):
    """Has works on the questions of the plan alone."""

    async def reading(self, question_ids: Sequence[str]) -> Sequence[tuple[str, str]]:
        return [(f"On the {q}", "a book") for q in question_ids if q in ("build", "last")]


async def test_the_report_names_a_reading_for_questions_that_no_search_finds() -> None:
    """Those about one's own program are not in the index: their works stand with the question as it was asked."""
    store, held, ear = MemoryStore(), bank(), Ear()
    store.logs["s"] = []
    held.held[FOUND] = replace(held.held[FOUND], further=(Work("On softmax", "a paper"), Work("On losses", "a book")))
    all_doors = replace(doors(store, ScriptedLab([STUCK]), held), retriever=Indexed())
    sat = Interview("s", all_doors, (e.Started("test", "practice", 1, ("build", "last"), "A test", 10, 1),))
    await sat.begin(ear)
    await sat.hear(ear, "m1", "", BUGGY)
    await sat.hear(ear, "m2", "not alpha")
    await sat.hear(ear, "m3", "stop:")
    ended = sat.session.ended
    assert ended is not None
    assert ended.reading == (("On softmax", "a paper"), ("On losses", "a book"), ("On the build", "a book"))
    assert "On softmax — a paper" in texts(ear.take())
