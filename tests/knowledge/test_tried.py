"""What an author is told of answers that were tried: what is off, and what to write."""

from __future__ import annotations

import pytest

from bot.core.marking import Belief, Grade, Halved, PointGrade, Standing
from bot.core.question import FollowUp, Point, Question
from bot.knowledge.tried import Tried, Which, advice, nearest, sentences
from tests.knowledge.doubles import WordEmbedder

ERROR = Point(
    "error", "A cost measures error.", true=("The cost says how wrong we are.",), false=("It says how right.",)
)
LOWER = Point("lower", "Lower is better.", true=("Less cost is better.",), false=("More cost is better for us.",))
QUESTION = Question(
    id="cost",
    title="Cost",
    ask="What is a cost?",
    reworded="r",
    plain="p",
    aim="a",
    level="beginner",
    topics=("training",),
    points=(ERROR, LOWER),
    reference="A cost measures error.",
    hints=("1", "2", "3"),
    follow_ups=(FollowUp("error", "missed", "?"), FollowUp("lower", "missed", "?")),
)


def point(id_: str, credit: float, evidence: str | None = None, verdict: Standing | None = None) -> PointGrade:
    standing: Standing = verdict or ("met" if credit >= 0.75 else "partial" if credit >= 0.35 else "missing")
    return PointGrade(id_, 1.0, False, credit, credit, credit, 0.9, standing, evidence=evidence)


def tried(
    which: Which, *points: PointGrade, text: str = "It measures error. Less is better.", beliefs: int = 0
) -> Tried:
    score = round(sum(p.credit for p in points) / len(points), 3)
    believed = tuple(Belief(f"b{n}") for n in range(beliefs))
    return Tried(which, text, Grade(score, score, points, believed))


def told(*answers: Tried, question: Question = QUESTION) -> list[str]:
    return advice(question, answers, WordEmbedder())


GOOD = tried("good", point("error", 1.0), point("lower", 0.9))
HALF = tried("half", point("error", 1.0), point("lower", 0.0))
WRONG = tried("wrong", point("error", 0.0, verdict="wrong"), point("lower", 0.0))


def test_nothing_is_off_when_the_marks_are_as_they_should_be() -> None:
    assert told(GOOD, HALF, WRONG) == []


def test_a_good_answer_that_earns_too_little_is_told_by_its_nearest_sentence() -> None:
    weak = tried("good", point("error", 0.4), point("lower", 1.0), text="It says how bad. Less cost is better.")
    (said,) = told(weak)
    assert said.startswith("The good answer earns only 0.40 on error: its nearest sentence “It says how bad.”")
    assert said.endswith("If it says the point, add a true statement like it; if not, the answer lacks the point.")


def test_a_good_answer_that_is_heard_as_wrong_is_told_by_the_false_statement() -> None:
    heard = tried("good", point("error", 1.0), point("lower", 0.0, "More is worse.", "wrong"))
    (said,) = told(heard)
    assert "is heard as wrong on lower (“More is worse.”, nearest to its false statement “More cost is" in said


def test_a_wrong_answer_that_earns_something_is_told_by_its_point() -> None:
    earns = tried("wrong", point("error", 0.0, verdict="wrong"), point("lower", 0.7, "More is better."))
    (said,) = told(earns)
    assert said.startswith("The wrong answer earns 0.70 on lower (“More is better.”): its false statements are too far")
    assert said.endswith("If the sentence is wrong, add a false statement like it.")


def test_a_wrong_answer_that_nobody_notices_is_told() -> None:
    silent = tried("wrong", point("error", 0.0), point("lower", 0.0))
    assert "nothing in it is recognised as wrong" in told(silent)[0]
    assert told(tried("wrong", point("error", 0.0), point("lower", 0.0), beliefs=1)) == []


@pytest.mark.parametrize(
    ("credits", "said"),
    [
        ((1.0, 1.0), "as much as a good one: it is heard to say error, lower"),
        ((0.0, 0.0), "The half answer scores only"),
    ],
)
def test_a_half_answer_lies_between(credits: tuple[float, float], said: str) -> None:
    half = tried("half", point("error", credits[0]), point("lower", credits[1]))
    assert said in told(half)[0]


def test_the_order_of_the_answers_must_be_that_of_their_scores() -> None:
    best = tried("half", point("error", 0.7), point("lower", 0.6))
    worse = tried("good", point("error", 0.6), point("lower", 0.6))
    assert "The half answer scores 0.65 and the good one 0.60: it must be less." in told(worse, best)


def test_what_was_not_graded_is_told_with_its_reason() -> None:
    assert told(Tried("good", "?", Grade(None, None, why_not="There is too little in it to judge."))) == [
        "The good answer was not graded: There is too little in it to judge."
    ]


@pytest.mark.parametrize(("halved", "said"), [("order", "out of order"), ("reason", "reason"), ("hinge", "wrong way")])
def test_why_a_point_counts_half_is_told(halved: Halved, said: str) -> None:
    half = PointGrade("lower", 1.0, False, 0.5, 1.0, 0.5, 0.9, "met", halved=halved)
    assert any(said in text for text in told(tried("good", point("error", 1.0), half)))


def test_of_many_right_answers_some_are_enough() -> None:
    enough = Question(**{**vars(QUESTION), "kind": "enumerate", "needs": 1})
    assert told(Tried("good", "x", Grade(1.0, 1.0, (point("error", 1.0), point("lower", 0.0)))), question=enough) == []


def test_the_nearest_of_nothing_is_nothing() -> None:
    assert nearest([], ["a"], WordEmbedder()) is None and nearest(["a"], [], WordEmbedder()) is None
    assert sentences("One. Two!\nThree") == ["One.", "Two!", "Three"]
