"""What the first sentences of a paragraph tell of the question that it answers, where the question itself is lost.

It looks at one paragraph at a time; which paragraphs belong together is inferring's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["what", "use", "happens", "kinds", "why", "need", "terms", "labels", "story"]

_SENTENCE = re.compile(r"(?<=[a-z0-9)\]”\"’'%])[.!?][”\"’']?\s+(?=[A-Z“\"])|(?<=[.!?])[”\"’']\s+(?=[A-Z“\"])")
_ADVERBIAL = re.compile(
    r"^(?:at|as|in|also|similar to|unlike|like|simply|generally|basically|essentially|for|with|within|among|while"
    r"|during|except for|in general|in practice|to put it simply|usually|typically"
    r"|traditionally)\b[^.;:]{0,90}?,[”\"’']?\s+",
    re.IGNORECASE,
)
_NAME = (
    r"(?P<np>(?:(?:An?|The)\s+)?[A-Za-z][\w/’'-]*"
    r"(?:\s+(?!(?:is|are|was|were|can|will|would|should|could|may|might|must|of)\b)[\w/’'-]+){0,5}?"
    r"(?:\s+of\s+\w+)?(?:\s*\([^)]{1,60}\))?)"
)
_DEFINES = (
    r"(?:is|are|was|were|refers? to|means|involves?|consists? of|represents?|denotes?|describes?|stands? for|occurs?"
    r"|alludes? to|can be (?:defined|described|thought of|seen) as|happens? when|works? by)"
)
_DOES = (
    r"(?:has|have|provides?|replicates?|decides?|uses?|works?|takes?|learns?|allows?|enables?|helps?|converts?|maps?"
    r"|measures?|computes?|performs?|combines?|adds?|reduces?|prevents?|adjusts?|controls?|determines?|generates?"
    r"|produces?|extracts?|contains?|includes?|requires?|lets?|gives?|makes?|evaluates?|transforms?|stores?|updates?"
    r"|calculates?|splits?|groups?|predicts?|classif(?:y|ies)|appl(?:y|ies)|tries|try|deals?|focus(?:es)?|aims?"
    r"|travels?|flows?|moves?|pass(?:es)?|begins?|starts?|keeps?|remembers?|estimates?|improves?|speeds?|normali[sz]es?)"
)
_WHAT = re.compile(rf"^{_NAME}\s+(?P<verb>{_DEFINES}|{_DOES})\b(?P<rest>.*)$", re.DOTALL)
_USE = re.compile(
    rf"^{_NAME}\s+(?:can|may|could) (?:also )?be (?:used|applied|employed) (?:for|in|to)\b"
    r"|^(?:some |the )?(?:common |main )?(?:applications|uses) of (?P<of>[\w /-]{2,40}?)\s+(?:are|include)\b",
    re.IGNORECASE,
)
_USED = re.compile(r"^\s*(?:mainly |mostly |widely |often )?(?:used|applied) (?:to|for|in)\b")
_BETTER = re.compile(r"\b(?:compared (?:to|with)|than) (?:any |most )?other\b", re.IGNORECASE)
_HAPPENS = re.compile(
    r"^(?:when|if)\s+(?P<np>(?:your|the|an?|we (?:choose|set|use) (?:the|an?))\s+[\w -]{2,40}?)\s+"
    r"(?:is|are|has|have)\s+(?:set )?(?P<state>too [\w-]+|not [\w-]+|very [\w-]+|[\w-]+ed)\b",
    re.IGNORECASE,
)
_KINDS = re.compile(
    r"^(?:there are|we have|there exist)\s+(?:\w+\s+)?(?P<count>two|three|four|five|six|seven|eight|several|many"
    r"|various|different|\d+)\s+(?P<np>(?:(?:main|different|major|basic|common|primary|important)\s+)*[\w-]+(?:\s[\w-]+){0,2}?)"
    r"(?P<of>\s+(?:in|of|for|to)\s+[^.:,;]{2,60})?\s*(?P<rest>[.:,;].*)?$",
    re.IGNORECASE | re.DOTALL,
)
_EITHER = re.compile(r"\b(?:we|you|one) can (?:either )?(?P<do>[a-z]+ (?:the |a |an |your )?[\w-]+)")
_CALLED = re.compile(
    r"\b(?:called|known as|referred to as|termed|named)\s+(?:an? |the )?[“\"‘'](?P<name>[^”\"’']{3,50}?)[.,]?[”\"’']"
)
_PROCESS = re.compile(
    r"^the (?:process|act|method|technique|practice|idea) of .{3,120}? is (?:called|known as)", re.IGNORECASE
)
_ONE_OF = re.compile(
    r"^one of the (?:most )?[\w, -]{3,80}? (?:is|are) "
    r"(?P<np>(?:an? |the )?[A-Za-z][\w-]*(?:\s[\w-]+){0,3}?)(?=[,.;]| that| which| for)",
    re.IGNORECASE,
)
_BASED = re.compile(
    r"^everything in .{2,40}? (?:is|are) (?:based|built) on (?:creating |using |building )?"
    r"(?P<np>(?:an? |the )?[\w-]+(?:\s[\w-]+){0,2})",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\b(?:this|that|which) is why (?P<np>(?:the |an? )?[\w-]+(?:\s(?!is\b|are\b)[\w-]+){0,4})\s+(?P<is>is|are)\s+"
    r"(?P<rest>[^,.;]{3,80})",
    re.IGNORECASE,
)
_NEEDED = re.compile(
    r"\b(?:we need|gave rise to|led to|comes?|brings us to|are introduced as)\s+"
    r"(?P<np>(?:the |an? )?(?:[A-Z][\w-]*)(?:\s[\w-]+)?)"
    r"(?=[.,;:]|\s+(?:architecture|model|network)s?\b|$)"
)
_STORY = re.compile(
    r"^(?:suppose|imagine|consider|let us (?:take|consider)|let[’']s (?:take|consider)|assume|think of)\b",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"\b((?:[A-Z][\w-]*\s){1,5})\(([A-Z][A-Za-z]{1,7})\)")
_LABEL = re.compile(r"^(?P<np>[A-Z][\w-]*(?:\s[\w-]+){0,3})\s*(?:[-–—]|:)\s+(?=\w)")

#: What no answer is about: words that point at something said before, and nouns that say too little.
_NO_SUBJECT = frozenset(
    "it this that these those they we you i he she there here each some many most such one all both other another if "
    "when while after before then thus hence however also our your their its his her what which who how why as at in "
    "on for with from by to of so and but or not no yes any every everything nothing something let note once now first "
    "second third next finally step steps figure table image example examples above below today".split()
)
#: Nouns that say nothing of what is spoken of, whatever stands before them.
_EMPTY = frozenset(
    "point thing reason reasons problem problems goal aim idea key result results way ways case cases addition "
    "advancement advancements step emphasis focus difference example number amount demand change need question answer "
    "article author interviewer purpose advantage disadvantage benefit drawback importance role fact part".split()
)
#: Nouns that name nothing by themselves.
_VAGUE = frozenset(
    "model models network networks process method methods approach technique techniques input inputs output outputs "
    "user value values component components data algorithm system function layer layers node nodes dimension "
    "paper".split()
)


@dataclass(frozen=True)
class Opening:
    """What a paragraph seems to answer: the kind of question, its subject, and how surely (0..1).

    `also` is what else the question needs: a state, a place, a predicate. `genus` is what the subject is said to be.
    """

    kind: Kind
    subject: str
    sure: float
    also: str = ""
    genus: str = ""
    definite: bool = False


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    found, start = [], 0
    for end in _SENTENCE.finditer(text):
        found.append(text[start : end.end()].strip())
        start = end.end()
    return [*found, text[start:].strip()] if text[start:].strip() else found


def opening(text: str) -> Opening | None:
    """What the paragraph seems to answer, from its first sentences."""
    said = sentences(text)
    if not said:
        return None
    first = said[0]
    bare = _stripped(first)
    for look in (_process, _one_of, _based, _use, _happens, _kinds, _label, _story):
        if found := look(bare, text):
            return found
    return _what(bare, 0.5) or _second(said) or _terms(text)


def _stripped(sentence: str) -> str:
    bare = _ADVERBIAL.sub("", sentence, count=1)
    return bare[:1].upper() + bare[1:] if bare else sentence


def _process(first: str, text: str) -> Opening | None:
    if not _PROCESS.match(first):
        return None
    named = _CALLED.search(text)
    return Opening("what", named["name"], 0.55) if named else None


def _one_of(first: str, _: str) -> Opening | None:
    found = _ONE_OF.match(first)
    return Opening("what", found["np"], 0.5) if found and _is_subject(found["np"]) else None


def _based(first: str, _: str) -> Opening | None:
    found = _BASED.match(first)
    return Opening("what", found["np"], 0.4) if found else None


def _use(first: str, _: str) -> Opening | None:
    found = _USE.match(first)
    subject = found and (found["np"] or found["of"])
    return Opening("use", subject, 0.5) if subject and _is_subject(subject) else None


def _happens(first: str, _: str) -> Opening | None:
    found = _HAPPENS.match(first)
    return Opening("happens", found["np"], 0.45, also=found["state"]) if found else None


def _kinds(first: str, _: str) -> Opening | None:
    found = _KINDS.match(first)
    if not found:
        return None
    if found["of"]:
        return Opening("kinds", found["np"], 0.45, also=found["of"].strip())
    either = _EITHER.search(found["rest"] or "")
    return Opening("kinds", re.sub(r"\s+here$", "", found["np"]), 0.35, also=f"to {either['do']}") if either else None


def _label(first: str, _: str) -> Opening | None:
    found = _LABEL.match(first)
    return Opening("labels", found["np"], 0.35) if found and _is_subject(found["np"]) else None


def _story(first: str, _: str) -> Opening | None:
    return Opening("story", "", 0.3) if _STORY.match(first) else None


def _what(sentence: str, sure: float) -> Opening | None:
    found = _WHAT.match(sentence)
    if not found or not _is_subject(found["np"]):
        return None
    subject, verb, rest = _named(found["np"]), found["verb"], found["rest"]
    doing = not re.fullmatch(_DEFINES, verb)
    also = "use" if verb in ("is", "are") and _USED.match(rest) else "why" if doing and _BETTER.search(rest) else ""
    return Opening(
        "what",
        subject,
        sure - 0.1 * doing,
        also=also,
        genus=_genus(rest) if verb in ("is", "are") else "",
        definite=subject.lower().startswith("the "),
    )


def _named(phrase: str) -> str:
    """The name in a phrase: without what belongs to it (`X’s signals`) and what follows its capitalised words."""
    owner = re.match(r"^(.*?)[’']s?\s", phrase)
    if owner:
        return owner[1]
    capitals = re.match(r"^((?:(?:An?|The)\s+)?(?:(?!The\b|An?\b)[A-Z][\w-]*\s+){2,}?)[a-z][\w\s-]*$", phrase)
    return capitals[1].strip() if capitals else phrase


def _second(said: list[str]) -> Opening | None:
    """A definition with an article at its head further on: `A hyperparameter is a parameter whose …`."""
    for sentence in said[1:3]:
        if re.match(r"^An?\s", sentence) and re.search(r"\b(?:is|are) (?:an?|the)\b", sentence[:80]):
            return _what(sentence, 0.45)
    return None


def _terms(text: str) -> Opening | None:
    names = list(dict.fromkeys(found["name"].strip(" .,") for found in _CALLED.finditer(text)))
    return Opening("terms", listed(names), 0.4) if names else None


def _is_subject(phrase: str) -> bool:
    """True for a phrase that an answer can be about."""
    named = [word.lower() for word in re.findall(r"[A-Za-z][\w’'-]*", re.sub(r"\([^)]*\)", "", phrase))]
    named = [word for word in named if word not in ("a", "an", "the")]
    if not named or named[0] in _NO_SUBJECT or named[-1] in _NO_SUBJECT:
        return False
    until = next((n for n, word in enumerate(named) if n and word in ("of", "in", "to", "for", "with")), len(named))
    return named[until - 1] not in _EMPTY and (len(named) > 1 or named[0] not in _VAGUE)


def _genus(rest: str) -> str:
    """What something is said to be: the noun after `is a …`."""
    rest = re.sub(r"\b(?:most\s+)?(?:\w+ly\s+)?(?:used|known|common|popular|important)\s+", "", rest, count=1)
    found = re.match(
        r"\s+(?:an?|the|one of the)\s+(.{2,60}?)"
        r"(?=\s+(?:of|that|to|which|for|in|used|whose|with|where|capable|represented)\b|[,.;]|$)",
        rest,
    )
    noun = found[1].split()[-1].lower() if found else ""
    return "" if noun in ("kind", "type", "form", "part", "set", "way", "measure", "subset") else noun


def reasons(text: str) -> Iterator[Opening]:
    """Questions that a later sentence of an answer gives away: `This is why … is …`."""
    for found in _WHY.finditer(text):
        yield Opening("why", found["np"], 0.4, also=f"{found['is']} {found['rest'].strip()}")


def needed(text: str) -> str | None:
    """A thing that a paragraph leads up to: `…, so we need GRUs`."""
    found = _NEEDED.search(text)
    if not found:
        return None
    after = re.match(r"\s+(architecture|model|network)s?\b", text[found.end() :])
    return found["np"] + (after.group() if after else "")


def named_with_abbreviation(text: str) -> str | None:
    """A term that is spelt out with its abbreviation behind it."""
    for found in _ABBREVIATED.finditer(text):
        initials = "".join(word[0] for word in re.split(r"[\s-]+", found[1].strip()))
        if initials.upper().endswith(found[2].upper().rstrip("S")):
            return f"{found[1].strip()} ({found[2]})"
    return None


def listed(names: list[str]) -> str:
    """Names as a phrase: `a, b and c`."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
