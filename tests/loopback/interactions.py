"""Interactions: what a person's click or command starts, its token, its first response and what follows.

Rules kept here: three seconds to the first response, one response, a quarter of an hour for the token, five follow-ups
where the bot is not a member, what is shown to the person alone.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.loopback import limits, limits_forms, payloads, permissions
from tests.loopback.errors import Found, Refused, bad_body, refused
from tests.loopback.events import Events
from tests.loopback.permissions import Can
from tests.loopback.world import Application, Channel, Message, User, World
from tests.loopback.writing import File, Mentions, Writing, left_empty, names_of

Json = dict[str, Any]

COMMAND, COMPONENT, COMPLETING, SUBMITTED = 2, 3, 4, 5
SAY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ALLOWED = {
    COMMAND: {SAY, DEFER, MODAL},
    COMPONENT: {SAY, DEFER, DEFER_UPDATE, UPDATE, MODAL},
    COMPLETING: {CHOICES},
    SUBMITTED: {SAY, DEFER, DEFER_UPDATE, UPDATE},
}
PATIENCE = 3.0
TOKEN_LIVES = 900.0


@dataclass(eq=False)
class Interaction:
    """One of them, with all that has come of it."""

    id: int
    token: str
    app: Application
    kind: int
    user: User
    channel: Channel
    data: Json
    created: float
    message: Message | None = None  # whose button was clicked
    before: Interaction | None = None  # that opened the modal
    did: str = ""  # in the person's eyes
    answer: int | None = None
    answered_at: float | None = None
    choices: list[Json] = field(default_factory=list)
    modal: Json | None = None
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def guest(self) -> bool:
        """The bot is not a member here: the person brought it along."""
        return self.channel.server is not None and self.app.id not in self.channel.server.members

    @property
    def took(self) -> float | None:
        return None if self.answered_at is None else self.answered_at - self.created


class Interactions:
    def __init__(self, world: World, events: Events, writing: Writing) -> None:
        self.world = world
        self.events = events
        self.writing = writing
        self.by_id: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.done: list[Interaction] = []  # answered, in order

    def start(
        self, app: Application, kind: int, user: User, channel: Channel, data: Json, message: Message | None = None,
        before: Interaction | None = None, did: str = "",
    ) -> Interaction:  # fmt: skip
        """Tells the bot; faults may bring it twice, or too late."""
        late = self.events.faults.takes("late", "INTERACTION_CREATE")
        created = self.world.clock.now() - (TOKEN_LIVES + 60 if late else 0)
        id_ = self.world.ids.at(created) if late else self.world.ids.new()
        one = Interaction(id_, secrets.token_urlsafe(48), app, kind, user, channel, data, created, message, before, did)
        self.by_id[one.id] = self.by_token[one.token] = one
        told = self._told(one)
        if one.guest and user.id not in app.installed_by:
            return one  # it was put out, and nobody brought it along
        for _ in range(2 if self.events.faults.takes("twice", "INTERACTION_CREATE") else 1):
            self.events.to_app(app, channel.server, "INTERACTION_CREATE", told)
        return one

    def _told(self, one: Interaction) -> Json:
        channel, server = one.channel, one.channel.server
        told: Json = {
            "id": str(one.id),
            "application_id": str(one.app.id),
            "type": one.kind,
            "data": one.data,
            "token": one.token,
            "version": 1,
            "channel_id": str(channel.id),
            "channel": payloads.channel(channel, one.app.user),
            "locale": "en-GB",
            "app_permissions": str(int(self._app_permissions(one))),
            "attachment_size_limit": limits.FILE,
            "entitlements": [],
            "authorizing_integration_owners": self._owners(one),
            "context": self._context(one),
        }
        if one.message is not None:
            told["message"] = payloads.message(one.message)
        if server is None:
            return told | {"user": payloads.user(one.user)}
        may = permissions.in_channel(channel, one.user)
        told["channel"]["permissions"] = str(int(may))
        member = payloads.member(server.members[one.user.id], self.world.clock) | {"permissions": str(int(may))}
        guild = {"id": str(server.id), "locale": "en-US", "features": []}
        return told | {"guild_id": str(server.id), "guild": guild, "guild_locale": "en-US", "member": member}

    def _app_permissions(self, one: Interaction) -> Can:
        if not one.guest:
            return permissions.in_channel(one.channel, one.app.user)
        theirs = permissions.in_channel(one.channel, one.user)
        return theirs & (Can.EMBED_LINKS | Can.ATTACH_FILES | Can.MENTION_EVERYONE | Can.USE_EXTERNAL_EMOJIS)

    def _owners(self, one: Interaction) -> Json:
        owners: Json = {}
        server = one.channel.server
        if server is None or not one.guest:
            owners["0"] = str(server.id) if server else "0"
        if one.user.id in one.app.installed_by:
            owners["1"] = str(one.user.id)
        return owners

    def _context(self, one: Interaction) -> int:
        if one.channel.server is not None:
            return 0
        return 1 if one.app.user in one.channel.recipients else 2

    # The first response.

    def respond(self, id_: int, token: str, kind: int, data: Json, files: Sequence[File]) -> Json:
        """Takes the first response and says what came of it."""
        one = self.by_id.get(id_)
        if one is None or one.token != token or self._too_late(one):
            raise refused("unknown interaction")
        if one.answer is not None:
            raise refused("already acknowledged")
        if kind not in ALLOWED[one.kind] or (kind in (DEFER_UPDATE, UPDATE) and one.message is None):
            raise bad_body(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {sorted(ALLOWED[one.kind])}.")
        self._check(one, kind, data, files)
        one.answer, one.answered_at = kind, self.world.clock.now()
        self._act(one, kind, data, files)
        self.done.append(one)
        one.answered.set()
        self.world.changed()
        return self._came_of_it(one)

    def _too_late(self, one: Interaction) -> bool:
        limit = TOKEN_LIVES if one.answer is not None else PATIENCE
        return self.world.clock.now() - one.created > limit

    def _check(self, one: Interaction, kind: int, data: Json, files: Sequence[File]) -> None:
        found = Found()
        if kind == MODAL:
            limits_forms.modal(data, found)
        elif kind == CHOICES:
            limits_forms.choices(data, found)
        elif kind in (SAY, UPDATE):
            before = one.message if kind == UPDATE else None
            limits.message(data, found, flags_before=before.flags if before else 0, files=names_of(data, files, before))
            if not found.wrong and kind == SAY and limits.is_empty(data, files):
                raise refused("empty message")
        found.refuse()

    def _act(self, one: Interaction, kind: int, data: Json, files: Sequence[File]) -> None:
        if kind == SAY:
            one.original = self._post(one, data, files, first=True)
        elif kind == DEFER:
            flags = (int(data.get("flags") or 0) & Message.EPHEMERAL) | Message.LOADING
            one.original = self._post(one, {"flags": flags}, (), first=True)
        elif kind == UPDATE and one.message is not None:
            one.original = self.writing.edit(one.message, data, files)
        elif kind == DEFER_UPDATE:
            one.original = one.message
        elif kind == MODAL:
            one.modal = data
        elif kind == CHOICES:
            one.choices = data.get("choices") or []

    def _post(self, one: Interaction, body: Json, files: Sequence[File], first: bool = False) -> Message:
        alone = bool(int(body.get("flags") or 0) & Message.EPHEMERAL) or self._hushed(one)
        if alone:
            body = body | {"flags": int(body.get("flags") or 0) | Message.EPHEMERAL}
        return self.writing.post(
            one.channel,
            one.app.user,
            body,
            files,
            kind=20 if first and one.kind == COMMAND else 0,
            mentions=Mentions.from_body(body.get("allowed_mentions")),
            application=one.app,
            interaction=self._metadata(one),
            only_for=one.user if alone else None,
            did=one.did,
        )

    def _hushed(self, one: Interaction) -> bool:
        """Guests may speak to all only where their people may use outside apps aloud."""
        return one.guest and not permissions.may(one.channel, one.user, Can.USE_EXTERNAL_APPS)

    def _metadata(self, one: Interaction) -> Json:
        said: Json = {
            "id": str(one.id),
            "type": one.kind,
            "user": payloads.user(one.user),
            "authorizing_integration_owners": self._owners(one),
        }
        if one.kind == COMPONENT and one.message is not None:
            said["interacted_message_id"] = str(one.message.id)
        if one.before is not None:
            said["triggering_interaction_metadata"] = self._metadata(one.before)
        return said

    def _came_of_it(self, one: Interaction) -> Json:
        said: Json = {"id": str(one.id), "type": one.kind}
        resource: Json = {"type": one.answer}
        if one.answer in (SAY, DEFER, UPDATE) and one.original is not None:
            said |= {
                "response_message_id": str(one.original.id),
                "response_message_loading": one.original.thinking,
                "response_message_ephemeral": one.original.ephemeral,
            }
            resource["message"] = payloads.message(one.original)
        return {"interaction": said, "resource": resource}

    # What follows, by the token.

    def of_token(self, app_id: int, token: str) -> Interaction:
        one = self.by_token.get(token)
        if one is None or one.app.id != app_id:
            raise refused("unknown webhook")
        if self.world.clock.now() - one.created > TOKEN_LIVES:
            raise refused("invalid webhook token")
        if one.answer is None:
            raise refused("unknown webhook")
        return one

    def follow_up(self, one: Interaction, body: Json, files: Sequence[File]) -> Message:
        """A message more; the first one after a deferral takes the place of "is thinking"."""
        _check_message(body, files)
        if one.answer == DEFER and one.original is not None and one.original.thinking and not one.original.deleted:
            return self.writing.edit(one.original, body, files)
        if one.guest and len(one.follow_ups) >= 5:
            raise refused("too many follow-ups")
        message = self._post(one, body, files)
        one.follow_ups.append(message)
        return message

    def message_of(self, one: Interaction, which: str) -> Message:
        if which == "@original":
            message = one.original
        else:
            own = [*one.follow_ups, *([one.original] if one.original else [])]
            message = next((held for held in own if str(held.id) == which), None)
        if message is None or message.deleted:
            raise refused("unknown message")
        return message

    def edit(self, one: Interaction, which: str, body: Json, files: Sequence[File]) -> Message:
        message = self.message_of(one, which)
        found = Found()
        limits.message(body, found, flags_before=message.flags, files=names_of(body, files, message))
        found.refuse()
        if left_empty(body, files, message):
            raise refused("empty message")
        return self.writing.edit(message, body, files)

    def delete(self, one: Interaction, which: str) -> None:
        self.writing.delete(self.message_of(one, which))


def _check_message(body: Json, files: Sequence[File]) -> None:
    found = Found()
    limits.message(body, found, files=names_of(body, files))
    found.refuse()
    if limits.is_empty(body, files):
        raise refused("empty message")


__all__ = ["Interaction", "Interactions", "Refused"]
