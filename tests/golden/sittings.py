"""Sittings in which everything happens that can: what golden logs are made of. Nothing here is a test.

They run today's core on doubles, with a clock that goes on half a minute with every write. The logs that were kept of
them are not made anew: `tests/golden/test_golden.py` says how one is kept for a new release.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from bot.core import events as e
from bot.core.budgets import Budgets, Limit
from bot.core.costing import Price, priced
from bot.core.flow import Flow, Stage, Step
from bot.core.made import Made
from bot.core.marking import Belief, Mark, Part, Verdict
from bot.core.phrasing import Line, Phrase
from bot.core.question import Experiment, FollowUp, Misconception, Option, Point, Question, Recorded, Work
from bot.core.records import encode
from bot.core.training import Curve, Fault, Outcome, Seconds, Task
from bot.errors import CodeUnreadable, WrongUsage
from bot.interview import Interview
from bot.ports import Doors
from bot.store.rows import row_of
from tests.fakes import (
    CodeGrader,
    Ear,
    MemoryBank,
    MemoryRetriever,
    MemoryStore,
    ScriptedLab,
    WordGrader,
    WordInterviewer,
    question,
)

BEGUN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
#: After so many messages the candidate of `drawn` goes away, and comes back.
BACK_AFTER = 3
GRADER_DOWN, GRADER_UP = "<the grader goes down>", "<the grader is back>"


class Clocked(MemoryStore):
    """A log of which every write comes half a minute after the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0

    async def append(
        self,
        session: str,
        after: int,
        events: Sequence[tuple[str, e.Event]],
        rubrics: Mapping[str, Question] | None = None,
    ) -> list[e.Record]:
        written = await super().append(session, after, events, rubrics)
        at = (BEGUN + timedelta(seconds=30 * self.writes)).isoformat(timespec="milliseconds")
        self.writes += 1
        stamped = [replace(record, at=at) for record in written]
        self.logs[session][after : after + len(stamped)] = stamped
        return stamped


class FullGrader(WordGrader):
    """Fills every field of a verdict: beliefs for `myth`, what goes beyond for `besides`, no verdict on `foreign`.

    Where `much else` is said it overlooks beta.
    """

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        verdict = await super().grade(question, part, facts)
        if not verdict.judged:
            return verdict
        if "foreign" in part.text:
            return Verdict(self.name, why_not="it is in a language that I cannot judge.")
        beliefs = tuple(Belief(m.id, "myth") for m in question.misconceptions if "myth" in part.text)
        beyond = tuple(word for word in part.text.split() if word == "besides")
        missed = [Mark("beta", 0.0, 0.6, "missing")] if "much else" in part.text else []
        marks = tuple(mark for mark in verdict.marks if not missed or mark.point != "beta")
        return replace(
            verdict, marks=(*marks, *missed), misconceptions=beliefs, beyond=beyond, note="judged by a double"
        )


class Reader:
    """Finds the optimiser by name; a program with an open bracket cannot be read."""

    async def facts(self, source: str) -> Mapping[str, Any]:
        if source.count("(") != source.count(")"):
            raise CodeUnreadable("A bracket is not closed.")
        optimizer = next((name for name in ("Adam", "SGD") if name in source), None)
        return {"optimizer": optimizer, "learning_rate": 0.01, "optimizer_line": 2}


class Bank(MemoryBank):
    """Its flow also has a question that it no longer holds, and one that gives way to another."""

    def flow(self, name: str) -> Flow:
        slots = ("ant", "bee", "lost", "dog", "prog", "adam", "eel")
        steps = tuple(Step(slot, f"On to the {slot}.") for slot in slots)
        return Flow("test", "a test", 20, tuple(_swapped(step) for step in steps), ("S0",), "Everything in it.")

    def question(self, question_id: str) -> Question:
        if question_id == "lost":
            raise WrongUsage("There is no question lost.")
        return super().question(question_id)


def _swapped(step: Step) -> Step:
    return replace(step, instead={"optimizer": {"SGD": "sgd"}}) if step.question == "adam" else step


def _bank() -> Bank:
    """Questions of which between them every field is filled."""
    probes = (FollowUp("alpha", "wrong", "Really?"), FollowUp("beta", "missed", "And?"))
    bee = question("bee", follow_ups=(*probes, FollowUp("beta", "interesting", "Why?")), topics=("training", "cnn"))
    bee = replace(bee, erratum="An article errs.", asked_by="A company", see_also=("ant",), level="advanced")
    bee = replace(bee, misconceptions=(Misconception("myths", "Myths hold.", "They do not.", ("alpha",)),))
    bee = replace(bee, points=(replace(bee.points[0], weight=3), *bee.points[1:]), further=(Work("A book", "a shelf"),))
    prog = question("prog", ("alpha", "beta", "gamma"), kind="code", statement="Build it.", starter="import torch\n")
    shown, plain, bonus = prog.points
    prog = replace(prog, points=(replace(shown, shown_by="scales_pixels"), plain, replace(bonus, bonus=True)))
    sgd = question("sgd", after_code={"SGD": "On line {line} you used {optimizer} with {learning_rate}. Why?"})
    held = (question("ant"), bee, question("dog"), prog, question("adam"), sgd, question("eel"))
    return Bank({q.id: q for q in held})


async def sit(
    mode: Literal["practice", "simulation"], lines: Sequence[str | tuple[str, str]], minutes: int | None = None
) -> dict[str, Any]:
    """The log of a sitting in which these lines are said (a pair is words with a program), as the store exports it."""
    bank, store, grader, ear = _bank(), Clocked(), FullGrader(), Ear()
    store.logs["golden"] = []
    retriever = MemoryRetriever({q: f"All about the {q}." for q in bank.held}, {"epoch": "One pass over the data."})
    doors = Doors(store, bank, WordInterviewer(), grader, retriever, Reader(), "here")
    flow = bank.flow("test")
    started = e.Started("test", mode, 7, tuple(s.question for s in flow.steps), "a test", 20, 5, minutes)
    interview = Interview("golden", doors, [started], flow)
    await interview.begin(ear)
    for n, line in enumerate(lines):
        text, code = line if isinstance(line, tuple) else (line, None)
        if text in (GRADER_DOWN, GRADER_UP):
            grader.down = text == GRADER_DOWN
        else:
            await interview.hear(ear, f"terminal:{n}", text, code)
    await interview.close()
    return exported(store.logs["golden"], store.kept)


def exported(records: Sequence[e.Record], rubrics: Mapping[str, Question]) -> dict[str, Any]:
    """Records and rubrics in the form of `viva export`."""
    rows = [row_of("golden", record) for record in records]
    events = [{**row, "body": json.loads(row["body"])} for row in rows]
    for event in events:
        del event["session"]
    return {"v": 1, "events": events, "rubrics": {key: encode(kept) for key, kept in rubrics.items()}}


async def practice() -> dict[str, Any]:
    """To the end in practice: follow-ups, hints, a program, what is left and returned to, added to and objected to."""
    opening = ["greeting: hello", "rules:", "alpha besides", "half beta"]
    bee = ["hint:", "hint:", "clarify: epoch", "clarify: bee", "clarify: zebra", "rephrase:", "not alpha myth", "alpha"]
    after = ["dont_know:", "amend: 1 beta", "dispute: 1 I said more than that.", "undo:"]
    dog = ["skip:", "undo:", "later:"]
    program: list[str | tuple[str, str]] = [("", "model = ("), ("with beta gamma", "import torch\nSGD alpha\n"), "beta"]
    rest = ["dont_know:", "skip:", "back: 6", "alpha beta", "alpha beta", "thanks: that was all"]
    return await sit("practice", [*opening, *bee, *after, *dog, *program, *rest])


async def simulation() -> dict[str, Any]:
    """Stopped in a simulation, after an answer was taken back and another one opened again."""
    lines = [
        "alpha beta",
        "undo:",
        "alpha",
        "no idea",
        "not beta",
        "beta",
        "amend: 1",
        "beta",
        "score:",
        "stop:",
        "bye",
    ]
    return await sit("simulation", lines)


async def outage() -> dict[str, Any]:
    """Left open: the grader was down for one answer, which was judged later, and cannot judge another."""
    return await sit("practice", [GRADER_DOWN, "alpha beta", GRADER_UP, "grade:", "foreign words", "alpha"])


async def disputed() -> dict[str, Any]:
    """Left open: marks objected to with words that were said and without; a question at fault; an objection waits."""
    answer = "It is alpha so far. There is much else to say of it in the end. And it is beta in full, too."
    lines = [answer, "dont_know:", "dispute: 1 I deserve more.", "dispute: 1 I said “it is beta in full, too”."]
    lines += ["dispute: 1 your reference is outdated.", GRADER_DOWN, "dispute: 1 I said “it is alpha so far”."]
    return await sit("practice", lines)


async def time_up() -> dict[str, Any]:
    """Over when its minutes were."""
    return await sit("practice", ["alpha beta", "thanks:", "hint:", "status:", "alpha", "beta"], minutes=5)


def _kinds() -> tuple[Question, ...]:
    """Questions of many kinds, of which between them every field is filled that those above leave open."""
    steps = question("steps", kind="steps", leads_to=("count",), asked_as=("Steps?",), recalls=("layers",))
    count = question("count", kind="enumerate", needs=1, requires=("steps",), level="intermediate")
    verdict = question("verdict", kind="yes-no", hinge="alpha", verdict="no", on_phone="Say: what of the verdict?")
    reason = replace(verdict.points[0], because="beta", detail=True)
    verdict = replace(verdict, points=(reason, verdict.points[1]), level="intermediate")
    options = (Option("alpha", right=True, reply="So it is."), Option("gamma", reply="It is not."))
    choice = question("choice", kind="choice", hinge="alpha", options=options, at_board="Draw the choice.")
    bug = question("bug", kind="find-bug", listing="x = 1\ny = x\n", level="intermediate")
    bug = replace(bug, points=(replace(bug.points[0], lines=(2,), formulas=("y = x",)), bug.points[1]))
    pitch = question("project-pitch", kind="pitch", topics=("projects",))
    pitch = replace(pitch, points=(replace(pitch.points[0], found_by="problem"), pitch.points[1]))
    size = question("size", ("size", "none"), kind="numeric", drill="conv-output", ask="A side of {n}?")
    result = replace(size.points[0], value_of="size", tolerance=0.5)
    slip = Misconception("unpadded", "No padding.", "That is without padding.", ("size",), value_of="no-padding")
    size = replace(size, points=(result, replace(size.points[1], accepts=("nothing",))), misconceptions=(slip,))
    return steps, count, verdict, choice, bug, pitch, size


async def drawn() -> dict[str, Any]:
    """A round of a series that draws its questions: steered, timed, left and come back to, with claims that differ."""
    questions = _kinds()
    stages = (Stage(5, transition="On."), Stage(1, ("beginner",), ("projects",), ("pitch",), ("project-pitch",)))
    flow = Flow("round", "a round", 24, stages=stages, setting="phone")
    started = e.Started(
        *("round", "practice", 5, ("size", "choice", "steps", "verdict", "bug", "project-pitch@1"), "a round", 24),
        minutes=30,
        stages=(5, 1),
        notes=("- A note.",),
        earlier=(e.Earlier("choice", "2026-01-01T09:00:00.000+00:00", 0.25, 2),),
        setting="phone",
        series="series",
        round=2,
        rounds=("a talk", "a round"),
        before=(e.Round("talk", "a talk", "2026-01-02T09:00:00.000+00:00", "earlier", 0.5, 3),),
        projects=("Leaves",),
        material="log.csv",
        lately=("choice",),
    )
    brought = e.Brought("mine.py", "import torch", {"optimizer": "Adam"})
    lines = ["size none", "alpha beta", "alpha beta claim layers three", "alpha beta", "alpha beta claim layers four"]
    return await _sit_drawn(flow, questions, [started, brought], [*lines, "Both, in two networks.", *["alpha"] * 9])


async def _sit_drawn(
    flow: Flow, questions: Sequence[Question], begins: Sequence[e.Event], lines: Sequence[str]
) -> dict[str, Any]:
    bank, store, ear = MemoryBank.of(*questions), Clocked(), Ear()
    store.logs["golden"] = []
    doors = Doors(store, bank, WordInterviewer(), FullGrader(), MemoryRetriever(), Reader(), "here")
    interview = Interview("golden", doors, begins, flow)
    await interview.begin(ear)
    for n, line in enumerate(lines):
        if n == BACK_AFTER:
            await interview.close()
            interview = Interview("golden", doors, (), flow)
            await interview.resume(ear)
        await interview.hear(ear, f"terminal:{n}", line)
    await interview.close()
    return exported(store.logs["golden"], store.kept)


def _round() -> Bank:
    """A question that is answered by a program which is run, one about its run, and an experiment."""
    points = (
        Point("runs", "It runs.", measured=True, shown_by="runs"),
        Point("alpha", "It is alpha.", shown_by="scales_pixels"),
    )
    build = replace(question("build", (), kind="code", task="mlp", starter="pass"), points=points)
    recorded = (Recorded("a laptop", 0.1, (1, 9), (2.3, 2.3)), Recorded("a laptop", 0.9, (1, 9), (2.3, 0.2)))
    experiment = Experiment("mlp", {"zero": True}, {"zero": False}, {"accuracy_most": 0.2}, recorded)
    held = (
        build,
        question("own-run-loss", ask="It began at {first_loss}: why there?", plain="Why there?"),
        question("predict-zero", kind="predict", experiment=experiment),
        question("eel"),
    )
    follow_ups, experiments = ("own-run-loss",), ("predict-zero",)
    task = Task("mlp", "An MLP", accuracy=0.94, follow_ups=follow_ups, experiments=experiments, program="pass")
    return Bank({q.id: q for q in held}, {"mlp": task})


def _outcomes() -> list[Outcome]:
    """A crash, a run that learns, and an experiment beside what it is compared with."""
    seconds = Seconds(0.5, 0.01, 3.25, 3.76)
    fault = Fault("RuntimeError", "shapes do not fit", 4)
    crashed = Outcome("crashed", device_name="a core", seconds=seconds, error=fault, stdout="hello", why="It stopped.")
    learned = Outcome(
        *("measured", 0.95, 10_000, "MNIST"),
        parameters=50_890,
        seconds=seconds,
        curve=Curve((1, 50, 100), (2.3, float("nan"), 0.2), ((100, 0.25),)),
        seen={"steps": 100, "optimizers": [{"name": "Adam"}]},
        predicted_by="model",
        notes=("A note.",),
    )
    flat = replace(learned, accuracy=0.1, curve=Curve((1, 100), (2.3, 2.3)))
    return [crashed, learned, flat, learned]


async def coded() -> dict[str, Any]:
    """A code round: a program that crashes, one that learns, a question about its run, a prediction, and one left."""
    bank, store, ear = _round(), Clocked(), Ear()
    store.logs["golden"] = []
    lab = ScriptedLab(_outcomes())
    doors = Doors(store, bank, WordInterviewer(), CodeGrader(), MemoryRetriever(), Reader(), "here", lab=lab)
    begins = (e.Started("test", "practice", 3, ("build", "eel"), "a test", 20, 1),)
    interview = Interview("golden", doors, begins)
    await interview.begin(ear)
    lines = [("", "import torch"), ("", "import torch\nSGD()"), "alpha", "alpha", "alpha", "predict:", "alpha", "beta"]
    for n, line in enumerate(lines):
        text, code = line if isinstance(line, tuple) else (line, None)
        await interview.hear(ear, f"terminal:{n}", text, code)
    await interview.close()
    return exported(store.logs["golden"], store.kept)


class Modelled(WordGrader):
    """Judges as a model does that is down at first; what it takes it says."""

    name = "openai:a-model (grade 01234567)"

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        prompts = ("grade 01234567", "settle 89abcdef")
        made = Made("openai:a-model", prompts, (question.id,), 900, 80, None, 2, 1.25)
        verdict = await super().grade(question, part, facts)
        return replace(verdict, made=Made("openai:a-model", prompts[:1], seconds=20.0) if verdict.retry else made)


class Manner:
    """A voice that leads over to what is put, and does not always get its words through."""

    name = "openai:a-model"

    async def word(self, line: Line, uttered: Callable[[str], Awaitable[None]]) -> Phrase:
        made = Made("openai:a-model", ("ask 01234567",), (), 300, 20, None, 1, 0.5)
        if line.act == "hint":
            return Phrase(made=made, why_not="it would have told more than the hint.")
        return Phrase("Let us go on.", f"Tell me: {line.wording}" if line.wording else "", made)


async def modelled() -> dict[str, Any]:
    """A model words and judges: down for one answer, judged late, over its budget, and judged again by another."""
    bank, store, ear, grader = _bank(), Clocked(), Ear(), Modelled()
    store.logs["golden"] = []
    doors = Doors(
        *(store, bank, WordInterviewer(), grader, MemoryRetriever(), Reader(), "here"),
        notice="A model judges.",
        grader_is_remote=True,
        voice=Manner(),
        budgets=Budgets(sitting=Limit(4000, tokens=True)),
        spare=WordGrader(),
        price=lambda made: priced(made, {"openai:a-model": Price(0.4, 1.6)}.get),
    )
    begins = (e.Started("test", "practice", 3, ("ant", "dog", "eel"), "a test", 20),)
    interview = Interview("golden", doors, begins)
    await interview.begin(ear)
    grader.down = True
    await interview.hear(ear, "terminal:0", "alpha beta")
    grader.down = False
    for n, line in enumerate(("hint:", "half alpha", "beta", "alpha beta", "cost:", "beta", "alpha"), 1):
        await interview.hear(ear, f"terminal:{n}", line)
        await interview.judge_late()
    interview._doors = replace(doors, grader=WordGrader(), budgets=Budgets())
    await interview.judge_again()
    await interview.close()
    return exported(store.logs["golden"], store.kept)


#: A golden log is kept of each with every release that changes what is written.
SITTINGS = {
    "practice": practice,
    "simulation": simulation,
    "outage": outage,
    "disputed": disputed,
    "time-up": time_up,
    "drawn": drawn,
    "coded": coded,
    "modelled": modelled,
}
