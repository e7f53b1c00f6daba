"""Real sandboxes: they start, show what they are to show and no more, stay within their limits, and leave nothing."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import LabUnavailable
from bot.lab.sandbox import Bind, Policy, Room, Sandbox
from bot.lab.sandbox.cgroup import find
from bot.lab.sandbox.sandbox import SPARE
from bot.lab.sandbox.watching import Watch
from tests.lab.sandbox.confining import confining, left, python, ran

SLEEP = Room(("/bin/sleep", "1000"))
HOG = "kept = []\nfor _ in range(24): kept.append(b'x' * (16 << 20))"


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return confining(Sandbox())


@pytest.fixture
def nothing_left(sandbox: Sandbox) -> Iterator[None]:
    before = left()
    yield
    until = time.monotonic() + 5
    while left() != before and time.monotonic() < until:
        time.sleep(0.01)
    assert left() == before


async def test_it_speaks_on_all_its_pipes(sandbox: Sandbox, nothing_left: None) -> None:
    job = await sandbox.start(
        python("import os, sys; os.write(3, sys.stdin.buffer.readline()); print('out'); sys.exit('err')")
    )
    job.stdin.write(b"heard\n")
    assert await job.channel.read() == b"heard\n"
    assert await job.stdout.read() == b"out\n"
    assert await job.stderr.read() == b"err\n"
    assert await job.wait() == 1
    await job.kill()


async def test_its_environment_is_what_it_was_given(sandbox: Sandbox) -> None:
    code = "print(open('/proc/self/environ').read() + open('/proc/1/environ').read())"
    said = await ran(sandbox, python(code, Room((), environment={"HOME": "/work"})))
    assert said.out == "HOME=/work\0PWD=/work\0\n"


async def test_only_its_pipes_are_open(sandbox: Sandbox) -> None:
    said = await ran(sandbox, Room(("/bin/sh", "-c", "echo /proc/self/fd/*")))
    assert said.out.split()[:4] == [f"/proc/self/fd/{n}" for n in range(4)]
    assert len(said.out.split()) <= 5  # the one more is the folder that the shell reads


async def test_it_writes_where_it_may_alone(sandbox: Sandbox) -> None:
    code = """
import os, sys
for folder in ('/', '/dev', '/usr', '/etc', '/proc/sys/kernel', '/work', '/tmp', '/dev/shm', sys.prefix + '/lib'):
    try:
        open(folder + '/x', 'w').close()
        print(folder, end=' ')
    except OSError:
        pass
"""
    assert (await ran(sandbox, python(code))).out.split() == ["/work", "/tmp", "/dev/shm"]


async def test_its_folders_hold_no_more_than_their_sizes(tmp_path: Path) -> None:
    sandbox = confining(Sandbox(replace(Policy(), folders=(("/work", 1 << 20),))))
    said = await ran(sandbox, python("open('/work/x', 'wb').write(bytes(2 << 20))"))
    assert "No space left" in said.err


async def test_a_bind_is_read_at_its_place_and_cannot_be_changed(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("seen")
    tmp_path.chmod(0o755)
    code = "print(open('/viva/data/data').read(), flush=True); open('/viva/data/data', 'a')"
    said = await ran(sandbox, python(code, Room((), (Bind(tmp_path, "/viva/data"),))))
    assert said.out == "seen\n"
    assert (
        "Permission denied" in said.err or "Read-only file system" in said.err
    )  # whose file it is, says the kernel first


async def test_sys_is_seen_when_it_is_asked_for(sandbox: Sandbox) -> None:
    code = "import os; print(os.listdir('/sys/fs'), len(os.listdir('/sys/devices')) > 0); open('/sys/x', 'w')"
    said = await ran(sandbox, python(code, Room((), sys_readonly=True)))
    assert said.out == "[] True\n"
    assert "Read-only file system" in said.err
    assert "No such file" in (await ran(sandbox, python("import os; os.listdir('/sys')"))).err


async def test_a_device_that_was_asked_for_can_be_opened(sandbox: Sandbox) -> None:
    # One that sandboxes have in any case stands in where no other is open to all.
    usual = {Path("/dev", name) for name in ("null", "zero", "full", "random", "urandom", "tty", "ptmx")}
    others = {path for path in Path("/dev").iterdir() if is_open(path)}
    device = min(others - usual, default=Path("/dev/full"))
    code = f"import os; os.open({str(device)!r}, os.O_RDWR); print(os.memfd_create('cuda') > 0)"
    assert (await ran(sandbox, python(code, Room((), devices=(device,))))).out == "True\n"


def is_open(path: Path) -> bool:
    return not path.is_symlink() and path.is_char_device() and path.stat().st_mode & 0o6 == 0o6


async def test_it_has_no_network(sandbox: Sandbox) -> None:
    said = await ran(
        sandbox, python("import os; print(os.listdir('/proc/self/net/dev_snmp6'))\nimport socket; socket.socket()")
    )
    assert said.out == "['lo']\n"
    assert "Address family not supported" in said.err


async def test_it_has_no_capabilities_and_is_filtered_twice(sandbox: Sandbox) -> None:
    said = await ran(sandbox, python("print(open('/proc/self/status').read())"))
    status = dict(line.split(":\t", 1) for line in said.out.splitlines() if ":\t" in line)
    assert {status[name].strip("0") for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {""}
    assert (status["NoNewPrivs"], status["Seccomp"], status["Seccomp_filters"]) == ("1", "2", "2")


async def test_threads_and_children_start_and_namespaces_do_not(sandbox: Sandbox) -> None:
    code = """
import ctypes, os, threading
thread = threading.Thread(target=print, args=('thread',), kwargs={'flush': True})
thread.start(); thread.join()
os.waitpid(os.posix_spawn('/bin/echo', ['echo', 'child'], {}), 0)
print(*(ctypes.CDLL(None, use_errno=True).unshare(flag) for flag in (0x10000000, 0x20000)), ctypes.get_errno())
"""
    assert (await ran(sandbox, python(code))).out.split() == ["thread", "child", "-1", "-1", "1"]


async def test_its_limits_are_set_inside(sandbox: Sandbox) -> None:
    code = "import resource as r; print(*map(r.getrlimit, (r.RLIMIT_NPROC, r.RLIMIT_CPU, r.RLIMIT_CORE)))"
    said = await ran(sandbox, python(code, Room((), cpu_seconds=9)))
    assert said.out == "(128, 128) (9, 9) (0, 0)\n"


@pytest.mark.slow
async def test_processor_time_ends(sandbox: Sandbox) -> None:
    assert (await ran(sandbox, python("while True: pass", Room((), cpu_seconds=1)))).code == 128 + signal.SIGKILL


async def test_it_yields_to_others(sandbox: Sandbox) -> None:
    job = await sandbox.start(python("import os; print(os.nice(0), open('/proc/self/oom_score_adj').read())"), nice=7)
    assert (await job.stdout.read()).split() == [b"%d" % min(os.nice(0) + 7, 19), b"500"]
    await job.kill()


async def test_who_uses_too_much_memory_dies_of_it(sandbox: Sandbox, nothing_left: None) -> None:
    said = await ran(sandbox, python(HOG, Room((), memory=200)))
    assert said.died_of_memory
    assert said.code == 128 + signal.SIGKILL


async def test_a_crash_is_no_death_of_memory(sandbox: Sandbox) -> None:
    assert not (await ran(sandbox, python("1 / 0"))).died_of_memory


async def test_shared_memory_counts_too(sandbox: Sandbox) -> None:
    code = "f = open('/dev/shm/x', 'wb')\nfor _ in range(100): f.write(bytes(2 << 20))"
    assert (await ran(sandbox, python(code, Room((), memory=100)))).died_of_memory


async def test_a_child_that_uses_too_much_ends_the_whole(sandbox: Sandbox) -> None:
    code = f"import os, time\nif os.fork() == 0:\n    exec({HOG!r})\ntime.sleep(60)"
    assert (await ran(sandbox, python(code, Room((), memory=200)))).died_of_memory


async def test_a_waiting_sandbox_takes_another_cap(sandbox: Sandbox) -> None:
    code = f"import sys; print(1, flush=True); sys.stdin.readline()\n{HOG}\nprint('done')"
    job = await sandbox.start(python(code, Room((), memory=64)), nice=0)
    await job.stdout.readline()
    assert 1 << 20 < job.memory() < 64 << 20
    job.cap_memory(2048)
    job.stdin.write(b"\n")
    assert await job.stdout.read() == b"done\n"
    await job.kill()
    assert not job.died_of_memory()


async def test_killed_in_the_midst_it_leaves_nothing(sandbox: Sandbox, nothing_left: None) -> None:
    code = """
import os, time
for _ in range(5):
    if os.fork() == 0:
        while True: time.sleep(1)
open('/work/file', 'w').write('x')
print('ready', flush=True)
time.sleep(1000)
"""
    job = await sandbox.start(python(code))
    await job.stdout.readline()
    await job.kill()
    await job.kill()
    assert await job.wait() == 128 + signal.SIGKILL
    assert job.memory() == 0


async def test_what_it_leaves_running_ends_with_it(sandbox: Sandbox, nothing_left: None) -> None:
    assert (await ran(sandbox, Room(("/bin/sh", "-c", "/bin/sleep 1000 >/dev/null 2>&1 3>&1 & exit 3")))).code == 3


async def test_last_words_are_read_after_the_end(sandbox: Sandbox) -> None:
    job = await sandbox.start(Room(("/bin/sh", "-c", "echo last; kill -9 $$")))
    reading = asyncio.create_task(job.stdout.read())
    assert await job.wait() == 128 + signal.SIGKILL
    await job.kill()
    assert await reading == b"last\n"


async def test_a_flood_that_nobody_reads_does_not_hold_up_the_end(sandbox: Sandbox, nothing_left: None) -> None:
    job = await sandbox.start(Room(("/bin/sh", "-c", "while :; do echo flood; done")))
    await asyncio.sleep(0.2)
    began = time.monotonic()
    await job.kill()
    assert time.monotonic() - began < 10


async def test_a_start_that_is_cancelled_leaves_nothing(sandbox: Sandbox, nothing_left: None) -> None:
    for wait in (0.0, 0.005, 0.02):
        starting = asyncio.create_task(sandbox.start(SLEEP))
        await asyncio.sleep(wait)
        if starting.cancel():
            with pytest.raises(asyncio.CancelledError):
                await starting
        else:
            await starting.result().kill()


async def test_what_is_not_there_is_the_labs_failure(sandbox: Sandbox, nothing_left: None) -> None:
    with pytest.raises(LabUnavailable, match="/not/there"):
        await sandbox.start(replace(SLEEP, binds=(Bind(Path("/not/there"), "/viva/data"),)))


async def test_what_bubblewrap_says_is_passed_on(sandbox: Sandbox, nothing_left: None) -> None:
    with pytest.raises(LabUnavailable, match="usr/nowhere"):
        await sandbox.start(replace(SLEEP, binds=(Bind(Path("/etc"), "/usr/nowhere"),)))


async def test_no_value_can_smuggle_arguments_in(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="NUL"):
        await sandbox.start(replace(SLEEP, environment={"A": "b\0--bind\0/\0/host"}))


async def test_only_the_main_thread_starts_sandboxes(sandbox: Sandbox) -> None:
    raised: list[BaseException] = []

    def elsewhere() -> None:
        try:
            asyncio.run(sandbox.start(SLEEP))
        except RuntimeError as error:
            raised.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert "main thread" in str(raised)


async def test_status_says_how_programs_are_confined(sandbox: Sandbox) -> None:
    status = sandbox.describe()
    assert "bubblewrap" in status["isolation"]
    assert status["memory"] == (f"cgroup v{places.version}" if (places := find()) else "watchdog")
    assert json.dumps(status)


async def test_the_watchdog_stands_in_for_a_control_group(sandbox: Sandbox, nothing_left: None) -> None:
    stored = "open('/tmp/x', 'wb').write(bytes(20 << 20))"
    job = await sandbox.start(
        python(f"import time; kept = b'x' * (60 << 20); {stored}; print(1, flush=True); time.sleep(60)")
    )
    await job.stdout.readline()
    watch = Watch(("/work", "/tmp"))
    watch.begin(job.pid)
    assert 80 << 20 < watch.used() < 110 << 20
    watch.cap(300 << 20)
    assert not watch.exceeded()
    watch.cap(70 << 20)
    assert watch.exceeded()
    await job.kill()


@pytest.mark.parametrize("switch", [field.name for field in fields(Policy) if field.type == "bool"])
async def test_it_runs_with_each_defence_taken_away(sandbox: Sandbox, nothing_left: None, switch: str) -> None:
    without: Any = {switch: False}
    said = await ran(Sandbox(replace(Policy(), **without)), Room(("/bin/sh", "-c", "echo here")))
    assert (said.out, said.err) == ("here\n", "")


async def test_without_a_cap_memory_is_not_limited(sandbox: Sandbox) -> None:
    said = await ran(Sandbox(replace(Policy(), memory=False)), python(HOG, Room((), memory=100)))
    assert (said.code, said.died_of_memory) == (0, False)


@pytest.mark.skipif(os.geteuid() != 0, reason="there is no root to drop")
class TestAsRoot:
    async def test_it_is_a_user_of_its_own(self, sandbox: Sandbox) -> None:
        jobs = [await sandbox.start(python("import os; print(os.getuid(), os.getgroups())")) for _ in range(2)]
        users = [(await job.stdout.read()).split() for job in jobs]
        for job in jobs:
            await job.kill()
        assert users[0] != users[1]
        for uid, groups in users:
            assert int(uid) in SPARE
            assert groups in (b"[]", b"[%s]" % uid)

    async def test_without_the_drop_it_would_be_root(self) -> None:
        sandbox = confining(Sandbox(replace(Policy(), drop_root=False)))
        assert (await ran(sandbox, python("import os; print(os.getuid())"))).out == "0\n"

    @pytest.mark.parametrize("mode", [0o700, 0o711])
    async def test_what_lies_under_a_closed_folder_is_shown(self, sandbox: Sandbox, tmp_path: Path, mode: int) -> None:
        folder = tmp_path / "closed" / "checkout"
        folder.mkdir(parents=True)
        (folder / "deep").mkdir()
        (folder / "deep" / "file").write_text("seen")
        (tmp_path / "closed").chmod(0o700)
        folder.chmod(mode)
        said = await ran(
            sandbox, python("print(open('/viva/x/deep/file').read())", Room((), (Bind(folder, "/viva/x"),)))
        )
        assert said.out == "seen\n", said.err

    async def test_a_file_for_root_alone_is_said_to_be_one(self, sandbox: Sandbox, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("")
        (tmp_path / "secret").chmod(0o600)
        with pytest.raises(LabUnavailable, match="chmod go"):
            await sandbox.start(replace(SLEEP, binds=(Bind(tmp_path / "secret", "/viva/x"),)))


PARENT = """
import asyncio, sys, time
sys.path.insert(0, {root!r})
from bot.lab.sandbox import Room, Sandbox
async def main():
    job = await Sandbox().start(Room(("/bin/sh", "-c", "/bin/sleep 1000 & echo; /bin/sleep 1000")))
    await job.stdout.readline()
    print(job.pid, flush=True)
    await asyncio.sleep(1000)
asyncio.run(main())
"""


@pytest.mark.parametrize("victim", ["the bot", "bubblewrap"])
async def test_nothing_outlives_a_parent_that_is_killed(sandbox: Sandbox, root: Path, victim: str) -> None:
    from bot.lab.sandbox.watching import tree

    bot = subprocess.Popen([sys.executable, "-c", PARENT.format(root=str(root))], stdout=subprocess.PIPE, text=True)
    assert bot.stdout
    with bot:
        confined = int(bot.stdout.readline())
        all_of_it = tree(confined)
        assert len(all_of_it) >= 4
        os.kill(bot.pid if victim == "the bot" else confined, signal.SIGKILL)
        for _ in range(500):
            if not any(map(is_alive, all_of_it)):
                break
            await asyncio.sleep(0.01)
        bot.kill()
    assert not any(map(is_alive, all_of_it))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
