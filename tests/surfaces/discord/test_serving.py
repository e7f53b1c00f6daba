"""`viva serve` from its start to its end: what it says when it cannot begin, and that it ends well whenever it is told.

The process is the real one, against the loopback Discord. What a sitting says in between is for other tests.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.commands.serve import REGISTERED
from tests.candidates import ROOT
from tests.loopback import Loopback
from tests.surfaces.discord.seats import FIRST, a_group, newcomer, seated
from tests.surfaces.discord.serving import Served, served

#: Seconds within which it must have ended.
AT_ONCE = 10.0
WORDS = "zebrafinch marmalade quokka"
PROGRAM = """import time
for step in range(240):
    print("zebrafinch", step, flush=True)
    time.sleep(0.05)
"""


def given(home: Path, **settings: str) -> dict[str, str]:
    """A process's environment: nothing of ours but what is given."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("VIVA_", "DISCORD_"))}
    return clean | {"VIVA_HOME": str(home), "VIVA_LAB": "off"} | settings


async def launched(home: Path, folder: Path = ROOT, /, *flags: str, **settings: str) -> asyncio.subprocess.Process:
    environment = given(home, **settings) | {"PYTHONPATH": str(ROOT)}
    with (home / "serve.err").open("ab") as errors:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", *flags, cwd=folder, env=environment, stdout=errors, stderr=errors
        )


async def refused(home: Path, folder: Path = ROOT, /, **settings: str) -> tuple[int, str]:
    """The exit code of a `viva serve` that cannot begin, and what it said."""
    process = await launched(home, folder, **settings)
    try:
        code = await asyncio.wait_for(process.wait(), 30)
    finally:
        if process.returncode is None:
            process.kill()
    return code, (home / "serve.err").read_text(encoding="utf-8")


async def ended(process: asyncio.subprocess.Process | None) -> tuple[int, float]:
    """Told to end: with which exit code it does, and after how many seconds."""
    assert process is not None
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code = await asyncio.wait_for(process.wait(), AT_ONCE + 5)
    return code, time.monotonic() - began


async def until(true, seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what another process does sets no event here
            await asyncio.sleep(0.02)


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


async def got(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


async def health(port: int, status: int, seconds: float = 60.0) -> str:
    """What is said of its health once the status is this."""
    async with asyncio.timeout(seconds):
        while (answer := await got(port, "/healthz"))[0] != status:  # noqa: ASYNC110 - it is asked over HTTP
            await asyncio.sleep(0.05)
    return answer[1]


def one_sentence(said: str) -> str:
    """The one line that was said to a person; those before it are the log."""
    *log, last = said.splitlines()
    assert all(json.loads(line)["level"] == "INFO" for line in log) and last.startswith("viva: "), said
    return last


# It cannot begin.


async def test_without_a_token_it_says_where_one_is_to_be_had(tmp_path):
    code, said = await refused(tmp_path)
    assert code == 2 and "DISCORD_TOKEN" in one_sentence(said) and "Bot page" in said and f"{ROOT / '.env'}" in said


async def test_settings_that_cannot_be_read_are_said(tmp_path):
    (tmp_path / ".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe\n")
    code, said = await refused(tmp_path, tmp_path)
    assert code == 2 and f"{tmp_path / '.env'} cannot be read (it is not UTF-8)" in one_sentence(said)


async def test_a_wrong_token_is_said(tmp_path):
    async with Loopback.running() as discord:
        code, said = await refused(tmp_path, **discord.environment | {"DISCORD_TOKEN": "MTIz.not.ours"})
    assert code == 2 and "does not accept the bot token" in one_sentence(said) and "MTIz" not in said


async def test_a_wrong_set_up_is_held_where_that_is_asked_for(tmp_path):
    process = await launched(tmp_path, ROOT, "--hold")
    try:
        await until(lambda: "I wait to be ended" in (tmp_path / "serve.err").read_text(encoding="utf-8"))
        assert process.returncode is None
        code, seconds = await ended(process)
    finally:
        if process.returncode is None:
            process.kill()
    said = (tmp_path / "serve.err").read_text(encoding="utf-8")
    assert code == 2 and seconds < AT_ONCE and "There is no bot token" in one_sentence(said)


@pytest.mark.slow
async def test_where_it_may_go_on_later_it_is_not_held(tmp_path):
    url = f"postgresql://viva@127.0.0.1:{free_port()}/viva"
    process = await launched(tmp_path, ROOT, "--hold", DISCORD_TOKEN="x", VIVA_DATABASE_URL=url)
    assert await asyncio.wait_for(process.wait(), 30) == 1


@pytest.mark.slow
@pytest.mark.parametrize("token", ["two\nlines", "a token with spaces", "schlüssel"])
async def test_what_can_be_no_token_is_said(tmp_path, token):
    async with Loopback.running() as discord:
        code, said = await refused(tmp_path, **discord.environment | {"DISCORD_TOKEN": token})
    assert code == 2 and "does not accept the bot token" in one_sentence(said) and token not in said


@pytest.mark.slow
@pytest.mark.parametrize("address", ["no address", "127.0.0.1:8080/api/v10"])
async def test_an_address_that_is_none_is_said(tmp_path, address):
    code, said = await refused(tmp_path, DISCORD_TOKEN="x", DISCORD_API_BASE=address)
    assert code == 2 and "DISCORD_API_BASE is no address" in one_sentence(said)


@pytest.mark.slow
async def test_an_intent_that_is_not_allowed_is_said(tmp_path):
    async with Loopback.running() as discord:
        code, said = await refused(tmp_path, VIVA_MESSAGE_CONTENT="1", **discord.environment)
    assert code == 2 and "Message Content intent" in one_sentence(said)


@pytest.mark.slow
async def test_a_port_for_metrics_that_is_taken_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        async with Loopback.running() as discord:
            code, said = await refused(tmp_path, VIVA_METRICS_PORT=port, **discord.environment)
    assert code == 1 and f"port {port}" in one_sentence(said)


# Another one.


async def test_a_second_one_on_the_same_data_folder_is_refused(tmp_path):
    async with served(tmp_path) as bot:
        before = bot.said()
        code, said = await refused(tmp_path, **bot.discord.environment)
        assert code == 1 and "Another `viva serve` is running" in one_sentence(said.removeprefix(before))
        group = a_group(bot)
        assert not (await newcomer(group).slash(group["general"], "help")).failed, "the first one serves on"


@pytest.mark.slow
async def test_the_folder_is_free_again_after_a_kill(tmp_path):
    async with served(tmp_path) as bot:
        await bot.kill()
        await bot.start()
        assert await bot.stop() == 0


@pytest.mark.slow
async def test_forgetting_somebody_leaves_the_folder_locked(tmp_path):
    """Forgetting opens every file of the data folder, which drops some kinds of locks."""
    async with served(tmp_path) as bot:
        group = a_group(bot)
        one = newcomer(group)
        await seated(bot, group["general"], one)
        asked = await one.slash(group["general"], "forget")
        assert "Deleted" in (await one.click(asked, "Delete everything")).text
        code, _ = await refused(tmp_path, **bot.discord.environment)
        assert code == 1


# Discord is not there.


async def test_where_discord_does_not_take_the_commands_it_says_so_and_serves(tmp_path):
    async with Loopback.running() as discord:
        bot = Served(discord, tmp_path)
        await bot.start()
        assert await bot.stop() == 0
        (tmp_path / REGISTERED).unlink()
        discord.faults.add("refused", "PUT /applications", code=30034)
        await bot.start()
        assert "did not take the commands (HTTP 400, code 30034)" in bot.said() and "Traceback" not in bot.said()
        assert await bot.stop() == 0
        assert not (tmp_path / REGISTERED).exists(), "they are offered again"


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "times"), [("503", 1), ("429", 1), ("cut", 2), ("no gateway", 1)])
async def test_it_tries_again_where_discord_is_down_at_the_start(tmp_path, fault, times):
    async with Loopback.running() as discord:
        where = "GET /gateway/bot" if fault == "no gateway" else "GET /users/@me"
        discord.faults.add(fault, where, times)  # one that is cut off, the library tries again by itself
        bot = Served(discord, tmp_path)
        await bot.start()
        assert "I try again in 2 seconds" in bot.said()
        assert await bot.stop() == 0


@pytest.mark.slow
async def test_it_waits_for_a_discord_that_does_not_listen_yet(tmp_path):
    port, token = free_port(), ""
    async with Loopback.running() as discord:
        token = discord.token
    process = await launched(tmp_path, DISCORD_TOKEN=token, DISCORD_API_BASE=f"http://127.0.0.1:{port}/api/v10")
    try:
        await until(lambda: "cannot be reached" in (tmp_path / "serve.err").read_text(encoding="utf-8"))
        async with Loopback.running(port) as discord:
            discord.app.token = token
            await discord.ready()
            assert (await ended(process))[0] == 0
    finally:
        if process.returncode is None:
            process.kill()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "where"),
    [
        ("503", "PUT /applications"),
        ("503", "GET /users/@me"),
        ("429 cloudflare", "GET /users/@me"),
        ("no gateway", "GATEWAY"),
    ],
)
async def test_it_connects_anew_where_discord_goes_away_while_it_connects(tmp_path, fault, where):
    async with Loopback.running() as discord:
        # The first question after /users/@me is whether it is there; the second is the library's.
        skip = [1] if where == "GET /users/@me" else []
        discord.faults.add(fault, lambda what: where in what and not (skip and skip.pop()), 1)
        bot = Served(discord, tmp_path)
        await bot.start()
        assert await bot.stop() == 0


# It is told to end.


async def test_it_ends_at_once_where_nothing_goes_on(tmp_path):
    async with served(tmp_path) as bot:
        code, seconds = await ended(bot.process)
        assert code == 0 and seconds < AT_ONCE, bot.said()


@pytest.mark.slow
@pytest.mark.parametrize("where", ["GET /users/@me", "GET /gateway/bot", "PUT /applications"])
async def test_it_ends_while_it_connects(tmp_path, where):
    async with Loopback.running() as discord:
        discord.faults.add("slow", where, times=9, seconds=30)
        process = await launched(tmp_path, **discord.environment)
        await until(lambda: any(where.split()[0] == asked[1].split()[0] for asked in discord.faults.happened))
        code, seconds = await ended(process)
        assert code == 0 and seconds < AT_ONCE


@pytest.mark.slow
async def test_it_ends_while_it_waits_for_discord(tmp_path):
    process = await launched(tmp_path, DISCORD_TOKEN="x", DISCORD_API_BASE=f"http://127.0.0.1:{free_port()}/api/v10")
    await until(lambda: "I try again" in (tmp_path / "serve.err").read_text(encoding="utf-8"))
    code, seconds = await ended(process)
    assert code == 0 and seconds < AT_ONCE


@pytest.mark.slow
async def test_it_ends_while_it_opens_its_data_folder(tmp_path):
    """Told again and again from the moment on from which it can hear it."""
    process = await launched(tmp_path, DISCORD_TOKEN="x", DISCORD_API_BASE=f"http://127.0.0.1:{free_port()}/api/v10")
    await until(lambda: (tmp_path / "serve.lock").exists())
    code, seconds = await ended(process)
    assert code == 0 and seconds < AT_ONCE


@pytest.mark.slow
async def test_what_was_answered_is_judged_when_it_is_told_to_end_meanwhile(tmp_path):
    """The words were acknowledged: they are finished within its seconds, or by the next process; never twice."""
    async with served(tmp_path) as bot:
        group = a_group(bot)
        seat = await seated(bot, group["general"], newcomer(group))
        opened = await seat.opens()
        known = len(bot.discord.asked)
        submitted = asyncio.create_task(seat.who.submit(opened, FIRST))
        await until(lambda: any("callback" in one.request for one in bot.discord.asked[known:]))
        code, seconds = await ended(bot.process)
        assert code == 0 and seconds < AT_ONCE, bot.said()
        with contextlib.suppress(AssertionError, TimeoutError):
            await submitted
        await bot.start()
        await seat.asked()
        kinds = [told.partition(" ")[0] for told in seat.story]
        assert kinds.count("Heard") == 1 and kinds.count("Graded") == 1
        bot.sent_well()


@pytest.fixture
async def in_the_lab(tmp_path: Path) -> AsyncIterator[Served]:
    """A bot that runs programs; VIVA_CI=1 asks for one."""
    from bot.lab.sandbox import Sandbox

    pytest.importorskip("torch")
    if why := Sandbox().unavailable():
        assert not os.environ.get("VIVA_CI"), why
        pytest.skip(why)
    async with served(tmp_path, VIVA_LAB="bubblewrap", VIVA_LAB_WARM="0") as bot:
        yield bot


@pytest.mark.slow
async def test_a_run_is_put_back_when_it_is_told_to_end_meanwhile(in_the_lab):
    bot = in_the_lab
    group = a_group(bot)
    one = newcomer(group)
    await one.slash(group["general"], "interview", flow="coding")
    thread = await one.sees_thread(group["general"])
    question = await thread.waits_for(lambda message: "Submit code" in message.buttons)
    opened = await one.click(question, "Submit code")
    await one.submit(opened, PROGRAM)
    await thread.waits_for(lambda message: "running" in message.text.lower(), seconds=30, after=question)
    code, seconds = await ended(bot.process)
    assert code == 0 and seconds < AT_ONCE, bot.said()
    await bot.start()
    outcome = await thread.waits_for(lambda message: bool(message.buttons), seconds=60, after=thread.last)
    assert "program" in outcome.text


# It is watched.


@pytest.mark.slow
async def test_health_and_figures_follow_what_happens(tmp_path):
    port = free_port()
    async with served(tmp_path, VIVA_METRICS_PORT=str(port)) as bot:
        group = a_group(bot)
        seat = await seated(bot, group["general"], newcomer(group))
        await seat.answers(FIRST)
        assert await got(port, "/healthz") == (200, "ok\n")
        _, text = await got(port, "/metrics")
        figures = dict(re.findall(r"^(viva_\S+) ([0-9.e+-]+)$", text, re.MULTILINE))
        assert float(figures['viva_interactions_total{kind="modal"}']) == 1
        assert float(figures['viva_acknowledgements_total{kind="command",outcome="deferred"}']) == 1
        assert float(figures['viva_acknowledgement_seconds_bucket{kind="modal",le="3.0"}']) == 1
        assert float(figures['viva_gradings_total{outcome="graded"}']) == 1
        assert float(figures['viva_messages_total{outcome="sent"}']) >= 2
        assert float(figures["viva_turn_seconds_count"]) >= 2 and float(figures["viva_servers"]) == 1
        assert float(figures['viva_discord_requests_total{method="POST",status="200"}']) >= 2
        for person in (str(seat.who.id), str(group.server.id), str(seat.where.id), seat.who.name, seat.session):
            assert person not in text

        bot.discord.faults.add("no gateway", "GATEWAY", times=2)
        bot.discord.gateway.drop()
        assert "not connected to Discord" in await health(port, 503)
        assert await health(port, 200) == "ok\n"
        _, text = await got(port, "/metrics")
        assert re.search(r'^viva_gateway_events_total\{event="disconnected"\} [1-9]', text, re.MULTILINE)


@pytest.mark.slow
async def test_no_word_and_no_secret_is_in_the_log_of_a_whole_interview(tmp_path):
    """At `debug`, with a database that is refused for its password on the way, faults, and files."""
    async with served(tmp_path, VIVA_LOG_LEVEL="debug") as bot:
        group = a_group(bot)
        one = newcomer(group)
        seat = await seated(bot, group["general"], one)
        bot.discord.faults.add("500", "POST /channels", times=2)
        await seat.answers(f"{WORDS}, by the modal.")
        await one.says(seat.where, f"{WORDS}, by a reply.", reply_to=seat.on)
        await seat.asked()
        await one.says(seat.where, "", files=[(f"{WORDS}.exe", WORDS.encode())], mentions=[bot.discord.bot])
        await one.slash(seat.where, "dispute", why=WORDS)
        await one.slash(seat.where, "report", interview=WORDS)
        await one.slash(seat.where, "predict", experiment=WORDS)
        await one.slash(seat.where, "link", code=WORDS)
        await one.slash(seat.where, "end")
        await seat.where.waits_for(lambda message: "My report" in message.buttons, seconds=30)
        await until(lambda: "set apart from garbage collection" in bot.log())
        said = bot.said() + bot.log()
        assert await bot.stop() == 0
        token = bot.discord.token
    assert '"level": "INFO"' in said
    for secret in (*WORDS.split(), token, str(one.user.id)):
        assert secret not in said, [line for line in said.splitlines() if secret in line]


async def test_the_password_of_a_database_that_is_not_there_is_not_said(tmp_path):
    url = f"postgresql://viva:zebrafinch@127.0.0.1:{free_port()}/viva"
    code, said = await refused(tmp_path, DISCORD_TOKEN="quokka", VIVA_DATABASE_URL=url, VIVA_LOG_LEVEL="debug")
    log = tmp_path / "viva.log"
    said += log.read_text(encoding="utf-8") if log.exists() else ""
    assert code == 1 and "zebrafinch" not in said and "quokka" not in said
