"""Numeric questions: the result must be claimed as such, steps of the working count wherever they stand.

Usual wrong results show the misconception that leads to them. It adds nothing up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.core.marking import Belief
from bot.core.question import Misconception, Point, Question
from bot.offline.exact.finds import Find, Finds, met, sentence_at, wrong
from bot.offline.exact.labels import labelled, labels
from bot.offline.exact.numbers import Number, near, numbers
from bot.offline.exact.results import Claim, Sure, claims, concludes, final, outcome, reckoned_with
from bot.offline.wording import wording

#: Numbers in a row beyond so many are a heap to pick from and no working.
MOST_IN_A_ROW = 6
#: A shape holds at most so many numbers that are no result: a batch, channels.
MOST_BESIDE = 2
_SUBJECT = re.compile(
    r"\b(?:the|its|each|a|one)\s+((?:\w+\s+){1,3}?)(?:is|has|are|becomes?|=)\s+\w{0,7}\s*$", re.IGNORECASE
)
_IN_PERCENT = re.compile(r"%|per\s?cent", re.IGNORECASE)


def results(question: Question, text: str) -> Finds:
    """What the numbers of an answer come to."""
    counted = [p for p in question.points if p.value is not None]
    slips = [m for m in question.misconceptions if m.value is not None]
    found = numbers(text) if counted or slips else ()
    return _Reading(question, text, found, counted, slips).finds() if found else Finds()


class _Reading:
    """The numbers of one answer, beside the results of its question.

    What usual wrong results are about is a final result, or else the last point with a value. A single final result
    must be claimed as such; of several, each counts wherever it stands, unless it stands at another's name.
    """

    def __init__(
        self, question: Question, text: str, found: Sequence[Number], counted: list[Point], slips: list[Misconception]
    ) -> None:
        self._text, self._counted, self._slips = text, counted, slips
        self._percent = _IN_PERCENT.search(question.ask) is not None
        self._given = numbers(question.ask)
        aimed_at = {p for slip in slips for p in slip.points}
        finals = [p for p in question.points if p.id in aimed_at and (p.value is not None or p.accepts)]
        self._finals = finals or counted[-1:]
        self._numbers = found
        self._claims = claims(text, found)
        self._final = final(self._claims)
        self._labelled = labelled(text, found, labels(counted)) if len(counted) > 1 else {}
        self._working = [n for n in found if not self._heaped(n)]

    def finds(self) -> Finds:
        """The points that numbers earn or contradict."""
        earned = {f.point: f for p in (*self._counted, *self._finals) if (f := self._find(p)) is not None}
        right = {point for point, find in earned.items() if find.verdict == "met"}
        belief = None
        for slip in self._slips:
            about = [p for p in self._finals if p.id in slip.points and p.id not in right]
            number = self._slipped(slip, about) if about else None
            if number is not None:
                evidence = sentence_at(self._text, number.start, number.end)
                belief = belief or Belief(slip.id, evidence)
                earned.update((p.id, wrong(p.id, evidence)) for p in about)
        concluded = self._final is not None and self._final.sure > Sure.LAST
        settled = {p.id for p in self._finals} if concluded else set()
        return Finds(tuple(earned.values()), (belief,) if belief else (), frozenset(settled), heard=True)

    def _find(self, point: Point) -> Find | None:
        if swapped := self._swapped(point):
            return swapped
        own = self._labelled.get(point.id, [])
        if own and self._is(own[-1], point):
            return met(point.id, sentence_at(self._text, own[-1].start, own[-1].end))
        alone = point in self._finals and len(self._finals) == 1
        return self._final_find(point) if alone else self._step_find(point)

    def _final_find(self, point: Point) -> Find | None:
        """The result: right where it is claimed last or after the conclusion, wrong where another one is."""
        claim, last = self._right(point), self._final
        if claim is not None:
            return met(point.id, sentence_at(self._text, claim.start, claim.end))
        if last is None or last.hedged or self._elsewhere(last.numbers) or self._of_another(last, point):
            return None
        if last.sure is Sure.LAST and len(self._claims) + len(self._working) > 2:
            return None
        return wrong(point.id, sentence_at(self._text, last.start, last.end))

    def _right(self, point: Point) -> Claim | None:
        """The claim that is the point's result and is not taken back by a later conclusion."""
        last = self._final
        after = [c for c in self._claims if last is not None and c.start >= last.start]
        among = [c for c in after if not c.hedged and self._strangers(c, point) <= (MOST_BESIDE if c.shape else 1)]
        return next((c for c in reversed(among) if self._any(c.numbers, point)), None)

    def _strangers(self, claim: Claim, point: Point) -> int:
        """How many different numbers a claim holds besides results: many of them are guesses."""
        known = [p for p in self._counted if p is not point]
        return len({n.values[0] for n in claim.numbers if not any(self._is(n, p) for p in (point, *known))})

    def _elsewhere(self, found: Iterable[Number]) -> bool:
        """True for numbers that are a step of the working, or stand in the question: no result was claimed yet."""
        steps = [p for p in self._counted if p not in self._finals]
        given = [v for n in self._given for v in n.values]
        return all(any(self._is(n, p) for p in steps) or any(n.comes_to(v) for v in given) for n in found)

    def _of_another(self, claim: Claim, point: Point) -> bool:
        """True where the sentence says of what the number is, and that is not what the point is about."""
        subject = _SUBJECT.search(self._text[max(0, claim.start - 60) : claim.start])
        about = {*wording(point.says).stems, "answer", "result", "size"}
        return subject is not None and not about & set(wording(subject[1]).stems)

    def _swapped(self, point: Point) -> Find | None:
        """A result that is given as another's."""
        own = self._labelled.get(point.id, [])
        if not own or self._any(own, point):
            return None
        others = [p for p in self._counted if p is not point and not self._same(p, point)]
        number = next((n for n in own if any(self._is(n, p) for p in others)), None)
        if number is None or self._rightly(number):
            return None
        return wrong(point.id, sentence_at(self._text, number.start, number.end))

    def _rightly(self, number: Number) -> list[Point]:
        """The points at whose own name the number stands."""
        return [p for p in self._counted if number in self._labelled.get(p.id, []) and self._is(number, p)]

    def _step_find(self, point: Point) -> Find | None:
        """A result wherever it stands; where the question names the number itself, it must be claimed."""
        if point.value is None:
            return None
        if any(n.comes_to(point.value) for n in self._given):
            claimed = [n for claim in self._claims for n in claim.numbers if not claim.hedged]
            among: Iterable[Number] = (*claimed, *self._labelled.get(point.id, []))
        else:
            among = [n for n in self._working if not reckoned_with(self._text, n) or self._leads_on(n)]
        number = next((n for n in among if self._is(n, point)), None)
        return met(point.id, sentence_at(self._text, number.start, number.end)) if number else None

    def _leads_on(self, number: Number) -> bool:
        """True inside a reckoning that comes to a right result: its steps were taken."""
        begin = outcome(self._text, number.end)
        return any(n.start == begin and self._is(n, p) for n in self._numbers for p in self._counted)

    def _slipped(self, slip: Misconception, about: Sequence[Point]) -> Number | None:
        """The number that shows the slip: claimed, or at the name of what the slip is about."""
        tolerance = max(p.tolerance for p in about)
        made = self._concluded() if self._stated(slip) else tuple(reversed(self._claims))
        claimed = [n for c in made if not c.hedged for n in c.numbers if not self._heaped(n)]
        named = [] if self._stated(slip) else [n for p in about for n in self._labelled.get(p.id, [])]
        steps = [p for p in self._counted if p not in about]
        for number in (*claimed, *named):
            right = self._any([number], about[0]) or any(self._is(number, p) for p in steps)
            if slip.value is not None and self._near(number, slip.value, tolerance) and not right:
                return number
        return None

    def _stated(self, slip: Misconception) -> bool:
        """True where a wrong result is a number of the question too: most often it is only repeated."""
        return slip.value is not None and any(n.comes_to(slip.value) for n in self._given)

    def _concluded(self) -> tuple[Claim, ...]:
        """The final claim, where it is a reckoning's outcome or is called the result."""
        return (self._final,) if self._final is not None and concludes(self._text, self._final) else ()

    def _any(self, found: Iterable[Number], point: Point) -> bool:
        return any(self._is(number, point) for number in found)

    def _is(self, number: Number, point: Point) -> bool:
        return point.value is not None and self._near(number, point.value, point.tolerance)

    def _same(self, one: Point, other: Point) -> bool:
        return one.value == other.value

    def _near(self, number: Number, value: float, tolerance: float) -> bool:
        """Equal, a share counting as its percentage where the question speaks of per cent."""
        in_percent = self._percent and any(0 < v <= 1 and near(100 * v, value, tolerance) for v in number.values)
        return number.comes_to(value, tolerance) or in_percent

    def _heaped(self, number: Number) -> bool:
        """True for one of many numbers in a row."""
        return any(number in c.numbers and len(c.numbers) > MOST_IN_A_ROW for c in self._claims)
