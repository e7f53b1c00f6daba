"""Whether an interviewer gives away what it asks for, and whether its follow-ups are about what was said or missed.

Both compare words; what they cannot see is an answer told in other words altogether.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.commands.simulated import spoken
from bot.commands.simulated.faults import Fault
from bot.commands.simulated.sitting import Sat, Turn
from bot.commands.simulated.wording import content, quotations, runs, runs_of, sentences, words
from bot.core import events as e
from bot.core.asking import Asking
from bot.core.folding import apply
from bot.core.marking import PointGrade
from bot.core.question import Point, Question
from bot.core.reply import Reply

#: A sentence tells a point that has such a share of its words, and so many of them: fewer come together by chance.
TELLS, MANY = 0.8, 4


def reveals(sat: Sat) -> Iterator[Fault]:
    """While a question is open the interviewer says what its answer is.

    That is: RUN words in a row of its reference or of a point that is not met, or nearly all words of such a point in
    one sentence. What is known does not count: the question's own wordings, the hints that were asked for, points that
    are met, and all that the candidate has said.
    """
    said_so_far: list[str] = []
    for number, turn in enumerate(sat.turns):
        said_so_far += [turn.line.text] if turn.line else []
        asking = turn.after.addressed if turn.after.ended is None else None
        if asking is None:
            continue
        replies = [r for r in turn.said if r.kind not in spoken.FRAME and r.question in (asking.question, None)]
        for why in _told(asking, sat.question(asking.question), replies, said_so_far):
            yield Fault("reveal", number, why, "\n".join(reply.text for reply in replies))


def _told(asking: Asking, question: Question, replies: list[Reply], heard: Iterable[str]) -> Iterator[str]:
    met = {point.point for point in asking.grade(question).points if point.verdict == "met"}
    hidden = [point for point in question.points if point.id not in met]
    known = [*heard, asking.wording, *spoken.wordings(question), *question.hints[: asking.hints]]
    known += [point.says for point in question.points if point.id in met]
    secret = runs_of([*sentences(question.reference), *(point.says for point in hidden)]) - runs_of(known)
    familiar = content(" ".join(known))
    for sentence in spoken.sentences_of(replies):
        if common := secret & runs(sentence):
            yield f"says “{' '.join(min(common))}”, which is of the answer"
        yield from (f"tells the point {p.id}" for p in hidden if _tells(sentence, content(p.says) - familiar))


def _tells(sentence: str, key: frozenset[str]) -> bool:
    return len(key) >= MANY and len(key & content(sentence)) >= TELLS * len(key)


def follow_ups(sat: Sat) -> Iterator[tuple[int, e.FollowedUp, str | None]]:
    """Every follow-up with its turn, and what is wrong with it, if anything.

    One for what was missed is about a point that is not met; for what was wrong, about one that was said wrongly; for
    what was interesting, about one that is met; of two claims, about words that were said. Whatever it puts between
    quotation marks the candidate has said. And it names something of its point, or of the candidate's words.
    """
    heard: list[str] = []
    for number, turn in enumerate(sat.turns):
        heard += [turn.line.text] if turn.line else []
        session = turn.before
        for record in turn.records:
            if isinstance(record.event, e.FollowedUp):
                asking = session.askings[record.event.question]
                yield number, record.event, _beside(sat, turn, asking, record.event, "\n".join(heard))
            session = apply(session, record)


def beside_the_point(sat: Sat) -> Iterator[Fault]:
    """The follow-ups with which something is wrong: see `follow_ups`."""
    for number, event, why in follow_ups(sat):
        if why is not None:
            yield Fault("follow_up", number, why, event.wording)


def _beside(sat: Sat, turn: Turn, asking: Asking, event: e.FollowedUp, heard: str) -> str | None:
    question = sat.question(event.question)
    said = " ".join(r.text for r in turn.said if r.kind == "follow_up" and r.question == event.question)
    spoken_words = " ".join(words(heard))
    if invented := [piece for piece in quotations(said) if " ".join(words(piece)) not in spoken_words]:
        return f"quotes what was never said: “{invented[0]}”"
    if event.when == "again":
        return None
    if event.when == "recall":
        return None if all(claim.words in heard for claim in event.claims) else "puts words in the candidate's mouth"
    graded = next((p for p in asking.grade(question).points if p.point == event.point), None)
    return _wrongly_chosen(event, graded) or _names_nothing(question.point(event.point), said, heard)


def _wrongly_chosen(event: e.FollowedUp, graded: PointGrade | None) -> str | None:
    verdict = graded.verdict if graded is not None else "missing"
    fitting = {"missed": ("missing", "partial", "wrong"), "wrong": ("wrong",), "interesting": ("met",)}[event.when]
    return None if verdict in fitting else f"asks about {event.point} as {event.when}, which is {verdict}"


def _names_nothing(point: Point, said: str, heard: str) -> str | None:
    about = content(" ".join([point.says, *point.true, *point.false, heard]))
    return None if about & content(said) else f"names nothing of {point.id} or of what was said"
