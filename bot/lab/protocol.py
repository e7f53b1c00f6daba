"""The host's side of the pipe to a job: frames to it, and what its lines and bytes say. It touches no process or pipe.

Whatever a job says is a stranger's claim: every line is capped, checked against the nonce and the shape that it must
have, and dropped (and counted) where it does not fit. Nothing here raises for what a job says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from bot.core.training import Case, Curve, Fault, Measure
from bot.lab.claims import (
    LONGEST_MESSAGE,
    LONGEST_NAME,
    LONGEST_SENTENCE,
    Began,
    Failed,
    Finished,
    Nothing,
    Points,
    PredictedBy,
    Predictions,
    Ready,
    Said,
    Validation,
    Values,
    Warm,
    capped,
    cut,
    is_step,
    number,
    plain,
    read_line,
    sentences_of,
)

LONGEST_LINE = 16 * 1024
MOST_POINTS = 20_000  # of a curve; an honest harness sends some 3,000 for a million steps
MOST_VALIDATIONS = 2_000
PIXELS = 28 * 28
LONGEST_RESULTS = 1 << 20  # numbers

__all__ = [
    "Began",
    "Failed",
    "Finished",
    "Hearing",
    "Nothing",
    "Points",
    "Predictions",
    "Ready",
    "Said",
    "Validation",
    "Values",
    "Warm",
    "cases",
    "framed",
    "held",
    "job",
]

# To the job.


def framed(message: Mapping[str, Any]) -> bytes:
    data = json.dumps(message, allow_nan=False).encode()
    return len(data).to_bytes(4, "big") + data


def job(
    source: str, seed: int, nonce: str, device: str = "cpu", measure: Measure = "classify", function: str = ""
) -> bytes:
    """What a warm slot waits for. `seed` is told to the program's process: nothing secret may hang on it."""
    said = {"source": source, "seed": seed, "device": device, "measure": measure, "function": function}
    return framed({"type": "job", **said, "threads": 1, "nonce": nonce})


def held(images: bytes) -> bytes:
    """The held-out images in the order of this job, after its `ready`."""
    return framed({"type": "held", "rows": len(images) // PIXELS, "shape": [28, 28]}) + images


def cases(asked: Sequence[Case]) -> bytes:
    """What a function is called on, after the job's `ready`; what it should give stays here."""
    told = [
        {"inputs": [list(row) for row in case.inputs], "shapes": [list(one) for one in case.shapes]} for case in asked
    ]
    return framed({"type": "cases", "cases": told})


# From the job.


@dataclass
class Hearing:
    """Hears one job: `feed` takes bytes as they come and gives what was said. `nonce` is set when the job is sent.

    `rows` is how many predictions, `lengths` how many numbers of each case are waited for: other counts are `Nothing`.
    `dropped` counts lines that did not fit. After predictions, values or Nothing, whatever comes is dropped.
    """

    rows: int = 0
    lengths: tuple[int, ...] = ()
    nonce: str = ""
    dropped: int = 0
    steps: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    validations: list[tuple[int, float]] = field(default_factory=list)
    buffer: bytearray = field(default_factory=bytearray)
    stage: int = 0
    raw: Callable[[bytes], Said] | None = None
    raw_size: int = 0
    skipping: bool = False

    @property
    def curve(self) -> Curve:
        """All of it so far."""
        return Curve(tuple(self.steps), tuple(self.losses), tuple(self.validations))

    def feed(self, data: bytes) -> list[Said]:
        """What these bytes complete, in order."""
        self.buffer += data
        found: list[Said] = []
        while (one := self.next_one()) is not None:
            found += one
        return found

    def next_one(self) -> list[Said] | None:
        """What the buffer begins with; None when more bytes are needed, an empty list for what was dropped."""
        if self.stage == OVER:
            self.buffer.clear()
            return None
        if self.raw is not None:
            return self.raw_bytes(self.raw)
        end = self.buffer.find(b"\n", 0, LONGEST_LINE)
        if end < 0:
            return self.too_long()
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        if self.skipping:
            self.skipping = False
            return []
        said = self.understood(line)
        if said is None and self.raw is None:
            self.dropped += 1
        return [] if said is None else [said]

    def raw_bytes(self, read: Callable[[bytes], Said]) -> list[Said] | None:
        if len(self.buffer) < self.raw_size:
            return None
        data = bytes(self.buffer[: self.raw_size])
        self.raw, self.stage = None, OVER
        return [read(data)]

    def too_long(self) -> list[Said] | None:
        """Throws away what can no longer become a line; the rest of it is skipped up to its end."""
        if len(self.buffer) < LONGEST_LINE:
            return None
        self.dropped += not self.skipping
        end = self.buffer.find(b"\n")
        self.skipping = end < 0
        del self.buffer[: end + 1 if end >= 0 else len(self.buffer)]
        return []

    def understood(self, line: bytes) -> Said | None:
        """One line, if it is what may be said now. The stages only go forward."""
        said = read_line(line)
        kind = said.get("type")
        if not isinstance(kind, str) or kind not in STAGES or said.get("nonce", "") != self.nonce:
            return None
        if self.stage not in STAGES[kind]:
            return None
        heard = HEARD[kind](self, said)
        if heard is not None:
            self.stage = OVER if isinstance(heard, Nothing) else AFTER.get(kind, self.stage)
        return heard


def points(hearing: Hearing, said: Mapping[str, Any]) -> Said | None:
    at, losses = said.get("at"), said.get("loss")
    if not isinstance(at, list) or not isinstance(losses, list) or len(at) != len(losses):
        return None
    last = hearing.steps[-1] if hearing.steps else 0
    found: list[tuple[int, float]] = []
    for step, loss in zip(at, losses, strict=True):
        value = number(loss)
        if is_step(step) and step > last and value is not None:
            found.append((step, value))
            last = step
    found = found[: MOST_POINTS - len(hearing.steps)]
    if not found:
        return None
    hearing.steps += [step for step, _ in found]
    hearing.losses += [loss for _, loss in found]
    return Points(tuple(step for step, _ in found), tuple(loss for _, loss in found))


def validation(hearing: Hearing, said: Mapping[str, Any]) -> Said | None:
    at, losses = said.get("at"), said.get("loss")
    if not isinstance(at, list) or not isinstance(losses, list) or len(at) != 1 or len(losses) != 1:
        return None
    loss = number(losses[0])
    last = hearing.validations[-1][0] if hearing.validations else 0
    if not is_step(at[0]) or at[0] < last or loss is None or len(hearing.validations) >= MOST_VALIDATIONS:
        return None
    hearing.validations.append((at[0], loss))
    return Validation(at[0], loss)


def finished(hearing: Hearing, said: Mapping[str, Any]) -> Said | None:
    seen = capped(said.get("seen"))
    by = said.get("predicted_by")
    count = said.get("parameters")
    known = isinstance(count, int) and not isinstance(count, bool) and 0 <= count < 10**12
    way = cast(PredictedBy, by if by in ("model", "predict", "last") else "")
    return Finished(seen if isinstance(seen, dict) else {}, cast(int, count) if known else None, way)


def failed(hearing: Hearing, said: Mapping[str, Any]) -> Said | None:
    error = said.get("error")
    error = error if isinstance(error, dict) else {}
    line = error.get("line")
    known = isinstance(line, int) and not isinstance(line, bool) and 0 < line < 10**6
    name = plain(error.get("type"), LONGEST_NAME) or "Exception"
    return Failed(Fault(name, plain(error.get("message"), LONGEST_MESSAGE), cast(int, line) if known else None))


def predictions(hearing: Hearing, said: Mapping[str, Any]) -> Said | None:
    if said.get("count") != hearing.rows or not hearing.rows:
        return Nothing("The program's process gave another number of predictions than there are images.")
    hearing.raw, hearing.raw_size = Predictions, hearing.rows
    return None


def values(hearing: Hearing, said: Mapping[str, Any]) -> Said | None:
    count, lengths = said.get("count"), said.get("lengths")
    fits = isinstance(lengths, list) and len(lengths) == len(hearing.lengths) > 0
    if not fits or not all(isinstance(one, int) and one >= -1 for one in cast(list[Any], lengths)):
        return Nothing("The program's process gave results for another number of cases than there are.")
    sizes = cast(list[int], lengths)
    total = sum(size for size in sizes if size > 0)
    if count != total or total > LONGEST_RESULTS:
        return Nothing("The function gives far more numbers than it was asked for.")
    sentences = sentences_of(said.get("failed"), len(sizes))
    hearing.raw_size = 8 * total
    hearing.raw = lambda data: Values(cut(data, sizes), sentences)
    return None


def nothing(hearing: Hearing, said: Mapping[str, Any]) -> Said | None:
    return Nothing(plain(said.get("why"), LONGEST_SENTENCE) or "The program left nothing that could be measured.")


#: 0 cold, 1 warm, 2 running, 3 ended, 4 ready, 5 over
OVER = 5
STAGES: Mapping[str, tuple[int, ...]] = {
    "warm": (0,),
    "began": (1,),
    "steps": (2,),
    "validation": (2,),
    "ended": (2,),
    "error": (2, 3),
    "ready": (3,),
    "predictions": (4,),
    "values": (4,),
    "none": (4,),
}
AFTER: Mapping[str, int] = {"warm": 1, "began": 2, "ended": 3, "error": OVER, "ready": 4, "none": OVER}
HEARD: Mapping[str, Callable[[Hearing, Mapping[str, Any]], Said | None]] = {
    "warm": lambda hearing, said: Warm(),
    "began": lambda hearing, said: Began(),
    "steps": points,
    "validation": validation,
    "ended": finished,
    "error": failed,
    "ready": lambda hearing, said: Ready(),
    "predictions": predictions,
    "values": values,
    "none": nothing,
}
