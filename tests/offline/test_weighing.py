"""Two readings of a key point are weighed: long answers joined, chances that add up, a credit that only rises."""

from __future__ import annotations

from importlib import resources
from itertools import pairwise

import numpy as np
import pytest

from bot.core.marking import MET_FROM, PARTIAL_FROM
from bot.offline.weighing import (
    LEAST_CHANCE,
    LEAST_SHARE,
    Weighing,
    joined,
    measures,
    shipped_weighings,
    standing_of,
)
from bot.ports.reading import STANDINGS, Reading

MET, PARTIAL, MISSING, WRONG = ((1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0))
#: Numbers as one would write them by hand: the reader's word, a little moved by what the sentences say.
BY_HAND = Weighing(
    centre=(0.0,) * 6,
    spread=(1.0,) * 6,
    weights=(
        (1.0, 0.0, 0.0, 0.5, -0.2, 0.0, 0.0),
        (0.0, 1.0, 0.0, 0.2, 0.0, 0.0, -0.5),
        (0.0, 0.0, 0.0, -0.3, -0.3, 0.0, 0.0),
        (0.0, 0.0, 1.0, -0.4, 0.5, 0.0, 0.0),
    ),
    credit=((0.0, 0.0), (0.2, 0.0), (0.7, 1.0), (1.0, 1.0)),
)


def _kinds() -> dict[str, Weighing]:
    """Those of this release too, where it has a reader."""
    if not resources.files("bot.offline").joinpath("weighing.json").is_file():
        return {"by hand": BY_HAND}
    shipped = shipped_weighings()
    return {"by hand": BY_HAND, "learnt": shipped.learnt, "others": shipped.others, "drafts": shipped.drafts}


KINDS = _kinds()
every_kind = pytest.mark.parametrize("weighing", KINDS.values(), ids=list(KINDS))


def window(*rows: tuple[float, ...]) -> Reading:
    """What a stretch of an answer says of each point."""
    return Reading(0, 1, np.array(rows))


def of(weighing: Weighing, shares: tuple[float, ...], said: float, contradicted: float) -> tuple[float, ...]:
    """The chances of one point."""
    row = measures(np.array([shares]), np.array([said]), np.array([contradicted]))[0]
    return tuple(weighing.of(row).tolist())


def test_one_window_is_the_whole_answer() -> None:
    rows = ((0.7, 0.1, 0.1, 0.1), (0.1, 0.1, 0.7, 0.1))
    assert joined([window(*rows)]).tolist() == [list(row) for row in rows]


def test_a_point_that_one_window_makes_is_made_however_much_is_said_besides() -> None:
    said, silent = (0.8, 0.1, 0.05, 0.05), (0.1, 0.0, 0.9, 0.0)
    assert joined([window(silent), window(said), window(silent), window(silent)])[0].tolist() == list(said)


def test_windows_that_speak_of_a_point_are_heard_alike() -> None:
    right, contrary, silent = (0.9, 0.0, 0.1, 0.0), (0.1, 0.0, 0.1, 0.8), (0.0, 0.0, 1.0, 0.0)
    found = joined([window(right), window(silent), window(contrary)])
    assert found[0] == pytest.approx([0.5, 0.0, 0.1, 0.4])
    assert np.array_equal(found, joined([window(contrary), window(right), window(silent)]))


def test_where_no_window_speaks_of_a_point_the_nearest_to_it_counts() -> None:
    near, far = (0.3, 0.1, 0.5, 0.1), (0.0, 0.0, 0.9, 0.1)
    assert joined([window(far), window(near), window(far)])[0].tolist() == list(near)


def test_each_point_is_joined_by_itself() -> None:
    first, second = (0.8, 0.1, 0.1, 0.0), (0.0, 0.1, 0.1, 0.8)
    silent = (0.0, 0.0, 1.0, 0.0)
    assert joined([window(first, silent), window(silent, second)]).tolist() == [list(first), list(second)]


@every_kind
def test_chances_add_up_whatever_was_read(weighing: Weighing) -> None:
    rng = np.random.default_rng(3)
    shares = np.vstack([rng.dirichlet([0.3] * 4, 200), np.eye(4)])
    found = weighing.of(measures(shares, rng.random(204), rng.random(204)))
    assert found.shape == (204, len(STANDINGS))
    assert found.min() >= 0.0 and found.max() <= 1.0
    assert found.sum(axis=1) == pytest.approx(np.ones(204), abs=5e-5)


@every_kind
def test_a_point_gets_the_same_chances_alone_and_among_others(weighing: Weighing) -> None:
    rng = np.random.default_rng(4)
    rows = measures(rng.dirichlet([0.3] * 4, 20), rng.random(20), rng.random(20))
    assert np.array_equal(weighing.of(rows), np.stack([weighing.of(row) for row in rows]))


@every_kind
def test_what_both_readings_say_is_believed(weighing: Weighing) -> None:
    for shares, said, contradicted, verdict in [(MET, 0.95, 0.02, "met"), (MISSING, 0.02, 0.02, "missing")]:
        chances = of(weighing, shares, said, contradicted)
        assert chances[STANDINGS.index(verdict)] == max(chances) > 0.8
        assert standing_of(chances, weighing.credit_of(chances)) == verdict


@pytest.mark.parametrize("weighing", [w for name, w in KINDS.items() if name != "drafts"])
def test_what_both_call_wrong_is_wrong(weighing: Weighing) -> None:
    chances = of(weighing, WRONG, 0.05, 0.95)
    assert chances[STANDINGS.index("wrong")] > 0.8
    assert standing_of(chances, weighing.credit_of(chances)) == "wrong"


@every_kind
def test_sentences_that_say_more_of_a_point_never_cost_it_credit(weighing: Weighing) -> None:
    for shares in ((0.4, 0.1, 0.4, 0.1), (0.1, 0.1, 0.7, 0.1), (0.6, 0.1, 0.1, 0.2)):
        credits = [weighing.credit_of(of(weighing, shares, said, 0.05)) for said in np.linspace(0, 1, 21)]
        assert all(more >= less for less, more in pairwise(credits))


@every_kind
def test_no_credit_for_the_least_chance_and_all_of_it_before_the_last(weighing: Weighing) -> None:
    assert weighing.credit_of(MISSING) == weighing.credit_of(WRONG) == 0.0
    assert weighing.credit_of((0.05, 0.05, 0.8, 0.1)) == 0.0
    assert weighing.credit_of((0.8, 0.0, 0.1, 0.1)) == weighing.credit_of(MET) == 1.0
    assert PARTIAL_FROM <= weighing.credit_of(PARTIAL) < weighing.credit_of(MET)


@every_kind
def test_credit_rises_with_what_is_expected_and_has_two_places(weighing: Weighing) -> None:
    credits = [weighing.credit_of((met, 0.0, 1.0 - met, 0.0)) for met in np.linspace(0, 1, 51)]
    assert all(more >= less for less, more in pairwise(credits))
    assert credits == [round(credit, 2) for credit in credits] and len(set(credits)) > 10
    assert weighing.credit_of((0.3, 0.2, 0.5, 0.0)) == weighing.credit_of((0.4, 0.0, 0.6, 0.0))


@pytest.mark.parametrize(
    ("chances", "credit", "stands"),
    [
        (MET, 1.0, "met"),
        ((0.5, 0.0, 0.1, 0.4), MET_FROM, "met"),
        ((0.45, 0.0, 0.0, 0.55), MET_FROM - 0.01, "partial"),
        ((0.3, 0.0, 0.0, 0.7), PARTIAL_FROM, "partial"),
        ((0.3, 0.0, 0.3, 0.4), PARTIAL_FROM - 0.01, "wrong"),
        ((0.3, 0.0, 0.4, 0.3), PARTIAL_FROM - 0.01, "missing"),
        ((0.2, 0.0, 0.4, 0.4), 0.0, "missing"),
        (WRONG, 0.0, "wrong"),
    ],
)
def test_a_point_stands_by_its_credit_and_is_wrong_where_that_is_likelier_than_missing(
    chances: tuple[float, ...], credit: float, stands: str
) -> None:
    assert standing_of(chances, credit) == stands


def test_what_is_surest_is_weighed_as_a_number() -> None:
    found = measures(np.array([MET, WRONG]), np.array([0.0, 1.0]), np.array([1.0, 0.0]))
    assert found.shape == (2, 6) and np.isfinite(found).all()
    assert found[0, 0] == pytest.approx(-np.log(LEAST_SHARE)) and found[0, 2] == 0.0
    assert found[0, 3] == pytest.approx(np.log(LEAST_CHANCE / (1 - LEAST_CHANCE))) == -found[1, 3]


def test_beyond_the_border_nothing_is_told_apart() -> None:
    border, beyond = (0.5, 0.0, 0.5 - LEAST_SHARE, LEAST_SHARE), (0.5, 0.0, 0.5 - LEAST_SHARE, LEAST_SHARE / 9)
    one = measures(np.array([border]), np.array([LEAST_CHANCE]), np.array([0.0]))
    other = measures(np.array([beyond]), np.array([LEAST_CHANCE / 9]), np.array([0.0]))
    assert np.array_equal(one, other)
    inside = measures(np.array([border]), np.array([LEAST_CHANCE * 2]), np.array([0.0]))
    assert inside[0, 3] > one[0, 3]


def test_said_and_contradicted_at_once_is_measured_too() -> None:
    both, one = (
        measures(np.array([MET]), np.array([0.8]), np.array([contradicted]))[0, 5] for contradicted in (0.8, 0.0)
    )
    assert both == pytest.approx(0.64) and one == 0.0
