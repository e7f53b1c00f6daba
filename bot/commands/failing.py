"""How a command ends when it fails: one plain sentence on standard error, and the exit code that programs go by."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from typer import Abort, Exit

from bot.errors import VivaError

#: What the command line's parser raises when nothing was given: its message is the help.
_NOTHING_GIVEN = "NoArgsIsHelpError"
#: What it makes of Ctrl-C.
_INTERRUPTED = 130
_STOPPED = "Stopped. Everything that was said is kept: viva chat --resume last goes on."


def ending(run: Callable[[], Any], debug: bool) -> int:
    """Runs a command and returns its exit code: 0 on success, 2 on wrong usage, 1 on anything else."""
    _fill_gaps()
    try:
        result = run()
        sys.stdout.flush()
        if result == _INTERRUPTED:
            return _say(_STOPPED, 1)
        return result if isinstance(result, int) else 0
    except Exit as leaving:
        return leaving.exit_code
    except (KeyboardInterrupt, Abort):
        return _say(_STOPPED, 1)
    except BrokenPipeError:
        _silence()  # the reader left; so do we, quietly
        return 1
    except Exception as error:  # a fault of ours: it is said in a sentence, and shown in full where that is asked for
        if debug:
            traceback.print_exc()
        _flush()
        return _said(error)


def _fill_gaps() -> None:
    """Gives nothing to read, and nowhere to write, where whoever started us closed a standard stream (`>&-`)."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open to the end


def _flush() -> None:
    """Writes out what was printed before an error; where that fails too, it is dropped, or it would fail at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        _silence()


def _silence() -> None:
    """Points standard output at nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _said(error: Exception) -> int:
    if isinstance(error, VivaError):
        return _say(str(error), error.exit_code)
    if type(error).__name__ == _NOTHING_GIVEN:
        sys.stderr.write(f"{error}\n")
        return 2
    if hasattr(error, "format_message"):  # the command-line parser's own complaints
        complaint = error.format_message().replace("Input should be", "it must be")
        context = getattr(error, "ctx", None)
        called = context.command_path if context is not None else "viva"
        return _say(f"{complaint}{'' if complaint.endswith(('.', '?', '!')) else '.'} See: {called} --help", 2)
    if isinstance(error, OSError) and error.strerror:
        where = f" at {error.filename}" if error.filename else ""
        return _say(
            f"The system reported “{error.strerror}”{where}. Nothing that was kept is lost. Make room or mend the "
            "permissions, and try again.",
            1,
        )
    return _say(
        f"Viva failed, and that is Viva's fault: {type(error).__name__}: {error}. "
        "Nothing that was kept is lost. Run it again with --debug for the traceback.",
        1,
    )


def _say(sentence: str, code: int) -> int:
    with contextlib.suppress(OSError):  # after a hang-up there is nobody to tell
        sys.stderr.write(f"viva: {sentence}\n")
    return code
