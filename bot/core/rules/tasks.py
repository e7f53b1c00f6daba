"""What a task is to be solved without, and a program that leans on it all the same. By the text alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.rules.looking import Look
from bot.core.training import Finding


def forbidden(look: Look) -> Iterator[Finding]:
    """The first line that calls, as part of a library, or imports what the task forbids."""
    for name in look.task.forbids if look.task is not None else ():
        used = re.compile(rf"\.{name}\b|\bimport\b.*\b{name}\b|\bfrom\b.*\b{name}\b.*\bimport\b")
        for number, line in enumerate(look.lines, 1):
            if used.search(line.partition("#")[0]):
                yield look.finding(
                    "forbidden", number, f"{{code}}{{on}} uses {name}, which this task is to do without."
                )
                return


RULES = (forbidden,)
