"""Chooses the language model, if there is to be one, and what it does. How it is asked, `bot.llm` knows."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import WrongUsage
from bot.ports import Grader
from bot.ports.voice import Voice
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.knowledge.search import Library
    from bot.llm.chat import LangChainModel
    from bot.llm.prompts import Prompt
    from bot.llm.wish import Wish

    Prompts = Mapping[str, Prompt]

NO_MODEL = (
    "{setting}=llm wants a language model, and none is set. Set OPENAI_API_KEY, or OPENAI_BASE_URL and VIVA_MODEL "
    "for a server of your own; or leave {setting} unset to {without}."
)
NOT_INSTALLED = (
    "VIVA_MODEL names {model}, and the package for it is not installed here. Run: pip install {package}   Or name a "
    "model of another provider."
)


@dataclass(frozen=True)
class Chosen:
    """A model and what it does by which prompts: it `judges` answers, or `words` the interviewer's turns, or both."""

    wish: Wish
    judges: bool
    words: bool
    prompts: Prompts


def chosen_model(settings: Settings) -> Chosen | None:
    """The model that does something here; None where all is done offline.

    WrongUsage says what does not fit, BadCorpus which prompt.
    """
    from bot.llm.prompts import read_prompts
    from bot.llm.wish import wish

    if settings.grader == "offline" and settings.interviewer == "offline":
        return None
    key = settings.openai_api_key.get_secret_value().strip() if settings.openai_api_key else None
    found = wish(settings.model, settings.openai_base_url, key)
    if found is not None:
        if not found.installed:
            raise WrongUsage(NOT_INSTALLED.format(model=found.full_name, package=found.package))
        judges, words = settings.grader != "offline", settings.interviewer != "offline"
        return Chosen(found, judges, words, read_prompts(settings.prompts))
    if settings.grader == "llm":
        raise WrongUsage(NO_MODEL.format(setting="VIVA_GRADER", without="be graded offline"))
    if settings.interviewer == "llm":
        raise WrongUsage(NO_MODEL.format(setting="VIVA_INTERVIEWER", without="be interviewed offline"))
    return None


def open_model(wanted: Wish, library: Library) -> LangChainModel:
    """The model. Its client is made when it is first needed, where nothing else that is heavy is being loaded."""
    from bot.llm.breaker import Breaker
    from bot.llm.chat import LangChainModel

    return LangChainModel(wanted, Breaker(time.monotonic), library.beside)


def model_grader(
    model: LangChainModel, prompts: Prompts, offline: Grader, library: Library, settings: Settings
) -> Grader:
    """The grader that asks it, beside the offline one."""
    from bot.llm.grader import Beside, ModelGrader
    from bot.offline.gates import plea

    return ModelGrader(model, prompts, Beside(offline, library.reference, plea), settings.on_model_failure)


def model_voice(model: LangChainModel, prompts: Prompts, settings: Settings) -> Voice:
    """The voice that it gives the interviewer."""
    from bot.llm.voice import ModelVoice

    return ModelVoice(model, prompts, settings.persona)


def told(chosen: Chosen) -> str:
    """What a candidate must know of it before they say a word."""
    name, place = chosen.wish.full_name, chosen.wish.place
    if not chosen.judges:
        return (
            f"What I say is worded by a language model, {name}: your answers are sent to {place} for that, without "
            "your name. They are judged without it."
        )
    words = ", which words what I say, too" if chosen.words else ""
    return (
        f"Your answers are judged with the help of a language model, {name}{words}: they are sent to {place}, without "
        "your name."
    )
