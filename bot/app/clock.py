"""Whether the clock of this machine can be trusted by a process that serves: one that jumped must not delete anything.

What is looked at is a file of two times, which is written at each look: at the start of the process, and once a day.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from pathlib import Path

from bot.app.closed import write_closed
from bot.app.records import TRUSTED_DAYS

FILE = "clock.json"
#: For so many days the looks must have followed each other without a jump. A clock that is wrong when a machine starts
#: is put right by the network in that time; nor would Discord be reached by one that is years off.
STEADY_DAYS = 3
#: A clock is put back by less than this without having been wrong.
BACK = timedelta(minutes=10)


def steady(home: Path, now: datetime) -> bool:
    """Notes the time; True where it has gone on steadily for long enough, with no gap longer than TRUSTED_DAYS."""
    since, seen = _read(home / FILE) or (now, now)
    if not -BACK <= now - seen <= timedelta(days=TRUSTED_DAYS):
        since = now
    try:
        _write(home / FILE, since, now)
    except OSError as error:
        logging.getLogger(__name__).warning("the time could not be noted in %s: %s", home / FILE, error.strerror)
        return False
    return now - since >= timedelta(days=STEADY_DAYS)


def _read(file: Path) -> tuple[datetime, datetime] | None:
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
        return datetime.fromisoformat(held["since"]), datetime.fromisoformat(held["seen"])
    except (OSError, ValueError, KeyError, TypeError):  # the first look, or a file that somebody else wrote
        return None


def _write(file: Path, since: datetime, seen: datetime) -> None:
    write_closed(file, json.dumps({"since": since.isoformat(), "seen": seen.isoformat()}))
