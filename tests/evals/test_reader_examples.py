"""What the reader learns from: labels that hold by construction, drawn the same each time, no answer of a report."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import pytest

from bot.core.marking import Standing
from bot.core.question import Question
from bot.ports.reading import STANDINGS
from evals.answers import Labelled, Purpose, Reply, hand, replies
from evals.reader.examples import MISSING, Material, composed, example, nothing_said, read_points, reply

NO_TORCH = "the reader is trained with torch, which the lab's set-up installs"


@pytest.fixture(scope="module")
def questions() -> Mapping[str, Question]:
    from evals.places import bank

    return bank()


def test_a_label_goes_to_each_point_that_words_earn(questions: Mapping[str, Question]) -> None:
    question = questions["why-mini-batch"]
    labels: dict[str, Standing] = {question.points[0].id: "met", question.points[1].id: "wrong"}
    made = example(question, Labelled("x", question.id, "mixed", "some words", labels))
    assert made.verdicts[:2] == (STANDINGS.index("met"), STANDINGS.index("wrong"))
    assert set(made.verdicts[2:]) <= {MISSING}
    assert len(made.verdicts) == len(read_points(question)) == len(made.weights)


def test_a_composed_answer_says_what_its_verdicts_tell(questions: Mapping[str, Question]) -> None:
    question = questions["why-mini-batch"]
    for seed in range(40):
        made = composed(question, Random(seed))
        if made is None:
            continue
        for point, verdict in zip(read_points(question), made.verdicts, strict=True):
            right = any(statement in made.text for statement in point.true)
            wrong = any(statement in made.text for statement in point.false)
            told = {(True, False): "met", (False, True): "wrong", (True, True): "partial", (False, False): "missing"}
            assert STANDINGS[verdict] == told[right, wrong]


def test_a_reply_is_read_after_the_follow_up_and_tells_of_one_point(questions: Mapping[str, Question]) -> None:
    question = questions["why-mini-batch"]
    about = read_points(question)[1].id
    made = reply(question, Reply("x", question.id, about, "And smaller?", "It wobbles more.", "met", "R0"))
    assert made.ask == "And smaller?"
    assert [n for n, verdict in enumerate(made.verdicts) if verdict == STANDINGS.index("met")] == [1]
    assert made.weights[1] == 1.0 and max(made.weights[:1] + made.weights[2:]) < 1.0


def test_replies_are_about_points_of_their_questions(questions: Mapping[str, Question]) -> None:
    purposes: list[Purpose] = ["training", "tuning", "report"]
    found = [one for purpose in purposes for one in replies(purpose)]
    assert len({one.id for one in found}) == len(found) > 1300
    for one in found:
        assert one.about in {point.id for point in read_points(questions[one.question])}, one.id
        assert one.label in STANDINGS


def test_another_questions_answer_says_nothing(questions: Mapping[str, Question]) -> None:
    assert set(nothing_said(questions["perceptron"], "Dropout switches units off.").verdicts) == {MISSING}


def test_an_epoch_is_drawn_the_same_from_the_same_seed(questions: Mapping[str, Question]) -> None:
    answers = [example(questions[a.question], a) for a in hand("H")]
    material = Material(questions, answers, (), sorted({a.question for a in answers}))
    one, same, other = (material.epoch(Random(seed), 30, 0) for seed in (1, 1, 2))
    assert one == same
    assert one != other
    assert len(one) >= len(answers) + 30
    assert all(len(e.says) == len(e.verdicts) == len(e.weights) for e in one)


def test_points_of_other_questions_stand_beside_an_answers_own_and_are_missing(
    questions: Mapping[str, Question],
) -> None:
    answers = [example(questions[a.question], a) for a in hand("H")]
    material = Material(questions, answers, (), [q.id for q in questions.values() if read_points(q)])
    epoch = material.epoch(Random(1), 0, 0)
    foreign = 0
    for one in epoch:
        own = [point.says for point in read_points(questions[one.question])]
        assert list(one.says[: len(own)]) == own
        assert set(one.verdicts[len(own) :]) <= {MISSING} and not {*one.says[len(own) :]} & {*own}
        foreign += len(one.says) - len(own)
    assert foreign > len(epoch)
    misplaced = [one for one in epoch if set(one.verdicts) == {MISSING}]
    assert len(misplaced) > len(answers) / 6


def test_a_text_off_the_subject_says_nothing_of_any_question(questions: Mapping[str, Question]) -> None:
    texts = ["First I chop two onions.", "The keeper slipped on the wet grass."]
    material = Material(questions, (), (), ["perceptron", "momentum"], texts)
    found = material.epoch(Random(1), 0, 0)
    assert [one.text for one in found] == texts
    assert all(set(one.verdicts) == {MISSING} for one in found)


def test_nothing_of_the_questions_of_the_report_is_learnt_from(questions: Mapping[str, Question]) -> None:
    pytest.importorskip("torch", reason=NO_TORCH)
    from evals.reader.train import TRAINING, split

    unseen = {answer.question for answer in hand("E")}
    material = split(questions, TRAINING, 0).material
    assert not unseen & {one.question for one in (*material.answers, *material.attacks)}
    assert not unseen & set(material.taught)
    learnt = {one.text for one in material.answers}
    assert not learnt & {answer.answer for name in "DEFG" for answer in hand(name)}


def test_what_is_held_back_for_choices_is_not_learnt_from(questions: Mapping[str, Question]) -> None:
    pytest.importorskip("torch", reason=NO_TORCH)
    from evals.reader.train import split

    data = split(questions, "ABHIJMNR", 12)
    left_out = {answer.question for answer in data.left_out}
    assert len(left_out) == 12
    assert not left_out & {one.question for one in data.material.answers}
    assert not left_out & set(data.material.taught)
    assert not left_out & {answer.question for answer in data.known}
    assert {answer.id for answer in data.known} <= {answer.id for answer in hand("C")}
    held = {(one.question, one.answer) for one in replies("report")}
    assert not held & {(one.question, one.text) for one in data.material.answers}
