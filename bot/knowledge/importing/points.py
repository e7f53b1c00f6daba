"""Chooses the sentences of an answer that weigh most, to be its key points until an author has better ones.

The measure is simple: the words that come back in the answer and stand in the question. It understands nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from bot.knowledge.importing import same, wording
from bot.knowledge.importing.openings import sentences
from bot.knowledge.importing.plain import unadorned

FEWEST, MOST = 2, 5
#: Words for each further point: an answer of 60 words has three.
_WORDS_EACH = 25
_SHORTEST, _LONGEST = 3, 45
_BRIEF_ITEM = 8
#: A line of no more words, without a full stop, is a heading or the heads of a table.
_HEADS = 6
#: Two sentences that share so much of their words say the same.
_SAME = 0.7
_PHRASE = 3
_FENCE = re.compile(r"^(`{3,}).*?^\1`*\s*$", re.DOTALL | re.MULTILINE)
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,4}[.)])\s+")
_RULE = re.compile(r"^\|[\s|:-]+\|$")


@dataclass(frozen=True)
class Weighed:
    """A sentence of an answer, and how much it weighs among the others."""

    text: str
    weight: float
    order: int


def key_sentences(question: str, answer: str) -> list[Weighed]:
    """Two to five sentences of an answer that weigh most, in their order; fewer where it has no more."""
    every = list(statements(answer))
    said = [text for text in every if _tells(text)] or [text for text in every if len(text) > 1]
    if not said:
        return []
    counts = Counter(stem for text in said for stem in set(same.stems(text)))
    asked = set(same.stems(question))
    weighed = [Weighed(text, _weight(text, n, counts, asked, len(said)), n) for n, text in enumerate(said)]
    wanted = min(MOST, max(FEWEST, round(len(answer.split()) / _WORDS_EACH)))
    chosen: list[Weighed] = []
    for one in sorted(weighed, key=lambda one: -one.weight):
        if len(chosen) < wanted and all(_shared(one.text, other.text) < _SAME for other in chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.order)


def statements(answer: str) -> Iterator[str]:
    """The sentences of an answer: brief items of a list together with what announces them, a row of a table as one."""
    lead, items, heads = "", [], [""]
    for line in [*_FENCE.sub("", answer).split("\n"), ""]:
        bare = unadorned(_ITEM.sub("", line))
        if _ITEM.match(line) and len(bare.split()) <= _BRIEF_ITEM:
            items.append(bare.rstrip(".,;"))
            continue
        if not bare and not items:
            continue
        if items:
            yield _with_items(lead, items)
            lead, items = "", []
        elif lead:
            yield from sentences(lead)
            lead = ""
        if line.strip().startswith("|"):
            heads = yield from _row(line, heads)
        elif bare.endswith(":"):
            lead = bare
        else:
            yield from sentences(bare)


def _with_items(lead: str, items: Sequence[str]) -> str:
    """A list as one sentence; what stands before the sentence that announces it is said elsewhere."""
    last = (sentences(lead) or [""])[-1]
    return f"{last} {'; '.join(items)}.".strip()


def _row(line: str, heads: list[str]) -> Generator[str, None, list[str]]:
    """A row of a table as a sentence, each cell after the head of its column; gives back the heads to go on with."""
    if _RULE.match(line.strip()):
        return heads
    cells = [unadorned(cell).rstrip(".") for cell in line.strip().strip("|").split("|")]
    if len(cells) != len(heads):
        return cells
    yield "; ".join(f"{head}: {cell}" if head else cell for head, cell in zip(heads, cells, strict=True) if cell) + "."
    return heads


def _tells(text: str) -> bool:
    """True for a sentence that can be a point: of some length, no question, no pointer to something else."""
    size = len(text.split())
    whole = size >= _SHORTEST and (size > _HEADS or text.endswith((".", "!", ")", ";")))
    fits = whole and not text.endswith(("?", ":"))
    return fits and not wording.points_elsewhere(text) and not wording.is_about_the_interview(text)


def _weight(text: str, order: int, counts: Counter[str], asked: set[str], total: int) -> float:
    stems = set(same.stems(text))
    size = len(text.split())
    common = sum(counts[stem] for stem in stems) / (len(stems) + 3)
    asks = len(stems & asked) / (len(asked) or 1)
    early = 1.0 - order / total
    return common + asks + 0.6 * early - (0.5 if size > _LONGEST or size < 2 * _SHORTEST else 0.0)


def _shared(one: str, other: str) -> float:
    a, b = set(same.stems(one)), set(same.stems(other))
    return len(a & b) / (min(len(a), len(b)) or 1)


def telling_phrase(text: str, besides: str) -> str:
    """Up to three words of a sentence that stand together, name what it is about, and stand not in the question."""
    known = set(same.stems(besides))
    runs: list[list[str]] = [[]]
    for word in re.findall(r"[\w’'/-]+|[^\w\s]", text):
        stem = same.stems(word)
        if len(stem) == 1 and stem[0] not in known and len(word) > 3 and len(runs[-1]) < _PHRASE:
            runs[-1].append(word)
        else:
            runs.append([])
    longest = max(runs, key=_letters)
    return " ".join(longest)


def _letters(run: list[str]) -> int:
    return sum(len(word) for word in run)
