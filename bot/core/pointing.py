"""Which sentences of an answer an objection points at: by quotation, by words in a row, or by the words they share.

It judges nothing. What is pointed at is always whole sentences: half of one may say the opposite of the whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: So many sentences of a part are pointed at by one objection; who quotes more quotes the answer, which was judged.
MOST_SENTENCES = 3
#: So many words of an objection are looked at, and so many quotations in it.
MOST_WORDS = 300
MOST_QUOTATIONS = 5
#: Of an answer no more is looked at than the offline grader judges.
MOST_CHARACTERS = 20_000
#: Words in a row that an objection shares with an answer by no accident.
IN_A_ROW = 4
#: Long words that a sentence must share with an objection without quotations, and their share of all it has.
LEAST_SHARED, SHARED = 3, 0.5
#: A word of so many letters carries meaning; so many of its first letters are compared, for the sake of its ending.
LONG, STEM = 4, 6

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
#: What is set off as another's words: lines that begin with `>` (all that follows, after `>>>`), or quotation marks of
#: any kind. An apostrophe in a word ends none.
_QUOTED = re.compile(
    r"^[ \t]*>>>(.+)"
    r"|^((?:[ \t]*>(?!>>)[^\n]*(?:\n|\Z))+)"
    r"|“([^“”]+)”|„([^„“”]+)[“”]|”([^“”]+)”|\"([^\"]+)\"|«([^«»]+)»|»([^«»]+)«|‹([^‹›]+)›|›([^‹›]+)‹"
    r"|(?<!\w)[‚‘']((?:[^‚‘’']|(?<=\w)[’'](?=\w))+)[‘’'](?!\w)"
    r"|`([^`]+)`",
    re.MULTILINE | re.DOTALL,
)
#: A sentence ends at its stop, or at an empty line. A line's end alone is none: it may be in the middle of one.
_END = re.compile(r"(?<![.!?…])[.!?…]+[\"'”’)\]]*(?=\s)|(?<![:\s])[ \t]*\n[ \t]*(?=\n)")
_ABBREVIATED = re.compile(r"(?:\b(?:e\.?g|i\.?e|etc|vs|cf|approx|resp|ca|fig|eq|no|dr|mr|ms)|(?:^|\s)\w)\.$", re.I)
#: Characters before a full stop that an abbreviation is looked for in.
_BEFORE = 10


@dataclass(frozen=True)
class Token:
    """A word, as it is compared, and where it stands."""

    word: str
    start: int
    end: int


def pointed_at(objection: str, answer: str) -> tuple[str, ...]:
    """The sentences of the answer that an objection points at, in their order, exactly as they stand."""
    answer = answer[:MOST_CHARACTERS]
    spans, said, meant = sentences(answer), tokens(answer), tokens(objection)[:MOST_WORDS]
    places = sorted(set(_quoted(objection, said)) or set(_in_a_row(meant, said)))
    met = [n for n, (start, end) in enumerate(spans) if bisect_left(places, start) < bisect_left(places, end)]
    met = met or _alike(meant, [tokens(answer[start:end]) for start, end in spans])
    return tuple(answer[slice(*spans[n])] for n in met[:MOST_SENTENCES])


def without(answer: str, words: Sequence[str]) -> str:
    """The answer less these sentences of it."""
    for sentence in words:
        answer = answer.replace(sentence, "\n")
    return answer.strip()


def sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text stand; rather too long ones than halves."""
    spans, last = [], 0
    for match in _END.finditer(text):
        before = text[max(last, match.start() - _BEFORE) : match.start() + 1]
        if match.group().startswith(".") and _ABBREVIATED.search(before):
            continue
        spans.append((last, match.end()))
        last = match.end()
    return [span for start, end in [*spans, (last, len(text))] if (span := _stripped(text, start, end)) is not None]


def _stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return (start, start + len(words.strip())) if words.strip() else None


def tokens(text: str) -> list[Token]:
    """The words of a text."""
    return [Token(m.group().casefold().replace("’", "'"), *m.span()) for m in _WORD.finditer(text)]


def unquoted(objection: str) -> str:
    """What an objection says itself: what it quotes is left out."""
    return _QUOTED.sub(" ", objection)


def _quoted(objection: str, said: Sequence[Token]) -> Iterator[int]:
    """Where in the answer stand the words that an objection has between quotation marks."""
    quotations = [next(filter(None, match.groups())) for match in _QUOTED.finditer(objection)]
    for quotation in quotations[:MOST_QUOTATIONS]:
        words = [token.word for token in tokens(quotation)[:MOST_WORDS]]
        if len(words) > 1 or (words and _tells(quotation.strip())):
            yield from places(words, said)


def _tells(word: str) -> bool:
    """Whether a single word says which sentence is meant: a long one or a term (SGD, L2), and no “is” or “not”."""
    return len(word) >= LONG or any(c.isupper() or c.isdigit() for c in word[1:])


def places(words: Sequence[str], said: Sequence[Token]) -> Iterator[int]:
    """Where a row of words stands: the place of each of them, once. One pass, however much repeats itself."""
    back, matched, given = _borders(words), 0, 0
    for n, token in enumerate(said):
        while matched and (matched == len(words) or token.word != words[matched]):
            matched = back[matched - 1]
        matched += token.word == words[matched]
        if matched == len(words):
            yield from (other.start for other in said[max(given, n + 1 - matched) : n + 1])
            given = n + 1


def _borders(words: Sequence[str]) -> list[int]:
    """How many of its first words each beginning of a row ends with: so far a row that broke off has begun anew."""
    found, matched = [0] * len(words), 0
    for n in range(1, len(words)):
        while matched and words[n] != words[matched]:
            matched = found[matched - 1]
        matched += words[n] == words[matched]
        found[n] = matched
    return found


def _in_a_row(objection: Sequence[Token], said: Sequence[Token]) -> Iterator[int]:
    """Where the answer has some words in a row that the objection has, too; two of them long ones."""
    rows = {tuple(t.word for t in objection[n : n + IN_A_ROW]) for n in range(len(objection) - IN_A_ROW + 1)}
    for n in range(len(said) - IN_A_ROW + 1):
        row = tuple(token.word for token in said[n : n + IN_A_ROW])
        if row in rows and sum(len(word) >= LONG for word in row) > 1:
            yield said[n].start


def _alike(objection: Sequence[Token], found: Sequence[Sequence[Token]]) -> list[int]:
    """The sentence that shares most long words with an objection, where that is a good part of them."""
    meant = _stems(objection)
    shared = [len(meant & _stems(sentence)) for sentence in found]
    most = max(shared, default=0)
    return [shared.index(most)] if most >= max(LEAST_SHARED, SHARED * len(meant)) else []


def _stems(words: Sequence[Token]) -> frozenset[str]:
    return frozenset(token.word[:STEM] for token in words if len(token.word) >= LONG)
