"""A simulated candidate sits an interview, and what was said and done is kept turn by turn. It measures nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.commands.simulated.candidates import Line, Put
from bot.core import events as e
from bot.core.asking import Asking
from bot.core.question import Question
from bot.core.reply import Reply
from bot.core.session import Session
from bot.core.training import Progress
from bot.interview import Interview
from bot.ports import Store

#: After so many messages to a question on average a sitting is broken off: no candidate of ours needs as many.
MOST_A_QUESTION = 25


class Speaker(Protocol):
    """Who sits."""

    def next(self, put: Put) -> Line: ...


class Ear:
    """A mouth that keeps what it is given to say."""

    once = True
    by_turns = False

    def __init__(self) -> None:
        self.said: list[Reply] = []

    async def say(self, seq: int, replies: Sequence[Reply]) -> None:
        """Keeps it."""
        self.said.extend(replies)

    async def utter(self, seq: int, sentence: str) -> None:
        """Nothing: `say` brings the sentence once more."""

    def progress(self, question: str, progress: Progress) -> None:
        """Nothing: no program is run."""

    def take(self) -> tuple[Reply, ...]:
        """What was said since the last time."""
        taken, self.said = tuple(self.said), []
        return taken


@dataclass(frozen=True)
class Turn:
    """What the candidate said (None at the opening), what was said to it, and where the interview stood around it.

    `records` is what the log has of it, `put` what stood before the candidate.
    """

    line: Line | None
    put: Put | None
    said: tuple[Reply, ...]
    before: Session
    after: Session
    records: tuple[e.Record, ...]

    @property
    def asking(self) -> Asking | None:
        """The question that the candidate spoke to, as it stands after the turn."""
        return self.after.askings.get(self.put.question) if self.put else None

    @property
    def stays(self) -> bool:
        """True when the same question still waits for an answer."""
        open_now = self.after.addressed if self.after.ended is None else None
        return self.put is not None and open_now is not None and open_now.question == self.put.question


@dataclass(frozen=True)
class Sat:
    """A sitting that is over, or was broken off because it would not end. `book` holds its questions by rubric."""

    turns: tuple[Turn, ...]
    book: Mapping[str, Question]

    @property
    def session(self) -> Session:
        """Where it stood at the end."""
        return self.turns[-1].after

    @property
    def over(self) -> bool:
        """False where the sitting was broken off."""
        return self.session.ended is not None

    def question(self, name: str) -> Question:
        """A question as it was asked."""
        return self.book[self.session.askings[name].rubric]


async def sit(interview: Interview, store: Store, candidate: Speaker) -> Sat:
    """Sits the whole interview."""
    ear, before = Ear(), interview.session
    await interview.begin(ear)
    turns = [await _turn(interview, store, None, None, ear, before)]
    started = interview.session.started
    for number in range(MOST_A_QUESTION * max(1, len(started.plan) if started else 1)):
        put, before = _put(interview.session), interview.session
        if put is None:
            break
        line = candidate.next(put)
        await interview.hear(ear, f"simulated:{number}", line.text)
        turns.append(await _turn(interview, store, line, put, ear, before))
    return Sat(tuple(turns), dict(interview.book))


async def _turn(
    interview: Interview, store: Store, line: Line | None, put: Put | None, ear: Ear, before: Session
) -> Turn:
    records = await store.load(interview.session_id)
    return Turn(line, put, ear.take(), before, interview.session, tuple(r for r in records if r.seq > before.seq))


def _put(session: Session) -> Put | None:
    """What stands before the candidate; None where nothing does."""
    asking = session.addressed
    if asking is None or session.ended is not None:
        return None
    probing = asking.probing
    recall = probing is not None and probing.when == "recall"
    return Put(asking.question, probing.wording if probing else asking.wording, len(asking.follow_ups), recall)
