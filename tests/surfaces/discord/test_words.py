"""What is said of a place is true of that place: how one answers there, who sees marks, whose doing something was."""

from __future__ import annotations

import pytest

from bot.core.sentences import SENTENCES
from bot.ports.groups import Place
from bot.surfaces.discord import words

PRIVATE = Place("s1", "discord:1", "10", "20", "30")
WATCHED = Place("s1", "discord:1", "10", "20", "30", watched=True)
DIRECT = Place("s1", "discord:1", "11")


@pytest.mark.parametrize(
    ("place", "reads_all", "called", "others"),
    [
        (PRIVATE, False, True, False),
        (PRIVATE, True, False, False),
        (WATCHED, False, True, True),
        (WATCHED, True, False, True),
        (DIRECT, False, False, False),
        (DIRECT, True, False, False),
    ],
)
def test_how_one_answers_is_said_as_it_is_there(place: Place, reads_all: bool, called: bool, others: bool) -> None:
    told = words.how(place, reads_all)
    assert ("mention me" in told) is called and ("just write here" in told) is not called
    assert ("others say" in told) is others and "“Answer”" in told


def test_marks_are_promised_where_they_are_shown() -> None:
    opening, rules = SENTENCES["opening_practice"][0], SENTENCES["rules_practice"][0]
    for text in (opening, rules):
        assert "fter each question you see your marks; “Full answer”" in words.said_here(text)
        alone = words.said_here(text, read_along=True)
        assert "fter each question “My marks” and “Full answer” show them to you alone" in alone
        assert "you see your marks" not in alone


def test_what_a_candidate_did_is_theirs_and_names_nobody() -> None:
    assert words.by(words.ASKED_HINT, PRIVATE) == "-# You asked for a hint."
    assert words.by(words.ASKED_HINT, WATCHED) == "-# The candidate asked for a hint."
    assert words.by(words.ASKED_HINT, WATCHED, alone=True) == "-# You asked for a hint."


def test_what_went_worst_is_named_where_that_may_be_said() -> None:
    assert "/interview track:training" in words.next_steps("training")
    assert "track:" not in words.next_steps("") and "/progress" in words.next_steps("")


def test_the_way_to_what_stands_open_is_a_link_where_it_is_known() -> None:
    assert "[its message](<https://discord.com/x>)" in words.standing("1a", 3, "Loss", True, "https://discord.com/x")
    assert words.standing("2", 3, "Loss", False).endswith("“Loss”: its buttons are below its message.")
