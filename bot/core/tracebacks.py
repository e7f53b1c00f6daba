"""What a program printed, for showing: of a traceback the program's own frames, with those inside libraries counted.

It changes nothing that is stored, reads no error and runs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

#: What the lab calls a candidate's program in a traceback.
PROGRAM = "submission.py"
_FRAME = re.compile(r'^  File "(?P<file>[^"]*)", line \d+(, in .*)?$')
_AGAIN = re.compile(r"^  \[Previous line repeated (?P<times>\d+) more times?\]$")
_HEADING = "Traceback (most recent call last):"
#: Where the middle of an output was left out, which may hold the heading.
_CUT = re.compile(r"^… [\d,]+ characters left out …$")
#: Below a frame's first line stand its source and its carets, set in further.
_BELOW = "    "


def own_frames(lines: Iterable[str]) -> list[str]:
    """The lines, where each run of frames inside libraries is one line that says how many they were."""
    return list(_told(lines))


def _told(lines: Iterable[str]) -> Iterator[str]:
    left_out, within, inside = 0, False, False
    for line in lines:
        if line.startswith(_HEADING) or _CUT.match(line):
            within, inside = True, False
        elif within and (frame := _FRAME.match(line)):
            inside = _in_a_library(frame["file"])
            left_out += inside
        elif inside and (again := _AGAIN.match(line)):
            left_out += int(again["times"])
        elif not line.startswith(_BELOW) and not _AGAIN.match(line):
            within = inside = False
        if inside:
            continue
        if left_out:
            yield _counted(left_out)
            left_out = 0
        yield line
    if left_out:
        yield _counted(left_out)


def _in_a_library(file: str) -> bool:
    """A file of another's; `<string>` and the like are code that the program made."""
    return file != PROGRAM and not file.startswith("<")


def _counted(frames: int) -> str:
    return f"  … {frames} frame{'' if frames == 1 else 's'} inside libraries, left out"
