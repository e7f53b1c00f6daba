"""A reply in pieces, as a server sends it, and what can go wrong on the way; each fault answers one call."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from tests.loopback_model import Server
    from tests.loopback_model.faults import Fault

PREFACE = "Thank you. Let us "


def words(text: str) -> list[str]:
    """A text in pieces of about a word, as servers send it."""
    return re.findall(r"\s*\S+|\s+", text)


class Stream:
    """One reply that is being sent."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self._response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})

    async def open(self) -> None:
        await self._response.prepare(self._request)

    async def put(self, delta: dict[str, Any], ended: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": ended, "logprobs": None}
        await self.event(json.dumps(_chunk() | {"choices": [choice]}))

    async def usage(self, sent: int, said: int) -> None:
        usage = {"prompt_tokens": sent, "completion_tokens": said, "total_tokens": sent + said}
        await self.event(json.dumps(_chunk() | {"choices": [], "usage": usage}))

    async def event(self, data: str) -> None:
        await self._response.write(f"data: {data}\n\n".encode())

    async def done(self) -> web.StreamResponse:
        await self.event("[DONE]")
        return self._response

    def cut(self) -> web.StreamResponse:
        """The connection is gone, and nothing said so."""
        assert self._request.transport is not None
        self._request.transport.close()
        return self._response

    @property
    def response(self) -> web.StreamResponse:
        return self._response


def _chunk() -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "loopback-1"}


async def streamed(
    request: web.Request, server: Server, text: str, ended: str | None = "stop", pieces: Sequence[str] | None = None
) -> web.StreamResponse:
    """A whole reply; `ended` None where the server never says why it ended."""
    stream = Stream(request)
    await stream.open()
    await stream.put({"role": "assistant", "content": ""})
    for piece in words(text) if pieces is None else pieces:
        if server.before is not None:
            await server.before(piece)
        await stream.put({"content": piece})
    if ended is not None:
        await stream.put({}, ended)
    body = server.calls[-1].body
    if (body.get("stream_options") or {}).get("include_usage"):
        await stream.usage(sum(len(str(m["content"]).split()) for m in body["messages"]), len(text.split()))
    return await stream.done()


def says(text: str, ended: str | None = "stop") -> Fault:
    async def fault(request: web.Request, server: Server) -> web.StreamResponse:
        return await streamed(request, server, text, ended)

    return fault


async def hangs_in_the_middle(request: web.Request, server: Server) -> web.StreamResponse:
    stream = Stream(request)
    await stream.open()
    await stream.put({"role": "assistant", "content": PREFACE})
    await asyncio.sleep(30)
    return stream.response


async def drips(request: web.Request, server: Server) -> web.StreamResponse:
    stream = Stream(request)
    await stream.open()
    for _ in range(600):
        await stream.put({"content": "a"})
        await asyncio.sleep(0.05)
    return await stream.done()


async def breaks_off(request: web.Request, server: Server) -> web.StreamResponse:
    stream = Stream(request)
    await stream.open()
    await stream.put({"role": "assistant", "content": PREFACE})
    return stream.cut()


async def breaks_off_at_once(request: web.Request, server: Server) -> web.StreamResponse:
    stream = Stream(request)
    await stream.open()
    return stream.cut()


async def malformed(request: web.Request, server: Server) -> web.StreamResponse:
    stream = Stream(request)
    await stream.open()
    await stream.put({"role": "assistant", "content": PREFACE})
    await stream.event('{"id": "chatcmpl-1", "choices": [')
    return await stream.done()


async def error_in_the_middle(request: web.Request, server: Server) -> web.StreamResponse:
    stream = Stream(request)
    await stream.open()
    await stream.put({"role": "assistant", "content": PREFACE})
    await stream.event(json.dumps({"error": {"message": "The server had an error", "type": "server_error"}}))
    return stream.response


async def filters(request: web.Request, server: Server) -> web.StreamResponse:
    """A filter that steps in once something was said, as an error."""
    stream = Stream(request)
    await stream.open()
    await stream.put({"role": "assistant", "content": PREFACE})
    await stream.event(json.dumps({"error": {"message": "It was kept back.", "code": "content_filter"}}))
    return stream.response


async def refuses(request: web.Request, server: Server) -> web.StreamResponse:
    stream = Stream(request)
    await stream.open()
    await stream.put({"role": "assistant", "content": "", "refusal": None})
    for piece in words("I'm sorry, I can't help with that."):
        await stream.put({"refusal": piece})
    await stream.put({}, "stop")
    return await stream.done()


async def begins_and_refuses(request: web.Request, server: Server) -> web.StreamResponse:
    stream = Stream(request)
    await stream.open()
    await stream.put({"role": "assistant", "content": PREFACE})
    await stream.put({"content": None, "refusal": "I can't go on."})
    await stream.put({}, "stop")
    return await stream.done()


async def calls_tools(request: web.Request, server: Server) -> web.StreamResponse:
    """It calls a tool that nobody offered."""
    stream = Stream(request)
    await stream.open()
    function = {"name": "browse_the_web", "arguments": "{}"}
    await stream.put({"tool_calls": [{"index": 0, "id": "call_9", "type": "function", "function": function}]})
    await stream.put({}, "tool_calls")
    return await stream.done()


async def no_events(request: web.Request, server: Server) -> web.StreamResponse:
    stream = Stream(request)
    await stream.open()
    return stream.response


STREAM_FAULTS: dict[str, Fault] = {
    "hangs in the middle": hangs_in_the_middle,
    "drips": drips,
    "breaks off": breaks_off,
    "cuts off": breaks_off_at_once,
    "malformed": malformed,
    "error in the middle": error_in_the_middle,
    "refusal": refuses,
    "refusal in the middle": begins_and_refuses,
    "refusal by its reason": says("", "refusal"),
    "unasked tools": calls_tools,
    "no events": no_events,
    "truncated": says("Thank you. Let us", "length"),
    "content filter": says("Thank you. Let us", "content_filter"),
    "content filter at once": says("", "content_filter"),
    "content filter as an error": filters,
    "empty": says(""),
    "blank": says("  \n "),
    "no reason": says("Thank you. Let us go on.", None),
}
