"""What the interviewer says, as text: all of it, or what of it is its own and not the bank's. It judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.commands.simulated.sitting import Sat, Turn
from bot.commands.simulated.wording import sentences, words
from bot.core.question import Question
from bot.core.reply import Head, Marks, Reference, Reply

#: What opens and closes an interview is said once, to everybody.
FRAME = frozenset({"opening", "report", "closing"})
_QUOTED = re.compile(r"“[^”]*”|`[^`]*`")


def own(reply: Reply) -> str:
    """A reply without headings, marks and references."""
    return "\n".join(Reply(reply.kind, (p,)).text for p in reply.parts if not isinstance(p, Head | Marks | Reference))


def length(turn: Turn) -> int:
    """The words that are to be read in a turn, without what opens and closes an interview and without references."""
    parts = [(r.kind, p) for r in turn.said if r.kind not in FRAME for p in r.parts if not isinstance(p, Reference)]
    return sum(len(words(Reply(kind, (part,)).text)) for kind, part in parts)


def answering(turn: Turn) -> str:
    """What is said in answer to the candidate, without the sentence that puts the question once more."""
    put = {turn.put.wording} if turn.put else set()
    asking = turn.asking
    put |= {asking.probing.wording if asking.probing else asking.wording} if asking else set()
    text = "\n".join(own(reply) for reply in turn.said if reply.kind not in FRAME)
    for wording in put:
        text = re.sub(r"[^.!?\n]*" + re.escape(wording), "", text)
    return " ".join(text.split())


def unscripted(turn: Turn, sat: Sat) -> str:
    """What the interviewer says by itself: no quotations, and nothing that the bank has."""
    text = "\n".join(own(reply) for reply in turn.said if reply.kind not in FRAME)
    for name in {reply.question for reply in turn.said if reply.question in sat.session.askings}:
        for phrase in sorted(_of_the_bank(sat.question(str(name))), key=len, reverse=True):
            text = text.replace(phrase, " ")
    return _QUOTED.sub(" ", text)


def wordings(question: Question) -> Iterator[str]:
    """All ways in which a question is put."""
    ways = (question.title, question.ask, question.reworded, question.plain, question.on_phone, question.at_board)
    yield from (way for way in (*ways, question.statement, question.listing) if way)
    yield from (option.says for option in question.options)


def _of_the_bank(question: Question) -> Iterator[str]:
    yield from wordings(question)
    yield from question.hints
    yield from (follow_up.ask for follow_up in question.follow_ups)
    yield from (one.reply for one in question.misconceptions)
    yield from (one.reply for one in question.options if one.reply)


def sentences_of(replies: list[Reply]) -> list[str]:
    """The sentences of these replies, marks included."""
    return [found for reply in replies for line in reply.text.splitlines() for found in sentences(line)]
