"""The gateway: a socket for each shard; identifying, resuming, heartbeats, and how it refuses or drops one."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import zlib
from collections import deque
from typing import Any

from aiohttp import WSMsgType, web

from tests.loopback import payloads
from tests.loopback.events import GUILDS, MEMBERS, PRIVILEGED, Events, Session
from tests.loopback.world import Application, World

Json = dict[str, Any]

# Opcodes, close codes, and how many payloads a minute are heard.
HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT = 1, 2, 3, 4, 6, 7
MEMBERS_ASKED, INVALID, HELLO, ACK = 8, 9, 10, 11
NOT_IDENTIFIED, BAD_TOKEN, TWICE, TOO_MUCH = 4003, 4004, 4005, 4008
BAD_SHARD, BAD_INTENTS, NOT_ALLOWED = 4010, 4013, 4014
MOST = 120


class Socket:
    """A connection, compressed where the bot asked for that."""

    def __init__(self, ws: web.WebSocketResponse, compress: str) -> None:
        self.ws = ws
        self.session: Session | None = None
        self.put_out = False  # by us: who is may come back
        self._heard: deque[float] = deque(maxlen=MOST + 1)
        self._out: asyncio.Queue[str | tuple[int, str] | None] = asyncio.Queue()
        self._pack = zlib.compressobj(level=1) if compress == "zlib-stream" else None

    def says_too_much(self) -> bool:
        """A hundred and twenty payloads a minute are let through."""
        now = time.monotonic()
        self._heard.append(now)
        return len(self._heard) > MOST and now - self._heard[0] < 60.0

    def send(self, text: str) -> None:
        self._out.put_nowait(text)

    def close(self, code: int, why: str = "") -> None:
        """After what was said before."""
        self._out.put_nowait((code, why))

    def cut(self) -> None:
        """Without a word."""
        self._out.put_nowait(None)

    async def write(self) -> None:
        while True:
            what = await self._out.get()
            if isinstance(what, str):
                await self._say(what)
            elif what is None:
                if self.ws._req is not None and self.ws._req.transport is not None:
                    self.ws._req.transport.abort()
                return
            else:
                self.put_out = True
                await self.ws.close(code=what[0], message=what[1].encode())
                return

    async def _say(self, text: str) -> None:
        if self.ws.closed:
            return
        if self._pack is None:
            await self.ws.send_str(text)
        else:
            await self.ws.send_bytes(self._pack.compress(text.encode()) + self._pack.flush(zlib.Z_SYNC_FLUSH))


def _payload(op: int, data: Any = None) -> str:
    return json.dumps({"op": op, "s": None, "t": None, "d": data})


class Gateway:
    def __init__(self, world: World, events: Events, heartbeat: float = 41.25) -> None:
        self.world = world
        self.events = events
        self.heartbeat = heartbeat
        self.sockets: set[Socket] = set()
        self.identified: list[tuple[float, str]] = []  # when, and whether by IDENTIFY or RESUME

    async def connect(self, request: web.Request) -> web.StreamResponse:
        if self.events.faults.takes("no gateway", "GATEWAY"):
            return web.Response(status=503)
        ws = web.WebSocketResponse(compress=False, max_msg_size=4096 * 4, autoping=True)
        await ws.prepare(request)
        socket = Socket(ws, request.query.get("compress", ""))
        self.sockets.add(socket)
        writer = asyncio.create_task(socket.write())
        socket.send(_payload(HELLO, {"heartbeat_interval": int(self.heartbeat * 1000)}))
        try:
            await self._listen(socket)
        finally:
            self.sockets.discard(socket)
            self._left(socket)
            writer.cancel()
            self.world.changed()
        return ws

    async def _listen(self, socket: Socket) -> None:
        async for message in socket.ws:
            if message.type is not WSMsgType.TEXT:
                continue
            if socket.says_too_much():
                socket.close(TOO_MUCH, "You are sending too many payloads")
            said = json.loads(message.data)
            op, data = said.get("op"), said.get("d")
            if op == HEARTBEAT:
                socket.send(_payload(ACK))
            elif op == IDENTIFY:
                self._identify(socket, data)
            elif op == RESUME:
                self._resume(socket, data)
            elif op == MEMBERS_ASKED:
                self._members(socket, data)
            elif op not in (PRESENCE, VOICE):
                socket.close(4001, "Unknown opcode")

    def _left(self, socket: Socket) -> None:
        """Who says goodbye (1000, 1001) is forgotten; anybody else may come back and hear the rest."""
        session = socket.session
        if session is None or session.send != socket.send:
            return
        session.send = None
        if socket.ws.close_code in (1000, 1001) and not socket.put_out:  # a client repeats 1000 to any other code
            self.events.sessions.pop(session.id, None)

    def app_of(self, token: str) -> Application | None:
        token = token.removeprefix("Bot ")
        return next((one for one in self.world.applications.values() if one.token == token), None)

    def _identify(self, socket: Socket, data: Json) -> None:
        app = self.app_of(data.get("token", ""))
        shard = tuple(data.get("shard") or (0, 1))
        intents = data.get("intents")
        if socket.session is not None:
            return socket.close(TWICE, "Already authenticated")
        if app is None:
            return socket.close(BAD_TOKEN, "Authentication failed.")
        if len(shard) != 2 or not 0 <= shard[0] < shard[1]:
            return socket.close(BAD_SHARD, "Invalid shard")
        if not isinstance(intents, int) or intents < 0 or intents >= 1 << 26:
            return socket.close(BAD_INTENTS, "Invalid intent(s)")
        if intents & PRIVILEGED & ~app.privileged:
            return socket.close(NOT_ALLOWED, "Disallowed intent(s)")
        for old in [one for one in self.events.of(app) if one.shard == shard and one.send is None]:
            del self.events.sessions[old.id]  # nobody comes back to it
        session = Session(secrets.token_hex(16), app, (shard[0], shard[1]), intents)
        self.events.sessions[session.id] = session
        socket.session, session.send = session, socket.send
        self.identified.append((self.world.clock.now(), "IDENTIFY"))
        self._greet(session)
        self.world.changed()

    def _greet(self, session: Session) -> None:
        app = session.app
        servers = [one for one in self.world.servers.values() if app.id in one.members and session.has(one)]
        flags = payloads.application(app)["flags"]
        session.tell(
            "READY",
            {
                "v": 10,
                "user": payloads.user(app.user) | {"verified": True, "mfa_enabled": True, "email": None, "flags": 0},
                "guilds": [{"id": str(one.id), "unavailable": True} for one in servers],
                "session_id": session.id,
                "resume_gateway_url": self.world.address.replace("http", "ws", 1) + "/",
                "shard": list(session.shard),
                "application": {"id": str(app.id), "flags": flags},
                "private_channels": [],
                "presences": [],
                "relationships": [],
            },
        )
        if session.intents & GUILDS:
            for server in servers:
                session.tell(
                    "GUILD_CREATE",
                    payloads.server_created(server, app, bool(session.intents & MEMBERS), self.world.clock),
                )

    def _resume(self, socket: Socket, data: Json) -> None:
        app = self.app_of(data.get("token", ""))
        if app is None:
            return socket.close(BAD_TOKEN, "Authentication failed.")
        session = self.events.sessions.get(data.get("session_id") or "")
        missed = session.since(data.get("seq") or 0) if session else None
        if session is None or missed is None or self.events.faults.takes("no resume", "GATEWAY"):
            if session is not None:
                self.events.sessions.pop(session.id, None)
            return socket.send(_payload(INVALID, False))
        socket.session, session.send = session, socket.send
        for text in missed:
            socket.send(text)
        session.tell("RESUMED", {})
        self.identified.append((self.world.clock.now(), "RESUME"))
        self.world.changed()

    def _members(self, socket: Socket, data: Json) -> None:
        """Members asked for over the gateway: by id without the intent, all of them with it."""
        session = socket.session
        if session is None:
            return socket.close(NOT_IDENTIFIED, "Not authenticated")
        server = self.world.servers.get(
            int(data["guild_id"] if not isinstance(data["guild_id"], list) else data["guild_id"][0])
        )
        if server is None:
            return
        wanted = data.get("user_ids") or []
        ids = {int(one) for one in (wanted if isinstance(wanted, list) else [wanted])}
        query = data.get("query")
        found = [
            payloads.member(one, self.world.clock)
            for one in server.members.values()
            if one.user.id in ids or (query is not None and one.user.name.startswith(query))
        ]
        chunk: Json = {
            "guild_id": str(server.id),
            "members": found,
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        session.tell("GUILD_MEMBERS_CHUNK", chunk | ({"nonce": data["nonce"]} if data.get("nonce") else {}))

    # What goes wrong.

    def drop(self, code: int | None = None) -> None:
        """Every connection ends: with a close code, or (None) without a word."""
        for socket in list(self.sockets):
            socket.cut() if code is None else socket.close(code)

    def ask_to_reconnect(self) -> None:
        for socket in list(self.sockets):
            socket.send(_payload(RECONNECT))

    def invalidate(self, resumable: bool = False) -> None:
        """Op 9: the sessions are no more (or may be resumed, when so said)."""
        for socket in list(self.sockets):
            if socket.session is not None and not resumable:
                self.events.sessions.pop(socket.session.id, None)
            socket.send(_payload(INVALID, resumable))
