"""Words a question that was inferred: from what an answer's opening tells to a sentence that asks for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from bot.knowledge.importing.blocks import Block
from bot.knowledge.importing.openings import Opening, listed

#: How often words are written, each as it is written.
Counts = Mapping[str, int]
#: Names of things that there may be one of, and that stand without an article in hasty writing.
_COUNTED = re.compile(
    r"^(?!an? |the )\w[\w -]* (?:function|network|machine|model|layer|unit|graph|matrix|tree|gate)(?: \([A-Za-z]+\))?$",
    re.IGNORECASE,
)
_VOWEL = re.compile(r"[aeio]|[AEFHILMNORSX][A-Z]|[AEIO][a-z]")


def question_of(opening: Opening, names: Sequence[str], compared: bool, remedy: str, counts: Counts) -> str:
    """The question; `names` are all the subjects of an answer that has several, `counts` the words around it."""
    if opening.kind == "happens":
        return f"What happens when {inside(opening.subject, counts)} is {' or '.join(names or [opening.also])}?"
    subjects = [inside(name, counts) for name in names] or [inside(opening.subject, counts)]
    if compared and len(subjects) == 2:
        return f"What is the difference between {bare(subjects[0])} and {bare(subjects[1])}?"
    if len(subjects) > 1:
        more = f", and how can one {remedy} them" if remedy else ""
        return f"What are {listed([bare(one) for one in subjects])}{more}?"
    return _of_one(opening, subjects[0])


def _of_one(opening: Opening, subject: str) -> str:
    be = "are" if plural(subject) else "is"
    match opening.kind:
        case "use":
            return f"What can {subject} be used for?"
        case "kinds":
            return f"What are the {subject} {opening.also}?"
        case "why":
            verb, _, rest = opening.also.partition(" ")
            return f"Why {verb} {subject} {rest}?"
        case "need":
            return f"What {be} {subject}, and why do we need {'them' if be == 'are' else 'it'}?"
    if opening.also == "why":
        return f"Why would one choose {subject}?"
    if opening.also == "use":
        return f"What {be} {subject}, and what {be} {'they' if be == 'are' else 'it'} used for?"
    return f"What {be} {subject}?"


def inside(phrase: str, counts: Counts) -> str:
    """A phrase as it stands inside a sentence: its first word in small letters, where the text has it so."""
    phrase = re.sub(r"^your\s", "the ", phrase.strip(), flags=re.IGNORECASE)
    phrase = re.sub(r"\s*\((?:or|also|aka)\s[^)]*\)", "", phrase)
    first, space, rest = phrase.partition(" ")
    common = first[:1].isupper() and first[1:].islower() and not re.search(r"[A-Z]", rest)
    if first.lower() in ("a", "an", "the") or (common and _mostly_small(first, counts)):
        first = first.lower()
    phrase = f"{first}{space}{rest}"
    return f"{'an' if _VOWEL.match(phrase) else 'a'} {phrase}" if _COUNTED.search(phrase) else phrase


def _mostly_small(word: str, counts: Counts) -> bool:
    return 0 < counts.get(word.lower(), 0) >= counts.get(word, 0)


def counted(blocks: Sequence[Block]) -> Counts:
    """How often each word stands in these blocks, as it is written."""
    return Counter(word for block in blocks for word in re.findall(r"\w[\w’'-]*", block.plain))


def bare(phrase: str) -> str:
    """A phrase without its article, where several stand together."""
    return re.sub(r"^(?:the)\s", "", phrase)


def plural(phrase: str) -> bool:
    """True for a noun phrase in the plural, as far as its letters tell."""
    if " and " in phrase or re.match(r"^an?\s", phrase):
        return " and " in phrase
    head = re.split(r"\s+(?:of|in|for|to)\s+", re.sub(r"\s*\([^)]*\)", "", phrase))[0].split()[-1]
    return bool(re.search(r"(?:[A-Z]s|[^su]s|[^i]es)$", head)) and not re.search(r"(?:ss|us|is|ics)$", head)
