"""What tests here share: the loopback Discord, and a bot that serves in one for all tests of a module."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.loopback.fixtures import discord as discord
from tests.surfaces.discord.seats import undisturbed
from tests.surfaces.discord.serving import Served, served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """`viva serve`, the same for all tests of a module: what one of them does must not hurt the others."""
    async with served(tmp_path_factory.mktemp("home")) as serving:
        serving.discord.rates.on = False  # people here answer faster than people do
        yield serving


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(bot: Served) -> list[str]:
    """What the course comes to when nothing goes wrong."""
    return await undisturbed(bot)
