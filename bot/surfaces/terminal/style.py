"""How a chat may look here: read once off the flags, the environment and the two ends. It prints nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TextIO

Look = Literal["rich", "named", "pipe"]


@dataclass(frozen=True)
class Style:
    """`rich` redraws and colours, `named` only appends and names each turn, `pipe` takes each line as an answer."""

    look: Look
    colour: bool = False
    terminal_in: bool = False

    @classmethod
    def of(cls, environ: Mapping[str, str], stdin: TextIO, stdout: TextIO, plain: bool = False) -> Style:
        """The look that flags, environment and both ends allow."""
        terminal_in, terminal_out = stdin.isatty(), stdout.isatty()
        if not terminal_in:
            return cls("pipe")
        dumb = environ.get("TERM", "").lower() in ("dumb", "unknown")
        if plain or dumb or _on(environ.get("ACCESSIBLE", "")) or not terminal_out:
            return cls("named", terminal_in=True)
        return cls("rich", colour=not environ.get("NO_COLOR"), terminal_in=True)


def _on(value: str) -> bool:
    return value.strip().lower() not in ("", "0", "no", "false", "off")
