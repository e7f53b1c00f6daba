"""Health and metrics over HTTP, and that no label names anybody. What fills them is driven in test_serving."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from bot.errors import StoreBroken
from bot.surfaces.discord.metrics import Metrics, PortTaken, served

#: Every label there is. A new one is entered here by somebody who has thought about what it may hold.
LABELS = {"kind", "outcome", "method", "status", "scope", "event", "state", "version", "python", "discord_py", "le"}


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


async def got(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


async def well() -> None:
    """A store that answers."""


def sockets() -> set[str]:
    """The sockets that this process has open."""
    found = set()
    for one in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the folder's own
            found.add(str(one.readlink()))
    return {target for target in found if target.startswith("socket:")}


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process can list what it has open")
async def test_without_a_port_nothing_is_served() -> None:
    before = sockets()
    async with served(Metrics("1"), None, well):
        assert sockets() == before
    async with served(Metrics("1"), free_port(), well):
        assert sockets() > before, "with one there is"


async def test_the_figures_are_in_the_format_that_prometheus_reads() -> None:
    from prometheus_client.parser import text_string_to_metric_families as families

    metrics, port = Metrics("1.2.3"), free_port()
    metrics.graded(0.2, "graded")
    metrics.ran(3.0, "measured")
    metrics.in_the_lab(2, 1)
    metrics.turn(0.4)
    metrics.sent("sent")
    async with served(metrics, port, well):
        status, text = await got(port, "/metrics")
    samples = {(s.name, *sorted(s.labels.values())): s.value for family in families(text) for s in family.samples}
    assert status == 200
    assert samples["viva_gradings_total", "graded"] == 1 and samples["viva_grading_seconds_sum",] == 0.2
    assert samples["viva_lab_runs_total", "measured"] == 1 and samples["viva_lab_programs", "waiting"] == 2
    assert samples["viva_turn_seconds_count",] == 1 and samples["viva_messages_total", "sent"] == 1
    assert any(name[0] == "viva_build_info" and "1.2.3" in name for name in samples)


def test_no_label_names_anybody() -> None:
    names = {label for family in Metrics("1").registry.collect() for s in family.samples for label in s.labels}
    declared = {name for metric in vars(Metrics("1")).values() for name in getattr(metric, "_labelnames", ())}
    assert names | declared <= LABELS | {"le"}


async def test_each_process_has_figures_of_its_own() -> None:
    one, other = Metrics("1"), Metrics("1")
    one.sent("sent")
    assert other.registry.get_sample_value("viva_messages_total", {"outcome": "sent"}) is None


async def test_health_says_what_is_wrong_before_discord_is_reached() -> None:
    port = free_port()
    async with served(Metrics("1"), port, well):
        assert await got(port, "/healthz") == (503, "Discord was not reached yet.\n")


async def no_answer() -> None:
    await asyncio.sleep(60)


async def broken() -> None:
    raise StoreBroken("The disk is full.")


class Connected(Metrics):
    """Figures of a bot that is connected."""

    def unwell(self) -> str | None:
        return None


@pytest.mark.parametrize(
    ("store", "status", "text"),
    [
        (well, 200, "ok\n"),
        (broken, 503, "The disk is full.\n"),
        (no_answer, 503, "The database does not answer within 2 seconds.\n"),
    ],
)
async def test_health_asks_the_store(store: Callable[[], Awaitable[None]], status: int, text: str) -> None:
    port = free_port()
    async with served(Connected("1"), port, store):
        assert await got(port, "/healthz") == (status, text)


async def test_a_port_in_use_is_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"port {port} .*VIVA_METRICS_PORT"):
            async with served(Metrics("1"), port, well):
                pass


async def test_nobody_outside_this_machine_is_answered() -> None:
    port = free_port()
    async with served(Metrics("1"), port, well):
        for address in {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)}:
            if not str(address).startswith("127."):
                with socket.socket() as asked, pytest.raises(OSError):
                    asked.settimeout(2)
                    asked.connect((address, port))
