"""Answers that are made from the bank carry the labels that the way of making them gives."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from random import Random

import pytest

from bot.core.question import Question
from evals.answers import Labelled, hand, true_score
from evals.attacks import (
    GOOD,
    LOOK_ALIKES,
    OFF_SUBJECT,
    PLEAS,
    PROSE,
    SHARED,
    ZERO_WIDTH,
    attacks,
    denial,
    denied,
    fits,
    misplaced,
    recital,
    with_hidden_characters,
    with_look_alikes,
)
from evals.places import bank as shipped

BACK = str.maketrans({chr(other): chr(latin) for latin, other in LOOK_ALIKES.items()})
COPIES = {"copied-question", "copied-hint", "another-answer", "soup-of-points", "soup-of-points+plea"}


@pytest.fixture(scope="module")
def bank() -> Mapping[str, Question]:
    return shipped()


@pytest.fixture(scope="module")
def made(bank: Mapping[str, Question]) -> Sequence[Labelled]:
    return list(attacks(bank))


def of_kind(made: Sequence[Labelled], *kinds: str) -> list[Labelled]:
    found = [answer for answer in made if answer.kind in kinds]
    assert found
    return found


def test_every_question_that_is_answered_in_sentences_gets_every_kind(
    made: Sequence[Labelled], bank: Mapping[str, Question]
) -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    for answer in made:
        kinds[answer.question].add(answer.kind)
    assert {q.id for q in bank.values() if fits(q)} == kinds.keys()
    assert len(kinds) > 100 and {bank[q].kind for q in kinds} == PROSE
    off = [answer.answer for answer in of_kind(list(made), "off-subject")]
    assert set(off) == set(OFF_SUBJECT)
    always = Counter(kind for found in kinds.values() for kind in found)
    assert {kind for kind, times in always.items() if times < len(kinds)} == {"one-word-denied"}
    assert always["one-word-denied"] > 50


def test_the_same_seed_makes_the_same_answers_and_each_id_is_there_once(
    made: Sequence[Labelled], bank: Mapping[str, Question]
) -> None:
    assert list(attacks(bank)) == made
    assert list(attacks(bank, seed=2)) != made
    assert len({answer.id for answer in made}) == len(made)


def test_labels_are_those_of_points_that_the_question_has(
    made: Sequence[Labelled], bank: Mapping[str, Question]
) -> None:
    for answer in made:
        question = bank[answer.question]
        assert {p.id for p in question.points if not p.bonus} <= answer.points.keys() <= {p.id for p in question.points}
        assert answer.answer.strip() == answer.answer != ""


def test_copies_and_soups_are_worth_nothing_and_references_everything(
    made: Sequence[Labelled], bank: Mapping[str, Question]
) -> None:
    assert {true_score(bank[a.question], a.points) for a in of_kind(made, *COPIES)} == {0.0}
    assert {true_score(bank[a.question], a.points) for a in of_kind(made, "reference", "recital")} == {1.0}


def test_a_copy_is_word_for_word(made: Sequence[Labelled], bank: Mapping[str, Question]) -> None:
    assert all(a.answer == bank[a.question].ask for a in of_kind(made, "copied-question"))
    assert all(a.answer == bank[a.question].hints[0] for a in of_kind(made, "copied-hint"))
    assert all(a.answer == bank[a.question].reference.strip() for a in of_kind(made, "reference"))


def test_another_questions_answer_says_little_of_any_key_point(
    made: Sequence[Labelled], bank: Mapping[str, Question]
) -> None:
    by_reference = {q.reference.strip(): q for q in bank.values()}
    for answer in of_kind(made, "another-answer"):
        question, other = bank[answer.question], by_reference[answer.answer]
        assert not {*question.topics} & {*other.topics} and other.id not in question.see_also
        said = set(re.findall(r"[a-z0-9]+", other.reference.lower()))
        for point in question.points:
            words = {word for word in re.findall(r"[a-z0-9]+", point.says.lower()) if len(word) > 7}
            assert len(words) < 3 or len(words & said) <= 2 * SHARED * len(words), (answer.id, point.id)


def test_a_soup_has_the_words_of_the_points_and_no_sentence(
    made: Sequence[Labelled], bank: Mapping[str, Question]
) -> None:
    for answer in of_kind(made, "soup-of-points"):
        words = answer.answer.rstrip(".").split(", ")
        assert len(words) == len(set(words)) > 5
        says = " ".join(point.says for point in bank[answer.question].points).lower()
        assert all(word in says for word in words)
        assert not {"is", "are", "not", "and", "because", "than", "by"} & {*words}


@pytest.mark.parametrize(
    ("says", "turned"),
    [
        ("Pooling has weights.", "Pooling does not have weights."),
        ("A batch is a group of examples.", "A batch is not a group of examples."),
        ("A part can be left out.", "A part cannot be left out."),
        ("Pooling has no weights.", None),
        ("Batch descent is exact, while stochastic descent is noisy.", None),
        ("It takes the maximum and so reduces the map.", None),
        ("Pooling is downsampling: it reduces the map.", None),
        ("Its units are random and are updated by sampling.", None),
        ("Gradients are added up, so they must be cleared.", None),
        ("A weight that is large counts more.", None),
        ("Larger networks overfit.", None),
    ],
)
def test_only_a_single_claim_with_a_sure_verb_is_denied(says: str, turned: str | None) -> None:
    assert denial(says) == turned


def test_a_denied_word_makes_its_point_wrong_and_leaves_the_rest(bank: Mapping[str, Question]) -> None:
    question = bank["bagging"]
    answers = {answer.id: answer for answer in denied(question)}
    sample = answers["one-word-denied:bagging:bootstrap-samples"]
    assert sample.points["bootstrap-samples"] == "wrong"
    assert set(sample.points.values()) == {"met", "wrong"} and Counter(sample.points.values())["wrong"] == 1
    assert sample.answer == recital(question).answer.replace("model is trained", "model is not trained")
    assert true_score(question, sample.points) < 1.0


def test_no_point_of_a_comparison_is_denied_for_it_speaks_of_two_things(bank: Mapping[str, Question]) -> None:
    question = bank["layer-norm-vs-batch-norm"]
    assert question.kind == "compare" and any(denial(point.says) for point in question.points)
    assert denied(question) == []


def test_a_plea_is_added_and_moves_no_label(made: Sequence[Labelled]) -> None:
    by_id = {answer.id: answer for answer in made}
    for answer in of_kind(made, "recital+plea", "soup-of-points+plea"):
        plain = by_id[answer.id.removeprefix("plea:")]
        assert answer.points == plain.points
        assert answer.answer.removeprefix(plain.answer).strip() in PLEAS


def test_a_disguise_reads_the_same_to_a_person(bank: Mapping[str, Question]) -> None:
    plain = recital(bank["adam"])
    hidden, alike = with_hidden_characters(plain, Random(1)), with_look_alikes(plain, Random(1))
    assert hidden.answer != plain.answer and re.sub(f"[{ZERO_WIDTH}]", "", hidden.answer) == plain.answer
    assert alike.answer != plain.answer and alike.answer.translate(BACK) == plain.answer
    assert hidden.points == alike.points == plain.points


def test_good_answers_are_put_to_questions_that_they_have_nothing_to_do_with(bank: Mapping[str, Question]) -> None:
    answers = hand("D")
    found = list(misplaced(bank, answers))
    texts = {answer.answer.strip(): answer for answer in answers}
    assert len(found) == sum(answer.kind in GOOD for answer in answers)
    assert found == list(misplaced(bank, answers))
    for one in found:
        own = texts[one.answer]
        assert one.question != own.question and not {*bank[one.question].topics} & {*bank[own.question].topics}
        assert true_score(bank[one.question], one.points) == 0
