"""What is wrong with a program, or could be better: being written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.training import Finding, Outcome, Task


def review(
    facts: Mapping[str, Any], source: str, outcome: Outcome | None = None, task: Task | None = None
) -> tuple[Finding, ...]:
    """The findings, the worst first."""
    return ()
