"""Runs a program's source as `__main__` and says how it failed, and on which line. It watches nothing."""

from __future__ import annotations

import linecache
import sys
import traceback
import types
from types import TracebackType
from typing import Any

FILE = "submission.py"
LONGEST_MESSAGE = 2000
LONGEST_TYPE = 100


class Program:
    """A source and, once it was run, the names that it left."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.module = types.ModuleType("__main__")
        self.module.__file__ = FILE

    @property
    def names(self) -> dict[str, Any]:
        return vars(self.module)

    def run(self) -> dict[str, Any] | None:
        """Runs it to its end; what it raised as type, message and line, or None. sys.exit(0) is an end like any."""
        linecache.cache[FILE] = (len(self.source), None, self.source.splitlines(keepends=True), FILE)
        sys.modules["__main__"] = self.module
        raised: BaseException | None = None
        try:
            exec(compile(self.source, FILE, "exec", dont_inherit=True), self.names)
        except BaseException as caught:
            raised = caught
        sys.settrace(None)  # at once, before any function of ours is called
        sys.setprofile(None)
        if raised is None or ended_well(raised):
            return None
        return self.fault(raised)

    def fault(self, raised: BaseException) -> dict[str, Any]:
        sys.setrecursionlimit(max(sys.getrecursionlimit(), 1000))
        show(raised)
        return {"type": type_of(raised), "message": message_of(raised), "line": line_of(raised)}

    def line_of(self, raised: BaseException) -> str:
        """Type, message and line as half a sentence."""
        line = line_of(raised)
        where = f" (line {line})" if line else ""
        return f"{type_of(raised)}: {message_of(raised)[:300]}{where}"


def ended_well(raised: BaseException) -> bool:
    """sys.exit() and sys.exit(0), of Python's own kind: another's attributes are code of the program's."""
    return type(raised) is SystemExit and raised.code in (None, 0)


def type_of(raised: BaseException) -> str:
    return str(type.__getattribute__(type(raised), "__name__"))[:LONGEST_TYPE]


def message_of(raised: BaseException) -> str:
    """What it says of itself, capped; an exception may misbehave in that as well."""
    try:
        if issubclass(type(raised), SyntaxError) and isinstance(raised.msg, str):  # type: ignore[attr-defined]
            return raised.msg[:LONGEST_MESSAGE]  # type: ignore[attr-defined]
        return str.__str__(str(raised))[:LONGEST_MESSAGE]
    except BaseException:
        return "(the exception has no message that can be read)"


def line_of(raised: BaseException) -> int | None:
    """The program's deepest line in the traceback, or where its syntax breaks."""
    if type(raised) in (SyntaxError, IndentationError, TabError) and raised.filename == FILE:  # type: ignore[attr-defined]
        return raised.lineno if isinstance(raised.lineno, int) else None  # type: ignore[attr-defined]
    lines = [place.tb_lineno for place in places(trace_of(raised)) if place.tb_frame.f_code.co_filename == FILE]
    return lines[-1] if lines else None


def trace_of(raised: BaseException) -> TracebackType | None:
    """Its traceback, past whatever the program has put in the way of its attributes."""
    found: TracebackType | None = vars(BaseException)["__traceback__"].__get__(raised)
    return found


def places(trace: TracebackType | None) -> list[TracebackType]:
    found = []
    while trace is not None:
        found.append(trace)
        trace = trace.tb_next
    return found


def show(raised: BaseException) -> None:
    """The traceback on standard error as Python shows it, from the program's first line on."""
    own = [place for place in places(trace_of(raised)) if place.tb_frame.f_code.co_filename == FILE]
    try:
        shown = traceback.format_exception(type(raised), raised, own[0] if own else None)
        sys.stderr.write("".join(shown)[-LONGEST_MESSAGE * 4 :])
        sys.stderr.flush()
    except BaseException:
        return  # an exception, or a sys.stderr, that does not want to be shown
