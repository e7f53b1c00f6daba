"""What an interviewer can do wrong, found in a sitting turn by turn. Each rule says in its docstring what it looks for.

It reads what was said and the log, and asks no model: the same sitting has the same faults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.commands.simulated import spoken
from bot.commands.simulated.kinds import Contradiction
from bot.commands.simulated.owed import ASIDES, GOES_ON, OWED
from bot.commands.simulated.sitting import Sat, Turn
from bot.commands.simulated.wording import words
from bot.core import events as e
from bot.core.dialogue import MOST_ASIDES

Measure = Literal["duty", "reveal", "loop", "repeated", "follow_up", "praise", "contradiction", "plea"]
#: The same words so many times in a row are a loop.
LOOP = 3
#: Below this score nothing is praised.
PRAISED_FROM = 0.5
#: Words that praise an answer. That something was heard ("thank you", "noted") is no praise.
PRAISE = re.compile(
    r"\b(?:great|excellent|perfect(?:ly)?|impressive|brilliant|fantastic|awesome|superb|wonderful|outstanding|bravo"
    r"|well (?:done|said|put|explained)|nice(?:ly)?|spot on|good (?:answer|point|job|work|start|one|explanation)"
    r"|(?:very|really|pretty) good|exactly|absolutely|that(?:['’]s| is| was) (?:right|correct|true|it|good)"
    r"|you(?:['’]re| are) (?:right|correct)|strong (?:answer|start)|right on)\b"
    r"|(?:^|[.!?]\s+)(?:good|right|correct)[,.!]",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True)
class Fault:
    """Something that was done wrong, at which turn, why it is wrong, the interviewer's words and the candidate's."""

    measure: Measure
    turn: int
    why: str
    said: str = ""
    candidate: str = ""


def broken_duties(sat: Sat) -> Iterator[Fault]:
    """What the candidate said got something else than `owed.OWED` has for what they meant.

    A question that is put aside after MOST_ASIDES insults and pleas was put aside in order. A sitting that did not end
    was led wrong as well.
    """
    for number, turn in enumerate(sat.turns):
        if (why := _not_owed(sat, number)) is not None:
            yield Fault("duty", number, why, _told(turn))
    if not sat.over:
        yield Fault("duty", len(sat.turns) - 1, "the interview did not come to an end", _told(sat.turns[-1]))


def _not_owed(sat: Sat, number: int) -> str | None:
    turn = sat.turns[number]
    kinds = {reply.kind for reply in turn.said}
    if turn.line is None:
        return None if "question" in kinds else "the opening asks nothing"
    owed, meant = OWED[turn.line.meant], turn.line.meant
    put_aside = meant in ASIDES and _asides(sat, number) >= MOST_ASIDES
    if any(isinstance(record.event, e.Graded) for record in turn.records) != owed.judges:
        return f"{meant}: {'not judged' if owed.judges else 'judged, and it is no answer'}"
    if put_aside and not turn.stays:
        return None if kinds & GOES_ON else f"{meant}: put aside, and nothing follows"
    if owed.leaves is not None and turn.stays == owed.leaves:
        return f"{meant}: {'the question stays' if owed.leaves else 'the question was left'}"
    if not kinds & owed.says:
        return f"{meant}: no {' or '.join(sorted(owed.says))} was said, but {', '.join(sorted(kinds)) or 'nothing'}"
    if not owed.judges and "follow_up" in kinds and not kinds & {"question"} and meant != "explain":
        return f"{meant}: a follow-up, and it is no answer"
    return None


def _asides(sat: Sat, number: int) -> int:
    """How many insults, pleas and digressions this question has had by now."""
    here = sat.turns[number].put
    heard = [t for t in sat.turns[: number + 1] if t.line and t.put and here and t.put.question == here.question]
    return sum(turn.line is not None and turn.line.meant in ASIDES for turn in heard)


def loops(sat: Sat) -> Iterator[Fault]:
    """The interviewer says the same LOOP times in a row, the question that is put again left out."""
    row, last = 0, ""
    for number, turn in enumerate(sat.turns):
        said = spoken.answering(turn)
        row = row + 1 if said and said == last else 1
        last = said
        if row == LOOP:
            yield Fault("loop", number, f"said {LOOP} times in a row", said)


def repeated_questions(sat: Sat) -> Iterator[Fault]:
    """A question is put as a new one twice, or in the same words as another; or a follow-up once more in its words."""
    asked: set[str] = set()
    for number, turn in enumerate(sat.turns):
        for event in (record.event for record in turn.records):
            keys = []
            if isinstance(event, e.Asked):
                keys = [event.question, " ".join(words(event.wording))]
            elif isinstance(event, e.FollowedUp):
                keys = [f"{event.question}: {' '.join(words(event.wording))}"]
            if asked & set(keys):
                yield Fault("repeated", number, "asked before", keys[-1])
            asked.update(keys)


def invented_praise(sat: Sat) -> Iterator[Fault]:
    """Words of praise after an answer whose question stands below PRAISED_FROM, or after no answer at all.

    What the bank says (questions, hints, what is replied to a misconception) and quotations are left out.
    """
    for number, turn in enumerate(sat.turns):
        if turn.line is None or turn.asking is None or turn.put is None:
            continue
        score = turn.asking.grade(sat.question(turn.put.question)).score or 0.0
        answered = turn.line.meant == "answer"
        found = PRAISE.search(spoken.unscripted(turn, sat)) if score < PRAISED_FROM or not answered else None
        if found is not None:
            yield Fault("praise", number, f"“{_bare(found.group())}” at a score of {score:.2f}", _told(turn))


def planted(sat: Sat, pairs: Sequence[Contradiction]) -> Iterator[tuple[int, Contradiction]]:
    """The contradictions that were said to the end, with the turn that completed each."""
    for pair in pairs:
        turns = [n for n, turn in enumerate(sat.turns) if turn.line and pair.second in turn.line.claims]
        before = [n for n, turn in enumerate(sat.turns) if turn.line and pair.first in turn.line.claims]
        if turns and before and before[0] < turns[0] and not pair.mends:
            yield turns[0], pair


def unseen_contradictions(sat: Sat, pairs: Sequence[Contradiction]) -> Iterator[Fault]:
    """A planted contradiction was not asked about."""
    asked = [event for _, event in recalls(sat)]
    for number, pair in planted(sat, pairs):
        if not any(_is_about(event, pair) for event in asked):
            yield Fault("contradiction", number, "not noticed", f"{pair.first} / {pair.second}")


def invented_contradictions(sat: Sat, pairs: Sequence[Contradiction]) -> Iterator[Fault]:
    """Two things were put to the candidate as a contradiction that was not planted, or was mended."""
    real = [pair for _, pair in planted(sat, pairs)]
    for number, event in recalls(sat):
        if not any(_is_about(event, pair) for pair in real):
            yield Fault("contradiction", number, "not planted", event.wording)


def recalls(sat: Sat) -> Iterator[tuple[int, e.FollowedUp]]:
    """The follow-ups that ask how two things go together, with their turns."""
    for number, turn in enumerate(sat.turns):
        for record in turn.records:
            if isinstance(record.event, e.FollowedUp) and record.event.when == "recall":
                yield number, record.event


def _is_about(event: e.FollowedUp, pair: Contradiction) -> bool:
    return all(any(_same(claim.words, half) for claim in event.claims) for half in (pair.first, pair.second))


def _same(claimed: str, half: str) -> bool:
    one, other = " ".join(words(claimed)), " ".join(words(half))
    return bool(one) and (one in other or other in one)


def _bare(praise: str) -> str:
    return praise.strip(" .,!?\n")


def _told(turn: Turn) -> str:
    return "\n".join(spoken.own(reply) for reply in turn.said if reply.kind not in spoken.FRAME)
