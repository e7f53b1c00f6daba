"""Routes of interactions: the first response, and by its token what follows. They are open: the token is the key."""

from __future__ import annotations

from tests.loopback import payloads
from tests.loopback.calls import Answer, Call, route
from tests.loopback.errors import bad_body
from tests.loopback.interactions import Interaction


@route("POST", "/interactions/{interaction_id}/{interaction_token}/callback")
def respond(call: Call) -> Answer:
    body = call.body or {}
    if not isinstance(body.get("type"), int):
        raise bad_body(("type",), "BASE_TYPE_REQUIRED", "This field is required")
    came = call.discord.interactions.respond(
        int(call.about["interaction_id"]),
        call.about["interaction_token"],
        body["type"],
        body.get("data") or {},
        call.files,
    )
    asked = call.query.get("with_response", "").lower() in ("1", "true")
    return (200, came) if asked else (204, None)


def _of(call: Call) -> Interaction:
    id_ = call.about["webhook_id"]
    return call.discord.interactions.of_token(int(id_) if id_.isdecimal() else 0, call.about["webhook_token"])


@route("POST", "/webhooks/{webhook_id}/{webhook_token}")
def follow_up(call: Call) -> Answer:
    message = call.discord.interactions.follow_up(_of(call), call.body or {}, call.files)
    return 200, payloads.message(message)


@route("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/@original")
@route("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}")
def read(call: Call) -> Answer:
    return 200, payloads.message(call.discord.interactions.message_of(_of(call), _which(call)))


@route("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original")
@route("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}")
def change(call: Call) -> Answer:
    return 200, payloads.message(call.discord.interactions.edit(_of(call), _which(call), call.body or {}, call.files))


@route("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/@original")
@route("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}")
def delete(call: Call) -> Answer:
    call.discord.interactions.delete(_of(call), _which(call))
    return 204, None


def _which(call: Call) -> str:
    return call.about.get("message_id", "@original")
