"""Requests, each from the door to the answer: let in, counted, read, handed to its route; and made to go wrong when a
test asked for that.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.loopback import (  # noqa: F401 - the routes enter themselves in the table
    limits,
    routes_channels,
    routes_interactions,
    routes_messages,
    routes_servers,
)
from tests.loopback.calls import ROUTES, Call, Route
from tests.loopback.errors import Refused, by_code, refused
from tests.loopback.faults import Fault
from tests.loopback.rates import Bucket, Hit
from tests.loopback.world import Application
from tests.loopback.writing import File

if TYPE_CHECKING:
    from tests.loopback.server import Loopback

API = "/api/v10"
BODY = 25 * 1024 * 1024
AFTERWARDS = ("acts, then 502", "acts, then cut")
REFUSALS = ("cut", "429 cloudflare", "429 global", "429", "500", "502", "503", "504")


@dataclass(frozen=True)
class Complaint:
    """A request that Discord would not take for what is in it."""

    request: str
    wrong: str


@dataclass(frozen=True)
class Limited:
    """A request too many; `ours`: not by a fault that a test asked for."""

    request: str
    everything: bool
    ours: bool = True


@dataclass(frozen=True)
class Asked:
    """A request and how it was answered."""

    at: float
    request: str
    path: str
    status: int


class Answering:
    """One request, from the door to the answer."""

    def __init__(self, discord: Loopback, request: web.BaseRequest, path: str) -> None:
        self.discord = discord
        self.request = request
        self.path = path
        self.name = f"{request.method} {path}"
        self.bucket: Bucket | None = None
        self.app: Application | None = None

    async def answer(self) -> web.StreamResponse:
        discord = self.discord
        full = f"{self.request.method} {self.path}"
        if (slow := discord.faults.takes("slow", full)) is not None:
            await asyncio.sleep(slow.seconds)
        fault = discord.faults.first(REFUSALS, full)
        if fault is not None:
            return await self._fails(fault)
        response = await self._answered()
        fault = discord.faults.first(AFTERWARDS, full) if response.status < 300 else None
        return response if fault is None else await self._fails(fault)

    async def _answered(self) -> web.Response:
        try:
            found = self._let_in()
            if isinstance(found, web.Response):
                return found
            name, route, about = found
            if (fault := self.discord.faults.takes("refused", f"{self.request.method} {self.path}")) is not None:
                await self.request.read()
                raise by_code(fault.code)
            call = Call(self.discord, self.app, about, dict(self.request.query))  # type: ignore[arg-type]
            await self._read(call)
            self._fits(name, call.body)
            status, body = route(call)
            return self._say(status, body)
        except Refused as no:
            return self._refuse(no)

    def _let_in(self) -> tuple[str, Route, dict[str, str]] | web.Response:
        """The route, once it is known who asks and that they may ask once more."""
        found = ROUTES.find(self.request.method, self.path)
        if found is None:
            raise refused("no such route")
        name, _, about = found
        self.name = f"{self.request.method} {name}"
        open_ = "webhook_token" in about or "interaction_token" in about
        self.app = self._of_token(about) if open_ else self._by_token()
        if self.app is None:
            raise refused("unknown interaction" if open_ else "unauthorised")
        now = time.time()
        if self.discord.rates.banned(self.app.id, now):
            return self._limited(Hit(3600.0, True), cloudflare=True)
        hit = self.discord.rates.count(self.app.id, self.request.method, name, about, open_, now)
        if isinstance(hit, Hit):
            self.discord.limited.append(Limited(self.name, hit.everything))
            return self._limited(hit)
        self.bucket = hit
        return found

    def _by_token(self) -> Application | None:
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        return self.discord.gateway.app_of(token) if scheme == "Bot" else None

    def _of_token(self, about: dict[str, str]) -> Application | None:
        one = self.discord.interactions.by_token.get(about.get("webhook_token") or about["interaction_token"])
        return one.app if one else None

    async def _read(self, call: Call) -> None:
        request = self.request
        if not request.can_read_body:
            return
        if (request.content_length or 0) > BODY:
            raise refused("too large")
        if request.content_type == "multipart/form-data":
            await self._read_parts(call)
            return
        try:
            call.body = json.loads(await request.read())
        except ValueError:
            raise refused("bad json") from None

    async def _read_parts(self, call: Call) -> None:
        fields = await self.request.post()
        body = json.loads(str(fields.get("payload_json", "{}")))
        data = body.get("data") if isinstance(body.get("data"), dict) and "type" in body else body
        alts = {str(one.get("id")): one for one in (data or {}).get("attachments") or ()}
        for key, field in fields.items():
            if not isinstance(field, web.FileField):
                continue
            number = key.removeprefix("files[").removesuffix("]")
            about = alts.get(number, {})
            name = about.get("filename") or field.filename
            file = File(name, field.file.read(), about.get("description"), int(number) if number.isdecimal() else 0)
            if len(file.data) > limits.FILE:
                raise refused("too large")
            call.files.append(file)
        call.body = body

    def _fits(self, route: str, body: Any) -> None:
        schema = self.discord.schema
        if schema is None or body is None:
            return
        wrong = schema.wrong(self.request.method, route, body)
        if wrong:
            raise Refused(400, 50035, "Invalid Form Body", {"_errors": [{"code": "SCHEMA", "message": wrong}]})

    # Answers.

    def _say(self, status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
        all_headers = {"Via": "1.1 google", **(headers or {})}
        if self.bucket is not None:
            all_headers |= self.bucket.headers(time.time())
        self._note(status)
        if body is None:
            return web.Response(status=status, headers=all_headers)
        return web.Response(
            status=status, body=json.dumps(body).encode(), content_type="application/json", headers=all_headers
        )

    def _note(self, status: int) -> None:
        self.discord.asked.append(Asked(time.time(), self.name, self.path, status))
        if status >= 400:  # what succeeds tells of itself
            self.discord.world.changed()

    def _refuse(self, no: Refused) -> web.Response:
        if no.status == 413 or no.code in (50035, 50006, 50109):
            wrong = f"{no.message} {json.dumps(no.errors, ensure_ascii=False)}" if no.errors else no.message
            self.discord.complaints.append(Complaint(self.name, wrong))
        if no.status in (401, 403):
            self.discord.rates.invalid(self.app.id if self.app else 0, time.time())
        return self._say(no.status, no.body())

    def _limited(self, hit: Hit, cloudflare: bool = False) -> web.Response:
        if self.app is not None:
            self.discord.rates.invalid(self.app.id, time.time())
        self._note(429)
        headers = {"Retry-After": str(int(hit.after) + 1)}
        if cloudflare:
            return web.Response(status=429, text="error code: 1015", headers=headers)
        headers |= {"Via": "1.1 google", "X-RateLimit-Scope": "global" if hit.everything else "user"}
        if hit.everything:
            headers["X-RateLimit-Global"] = "true"
        if hit.bucket is not None:
            headers |= hit.bucket.headers(time.time())
        body = {"message": "You are being rate limited.", "retry_after": round(hit.after, 3), "global": hit.everything}
        return web.Response(
            status=429, body=json.dumps(body).encode(), content_type="application/json", headers=headers
        )

    async def _fails(self, fault: Fault) -> web.StreamResponse:
        """As a test asked for."""
        await self.request.read()
        name = fault.name.removeprefix("acts, then ")
        if name == "cut":
            if self.request.transport is not None:
                self.request.transport.abort()
            return web.Response(status=500)
        if name.startswith("429"):
            everything = name == "429 global"
            self.discord.limited.append(Limited(self.name, everything, ours=False))
            return self._limited(Hit(fault.seconds, everything), cloudflare=name == "429 cloudflare")
        self._note(int(name))
        return web.Response(status=int(name), text=f"<html><title>{name}</title></html>", content_type="text/html")
