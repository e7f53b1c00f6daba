"""Threads and channels as they come about, change and go, and who is in them. Permissions are asked by the callers."""

from __future__ import annotations

from typing import Any

from tests.loopback import payloads, permissions
from tests.loopback.events import GUILDS, MEMBERS, Events
from tests.loopback.permissions import Can
from tests.loopback.world import Channel, Message, Server, User, World
from tests.loopback.writing import Writing

Json = dict[str, Any]


class Threads:
    def __init__(self, world: World, events: Events, writing: Writing) -> None:
        self.world = world
        self.events = events
        self.writing = writing
        writing.on_mention = self.mentioned
        writing.on_mended = self.mended
        world.deeds |= {"delete_channel": self._deletes, "change_thread": self._changes}

    async def _deletes(self, channel: Channel) -> None:
        self.delete(channel)

    async def _changes(self, thread: Channel, **how: Any) -> None:
        self.change(thread, **how)

    def create(
        self,
        parent: Channel,
        owner: User,
        name: str,
        kind: int,
        body: Json | None = None,
        starter: Message | None = None,
    ) -> Channel:
        """A thread, with its owner in it; one that all can see is announced in the channel."""
        assert parent.server
        body = body or {}
        id_ = starter.id if starter else self.world.ids.new()
        thread = Channel(id_, kind, name, self.world, parent.server, parent, owner=owner, starter=starter)
        thread.created_at = self.world.clock.now()
        thread.invitable = body.get("invitable", True)
        thread.archive_after = body.get("auto_archive_duration") or 4320
        thread.joined[owner.id] = thread.created_at
        parent.server.channels[id_] = self.world.channels[id_] = thread
        self._announce_thread(thread, newly=True)
        if kind == Channel.PUBLIC_THREAD and starter is None and parent.kind == Channel.TEXT:
            self.writing.post(parent, owner, {"content": name}, kind=18)
        self.world.changed()
        return thread

    def _announce_thread(self, thread: Channel, newly: bool = False, to: User | None = None) -> None:
        assert thread.server
        for session in self.events.to(thread.server, GUILDS, self.events.readers(thread)):
            if to is None or session.app.user is to:
                data = payloads.thread(thread, session.app.user)
                self.events.tell(session, "THREAD_CREATE", data | ({"newly_created": True} if newly else {}))

    def join(self, thread: Channel, who: User, by: User | None = None) -> None:
        """Somebody comes in; when somebody else brought them, a line says so."""
        if who.id in thread.joined:
            return
        saw = permissions.sees(thread, who)
        thread.joined[who.id] = self.world.clock.now()
        if who.bot and not saw:
            self._announce_thread(thread, to=who)
        self._members_changed(thread, added=[who])
        if by is not None and by is not who:
            line = self.writing.post(thread, by, {}, kind=1, quiet=True)
            line.mentions = [who]
            self.writing.tell(line)
        self.world.changed()

    def leave(self, thread: Channel, who: User) -> None:
        if thread.joined.pop(who.id, None) is None:
            return
        self._members_changed(thread, removed=[who])
        self.world.changed()

    def _members_changed(
        self, thread: Channel, added: list[User] | None = None, removed: list[User] | None = None
    ) -> None:
        """Without the members intent a bot hears only of itself."""
        assert thread.server
        touched = [*(added or ()), *(removed or ())]
        apps = [
            app for app in self.world.applications.values() if permissions.sees(thread, app.user) or app.user in touched
        ]
        data: Json = {
            "id": str(thread.id),
            "guild_id": str(thread.server.id),
            "member_count": len(thread.joined),
            "added_members": [payloads.thread_member(thread, one) for one in added or ()],
            "removed_member_ids": [str(one.id) for one in removed or ()],
        }
        for session in self.events.to(thread.server, GUILDS, apps):
            if session.intents & MEMBERS or session.app.user in touched:
                self.events.tell(session, "THREAD_MEMBERS_UPDATE", data)

    def mended(self, message: Message) -> None:
        """Who is mentioned by a change to a message comes in too, and no line says so."""
        self.mentioned(message, quietly=True)

    def mentioned(self, message: Message, quietly: bool = False) -> None:
        """Who is mentioned in a thread comes into it, where the writer may bring people."""
        thread = message.channel
        for who in message.mentions:
            allowed = thread.invitable or self.may_moderate(thread, message.author) or thread.owner is message.author
            if who.id not in thread.joined and allowed and self.may_come(thread, who):
                self.join(thread, who, by=None if quietly else message.author)
        if quietly:
            return
        if message.author.id not in thread.joined and message.kind == 0:
            self.join(thread, message.author)
        if thread.archived:
            self.change(thread, archived=False)

    def may_come(self, thread: Channel, who: User) -> bool:
        return thread.parent is not None and permissions.sees(thread.parent, who)

    def may_moderate(self, thread: Channel, who: User) -> bool:
        return permissions.may(thread, who, Can.MANAGE_THREADS)

    def change(self, thread: Channel, **how: Any) -> None:
        """Archives, locks, renames and the like; what is in the way of that is asked before."""
        if "archived" in how and how["archived"] != thread.archived:
            thread.archived_at = self.world.clock.now()
        for name, value in how.items():
            setattr(thread, name, value)
        self.events.in_channel(thread, "THREAD_UPDATE", payloads.thread(thread), GUILDS)
        self.world.changed()

    def delete(self, channel: Channel) -> None:
        """The channel goes, with all below it."""
        assert channel.server
        name = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        data = payloads.channel(channel)
        if channel.is_thread:
            data = {key: data[key] for key in ("id", "guild_id", "parent_id", "type")}
        self.events.in_channel(channel, name, data, GUILDS)
        for one in [channel, *channel.threads]:
            self._forget(one, channel.server)
        self.world.changed()

    def _forget(self, channel: Channel, server: Server) -> None:
        channel.deleted = True
        server.channels.pop(channel.id, None)
        self.world.channels.pop(channel.id, None)
        for message in channel.messages.values():
            message.deleted = True

    def new_channel(self, server: Server, name: str, kind: int = Channel.TEXT) -> Channel:
        channel = Channel(self.world.ids.new(), kind, name, self.world, server, position=len(server.channels))
        server.channels[channel.id] = self.world.channels[channel.id] = channel
        self.events.in_channel(channel, "CHANNEL_CREATE", payloads.channel(channel), GUILDS)
        return channel

    def permissions_changed(self, channel: Channel) -> None:
        assert channel.server
        self.events.on_server(channel.server, "CHANNEL_UPDATE", payloads.channel(channel))
        self.world.changed()
