"""Cuts words that come in pieces into sentences, each as soon as its end is there. It says nothing of what they say.

A line that begins with `Q:` holds what is to be put: it is no sentence to be said, and is given at the end.
"""

from __future__ import annotations

import re

#: Characters of a sentence, or of what is put, after which nothing good comes.
LONGEST = 1_000
#: Characters of all that is taken: three sentences and what is put. What comes after them is not looked at.
MOST_TAKEN = 4 * LONGEST
#: Characters looked back at for the word before a full stop, and signs that may close a sentence together.
_BACK = 40
_RUN = 20
#: A full stop after one of these ends no sentence.
_SHORT = frozenset("e.g i.e etc vs cf approx fig eq no mr mrs ms dr prof al resp incl st".split())
_PUT = re.compile(r"\A[\s*_>#-]*Q\s*:[*_]*\s*", re.IGNORECASE)
#: What a line may be so far that could yet turn out to begin with `Q:`.
_MAY_PUT = re.compile(r"\A[\s*_>#-]*(?:Q\s*)?\Z", re.IGNORECASE)
_LAST_WORD = re.compile(r"([\w.’'-]+)\Z")
#: A word after which a full stop is taken for an end before anything follows: it is no number, and no name with dots.
_PLAIN_WORD = re.compile(r"(?<![\w.’'-])(?=\w*[aeiouy])[A-Za-z]?[a-z’'-]{2,}\Z")
_CLOSING = "\"”’')]"


class Sentences:
    """Takes text in pieces; `add` and `end` give the sentences that are whole by then."""

    def __init__(self) -> None:
        self._open = ""
        self._putting = False
        self._put = ""
        self._room = MOST_TAKEN

    @property
    def wording(self) -> str:
        """What followed `Q:`, on one line."""
        return " ".join(self._put.split()).lstrip("*_ ")

    @property
    def overflows(self) -> bool:
        """Whether more came without an end than anybody would put, or say in a sentence."""
        return self._room < 0 or max(len(self._open), len(self._put)) > LONGEST

    def add(self, text: str) -> list[str]:
        """The sentences that this text completes; none once more came than anybody says."""
        if self.overflows:
            return []
        taken = text[: self._room]
        self._room -= min(len(text), self._room + 1)
        found = []
        for line in re.findall(r"[^\n]*\n|[^\n]+", taken.replace("\r", "")):
            found += self._line(line)
        return found

    def end(self) -> list[str]:
        """What is left when nothing more comes: a last sentence that nothing ended."""
        if self._putting or self._begins_to_put():
            return []
        rest, self._open = self._open.strip(), ""
        return [rest] if rest else []

    def _line(self, text: str) -> list[str]:
        """Takes the rest of a line, or the next piece of one."""
        if self._putting:
            self._put += text
            return []
        self._open = (self._open + text).lstrip(" \t.!?…")  # what is left of an ellipsis begins no sentence
        if self._begins_to_put() or _MAY_PUT.match(self._open):
            return []
        found = []
        while (at := self._ends_at()) is not None:
            found.append(self._open[:at].strip())
            self._open = self._open[at:].lstrip(" \t")
            if self._begins_to_put():
                break
        if self._open.endswith("\n") and not self._putting:
            found.append(self._open.strip())
            self._open = ""
        return [sentence for sentence in found if sentence]

    def _begins_to_put(self) -> bool:
        if not self._putting and (begins := _PUT.match(self._open)):
            self._putting, self._put, self._open = True, self._open[begins.end() :], ""
        return self._putting

    def _ends_at(self) -> int | None:
        """Where the first sentence of what is open ends; None while that cannot be said."""
        quoted = code = False
        for at, sign in enumerate(self._open):
            if sign in '"“”':
                quoted = sign == "“" or (sign == '"' and not quoted)
            code ^= sign == "`"
            if sign == "\n":
                return at + 1
            if code or (quoted and sign in ".!?…"):
                continue
            if sign in ".!?…" or (sign in '"”' and not quoted and self._open[max(0, at - 1)] in ".!?…"):
                end = self._end_from(at)
                if end is not None:
                    return end
        return None

    def _end_from(self, at: int) -> int | None:
        """Where the sentence ends whose last sign stands here; None where it does not end, or may go on."""
        end = at + 1
        while end < min(len(self._open), at + _RUN) and self._open[end] in ".!?…" + _CLOSING:
            end += 1
        if end < len(self._open):
            return end if self._open[end].isspace() and not self._short(at) else None
        sure = self._open[at] in "!?" or self._open[at] in _CLOSING + '"”' or self._before(_PLAIN_WORD, at)
        return end if sure and not self._short(at) else None

    def _short(self, at: int) -> bool:
        """Whether the full stop here belongs to an abbreviation, or to a letter that stands for a name."""
        word = self._before(_LAST_WORD, at)
        if self._open[at] != "." or word is None:
            return False
        return word[1].casefold().strip(".") in _SHORT or (len(word[1]) == 1 and word[1].isalpha() and word[1] != "I")

    def _before(self, pattern: re.Pattern[str], at: int) -> re.Match[str] | None:
        """What a pattern finds just before a sign; in a long word it is not looked for from every letter."""
        return pattern.search(self._open, max(0, at - _BACK), at)
