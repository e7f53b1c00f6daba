"""What the reader learns from: labels that hold by construction, drawn the same each time, no answer of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from random import Random

import pytest

from bot.core.marking import Standing
from bot.core.question import Question
from bot.ports.reading import STANDINGS
from evals.answers import Labelled, Purpose, Reply, elsewhere, hand, replies
from evals.reader.examples import MET, MISSING, WRONG, Material, composed, example, nothing_said, read_points, reply

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
        own = [{point.says, *point.true, *point.false} for point in read_points(questions[one.question])]
        assert all(says in put for says, put in zip(one.says, own, strict=False))
        assert set(one.verdicts[len(own) :]) <= {MISSING} and not {*one.says[len(own) :]} & set().union(*own)
        foreign += len(one.says) - len(own)
    assert foreign > len(epoch)
    misplaced = [one for one in epoch if set(one.verdicts) == {MISSING}]
    assert len(misplaced) > len(answers) / 6


def test_points_are_put_as_statements_now_and_then_and_who_meets_one_denies_what_is_false_of_it(
    questions: Mapping[str, Question],
) -> None:
    answers = [example(questions[a.question], a) for a in hand("H")]
    put = Counter[tuple[str, int, int]]()
    for one in Material(questions, answers, (), ["perceptron"]).epoch(Random(1), 0, 0):
        told = next((a.verdicts for a in answers if a.text == one.text), None)
        if told is None:
            continue  # spoilt in writing, or put elsewhere
        for point, says, verdict, was in zip(
            read_points(questions[one.question]), one.says, one.verdicts, told, strict=False
        ):
            as_what = "says" if says == point.says else "true" if says in point.true else "false"
            put[as_what, was, verdict] += one.question == next(a.question for a in answers if a.text == one.text)
    true, false = (sum(n for (what, *_), n in put.items() if what == kind) for kind in ("true", "false"))
    assert 0.2 < true / put.total() < 0.3 and 0.03 < false / put.total() < 0.15
    for (what, was, verdict), n in put.items():
        if n and what == "false":
            assert (was, verdict) in {(MET, WRONG), (MISSING, MISSING)}
        elif n:
            assert was == verdict


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
    from evals.reader.train import USUAL, split

    data = split(questions, USUAL.split(",")[-1], 12)
    of_no_bank, others = elsewhere()
    assert of_no_bank.keys() <= data.material.questions.keys()
    assert {one.answer for one in others} <= {one.text for one in data.material.answers}
    assert not of_no_bank.keys() & set(data.material.taught)
    left_out = {answer.question for answer in data.left_out}
    assert len(left_out) == 12
    assert not left_out & {one.question for one in data.material.answers}
    assert not left_out & set(data.material.taught)
    assert not left_out & {answer.question for answer in data.known}
    assert {answer.id for answer in data.known} <= {answer.id for answer in hand("C")}
    held = {(one.question, one.answer) for one in replies("report")}
    assert not held & {(one.question, one.text) for one in data.material.answers}
