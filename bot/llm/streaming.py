"""Reads a reply that comes in pieces: the text of each, and at its end whether it is whole. It makes no call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.llm import reading
from bot.llm.faults import Kind, ModelFault
from bot.llm.usage import Used

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

#: Why an answer ended that is not whole.
CUT = frozenset({"length", "max_tokens"})
DECLINED = "refusal"
FILTERED = frozenset({"content_filter", "safety", "SAFETY"})


def ended_by(message: BaseMessage) -> str:
    """Why a reply ended, as its server says; empty where it does not, or it goes on."""
    about = message.response_metadata or {}
    return str(about.get("finish_reason") or about.get("stop_reason") or about.get("done_reason") or "")


def declined(message: BaseMessage) -> bool:
    """Whether a model says that it will not answer: in a field of its own, or as the reason for which it ended."""
    return bool(message.additional_kwargs.get("refusal")) or ended_by(message) == DECLINED


def used(message: BaseMessage) -> Used:
    """The tokens that a message says it took."""
    usage = getattr(message, "usage_metadata", None)
    return Used(usage["input_tokens"], usage["output_tokens"]) if usage else Used()


class Pieces:
    """A reply so far. `began` once some of its text came: from then on it is not asked for again."""

    def __init__(self, fault: Callable[[Kind], ModelFault]) -> None:
        self._fault = fault
        self._ended = ""
        self._any = False
        self._declined = False
        self.began = False
        self.used = Used()

    def text(self, chunk: BaseMessage) -> str:
        """What a piece adds. ModelFault for a call of a tool: none was offered."""
        self._any = True
        self._ended = ended_by(chunk) or self._ended
        self._declined = self._declined or declined(chunk)
        if getattr(chunk, "usage_metadata", None):
            self.used = used(chunk)
        if getattr(chunk, "tool_call_chunks", None):
            raise self._fault(Kind.UNREADABLE)
        text = reading.text_of(chunk.content)
        self.began = self.began or bool(text.strip())
        return text

    def end(self) -> None:
        """ModelFault where the reply is not whole."""
        if self._declined:
            raise self._fault(Kind.REFUSED)
        if self._ended in FILTERED:
            raise self._fault(Kind.FILTERED)
        if self._ended in CUT:
            raise self._fault(Kind.TRUNCATED)
        if not self._any:
            raise self._fault(Kind.NO_SERVER)
        if not self._ended:
            raise self._fault(Kind.BROKEN_OFF)
        if not self.began:
            raise self._fault(Kind.EMPTY)

    def fault(self, error: BaseException) -> ModelFault:
        """What an exception of the client means, with what came before it."""
        read = reading.fault(error, self._fault)
        nothing = not self._any and read.kind is Kind.UNFORESEEN and isinstance(error, ValueError)
        if self._any and read.kind in (Kind.NO_SERVER, Kind.UNFORESEEN):  # it was a model server until then
            return self._fault(Kind.BROKEN_OFF)
        return self._fault(Kind.NO_SERVER) if nothing else read
