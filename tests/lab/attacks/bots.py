"""Starts stand-ins for the bot, as whoever runs the tests and as an ordinary user, and asks them to run attacks."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.lab.attacks.world import World
from tests.lab.sandbox.confining import SPARE

#: What such a checkout needs.
NEEDED = ("bot/__init__.py", "bot/errors.py", "bot/lab/__init__.py", "bot/lab/sandbox", "tests/lab/attacks")
PATIENCE = 60


@dataclass(frozen=True, eq=False)
class Bot:
    """One stand-in, with its world."""

    process: subprocess.Popen[str]
    world: World

    def asked(self, **asked: Any) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the bot has died"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def runs(self, *programs: str, without: tuple[str, ...] = (), **asked: Any) -> dict[str, Any]:
        """The answer to these programs, run one after another in one sandbox without these defences."""
        policy = {**dict.fromkeys(without, False), **asked.pop("policy", {})}
        given = {"memory": 200, "cpu_seconds": 20, "seconds": 30.0, "alone": False, "nice": 0, **asked}
        binds = [[str(self.world.data), "/viva/data"]]
        return self.asked(policy=policy, programs=programs, world=self.world.told(), binds=binds, **given)


@contextlib.contextmanager
def bot(world: World, root: Path, terminal: int | None = None) -> Iterator[Bot]:
    """Runs as the world's owner. `terminal` is what it is to have as its controlling terminal."""
    python, checkout = sys.executable, root
    if world.owner != os.geteuid():
        python, checkout = _common_python(), _copied(root, world.folder.parent / "checkout", world.owner)
    command = [
        *_as(world.owner),
        python,
        "-B",
        "-m",
        "tests.lab.attacks.bot",
        *(["terminal"] if terminal is not None else []),
    ]
    process = subprocess.Popen(
        command,
        cwd=checkout,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=terminal,
        env={**os.environ, "PYTHONPATH": str(checkout), "VIVA_OPENAI_KEY": world.environment_secret},
        text=True,
        start_new_session=terminal is not None,
    )
    started = Bot(process, world)
    try:
        answer = started.asked(hold={"key": world.name, "key_secret": world.key_secret, "file": str(world.files[0])})
        if answer["why"]:
            (pytest.fail if os.environ.get("VIVA_CI") else pytest.skip)(answer["why"])
        yield started
    finally:
        with contextlib.suppress(OSError):
            process.communicate(timeout=PATIENCE)
        process.kill()


def _as(owner: int) -> list[str]:
    if owner == os.geteuid():
        return []
    # What setpriv itself starts is still found with root's rights; what `env` then starts is not.
    return ["setpriv", "--reuid", str(owner), "--regid", str(owner), "--clear-groups", "env"]


def _common_python() -> str:
    """An interpreter that any user can run."""
    version = "import sys; sys.exit(sys.version_info < (3, 11))"
    for path in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        command = [*_as(SPARE), path, "-c", version]
        if Path(path).exists() and not subprocess.run(command, stderr=subprocess.DEVNULL).returncode:
            return path
    pytest.skip("no Python 3.11 here can be run by an ordinary user")


def _copied(root: Path, to: Path, owner: int) -> Path:
    for name in NEEDED:
        source, target = root / name, to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    for path in (to, *to.rglob("*")):
        os.chown(path, owner, owner)
    return to
