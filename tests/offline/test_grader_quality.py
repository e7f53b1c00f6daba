"""How well the offline grader judges answers written without sight of the statements (see evals/README.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from bot.core.question import Question
from bot.offline.grader import OfflineGrader
from evals.answers import BLIND, DEVELOPMENT, labelled, true_score
from evals.grader import Judged, judge, scores, summary, table
from evals.measures import spearman

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def judged(grader: OfflineGrader, bank: Mapping[str, Question]) -> Sequence[Judged]:
    return judge(grader, bank, labelled(BLIND))


def test_the_labels_fit_the_bank(bank: Mapping[str, Question]) -> None:
    for answer in (*labelled(BLIND), *labelled(DEVELOPMENT)):
        points = {point.id for point in bank[answer.question].points}
        assert set(answer.points) <= points, answer.id
        assert set(answer.points.values()) <= {"met", "partial", "missing", "wrong"}, answer.id
        assert 0 <= true_score(bank[answer.question], answer.points) <= 1


def test_no_blind_answer_was_fitted_on() -> None:
    blind = {answer.answer.strip().lower() for answer in labelled(BLIND)}
    assert not blind & {answer.answer.strip().lower() for answer in labelled(DEVELOPMENT)}


def test_it_ranks_answers(judged: Sequence[Judged]) -> None:
    found = summary(judged)
    assert found.spearman >= 0.8
    assert found.false_praise <= 0.06
    assert found.false_blame <= 0.12


def test_excellent_answers_beat_weak_ones(judged: Sequence[Judged]) -> None:
    for question in {j.answer.question for j in judged}:
        excellent, weak = scores(judged, question, ("excellent",)), scores(judged, question, ("weak",))
        assert sum(excellent) / len(excellent) > sum(weak) / len(weak) + 0.2, question


def test_a_negated_or_swapped_excellent_answer_falls_below_half(judged: Sequence[Judged]) -> None:
    found = summary(judged)
    assert found.fallen_negated >= 14, table(judged)
    assert found.fallen_swapped >= 4, table(judged)  # the sentences alone find 10; evals/README.md says what that cost


@pytest.mark.parametrize("kind", ["off_topic", "keyword_soup", "copied_question", "injection"])
def test_what_is_no_answer_earns_next_to_nothing(judged: Sequence[Judged], kind: str) -> None:
    found = scores(judged, None, (kind,))
    assert found and sum(found) / len(found) < 0.1


def test_every_quotation_is_in_its_answer(judged: Sequence[Judged]) -> None:
    marks = [(mark, j.answer.answer) for j in judged for mark in j.verdict.marks if mark.evidence]
    assert marks and all(mark.evidence in text for mark, text in marks if mark.evidence)


def test_spearman_shares_ranks_between_ties() -> None:
    assert spearman([1, 2, 3], [10, 20, 30]) == pytest.approx(1)
    assert spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert spearman([1, 1, 2, 2], [1, 2, 3, 4]) == pytest.approx(0.894, abs=1e-3)
