"""Cuts an answer into sentences, each a span of the candidate's own text.

It judges nothing and changes no word: every piece can be quoted as it stands. Clauses beside the sentences were tried:
they doubled the CPU time of a graded turn (103 ms against 38) and ranked blind answers worse (evals/README.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: A sentence ends here, unless what stands before is one of ABBREVIATIONS.
_END = re.compile(r"[.!?…]+[\"')\]]*(?=\s)|\n+|;(?=\s)")
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|etc|vs|cf|approx|resp|ca|fig|eq|no|dr|mr|ms)|(?:^|\s)[a-z0-9])\.$", re.IGNORECASE
)
_BULLET = re.compile(r"(?:[-*•#>]+|\d{1,2}[.)])\s+")
_PRONOUN = re.compile(r"(?:it|they|this|these|that)(?P<verb>'s|'re|\u2019s|\u2019re)?(?=\s)", re.IGNORECASE)
LONGEST_ABBREVIATION = 8
#: Text without any full stop is cut after so many words, as the encoder sees no further than about 200.
MOST_WORDS = 60


@dataclass(frozen=True)
class Segment:
    """A piece of the answer."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The candidate's words."""
        return text[self.start : self.end]


def segments(text: str) -> list[Segment]:
    """The sentences of a text."""
    return [Segment(start, end) for start, end in _sentences(text)]


def _sentences(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    last = 0
    for match in _END.finditer(text):
        if match.group().startswith(".") and _ABBREVIATIONS.search(
            text, max(last, match.start() - LONGEST_ABBREVIATION), match.start() + 1
        ):
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


def with_subject(reply: str, subject: str) -> str:
    """A short reply with its subject named: in place of a pronoun that it begins with, or in front."""
    pronoun = _PRONOUN.match(reply)
    if pronoun is None:
        return f"{subject}: {reply}"
    verb = {"s": " is", "re": " are"}.get((pronoun["verb"] or "")[1:], "")
    return f"{subject}{verb}{reply[pronoun.end() :]}"
