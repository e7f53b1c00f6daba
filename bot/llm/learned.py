"""What a server has been seen to take and to refuse, so that each call is made as it takes it. It makes no call."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

#: How an answer in a given form is asked for, the strictest way first.
Rung = Literal["json_schema", "function_calling", "text"]
RUNGS: tuple[Rung, ...] = ("json_schema", "function_calling", "text")
#: What a server says of a form that it does not know. Those that say nothing of it are believed to mean it, too.
_FORMS = re.compile(r"response_format|json_schema|schema|grammar|tool|function", re.IGNORECASE)
#: Options that some models refuse, and how their refusal is known.
_OPTIONS = {
    "usage": re.compile(r"stream_options|include_usage", re.IGNORECASE),
    "temperature": re.compile(r"temperature", re.IGNORECASE),
    "seed": re.compile(r"\bseed\b", re.IGNORECASE),
    "limit": re.compile(r"max_(?:completion_)?tokens", re.IGNORECASE),
}


@dataclass
class Learned:
    """Of one model at one place. A call learns for itself; what worked is kept for as long as the process lives."""

    rung: Rung = RUNGS[0]
    left_out: set[str] = field(default_factory=set)

    def copy(self) -> Learned:
        """The same for one call, which may learn more."""
        return replace(self, left_out=set(self.left_out))

    def mends(self, status: int, said: str) -> bool:
        """Whether a refused call is worth making again, in the way that is known now to be taken."""
        if self.leaves_out(status, said):
            return True
        refuses_form = status in (400, 404, 422, 501) and _FORMS.search(said) is not None
        return (refuses_form or status == 500) and self.steps_down()

    def leaves_out(self, status: int, said: str) -> bool:
        """Whether a call was refused for an option that can be left out; it is, from now on."""
        if status in (400, 422):
            for option, named in _OPTIONS.items():
                if option not in self.left_out and named.search(said):
                    self.left_out.add(option)
                    return True
        return False

    def steps_down(self) -> bool:
        """Asks less of the server from now on; False on the last rung."""
        at = RUNGS.index(self.rung)
        if at + 1 == len(RUNGS):
            return False
        self.rung = RUNGS[at + 1]
        return True
