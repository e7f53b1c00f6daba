"""Objections to marks: what one is about, which of an answer's words it has judged again, and which mark counts then.

What is said only in an objection earns nothing: it points at words of the answer. Pure; the grader is asked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.core.events.questions import Raised
from bot.core.marking import Mark, Part, Verdict
from bot.core.pointing import pointed_at, unquoted, without
from bot.core.question import Question

About = Literal["mark", "question"]
#: So many objections to a question have words judged again: one who asks often enough is told yes by luck.
MOST_JUDGED = 2
#: From here on (confidence) a first mark is sure, and a reading of some words of the answer without the others is no
#: better founded: gates that look at the whole of it, against lists of terms say, cannot see what they are for.
SURE_FROM = 0.75
#: So many characters of an objection say what it is about.
MOST_READ = 1500
#: So often an objection is tried to be judged late where each try costs something.
MOST_TRIES = 3

_SUBJECT = r"(?:questions?|references?|rubric|key points?|(?:full|model|sample|reference) answer|answer key)"
_FAULT = (
    r"(?:wrong|incorrect|inaccurate|outdated|out of date|out-of-date|obsolete|dated|false|mistaken|flawed|faulty|"
    r"ambiguous|misleading|ill-posed|nonsense|erroneous|unclear|incomplete|not (?:right|correct|true|accurate)|"
    r"(?:is|are|was)n['’]t (?:right|correct|true|accurate))"
)
#: What is judged, and no fault of the question: "my answer to the question was marked wrong".
_JUDGED = r"(?:mark|grad|judg|scor|count|rat|read|assess|treat)\w*"
_LINK = rf"(?:\s+(?!{_JUDGED}\b)[\w'’]+){{0,5}}?\s+"
_AT_FAULT = re.compile(rf"\b{_SUBJECT}\b(?:\s+\d+)?{_LINK}(?<!not )(?<!n't )(?<!n’t )(?:{_FAULT})\b", re.I)
_FAULT_IN = re.compile(
    rf"\b(?:errors?|mistakes?|wrong|outdated|typos?|flaws?|problem|bug)\s+(?:\w+\s+){{0,2}}?(?:in|with|about)\s+"
    rf"(?:the|your|this|that|its|its own)\s+{_SUBJECT}\b|"
    rf"\b{_SUBJECT}\b(?:\s+\w+)?\s+(?:contains?|has|have|makes?)\s+(?:an?|some|several)\s+(?:\w+\s+)?"
    rf"(?:errors?|mistakes?|typos?|flaws?)\b|\b(?:wrong|bad|ambiguous|trick|flawed|outdated)\s+question\b",
    re.I,
)
#: What stands before a question that is spoken of by the way: "the mark for this question is wrong".
_BY_THE_WAY = re.compile(r"\b(?:for|of|on|to|in|about|at|with)\s+(?:\w+\s+)?$", re.I)


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


def concerns(text: str) -> About:
    """Whether an objection is to a mark, or says that the question itself or its reference is at fault."""
    text = " ".join(unquoted(text[:MOST_READ]).split())
    found = next((m for m in _AT_FAULT.finditer(text) if not _BY_THE_WAY.search(text[: m.start()])), None)
    return "question" if found is not None or _FAULT_IN.search(text) else "mark"


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
