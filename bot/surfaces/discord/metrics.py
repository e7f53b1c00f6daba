"""What `viva serve` counts, for Prometheus, and whether it is well: both served over HTTP on 127.0.0.1 alone.

It counts where it is told, and decides nothing. No label and no answer holds an id or a word of anybody's.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import platform
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.errors import VivaError

if TYPE_CHECKING:
    from bot.surfaces.discord.client import VivaBot

HOST = "127.0.0.1"
#: Seconds that the store has to answer a check of health.
PATIENCE = 2.0
KINDS: Mapping[discord.InteractionType, str] = {
    discord.InteractionType.application_command: "command",
    discord.InteractionType.autocomplete: "autocomplete",
    discord.InteractionType.component: "button",
    discord.InteractionType.modal_submit: "modal",
}
DEFERRED = (
    discord.InteractionResponseType.deferred_channel_message,
    discord.InteractionResponseType.deferred_message_update,
)
#: Seconds: Discord gives up on an interaction after three.
ACKNOWLEDGING = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
WORKING = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
ARRIVED = "viva-arrived"


class PortTaken(VivaError):
    """Health and metrics cannot be served where they were asked for; the message says what to do."""


class Metrics:
    """The figures of one process. `clock` is in seconds."""

    def __init__(self, version: str, clock: Callable[[], float] = time.perf_counter) -> None:
        self.registry = CollectorRegistry()
        self._clock = clock
        self._bot: VivaBot | None = None
        self._shards: set[int] = set()
        ProcessCollector(registry=self.registry)
        built = {"version": version, "python": platform.python_version(), "discord_py": discord.__version__}
        self._gauge("build_info", "What runs; always 1.", *built).labels(**built).set(1)
        self._of_discord()
        self._of_candidates()
        self._as_it_stands()

    def _of_discord(self) -> None:
        self._interactions = self._counter("interactions", "Interactions that came in.", "kind")
        how = "How interactions were answered first: answered, deferred, failed (Discord took no answer)."
        self._acknowledged = self._counter("acknowledgements", how, "kind", "outcome")
        how = "From an interaction's coming in to Discord's having its first answer."
        self._acknowledging = self._histogram("acknowledgement_seconds", how, ACKNOWLEDGING, "kind")
        self._messages = self._counter(
            "messages", "Messages of interviews: sent, moved (elsewhere), failed.", "outcome"
        )
        self._requests = self._counter("discord_requests", "Requests to Discord's API.", "method", "status")
        self._limited = self._counter("rate_limits", "Rate limits met (429), by their scope.", "scope")
        how = "What became of gateway connections: connected, resumed, disconnected."
        self._gateway = self._counter("gateway_events", how, "event")

    def _of_candidates(self) -> None:
        how = "From the beginning of a turn to what the candidate can answer, runs of programs included."
        self._turns = self._histogram("turn_seconds", how, WORKING)
        self._judging = self._histogram("grading_seconds", "Judging one part of an answer.", WORKING)
        self._judged = self._counter("gradings", "Parts of answers: graded, not_graded, outage.", "outcome")
        self._runs = self._counter("lab_runs", "Programs that left the lab, by what came of them.", "status")
        self._running = self._histogram(
            "lab_run_seconds", "From handing in to the outcome, queueing included.", WORKING
        )
        self._programs = self._gauge("lab_programs", "Programs in the lab now: waiting, running.", "state")

    def _as_it_stands(self) -> None:
        """What is looked up when somebody asks."""
        working = self._gauge("sittings_working", "Interviews that are being worked on now.")
        working.set_function(lambda: self._bot.sittings.working if self._bot else 0)
        servers = self._gauge("servers", "Servers that the bot is on.")
        servers.set_function(lambda: len(self._bot.guilds) if self._bot else 0)
        connected = self._gauge("gateway_connected", "Shards that are connected to the gateway.")
        connected.set_function(lambda: len(self._shards))

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"viva_{name}", says, labels, registry=self.registry)

    def _gauge(self, name: str, says: str, *labels: str) -> Gauge:
        return Gauge(f"viva_{name}", says, labels, registry=self.registry)

    def _histogram(self, name: str, says: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"viva_{name}", says, labels, buckets=buckets, registry=self.registry)

    # What happens in Discord.

    def watch(self, bot: VivaBot) -> None:
        """Counts from now on what happens to this bot's connections; of it alone, should there have been another."""
        self._bot, self._shards = bot, set()

        async def connected(shard: int) -> None:
            self._gateway.labels("connected").inc()
            self._shards.add(shard)

        async def resumed(shard: int) -> None:
            self._gateway.labels("resumed").inc()
            self._shards.add(shard)

        async def disconnected(shard: int) -> None:
            self._gateway.labels("disconnected").inc()
            self._shards.discard(shard)

        for event, heard in (("connect", connected), ("resumed", resumed), ("disconnect", disconnected)):
            bot.add_listener(heard, f"on_shard_{event}")

    def trace(self) -> aiohttp.TraceConfig:
        """What the library's HTTP client tells of each request."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._requested)
        return trace

    async def _requested(self, session: Any, context: Any, ended: aiohttp.TraceRequestEndParams) -> None:
        status, headers = ended.response.status, ended.response.headers
        self._requests.labels(ended.method, str(status)).inc()
        if status == 429:
            scope = headers.get("X-RateLimit-Scope", "")
            self._limited.labels(scope if scope in ("user", "global", "shared") else "other").inc()

    def came(self, interaction: discord.Interaction[Any]) -> None:
        """An interaction came in."""
        self._interactions.labels(_kind(interaction)).inc()
        self.arrived(interaction)

    def arrived(self, interaction: discord.Interaction[Any]) -> float:
        """When it came in, as far as anybody has seen it."""
        moment: float = interaction.extras.setdefault(ARRIVED, self._clock())
        return moment

    def answered(self, interaction: discord.Interaction[Any]) -> None:
        """An interaction has its first answer."""
        kind, deferred = _kind(interaction), interaction.response.type in DEFERRED
        self._acknowledged.labels(kind, "deferred" if deferred else "answered").inc()
        self._acknowledging.labels(kind).observe(self._clock() - self.arrived(interaction))

    def unanswered(self, interaction: discord.Interaction[Any]) -> None:
        """Discord took no first answer."""
        self._acknowledged.labels(_kind(interaction), "failed").inc()

    def sent(self, outcome: str) -> None:
        """A message of an interview was sent, moved elsewhere, or failed."""
        self._messages.labels(outcome).inc()

    # What is done for candidates.

    def turn(self, seconds: float) -> None:
        """A turn's words are said, so long after it began."""
        self._turns.observe(seconds)

    def graded(self, seconds: float, outcome: str) -> None:
        """A part of an answer was judged: graded, not_graded or outage."""
        self._judged.labels(outcome).inc()
        self._judging.observe(seconds)

    def ran(self, seconds: float, status: str) -> None:
        """A program left the lab."""
        self._runs.labels(status).inc()
        self._running.observe(seconds)

    def in_the_lab(self, waiting: int, running: int) -> None:
        """So many programs wait and run."""
        self._programs.labels("waiting").set(waiting)
        self._programs.labels("running").set(running)

    # How it is.

    def unwell(self) -> str | None:
        """Why nobody could be interviewed now, as far as Discord goes; None where all is well."""
        bot = self._bot
        if bot is None:
            return "Discord was not reached yet."
        if bot.ending:
            return "It is being ended."
        if len(self._shards) < (bot.shard_count or 1):
            return f"It is not connected to Discord ({len(self._shards)} of {bot.shard_count or 1} shards)."
        return None


def _kind(interaction: discord.Interaction[Any]) -> str:
    return KINDS.get(interaction.type, "other")


@contextlib.asynccontextmanager
async def served(metrics: Metrics, port: int | None, store: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Serves /metrics and /healthz for the block; without a port, nothing. `store` asks the store something small."""
    if port is None:
        yield
        return

    async def figures(request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def health(request: web.Request) -> web.Response:
        why = metrics.unwell() or await _unanswered(store)
        return web.Response(status=503 if why else 200, text=f"{why or 'ok'}\n")

    app = web.Application()
    app.router.add_get("/metrics", figures)
    app.router.add_get("/healthz", health)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError as error:
            why = os.strerror(error.errno or 0)
            raise PortTaken(
                f"Health and metrics cannot be served on port {port} of {HOST} ({why}). Another program, "
                "another `viva serve` say, may use it: end that, give VIVA_METRICS_PORT another number, or unset it."
            ) from None
        yield
    finally:
        await runner.cleanup()


async def _unanswered(store: Callable[[], Awaitable[object]]) -> str | None:
    """Why the store does not answer; None where it does."""
    try:
        await asyncio.wait_for(store(), PATIENCE)
    except TimeoutError:
        return f"The database does not answer within {PATIENCE:.0f} seconds."
    except VivaError as error:
        return str(error)
    return None
