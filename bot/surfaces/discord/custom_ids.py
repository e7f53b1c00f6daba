"""The ids of buttons and modals: what was pressed, in which sitting, at which question. They survive every restart."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: `viva:ACT:SESSION:SEQ:PROBES`: the question put by event SEQ, after so many follow-ups.
PATTERN = re.compile(
    r"viva:(?P<act>[a-z]{1,12}):(?P<session>[a-z0-9]{1,40}):(?P<seq>[0-9]{1,9}):(?P<probes>[0-9]{1,3})"
)


@dataclass(frozen=True)
class Press:
    """Which button, of which sitting; `seq` and `probes` say which question or follow-up it stood under."""

    act: str
    session: str
    seq: int = 0
    probes: int = 0

    @property
    def custom_id(self) -> str:
        return f"viva:{self.act}:{self.session}:{self.seq}:{self.probes}"


@dataclass(frozen=True)
class Label:
    """A button: what stands on it and what it says when it is pressed."""

    text: str
    press: Press


def read(custom_id: str) -> Press | None:
    """What an id says; None for one that is not ours."""
    found = PATTERN.fullmatch(custom_id)
    return Press(found["act"], found["session"], int(found["seq"]), int(found["probes"])) if found else None
