"""What `viva doctor` finds of the language model: whether one is set, and, where it may ask, whether it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from bot.commands.doctor import Finding
from bot.errors import VivaError
from bot.settings import Settings


def model_findings(settings: Settings, online: bool) -> Iterator[Finding]:
    """Which model helps to judge, and where; with `online`, what it says to one call."""
    from bot.app.models import grading_model
    from bot.llm.there import ask

    try:
        wanted = grading_model(settings)
    except VivaError as error:
        yield Finding("language model", "fail", str(error))
        return
    if wanted is None:
        yield Finding("language model", "ok", "none: everything is done offline.")
        return
    helps = f"{wanted.full_name} at {wanted.place} helps to judge answers"
    if not online:
        yield Finding("language model", "ok", f"{helps}; whether it answers: viva doctor --online.")
        return
    try:
        asyncio.run(ask(wanted))
    except VivaError as error:
        yield Finding("language model", "fail", str(error), "Without it no answer is judged; VIVA_GRADER=offline does.")
        return
    yield Finding("language model", "ok", f"{helps}, and answered a word.")
