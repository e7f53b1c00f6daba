"""Find-the-bug questions: which lines of the listing are named. What is wrong with them, the sentences must say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bot.core.question import Question
from bot.offline.exact.finds import Find, Finds, sentence_at
from bot.offline.wording import stem, wording

#: What a line that is merely named is worth.
NAMED = 0.5
#: A range of more lines than this points at nothing, and so do many lines for few bugs.
LONGEST_RANGE, SPARE_LINES = 3, 3
#: Code shorter than this may be quoted from anywhere.
SHORTEST_QUOTE = 12
MOST_NAMED = 60
#: So many words say what is wrong; that something is wrong is not among them.
FEWEST_WORDS = 2
_EMPTY = frozenset(
    map(stem, "bug bugs wrong mistake error problem issue incorrect buggy line lines see think here".split())
)
_NAMED = re.compile(
    r"\b(?:lines?|ln\.?|l\.|l(?=\d)|rows?)\s*#?\s*(?P<numbers>\d{1,3}(?:\s*(?:,|and|&|to|through|or|/|"
    r"[-–])\s*(?:lines?\s*)?\d{1,3})*)(?!\w)"
    r"|\b(?:on|in|at)\s+(?P<on>\d{1,3})\s*:|^\s*(?P<head>\d{1,3})\s*(?::|\s[-–—]\s)",
    re.IGNORECASE | re.MULTILINE,
)
_RANGE = re.compile(r"(\d+)\s*(?:-|–|to|through)\s*(?:lines?\s*)?(\d+)")
_CLEARED = re.compile(
    r"\b(?:fine|ok(?:ay)?|correct as|is correct|is right|all right|no (?:bug|problem|mistake|error)|not (?:a |"
    r"the )?(?:bug|problem|"
    r"mistake|wrong|error)|isn't (?:a |the )?(?:bug|problem|wrong))\b",
    re.IGNORECASE,
)


def named_lines(question: Question, text: str) -> Finds:
    """A find for each bug whose line is named; none where half the listing is."""
    if question.listing is None:
        return Finds()
    bugs = [point for point in question.points if point.lines]
    places = dict(reversed([*_named(text), *_quoted(question.listing, text)]))
    if len(places) > len({line for bug in bugs for line in bug.lines}) + SPARE_LINES:
        return Finds()
    finds, told = [], _says_more(text)
    for bug in bugs:
        spans = [places[line] for line in bug.lines if line in places]
        if spans:
            finds.append(Find(bug.id, NAMED, "partial", sentence_at(text, *spans[0]), if_said=told))
    return Finds(tuple(finds), heard=bool(finds))


def _says_more(text: str) -> bool:
    """True when there are words on what is wrong, and not on where alone."""
    return len(set(wording(_NAMED.sub(" ", text)).stems) - _EMPTY) >= FEWEST_WORDS


def _named(text: str) -> Iterator[tuple[int, tuple[int, int]]]:
    for match in islice(_NAMED.finditer(text), MOST_NAMED):
        if _CLEARED.search(sentence_at(text, *match.span())):
            continue
        written = match["numbers"] or match["on"] or match["head"]
        lines = {int(number) for number in re.findall(r"\d+", written)}
        for first, last in _RANGE.findall(written):
            inside = set(range(int(first), int(last) + 1))
            lines = lines | inside if len(inside) <= LONGEST_RANGE else lines - {int(first), int(last)}
        for line in sorted(lines):
            yield line, match.span()


def _quoted(listing: str, text: str) -> Iterator[tuple[int, tuple[int, int]]]:
    """Lines that are quoted instead of numbered, where no other line reads the same."""
    lines = [line.partition("  #")[0].strip() for line in listing.strip("\n").splitlines()]
    for number, line in enumerate(lines, 1):
        place = text.find(line) if len(line) >= SHORTEST_QUOTE and lines.count(line) == 1 else -1
        if place >= 0 and not _CLEARED.search(sentence_at(text, place, place + len(line))):
            yield number, (place, place + len(line))
