"""The names of processes: one that lives is known to, one that is gone is known to be gone, on this machine only."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.store.holder import lives_beside, may_live, serving_process, spoken, this_process

ROOT = Path(__file__).resolve().parents[2]
linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody is known to be gone")


def test_this_process_lives():
    assert may_live(this_process())
    assert f"/{os.getpid()}/" in this_process()
    assert this_process() == this_process()


@linux
def test_one_that_ended_is_gone():
    script = (
        "import sys\nfrom bot.store.holder import this_process\nprint(this_process(), flush=True)\nsys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        name = process.stdout.readline().strip()
        assert may_live(name)
        process.kill()
        # Not waited for yet: a zombie works on nothing.
        for _ in range(1_000):
            if not may_live(name):
                break
            time.sleep(0.005)
        assert not may_live(name)
    assert not may_live(name)


@linux
def test_a_process_id_that_was_given_again_is_another_process():
    machine, process, started = this_process().rsplit("/", 2)
    assert not may_live(f"{machine}/{process}/{int(started) + 1}")


@pytest.mark.parametrize("name", ["", "one", "a/b", "elsewhere/1f/1/4194304/7", "x/notanumber/0", "discord:7/8/9"])
def test_of_others_nothing_is_known(name: str):
    assert may_live(name)


def test_a_process_on_another_machine_may_live():
    machine, process, started = this_process().rsplit("/", 2)
    assert may_live(f"{machine}x/{process}/{int(started) + 1}")


def test_a_name_is_spoken_as_a_person_would_read_it():
    assert spoken(this_process()) == f"number {os.getpid()} on {platform.node()}"
    assert spoken("discord bot") == "discord bot"


@linux
def test_who_serves_is_judged_as_the_process_that_it_is():
    me = serving_process("1f")
    machine, process, started = me.rsplit("/", 2)
    assert me == f"serve:1f:{this_process()}" and may_live(me) and spoken(me) == spoken(this_process())
    assert not may_live(f"{machine}/{process}/{int(started) + 1}")
    assert may_live("serve:1f:a-container/0badb007/1/7/12345"), "another machine's"


def test_beside_who_serves_alone_nobody_else_serves_from_the_folder():
    me = serving_process("1f")
    alive = lives_beside(me)
    assert alive(me) and not alive("serve:1f:a-container/0badb007/1/7/12345")
    for other in ("serve:2e:a-container/0badb007/1/7/12345", "a-container/0badb007/1/7/12345", this_process()):
        assert alive(other)
