"""What was typed and not yet heard: on disk as it is typed, so that no Ctrl-C, crash or kill loses it.

A message that is being sent is kept with its id, so that it can be sent once more without being heard twice.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.surfaces.terminal.private import write_private

#: A short text is written at every key: that takes 0.2 ms. A long one at most once in so many seconds.
SHORT = 4_000
INTERVAL = 0.1


@dataclass(frozen=True)
class Draft:
    """Unsent text; with an `id` it was on its way to the question named when it was last seen."""

    text: str
    code: str | None = None
    id: str | None = None
    question: str | None = None


class Drafts:
    """The draft of one session; without a path nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._failure: OSError | None = None
        self._told = False
        self._waiting: asyncio.TimerHandle | None = None
        self._written = 0.0
        self._latest = ""

    def load(self) -> Draft | None:
        """What was left behind, if anything. A damaged file counts as none."""
        if self._path is None:
            return None
        try:
            held = json.loads(self._path.read_text("utf-8"))
            draft = Draft(str(held["text"]), held.get("code"), held.get("id"), held.get("question"))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return draft if draft.text.strip() or draft.code else None

    def typed(self, text: str) -> None:
        """Keeps the text as it stands now, at once or a moment later."""
        loop = asyncio.get_running_loop()
        self._latest = text
        if self._waiting is not None:
            return
        wait = self._written + INTERVAL - loop.time()
        if len(text) <= SHORT or wait <= 0:
            self._keep()
        else:
            self._waiting = loop.call_later(wait, self._keep)

    def sending(self, draft: Draft) -> None:
        """Keeps a message while it is being sent."""
        self._stop()
        self._write(draft)

    def clear(self) -> None:
        """Forgets the draft: its words are in the log."""
        self._stop()
        if self._path is None:
            return
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            self._failure = error

    def close(self) -> None:
        """Writes what still waits to be written."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._keep()

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _keep(self) -> None:
        self._waiting = None
        self._written = asyncio.get_running_loop().time()
        self._write(Draft(self._latest))

    def _write(self, draft: Draft) -> None:
        if self._path is None:
            return
        try:
            write_private(self._path, json.dumps({"v": 1, **asdict(draft)}))
        except OSError as error:
            self._failure = error

    def trouble(self) -> str | None:
        """What is wrong with the disk, in a sentence and once; None when all is well."""
        if self._failure is None or self._told:
            return None
        self._told = True
        return f"What you type cannot be kept before you send it: {self._failure.strerror}. What you send is kept."
