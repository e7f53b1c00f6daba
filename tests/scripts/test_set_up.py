"""What set-up would do, and when: its steps, its stamps, what it says first. Only the last test starts a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scripts import set_up
from scripts.set_up import Step


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    (tmp_path / ".viva").mkdir()
    return tmp_path


def stamped(venv: Path, *steps: Step) -> Path:
    for step in steps:
        (venv / ".viva" / step.name).write_text(step.key, encoding="utf-8")
    return venv


def names(steps: list[Step]) -> list[str]:
    return [step.name for step in steps]


def steps_for(goal: str, torch: str = "cpu") -> list[Step]:
    return set_up.steps_for(goal, "python", "3.11.0", torch)


def test_an_interview_needs_neither_the_test_tools_nor_torch() -> None:
    assert names(steps_for("run")) == ["packages", "model", "project", "index"]
    assert not any("torch" in " ".join(command) for step in steps_for("run") for command in step.commands)


def test_tests_need_both_unless_torch_is_declined() -> None:
    assert names(steps_for("test"))[4:] == ["tools", "torch"]
    assert names(steps_for("test", "none"))[4:] == ["tools"]


def test_all_but_torch_and_ourselves_is_checked_by_hash() -> None:
    for step in steps_for("test"):
        installs = [command for command in step.commands if "install" in command]
        unlocked = step.name in ("project", "torch")
        assert all(("--require-hashes" in command) != unlocked for command in installs), step.name


def test_nothing_is_due_when_all_stamps_are_current(venv: Path) -> None:
    steps = steps_for("test")
    assert names(set_up.due(steps, venv, fresh=False)) == names(steps)
    assert set_up.due(steps, stamped(venv, *steps), fresh=False) == []


def test_a_new_environment_makes_everything_due(venv: Path) -> None:
    steps = steps_for("run")
    assert set_up.due(steps, stamped(venv, *steps), fresh=True) == steps


def test_a_changed_lock_makes_its_step_due_and_the_index_with_it(venv: Path) -> None:
    steps = steps_for("run")
    stamped(venv, *steps)
    changed = [replace(step, key="new") if step.name == "packages" else step for step in steps]
    assert names(set_up.due(changed, venv, fresh=False)) == ["packages", "index"]


def test_keys_follow_content_and_not_times(tmp_path: Path) -> None:
    lock = set_up.ROOT / "requirements-model.lock"
    before = set_up.key_of("3.11.0", [lock])
    os.utime(lock)
    assert set_up.key_of("3.11.0", [lock]) == before
    assert set_up.key_of("3.12.0", [lock]) != before
    assert set_up.key_of("3.11.0", [lock, set_up.ROOT / "requirements.lock"]) != before


def test_the_corpus_and_the_indexer_decide_about_the_index() -> None:
    watched = {path.relative_to(set_up.ROOT).parts[0] for path in set_up.files_under("corpus")}
    assert watched == {"corpus"}
    assert set_up.ROOT / "bot/knowledge/corpus.py" in set_up.files_under("bot/knowledge")


def test_a_step_cut_short_is_done_again(venv: Path) -> None:
    fails = Step("index", "the index", ((sys.executable, "-c", "raise SystemExit(3)"),), "key", without="So be it.")
    set_up.carry_out(fails, stamped(venv, fails), Path(sys.executable))
    assert names(set_up.due([fails], venv, fresh=False)) == ["index"]


def test_a_step_that_nothing_works_without_stops_set_up(venv: Path) -> None:
    fails = Step("packages", "the packages", ((sys.executable, "-c", "raise SystemExit(3)"),), "key")
    with pytest.raises(set_up.Stopped, match="stopped at the packages"):
        set_up.carry_out(fails, venv, Path(sys.executable))


def test_the_next_command_is_tried_when_one_fails(venv: Path) -> None:
    succeed = (sys.executable, "-c", "")
    step = Step("torch", "PyTorch", ((sys.executable, "-c", "raise SystemExit(1)"), succeed), "key")
    set_up.carry_out(step, venv, Path(sys.executable))
    assert set_up.due([step], venv, fresh=False) == []


def test_it_says_first_what_it_fetches_and_how_large(capsys: pytest.CaptureFixture[str]) -> None:
    set_up.announce(steps_for("test", "cuda"), fresh=True)
    said = capsys.readouterr().err
    assert "at most 3.3 GB" in said
    assert "(126 MB)" in said and "(84 MB)" in said and "(3.0 GB)" in said


def test_it_says_nothing_when_nothing_is_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    set_up.announce([], fresh=False)
    assert capsys.readouterr().err == ""


def test_steps_never_read_the_candidates_words(tmp_path: Path) -> None:
    reads = "import sys; from pathlib import Path; Path(sys.argv[1]).write_text(repr(sys.stdin.read()))"
    asks = f"from scripts import set_up; set_up.run([{sys.executable!r}, '-c', {reads!r}, {str(tmp_path / 'read')!r}])"
    subprocess.run([sys.executable, "-c", asks], cwd=set_up.ROOT, input=b"a cost function is", check=True)
    assert (tmp_path / "read").read_text() == "''"


def test_interviews_start_after_a_set_up_that_has_no_standard_input(planned: Callable[..., list[str]]) -> None:
    first, second = planned("interview", "ARGS=--plain")
    assert first.endswith("</dev/null")
    assert second == ".venv/bin/viva chat --plain"
