"""From a phrase that was found to what the candidate means by it here: the same phrase can be an answer, or name a
question or a word. It finds no phrases."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import cast

from bot.core.dialogue import Act, Meaning
from bot.offline.patterns import Hit, number
from bot.offline.phrases import PLEA_WORDS
from bot.offline.setting import NO_SUCH
from bot.offline.spoken import SILENT, Spoken
from bot.offline.subject import DOMAIN
from bot.offline.tokens import Word

#: Of two things said at once the one that stands further to the front is what is meant.
RANK = (
    "stop undo back later skip clarify rephrase:plain rephrase hint about_code repeat skip:if said_already "
    "plea_instructions dispute plea_marks "
    "report grade score remaining status rules help rude off_topic wait dont_know that_is_all plea_answer skip:pass "
    "never_mind small_talk greeting ready thanks no yes okay hm laugh"
).split()
#: Terms that name nothing: who asks about one of these does not understand the question.
_VAGUE = frozenset("it this that the question these those here you mean one".split())
#: What a wish for the question that was left comes to where none was.
_LEFT_ELSE: Mapping[str, Meaning] = {"that": "repeat", "no": "wait"}
#: What is said about programs, where none is asked for.
_CODE_ELSEWHERE: Mapping[str, Act] = {
    "": Act("rephrase"),
    "hand": Act("help"),
    "cannot": Act("dont_know"),
    "place": Act("small_talk", "chat"),
}
#: What is shown beside a mark.
_BESIDE_A_MARK = re.compile(
    r"(?:the |that |this |your |number |a |an )*"
    r"(?:(?:0?[.,]\d+|1[.,]0+)(?: (?:sure|there|points?))?|(?:how |being )?sure)",
    re.IGNORECASE,
)
#: Beside one of these a lone noun is no request: "I have to pass it back".
_GIVES_UP_OR_PLEADS = frozenset({"skip", "plea_marks", "plea_answer", "plea_instructions"})
_ARTICLES = frozenset("a an the your this term word".split())
_QUOTES = " \"'“”‘’`"
#: Up to so many words of the subject may stand in an attempt on the instructions that speaks of instructions.
_MOST_SUBJECT = 3


def weightiest(chain: Sequence[Hit]) -> Hit | None:
    """The phrase that a chain of them comes down to; None where nothing is said, or yes and no at once."""
    telling = [hit for hit in chain if hit.key not in SILENT]
    if not telling or {"yes", "no"} <= {hit.key for hit in telling}:
        return None
    return min(telling, key=_rank)


def _rank(hit: Hit) -> int:
    return RANK.index(hit.key if hit.key in RANK else hit.meaning)


def decide(chain: Sequence[Hit], spoken: Spoken) -> Act | None:
    """What the chain means here; None where it is rather an answer."""
    hit = weightiest(chain)
    if hit is None:
        return _mere_courtesy(chain, spoken)
    return None if _rather_an_answer(hit, chain, spoken) else act_of(hit, spoken)


def _mere_courtesy(chain: Sequence[Hit], spoken: Spoken) -> Act | None:
    keys = {hit.key for hit in chain}
    if "courtesy" not in keys or not keys <= {"courtesy", "filler"}:
        return None
    return Act("repeat" if spoken.words[0].text == "sorry" else "ready")


def _rather_an_answer(hit: Hit, chain: Sequence[Hit], spoken: Spoken) -> bool:
    """A word or two that answer the question on the table, though they could also be a request."""
    setting = spoken.setting
    if hit.meaning in ("plea_marks", "plea_instructions") and has_substance(hit, spoken):
        return True
    few = hit.end - hit.start <= 2 and len(spoken.words) <= 4
    if few and setting.offers(word.text for word in spoken.words[hit.start : hit.end]):
        return True
    if hit.detail == "noun":
        beside = any(other.meaning in _GIVES_UP_OR_PLEADS for other in chain)
        return setting.probing or setting.amending or beside
    if hit.detail != "bare" or spoken.asks_politely or any(h.key == "frame" for h in chain):
        return False
    return setting.asks_what_to_do or any(h.key == "connective" for h in chain)


def has_substance(plea: Hit, spoken: Spoken) -> bool:
    """True when a plea also speaks of the subject: then it is left to the grader, who marks the rest of it."""
    about = sum(word.text in DOMAIN and word.text not in PLEA_WORDS for word in spoken.words)
    strong = plea.meaning == "plea_instructions" and not PLEA_WORDS.isdisjoint(spoken.vocabulary)
    return about > (_MOST_SUBJECT if strong else 0)


def act_of(hit: Hit, spoken: Spoken) -> Act | None:
    """The act that a phrase comes to; None where it is an answer after all."""
    special = _SPECIAL.get(hit.meaning)
    return special(hit, spoken) if special else Act(as_meaning(hit.meaning))


def as_meaning(name: str) -> Meaning:
    """The name of a phrase's meaning, as the core knows it."""
    return cast(Meaning, name)  # a test holds every key of the tables against the core's names


def _yes(hit: Hit, spoken: Spoken) -> Act | None:
    """An answer where the question can be answered so, else a sign to go on."""
    setting = spoken.setting
    claims = hit.detail == "claim" and setting.probing
    return None if claims or setting.amending or setting.yes_or_no else Act("ready")


def _no(hit: Hit, spoken: Spoken) -> Act | None:
    """An answer, but to "Can you tell me …?", where it says that one cannot."""
    setting = spoken.setting
    if setting.amending:
        return Act("never_mind")
    if setting.probing or setting.yes_or_no or not setting.can_you:
        return None
    return Act("dont_know")


def _okay(hit: Hit, spoken: Spoken) -> Act | None:
    return None if spoken.setting.probing and spoken.setting.yes_or_no else Act("ready")


def _that_is_all(hit: Hit, spoken: Spoken) -> Act | None:
    """Nothing more to say: to a follow-up that is "I don't know", and so is "that is all I know"."""
    if spoken.setting.amending:
        return Act("never_mind")
    knows_no_more = "know" in {word.text for word in spoken.words[hit.start : hit.end]}
    return Act("dont_know" if spoken.setting.probing or knows_no_more else "ready")


def _never_mind(hit: Hit, spoken: Spoken) -> Act | None:
    """Takes back that something was to be added; elsewhere a sign to go on, and a bare "nothing" is an answer."""
    if spoken.setting.amending:
        return Act("never_mind")
    return None if hit.detail == "nothing" else _okay(hit, spoken)


def _about_code(hit: Hit, spoken: Spoken) -> Act | None:
    """A question about the program to be written; away from the code question it is what the words are there."""
    return Act("about_code") if spoken.setting.code else _CODE_ELSEWHERE[hit.detail]


def _rephrase(hit: Hit, spoken: Spoken) -> Act | None:
    return Act("rephrase", "plain" if hit.detail == "plain" else "")


def _clarify(hit: Hit, spoken: Spoken) -> Act | None:
    """Which word is to be explained; not to know what the question's own subject is means not to know the answer."""
    term = _term(hit, spoken)
    if _of_marks(term, spoken):
        return Act("rules", "marks")
    vague = set(term.casefold().split()) <= _VAGUE
    if hit.detail == "is" and (vague or spoken.setting.asked_about(term)):
        return Act("dont_know")
    return Act("rephrase") if vague else Act("clarify", term)


def _of_marks(term: str, spoken: Spoken) -> bool:
    """Whether what is to be explained stands beside a mark ("0.86 sure"), and in no question."""
    return _BESIDE_A_MARK.fullmatch(term) is not None and term.casefold() not in spoken.setting.wording.casefold()


def _term(hit: Hit, spoken: Spoken) -> str:
    """The words of the slot as they were written, without article and quotation marks."""
    span = hit.slot("term") or hit.slot("thing")
    if span is None:
        return ""
    start, end = span
    while start < end - 1 and spoken.words[start].text in _ARTICLES:
        start += 1
    return spoken.quoted(start, end).strip(_QUOTES)


def _back(hit: Hit, spoken: Spoken) -> Act | None:
    if hit.detail == "previous":
        return Act("back", number=spoken.setting.previous())
    if hit.detail in _LEFT_ELSE:
        return _left(hit, spoken)
    asked = question_of(hit, spoken, answered=False)
    if hit.detail == "topic_only" and asked in (None, NO_SUCH):
        return None
    return Act("back", number=asked)


def _left(hit: Hit, spoken: Spoken) -> Act:
    """The question that was left a moment ago is wanted after all: the skip is taken back."""
    if spoken.setting.just_left:
        return Act("undo")
    wants_one = hit.detail == "that" and spoken.setting.left_open
    return Act("back") if wants_one else Act(_LEFT_ELSE[hit.detail])


def question_of(hit: Hit, spoken: Spoken, *, answered: bool) -> int | None:
    """The number of the question that a phrase names, by number or by topic; None when it names none."""
    named = hit.slot("n")
    if named is not None:
        return number(spoken.words[named[0]].text)
    topic = hit.slot("topic")
    if topic is None:
        return question_in(spoken.words[hit.start : hit.end])
    words = [word.text for word in spoken.words[topic[0] : topic[1]]]
    asked = spoken.setting.session.in_order
    likely = [a for a in asked if (a.contributions if answered else a.status in ("skipped", "open"))]
    return spoken.setting.numbered(words, likely) or spoken.setting.numbered(words, asked) or NO_SUCH


def question_in(words: Sequence[Word]) -> int | None:
    """The number behind the word question, if it stands somewhere among these words."""
    named = (number(b.text) for a, b in pairwise(words) if a.text in ("question", "number", "q"))
    return next((n for n in named if n is not None), None)


_SPECIAL: Mapping[str, Callable[[Hit, Spoken], Act | None]] = {
    "yes": _yes,
    "no": _no,
    "okay": _okay,
    "never_mind": _never_mind,
    "about_code": _about_code,
    "laugh": lambda hit, spoken: Act("small_talk", "chat"),
    "hm": lambda hit, spoken: Act("wait"),
    "that_is_all": _that_is_all,
    "rephrase": _rephrase,
    "clarify": _clarify,
    "back": _back,
    "small_talk": lambda hit, spoken: Act("small_talk", hit.detail),
    "dispute": lambda hit, spoken: Act("dispute", spoken.text.strip()),
}
