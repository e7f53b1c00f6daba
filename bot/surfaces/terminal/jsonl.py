"""The chat as JSON lines, for programs (`viva chat --jsonl`). It imports nothing that draws."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, TextIO

from bot.core.reply import Reply
from bot.core.run_words import progress_in_words
from bot.core.training import Progress
from bot.errors import VivaError, WrongUsage
from bot.interview import Interview
from bot.surfaces.terminal.commands import PythonOf, as_it_stands, own, read_program
from bot.surfaces.terminal.lines import Lines
from bot.surfaces.terminal.output import Output
from bot.surfaces.text.harmless import encodable

#: A longer id is somebody's mistake, and the store's key is not made for it.
LONGEST_ID = 200
NOT_KEPT = "Your last message could not be written down, and is not kept. Send it again when you resume."
#: What JSON allows as it stands, and line readers and terminals trip over.
_ESCAPED = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Input:
    """One line as the interview takes it."""

    text: str
    id: str | None = None
    code: str | None = None


class JsonMouth:
    """Says each reply as one object, at once."""

    once = True
    by_turns = False

    def __init__(self, out: Output) -> None:
        self._out = out
        self._stage = ""
        self._at = 0.0

    async def say(self, seq: int, replies: Sequence[Reply]) -> None:
        for reply in replies:
            self.message(reply.kind, reply.text, reply.question, reply.data)

    async def utter(self, seq: int, sentence: str) -> None:
        """Nothing: an object says a whole thing, and the sentence is part of the one that comes."""

    def message(self, kind: str, text: str, question: str | None = None, data: Mapping[str, Any] | None = None) -> None:
        self.put(type="message", kind=kind, text=text, question=question, data=dict(data or {}))

    def progress(self, question: str, progress: Progress) -> None:
        """How a run stands, as one object; each stage at once, and then once a second."""
        if progress.stage == self._stage and progress.seconds - self._at < 1.0:
            return
        self._stage, self._at = progress.stage, progress.seconds
        losses = progress.curve.losses
        data = {
            "stage": progress.stage,
            "position": progress.position,
            "wait": progress.wait,
            "seconds": round(progress.seconds, 1),
            "step": progress.curve.steps[-1] if losses else None,
            "loss": losses[-1] if losses and math.isfinite(losses[-1]) else None,
        }
        self.message("progress", progress_in_words(progress), question, data)

    def put(self, **fields: Any) -> None:
        """One object a line. What is no JSON by itself becomes it; what could break a line travels escaped."""
        line = json.dumps({"v": 1, **_finite(fields)}, ensure_ascii=False, allow_nan=False, default=_plain)
        self._out.write(_ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", line) + "\n")


async def chat_jsonl(
    interview: Interview,
    *,
    resumed: bool,
    stdin: TextIO,
    stdout: TextIO,
    new_id: Callable[[], str],
    python_of: PythonOf = as_it_stands,
    afterwards: bool = False,
) -> int:
    """A sitting as JSON lines, until its closing or the end of input; the exit code. See `chat.chat` for the rest."""
    out = Output(stdout, "utf-8")  # JSON is UTF-8, whatever the locale says
    mouth, lines = JsonMouth(out), Lines(stdin)
    with out.leaving_quietly():
        await (interview.resume(mouth) if resumed else interview.begin(mouth))
        _turn(interview, mouth)
        while (afterwards or interview.session.ended is None) and (line := await lines.line()) is not None:
            if not line.text.strip():
                continue
            if line.trouble:
                mouth.message("notice", line.trouble)
            await _hear(interview, mouth, line.text, new_id, python_of)
            _turn(interview, mouth)
    return 0


def _turn(interview: Interview, mouth: JsonMouth) -> None:
    stands = interview.stands()
    mouth.put(type="turn", session=interview.session_id, owes=stands.owes, question=stands.question)


async def _hear(
    interview: Interview, mouth: JsonMouth, line: str, new_id: Callable[[], str], python_of: PythonOf
) -> None:
    """Takes one line; what is wrong with it is said, and the turn goes on."""
    try:
        given, notices = _program(_input(line), python_of)
    except WrongUsage as wrong:
        mouth.message("notice", str(wrong), interview.stands().question)
        return
    for notice in notices:
        mouth.message("notice", notice, interview.stands().question)

    safe = False

    async def kept() -> None:
        nonlocal safe
        mouth.put(type="kept", id=given.id)
        safe = True

    cause = f"jsonl:{given.id}" if given.id is not None else f"jsonl-line:{new_id()}"
    try:
        await interview.hear(mouth, cause, given.text, given.code, kept)
    except VivaError:
        if not safe:
            mouth.message("notice", NOT_KEPT, interview.stands().question)
        raise


def _input(line: str) -> Input:
    """The object that a line holds; WrongUsage says why it holds none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise WrongUsage(f"That line is no JSON. Send {_EXAMPLE} on one line. Nothing was marked.") from None
    if not isinstance(found, dict):
        raise WrongUsage(f"That line is JSON, but no object. Send {_EXAMPLE}. Nothing was marked.")
    text, code, given = found.get("text"), found.get("code"), found.get("id")
    if text is None and isinstance(code, str):
        text = ""
    if not isinstance(text, str):
        raise WrongUsage(f'The object has no "text" that is a string. Send {_EXAMPLE}. Nothing was marked.')
    if not isinstance(code, str | None):
        raise WrongUsage('"code" is a string that holds the program, or is left out. Nothing was marked.')
    return Input(encodable(text), _id(given), None if code is None else encodable(code))


_EXAMPLE = '{"text": "your words"}'


def _id(given: object) -> str | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, str | int) or not 0 < len(str(given)) <= LONGEST_ID:
        raise WrongUsage(f'"id" is a string of 1 to {LONGEST_ID} characters, or is left out. Nothing was marked.')
    return encodable(str(given))


def _program(given: Input, python_of: PythonOf) -> tuple[Input, tuple[str, ...]]:
    """`/code FILE` brings the file along, and a notebook its code cells; `/edit` needs a terminal."""
    if given.code is not None:
        code, notices = python_of(given.code, "")
        return Input(given.text, given.id, code), notices
    ours = own(given.text)
    if ours is not None and ours.word == "edit":
        raise WrongUsage("/edit opens an editor, which needs a terminal. Send the text itself. Nothing was marked.")
    if ours is None or ours.file is None:
        return given, ()
    code, notices = read_program(ours.file, python_of)
    return Input("", given.id, code), notices


def _finite(value: Any) -> Any:
    """The same with null for what JSON has no number for: a program may well set a rate of 1e999."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(one) for name, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list | tuple) else value


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _finite(asdict(value))
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, set | frozenset) else str(value)
