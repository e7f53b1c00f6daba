"""Reads facts off a candidate's program in a limited child process. The program is parsed and never run.

Parsing is an attack, too: only the child parses, and all that comes back is a JSON object of bounded size.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.errors import CodeUnreadable

LARGEST_SOURCE = 64 * 1024
LARGEST_ANSWER = 512 * 1024
#: Seconds by the clock; a usual program takes a tenth of one, and the child limits its own CPU time to three.
PATIENCE = 10.0
LAST_WAIT = 2.0

#: The child knows the standard library (-I: no environment, no user's packages; -S: no site) and, last, this package.
ROOT = str(Path(__file__).resolve().parents[3])
CHILD = "import sys; sys.path.append(sys.argv[1]); from bot.lab.syntax.facts import main; main()"


class LimitedReader:
    """A `bot.ports.CodeReader`. `patience` is how long the child may take, in seconds."""

    def __init__(self, python: str | None = None, patience: float = PATIENCE) -> None:
        self._python = python or sys.executable
        self._patience = patience

    async def facts(self, source: str) -> Mapping[str, Any]:
        """The facts; CodeUnreadable with a sentence for the candidate when there are none."""
        text = _checked(source)
        return _facts(await self._answer(text), source)

    async def _answer(self, text: bytes) -> bytes:
        """What the child prints, up to a little more than the most that is accepted; empty when it died."""
        try:
            child = await asyncio.create_subprocess_exec(
                self._python,
                *("-I", "-S", "-c", CHILD, ROOT),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=_environment(),
                close_fds=True,
                start_new_session=True,
            )
        except OSError as error:
            raise CodeUnreadable(
                "Your program could not be read, and it is not your fault: the reader did not start here "
                f"({error.strerror}). Describe the program in words, or hand it in again later."
            ) from error
        try:
            async with asyncio.timeout(self._patience):
                return await _spoken(child, text)
        except TimeoutError:
            raise CodeUnreadable("Your program takes too long to be read. Hand in a shorter one.") from None
        finally:
            await _ended(child)


async def _spoken(child: asyncio.subprocess.Process, text: bytes) -> bytes:
    assert child.stdin is not None and child.stdout is not None  # both are pipes
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it died: what it said says so
        child.stdin.write(text)
        await child.stdin.drain()
    child.stdin.close()
    answer = b""
    while len(answer) <= LARGEST_ANSWER and (piece := await child.stdout.read(65_536)):
        answer += piece
    return answer


async def _ended(child: asyncio.subprocess.Process) -> None:
    """Ends the child and whatever it has started. Nobody waits for one that got away and holds its pipe open."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if child.returncode is None and hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        elif child.returncode is None:
            child.kill()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LAST_WAIT):
            await _emptied(child)
            await child.wait()


async def _emptied(child: asyncio.subprocess.Process) -> None:
    """Closes the pipes: the loop lets go of one only when it has seen its end."""
    assert child.stdin is not None and child.stdout is not None  # both are pipes
    child.stdin.close()
    while await child.stdout.read(65_536):
        pass
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        await child.stdin.wait_closed()


def _environment() -> dict[str, str]:
    """Nothing, but for what Windows cannot start a process without."""
    return {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}


def _checked(source: str) -> bytes:
    """The program as UTF-8, if it is one that may be looked at."""
    if not source.strip():
        raise CodeUnreadable("There is no program in that.")
    text = source.removeprefix("\ufeff").encode("utf-8", "surrogatepass")
    if len(text) > LARGEST_SOURCE:
        size = -(-len(text) // 1024)
        raise CodeUnreadable(
            f"Your program is {size} KiB long, and at most {LARGEST_SOURCE // 1024} KiB are read. "
            "Leave out what is not code."
        )
    if "\0" in source:
        line = source[: source.index("\0")].count("\n") + 1
        raise CodeUnreadable(f"Line {line} of your program holds a NUL character, which Python does not allow.")
    if any("\ud800" <= character <= "\udfff" for character in source):
        raise CodeUnreadable("Your program is not UTF-8 text. Save it as UTF-8.")
    return text


def _facts(answer: bytes, source: str) -> Mapping[str, Any]:
    """The facts in the child's answer. It is taken for a claim: whatever is not of the right form is no answer."""
    try:
        data = json.loads(answer) if len(answer) <= LARGEST_ANSWER else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise CodeUnreadable("Your program is too large or too deeply nested to be read. Hand in a simpler one.")
    facts = data.get("facts")
    if isinstance(facts, dict):
        return facts
    raise CodeUnreadable(_problem(data, source))


def _problem(data: Mapping[str, Any], source: str) -> str:
    says = " ".join(str(data.get("says", "")).split())[:120].rstrip(".")
    line = data.get("line")
    if data.get("problem") == "syntax" and isinstance(line, int):
        last = source.rstrip().count("\n") + 1
        return f"Line {min(max(line, 1), last)} of your program cannot be read as Python: {says}."
    if data.get("problem") == "value":
        return f"Your program cannot be read as Python: {says}."
    return "Your program is too large or too deeply nested to be read. Hand in a simpler one."
