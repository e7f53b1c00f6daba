"""The interviewer that needs no model: what a message means, and which follow-up is worth asking. It marks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.asking import Asking
from bot.core.dialogue import Act
from bot.core.events import Claim
from bot.core.marking import Grade
from bot.core.question import FollowUp, Question
from bot.core.session import Session
from bot.offline.asking_back import prepare
from bot.offline.beginnings import UNFINISHED, has_begun
from bot.offline.claims import claims_in, claims_of_program
from bot.offline.commands import command, hands_in
from bot.offline.follow_ups import choose
from bot.offline.meaning import understand
from bot.offline.mending import leaves_it
from bot.offline.programs import Found, program
from bot.offline.speech_acts import SpeechActs
from bot.offline.spoken import tables
from bot.ports import Embedder


class OfflineInterviewer:
    """Reads by tables of phrases, and by the encoder what these do not know; asks by weight.

    The same words in the same place always mean the same.
    """

    name = "offline 2"

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._acts = None if embedder is None else SpeechActs(embedder)
        prepare()
        tables()  # compiled here, so that the first message is read as fast as any other

    def read(self, session: Session, text: str, code: str | None) -> Act:
        """What a message means now. A command goes first, then a program where one was asked for, then plain words."""
        act = command(text, code)
        for_code = _takes_code(session)
        if act is not None:
            misplaced = act.meaning == "malformed" and not for_code and hands_in(text)
            return Act("code") if misplaced else act
        if code is None and _may_be_left(session, text):
            return Act("skip")
        if for_code:
            found = Found(code, text) if code is not None and code.strip() else program(text)
            if found is not None:
                return Act("code", self._beside(session, found.prose), code=found.code)
        elif code is not None and code.strip():
            return _with_code(text, code)
        act = understand(session, text, self._acts)
        if act.meaning != "answer" or not UNFINISHED.search(text):
            return act
        return Act("unfinished", text) if has_begun(text) else Act("wait")

    def claims(self, text: str) -> tuple[Claim, ...]:
        """What the words claim about the candidate's own work, or hold to be so."""
        return claims_in(text)

    def claims_of_program(self, facts: Mapping[str, Any], source: str) -> tuple[Claim, ...]:
        """What a program shows of the candidate's choices."""
        return claims_of_program(facts, source)

    def probe(self, asking: Asking, question: Question, grade: Grade) -> FollowUp | None:
        """The follow-up that is worth asking, or None."""
        return choose(asking, question, grade)

    def _beside(self, session: Session, prose: str) -> str:
        """What is said beside a program, if it is an answer too: "here is my code" is not."""
        return prose if prose.strip() and self._prose(session, prose).meaning == "answer" else ""

    def _prose(self, session: Session, prose: str) -> Act:
        return command(prose, None) or understand(session, prose, self._acts)


def _with_code(text: str, code: str) -> Act:
    """Code at a question that did not ask for any: a part of the answer, or by itself no answer at all."""
    if not text.strip():
        return Act("code", code=code)
    return Act("answer", f"{text.rstrip()}\n\n{code.strip()}")


def _takes_code(session: Session) -> bool:
    """Whether a program may be handed in now: to the question on the table, or to the one that it is about."""
    asking = session.addressed
    if asking is None:
        return False
    about = session.askings[asking.about] if asking.about else None
    return asking.code or (about is not None and about.status == "open" and not asking.experiment)


def _may_be_left(session: Session, text: str) -> bool:
    """Whether these words leave a program as it is, or a question about it; a bare "no" may be an answer to that."""
    asking = session.current
    if asking is None or not (asking.mending or asking.about) or not leaves_it(text):
        return False
    return asking.mending or text.strip(" .!").casefold() not in ("no", "nope")
