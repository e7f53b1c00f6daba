"""kill -9 at random moments of one sitting, duplicates, and two processes on one session: nothing lost, nothing twice."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.candidates import Chat, start

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")]

KILLS = 50
ANSWER = "It is a linear classifier with weights and a bias, number {n}, and it learns from labelled examples."


class Sitting:
    """One interview over many processes. `kept` holds the ids that were said to be kept, `said` all that came out."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.kept: list[str] = []
        self.said: list[dict[str, Any]] = []
        self.session = ""
        self.sent: dict[str, str] = {}

    def open(self) -> Chat:
        """A new process, that goes on where the last one was killed."""
        return start(self.home, "--seed", "7", *(["--resume", self.session] if self.session else ["--flow", "opengenus"]))

    def read(self, chat: Chat) -> None:
        """Takes in all that the process says, until it ends."""
        assert chat.process.stdout is not None
        for line in chat.process.stdout:
            if not line.endswith("\n"):
                return  # cut off by the kill
            told = json.loads(line)
            self.said.append(told)
            if told["type"] == "kept":
                self.kept.append(told["id"])
            if told["type"] == "turn":
                self.session = told["session"]

    def send(self, chat: Chat, message_id: str, text: str) -> bool:
        self.sent.setdefault(message_id, text)
        try:
            chat.send(id=message_id, text=text)
        except (BrokenPipeError, OSError):
            return False
        return True


def test_fifty_kills_lose_nothing_and_repeat_nothing(tmp_path):
    sitting, dice = Sitting(tmp_path), random.Random(20)
    chat, number, kills = sitting.open(), 0, 0
    reader = threading.Thread(target=sitting.read, args=(chat,))
    reader.start()
    wait_for(lambda: sitting.session, "the first turn")
    while kills < KILLS:
        text = "how many are left?" if number % 4 else ANSWER.format(n=number)
        sitting.send(chat, f"m{number}", text)
        time.sleep(dice.uniform(0.0, 0.12) if dice.random() < 0.7 else dice.uniform(0.0, 1.2))
        os.kill(chat.process.pid, signal.SIGKILL)
        chat.process.wait()
        reader.join()
        kills += 1
        chat = sitting.open()
        before = len(sitting.said)
        reader = threading.Thread(target=sitting.read, args=(chat,))
        reader.start()
        wait_for(lambda: any(o["type"] == "turn" for o in sitting.said[before:]), "a turn after the resume")
        turn = next(o for o in sitting.said[before:] if o["type"] == "turn")
        if turn["owes"] == "nothing":
            break
        standing = [o for o in sitting.said[before:] if o.get("kind") in ("question", "follow_up", "repeat")]
        assert standing, "somebody was left waiting for a question"
        if f"m{number}" not in sitting.kept:
            sitting.send(chat, f"m{number}", text)  # what was not said to be kept is delivered again
            wait_for(lambda: f"m{number}" in sitting.kept, "the words to be kept")
        number += 1
    os.kill(chat.process.pid, signal.SIGKILL)
    chat.process.wait()
    reader.join()
    check(sitting)
    assert kills >= KILLS or any(o.get("kind") == "closing" for o in sitting.said)


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
    sitting = Sitting(tmp_path)
    chat = sitting.open()
    turn = chat.until_turn()
    assert turn is not None
    for _ in range(3):
        chat.send(id="same", text=ANSWER.format(n=1))
        chat.until_turn()
    kinds = Counter(o.get("kind") or o["type"] for o in chat.said)
    end(chat)
    assert kinds["kept"] == 3
    assert kinds["feedback"] == 1
    assert sum(kind == "Heard" for kind, _ in events(tmp_path, turn["session"])) == 1


def test_two_processes_on_one_session_one_wins_and_the_other_is_told(tmp_path):
    first = start(tmp_path, "--seed", "1")
    turn = first.until_turn()
    assert turn is not None
    second = start(tmp_path, "--resume", turn["session"])
    out, _ = second.process.communicate(timeout=60)
    assert second.process.returncode == 1
    assert "question" not in [json.loads(line).get("kind") for line in out.splitlines()]
    first.send(id="a", text=ANSWER.format(n=1))
    assert first.until_turn() is not None
    end(first)
    assert sum(kind == "Graded" for kind, _ in events(tmp_path, turn["session"])) == 1


def end(chat: Chat) -> None:
    assert chat.finish() == 0


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
