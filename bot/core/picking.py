"""Which option of a multiple choice some words name: by its letter, or in its own words. It judges no reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.core.question import Option, Question, lettered

_NOUN = r"(?:option|answer|letter|choice|alternative|variant|number)"
_CHOOSES = (
    r"(?:(?:go(?:ing)?|went|opt(?:ing)?|vote|plump) (?:for|with)|pick(?:ing|ed)?|choos(?:e|ing)|chose|take|taking|say|"
    r"select(?:ing|ed)?|think|guess|prefer|favou?r|settle on|stick(?:ing)? (?:with|to)|would be|must be|should be|it's|"
    r"it’s|it is|is|so|hence|thus|therefore|leaves|definitely|certainly|clearly|surely|probably|obviously)"
)
#: Words between a verb of choosing and the letter.
_LINK = rf"(?:\s+(?:it'?s|it is|that|the|probably|definitely|clearly|still|{_NOUN}))*"
_END = r"(?=[\s.,;:!?)\]]*$|\s*[.,;:!?)\]—–-]|\s+(?:because|since|as|is|for|and|due|would|it|i|the one|if|so)\b)"
_LETTER = r"[(\[\"'“*]{0,3}(?P<letter>[A-Za-z])[)\]\"'”*]{0,3}"
_PICKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\A\W*(?i:{_NOUN}\s*:?\s*)?{_LETTER}\s*(?=[.):,;!—–-]|$|\n|\s(?:because|since|as|for|is)\b)",
        rf"\b(?i:{_NOUN})\s*:?\s*{_LETTER}(?![\w'’]){_END}",
        rf"(?i:\b{_CHOOSES}|:){_LINK}\s+{_LETTER}(?![\w'’]){_END}",
        rf"(?<![\w'’]){_LETTER}\s+(?:is|seems|looks|sounds|would be)\s+(?:the\s+)?(?:right|correct|best|true|my|it\b)",
    )
)
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_BY_ORDER = re.compile(
    rf"(?:\b{_CHOOSES}{_LINK}|\A\W*)(?:\s+the|\bthe)?\s*\b(?P<which>{'|'.join(_ORDINALS)})"
    rf"(?:\s+(?:one|{_NOUN})\b|(?=\W*$))",
    re.IGNORECASE,
)
#: A second letter that is named in the same breath.
_AS_WELL = re.compile(
    r"^[)\]\"'”*]*\s*(?:,?\s*or|,?\s*and|/|&|,)\s*(?:option\s+|maybe\s+)?[(\[]?(?P<letter>[A-Ha-h])[)\]]?(?![\w'’])"
)
#: A lone letter; "A" only beside another one, as it begins too many sentences.
_BARE = re.compile(
    r"(?<![\w'’])\(?(?P<letter>[B-H]|A(?=\)?\s*(?:,|or|and|/|&)\s*\(?[B-H](?![\w'’])))\)?(?![\w'’])|"
    r"\((?P<other>[a-hA])\)"
)
_NOT_BEFORE = re.compile(
    r"\b(?:not|n't|never|neither|nor|rather than|instead of|unlike|except|than|against|rule[sd]? out|ruling out|"
    r"eliminate|exclude|without|drop|reject|wrong with|but)\s+(?:it'?s\s+|for\s+|with\s+|the\s+)?(?:option\s+|"
    r"answer\s+)?"
    r"(?:[(\[]?[A-Ha-h][)\]]?\s*(?:,|and|or|nor|&)\s*)*[(\[\"'“*]*$",
    re.IGNORECASE,
)
_NOT_BEHIND = re.compile(
    r"^[)\]\"'”*]*(?:\s*(?:,|and|or|&)\s*(?:option\s+)?[(\[]?[A-Ha-h][)\]]?)*\s*(?:,?\s*(?:is|are|was|seems?|"
    r"looks?|would be)"
    r"\s+(?:\w+ly\s+|all\s+|both\s+|just\s+)?(?:wrong|incorrect|false|not|out|no\b|bad|worse|tempting)|isn't|"
    r"aren't|can't|"
    r"cannot|leaks|would leak|fails|ignores|forgets|counts)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+")
_TENS = {w: str(10 * i) for i, w in enumerate("ten twenty thirty forty fifty sixty seventy eighty ninety".split(), 1)}
_SMALL = frozenset(
    "a an the of to in on at for and or but is are was were be it its this that these those as by with from so than "
    "them they then their there i would will we you one them all".split()
)
#: In a sentence that blames, the words of an option are no pick.
_BLAMES = re.compile(
    r"\b(?:not|n't|never|leak\w*|wrong|bad|mistake|avoid|optimistic|would be|problem|instead|rather|unlike|trap|"
    r"tempting|if (?:you|we|i|one))\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\d)[^.!?\n]+)*")
#: How far around a letter it is looked for what takes it back; and more letters than this pick nothing.
LOOK, MOST_LETTERS = 80, 60
#: A pick stands early in an answer.
LONGEST_SEARCHED = 3_000
COVERED, NEAR_VERBATIM, AHEAD = 0.65, 0.55, 0.25


@dataclass(frozen=True)
class Pick:
    """An option that was picked, and where in the words."""

    letter: str
    option: Option
    start: int
    end: int


def picked(question: Question, text: str) -> Pick | None:
    """The one option that is picked; None where it is none, or more than one."""
    options, text = dict(lettered(question)), text[:LONGEST_SEARCHED]
    named = [p for p in _by_letter(options, text) if not _rejected(text, p)]
    if not named:
        named = _in_words(options, text) or [p for p in _bare(options, text) if not _rejected(text, p)]
    return named[0] if len({p.letter for p in named}) == 1 else None


def _by_letter(options: dict[str, Option], text: str) -> list[Pick]:
    found = []
    for pattern in _PICKS:
        for match in islice(pattern.finditer(text), MOST_LETTERS):
            letter = match["letter"].upper()
            if letter in options and not _pronoun(match["letter"], text, match):
                found.append(Pick(letter, options[letter], match.start("letter"), match.end("letter")))
    also = [(p, _AS_WELL.match(text[p.end : p.end + LOOK])) for p in found]
    found += [_also(options, p, m["letter"].upper()) for p, m in also if m and m["letter"].upper() in options]
    return found + [_at(options, m) for m in _BY_ORDER.finditer(text)]


def _also(options: dict[str, Option], pick: Pick, letter: str) -> Pick:
    return Pick(letter, options[letter], pick.start, pick.end)


def _at(options: dict[str, Option], match: re.Match[str]) -> Pick:
    """The option that stands in that place of the list; the last one where the list is shorter."""
    letters = list(options)
    place = _ORDINALS[match["which"].lower()]
    letter = letters[min(place, len(letters) - 1)]
    return Pick(letter, options[letter], *match.span("which"))


def _pronoun(letter: str, text: str, match: re.Match[str]) -> bool:
    """True for the article "a" and for "I"."""
    if letter == "I":
        return True
    return (
        letter == "a"
        and re.match(r"\s+[a-z]", text[match.end("letter") : match.end("letter") + LOOK]) is not None
        and not re.match(r"\s+(?:because|since|as|is|for)\b", text[match.end("letter") : match.end("letter") + LOOK])
    )


def _bare(options: dict[str, Option], text: str) -> list[Pick]:
    return [
        Pick(letter, options[letter], m.start(), m.end())
        for m in islice(_BARE.finditer(text), MOST_LETTERS)
        if (letter := (m["letter"] or m["other"]).upper()) in options
    ]


def _rejected(text: str, pick: Pick) -> bool:
    before, behind = text[max(0, pick.start - LOOK) : pick.start], text[pick.end : pick.end + LOOK]
    return bool(_NOT_BEFORE.search(before) or _NOT_BEHIND.match(behind))


def _in_words(options: dict[str, Option], text: str) -> list[Pick]:
    """The options whose own words make up a sentence of the answer."""
    return [pick for m in islice(_SENTENCE.finditer(text), MOST_LETTERS) if (pick := _said(options, m)) is not None]


def _said(options: dict[str, Option], sentence: re.Match[str]) -> Pick | None:
    words = frozenset(_content(sentence.group()))
    blames = _BLAMES.search(sentence.group())
    covered = sorted(((_covered(option, words), letter) for letter, option in options.items()), reverse=True)
    (best, letter), second = covered[0], covered[1][0] if len(covered) > 1 else 0.0
    own = frozenset(_content(options[letter].says))
    if best < COVERED or best - second < AHEAD or (blames and not _BLAMES.search(options[letter].says)):
        return None
    if len(words & own) / max(1, len(words)) < NEAR_VERBATIM and len(own) > 1:
        return None
    if len(own) == 1 and len(words) > 4:
        return None
    start = sentence.start() + len(sentence.group()) - len(sentence.group().lstrip())
    return Pick(letter, options[letter], start, sentence.end())


def _covered(option: Option, words: frozenset[str]) -> float:
    own = frozenset(_content(option.says))
    return len(own & words) / len(own) if own else 0.0


def _content(text: str) -> Iterator[str]:
    """The words that matter, without endings; numbers without commas."""
    for word in _WORD.findall(re.sub(r"per cent|%", "percent", text.lower())):
        if word[0].isdigit():
            yield word.replace(",", "")
        elif word in _TENS:
            yield _TENS[word]
        elif word not in _SMALL:
            yield re.sub(r"(?:ing|ed|es|s|e)$", "", word) if len(word) > 4 else word
