"""Whole sittings as tests: five scripted candidates, each transcript read by a person and then kept as it is.

`VIVA_UPDATE_TRANSCRIPTS=1 pytest tests/transcripts` writes them anew; read the difference before you keep it.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from filelock import FileLock

from tests import candidates as c

HERE = Path(__file__).parent
SITTINGS = {
    "strong": (c.strong, ()),
    "weak": (c.weak, ()),
    "confused": (c.confused, ("--mode", "simulation")),
    "hostile": (c.hostile, ()),
}


def sat(name: str, home: Path) -> list[dict]:
    """All that was said in the sitting of this name."""
    if name == "everything":
        chat = c.start(home, "--flow", "opengenus", "--seed", "3")
        story = c.recite(chat, c.EVERYTHING)
    else:
        candidate, flags = SITTINGS[name]
        chat = c.start(home, "--flow", "opengenus", "--seed", "3", *flags)
        story = c.sit(chat, candidate)
    assert chat.finish() == 0
    return story


@pytest.fixture(scope="module")
def stories(tmp_path_factory):
    """Each sitting once, for all tests of this module, whichever process of pytest's runs them."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def story(name: str) -> list[dict]:
        kept = shared / f"{name}.story.json"
        with FileLock(f"{kept}.lock"):
            if not kept.exists():
                kept.write_text(json.dumps(sat(name, tmp_path_factory.mktemp(name))), encoding="utf-8")
        return json.loads(kept.read_text(encoding="utf-8"))

    return story


def timeless(text: str) -> str:
    """A transcript without what the clock brings into it."""
    return re.sub(r"\d+ minutes? in", "N minutes in", text)


def scoreless(text: str) -> str:
    """A transcript without its scores: another processor may round the last digit of a similarity otherwise."""
    text = re.sub(r"(\(|\): |· )\d+(?:\.\d+)? of (\d+)", r"\1# of \2", text)
    return re.sub(r"\b[01]\.\d\d\b", "0.##", re.sub(r"and [\d.]+ as a bonus", "and # as a bonus", text))


@pytest.mark.parametrize("name", [*SITTINGS, "everything"])
def test_a_sitting_reads_as_it_was_kept(name, stories):
    text = timeless(c.transcript(stories(name)))
    kept = HERE / f"{name}.md"
    if os.environ.get("VIVA_UPDATE_TRANSCRIPTS"):
        kept.write_text(text, encoding="utf-8")
    assert scoreless(text) == scoreless(kept.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [*SITTINGS, "everything"])
def test_every_sitting_ends_with_the_report_and_the_farewell(name, stories):
    kinds = [told["kind"] for told in stories(name) if told["type"] == "message"]
    assert kinds[-2:] == ["report", "closing"]


def test_each_question_is_asked_once_and_each_grading_has_one_feedback(stories):
    for name in ("strong", "weak"):
        asked = [told["question"] for told in stories(name) if told.get("kind") == "question"]
        assert len(asked) == len(set(asked)) == 15


def test_the_strong_do_better_than_the_weak(stories):
    totals = {
        name: next(told["data"]["score"] for told in stories(name) if told.get("kind") == "report")
        for name in ("strong", "weak", "hostile")
    }
    assert totals["strong"] > totals["weak"] + 0.3
    assert totals["strong"] > totals["hostile"] + 0.3


def test_a_simulation_shows_no_marks_before_its_report(stories):
    told = stories("confused")
    marked = [t for t in told if t.get("data", {}).get("marks")]
    assert marked == []


def test_the_optimiser_asked_about_is_the_one_used(stories):
    strong = next(t for t in stories("strong") if t.get("kind") == "question" and t["question"] == "adam")
    assert "Adam" in strong["text"] and "0.002" in strong["text"]
    weak = [t["question"] for t in stories("weak") if t.get("kind") == "question"]
    assert "sgd-optimiser" in weak and "adam" not in weak


def test_the_same_seed_makes_the_same_sitting(stories, tmp_path):
    def bare(story: list[dict]) -> list[dict]:
        return [{k: v for k, v in told.items() if k not in ("session", "id")} for told in story]

    assert bare(sat("everything", tmp_path)) == bare(stories("everything"))
