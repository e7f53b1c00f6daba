"""A sitting that is judged offline, by a model, and offline again, each time in a process of its own.

`VIVA_UPDATE_TRANSCRIPTS=1 pytest tests/transcripts` writes it anew; read the difference before you keep it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import candidates as c
from tests.faults.rooms import viva
from tests.loopback_model import MODEL, running
from tests.transcripts.test_transcripts import scoreless, timeless

pytestmark = pytest.mark.slow

KEPT = Path(__file__).parent / "switched.md"
Story = list[dict[str, Any]]


def part(home: Path, flags: tuple[str, ...], settings: Mapping[str, str], *last: str) -> Story:
    """One process of the sitting: one question gets its excellent answer, what is asked further "I don't know"."""
    chat = c.start(home, *flags, settings=settings)
    turn = chat.until_turn()
    assert turn is not None
    story, question = list(chat.said), turn["question"]
    words = c.answers("excellent")[question]
    while turn is not None and turn["question"] == question:
        turn, words = _said(chat, story, words), "I don't know."
    for text in last:
        _said(chat, story, text)
    assert chat.finish() == 0
    return story


def _said(chat: c.Chat, story: Story, text: str) -> dict[str, Any] | None:
    story.append({"type": "candidate", "text": text})
    known = len(chat.said)
    chat.send(text=text)
    turn = chat.until_turn()
    story.extend(chat.said[known:])
    return turn


async def sat(home: Path) -> list[Story]:
    """The three processes of the sitting, one after another."""
    async with running() as server:
        model = {"OPENAI_BASE_URL": server.url, "VIVA_MODEL": f"openai:{MODEL}", "VIVA_INTERVIEWER": "offline"}
        begun = ("--flow", "opengenus", "--seed", "3")
        resumed = ("--resume", "last")
        stories = [await asyncio.to_thread(part, home, begun, {})]
        stories.append(await asyncio.to_thread(part, home, resumed, model))
        assert server.calls
        calls = len(server.calls)
        stories.append(await asyncio.to_thread(part, home, resumed, {}, "/end"))
        assert len(server.calls) == calls, "nothing is sent to a model that is no longer set"
    return stories


def judges(report: str) -> list[str]:
    """Who marked each question, by the report as Markdown."""
    return re.findall(r"^Marked by (.+)\.$", report, re.MULTILINE)


def told(story: Story) -> list[str]:
    """What was said of who judges."""
    return [one["text"] for one in story if one.get("kind") == "notice" and "judged with" in one["text"]]


async def test_a_sitting_goes_from_offline_to_a_model_and_back(tmp_path: Path) -> None:
    stories = await sat(tmp_path)
    for story in stories[1:]:
        story.insert(0, {"type": "message", "kind": "process", "text": "A new process goes on."})
    report = (await asyncio.to_thread(viva, tmp_path, "report")).out
    by = judges(report)
    assert [name.partition(":")[0].partition(" ")[0] for name in by] == ["offline", "openai", "offline"]
    data = json.loads((await asyncio.to_thread(viva, tmp_path, "report", "--format", "json")).out)
    assert [q["by"] for q in data["questions"] if q["graded"]] == by
    assert [len(told(story)) for story in stories] == [0, 1, 1]
    spoken = c.transcript([one for story in stories for one in story])
    text = re.sub(r"\(grade [0-9a-f]+\)", "(grade #)", timeless(spoken))
    text = re.sub(r"^- offline \d+", "- offline #", text, flags=re.MULTILINE)
    text = re.sub(r"[\d,]+ tokens read and [\d,]+ written", "# tokens read and # written", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:#", text)
    if os.environ.get("VIVA_UPDATE_TRANSCRIPTS"):
        KEPT.write_text(text, encoding="utf-8")
    assert scoreless(text) == scoreless(KEPT.read_text(encoding="utf-8"))
