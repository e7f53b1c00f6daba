"""Files that people attach: programs are read, pictures are not. Discord's server of files is the only one asked."""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp
import discord

from bot.errors import VivaError, WrongUsage
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


class NotFetched(VivaError):
    """A file could not be had from Discord."""


class Attachments:
    """Reads what was attached."""

    def __init__(self, client: discord.Client, desk: Desk) -> None:
        self._client = client
        self._desk = desk

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
        """The bytes of a picture; WrongUsage where it is too large to be kept."""
        if file.size > LARGEST_DOCUMENT:
            raise WrongUsage(f"{coded(file.name)} is larger than {LARGEST_DOCUMENT >> 20} MiB, and was not kept.")
        return await self.fetched(file)

    async def document(self, file: Attached) -> bytes:
        """A document for interviews to be about; WrongUsage where it is too large to be fetched."""
        if file.size > LARGEST_DOCUMENT:
            raise WrongUsage(f"{coded(file.name)} is larger than {LARGEST_DOCUMENT >> 20} MiB. Split it.")
        return await self.fetched(file)

    async def fetched(self, file: Attached) -> bytes:
        """The bytes of a file; NotFetched where Discord does not give them."""
        try:
            return await bytes_of(self._client, file.url)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise NotFetched(f"{coded(file.name)} could not be had from Discord. Please send it again.") from error
