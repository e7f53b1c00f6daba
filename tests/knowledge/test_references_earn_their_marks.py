"""The offline grader on the bank's own words: a reference earns full marks, and an article's error earns nothing.

It looks at texts that belong to the corpus; how well the grader judges candidates is measured in tests/offline.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.core.drills import fresh
from bot.core.marking import MET_FROM, PARTIAL_FROM, Grade, Part, Verdict, checked, grade
from bot.core.question import Kind, Question
from bot.offline.grader import OfflineGrader
from evals import places

pytestmark = pytest.mark.slow

#: Judged by a program that is run, by computed numbers, by what a pitch holds, by the candidate's own experience.
JUDGED_OTHERWISE: frozenset[Kind] = frozenset({"code", "numeric", "pitch", "experience"})
#: The seed of the numbers in questions that draw them.
SEED = 7
FULL_MARKS = 0.9
UNHEARD = "the reader of whole answers takes a part of it for missing, where the sentences alone heard it"
#: Questions whose reference need not reach FULL_MARKS, with the reason. It should be empty.
EXCEPTIONS: Mapping[str, str] = dict.fromkeys(
    (
        "data-loader",
        "finding-activation-on-the-logits",
        "finding-images-not-float",
        "finding-loss-arguments-swapped",
        "finding-no-optimizer-step",
        "role-of-bias",
    ),
    UNHEARD,
)
#: Points on which the reader of whole answers outweighs sentences that knew better: what is called wrong in a
#: reference, a misconception and errors of articles that earn what they contradict. They should be empty.
BLAMED = {("data-loader", "pinned-memory")}
BELIEVED = {("epoch-batch-iteration", "iteration")}
PRAISED = {("tf-elements", "eager-without-sessions"), ("types-of-tensors", "trained-or-constant")}


@dataclass(frozen=True)
class ArticleError:
    """What a candidate would say who repeats an article's error, and the key points that it contradicts."""

    question: str
    says: str
    against: tuple[str, ...]


@pytest.fixture(scope="module")
def questions() -> Mapping[str, Question]:
    return {q.id: fresh(q, SEED) for q in places.bank().values() if q.kind not in JUDGED_OTHERWISE}


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory) -> OfflineGrader:
    return places.grader(places.embedder(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def verdicts(grader: OfflineGrader, questions: Mapping[str, Question]) -> Mapping[str, Verdict]:
    """What the grader says of each question's own reference."""
    return {q.id: _judged(grader, q, q.reference) for q in questions.values()}


@pytest.fixture(scope="module")
def references(verdicts: Mapping[str, Verdict], questions: Mapping[str, Question]) -> Mapping[str, Grade]:
    """How each question's own reference is graded."""
    assert {i: v.why_not for i, v in verdicts.items() if not v.judged} == {}
    return {i: grade(questions[i], [Part(questions[i].reference, verdict=v)]) for i, v in verdicts.items()}


def test_every_reference_earns_full_marks(references: Mapping[str, Grade]) -> None:
    low = {i: g.score for i, g in references.items() if (g.score or 0.0) < FULL_MARKS and i not in EXCEPTIONS}
    assert low == {}


def test_no_exception_outlives_its_reason(references: Mapping[str, Grade]) -> None:
    assert [i for i in EXCEPTIONS if i not in references or (references[i].score or 0.0) >= FULL_MARKS] == []


def test_nothing_in_a_reference_is_called_wrong(references: Mapping[str, Grade]) -> None:
    assert {(i, p.point) for i, g in references.items() for p in g.points if p.verdict == "wrong"} == BLAMED


def test_no_reference_shows_a_misconception(verdicts: Mapping[str, Verdict]) -> None:
    """Asked of the grader itself, for a point that is met hides a misconception from the grade."""
    seen = {i: [(b.id, b.evidence) for b in v.misconceptions] for i, v in verdicts.items() if v.misconceptions}
    assert seen == {}


def test_no_misconception_earns_a_point_that_it_contradicts(
    grader: OfflineGrader, questions: Mapping[str, Question]
) -> None:
    held = [(q, m.believes, m.points) for q in questions.values() for m in q.misconceptions]
    earned = [found for q, says, against in held for found in _earned(grader, q, says, against, MET_FROM)]
    assert {found[:2] for found in earned} == BELIEVED, earned


def test_an_articles_error_earns_nothing_where_it_is_wrong(
    grader: OfflineGrader, questions: Mapping[str, Question]
) -> None:
    errors = [(questions[e.question], e.says, e.against) for e in _article_errors()]
    assert len(errors) >= 50
    earned = [found for q, says, against in errors for found in _earned(grader, q, says, against, PARTIAL_FROM)]
    assert {found[:2] for found in earned} == PRAISED, earned


def test_the_articles_errors_name_points_of_the_bank(questions: Mapping[str, Question]) -> None:
    points = {q.id: {p.id for p in q.points} for q in questions.values()}
    assert [e for e in _article_errors() if not e.against or not points[e.question].issuperset(e.against)] == []


def _judged(grader: OfflineGrader, question: Question, text: str) -> Verdict:
    return checked(grader.judge(question, Part(text)), question, text)


def _earned(
    grader: OfflineGrader, question: Question, says: str, against: tuple[str, ...], credit: float
) -> Iterator[tuple[str, str, float, str]]:
    """The points among those contradicted for which the text gets at least so much credit."""
    for mark in _judged(grader, question, says).marks:
        if mark.point in against and mark.verdict != "wrong" and mark.credit >= credit:
            yield question.id, mark.point, mark.credit, says


def _article_errors() -> Iterator[ArticleError]:
    file = Path(__file__).with_name("article_errors.toml")
    for question, errors in tomllib.loads(file.read_text("utf-8")).items():
        yield from (ArticleError(question, e["says"], tuple(e["against"])) for e in errors)
