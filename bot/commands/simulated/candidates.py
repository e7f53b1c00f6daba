"""A simulated candidate: what they say to what is put before them, and what they mean by it. It judges no interviewer.

What is drawn depends on the seed, the kind and the question alone: two interviewers meet the same candidate.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from bot.commands.simulated.kinds import Cast, Contradiction, Kind
from bot.commands.simulated.owed import Meant
from bot.commands.simulated.wording import nearest, sentences
from bot.core.question import Question

#: Moves by which marks or the answer are asked for, and nothing is said that could be worth a mark.
PLEAS = frozenset({"plea", "demand", "instructions"})
#: The part of an answer that asks for marks.
BEGGING = "begging"
#: So many sentences are a reply to a follow-up.
REPLY = 2
#: What is said, one after another, when a script is at its end and the question still stands.
AT_THE_END: tuple[Meant, ...] = ("dont_know", "skip")
#: Of an answer that breaks off, the first of so many parts is said first.
BREAKS_OFF_AFTER = 2


@dataclass(frozen=True)
class Put:
    """What stands before the candidate: a question, or a follow-up to it; `recall` asks how two claims go together."""

    question: str
    wording: str
    follow_ups: int = 0
    recall: bool = False


@dataclass(frozen=True)
class Line:
    """What the candidate says, and what they mean by it.

    `bare` is the same without the plea that is in it (None where there is none), `claims` are the sentences about their
    own work that are planted in it.
    """

    text: str
    meant: Meant
    bare: str | None = None
    claims: tuple[str, ...] = ()


@dataclass
class Candidate:
    """One who sits an interview. `book` holds the questions by id, for what is believed of them."""

    kind: Kind
    cast: Cast
    book: Mapping[str, Question]
    seed: int
    _put: Put | None = None
    _script: list[str] = field(default_factory=list)
    _rest: str = ""
    _said: set[str] = field(default_factory=set)
    _planted: int = 0
    _draws: random.Random = field(default_factory=random.Random)

    def next(self, put: Put) -> Line:
        """What is said now."""
        known = self._put
        if known is None or (known.question, known.follow_ups) != (put.question, put.follow_ups):
            self._begin(put)
        self._put = put
        if self._rest:
            rest, self._rest = self._rest, ""
            return Line(rest, "answer")
        if not self._script:
            self._script = list(AT_THE_END)
        line = self._line(self._script.pop(0), put)
        self._said.update(sentences(line.text))
        return line

    def planted(self) -> list[Contradiction]:
        """What they say of their own work, in the order in which they say it."""
        order = list(self.cast.contradictions)
        random.Random(f"{self.seed}:{self.kind.id}").shuffle(order)
        return order

    def _begin(self, put: Put) -> None:
        self._draws = random.Random(f"{self.seed}:{self.kind.id}:{put.question}:{put.follow_ups}")
        scripts = self.kind.replies if put.follow_ups else self.kind.scripts
        self._script = ["explain"] if put.recall else list(self._draws.choice(scripts))
        self._rest = ""

    def _line(self, move: str, put: Put) -> Line:
        if move == "answer":
            return self._made(self._draws.choice(self._answers(put.question, self.kind.answers)), self.kind.made_of)
        if move == "in_two":
            return self._broken_off(self._draws.choice(self._answers(put.question, self.kind.answers)))
        if move == "piece":
            return self._made(self._piece(put), self.kind.reply_made_of)
        if move == "belief":
            return self._made(self._belief(put), self.kind.reply_made_of)
        text = self._drawn(self.cast.words[move])
        return Line(text, cast(Meant, move), bare="" if move in PLEAS else None)

    def _drawn(self, wordings: Sequence[str]) -> str:
        return self._draws.choice(wordings)

    def _answers(self, question: str, kinds: Sequence[str]) -> Sequence[str]:
        """The labelled answers of these kinds, those of the first kind that has any where only some have."""
        held = self.cast.answers.get(question, {})
        return [answer for kind in kinds for answer in held.get(kind, ())] or [self.book[question].reference]

    def _piece(self, put: Put) -> str:
        pool = [s for answer in self._answers(put.question, self.kind.pieces) for s in sentences(answer)]
        fresh = [sentence for sentence in dict.fromkeys(pool) if sentence not in self._said]
        return " ".join(nearest(fresh or pool, put.wording, REPLY))

    def _belief(self, put: Put) -> str:
        believed = [one.believes for one in self.book[put.question].misconceptions]
        fresh = [belief for belief in believed if belief not in self._said]
        return self._draws.choice(fresh) if fresh else self._piece(put)

    def _broken_off(self, answer: str) -> Line:
        """The first part of an answer, which ends in the middle of a sentence; the rest follows."""
        said = sentences(answer)
        at = max(1, len(said) // BREAKS_OFF_AFTER)
        self._rest = " ".join(said[at:]) or "that is all I know."
        return Line(" ".join(said[:at]).rstrip(".!? ") + ", and", "unfinished")

    def _made(self, answer: str, of: Sequence[str]) -> Line:
        """An answer made up with what this kind of candidate adds."""
        line = Line("", "answer")
        for part in of:
            line = self._with(line, part, answer)
        return replace(line, text=line.text.strip(), bare=line.bare and line.bare.strip())

    def _with(self, line: Line, part: str, answer: str) -> Line:
        if part == "claims":
            claims = self._claims()
            return replace(line, text=" ".join([line.text, *claims]), claims=claims)
        made = {"answer": lambda: answer, "elsewhere": self._elsewhere}
        added = made[part]() if part in made else self._drawn(self.cast.parts[part])
        return replace(line, text=f"{line.text} {added}", bare=line.text if part == BEGGING else line.bare)

    def _elsewhere(self) -> str:
        """A sentence that belongs to an answer to another question."""
        here = self._put.question if self._put else ""
        other = self._draws.choice([name for name in sorted(self.cast.answers) if name != here])
        return self._draws.choice(sentences(self._answers(other, ("excellent",))[0]))

    def _claims(self) -> tuple[str, ...]:
        """The second half of what was said of one's work last time, and the first of something else."""
        order, at = self.planted(), self._planted
        self._planted += 1
        second = (order[at - 1].second,) if 0 < at <= len(order) else ()
        return (*second, order[at].first) if at < len(order) else second
