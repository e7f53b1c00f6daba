"""What is said of a run in an interview, and the data beside it: as `viva lab run` has them, and always JSON."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from bot.core import events as e
from bot.core.reply import Reply
from bot.core.training import Curve, Fault, Outcome
from bot.surfaces.terminal.jsonl import JsonMouth
from bot.surfaces.terminal.output import Output
from tests.core.test_code_round import GOOD, LEARNED, sit
from tests.fakes import ScriptedLab

DIVERGED = Outcome("measured", 0.1, 10_000, "MNIST", curve=Curve((1, 2, 3), (2.3, float("nan"), float("inf"))))


def strict(text: str) -> Any:
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


async def ran(outcome: Outcome) -> Reply:
    """What is said of a program's run."""
    sat = await sit(ScriptedLab([outcome]))
    return next(reply for reply in await sat.say(code=GOOD) if reply.kind == "code")


async def test_the_data_name_the_error_and_what_was_measured_on_what() -> None:
    fault = Fault("KeyError", "'x'", 7)
    data = (await ran(Outcome("crashed", error=fault, why="Do this.", notes=("Note.",)))).data
    assert (data["error"], data["why"]) == ({"type": "KeyError", "message": "'x'", "line": 7}, "Do this.")
    assert (data["notes"], data["of"], data["data"], data["cases"]) == (["Note."], 0, "", [])
    data = (await ran(LEARNED)).data
    assert (data["of"], data["data"], data["error"], data["contradicted"]) == (10_000, "MNIST", None, False)


async def test_the_facts_are_completed_by_the_run() -> None:
    seen = {"epochs_seen": 2.0, "batch_sizes": [48], "optimizers": [{"name": "NAdam", "lr": 0.5}]}
    facts = (await ran(Outcome("measured", 0.9, 9, "MNIST", seen=seen))).data["facts"]
    assert (facts["optimizer"], facts["learning_rate"], facts["epochs"], facts["batch_size"]) == ("NAdam", 0.001, 2, 48)


async def test_memory_that_was_refused_has_a_line() -> None:
    fault = Fault("MemoryError", "9_000 GiB", 4)
    said = (await ran(Outcome("memory_limit", error=fault, why="It may have 2048 MiB."))).text
    assert "MemoryError in line 4: 9\\_000 GiB" in said


async def test_what_a_crash_is_met_with_is_said() -> None:
    said = (await ran(Outcome("crashed", error=Fault("SIGSEGV", "gone"), why="The sandbox has `torch`."))).text
    assert "SIGSEGV: gone. The sandbox has `torch`." in said
    assert "unknown line" not in said


async def test_an_experiment_that_diverged_is_json() -> None:
    sat = await sit(ScriptedLab([LEARNED, DIVERGED, LEARNED]))
    replies = await sat.say(code=GOOD)
    while not any(reply.kind == "code" and reply.question == "predict-zero" for reply in replies):
        replies = await sat.say("alpha beta")
    told = next(reply for reply in replies if reply.kind == "code")
    assert told.data["last_loss"] is None and told.data["first_loss"] == 2.3
    out = io.StringIO()
    await JsonMouth(Output(out)).say(1, replies)
    [said] = [one for one in map(strict, out.getvalue().splitlines()) if one["kind"] == "code"]
    assert said["data"]["last_loss"] is None


async def test_what_is_no_number_of_json_is_null() -> None:
    out = io.StringIO()
    mouth = JsonMouth(Output(out))
    await mouth.say(1, [await ran(DIVERGED)])
    mouth.message("code", "", data={"rate": float("inf"), "kept": Fault("E", ""), "more": ({"at": float("nan")}, 0.5)})
    measured, more = map(strict, out.getvalue().splitlines())
    assert measured["data"]["curve"]["losses"] == [2.3, None, None]
    assert (more["data"]["rate"], more["data"]["more"]) == (None, [{"at": None}, 0.5])


async def test_a_crash_shows_the_programs_own_frames_and_keeps_the_whole_output() -> None:
    inside = '  File "/lib/torch/nn/functional.py", line 9, in linear\n    return it()\n           ^^^^\n'
    own = '  File "submission.py", line 3, in <module>\n    x = model(y)\n        ^^^^^^^^\n'
    printed = "batch 0\nTraceback (most recent call last):\n" + own + 12 * inside + "RuntimeError: no\n"
    sat = await sit(ScriptedLab([Outcome("crashed", error=Fault("RuntimeError", "no", 3), stdout=printed)]))
    said = next(reply for reply in await sat.say(code=GOOD) if reply.kind == "code").text
    assert "batch 0" in said and "in <module>" in said and "RuntimeError: no" in said
    assert "12 frames inside libraries, left out" in said and "functional.py" not in said
    [event] = sat.events(e.Ran)
    assert isinstance(event, e.Ran) and event.outcome.stdout == printed


async def test_of_a_long_output_the_log_keeps_the_end_too() -> None:
    printed = "".join(f"batch {n}\n" for n in range(2000)) + "RuntimeError: no\n"
    sat = await sit(ScriptedLab([Outcome("crashed", error=Fault("RuntimeError", "no", 3), stdout=printed)]))
    said = next(reply for reply in await sat.say(code=GOOD) if reply.kind == "code").text
    assert "The last 12 lines" in said and "batch 1999\nRuntimeError: no" in said
    [event] = sat.events(e.Ran)
    assert isinstance(event, e.Ran)
    kept = event.outcome.stdout
    assert kept.startswith("batch 0\n") and f"{len(printed) - 4000:,} characters left out" in kept and len(kept) < 4100
