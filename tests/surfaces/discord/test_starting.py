"""Whether Discord is there is told apart from what a network says in its place. A whole `viva serve` is for others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from aiohttp import web

from bot.errors import WrongUsage
from bot.surfaces.discord.starting import WAITS, ConnectionEnded, DiscordRefuses, trouble, wait_after


@pytest_asyncio.fixture
async def answering() -> AsyncIterator[Callable[[web.Response], Awaitable[str]]]:
    """Something on 127.0.0.1 that answers everything with this; its address."""
    runners = []

    async def start(answer: web.Response) -> str:
        async def says(request: web.BaseRequest) -> web.Response:
            return web.Response(body=answer.body, status=answer.status, headers=answer.headers)

        runner = web.ServerRunner(web.Server(says))
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}/api"

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (web.Response(text="<html>Log in to this network</html>", content_type="text/html"), "is not Discord"),
        (web.json_response("hello"), "is not Discord"),
        (web.Response(body=b"\xff", content_type="application/json"), "is not Discord"),
        (web.Response(status=302, headers={"Location": "http://[nowhere"}), "HTTP 302"),
        (web.json_response({}, status=403), "HTTP 403"),
        (web.json_response({}, status=500), "HTTP 500"),
    ],
    ids=["a page", "a word", "bytes", "a redirection", "403", "500"],
)
async def test_what_passes_is_waited_for(answering, answer: web.Response, why: str) -> None:
    assert why in str(await trouble(await answering(answer), "a.b.c"))


async def test_a_token_that_is_not_known_is_a_wrong_set_up(answering) -> None:
    with pytest.raises(DiscordRefuses):
        await trouble(await answering(web.json_response({}, status=401)), "a.b.c")
    assert DiscordRefuses.exit_code == WrongUsage.exit_code != ConnectionEnded.exit_code


async def test_where_all_is_well_there_is_no_trouble(answering) -> None:
    assert await trouble(await answering(web.json_response({"id": "1"})), "a.b.c") is None


def test_it_waits_longer_each_time_up_to_a_minute() -> None:
    waits = [wait_after(attempt) for attempt in range(9)]
    assert waits == sorted(waits) and waits[0] == WAITS[0] and waits[-1] == 60
