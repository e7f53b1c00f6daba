"""Cuts an answer into sentences and long sentences into clauses, each a span of the candidate's own text.

It judges nothing and changes no word: every piece can be quoted as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: A sentence ends here, unless what stands before is one of ABBREVIATIONS.
_END = re.compile(r"[.!?…]+[\"')\]]*(?=\s)|\n+|;(?=\s)")
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|etc|vs|cf|approx|resp|ca|fig|eq|no|dr|mr|ms)|(?:^|\s)[a-z0-9])\.$", re.IGNORECASE
)
#: What may part two clauses: a comma with or without a conjunction, a colon, a dash, or a conjunction alone.
_JOINT = re.compile(
    r",\s+(?:(?:and|but|so|while|whereas|because|since|or|which|where|then|otherwise|as|unlike|e\.g\.|i\.e\.)\s+)?"
    r"|:\s+|\s+[-–—]\s+|\s+(?:whereas|while|but|because|and then)\s+"
)
_BULLET = re.compile(r"(?:[-*•#>]+|\d{1,2}[.)])\s+")
LONG_SENTENCE = 9
SHORT_SENTENCE = 3
LEAST_BEFORE, LEAST_AFTER = 4, 5
#: Text without any full stop is cut after so many words, as the encoder sees no further than about 200.
MOST_WORDS = 60


@dataclass(frozen=True)
class Segment:
    """A piece of the answer. `sentence` is the index of the sentence that it is or belongs to."""

    start: int
    end: int
    sentence: int
    whole: bool

    def of(self, text: str) -> str:
        """The candidate's words."""
        return text[self.start : self.end]


def segments(text: str) -> list[Segment]:
    """Sentences, each followed by its clauses where it is long."""
    found: list[Segment] = []
    for index, (start, end) in enumerate(_sentences(text)):
        found.append(Segment(start, end, index, True))
        found += [Segment(a, b, index, False) for a, b in _clauses(text, start, end)]
    return found


def _sentences(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    last = 0
    for match in _END.finditer(text):
        if match.group().startswith(".") and _ABBREVIATIONS.search(text[last : match.start() + 1]):
            continue
        spans += _pieces(text, last, match.end())
        last = match.end()
    return spans + _pieces(text, last, len(text))


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The span without blanks and bullets around it, cut where it is endless; none where no word is left."""
    bullet = _BULLET.match(text, start + len(text[start:end]) - len(text[start:end].lstrip()))
    if bullet and bullet.end() < end:
        start = bullet.end()
    words = [m.span() for m in re.finditer(r"\S+", text[start:end])]
    if not any(c.isalnum() for c in text[start:end]):
        return []
    runs = [words[i : i + MOST_WORDS] for i in range(0, len(words), MOST_WORDS)]
    return [(start + run[0][0], start + run[-1][1]) for run in runs]


def _clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a long sentence; none where it does not come apart."""
    if len(text[start:end].split()) < LONG_SENTENCE:
        return []
    spans: list[tuple[int, int]] = []
    last = start
    for match in _JOINT.finditer(text, start, end):
        before, after = text[last : match.start()].split(), text[match.start() : end].split()
        if len(before) >= LEAST_BEFORE and len(after) >= LEAST_AFTER:
            spans.append((last, match.start()))
            last = match.end()
    if not spans:
        return []
    return [(a, b) for a, b in [*spans, (last, end)] if len(text[a:b].split()) >= SHORT_SENTENCE]
