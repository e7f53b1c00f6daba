"""The same candidates at a real pseudo-terminal: what they type is heard and judged as what comes through --jsonl."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from tests.transcripts.test_transcripts import SITTINGS, sat

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal is POSIX")]

#: Written when a prompt stands. What is typed before it does is not sent of itself.
PROMPT = "\x1b[?2004h"


def judged(home: Path) -> list[tuple[str, Any, Any]]:
    """Every grading in a data folder: the question and its marks, in order."""
    with sqlite3.connect(home / "viva.db") as connection:
        rows = connection.execute("SELECT body FROM events WHERE kind = 'Graded' ORDER BY session, seq").fetchall()
    found = [json.loads(body) for (body,) in rows]
    return [(body["question"], body.get("marks"), body.get("why_not")) for body in found]


def typed(message: dict[str, Any], folder: Path) -> str | None:
    """The keys that bring a message; None for what no keyboard can type."""
    from tests.surfaces.window import PASTE_OFF, PASTE_ON

    if message.get("code"):
        program = folder / "program.py"
        program.write_text(message["code"], encoding="utf-8")
        return f"/code {program}\r"
    text = message["text"]
    if not text.strip() or not all(char.isprintable() or char == "\n" for char in text):
        return None
    return f"{PASTE_ON}{text}{PASTE_OFF}\r"


def wait_for_prompt(window: Any, number: int) -> None:
    """Until so many prompts have stood, or the sitting is over."""
    until = time.monotonic() + 60
    while window.child.isalive() and window.raw.count(PROMPT) < number:
        assert time.monotonic() < until, window.text
        window.settle(0.02)


@pytest.mark.parametrize("name", [*SITTINGS, "everything"])
def test_a_sitting_at_a_terminal_is_judged_as_one_through_json(name, tmp_path):
    from tests.surfaces.window import Window

    story = sat(name, tmp_path / "json")
    flags = SITTINGS[name][1] if name in SITTINGS else ()
    home = tmp_path / "terminal"
    chat = ("-m", "bot", "chat", "--flow", "opengenus", "--seed", "3", *flags)
    with Window(home, program=chat, lines=60, environ={"VIVA_HOME": str(home), "VIVA_LAB": "off"}) as window:
        window.expect("question 1 of 15", seconds=30)
        wait_for_prompt(window, 1)
        for message in (told for told in story if told["type"] == "candidate"):
            keys = typed(message, tmp_path)
            if keys is not None:
                prompts = window.raw.count(PROMPT)
                window.send(keys)
                wait_for_prompt(window, prompts + 1)
        assert window.ends() == 0
        assert "est of luck" in window.raw
    if name != "hostile":  # who also sends what no keyboard can type
        assert judged(home) == judged(tmp_path / "json")
    assert len(judged(home)) >= 5
