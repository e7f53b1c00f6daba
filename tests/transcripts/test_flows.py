"""Each flow sat once by a scripted candidate: what was said is read by a person and then kept as it is.

`VIVA_UPDATE_TRANSCRIPTS=1 pytest tests/transcripts` writes them anew; read the difference before you keep it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests import candidates as c
from tests.transcripts.test_transcripts import scoreless, timeless

#: Twelve whole sittings, a minute in all; `make test` has the five of test_transcripts.py.
pytestmark = pytest.mark.slow

HERE = Path(__file__).parent / "flows"
SEED = "11"
#: What each flow is sat with, besides its name.
FLOWS: dict[str, tuple[str, ...]] = {
    "beginner": (),
    "intermediate": (),
    "advanced": (),
    "mixed": ("--job", str(HERE / "job.txt")),
    "computer-vision": (),
    "nlp": (),
    "phone": (),
    "whiteboard": (),
    "live-code": (),
    "project": ("--projects", str(HERE / "projects.txt"), "--code", str(HERE / "program.txt")),
    "take-home": (),
    "quick": ("--mode", "simulation"),
}
ROUNDS = ("phone", "whiteboard", "live-code", "project")


@cache
def script() -> dict[str, dict[str, Any]]:
    """What the candidate says to each question, and to follow-ups on it, as was written down without the reference."""
    rows = [json.loads(line) for line in (HERE / "script.jsonl").read_text("utf-8").splitlines() if line]
    return {row["question"]: row for row in rows}


def candidate() -> c.Next:
    """One who says what the script has for the question that stands open, and to a second follow-up has no answer."""
    replied: set[str] = set()

    def next_words(turn: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
        question = str(turn["question"])
        row = script().get(question) or script().get(question.partition("@")[0], {})
        if turn["owes"] == "code":
            yield {"text": "", "code": c.PROGRAM}
        elif kind == "question":
            yield from ({"text": text} for text in row.get("before", ()))
            yield {"text": row.get("answer", "I don't know.")}
        elif question not in replied:
            replied.add(question)
            yield {"text": row.get("reply", "I don't know.")}
        else:
            yield {"text": "I don't know."}

    return next_words


def settled(text: str) -> str:
    """A transcript without its session and without the folder of its home."""
    text = re.sub(r"`[^`]*search-log-\w+\.csv`", "`search-log.csv`", timeless(text))
    return re.sub(r"on \d+ [A-Z][a-z]+ \d{4}", "on a day", text)


@pytest.mark.parametrize("flow", FLOWS)
def test_a_flow_reads_as_it_was_kept(flow, tmp_path):
    chat = c.start(tmp_path, "--flow", flow, "--seed", SEED, *FLOWS[flow])
    story = c.sit(chat, candidate())
    assert chat.finish() == 0
    text = settled(c.transcript(story))
    kept = HERE / f"{flow}.md"
    if os.environ.get("VIVA_UPDATE_TRANSCRIPTS"):
        kept.write_text(text, encoding="utf-8")
    assert scoreless(text) == scoreless(kept.read_text(encoding="utf-8"))
    assert [told["kind"] for told in story if told["type"] == "message"][-1] == "closing"


def test_the_whole_way_is_four_rounds_with_a_report_each_and_a_summary(tmp_path):
    for number, title in enumerate(ROUNDS, 1):
        chat = c.start(tmp_path, "--flow", "full", "--seed", SEED, "--questions", "2")
        story = [told for told in c.sit(chat, candidate()) if told["type"] == "message"]
        assert chat.finish() == 0
        assert f"round {number} of 4" in story[0]["text"]
        reports = [told for told in story if told["kind"] == "report"]
        assert len(reports) == (2 if number == 4 else 1), title
    assert [row in reports[-1]["text"] for row in ("The phone screen", "At the whiteboard", "Your own projects")]
    assert reports[-1]["text"].count("| 1 |") == 1 and reports[-1]["text"].count("| 4 |") == 1


def test_the_fixed_flow_is_worded_otherwise_the_second_time_and_shows_the_earlier_mark(tmp_path):
    stories = []
    for _ in range(2):
        chat = c.start(tmp_path, "--flow", "opengenus", "--seed", SEED, "--questions", "2")
        stories.append([told for told in c.sit(chat, c.strong) if told["type"] == "message"])
        assert chat.finish() == 0
    first, second = ({t["question"]: t["text"] for t in story if t["kind"] == "question"} for story in stories)
    assert first.keys() == second.keys() and all(first[question] != second[question] for question in first)
    marked = [told["data"]["earlier"] for told in stories[1] if told["kind"] == "notice" and "earlier" in told["data"]]
    given = [t["data"]["score"] for t in stories[0] if t["kind"] == "feedback" and "reference" in t["text"].lower()]
    assert len(marked) == 2 and all(0 <= score <= 1 for score in marked) and given is not None


def test_nobody_is_asked_the_same_twice_while_there_is_something_else(tmp_path):
    asked: list[str] = []
    for seed in ("1", "2", "3"):
        chat = c.start(tmp_path, "--flow", "quick", "--seed", seed)
        asked += [told["question"] for told in c.sit(chat, candidate()) if told.get("kind") == "question"]
        assert chat.finish() == 0
    assert len(asked) == len(set(asked)) == 12
