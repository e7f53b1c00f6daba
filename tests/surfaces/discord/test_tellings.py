"""What does not fit one message is said to be left out, and how much that is."""

from __future__ import annotations

import re

import pytest

from bot.core.progress import TopicProgress
from bot.ports.groups import Counts, ServerSettings
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


@pytest.mark.parametrize(
    ("wanted", "no_lab", "setup", "status"),
    [
        (True, None, "programs** are run in the sandbox", "Two at once."),
        (False, None, "programs** are read, and not run", "`/viva setup lab:True` has them run"),
        (True, "No bubblewrap.", "here none can be, whatever is chosen", "No bubblewrap."),
        (False, "No bubblewrap.", "programs** are read, and not run", "No bubblewrap."),
    ],
)
def test_of_programs_it_is_said_what_holds(wanted, no_lab, setup, status):
    chosen = ServerSettings(lab=wanted)
    told = text(tellings.settings(chosen, False, no_lab))
    assert setup in told and (setup.endswith("sandbox") or "in the sandbox" not in told)
    told = text(tellings.status(Counts(), chosen, 0, (no_lab or "Two at once.", no_lab)))
    assert status in told and (status != "No bubblewrap." or "lab:True" not in told)


def test_progress_is_a_line_a_topic_with_the_latest_mark_where_there_are_several():
    told = text(tellings.progress([TopicProgress("loss", 1, 0.2, 0.2), TopicProgress("training", 3, 0.5, 0.75)], 2))
    assert "- **0.20** loss\n- **0.50** training over 3 questions, the latest 0.75" in told
    assert "over 2 interviews" in told and "/interview track:loss" in told and "```" not in told
