"""The little language of the phrase tables, and the search for the phrases that cover a message. It knows no phrase.

A phrase is a row of steps: `word`, `a|b` (either), `[a|b]` (either, or nothing), `,` (a pause or the end), a slot
(`<n>` a number, `<term>` one to six words, `<thing>` and `<topic>` one to five, the first without a verb, `<rest>` up
to sixteen, to the end of the sentence), and `{name}`, which stands for each of the wordings listed under that name.
Time is linear in the length of a message.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.offline.tokens import Word

_MACRO = re.compile(r"\{(\w+)\}")
#: How many words a slot may hold, at least and at most.
SLOTS: Mapping[str, tuple[int, int]] = {"n": (1, 1), "term": (1, 6), "thing": (1, 5), "topic": (1, 5), "rest": (0, 16)}
#: A term ends before these: what comes after them is a statement of its own.
_ENDS_A_TERM = frozenset(
    "but because since though although however except maybe perhaps probably i you so please".split()
)
_VERBS = frozenset("is are was were be do does did has have had can will would means mean it that this".split())
_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_NUMERAL = re.compile(r"q?(\d{1,3})(?:st|nd|rd|th)?")


@dataclass(frozen=True)
class Step:
    """One step of a phrase: one of `words`, or a slot, or (with neither) a pause."""

    words: frozenset[str] = frozenset()
    optional: bool = False
    slot: str = ""


@dataclass(frozen=True)
class Phrase:
    """One wording of a meaning. `key` is the meaning, with a detail after a colon where there is one."""

    key: str
    steps: tuple[Step, ...]

    @property
    def openers(self) -> frozenset[str]:
        """The words that it can begin with."""
        words: set[str] = set()
        for step in self.steps:
            words |= step.words
            if not step.optional:
                break
        return frozenset(words)

    @cached_property
    def needs(self) -> tuple[frozenset[str], ...]:
        """Of each of these it takes a word."""
        return tuple(step.words for step in self.steps if step.words and not step.optional)

    def possible(self, spoken: frozenset[str]) -> bool:
        """False when a message of these words lacks one that the phrase cannot do without."""
        return not any(map(spoken.isdisjoint, self.needs))


Slots = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Hit:
    """A phrase found at words[start:end]; `slots` names what filled its slots."""

    key: str
    start: int
    end: int
    slots: Slots = ()

    @property
    def meaning(self) -> str:
        return self.key.partition(":")[0]

    @property
    def detail(self) -> str:
        return self.key.partition(":")[2]

    @property
    def open_words(self) -> int:
        """How many words only a slot accounts for: the fewer, the surer the reading."""
        return sum(end - start for name, start, end in self.slots if name != "n")

    def slot(self, name: str) -> tuple[int, int] | None:
        return next(((start, end) for slot, start, end in self.slots if slot == name), None)


def number(word: str) -> int | None:
    """The number that a word names: `3`, `3rd`, `three`, `third`, `q3`."""
    match = _NUMERAL.fullmatch(word)
    if match:
        return int(match.group(1))
    for names in (_NUMBERS, _ORDINALS):
        if word in names:
            return names.index(word) + 1
    return None


def compile_phrases(table: Mapping[str, Iterable[str]], names: Mapping[str, Sequence[str]]) -> list[Phrase]:
    """The phrases of a table, with every `{name}` in them written out."""
    written = ((key, text) for key, texts in table.items() for text in texts)
    return [Phrase(key, tuple(map(_step, plain.split()))) for key, text in written for plain in _spelled(text, names)]


def _spelled(text: str, names: Mapping[str, Sequence[str]]) -> Iterator[str]:
    macro = _MACRO.search(text)
    if macro is None:
        yield text
        return
    for wording in names[macro.group(1)]:
        yield from _spelled(text[: macro.start()] + wording + text[macro.end() :], names)


def _step(written: str) -> Step:
    if written == ",":
        return Step()
    optional, plain = written.startswith("["), written.strip("[]")
    if plain.startswith("<"):
        slot = plain.strip("<>")
        if slot not in SLOTS:
            raise ValueError(f"there is no slot {written}; the slots are {', '.join(SLOTS)}")
        return Step(optional=optional, slot=slot)
    return Step(frozenset(plain.split("|")), optional)


def vocabulary(phrases: Iterable[Phrase]) -> frozenset[str]:
    return frozenset(word for phrase in phrases for step in phrase.steps for word in step.words)


class Table:
    """Phrases, found by the word that they begin with."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._by_opener: dict[str, list[Phrase]] = defaultdict(list)
        for phrase in phrases:
            for word in phrase.openers:
                self._by_opener[word].append(phrase)

    def search(self, words: Sequence[Word]) -> Search:
        return Search(self._by_opener, words)


class Search:
    """A table laid over one message: what cannot be in it is sorted out once for each word that is looked at."""

    def __init__(self, by_opener: Mapping[str, Sequence[Phrase]], words: Sequence[Word]) -> None:
        self._by_opener = by_opener
        self._words = words
        self._spoken = frozenset(w.text for w in words)
        self._sorted: dict[str, list[Phrase]] = {}

    def hits(self, at: int) -> Iterator[Hit]:
        """Every phrase that begins at words[at], at each of its possible ends."""
        for phrase in self._likely(self._words[at].text):
            for end, slots in _ends(phrase, self._words, at).items():
                if end > at:
                    yield Hit(phrase.key, at, end, slots)

    def leading(self, glue: Container[str], most: int) -> Iterator[Hit]:
        """What the message begins with, glue apart: phrases at its head or behind glue alone, within so many words."""
        reached = {0}
        for at in range(min(len(self._words), most)):
            for hit in self.hits(at) if at in reached else ():
                if hit.key in glue:
                    reached.add(hit.end)
                else:
                    yield hit

    def _likely(self, opener: str) -> list[Phrase]:
        """Put off until it is asked for: a chain that breaks at the first words never gets to the others."""
        found = self._sorted.get(opener)
        if found is None:
            found = [phrase for phrase in self._by_opener.get(opener, ()) if phrase.possible(self._spoken)]
            self._sorted[opener] = found
        return found


def _ends(phrase: Phrase, words: Sequence[Word], at: int) -> dict[int, Slots]:
    """Where the phrase can end when it begins at words[at], with its slots; of two ways the first found stays."""
    reached: dict[int, Slots] = {at: ()}
    for step in phrase.steps:
        moved: dict[int, Slots] = {}
        for place, slots in reached.items():
            for end, added in _advance(step, words, place):
                moved.setdefault(end, slots + added)
        if step.optional:
            for place, slots in reached.items():
                moved.setdefault(place, slots)
        if not moved:
            return {}
        reached = moved
    return reached


def _advance(step: Step, words: Sequence[Word], at: int) -> Iterator[tuple[int, Slots]]:
    if step.slot:
        yield from _fill(step.slot, words, at)
    elif step.words:
        if at < len(words) and words[at].text in step.words:
            yield at + 1, ()
    elif at == len(words) or words[at - 1].pause or words[at - 1].stop:
        yield at, ()


def _fill(slot: str, words: Sequence[Word], at: int) -> Iterator[tuple[int, Slots]]:
    least, most = SLOTS[slot]
    if least and words[at - 1].pause:
        return
    if least == 0:
        yield at, ((slot, at, at),)
    for end in range(at + 1, min(at + most, len(words)) + 1):
        word = words[end - 1]
        if not _may_fill(slot, word.text):
            return
        yield end, ((slot, at, end),)
        if word.stop or (word.pause and slot != "rest"):
            return


def _may_fill(slot: str, word: str) -> bool:
    match slot:
        case "n":
            return number(word) is not None
        case "thing":
            return word not in _ENDS_A_TERM and word not in _VERBS
        case "term" | "topic":
            return word not in _ENDS_A_TERM
    return True


def cover(words: Sequence[Word], table: Table) -> list[Hit] | None:
    """The cheapest chain of phrases that leaves no word over; None when there is none.

    A phrase costs one, a word that only a slot accounts for two more, so a fixed wording beats an open one.
    """
    search = table.search(words)
    best: list[tuple[float, tuple[Hit, ...]] | None] = [None] * (len(words) + 1)
    best[0] = (0.0, ())
    for at in range(len(words)):
        here = best[at]
        if here is None:
            continue
        for hit in search.hits(at):
            cost = here[0] + 1.0 + 2.0 * hit.open_words
            there = best[hit.end]
            if there is None or cost < there[0]:
                best[hit.end] = (cost, (*here[1], hit))
    last = best[-1]
    return list(last[1]) if last else None
