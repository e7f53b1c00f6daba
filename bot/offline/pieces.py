"""What of an answer is read as one piece of evidence, and in which words, for kinds of questions that sentences alone
do not do justice: contrasts, rows of tables, items of lists, steps in a row.

Every piece quotes the candidate as it stands; only what the encoder reads of it may have its subject put back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.core.question import Kind, Question
from bot.offline.gates import has_verb
from bot.offline.segments import Segment, with_subject
from bot.offline.wording import stem, wording, words

#: Sentences that together have more words than this are read apart.
MOST_WORDS_TOGETHER = 50
#: More items than this are a heap of terms and no list of answers.
MOST_ITEMS, LONGEST_ITEM = 10, 6
#: A longer list of mostly single words is a heap, too.
MOST_LONE_WORDS = 5
#: Reading costs about a millisecond a word: so many words of further pieces and answer together, but at least a few
#: pieces; a long answer has sentences enough.
MOST_READ, LEAST_READ = 140, 40
FEWEST_ROWS = 2


@dataclass(frozen=True)
class Piece:
    """A span of the answer and the words in which it is compared; `extra` where it repeats what sentences hold.

    An `item` is the bare name of something; what is `mute` names things and denies nothing.
    """

    span: Segment
    reads: str
    extra: bool = False
    item: bool = False
    mute: bool = False


#: What an answer of some kinds begins with, and what says nothing of its reason: a verdict, a pick, a line.
_HEADS: Mapping[Kind, re.Pattern[str]] = {
    "yes-no": re.compile(
        r"^(?:well[\s,]+)?(?:no|nope|nah|yes|yep|yeah)\b[\s,.:;!—–-]+(?:because\s|since\s|as\s)?", re.I
    ),
    "trap": re.compile(r"^(?:well[\s,]+)?(?:no|nope|nah|yes|yep|yeah|actually)\b[\s,.:;!—–-]+", re.I),
    "choice": re.compile(
        r"^(?:(?:option|answer)\s+)?\(?(?:[B-H]\b|[A-Ha-h](?=[).,:;]))[).,:;\s—–-]+(?:because\s|since\s|as\s)?"
    ),
    "find-bug": re.compile(
        r"^(?:(?:in|on|at)\s+)?(?:lines?|ln?\.?)\s*#?\d+(?:\s*(?:,|and|-|–|to)\s*\d+)*\s*[:,.—–-]\s*|^\d{1,3}\s*:\s*",
        re.I,
    ),
}


def whole(question: Question, text: str, found: Sequence[Segment]) -> tuple[Piece, ...]:
    """Sentences, read as they stand but for the verdict, the letter or the line that they begin with.

    A list of names says of none of them what it does, and a row of steps is read step by step: both are mute.
    """
    return tuple(_sentence(question.kind, segment, segment.of(text)) for segment in found)


def _sentence(kind: Kind, segment: Segment, said: str) -> Piece:
    lists, in_steps, head = kind in _LISTS, kind == "steps", _HEADS.get(kind)
    begun = head.match(said) if head else None
    rest = said[begun.end() :] if begun else said
    names = lists and len(_CUT.split(said)) > 1 and not has_verb(words(said))
    many = in_steps and _is_row_of_steps(said)
    return Piece(segment, rest if words(rest) else said, mute=names or many)


def has_more(question: Question) -> bool:
    """True for the kinds that are read by more than sentences."""
    return question.kind in _WAYS


def takes_items(question: Question) -> bool:
    """True for the kinds to which a name is an answer."""
    return question.kind in _LISTS


def more(question: Question, text: str, found: Sequence[Segment]) -> tuple[Piece, ...]:
    """The further pieces that this kind of question is read by."""
    made: dict[Segment, Piece] = {}
    for piece in (piece for way in _WAYS.get(question.kind, ()) for piece in way(question, text, found)):
        if piece.span not in found or piece.reads != piece.span.of(text):
            made.setdefault(piece.span, piece)
    return tuple(_within(made.values(), max(LEAST_READ, MOST_READ - len(text.split()))))


def _within(made: Iterable[Piece], budget: int) -> Iterator[Piece]:
    """The first pieces that together have no more words than that."""
    for piece in made:
        budget -= len(piece.reads.split())
        if budget < 0:
            return
        yield piece


_CONTRAST = re.compile(
    r"^(?:and\s+|but\s+)?(?:whereas|while|in contrast|by contrast|on the other hand|conversely|however|unlike|"
    r"but|instead|"
    r"meanwhile|the (?:other|latter|second|opposite))\b|\b(?:in contrast|by contrast|on the other hand|whereas|"
    r"the latter|the other "
    r"one|the opposite|conversely|instead)\b",
    re.IGNORECASE,
)


def _contrasts(question: Question, text: str, found: Sequence[Segment]) -> Iterator[Piece]:
    """Two sentences, the second of which turns to the other side."""
    sides = _sides(question)
    for one, other in pairwise(found):
        both = Segment(one.start, other.end)
        first, second = one.of(text), other.of(text)
        turns = _CONTRAST.search(second) is not None or _other_side(sides, first, second)
        if turns and len(both.of(text).split()) <= MOST_WORDS_TOGETHER and "|" not in both.of(text):
            yield Piece(both, " ".join(both.of(text).split()), extra=True)


def _sides(question: Question) -> tuple[frozenset[str], ...]:
    """What the two columns of the reference's table are called, as stems that only one of them has."""
    header = next((line for line in question.reference.splitlines() if line.lstrip().startswith("|")), "")
    names = [frozenset(map(stem, words(cell))) for cell in _cells(header)[1:] if cell]
    return (names[0] - names[1], names[1] - names[0]) if len(names) == 2 else ()


def _other_side(sides: Sequence[frozenset[str]], first: str, second: str) -> bool:
    one, other = (frozenset(map(stem, words(text))) for text in (first, second))
    return any(a & one and not b & one and b & other for a, b in (sides, sides[::-1]) if sides)


def _rows(_: Question, text: str, __: Sequence[Segment]) -> Iterator[Piece]:
    """The rows of a table, each cell with the name of its column."""
    lines = [(m.start(), m[0]) for m in re.finditer(r"[^\n]+", text)]
    rows = [(start, line, _cells(line)) for start, line in lines if _is_row(line)]
    if len(rows) < FEWEST_ROWS:
        return
    header = rows[0][2]
    for start, line, cells in rows[1:]:
        if len(cells) != len(header) or not any(any(c.isalnum() for c in cell) for cell in cells):
            continue
        told = ", ".join(f"{name} {cell}" for name, cell in zip(header[1:], cells[1:], strict=True) if cell)
        reads = f"{cells[0]}: {told}" if cells[0] else told
        yield Piece(Segment(start, start + len(line.rstrip())), reads, extra=True)


def _is_row(line: str) -> bool:
    return line.count("|") >= 2 or line.count("\t") >= 2


def _cells(line: str) -> list[str]:
    cut = line.strip().strip("|").split("|") if "|" in line else line.split("\t")
    return [cell.strip() for cell in cut]


_CUT = re.compile(r"\s*(?:[,;•\n/]|\s-\s|\b(?:and also|and|or|plus)\b|&|\+)\s*", re.IGNORECASE)
_LEAD = re.compile(
    r"^.*(?:\b(?:use|using|try|add|adding|apply|applying|like|such as|include|includes|including|are|is|with|do|"
    r"know|have|e\.g\.|"
    r"example|examples|namely|by)\b|:)\s*",
    re.IGNORECASE | re.DOTALL,
)
_EDGES = re.compile(r"^(?:[-*•]\s*|\(?\d{1,2}[.)]\s*|etc\.?\s*)*|[\s.,;:!?]+$")


def _items(question: Question, text: str, found: Sequence[Segment]) -> Iterator[Piece]:
    """The bare items of a list, each read as a word about the question's subject."""
    affirmed = [segment for segment in found if not wording(segment.of(text)).negations]
    lists = [(segment.of(text), tuple(_listed(text, segment))) for segment in affirmed]
    pieces = [span for said, spans in lists if len(spans) > 1 or not has_verb(words(said)) for span in spans]
    for span in () if _is_heap([words(span.of(text)) for span in pieces]) else pieces:
        yield Piece(span, with_subject(span.of(text), question.title), extra=True, item=True, mute=True)


def _is_heap(items: Sequence[Sequence[str]]) -> bool:
    """True for more items than anyone lists, or many of single words."""
    lone = sum(len(item) == 1 for item in items)
    return len(items) > MOST_ITEMS or (len(items) > MOST_LONE_WORDS and lone * 2 > len(items))


def _listed(text: str, sentence: Segment) -> Iterator[Segment]:
    """The items of one sentence: short, without a verb, behind whatever leads in to them."""
    place = sentence.start
    lead = _LEAD.match(sentence.of(text))
    cuts = [(m.start() + sentence.start, m.end() + sentence.start) for m in _CUT.finditer(sentence.of(text))]
    if lead and lead.end() < len(sentence.of(text)) and (not cuts or lead.end() + place <= cuts[0][0] + 1):
        place += lead.end()
    elif lead and (inner := _LEAD.match(text[place : cuts[0][0]] if cuts else "")):
        place += inner.end()
    for end, following in [*cuts, (sentence.end, sentence.end)]:
        span = _trimmed(text, place, end)
        place = following
        if span is not None and not has_verb(words(span.of(text))) and len(words(span.of(text))) <= LONGEST_ITEM:
            yield span


def _trimmed(text: str, start: int, end: int) -> Segment | None:
    """The span without bullets and stops around it; None where nothing is left."""
    piece = text[start:end]
    head = _EDGES.match(piece)
    start += head.end() if head else 0
    piece = text[start:end].rstrip(" \t\n.,;:!?")
    start += len(piece) - len(piece.lstrip())
    return Segment(start, start + len(piece.strip())) if words(piece) else None


_CLAUSE = re.compile(
    r"\s*[,;:]?\s+(?:so that|so|because|since|which means(?: that)?|which|therefore|whereas|and)\s+|\s*[;:]\s+", re.I
)
SHORTEST_CLAUSE, SHORTEST_TO_CUT = 4, 12


def _clauses(_: Question, text: str, found: Sequence[Segment]) -> Iterator[Piece]:
    """What follows and why, where one sentence says both."""
    for sentence in found:
        if len(words(sentence.of(text))) < SHORTEST_TO_CUT:
            continue
        cuts = [(m.start() + sentence.start, m.end() + sentence.start) for m in _CLAUSE.finditer(sentence.of(text))]
        place = sentence.start
        for end, following in [*cuts, (sentence.end, sentence.end)] if cuts else ():
            span = _trimmed(text, place, end)
            if span is not None and len(words(span.of(text))) >= SHORTEST_CLAUSE:
                yield Piece(span, span.of(text), extra=True)
                place = following


_IN_A_ROW = re.compile(r"->|→|=>|⇒|\b(?:then|after that|next|finally|afterwards)\b", re.IGNORECASE)
_STEP = re.compile(
    r"\s*(?:->|→|=>|⇒|>)\s*|,?\s*\b(?:and )?(?:then|after that|next|finally|afterwards)\b,?\s*|"
    r"[,;](?=\s)\s*",
    re.IGNORECASE,
)
SHORTEST_STEP = 3
#: A sentence of more steps than this is a list: scraps such as "compute the loss" contradict nothing.
MOST_AT_ONCE = 2


def _steps(_: Question, text: str, found: Sequence[Segment]) -> Iterator[Piece]:
    """The steps that one sentence puts in a row, where it says that they are one; a denial would be torn apart."""
    for sentence in found:
        said = sentence.of(text)
        if not _IN_A_ROW.search(said) or wording(said).negations:
            continue
        cuts = [(m.start() + sentence.start, m.end() + sentence.start) for m in _STEP.finditer(said)]
        place, mute = sentence.start, _is_row_of_steps(said)
        for end, following in [*cuts, (sentence.end, sentence.end)]:
            span = _trimmed(text, place, end)
            place = following
            if span is not None and len(words(span.of(text))) >= SHORTEST_STEP:
                yield Piece(span, span.of(text), extra=True, mute=mute)


def _is_row_of_steps(sentence: str) -> bool:
    return (
        _IN_A_ROW.search(sentence) is not None
        and sum(len(words(step)) >= SHORTEST_STEP for step in _STEP.split(sentence)) > MOST_AT_ONCE
    )


Way = Callable[[Question, str, Sequence[Segment]], Iterator[Piece]]
_WAYS: Mapping[Kind, tuple[Way, ...]] = {
    "compare": (_contrasts, _rows),
    "enumerate": (_items,),
    "remedy": (_items,),
    "steps": (_steps,),
    "what-if": (_clauses,),
}
#: The kinds whose answers may be lists of names.
_LISTS = frozenset({"enumerate", "remedy"})
