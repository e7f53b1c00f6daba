"""Has the words judged again that an objection points at, and says what came of it. It writes nothing down.

Which words those are, and which mark counts then, `core/objecting` decides.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.core import events as e
from bot.core.asking import Asking, Contribution
from bot.core.made import Made
from bot.core.marking import Verdict
from bot.core.objecting import MOST_JUDGED, Finding, Objection, Pointed, decided, higher, rest_of, to_read
from bot.core.question import Question

Outcome = Literal["raised", "stands", "waits"]
#: Judges one part of an answer; an outage is a verdict that says so.
Judge = Callable[[Question, Contribution], Awaitable[Verdict]]


class _PutOff(Exception):
    """A reading failed for a time, or at these words alone."""

    def __init__(self, why: str, only_this: bool) -> None:
        self.why = why
        self.only_this = only_this


@dataclass(frozen=True)
class Rereading:
    """What one objection to one question is judged by; `price` fills in what a model has cost."""

    judge: Judge
    price: Callable[[Made], Made]
    asking: Asking
    question: Question
    objection: Objection

    async def done(self, readings: list[e.Regraded] | None = None) -> Sequence[e.Event]:
        """Every reading, and last what came of them. `readings` has them as they come, for one who may break it off."""
        readings = [] if readings is None else readings
        parts = tuple(c for c in self.asking.judged if c.seq < self.objection.seq)  # what was added since is not meant
        pointed = to_read(self.objection.text, [(c.part, c.code) for c in parts])
        if not pointed:
            programs = parts and all(c.code for c in parts)
            return [self._came_to("stands", why="program" if programs else "no_words")]
        if sum(bool(o.words) and o.judged_at > 0 for o in self.asking.objections) >= MOST_JUDGED:
            return [self._came_to("stands", why="enough")]
        try:
            found = [(parts[one.index], await self._read(parts[one.index], one, readings)) for one in pointed]
        except _PutOff as outage:
            return [*readings, self._came_to("waits", why_not=outage.why, only_this=outage.only_this)]
        words = tuple(words for one in pointed for words in one.words)
        by = ", ".join(dict.fromkeys(event.by for event in readings))
        return [*readings, replace(self._counted(found), words=words, by=by)]

    async def _read(self, contribution: Contribution, pointed: Pointed, readings: list[e.Regraded]) -> Finding:
        """Reads the words by themselves, and the rest of the part where that makes a difference."""
        first = contribution.part.verdict
        assert first is not None  # what was not judged is not pointed at
        alone = replace(contribution, part=replace(contribution.part, text=pointed.text, verdict=None))
        again = await self._judged(alone, pointed, readings)
        found = higher(self.question, first, again, contribution.part)
        rest = rest_of(contribution.part, pointed) if found else None
        left = await self._judged(replace(contribution, part=rest), pointed, readings, rest=True) if rest else None
        return decided(found, first, left, pointed)

    async def _judged(
        self, contribution: Contribution, pointed: Pointed, readings: list[e.Regraded], rest: bool = False
    ) -> Verdict:
        verdict = await self.judge(self.question, contribution)
        readings.append(
            e.Regraded(
                self.asking.question,
                contribution.seq,
                verdict.by,
                verdict.marks,
                verdict.why_not,
                verdict.note,
                self.price(verdict.made) if verdict.made is not None else None,
                self.objection.seq,
                pointed.words,
                rest,
            )
        )
        if verdict.retry:
            raise _PutOff(verdict.why_not or "", verdict.only_this)
        return verdict

    def _counted(self, found: Sequence[tuple[Contribution, Finding]]) -> e.Reconsidered:
        """What counts of what was found, if it makes the question's mark any higher."""
        raised = tuple(e.Raised(part.seq, mark) for part, finding in found for mark in finding.raised)
        elsewhere = tuple(dict.fromkeys(point for _, finding in found for point in finding.elsewhere))
        if not raised or not self._higher(raised):
            return self._came_to("stands", why=_why(finding for _, finding in found), elsewhere=elsewhere)
        return self._came_to("raised", raised=raised, elsewhere=elsewhere)

    def _higher(self, raised: Sequence[e.Raised]) -> bool:
        """Whether the question comes to more with these marks: what another part said better, they do not change."""
        judged = replace(self.objection, raised=tuple(raised))
        before = self.asking.grade(self.question).score
        parts = tuple(c.with_marks_of([*self.asking.objections, judged]) for c in self.asking.contributions)
        after = replace(self.asking, contributions=parts).grade(self.question).score
        return before is None or after is None or after > before  # where a part waits, there is no score yet

    def _came_to(self, outcome: Outcome, **more: Any) -> e.Reconsidered:
        return e.Reconsidered(self.asking.question, self.objection.seq, outcome, **more)


def _why(found: Iterable[Finding]) -> str:
    """Why no mark is any higher, by what tells most."""
    findings = list(found)
    reasons = {
        "elsewhere": any(one.elsewhere for one in findings),
        "in_place": any(one.in_place for one in findings),
        "sure": any(one.sure for one in findings),
    }
    return next((why for why, so in reasons.items() if so), "not_found")
