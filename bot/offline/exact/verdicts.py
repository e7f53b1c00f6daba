"""Yes-no questions: the verdict that is said at the start, or as the conclusion; and premises that are rejected."""

from __future__ import annotations

import re

from bot.core.question import Question
from bot.offline.exact.finds import Finds, met, sentence_at, wrong

_FILLER = (
    r"(?:\s*(?:well|hm+|um+|uh+|so|ok(?:ay)?|honestly|actually|basically|in short|short answer|my answer|the answer|"
    r"i (?:think|believe|guess|suppose|would say)|i'd say|is|that|here|in general|generally|in principle|"
    r"strictly speaking)"
    r"\b[\s,:–—-]*)*"
)
_STRONG = r"(?:(?:definitely|certainly|absolutely|clearly|surely|of course|most likely|probably)\s+)?"
_HEDGE = re.compile(
    rf"^\W*{_FILLER}(?:it(?:'s| is)? (?:all )?depends?|that (?:all )?depends?|depends|yes and no|no and yes|"
    rf"maybe|perhaps|partly|not "
    r"necessarily|sometimes|it can be both|hard to say|yes or no|i(?:'m| am) not sure|don't know)",
    re.IGNORECASE,
)
_BEHIND_NO = (
    r"(?=\W*$|\s*[,.;:!—–(\n]|\s*-|\s+(?:you|we|it|that|this|there|they|i|because|since|not|way|a|the|as|if|sir|each|"
    r"every|tying|sharing|but)\b)"
)
_NO = re.compile(
    rf"^\W*{_FILLER}(?:{_STRONG}(?:no{_BEHIND_NO}|nope|nah|not really|not quite|not at all|never{_BEHIND_NO})"
    r"|(?:certainly|of course|absolutely|definitely|probably|surely|clearly|better) not"
    r"|(?:you|we|one|it|they|i)(?: really| simply| just)? (?:can't|can’t|can ?not|may not|must not|mustn't|should not|"
    r"shouldn't|wouldn't|would not|won't|will not|doesn't|does not|don't|do not)\b(?! (?:see|think of) (?:any|"
    r"a) (?:problem|reason))"
    r"|(?:that|it|this)(?:'s| is| would be|’s)(?: really| simply)? (?:not (?:possible|true|right|correct|"
    r"ok(?:ay)?|fine|a good "
    r"idea|allowed|the case|so)|impossible|wrong|false)|(?:that|it|this)(?: really)? (?:isn't|wouldn't be|"
    r"won't be|doesn't work|"
    r"won't work)|impossible|false|wrong|incorrect)",
    re.IGNORECASE,
)
_YES = re.compile(
    rf"^\W*{_FILLER}(?:{_STRONG}(?:yes|yep|yeah|yup|ya|aye|correct|right|true|sure)\b(?! enough)|of course\b(?! not)"
    r"|certainly\b(?! not)|absolutely\b(?! not)|indeed\b|definitely\b(?! not)|exactly\b|no problem\b|no doubt\b"
    r"|(?:you|we|one|it|they)(?: really| simply| just)? (?:can|may|could)\b(?! ?not\b|'t)"
    r"|(?:that|it|this)(?:'s| is| would be|’s)(?: perfectly| quite| totally)? (?:possible|true|right|correct|"
    r"ok(?:ay)?|fine|allowed|"
    r"the case|so)\b)",
    re.IGNORECASE,
)
#: What takes back what was said: the last verdict behind it counts.
_CORRECTED = re.compile(
    r"\b(?:wait|scratch that|sorry|correction|on second thoughts?|i mean|i take that back)\b[\s,.:;—–-]*"
    r"(?:(?:actually|then|so|it's|i mean)\b[\s,]*)*(?=(?:yes|no|nope|yeah)\b)",
    re.IGNORECASE,
)
_CONCLUDED = re.compile(
    r"(?:^|[.!?,\n]\s*)(?:so|therefore|hence|in short|thus|overall)[\s,:]+(?:(?:the|my) answer (?:is|"
    r"would be)\s*)?(?=(?:yes|no)\b"
    r"\W*(?:$|[.,\n]))",
    re.IGNORECASE,
)
_REJECTED = re.compile(
    r"\b(?:the|your|that|this)\s+(?:\w+\s+)?(?:premise|assumption|claim|statement|question)\b[^.!?\n]{0,40}?"
    r"(?:(?:\bis|\bseems|[’']s)\s+(?:\w+ly\s+|a bit\s+|simply\s+)?(?:wrong|false|incorrect|mistaken|flawed|"
    r"misleading)\b"
    r"|(?:\bnot|n't|n’t)\s+(?:\w+\s+){0,2}?(?:true|right|correct|hold|so|accurate|stand|follow)\b)"
    r"|\b(?:i|i'd|i would|we)\s+(?:\w+\s+)?(?:disagree|challenge|question|dispute|reject|"
    r"contest)\b[^.!?\n]{0,20}\b(?:premise|"
    r"assumption|claim|that|this)\b",
    re.IGNORECASE,
)
_ACCEPTED = re.compile(
    r"\b(?:not|n't|nothing)\s+(?:\w+\s+)?(?:wrong|false|incorrect|disagree|mistaken|challenge|question|dispute)\b", re.I
)
#: "Yes, but …": whether that is a yes depends on what comes.
_BUT = re.compile(r"^[^.!?\n]{0,60}\b(?:but|though|however|although|only)\b\W+\w", re.IGNORECASE)


#: A verdict stands early in an answer, and is short.
LONGEST_SEARCHED, LONGEST_VERDICT = 3_000, 300


def verdict(question: Question, text: str) -> Finds:
    """The verdict of a yes-no question as a find; a hedge is none."""
    if question.verdict is None or question.hinge is None:
        return Finds()
    said = _said(text)
    if said is None:
        return Finds()
    word, start, end = said
    evidence = sentence_at(text, start, end)
    find = met(question.hinge, evidence) if word == question.verdict else wrong(question.hinge, evidence)
    return Finds((find,), settled=frozenset({question.hinge}), heard=True)


def rejection(question: Question, text: str) -> Finds:
    """A false premise that is rejected in so many words."""
    found = _REJECTED.search(text, 0, LONGEST_SEARCHED) if question.kind == "trap" else None
    if found is None or question.hinge is None:
        return Finds()
    evidence = sentence_at(text, *found.span())
    return Finds() if _ACCEPTED.search(evidence) else Finds((met(question.hinge, evidence),))


def _said(text: str) -> tuple[str, int, int] | None:
    """The verdict and its place: what a correction says, else what the answer begins with, else what it concludes."""
    text = text[:LONGEST_SEARCHED]
    places = [m.end() for m in _CORRECTED.finditer(text)]
    for start in (*reversed(places), 0, *(m.end() for m in _CONCLUDED.finditer(text))):
        rest = text[start : start + LONGEST_VERDICT]
        if _HEDGE.match(rest):
            return None
        for word, pattern in (("no", _NO), ("yes", _YES)):
            if found := pattern.match(rest):
                if _BUT.match(rest[found.end() :]):
                    return None
                begin = start + len(found.group()) - len(found.group().lstrip())
                return word, begin, start + found.end()
    return None
