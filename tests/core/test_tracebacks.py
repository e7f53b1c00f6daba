"""What is shown of a traceback: where the candidate's own program went wrong, and not PyTorch's insides."""

from __future__ import annotations

import pytest

from bot.core.tracebacks import PROGRAM, own_frames

LIBRARY = '  File "/lib/torch/nn/modules/module.py", line 1884, in _call_impl\n    return inner()\n           ^^^^^^^\n'
OWN = '  File "submission.py", line 8, in step\n    return model(x)\n           ^^^^^^^^\n'
MADE = '  File "<string>", line 1, in <module>\n'
CUT = "… 1,200 characters left out …\n"
HEAD, LAST = "Traceback (most recent call last):\n", "RuntimeError: shapes 64x64 and 32x10\n"


def told(text: str) -> str:
    return "\n".join(own_frames(text.splitlines())) + "\n"


def left_out(count: int) -> str:
    return f"  … {count} frame{'s' * (count > 1)} inside libraries, left out\n"


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        (HEAD + OWN + 8 * LIBRARY + LAST, HEAD + OWN + left_out(8) + LAST),
        (HEAD + OWN + LIBRARY + OWN + LIBRARY + LAST, HEAD + OWN + left_out(1) + OWN + left_out(1) + LAST),
        ("epoch 1\n" + HEAD + OWN + LAST + "after\n", "epoch 1\n" + HEAD + OWN + LAST + "after\n"),
        (CUT + 8 * LIBRARY + LAST, CUT + left_out(8) + LAST),
        ('  File "data.csv", line 3\n    .25 .75\n  File "data.csv", line 4\n    .5\n', None),
        (HEAD + MADE + LAST + '  File "data.csv", line 3\n', None),
        (
            HEAD + OWN + "  [Previous line repeated 994 more times]\n" + LIBRARY + LAST,
            HEAD + OWN + "  [Previous line repeated 994 more times]\n" + left_out(1) + LAST,
        ),
        (HEAD + LIBRARY + "  [Previous line repeated 5 more times]\n" + LAST, HEAD + left_out(6) + LAST),
        ('  File "submission.py", line 3\n    x =\n       ^\nSyntaxError: invalid syntax\n', None),
        ('    4 spaces\n  File "notes.txt" is here\n  two\n', None),
    ],
)
def test_frames_inside_libraries_are_counted_and_not_shown(printed: str, shown: str | None) -> None:
    assert told(printed) == (printed if shown is None else shown)


def test_the_programs_name_is_the_labs() -> None:
    from bot.lab.harness.program import FILE

    assert PROGRAM == FILE
