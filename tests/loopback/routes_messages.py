"""Routes of messages: read, sent, changed, deleted, and typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.loopback import limits, payloads, permissions
from tests.loopback.calls import Answer, Call, route
from tests.loopback.errors import Found, bad_body, refused
from tests.loopback.events import DIRECT_TYPING, TYPING, blank, may_read
from tests.loopback.permissions import Can
from tests.loopback.world import Channel, Message
from tests.loopback.writing import Mentions, left_empty, names_of

Json = dict[str, Any]
NONCE_LIVES = 300.0


@route("GET", "/channels/{channel_id}/messages")
def read(call: Call) -> Answer:
    channel = call.channel()
    if not permissions.may(channel, call.app.user, Can.READ_MESSAGE_HISTORY):
        return 200, []
    many = int(call.query.get("limit", 50))
    if not 1 <= many <= 100:
        raise bad_body(("limit",), "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
    return 200, [_readable(call, one) for one in _wanted(channel.said, call.query, many)]


def _wanted(said: Sequence[Message], query: dict[str, str], many: int) -> list[Message]:
    """The newest first, as Discord gives them, whichever side they are asked from."""
    if "after" in query:
        return [one for one in said if one.id > int(query["after"])][:many][::-1]
    if "around" in query:
        middle = int(query["around"])
        near = sorted(said, key=lambda one: abs(one.id - middle))[:many]
        return sorted(near, key=lambda one: one.id, reverse=True)
    before = int(query.get("before", 1 << 63))
    return [one for one in reversed(said) if one.id < before][:many]


def _readable(call: Call, message: Message) -> Json:
    """The rule of the intent holds here too."""
    data = payloads.message(message)
    return data if may_read(call.app, message, call.app.privileged) else blank(data)


@route("GET", "/channels/{channel_id}/messages/{message_id}")
def read_one(call: Call) -> Answer:
    channel = call.channel()
    call.needs(channel, Can.READ_MESSAGE_HISTORY)
    return 200, _readable(call, call.message(channel))


@route("POST", "/channels/{channel_id}/messages")
def send(call: Call) -> Answer:
    channel, body = call.channel(), call.body or {}
    if channel.kind == Channel.FORUM:
        raise refused("not a text channel")
    _may_write(call, channel)
    if call.files:
        call.needs(channel, Can.ATTACH_FILES)
    found = Found()
    limits.message(body, found, files=names_of(body, call.files))
    if int(body.get("flags") or 0) & Message.EPHEMERAL:
        found.add(("flags",), "BITFIELD_INVALID_TYPE", "Only interactions are answered to one person alone.")
    found.refuse()
    if limits.is_empty(body, call.files):
        raise refused("empty message")
    if (earlier := _earlier(call, channel, body)) is not None:
        return 200, payloads.message(earlier)
    message = call.discord.writing.post(
        channel,
        call.app.user,
        body,
        call.files,
        reference=_replied_to(call, channel, body),
        kind=19 if body.get("message_reference") else 0,
        mentions=Mentions.from_body(body.get("allowed_mentions")),
        application=call.app,
    )
    if body.get("nonce") is not None:
        call.discord.nonces[channel.id, call.app.id, str(body["nonce"])] = (call.discord.clock.now(), message)
    return 200, payloads.message(message)


def _may_write(call: Call, channel: Channel) -> None:
    if channel.server is None:
        person = next(one for one in channel.recipients if one is not call.app.user)
        if not call.discord.takes_direct(person, call.app):
            raise refused("cannot send to user")
        return
    if channel.is_thread and channel.locked and not permissions.may(channel, call.app.user, Can.MANAGE_THREADS):
        raise refused("locked" if not channel.archived else "archived")
    call.needs(channel, permissions.sending(channel))


def _earlier(call: Call, channel: Channel, body: Json) -> Message | None:
    """What was sent by the same nonce a moment ago, when the bot asks for that."""
    if not body.get("enforce_nonce") or body.get("nonce") is None:
        return None
    at, message = call.discord.nonces.get((channel.id, call.app.id, str(body["nonce"])), (0.0, None))
    fresh = call.discord.clock.now() - at < NONCE_LIVES
    if message is not None and fresh and not message.deleted:
        call.discord.repeats.append(message)
        return message
    return None


def _replied_to(call: Call, channel: Channel, body: Json) -> Message | None:
    reference = body.get("message_reference")
    if not reference:
        return None
    call.needs(channel, Can.READ_MESSAGE_HISTORY)
    message = channel.messages.get(int(reference["message_id"]))
    if message is None and reference.get("fail_if_not_exists", True):
        raise bad_body(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    return message


@route("PATCH", "/channels/{channel_id}/messages/{message_id}")
def change(call: Call) -> Answer:
    channel, body = call.channel(), call.body or {}
    message = call.message(channel)
    if message.author is not call.app.user:
        raise refused("another's message")
    if channel.archived:
        raise refused("archived")
    found = Found()
    limits.message(body, found, flags_before=message.flags, files=names_of(body, call.files, message))
    found.refuse()
    if left_empty(body, call.files, message):
        raise refused("empty message")
    return 200, payloads.message(call.discord.writing.edit(message, body, call.files))


@route("DELETE", "/channels/{channel_id}/messages/{message_id}")
def delete(call: Call) -> Answer:
    channel = call.channel()
    message = call.message(channel)
    if message.author is not call.app.user:
        call.needs(channel, Can.MANAGE_MESSAGES)
    if channel.archived:
        raise refused("archived")
    call.discord.writing.delete(message)
    return 204, None


@route("POST", "/channels/{channel_id}/typing")
def types(call: Call) -> Answer:
    channel = call.channel()
    call.needs(channel, permissions.sending(channel))
    tell_typing(call.discord, channel, call.app.user)
    return 204, None


def tell_typing(discord: Any, channel: Channel, user: Any) -> None:
    """Somebody types: a bot is told so with an intent that is not privileged."""
    data: Json = {"channel_id": str(channel.id), "user_id": str(user.id), "timestamp": int(discord.clock.now())}
    if channel.server and user.id in channel.server.members:
        data["member"] = payloads.member(channel.server.members[user.id], discord.clock)
    discord.events.in_channel(channel, "TYPING_START", data, TYPING, DIRECT_TYPING)
