"""Runs a candidate's program, or the experiment that was predicted, in the lab, and says as events what came of it.

It decides nothing about the interview, and knows no sandbox: the lab is a door.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.core import duties as d
from bot.core import events as e
from bot.core.asking import Asking, Contribution
from bot.core.experimenting import as_expected, program, replayed
from bot.core.question import Experiment, Question
from bot.core.questioning import seed_of
from bot.core.review import review
from bot.core.session import Session
from bot.core.training import Curve, Outcome, Progress, Submission, Task
from bot.errors import LabUnavailable, WrongUsage
from bot.ports import Doors

#: As many points of a curve are kept in the log; a screen shows no more.
MOST_POINTS = 240
#: As much of a program's output is kept in the log (characters).
MOST_OUTPUT = 4000
NO_LAB = "Programs are not run here."
RUNS_OUT = "That program was not run: a program may be handed in {runs} times at this question, and that was done."
#: What can be read and not run: the sandbox has PyTorch, NumPy and scikit-learn.
NOT_INSTALLED = frozenset({"Keras", "TensorFlow", "JAX"})
OTHER_FRAMEWORK = "Your program is in {name}, which the sandbox does not have: it was read and not run. PyTorch is run."
STOPPED = "You stopped the run."


class Runs:
    """The run that is going on, so that it can be stopped."""

    def __init__(self) -> None:
        self._task: asyncio.Task[Outcome] | None = None
        self._stopped = False

    def stop(self) -> bool:
        """Ends the run that is going on; False when there is none."""
        if self._task is None:
            return False
        self._stopped = True
        return self._task.cancel()

    async def watched(self, run: Callable[[], asyncio.Task[Outcome]]) -> Outcome:
        """What comes of the run, which `stop` may end."""
        self._stopped, self._task = False, run()
        try:
            return await self._task
        except asyncio.CancelledError:
            if not self._stopped:
                raise
            return Outcome("cancelled", why=STOPPED)
        finally:
            self._task = None


class Running:
    """What can be run where a session stands. `hear` is told how a run stands, with the question that it belongs to."""

    def __init__(
        self,
        doors: Doors,
        session: Session,
        book: Mapping[str, Question],
        runs: Runs,
        hear: Callable[[str, Progress], None],
    ) -> None:
        self._doors = doors
        self._session = session
        self._book = book
        self._runs = runs
        self._hear = hear

    async def launch(self, duty: d.Launch) -> Sequence[e.Event]:
        """Writes down that a run begins; or that there is none, and why."""
        asking, part = self._of(duty)
        why, task = self._obstacle(), self._task(asking)
        if asking.experiment:
            if why is None:
                return [e.RunBegan(duty.question, duty.part, task.limits.seconds)]
            return [self._from_records(duty, why)]
        if why is not None:
            return [self._ended(duty, part, Outcome("unavailable", why=why), task)]
        if (framework := (part.facts or {}).get("framework")) in NOT_INSTALLED:
            return [self._ended(duty, part, Outcome("refused", why=OTHER_FRAMEWORK.format(name=framework)), task)]
        if asking.ran >= task.runs:
            return [self._ended(duty, part, Outcome("refused", why=RUNS_OUT.format(runs=task.runs)), task)]
        return [e.RunBegan(duty.question, duty.part, task.limits.seconds)]

    async def run(self, duty: d.Run) -> Sequence[e.Event]:
        """Runs it, and says what came of it; the lab's own failure is no fault of the program's."""
        asking, part = self._of(duty)
        if asking.experiment:
            return [await self._tried_out(duty)]
        task = self._task(asking)
        return [self._ended(duty, part, await self._outcome(duty, task, part.part.text), task)]

    def _of(self, duty: d.Launch | d.Run) -> tuple[Asking, Contribution]:
        asking = self._session.askings[duty.question]
        return asking, next(c for c in asking.contributions if c.seq == duty.part)

    def _task(self, asking: Asking) -> Task:
        """The task as the bank has it; one that it holds no more still has its limits."""
        question = self._book[asking.rubric]
        name = question.experiment.task if question.experiment else asking.task
        try:
            return self._doors.bank.task(name)
        except WrongUsage:
            return Task(name, question.title)

    def _obstacle(self) -> str | None:
        return NO_LAB if self._doors.lab is None else self._doors.lab.unavailable()

    def _ended(self, duty: d.Launch | d.Run, part: Contribution, outcome: Outcome, task: Task) -> e.Ran:
        findings = review(part.facts or {}, part.part.text, outcome, task)
        return e.Ran(duty.question, duty.part, shortened(outcome), findings, aim=task.accuracy)

    async def _outcome(self, duty: d.Run, task: Task, source: str) -> Outcome:
        lab = self._doors.lab
        if lab is None:
            return Outcome("unavailable", why=NO_LAB)
        doors, seed = self._doors, seed_of(self._session, duty.part)
        submission = Submission(task, source, task.limits, person=doors.person, place=doors.place, seed=seed)
        try:
            return await self._runs.watched(
                lambda: asyncio.ensure_future(lab.run(submission, lambda progress: self._hear(duty.question, progress)))
            )
        except LabUnavailable as error:
            return Outcome("unavailable", why=str(error))

    async def _tried_out(self, duty: d.Run) -> e.Ran:
        """Runs the program of an experiment with its changes, then the one that it is compared with."""
        question = self._book[self._session.askings[duty.question].rubric]
        experiment, task = _experiment(question), self._task(self._session.askings[duty.question])
        changed = await self._outcome(duty, task, program(task, {**experiment.base, **experiment.changes}))
        if not changed.ran:
            return (
                self._from_records(duty, changed.why) if changed.status == "unavailable" else _unmeasured(duty, changed)
            )
        beside = await self._outcome(duty, task, program(task, experiment.base))
        if not beside.ran:
            return _unmeasured(duty, beside)
        otherwise = not as_expected(experiment, changed, beside)
        return e.Ran(duty.question, duty.part, shortened(changed), beside=shortened(beside), otherwise=otherwise)

    def _from_records(self, duty: d.Launch | d.Run, why: str) -> e.Ran:
        """The runs of another machine, where nothing can be run here; said so."""
        experiment = _experiment(self._book[self._session.askings[duty.question].rubric])
        if len(experiment.recorded) < 2:
            return _unmeasured(duty, Outcome("unavailable", why=why))
        changed, beside = (replayed(recorded) for recorded in experiment.recorded[:2])
        on = experiment.recorded[0].on
        return e.Ran(duty.question, duty.part, replace(changed, why=why), beside=beside, recorded=on)


def shortened(outcome: Outcome) -> Outcome:
    """The outcome as the log keeps it: its curve thinned, its output cut."""
    curve = outcome.curve
    every = max(1, -(-len(curve.steps) // MOST_POINTS))
    kept = [n for n in range(len(curve.steps)) if n % every == 0 or n == len(curve.steps) - 1]
    thin = Curve(
        tuple(curve.steps[n] for n in kept), tuple(curve.losses[n] for n in kept), curve.validation[-MOST_POINTS:]
    )
    return replace(outcome, curve=thin, stdout=_cut(outcome.stdout))


def _cut(output: str) -> str:
    """The beginning and the end of what was printed: how a program failed stands at its end."""
    if len(output) <= MOST_OUTPUT:
        return output
    half = MOST_OUTPUT // 2
    return f"{output[:half]}\n… {len(output) - 2 * half:,} characters left out …\n{output[-half:]}"


def _experiment(question: Question) -> Experiment:
    assert question.experiment is not None  # the question was asked as a prediction of one
    return question.experiment


def _unmeasured(duty: d.Launch | d.Run, outcome: Outcome) -> e.Ran:
    return e.Ran(duty.question, duty.part, outcome, otherwise=True)
