"""The names of processes: one that lives is known to, one that is gone is known to be gone, on this machine only."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.store.holder import may_live, this_process

linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody is known to be gone")


def test_this_process_lives():
    assert may_live(this_process())
    assert f"/{os.getpid()}/" in this_process()
    assert this_process() == this_process()


@linux
def test_one_that_ended_is_gone():
    script = "from bot.store.holder import this_process; import sys; sys.stdout.write(this_process()); sys.stdout.flush(); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        name = process.stdout.read(len(this_process()) - len(f"/{os.getpid()}/") - 3).decode()
        name += process.stdout.read1().decode()
        assert may_live(name)
        process.kill()
        # Not waited for yet: a zombie works on nothing.
        for _ in range(1_000):
            if not may_live(name):
                break
            os.sched_yield()
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
