"""What set-up would do, and when: its steps, its stamps, what it says first. Only the last test starts a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scripts import set_up, steps
from scripts.steps import Machine, Step
from scripts.system_packages import Lacking

#: A machine that lacks nothing, and what one may lack.
CPU = Machine("linux", "cpu", Lacking())
BY_ROOT = Lacking(("bubblewrap", "libseccomp"), "apt-get", ())
BY_NOBODY = Lacking(("bubblewrap",), "apt-get", None)
LAB = ["lab", "torch"]


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


def steps_for(goal: str, machine: Machine = CPU) -> list[Step]:
    return steps.steps_for(goal, "python", "3.11.0", machine)


def test_an_interview_comes_with_the_lab_and_without_test_tools() -> None:
    assert names(steps_for("run")) == ["packages", "model", "project", "index", *LAB]
    assert names(steps_for("test")) == ["packages", "model", "project", "index", *LAB, "tools"]


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_without_torch_all_but_the_lab_is_there(platform: str) -> None:
    declined = Machine(platform, "none", Lacking())
    assert names(steps_for("run", declined)) == ["packages", "model", "project", "index"]
    assert "torch" not in " ".join(
        word for step in steps_for("test", declined) for words in step.commands for word in words
    )
    assert declined.why_no_lab() == ""


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_than_on_linux_no_lab_is_installed_and_that_is_said(platform: str) -> None:
    elsewhere = Machine(platform, "cpu", Lacking())
    assert set(LAB).isdisjoint(names(steps_for("run", elsewhere)))
    assert "needs Linux (on Windows: WSL2)" in elsewhere.why_no_lab()


def test_what_the_system_lacks_comes_first_where_it_can_be_had() -> None:
    lacks = Machine("linux", "cpu", BY_ROOT)
    assert names(steps_for("run", lacks))[4:] == ["system", *LAB]
    assert names(steps_for("run", Machine("linux", "cpu", BY_NOBODY)))[4:] == [], "192 MB that nothing would use"


def test_tests_of_pytorch_need_no_sandbox() -> None:
    assert names(steps_for("test", Machine("linux", "cpu", BY_NOBODY)))[4:] == [*LAB, "tools"]


def test_all_but_torch_and_ourselves_is_checked_by_hash() -> None:
    for step in steps_for("test"):
        installs = [command for command in step.commands if "install" in command]
        unlocked = step.name in ("project", "torch")
        assert all(("--require-hashes" in command) != unlocked for command in installs), step.name


def test_nothing_is_due_when_all_stamps_are_current(venv: Path) -> None:
    wanted = steps_for("test")
    assert names(set_up.due(wanted, venv, fresh=False)) == names(wanted)
    assert set_up.due(wanted, stamped(venv, *wanted), fresh=False) == []
    assert set_up.due(steps_for("run"), venv, fresh=False) == [], "after the tests an interview starts at once"


def test_a_new_environment_makes_everything_due(venv: Path) -> None:
    wanted = steps_for("run")
    assert set_up.due(wanted, stamped(venv, *wanted), fresh=True) == wanted


def test_a_changed_lock_makes_its_step_due_and_the_index_with_it(venv: Path) -> None:
    wanted = steps_for("run")
    stamped(venv, *wanted)
    changed = [replace(step, key="new") if step.name == "packages" else step for step in wanted]
    assert names(set_up.due(changed, venv, fresh=False)) == ["packages", "index"]


def test_keys_follow_content_and_not_times(tmp_path: Path) -> None:
    lock = steps.ROOT / "requirements-model.lock"
    before = steps.key_of("3.11.0", [lock])
    os.utime(lock)
    assert steps.key_of("3.11.0", [lock]) == before
    assert steps.key_of("3.12.0", [lock]) != before
    assert steps.key_of("3.11.0", [lock, steps.ROOT / "requirements.lock"]) != before


def test_the_corpus_and_the_indexer_decide_about_the_index() -> None:
    watched = {path.relative_to(steps.ROOT).parts[0] for path in steps.files_under("corpus")}
    assert watched == {"corpus"}
    assert steps.ROOT / "bot/knowledge/corpus.py" in steps.files_under("bot/knowledge")


def test_a_step_cut_short_is_done_again(venv: Path) -> None:
    fails = Step("index", "the index", ((sys.executable, "-c", "raise SystemExit(3)"),), "key", without="So be it.")
    set_up.carry_out(fails, stamped(venv, fails))
    assert names(set_up.due([fails], venv, fresh=False)) == ["index"]


def test_a_step_that_nothing_works_without_stops_set_up(venv: Path) -> None:
    fails = Step("packages", "the packages", ((sys.executable, "-c", "raise SystemExit(3)"),), "key")
    with pytest.raises(set_up.Stopped, match="stopped at the packages"):
        set_up.carry_out(fails, venv)


def test_the_next_command_is_tried_when_one_fails(venv: Path) -> None:
    succeed = (sys.executable, "-c", "")
    step = Step("torch", "PyTorch", ((sys.executable, "-c", "raise SystemExit(1)"), succeed), "key")
    set_up.carry_out(step, venv)
    assert set_up.due([step], venv, fresh=False) == []


def failing(step: Step) -> Step:
    return replace(step, commands=((sys.executable, "-c", "raise SystemExit(3)"),), then=(), disk_mb=0)


def succeeding(step: Step) -> Step:
    return replace(step, commands=((sys.executable, "-c", ""),), then=(), disk_mb=0)


def test_what_must_follow_is_part_of_the_step(venv: Path) -> None:
    step = Step("torch", "PyTorch", ((sys.executable, "-c", ""),), "key", without="So be it.")
    assert not set_up.carry_out(replace(step, then=((sys.executable, "-c", "raise SystemExit(1)"),)), venv)
    assert set_up.carry_out(replace(step, then=((sys.executable, "-c", ""),)), venv)


def test_a_torch_that_cannot_be_had_costs_the_lab_alone_and_is_not_tried_at_every_start(
    venv: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    wanted = [failing(step) if step.name == "torch" else succeeding(step) for step in steps_for("run")]
    set_up.carry_out_all(set_up.due(wanted, venv, fresh=False), venv)
    assert "goes on without PyTorch 2.13.0, the CPU build" in capfd.readouterr().err
    again = set_up.due(wanted, venv, fresh=False)
    assert again == []
    assert "PyTorch 2.13.0, the CPU build could not be installed" in set_up.lab_left_out(CPU, wanted, again, venv)
    assert names(set_up.due(wanted, venv, fresh=False, by_name=True)) == ["torch"], "until it is asked for by name"
    by_test = set_up.due([failing(step) for step in steps_for("test")], venv, fresh=False)
    assert "torch" in names(by_test), "the tests try again"


def test_what_torch_leans_on_decides_about_torch(venv: Path) -> None:
    wanted = [failing(step) if step.name == "lab" else succeeding(step) for step in steps_for("run")]
    set_up.carry_out_all(set_up.due(wanted, venv, fresh=False), venv)
    assert not (venv / ".viva" / "torch").exists()
    assert set_up.due(wanted, venv, fresh=False) == []


@pytest.mark.parametrize("turn_out", [failing, succeeding])
def test_the_system_is_asked_once_and_what_is_missing_then_is_named(
    venv: Path, turn_out: Callable[[Step], Step], capfd: pytest.CaptureFixture[str]
) -> None:
    """Also where the system says that it has installed what is still not found."""
    lacks = Machine("linux", "cpu", BY_ROOT)
    wanted = [turn_out(step) if step.name == "system" else succeeding(step) for step in steps_for("run", lacks)]
    first = set_up.due(wanted, venv, fresh=False)
    set_up.announce(first, fresh=False)
    said = capfd.readouterr().err
    assert "bubblewrap and libseccomp2, by apt-get (1 MB)" in said and "Nothing is installed outside" not in said
    assert set_up.lab_left_out(lacks, wanted, first, venv) == ""
    set_up.carry_out_all(first, venv)
    assert (venv / ".viva" / "torch").exists() == (turn_out is succeeding)
    again = set_up.due(wanted, venv, fresh=False)
    assert again == []
    assert "apt-get install bubblewrap libseccomp2" in set_up.lab_left_out(lacks, wanted, again, venv)


def test_what_nobody_may_install_is_named_with_the_command(venv: Path) -> None:
    lacks = Machine("linux", "cpu", BY_NOBODY)
    said = set_up.lab_left_out(lacks, steps_for("run", lacks), [], venv)
    assert said.startswith(
        "The lab is left out, for bubblewrap is missing. To have it: sudo apt-get install bubblewrap,"
    )


def test_the_index_asks_for_room_for_both_graphs() -> None:
    """The reader's numbers take twice as much as they ship in; the words that both graphs hold come on top."""
    (index,) = [step for step in steps_for("run") if step.name == "index"]
    words, of_reader = 30_522 * 384 * 4, (steps.ROOT / "bot/knowledge/reader.safetensors").stat().st_size
    assert index.disk_mb * 1e6 > 2 * (words + 2 * of_reader)


def test_a_disk_without_room_is_not_filled(venv: Path, capfd: pytest.CaptureFixture[str]) -> None:
    step = replace(succeeding(steps_for("run")[-1]), disk_mb=10**9)
    assert not set_up.carry_out(step, venv)
    assert "needs 1000000.0 GB of disk" in capfd.readouterr().err


def test_a_system_command_that_hangs_is_given_up() -> None:
    assert not set_up.run([sys.executable, "-c", "import time; time.sleep(20)"], patience=0.2)


def test_it_says_first_what_it_fetches_and_how_large(capsys: pytest.CaptureFixture[str]) -> None:
    set_up.announce(steps_for("test", Machine("linux", "cuda", Lacking())), fresh=True)
    said = capsys.readouterr().err
    assert "at most 3.3 GB" in said and "Nothing is installed outside this folder." in said
    assert all(f"({part})" in said for part in ("136 MB", "84 MB", "77 MB", "3.0 GB", "43 MB"))


def test_it_says_nothing_when_nothing_is_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    set_up.announce([], fresh=False)
    assert capsys.readouterr().err == ""


def test_steps_never_read_the_candidates_words(tmp_path: Path) -> None:
    reads = "import sys; from pathlib import Path; Path(sys.argv[1]).write_text(repr(sys.stdin.read()))"
    asks = f"from scripts import set_up; set_up.run([{sys.executable!r}, '-c', {reads!r}, {str(tmp_path / 'read')!r}])"
    subprocess.run([sys.executable, "-c", asks], cwd=steps.ROOT, input=b"a cost function is", check=True)
    assert (tmp_path / "read").read_text() == "''"


def test_interviews_start_after_a_set_up_that_has_no_standard_input(planned: Callable[..., list[str]]) -> None:
    first, second = planned("interview", "ARGS=--plain")
    assert first.endswith("</dev/null")
    assert second == ".venv/bin/viva chat --plain"
