"""The chat on a real pseudo-terminal, as a person sees it."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import time
from pathlib import Path

import pytest

from bot.core.events import Answered
from tests.surfaces.sitting import written
from tests.surfaces.window import PASTE_OFF, PASTE_ON, Window

STYLE = re.compile("\x1b\\[[0-9;]*m")
#: What prompt_toolkit and the speaker may write: styles, cursor, erasing, and the modes of paste and cursor.
KNOWN = re.compile("\x1b\\[[0-9;]*[mABCDJKH]|\x1b\\[\\?(?:2004|25|12|7|1)[hl]|\x1b\\[[0-9 ]*q")


def test_a_sitting_as_a_person_sees_it(tmp_path: Path) -> None:
    with Window(tmp_path) as window:
        first = window.expect("question 1 of 3 · 0 min · hints 0 of 3")
        assert "Enter sends, Alt-Enter breaks the line." in first
        window.send("alpha\x1b\rand no more").expect("  and no more")
        window.send("\r").expect("of 2 key points")
        window.send("/hint\r").expect("hints 1 of 3")
        window.send("beta\r")
        shown = window.expect("question 2 of 3")
        assert "computes ŷ = f(Wx + b)" in shown and "w ← w − η ∂L/∂w" in shown
        assert re.search(r"step +what\n +─+", shown)
        assert "`/code" not in shown and "/code FILE hands in a program" in shown
        window.send("/end\r").expect("Best of luck!")
        assert window.ends() == 0
    assert "viva report s1" in window.text
    assert "\x1b[1;34mfor" in window.raw, "code is in colours"


def test_a_narrow_window_and_a_resize(tmp_path: Path) -> None:
    with Window(tmp_path, columns=34, lines=60) as window:
        window.expect("1/3 · 0 min · hints 0/3")
        window.send("alpha beta\r")
        assert "  what: computes ŷ" in window.expect("2/3 · 0 min")
        window.resize(100, 60)
        os.kill(window.child.pid, signal.SIGWINCH)
        window.expect("question 2 of 3 · 0 min · hints 0 of 3 · Build an MLP")


def test_wide_signs_and_right_to_left_text(tmp_path: Path) -> None:
    with Window(tmp_path) as window:
        window.expect("question 1 of 3")
        window.send("機械学習は alpha です").expect("です")
        window.send("\x7f\x7f של beta\r").expect("question 2 of 3")
    assert [event.text for event in written(tmp_path) if isinstance(event, Answered)] == ["機械学習は alpha  של beta"]


def test_no_color_means_none(tmp_path: Path) -> None:
    with Window(tmp_path, environ={"NO_COLOR": "1", "COLORTERM": "truecolor"}) as window:
        window.expect("question 1 of 3")
        window.send("alpha beta\r").expect("question 2 of 3")
        window.send("/").expect("the next hint, at its price")
    assert {style for style in STYLE.findall(window.raw) if style not in ("\x1b[0m", "\x1b[m")} <= {"\x1b[0;7m"}


def test_pasted_text_is_one_answer(tmp_path: Path) -> None:
    with Window(tmp_path) as window:
        window.expect("question 1 of 3")
        window.send(f"{PASTE_ON}alpha\r\n\r\nbeta{PASTE_OFF}").expect("\n  beta")
        assert "key points" not in window.text
        window.send("\r").expect("question 2 of 3")


def test_lines_pasted_where_pastes_are_not_marked_are_one_answer_too(tmp_path: Path) -> None:
    with Window(tmp_path) as window:
        window.expect("question 1 of 3")
        window.send("alpha\rbeta\rand").expect("  and")
        assert "key points" not in window.text
        window.send("\r").expect("question 2 of 3")


def test_a_wrong_command_gets_the_nearest_and_comes_back_with_an_arrow(tmp_path: Path) -> None:
    with Window(tmp_path) as window:
        window.expect("question 1 of 3")
        window.send("/hnit please\r").expect("Did you mean /hint? Nothing was marked.")
        window.send("\x1b[A").expect("> /hnit please")
        window.send("\x15//usr is alpha beta\r").expect("question 2 of 3")


def test_tab_completes_commands_and_files(tmp_path: Path) -> None:
    (tmp_path / "my_network.py").write_text("SGD")
    with Window(tmp_path) as window:
        window.expect("question 1 of 3")
        window.send("/sc").expect("the total so far")
        window.send("\t").expect("> /score")
        window.send(f"\x15/code {tmp_path}/my").settle()
        window.send("\t").expect("my_network.py")


def test_what_is_slow_shows_that_work_goes_on_and_takes_it_back(tmp_path: Path) -> None:
    with Window(tmp_path, "--slow", "1.6") as window:
        window.expect("question 1 of 3")
        window.send("alpha beta\r").expect("One moment (1 s)")
        assert "One moment" not in window.expect("question 2 of 3")


def test_ctrl_c_cuts_speech_short_but_not_the_next_question(tmp_path: Path) -> None:
    with Window(tmp_path, "--slow", "1") as window:
        window.expect("question 1 of 3")
        window.send("alpha beta\r")
        window.settle(0.3)
        os.kill(window.child.pid, signal.SIGINT)
        shown = window.expect("question 2 of 3")
        assert "Question 2 of 3 · " in shown and "What is the build?" in shown and "A full answer" not in shown
        window.send("/grade\r").expect("1.00 (strong)")


def test_a_second_ctrl_c_leaves_and_keeps_all(tmp_path: Path) -> None:
    with Window(tmp_path, "--slow", "30") as window:
        window.expect("question 1 of 3")
        window.send("alpha beta\r").expect("One moment")
        for _ in range(2):
            os.kill(window.child.pid, signal.SIGINT)
            time.sleep(0.2)
        assert window.ends() == 0
        assert "viva chat --resume s1" in window.text
    with Window(tmp_path, "--resume") as window:
        window.expect("question 2 of 3")


def test_ctrl_c_at_the_prompt_keeps_the_text_and_ctrl_d_ends_the_sitting(tmp_path: Path) -> None:
    with Window(tmp_path) as window:
        window.expect("question 1 of 3")
        window.send("half an ans\x03").expect("Ctrl-C stops what I say. Ctrl-D ends")
        assert "> half an ans" in window.text
        window.send("\x04").expect("viva chat --resume s1")
        assert window.ends() == 0
    with Window(tmp_path, "--resume") as window:
        window.expect("> half an ans")


def test_unsent_text_survives_a_kill(tmp_path: Path) -> None:
    with Window(tmp_path) as window:
        window.expect("question 1 of 3")
        window.send("it is alpha\x1b\rand be").expect("  and be")
        time.sleep(0.1)
        os.kill(window.child.pid, signal.SIGKILL)
    drafts = list((tmp_path / "terminal").glob("*.draft.json"))
    assert [stat.S_IMODE(path.stat().st_mode) for path in drafts] == [0o600]
    assert stat.S_IMODE((tmp_path / "terminal").stat().st_mode) == 0o700
    with Window(tmp_path, "--resume") as window:
        window.expect("> it is alpha\n  and be")
        window.send("ta\r").expect("question 2 of 3")
        window.settle()
    assert not drafts[0].exists(), "what was heard is no draft any more"


@pytest.mark.parametrize("point", [0.01, 0.1])
def test_what_was_being_sent_when_it_was_killed_counts_once(tmp_path: Path, point: float) -> None:
    with Window(tmp_path, "--slow", "5") as window:
        window.expect("question 1 of 3")
        window.send("alpha beta\r")
        time.sleep(point)
        os.kill(window.child.pid, signal.SIGKILL)
    with Window(tmp_path, "--resume") as window:
        shown = window.expect("hints 0 of 3")
        if "question 1 of 3 ·" in shown:  # it was killed before it had read the keys, or Enter
            window.send("\x15alpha beta\r")
        window.expect("question 2 of 3")
        window.send("/grade\r").expect("1.00 (strong)")
    assert [event.text for event in written(tmp_path) if isinstance(event, Answered)] == ["alpha beta"]


def test_a_message_that_never_arrived_is_sent_again_and_one_that_did_is_not(tmp_path: Path) -> None:
    """What a kill between Enter and the log leaves behind, and one between the log and the draft's end."""
    with Window(tmp_path) as window:
        window.expect("question 1 of 3")
        window.send("\x04")
        window.ends()
    draft = tmp_path / "terminal" / "s1.draft.json"
    draft.parent.mkdir(exist_ok=True)
    left = {"v": 1, "text": "alpha", "code": None, "id": "terminal:one", "question": "cost"}
    for _ in range(2):
        draft.write_text(json.dumps(left))
        with Window(tmp_path, "--resume") as window:
            window.expect("sent again; it counts once")
            window.expect("hints 0 of 3 · Cost function, follow-up")
            window.settle()
        assert not draft.exists()
    assert [event.text for event in written(tmp_path) if isinstance(event, Answered)] == ["alpha"]


def test_a_message_for_a_question_that_is_past_waits_at_the_prompt(tmp_path: Path) -> None:
    with Window(tmp_path) as window:
        window.expect("question 1 of 3")
        window.send("alpha beta\r").expect("question 2 of 3")
        window.send("\x04")
        window.ends()
    draft = tmp_path / "terminal" / "s1.draft.json"
    left = {"v": 1, "text": "something else", "code": None, "id": "terminal:one", "question": "cost"}
    draft.write_text(json.dumps(left))
    with Window(tmp_path, "--resume") as window:
        window.expect("> something else")
    draft.write_text(json.dumps({**left, "text": "alpha beta"}))
    with Window(tmp_path, "--resume") as window:
        window.expect("question 2 of 3")
        assert "> alpha" not in window.settle(), "it had been heard"
    draft.write_text(json.dumps({**left, "text": "", "code": "SGD of old"}))
    with Window(tmp_path, "--resume", columns=200) as window:
        window.expect("was not heard in time")
        window.expect("question 2 of 3")
    assert (tmp_path / "terminal" / "s1.program.py").read_text() == "SGD of old"


def test_a_log_that_cannot_be_written_costs_no_words(tmp_path: Path) -> None:
    with Window(tmp_path) as window:
        window.expect("question 1 of 3")
        (tmp_path / "full").touch()
        window.send("alpha beta\r").expect("It is kept as a draft")
        assert window.ends() == 1
    assert "The disk is full" in window.raw
    (tmp_path / "full").unlink()
    with Window(tmp_path, "--resume") as window:
        window.expect("question 2 of 3")


def test_a_home_that_cannot_be_written_is_told_of_and_the_sitting_goes_on(tmp_path: Path) -> None:
    (tmp_path / "terminal").write_text("in the way")
    with Window(tmp_path) as window:
        window.expect("question 1 of 3")
        window.send("alpha\r").expect("What you type cannot be kept before you send it")
        window.send("beta\r").expect("question 2 of 3")
    assert window.raw.count("cannot be kept") == 1


def test_history_is_private_and_comes_back(tmp_path: Path) -> None:
    with Window(tmp_path) as window:
        window.expect("question 1 of 3")
        window.send("alpha of old\r").expect("of 2 key points")
        window.send("\x04")
        window.ends()
    history = tmp_path / "terminal" / "history.jsonl"
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    with Window(tmp_path, "--resume") as window:
        window.expect("question 1 of 3")
        window.send("\x1b[A").expect("> alpha of old")


def test_escapes_in_questions_titles_and_answers_do_nothing(tmp_path: Path) -> None:
    with Window(tmp_path, columns=100) as window:
        window.expect("question 1 of 3")
        window.send(f"{PASTE_ON}alpha \x1b[2J\x1b]0;mine\x07 beta{PASTE_OFF}\r").expect("question 2 of 3")
        window.send("/skip\r")
        shown = window.expect("question 3 of 3")
        assert "What is a ␛]0;stolen␇norm, ␛[2Jin short?" in shown
        assert "Norms ␛[31mred" in shown
    assert "\x1b]" not in window.raw and "\x1b[2J" not in window.raw
    assert set(re.findall("\x1b[^m]{0,8}", KNOWN.sub("", window.raw))) == set()


def editor(tmp_path: Path, script: str) -> dict[str, str]:
    path = tmp_path / "editor.sh"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return {"EDITOR": str(path)}


def test_edit_opens_the_draft_and_brings_it_back_unsent(tmp_path: Path) -> None:
    with Window(tmp_path, environ=editor(tmp_path, 'sed -i "s/gamma/beta/" "$1"')) as window:
        window.expect("question 1 of 3")
        window.send("alpha\x1b\rgamma\x1b\r/edit\r").expect("> alpha\n  beta")
        assert "key points" not in window.text
        window.send("\x18\x05").expect("> alpha\n  beta\n")
        window.settle()
        window.send("\r").expect("question 2 of 3")


def test_edit_without_an_editor_says_what_to_do(tmp_path: Path) -> None:
    with Window(tmp_path, environ={"PATH": str(tmp_path)}) as window:
        window.expect("question 1 of 3")
        window.send("/edit\r").expect("No editor is set.")


def test_an_editor_that_fails_loses_nothing(tmp_path: Path) -> None:
    with Window(tmp_path, environ=editor(tmp_path, "exit 3")) as window:
        window.expect("question 1 of 3")
        window.send("/edit alpha\r").expect("status 3")
    assert next((tmp_path / "terminal").glob("*.edit.md")).read_text() == "alpha"
    with Window(tmp_path, "--resume", environ={"EDITOR": "/none/such"}) as window:
        window.expect("question 1 of 3")
        window.send("/edit\r").expect("could not be started")
    with Window(tmp_path, "--resume", environ=editor(tmp_path, "true")) as window:
        window.expect("question 1 of 3")
        window.send("/edit beta\r").expect("> alpha\n  beta")
