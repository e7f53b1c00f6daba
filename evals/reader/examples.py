"""What the reader learns from: labelled answers, statements of the bank as small answers, and answers made to deceive.

Everything is drawn with a seed. It knows nothing of the network but how its sequences are cut.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from bot.core.marking import Standing
from bot.core.question import Point, Question
from bot.ports.reading import STANDINGS
from evals.answers import Labelled, Reply
from evals.attacks import PLEAS, strange

if TYPE_CHECKING:
    from tokenizers import Tokenizer

#: Tokens that are read of a question, an answer and a key point; bot/knowledge/reader.py cuts at the same.
MOST_OF_QUESTION, MOST_OF_ANSWER, MOST_OF_POINT = 48, 256, 64
BEGIN, END = 101, 102
MET, MISSING, WRONG = (STANDINGS.index(name) for name in ("met", "missing", "wrong"))
#: Nobody has looked whether a statement of one point says something of another too, so what is left out counts less.
UNSEEN_WEIGHT = 0.3
BOTH_WEIGHT = 0.5
#: Shares of a composed answer's points of which it says what is true, what is false, and both.
SAID, DENIED, BOTH = 0.32, 0.32, 0.04
#: Shares of answers that are put to a question they have nothing to do with as well, and that copy their question.
#: With a twentieth of them misplaced the reader paid for style: a recipe told like an analogy earned .5.
MISPLACED, COPIED = 0.3, 0.01
#: So many key points of other questions stand beside an answer's own. They cost little: the answer is read once.
FOREIGN = 3
#: Shares of an answer's own key points that are put as one of their true statements, and as one of their false ones:
#: what the reader compares an answer with should be what is meant, and not the words of some hundred key points.
REWORDED, OPPOSED = 0.25, 0.12
LOWERED, UNSTOPPED, MISTYPED, PLEADING = 0.08, 0.04, 0.10, 0.02
WORDS_A_SLIP = 15
DRAWS = 5


@dataclass(frozen=True)
class Example:
    """An answer to a question, and what it is read against: for each point a verdict, by its place in STANDINGS, and a
    weight. `ask` is the follow-up that was put, where it is a reply to one.
    """

    question: str
    text: str
    says: tuple[str, ...]
    verdicts: tuple[int, ...]
    weights: tuple[float, ...]
    ask: str = ""


def read_points(question: Question) -> tuple[Point, ...]:
    """The key points that the reader judges: what is found exactly or measured is not its business."""
    return tuple(p for p in question.points if not p.exact and not p.measured)


def example(question: Question, answer: Labelled) -> Example:
    """A labelled answer; a point without a label counts as missing."""
    labels: list[Standing] = [answer.points.get(p.id, "missing") for p in read_points(question)]
    return _made(question, answer.answer, [(STANDINGS.index(label), 1.0) for label in labels])


def reply(question: Question, one: Reply) -> Example:
    """A reply to a follow-up; of the points that were not asked about nobody has looked what it says."""
    verdict = STANDINGS.index(one.label)
    found = [(verdict, 1.0) if p.id == one.about else (MISSING, UNSEEN_WEIGHT) for p in read_points(question)]
    return replace(_made(question, one.answer, found), ask=one.ask)


def nothing_said(question: Question, text: str) -> Example:
    """A text that says nothing of the question."""
    return _made(question, text, [(MISSING, 1.0)] * len(read_points(question)))


def _made(question: Question, text: str, found: Sequence[tuple[int, float]]) -> Example:
    says = tuple(point.says for point in read_points(question))
    return Example(question.id, text, says, tuple(v for v, _ in found), tuple(w for _, w in found))


def composed(question: Question, random: Random) -> Example | None:
    """Statements of some of the points, true ones and false ones, in any order; None where none came up."""
    said: list[str] = []
    found: list[tuple[int, float]] = []
    for point in read_points(question):
        drawn = random.random() if point.true and point.false else 1.0
        verdict, weight = MISSING, UNSEEN_WEIGHT
        if drawn < SAID:
            said.append(random.choice(point.true))
            verdict, weight = STANDINGS.index("met"), 1.0
        elif drawn < SAID + DENIED:
            said.append(random.choice(point.false))
            verdict, weight = STANDINGS.index("wrong"), 1.0
        elif drawn < SAID + DENIED + BOTH:
            said += [random.choice(point.true), random.choice(point.false)]
            verdict, weight = STANDINGS.index("partial"), BOTH_WEIGHT
        found.append((verdict, weight))
    random.shuffle(said)
    return _made(question, " ".join(said), found) if said else None


@dataclass(frozen=True)
class Material:
    """All there is to learn from. `taught` are the questions whose statements may be used, `off_subject` are texts on
    nothing that is asked.
    """

    questions: Mapping[str, Question]
    answers: Sequence[Example]
    attacks: Sequence[Example]
    taught: Sequence[str]
    off_subject: Sequence[str] = ()

    def epoch(self, random: Random, composed_answers: int, attacks: int) -> list[Example]:
        """One round: every labelled answer and every text off the subject once, and a fresh draw of the rest."""
        found: list[Example] = []
        for one in self.answers:
            found += self._varied(one, random)
        found += [nothing_said(self._any(random), text) for text in self.off_subject]
        while composed_answers > 0:
            made = composed(self._any(random), random)
            if made is not None:
                found.append(_spoilt(made, random))
                composed_answers -= 1
        found += random.sample(list(self.attacks), min(attacks, len(self.attacks)))
        return [self._beside_strangers(self._otherwise_put(one, random), random) for one in found]

    def _any(self, random: Random) -> Question:
        return self.questions[random.choice(self.taught)]

    def _varied(self, one: Example, random: Random) -> list[Example]:
        """The answer, and now and then the same put to another question, or a question put to itself."""
        found, drawn = [_spoilt(one, random)], random.random()
        if drawn < MISPLACED:
            other = self._stranger(one.question, random)
            found += [_spoilt(nothing_said(other, one.text), random)] if other else []
        elif drawn < MISPLACED + COPIED:
            question = self.questions[one.question]
            found.append(nothing_said(question, question.ask))
        return found

    def _otherwise_put(self, one: Example, random: Random) -> Example:
        """The example with some of its points put as statements: who meets a point denies what is false of it."""
        says, verdicts = list(one.says), list(one.verdicts)
        for n, point in enumerate(read_points(self.questions[one.question])):
            drawn = random.random() if point.true and point.false else 1.0
            if drawn < REWORDED:
                says[n] = random.choice(point.true)
            elif drawn < REWORDED + OPPOSED and verdicts[n] in (MET, MISSING):
                says[n] = random.choice(point.false)
                verdicts[n] = WRONG if verdicts[n] == MET else MISSING
        return replace(one, says=tuple(says), verdicts=tuple(verdicts))

    def _beside_strangers(self, one: Example, random: Random) -> Example:
        """The example, read against some key points of other questions as well: it says nothing of these."""
        others = [self._stranger(one.question, random) for _ in range(FOREIGN)]
        says = [random.choice(read_points(other)).says for other in others if other]
        return replace(
            one,
            says=(*one.says, *says),
            verdicts=(*one.verdicts, *[MISSING] * len(says)),
            weights=(*one.weights, *[1.0] * len(says)),
        )

    def _stranger(self, question: str, random: Random) -> Question | None:
        """A question that has nothing to do with this one; None where a few draws found none."""
        drawn = (self._any(random) for _ in range(DRAWS))
        return next((other for other in drawn if strange(other, self.questions[question])), None)


def _spoilt(one: Example, random: Random) -> Example:
    """As some people write: without capitals or stops, with slips; or with a plea behind it. The verdicts stay."""
    drawn, text = random.random(), one.text
    if drawn < LOWERED:
        text = text.lower()
    elif drawn < LOWERED + UNSTOPPED:
        text = re.sub(r"[.,;:]", "", text)
    elif drawn < LOWERED + UNSTOPPED + MISTYPED:
        text = _mistyped(text, random)
    elif drawn < LOWERED + UNSTOPPED + MISTYPED + PLEADING:
        text = f"{text} {random.choice(PLEAS)}"
    return replace(one, text=text)


def _mistyped(text: str, random: Random) -> str:
    words = text.split()
    for _ in range(max(1, len(words) // WORDS_A_SLIP)):
        at = random.randrange(len(words)) if words else 0
        word = words[at] if words else ""
        if len(word) > 3:
            n = random.randrange(len(word) - 1)
            slips = (
                word[:n] + word[n + 1] + word[n] + word[n + 2 :],
                word[:n] + word[n + 1 :],
                word[: n + 1] + word[n:],
            )
            words[at] = random.choice(slips)
    return " ".join(words)


class Sequences:
    """Cuts questions, answers and key points into tokens."""

    def __init__(self, questions: Mapping[str, Question], tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._asks = {q.id: self._inside(q.ask)[:MOST_OF_QUESTION] for q in questions.values()}
        self._points: dict[str, list[int]] = {}

    def row(self, one: Example) -> tuple[list[int], list[list[int]]]:
        """A question with an answer, and the key points it is read against."""
        answer = self._inside(one.text)[:MOST_OF_ANSWER]
        ask = self._inside(one.ask)[:MOST_OF_QUESTION] if one.ask else self._asks[one.question]
        return [BEGIN, *ask, END, *answer, END], [self._point(says) for says in one.says]

    def _inside(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids[1:-1]

    def _point(self, says: str) -> list[int]:
        if says not in self._points:
            ids: list[int] = self._tokenizer.encode(says).ids
            self._points[says] = ids if len(ids) <= MOST_OF_POINT else [*ids[: MOST_OF_POINT - 1], END]
        return self._points[says]
