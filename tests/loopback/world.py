"""What there is: applications, people, servers, channels, threads, messages. It holds them and says what they show;
what happens to them is the business of the modules that change them.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.loopback import reading
from tests.loopback.clock import Clock, Ids

Json = dict[str, Any]
T = TypeVar("T")


@dataclass(eq=False)
class User:
    """A person, or an application's bot."""

    id: int
    name: str
    bot: bool = False
    takes_direct: bool = True
    nitro: bool = False  # longer messages, larger files

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"


@dataclass(eq=False)
class Application:
    """A bot as its owner set it up: which privileged intents are on, which shards it is told to use."""

    id: int
    name: str
    token: str
    user: User
    privileged: int = 0
    shards: int = 1
    verified: bool = False  # as a bot on many servers is
    public: bool = True
    code_grant: bool = False
    interactions_url: str | None = None
    installs: tuple[str, ...] = ("0", "1")  # on servers, by people
    commands: dict[int, Json] = field(default_factory=dict)
    of_server: dict[int, dict[int, Json]] = field(default_factory=dict)
    installed_by: set[int] = field(default_factory=set)
    creates_today: list[float] = field(default_factory=list)


@dataclass(eq=False)
class Role:
    id: int
    name: str
    permissions: int
    position: int = 0


@dataclass(eq=False)
class Member:
    user: User
    roles: list[Role]
    joined_at: float


@dataclass(eq=False)
class Server:
    id: int
    name: str
    owner: User
    everyone: Role
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)

    def role_of(self, user: User) -> Role:
        """A role of somebody's own, made when first asked for."""
        member = self.members[user.id]
        for role in member.roles:
            if role.name == user.name:
                return role
        role = Role(user.id + 1, user.name, 0, len(self.roles))
        self.roles[role.id] = role
        member.roles.append(role)
        return role


@dataclass(frozen=True)
class Attachment:
    """A file in a message; `alt` is its description."""

    id: int
    name: str
    data: bytes
    kind: str
    alt: str | None
    url: str
    size: tuple[int, int] | None = None  # of a picture

    @property
    def text(self) -> str:
        return self.data.decode()


@dataclass(frozen=True)
class Button:
    """A button of a message as a client shows it."""

    label: str
    custom_id: str
    style: int
    disabled: bool
    url: str = ""


@dataclass(eq=False)
class Message:
    """A message; its properties say what a client shows of it, now."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    kind: int = 0
    flags: int = 0
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    nonce: str | None = None
    reference: Message | None = None
    reference_id: int | None = None
    mentions: list[User] = field(default_factory=list)
    mentions_everyone: bool = False
    pings: set[int] = field(default_factory=set)
    edits: int = 0
    edited_at: float | None = None
    interaction: Json | None = None  # its metadata, where it answers an interaction
    application: Application | None = None
    only_for: User | None = None
    deleted: bool = False
    was: list[str] = field(default_factory=list)  # its earlier texts
    did: str = ""  # what somebody did that it answers

    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    V2 = 1 << 15

    @property
    def text(self) -> str:
        """All there is to read: the content, embeds and text displays, in order."""
        return reading.text_of(self.content, self.embeds, self.components)

    @property
    def buttons(self) -> dict[str, Button]:
        """The buttons by their labels."""
        return {
            reading.label(one): Button(
                reading.label(one),
                one.get("custom_id", ""),
                one["style"],
                bool(one.get("disabled")),
                one.get("url", ""),
            )
            for one in reading.walk(self.components)
            if one["type"] == 2
        }

    @property
    def files(self) -> list[Attachment]:
        return self.attachments

    @property
    def alt(self) -> list[str]:
        """The descriptions of its pictures."""
        return [text for text in [*(file.alt for file in self.attachments), *reading.alts(self.components)] if text]

    @property
    def ephemeral(self) -> bool:
        return self.only_for is not None

    @property
    def thinking(self) -> bool:
        """Nothing is shown yet but that the bot is at it."""
        return bool(self.flags & self.LOADING)

    def visible_to(self, user: User) -> bool:
        return not self.deleted and (self.only_for is None or self.only_for is user)

    def __repr__(self) -> str:
        return f"<Message {self.author.name}: {self.text[:60]!r} [{'] ['.join(self.buttons)}]>"


@dataclass(eq=False)
class Channel:
    """A place to write: a server's channel, a thread, or two people's direct messages."""

    id: int
    kind: int
    name: str
    world: World
    server: Server | None = None
    parent: Channel | None = None
    recipients: tuple[User, ...] = ()
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict)  # role or member: allowed, denied
    messages: dict[int, Message] = field(default_factory=dict)
    position: int = 0
    owner: User | None = None
    joined: dict[int, float] = field(default_factory=dict)  # a thread's members, since when
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    archive_after: int = 4320
    archived_at: float = 0.0
    created_at: float = 0.0
    deleted: bool = False
    starter: Message | None = None

    TEXT, DIRECT, VOICE, PARTY, NEWS, NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 2, 3, 5, 10, 11, 12
    STAGE, FORUM = 13, 15

    @property
    def is_thread(self) -> bool:
        return self.kind in (self.NEWS_THREAD, self.PUBLIC_THREAD, self.PRIVATE_THREAD)

    @property
    def takes_threads(self) -> tuple[int, ...]:
        """The kinds of threads that can be begun here."""
        kinds = {self.TEXT: (self.PUBLIC_THREAD, self.PRIVATE_THREAD), self.NEWS: (self.NEWS_THREAD,)}
        return kinds.get(self.kind, (self.PUBLIC_THREAD,) if self.kind == self.FORUM else ())

    @property
    def private(self) -> bool:
        return self.kind == self.PRIVATE_THREAD

    @property
    def threads(self) -> list[Channel]:
        """The threads below it, archived ones among them."""
        return [one for one in self.server.channels.values() if one.parent is self] if self.server else []

    @property
    def said(self) -> list[Message]:
        """What everyone here can read, in order."""
        return [one for one in self.messages.values() if one.only_for is None and not one.deleted]

    @property
    def last(self) -> Message:
        return self.said[-1]

    async def waits_for(
        self, what: Callable[[Message], Any], seconds: float = 15.0, after: Message | None = None
    ) -> Message:
        """The first message for everyone of which that is so, also by an edit; `after`: only later ones."""
        since = after.id if after else 0

        def first() -> Message | None:
            return next((one for one in self.said if one.id > since and what(one)), None)

        return await self.world.until(first, seconds, lambda: "\n".join(map(repr, self.said)) or "nothing was said")

    async def delete(self) -> None:
        await self.world.does("delete_channel", self)

    async def archive(self, locked: bool = False) -> None:
        await self.world.does("change_thread", self, archived=True, locked=locked)

    async def unarchive(self) -> None:
        await self.world.does("change_thread", self, archived=False, locked=False)

    async def lock(self) -> None:
        await self.world.does("change_thread", self, locked=True)

    def __repr__(self) -> str:
        return f"<Channel {self.kind} {self.name} {self.id}>"


class World:
    """Everything there is, and word that something changed."""

    def __init__(self, clock: Clock, address: str = "") -> None:
        self.clock = clock
        self.ids = Ids(clock)
        self.address = address
        self.users: dict[int, User] = {}
        self.applications: dict[int, Application] = {}
        self.servers: dict[int, Server] = {}
        self.channels: dict[int, Channel] = {}
        self.direct: dict[tuple[int, ...], Channel] = {}
        self.files: dict[int, Attachment] = {}
        self._changed = asyncio.Event()
        self.deeds: dict[str, Callable[..., Any]] = {}

    async def does(self, deed: str, *who: Any, **how: Any) -> Any:
        """What people do in their clients, by its name; told by the modules that know how."""
        return await self.deeds[deed](*who, **how)

    def changed(self) -> None:
        """Wakes all who wait for something to come about."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def until(self, what: Callable[[], T | None], seconds: float, else_say: Callable[[], str]) -> T:
        """What `what` gives as soon as it gives something; else an AssertionError with what there was instead."""
        end = asyncio.get_running_loop().time() + seconds
        while True:
            changed = self._changed
            if found := what():
                return found
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                raise AssertionError(f"it did not come about within {seconds:g} s; instead:\n{else_say()}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), left)

    def user(self, name: str, bot: bool = False) -> User:
        user = User(self.ids.new(), name, bot)
        self.users[user.id] = user
        return user

    def application(self, name: str, token: str | None = None) -> Application:
        user = self.user(name, bot=True)
        token = token or f"loopback.{secrets.token_hex(16)}"
        app = self.applications[user.id] = Application(user.id, name, token, user)
        return app

    def direct_between(self, one: User, other: User) -> Channel:
        """The direct messages of two, a bot among them or not."""
        return self.party(one, other)

    def party(self, *users: User) -> Channel:
        """The direct messages of two, or of more."""
        key = tuple(sorted(one.id for one in users))
        if key not in self.direct:
            kind = Channel.DIRECT if len(users) == 2 else Channel.PARTY
            channel = Channel(self.ids.new(), kind, "", self, recipients=users, owner=users[0])
            self.direct[key] = self.channels[channel.id] = channel
        return self.direct[key]
