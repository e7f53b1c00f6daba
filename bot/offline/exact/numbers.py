"""Finds numbers as people write them: 1,024; 1 024; 3.5e-3; 1/3; 2^10; 14x14; 62.5 %; fourteen. It judges none."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

_SUPERS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_PLAIN_DIGITS = str.maketrans(_SUPERS + "−", "0123456789--")
_DIGITS = re.compile(
    r"(?:(?<![\w.])|(?<=\d[xX]))(?:\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?![\d,.]\d|\d)|\d+(?:[.,'_]\d+)*|\.\d+)"
)
_POWER = rf"(?:\s?(?:\^|\*\*)\s?[{{(]?([-−+]?\d+)[}})]?|([{_SUPERS}]+))"
_OWN_POWER = re.compile(_POWER)
_OF_TEN = re.compile(rf"\s?[xX×·*]\s?10{_POWER}")
_EXPONENT = re.compile(r"[eE]([-−+]?\d+)(?!\w)")
_SCALE = re.compile(r"\s?(k|K|M)(?!\w)|\s(thousand|million|billion)\b")
_PERCENT = re.compile(r"\s?(?:%|per\s?cent\b|percent\b|pct\b)")
#: A letter right behind a number makes it a name or a factor (2p, 3rd), unless it is a unit or a times sign.
_NAME = re.compile(r"(?![xX]\s?\d|(?:px|pixels?|ms|s|[kKMGT]?i?B|bits?)(?![A-Za-z]))[A-Za-z_]")
_BELOW = re.compile(r"\s?/\s?(\d+(?:\.\d+)?)(?!\w|\s?/)")
_SCALES = {"k": 1e3, "m": 1e6, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|[1-9]\d{0,2}(?:['_]\d{3})+(?:\.\d+)?")
_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
_WORDS = {w: i for i, w in enumerate((_UNITS + "seventeen eighteen nineteen").split())}
_TENS = {w: 10 * i for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SHARES = {
    "half": 1 / 2,
    "one half": 1 / 2,
    "a third": 1 / 3,
    "one third": 1 / 3,
    "two thirds": 2 / 3,
    "a quarter": 1 / 4,
    "one quarter": 1 / 4,
    "three quarters": 3 / 4,
}
_UNIT = "|".join(w for w in _WORDS if w != "one")
#: A lone "one" is a pronoun; it is a number in "one by one", and as all that is said.
_IN_WORDS = re.compile(
    rf"\b(?:(?P<share>{'|'.join(sorted(_SHARES, key=len, reverse=True))})"
    rf"|(?P<tens>{'|'.join(_TENS)})(?:[- ](?P<unit>one|{_UNIT}))?|(?P<alone>{_UNIT})"
    rf"|(?P<one>(?<=\A)one(?=\W*\Z)|one(?=\s(?:by|times)\sone\b)|(?<=one\sby\s)one|(?<=one\stimes\s)one))\b",
    re.IGNORECASE,
)
_BULLET = re.compile(r"(?m)^\s*(\d{1,2})[.)]\s+(?=\S)")
#: What is counted and not computed: "step 2", "line 7".
_LABEL = re.compile(r"\b(?:step|line|figure|point|part|example|case|option|no\.)\s*#?$", re.IGNORECASE)
_WORD_AND_BLANK = re.compile(r"[A-Za-z]{2,}\s+$")
_MINUS = re.compile(r"\bminus\s+$", re.IGNORECASE)
#: What something is taken away from: a number, a closed bracket, a name of one letter.
_OPERAND = re.compile(r"(?:[\d)\]%]|\b[A-Za-z])\s*$")
#: Bytes are counted in thousands or as they are.
_KILOBYTES = re.compile(r"\s?[kK]i?B\b")
#: Enough of what stands before a number to know its sign; and more numbers than this nobody reads.
LOOK_BACK, MOST_NUMBERS = 40, 300
MOST_POWER, GREATEST_BASE = 64, 1e6


@dataclass(frozen=True)
class Number:
    """A number in a text and what it may mean; `part` is true of what only stands within another one (a divisor)."""

    start: int
    end: int
    values: tuple[float, ...]
    part: bool = False

    def comes_to(self, value: float, tolerance: float = 0.0) -> bool:
        """True when one of its readings is that value."""
        return any(near(v, value, tolerance) for v in self.values)


def near(one: float, other: float, tolerance: float = 0.0) -> bool:
    """Equal within an absolute tolerance, and what floating point needs besides."""
    return abs(one - other) <= tolerance + 1e-9 * max(1.0, abs(other))


def numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text in order. Those that count the lines of a list are none."""
    bullets = _bullets(text)
    read = (*islice(_in_digits(text), MOST_NUMBERS), *islice(_in_words(text), MOST_NUMBERS))
    return tuple(sorted((n for n in read if n.start not in bullets), key=lambda n: (n.start, n.part)))


def _bullets(text: str) -> frozenset[int]:
    """Where the numbers of a numbered list stand."""
    places = {int(m[1]): m.start(1) for m in _BULLET.finditer(text)}
    return frozenset(m.start(1) for m in _BULLET.finditer(text)) if {1, 2} <= places.keys() else frozenset()


def _in_digits(text: str) -> Iterator[Number]:
    taken = 0
    for match in _DIGITS.finditer(text):
        if match.start() < taken:
            continue
        read = _listed(match) or _whole(text, match)
        if _NAME.match(text, read[-1].end) or _LABEL.search(text[max(0, match.start() - 12) : match.start()]):
            continue
        taken = read[-1].end
        below = _BELOW.match(text, taken)
        if below and len(read) == 1 and float(below[1]):
            taken = below.end()
            yield Number(match.start(), taken, (read[0].values[0] / float(below[1]),))
            yield Number(match.start(), match.end(), read[0].values, part=True)
            yield Number(below.start(1), taken, (float(below[1]),), part=True)
        else:
            yield from read


def _listed(match: re.Match[str]) -> tuple[Number, ...]:
    """The numbers of a list without blanks ("14,14,32"); none where it is one number."""
    pieces = match.group().split(",")
    if len(pieces) < 3 or _THOUSANDS.fullmatch(match.group()):
        return ()
    found, place = [], match.start()
    for piece in pieces:
        found.append(Number(place, place + len(piece), (_value(piece),)))
        place += len(piece) + 1
    return tuple(found)


def _whole(text: str, match: re.Match[str]) -> tuple[Number, ...]:
    """The number of a match with all that belongs to it: powers, thousands, per cent."""
    value, end = _value(match.group()), match.end()
    if found := _OF_TEN.match(text, end) or _EXPONENT.match(text, end):
        value, end = value * _power(10.0, next(filter(None, found.groups()))), found.end()
    elif found := _OWN_POWER.match(text, end):
        value, end = _power(value, next(filter(None, found.groups()))), found.end()
    if found := _SCALE.match(text, end):
        value, end = value * _SCALES[(found[1] or found[2]).lower()], found.end()
    value = -value if _negative(text[max(0, match.start() - LOOK_BACK) : match.start()]) else value
    if found := _PERCENT.match(text, end):
        return (Number(match.start(), found.end(), (value / 100, value)),)
    if _KILOBYTES.match(text, end):
        return (Number(match.start(), end, (value, 1000 * value)),)
    return (Number(match.start(), end, (value,)),)


def _value(digits: str) -> float:
    """What digits with points and commas come to."""
    joined = re.sub(r"\s", "", digits)
    if _THOUSANDS.fullmatch(joined) or joined.count(".") > 1:
        joined = re.sub("[,'_]", "", joined) if joined.count(".") < 2 else joined.replace(".", "")
    try:
        return float(joined.replace(",", "."))
    except ValueError:
        return math.nan


def _power(base: float, written: str) -> float:
    power = int(written.translate(_PLAIN_DIGITS) or 0) if re.search(r"\d|[⁰-⁹¹²³]", written) else 1
    if abs(power) > MOST_POWER or base > GREATEST_BASE or (base == 0 and power < 0):
        return math.nan
    try:
        return float(base**power)
    except OverflowError:
        return math.nan


def _negative(before: str) -> bool:
    """True when a minus stands before, as a sign or as the word, that takes nothing away from anything."""
    if spoken := _MINUS.search(before):
        return _OPERAND.search(before[: spoken.start()]) is None
    if not before.endswith(("-", "−", "–")):
        return False
    left = before[:-1].rstrip()
    if _WORD_AND_BLANK.search(before[:-1]):
        return True
    return not left or not (left[-1].isalnum() or left[-1] in ")]%")


def _in_words(text: str) -> Iterator[Number]:
    for match in _IN_WORDS.finditer(text):
        if match["share"]:
            value = _SHARES[match["share"].lower()]
        elif match["tens"]:
            value = _TENS[match["tens"].lower()] + (_WORDS[match["unit"].lower()] if match["unit"] else 0)
        else:
            value = _WORDS[(match["alone"] or match["one"]).lower()]
        yield Number(match.start(), match.end(), (float(value),))
