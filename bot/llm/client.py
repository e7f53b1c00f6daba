"""Makes LangChain's client for a model, from what the settings say alone. It asks nothing."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.llm.faults import Kind, ModelFault
from bot.llm.wish import OPENAI, Wish

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.outputs import ChatGenerationChunk
    from langchain_openai import ChatOpenAI

Client = tuple["BaseChatModel", Callable[[], Awaitable[None]] | None]


def client(wish: Wish) -> Client:
    """The client (of the environment it gets proxies alone), and what closes it."""
    if wish.provider != OPENAI:
        return _of_another_provider(wish), None
    import httpx2
    from pydantic import SecretStr

    # Each call is bounded as a whole. A hundred at once neither wait for each other nor connect anew each time.
    limits = httpx2.Limits(max_connections=1_000, max_keepalive_connections=100)
    http = httpx2.AsyncClient(follow_redirects=False, timeout=None, limits=limits)
    made = _openai()(
        model=wish.name,
        api_key=SecretStr(wish.key or "none"),  # a server that wants none gets a word that is none
        base_url=wish.base_url or f"https://{wish.place}/v1",
        organization="",
        max_retries=0,
        use_responses_api=False,
        stream_usage=False,  # asked for by each call, as the server takes it
        stream_chunk_timeout=None,  # `stream` bounds the whole reply; this would cost a task for each piece
        http_async_client=http,
    )
    return made, http.aclose


@functools.cache
def _openai() -> type[ChatOpenAI]:
    """LangChain's client for OpenAI, which leaves aside what a model says in a stream of why it will not answer."""
    from langchain_openai import ChatOpenAI

    class HearingRefusals(ChatOpenAI):
        def _convert_chunk_to_generation_chunk(
            self, chunk: dict[str, Any], *rest: Any, **more: Any
        ) -> ChatGenerationChunk | None:
            made = super()._convert_chunk_to_generation_chunk(chunk, *rest, **more)
            said = [(choice.get("delta") or {}).get("refusal") for choice in chunk.get("choices") or ()]
            if made is not None and any(said):
                made.message.additional_kwargs["refusal"] = said[0]
            return made

    return HearingRefusals


def _of_another_provider(wish: Wish) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        made: BaseChatModel = init_chat_model(wish.name, model_provider=wish.provider)
    except (ImportError, ValueError) as error:
        if wish.installed:
            raise  # it is here, and something else is wrong
        raise ModelFault(Kind.NOT_INSTALLED, wish.full_name, wish.provider, more=wish.package) from error
    return made
