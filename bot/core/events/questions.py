"""What can happen around a question: it is put, answered, judged, left, taken up again. Part of `events`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.made import Made
from bot.core.marking import Belief, Mark


@dataclass(frozen=True)
class Claim:
    """What a candidate said of their own work, or holds to be so. `words` is an exact quotation.

    Two claims on the same `subject` with different values do not go together, unless the later one `corrects` it.
    `about` names the network or project that the words name, if any: what is said of another one is no contradiction.
    """

    subject: str
    value: str
    words: str
    corrects: bool = False
    about: str = ""


@dataclass(frozen=True)
class Claimed:
    """In what was heard the candidate made claims that may be come back to."""

    question: str
    heard: int
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A question was put. `rubric` is the hash under which the store keeps the question as it was asked.

    A program that answers it is run as a submission to the `task`; `experiments` may be predicted, and this question is
    the prediction of one where `experiment` is true. `about` names the question whose program it asks about.
    """

    question: str
    rubric: str
    wording: str
    number: int
    transition: str = ""
    code: bool = False
    recalls: Claim | None = None
    task: str = ""
    experiments: tuple[str, ...] = ()
    experiment: bool = False
    about: str = ""


@dataclass(frozen=True)
class Returned:
    """A question that had been asked before was put on the table again."""

    question: str
    heard: int | None = None


@dataclass(frozen=True)
class Answered:
    """What was heard is an answer, or a part of one. `text` is what of it is to be judged.

    `reply` answers the follow-up about the point `about`; `late` was added after the reference was shown, `recall`
    explains an earlier claim: both are kept but not judged.
    """

    question: str
    heard: int
    text: str
    role: Literal["answer", "reply", "amendment", "late", "recall"] = "answer"
    about: str | None = None


@dataclass(frozen=True)
class Graded:
    """One part of an answer was judged, or could not be (`why_not`). `part` is the seq of its Answered or Submitted.

    `made` says what it took where a language model judged, or failed to. With `retry`, `only_this` says that it failed
    at this answer, and may judge others. `late` is what was judged beside the interview: it takes no time of it. One
    whose part is 0 is about none any more, and kept for what it took.
    """

    question: str
    part: int
    by: str
    marks: tuple[Mark, ...] = ()
    misconceptions: tuple[Belief, ...] = ()
    beyond: tuple[str, ...] = ()
    why_not: str | None = None
    retry: bool = False
    note: str = ""
    made: Made | None = None
    only_this: bool = False
    late: bool = False


@dataclass(frozen=True)
class JudgedLate:
    """All of a question is judged now of which some was not when it was said; the candidate is to know."""

    question: str


@dataclass(frozen=True)
class Regraded:
    """One part of an answer was judged once more, by another grader: shown beside the mark that counts.

    Where an objection had it read again, `dispute` is its seq, and `words` what of the part was read by itself; with
    `rest` it was the part without them. `late` is what was judged beside the interview.
    """

    question: str
    part: int
    by: str
    marks: tuple[Mark, ...] = ()
    why_not: str | None = None
    note: str = ""
    made: Made | None = None
    dispute: int = 0
    words: tuple[str, ...] = ()
    rest: bool = False
    late: bool = False


@dataclass(frozen=True)
class FollowedUp:
    """A follow-up was decided on, about one key point. `again` asks for what could not be judged, and has no point.

    `recall` asks how two `claims` go together, or what became of one, and is about no point either.
    """

    question: str
    point: str
    when: Literal["missed", "wrong", "interesting", "again", "recall"]
    wording: str
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Hinted:
    """A rung of hints was given: 1 nudge, 2 direction, 3 half the answer."""

    question: str
    rung: int
    heard: int


@dataclass(frozen=True)
class Clarified:
    """A word was explained from the index; `text` is empty where the index has nothing on it, or where the word is just
    what the question asks about (`subject`)."""

    heard: int
    term: str
    text: str = ""
    sources: tuple[str, ...] = ()
    subject: bool = False


@dataclass(frozen=True)
class GaveUp:
    """The candidate said "I don't know" (or nothing more than that) to a question or a follow-up."""

    question: str
    heard: int


@dataclass(frozen=True)
class Skipped:
    """A question was left; with `later` the candidate wants to come back to it."""

    question: str
    heard: int
    later: bool = False


@dataclass(frozen=True)
class Reopened:
    """The candidate wants to add to or correct the answer to a question: what is said next belongs to it."""

    question: str
    heard: int


@dataclass(frozen=True)
class Undone:
    """The last answer or skip was taken back. `what` is its seq."""

    question: str
    what: int
    heard: int
    kind: Literal["answer", "skip"] = "answer"


@dataclass(frozen=True)
class Settled:
    """No more is asked about a question for now. The reference is kept as the index had it at that moment."""

    question: str
    reference: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dropped:
    """A question of the plan can no longer be asked: the bank does not hold it any more."""

    question: str


@dataclass(frozen=True)
class Disputed:
    """The candidate objects to the marks of a question, or to the question itself (`about`); the sentence is kept.

    Without `about` it was said to a release that kept the sentence and judged nothing again.
    """

    question: str
    heard: int
    text: str
    about: Literal["", "mark", "question"] = ""


@dataclass(frozen=True)
class Raised:
    """The mark of a key point in one part of an answer, which counts from now on in the place of the one before."""

    part: int
    mark: Mark


@dataclass(frozen=True)
class Reconsidered:
    """What came of an objection; `dispute` is its seq. What was read for it, Regraded keeps.

    `words` of the answer were read by themselves; `elsewhere` are the points that they make and the rest of the answer
    contradicts. It `waits` where it could not be judged (`why_not`); `late` and `only_this` are as in Graded.
    """

    question: str
    dispute: int
    outcome: Literal["raised", "stands", "waits"]
    why: Literal["", "no_words", "not_found", "elsewhere", "in_place", "sure", "program", "enough"] = ""
    words: tuple[str, ...] = ()
    raised: tuple[Raised, ...] = ()
    elsewhere: tuple[str, ...] = ()
    by: str = ""
    why_not: str | None = None
    late: bool = False
    only_this: bool = False


OfQuestion = (
    Claimed
    | Asked
    | Returned
    | Answered
    | Graded
    | JudgedLate
    | Regraded
    | FollowedUp
    | Hinted
    | Clarified
    | GaveUp
    | Skipped
    | Reopened
    | Undone
    | Settled
    | Dropped
    | Disputed
    | Reconsidered
)
