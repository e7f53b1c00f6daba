"""Another interview is like the one before, as far as its log says what was wanted of that."""

from __future__ import annotations

import pytest

from bot.beginning import Wanted
from bot.core.events import Started
from bot.core.session import Session
from bot.surfaces.discord.opening import alike


@pytest.mark.parametrize(
    ("started", "wanted"),
    [
        (Started("quick", "simulation", 5, ("a", "b")), Wanted("quick", "simulation")),
        (Started("phone", "practice", 5, ("a",), series="full", round=1), Wanted("full", "practice")),
        (
            Started("mixed", "practice", 5, ("a",), level="beginner", track=("training",), minutes=20),
            Wanted("mixed", "practice", "beginner", "training", minutes=20),
        ),
        (Started("mixed", "practice", 5, ("a",), track=("cnn", "vision")), Wanted("mixed", "practice")),
        (Started("documents", "practice", 5, ("a",), documents="n.md"), Wanted(None, "practice", documents="n.md")),
    ],
)
def test_what_was_wanted_is_wanted_again(started: Started, wanted: Wanted) -> None:
    assert alike(Session(started=started)) == wanted


def test_of_a_log_without_a_beginning_nothing_is_known() -> None:
    assert alike(Session()) == Wanted()
