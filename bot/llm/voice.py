"""The voice that a language model gives the interviewer: each sentence is checked before it is uttered.

Where one may not be said, or does not come in time, the interviewer's own words stand. It decides nothing that is said.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Protocol

from bot.core.phrasing import Line, Phrase
from bot.llm.faults import ModelFault
from bot.llm.prompts import Prompt, persona_act
from bot.llm.sentences import Sentences
from bot.llm.speaking_checks import Checks
from bot.llm.usage import Tally
from bot.llm.words import unescaped

#: Seconds for everything that is said at once.
PATIENCE = 10.0
#: Tokens that a reply may take: two or three sentences, and a question.
MOST_REPLY = 220
#: What a follow-up is about, as the model is told.
WHY: Mapping[str, str] = {
    "missed": "something that was not said",
    "wrong": "something that does not hold",
    "interesting": "something that is worth going into",
}


class Model(Protocol):
    """What gives words as they come; see `bot.llm.chat.LangChainModel`."""

    name: str

    def stream(
        self, system: str, user: str, seconds: float, most_tokens: int, tally: Tally | None = None
    ) -> AsyncGenerator[str, None]: ...


@dataclass
class _Speaking:
    """One turn: what was uttered so far, and what kept the rest from it."""

    checks: Checks
    sentences: Sentences = field(default_factory=Sentences)
    said: list[str] = field(default_factory=list)
    why_not: str = ""

    async def utter(self, sentences: list[str], uttered: Callable[[str], Awaitable[None]]) -> bool:
        """Says what may be said; False from the first sentence on that may not."""
        for sentence in sentences:
            wrong = self.checks.sentence(sentence)
            if wrong:
                self.why_not = f"A sentence was not said: {wrong}."
                return False
            await uttered(sentence)
            self.said.append(sentence)
        if self.sentences.overflows:
            self.why_not = "A sentence was not said: it had no end."
        return not self.sentences.overflows

    def wording(self) -> str:
        """What is to be put, where it may be."""
        text = self.sentences.wording
        wrong = self.checks.wording(text) if text and not self.why_not else ""
        if wrong:
            self.why_not = f"The wording was not taken: {wrong}."
        return "" if self.why_not else text


class ModelVoice:
    """Implements bot.ports.voice.Voice."""

    def __init__(
        self,
        model: Model,
        prompts: Mapping[str, Prompt],
        persona: str,
        patience: float = PATIENCE,
        fence: Callable[[], str] = lambda: f"words-{secrets.token_hex(4)}",
    ) -> None:
        self._model = model
        self._prompts = prompts
        self._persona = prompts[persona_act(persona)]
        self._patience = patience
        self._fence = fence
        self.name = f"{model.name} ({persona})"

    async def word(self, line: Line, uttered: Callable[[str], Awaitable[None]]) -> Phrase:
        """See `bot.ports.voice.Voice.word`."""
        prompt, tally = self._prompts[line.act], Tally()
        speaking = _Speaking(Checks(line))
        system, user = self._messages(prompt, line)
        try:
            await self._speak(system, user, speaking, tally, uttered)
        except ModelFault as fault:
            speaking.why_not = str(fault)
        wording = speaking.wording()
        marks = [f"{one.act} {one.mark}" for one in (prompt, self._persona)]
        made = tally.made(self._model.name, marks)
        return Phrase(" ".join(speaking.said), wording, made, speaking.why_not)

    async def _speak(
        self,
        system: str,
        user: str,
        speaking: _Speaking,
        tally: Tally,
        uttered: Callable[[str], Awaitable[None]],
    ) -> None:
        async with aclosing(self._model.stream(system, user, self._patience, MOST_REPLY, tally)) as texts:
            async for text in texts:
                if not await speaking.utter(speaking.sentences.add(text), uttered):
                    return
        await speaking.utter(speaking.sentences.end(), uttered)

    def _messages(self, prompt: Prompt, line: Line) -> tuple[str, str]:
        """What is sent: what the act needs of the line, and the manner."""
        known = {
            "persona": self._persona.system,
            "lead": unescaped(line.lead) or "(nothing)",
            "wording": line.wording or "(nothing)",
            "frame": line.frame or "(nothing)",
            "said": unescaped(line.said) or "(nothing)",
            "why": WHY.get(line.why, "something that was said"),
            "marks": "\n".join(f"- {unescaped(mark)}" for mark in line.marks) or "(nothing)",
            "digest": "\n".join(f"- {one}" for one in line.digest) or "(nothing)",
            "fence": self._fence(),
        }
        return prompt.filled(**{name: known[name] for name in prompt.inputs})
