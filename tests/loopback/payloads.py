"""How things look in Discord's JSON. What somebody may not read is left out by who sends it, not here."""

from __future__ import annotations

import re
from typing import Any

from tests.loopback import permissions
from tests.loopback.clock import Clock
from tests.loopback.world import Application, Attachment, Channel, Member, Message, Role, Server, User

Json = dict[str, Any]


def user(one: User) -> Json:
    return {
        "id": str(one.id),
        "username": one.name if one.bot or re.fullmatch(r"[a-z0-9_.]{2,32}", one.name) else f"user{one.id % 10**6}",
        "discriminator": "0" if not one.bot else f"{one.id % 10000:04}",
        "global_name": None if one.bot else one.name,
        "avatar": None,
        "bot": one.bot,
        "public_flags": 0,
    }


def role(one: Role) -> Json:
    return {
        "id": str(one.id),
        "name": one.name,
        "permissions": str(int(one.permissions)),
        "position": one.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def member(one: Member, clock: Clock, with_user: bool = True) -> Json:
    said: Json = {
        "roles": [str(held.id) for held in one.roles],
        "joined_at": clock.text(one.joined_at),
        "nick": None,
        "avatar": None,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
    }
    return said | {"user": user(one.user)} if with_user else said


def channel(one: Channel, for_: User | None = None) -> Json:
    """A channel; a thread carries `member` where the reader is in it."""
    if one.is_thread:
        return thread(one, for_)
    said: Json = {"id": str(one.id), "type": one.kind, "last_message_id": _last(one), "flags": 0}
    if one.server is None:
        others = {"recipients": [user(other) for other in one.recipients if other is not for_]}
        party = (
            {"name": None, "icon": None, "owner_id": str(one.owner.id)} if one.kind == one.PARTY and one.owner else {}
        )
        return said | others | party
    if one.kind in (one.VOICE, one.STAGE):
        said |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None, "video_quality_mode": 1}
    if one.kind == one.FORUM:
        said |= {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
        said |= {"default_forum_layout": 0}
    return said | {
        "guild_id": str(one.server.id),
        "name": one.name,
        "position": one.position,
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "permission_overwrites": [
            {
                "id": str(id_),
                "type": 1 if id_ in one.server.members else 0,
                "allow": str(int(allow)),
                "deny": str(int(deny)),
            }
            for id_, (allow, deny) in one.overwrites.items()
        ],
    }


def thread(one: Channel, for_: User | None = None) -> Json:
    assert one.server and one.parent and one.owner
    clock = one.world.clock
    count = sum(1 for message in one.messages.values() if message.kind not in (18, 21))
    said: Json = {
        "id": str(one.id),
        "type": one.kind,
        "guild_id": str(one.server.id),
        "parent_id": str(one.parent.id),
        "owner_id": str(one.owner.id),
        "name": one.name,
        "last_message_id": _last(one),
        "message_count": count,
        "total_message_sent": count,
        "member_count": min(len(one.joined), 50),
        "rate_limit_per_user": 0,
        "flags": 0,
        "thread_metadata": {
            "archived": one.archived,
            "auto_archive_duration": one.archive_after,
            "archive_timestamp": clock.text(one.archived_at or one.created_at),
            "locked": one.locked,
            "create_timestamp": clock.text(one.created_at),
        },
    }
    if one.private:
        said["thread_metadata"]["invitable"] = one.invitable
    if for_ is not None and for_.id in one.joined:
        said["member"] = thread_member(one, for_)
    return said


def thread_member(one: Channel, who: User) -> Json:
    return {
        "id": str(one.id),
        "user_id": str(who.id),
        "join_timestamp": one.world.clock.text(one.joined[who.id]),
        "flags": 0,
    }


def _last(one: Channel) -> str | None:
    return str(next(reversed(one.messages))) if one.messages else None


def attachment(one: Attachment) -> Json:
    said: Json = {
        "id": str(one.id),
        "filename": one.name,
        "size": len(one.data),
        "url": one.url,
        "proxy_url": one.url,
        "content_type": one.kind,
    }
    if one.alt is not None:
        said["description"] = one.alt
    if one.size is not None:
        said |= {"width": one.size[0], "height": one.size[1]}
    return said


def message(one: Message, deep: bool = True) -> Json:
    """A message as all may read it; `deep` brings what it replies to."""
    clock = one.channel.world.clock
    said: Json = {
        "id": str(one.id),
        "channel_id": str(one.channel.id),
        "type": one.kind,
        "author": user(one.author),
        "content": one.content,
        "timestamp": clock.text(_time_of(one.id)),
        "edited_timestamp": clock.text(one.edited_at) if one.edited_at else None,
        "tts": False,
        "pinned": False,
        "mention_everyone": one.mentions_everyone,
        "mentions": [user(who) for who in one.mentions],
        "mention_roles": [],
        "attachments": [attachment(file) for file in one.attachments],
        "embeds": one.embeds,
        "components": one.components,
        "flags": one.flags,
    }
    if one.nonce is not None:
        said["nonce"] = one.nonce
    if one.application is not None:
        said["application_id"] = str(one.application.id)
    if one.interaction is not None:
        said["interaction_metadata"] = one.interaction
        said["webhook_id"] = str(one.application.id) if one.application else None
    if one.reference_id is not None:
        said["message_reference"] = {"type": 0, "channel_id": str(one.channel.id), "message_id": str(one.reference_id)}
        if one.channel.server:
            said["message_reference"]["guild_id"] = str(one.channel.server.id)
        if deep:
            gone = one.reference is None or one.reference.deleted
            said["referenced_message"] = None if gone or one.reference is None else message(one.reference, deep=False)
    return said


def _time_of(id_: int) -> float:
    return ((id_ >> 22) + 1_420_070_400_000) / 1000


def server(one: Server) -> Json:
    return {
        "id": str(one.id),
        "name": one.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "owner_id": str(one.owner.id),
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [role(held) for held in [one.everyone, *one.roles.values()]],
        "emojis": [],
        "stickers": [],
        "features": [],
        "mfa_level": 0,
        "nsfw_level": 0,
        "application_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "vanity_url_code": None,
        "description": None,
        "banner": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "max_members": 500000,
    }


def server_created(one: Server, app: Application, all_members: bool, clock: Clock) -> Json:
    """GUILD_CREATE: with what lies in it; only the bot itself of the members, unless it may have them all."""
    inside = list(one.channels.values())
    members = [held for held in one.members.values() if all_members or held.user is app.user]
    return server(one) | {
        "joined_at": clock.text(one.members[app.id].joined_at),
        "large": len(one.members) > 250,
        "unavailable": False,
        "member_count": len(one.members),
        "members": [member(held, clock) for held in members],
        "channels": [channel(held) for held in inside if not held.is_thread],
        "threads": [
            thread(held, app.user)
            for held in inside
            if held.is_thread and not held.archived and permissions.sees(held, app.user)
        ],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def application(one: Application) -> Json:
    """What the owner set up, as the bot may read it; the flags say which privileged intents are on, those of a bot
    that is verified in other bits than those of a small one."""
    flags = 0
    for intent, flag in ((1 << 8, 1 << 12), (1 << 1, 1 << 14), (1 << 15, 1 << 18)):
        flags |= flag << (not one.verified) if one.privileged & intent else 0
    return {
        "id": str(one.id),
        "name": one.name,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": one.public,
        "bot_require_code_grant": one.code_grant,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "hook": True,
        "type": None,
        "redirect_uris": [],
        "interactions_endpoint_url": one.interactions_url,
        "role_connections_verification_url": None,
        "owner": user(User(1, "owner")) | {"flags": 0, "primary_guild": None},
        "team": None,
        "approximate_guild_count": 0,
        "approximate_user_install_count": len(one.installed_by),
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": ["bot", "applications.commands", "identify"],
        "integration_types_config": {kind: {} for kind in one.installs},
        "bot": user(one.user) | {"flags": 0, "primary_guild": None},
    }
