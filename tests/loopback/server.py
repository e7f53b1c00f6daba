"""The loopback itself: a Discord on 127.0.0.1, and what its owner can set up in it and ask of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.loopback import payloads
from tests.loopback.answering import API, BODY, Answering, Asked, Complaint, Limited
from tests.loopback.clock import Clock
from tests.loopback.commands import Commands
from tests.loopback.events import GUILDS, MEMBERS, Events
from tests.loopback.faults import Faults
from tests.loopback.gateway import Gateway
from tests.loopback.group import Group
from tests.loopback.interactions import Interactions
from tests.loopback.permissions import EVERYONE, Can
from tests.loopback.person import Person
from tests.loopback.rates import Rates
from tests.loopback.schema import Described, described
from tests.loopback.threads import Threads
from tests.loopback.world import Application, Member, Message, Role, Server, User, World
from tests.loopback.writing import Writing


class Loopback:
    """A Discord of one's own; `async with Loopback.running() as discord`."""

    def __init__(self, port: int, schema: Described | None, heartbeat: float) -> None:
        self.clock = Clock()
        self.address = f"http://127.0.0.1:{port}"
        self.world = World(self.clock, self.address)
        self.faults = Faults()
        self.events = Events(self.world, self.faults)
        self.writing = Writing(self.world, self.events)
        self.threads = Threads(self.world, self.events, self.writing)
        self.interactions = Interactions(self.world, self.events, self.writing)
        self.commands = Commands(self.world)
        self.gateway = Gateway(self.world, self.events, heartbeat)
        self.rates = Rates()
        self.schema = schema
        self.complaints: list[Complaint] = []
        self.limited: list[Limited] = []
        self.asked: list[Asked] = []
        self.nonces: dict[tuple[int, int, str], tuple[float, Message]] = {}
        self.repeats: list[Message] = []  # messages that were sent again by their nonce
        self.people: dict[str, Person] = {}
        self.told: Callable[[str], Awaitable[str]] | None = None  # lines that people are acted by
        self.app = self.application("Viva")

    @classmethod
    @asynccontextmanager
    async def running(
        cls, port: int = 0, *, validate: bool = True, rates: bool = True, heartbeat: float = 41.25
    ) -> AsyncIterator[Loopback]:
        """One that listens; `validate`: bodies against the published description as well, where that is present."""
        listening = _Listening()
        runner = web.ServerRunner(
            web.Server(listening.answer, request_factory=_request, access_log=None), shutdown_timeout=0.5
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        port = runner.addresses[0][1]
        discord = listening.discord = cls(port, described() if validate else None, heartbeat)
        discord.rates.on = rates
        try:
            yield discord
        finally:
            discord.gateway.drop()
            await runner.cleanup()

    # What is there, and what is set up.

    @property
    def api_base(self) -> str:
        return self.address + API

    @property
    def gateway_url(self) -> str:
        return self.address.replace("http", "ws", 1)

    @property
    def token(self) -> str:
        return self.app.token

    @property
    def bot(self) -> User:
        return self.app.user

    @property
    def environment(self) -> dict[str, str]:
        """What a bot's process is told."""
        return {"DISCORD_API_BASE": self.api_base, "DISCORD_TOKEN": self.token}

    def application(self, name: str) -> Application:
        return self.world.application(name)

    def allows_message_content(self, app: Application | None = None) -> None:
        """As by the switch on the application's page."""
        (app or self.app).privileged |= 1 << 15

    def person(self, name: str) -> Person:
        """Somebody of that name; the same one each time."""
        if name not in self.people:
            self.people[name] = Person(self, self.world.user(name))
        return self.people[name]

    def server(self, name: str, channels: tuple[str, ...] | list[str] = ("general",), bot: bool = True) -> Group:
        """A server with its channels; the bot is a member, unless it is to be invited later."""
        id_ = self.world.ids.of_server()
        owner = self.world.user(f"owner of {name}")
        server = Server(id_, name, owner, Role(id_, "@everyone", int(EVERYONE)))
        self.world.servers[id_] = server
        group = Group(self, server)
        self.enters(server, owner)
        for channel in channels:
            self.threads.new_channel(server, channel)
        if bot:
            self.invites(server, self.app)
        return group

    def enters(self, server: Server, user: User) -> Member:
        member = server.members[user.id] = Member(user, [], self.clock.now())
        self.events.on_server(server, "GUILD_MEMBER_ADD", payloads.member(member, self.clock), MEMBERS)
        return member

    def member_changed(self, server: Server, user: User) -> None:
        """A bot hears of others by the members intent, of itself without it."""
        data = payloads.member(server.members[user.id], self.clock) | {"guild_id": str(server.id)}
        for session in self.events.to(server, GUILDS, self.world.applications.values()):
            if session.app.user is user or session.intents & MEMBERS:
                self.events.tell(session, "GUILD_MEMBER_UPDATE", data)

    def invites(self, server: Server, app: Application, permissions: Can | None = None) -> None:
        """The bot comes in, with a role of its own that has what the invitation asked for."""
        if app.id in server.members:
            return
        self.enters(server, app.user)
        role = server.role_of(app.user)
        role.permissions = int(permissions or 0)
        for session in self.events.to(server, GUILDS, [app]):
            session.tell(
                "GUILD_CREATE", payloads.server_created(server, app, bool(session.intents & MEMBERS), self.clock)
            )
        self.world.changed()

    def removes(self, server: Server, app: Application) -> None:
        """The bot is put out, or goes."""
        sessions = self.events.to(server, GUILDS, [app])
        server.members.pop(app.id, None)
        for channel in server.channels.values():
            channel.joined.pop(app.id, None)
        for session in sessions:
            session.tell("GUILD_DELETE", {"id": str(server.id)})
        self.world.changed()

    def takes_direct(self, person: User, app: Application) -> bool:
        """Whether somebody can be written to: they allow it, and share a server with the bot or brought it along."""
        shared = any(app.id in one.members and person.id in one.members for one in self.world.servers.values())
        return person.takes_direct and (shared or person.id in app.installed_by)

    def unfurls(self, message: Message, title: str = "A page") -> None:
        """A link in a message gets its preview: the bot hears of an update that nobody made."""
        self.writing.unfurl(message, title)

    # What was asked of it.

    @property
    def requests(self) -> Counter[str]:
        """How often each route was asked for."""
        return Counter(one.request for one in self.asked)

    @property
    def own_limited(self) -> list[Limited]:
        """Requests too many that no fault asked for."""
        return [one for one in self.limited if one.ours]

    async def ready(self, seconds: float = 30.0, app: Application | None = None) -> None:
        """Until a bot is connected and has put its commands."""
        app = app or self.app

        def there() -> bool:
            return self.events.connected(app) and bool(app.commands)

        await self.world.until(
            there, seconds, lambda: f"connected: {self.events.connected(app)}, commands: {len(app.commands)}"
        )

    async def connected(self, seconds: float = 30.0, app: Application | None = None) -> None:
        await self.world.until(lambda: self.events.connected(app or self.app), seconds, lambda: "no bot is connected")


def _request(*parts: Any) -> web.BaseRequest:
    """As aiohttp makes them, but for bodies as large as Discord takes."""
    settings: Any = {"loop": asyncio.get_running_loop(), "client_max_size": BODY + (1 << 20)}
    return web.BaseRequest(*parts, **settings)


class _Listening:
    """Answers requests; apart from Loopback, which needs the port before it can be made."""

    discord: Loopback

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self.discord.gateway.connect(request)  # type: ignore[arg-type]
        if path.startswith("/attachments/"):
            return await self._fetched(request)
        if path == "/people" and self.discord.told is not None:
            return web.Response(text=await self.discord.told((await request.read()).decode()) + "\n")
        if not path.startswith(API):
            return web.Response(status=404)
        return await Answering(self.discord, request, path[len(API) :]).answer()

    async def _fetched(self, request: web.BaseRequest) -> web.StreamResponse:
        """A file, as far as no fault keeps it back."""
        faults, asked = self.discord.faults, f"GET {request.path}"
        if (slow := faults.takes("slow", asked)) is not None:
            await asyncio.sleep(slow.seconds)
        if (fault := faults.first(("404", "500", "502", "503"), asked)) is not None:
            return web.Response(status=int(fault.name))
        response = self._file(request.path, request.query)
        whole = response.body if isinstance(response.body, bytes) else b""
        if faults.takes("short", asked):
            response.body = whole[: len(whole) // 2]
        elif faults.takes("torn", asked):
            broken = web.StreamResponse(headers={"Content-Length": str(len(whole))})
            await broken.prepare(request)
            await broken.write(whole[: len(whole) // 2])
            if request.transport is not None:
                request.transport.close()
            return broken
        return response

    def _file(self, path: str, query: Any) -> web.Response:
        """Files have addresses that run out."""
        steps = path.split("/")
        file = self.discord.world.files.get(int(steps[3])) if len(steps) == 5 and steps[3].isdecimal() else None
        if file is None or not query.get("hm") or int(query.get("ex", "0"), 16) < self.discord.clock.now():
            return web.Response(status=404, text="This content is no longer available.")
        kind, _, charset = file.kind.partition("; charset=")
        return web.Response(body=file.data, content_type=kind, charset=charset or None)
