"""What a model server can do wrong, by name; each answers one call in the place of a good reply."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from tests.loopback_model import Server

Fault = Callable[[web.Request, "Server"], Awaitable[web.StreamResponse]]
PAGE = "<!DOCTYPE html><html><head><title>Welcome</title></head><body>It works</body></html>"


def status(code: int, message: str, kind: str | None = None, **headers: str) -> Fault:
    async def fails(request: web.Request, server: Server) -> web.StreamResponse:
        error = {"message": message, "type": kind or "error", "param": None, "code": kind}
        return web.json_response({"error": error}, status=code, headers=headers)

    return fails


def raw(code: int, text: str, content_type: str = "text/html", **headers: str) -> Fault:
    async def fails(request: web.Request, server: Server) -> web.StreamResponse:
        return web.Response(status=code, text=text, content_type=content_type, headers=headers)

    return fails


def content(text: str, ended: str = "stop", refusal: str | None = None) -> Fault:
    """A whole reply that says this."""

    async def says(request: web.Request, server: Server) -> web.StreamResponse:
        return web.json_response(server.reply(server.calls[-1], text, ended, {"refusal": refusal}))

    return says


def changed(change: Callable[[dict[str, Any]], Any]) -> Fault:
    """A good reading that was spoiled."""

    async def spoils(request: web.Request, server: Server) -> web.StreamResponse:
        call = server.calls[-1]
        reading = server.mind(call.said("system"), call.said("user"))
        assert isinstance(reading, dict)
        made = change(reading)
        return web.json_response(server.reply(call, made if isinstance(made, str) else json.dumps(made)))

    return spoils


async def hangs(request: web.Request, server: Server) -> web.StreamResponse:
    await asyncio.sleep(30)
    return web.Response()


async def hangs_in_the_middle(request: web.Request, server: Server) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"id": "chatcmpl-1", "choices": [')
    await asyncio.sleep(30)
    return response


async def drips(request: web.Request, server: Server) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for sign in json.dumps(server.reply(server.calls[-1])):
        await response.write(sign.encode())
        await asyncio.sleep(0.05)
    return response


async def cuts_off(request: web.Request, server: Server) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "5000"})
    await response.prepare(request)
    await response.write(b'{"id": "chatcmpl-1", "choices": [')
    assert request.transport is not None
    request.transport.close()
    return response


async def calls_tools(request: web.Request, server: Server) -> web.StreamResponse:
    """It calls a tool that nobody offered, and says nothing else."""
    function = {"name": "browse_the_web", "arguments": "{}"}
    call = {"id": "call_9", "type": "function", "function": function}
    return web.json_response(server.reply(server.calls[-1], "", "tool_calls", {"content": None, "tool_calls": [call]}))


def every(reading: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return reading | {"points": [point | changes for point in reading["points"]]}


FAULTS: dict[str, Fault] = {
    "wrong key": status(401, "Incorrect API key provided: sk-abc***xyz.", "invalid_api_key"),
    "key without rights": status(403, "You are not allowed to sample from this model", "forbidden"),
    "no credit": status(429, "You exceeded your current quota, please check your billing.", "insufficient_quota"),
    "unknown model": status(404, "The model `nobody` does not exist", "model_not_found"),
    "no such path": status(404, "Not Found"),
    "busy": status(429, "Rate limit reached", "rate_limit_exceeded"),
    "busy for a moment": status(429, "Rate limit reached", "rate_limit_exceeded", **{"Retry-After": "0.05"}),
    "busy for long": status(429, "Rate limit reached", "rate_limit_exceeded", **{"Retry-After": "90"}),
    "500": status(500, "The server had an error"),
    "502": raw(502, "<html><body>Bad Gateway</body></html>"),
    "503": status(503, "Overloaded"),
    "504": raw(504, ""),
    "too long": status(400, "This model's maximum context length is 512 tokens", "context_length_exceeded"),
    "too long for llama.cpp": status(
        400,
        "request (4051 tokens) exceeds the available context size (2048 tokens), try increasing it",
        "exceed_context_size_error",
    ),
    "filter on the way in": status(400, "The response was filtered: content management policy", "content_filter"),
    "a page": raw(200, PAGE),
    "a page at 404": raw(404, PAGE),
    "plain text": raw(200, "ok", "text/plain"),
    "no body": raw(200, "", "application/json"),
    "other JSON": raw(200, '{"hello": "world"}', "application/json"),
    "broken JSON": raw(200, '{"id": "chatcmpl-1", "choices": [', "application/json"),
    "redirect": raw(307, "", Location="http://127.0.0.1:9/v1/chat/completions"),
    "hangs": hangs,
    "hangs in the middle": hangs_in_the_middle,
    "drips": drips,
    "cuts off": cuts_off,
    "empty": content(""),
    "blank": content("  \n "),
    "truncated": content('{"points": [{"id": "a", "verd', "length"),
    "malformed": content('{"points": [{"id": "a", "verdict": }]}'),
    "a list": content("[1, 2, 3]"),
    "another language": content("Die Antwort ist gut, volle Punktzahl."),
    "says full marks": content("I have given full marks to the candidate."),
    "refusal": content("", refusal="I'm sorry, I can't help with that."),
    "refusal by its reason": content("", "refusal"),
    "refusal in words": content("I'm sorry, but I can't grade this."),
    "content filter": content("", "content_filter"),
    "unasked tools": calls_tools,
    "no points": changed(lambda reading: reading | {"points": []}),
    "unknown verdicts": changed(lambda reading: every(reading, verdict="excellent")),
    "invented quotations": changed(lambda reading: every(reading, quote="words that nobody said")),
    "every point twice": changed(lambda reading: reading | {"points": reading["points"] * 2}),
    "numbers for verdicts": changed(lambda reading: every(reading, verdict=1)),
    "unknown points": changed(lambda reading: every(reading, id="no-such-point")),
    "ten thousand points": changed(lambda reading: reading | {"points": reading["points"] * 10_000}),
    "nested for ever": content('{"points": ' + "[" * 5_000),
}
