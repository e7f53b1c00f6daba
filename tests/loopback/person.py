"""People, as a test tells what they do: each does what a client lets one do, and sees what it shows.

A client refuses a good deal by itself; what it would not do raises AssertionError here, with what it offers instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.loopback import filled, payloads, permissions
from tests.loopback.events import MEMBERS
from tests.loopback.permissions import Can
from tests.loopback.routes_messages import tell_typing
from tests.loopback.shown import Modal, Shown
from tests.loopback.world import Application, Attachment, Button, Channel, Message, User
from tests.loopback.writing import File, Mentions

if TYPE_CHECKING:
    from tests.loopback.group import Group
    from tests.loopback.server import Loopback

Json = dict[str, Any]
Files = Sequence[tuple[str, bytes]]


class Person:
    """Somebody with a client."""

    def __init__(self, discord: Loopback, user: User) -> None:
        self.discord = discord
        self.user = user

    def __repr__(self) -> str:
        return f"<Person {self.user.name}>"

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def direct(self) -> Channel:
        """The direct messages with the bot."""
        return self.discord.world.direct_between(self.user, self.discord.bot)

    def direct_with(self, *others: Person) -> Channel:
        """Direct messages between people, two or more, where a bot comes only as somebody's own."""
        return self.discord.world.party(self.user, *(one.user for one in others))

    # What they do with a bot.

    async def slash(
        self, channel: Channel, line: str, /, *, app: Application | None = None, seconds: float = 15.0, **options: Any
    ) -> Shown:
        """`/viva documents add` and its options; what is shown once "is thinking" is over (or `seconds` are)."""
        app = app or self.discord.app
        self._is_in(channel)
        assert channel.kind != Channel.FORUM, "one can't write in a forum itself, only in its threads"
        options = {name: self._option(channel, value) for name, value in options.items()}
        data, files = self.discord.commands.typed(app, self.user, channel, line, options)
        if files:
            data["resolved"] = {"attachments": {str(one.id): payloads.attachment(one) for one in files.values()}}
        said = f"/{line}" + "".join(f" {name}:{_said(value)}" for name, value in options.items())
        return await self._start(app, 2, channel, data, said, seconds=seconds)

    def _option(self, channel: Channel, value: Any) -> Any:
        """A file is sent before the command is; people and channels go by their ids."""
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], bytes):
            return self.discord.writing.attachment(channel, File(value[0], value[1]))
        return value.user if isinstance(value, Person) else value

    async def autocomplete(
        self,
        channel: Channel,
        line: str,
        option: str,
        typed: str = "",
        /,
        *,
        app: Application | None = None,
        **others: Any,
    ) -> dict[str, Any]:
        """What is offered for an option after some letters: names and values."""
        app = app or self.discord.app
        self._is_in(channel)
        data, _ = self.discord.commands.typed(app, self.user, channel, line, {**others, option: typed}, focused=option)
        shown = await self._start(app, 4, channel, data, f"/{line} {option}:{typed}…")
        assert not shown.failed, f"/{line} {option}: {shown.failed}"
        return {one["name"]: one["value"] for one in shown.interaction.choices}

    async def click(
        self, message: Message | Shown, label: str, *, seconds: float = 15.0, was: Button | None = None
    ) -> Shown:
        """A button by its label; what is shown for it. `was`: as a client that is behind still shows it."""
        message = message.message if isinstance(message, Shown) else message
        self._is_in(message.channel)
        assert message.visible_to(self.user), f"{self.name} does not see {message!r}"
        assert was or label in message.buttons, f"there is no button {label!r} on {message!r}"
        button = was or message.buttons[label]
        assert not button.disabled, f"the button {label!r} is off"
        assert not button.url, f"the button {label!r} is a link: {button.url}"
        data = {"component_type": 2, "custom_id": button.custom_id, "id": 1}
        return await self._start(
            self._app_of(message), 3, message.channel, data, f"[{label}]", message=message, seconds=seconds
        )

    async def select(self, message: Message | Shown, *labels: str, seconds: float = 15.0) -> Shown:
        """Options of a select by their labels."""
        message = message.message if isinstance(message, Shown) else message
        self._is_in(message.channel)
        data = filled.selected(message.components, labels)
        said = f"[{', '.join(labels)}]"
        return await self._start(
            self._app_of(message), 3, message.channel, data, said, message=message, seconds=seconds
        )

    async def submit(
        self, modal: Modal | Shown, *texts: str, files: Files = (), seconds: float = 15.0, **fields: Any
    ) -> Shown:
        """Sends a modal off: texts in order, or by name; what is not named is left as it was filled in."""
        if isinstance(modal, Shown):
            assert modal.modal is not None, f"there is no modal: {modal}"
            modal = modal.modal
        before = modal.interaction
        sent = [self.discord.writing.attachment(before.channel, File(name, data)) for name, data in files]
        data: Json = {"custom_id": modal.custom_id, "components": filled.form(modal, texts, fields, sent)}
        if sent:
            data["resolved"] = {"attachments": {str(one.id): payloads.attachment(one) for one in sent}}
        said = f"«{modal.title}»"
        return await self._start(
            before.app, 5, before.channel, data, said, message=before.message, before=before, seconds=seconds
        )

    async def _start(
        self, app: Application, kind: int, channel: Channel, data: Json, said: str, seconds: float = 15.0, **of: Any
    ) -> Shown:
        did = f"{self.name} {said}"
        interaction = self.discord.interactions.start(app, kind, self.user, channel, data, did=did, **of)
        return await Shown(self.discord, interaction).comes(seconds)

    def _app_of(self, message: Message) -> Application:
        return self.discord.world.applications[message.author.id]

    def _is_in(self, channel: Channel) -> None:
        assert not channel.deleted, f"#{channel.name} is no more"
        assert permissions.sees(channel, self.user), f"{self.name} does not see #{channel.name}"

    # What they say.

    async def says(
        self,
        channel: Channel,
        text: str = "",
        *,
        reply_to: Message | None = None,
        ping: bool = True,
        mentions: Sequence[User | Person] = (),
        files: Files = (),
    ) -> Message:
        """A message; `mentions` are put before the words, as one does, and `ping` is the switch of a reply."""
        self._is_in(channel)
        assert self._may_write(channel), f"{self.name} can't write in #{channel.name}"
        most, largest = (4000, 500) if self.user.nitro else (2000, 10)
        assert len(text) <= most, f"a client sends {most} characters at most"
        assert all(len(data) <= largest << 20 for _, data in files), f"a client sends {largest} MiB at most"
        named = "".join(f"<@{one.id}> " for one in mentions)
        return self.discord.writing.post(
            channel,
            self.user,
            {"content": named + text, "nonce": str(self.discord.world.ids.new())},
            [File(name, data) for name, data in files],
            reference=reply_to,
            kind=19 if reply_to else 0,
            mentions=Mentions(replied=ping),
        )

    def _may_write(self, channel: Channel) -> bool:
        if channel.server is None:
            return True
        if channel.locked and not permissions.may(channel, self.user, Can.MANAGE_THREADS):
            return False
        return permissions.may(channel, self.user, permissions.sending(channel))

    async def begins_thread(self, channel: Channel, name: str, text: str = "", private: bool = False) -> Channel:
        """A thread of one's own; in a forum it begins with a message."""
        self._is_in(channel)
        kind = Channel.PRIVATE_THREAD if private else (channel.takes_threads or (0,))[0]
        assert kind in channel.takes_threads, f"there are no such threads in #{channel.name}"
        thread = self.discord.threads.create(channel, self.user, name, kind)
        if text:
            await self.says(thread, text)
        return thread

    async def types(self, channel: Channel) -> None:
        self._is_in(channel)
        tell_typing(self.discord, channel, self.user)

    async def edits(self, message: Message, text: str) -> None:
        assert message.author is self.user, "only one's own"
        self.discord.writing.edit(message, {"content": text})

    async def deletes(self, message: Message) -> None:
        own = message.author is self.user or message.only_for is self.user
        assert own or permissions.may(message.channel, self.user, Can.MANAGE_MESSAGES), (
            f"{self.name} may not delete that"
        )
        self.discord.writing.delete(message)

    # What they see.

    def sees(self, channel: Channel) -> list[Message]:
        """The messages in a channel, those for them alone among them; nothing, where they don't see the channel."""
        if not permissions.sees(channel, self.user):
            return []
        return [one for one in channel.messages.values() if one.visible_to(self.user)]

    def sees_threads(self, channel: Channel) -> list[Channel]:
        """The threads under a channel that are there for them."""
        return [one for one in channel.threads if permissions.sees(one, self.user)]

    def sees_channel(self, channel: Channel) -> bool:
        return permissions.sees(channel, self.user)

    async def sees_thread(self, channel: Channel, name: str = "", seconds: float = 15.0) -> Channel:
        """The newest thread under a channel that they are in, or of that name, once there is one."""

        def newest() -> Channel | None:
            found = [one for one in self.sees_threads(channel) if name in one.name and (name or self.id in one.joined)]
            return found[-1] if found else None

        return await self.discord.world.until(
            newest, seconds, lambda: f"threads: {[one.name for one in channel.threads]}"
        )

    async def waits_for(
        self, channel: Channel, what: Any, seconds: float = 15.0, after: Message | None = None
    ) -> Message:
        """As `channel.waits_for`, with what is shown to them alone."""
        since = after.id if after else 0

        def first() -> Message | None:
            return next((one for one in self.sees(channel) if one.id > since and what(one)), None)

        return await self.discord.world.until(
            first, seconds, lambda: "\n".join(map(repr, self.sees(channel))) or "nothing"
        )

    def opens(self, file: Attachment) -> bytes:
        return file.data

    # Where they go.

    async def joins(self, group: Group) -> None:
        group.member(self.name)

    async def leaves(self, group: Group) -> None:
        """Goes from a server; what they said stays."""
        group.server.members.pop(self.id, None)
        for channel in group.threads:
            self.discord.threads.leave(channel, self.user)
        self.discord.events.on_server(group.server, "GUILD_MEMBER_REMOVE", {"user": payloads.user(self.user)}, MEMBERS)
        self.discord.world.changed()

    async def leaves_thread(self, thread: Channel) -> None:
        self.discord.threads.leave(thread, self.user)

    async def brings(self, thread: Channel, other: Person) -> None:
        """Takes somebody into a thread, where the client offers that."""
        free = thread.invitable or self.discord.threads.may_moderate(thread, self.user)
        assert permissions.sees(thread, self.user) and free, f"{self.name} can't bring anybody into {thread.name}"
        self.discord.threads.join(thread, other.user, by=self.user)

    async def puts_out(self, thread: Channel, who: User | Person) -> None:
        """Takes somebody, the bot even, out of a thread."""
        own = thread.owner is self.user
        assert own or self.discord.threads.may_moderate(thread, self.user), f"{self.name} may put nobody out"
        self.discord.threads.leave(thread, who.user if isinstance(who, Person) else who)

    async def joins_thread(self, thread: Channel) -> None:
        assert permissions.sees(thread, self.user), f"{self.name} does not see {thread.name}"
        self.discord.threads.join(thread, self.user)

    async def installs(self, app: Application | None = None) -> None:
        """Adds the application to one's own account."""
        (app or self.discord.app).installed_by.add(self.id)

    async def closes_direct(self) -> None:
        """Takes no direct messages any more."""
        self.user.takes_direct = False

    def was_pinged_by(self, message: Message) -> bool:
        return self.id in message.pings or (message.mentions_everyone and permissions.sees(message.channel, self.user))


def _said(value: Any) -> str:
    return getattr(value, "name", None) or str(value)
