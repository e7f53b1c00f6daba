"""The loopback's own table of Discord's limits, permissions and answers, asked by bare HTTP requests."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.loopback import Loopback
from tests.loopback.commands import check_all
from tests.loopback.errors import Found
from tests.loopback.events import MEMBERS
from tests.loopback.group import Group
from tests.loopback.limits_forms import choices, modal
from tests.loopback.rates import GLOBAL, Bucket, Hit, Rates

V2 = 1 << 15
Json = dict[str, Any]


class Http:
    """A bot that speaks for itself."""

    def __init__(self, discord: Loopback, session: aiohttp.ClientSession) -> None:
        self.discord = discord
        self.session = session

    async def __call__(self, method: str, path: str, body: Any = None, **how: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {how.pop('token', self.discord.token)}"}
        async with self.session.request(
            method, self.discord.api_base + path, json=body, headers=headers, **how
        ) as answer:
            self.headers = answer.headers
            return answer.status, await answer.json() if answer.status != 204 else None


@pytest.fixture
async def http(discord: Loopback) -> AsyncIterator[Http]:
    async with aiohttp.ClientSession() as session:
        yield Http(discord, session)


@pytest.fixture
def group(discord: Loopback) -> Group:
    return discord.server("Study group", channels=["general"])


def text(content: str) -> Json:
    return {"type": 10, "content": content}


def button(**changed: Any) -> Json:
    return {"type": 2, "style": 1, "label": "Answer", "custom_id": "a"} | changed


def row(*inside: Json) -> Json:
    return {"type": 1, "components": list(inside)}


def new(*components: Json, **more: Any) -> Json:
    return {"flags": V2, "components": list(components)} | more


BAD: list[tuple[str, Json]] = [
    ("content", {"content": "x" * 2001}),
    ("content", new(text("a"), content="b")),
    ("embeds", new(text("a"), embeds=[{"title": "b"}])),
    ("embeds", {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}),
    ("nonce", {"content": "a", "nonce": "n" * 26}),
    ("flags", {"content": "a", "flags": 64}),
    ("components", new(text("x" * 2001), text("x" * 2000))),
    ("components", new(*[text("x")] * 41)),
    ("components", new(row(button(), button()))),
    ("components", {"content": "a", "components": [text("b")]}),
    ("components", new(row(*[button(custom_id=str(n)) for n in range(6)]))),
    ("components", new(row(button(label="x" * 81)))),
    ("components", new(row(button(custom_id="x" * 101)))),
    ("components", new(row(button(custom_id="")))),
    ("components", new(row(button(label="")))),
    ("components", new(row(button(style=5)))),
    ("components", new({"type": 12, "items": []})),
    ("components", new({"type": 17, "components": [{"type": 17, "components": [text("a")]}]})),
    ("components", new({"type": 12, "items": [{"media": {"url": "attachment://absent.png"}}]})),
    ("components", new({"type": 9, "components": [text("a")] * 4, "accessory": button()})),
    ("components", {"content": "a", "components": [row({"type": 3, "custom_id": "s", "options": []})]}),
    ("allowed_mentions", {"content": "a", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}),
    ("message_reference", {"content": "a", "message_reference": {"message_id": "1"}}),
]


@pytest.mark.parametrize(("place", "body"), BAD, ids=[f"{n}-{place}" for n, (place, _) in enumerate(BAD)])
async def test_a_message_that_breaks_a_limit(discord, group, http, place, body):
    discord.schema = None  # by the table alone
    status, said = await http("POST", f"/channels/{group['general'].id}/messages", body)
    assert (status, said["code"]) == (400, 50035) and place in said["errors"]
    assert len(discord.complaints) == 1 and group["general"].said == []
    discord.complaints.clear()


async def test_the_largest_message_that_fits(group, http):
    body = new(text("x" * 2000), text("y" * 2000), row(*[button(custom_id=str(n) + "x" * 99) for n in range(5)]))
    assert (await http("POST", f"/channels/{group['general'].id}/messages", body))[0] == 200
    assert (await http("POST", f"/channels/{group['general'].id}/messages", {"content": "é" * 2000}))[0] == 200


async def test_a_body_is_read_by_the_published_description_too(discord, group, http, shared):
    status, said = await http("POST", f"/channels/{group['general'].id}/messages", {"content": ["a"]})
    assert (status, said["code"]) == (400, 50035) and "content" in discord.complaints[0].wrong
    discord.complaints.clear()


async def test_an_empty_message_and_what_is_no_json(discord, group, http):
    path = f"/channels/{group['general'].id}/messages"
    assert (await http("POST", path, {"content": " "}))[1]["code"] == 50006
    async with http.session.post(
        discord.api_base + path, data=b"{", headers={"Authorization": f"Bot {discord.token}"}
    ) as answer:
        assert (await answer.json())["code"] == 50109
    discord.complaints.clear()


async def test_files_come_in_parts_and_go_out_by_address(discord, group, http):
    def form(data: bytes) -> aiohttp.FormData:
        body = new({"type": 13, "file": {"url": "attachment://a.py"}}, attachments=[{"id": "0", "filename": "a.py"}])
        made = aiohttp.FormData(quote_fields=False)
        made.add_field("payload_json", json.dumps(body))
        made.add_field("files[0]", io.BytesIO(data), filename="a.py")
        return made

    path = f"/channels/{group['general'].id}/messages"
    status, sent = await http("POST", path, data=form(b"print()"))
    assert (status, sent["components"][0]["size"]) == (200, 7)
    url = sent["attachments"][0]["url"]
    async with http.session.get(url) as file:
        assert (await file.read(), file.content_type) == (b"print()", "text/x-python")
    discord.clock.advance(hours=25)
    async with http.session.get(url) as file:
        assert file.status == 404
    assert (await http("POST", path, data=form(b"x" * (10 * 1024 * 1024 + 1)))) == (
        413,
        {"message": "Request entity too large", "code": 40005},
    )
    discord.complaints.clear()


async def test_what_is_gone_hidden_or_forbidden_has_its_own_code(discord, group, http):
    one, general = group.member("one"), group["general"]
    said = await one.says(general, "mine")
    hidden = group.channel("hidden")
    group.denies(hidden, "everyone", "view_channel")
    codes: list[tuple[str, str, Any, int]] = [
        ("GET", "/channels/1", None, 10003),
        ("GET", f"/channels/{general.id}/messages/1", None, 10008),
        ("GET", f"/channels/{hidden.id}", None, 50001),
        ("PATCH", f"/channels/{general.id}/messages/{said.id}", {"content": "a"}, 50005),
        ("DELETE", f"/channels/{general.id}/messages/{said.id}", None, 50013),
        ("PUT", f"/channels/{general.id}/thread-members/{one.id}", None, 50024),
        ("GET", f"/guilds/{group.id}/members/1", None, 10007),
        ("GET", "/guilds/1", None, 10004),
        ("POST", "/interactions/1/none/callback", {"type": 5}, 10062),
        ("GET", "/nothing", None, 0),
    ]
    for method, path, body, code in codes:
        assert (await http(method, path, body))[1]["code"] == code, path
    assert (await http("GET", "/users/@me", token="wrong"))[0] == 401
    assert discord.rates.invalids() == 4


async def test_threads_that_are_archived_or_locked(group, http):
    path = f"/channels/{group['general'].id}/threads"
    status, made = await http("POST", path, {"name": "room", "type": 12, "invitable": False})
    assert status == 201 and made["thread_metadata"]["invitable"] is False
    thread = group["room"]
    here = f"/channels/{thread.id}"
    _, sent = await http("POST", f"{here}/messages", {"content": "a"})
    await thread.archive()
    assert (await http("PATCH", f"{here}/messages/{sent['id']}", {"content": "b"}))[1]["code"] == 50083
    assert (await http("POST", f"{here}/messages", {"content": "b"}))[0] == 200 and not thread.archived
    assert (await http("PATCH", here, {"archived": True}))[1]["thread_metadata"]["archived"]
    assert (await http("PATCH", here, {"archived": False}))[0] == 200
    assert (await http("PATCH", here, {"locked": True}))[1]["code"] == 50013
    await thread.lock()
    assert (await http("POST", f"{here}/messages", {"content": "c"}))[1]["code"] == 160005
    assert (await http("DELETE", here))[1]["code"] == 50013
    await thread.delete()
    assert (await http("POST", f"{here}/messages", {"content": "d"}))[1]["code"] == 10003


async def test_a_change_that_leaves_nothing(discord, group, http):
    path = f"/channels/{group['general'].id}/messages"
    _, sent = await http("POST", path, {"content": "a"})
    assert (await http("PATCH", f"{path}/{sent['id']}", {"content": ""}))[1]["code"] == 50006
    assert (await http("PATCH", f"{path}/{sent['id']}", {"content": "", "embeds": [{"title": "b"}]}))[0] == 200
    assert group["general"].last.text == "b" and group["general"].last.edits == 1
    discord.complaints.clear()


async def test_a_bot_that_was_put_out_of_a_private_thread_sees_it_no_more(discord, group, http):
    moderator = group.member("moderator", permissions="manage_threads")
    await http("POST", f"/channels/{group['general'].id}/threads", {"name": "room", "type": 12})
    thread = group["room"]
    with pytest.raises(AssertionError, match="may put nobody out"):
        await group.member("one").puts_out(thread, discord.bot)
    await moderator.puts_out(thread, discord.bot)
    assert (await http("POST", f"/channels/{thread.id}/messages", {"content": "a"}))[1]["code"] == 50001
    group.gives(discord.bot, "manage_threads")
    assert (await http("POST", f"/channels/{thread.id}/messages", {"content": "a"}))[0] == 200


async def test_who_is_in_a_thread_is_told_in_numbers_alone(discord, group, http):
    """Without the members intent: how many there are, whether one is there, and a line where one was added."""
    one, two, three = (group.member(name) for name in ("one", "two", "three"))
    moderator = group.member("moderator", permissions="manage_threads")
    await http("POST", f"/channels/{group['general'].id}/threads", {"name": "room", "type": 12})
    thread = group["room"]
    here = f"/channels/{thread.id}"
    await moderator.brings(thread, one)
    said = await moderator.says(thread, "look", mentions=[two])
    await moderator.edits(said, f"look <@{three.id}>")
    added = [[who.name for who in message.mentions] for message in thread.said if message.kind == 1]
    assert added == [["one"], ["two"]] and three.id in thread.joined, "a change brings one in without a word"
    status, room = await http("GET", here)
    assert status == 200 and room["member_count"] == 5 and "member" in room
    assert (await http("GET", f"{here}/thread-members/{three.id}"))[0] == 200
    assert (await http("GET", f"{here}/thread-members/{group.member('four').id}"))[1]["code"] == 10007
    assert (await http("GET", f"{here}/thread-members"))[1]["code"] == 50001
    discord.app.privileged |= MEMBERS
    assert len((await http("GET", f"{here}/thread-members"))[1]) == 5


async def test_a_mention_wakes_only_whom_it_may(group, http):
    one, general = group.member("one"), group["general"]
    words = {"content": f"<@{one.id}> `<@{group.owner.id}>` @everyone"}
    allowed: list[tuple[Json, set[int]]] = [
        ({}, {one.id}),
        ({"allowed_mentions": {"parse": []}}, set()),
        ({"allowed_mentions": {"users": [str(one.id)]}}, {one.id}),
    ]
    for more, woken in allowed:
        await http("POST", f"/channels/{general.id}/messages", words | more)
        assert general.last.pings == woken and not general.last.mentions_everyone


async def test_buckets_are_told_in_headers_and_kept(discord, group, http):
    path = f"/channels/{group['general'].id}/messages"
    left = []
    for _ in range(5):
        await http("POST", path, {"content": "a"})
        left.append(http.headers["X-RateLimit-Remaining"])
    assert left == ["4", "3", "2", "1", "0"]
    status, said = await http("POST", path, {"content": "a"})
    assert status == 429 and 0 < said["retry_after"] <= 5 and said["global"] is False
    assert http.headers["Via"] and http.headers["X-RateLimit-Scope"] == "user"
    assert [one.request for one in discord.own_limited] == ["POST /channels/{channel_id}/messages"]
    other = group.channel("other")
    assert (await http("POST", f"/channels/{other.id}/messages", {"content": "a"}))[0] == 200


def test_fifty_requests_a_second_over_all_but_for_interactions():
    rates = Rates()
    asked = [rates.count(1, "GET", "/users/@me", {}, False, 10.0) for _ in range(GLOBAL + 1)]
    assert asked[:-1] == [None] * GLOBAL and asked[-1] == Hit(1.0, True)
    assert rates.count(1, "POST", "/interactions/…", {}, True, 10.5) is None
    assert rates.count(2, "GET", "/users/@me", {}, False, 10.5) is None
    assert isinstance(
        rates.count(1, "POST", "/channels/{channel_id}/messages", {"channel_id": "1"}, False, 11.1), Bucket
    )


def test_ten_thousand_invalid_requests_shut_the_door():
    rates = Rates()
    for n in range(10_000):
        assert not rates.banned(1, n / 100)
        rates.invalid(1, n / 100)
    assert rates.banned(1, 100.0) and not rates.banned(2, 100.0) and not rates.banned(1, 800.0)


def label(component: Json, **changed: Any) -> Json:
    return {"type": 18, "label": "Answer", "component": component} | changed


def box(**changed: Any) -> Json:
    return {"type": 4, "custom_id": "a", "style": 2} | changed


@pytest.mark.parametrize(
    ("parts", "wrong"),
    [
        ([], True),
        ([label(box())] * 6, True),
        ([label(box(), label="x" * 46)], True),
        ([label(box(), description="x" * 101)], True),
        ([label(box(placeholder="x" * 101))], True),
        ([label(box(value="x" * 11, max_length=10))], True),
        ([label(box(label="twice"))], True),
        ([label(box()), label(box())], True),
        ([row(box())], True),
        ([text("x" * 4001), label(box())], True),
        ([row(button())], True),
        ([label({"type": 19, "custom_id": "f", "max_values": 11})], True),
        ([text("Read this"), label(box(value="x" * 4000)), label({"type": 19, "custom_id": "f"})], False),
        ([row(box(label="Answer"))], False),
    ],
)
def test_forms(parts, wrong):
    found = Found()
    modal({"title": "A form", "custom_id": "form", "components": parts}, found)
    assert bool(found.wrong) is wrong, found.words()


def test_no_more_than_25_things_are_offered():
    for many, wrong in [(25, False), (26, True)]:
        found = Found()
        choices({"choices": [{"name": "x" * 100, "value": str(n)} for n in range(many)]}, found)
        assert bool(found.wrong) is wrong


def option(name: str = "flow", **changed: Any) -> Json:
    return {"type": 3, "name": name, "description": "Which"} | changed


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ({"name": "Interview"}, "name"),
        ({"name": "x" * 33}, "name"),
        ({"name": "a b"}, "name"),
        ({"description": "x" * 101}, "description"),
        ({"description": ""}, "description"),
        ({"options": [option(f"o{n}") for n in range(26)]}, "options"),
        ({"options": [option("a"), option("b", required=True)]}, "options.1"),
        ({"options": [option(), option()]}, "options"),
        ({"options": [option(choices=[{"name": "a", "value": "a"}], autocomplete=True)]}, "options.0.autocomplete"),
        ({"options": [option(choices=[{"name": "x" * 100, "value": str(n) * 100} for n in range(26)])]}, "choices"),
        ({"options": [option(f"o{n}", choices=[{"name": "x" * 90, "value": "y"}] * 25) for n in range(4)]}, "8000"),
        ({}, ""),
    ],
)
def test_commands(command, wrong):
    found = Found()
    check_all([{"name": "interview", "description": "An interview"} | command], found)
    assert bool(found.wrong) is bool(wrong) and wrong in found.words()
