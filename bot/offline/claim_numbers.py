"""Numbers as candidates write them: digits, 10k, 1e-3, 10^-3, sixty-four. It knows nothing of what is counted."""

from __future__ import annotations

import re

_UNITS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen "
        "eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_WORD = "|".join(sorted([*_UNITS, *_TENS, *_SCALES], key=len, reverse=True))
_POWER = re.compile(r"(?:(\d+(?:\.\d+)?)\s*[x×*·]\s*)?10\s*\^?\s*\(?([-−]\d+)\)?")
_DIGITS = re.compile(r"(\d{1,3}(?:[, ]\d{3})+|\d*[.,]?\d+)(?:e([-−+]?\d+))?\s*(k|thousand|million|m)?")
#: Any number, as a piece of a pattern.
NUMBER = (
    r"(?:(?:\d+(?:\.\d+)? ?[x×*·] ?)?10 ?\^ ?\(?[-−]\d+\)?"
    r"|(?<![\w.,])(?:\d{1,3}(?:[, ]\d{3})+|\d*[.,]?\d+)(?:e[-−+]?\d+)?(?: ?(?:k|thousand|million|"
    r"m))?(?![\w])(?![.,]\d)"
    rf"|(?<![\w-])a?(?:{_WORD})(?:(?:-| | and )(?:{_WORD}))*(?![\w]))"
)


def number(text: str) -> float | None:
    """The number that a text is; None where it is none, or several."""
    text = " ".join(text.lower().split())
    power = _POWER.fullmatch(text)
    if power is not None:
        return float(power[1] or 1) * 10.0 ** int(power[2].replace("−", "-"))
    digits = _DIGITS.fullmatch(text)
    if digits is not None:
        return _of_digits(digits)
    return _of_words(text)


def _of_digits(found: re.Match[str]) -> float:
    figures = found[1]
    grouped = re.fullmatch(r"\d{1,3}(?:[, ]\d{3})+", figures) and not figures.startswith("0")
    figures = re.sub(r"[, ]", "", figures) if grouped else figures.replace(",", ".")
    scale = {"k": 1e3, "thousand": 1e3, "million": 1e6, "m": 1e6}.get(found[3] or "", 1)
    return float(figures) * 10.0 ** int((found[2] or "0").replace("−", "-")) * scale


def _of_words(text: str) -> float | None:
    """The number that is spelt out: each word must be smaller than the one before, or scale it."""
    words = re.split(r"[- ]+", text)
    total, part, last = 0, 0, 10**9
    for at, word in enumerate(words):
        if word == "and" and at and words[at - 1] in _SCALES:
            continue
        if word in _SCALES:
            part, last = (part or 1) * _SCALES[word], _SCALES[word]
            if word != "hundred":
                total, part = total + part, 0
            continue
        value = _UNITS.get(word, _TENS.get(word))
        if value is None or value >= last or (last < 20) or (last < 100 and value >= 10):
            return None
        part, last = part + value, value
    return float(total + part)


def plain(value: float) -> str:
    """A number as a claim's value holds it: the same one is the same text, however it was written."""
    return str(int(value)) if value == int(value) else f"{value:g}"
