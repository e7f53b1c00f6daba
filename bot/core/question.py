"""Questions in full form: what is asked, the key points that a good answer makes, and all that is said around them.

It holds no marks (core/marking.py does) and reads no file.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["beginner", "intermediate", "advanced"]
#: What kind of answer a question wants; core/marking.py says how each is marked.
Kind = Literal[
    "free",
    "code",
    "compare",
    "enumerate",
    "remedy",
    "steps",
    "yes-no",
    "what-if",
    "trap",
    "choice",
    "numeric",
    "derivation",
    "find-bug",
    "case",
    "pitch",
    "experience",
    "predict",
]
#: How many true and how many false statements a key point needs to be judged well.
ENOUGH_STATEMENTS = 6


@dataclass(frozen=True)
class Point:
    """One thing a good answer says. `true` and `false` are statements that earn it or contradict it.

    Some points are also found exactly: by a `value` within `tolerance` (absolute; `value_of` names the result of a
    drill that fills it in), by phrases that count as the answer (`accepts`), by formulas, by the `lines` of a listing
    that are named, by a detector (`found_by`), or by a fact of a program (`shown_by`). What is `measured` shows in a
    run alone: no words earn it, and where nothing was run it is left out of the grade. `because` names the point that
    gives its reason, `detail` marks what is merely recited, and a step that may stand `anywhere` is never out of order.
    """

    id: str
    says: str
    weight: float = 1.0
    bonus: bool = False
    shown_by: str | None = None
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    because: str | None = None
    detail: bool = False
    anywhere: bool = False
    value: float | None = None
    value_of: str | None = None
    tolerance: float = 0.0
    accepts: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    found_by: str | None = None
    measured: bool = False

    @property
    def exact(self) -> bool:
        """True when no statements are needed to find it."""
        return bool(self.value is not None or self.value_of or self.accepts or self.found_by or self.measured)

    @property
    def draft(self) -> bool:
        """True while it lacks the statements that judging well needs."""
        return not self.exact and min(len(self.true), len(self.false)) < ENOUGH_STATEMENTS


@dataclass(frozen=True)
class Misconception:
    """A named wrong belief, what to say to one who holds it, and the key points it contradicts.

    In a numeric question `value` is the wrong result that shows it; of a drill, `value_of` names it.
    """

    id: str
    believes: str
    reply: str
    points: tuple[str, ...] = ()
    value: float | None = None
    value_of: str | None = None


@dataclass(frozen=True)
class FollowUp:
    """A question about one key point, to be asked when that point was missed, wrong or interesting."""

    point: str
    when: Literal["missed", "wrong", "interesting"]
    ask: str


@dataclass(frozen=True)
class Option:
    """One answer that a multiple-choice question offers, and why it is right or not."""

    says: str
    right: bool = False
    reply: str = ""


@dataclass(frozen=True)
class Work:
    """A work worth reading, and where to find it."""

    title: str
    where: str


@dataclass(frozen=True)
class Recorded:
    """What a run of an experiment came to on the machine that `on` names, for where programs cannot be run.

    `steps` and `losses` are its curve, equally long.
    """

    on: str
    accuracy: float
    steps: tuple[int, ...]
    losses: tuple[float, ...]


@dataclass(frozen=True)
class Experiment:
    """A run that is predicted first: the program of a `task` with `changes` to its settings, beside one with `base`.

    `expects` says what the key points take for granted of the measured run, as least or most values by name
    ({"accuracy_most": 0.2, "last_loss_least": 2.2}); where a run comes out otherwise, the prediction is not graded.
    `recorded` holds the run and the one beside it as they came out elsewhere, for where programs cannot be run.
    """

    task: str
    changes: Mapping[str, Any]
    base: Mapping[str, Any] = field(default_factory=dict)
    expects: Mapping[str, float] = field(default_factory=dict)
    recorded: tuple[Recorded, ...] = ()


@dataclass(frozen=True)
class Question:
    """A question in full form; with its hash it is the rubric that a sitting is judged by, for ever.

    `needs` says how many points earn full marks; `hinge` names the point on which the answer turns (a verdict, a
    choice, a premise to be rejected), and `verdict` is that of a yes-no question. `asked_as` holds other ways in which
    people ask it, `requires` what should come before it and `leads_to` what an interviewer goes on to. `drill` names
    the reckoning that gives it fresh numbers each time (core/drills), and `recalls` the subjects on which an earlier
    claim of the candidate's is come back to. A program that answers it is run as a submission to the `task`; what the
    candidate predicts is tried out by the `experiment`.
    """

    id: str
    title: str
    ask: str
    reworded: str
    plain: str
    aim: str
    level: Level
    topics: tuple[str, ...]
    points: tuple[Point, ...]
    reference: str
    hints: tuple[str, ...]
    kind: Kind = "free"
    misconceptions: tuple[Misconception, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    sources: tuple[str, ...] = ()
    erratum: str | None = None
    see_also: tuple[str, ...] = ()
    further: tuple[Work, ...] = ()
    asked_by: str | None = None
    after_code: Mapping[str, str] = field(default_factory=dict)
    statement: str | None = None
    starter: str | None = None
    asked_as: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    leads_to: tuple[str, ...] = ()
    on_phone: str | None = None
    at_board: str | None = None
    needs: int | None = None
    hinge: str | None = None
    verdict: Literal["yes", "no"] | None = None
    options: tuple[Option, ...] = ()
    listing: str | None = None
    drill: str | None = None
    recalls: tuple[str, ...] = ()
    task: str | None = None
    experiment: Experiment | None = None

    def point(self, point_id: str) -> Point:
        """The key point of that id; KeyError when the question has none."""
        for point in self.points:
            if point.id == point_id:
                return point
        raise KeyError(point_id)

    @property
    def draft(self) -> bool:
        """True while a key point lacks the six true and six false statements that judging well needs."""
        return any(point.draft for point in self.points)


def lettered(question: Question) -> tuple[tuple[str, Option], ...]:
    """The options of a multiple choice with the letters that they are offered under."""
    return tuple(zip(string.ascii_uppercase, question.options, strict=False))
