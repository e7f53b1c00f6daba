"""The log: JSON lines in the data folder; for `viva serve` on standard error as well. It names no secret and nobody.

What is logged is chosen where it is logged. Beyond that, errors are put down by their kind unless Viva worded them
itself from what the machine did, tracebacks are places alone, and secrets and accounts' numbers are struck out wherever
they turn up.
"""

from __future__ import annotations

import logging
import logging.handlers
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import unquote, urlsplit

from bot.errors import BadCorpus, CodeUnreadable, DocumentUnreadable, VivaError, WrongUsage
from bot.settings import Settings

if TYPE_CHECKING:
    from pythonjsonlogger.json import JsonFormatter

LOG_BYTES = 1_000_000
#: What says these may quote what somebody typed, named or attached.
QUOTING = (WrongUsage, BadCorpus, CodeUnreadable, DocumentUnreadable)
#: Other packages' loggers, and the least that is heard of them: what they say at `debug` are the words themselves.
#: What a bot without voice and prefix commands is warned of is not worth a line.
LEAST: Mapping[str, int] = {
    "discord": logging.WARNING,
    "discord.client": logging.ERROR,
    "discord.ext.commands.bot": logging.ERROR,
    "asyncio": logging.INFO,
}
STRUCK = "[secret]"
#: A number of Discord's, which may be somebody's account; that of the application, in an invitation, is nobody's.
NUMBER = re.compile(r"(?<![0-9A-Za-z])(?<!client_id=)[0-9]{17,20}(?![0-9A-Za-z])")
#: In addresses: what lets its bearer answer in the bot's name for a quarter of an hour.
ANSWERED = re.compile(r"(/(?:webhooks|interactions)/)[^\s\"?]+")
#: The priorities by which a reader of systemd's journal chooses (sd-daemon(3)).
PRIORITIES = ((logging.ERROR, "<3>"), (logging.WARNING, "<4>"), (logging.INFO, "<6>"), (0, "<7>"))
#: So many steps of a traceback are kept, the last ones.
MOST_STEPS = 20

Change = Callable[[str], str]


def start_log(settings: Settings, home: Path) -> None:
    """Sends the log of Viva's own modules to a file in the data folder."""
    logger = logging.getLogger("bot")
    logger.setLevel(settings.log_level.upper())
    _add(logger, _file(home), _json_lines(_striking(settings)))


def start_serving_log(
    settings: Settings, home: Path, stderr: TextIO | None = None, environment: Mapping[str, str] = os.environ
) -> None:
    """The same for everything in the process, and on standard error too.

    There it is sentences for a person at a terminal and in systemd's journal, which adds time and priority by itself;
    JSON lines for whatever else collects it.
    """
    stream = stderr or sys.stderr
    level = logging.getLevelName(settings.log_level.upper())
    root, strike = logging.getLogger(), _striking(settings)
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger("bot").setLevel(level)
    for name, least in LEAST.items():
        logging.getLogger(name).setLevel(max(level, least))
    journal = bool(environment.get("JOURNAL_STREAM"))
    _add(root, _file(home), _json_lines(strike))
    readable = stream.isatty() or journal
    _add(root, logging.StreamHandler(stream), Sentences(strike, journal) if readable else _json_lines(strike))


def _add(logger: logging.Logger, handler: logging.Handler, formatter: logging.Formatter) -> None:
    handler.setFormatter(formatter)
    logger.addHandler(handler)
    logging.raiseExceptions = False  # a full disk must not write into the chat


def _file(home: Path) -> logging.Handler:
    return ClosedFile(home / "viva.log", maxBytes=LOG_BYTES, backupCount=1, delay=True, encoding="utf-8")


def _worded(record: logging.LogRecord) -> logging.LogRecord:
    """The record with its errors as `spoken` words them; a copy, for others may read it too."""
    if not isinstance(record.args, tuple) or not any(isinstance(one, BaseException) for one in record.args):
        return record
    worded = logging.makeLogRecord(vars(record))
    worded.args = tuple(spoken(one) if isinstance(one, BaseException) else one for one in record.args)
    return worded


def spoken(error: BaseException) -> str:
    """An error as the log may say it: in Viva's own words where they quote nobody, else its kind."""
    if isinstance(error, VivaError) and not isinstance(error, QUOTING):
        return str(error)
    number = getattr(error, "status", None) or getattr(error, "errno", None)
    return type(error).__name__ + (f" {number}" if isinstance(number, int) else "")


def traced(error: BaseException | None) -> list[str]:
    """Where an error came from: kinds and places, and nothing that it says."""
    lines: list[str] = []
    while error is not None:
        lines += [spoken(error), *_steps(error.__traceback__)]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def _steps(trace: TracebackType | None) -> list[str]:
    steps = []
    while trace is not None:
        code = trace.tb_frame.f_code
        steps.append(f"{'/'.join(Path(code.co_filename).parts[-3:])}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return steps[-MOST_STEPS:]


class ClosedFile(logging.handlers.RotatingFileHandler):
    """A log that is nobody else's to read, from its first line."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "a", encoding=self.encoding)


class Sentences(logging.Formatter):
    """A line for a person: what happened; in the journal with its priority."""

    def __init__(self, strike: Change, journal: bool) -> None:
        super().__init__()
        self._strike = strike
        self._journal = journal

    def format(self, record: logging.LogRecord) -> str:
        session, error = getattr(record, "session", None), record.exc_info and record.exc_info[1]
        text = _worded(record).getMessage() + (f" (interview {session})" if session else "")
        line = self._strike(text + (f": {spoken(error)}" if error else "")).replace("\n", " ")
        first = next(mark for level, mark in PRIORITIES if record.levelno >= level) if self._journal else "viva: "
        return first + line


def _json_lines(strike: Change) -> JsonFormatter:
    from pythonjsonlogger.json import JsonFormatter

    class Lines(JsonFormatter):
        """A record as an object: at, level, logger, message, and session, error, trace where there are any."""

        def formatException(self, ei: Any) -> list[str]:  # type: ignore[override]  # as the base class has it
            return traced(ei[1])

        def format(self, record: logging.LogRecord) -> str:
            return strike(super().format(_worded(record)))

    names = {"levelname": "level", "name": "logger", "exc_info": "trace"}
    return Lines(["levelname", "name", "message"], rename_fields=names, timestamp="at", json_ensure_ascii=False)


def _striking(settings: Settings) -> Change:
    """Strikes out what must be in no log: secrets, and who anybody is."""
    secrets = sorted(set(_secrets(settings)), key=len, reverse=True)

    def strike(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, STRUCK)
        return NUMBER.sub("[id]", ANSWERED.sub(rf"\1{STRUCK}", text))

    return strike


def _secrets(settings: Settings) -> Iterable[str]:
    if settings.discord_token is not None and (token := settings.discord_token.get_secret_value().strip()):
        yield token
    if settings.openai_api_key is not None and (key := settings.openai_api_key.get_secret_value().strip()):
        yield key
    for url in (settings.database_url, settings.chroma_url, settings.openai_base_url):
        try:
            password = urlsplit(url or "").password
        except ValueError:  # it is refused in its own place, unquoted
            continue
        if password:
            yield from (password, unquote(password))
