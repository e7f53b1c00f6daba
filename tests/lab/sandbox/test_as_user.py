"""An ordinary user gets the same sandbox: where the tests are root, a child of a user whom nobody is asks for it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.lab.sandbox import Sandbox
from tests.lab.sandbox.confining import SPARE, confining

ASKED = """
import asyncio, json, os, sys
sys.path.insert(0, {root!r})
from bot.lab.sandbox import Bind, Room, Sandbox, interpreter
from pathlib import Path
sandbox = Sandbox()
async def ran(code, *binds, memory=300):
    room = Room((sys.executable, "-I", "-S", "-c", code), (*interpreter(), *binds), memory)
    job = await sandbox.start(room, nice=0)
    out, err = await asyncio.gather(job.stdout.read(), job.stderr.read())
    await job.kill()
    return [await job.wait(), out.decode(), err.decode()[-300:], job.died_of_memory()]
async def main():
    print(json.dumps({{"why": sandbox.unavailable(), "status": dict(sandbox.describe()), **{checks}}}))
asyncio.run(main())
"""
HOG = "kept = [b'x' * (16 << 20) for _ in range(60)]"


@pytest.fixture
def python(root: Path) -> str:
    """An interpreter that another user can run."""
    confining(Sandbox())
    if os.geteuid() != 0:
        return sys.executable
    version = "import sys; sys.exit(sys.version_info < (3, 11))"
    for path in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        if Path(path).exists() and not subprocess.run([*as_user(path), "-c", version], stderr=-3).returncode:
            return path
    pytest.skip("no Python 3.11 here can be run by an ordinary user")


def as_user(*before: str) -> list[str]:
    if os.geteuid() != 0:
        return list(before)
    # What setpriv itself starts is still found with root's rights; what `env` then starts is not.
    return ["setpriv", "--reuid", str(SPARE), "--regid", str(SPARE), "--clear-groups", "env", *before]


def asked(python: str, root: Path, checks: str, *before: str) -> dict[str, Any]:
    code = ASKED.format(root=str(root), checks=checks)
    done = subprocess.run([*as_user(*before, python), "-B", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Path:
    """The sandbox's source, where an ordinary user can read it, under a folder that nobody else can."""
    home = tmp_path / "home"
    for name in ("errors.py", "__init__.py", "lab/__init__.py", "lab/sandbox"):
        to = home / "bot" / name
        to.parent.mkdir(parents=True, exist_ok=True)
        source = root / "bot" / name
        shutil.copytree(source, to) if source.is_dir() else shutil.copy(source, to)
    (home / "secret").write_text("x")
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", f"{SPARE}:{SPARE}", str(home)], check=True)
        opened(home.parent)
    home.chmod(0o700)
    return home


def opened(folder: Path) -> None:
    """Lets others pass through pytest's own folders."""
    for above in (folder, *folder.parents):
        if above.stat().st_mode & 0o001 == 0:
            above.chmod(above.stat().st_mode | 0o001)


def test_a_user_runs_and_is_stopped_like_a_root(python: str, checkout: Path) -> None:
    checks = (
        "'ran': await ran('import os; print(os.getuid(), sorted(os.environ))'),"
        f"'hog': await ran({HOG!r}),"
        "'net': await ran('import socket; socket.socket()'),"
        "'bind': await ran('print(open(\"/viva/x\").read())', Bind(Path(sys.path[0], 'secret'), '/viva/x')),"
        "'host': await ran('open(%r)' % (sys.path[0] + '/secret'))"
    )
    answer = asked(python, checkout, "{" + checks + "}")
    assert answer["why"] is None
    assert answer["status"]["runs as"] == "the user"
    uid = SPARE if os.geteuid() == 0 else os.geteuid()
    assert answer["ran"][:2] == [0, f"{uid} ['LC_CTYPE', 'PWD']\n"]
    assert answer["hog"][3]
    assert "Address family not supported" in answer["net"][2]
    assert answer["bind"][1] == "x\n"
    assert "No such file" in answer["host"][2]


def test_an_interpreter_under_a_closed_folder_works(python: str, checkout: Path) -> None:
    venv = checkout / "venv"
    subprocess.run([*as_user(python), "-m", "venv", "--copies", "--without-pip", str(venv)], check=True)
    answer = asked(str(venv / "bin/python"), checkout, "{'ran': await ran('import sys; print(sys.executable)')}")
    assert answer["ran"] == [0, f"{venv}/bin/python\n", "", False]


def test_a_root_shows_an_interpreter_under_a_closed_folder(tmp_path: Path, root: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("there is no root to drop")
    confining(Sandbox())
    (tmp_path / "closed").mkdir(mode=0o700)
    venv = tmp_path / "closed/venv"
    subprocess.run([sys.executable, "-m", "venv", "--copies", "--without-pip", str(venv)], check=True)
    code = ASKED.format(root=str(root), checks="{'ran': await ran('import sys; print(sys.executable)')}")
    done = subprocess.run([venv / "bin/python", "-B", "-c", code], capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout)["ran"] == [0, f"{venv}/bin/python\n", "", False]


def test_forbidden_namespaces_are_named_with_the_setting_that_allows_them(python: str, checkout: Path) -> None:
    drop = "setpriv --ambient-caps=-all --inh-caps=-all --"
    forbid = f'echo 0 > /proc/sys/user/max_user_namespaces && exec {drop} "$@"'
    apart = ["unshare", "--user", "--map-current-user", "--keep-caps", "sh", "-c", forbid, "sh"]
    answer = asked(python, checkout, "{}", *apart)
    assert "sudo sysctl -w user.max_user_namespaces=" in answer["why"]
