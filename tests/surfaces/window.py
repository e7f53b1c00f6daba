"""A terminal window for tests: a program on a real pseudo-terminal, and what a person would see of it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pexpect
import pyte

ROOT = Path(__file__).resolve().parents[2]
PASTE_ON, PASTE_OFF = "\x1b[200~", "\x1b[201~"


class Window:
    """A window of a size. `raw` is all that the program wrote, `text` what the screen shows now."""

    def __init__(
        self,
        home: Path,
        *flags: str,
        columns: int = 80,
        lines: int = 50,
        environ: Mapping[str, str] | None = None,
        program: Sequence[str] | None = None,
    ) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.raw = ""
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self._screen)
        self.child = pexpect.spawn(
            sys.executable,
            [*(program or ("-m", "tests.surfaces.sitting", str(home))), *flags],
            cwd=str(ROOT),
            env={**kept, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(environ or {})},
            dimensions=(lines, columns),
            encoding="utf-8",
            timeout=20,
        )

    def __enter__(self) -> Window:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.child.close(force=True)

    @property
    def text(self) -> str:
        """What stands in the window, without the blanks at the ends of lines."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()

    def send(self, keys: str) -> Window:
        self.child.send(keys)
        return self

    def resize(self, columns: int, lines: int) -> None:
        self._screen.resize(lines, columns)
        self.child.setwinsize(lines, columns)

    def expect(self, wanted: str, seconds: float = 15.0) -> str:
        """Waits until the window shows these words, and gives all that it shows."""
        return self._until(lambda: wanted in self.text, f"{wanted!r} on the screen", seconds)

    def expect_raw(self, wanted: str, seconds: float = 15.0) -> str:
        """Waits until the program has written these words, and gives all that it wrote."""
        self._until(lambda: wanted in self.raw, f"{wanted!r} in what was written", seconds)
        return self.raw

    def settle(self, seconds: float = 0.3) -> str:
        """Takes what comes until nothing came for a while."""
        while self._pump(seconds):
            pass
        return self.text

    def ends(self, seconds: float = 15.0) -> int | None:
        """Waits for the program's end; its exit code, or None after a signal."""
        until = time.monotonic() + seconds
        while self.child.isalive() and time.monotonic() < until:
            self._pump(0.1)
        self._pump(0.05)
        assert not self.child.isalive(), f"it goes on after {seconds} s:\n{self.text}"
        self.child.close()
        code: int | None = self.child.exitstatus
        return code

    def _until(self, seen: object, what: str, seconds: float) -> str:
        assert callable(seen)
        until = time.monotonic() + seconds
        while not seen():
            assert time.monotonic() < until, f"no {what} after {seconds} s:\n{self.text}\n{self.raw[-2000:]!r}"
            self._pump(0.05)
        return self.text

    def _pump(self, seconds: float) -> bool:
        try:
            found = self.child.read_nonblocking(65536, seconds)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            time.sleep(0.01)
            return False
        self.raw += found
        self._stream.feed(found)
        return True
