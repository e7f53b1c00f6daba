"""What a message in plain words means. It is read as a chain of known phrases: if they cover it to the last word, the
weightiest of them is what is meant; if a word is left over, it is an answer, or what the encoder hears in it.

It decides nothing about what follows from a meaning (`bot.core.dialogue` does) and knows no wording (`phrases` do).
"""

from __future__ import annotations

from bot.core.dialogue import Act, Meaning
from bot.core.session import Session
from bot.offline.acts import as_meaning, decide, has_substance, question_in, question_of
from bot.offline.asking_back import asks_back
from bot.offline.loose import addressed, beside_talk, in_any_order
from bot.offline.not_knowing import begins_so, gives_up
from bot.offline.patterns import Hit, cover
from bot.offline.phrases import GLUE, PLEA_WORDS
from bot.offline.setting import Setting
from bot.offline.slips import mistyped
from bot.offline.speech_acts import SpeechActs
from bot.offline.spoken import Spoken, tables
from bot.offline.subject import DOMAIN
from bot.offline.tokens import MOST_CHARACTERS, says_something

#: Requests are short: more words than these are not looked at as a chain of phrases, unless sentence by sentence.
MOST_COVERED = 32
#: An opening that content follows stands within so many words of the beginning, and names its question within these.
_MOST_BEFORE, _MOST_NAMING = 12, 20
#: Messages without a word.
_SIGNS: dict[str, Meaning] = {
    "👍": "ready",
    "👌": "ready",
    "✅": "ready",
    "🙏": "thanks",
    "👋": "greeting",
    "🤷": "dont_know",
    "🤔": "wait",
    "⏳": "wait",
    "🖕": "rude",
    "🤬": "rude",
    "😡": "rude",
    "💩": "rude",
    "❓": "rephrase",
    "😕": "rephrase",
}
#: What a question about the task is read as where it is not known for one; any other request goes first.
_MAY_ASK_BACK = frozenset({"rephrase", "clarify", "off_topic"})
#: Who says one of these means the answer as a whole, and not what is in it.
_UNDONE = frozenset("undo unsend unskip unsubmit revert answer answers reply message skip".split())
#: To a follow-up such a sign can be the answer: "does it go up or down?" - "↓".
_SYMBOLS = frozenset("+-−<>=~±∞≥≤≠≈√∇∂∑∏∈⊂⊃∪∩→←↑↓↗↘%°∀∃×÷")


def understand(session: Session, text: str, acts: SpeechActs | None = None) -> Act:
    """What the message means now; whatever is not clearly something else is an answer.

    Without `acts` only phrases are known.
    """
    setting = Setting(session)
    if not says_something(text):
        return _wordless(text, setting)
    spoken = Spoken.of(text, setting)
    act = _announced(spoken) or _plain(spoken)
    if act is not None and setting.recalling and _explains(act, spoken):
        return Act("answer", text)
    if (act is None or (act.meaning in _MAY_ASK_BACK and act.text != "plain")) and asks_back(spoken):
        return Act("asks_back")
    return act or _otherwise(spoken, text, acts)


def _otherwise(spoken: Spoken, text: str, acts: SpeechActs | None) -> Act:
    """What no table knows: not knowing at some length, a slip of the keyboard, an act in other words, or an answer."""
    if gives_up(spoken):
        return Act("dont_know")
    if mistyped(spoken):
        return Act("unclear")
    if acts is not None and not _answers(spoken) and (act := acts.heard(text)) is not None:
        return act
    return Act("answer", text)


def _answers(spoken: Spoken) -> bool:
    """Whether the phrases in it show already that it is an answer: they cover it, and mean none of the requests here;
    or it says something after not knowing; or it is asked which of two things holds."""
    covered = len(spoken.words) <= MOST_COVERED and cover(spoken.words, tables().phrases) is not None
    return covered or spoken.setting.recalling or begins_so(spoken)


def _explains(act: Act, spoken: Spoken) -> bool:
    """Whether what would elsewhere correct an answer, or take one back, says here which of two things holds."""
    if act.meaning == "amend":
        return act.number is None
    return act.meaning == "undo" and _UNDONE.isdisjoint(spoken.vocabulary)


def _wordless(text: str, setting: Setting) -> Act:
    seen = text[:MOST_CHARACTERS]
    if (setting.probing or setting.amending) and not _SYMBOLS.isdisjoint(seen):
        return Act("answer", text)
    return next((Act(meaning) for sign, meaning in _SIGNS.items() if sign in seen), Act("empty"))


def _announced(spoken: Spoken) -> Act | None:
    """An addition, a correction or an objection: a known opening, and then the candidate's own words."""
    hit = _opening(spoken)
    if hit is None or _is_more(hit, spoken):
        return None
    if hit.meaning == "amend":
        content = _content(spoken, hit.end)
        misread = not content and hit.detail.endswith("content")
        misread = misread or (hit.detail == "colon" and not _colon(hit, spoken))
        return None if misread else Act("amend", content, question_of(hit, spoken, answered=True))
    if hit.detail == "open" and (spoken.setting.probing or not spoken.setting.answered):
        return None
    return Act("dispute", spoken.text.strip(), question_in(spoken.words[:_MOST_NAMING]))


def _is_more(opening: Hit, spoken: Spoken) -> bool:
    """True when a known phrase begins where the opening does, reaches further, and no word is left over."""
    if not spoken.whole or len(spoken.words) > MOST_COVERED:
        return False
    chain = cover(spoken.words, tables().phrases) or ()
    return any(hit.start <= opening.start and hit.end > opening.end for hit in chain if hit.key not in GLUE)


def _colon(hit: Hit, spoken: Spoken) -> bool:
    return spoken.text[spoken.words[hit.end - 1].end :].lstrip()[:1] in tuple(":：")


def _opening(spoken: Spoken) -> Hit | None:
    """The longest opening that the message begins with, glue apart."""
    found = tables().openings.search(spoken.words).leading(GLUE, _MOST_BEFORE)
    return max(found, key=lambda hit: (hit.end, hit.start), default=None)


def _content(spoken: Spoken, at: int) -> str:
    """What stands behind the opening, exactly as it was written; nothing when it is mere courtesy."""
    rest = spoken.words[at:]
    chain = cover(rest, tables().openings) if rest and spoken.whole and len(rest) <= MOST_COVERED else None
    if not rest or (chain and {hit.key for hit in chain} <= {"courtesy", "filler"}):
        return ""
    return spoken.text[rest[0].start :].rstrip()


def _plain(spoken: Spoken) -> Act | None:
    """A message made of known phrases; failing that, the looser ways to read one."""
    if spoken.whole and 0 < len(spoken.words) <= MOST_COVERED:
        chain = cover(spoken.words, tables().phrases)
        if chain is not None:
            return decide(chain, spoken)
        act = in_any_order(spoken) or beside_talk(spoken)
        if act is not None:
            return act
    return _plea(spoken) or (addressed(spoken) if spoken.whole and spoken.words else None)


def _plea(spoken: Spoken) -> Act | None:
    """A plea that goes on for sentences, none of which is about the subject."""
    first: Hit | None = None
    for sentence in spoken.sentences:
        chain = cover(sentence.words, tables().phrases) if len(sentence.words) <= MOST_COVERED else None
        plea = next((hit for hit in chain or () if hit.meaning.startswith("plea")), None)
        words = sentence.vocabulary
        if plea is None and ((words & DOMAIN) - PLEA_WORDS or not (chain or words & PLEA_WORDS)):
            return None
        first = first or plea
    return None if first is None or has_substance(first, spoken) else Act(as_meaning(first.meaning))
