"""Routes of channels, threads, their members, and direct messages."""

from __future__ import annotations

from typing import Any

from tests.loopback import limits, limits_forms, payloads, permissions
from tests.loopback.calls import Answer, Call, route
from tests.loopback.errors import Found, refused
from tests.loopback.events import MEMBERS
from tests.loopback.permissions import Can
from tests.loopback.world import Channel, User

Json = dict[str, Any]


@route("GET", "/channels/{channel_id}")
def read(call: Call) -> Answer:
    return 200, payloads.channel(call.channel(), call.app.user)


@route("PATCH", "/channels/{channel_id}")
def change(call: Call) -> Answer:
    channel, body = call.channel(), call.body or {}
    if not channel.is_thread:
        call.needs(channel, Can.MANAGE_CHANNELS)
        channel.name = body.get("name") or channel.name
        call.discord.threads.permissions_changed(channel)
        return 200, payloads.channel(channel, call.app.user)
    _may_change(call, channel, body)
    found = Found()
    limits_forms.thread(body, found, new=False)
    found.refuse()
    if channel.archived and body.get("archived") is not False:
        raise refused("archived")
    names = {"name": "name", "archived": "archived", "locked": "locked", "invitable": "invitable"}
    how = {names[key]: value for key, value in body.items() if key in names and value is not None}
    if body.get("auto_archive_duration"):
        how["archive_after"] = body["auto_archive_duration"]
    call.discord.threads.change(channel, **how)
    return 200, payloads.channel(channel, call.app.user)


def _may_change(call: Call, channel: Channel, body: Json) -> None:
    """One's own thread may be archived and renamed; locking it takes the permission, as does all of another's."""
    if permissions.may(channel, call.app.user, Can.MANAGE_THREADS):
        return
    own = channel.owner is call.app.user
    only_opens = set(body) == {"archived"} and body["archived"] is False and not channel.locked
    if "locked" in body and body["locked"] != channel.locked:
        raise refused("missing permissions")
    if channel.locked or not (own or only_opens):
        raise refused("missing permissions")


@route("DELETE", "/channels/{channel_id}")
def delete(call: Call) -> Answer:
    channel = call.channel()
    if channel.server is None:
        return 200, payloads.channel(channel, call.app.user)
    call.needs(channel, Can.MANAGE_THREADS if channel.is_thread else Can.MANAGE_CHANNELS)
    data = payloads.channel(channel, call.app.user)
    call.discord.threads.delete(channel)
    return 200, data


@route("POST", "/channels/{channel_id}/threads")
def begin(call: Call) -> Answer:
    parent, body = call.channel(), call.body or {}
    if parent.kind == Channel.FORUM:
        return _post(call, parent, body)
    kind = body.get("type", Channel.PRIVATE_THREAD)
    if kind not in parent.takes_threads:
        raise refused("wrong channel type")
    private = kind == Channel.PRIVATE_THREAD
    call.needs(parent, Can.CREATE_PRIVATE_THREADS if private else Can.CREATE_PUBLIC_THREADS)
    found = Found()
    limits_forms.thread(body, found)
    found.refuse()
    thread = call.discord.threads.create(parent, call.app.user, body["name"].strip(), kind, body)
    return 201, payloads.channel(thread, call.app.user)


def _post(call: Call, forum: Channel, body: Json) -> Answer:
    """In a forum a thread begins with a message."""
    call.needs(forum, Can.SEND_MESSAGES)
    found = Found()
    limits_forms.thread(body, found)
    limits.message(body.get("message") or {}, found)
    found.refuse()
    if limits.is_empty(body.get("message") or {}, call.files):
        raise refused("empty message")
    made = call.discord.threads.create(forum, call.app.user, body["name"].strip(), Channel.PUBLIC_THREAD, body)
    first = call.discord.writing.post(made, call.app.user, body["message"], call.files, id_=made.id)
    return 201, payloads.channel(made, call.app.user) | {"message": payloads.message(first)}


@route("POST", "/channels/{channel_id}/messages/{message_id}/threads")
def begin_at(call: Call) -> Answer:
    parent, body = call.channel(), call.body or {}
    message = call.message(parent)
    if parent.kind not in (Channel.TEXT, Channel.NEWS):
        raise refused("wrong channel type")
    call.needs(parent, Can.CREATE_PUBLIC_THREADS)
    found = Found()
    limits_forms.thread(body, found)
    found.refuse()
    if message.id in call.discord.world.channels:
        raise refused("thread exists")
    made = call.discord.threads.create(
        parent, call.app.user, body["name"].strip(), parent.takes_threads[0], body, message
    )
    return 201, payloads.channel(made, call.app.user)


def _thread(call: Call) -> Channel:
    thread = call.channel()
    if not thread.is_thread:
        raise refused("wrong channel type")
    return thread


def _user(call: Call) -> User:
    user = call.discord.world.users.get(int(call.about["user_id"])) if call.about["user_id"].isdecimal() else None
    if user is None:
        raise refused("unknown user")
    return user


@route("PUT", "/channels/{channel_id}/thread-members/{user_id}")
def bring(call: Call) -> Answer:
    thread, user = _thread(call), _user(call)
    call.needs(thread, permissions.sending(thread))
    if thread.archived:
        raise refused("archived")
    mine = thread.owner is call.app.user or permissions.may(thread, call.app.user, Can.MANAGE_THREADS)
    if thread.private and not thread.invitable and not mine:
        raise refused("missing permissions")
    if not call.discord.threads.may_come(thread, user):
        raise refused("missing access")
    call.discord.threads.join(thread, user, by=call.app.user)
    return 204, None


@route("PUT", "/channels/{channel_id}/thread-members/@me")
def join(call: Call) -> Answer:
    thread = _thread(call)
    if thread.archived:
        raise refused("archived")
    call.discord.threads.join(thread, call.app.user)
    return 204, None


@route("DELETE", "/channels/{channel_id}/thread-members/@me")
def leave(call: Call) -> Answer:
    call.discord.threads.leave(_thread(call), call.app.user)
    return 204, None


@route("DELETE", "/channels/{channel_id}/thread-members/{user_id}")
def remove(call: Call) -> Answer:
    thread, user = _thread(call), _user(call)
    mine = thread.private and thread.owner is call.app.user
    if not mine:
        call.needs(thread, Can.MANAGE_THREADS)
    call.discord.threads.leave(thread, user)
    return 204, None


@route("GET", "/channels/{channel_id}/thread-members/{user_id}")
def member(call: Call) -> Answer:
    thread = _thread(call)
    user = call.app.user if call.about["user_id"] == "@me" else _user(call)
    if user.id not in thread.joined:
        raise refused("unknown member")
    return 200, payloads.thread_member(thread, user)


@route("GET", "/channels/{channel_id}/thread-members")
def members(call: Call) -> Answer:
    """All of them are only for who has the intent; whether one is there, and how many, is for all."""
    thread = _thread(call)
    if not call.app.privileged & MEMBERS:
        raise refused("missing access")
    users = call.discord.world.users
    return 200, [payloads.thread_member(thread, users[one]) for one in thread.joined]


@route("GET", "/channels/{channel_id}/threads/archived/public")
def archived_public(call: Call) -> Answer:
    return _archived(call, Channel.PUBLIC_THREAD)


@route("GET", "/channels/{channel_id}/threads/archived/private")
def archived_private(call: Call) -> Answer:
    call.needs(call.channel(), Can.MANAGE_THREADS)
    return _archived(call, Channel.PRIVATE_THREAD)


@route("GET", "/channels/{channel_id}/users/@me/threads/archived/private")
def archived_joined(call: Call) -> Answer:
    return _archived(call, Channel.PRIVATE_THREAD, joined=True)


def _archived(call: Call, kind: int, joined: bool = False) -> Answer:
    parent = call.channel()
    call.needs(parent, Can.READ_MESSAGE_HISTORY)
    found = [one for one in parent.threads if one.archived and one.kind == kind]
    if joined:
        found = [one for one in found if call.app.id in one.joined]
    found.sort(key=lambda one: one.archived_at, reverse=True)
    return 200, _threads(found, call.app.user) | {"has_more": False}


def _threads(found: list[Channel], user: User) -> Json:
    return {
        "threads": [payloads.thread(one, user) for one in found],
        "members": [payloads.thread_member(one, user) for one in found if user.id in one.joined],
    }


@route("POST", "/users/@me/channels")
def direct(call: Call) -> Answer:
    user = call.discord.world.users.get(int(call.body["recipient_id"]))
    if user is None:
        raise refused("unknown user")
    if user.bot:
        raise refused("cannot send to user")
    return 200, payloads.channel(call.discord.world.direct_between(user, call.app.user), call.app.user)


@route("GET", "/guilds/{guild_id}/threads/active")
def active(call: Call) -> Answer:
    found = [
        one
        for one in call.server().channels.values()
        if one.is_thread and not one.archived and permissions.sees(one, call.app.user)
    ]
    return 200, _threads(found, call.app.user)
