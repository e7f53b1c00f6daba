"""One call to a language model through LangChain: asked for a form, within a time, as its server takes it.

What goes wrong is a ModelFault. It words no prompt and judges nothing.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel

from bot.llm import reading
from bot.llm.breaker import Breaker
from bot.llm.faults import Kind, ModelFault
from bot.llm.learned import Learned
from bot.llm.wish import OPENAI, Wish

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable

Shape = TypeVar("Shape", bound=BaseModel)
Client = tuple["BaseChatModel", Callable[[], Awaitable[None]] | None]
Beside = Callable[[Callable[[], Client]], Awaitable[Client]]
#: A call is made once more where it was refused for a moment; a server's ways are learned in so many at most.
MOST_CALLS = 8
PAUSE = 0.5
#: Of one seed and no temperature: the same call gets the same answer, as far as the server keeps to it.
SEED = 7
#: Why an answer ended that is not whole.
CUT = frozenset({"length", "max_tokens"})
FILTERED = frozenset({"content_filter", "safety", "SAFETY"})


@dataclass(frozen=True)
class Used:
    """Tokens that a call took, as the server counts them; None where it does not say."""

    input: int | None = None
    output: int | None = None

    def __add__(self, other: Used) -> Used:
        def both(one: int | None, another: int | None) -> int | None:
            return None if one is None or another is None else one + another

        return Used(both(self.input, other.input), both(self.output, other.output))


@dataclass(frozen=True)
class Filled(Generic[Shape]):
    """What was asked for, and what it took."""

    value: Shape
    used: Used


class LangChainModel:
    """A chat model of any provider that LangChain knows.

    Its client is made at the first call, or by `warm`; `beside` does that in a thread where it disturbs nothing.
    """

    def __init__(self, wish: Wish, breaker: Breaker, beside: Beside) -> None:
        self.name = wish.full_name
        self._wish = wish
        self._breaker = breaker
        self._beside = beside
        self._learned = Learned()
        self._made: BaseChatModel | None = None
        self._closes: Callable[[], Awaitable[None]] | None = None
        self._making = asyncio.Lock()

    async def fill(self, system: str, user: str, shape: type[Shape], seconds: float, most_tokens: int) -> Filled[Shape]:
        """An object of this shape, asked for by these two messages, within so many seconds in all."""
        await self._model()  # to be made costs a second, once, and that is not the server's
        if not self._breaker.lets_through():
            raise self.fault(Kind.RESTING)
        try:
            async with asyncio.timeout(seconds):
                filled = await self._filled([("system", system), ("user", user)], shape, most_tokens)
        except TimeoutError:
            self._breaker.silent()
            raise self.fault(Kind.SLOW, seconds=seconds) from None
        except ModelFault as fault:
            silent = fault.kind in (Kind.SLOW, Kind.UNREACHABLE)
            self._breaker.silent() if silent else self._breaker.answered()
            raise
        except BaseException:
            self._breaker.let_go()
            raise
        self._breaker.answered()
        return filled

    def fault(self, kind: Kind, **more: Any) -> ModelFault:
        """A fault that names this model and its place."""
        return ModelFault(kind, self.name, self._wish.place, **more)

    async def _filled(self, messages: Sequence[tuple[str, str]], shape: type[Shape], most: int) -> Filled[Shape]:
        again, way = True, self._learned.copy()  # its own: others learn at the same time
        for _ in range(MOST_CALLS):
            try:
                message = await self._called(messages, shape, most, way)
            except Exception as error:
                fault = reading.fault(error, self.fault)
                if fault.passing and again and (fault.after or 0.0) <= reading.LONGEST_WAIT:
                    again = False
                    await asyncio.sleep(fault.after or PAUSE)
                    continue
                if way.mends(fault.status, reading.said(error)):
                    continue
                raise fault from error
            value = self._value(message, shape)
            if value is not None:
                self._learned = way
                return Filled(value, _used(message))
            if not way.steps_down():  # it may not know the form, and have said nothing of it
                break
        raise self.fault(Kind.UNREADABLE)

    async def _called(
        self, messages: Sequence[tuple[str, str]], shape: type[BaseModel], most: int, way: Learned
    ) -> AIMessage:
        from langsmith import tracing_context

        model, options = await self._model(), self._options(most, way)
        if way.rung == "text":
            asked: Runnable[Any, Any] = model.bind(**options)
        else:
            about = {"title": shape.__name__, "description": shape.__doc__ or ""}
            schema = _closed(shape.model_json_schema()) | about
            asked = model.with_structured_output(schema, method=way.rung, include_raw=True, **options)
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
        about = message.response_metadata or {}
        ended = str(about.get("finish_reason") or about.get("stop_reason") or about.get("done_reason") or "")
        if message.additional_kwargs.get("refusal"):
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
                    self._made, self._closes = await self._beside(lambda: _made(self._wish))
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


def _made(wish: Wish) -> Client:
    """The client, from what the settings say alone (of the environment it gets proxies), and what closes it."""
    if wish.provider != OPENAI:
        return _of_another_provider(wish), None
    import httpx2
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    http = httpx2.AsyncClient(follow_redirects=False, timeout=None)  # `fill` bounds the whole call
    made = ChatOpenAI(
        model=wish.name,
        api_key=SecretStr(wish.key or "none"),  # a server that wants none gets a word that is none
        base_url=wish.base_url or f"https://{wish.place}/v1",
        organization="",
        max_retries=0,
        use_responses_api=False,
        http_async_client=http,
    )
    return made, http.aclose


def _of_another_provider(wish: Wish) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        made: BaseChatModel = init_chat_model(wish.name, model_provider=wish.provider)
    except (ImportError, ValueError) as error:
        if importlib.util.find_spec(f"langchain_{wish.provider.replace('-', '_')}") is not None:
            raise  # it is here, and something else is wrong
        raise ModelFault(Kind.NOT_INSTALLED, wish.full_name, wish.provider) from error
    return made


def _closed(schema: Any) -> Any:
    """The JSON schema as strict servers want it: each object closed, each of its fields required."""
    if isinstance(schema, dict):
        closed = {key: _closed(value) for key, value in schema.items() if key not in ("default", "title")}
        if "properties" in schema:
            closed |= {"additionalProperties": False, "required": list(schema["properties"])}
        return closed
    return [_closed(part) for part in schema] if isinstance(schema, list) else schema


def _used(message: AIMessage) -> Used:
    usage = message.usage_metadata
    return Used(usage["input_tokens"], usage["output_tokens"]) if usage else Used()
