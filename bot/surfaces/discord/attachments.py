"""Files that people attach: programs are read, pictures are not. Discord's server of files is the only one asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import aiohttp
import discord

from bot.errors import VivaError, WrongUsage
from bot.surfaces.discord import words
from bot.surfaces.discord.desk import Desk
from bot.surfaces.discord.escaping import coded
from bot.surfaces.discord.internals import bytes_of
from bot.surfaces.discord.modals import Attached

#: Bytes: more than any program, and what a notebook with its pictures may have.
LARGEST_PROGRAM = 64 * 1024
LARGEST_NOTEBOOK = 8 * 1024 * 1024
LARGEST_TEXT = 1_000_000
LARGEST_DOCUMENT = 8 * 1024 * 1024
#: Characters of a job description: more than any has, and what can be looked through while somebody waits.
LONGEST_JOB = 50_000
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".bmp", ".svg")
PROGRAMS = (".py", ".ipynb", ".txt")
#: Seconds for a file to come, and before it is asked for once more where Discord could not give it for a moment.
PATIENCE = 20.0
AGAIN = 0.5


class NotFetched(VivaError):
    """A file could not be had from Discord."""


class Attachments:
    """Reads what was attached."""

    def __init__(self, client: discord.Client, desk: Desk, patience: float = PATIENCE) -> None:
        self._client = client
        self._desk = desk
        self._patience = patience

    async def program(self, file: Attached) -> tuple[str, Sequence[str]]:
        """The program in a file, and what was left out of it; WrongUsage where it is none."""
        largest = LARGEST_NOTEBOOK if file.name.lower().endswith(".ipynb") else LARGEST_PROGRAM
        if not file.name.lower().endswith(PROGRAMS):
            raise WrongUsage(f"{coded(file.name)} is no program: attach a .py file or a notebook (.ipynb).")
        if file.size > largest:
            size = f"{coded(file.name)} has {file.size / 1024:,.0f} KiB"
            raise WrongUsage(f"{size}; a program may have {largest // 1024:,}. Hand in the part that matters.")
        return await self._desk.program(file.name, await self.fetched(file))

    async def text(self, file: Attached) -> str:
        """The words of a text file; WrongUsage where it holds none."""
        if file.size > LARGEST_TEXT:
            raise WrongUsage(f"{coded(file.name)} is too large: give the page or two that matter as a text file.")
        try:
            text = (await self.fetched(file)).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise WrongUsage(f"{coded(file.name)} is no plain text: save it as .txt or .md.") from None
        if not text.strip():
            raise WrongUsage(f"{coded(file.name)} is empty.")
        return text

    async def job(self, file: Attached) -> str:
        """The words of a job description; WrongUsage where it is longer than any."""
        text = await self.text(file)
        if len(text) > LONGEST_JOB:
            long = f"{coded(file.name)} has {len(text):,} characters; a job description may have {LONGEST_JOB:,}."
            raise WrongUsage(f"{long} Attach the page or two that say what is wanted.")
        return text

    async def picture(self, file: Attached) -> bytes:
        """The bytes of a picture; WrongUsage where it is too large to be kept, NotFetched where it cannot be had."""
        if file.size > LARGEST_DOCUMENT:
            raise WrongUsage(words.LARGE_PICTURE.format(name=coded(file.name), most=LARGEST_DOCUMENT >> 20))
        try:
            return await self.fetched(file)
        except NotFetched as error:
            raise NotFetched(words.PICTURE_NOT_HAD.format(name=coded(file.name))) from error

    async def document(self, file: Attached) -> bytes:
        """A document for interviews to be about; WrongUsage where it is too large to be fetched."""
        if file.size > LARGEST_DOCUMENT:
            raise WrongUsage(f"{coded(file.name)} is larger than {LARGEST_DOCUMENT >> 20} MiB. Split it.")
        return await self.fetched(file)

    async def fetched(self, file: Attached) -> bytes:
        """The bytes of a file, all of them; NotFetched where Discord does not give them, or not in time."""
        try:
            async with asyncio.timeout(self._patience):
                data = await self._tried(file)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise NotFetched(words.NOT_HAD.format(name=coded(file.name))) from error
        if len(data) != file.size:
            raise NotFetched(words.NOT_HAD.format(name=coded(file.name)))
        return data

    async def _tried(self, file: Attached) -> bytes:
        """The file, asked for once more where that may help."""
        try:
            return await bytes_of(self._client, file.url)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            if isinstance(error, TimeoutError) or getattr(error, "status", 500) < 500:
                raise
        await asyncio.sleep(AGAIN)
        return await bytes_of(self._client, file.url)
