"""The whole lab: real sandboxes, real PyTorch, digits that are learned in a second. Each way a run can end.

`laboratory` sees to it that nothing is left behind by any of them: no process, mount, control group or descriptor.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.training import Case, Limits, Outcome, Progress, Submission, Task
from bot.errors import LabUnavailable
from bot.lab.lab import BubblewrapLab
from tests.lab.labs import TRAINED, laboratory, no_torch
from tests.waiting import until

pytestmark = pytest.mark.skipif(no_torch(), reason="PyTorch is not installed")
slow = pytest.mark.slow
TASK = Task("mnist-mlp", "A multilayer perceptron")
ADDED = Task(
    "added",
    "Two numbers",
    measure="call",
    function="added",
    cases=(
        Case(((1.0, 2.0), (3.0, 4.0)), ((2,), (2,)), (4.0, 6.0)),
        Case(((0.5,), (0.25,)), ((1,), (1,)), (0.75,)),
    ),
)
LIMITS = Limits(seconds=20.0)
SPINS = "while True:\n    pass\n"
MEMORY = "import torch\nkept = [torch.ones(2**25) for _ in range(100)]\n"
FORKS = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n"
FLOOD = "import sys\nwhile True:\n    sys.stderr.write('x' * 65536)\n"
LATE = "def predict(images):\n    while True:\n        pass\n"


def handed_in(source: str, limits: Limits = LIMITS, person: str = "", task: Task = TASK) -> Submission:
    return Submission(task, source, limits, person=person, place="here")


async def came_of(tmp_path: Path, source: str, limits: Limits = LIMITS, task: Task = TASK) -> Outcome:
    async with laboratory(tmp_path) as lab:
        return await lab.run(handed_in(source, limits, task=task))


async def test_a_program_is_run_watched_and_measured(tmp_path: Path) -> None:
    told: list[Progress] = []
    async with laboratory(tmp_path) as lab:
        outcome = await lab.run(handed_in(TRAINED), told.append)
    assert outcome.status == "measured", outcome
    assert outcome.accuracy is not None
    assert outcome.accuracy > 0.9
    assert (outcome.of, outcome.predicted_by, outcome.parameters) == (200, "model", 784 * 32 + 32 + 330)
    assert outcome.stdout.startswith("done ")
    assert outcome.curve.steps[0] == 1
    assert outcome.curve.losses[-1] < outcome.curve.losses[0]
    assert outcome.seconds.total >= outcome.seconds.start + outcome.seconds.train > outcome.seconds.train > 0
    assert [*dict.fromkeys(progress.stage for progress in told)] == ["starting", "running", "measuring"]
    assert told[-1].curve == outcome.curve
    assert "VIVA_MNIST_DIR" in outcome.data


@slow
@pytest.mark.parametrize(
    ("source", "limits", "status", "says"),
    [
        ("x = 1\nraise ValueError('it\\x1b[31m broke')\n", LIMITS, "crashed", ""),
        ("def f(:\n    pass\n", LIMITS, "crashed", ""),
        ("import os\nos._exit(3)\n", LIMITS, "crashed", ""),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n", LIMITS, "crashed", ""),
        ("import os\nos.closerange(3, 1000)\nwhile True: pass\n", replace(LIMITS, seconds=3.0), "crashed", ""),
        ("x = 1\n", LIMITS, "no_predictions", "model"),
        ("def predict(images):\n    return images.new_zeros(3)\n", LIMITS, "invalid_predictions", "predict"),
        (SPINS, replace(LIMITS, seconds=1.0), "time_limit", "1 seconds"),
        (LATE, replace(LIMITS, seconds=2.0), "time_limit", "answer"),
        (MEMORY, replace(LIMITS, memory=768), "memory_limit", "768 MiB"),
        ("import torch\nx = torch.ones(2**40)\n", LIMITS, "memory_limit", "2048 MiB"),
        (FLOOD, LIMITS, "output_limit", "64 KiB"),
        (FORKS, replace(LIMITS, seconds=2.0), "time_limit", "2 seconds"),
    ],
)
async def test_each_way_a_program_can_end(tmp_path: Path, source: str, limits: Limits, status: str, says: str) -> None:
    outcome = await came_of(tmp_path, source, limits)
    assert outcome.status == status, outcome
    assert says in outcome.why
    assert outcome.accuracy is None
    assert "\x1b" not in outcome.stdout
    assert len(outcome.stdout) <= limits.output


@slow
async def test_a_process_that_dies_is_named_by_how_it_died(tmp_path: Path) -> None:
    async with laboratory(tmp_path) as lab:
        crashed = await lab.run(handed_in("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n"))
        left = await lab.run(handed_in("import os\nos._exit(3)\n"))
        closed = await lab.run(handed_in("import os, time\nos.closerange(3, 1000)\ntime.sleep(60)\n"))
    assert crashed.error is not None
    assert left.error is not None
    assert closed.error is not None
    assert crashed.error.type == "SIGSEGV"
    assert "exit code 3" in left.error.message
    assert "closed its line" in closed.error.message


@slow
async def test_an_error_is_named_with_its_line(tmp_path: Path) -> None:
    outcome = await came_of(tmp_path, "x = 1\n\nimport tensorflow\n")
    assert outcome.error is not None
    assert (outcome.error.type, outcome.error.line) == ("ModuleNotFoundError", 3)
    assert "tensorflow" in outcome.error.message


@slow
async def test_the_curve_is_kept_when_time_is_over(tmp_path: Path) -> None:
    endless = TRAINED.replace("range(4)", "range(10**9)")
    outcome = await came_of(tmp_path, endless, replace(LIMITS, seconds=4.0))
    assert outcome.status == "time_limit"
    assert len(outcome.curve.steps) > 20
    assert 4.0 <= outcome.seconds.train < 6.0


@slow
async def test_a_function_is_measured_case_by_case(tmp_path: Path) -> None:
    right = await came_of(tmp_path, "def added(a, b):\n    return a + b\n", task=ADDED)
    assert (right.status, right.cases, right.accuracy) == ("measured", (True, True), None)
    half = await came_of(tmp_path, "def added(a, b):\n    return a + b if len(a) > 1 else 1 / 0\n", task=ADDED)
    assert half.cases == (True, False)
    assert "ZeroDivisionError" in half.why
    none = await came_of(tmp_path, "def adds(a, b):\n    return a + b\n", task=ADDED)
    assert none.status == "no_predictions"
    assert "`added`" in none.why


@pytest.mark.parametrize(
    ("source", "limits", "says"),
    [
        ("", LIMITS, "empty"),
        (" \n\t\n", LIMITS, "empty"),
        ("x = 1\0", LIMITS, "NUL"),
        ("x = 1\ny = '\udc80'\n", LIMITS, "line 2"),
        ("# " + "é" * 33_000, LIMITS, "66,002 bytes"),
        ("x = 1", replace(LIMITS, seconds=1e9), "3600 seconds"),
        ("x = 1", replace(LIMITS, memory=16), "MiB"),
    ],
)
async def test_what_cannot_be_run_is_refused_with_a_sentence(
    tmp_path: Path, source: str, limits: Limits, says: str
) -> None:
    outcome = await came_of(tmp_path, source, limits)
    assert outcome.status == "refused"
    assert says in outcome.why
    assert outcome.why.endswith(".")
    assert not outcome.ran


async def test_cancelling_ends_the_program_at_once(tmp_path: Path) -> None:
    async with laboratory(tmp_path) as lab:
        told: list[Progress] = []
        running = asyncio.create_task(lab.run(handed_in(SPINS), told.append))
        await until(lambda: bool(told), patience=60)
        await asyncio.sleep(0.3)
        at = time.monotonic()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert time.monotonic() - at < 10


@slow
async def test_closing_ends_what_runs_and_what_waits(tmp_path: Path) -> None:
    async with laboratory(tmp_path) as lab:
        running = [asyncio.create_task(lab.run(handed_in(SPINS, person=name))) for name in "abc"]
        await asyncio.sleep(2)
        await lab.close()
        assert all(
            isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*running, return_exceptions=True)
        )


@slow
@pytest.mark.alone
async def test_a_warm_slot_gives_the_first_line_at_once_and_is_used_once(tmp_path: Path) -> None:
    async with laboratory(tmp_path, warm=1) as lab:
        lab.near()
        await warm(lab)
        seconds = [await first_line(lab)]
        await warm(lab)
        seconds.append(await first_line(lab))
        await warm(lab)
    assert max(seconds) < 0.5


@slow
async def test_a_warm_slot_that_dies_in_the_hand_is_no_loss(tmp_path: Path) -> None:
    async with laboratory(tmp_path, warm=1) as lab:
        lab.near()
        await warm(lab)
        (slot,) = lab._slots.warm()
        slot.alive = lambda: True  # type: ignore[method-assign]  # it dies after the pool has looked at it
        await slot.kill()
        outcome = await lab.run(handed_in("def predict(images):\n    return images[:, 0, 0] * 0\n"))
    assert outcome.status == "measured", outcome


@slow
async def test_a_warm_slot_is_small_and_takes_the_memory_of_its_program(tmp_path: Path) -> None:
    async with laboratory(tmp_path, warm=1) as lab:
        lab.near()
        await warm(lab)
        assert [0 < held < 260 * 2**20 for held in lab.slot_memory()] == [True]
        outcome = await lab.run(handed_in(MEMORY, replace(LIMITS, memory=512)))
    assert outcome.status == "memory_limit"


async def warm(lab: BubblewrapLab) -> None:
    await until(lambda: lab.describe()["slots"]["warm"] > 0, pause=0.05, patience=120)


async def first_line(lab: BubblewrapLab) -> float:
    outcome = await lab.run(handed_in("def predict(images):\n    return images[:, 0, 0] * 0\n"))
    assert outcome.status == "measured", outcome
    return outcome.seconds.start


@slow
@pytest.mark.alone
async def test_bombs_in_the_queue_leave_the_conversation_its_time(tmp_path: Path) -> None:
    """Eight programs, three of them hostile; meanwhile the loop must come round as if there were none."""
    limits = Limits(seconds=3.0, memory=768)
    sources = [MEMORY, FORKS, SPINS, FLOOD, SPINS, SPINS, "x = 1\n", TRAINED]
    async with laboratory(tmp_path) as lab:
        quiet = await lateness([asyncio.create_task(asyncio.sleep(2))])
        stages: dict[int, list[Progress]] = {n: [] for n in range(8)}
        running = [
            asyncio.create_task(lab.run(handed_in(source, limits, person=str(n)), stages[n].append))
            for n, source in enumerate(sources)
        ]
        late = await lateness(running)
        outcomes = [task.result().status for task in running]
    assert outcomes[0] == "memory_limit"
    assert outcomes[1:3] == ["time_limit", "time_limit"]
    assert outcomes[3] == "output_limit"
    assert outcomes[7] == "measured"
    queued = [[told.position for told in stages[n] if told.stage == "queued"] for n in range(8)]
    assert [positions[0] for positions in queued[1:]] == list(range(7))
    assert queued[7] == sorted(queued[7], reverse=True)
    assert late[len(late) * 95 // 100] < max(0.1, 2 * quiet[len(quiet) * 95 // 100])


async def lateness(tasks: Sequence[asyncio.Task[Any]]) -> list[float]:
    """How late the loop was, sorted: asked every 10 ms until all tasks are done."""
    late = []
    while not all(task.done() for task in tasks):
        at = time.monotonic()
        await asyncio.sleep(0.01)
        late.append(time.monotonic() - at - 0.01)
    return sorted(late)


@slow
async def test_one_persons_second_program_waits_and_the_third_is_put_off(tmp_path: Path) -> None:
    limits = Limits(seconds=2.0)
    async with laboratory(tmp_path, cores=4) as lab:
        ends = await asyncio.gather(*(lab.run(handed_in(SPINS, limits, person="ada")) for _ in range(4)))
    assert [end.status for end in ends] == ["time_limit", "time_limit", "time_limit", "cancelled"]
    assert "2 programs of yours already wait" in ends[3].why
    assert ends[2].seconds.queued > ends[1].seconds.queued > 1.5


async def test_without_digits_the_lab_says_so_and_not_the_candidate(tmp_path: Path) -> None:
    async with laboratory(tmp_path, mnist=tmp_path / "nothing") as lab:
        with pytest.raises(LabUnavailable, match="nothing"):
            await lab.run(handed_in(TRAINED))
        assert lab.describe()["queue"]["running"] == 0


async def test_nothing_is_started_before_a_program_is_near(tmp_path: Path) -> None:
    async with laboratory(tmp_path, warm=1) as lab:
        assert lab.describe()["slots"] == {"warm": 0, "becoming warm": 0, "at most": 1}
        assert not (tmp_path / "home").exists()
