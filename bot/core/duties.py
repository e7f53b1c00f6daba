"""What an interviewer may owe. `dialogue.owed` says which of these is due, and the loop does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core import events as e


@dataclass(frozen=True)
class Duty:
    """Something the interviewer owes. `answers` is the seq of the record that it answers, so that it is done once.

    Where one record may call for several duties of a kind, the cause also names what each is about.
    """

    answers: int

    @property
    def cause(self) -> str:
        return f"duty:{type(self).__name__.lower()}:{self.answers}"


@dataclass(frozen=True)
class Say(Duty):
    """Say what this event gives to say."""

    event: e.Event


@dataclass(frozen=True)
class Read(Duty):
    """Find out what the candidate's words mean."""

    heard: e.Heard


@dataclass(frozen=True)
class Inspect(Duty):
    """Read facts off a program."""

    question: str
    code: str


@dataclass(frozen=True)
class Launch(Duty):
    """Begin to run a program, or what was predicted: it is written down before it is done."""

    question: str
    part: int


@dataclass(frozen=True)
class Run(Duty):
    """Run it, once more where an earlier run broke off."""

    question: str
    part: int


@dataclass(frozen=True)
class Judge(Duty):
    """Have one contribution graded; `part` is its seq."""

    question: str
    part: int

    @property
    def cause(self) -> str:
        """A request to judge again may concern several contributions, and so several questions."""
        return f"{super().cause}:{self.part}"


@dataclass(frozen=True)
class Reconsider(Duty):
    """Have the words that an objection points at judged again; `dispute` is its seq."""

    question: str
    dispute: int

    @property
    def cause(self) -> str:
        """A request to judge again may concern several objections."""
        return f"{super().cause}:{self.dispute}"


@dataclass(frozen=True)
class Clarify(Duty):
    """Explain a word."""

    term: str


@dataclass(frozen=True)
class Consider(Duty):
    """Decide between a follow-up and settling the question."""

    question: str

    @property
    def cause(self) -> str:
        return f"{super().cause}:{self.question}"


@dataclass(frozen=True)
class Settle(Duty):
    """Close the question, with its reference."""

    question: str

    @property
    def cause(self) -> str:
        return f"{super().cause}:{self.question}"


@dataclass(frozen=True)
class Call(Duty):
    """Tell the time, and leave out what it no longer holds."""

    call: Literal["half", "five", "late"]
    keep: int | None = None

    @property
    def cause(self) -> str:
        """The time is told once each; that something is left out, whenever it must be."""
        return f"{super().cause}:late" if self.call == "late" else f"duty:call:{self.call}"


@dataclass(frozen=True)
class Ask(Duty):
    """Put the next question of the plan."""

    slot: str


@dataclass(frozen=True)
class Return(Duty):
    """Put a question again that was asked before."""

    question: str


@dataclass(frozen=True)
class Finish(Duty):
    """End the interview."""
