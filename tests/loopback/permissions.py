"""Permission bits and what they come to for a person in a channel. It changes nothing in the world."""

from __future__ import annotations

from enum import IntFlag

from tests.loopback.world import Channel, Server, User


class Can(IntFlag):
    """The permissions that this Discord knows."""

    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51


def can(names: str | Can) -> Can:
    """Permissions by their names: "manage_threads, view_channel"."""
    if isinstance(names, Can):
        return names
    bits = Can(0)
    for name in names.replace(",", " ").split():
        bits |= Can[name.upper()]
    return bits


EVERYTHING = (1 << 53) - 1

# What a new server gives to everyone.
EVERYONE = (
    Can.VIEW_CHANNEL
    | Can.SEND_MESSAGES
    | Can.EMBED_LINKS
    | Can.ATTACH_FILES
    | Can.READ_MESSAGE_HISTORY
    | Can.ADD_REACTIONS
    | Can.USE_EXTERNAL_EMOJIS
    | Can.CHANGE_NICKNAME
    | Can.USE_APPLICATION_COMMANDS
    | Can.CREATE_PUBLIC_THREADS
    | Can.CREATE_PRIVATE_THREADS
    | Can.SEND_MESSAGES_IN_THREADS
    | Can.USE_EXTERNAL_APPS
)


# As plain numbers: this is asked some hundred times a second, and flags are slow.
_ADMINISTRATOR, _VIEW, _THREADS = int(Can.ADMINISTRATOR), int(Can.VIEW_CHANNEL), int(Can.MANAGE_THREADS)


def on_server(server: Server, user: User) -> Can:
    """What a member may do before any channel's exceptions."""
    return Can(_on_server(server, user))


def _on_server(server: Server, user: User) -> int:
    member = server.members.get(user.id)
    if member is None:
        return 0
    if server.owner is user:
        return EVERYTHING
    bits = server.everyone.permissions
    for role in member.roles:
        bits |= role.permissions
    return EVERYTHING if bits & _ADMINISTRATOR else bits


def in_channel(channel: Channel, user: User) -> Can:
    """What somebody may do in a channel; a thread takes its parent's exceptions."""
    return Can(_in_channel(channel, user))


def _in_channel(channel: Channel, user: User) -> int:
    server = channel.server
    if server is None:
        return EVERYTHING & ~_THREADS if user in channel.recipients else 0
    bits = _on_server(server, user)
    if bits & _ADMINISTRATOR or user.id not in server.members:
        return bits
    holder = channel.parent or channel
    if holder.overwrites:
        bits = _overruled(bits, holder.overwrites.get(server.id))
        allow = deny = 0
        for role in server.members[user.id].roles:
            allowed, denied = holder.overwrites.get(role.id, (0, 0))
            allow, deny = allow | allowed, deny | denied
        bits = _overruled(bits, (allow, deny))
        bits = _overruled(bits, holder.overwrites.get(user.id))
    return bits if bits & _VIEW else 0  # who does not see a channel may do nothing in it


def _overruled(bits: int, exception: tuple[int, int] | None) -> int:
    allow, deny = exception or (0, 0)
    return (bits & ~deny) | allow


def sees(channel: Channel, user: User) -> bool:
    """Whether a channel is there for somebody; a private thread is for its members and who may manage threads."""
    if channel.server is None:
        return user in channel.recipients
    may = _in_channel(channel, user)
    if not may & _VIEW:
        return False
    return channel.kind != Channel.PRIVATE_THREAD or user.id in channel.joined or bool(may & _THREADS)


def may(channel: Channel, user: User, what: Can) -> bool:
    bits = int(what)
    return _in_channel(channel, user) & bits == bits


def sending(channel: Channel) -> Can:
    """The permission that lets one write here."""
    return Can.SEND_MESSAGES_IN_THREADS if channel.is_thread else Can.SEND_MESSAGES
