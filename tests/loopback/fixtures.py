"""What tests that talk over the loopback share; a conftest imports it. Which bot talks is each test's choice."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.loopback.server import Loopback


@pytest.fixture
async def discord() -> AsyncIterator[Loopback]:
    """A Discord of one's own. What a bot sent that Discord would not take fails the test, unless it says why it may:
    `discord.complaints.clear()`.
    """
    async with Loopback.running() as running:
        yield running
        wrong = [f"{one.request}: {one.wrong}" for one in running.complaints]
    assert not wrong, "Discord would not have taken:\n" + "\n".join(wrong)
