"""What a modal opens with, and what its id says of that."""

from __future__ import annotations

import json

from bot.surfaces.discord.custom_ids import Press
from bot.surfaces.discord.modals import LONGEST, answer_modal

PRESS = Press("answer", "abc", 3)


async def opened(earlier: str) -> tuple[str, str, str]:
    """The act of its id, what its field opens with, what is said beside the field."""
    modal = answer_modal(PRESS, "Question 1 of 2", "Why?", earlier)
    label = next(one for one in modal.to_dict()["components"] if one["type"] == 18)
    assert json.dumps(label)
    return modal.custom_id.split(":")[1], label["component"].get("value") or "", label.get("description") or ""


async def test_a_first_answer_opens_empty():
    assert await opened("") == ("said", "", "")


async def test_an_amended_answer_opens_with_all_that_was_said():
    assert await opened("x" * LONGEST) == ("amended", "x" * LONGEST, "")


async def test_what_does_not_fit_is_not_cut_and_the_field_says_that_it_stays():
    act, value, description = await opened("x" * (LONGEST + 1))
    assert (act, value) == ("said", "") and "stays" in description and len(description) <= 100
