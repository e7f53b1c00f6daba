"""What a message gives: its words with those of texts attached to it, a program, pictures. It answers nobody: what is
to be said about the files comes along."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import discord

from bot.errors import VivaError
from bot.surfaces.discord import words
from bot.surfaces.discord.attachments import PICTURES, PROGRAMS, Attachments
from bot.surfaces.discord.desk import Desk
from bot.surfaces.discord.escaping import blank, coded
from bot.surfaces.discord.modals import Attached

TEXTS = (".md", ".txt")
#: Characters of an answer: far more than anybody says to a question, and what is marked while they wait.
LONGEST_ANSWER = 20_000


@dataclass(frozen=True)
class Contents:
    """The words and the program of a message, sentences on its other files, and what was wrong with the first of them
    that could not be taken."""

    text: str
    code: str | None = None
    program: str = ""
    notices: tuple[str, ...] = ()
    wrong: VivaError | None = None

    @property
    def empty(self) -> bool:
        """True where there is nothing to be taken as an answer."""
        return self.code is None and blank(self.text)


async def contents(attachments: Attachments, files: Sequence[Attached], text: str) -> Contents:
    """What a message of these words and files gives; pictures are looked at apart."""
    found = Contents(text)
    for file in files:
        try:
            found = await _with(found, attachments, file)
        except VivaError as error:
            found = replace(found, wrong=found.wrong or error, notices=(*found.notices, str(error)))
    if len(found.text) > LONGEST_ANSWER:
        cut = words.CUT_TEXT.format(most=LONGEST_ANSWER)
        found = replace(found, text=found.text[:LONGEST_ANSWER], notices=(*found.notices, cut))
    if found.wrong is not None and not found.empty:
        found = replace(found, notices=(*found.notices, words.BESIDE_A_FILE))
    return found


async def _with(found: Contents, attachments: Attachments, file: Attached) -> Contents:
    name = file.name.lower()
    if name.endswith(PICTURES):
        return found
    if name.endswith(TEXTS):
        return replace(found, text=f"{found.text}\n{await attachments.text(file)}".strip())
    if not name.endswith(PROGRAMS):
        return replace(found, notices=(*found.notices, words.NOT_LOOKED_AT.format(name=coded(file.name))))
    if found.program:
        two = words.ONE_PROGRAM.format(taken=coded(found.program), left=coded(file.name))
        return replace(found, notices=(*found.notices, two))
    code, notices = await attachments.program(file)
    return replace(found, code=code, program=file.name, notices=(*found.notices, *notices))


async def pictures(attachments: Attachments, desk: Desk, session: str, message: discord.Message) -> Sequence[str]:
    """Keeps the pictures of a message; a sentence on each that was not kept before."""
    said = []
    for file in files_of(message):
        if not file.name.lower().endswith(PICTURES):
            continue
        try:
            data = await attachments.picture(file)
            if await desk.keep_picture(session, str(message.id), file.name, data):
                said.append(words.NO_PICTURES.format(name=coded(file.name)))
        except VivaError as error:
            said.append(str(error))
        except OSError as error:
            logging.getLogger(__name__).warning(
                "a picture was not kept: %s", error.strerror or type(error).__name__, extra={"session": session}
            )
            said.append(words.PICTURE_NOT_KEPT.format(name=coded(file.name)))
    return said


def files_of(message: discord.Message) -> list[Attached]:
    """The files of a message."""
    return [Attached(one.filename, one.size, one.url) for one in message.attachments]
