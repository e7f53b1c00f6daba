"""Attacks on the pipe between job and host: by a process that has taken the harness over and knows its nonce.

The host's side is the lab's own: `Job`, its measuring, its caps. The other side is programs/liars.py.
"""

from __future__ import annotations

import json
import random
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.core.training import Limits, Outcome
from bot.lab import protocol
from bot.lab.job import Job, Work
from bot.lab.measuring import PIXELS, HeldOut
from bot.lab.sandbox import Bind, Room, Sandbox, interpreter
from bot.lab.started import started
from bot.lab.verdicts import OnImages
from tests.lab.sandbox.confining import confining, left

PROGRAMS = Path(__file__).parent / "programs"
INSIDE = "/viva/tests/lab/attacks/programs"
ROWS = 200
NONCE = "a" * 32
SEED, OTHER = 5, 6
LABELS = bytes(random.Random(1).choices(range(10), k=ROWS))
ZEROS = LABELS.count(0) / ROWS
LIMITS = Limits(seconds=3.0, memory=200)


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return confining(Sandbox())


@pytest.fixture(autouse=True)
def nothing_left(sandbox: Sandbox) -> Iterator[None]:
    before = left()
    yield
    until = time.monotonic() + 3
    while left() != before and time.monotonic() < until:
        time.sleep(0.01)
    assert left() == before


async def came_of(
    sandbox: Sandbox, name: str, source: str = "", secret: int = OTHER, seconds: float = LIMITS.seconds
) -> Outcome:
    """What the lab makes of a liar."""
    command = (sys.executable, "-I", "-S", "-B", f"{INSIDE}/liars.py", name)
    room = Room(command, (*interpreter(), Bind(PROGRAMS, INSIDE)), memory=LIMITS.memory)
    measuring = OnImages(HeldOut(bytes(PIXELS * ROWS), LABELS), secret)
    work = Work(protocol.job(source, SEED, NONCE), NONCE, replace(LIMITS, seconds=seconds), measuring)
    slot = await started(sandbox, room, nice=0)
    return await Job(work, slot, lambda progress: None).run()


@dataclass(frozen=True)
class Lie:
    """`held` says, by the outcome, that it was of no use. `seconds` are allowed."""

    name: str
    held: Callable[[Outcome], bool]
    seconds: float = LIMITS.seconds
    slow: bool = False


def harmless(text: str) -> bool:
    """Nothing in it that a terminal or a reader's eye would obey."""
    return not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") and letter not in "\n\t" for letter in text)


def counted(outcome: Outcome) -> bool:
    """Measured, by counting zeros, and by nothing else."""
    return outcome.status == "measured" and outcome.accuracy == ZEROS and outcome.of == ROWS


def ended(*statuses: str) -> Callable[[Outcome], bool]:
    return lambda outcome: outcome.status in statuses and outcome.accuracy is None and outcome.seconds.train < 4


LIES = (
    Lie("forges_without_nonce", lambda o: counted(o) and o.curve.steps == ()),
    Lie("forges_a_curve", lambda o: counted(o) and o.curve.losses[-1] == 0.0),
    Lie("answers_too_early", lambda o: o.status == "measured" and o.accuracy == LABELS.count(1) / ROWS),
    Lie("answers_too_little", ended("crashed")),
    Lie("answers_for_ever", counted),
    Lie("answers_half_and_waits", ended("time_limit"), 0.4, slow=True),
    Lie("miscounts", ended("invalid_predictions")),
    Lie("miscounts_below", ended("invalid_predictions")),
    Lie("invents_classes", ended("invalid_predictions")),
    Lie("says_odd_numbers", lambda o: o.status == "crashed" and o.parameters is None and odd(o)),
    Lie("nests", counted),
    Lie("says_one_long_line", counted),
    Lie("floods_the_channel", ended("output_limit")),
    Lie("floods_with_points", lambda o: 0 < len(o.curve.steps) <= 20_000 and o.status != "crashed", slow=True),
    Lie("floods_the_output", lambda o: ended("output_limit")(o) and len(o.stdout) <= LIMITS.output),
    Lie("floods_the_errors", lambda o: ended("output_limit")(o) and len(o.stdout) <= LIMITS.output),
    Lie("steers_the_terminal", lambda o: o.status == "crashed" and all(map(harmless, texts(o)))),
    Lie("steers_by_a_reason", lambda o: o.status == "invalid_predictions" and harmless(o.why)),
    Lie("reads_nothing", ended("time_limit"), 0.4, slow=True),
    Lie("never_answers", ended("time_limit"), 0.4),
    Lie("stops_itself", ended("time_limit"), 0.4, slow=True),
    Lie("closes_everything", ended("crashed"), 0.4, slow=True),
    Lie("hands_its_pipes_on", ended("crashed", "time_limit"), 0.4, slow=True),
    Lie("begins_again", ended("time_limit"), 0.4, slow=True),
)  # fmt: skip


def odd(outcome: Outcome) -> bool:
    """Numbers came as numbers, steps in order, and what was seen without what is none."""
    steps, losses = outcome.curve.steps, outcome.curve.losses
    json.dumps(dict(outcome.seen), allow_nan=False)
    rising = list(steps) == sorted(set(steps)) and max(steps) == 6
    return rising and {type(loss) for loss in losses} == {float} and outcome.error is not None


def texts(outcome: Outcome) -> list[str]:
    error = outcome.error
    assert error is not None
    assert outcome.stdout
    seen = [str(part) for pair in outcome.seen.items() for part in (pair[0], *pair[1])]
    return [outcome.stdout, error.type, error.message, outcome.why, *seen]


@pytest.mark.parametrize("lie", [pytest.param(lie, id=lie.name, marks=[pytest.mark.slow] * lie.slow) for lie in LIES])
async def test_a_lie_is_of_no_use(sandbox: Sandbox, lie: Lie) -> None:
    began = time.monotonic()
    outcome = await came_of(sandbox, lie.name, seconds=lie.seconds)
    assert lie.held(outcome), outcome
    assert time.monotonic() - began < lie.seconds + 20


@pytest.mark.parametrize("name", ["knows_by_heart", "guesses_the_order"])
async def test_labels_by_heart_do_not_fit_the_order_of_a_job(sandbox: Sandbox, name: str) -> None:
    outcome = await came_of(sandbox, name, json.dumps(list(LABELS)))
    assert outcome.status == "measured"
    assert outcome.accuracy is not None
    assert outcome.accuracy < 0.3


async def test_labels_by_heart_would_fit_an_order_that_a_job_can_know(sandbox: Sandbox) -> None:
    outcome = await came_of(sandbox, "guesses_the_order", json.dumps(list(LABELS)), secret=SEED)
    assert outcome.accuracy == 1.0


async def test_a_pickle_is_never_opened(sandbox: Sandbox, tmp_path: Path) -> None:
    outcome = await came_of(sandbox, "sends_a_pickle", json.dumps(str(tmp_path / "opened")))
    assert outcome.status == "invalid_predictions"
    assert list(tmp_path.iterdir()) == []
