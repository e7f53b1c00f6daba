"""What a voice is given to word when something is to be said: the core's own words, and what it may go by.

It words nothing, and says nothing of how a voice is kept to it: what is said without one stands here as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core import events as e
from bot.core import feedback
from bot.core.asking import Asking
from bot.core.closing import farewell
from bot.core.quoting import shortened
from bot.core.reply import Marks
from bot.core.scene import Book, Scene
from bot.core.session import Session
from bot.core.speech import acknowledged, follow_up_lead, settles_aloud
from bot.core.summary import summarise

Act = Literal["ask", "probe", "hint", "feedback", "closing"]
#: Kinds of follow-up that ask about a key point; the others ask about the candidate's own words, exactly as they stand.
ABOUT_A_POINT = frozenset({"missed", "wrong", "interesting"})
#: Characters of the candidate's last words that go along, and how many earlier questions a digest names.
MOST_SAID = 1_200
MOST_DIGEST = 6


@dataclass(frozen=True)
class Line:
    """Something to be said, as the core says it, and what a voice may go by.

    `lead` leads over to `wording`, which is what is put (a question, a follow-up, a hint); where one is empty, nothing
    is to be said there. `frame` is the question that all is about. `said` is what the candidate said last to it,
    `why` what a follow-up is about, `marks` what was found (in practice alone), `digest` how it went so far, a line a
    question. Nothing of it tells what was not shown yet.
    """

    act: Act
    lead: str
    wording: str
    frame: str = ""
    said: str = ""
    why: str = ""
    marks: tuple[str, ...] = ()
    digest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Phrase:
    """What a voice made of a line. Empty words leave the core's own in their place; `why_not` says what kept it."""

    lead: str = ""
    wording: str = ""
    made: e.Made | None = None
    why_not: str = ""


def to_word(session: Session, book: Book, event: e.Event) -> Line | None:
    """What there is to word in an event; None where the core's own words are to stand."""
    scene = Scene(session, book)
    if isinstance(event, e.Asked):
        return _asked(scene, event)
    if isinstance(event, e.FollowedUp) and event.when in ABOUT_A_POINT:
        return _followed_up(scene, event)
    if isinstance(event, e.Hinted):
        question = scene.question(event.question)
        return Line("hint", "", question.hints[event.rung - 1], question.ask, _said(scene.asking(event.question)))
    if isinstance(event, e.Settled) and session.practice and settles_aloud(scene, event):
        return _settled(scene, event)
    if isinstance(event, e.Ended):
        return Line("closing", farewell(scene, event), "", digest=_digest(scene))
    return None


def _asked(scene: Scene, event: e.Asked) -> Line | None:
    if event.recalls or event.about or event.code:  # these words are what they are for a reason
        return None
    question = scene.book[event.rubric]
    plain = not (question.options or question.listing or question.statement or question.starter)
    before = [a for a in scene.session.in_order if a.question != event.question]
    said = _said(before[-1]) if before else ""
    wording = event.wording if plain else ""
    lead = f"{acknowledged(scene)} {event.transition}".strip()
    return Line("ask", lead, wording, event.wording, said, digest=_digest(scene))


def _followed_up(scene: Scene, event: e.FollowedUp) -> Line:
    asking = scene.asking(event.question)
    lead = follow_up_lead(scene, event)
    return Line("probe", lead, event.wording, asking.wording, _said(asking), event.when, digest=_digest(scene))


def _settled(scene: Scene, event: e.Settled) -> Line | None:
    asking, question = scene.asking(event.question), scene.question(event.question)
    if not asking.grade(question).graded:
        return None
    reply = feedback.whole(scene.say, asking, question)
    marks = tuple(line.brief for part in reply.parts if isinstance(part, Marks) for line in part.lines)
    return Line("feedback", "", "", asking.wording, _said(asking), marks=marks)


def _said(asking: Asking) -> str:
    """What the candidate said last to a question; nothing of a program."""
    words = [part.part.text for part in asking.contributions if not part.code]
    return shortened(words[-1], MOST_SAID) if words else ""


def _digest(scene: Scene) -> tuple[str, ...]:
    """The questions so far: what each was about, and what it came to where that was told."""
    lines = [line for line in summarise(scene.session, scene.book).lines if line.outcome != "open"]
    told = scene.session.practice
    return tuple(
        f"{line.question.title}: {feedback.outcome(line)}" if told else line.question.title
        for line in lines[-MOST_DIGEST:]
    )
