"""Objections as the interviewer hears them: which question they are to, and whether to its mark or to itself."""

from __future__ import annotations

import pytest

from bot.core import events as e
from bot.core.dialogue import Act, receive
from bot.core.folding import fold
from bot.core.marking import Mark
from bot.offline.commands import command
from bot.offline.meaning import understand
from tests.offline import scenes


def heard(text: str, act: Act | None = None) -> tuple[str, str]:
    """To which question an objection to one of two marked questions is, and what it is about."""
    met = Mark("alpha", 1.0, 0.9, "met", "alpha")
    happened: list[e.Event] = [e.Started("test", "practice", 1, ("one", "two", "three"))]
    for name, number in (("one", 1), ("two", 2)):
        seq = len(happened) + 1
        happened += [e.Asked(name, name, "What?", number), e.Heard("alpha"), e.Answered(name, seq + 1, "alpha")]
        happened += [e.Graded(name, seq + 2, "words", (met,)), e.Settled(name)]
    happened += [e.Asked("three", "three", "What?", 3)]
    session = fold(e.Record(n, "", str(n), event) for n, event in enumerate(happened, 1))
    meant = act or command(text, None)
    assert meant is not None
    (event,) = receive(session, len(happened) + 1, meant)
    assert isinstance(event, e.Disputed), event
    return event.question, event.about


@pytest.mark.parametrize(
    ("text", "question", "about"),
    [
        ("/dispute You marked question 1 wrong", "one", "mark"),
        ("/dispute the mark for question 1 is wrong", "one", "mark"),
        ("/dispute I did say it in question 1", "one", "mark"),
        ("/dispute question 1 was marked wrong", "one", "mark"),
        ("/dispute 1: is too low", "one", "mark"),
        ("/dispute I said “question 1 is wrong”", "two", "mark"),
        ("/dispute I deserve more", "two", "mark"),
        ("/dispute question 1 is wrong", "one", "question"),
        ("/dispute 1: the reference is out of date", "one", "question"),
        ("/dispute there is a typo in question 1", "one", "question"),
        ("/dispute q1 is ambiguous", "one", "question"),
        ("/dispute this question is ambiguous", "two", "question"),
        ("/dispute the reference is out of date", "two", "question"),
    ],
)
def test_which_question_an_objection_is_to_and_what_it_is_about(text: str, question: str, about: str) -> None:
    assert heard(text) == (question, about)


@pytest.mark.parametrize(
    ("text", "question", "about"),
    [
        ("You marked question 1 wrong", "one", "mark"),
        ("you have graded question 1 too harshly, for I did say it", "one", "mark"),
        ("Question 1 was marked wrong, but I said it", "one", "mark"),
        ("your reference is outdated since version 2", "two", "question"),
        ("Your reference answer is out of date", "two", "question"),
    ],
)
def test_it_can_be_said_without_the_command(text: str, question: str, about: str) -> None:
    act = understand(scenes.third_question(), text)
    assert act.meaning == "dispute" and heard(text, act) == (question, about)
