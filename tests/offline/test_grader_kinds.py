"""How each kind of question is marked: right, wrong, sly and empty answers, with the real encoder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.core.drills import fresh
from bot.core.marking import Part, Verdict, checked, grade
from bot.core.question import Misconception, Option, Point, Question
from bot.offline.grader import OfflineGrader
from tests.fakes import question as make

OWN_BIAS = Point(
    "own-bias",
    "Each neuron needs a bias of its own to shift its threshold.",
    2,
    true=(
        "Every unit needs its own bias, so that its threshold can move independently of the others.",
        "Each neuron has to be able to shift its activation by itself.",
        "Neurons should fire at different points, which takes a separate bias for each of them.",
        "With a bias per neuron, every one of them sets its own threshold.",
        "The units need individual offsets.",
        "A neuron's own bias moves the point at which that neuron switches on.",
    ),
    false=(
        "All neurons of a layer should have the same threshold.",
        "A neuron needs no threshold of its own, because its weights do the shifting.",
        "The bias of a neuron has no influence on when it fires.",
        "Each weight needs a bias of its own, rather than each neuron.",
        "A shared bias shifts every threshold independently of the others.",
        "Separate biases keep the neurons from firing at different points.",
    ),
)
VERDICT = Point("no", "No, something is lost.", true=("Something is lost.",) * 6, false=("Nothing is lost.",) * 6)


def built(points: tuple[Point, ...], **more: Any) -> Question:
    return replace(make("thing"), points=points, **more)


def judged(grader: OfflineGrader, question: Question, text: str) -> Verdict:
    verdict = grader.judge(question, Part(text))
    assert checked(verdict, question, text) == verdict
    return verdict


def marks(grader: OfflineGrader, question: Question, text: str) -> dict[str, str]:
    return {mark.point: mark.verdict for mark in judged(grader, question, text).marks}


def score(grader: OfflineGrader, question: Question, text: str) -> float:
    result = grade(question, [Part(text, verdict=judged(grader, question, text))]).score
    assert result is not None
    return result


SHARED_BIAS = built((VERDICT, OWN_BIAS), kind="yes-no", hinge="no", verdict="no", ask="May all neurons share one bias?")


def test_the_verdict_of_a_yes_no_question_counts_and_its_reason_counts_more(grader: OfflineGrader) -> None:
    whole = "No, because every neuron needs its own bias to shift its threshold."
    assert marks(grader, SHARED_BIAS, whole) == {"no": "met", "own-bias": "met"}
    assert score(grader, SHARED_BIAS, "no") == pytest.approx(1 / 3, abs=0.01)
    assert marks(grader, SHARED_BIAS, "Yes.") == {"no": "wrong", "own-bias": "missing"}
    right_reason = "Yes. Each neuron needs a bias of its own to shift its threshold."
    assert score(grader, SHARED_BIAS, right_reason) < 0.5 < score(grader, SHARED_BIAS, whole)


def test_a_reason_is_not_turned_round_by_the_no_before_it(grader: OfflineGrader) -> None:
    reason = "Every neuron needs its own bias to shift its threshold."
    with_no = {m.point: m.credit for m in judged(grader, SHARED_BIAS, f"No, {reason}").marks}
    alone = {m.point: m.credit for m in judged(grader, replace(SHARED_BIAS, kind="free"), reason).marks}
    assert with_no["own-bias"] >= alone["own-bias"] - 0.05


def test_a_bare_verdict_pick_or_number_is_an_answer_and_a_shrug_is_none(grader: OfflineGrader) -> None:
    assert judged(grader, SHARED_BIAS, "nope").judged
    assert not judged(grader, SHARED_BIAS, "it depends").judged
    assert judged(grader, PICK, "B").judged
    assert not judged(grader, PICK, "hm").judged
    assert judged(grader, SIZE, "7").judged
    assert not judged(grader, SIZE, "hm").judged


PICK = built(
    (VERDICT, OWN_BIAS),
    kind="choice",
    hinge="no",
    ask="How many biases has a layer?",
    options=(Option("One for each neuron.", right=True, reply="Yes."), Option("One for each weight.", reply="No.")),
)


def test_a_wrong_pick_is_wrong_whatever_the_words_say(grader: OfflineGrader) -> None:
    assert marks(grader, PICK, "B. Something is lost.")["no"] == "wrong"
    assert marks(grader, PICK, "A, because each neuron shifts its own threshold.") == {"no": "met", "own-bias": "met"}
    assert marks(grader, PICK, "A or B, whichever one is right.")["no"] != "met"


SIZE = built(
    (
        Point("size", "The output is 14 x 14.", 2, value=14),
        replace(OWN_BIAS, weight=1),
    ),
    kind="numeric",
    misconceptions=(Misconception("no-padding", "No padding.", "It was padded.", ("size",), value=13),),
)


def test_a_number_decides_where_vectors_see_no_difference(grader: OfflineGrader) -> None:
    assert marks(grader, SIZE, "The output is 14 x 14.")["size"] == "met"
    verdict = judged(grader, SIZE, "The output is 13 x 13.")
    assert {m.point: m.verdict for m in verdict.marks}["size"] == "wrong"
    assert [belief.id for belief in verdict.misconceptions] == ["no-padding"]
    assert marks(grader, SIZE, "The output is of some size.")["size"] == "missing"
    assert "draft" not in verdict.note


def test_numbers_alone_need_no_encoder() -> None:
    bare = replace(SIZE, points=SIZE.points[:1])
    assert marks(OfflineGrader(None), bare, "so it is 14") == {"size": "met"}
    assert not OfflineGrader(None).judge(SIZE, Part("so it is 14")).judged


def test_every_drill_is_marked_by_the_results_of_its_own_numbers(
    grader: OfflineGrader, bank: Mapping[str, Question]
) -> None:
    drills = [question for question in bank.values() if question.drill]
    assert len(drills) >= 10
    for question in drills:
        instance = fresh(question, 7)
        text = ". ".join(point.says.rstrip(".") for point in instance.points if point.exact and point.value is not None)
        found = marks(grader, instance, text + ".")
        assert {found[p.id] for p in instance.points if p.value is not None} <= {"met"}, (question.id, text, found)


def test_what_the_interviewer_said_is_no_number_of_the_candidates(grader: OfflineGrader) -> None:
    hinted = replace(SIZE, hints=("A nudge.", "A direction.", "Count again: the output size of this layer is 14."))
    told = grader.judge(hinted, Part(hinted.hints[2], rungs=3))
    assert {m.point: m.verdict for m in told.marks}.get("size", "missing") == "missing"


SOFTMAX = Point(
    "softmax-twice",
    "The Softmax layer must go, because CrossEntropyLoss applies log-softmax itself.",
    lines=(2,),
    true=(
        "CrossEntropyLoss already contains a log-softmax, so the Softmax layer is one too many.",
        "The network should return raw logits, since the loss does the softmax.",
        "Softmax is applied twice here, once in the model and once in the loss.",
        "The softmax at the end of the model has to be removed for this loss.",
        "The loss wants logits, and it is given probabilities.",
        "With a softmax before cross-entropy the gradients become weak.",
    ),
    false=(
        "CrossEntropyLoss needs probabilities, so the Softmax layer is right.",
        "The softmax must be applied before the cross-entropy loss.",
        "The loss contains no softmax, so the model has to have one.",
        "The Softmax layer lacks a log in front of it.",
        "The softmax should come first in the model.",
        "Two softmax layers make the gradients stronger.",
    ),
)
BUG = built(
    (SOFTMAX,),
    kind="find-bug",
    listing="model = nn.Sequential(nn.Linear(9, 3),\n    nn.Softmax(dim=1),\n)\nloss_fn = nn.CrossEntropyLoss()\n",
)


def test_a_line_alone_earns_half_and_with_what_is_wrong_there_all(grader: OfflineGrader) -> None:
    assert score(grader, BUG, "The bug is in line 2.") == 0.5
    assert score(grader, BUG, "Line 2: the loss applies a softmax already.") == 1
    assert score(grader, BUG, "The bug is in line 4.") < 0.35
    assert score(grader, BUG, "line 1, line 2, line 3, line 4, line 5, line 6") < 0.35


DROPOUT = Point(
    "dropout",
    "Use dropout, which switches units off at random in training.",
    true=(
        "Dropout keeps units from relying on one another.",
        "I would put dropout layers between the dense ones.",
        "Switching off random units in training helps.",
        "With dropout a network is a bit like an ensemble.",
        "Dropout is a good regulariser.",
        "Random units are dropped at each step of training.",
    ),
    false=(
        "Dropout should be switched on for testing as well.",
        "Dropout makes overfitting worse.",
        "Dropout removes training examples.",
        "Less dropout is what an overfitting network needs.",
        "Dropping the same units each time is best.",
        "Dropout adds units to a layer.",
    ),
)
STOPPING = Point(
    "stopping",
    "Stop training when the validation loss rises.",
    true=(
        "Early stopping ends training before the network memorises.",
        "I would stop as soon as the validation loss goes up.",
        "Early stopping on a validation set is simple and works.",
        "Keep the weights from the epoch with the lowest validation loss.",
        "One stops when the held-out loss no longer falls.",
        "Early stopping watches the validation loss.",
    ),
    false=(
        "One should train on after the validation loss rises.",
        "Early stopping watches the training loss.",
        "Training for more epochs is the remedy.",
        "Stopping early makes a network overfit.",
        "The test set tells when to stop.",
        "The last epoch always has the best weights.",
    ),
)
MORE_DATA = Point(
    "more-data",
    "Collect more training data.",
    true=(
        "More training examples make memorising harder.",
        "I would gather more data first.",
        "A larger training set helps most.",
        "Get more labelled examples.",
        "Additional data reduces overfitting.",
        "Collecting more samples is the surest remedy.",
    ),
    false=(
        "Less training data would help.",
        "More data makes overfitting worse.",
        "I would remove half of the examples.",
        "The amount of data does not matter.",
        "A smaller training set is harder to memorise.",
        "More test data would help.",
    ),
)
REMEDY = built(
    (DROPOUT, STOPPING, MORE_DATA),
    kind="remedy",
    needs=2,
    title="Overfitting",
    ask="Your network overfits. What can you do?",
)


@pytest.mark.parametrize(
    "text",
    [
        "dropout, early stopping",
        "I would use dropout and early stopping.",
        "1. Dropout\n2. Early stopping",
        "- dropout",
    ],
)
def test_bare_items_of_a_list_earn_their_points(grader: OfflineGrader, text: str) -> None:
    quoted = {m.point: m.evidence or "" for m in judged(grader, REMEDY, text).marks if m.verdict == "met"}
    assert "dropout" in quoted and quoted["dropout"].lower() in text.lower()
    assert ("stopping" in quoted) == ("topping" in text)


@pytest.mark.parametrize(
    "text",
    [
        "no dropout, no early stopping",
        "more layers, a bigger network",
        "dropout early stopping regularisation layers network loss gradient data epochs batch training weights",
        ", ".join(["dropout", "early stopping", *("layers weights loss gradient epochs batch units sets".split() * 2)]),
    ],
)
def test_other_items_and_heaps_of_words_do_not(grader: OfflineGrader, text: str) -> None:
    assert "met" not in marks(grader, REMEDY, text).values()


DEPTH = Point(
    "depth",
    "The LSTM has three gates and the GRU two.",
    true=(
        "An LSTM uses three gates, whereas a GRU gets by with two.",
        "There are two gates in a GRU and three in an LSTM.",
        "GRU: reset and update gate. LSTM: input, forget and output gate.",
        "The GRU has one gate fewer than the LSTM.",
        "Three gates control an LSTM cell, two control a GRU.",
        "Of the two, the LSTM has more gates: three against two.",
    ),
    false=(
        "A GRU uses three gates, whereas an LSTM gets by with two.",
        "There are two gates in an LSTM and three in a GRU.",
        "Both the LSTM and the GRU have three gates.",
        "The LSTM has one gate fewer than the GRU.",
        "The GRU has no gates at all, and the LSTM one.",
        "Of the two, the GRU has more gates.",
    ),
)
COMPARE = built((DEPTH,), kind="compare", reference="| | LSTM | GRU |\n|---|---|---|\n| gates | 3 | 2 |")


def test_two_sentences_that_contrast_are_read_together(grader: OfflineGrader) -> None:
    text = "The LSTM works with three gates. The GRU, on the other hand, makes do with two of them."
    apart = {m.point: m.credit for m in judged(grader, replace(COMPARE, kind="free"), text).marks}
    together = {m.point: m for m in judged(grader, COMPARE, text).marks}
    assert together["depth"].credit > apart["depth"]
    assert together["depth"].evidence == text


def test_a_row_of_a_table_is_read_with_its_columns_and_quoted_as_it_stands(grader: OfflineGrader) -> None:
    text = "| | LSTM | GRU |\n|---|---|---|\n| number of gates | three gates | two gates |"
    mark = judged(grader, COMPARE, text).marks[0]
    assert mark.verdict in ("met", "partial")
    assert mark.evidence == "| number of gates | three gates | two gates |"


FIT = Point(
    "train",
    "Train on the other folds.",
    true=(
        "The model is trained on the remaining folds.",
        "Fit the model on all folds but one.",
        "One trains on k minus one folds.",
        "Training uses the folds that are not held out.",
        "The other folds serve for training.",
        "All but the held-out fold are used to fit.",
    ),
    false=(
        "The model is trained on the held-out fold.",
        "Fit the model on one fold.",
        "One trains on all k folds at once.",
        "Training uses the test set.",
        "The other folds serve for testing.",
        "Nothing is trained at all.",
    ),
)
MEAN = Point(
    "mean",
    "Average the scores.",
    true=(
        "The scores of the folds are averaged.",
        "Take the mean of the k scores.",
        "One averages over the folds.",
        "The mean score is the estimate.",
        "All the scores are put together as their average.",
        "In the end the k results are averaged.",
    ),
    false=(
        "The best score is taken.",
        "Take the greatest of the k scores.",
        "The scores are multiplied.",
        "The last fold's score is the estimate.",
        "The lowest score counts.",
        "No score is kept.",
    ),
)
STEPS = built((FIT, MEAN), kind="steps", title="Cross-validation", ask="How does cross-validation go?")


def test_steps_in_a_row_are_read_one_by_one_and_in_their_order(grader: OfflineGrader) -> None:
    right = "cut into k folds -> fit the model on all but one fold -> score it there -> take the mean of the k scores"
    assert marks(grader, STEPS, right) == {"train": "met", "mean": "met"}
    turned = "take the mean of the k scores -> fit the model on all but one fold"
    assert score(grader, STEPS, turned) < score(grader, STEPS, right)


WHAT_IF = built((OWN_BIAS, SOFTMAX), kind="what-if")


def test_a_consequence_and_its_reason_are_heard_in_one_sentence(grader: OfflineGrader) -> None:
    text = "The softmax would be applied twice, so the gradients become weak, and every neuron needs its own bias."
    found = {m.point: m.credit for m in judged(grader, WHAT_IF, text).marks}
    plain = {m.point: m.credit for m in judged(grader, replace(WHAT_IF, kind="free"), text).marks}
    assert found["own-bias"] > plain["own-bias"]


def test_a_pitch_is_judged_by_what_is_in_it(grader: OfflineGrader) -> None:
    points = tuple(Point(d, f"It names the {d}.", found_by=d) for d in ("data", "framework", "metric-value"))
    pitch = built(points, kind="pitch")
    assert score(grader, pitch, "With 5,000 labelled photos and PyTorch we came to an accuracy of 91 %.") == 1
    assert score(grader, pitch, "It names the data. It names the framework. It names the metric.") == 0
