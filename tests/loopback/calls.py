"""A request as the routes see it, and the table of routes; each is named as in Discord's published description."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.loopback import permissions
from tests.loopback.errors import refused
from tests.loopback.permissions import Can
from tests.loopback.world import Application, Channel, Message, Server
from tests.loopback.writing import File

if TYPE_CHECKING:
    from tests.loopback.server import Loopback

Json = dict[str, Any]
Answer = tuple[int, Any]


@dataclass
class Call:
    """A request that was let in."""

    discord: Loopback
    app: Application
    about: dict[str, str]  # what stands in the path
    query: dict[str, str]
    body: Any = None
    files: list[File] = field(default_factory=list)

    def channel(self, seen: bool = True) -> Channel:
        """The channel of the path; what the bot does not see is refused, what is gone is not known."""
        channel = self.discord.world.channels.get(_number(self.about["channel_id"], "unknown channel"))
        if channel is None:
            raise refused("unknown channel")
        if channel.server is not None and self.app.id not in channel.server.members:
            raise refused("missing access")
        if seen and not permissions.sees(channel, self.app.user):
            raise refused("missing access")
        return channel

    def server(self) -> Server:
        server = self.discord.world.servers.get(_number(self.about["guild_id"], "unknown guild"))
        if server is None or self.app.id not in server.members:
            raise refused("unknown guild")
        return server

    def message(self, channel: Channel) -> Message:
        """What is shown to one person alone can't be had by a bot's own token."""
        message = channel.messages.get(_number(self.about["message_id"], "unknown message"))
        if message is None or message.only_for is not None:
            raise refused("unknown message")
        return message

    def needs(self, channel: Channel, what: Can) -> None:
        if not permissions.may(channel, self.app.user, what):
            raise refused("missing permissions")


def _number(text: str, or_else: str) -> int:
    if not text.isdecimal():
        raise refused(or_else)
    return int(text)


Route = Callable[[Call], Any]


class Routes:
    """Finds what answers a request."""

    def __init__(self) -> None:
        self._by_size: dict[tuple[str, int], list[tuple[list[str], str, Route]]] = {}

    def add(self, method: str, path: str) -> Callable[[Route], Route]:
        def kept(route: Route) -> Route:
            steps = path.strip("/").split("/")
            held = self._by_size.setdefault((method, len(steps)), [])
            held.append((steps, path, route))
            held.sort(key=lambda one: sum(step.startswith("{") for step in one[0]))  # words before blanks
            return route

        return kept

    def find(self, method: str, path: str) -> tuple[str, Route, dict[str, str]] | None:
        steps = path.strip("/").split("/")
        for pattern, name, route in self._by_size.get((method, len(steps)), ()):
            about: dict[str, str] = {}
            for expected, step in zip(pattern, steps, strict=True):
                if expected.startswith("{"):
                    about[expected[1:-1]] = step
                elif expected != step:
                    break
            else:
                return name, route, about
        return None


ROUTES = Routes()
route = ROUTES.add
