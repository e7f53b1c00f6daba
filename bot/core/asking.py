"""One question in one sitting: what was said to it, what help was given, how it stands. It decides nothing."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.core import events as e
from bot.core.marking import Grade, Part, Verdict, grade
from bot.core.objecting import Objection, with_raised
from bot.core.question import Question
from bot.core.training import Finding, Outcome

#: What is kept and never judged.
NOT_JUDGED = ("late", "recall")
#: So often a grader tries an answer at which it alone fails: a model seldom does better at the fourth time.
MOST_TRIES = 3
Status = Literal["open", "settled", "skipped", "given_up"]


@dataclass(frozen=True)
class Contribution:
    """One answer, reply, amendment or program. `seq` is that of the event that brought it.

    `again` is the seq of a request to judge once more what could not be judged. `running` is true while it is run, or
    what it predicts is; `outcome`, `beside` and `findings` are what came of that, and `otherwise` that the run came out
    otherwise than the key points take for granted; `aim` is the accuracy that a good program reaches. `others` are what
    other graders found in it later, which counts for nothing. `tries` is how often the grader of its verdict failed at
    it, while it may have judged others. `first` is its verdict before an objection raised a mark of it.
    """

    seq: int
    role: str
    part: Part
    code: bool = False
    facts: Mapping[str, Any] | None = None
    problem: str | None = None
    again: int = 0
    running: bool = False
    outcome: Outcome | None = None
    beside: Outcome | None = None
    findings: tuple[Finding, ...] = ()
    otherwise: bool = False
    aim: float | None = None
    others: tuple[Verdict, ...] = ()
    tries: int = 0
    first: Verdict | None = None

    def as_by(self, by: str) -> Contribution:
        """The same as another grader judged it, where that one did."""
        verdict = next((other for other in self.others if other.by == by), self.part.verdict)
        return replace(self, part=replace(self.part, verdict=verdict))

    def with_marks_of(self, objections: Iterable[Objection]) -> Contribution:
        """The same with just the marks that these objections raised."""
        first = self.first or self.part.verdict
        raised = {one.mark.point: one.mark for o in objections for one in o.raised if one.part == self.seq}
        verdict = with_raised(first, raised) if first is not None and raised else first
        return replace(self, part=replace(self.part, verdict=verdict), first=first if raised else None)

    @property
    def evidence(self) -> Mapping[str, Any] | None:
        """What is known of a program: the facts read off it, its run and what it was found to be."""
        if self.facts is None or self.outcome is None:
            return self.facts
        return {**self.facts, "outcome": self.outcome, "findings": self.findings, "good_accuracy": self.aim}

    @property
    def asked_for(self) -> int:
        """The seq of the event that wants this judged: its own, or that of a later request to try once more."""
        return max(self.seq, self.again)

    def hopeless(self, by: str) -> bool:
        """True once this grader has failed at it so often that it is not tried unasked any more."""
        verdict = self.part.verdict
        return verdict is not None and verdict.by == by and self.tries >= MOST_TRIES

    @property
    def inspected(self) -> bool:
        return not self.code or self.facts is not None or self.problem is not None


@dataclass(frozen=True)
class Asking:
    """One question in one sitting.

    `decided` counts the contributions that a follow-up or a settlement has answered, `probed_at` those that came before
    the last follow-up; `leaving` is the seq of the event by which the candidate wanted to leave it, `skipped` that of a
    skip; `shown` is true once its marks and reference were shown. `earlier` says what it came to in a sitting before.
    `about` names the question whose program it asks about, `pointed` the key points that such questions pointed at, and
    `task`, `experiments` and `experiment` are those of `Asked`. `mend_from` is how many contributions there were when
    bugs were last asked about, after which a mended program is waited for.
    """

    question: str
    rubric: str
    number: int
    wording: str
    seq: int
    code: bool = False
    status: Status = "open"
    contributions: tuple[Contribution, ...] = ()
    follow_ups: tuple[e.FollowedUp, ...] = ()
    probing: e.FollowedUp | None = None
    probed_at: int = 0
    hints: int = 0
    rephrased: int = 0
    asides: int = 0
    silences: int = 0
    decided: int = 0
    leaving: int | None = None
    skipped: int | None = None
    shown: bool = False
    settled: e.Settled | None = None
    objections: tuple[Objection, ...] = ()
    earlier: e.Earlier | None = None
    task: str = ""
    experiments: tuple[str, ...] = ()
    experiment: bool = False
    about: str = ""
    pointed: frozenset[str] = frozenset()
    mend_from: int | None = None

    @property
    def disputes(self) -> tuple[str, ...]:
        """What was objected, in the candidate's words."""
        return tuple(objection.text for objection in self.objections)

    @property
    def programs(self) -> tuple[Contribution, ...]:
        """The programs that were handed in and could be read, in order."""
        return tuple(c for c in self.contributions if c.code and c.facts is not None)

    @property
    def ran(self) -> int:
        """How many programs were run."""
        return sum(c.outcome is not None and c.outcome.ran for c in self.contributions)

    def to_run(self, contribution: Contribution) -> bool:
        """True while this program, or what this first answer predicts, is still to be run."""
        if contribution.outcome is not None or contribution.problem is not None:
            return False
        if self.experiment:
            return contribution.role == "answer" and contribution == self.contributions[0]
        return bool(self.task) and contribution.code

    @property
    def judged(self) -> tuple[Contribution, ...]:
        """What counts: not what was added after the reference was shown, nor what explains a claim."""
        return tuple(c for c in self.contributions if c.role not in NOT_JUDGED)

    @property
    def countable(self) -> tuple[Contribution, ...]:
        """What was judged, or can be yet: not what no grader could make anything of."""
        return tuple(c for c in self.judged if (v := c.part.verdict) is None or v.judged or v.retry)

    @property
    def awaits_program(self) -> bool:
        """True while a program is asked for: none was handed in that could be read, and nothing was said instead; or a
        mended one."""
        return self.code and self.probing is None and (not self.countable or self.mending)

    @property
    def mending(self) -> bool:
        """True after bugs were asked about, until something was handed in or said."""
        return self.mend_from == len(self.contributions)

    @property
    def unreadable(self) -> bool:
        """True when what was said last came with a program that could not be read; it waits for a better one."""
        last = self.contributions[-2:]
        together = len(last) == 2 and last[1].seq == last[0].seq + 1
        return any(c.problem is not None for c in (last if together else last[-1:]))

    @property
    def probes(self) -> int:
        """How many follow-ups were asked about key points."""
        return sum(f.when != "recall" for f in self.follow_ups)

    @property
    def undecided(self) -> bool:
        return self.leaving is not None or self.decided < len(self.contributions)

    @property
    def replying(self) -> Contribution | None:
        """The reply to a follow-up to which nothing was said yet; more messages may belong to it."""
        new = self.contributions[self.decided :]
        return new[-1] if new and new[-1].role in ("reply", "recall") else None

    @property
    def unjudged(self) -> bool:
        """True when what was said last could not be judged for what it is, and this was not asked about before.

        Of several messages that belong together one that was judged is enough.
        """
        new = [c for c in self.judged if c in self.contributions[self.decided :]] or list(self.judged[-1:])
        verdicts = [c.part.verdict for c in new]
        asked_again = any(f.when == "again" for f in self.follow_ups)
        made_nothing_of = [v is not None and not v.judged and not v.retry for v in verdicts]
        return bool(verdicts) and all(made_nothing_of) and not asked_again

    def grade(self, question: Question) -> Grade:
        """What the question came to so far, by the rubric it was asked by.

        Of several programs the best one counts, as a whole: nothing is put together from one that runs and another that
        has no bug.
        """
        if not self.countable and self.status in ("skipped", "given_up"):
            return Grade(0.0, 0.0, hints=self.hints)
        programs = [c for c in self.judged if c.code and c.part.verdict is not None and c.part.verdict.judged]
        if len(programs) < 2:
            return grade(question, [c.part for c in self.judged], self.hints)
        grades = [self._with_program(question, [other for other in programs if other != one]) for one in programs]
        return max(reversed(grades), key=lambda one: -1.0 if one.score is None else one.score)

    def grades_by_others(self, question: Question) -> Mapping[str, Grade]:
        """What it would have come to by each grader that judged it later; what one did not judge stands as it was."""
        names = dict.fromkeys(other.by for c in self.judged for other in c.others)
        return {
            by: replace(self, contributions=tuple(c.as_by(by) for c in self.judged)).grade(question) for by in names
        }

    def as_of(self, objection: Objection, with_it: bool) -> Asking:
        """How it stood when an objection was judged, with what came of that or without."""
        judged = sorted((o for o in self.objections if o.judged_at), key=lambda o: o.judged_at)
        until = objection.judged_at or objection.seq
        before = [o for o in judged if o.judged_at < until or (with_it and o is objection)]
        parts = tuple(c.with_marks_of(before) for c in self.contributions if c.seq < until)
        return replace(self, contributions=parts)

    def _with_program(self, question: Question, without: list[Contribution]) -> Grade:
        return grade(question, [c.part for c in self.judged if c not in without], self.hints)


def labelled(asking: Asking, askings: Iterable[Asking]) -> str:
    """The number of a question among all that were asked, in their order; one about a program has a letter besides."""
    if not asking.about:
        return str(asking.number)
    together = [one.question for one in askings if one.about == asking.about]
    return f"{asking.number}{string.ascii_lowercase[together.index(asking.question) % 26]}"
