"""What of an amended answer is new, wherever it was written."""

from __future__ import annotations

import pytest

from bot.surfaces.discord.amending import added

SAID = "It shrinks the weights. That helps.\n\nIt is a prior."


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (f"{SAID}\nA Gaussian one.", "A Gaussian one."),
        (f"First of all. {SAID}", "First of all."),
        ("It shrinks the weights. All of them. That helps.\n\nIt is a prior.", "All of them."),
        ("It shrinks the weights. That helps a lot.\n\nIt is a prior.", "That helps a lot."),
        ("It is a prior. It shrinks the weights.", ""),
        (SAID, ""),
        (f"{SAID}\nThat helps.", "That helps."),
        ("Something else. Altogether.", "Something else.\nAltogether."),
    ],
)
def test_only_what_is_new_is_added(text, new):
    assert added(text, SAID) == new


def test_a_long_answer_of_many_like_sentences_takes_no_time():
    assert added("a. " * 1333 + "b.", "a. " * 1333) == "b."
