"""What does not fit one message is said to be left out, and how much that is."""

from __future__ import annotations

import re

from bot.surfaces.discord import tellings
from bot.surfaces.discord.limits import TEXT, length


def text(page) -> str:
    return "\n".join(page.blocks)


def test_few_documents_are_all_named():
    told = text(tellings.documents([("notes.md", 1200), ("a `b`.pdf", 300)]))
    assert "notes.md" in told and "1.2 k" in told and "do not fit" not in told


def test_of_many_documents_it_is_said_how_many_are_left_out():
    told = text(tellings.documents([(f"lecture {number} on a long-winded subject.pdf", 9000) for number in range(100)]))
    (left,) = re.findall(r"(\d+) more do not fit", told)
    assert told.count("lecture ") + int(left) == 100 and length(told) <= TEXT


def test_of_a_long_board_it_is_said_how_many_are_left_out():
    told = text(tellings.board([(f"discord:{10**17 + number}", number, 1) for number in range(200)]))
    (left,) = re.findall(r"(\d+) more do not fit", told)
    shown = [line for line in told.splitlines() if line.startswith("- ")]
    assert len(shown) + int(left) == 200 and all(line.endswith("recovered") for line in shown) and length(told) <= TEXT
