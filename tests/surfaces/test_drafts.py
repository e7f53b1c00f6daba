"""Drafts and history: private, whole, and never a reason to fail."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

from bot.surfaces.terminal.drafts import INTERVAL, SHORT, Draft, Drafts
from bot.surfaces.terminal.history import LONGEST_ENTRY, READ_BACK, read_history, write_history
from bot.surfaces.terminal.private import HISTORY, file_of, folder, forget, write_private


async def test_a_draft_is_kept_as_it_is_typed_and_forgotten_when_heard(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.draft.json"
    drafts = Drafts(path)
    drafts.typed("it is \ud800 שלום")
    assert Drafts(path).load() == Draft("it is \ud800 שלום")
    drafts.sending(Draft("it is", None, "terminal:1", "cost"))
    assert drafts.load() == Draft("it is", None, "terminal:1", "cost")
    drafts.clear()
    assert drafts.load() is None and not path.exists() and drafts.trouble() is None


async def test_a_long_draft_is_written_now_and_then_and_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.draft.json"
    drafts = Drafts(path)
    long = "x" * SHORT
    drafts.typed(long + "1")
    drafts.typed(long + "12")
    assert json.loads(path.read_text())["text"] == long + "1"
    await asyncio.sleep(INTERVAL * 1.5)
    assert json.loads(path.read_text())["text"] == long + "12"
    drafts.typed(long + "123")
    drafts.typed(long + "1234")
    drafts.close()
    assert json.loads(path.read_text())["text"] == long + "1234"


async def test_what_is_cleared_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "a.draft.json"
    drafts = Drafts(path)
    drafts.typed("x" * SHORT + "1")
    drafts.typed("x" * SHORT + "12")
    drafts.clear()
    await asyncio.sleep(INTERVAL * 1.5)
    assert not path.exists()


async def test_a_disk_that_will_not_have_it_is_told_of_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    drafts = Drafts(tmp_path / "file" / "a.draft.json")
    for _ in range(3):
        drafts.typed("text")
    drafts.clear()
    told = drafts.trouble()
    assert told is not None and "cannot be kept before you send it" in told
    assert drafts.trouble() is None


def test_a_damaged_draft_counts_as_none(tmp_path: Path) -> None:
    path = tmp_path / "a.draft.json"
    for damaged in (b"", b"{", b"[]", b'{"text": ""}', b'"x"', b"\xff"):
        path.write_bytes(damaged)
        assert Drafts(path).load() is None


def test_history_gives_back_the_latest_and_survives_damage(tmp_path: Path) -> None:
    path = tmp_path / "terminal" / HISTORY
    for entry in ("first\nof two lines", "  ", "x" * (LONGEST_ENTRY + 1), "second"):
        write_history(path, entry)
    with path.open("ab") as file:
        file.write(b'"half\xff\n3\n')
    write_history(path, "third")
    assert read_history(path) == ["first\nof two lines", "second", "third"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for n in range(40):
        write_history(path, f"{n}" + "y" * (LONGEST_ENTRY - 10))
    found = read_history(path)
    assert found[-1].startswith("39y") and sum(map(len, found)) <= READ_BACK
    assert read_history(tmp_path / "none") == []


def test_a_home_that_cannot_be_written_costs_the_history_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    write_history(tmp_path / "file" / HISTORY, "words")
    assert read_history(tmp_path / "file" / HISTORY) == []


def test_a_file_is_replaced_as_a_whole_and_private_even_when_it_was_not(tmp_path: Path) -> None:
    path = tmp_path / "draft"
    path.write_text("open to all")
    path.chmod(0o666)
    write_private(path, "mine")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("mine", 0o600)
    assert [one.name for one in tmp_path.iterdir()] == ["draft"]


def test_a_session_id_is_no_path(tmp_path: Path) -> None:
    assert file_of(tmp_path, "../../etc/x", ".draft.json").parent == folder(tmp_path)


def test_forgetting_removes_the_words_of_these_sessions_and_the_history(tmp_path: Path) -> None:
    for session in ("s1", "s2"):
        for ending in (".draft.json", ".edit.md", ".program.py"):
            write_private(file_of(tmp_path, session, ending), f"words of {session}")
    write_history(folder(tmp_path) / HISTORY, "words of s1")
    assert forget(tmp_path, ["s1", "none"]) == 4
    left = sorted(path.name for path in folder(tmp_path).iterdir())
    assert left == ["s2.draft.json", "s2.edit.md", "s2.program.py"]
    assert forget(tmp_path / "empty", ["s1"]) == 0
