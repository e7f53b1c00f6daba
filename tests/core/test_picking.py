"""What is said to an option once its marks are shown."""

from __future__ import annotations

from dataclasses import replace

from bot.core.feedback import _option
from bot.core.marking import Grade, PointGrade, Standing
from bot.core.picking import picked
from bot.core.question import Option
from tests.fakes import question

CHOICE = replace(
    question("thing"),
    kind="choice",
    hinge="alpha",
    options=(Option("It grows.", reply="It shrinks."), Option("It shrinks.", right=True, reply="Just so.")),
)


def said(verdict: Standing, evidence: str | None) -> str:
    points = (PointGrade("alpha", 1, False, verdict=verdict, evidence=evidence),)
    return _option(lambda key, **more: f"{key} {more['letter']} {more['reply']}", CHOICE, Grade(0.5, 0.5, points))


def test_the_reply_of_the_option_is_given() -> None:
    assert said("wrong", "I take A.") == "option A It shrinks."
    assert said("met", "B") == "option B Just so."
    assert said("met", "It becomes less and less.") == "option B Just so."


def test_no_reply_is_made_up() -> None:
    assert said("wrong", "It is blue.") == ""
    assert said("missing", None) == ""


def test_the_place_of_the_pick_is_known() -> None:
    text = "I would go for option B, of course."
    pick = picked(CHOICE, text)
    assert pick is not None and text[pick.start : pick.end] == "B"
