"""What of an answer may count: the candidate's own sentences, without pleas, lists of terms and copies of the question.

It judges none of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.marking import Part
from bot.core.question import Question
from bot.offline import gates
from bot.offline.pieces import Piece, has_more, more, takes_items
from bot.offline.segments import Segment, segments

MOST_SENTENCES = 200


def evidence(question: Question, part: Part) -> tuple[Segment, ...]:
    """The pieces that may be quoted: no pleas, no lists of terms, no copies of what the interviewer said."""
    if gates.soup(part.text):
        return ()
    return tuple(piece for piece in _sentences(question, part) if not gates.soup(piece.of(part.text)))


def _sentences(question: Question, part: Part) -> tuple[Segment, ...]:
    """The sentences that are the candidate's own, lists of terms among them."""
    text, said = part.text, gates.prompts(question, part)
    return tuple(piece for piece in segments(text) if not _is_void(piece.of(text), said))


def own_words(question: Question, part: Part) -> str:
    """The text with line ends in place of what repeats the interviewer or speaks to the grader."""
    text, said = part.text, gates.prompts(question, part)
    for piece in segments(text)[:MOST_SENTENCES]:
        words = piece.of(text)
        if gates.plea(words) or gates.copied(words, said):
            text = text[: piece.start] + "\n" * len(words) + text[piece.end :]
    return text


def _is_void(sentence: str, said: Sequence[str]) -> bool:
    return gates.too_little(sentence, least=1) or gates.plea(sentence) or gates.copied(sentence, said)


def further(question: Question, part: Part) -> tuple[Piece, ...]:
    """What this kind of question is read by besides sentences. Where names are answers, lists of terms are read too."""
    if not has_more(question):
        return ()
    found = _sentences(question, part) if takes_items(question) else evidence(question, part)
    return more(question, part.text, found[:MOST_SENTENCES])
