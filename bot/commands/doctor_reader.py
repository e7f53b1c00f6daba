"""What `viva doctor` finds of the reader of whole answers: whether it works. Where none ships it has nothing to say."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.doctor import Finding
from bot.errors import VivaError
from bot.ports.reading import AnswerReader
from bot.settings import Settings

MEND = "Until then answers in words are not graded."


def reader_findings(settings: Settings) -> Iterator[Finding]:
    """One finding on the reader that ships with this release, if any."""
    from bot.app.bank import open_reader

    reader = open_reader(settings.home.expanduser())
    if reader is not None:
        yield reader_finding(reader)


def reader_finding(reader: AnswerReader) -> Finding:
    """Whether it reads a sentence."""
    try:
        reader.read("What is a gradient?", ["It points uphill."], "The direction of steepest ascent.")
    except VivaError as error:
        return Finding("reader", "warn", str(error), MEND)
    return Finding("reader", "ok", f"{reader.name}, works.")
