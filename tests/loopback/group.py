"""A server as those who run it see it: its channels, members and what they may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.loopback import payloads
from tests.loopback.permissions import Can, can
from tests.loopback.person import Person
from tests.loopback.world import Application, Channel, Server, User

if TYPE_CHECKING:
    from tests.loopback.server import Loopback


def _user(who: User | Person | str) -> User | str:
    return who.user if isinstance(who, Person) else who


class Group:
    """A server, as those who run it see it."""

    def __init__(self, discord: Loopback, server: Server) -> None:
        self.discord = discord
        self.server = server
        self.owner = Person(discord, server.owner)

    @property
    def id(self) -> int:
        return self.server.id

    def __getitem__(self, name: str) -> Channel:
        found = [one for one in self.server.channels.values() if one.name == name]
        assert found, f"there is no channel {name!r}; there are: {[one.name for one in self.server.channels.values()]}"
        return found[0]

    def channel(self, name: str, kind: str = "text") -> Channel:
        """A new channel: text, voice, news, stage or forum."""
        kinds = {"text": 0, "voice": 2, "news": 5, "stage": 13, "forum": 15}
        return self.discord.threads.new_channel(self.server, name, kinds[kind])

    def member(self, name: str, permissions: str | Can = "") -> Person:
        """Somebody comes in, with permissions of a role of their own, where named."""
        person = self.discord.person(name)
        if person.user.id not in self.server.members:
            self.discord.enters(self.server, person.user)
        if permissions:
            self.gives(person, permissions)
        return person

    def gives(self, who: Person | User, permissions: str | Can) -> None:
        """A role of one's own with these permissions on the whole server."""
        user = _user(who)
        assert isinstance(user, User)
        roles = len(self.server.roles)
        self.server.role_of(user).permissions |= int(can(permissions))
        self._role_changed(user, "GUILD_ROLE_CREATE" if len(self.server.roles) > roles else "GUILD_ROLE_UPDATE")

    def takes(self, who: Person | User | str, permissions: str | Can) -> None:
        """From a role of one's own, or from `everyone`."""
        user = _user(who)
        role = self.server.everyone if isinstance(user, str) else self.server.role_of(user)
        role.permissions &= ~int(can(permissions))
        self._role_changed(user)

    def _role_changed(self, who: User | str, event: str = "GUILD_ROLE_UPDATE") -> None:
        role = self.server.everyone if isinstance(who, str) else self.server.role_of(who)
        self.discord.events.on_server(self.server, event, {"role": payloads.role(role)})
        if isinstance(who, User):
            self.discord.member_changed(self.server, who)

    def denies(self, channel: Channel, who: Person | User | str, permissions: str | Can) -> None:
        """An exception in a channel, from now on; `who` may be "everyone"."""
        user = _user(who)
        id_ = self.server.id if isinstance(user, str) else user.id
        allow, deny = channel.overwrites.get(id_, (0, 0))
        channel.overwrites[id_] = (allow & ~int(can(permissions)), deny | int(can(permissions)))
        self.discord.threads.permissions_changed(channel)

    def allows(self, channel: Channel, who: Person | User | str, permissions: str | Can) -> None:
        """The opposite exception."""
        user = _user(who)
        id_ = self.server.id if isinstance(user, str) else user.id
        allow, deny = channel.overwrites.get(id_, (0, 0))
        channel.overwrites[id_] = (allow | int(can(permissions)), deny & ~int(can(permissions)))
        self.discord.threads.permissions_changed(channel)

    async def invites_bot(self, permissions: str | Can = "", app: Application | None = None) -> None:
        self.discord.invites(self.server, app or self.discord.app, can(permissions))

    async def removes_bot(self, app: Application | None = None) -> None:
        self.discord.removes(self.server, app or self.discord.app)

    @property
    def threads(self) -> list[Channel]:
        return [one for one in self.server.channels.values() if one.is_thread]
