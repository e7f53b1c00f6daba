"""A candidate in the loopback Discord: sits an interview as a person does, by what the messages show.

It sees what a client shows and no more: which question stands open it knows by its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from bot.knowledge.corpus import Corpus, read_corpus
from tests.candidates import ROOT, answers
from tests.loopback.person import Person
from tests.loopback.shown import Shown
from tests.loopback.world import Channel, Message

#: The buttons under a turn of the interviewer's: one of them is there whenever it is the candidate's turn.
TURNS = ("Answer", "Submit code", "My report")
OVER = "My report"
#: The head of a question of the plan: a follow-up and a question about a program have another.
PUT = re.compile(r"### Question (\d+) of \d+(?![\d,])")


@dataclass
class Candidate:
    """Somebody who is interviewed in a channel. `turn` is the message that stands open, `forms` what they filled in."""

    person: Person
    channel: Channel
    turn: Message
    forms: list[str] = field(default_factory=list)

    @property
    def over(self) -> bool:
        return OVER in self.turn.buttons

    @property
    def number(self) -> int:
        """The number of the question that is put; 0 where none is."""
        found = PUT.findall(self.turn.text)
        return int(found[-1]) if found else 0

    @property
    def question(self) -> str:
        """The question that is put, by its words; empty where none is, or one that is made of the candidate's words."""
        return question_in(self.turn.text) if self.number else ""

    async def next(self, seconds: float = 20.0) -> Message:
        """Waits until the interviewer has said something that can be answered."""
        self.turn = await self.channel.waits_for(its_turn, seconds, after=self.turn)
        return self.turn

    async def answers(self, text: str, seconds: float = 20.0) -> Shown:
        """Presses `Answer`, fills in what opens, and waits for the next turn."""
        shown = await self.fills_in("Answer", text)
        await self.next(seconds)
        return shown

    async def fills_in(self, label: str, *texts: str, files: tuple[tuple[str, bytes], ...] = ()) -> Shown:
        """Presses a button that opens a form, and sends the form off."""
        opened = await self.person.click(self.turn, label)
        assert opened.modal is not None, f"no form: {opened}"
        self.forms.append(_form(opened))
        shown = await self.person.submit(opened, *texts, files=files)
        assert not shown.failed, shown.failed
        return shown

    async def presses(self, label: str, seconds: float = 20.0) -> Shown:
        """Presses a button that is answered by a turn."""
        shown = await self.person.click(self.turn, label)
        assert not shown.failed, shown.failed
        await self.next(seconds)
        return shown

    async def replies(self, text: str, seconds: float = 20.0) -> Message:
        """A reply that pings."""
        return await self.says(text, seconds, reply_to=self.turn)

    async def mentions(self, text: str, seconds: float = 20.0) -> Message:
        """A message that mentions the bot."""
        return await self.says(text, seconds, mentions=[self.person.discord.bot])

    async def says(self, text: str, seconds: float = 20.0, **how: object) -> Message:
        """A message, and the turn that answers it."""
        said = await self.person.says(self.channel, text, **how)  # type: ignore[arg-type]
        await self.next(seconds)
        return said

    async def commands(self, line: str, seconds: float = 20.0, **options: Any) -> Shown:
        """A slash command that is answered by a turn."""
        shown = await self.person.slash(self.channel, line, **options)
        assert not shown.failed, shown.failed
        await self.next(seconds)
        return shown


def its_turn(message: Message) -> bool:
    return any(label in message.buttons for label in TURNS)


async def begins(person: Person, channel: Channel, **options: Any) -> Candidate:
    """`/interview`, and the first question, in the thread that it makes or in direct messages."""
    shown = await person.slash(channel, "interview", **options)
    assert shown.ephemeral and not shown.failed, shown
    place = person.direct if "direct messages" in shown.text else await person.sees_thread(channel)
    return Candidate(person, place, await place.waits_for(its_turn, seconds=20))


def strong_words(question: str, follow_up: bool) -> str:
    """A good answer to a question of OpenGenus's, or another one where it is followed up."""
    known = answers("excellent_odd_words" if follow_up else "excellent")
    return known.get(question, "I don't know.")


@cache
def bank() -> Corpus:
    return read_corpus(ROOT / "corpus")


@cache
def _wordings() -> tuple[tuple[str, str], ...]:
    """The beginnings of all questions, the longest first, with their ids."""
    known = [(_letters(question.ask.partition("{")[0]), question.id) for question in bank().questions()]
    return tuple(sorted(known, key=lambda pair: -len(pair[0])))


def question_in(text: str) -> str:
    """Which question of the bank a message puts last."""
    put = _letters(PUT.split(text)[-1])
    return next((id_ for words, id_ in _wordings() if len(words) > 10 and words in put), "")


async def told_alone(shown: Shown) -> str:
    """What is said to the one who acted, and to nobody else."""
    await shown.discord.world.until(lambda: shown.text, 5, lambda: f"nothing was said: {shown}")
    assert shown.ephemeral and not shown.failed, shown
    return shown.text


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _form(opened: Shown) -> str:
    """A form as it opened, to be kept with the transcript."""
    assert opened.modal is not None
    return "\n".join(_lines(opened))


def _lines(opened: Shown) -> Iterator[str]:
    modal = opened.modal
    assert modal is not None
    yield f"«{modal.title}»"
    for text in modal.texts:
        yield from (f"    {line}".rstrip() for line in text.splitlines())
    for label, one in modal.fields.items():
        notes = [one.description] if one.description else []
        notes += [f"opens with: {one.value}"] if one.value else []
        yield f"    [{label}]" + (f" ({'; '.join(notes)})" if notes else "")
