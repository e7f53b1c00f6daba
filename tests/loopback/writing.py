"""Messages as they come about, change and go, whoever writes them. Who may do so is asked before, by the callers."""

from __future__ import annotations

import mimetypes
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.loopback import permissions, reading
from tests.loopback.events import Events
from tests.loopback.permissions import Can
from tests.loopback.world import Application, Attachment, Channel, Message, User, World

Json = dict[str, Any]
A_DAY = 86_400.0


@dataclass(frozen=True)
class File:
    """A file on its way into a message."""

    name: str
    data: bytes
    alt: str | None = None
    number: int = 0  # by which components and the list of attachments name it


@dataclass(frozen=True)
class Mentions:
    """Whom a message may wake; people's messages wake all whom they mention."""

    users: bool = True
    everyone: bool = True
    only: frozenset[int] = frozenset()
    replied: bool = True

    @classmethod
    def from_body(cls, body: Json | None) -> Mentions:
        if body is None:
            return cls()
        parse = body.get("parse", [])
        only = frozenset(int(one) for one in body.get("users") or ())
        return cls("users" in parse, "everyone" in parse, only, bool(body.get("replied_user")))

    def allow(self, user: int) -> bool:
        return self.users or user in self.only


class Writing:
    def __init__(self, world: World, events: Events) -> None:
        self.world = world
        self.events = events
        self.on_mention: Any = None  # set by the threads: who is mentioned in a thread comes into it
        self.on_mended: Any = None  # the same for a mention that came into a message later

    def attach(self, channel: Channel, files: Iterable[File]) -> list[Attachment]:
        return [self.attachment(channel, one) for one in files]

    def attachment(self, channel: Channel, file: File) -> Attachment:
        id_ = self.world.ids.new()
        name = re.sub(r"[^\w.\-]", "_", file.name) or "unknown"
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if kind.startswith("text/"):
            kind += "; charset=utf-8"
        ends = int(self.world.clock.now() + A_DAY)
        url = f"{self.world.address}/attachments/{channel.id}/{id_}/{name}?ex={ends:x}&is={ends - 86400:x}&hm={id_:x}"
        made = self.world.files[id_] = Attachment(id_, name, file.data, kind, file.alt, url, picture_size(file.data))
        return made

    def post(
        self,
        channel: Channel,
        author: User,
        body: Json,
        files: Sequence[File] = (),
        *,
        reference: Message | None = None,
        kind: int = 0,
        mentions: Mentions | None = None,
        application: Application | None = None,
        interaction: Json | None = None,
        only_for: User | None = None,
        did: str = "",
        id_: int = 0,
        quiet: bool = False,
    ) -> Message:
        """Writes a message and tells everyone of it (`quiet`: the caller tells)."""
        message = Message(id_ or self.world.ids.new(), channel, author, kind=kind)
        message.content = (body.get("content") or "").strip()
        message.embeds = list(body.get("embeds") or ())
        message.flags = int(body.get("flags") or 0)
        message.nonce = str(body["nonce"]) if body.get("nonce") is not None else None
        message.attachments = self.attach(channel, files)
        message.components = laid_out(body.get("components") or (), message.attachments)
        message.reference, message.reference_id = reference, reference.id if reference else None
        message.application, message.interaction, message.only_for = application, interaction, only_for
        message.did = did
        self._mention(message, mentions or Mentions(), reference)
        channel.messages[message.id] = message
        if not quiet:
            self.tell(message)
        return message

    def tell(self, message: Message) -> None:
        channel = message.channel
        if channel.is_thread and self.on_mention is not None and message.only_for is None:
            self.on_mention(message)
        self.events.message("MESSAGE_CREATE", message)
        self.world.changed()

    def _mention(self, message: Message, allowed: Mentions, reference: Message | None) -> None:
        text = "\n".join([message.content, *reading.texts(message.components)])
        users = [one for one in self._named(text) if allowed.allow(one.id)]
        if reference and allowed.replied and reference.interaction is None and reference.author not in users:
            users.append(reference.author)
        message.mentions = users
        message.pings = {one.id for one in users}
        everyone = permissions.may(message.channel, message.author, Can.MENTION_EVERYONE)
        if allowed.everyone and everyone and re.search(r"@(everyone|here)\b", _without_code(text)):
            message.mentions_everyone = True

    def _named(self, text: str) -> list[User]:
        named = {int(one) for one in re.findall(r"<@!?(\d+)>", _without_code(text))}
        return [self.world.users[one] for one in sorted(named) if one in self.world.users]

    def edit(self, message: Message, body: Json, files: Sequence[File] = ()) -> Message:
        """Changes what the body names; what it does not name stays, `null` empties it."""
        message.was.append(message.text)
        if "content" in body:
            message.content = (body["content"] or "").strip()
        if "embeds" in body:
            message.embeds = list(body["embeds"] or ())
        if "flags" in body and body["flags"] is not None:
            kept = message.flags & (Message.EPHEMERAL | Message.V2)
            message.flags = kept | (int(body["flags"]) & ~Message.EPHEMERAL)
        message.flags &= ~Message.LOADING
        self._attachments(message, body, files)
        if "components" in body:
            message.components = laid_out(body["components"] or (), message.attachments)
        message.edits += 1
        message.edited_at = self.world.clock.now()
        if message.channel.is_thread and not message.author.bot and message.only_for is None:
            replied = message.reference.author if message.reference is not None else None
            answered = [one for one in message.mentions if one is replied]
            message.mentions = list(dict.fromkeys([*self._named(message.content), *answered]))  # which wakes nobody
            self.on_mended(message)
        self.events.message("MESSAGE_UPDATE", message)
        self.world.changed()
        return message

    def _attachments(self, message: Message, body: Json, files: Sequence[File]) -> None:
        if body.get("attachments") is not None:
            kept = {int(one["id"]) for one in body["attachments"] if "id" in one}
            message.attachments = [one for one in message.attachments if one.id in kept]
        elif "attachments" in body:
            message.attachments = []
        message.attachments += self.attach(message.channel, files)

    def unfurl(self, message: Message, title: str) -> None:
        """A link's preview comes under a message: an update that is no edit."""
        message.embeds = [*message.embeds, {"type": "link", "title": title}]
        self.events.message("MESSAGE_UPDATE", message)
        self.world.changed()

    def delete(self, message: Message) -> None:
        message.deleted = True
        message.channel.messages.pop(message.id, None)
        if message.only_for is None:
            data = {"id": str(message.id), "channel_id": str(message.channel.id)}
            self.events.in_channel(message.channel, "MESSAGE_DELETE", data, 1 << 9, 1 << 12)
        self.world.changed()


def left_empty(body: Json, files: Sequence[File], message: Message) -> bool:
    """Whether a change leaves nothing of a message."""
    parts = [body.get(name, getattr(message, name)) for name in ("content", "embeds", "components")]
    return not (any(parts) or names_of(body, files, message))


def names_of(body: Json, files: Sequence[File], before: Message | None = None) -> list[str]:
    """The names of the files that a message has once a body is taken in."""
    kept = list(before.attachments) if before else []
    if before and "attachments" in body:
        ids = {str(one["id"]) for one in body["attachments"] or () if "id" in one}
        kept = [one for one in kept if str(one.id) in ids]
    return [one.name for one in kept] + [one.name for one in files]


def _without_code(text: str) -> str:
    """Mentions in code wake nobody."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)


def laid_out(components: Iterable[Json], files: Sequence[Attachment]) -> list[Json]:
    """Components as Discord gives them back: each with an id, files as addresses."""
    by_name = {one.name: one for one in files}
    number = 0

    def one(component: Json) -> Json:
        nonlocal number
        number += 1
        made = dict(component)
        made["id"] = made.get("id") or number
        if "components" in made:
            made["components"] = [one(inner) for inner in made["components"]]
        for key in ("accessory", "component"):
            if isinstance(made.get(key), dict):
                made[key] = one(made[key])
        if "items" in made:
            made["items"] = [item | {"media": _media(item["media"], by_name)} for item in made["items"]]
        for key in ("media", "file"):
            if isinstance(made.get(key), dict):
                made[key] = _media(made[key], by_name)
        if made["type"] == 13 and (file := by_name.get(component["file"]["url"].removeprefix("attachment://"))):
            made |= {"name": file.name, "size": len(file.data)}
        return made

    return [one(component) for component in components]


def _media(media: Json, by_name: dict[str, Attachment]) -> Json:
    file = by_name.get(media["url"].removeprefix("attachment://"))
    if file is None:
        return media | {"proxy_url": media.get("proxy_url", media["url"]), "loading_state": 2}
    width, height = file.size or (None, None)
    return {
        "url": file.url,
        "proxy_url": file.url,
        "content_type": file.kind,
        "width": width,
        "height": height,
        "placeholder": "",
        "placeholder_version": 1,
        "loading_state": 2,
        "attachment_id": str(file.id),
        "flags": 0,
    }


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 24:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height
