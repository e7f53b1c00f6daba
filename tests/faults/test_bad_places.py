"""Where the data lies goes wrong: a full disk, a folder nobody may write, a database that is locked, damaged or newer.

Each is said in a sentence, and what was said to be kept is there afterwards.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.candidates import start
from tests.faults.rooms import ANSWER, ROOT, Ended, chat, disk, heard, lines, several, surroundings, viva

pytestmark = pytest.mark.skipif(os.name != "posix", reason="disks and locks are made here as POSIX makes them")

#: Objections are kept like answers, and cost no grading.
LONG = [ANSWER, *(f"/dispute {n}: " + "It does depend on the task. " * 1500 for n in range(40))]
NOT_KEPT = "could not be written down, and is not kept"


@pytest.mark.alone
def test_a_full_disk_loses_nothing_that_was_kept_and_the_sitting_goes_on(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "size=3m") as small:
        home = small / "home"
        ballast = small / "ballast"
        viva(home, "sessions")
        ballast.write_bytes(b"x" * 1_500_000)
        full = chat(home, *LONG)
        full.assert_failed(1, "The disk is full", "Free some space")
        kept_whole(home, full)
        again = chat(home, flags=("--resume", "last"))
        assert again.code == 0 or "The disk is full" in again.err, again
        ballast.unlink()
        on = viva(home, "chat", "--jsonl", "--resume", "last", given=b'{"id": "after", "text": "how many are left?"}\n')
        assert (on.code, on.err, on.kept) == (0, "", ["after"])
        assert heard(home) == [*LONG[: len(full.kept)], "how many are left?"]


@pytest.mark.slow
def test_a_file_that_may_not_grow_is_a_full_disk(tmp_path: Path) -> None:
    viva(tmp_path, "sessions")
    limited = f"import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({400_000},) * 2); "
    command = (
        limited + f"os.execv({sys.executable!r}, [{sys.executable!r}, '-m', 'bot', 'chat', '--jsonl', '--seed', '1'])"
    )
    run = subprocess.run(
        [sys.executable, "-c", command], input=lines(*LONG), capture_output=True, cwd=ROOT, env=surroundings(tmp_path)
    )
    done = Ended(run.returncode, run.stdout.decode(), run.stderr.decode())
    done.assert_failed(1, "not kept; everything before it is safe")
    kept_whole(tmp_path, done)
    on = chat(tmp_path, flags=("--resume", "last"))
    assert (on.code, on.err) == (0, "") and (on.of("repeat") or on.of("question") or on.of("follow_up"))


def kept_whole(home: Path, done: Ended) -> None:
    """Exactly what was said to be kept is there."""
    assert 1 <= len(done.kept) < len(LONG)
    assert heard(home) == LONG[: len(done.kept)]
    with closing(sqlite3.connect(home / "viva.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.slow
@pytest.mark.alone
def test_a_disk_that_was_full_before(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "size=64k") as small:
        done = chat(small / "home", ANSWER)
        done.assert_failed(1, "The disk is full")
        assert done.kept == []
        doctor = viva(small / "home", "doctor")
        assert doctor.code == 1 and "Make room" in doctor.out and doctor.err == ""


@pytest.mark.alone
def test_without_room_for_the_index_another_place_is_found(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "size=600k") as small:
        done = viva(small / "home", "search", "gradient descent")
        assert done.code == 0 and "Traceback" not in done.err and done.out.startswith("1. ")


@pytest.mark.alone
def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "ro") as closed:
        sitting, listed = several(closed, [["chat", "--jsonl"], ["chat", "--flow", "list"]])
        sitting.assert_failed(1, "cannot be written", "VIVA_HOME")
        viva(closed / "home", "sessions").assert_failed(1, "cannot be made", "VIVA_HOME")
        doctor = viva(closed, "doctor")
        assert doctor.code == 1 and "cannot be written" in doctor.out and doctor.err == ""
        assert listed.code == 0 and "\nopengenus: " in listed.out
    (tmp_path / "file").write_text("")
    viva(tmp_path / "file", "sessions").assert_failed(1, "cannot be made", "VIVA_HOME")


@pytest.fixture(scope="module")
def sat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a sitting of one message."""
    home = tmp_path_factory.mktemp("sat")
    assert chat(home, "how many are left?").kept == ["0"]
    return home


@pytest.fixture
def home(sat: Path, tmp_path: Path) -> Path:
    """A copy of it, to be harmed."""
    return Path(shutil.copytree(sat, tmp_path / "home"))


@pytest.mark.slow
def test_a_database_that_another_program_locks(home: Path) -> None:
    sitting = start(home)
    assert sitting.until_turn() is not None
    with locked(home / "viva.db"):
        sitting.send(text=ANSWER, id="unlucky")
        chat(home, ANSWER).assert_failed(1, "Another program keeps the database", "locked", "Nothing was lost")
    assert sitting.until_turn() is None
    assert sitting.finish() == 1 and heard(home) == ["how many are left?"]
    assert NOT_KEPT in sitting.said[-1]["text"] and "kept" not in [o["type"] for o in sitting.said]
    assert chat(home, flags=("--resume", "last")).code == 0


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program writes, and does not come to an end."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def test_a_damaged_database_is_left_as_it_is_and_a_backup_brings_it_back(home: Path, tmp_path: Path) -> None:
    database, good = home / "viva.db", tmp_path / "good.viva"
    viva(home, "backup", str(good))
    damaged = b"nothing of a database" * 500
    database.write_bytes(damaged)
    *commands, doctor = several(home, [["chat", "--jsonl"], ["sessions"], ["report"], ["doctor"]])
    for command in commands:
        command.assert_failed(1, "is damaged", "viva restore FILE")
    assert doctor.code == 1 and "is damaged" in doctor.out and doctor.err == ""
    assert database.read_bytes() == damaged
    viva(home, "restore", str(tmp_path / "nosuch")).assert_failed(2, "There is no file")
    assert database.read_bytes() == damaged
    restored = viva(home, "restore", str(good))
    assert (restored.code, restored.err) == (0, "") and "is kept in" in restored.out
    assert heard(home) == ["how many are left?"]
    assert damaged in [file.read_bytes() for file in home.glob("viva.db?*")]


def test_a_file_that_is_no_backup_changes_nothing(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear HR,\n" * 1000)
    wrong = viva(home, "restore", str(other), "--replace")
    assert wrong.code in (1, 2) and wrong.err.startswith("viva: ") and "Nothing was changed" in wrong.err
    assert heard(home) == ["how many are left?"] and other.read_text().startswith("Dear HR")


def test_a_database_of_a_newer_release_is_not_touched(home: Path) -> None:
    with closing(sqlite3.connect(home / "viva.db")) as connection:
        connection.execute("UPDATE viva_version SET version_num = '9999'")
        connection.commit()
    for command in several(home, [["chat", "--jsonl"], ["report"], ["sessions"]]):
        command.assert_failed(1, "written by a newer release", "Install the newer release")
    assert heard(home) == ["how many are left?"]
