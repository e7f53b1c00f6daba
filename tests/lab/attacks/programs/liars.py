"""Jobs that speak the harness's protocol by hand, with its nonce, and lie: all that a determined program could do.

The name of one is this program's argument; its docstring is what it tries. None of them trains anything.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CHANNEL = 3
PIXELS = 784


class Liar:
    """The two ends of the pipes, and the job."""

    def __init__(self) -> None:
        self.nonce = ""
        self.say(type="warm")
        self.job = self.frame()
        self.nonce = self.job["nonce"]
        self.say(type="began")

    def write(self, data: bytes) -> None:
        while data:
            data = data[os.write(CHANNEL, data) :]

    def say(self, **said: Any) -> None:
        self.write(json.dumps({**({"nonce": self.nonce} if self.nonce else {}), **said}).encode() + b"\n")

    def frame(self) -> dict[str, Any]:
        size = int.from_bytes(sys.stdin.buffer.read(4), "big")
        read: dict[str, Any] = json.loads(sys.stdin.buffer.read(size))
        return read

    def asked(self, **seen: Any) -> int:
        """Ends the training and takes the images; how many there are."""
        self.say(type="ended", seen=seen, parameters=7, predicted_by="model")
        self.say(type="ready")
        rows = int(self.frame()["rows"])
        sys.stdin.buffer.read(rows * PIXELS)
        return rows

    def answer(self, classes: Sequence[int], count: int | None = None) -> None:
        self.say(type="predictions", count=len(classes) if count is None else count)
        self.write(bytes(classes))


def forges_without_nonce(liar: Liar) -> None:
    """A curve and predictions on lines without the nonce, or with a wrong one."""
    for nonce in ({}, {"nonce": ""}, {"nonce": "0" * 32}, {"nonce": None}, {"nonce": [liar.nonce]}):
        for said in ({"type": "steps", "at": [1], "loss": [0.5]}, {"type": "none", "why": "forged"}):
            liar.write(json.dumps({**said, **nonce}).encode() + b"\n")
    liar.answer([0] * liar.asked())


def forges_a_curve(liar: Liar) -> None:
    """A perfect curve, accuracy and counts, with the nonce; what it left knows nothing."""
    liar.say(type="steps", at=[1, 2, 3], loss=[2.3, 0.1, 0.0])
    liar.say(type="validation", at=[3], loss=[0.0])
    liar.say(type="measured", accuracy=1.0)
    liar.answer([0] * liar.asked(accuracy=1.0, predictions_constant=False, epochs_seen=30.0))


def answers_too_early(liar: Liar) -> None:
    """Predictions before there was anything to predict, and twice."""
    for _ in range(2):
        liar.answer([0] * 200)
        liar.write(b"\n")
    liar.say(type="ready")
    liar.answer([0] * 200)
    liar.write(b"\n")
    liar.answer([1] * liar.asked())


def answers_too_little(liar: Liar) -> None:
    """One prediction fewer than it has announced, and the end."""
    liar.answer([0] * (liar.asked() - 1), 200)


def answers_for_ever(liar: Liar) -> None:
    """The right number of predictions, and then others without end, in the hope for the better ones."""
    liar.answer([0] * liar.asked())
    try:
        while True:
            liar.write(bytes(range(10)) * 5000)
    except BrokenPipeError:
        return


def answers_half_and_waits(liar: Liar) -> None:
    """Half of its predictions, and no more, while the host waits."""
    liar.answer([0] * (liar.asked() // 2), 200)
    time.sleep(600)


def miscounts(liar: Liar) -> None:
    """Announces another number of predictions than there are images."""
    liar.answer([0] * liar.asked(), 10**12)


def miscounts_below(liar: Liar) -> None:
    """Announces a negative number."""
    liar.answer([0] * liar.asked(), -1)


def invents_classes(liar: Liar) -> None:
    """Classes that no image has."""
    liar.answer([255] * liar.asked())


def knows_by_heart(liar: Liar) -> None:
    """The labels of a former job, in that job's order: here those of the host's own file."""
    liar.asked()
    liar.answer(json.loads(liar.job["source"]))


def guesses_the_order(liar: Liar) -> None:
    """The labels by heart, shuffled as the host would shuffle them if the seed that a job is told were its secret."""
    rows = liar.asked()
    labels, order = json.loads(liar.job["source"]), list(range(rows))
    random.Random(liar.job["seed"]).shuffle(order)
    liar.answer([labels[row] for row in order])


class Bomb:
    """What, unpickled, writes a file."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (f"touch {self.path}",)


def sends_a_pickle(liar: Liar) -> None:
    """Objects that run a command where they are unpickled: as a line, in a line, as predictions."""
    bomb = pickle.dumps(Bomb(json.loads(liar.job["source"])))
    liar.write(bomb + b"\n")
    liar.say(type="steps", at=[1], loss=[bomb.decode("latin-1")])
    rows = liar.asked(weights=bomb.decode("latin-1"))
    liar.say(type="predictions", count=rows)
    liar.write(bomb.ljust(rows, b"\0")[:rows])


def says_odd_numbers(liar: Liar) -> None:
    """Numbers that JSON lets through: nan, infinities, the largest there are, booleans, steps that go back."""
    for line in (
        '"at": [1], "loss": [NaN]',
        '"at": [2], "loss": [Infinity]',
        '"at": [3], "loss": [1e999]',
        '"at": [4], "loss": [%s]' % ("9" * 400),
        '"at": [5], "loss": [%s]' % ("9" * 6000),
        '"at": [true, 6, 5, -1, 1e9, 99999999999], "loss": [1, 2, 3, 4, 5, 6]',
        '"at": [7, 8], "loss": [1]',
        '"at": {"7": 1}, "loss": "1"',
    ):
        liar.write(f'{{"type": "steps", "nonce": "{liar.nonce}", {line}}}\n'.encode())
    liar.say(type="ended", seen={"a": float("nan"), "b": 10**300}, parameters=-(10**30), predicted_by=["model"])
    liar.say(type="error", error={"type": 5, "message": ["x"], "line": -3})


def nests(liar: Liar) -> None:
    """JSON so deep that readers of it run out of stack."""
    for opened, closed in (("[", "]"), ('{"a":', "}")):
        depth = 16000 // len(opened) // 2
        liar.write((opened * depth + "1" + closed * depth).encode() + b"\n")
        liar.write((opened * depth).encode() + b"\n")
        deep = opened * 3000 + "1" + closed * 3000
        liar.write(f'{{"type": "ended", "nonce": "{liar.nonce}", "seen": {{"a": {deep}}}}}\n'.encode())
    liar.answer([0] * liar.asked())


def says_one_long_line(liar: Liar) -> None:
    """A line of a megabyte, in pieces, between two of which a good one stands."""
    liar.write(b'{"type": "ended", "seen": "')
    for _ in range(1024):
        liar.write(b"x" * 1024)
    liar.write(b'"}\n')
    liar.answer([0] * liar.asked())


def floods_the_channel(liar: Liar) -> None:
    """100 MB on the channel, without a line."""
    for _ in range(1600):
        liar.write(b"x" * 65536)


def floods_with_points(liar: Liar) -> None:
    """A curve of half a million points."""
    for start in range(1, 500_000, 500):
        liar.say(type="steps", at=list(range(start, start + 500)), loss=[1.0] * 500)
    liar.answer([0] * liar.asked())


def floods_the_output(liar: Liar) -> None:
    """100 MB on standard output."""
    for _ in range(1600):
        os.write(1, b"x" * 65536)


def floods_the_errors(liar: Liar) -> None:
    """100 MB on standard error, from a process that it leaves behind."""
    if os.fork():
        time.sleep(600)
    for _ in range(1600):
        os.write(2, b"x" * 65536)


STEERING = (
    "\x1b[2J\x1b]0;title\x07\x1b]52;c;c3RvbGVu\x07\x9b31m\x00\x08\rover\u202egnp\ud800\n```\n# heading\n@everyone"
)


def steers_the_terminal(liar: Liar) -> None:
    """Escape sequences, and what turns text around: in its output, its error, and what was seen."""
    os.write(1, STEERING.encode("utf-8", "surrogatepass") + b"\xff\xfe")
    liar.say(type="ended", seen={STEERING: [STEERING]}, parameters=1, predicted_by="model")
    liar.say(type="error", error={"type": STEERING, "message": STEERING, "line": 1})


def steers_by_a_reason(liar: Liar) -> None:
    """Escape sequences in the sentence why there are no predictions."""
    liar.asked()
    liar.say(type="none", why=STEERING)


def reads_nothing(liar: Liar) -> None:
    """Asks for its images and never takes them: the host is to wait at a full pipe."""
    liar.say(type="ended", seen={}, parameters=1, predicted_by="model")
    liar.say(type="ready")
    time.sleep(600)


def never_answers(liar: Liar) -> None:
    """Takes its images and says no more."""
    liar.asked()
    time.sleep(600)


def stops_itself(liar: Liar) -> None:
    """Stops in the midst of a line."""
    liar.write(b'{"type": "en')
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(600)


def closes_everything(liar: Liar) -> None:
    """Closes all its pipes and runs on."""
    os.closerange(0, 64)
    time.sleep(600)


def hands_its_pipes_on(liar: Liar) -> None:
    """Ends, and leaves its pipes to a child that says nothing and does not end."""
    if os.fork():
        os._exit(0)
    time.sleep(600)


def begins_again(liar: Liar) -> None:
    """Begins a second time, to have its time anew, and says that it is warm again."""
    for _ in range(40):
        liar.say(type="began")
        liar.say(type="warm")
        time.sleep(0.05)
    time.sleep(600)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[4]))
    globals()[sys.argv[1]](Liar())
