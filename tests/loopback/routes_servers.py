"""Routes of the application itself, its commands, servers, members, and the way to the gateway."""

from __future__ import annotations

from typing import Any

from tests.loopback import payloads, permissions
from tests.loopback.calls import Answer, Call, route
from tests.loopback.errors import refused
from tests.loopback.events import MEMBERS

Json = dict[str, Any]


@route("GET", "/gateway")
def gateway(call: Call) -> Answer:
    return 200, {"url": call.discord.gateway_url}


@route("GET", "/gateway/bot")
def gateway_bot(call: Call) -> Answer:
    if call.discord.faults.takes("no gateway", "GET /gateway/bot"):
        raise refused("unavailable")
    limit = {"total": 1000, "remaining": 1000 - len(call.discord.gateway.identified), "reset_after": 86_400_000}
    shards = call.app.shards
    return 200, {
        "url": call.discord.gateway_url,
        "shards": shards,
        "session_start_limit": limit | {"max_concurrency": 1},
    }


@route("GET", "/users/@me")
def me(call: Call) -> Answer:
    return 200, payloads.user(call.app.user) | {"verified": True, "mfa_enabled": True, "email": None, "flags": 0}


@route("GET", "/users/{user_id}")
def user(call: Call) -> Answer:
    found = call.discord.world.users.get(int(call.about["user_id"]))
    if found is None:
        raise refused("unknown user")
    return 200, payloads.user(found)


@route("GET", "/oauth2/applications/@me")
@route("GET", "/applications/@me")
def application(call: Call) -> Answer:
    many = sum(1 for one in call.discord.world.servers.values() if call.app.id in one.members)
    return 200, payloads.application(call.app) | {"approximate_guild_count": many}


def _own(call: Call) -> None:
    if call.about["application_id"] != str(call.app.id):
        raise refused("unknown application")


def _where(call: Call) -> int | None:
    _own(call)
    return call.server().id if "guild_id" in call.about else None


@route("GET", "/applications/{application_id}/commands")
@route("GET", "/applications/{application_id}/guilds/{guild_id}/commands")
def commands(call: Call) -> Answer:
    return 200, list(call.discord.commands.held(call.app, _where(call)).values())


@route("PUT", "/applications/{application_id}/commands")
@route("PUT", "/applications/{application_id}/guilds/{guild_id}/commands")
def put_commands(call: Call) -> Answer:
    return 200, call.discord.commands.put(call.app, _where(call), call.body)


@route("POST", "/applications/{application_id}/commands")
@route("POST", "/applications/{application_id}/guilds/{guild_id}/commands")
def add_command(call: Call) -> Answer:
    return 201, call.discord.commands.add(call.app, _where(call), call.body)


@route("GET", "/applications/{application_id}/commands/{command_id}")
@route("GET", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}")
def command(call: Call) -> Answer:
    return 200, _command(call)


@route("DELETE", "/applications/{application_id}/commands/{command_id}")
@route("DELETE", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}")
def delete_command(call: Call) -> Answer:
    held = _command(call)
    del call.discord.commands.held(call.app, _where(call))[int(held["id"])]
    return 204, None


def _command(call: Call) -> Json:
    found = call.discord.commands.held(call.app, _where(call)).get(int(call.about["command_id"]))
    if found is None:
        raise refused("unknown command")
    return found


@route("GET", "/users/@me/guilds")
def servers(call: Call) -> Answer:
    own = [one for one in call.discord.world.servers.values() if call.app.id in one.members]
    return 200, [
        {
            "id": str(one.id),
            "name": one.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(int(permissions.on_server(one, call.app.user))),
            "features": [],
        }
        for one in own
    ]


@route("DELETE", "/users/@me/guilds/{guild_id}")
def leave(call: Call) -> Answer:
    call.discord.removes(call.server(), call.app)
    return 204, None


@route("GET", "/guilds/{guild_id}")
def server(call: Call) -> Answer:
    return 200, payloads.server(call.server())


@route("GET", "/guilds/{guild_id}/roles")
def roles(call: Call) -> Answer:
    held = call.server()
    return 200, [payloads.role(one) for one in [held.everyone, *held.roles.values()]]


@route("GET", "/guilds/{guild_id}/channels")
def channels(call: Call) -> Answer:
    return 200, [payloads.channel(one) for one in call.server().channels.values() if not one.is_thread]


@route("GET", "/guilds/{guild_id}/members/{user_id}")
def member(call: Call) -> Answer:
    found = call.server().members.get(int(call.about["user_id"]))
    if found is None:
        raise refused("unknown member")
    return 200, payloads.member(found, call.discord.clock)


@route("GET", "/guilds/{guild_id}/members")
def members(call: Call) -> Answer:
    """All of them are only for who has the intent."""
    if not call.app.privileged & MEMBERS:
        raise refused("missing access")
    many = int(call.query.get("limit", 1))
    return 200, [payloads.member(one, call.discord.clock) for one in call.server().members.values()][:many]
