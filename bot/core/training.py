"""Programs that are run: what is asked for, within which limits, and what came of it. It runs nothing.

What a run says of itself (its curve, its output, what it was seen to do) is a claim of a stranger's program; only
`accuracy`, `cases` and `seconds` are measured by the host.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

#: How a run ended. The first three are verdicts on what the program left; `unavailable` is the lab's own failure.
Status = Literal[
    "measured",
    "no_predictions",
    "invalid_predictions",
    "crashed",
    "time_limit",
    "memory_limit",
    "output_limit",
    "refused",
    "cancelled",
    "unavailable",
]
#: What a task measures: held-out images told apart, or a function called on held-out cases.
Measure = Literal["classify", "call"]
LARGEST_SOURCE = 64 * 1024


@dataclass(frozen=True)
class Limits:
    """What one run may use: seconds by the clock once it has begun, MiB of memory, bytes of output, bytes of source."""

    seconds: float = 30.0
    memory: int = 2048
    output: int = 64 * 1024
    source: int = LARGEST_SOURCE


@dataclass(frozen=True)
class Case:
    """One call of a function that a task asks for: flat numbers in and out, row by row, with their shapes.

    `expects` never enters the sandbox. `tolerance` is absolute and relative at once (as in numpy.allclose).
    """

    inputs: tuple[tuple[float, ...], ...]
    shapes: tuple[tuple[int, ...], ...]
    expects: tuple[float, ...]
    tolerance: float = 1e-4
    says: str = ""


@dataclass(frozen=True)
class Task:
    """What is to be built, as corpus/tasks/ID/ has it.

    `measure` says how: `classify` asks for the classes of held-out images, `call` calls the `function` on each of the
    `cases`. `accuracy` (0..1) is what a good program reaches, `most_parameters` a budget, `runs` how often a program
    may be handed in. `follow_ups` are ids of questions to be asked about one's own run, `experiments` of those whose
    outcome is predicted first; `program` is what experiments run, with a line `SETTINGS = {…}` put before it. What a
    task is to be solved without, it `forbids`, by name.
    """

    id: str
    title: str
    measure: Measure = "classify"
    limits: Limits = Limits()
    accuracy: float | None = None
    most_parameters: int | None = None
    runs: int = 8
    function: str = ""
    cases: tuple[Case, ...] = ()
    follow_ups: tuple[str, ...] = ()
    experiments: tuple[str, ...] = ()
    program: str = ""
    forbids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Submission:
    """A program to be run. `person` and `place` (a server, a terminal) are whom the queue is fair to.

    `seed` fixes what the harness seeds and how the held-out rows are shuffled; `device` is auto, cpu or cuda:N.
    """

    task: Task
    source: str
    limits: Limits = Limits()
    device: str = "auto"
    person: str = ""
    place: str = ""
    seed: int = 0


@dataclass(frozen=True)
class Curve:
    """The loss on mini-batches as the run reported it: equally long `steps` (optimiser's, from 1), `losses`, `epochs`.

    Losses may be `nan` or infinite. `validation` holds (step, loss) of what was computed without gradients.
    """

    steps: tuple[int, ...] = ()
    losses: tuple[float, ...] = ()
    validation: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Seconds:
    """Time by the clock: waiting for a place, until the program's first line, running it, and all together."""

    queued: float = 0.0
    start: float = 0.0
    train: float = 0.0
    total: float = 0.0


@dataclass(frozen=True)
class Fault:
    """An exception of the program's own: its type, its message (capped), and the program's line, where known."""

    type: str
    message: str
    line: int | None = None


@dataclass(frozen=True)
class Finding:
    """What is wrong with a program, or could be better, on which line, and why it matters.

    `message` is one sentence for the candidate, `evidence` an exact piece of the program. `question` is the question
    that it leads to, worded with its line; `asks` the id of that question in the bank. `fact` names what of a good
    program it contradicts (core/shown.py), if anything.
    """

    rule: str
    severity: Literal["bug", "advice"]
    line: int | None
    message: str
    why: str = ""
    question: str = ""
    asks: str = ""
    fact: str | None = None
    evidence: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    `accuracy` is over `of` held-out images of `data` ("MNIST", or the stand-in, by name); `cases` says which of the
    task's cases were right. `seen` holds what the harness saw (all claims): see bot/lab/harness. `predicted_by` says
    which of the ways gave the predictions: model, predict, last. `why` is a sentence for the candidate where the status
    alone does not say enough; `notes` are sentences to be said beside the figures (the stand-in, the scaling assumed).
    """

    status: Status
    accuracy: float | None = None
    of: int = 0
    data: str = ""
    cases: tuple[bool, ...] = ()
    device: str = "cpu"
    device_name: str = ""
    seconds: Seconds = Seconds()
    parameters: int | None = None
    error: Fault | None = None
    stdout: str = ""
    curve: Curve = Curve()
    seen: Mapping[str, Any] = field(default_factory=dict)
    predicted_by: Literal["", "model", "predict", "last"] = ""
    why: str = ""
    notes: tuple[str, ...] = ()

    @property
    def ran(self) -> bool:
        """True when the program itself was run, however that ended."""
        return self.status not in ("refused", "cancelled", "unavailable")


@dataclass(frozen=True)
class Progress:
    """How a run stands, for whoever waits. `position` counts those before it in the queue, `wait` is in seconds.

    `curve` is the whole of it so far, `seconds` the time since the program's first line.
    """

    stage: Literal["queued", "starting", "running", "measuring"]
    position: int = 0
    wait: float | None = None
    seconds: float = 0.0
    curve: Curve = Curve()
