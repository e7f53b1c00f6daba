"""Questions whose headings are lost, worded anew from what their answers say. It guesses no further than that."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.knowledge.importing import pairing, wording
from bot.knowledge.importing.asked import Counts, counted, question_of
from bot.knowledge.importing.blocks import Block, Text, Unread, joined
from bot.knowledge.importing.found import Found
from bot.knowledge.importing.inferring import Segment, segments

#: An article says within its first blocks, or its first quarter, that questions follow.
_FIRST_BLOCKS = 12
_FIRST_PART = 4
_INTRODUCES = re.compile(r"\bquestions?\b|\blevel\b|\binterview", re.IGNORECASE)
UNKNOWN = "this reads like an answer, and what was asked could not be told from it"


def inferred(text: Text, first: int, end: int, announced: bool = False) -> tuple[list[Found], list[Unread]]:
    """The questions that a stretch of an article seems to answer; none where it never says that it holds any."""
    start = _after_introduction(text.blocks, first, end) if announced else _after_announcement(text.blocks, end)
    if start is None:
        return [], []
    found: list[Found] = []
    unread: list[Unread] = []
    counts = counted(text.blocks[start:end])
    for segment in segments(text.blocks, start, end):
        if segment.opening is None:
            unread.append(Unread(text.place(segment.start), f"{UNKNOWN}: “{_beginning(text.blocks[segment.start])}”"))
        else:
            found.append(_found(text, segment, counts))
    return found, unread


def _after_announcement(blocks: Sequence[Block], end: int) -> int | None:
    """The block after the last one that says that questions follow; None where none does."""
    part = min(end, max(_FIRST_BLOCKS, end // _FIRST_PART))
    said = [i for i in range(part) if wording.announces_questions(blocks[i].plain)]
    if not said:
        return None
    promoted = [i for i in range(part) if wording.promotes(blocks[i].plain) and i < said[-1] + 2]
    return max([*said, *promoted]) + 1


def _after_introduction(blocks: Sequence[Block], first: int, end: int) -> int:
    """The first block that does not speak of questions and interviews, as the introduction of a part does."""
    while first < end and blocks[first].kind == "paragraph" and _INTRODUCES.search(blocks[first].plain):
        first += 1
    return first


def _found(text: Text, segment: Segment, counts: Counts) -> Found:
    opening = segment.opening
    assert opening is not None
    inner = [block for block in text.blocks[segment.start : segment.end] if not wording.promotes(block.plain)]
    faults = pairing.shortcomings("", inner)
    question = question_of(opening, segment.names, segment.compared, segment.remedy, counts)
    why = "the document has lost its question; it was worded from the answer's beginning"
    confidence = round(opening.sure * (0.8 if faults else 1.0), 2)
    return Found(
        question, joined(inner), text.place(segment.start), confidence, "; ".join([why, *faults]), inferred=True
    )


def _beginning(block: Block) -> str:
    words = block.plain.split()
    return " ".join(words[:10]) + (" …" if len(words) > 10 else "")
