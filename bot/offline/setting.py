"""What is on the table when a message comes in, as far as it bears on what the message means. It reads no message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.asking import Asking
from bot.core.session import Session
from bot.offline.subject import SPELT_OUT

_AUXILIARY = (
    r"(?:is|are|was|were|does|do|did|can|could|would|should|will|has|have|may|might)\s"
    r"(?!you\s(?:please\s)?(?:tell|name|explain|describe|walk|take|say|give|show|build|write|list|think\sof|sketch|compare))"
)
_YES_NO = re.compile(
    rf"(?:^|[.?!:,]\s+|\b(?:and|but)\s){_AUXILIARY}|\bwhether\b"
    r"|(?:^|[.?!]\s+)(?!(?:how|why|what)\b)[^.?!]*\bor\b",
    re.IGNORECASE,
)
_CAN_YOU = re.compile(r"\b(?:can|could|would|will|do) you\b", re.IGNORECASE)
_WHAT_TO_DO = re.compile(
    r"\bwhat (?:now|next|then)\b"
    r"|\bwhat (?:do|would|should|did|will|must|could) (?:you|we|i|it|they) (?:do|change|try)\b"
    r"|\bwhat (?:happens|comes)\b|\bwhen (?:do|would|should|will) (?:you|we|it)\b|\bwhich (?:step|calls|verb)\b"
    r"|\bwhat does\b[^?]{0,80}\bdo\b|\bhow (?:do|would) you (?:go on|react)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[a-z]+")
_EMPTY_WORDS = frozenset(
    "a an the of in on for to and or is are was what how does do it its you your we about question one why from".split()
)
#: A number that no question has: the candidate named a question that was never asked.
NO_SUCH = 0


@dataclass(frozen=True)
class Setting:
    """The question on the table and how it is put; `probing` while a follow-up is open."""

    session: Session

    @property
    def probing(self) -> bool:
        return self.session.current is not None and self.session.current.probing is not None

    @property
    def recalling(self) -> bool:
        """True while it is asked how two things go together that the candidate said."""
        asking = self.session.current
        return asking is not None and asking.probing is not None and asking.probing.when == "recall"

    @property
    def amending(self) -> bool:
        return self.session.amending is not None

    @property
    def answered(self) -> bool:
        """True once anything was answered in this sitting."""
        return any(a.contributions for a in self.session.askings.values())

    @property
    def code(self) -> bool:
        """True while a program is asked for."""
        return self.session.addressed is not None and self.session.addressed.code

    @property
    def just_left(self) -> bool:
        """True when the last thing that was done was to leave a question unanswered."""
        last = self.session.undoable
        return last is not None and last.kind == "skip" and not last.before.judged

    @property
    def left_open(self) -> bool:
        """True when some question was left that can be returned to."""
        return any(a.skipped is not None and a.status in ("skipped", "open") for a in self.session.in_order)

    @property
    def wording(self) -> str:
        asking = self.session.current
        if asking is None:
            return ""
        return asking.probing.wording if asking.probing else asking.wording

    @property
    def yes_or_no(self) -> bool:
        """True for a question that yes, no or one of two words answers."""
        return _YES_NO.search(self.wording) is not None

    @property
    def can_you(self) -> bool:
        return _CAN_YOU.search(self.wording) is not None

    @property
    def asks_what_to_do(self) -> bool:
        """True for "What now?" and the like, which a single verb answers."""
        return _WHAT_TO_DO.search(self.wording) is not None

    def offers(self, words: Iterable[str]) -> bool:
        """True when the question itself offers one of these words as an answer: "up or down?"."""
        wording = self.wording.casefold()
        return " or " in wording and any(word in _LETTERS.findall(wording) for word in words if len(word) > 1)

    def asked_about(self, term: str) -> bool:
        """True when the question on the table is about this very term."""
        wanted = set(_stems(_LETTERS.findall(term.casefold())))
        asking = self.session.current
        known = set(_stems(_LETTERS.findall(asking.wording.casefold()))) if asking else set()
        return bool(wanted) and wanted <= known

    def numbered(self, topic: Sequence[str], candidates: Iterable[Asking]) -> int | None:
        """The number of the question that these words name, by its id first and by its wording second; of two that
        they name equally well it is the one asked last. None when they name none."""
        wanted = set(_stems(topic))
        named = [(self._likeness(wanted, asking), asking.seq, asking.number) for asking in candidates]
        likeness, _, number = max(named, default=(0, 0, NO_SUCH))
        return number if likeness > 0 else None

    @staticmethod
    def _likeness(wanted: set[str], asking: Asking) -> int:
        by_id = _id_words(asking.question)
        by_wording = set(_stems(_LETTERS.findall(asking.wording.casefold())))
        return 4 * len(wanted & by_id) + 2 * len(wanted & by_wording) - (not by_id <= wanted)

    def previous(self) -> int:
        """The number of the question put before the one on the table; NO_SUCH where there is none."""
        asked = [a for a in self.session.in_order if a.question != self.session.standing]
        return asked[-1].number if asked else NO_SUCH


def _stems(words: Iterable[str]) -> list[str]:
    return [w.rstrip("s") if len(w) > 3 else w for w in words if w not in _EMPTY_WORDS]


def _id_words(question: str) -> set[str]:
    parts = _LETTERS.findall(question.casefold())
    spelt = [word for part in parts for word in (part, *SPELT_OUT.get(part, ()))]
    return set(_stems(spelt))
