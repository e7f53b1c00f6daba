"""A file that does not come is waited for no longer than anybody waits."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from bot.surfaces.discord.attachments import Attachments, NotFetched
from bot.surfaces.discord.modals import Attached


class Files:
    """A server of files that never answers."""

    async def get_from_cdn(self, url: str) -> bytes:
        await asyncio.Event().wait()
        raise AssertionError(url)


async def test_a_file_that_does_not_come_in_time_is_not_waited_for():
    attachments = Attachments(SimpleNamespace(http=Files()), SimpleNamespace(), patience=0.01)  # type: ignore[arg-type]
    with pytest.raises(NotFetched, match=r"`notes\.md` could not be had from Discord"):
        await attachments.text(Attached("notes.md", 10, "https://cdn.discordapp.com/notes.md"))
    with pytest.raises(NotFetched, match="in words what it shows"):
        await attachments.picture(Attached("net.png", 10, "https://cdn.discordapp.com/net.png"))
