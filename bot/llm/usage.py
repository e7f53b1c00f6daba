"""What calls to a model take: tokens as the server counts them, how many calls, how long. It knows no prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.core.made import Made


@dataclass(frozen=True)
class Used:
    """Tokens that a call took, as the server counts them; None where it does not say."""

    input: int | None = None
    output: int | None = None

    def __add__(self, other: Used) -> Used:
        def both(one: int | None, another: int | None) -> int | None:
            return None if one is None or another is None else one + another

        return Used(both(self.input, other.input), both(self.output, other.output))


#: A call that a server refused: it counts no tokens for it.
REFUSED = Used(0, 0)


@dataclass
class Tally:
    """What the calls of one piece of work took in all: each is entered when it is over, however it ended."""

    calls: int = 0
    used: Used = field(default=REFUSED)
    seconds: float = 0.0

    def call(self, used: Used) -> None:
        """Enters a call that is over."""
        self.calls += 1
        self.used = self.used + used

    def made(self, model: str, prompts: Sequence[str], passages: Sequence[str] = ()) -> Made | None:
        """What came of it, for the log; None where nothing was asked."""
        if not self.calls:
            return None
        used, seconds = self.used, round(self.seconds, 3)
        return Made(model, tuple(prompts), tuple(passages), used.input, used.output, None, self.calls, seconds)
