"""kill -9 at random moments of one sitting, duplicates, two processes on one session: nothing lost, nothing twice."""

from __future__ import annotations

import contextlib
import json
import os
import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.candidates import Chat, start

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")]

KILLS = 50
ANSWER = "It is a linear classifier with weights and a bias, number {n}, and it learns from labelled examples."


class Sitting:
    """One interview over many processes. `kept` holds the ids that were said to be kept, `said` all that came out."""

    def __init__(self, home: Path, settings: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.settings = settings
        self.kept: list[str] = []
        self.said: list[dict[str, Any]] = []
        self.sent: dict[str, str] = {}
        self.session = ""
        self._chat: Chat | None = None
        self._reader: threading.Thread | None = None

    def open(self) -> list[dict[str, Any]]:
        """A new process, that goes on where the last one was killed; what it says up to its first turn."""
        before = len(self.said)
        flags = ("--resume", self.session) if self.session else ("--flow", "opengenus", "--seed", "7")
        chat = start(self.home, *flags, settings=self.settings)
        self._chat, self._reader = chat, threading.Thread(target=self._read, args=(chat,))
        self._reader.start()
        wait_for(lambda: any(told["type"] == "turn" for told in self.said[before:]), "a turn")
        return self.said[before:]

    def send(self, message_id: str, text: str) -> None:
        """Sends a message; a process that is gone does not hear it."""
        assert self._chat is not None
        self.sent.setdefault(message_id, text)
        with contextlib.suppress(OSError):
            self._chat.send(id=message_id, text=text)

    def kill(self) -> None:
        """kill -9, and all that was said before it is taken in."""
        if self._chat is not None and self._reader is not None:
            self._chat.process.kill()
            self._chat.process.wait()
            self._reader.join()
            with contextlib.suppress(OSError):
                self._chat.finish()
            self._chat = None

    def _read(self, chat: Chat) -> None:
        assert chat.process.stdout is not None
        for line in chat.process.stdout:
            if not line.endswith("\n"):
                return  # cut off by the kill
            told = json.loads(line)
            self.said.append(told)
            if told["type"] == "kept":
                self.kept.append(told["id"])
            self.session = told.get("session") or self.session


@pytest.fixture
def sitting(tmp_path):
    """A sitting none of whose processes outlives the test."""
    made = Sitting(tmp_path)
    yield made
    made.kill()


def test_fifty_kills_lose_nothing_and_repeat_nothing(sitting):
    dice = random.Random(20)
    sitting.open()
    for number in range(KILLS):
        text = "how many are left?" if number % 4 else ANSWER.format(n=number)
        sitting.send(f"m{number}", text)
        time.sleep(dice.uniform(0.0, 0.12) if dice.random() < 0.7 else dice.uniform(0.0, 1.2))
        sitting.kill()
        heard = sitting.open()
        standing = [told for told in heard if told.get("kind") in ("question", "follow_up", "repeat")]
        assert standing, "somebody was left waiting for a question"
        if f"m{number}" not in sitting.kept:  # what was not said to be kept is delivered again
            sitting.send(f"m{number}", text)
            wait_for(lambda id=f"m{number}": id in sitting.kept, "the words to be kept")
    sitting.kill()
    check(sitting)


def check(sitting: Sitting) -> None:
    """What the log and the transcript must hold after all kills."""
    log = events(sitting.home, sitting.session)
    heard = [body["text"] for kind, body in log if kind == "Heard"]
    lost = [m for m in sitting.kept if sitting.sent[m] not in heard]
    assert not lost, f"lost: {lost}"
    assert len(heard) == len(set(sitting.kept)), "a message counts once"
    asked = Counter(body["question"] for kind, body in log if kind == "Asked")
    graded = Counter((body["question"], body["part"]) for kind, body in log if kind == "Graded")
    assert set(asked.values()) <= {1} and set(graded.values()) <= {1}
    questions = Counter(o["question"] for o in sitting.said if o.get("kind") == "question")
    assert set(questions.values()) <= {1}, f"asked twice: {questions}"


def test_the_same_message_three_times_counts_once(tmp_path):
    chat = start(tmp_path, "--seed", "7")
    turn = chat.until_turn()
    assert turn is not None
    for _ in range(3):
        chat.send(id="same", text=ANSWER.format(n=1))
        chat.until_turn()
    kinds = Counter(told.get("kind") or told["type"] for told in chat.said)
    assert chat.finish() == 0
    assert kinds["kept"] == 3
    assert kinds["feedback"] == 1
    assert sum(kind == "Heard" for kind, _ in events(tmp_path, turn["session"])) == 1


def test_two_processes_on_one_session_one_wins_and_the_other_is_told(tmp_path):
    first = start(tmp_path, "--seed", "1")
    turn = first.until_turn()
    assert turn is not None
    second = start(tmp_path, "--resume", turn["session"])
    out, told = second.process.communicate(timeout=60)
    assert second.process.returncode == 1
    assert out == ""
    assert "Another" in told and "Traceback" not in told
    first.send(id="a", text=ANSWER.format(n=1))
    assert first.until_turn() is not None
    assert first.finish() == 0
    assert sum(kind == "Graded" for kind, _ in events(tmp_path, turn["session"])) == 1


def events(home: Path, session: str) -> list[tuple[str, dict[str, Any]]]:
    """The log of a session, straight from the file."""
    with sqlite3.connect(home / "viva.db") as connection:
        rows = connection.execute("SELECT kind, body FROM events WHERE session = ? ORDER BY seq", (session,)).fetchall()
    return [(kind, json.loads(body)) for kind, body in rows]


def wait_for(condition: Any, what: str, seconds: float = 60.0) -> None:
    """Waits until the condition holds; fails with what was waited for."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds} s for {what}"
        time.sleep(0.005)
