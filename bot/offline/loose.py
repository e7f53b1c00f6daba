"""Looser ways to read what no chain of phrases covers: plain words in any order around a request, a request beside
talk, a question put to the interviewer. Each would rather find nothing than take an answer for a request."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.core.dialogue import Act, Meaning
from bot.offline.acts import act_of, weightiest
from bot.offline.patterns import Hit, cover
from bot.offline.spoken import Spoken, tables
from bot.offline.subject import DOMAIN

#: Words that together make a request in any order, if all that surrounds them is PLAIN. One of each set must be there.
HEADS: Sequence[tuple[Meaning, str]] = (
    ("skip", "skip|skipping i|me|us|please|question|one"),
    ("undo", "undo|unskip"),
    ("rephrase", "rephrase|reword|paraphrase|reformulate|rewording|rephrasing"),
    (
        "rephrase",
        "i not understand|understood|understanding|follow|following|get question|you|want|mean|asking|ask|that",
    ),
    ("hint", "hint|hints|clue|clues|nudge"),
    ("repeat", "repeat|repeating|repetition you|please|question|me"),
    (
        "plea_marks",
        "give|get|have|deserve|want full|maximum|extra|perfect|better|higher marks|points|credit|score|mark",
    ),
    ("remaining", "how many|much|long questions|question|left|remaining interview|left|remaining|more|still|there"),
    ("dont_know", "i not know|knowing|sure|remember"),
    ("plea_answer", "tell|show|give|see|reveal|know|want answer|solution the correct|right|the|model|full|just"),
    ("wait", "i|me|one moment|minute|minutes|sec"),
)
PLAIN = frozenset(
    """i you me my we us it this that the a an one some any please can could may might would will shall do does did is
    are be was have has had get give take want need like let to for of on at with now then just also so ok if possible
    question questions more another next little bit small your here still think know kindly sorry thanks how about
    there ask asking make use sir hello hi what much very really current last time go bad good tell say
    should must help too maybe mean again once well as soon quick quickly first second third prefer rather love
    appreciate answer able allowed from without giving choose using because oh ah hmm um right honestly truly
    yet""".split()
)
_MOST_IN_ANY_ORDER = 12
#: What may be asked for beside a sentence of talk ("I slept badly. Could you repeat that?") and still be granted.
_GRANTED = frozenset("hint repeat rephrase clarify skip later wait stop".split())
#: Talk is about the two who talk; without one of these, what stands beside a request may be an answer.
_TALK = frozenset("i my me you your we sorry".split())
_MOST_BESIDE = 16
_MOST_SPLITS = 8
_LEAST_REQUEST = 3
#: Verbs that only the interviewer can be asked to do: "could you use softmax?" is a tentative answer, and holds none.
_SPEAKING = frozenset(
    "tell explain say give show describe elaborate clarify help repeat provide specify answer write sing recommend "
    "suggest introduce teach share list think know like have want mean believe speak remember talk please".split()
)
_ABOUT_THE_QUESTION = frozenset("question context detail details example examples more specific mean answer".split())
_MOST_ADDRESSED = 25
#: What may stand in front of a question to the interviewer: "by the way, do you ...".
_BEFORE_A_QUESTION = frozenset({"courtesy", "filler", "hm", "okay", "laugh"})
_OF_YOU = frozenset({("do", "you"), ("did", "you"), ("have", "you"), ("are", "you"), ("were", "you")})
_LEADS_ON = frozenset("so and but then".split())


def in_any_order(spoken: Spoken) -> Act | None:
    """A request by its telling words, whatever their order, when every other word is a plain one."""
    if len(spoken.words) > _MOST_IN_ANY_ORDER:
        return None
    words = spoken.vocabulary
    for meaning, telling in HEADS:
        heads = [frozenset(head.split("|")) for head in telling.split()]
        if all(words & head for head in heads) and words <= PLAIN.union(*heads):
            is_action = meaning in ("repeat", "skip") and spoken.setting.asks_what_to_do
            return None if is_action else Act(meaning)
    return None


def beside_talk(spoken: Spoken) -> Act | None:
    """A request put whole, beside a little talk that holds nothing of the subject."""
    for start, end in _parts(spoken):
        rest = [*spoken.words[:start], *spoken.words[end:]]
        about_the_subject = any(word.text in DOMAIN or word.text[0].isdigit() for word in rest)
        if len(rest) > _MOST_BESIDE or about_the_subject or _TALK.isdisjoint(word.text for word in rest):
            continue
        part = spoken.part(start, end)
        act = _granted(cover(part.words, tables().phrases), part)
        if act is not None:
            return act
    return None


def _parts(spoken: Spoken) -> list[tuple[int, int]]:
    """Where a request may begin or end: at pauses, and where one of its openings stands."""
    size = len(spoken.words)
    pauses = [at for at in range(1, size) if spoken.words[at - 1].pause or spoken.words[at - 1].stop]
    search = tables().phrases.search(spoken.words)
    frames = [at for at in range(1, size) if any(hit.key == "frame" for hit in search.hits(at))]
    tails = [(at, size) for at in sorted({*pauses, *frames})][:_MOST_SPLITS]
    return [*tails, *((0, at) for at in pauses[:_MOST_SPLITS])]


def _granted(chain: Sequence[Hit] | None, part: Spoken) -> Act | None:
    hit = weightiest(chain) if chain else None
    if chain is None or hit is None or len(part.words) < _LEAST_REQUEST:
        return None
    asked = part.asks_politely or any(h.key == "frame" for h in chain) or hit.key == "stop:leave"
    sure = hit.meaning in _GRANTED and hit.detail not in ("generic", "noun") and hit.open_words <= _LEAST_REQUEST
    return act_of(hit, part) if asked and sure else None


def addressed(spoken: Spoken) -> Act | None:
    """A question to the interviewer that no phrase knows: put otherwise if it is about the subject, else left aside."""
    words = _without_lead(spoken)
    if not words or len(words) > _MOST_ADDRESSED or not all(sentence.words[-1].asks for sentence in spoken.sentences):
        return None
    if len(spoken.sentences) > 1:
        asked = any(_to_the_interviewer([word.text for word in s.words]) for s in spoken.sentences)
        return Act("rephrase") if asked else None
    about_the_subject = not DOMAIN.isdisjoint(words)
    if _to_the_interviewer(words):
        return Act("off_topic" if not about_the_subject and _ABOUT_THE_QUESTION.isdisjoint(words) else "rephrase")
    outside = _inverted(words) and not about_the_subject and not spoken.setting.probing
    return Act("off_topic") if outside else None


def _without_lead(spoken: Spoken) -> list[str]:
    """The words behind courtesies, fillers and the like; all of them where nothing else is said."""
    words = spoken.words
    search = tables().phrases.search(words)
    at = 0
    while at < len(words):
        lead = max((hit.end for hit in search.hits(at) if hit.key in _BEFORE_A_QUESTION), default=at)
        if lead == at and words[at].text not in _LEADS_ON:
            break
        at = max(lead, at + 1)
    return [word.text for word in words[at:]]


def _to_the_interviewer(words: Sequence[str]) -> bool:
    """True for a question in the second person that is no tentative answer ("would you use softmax?" is one)."""
    match words[0]:
        case "are" | "were":
            return "you" in words[1:2]
        case "can" | "could" | "would" | "will" | "do" | "did" | "have":
            return "you" in words[1:3] and not _SPEAKING.isdisjoint(words[2:5])
        case "what" | "why" | "who" | "where" | "when" | "how":
            verbs = ("do", "did", "are", "were", "would", "have", "about")
            asked = "you" in words[1:4] and words[1] in verbs
            return asked or any(pair in _OF_YOU for pair in pairwise(words[2:7]))
        case "which":
            return words[-2:] in (["you", "mean"], ["you", "meant"], ["you", "want"])
        case "you":
            return words[1:2] in (["mean"], ["meant"]) or (words[1:2] in (["want"], ["expect"]) and "or" in words)
    return False


def _inverted(words: Sequence[str]) -> bool:
    """True for a question in the order of one ("what time does it open?"), which an answer hardly ever has."""
    asks = words[0] in ("what", "why", "who", "where", "when", "which", "how") and len(words) > _LEAST_REQUEST
    return asks and not {"does", "do", "did", "is", "are", "was", "will"}.isdisjoint(words[1:4])
