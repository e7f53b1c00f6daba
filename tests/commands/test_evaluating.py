"""`viva eval` and `viva search` as they are typed: what is measured, what is chosen, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands.evaluating import CHECKOUT, shipped_queries
from bot.errors import WrongUsage


def viva(home: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments]
    environment = {**os.environ, "VIVA_HOME": str(home)}
    return subprocess.run(
        command, input=given, capture_output=True, text=True, timeout=120, check=False, cwd=CHECKOUT, env=environment
    )


def test_the_labelled_queries_lie_in_a_checkout_alone(tmp_path: Path) -> None:
    assert shipped_queries(CHECKOUT).is_file()
    with pytest.raises(WrongUsage, match=r"not\s+installed with it; run this in a checkout, or name a file"):
        shipped_queries(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["eval", "taste"], "There is no table for 'taste'; `viva eval` knows: grader, retrieval, interviewer."),
        (["eval", "retrieval", "--queries", "nothing.jsonl"], "nothing.jsonl cannot be read"),
        (["search", "softmax", "--level", "hard"], "There is no level 'hard'"),
        (["search", "softmax", "--topic", "vison"], "There is no topic 'vison'; did you mean `vision`?"),
        (["search"], "Say what to look for"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, arguments: list[str], told: str) -> None:
    done = viva(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr and "Traceback" not in done.stderr


def test_only_what_was_chosen_is_found(tmp_path: Path) -> None:
    done = viva(tmp_path, "search", "gradients in a network", "--source", "S2", "-k", "4", "--json")
    hits = json.loads(done.stdout)["hits"]
    assert len(hits) == 4
    assert all(any(source.startswith("S2-") for source in hit["sources"]) for hit in hits)


def test_files_of_queries_are_searched_with_the_same_choice(tmp_path: Path) -> None:
    lines = '{"id": "a", "query": "dropout"}\n{"id": "b", "query": "pooling"}\n'
    done = viva(tmp_path, "search", "--queries", "-", "--level", "advanced", "-k", "2", given=lines)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", "b"]
    found = {hit["question_id"] for answer in answers for hit in answer["hits"]}
    assert found and not found & {"dropout", "pooling", None}
