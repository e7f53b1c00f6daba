"""The unfinished sitting is offered first."""

from __future__ import annotations

import io
from datetime import timedelta, timezone

import pytest

from bot.ports import Sitting
from bot.surfaces.terminal.offering import offer

SITTING = Sitting(
    "s1", "me", "terminal", "running", "openg\x1b[31menus", "practice", "", "2026-11-12T13:03:09+00:00", 4
)


def offered(typed: str, sitting: Sitting = SITTING) -> tuple[bool, str]:
    out = io.StringIO()
    zone = timezone(timedelta(hours=1))
    return offer(sitting, stdin=io.StringIO(typed), stdout=out, zone=zone), out.getvalue()


@pytest.mark.parametrize(
    ("typed", "taken"), [("\n", True), ("y\n", True), ("YES\n", True), ("n\n", False), (" No\n", False), ("", True)]
)
def test_enter_goes_on_and_n_begins_anew(typed: str, taken: bool) -> None:
    assert offered(typed)[0] is taken


def test_it_says_what_is_unfinished_in_local_time() -> None:
    told = offered("\n")[1]
    assert "openg␛[31menus, practice, 4 questions answered, last touched 12 Nov 2026, 14:03." in told


def test_anything_else_is_asked_again() -> None:
    taken, told = offered("maybe\nn\n")
    assert taken is False and told.count("[Y/n]") == 2


def test_a_damaged_time_is_no_reason_to_fail() -> None:
    sitting = Sitting("s1", "me", "terminal", "running", "f", "practice", "", "yesterday", 1)
    assert "1 question answered, last touched at an unknown time" in offered("\n", sitting)[1]
