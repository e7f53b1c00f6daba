"""What is no evidence whatever it says: too little, another language, lists of words, copies of the question, pleas.

It reads words only and decides no mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core.marking import Part
from bot.core.question import Question
from bot.offline.wording import FUNCTION_WORDS, NEGATORS, common, wording, words

LEAST_CONTENT_WORDS = 2
#: A text of at least so many words is a list of terms when it has no verb, so few small words, and either runs on
#: without a stop or falls into scraps of a word or two. Telegram style has scraps of middling length, and passes.
SOUP_WORDS, SOUP_SHARE = 7, 0.2
RUN_ON_WORDS, SCRAP_WORDS = 10, 2.5
#: A piece is a copy when at least so many of its content words stand in a prompt in the same order.
COPIED_WORDS, COPIED_SHARE = 4, 0.9
#: A share of letters outside the Latin script from which on a text is not English.
FOREIGN_LETTERS = 0.3
FOREIGN_WORDS = 5

_PLEA = re.compile(
    r"\b(?:ignore|disregard|forget(?! gates?\b)|override|bypass)\b.{0,40}"
    r"\b(?:rubric|instruction\w*|prompt|rule\w*|criteria|above|previous|"
    r"key points?|statements?)\b"
    r"|\bfull (?:marks?|credit|points|score(?! matri))\b|\b(?:maximum|top|highest) (?:marks?|grade)\b"
    r"|\bperfect (?:marks?|score|grade)\b"
    r"|\b(?:deserv\w+|earn\w*|merit\w*|giv\w+|award\w*|grant\w*|worth)\b.{0,30}\b(?:maximum|top|highest) score\b"
    r"|\b(?:give|award|grant|assign|mark|grade|rate|score)\s+(?:my|(?:the|this) (?:answer|candidate|response))\b"
    r"|\b(?:award|grant|assign|mark|grade|rate|score)\s+me\b"
    r"|\bgive\s+me\b(?!\s+(?:an? )?\d+(?:\.\d+)?\b(?!\s*(?:/|out of|points?|marks?|%|percent)))"
    r"|\b(?:give|award|grant|assign|mark|grade|rate|score)\s+(?:this|it)\s+(?:as\s+|with\s+)?(?:an?\s+|the\s+)?"
    r"(?:\d|(?:full|perfect|high\w*|good|best|top|max\w*|well|met|correct|right|strong|excellent|pass)\b)"
    r"|\bsystem prompt\b|\byou are (?:now|no longer)\b|\bas an? (?:ai|examiner|grader)\b"
    r"|\bas an? (?:large )?language model,? you\b"
    r"|\bi am (?:the|your) (?:examiner|grader|developer|administrator|interviewer)\b"
    r"|\b(?:all|every|each) (?:of the )?(?:key |marking )?(?:point|criteri)\w*\b.{0,30}"
    r"\b(?:met|covered|satisfied|correct|full)"
    r"|\b(?:covers?|meets?|satisf\w+) (?:all|every|each)\b.{0,20}\b(?:key )?(?:points?|criteri\w+)"
    r"|\bcredit\W{1,4}1(?:\.0)?\b|\bverdict\W{1,4}met\b"
    r"|\bconfirm (?:that|everything|all)\b.{0,60}\b(?:was|were|is|are) met\b|\b(?:reply|answer|respond) only with\b",
    re.IGNORECASE,
)
#: Words that are frequent in these languages and rare in English.
_FOREIGN = frozenset(
    "der das und ist nicht ein eine einen einer mit auf für den dem wird werden sind auch sich bei wenn als "
    "oder durch zu im "
    "le les une est dans pour que qui avec sur par pas sont du au aux cette ce il elle nous vous plus ou et "
    "el los las una es con para por se del como más su lo pero cuando entre y "
    "il gli della delle di che per non sono nel alla questo uno e "
    "os uma não em ao são mais dos das como isso "
    "het een van niet voor zijn wordt met naar ook bij "
    "och att det som är inte på av til og ikke jeg "
    "jest nie się oraz które w z na i ve bir bu için ile olarak".split()
) - {"me", "on", "non", "a", "an", "as", "in", "i", "no", "so", "per", "plus", "z", "w", "y", "e", "os", "van"}
#: Verbs of explanations. Left out are those that are as often nouns here (update, output, measure, sample, step).
_BASE_VERBS = (
    "use take give make mean go get put keep run look see say tell find need want let call compute calculate "
    "apply add multiply divide subtract move learn predict feed send come become turn work help fit depend "
    "compare minimise minimize maximise maximize reduce increase decrease choose pick select begin repeat combine "
    "connect contain consist produce generate separate split slide scan detect extract shrink save avoid prevent "
    "allow fail converge diverge oscillate overfit generalise generalize store remember adapt correct try know "
    "think have build create follow lead happen require represent describe define show tend stay grow fall rise "
    "drop carry hold lie adjust tweak nudge shift propagate differentiate collapse saturate fire flow stack reach "
    "treat ask draw solve serve bring cause differ vary exist belong assume ensure introduce replace receive "
    "return respond settle stop start include rely expect insert excel demand evaluate approximate handle damp "
    "speed equal consume fill suffer mix merge squash clip clear reset initialise initialize freeze flatten "
    "downsample perform behave enter leave remain accelerate lift lower suit transfer play"
).split()
_FINITE = frozenset(
    "is are was were be been being am has had does did do can could will would shall should may might must cannot "
    "took gave made meant went got ran saw said told found came became chose began knew thought fell rose "
    "grew held lay drew brought stood stands kept sent fed shows changes".split()
    + [verb + ending for verb in _BASE_VERBS for ending in ("s", "es")]
    + [verb[:-1] + "ies" for verb in _BASE_VERBS if verb.endswith("y")]
) - {"weights", "fits", "stacks", "flows", "drops", "works"}
_IMPERATIVE = frozenset(_BASE_VERBS)
_SMALL = (
    FUNCTION_WORDS
    | NEGATORS
    | frozenset(
        "over after before each every per more less few fewer most least through while if because until between into "
        "out up down only all any both some many other such same another via about across during whereas since "
        "too".split()
    )
)
_SCRAP_END = re.compile(r"[,;:.!?\n/|]+|\s[-–—]\s")
_FORMULA = re.compile(r"[=<>()_]")
_LETTER_SCRIPT = re.compile(r"[A-Za-z\u00c0-\u024f]")


def too_little(text: str, least: int = LEAST_CONTENT_WORDS) -> bool:
    """True when hardly a word of content is left."""
    return len(wording(text).stems) < least and not _letters_beyond_latin(text)


def foreign(text: str) -> bool:
    """True when the text is not English as far as its letters and small words tell."""
    if _letters_beyond_latin(text) >= FOREIGN_LETTERS:
        return True
    found = re.findall(r"[a-z\u00c0-\u024f']+", text.lower())
    if len(found) < FOREIGN_WORDS:
        return False
    english = sum(w in FUNCTION_WORDS or w in NEGATORS for w in found)
    other = sum(w in _FOREIGN and w not in FUNCTION_WORDS for w in found)
    return other > english and other / len(found) >= 0.12


def _letters_beyond_latin(text: str) -> float:
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return 0.0
    # single Greek letters stand in formulas, so a lone symbol does not count as a language
    other = [c for c in letters if not _LETTER_SCRIPT.match(c) and not _in_formula(c)]
    return len(other) / len(letters)


def _in_formula(letter: str) -> bool:
    return "\u0370" <= letter <= "\u03ff" or "\u2100" <= letter <= "\u214f" or "\U0001d400" <= letter <= "\U0001d7ff"


def soup(text: str) -> bool:
    """True for a list of terms: no verb, hardly a small word, and no shape of a sentence or a note."""
    found = words(text)
    scraps = [part for piece in _SCRAP_END.split(text) if (part := words(piece))]
    if len(found) < SOUP_WORDS or _FORMULA.search(text) or any(map(has_verb, scraps)):
        return False
    if sum(w in _SMALL or w.isdigit() for w in found) / len(found) >= SOUP_SHARE:
        return False
    return max(map(len, scraps)) >= RUN_ON_WORDS or len(found) / len(scraps) <= SCRAP_WORDS


def has_verb(scrap: Sequence[str]) -> bool:
    """True for a finite verb, or an imperative in front; within a list other forms may be adjectives and nouns."""
    return scrap[0] in _IMPERATIVE or any(w in _FINITE or "'" in w[-3:] for w in scrap)


def plea(text: str) -> bool:
    """True for words to the grader instead of an answer."""
    return _PLEA.search(text) is not None


def prompts(question: Question, part: Part) -> tuple[str, ...]:
    """Every text that the interviewer has said about this question so far."""
    asked = (question.ask, question.reworded, question.plain, question.statement or "", *question.after_code.values())
    pointed = part.pointed_at | {part.about}
    helped = (*question.hints[: part.rungs], *(f.ask for f in question.follow_ups if f.point in pointed))
    return tuple(text for text in (*asked, *helped) if text)


def copied(text: str, said: Sequence[str]) -> bool:
    """True when a piece repeats what the interviewer said and adds nothing of its own."""
    stems = wording(text).stems
    if len(stems) < COPIED_WORDS:
        return len(words(text)) >= COPIED_WORDS and any(_within(words(text), words(prompt)) for prompt in said)
    return any(common(stems, wording(prompt).stems) / len(stems) >= COPIED_SHARE for prompt in said)


def _within(few: Sequence[str], many: Sequence[str]) -> bool:
    """True where the words stand in a row among the others."""
    return f" {' '.join(few)} " in f" {' '.join(many)} "
