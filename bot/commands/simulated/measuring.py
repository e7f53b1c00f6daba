"""The figures of a sitting: how often the interviewer did right, and what the answers came to. It words no table."""

from __future__ import annotations

import math
import statistics
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.commands.simulated import faults as f
from bot.commands.simulated import spoken, telling
from bot.commands.simulated.kinds import Contradiction
from bot.commands.simulated.sitting import Sat, Turn
from bot.core import events as e
from bot.core.marking import Part, checked, grade
from bot.core.summary import summarise
from bot.ports import Grader

#: A plea gained something where the mark with it is better by more than what rounding makes.
GAINED = 0.005


@dataclass(frozen=True)
class Figures:
    """What one candidate met, as counts of what was done right or wrong, each with how often it could have been.

    `right` of `turns` are duties that were done, `on_point` of `follow_ups` were about what was said or missed, `found`
    of `planted` contradictions were asked about, `gained` of `pleas` were worth marks. `lengths` are the words of each
    turn, `score` is the mean of the questions' scores (0..1), None where nothing was graded.
    """

    kind: str
    questions: int
    turns: int
    right: int
    reveals: int
    loops: int
    repeated: int
    follow_ups: int
    on_point: int
    praise: int
    planted: int
    found: int
    invented: int
    pleas: int
    gained: int
    lengths: tuple[int, ...]
    score: float | None
    faults: tuple[f.Fault, ...] = ()

    @property
    def median(self) -> int:
        """The words of the turn in the middle."""
        return round(statistics.median(self.lengths)) if self.lengths else 0

    @property
    def p95(self) -> int:
        """As many words have at most 95 of 100 turns."""
        return sorted(self.lengths)[math.ceil(0.95 * len(self.lengths)) - 1] if self.lengths else 0


async def measured(kind: str, sat: Sat, pairs: Sequence[Contradiction], grader: Grader) -> Figures:
    """The figures of a sitting. `pairs` are the contradictions that were to be planted."""
    duties = list(f.broken_duties(sat))
    reveals = list(telling.reveals(sat))
    loops, repeated = list(f.loops(sat)), list(f.repeated_questions(sat))
    asked, beside = list(telling.follow_ups(sat)), list(telling.beside_the_point(sat))
    praise = list(f.invented_praise(sat))
    planted, unseen = list(f.planted(sat, pairs)), list(f.unseen_contradictions(sat, pairs))
    invented = list(f.invented_contradictions(sat, pairs))
    gained = [fault async for fault in _gains(sat, grader)]
    found = (duties, reveals, loops, repeated, beside, praise, unseen, invented, gained)
    return Figures(
        kind=kind,
        questions=len(sat.session.askings),
        turns=len(sat.turns),
        right=len(sat.turns) - len({fault.turn for fault in duties}),
        reveals=len(reveals),
        loops=len(loops),
        repeated=len(repeated),
        follow_ups=len(asked),
        on_point=len(asked) - len(beside),
        praise=len(praise),
        planted=len(planted),
        found=len(planted) - len(unseen),
        invented=len(invented),
        pleas=sum(turn.line is not None and turn.line.bare is not None for turn in sat.turns),
        gained=len(gained),
        lengths=tuple(spoken.length(turn) for turn in sat.turns if turn.line is not None),
        score=summarise(sat.session, sat.book).score,
        faults=tuple(_with_words(sat, fault) for faults in found for fault in faults),
    )


def _with_words(sat: Sat, fault: f.Fault) -> f.Fault:
    line = sat.turns[fault.turn].line
    return replace(fault, candidate=line.text if line is not None else "")


async def _gains(sat: Sat, grader: Grader) -> AsyncIterator[f.Fault]:
    """The pleas that were worth something: with the plea the words earn more than the same words without it.

    A plea by itself is worth nothing, so that whatever was made of it gained. Both are judged as one part of an
    answer, after the same help.
    """
    for number, turn in enumerate(sat.turns):
        if turn.line is None or turn.line.bare is None:
            continue
        for question, part in _answered(sat, turn):
            asked = sat.question(question)
            bare = replace(part, text=turn.line.bare, verdict=None)
            verdict = checked(await grader.grade(asked, bare), asked, bare.text) if bare.text else None
            without = grade(asked, [replace(bare, verdict=verdict)]).score if verdict else 0.0
            score = grade(asked, [part]).score
            if (score or 0.0) > (without or 0.0) + GAINED:
                yield f.Fault("plea", number, f"{score or 0.0:.2f} with the plea, {without or 0.0:.2f} without it")


def _answered(sat: Sat, turn: Turn) -> Iterator[tuple[str, Part]]:
    """What became of a turn's words as an answer, as it was judged in the end."""
    events = {record.seq: record.event for record in turn.records}
    for asking in sat.session.in_order:
        for part in asking.judged:
            if isinstance(events.get(part.seq), e.Answered) and part.part.verdict is not None:
                yield asking.question, part.part
