"""What a model quotes is found as it was said, or not at all; and no quotation is a long search."""

from __future__ import annotations

import time

import pytest

from bot.llm.quotations import LONGEST_GAP, MOST_PIECES, found

SAID = "So dropout  switches off\nrandom units. It isn’t used at test time, and the units that were off come back."


@pytest.mark.parametrize(
    ("quote", "there"),
    [
        ("switches off", "switches off"),
        ("Dropout switches off random units", "dropout  switches off\nrandom units"),
        ("“isn't used at test time”", "isn’t used at test time"),
        ("dropout ... random units", "dropout  switches off\nrandom units"),
        ("random […] units that were off", "random units. It isn’t used at test time, and the units that were off"),
        ("the units … come back", "the units that were off come back"),
        ("units ... dropout", None),
        ("dropout adds noise", None),
        ("it", None),
        ("...", None),
        ("", None),
    ],
)
def test_a_quotation_is_given_back_as_it_was_said(quote: str, there: str | None) -> None:
    assert found(quote, SAID) == there


def test_what_is_left_out_is_not_long() -> None:
    assert found("start … end", f"start{' ' * LONGEST_GAP}end")
    assert found("start … end", f"start{' ' * (LONGEST_GAP + 1)}end") is None
    assert found("end … stop", f"end, end{' ' * LONGEST_GAP}stop"), "the nearer one of two will do"
    assert found(" … ".join("ab" * MOST_PIECES), "ab " * 99) is None, "so many pieces are no quotation"


def test_words_that_stand_everywhere_are_no_long_search() -> None:
    began = time.process_time()
    for said, piece in (("a " * 1_400, "a"), ("a" * 2_800, "a"), ("the unit " * 300, "the unit the unit")):
        assert found(" ... ".join([piece, piece, piece, "zebra"]), said) is None
    assert time.process_time() - began < 3.0, "with one expression for all pieces ten for the first; with more, days"
    assert found("a" * 10_000, "a" * 2_800) is None
