"""`viva regrade`, and what `viva report` has judged late: by a model server over a real socket."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.candidates import answers
from tests.faults.rooms import Ended, chat, viva
from tests.loopback_model import MODEL, Server, running

OFFLINE = {"VIVA_LAB": "off"}
ANSWER = answers("excellent")["ml-vs-dl"]


def by_model(server: Server) -> dict[str, str]:
    """The settings by which that server's model judges, and words nothing."""
    return {
        **OFFLINE, "OPENAI_BASE_URL": server.url, "VIVA_MODEL": f"openai:{MODEL}", "VIVA_INTERVIEWER": "offline",
    }  # fmt: skip


async def run(home: Path, *arguments: str, **environ: Any) -> Ended:
    return await asyncio.to_thread(lambda: viva(home, *arguments, **environ))


async def sat(home: Path, *texts: str, **environ: str) -> None:
    flags = ("--flow", "opengenus", "--seed", "1")
    ended = await asyncio.to_thread(lambda: chat(home, *texts, flags=flags, **environ))
    assert ended.code == 0, ended


async def question(home: Path) -> dict:
    """The first question of the last interview's report."""
    report = await run(home, "report", "--format", "json", **OFFLINE)
    first: dict = json.loads(report.out)["questions"][0]
    return first


@pytest.mark.slow
async def test_judged_again_by_a_model_both_marks_are_shown(tmp_path: Path) -> None:
    async with running() as server:
        await sat(tmp_path, ANSWER, **OFFLINE)
        (await run(tmp_path, "regrade", **by_model(server))).assert_failed(2, "still going on", "/end")
        said = b'{"id": "the end", "text": "/end"}\n'
        ended = await run(tmp_path, "chat", "--resume", "last", "--jsonl", given=said, **OFFLINE)
        assert ended.of("closing")
        before = await question(tmp_path)
        shown = await run(tmp_path, "regrade", **by_model(server))
        assert shown.code == 0 and f"by openai:{MODEL}" in shown.out and "counts, as before" in shown.out, shown
        after = await question(tmp_path)
        assert after["score"] == before["score"] and after["by"] == before["by"]
        assert after["judged_again"][0]["by"].startswith(f"openai:{MODEL}")
        report = await run(tmp_path, "report", **OFFLINE)
        assert "(counts)" in report.out and "Judged again, which changes no mark" in report.out
        assert "What a language model took for this interview:" in report.out
        same = await run(tmp_path, "regrade", "--grader", "offline", "--json", **by_model(server))
        rows = [json.loads(line) for line in same.out.splitlines()]
        assert len(rows) == 1 and rows[0]["again_by"].startswith(f"openai:{MODEL}"), "what was judged again before"
        cost = await run(tmp_path, "cost", "--by", "model", "--json", **OFFLINE)
        spent = json.loads(cost.out)
        assert spent["model"] == f"openai:{MODEL}" and spent["calls"] >= 1 and spent["usd"] is None
        assert spent["input_tokens"] > 0
        server.faults += ["malformed"] * 3
        failed = await run(tmp_path, "regrade", **by_model(server))
        failed.assert_failed(1, "Not all of it was judged again")


@pytest.mark.slow
async def test_a_report_has_judged_what_an_outage_kept_from_it(tmp_path: Path) -> None:
    async with running() as server:
        server.faults += ["malformed"] * 3
        await sat(tmp_path, ANSWER, "/end", **by_model(server))
        assert (await question(tmp_path))["outcome"] == "not_graded", "without a model it stays as it is"
        report = await run(tmp_path, "report", **by_model(server))
        assert "1 answer could not be judged when given" in report.err
        assert "not graded, and left out" not in report.out and f"Marked by openai:{MODEL}" in report.out
        again = await run(tmp_path, "report", **by_model(server))
        assert not again.err and again.out == report.out


@pytest.mark.slow
async def test_what_was_not_graded_before_is_graded_and_counts(tmp_path: Path) -> None:
    async with running() as server:
        server.faults += ["malformed"] * 3
        await sat(tmp_path, ANSWER, "/end", **by_model(server))
        shown = await run(tmp_path, "regrade", "--grader", "offline", **by_model(server))
        assert shown.code == 0 and "the answer was not graded before; now " in shown.out, shown
        assert (await question(tmp_path))["outcome"] == "graded"
