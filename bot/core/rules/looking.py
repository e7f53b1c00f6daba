"""What a rule looks at: the facts of a program, its lines, and what its run said. It finds nothing by itself.

Facts come from a child process and `seen` from a stranger's program: whatever is not of the type that is expected
counts as unknown, and nothing here raises.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.quoting import LONGEST_CODE, line_of_code
from bot.core.rules.texts import TEXTS
from bot.core.training import Finding, Outcome, Task

LAYERS = ("linear", "convolution")
#: Steps behind which nothing is certain.
UNSURE = ("unknown", "joined")
BENDING = ("activation", "softmax", "recurrent", "unknown", "joined", "pool")
CROSS_ENTROPY = ("crossentropyloss", "crossentropy")
ADAPTIVE = ("Adam", "AdamW", "NAdam", "RAdam", "Adamax", "RMSprop")

Place = Mapping[str, Any]


@dataclass(frozen=True)
class Look:
    """One program, and its run where it was run."""

    facts: Mapping[str, Any]
    source: str
    outcome: Outcome | None = None
    task: Task | None = None
    lines: Sequence[str] = field(default=(), repr=False)

    @property
    def signs(self) -> Place:
        return place(self.facts.get("signs"))

    @property
    def network(self) -> list[Place]:
        return places(self.facts.get("network"))

    @property
    def seen(self) -> Place:
        """What the run was seen to do; empty where it was not run, or not far enough to tell."""
        return place(self.outcome.seen) if self.outcome is not None and self.outcome.ran else {}

    @property
    def error(self) -> str:
        """The message of the exception that ended the run."""
        fault = self.outcome.error if self.outcome is not None else None
        return f"{fault.type}: {fault.message}" if fault is not None else ""

    @property
    def error_line(self) -> int | None:
        fault = self.outcome.error if self.outcome is not None else None
        return fault.line if fault is not None else None

    @property
    def torch(self) -> bool:
        return self.facts.get("framework") == "PyTorch"

    @property
    def followed(self) -> bool:
        """True where what is not seen is not there: nothing was cut, and no library trains or moves things itself."""
        return self.torch and not self.facts.get("cut") and not self.signs.get("elsewhere")

    @property
    def digits(self) -> bool:
        """True where ten classes are to be told apart."""
        return self.task is None or self.task.measure == "classify"

    @property
    def loss(self) -> Place:
        """The loss that training goes by."""
        return place(self.signs.get("loss"))

    @property
    def rate(self) -> float | None:
        return number(self.facts.get("learning_rate"))

    @property
    def learned(self) -> bool:
        """True when the run itself shows that training works: the loss fell far, or accuracy is good."""
        if self.outcome is not None and self.outcome.accuracy is not None and self.outcome.accuracy > 0.9:
            return True
        first, last = number(self.seen.get("first_loss")), self.late_loss
        return first is not None and last is not None and 0 <= last < 0.6 and last < 0.5 * first

    @property
    def late_loss(self) -> float | None:
        """The loss at the end of the run: a mean of the last steps where there is one."""
        late = number(self.seen.get("late_loss"))
        return late if late is not None else number(self.seen.get("last_loss"))

    @property
    def stepped(self) -> bool:
        """True when the run got as far as a step."""
        return (whole(self.seen.get("steps")) or 0) > 0

    def behind(self) -> list[Place]:
        """The steps behind the last layer of the network."""
        at = [i for i, op in enumerate(self.network) if op.get("kind") in LAYERS]
        return self.network[at[-1] + 1 :] if at else []

    def updates(self, what: str) -> list[Place]:
        return [step for step in places(self.signs.get("updates")) if step.get("what") == what]

    def losses(self, *names: str) -> list[Place]:
        """The losses of a kind that the run was seen to take."""
        return [one for one in places(self.seen.get("losses")) if plain(one.get("name")) in names]

    def says(self, key: str) -> bool | None:
        return flag(self.seen.get(key))

    def code(self, line: int | None) -> str | None:
        """The line as it stands in the program, without its indentation."""
        if line is None or not 0 < line <= len(self.lines):
            return None
        return self.lines[line - 1].strip() or None

    def line_with(self, pattern: str, first: int = 1, last: int | None = None) -> int | None:
        """The first line that has something, comments aside."""
        for i, text in enumerate(self.lines[first - 1 : last], start=first):
            if re.search(pattern, text.partition("#")[0]):
                return i
        return None

    def has(self, pattern: str) -> bool:
        return self.line_with(pattern) is not None

    def finding(self, rule: str, line: Any, says: str, why: str = "", severity: str = "") -> Finding:
        """A finding on a line. In `says`, {code} is the line's code, {on} is ` on line 14`."""
        text = TEXTS[rule]
        at = line if isinstance(line, int) and not isinstance(line, bool) and self.code(line) else None
        code = self.code(at)
        on = f" on line {at}" if at is not None else ""
        shown = f"`{line_of_code(code)}`" if code else "the program"
        message = says.replace("{on}", on).replace("{code}", shown)
        question = text.question.replace("{on}", on).replace("{On}", f"On line {at}" if at else "In your program")
        return Finding(
            rule=rule,
            severity="advice" if (severity or text.severity) == "advice" else "bug",
            line=at,
            message=message,
            why=why or text.why,
            question=question,
            asks=f"finding-{rule}",
            fact=text.fact,
            evidence=code[:LONGEST_CODE] if code else None,
        )


def made(facts: Mapping[str, Any], source: str, outcome: Outcome | None, task: Task | None) -> Look:
    return Look(facts, source, outcome, task, re.split(r"\r\n|\r|\n", source))


def place(value: Any) -> Place:
    return value if isinstance(value, Mapping) else {}


def places(value: Any) -> list[Place]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, (list, tuple)) else []


def number(value: Any) -> float | None:
    """A finite number, or None."""
    fits = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300
    return float(value) if fits and math.isfinite(value) else None


def whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def plain(name: Any) -> str:
    return name.rsplit(".", 1)[-1].replace("_", "").lower() if isinstance(name, str) else ""


def line_of(op: Place | None) -> int | None:
    return whole(op.get("line")) if op is not None else None
