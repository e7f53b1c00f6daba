"""The exact requests that each act makes, kept as files: what goes to a model changes in sight, or not at all.

`VIVA_UPDATE_GOLDEN=1 pytest tests/llm/test_golden.py` writes them anew; read the difference before you keep it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.core.marking import Part
from bot.core.phrasing import Line
from bot.llm.prompts import ACTS, read_prompts
from bot.llm.voice import ModelVoice
from tests.llm.conftest import GOOD, QUESTION
from tests.llm.test_speaking_checks import ASK, CLOSING, HINT, PROBE, TOLD
from tests.loopback_model.minds import speaks

GOLDEN = Path(__file__).parent / "golden"
SPOKEN: dict[str, Line] = {line.act: line for line in (ASK, PROBE, HINT, TOLD, CLOSING)}


def held(name: str, body: dict[str, Any]) -> None:
    """The request is the one that was kept; a system prompt is read best line by line."""
    shown = body | {"messages": [{**m, "content": m["content"].splitlines()} for m in body["messages"]]}
    text = json.dumps(shown, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    file = GOLDEN / f"{name}.json"
    if os.environ.get("VIVA_UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), f"the request of {name} is another one than in {file}"


@pytest.mark.parametrize("act", list(SPOKEN))
async def test_what_is_sent_to_have_a_turn_worded(server, model, act: str) -> None:
    async def uttered(sentence: str) -> None: ...

    server.mind = speaks
    line = SPOKEN[act]
    voice = ModelVoice(model, read_prompts(), "grilling", fence=lambda: "words-c0ffee00")
    assert (await voice.word(line, uttered)).why_not == ""
    held(act, server.calls[0].body)


async def test_what_is_sent_to_have_an_answer_judged(server, made, offline) -> None:
    offline.credits = {"switches_off": 1.0, "off_at_test": 1.0}
    assert (await made().grade(QUESTION, Part(GOOD))).judged
    held("grade", server.calls[0].body)
    held("settle", server.calls[1].body)


def test_every_act_is_kept() -> None:
    acts = {act for act in ACTS if not act.startswith("persona-")}
    assert {file.stem for file in GOLDEN.glob("*.json")} == acts
