"""Who has set no model pays for none: nothing of LangChain is imported in a sitting that is judged offline."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.candidates import answers
from tests.faults.rooms import ROOT, lines, surroundings

OF_A_MODEL = {"langchain", "langchain_core", "langchain_openai", "langsmith", "openai", "httpx2", "tiktoken"}
SITTING = """
import json, sys
from bot.__main__ import main
try:
    main(["chat", "--jsonl", "--seed", "1"])
except SystemExit as leaving:
    assert not leaving.code, leaving.code
json.dump(sorted({name.partition(".")[0] for name in sys.modules}), sys.stderr)
"""


def imported(home: Path, **environ: str) -> tuple[set[str], list[dict]]:
    """What a process that judged an answer had imported in the end, and what it said."""
    done = subprocess.run(
        [sys.executable, "-c", SITTING],
        input=lines(answers("excellent")["ml-vs-dl"]),
        capture_output=True,
        cwd=ROOT,
        env=surroundings(home) | {"VIVA_LAB": "off"} | environ,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr.decode()
    return set(json.loads(done.stderr)), [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize(("key", "needs"), [({}, False), ({"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}, True)])
def test_langchain_is_imported_where_a_model_is_set_and_nowhere_else(
    tmp_path: Path, key: dict[str, str], needs: bool
) -> None:
    found, said = imported(tmp_path, **key)
    feedback = next(one["data"] for one in said if one.get("kind") == "feedback")
    assert feedback["graded"] is not needs
    assert bool(found & OF_A_MODEL) is needs, found & OF_A_MODEL


@pytest.mark.slow
def test_offline_is_offline_although_there_is_a_key(tmp_path: Path) -> None:
    off = {"VIVA_GRADER": "offline", "VIVA_INTERVIEWER": "offline"}
    found, said = imported(tmp_path, OPENAI_API_KEY="sk-none", **off)
    assert found & OF_A_MODEL == set()
    assert next(one["data"] for one in said if one.get("kind") == "feedback")["by"].startswith("offline ")
    assert not [one for one in said if one.get("kind") == "notice" and "language model" in one["text"]]
