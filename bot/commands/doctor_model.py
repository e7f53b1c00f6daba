"""What `viva doctor` finds of the language model: whether one is set, and, where it may ask, whether it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from bot.commands.doctor import Finding
from bot.errors import VivaError
from bot.settings import Settings

MEND = "Without it no answer is judged (VIVA_GRADER=offline does), and all is said in the program's own words."


def model_findings(settings: Settings, online: bool) -> Iterator[Finding]:
    """Which model does what, and where; with `online`, what it says to one call."""
    from bot.app.models import chosen_model
    from bot.llm.there import ask

    try:
        chosen = chosen_model(settings)
    except VivaError as error:
        yield Finding("language model", "fail", str(error))
        return
    if chosen is None:
        yield Finding("language model", "ok", "none: everything is done offline.")
        return
    wanted = chosen.wish
    does = [*(["helps to judge answers"] if chosen.judges else []), *(["words what is said"] if chosen.words else [])]
    helps = f"{wanted.full_name} at {wanted.place} {' and '.join(does)}"
    if not online:
        yield Finding("language model", "ok", f"{helps}; whether it answers: viva doctor --online.")
        return
    try:
        asyncio.run(ask(wanted))
    except VivaError as error:
        yield Finding("language model", "fail", str(error), MEND)
        return
    yield Finding("language model", "ok", f"{helps}, and answered a word.")
