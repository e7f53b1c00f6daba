"""A model server on 127.0.0.1 that speaks OpenAI's protocol: real clients call it, and it answers as real ones do.

    async with running() as server:
        server.mind = honest            # what it makes of a call: see minds.py
        server.takes = {"function_calling"}    # the forms that it knows; it refuses the others, or ignores them
        server.faults.append("busy")    # the next call meets this fault: see faults.py; an empty list is a good day
        server.calls                    # every call so far, with its headers and body

        server.before = waits         # awaited before each piece of a reply that is sent in pieces (streams.py)

It counts tokens by words, and knows one model, `loopback-1`. At /api/chat it speaks Ollama's protocol.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.loopback_model.faults import FAULTS
from tests.loopback_model.minds import honest
from tests.loopback_model.streams import STREAM_FAULTS, streamed

MODEL = "loopback-1"
Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call, as it came."""

    headers: Mapping[str, str]
    body: Json

    @property
    def form(self) -> str:
        if "response_format" in self.body:
            return "json_schema"
        return "function_calling" if self.body.get("tools") else "text"

    @property
    def streamed(self) -> bool:
        return bool(self.body.get("stream"))

    def said(self, role: str) -> str:
        return "\n".join(m["content"] for m in self.body["messages"] if m["role"] in (role, "developer"))


@dataclass
class Server:
    """What it does, and what it was asked."""

    url: str = ""
    mind: Callable[[str, str], Json | str] = honest
    takes: set[str] = field(default_factory=lambda: {"json_schema", "function_calling", "text"})
    ignores: set[str] = field(default_factory=set)
    refuses: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    before: Callable[[str], Awaitable[None]] | None = None

    async def completions(self, request: web.Request) -> web.StreamResponse:
        call = Call(dict(request.headers), await request.json())
        self.calls.append(call)
        if self.faults:
            fault = self.faults.pop(0)
            found = (STREAM_FAULTS.get(fault) if call.streamed else None) or FAULTS[fault]
            return await found(request, self)
        for option in self.refuses & call.body.keys():
            return complaint(400, f"Unsupported parameter: '{option}' is not supported with this model.")
        if call.body["model"] != MODEL:
            return complaint(404, f"The model `{call.body['model']}` does not exist", "model_not_found")
        if call.form not in self.takes | self.ignores:
            return complaint(400, f"this server knows no {'response_format' if call.form[0] == 'j' else 'tools'}")
        if call.streamed:
            made = self.mind(call.said("system"), call.said("user"))
            return await streamed(request, self, made if isinstance(made, str) else json.dumps(made))
        return web.json_response(self.reply(call))

    async def ollama(self, request: web.Request) -> web.StreamResponse:
        """The same mind by Ollama's protocol: lines of JSON, the last of which is `done`."""
        call = Call(dict(request.headers), await request.json())
        self.calls.append(call)
        made = self.mind(call.said("system"), call.said("user"))
        said = {"role": "assistant", "content": made if isinstance(made, str) else json.dumps(made)}
        about = {"model": call.body["model"], "created_at": "2026-01-01T00:00:00Z"}
        last = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"}
        lines = [about | {"message": said, "done": False}, about | last | {"prompt_eval_count": 9, "eval_count": 9}]
        text = "".join(json.dumps(line) + "\n" for line in lines)
        return web.Response(text=text, content_type="application/x-ndjson")

    def reply(self, call: Call, content: str | None = None, ended: str = "stop", more: Json | None = None) -> Json:
        """A whole reply; `content` in the place of what the mind makes of the call."""
        made = self.mind(call.said("system"), call.said("user")) if content is None else content
        text = made if isinstance(made, str) else json.dumps(made)
        message: Json = {"role": "assistant", "content": text, "refusal": None}
        if call.form == "function_calling" and call.form in self.takes and content is None:
            function = {"name": call.body["tools"][0]["function"]["name"], "arguments": text}
            message |= {"content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}
            ended = "tool_calls"
        sent = sum(len(str(m["content"]).split()) for m in call.body["messages"])
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": MODEL,
            "choices": [{"index": 0, "message": message | (more or {}), "finish_reason": ended, "logprobs": None}],
            "usage": {"prompt_tokens": sent, "completion_tokens": len(text.split()), "total_tokens": sent},
        }


def complaint(status: int, message: str, code: str | None = None, **headers: str) -> web.Response:
    """An error as OpenAI words it."""
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return web.json_response({"error": error}, status=status, headers=headers)


@asynccontextmanager
async def running() -> AsyncIterator[Server]:
    """The server, on a port of its own."""
    server = Server()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", server.completions)
    app.router.add_post("/api/chat", server.ollama)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()
