"""Objections to marks: which of an answer's words one has judged again, and which mark counts then.

What is said only in an objection earns nothing: it points at words of the answer. Pure; the grader is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.events.questions import Raised
from bot.core.marking import Mark, Part, Verdict
from bot.core.pointing import pointed_at, without
from bot.core.question import Question

#: So many objections to a question have words judged again: one who asks often enough is told yes by luck.
MOST_JUDGED = 2
#: From here on (confidence) a first mark is sure, and a reading of some words of the answer without the others is no
#: better founded: gates that look at the whole of it, against lists of terms say, cannot see what they are for.
SURE_FROM = 0.75
#: So often an objection is tried to be judged late where each try costs something.
MOST_TRIES = 3


@dataclass(frozen=True)
class Objection:
    """One objection: `seq` is that of the event that brought it, `about` empty where nothing comes of it.

    `outcome` is empty until it is judged, `again` the seq of a request to judge it once more. `tries` counts those in
    vain that cost something. `judged_at` is when it was judged, `words` what of the answer was read by itself.
    """

    seq: int
    text: str
    about: str = ""
    again: int = 0
    outcome: str = ""
    why: str = ""
    why_not: str = ""
    words: tuple[str, ...] = ()
    raised: tuple[Raised, ...] = ()
    elsewhere: tuple[str, ...] = ()
    by: str = ""
    judged_at: int = 0
    tries: int = 0

    @property
    def asked_for(self) -> int:
        """The seq of the event that wants it judged."""
        return max(self.seq, self.again)

    @property
    def owed(self) -> bool:
        return self.about == "mark" and not self.outcome

    @property
    def waits(self) -> bool:
        return self.outcome == "waits"


@dataclass(frozen=True)
class Pointed:
    """Sentences of one part of an answer that are to be judged by themselves; `index` is the part's place."""

    index: int
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.words)


@dataclass(frozen=True)
class Finding:
    """What came of reading them: marks that count from now on; points that the rest contradicts (`elsewhere`), that
    were marked by the same words `in_place`, and whose first mark was `sure`."""

    raised: tuple[Mark, ...] = ()
    elsewhere: tuple[str, ...] = ()
    in_place: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()


def to_read(objection: str, parts: Sequence[tuple[Part, bool]]) -> tuple[Pointed, ...]:
    """What an objection points at in the parts of an answer; `parts` come with whether each is a program."""
    found = [
        Pointed(n, pointed_at(objection, part.text))
        for n, (part, program) in enumerate(parts)
        if not program and part.verdict is not None and part.verdict.judged
    ]
    return tuple(pointed for pointed in found if pointed.words)


def higher(question: Question, first: Verdict, again: Verdict, part: Part) -> tuple[Mark, ...]:
    """The points that words make in full by themselves and that were not met before, by marks no less sure than those.

    What is found exactly in the whole of an answer stays, and so does the verdict that a question turns on.
    """
    before = {mark.point: mark for mark in first.marks}
    found = []
    for mark in again.marks if again.judged else ():
        old = before.get(mark.point)
        if old is None or question.point(mark.point).exact or mark.point == question.hinge or mark.evidence is None:
            continue
        surer = mark.verdict == "met" != old.verdict and mark.confidence >= old.confidence
        if surer and mark.evidence in part.text:
            found.append(mark)
    return tuple(found)


def decided(found: Sequence[Mark], first: Verdict, rest: Verdict | None, pointed: Pointed) -> Finding:
    """Which of these marks count: none of a point that the rest of the answer contradicts, none that rested on the same
    words before, which were read in their place then, and none where the first reading was sure."""
    against = {mark.point for mark in rest.marks if mark.verdict == "wrong"} if rest and rest.judged else set()
    against |= {mark.point for mark in first.marks if mark.verdict == "wrong" and not rests_on(mark, pointed)}
    in_place = {mark.point for mark in first.marks if rests_on(mark, pointed)} - against
    sure = {mark.point for mark in first.marks if mark.confidence >= SURE_FROM} - against - in_place
    counting = tuple(mark for mark in found if mark.point not in against | in_place | sure)
    points = [mark.point for mark in found]
    return Finding(counting, *(tuple(p for p in points if p in kept) for kept in (against, in_place, sure)))


def rests_on(mark: Mark, pointed: Pointed) -> bool:
    """Whether a mark rests on words that are pointed at."""
    said = mark.evidence or ""
    return bool(said) and any(words in said or said in words for words in pointed.words)


def rest_of(part: Part, pointed: Pointed) -> Part | None:
    """The part less what is pointed at; None where nothing is left."""
    left = without(part.text, pointed.words)
    return replace(part, text=left, verdict=None) if any(c.isalnum() for c in left) else None


def with_raised(verdict: Verdict, raised: Mapping[str, Mark]) -> Verdict:
    """The verdict with these marks in the place of its own."""
    return replace(verdict, marks=tuple(raised.get(mark.point, mark) for mark in verdict.marks))
