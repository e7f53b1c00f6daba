"""Chooses the language model, if there is to be one, and what it does. How it is asked, `bot.llm` knows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.errors import WrongUsage
from bot.ports import Grader
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.knowledge.search import Library
    from bot.llm.chat import LangChainModel
    from bot.llm.wish import Wish

NO_MODEL = (
    "VIVA_GRADER=llm wants a language model, and none is set. Set OPENAI_API_KEY, or OPENAI_BASE_URL and VIVA_MODEL "
    "for a server of your own; or leave VIVA_GRADER unset to be graded offline."
)


def grading_model(settings: Settings) -> Wish | None:
    """The model that judges answers; None where they are judged offline. WrongUsage says what does not fit."""
    from bot.llm.wish import wish

    if settings.grader == "offline":
        return None
    key = settings.openai_api_key.get_secret_value().strip() if settings.openai_api_key else None
    found = wish(settings.model, settings.openai_base_url, key)
    if found is None and settings.grader == "llm":
        raise WrongUsage(NO_MODEL)
    return found


def open_model(wanted: Wish, library: Library) -> LangChainModel:
    """The model. Its client is made when it is first needed, where nothing else that is heavy is being loaded."""
    from bot.llm.breaker import Breaker
    from bot.llm.chat import LangChainModel

    return LangChainModel(wanted, Breaker(time.monotonic), library.beside)


def model_grader(model: LangChainModel, offline: Grader, library: Library, settings: Settings) -> Grader:
    """The grader that asks it, beside the offline one."""
    from bot.llm.grader import Beside, ModelGrader
    from bot.llm.prompts import prompt_folder, read_prompts
    from bot.offline.gates import plea

    beside = Beside(offline, library.reference, plea)
    return ModelGrader(model, read_prompts(prompt_folder()), beside, settings.on_model_failure)


def told(wanted: Wish) -> str:
    """What a candidate must know of it before they say a word."""
    return (
        f"Your answers are judged with the help of a language model, {wanted.full_name}: they are sent to "
        f"{wanted.place}, without your name."
    )
