"""The figures of agreement are computed as their names say, and the data card quotes what is printed today."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.core.question import Question
from evals import agreement
from evals.answers import FOLDER
from evals.places import bank as shipped


@pytest.fixture(scope="module")
def bank() -> Mapping[str, Question]:
    return shipped()


def test_kappa_is_one_for_equal_labels_and_nought_for_chance() -> None:
    assert agreement.kappa([("met", "met"), ("wrong", "wrong")]) == 1.0
    chance: list[agreement.Pair] = [("met", "met"), ("met", "wrong"), ("wrong", "met"), ("wrong", "wrong")]
    assert agreement.kappa(chance) == 0.0 and agreement.equal(chance) == 0.5
    mostly: list[agreement.Pair] = [("met", "wrong"), ("wrong", "met"), ("wrong", "wrong"), ("wrong", "wrong")]
    mostly.extend([("met", "met") for _ in range(6)])  # now 8 of 10 are equal, and .58 would be by chance
    assert agreement.kappa(mostly) == pytest.approx((0.8 - 0.58) / 0.42)


def test_the_card_quotes_what_is_printed(bank: Mapping[str, Question]) -> None:
    card = (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    printed = agreement.parts(bank)
    assert [line for part in printed for line in part if line not in card] == []
