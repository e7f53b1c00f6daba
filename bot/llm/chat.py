"""Calls to a language model through LangChain: a form filled in, or words as they come, within a time.

What goes wrong is a ModelFault. It words no prompt and judges nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel

from bot.llm import reading
from bot.llm.breaker import Breaker
from bot.llm.client import Client, client
from bot.llm.faults import Kind, ModelFault
from bot.llm.forms import form_asked
from bot.llm.learned import Learned
from bot.llm.streaming import CUT, FILTERED, Pieces, declined, ended_by, used
from bot.llm.usage import REFUSED, Tally, Used
from bot.llm.wish import OPENAI, Wish

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

Shape = TypeVar("Shape", bound=BaseModel)
Beside = Callable[[Callable[[], Client]], Awaitable[Client]]
Messages = Sequence[tuple[str, str]]
#: A call is made once more where it was refused for a moment; a server's ways are learned in so many at most.
MOST_CALLS = 8
PAUSE = 0.5
#: After so many seconds a cancellation is taken to be lost.
ONCE_MORE = 0.2
#: Of one seed and no temperature: the same call gets the same answer, as far as the server keeps to it.
SEED = 7
#: Who was not answered within this share of the whole patience was not waited for long enough to call it silence.
LONG_ENOUGH = 0.5


@dataclass(frozen=True)
class Filled(Generic[Shape]):
    """What was asked for, and what it took."""

    value: Shape
    used: Used


@dataclass
class _Tries:
    """Of one call: what it has learned, and whether it may be made once more as it was."""

    way: Learned
    again: bool = True

    async def mends(self, fault: ModelFault, said: str, form: bool = True) -> bool:
        """Whether a call that failed is worth making again; waits as long as the server asks for."""
        if fault.passing and self.again and (fault.after or 0.0) <= reading.LONGEST_WAIT:
            self.again = False
            await asyncio.sleep(fault.after or PAUSE)
            return True
        return self.way.mends(fault.status, said) if form else self.way.leaves_out(fault.status, said)


class LangChainModel:
    """A chat model of any provider that LangChain knows.

    Its client is made at the first call, or by `warm`; `beside` does that in a thread where it disturbs nothing. Words
    are waited for less long than forms: a model that is too slow to speak may still judge.
    """

    def __init__(self, wish: Wish, breaker: Breaker, beside: Beside) -> None:
        self.name = wish.full_name
        self._wish = wish
        self._filling = breaker
        self._speaking = breaker.another()
        self._beside = beside
        self._learned = Learned()
        self._made: BaseChatModel | None = None
        self._closes: Callable[[], Awaitable[None]] | None = None
        self._making = asyncio.Lock()

    async def fill(
        self,
        system: str,
        user: str,
        shape: type[Shape],
        seconds: float,
        most_tokens: int,
        tally: Tally | None = None,
        patience: float | None = None,
    ) -> Filled[Shape]:
        """An object of this shape, asked for by these two messages, within so many seconds in all.

        `patience` is what they are left of, where an earlier call of the same work took some; `tally` is added to.
        """
        await self._model()  # to be made costs a second, once, and that is not the server's
        tally = tally or Tally()
        async with self._within(self._filling, seconds, patience or seconds, tally):
            return await self._filled([("system", system), ("user", user)], shape, most_tokens, tally)

    async def stream(
        self, system: str, user: str, seconds: float, most_tokens: int, tally: Tally | None = None
    ) -> AsyncGenerator[str, None]:
        """The reply to these two messages as it comes, within so many seconds in all.

        ModelFault may come after some of it: what is not whole is said at its end. Whoever stops early closes it.
        """
        await self._model()
        came: asyncio.Queue[str | None] = asyncio.Queue()
        messages = [("system", system), ("user", user)]
        # A task of its own: the time that whoever listens takes is theirs, and they are not cut off in the middle.
        speaking = asyncio.create_task(self._spoken(messages, seconds, most_tokens, tally or Tally(), came))
        try:
            while (text := await came.get()) is not None:
                yield text
            await speaking
        finally:
            await _ended(speaking)

    @asynccontextmanager
    async def _within(self, breaker: Breaker, seconds: float, patience: float, tally: Tally) -> AsyncIterator[None]:
        """So much time for what is done inside, unless the model rests; what comes of it, the breaker is told."""
        if not breaker.lets_through():
            raise self.fault(Kind.RESTING)
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(seconds):
                yield
        except TimeoutError:
            self._silent(breaker) if seconds >= LONG_ENOUGH * patience else breaker.let_go()
            raise self.fault(Kind.SLOW, seconds=seconds) from None
        except ModelFault as fault:
            silent = fault.kind in (Kind.SLOW, Kind.UNREACHABLE)
            self._silent(breaker) if silent else breaker.answered()
            raise
        except BaseException:
            breaker.let_go()
            raise
        finally:
            tally.seconds += asyncio.get_running_loop().time() - began
        breaker.answered()

    def _silent(self, breaker: Breaker) -> None:
        """It did not answer in time; who waited long for a form need not try how long words take."""
        breaker.silent()
        if breaker is self._filling:
            self._speaking.silent()

    def fault(self, kind: Kind, **more: Any) -> ModelFault:
        """A fault that names this model and its place."""
        return ModelFault(kind, self.name, self._wish.place, **more)

    async def _filled(self, messages: Messages, shape: type[Shape], most: int, tally: Tally) -> Filled[Shape]:
        tries = _Tries(self._learned.copy())  # its own: others learn at the same time
        for _ in range(MOST_CALLS):
            took = Used()
            try:
                message = await self._called(messages, shape, most, tries.way)
                took = used(message)
            except Exception as error:
                fault = reading.fault(error, self.fault)
                took = _refused(fault)
                if await tries.mends(fault, reading.said(error)):
                    continue
                raise fault from error
            finally:
                tally.call(took)
            value = self._value(message, shape)
            if value is not None:
                self._learned = tries.way
                return Filled(value, took)
            if not tries.way.steps_down():  # it may not know the form, and have said nothing of it
                break
        raise self.fault(Kind.UNREADABLE)

    async def _spoken(
        self, messages: Messages, seconds: float, most: int, tally: Tally, came: asyncio.Queue[str | None]
    ) -> None:
        """Puts into a queue what is said, and None when nothing more comes; raises what went wrong."""
        try:
            async with self._within(self._speaking, seconds, seconds, tally):
                await self._streamed(messages, most, tally, came)
        finally:
            came.put_nowait(None)

    async def _streamed(self, messages: Messages, most: int, tally: Tally, came: asyncio.Queue[str | None]) -> None:
        tries = _Tries(self._learned.copy())
        for _ in range(MOST_CALLS):
            pieces = Pieces(self.fault)
            refused = False
            try:
                await self._pieced(messages, most, tries.way, pieces, came)
            except Exception as error:
                fault = pieces.fault(error)
                refused = _refused(fault) == REFUSED
                if not pieces.began and await tries.mends(fault, reading.said(error), form=False):
                    continue
                raise fault from error
            finally:
                tally.call(REFUSED if refused else pieces.used)
            self._learned.left_out |= tries.way.left_out
            return

    async def _pieced(
        self, messages: Messages, most: int, way: Learned, pieces: Pieces, came: asyncio.Queue[str | None]
    ) -> None:
        from langsmith import tracing_context

        model, options = await self._model(), self._options(most, way)
        if self._wish.provider == OPENAI and "usage" not in way.left_out:
            options = {**options, "stream_usage": True}
        with tracing_context(enabled=False):  # see `_called`
            chunks = model.astream(list(messages), **options)
            async with aclosing(chunks):  # type: ignore[type-var]  # it is a generator
                async for chunk in chunks:
                    if text := pieces.text(chunk):
                        came.put_nowait(text)
        pieces.end()

    async def _called(self, messages: Messages, shape: type[BaseModel], most: int, way: Learned) -> AIMessage:
        from langsmith import tracing_context

        asked = form_asked(await self._model(), shape, way, self._options(most, way))
        with tracing_context(enabled=False):  # whatever the environment says: nothing is sent to third parties
            answer = await asked.ainvoke(list(messages))
        message: AIMessage = answer["raw"] if isinstance(answer, dict) else answer
        return message

    def _options(self, most: int, way: Learned) -> Mapping[str, Any]:
        """What a call asks for beside its form, less what the server does not take."""
        if self._wish.provider != OPENAI:
            return {}
        limit = {"extra_body": {"max_tokens": most}} if self._wish.own_place else {"max_completion_tokens": most}
        every: Mapping[str, Mapping[str, Any]] = {
            "temperature": {"temperature": 0.0},
            "seed": {"seed": SEED},
            "limit": limit,
        }
        kept = (option for name, option in every.items() if name not in way.left_out)
        return {name: value for option in kept for name, value in option.items()}

    def _value(self, message: AIMessage, shape: type[Shape]) -> Shape | None:
        """What the answer holds; None where it is whole and not in the form. ModelFault where it is not whole."""
        ended = ended_by(message)
        if declined(message):
            raise self.fault(Kind.REFUSED)
        if ended in FILTERED:
            raise self.fault(Kind.FILTERED)
        for call in message.tool_calls:
            if call["name"] == shape.__name__:
                return reading.filled(json.dumps(call["args"]), shape)
        text = reading.text_of(message.content)
        if ended in CUT:
            raise self.fault(Kind.TRUNCATED)
        if not text.strip() and not message.invalid_tool_calls:
            raise self.fault(Kind.EMPTY)
        return reading.filled(text, shape)

    async def _model(self) -> BaseChatModel:
        async with self._making:
            if self._made is None:
                try:
                    self._made, self._closes = await self._beside(lambda: client(self._wish))
                except ModelFault:
                    raise
                except Exception as error:  # a proxy or certificates that the environment names, say, or a missing key
                    raise self.fault(Kind.NOT_MADE, more=type(error).__name__) from error
            return self._made

    async def warm(self) -> None:
        """Makes the client now: the packages take over a second to import."""
        await self._model()

    async def close(self) -> None:
        """Closes the connections that are kept open between calls."""
        if self._closes is not None:
            await self._closes()
            self._made = self._closes = None


async def _ended(task: asyncio.Task[None]) -> None:
    """Cancels a task, and waits until it is gone. A cancellation may be lost: wait_for of Python 3.11 loses some."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=ONCE_MORE)


def _refused(fault: ModelFault) -> Used:
    """What a call took that failed: nothing where the server refused it, else nobody knows."""
    return REFUSED if fault.status >= 400 else Used()
