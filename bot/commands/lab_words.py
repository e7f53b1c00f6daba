"""How a run and the lab's state are shown: JSON lines, a small live display, or plain lines. It runs nothing."""

from __future__ import annotations

import json
import math
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, Self, TextIO

from bot.core.reply import Series
from bot.core.run_sentences import RUN_SENTENCES
from bot.core.run_words import Manner, at_line, curve_in_words, printed, progress_in_words, verdict
from bot.core.training import Outcome, Progress
from bot.surfaces.terminal.style import Style
from bot.surfaces.text.harmless import harmless

if TYPE_CHECKING:
    from rich.live import Live

#: Seconds between two lines where lines are only appended.
BETWEEN = 2.0
WIDEST = 100
Place = Callable[[int], str]
#: What the interviewer says otherwise: nothing is graded here.
UNAVAILABLE = "Your program was not run, which is no fault of yours: {why}"
_LINE = re.compile(r"\bline (\d+)\b")
_ESCAPED = re.compile("[\u2028\u2029\x85\ud800-\udfff]")


class Display(AbstractContextManager["Display"], Protocol):
    """Where a run is shown as it goes, and what came of it."""

    def notice(self, text: str) -> None: ...

    def progress(self, progress: Progress) -> None: ...

    def result(self, result: Mapping[str, Any], outcome: Outcome) -> None: ...


class JsonLines(Display):
    """One object a line. What is no number of JSON is null, or a word (`nan`, `inf`) in a curve."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._told = 0

    def __exit__(self, *_: object) -> None:
        self._out.flush()

    def notice(self, text: str) -> None:
        self.put(type="notice", text=text)

    def progress(self, progress: Progress) -> None:
        """The stage, and the points of the curve that are new."""
        steps, losses = progress.curve.steps[self._told :], progress.curve.losses[self._told :]
        self._told = len(progress.curve.steps)
        self.put(
            type="progress",
            stage=progress.stage,
            position=progress.position,
            wait=None if progress.wait is None else round(progress.wait, 1),
            seconds=round(progress.seconds, 3),
            step=steps[-1] if steps else None,
            loss=losses[-1] if losses and math.isfinite(losses[-1]) else None,
            curve={"steps": steps, "losses": losses},
        )

    def result(self, result: Mapping[str, Any], outcome: Outcome) -> None:
        self.put(type="result", **result)

    def put(self, **fields: Any) -> None:
        line = json.dumps({"v": 1, **_plain(fields)}, ensure_ascii=False, allow_nan=False, default=str)
        self._out.write(_ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", line) + "\n")
        self._out.flush()


def _plain(value: Any) -> Any:
    """The same without floats that JSON has no name for."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


class Terminal(Display):
    """For people: one line that is redrawn, with the curve below it; appended lines where nothing can be redrawn."""

    def __init__(self, out: TextIO | None = None, style: Style | None = None, place: Place = at_line) -> None:
        self._out = out or sys.stdout
        self._place = place
        self._style = style or Style.of(os.environ, sys.stdin, self._out)
        self._redraws = self._style.look == "rich" and self._out.isatty()
        self._live: Live | None = None
        self._stage = ""
        self._at = 0.0

    def __enter__(self) -> Self:
        if self._redraws:
            from rich.console import Console
            from rich.live import Live

            console = Console(file=self._out, no_color=not self._style.colour, highlight=False)
            self._live = Live(console=console, auto_refresh=False, transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._still()

    def notice(self, text: str) -> None:
        self._say(text)

    def progress(self, progress: Progress) -> None:
        if self._live is not None:
            from rich.text import Text

            drawing = self._drawing(progress.curve.steps, progress.curve.losses, 12)
            self._live.update(Text("\n".join(filter(None, [progress_in_words(progress), drawing]))), refresh=True)
        elif progress.stage != self._stage or progress.seconds - self._at >= BETWEEN:
            self._stage, self._at = progress.stage, progress.seconds
            self._say(progress_in_words(progress))

    def result(self, result: Mapping[str, Any], outcome: Outcome) -> None:
        """What came of it, what was found, what would be asked."""
        self._still()
        drawing = self._drawing(outcome.curve.steps, outcome.curve.losses)
        for block in result_in_words(result, outcome, drawing, self._place):
            self._say(f"{block}\n")

    def _drawing(self, steps: Sequence[int], losses: Sequence[float], lines: int = 14) -> str:
        """The curve as a picture, where pictures can be shown."""
        if not self._redraws:
            return ""
        from bot.surfaces.terminal.curves import drawn

        columns = min(WIDEST, self._live.console.width if self._live is not None else 80)
        return drawn([Series("loss", tuple(steps), tuple(losses))], columns, lines)

    def _still(self) -> None:
        """Ends the redrawing; what comes now stays."""
        if self._live is not None:
            self._live.stop()

    def _say(self, text: str) -> None:
        self._out.write(f"{harmless(text)}\n")
        self._out.flush()


def result_in_words(
    result: Mapping[str, Any], outcome: Outcome, drawing: str = "", place: Place = at_line
) -> list[str]:
    """The outcome as paragraphs: verdict, curve, output, findings, what would be asked. `place` names a line."""
    blocks = [outcome_in_words(outcome, place)]
    if words := curve_in_words(outcome.curve):
        blocks.append("\n".join(filter(None, [drawing, words])))
    head, lines = printed(outcome, _say)
    if lines:
        blocks.append("\n".join([head, *(f"  {line}" for line in lines)]))
    if result["findings"]:
        blocks.append("\n".join(["Findings:", *(_finding(finding, place) for finding in result["findings"])]))
    if result["follow_ups"]:
        asked = (f"- {_placed(text, place)}" for text in result["follow_ups"])
        blocks.append("\n".join(["What you would be asked:", *asked]))
    return blocks


def outcome_in_words(outcome: Outcome, place: Place = at_line) -> str:
    """How it ended, in the interviewer's words; a terminal shows them as they stand."""
    return " ".join(filter(None, verdict(outcome, Manner(_say, place, _one_line, _one_line))))


def _say(key: str, **values: object) -> str:
    """The first wording of a sentence: a run by itself has no sitting whose seed could take turns."""
    wording = UNAVAILABLE if key == "run_unavailable" else RUN_SENTENCES[key][0]
    return wording.format(**values)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _finding(finding: Mapping[str, Any], place: Place) -> str:
    where = f"{place(finding['line'])}: " if finding["line"] else ""
    return f"- {finding['severity']}: {where}{_placed(finding['message'], place)}"


def _placed(text: str, place: Place) -> str:
    """The same with its lines named by where they stand."""
    return _LINE.sub(lambda found: place(int(found[1])), text)
