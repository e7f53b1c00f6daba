"""A clock is trusted once it has gone on steadily, and never right after it jumped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app.clock import FILE, steady

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = range(12)


def looked(home: Path, *days: float) -> list[bool]:
    """What is said of the clock at each look, so many days after the beginning."""
    return [steady(home, BEGAN + timedelta(days=day)) for day in days]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((0, 1, 2, 3, 4), [False, False, False, True, True]),
        ((0, 2, 4, 17.9, 31.8), [False, False, True, True, True]),
        ((0, 4, 4000, 4001, 4003), [False, True, False, False, True]),
        ((0, 4, 4000, 4001, 5, 6, 8), [False, True, False, False, False, False, True]),
        ((0, 4, 3.999, 4.1), [False, True, True, True]),
        ((0, 4, 2, 4), [False, True, False, False]),
    ],
    ids=["daily", "with gaps", "it jumped and stays", "it jumped and is put right", "a little back", "back"],
)
def test_it_is_trusted_when_it_has_gone_on_steadily(tmp_path: Path, days: tuple[float, ...], said: list[bool]) -> None:
    assert looked(tmp_path, *days) == said


@pytest.mark.parametrize("held", ["", "{}", '{"since": 1, "seen": 2}', '{"since": "2020", "seen": "x"}', "[]", "\xff"])
def test_a_file_that_says_nothing_begins_anew(tmp_path: Path, held: str) -> None:
    (tmp_path / FILE).write_text(held, encoding="latin-1")
    assert looked(tmp_path, 0, 4) == [False, True]


def test_a_time_that_cannot_be_noted_is_not_trusted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert looked(tmp_path / "missing", 0, 4) == [False, False]
    assert "the time could not be noted" in caplog.text
