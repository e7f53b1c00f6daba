"""The mark of a key point in words: what it came to and why that is less, what it says, the candidate's own words.

In full, and as briefly as a phone wants it. It computes no credit: `marking` does.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.core.marking import HALVED_SHARE, HINT_SHARES, PointGrade
from bot.core.question import Question
from bot.core.quoting import shortened
from bot.core.reply import MarkLine

#: A sentence by its key, with what is to be filled in.
Sayer = Callable[..., str]
#: So long (characters) are a quotation, and what a key point says that was met, where it is told briefly.
BRIEF_QUOTE = 60
BRIEF_CLAIM = 90


def point_line(say: Sayer, question: Question, point: PointGrade, why: str = "", quoted: bool = True) -> MarkLine:
    """A point whose claim may be told; `why` says what a program lacks for it. Briefly, the words may be left out."""
    says, worth = question.point(point.point).says, worth_of(say, point)
    text = say(f"point_{point.verdict}", worth=worth, says=says)
    short = _claim(says) if point.verdict == "met" else says
    brief = say("brief_wrong" if point.verdict == "wrong" else "brief", says=short)
    if point.evidence:
        key = "point_wrote" if question.kind == "code" else "point_quote"
        text += say(key, quote=shortened(point.evidence))
        brief += say("brief_quote", quote=shortened(point.evidence, BRIEF_QUOTE)) if quoted else ""
    return MarkLine(point.verdict, text + why, brief + why + say("brief_worth", worth=worth))


def _claim(says: str) -> str:
    """What a point says, cut at a word where it is long, and where no markup is cut with it."""
    if len(says) <= BRIEF_CLAIM or set(says) & set("`$*_[|"):
        return says
    return says[:BRIEF_CLAIM].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def worth_of(say: Sayer, point: PointGrade) -> str:
    """What a point came to, of what it weighs, and why that is less: how sure the mark is, help, what counts half."""
    why = []
    if point.unsure:
        why.append(say("worth_unsure", given=figure(point.given)))
    elif 0.0 < point.given < 0.995:
        why.append(say("worth_sure" if point.verdict == "met" else "worth_there", given=f"{point.given:.2f}"))
    if point.prompted:
        why.append(say(f"worth_share_{_rungs(point)}"))
    if point.halved and point.credit:
        why.append(say(f"worth_half_{point.halved}"))
    told = say("worth_why", why=", ".join(why)) if why else ""
    figures = {"earned": figure(point.weight * point.credit), "weight": figure(point.weight)}
    return say("worth_bonus" if point.bonus else "worth", why=told, **figures)


def _rungs(point: PointGrade) -> int:
    """How many hints a point's price is that of; a follow-up that points at it costs as much as one."""
    share = point.credit / (point.given or 1.0) / (HALVED_SHARE if point.halved else 1.0)
    return min(range(1, len(HINT_SHARES)), key=lambda rung: abs(HINT_SHARES[rung] - share))


def open_line(say: Sayer, question: Question, point: PointGrade) -> MarkLine:
    """A point while the question is open: of one that is met in part only the candidate's words, never what it says."""
    if point.verdict == "met":
        return point_line(say, question, point)
    worth = worth_of(say, point)
    if not point.evidence:
        unquoted = say("brief_open_unquoted", worth=worth)
        return MarkLine("partial", say("point_partial_unquoted", worth=worth), unquoted)
    brief = say("brief_open", worth=worth, quote=shortened(point.evidence, BRIEF_QUOTE))
    return MarkLine("partial", say("point_partial_open", worth=worth, quote=shortened(point.evidence)), brief)


def figure(value: float) -> str:
    """A figure without noughts at its end."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
