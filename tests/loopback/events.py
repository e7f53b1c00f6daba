"""Who is told what: each event goes to the sessions of the applications that may see it and asked for it.

A session is one shard's connection, or the memory of one that may be resumed. Sockets belong to `gateway`.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from tests.loopback import payloads, permissions
from tests.loopback.faults import Faults
from tests.loopback.world import Application, Channel, Message, Server, World

Json = dict[str, Any]

GUILDS, MEMBERS, MESSAGES, TYPING = 1 << 0, 1 << 1, 1 << 9, 1 << 11
DIRECT, DIRECT_TYPING, CONTENT = 1 << 12, 1 << 14, 1 << 15
PRIVILEGED = MEMBERS | 1 << 8 | CONTENT
OVERTAKEN = 0.5  # seconds after which an event that was to be overtaken is told anyway
KEPT = 2000  # events that a session out of reach can be told of later


class Session:
    """What a bot's shard has been told, so that it can be told the rest after a gap."""

    def __init__(self, id_: str, app: Application, shard: tuple[int, int], intents: int) -> None:
        self.id = id_
        self.app = app
        self.shard = shard
        self.intents = intents
        self.sequence = 0
        self.told: deque[tuple[int, str]] = deque(maxlen=KEPT)
        self.send: Callable[[str], None] | None = None  # to its socket, while it has one
        self.held: list[tuple[str, Json]] = []  # by a fault: to be told after the next one

    def tell(self, name: str, data: Json) -> None:
        self.sequence += 1
        text = json.dumps({"op": 0, "t": name, "s": self.sequence, "d": data}, separators=(",", ":"))
        self.told.append((self.sequence, text))
        if self.send is not None:
            self.send(text)

    def let_go(self) -> None:
        """What was held back is told."""
        held, self.held = self.held, []
        for late in held:
            self.tell(*late)

    def since(self, sequence: int) -> list[str] | None:
        """What it missed; None when that is no longer known."""
        if sequence > self.sequence or (self.told and self.told[0][0] > sequence + 1):
            return None
        return [text for number, text in self.told if number > sequence]

    def has(self, server: Server | None) -> bool:
        return (server.id >> 22) % self.shard[1] == self.shard[0] if server else self.shard[0] == 0


class Events:
    """Tells the sessions."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self.faults = faults
        self.sessions: dict[str, Session] = {}

    def of(self, app: Application) -> list[Session]:
        return [one for one in self.sessions.values() if one.app is app]

    def connected(self, app: Application) -> bool:
        return any(one.send is not None for one in self.of(app))

    def tell(self, session: Session, name: str, data: Json) -> None:
        """Tells one, in order, unless a fault wants this event to overtake or to be overtaken."""
        if self.faults.takes("swap", name):
            session.held.append((name, data))
            asyncio.get_running_loop().call_later(OVERTAKEN, session.let_go)
            return
        session.tell(name, data)
        session.let_go()

    def to(self, server: Server | None, intent: int, apps: Iterable[Application]) -> list[Session]:
        wanted = {app.id for app in apps}
        return [
            one
            for one in self.sessions.values()
            if one.app.id in wanted and one.has(server) and (not intent or one.intents & intent)
        ]

    def readers(self, channel: Channel) -> list[Application]:
        return [app for app in self.world.applications.values() if permissions.sees(channel, app.user)]

    def in_channel(self, channel: Channel, name: str, data: Json, guild: int, direct: int = 0) -> None:
        """Tells all bots that see a channel; `guild` and `direct` are the intents they must have asked for."""
        if channel.server:
            data = data | {"guild_id": str(channel.server.id)}
        for session in self.to(channel.server, guild if channel.server else direct, self.readers(channel)):
            self.tell(session, name, data)

    def on_server(self, server: Server, name: str, data: Json, intent: int = GUILDS) -> None:
        apps = [app for app in self.world.applications.values() if app.id in server.members]
        for session in self.to(server, intent, apps):
            self.tell(session, name, data | {"guild_id": str(server.id)})

    def to_app(self, app: Application, server: Server | None, name: str, data: Json) -> None:
        """What needs no intent, an interaction above all; where the bot is not a member, the first shard is told."""
        here = server if server and app.id in server.members else None
        for session in self.to(here, 0, [app]):
            self.tell(session, name, data)

    def message(self, name: str, message: Message) -> None:
        """A message for everyone in a channel: each bot reads of it what it may."""
        if message.only_for is not None:
            return
        channel = message.channel
        data = payloads.message(message)
        if channel.server:
            data["guild_id"] = str(channel.server.id)
            if (author := channel.server.members.get(message.author.id)) is not None:
                data["member"] = payloads.member(author, self.world.clock, with_user=False)
        for session in self.to(channel.server, MESSAGES if channel.server else DIRECT, self.readers(channel)):
            self.tell(session, name, data if may_read(session.app, message, session.intents) else blank(data))


def may_read(app: Application, message: Message, intents: int) -> bool:
    """Whether a bot is told the words: in direct messages, its own, those that mention it, and with the intent."""
    if message.channel.server is None or message.author is app.user or intents & CONTENT:
        return True
    return app.user in message.mentions


def blank(data: Json) -> Json:
    """A message without the words and files that a bot must not read."""
    bare = data | {"content": "", "embeds": [], "attachments": [], "components": []}
    if isinstance(data.get("referenced_message"), dict):
        referenced = data["referenced_message"]
        if not referenced["author"]["bot"]:
            bare["referenced_message"] = blank(referenced)
    return bare
