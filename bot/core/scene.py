"""What all wording needs: where the interview stands, its questions, its sentences; and how a question is put."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core import events as e
from bot.core.asking import Asking, labelled
from bot.core.feedback import starter
from bot.core.question import Question, lettered
from bot.core.reply import Code, Head, Reply, ReplyPart, Spoken, Text
from bot.core.sentences import SENTENCES
from bot.core.session import Session

Book = Mapping[str, Question]
#: Kinds of questions whose titles name what the candidate is to find out.
TITLE_TELLS = frozenset({"remedy"})


@dataclass(frozen=True)
class Scene:
    """All that wording needs: where the interview stands, its questions as they were asked, and what a voice made of
    what is said now."""

    session: Session
    book: Book
    phrase: e.Phrased | None = None

    def say(self, key: str, **values: object) -> str:
        """A sentence by its key; which of its wordings, the seed and the place in the log say."""
        return self._worded(key, self.session.seq).format(**values)

    def say_in_turn(self, key: str, turn: int, **values: object) -> str:
        """The same of what is said again and again: two turns that follow one another are worded differently."""
        return self._worded(key, 0, turn).format(**values)

    def _worded(self, key: str, place: int, turn: int = 0) -> str:
        wordings = SENTENCES[key]
        seed = self.session.started.seed if self.session.started else 0
        return wordings[(zlib.crc32(f"{seed}:{key}:{place}".encode()) + turn) % len(wordings)]

    def led(self, own: str = "") -> tuple[ReplyPart, ...]:
        """What leads over to what is said: a voice's words, or one's own."""
        if self.phrase is not None and self.phrase.lead:
            return (Spoken(self.phrase.lead),)
        return (Text(own),) if own else ()

    def put_as(self, own: str) -> str:
        """What is put, as a voice words it, or in one's own words."""
        return (self.phrase.wording if self.phrase is not None else "") or own

    def asking(self, question: str) -> Asking:
        return self.session.askings[question]

    def question(self, question: str) -> Question:
        return self.book[self.session.askings[question].rubric]

    def counted(self, noun: str, count: int) -> str:
        """So many of a noun, in words that agree: "1 minute", "2 minutes"."""
        return self.say(f"{noun}_one" if count == 1 else noun, count=count)

    def head(self, asking: Asking, follow_up: bool) -> Head:
        """The line above a question or a follow-up to it."""
        title = self.book[asking.rubric].title
        titled = "" if self.book[asking.rubric].kind in TITLE_TELLS else self.say("head_title", title=title)
        number = labelled(asking, self.session.in_order)
        key = "head_follow_up" if follow_up else "head_question"
        return Head(self.say(key, number=number, count=self.count) + titled)

    @property
    def count(self) -> int:
        """How many questions the sitting has."""
        return len(self.session.started.plan) - self.session.dropped if self.session.started else 0

    @property
    def wording(self) -> str:
        """What is on the table, as it was put: the follow-up, or the question."""
        asking = self.session.current
        if asking is None:
            return ""
        return asking.probing.wording if asking.probing else asking.wording


def put(text: str, question: Question, by_phone: bool = False) -> tuple[ReplyPart, ...]:
    """A question as it is put: with its situation, options or listing, and with what a program is to begin from.

    `by_phone` it is in words that need no listing, and none could be seen.
    """
    parts: list[ReplyPart] = [Text(text)]
    if question.statement:
        parts.append(Text(question.statement))
    if question.options:
        parts.append(Text("\n".join(f"- **{letter})** {o.says}" for letter, o in lettered(question))))
    if question.listing and not by_phone:
        parts.append(Code(numbered(question.listing)))
    if question.starter:
        parts.append(starter(question.starter))
    return tuple(parts)


def numbered(listing: str) -> str:
    """A program with the numbers of its lines, so that they can be named."""
    lines = listing.strip("\n").splitlines()
    width = len(str(len(lines)))
    return "\n".join(f"{number:>{width}}  {line}".rstrip() for number, line in enumerate(lines, 1))


def put_again(scene: Scene, lead: str = "", wording: str = "") -> Reply:
    """What is on the table once more, after these words; `wording` is another one of it."""
    asking, text = scene.session.current, wording or scene.wording
    led = (Text(lead),) if lead else ()
    if asking is None:
        return Reply("repeat", led, scene.session.standing)
    parts = put(text, scene.question(asking.question)) if asking.awaits_program else (Text(text),)
    return Reply("repeat", (*led, scene.head(asking, asking.probing is not None), *parts), scene.session.standing)
