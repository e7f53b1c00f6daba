"""The first process in a sandbox of attacks: runs those that it is told, each in a child, and tells what they say."""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import sys
from typing import Any

sys.path.insert(0, "/viva")
HERE = "tests.lab.attacks.programs"
PATIENCE = 8.0
MOST = 1 << 20


def main() -> None:
    told = json.loads(sys.stdin.buffer.readline())
    if told.get("alone"):
        say(told["programs"][0], attacked(told["programs"][0], told["world"]))
        return
    for name in told["programs"]:
        say(name, json.loads(in_a_child(name, told["world"]) or "null"))


def say(name: str, said: Any) -> None:
    line = json.dumps({"name": name, "said": said}).encode() + b"\n"
    while line:
        line = line[os.write(3, line) :]


def attacked(name: str, world: dict[str, Any]) -> Any:
    try:
        return importlib.import_module(f"{HERE}.{name}").attack(world)
    except Exception as error:  # what it got, not what it raised, is looked at
        return f"{type(error).__name__}: {error}"


def in_a_child(name: str, world: dict[str, Any]) -> bytes:
    here, there = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(here)
        with os.fdopen(there, "wb") as pipe:
            pipe.write(json.dumps(attacked(name, world), default=str).encode()[:MOST])
        os._exit(0)
    os.close(there)
    said = b""
    while select.select([here], [], [], PATIENCE)[0] and (piece := os.read(here, 65536)):
        said += piece
    os.close(here)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return said


if __name__ == "__main__":
    main()
