"""Gives the questions of a table of contents the stretches of an article that answer them, in order, by their words.

It is used only where the article's body has lost its headings. What it finds is likely, never sure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.knowledge.importing import same, wording
from bot.knowledge.importing.blocks import Block

#: More pairs of questions and paragraphs than this are not tried.
LARGEST = 2_000_000
_SKIPPED = -3.0
_NOWHERE = -1e9
_LONG = 80
#: What a paragraph has in common with a question speaks for its belonging there, so much; less what anything has.
_WORTH = 1.5
_UNRELATED = 0.2
_BEGINS_ANSWER = re.compile(
    r"^(?:\W*(?:now,?|so,?|well,?|again,?|okay,?)\s+)*"
    r"(?:simply put|in (?:the )?simple(?:st)? (?:terms|words)|essentially|in short|basically"
    r"|this is (?:a|an|one) .{0,40}(?:question|answer)|this question"
    r"|the (?:key|main|aim|idea|answer|trick|most|purpose|goal|difference)\b|this can be\b|yes\b|no\b"
    r"|there (?:are|is)\b|one of the|generally|typically)",
    re.IGNORECASE,
)
#: An answer that speaks of its question begins with that.
_ABOUT_QUESTION = re.compile(
    r"\b(?:this|the|such an?|one|an?)\s(?:[\w-]+\s){0,3}question\b|\bthe interviewer\b"
    r"|\bthis is (?:an?|one) .{0,40}answer\b",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"^\W*(?:this|these|those|that|it|its|they|such|therefore|thus|hence|however|moreover|furthermore|also|additionally"
    r"|on the other hand|on the contrary|similarly|likewise|here|then|next|finally|after this|for example|for instance"
    r"|in order to|mathematically|some|another|again|and|but|or|so|we|our|you|note|wait|steps?|because|if|where|in this"
    r"|in the above|as you|as we saw)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Stretch:
    """The paragraphs (from, up to) that answer a question, and how much they have in common with it (0..1)."""

    start: int
    end: int
    shared: float


def align(questions: Sequence[str], blocks: Sequence[Block], first: int) -> list[Stretch | None]:
    """For each question its stretch of the blocks from `first` on; None for one that has none."""
    body = blocks[first:]
    if not body or len(questions) * len(body) > LARGEST:
        return [None] * len(questions)
    near = _nearness(questions, body)
    again = _repeats(body)
    opens = [_opening(body, b, again) for b in range(len(body))]
    starts = _best(near, opens)
    return _stretches(starts, near, first, len(blocks))


def _nearness(questions: Sequence[str], body: Sequence[Block]) -> list[list[float]]:
    """For each question and block the weight of the words that they share, as a part of the question's own."""
    held = [set(same.stems(block.plain)) for block in body]
    asked = [set(same.stems(question)) for question in questions]
    weight = same.weights([*held, *asked])
    found = []
    for words in asked:
        whole = sum(weight[word] for word in words) or 1.0
        found.append([sum(weight[word] for word in words & text) / whole for text in held])
    return found


def _opening(body: Sequence[Block], b: int, again: Collection[int]) -> float:
    """How much speaks for an answer that begins at this block."""
    block = body[b]
    if block.kind in ("item", "code") or wording.points_elsewhere(block.plain):
        return -3.0
    begins = bool(_BEGINS_ANSWER.match(block.plain))
    size = len(block.plain.split())
    score = 0.8 * begins - 0.8 * (not begins and bool(_CONTINUES.match(block.plain)))
    score += 0.8 * bool(_ABOUT_QUESTION.search(block.plain[:200]))
    score += 0.8 * _closed(body, b) + 2.0 * (b in again) - 1.0 * (size < 12)
    if b and body[b - 1].plain.endswith(":") and not _closed(body, b):
        score -= 0.5 if size >= 25 else 3.0  # a long paragraph is not what was announced: a figure is lost
    return score


def _closed(body: Sequence[Block], b: int) -> bool:
    """True when what stands before names something to read on: the answer before is over."""
    i = b - 1
    while i > 0 and body[i].kind == "item":
        i -= 1
    return i >= 0 and wording.points_elsewhere(body[i].plain)


def _repeats(body: Sequence[Block]) -> set[int]:
    """Long paragraphs that stand above once more, as where one answer was pasted for two questions."""
    seen: set[str] = set()
    again: set[int] = set()
    for b, block in enumerate(body):
        if len(block.plain) > _LONG:
            if block.plain in seen:
                again.add(b)
            seen.add(block.plain)
    return again


def _best(near: Sequence[Sequence[float]], opens: Sequence[float]) -> list[int | None]:
    """Where each question's answer begins, so that all together fit best; in order, each at one block at least."""
    count, size = len(near), len(opens)
    score = [[_NOWHERE] * size for _ in range(count)]
    came: list[list[tuple[int, int]]] = [[(-1, -1)] * size for _ in range(count)]
    for b in range(size):
        for q in range(count):
            gain = _WORTH * near[q][b] - _UNRELATED
            stay = score[q][b - 1] if b else _NOWHERE
            begin, origin = _begun(score, q, b)
            begin += opens[b] + _WORTH * near[q][b]
            if stay >= begin:
                score[q][b], came[q][b] = stay + gain, (q, b - 1)
            else:
                score[q][b], came[q][b] = begin + gain, origin
    return _traced(score, came)


def _begun(score: Sequence[Sequence[float]], q: int, b: int) -> tuple[float, tuple[int, int]]:
    """The best way to begin question q at block b: after the one before it, or with some left out."""
    best, origin = (0.0 + _SKIPPED * q, (-1, -1))
    for before in (q - 1, q - 2):
        if before >= 0 and b and score[before][b - 1] > _NOWHERE / 2:
            value = score[before][b - 1] + _SKIPPED * (q - 1 - before)
            if value > best or (value == best and origin == (-1, -1)):
                best, origin = value, (before, b - 1)
    return best, origin


def _traced(score: Sequence[Sequence[float]], came: Sequence[Sequence[tuple[int, int]]]) -> list[int | None]:
    starts: list[int | None] = [None] * len(score)
    last = len(score) - 1
    ends = [(score[q][b] + _SKIPPED * (last - q), q, b) for q in range(len(score)) for b in range(len(score[0]))]
    _, q, b = max(ends)
    while q >= 0:
        before = came[q][b]
        starts[q] = b
        while before[0] == q:
            b = before[1]
            starts[q] = b
            before = came[q][b]
        q, b = before
    return starts


def _stretches(
    starts: Sequence[int | None], near: Sequence[Sequence[float]], first: int, end: int
) -> list[Stretch | None]:
    known = [start for start in starts if start is not None] + [end - first]
    found: list[Stretch | None] = []
    for q, start in enumerate(starts):
        if start is None:
            found.append(None)
            continue
        stop = min(other for other in known if other > start)
        shared = max(near[q][start:stop], default=0.0)
        found.append(Stretch(first + start, first + stop, min(1.0, math.sqrt(shared))))
    return found
