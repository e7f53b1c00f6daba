"""A line of a file of answers to be graded: what it must hold, and what is wrong with one that does not. It grades
nothing."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, NoReturn

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr, ValidationError

from bot.errors import WrongUsage

#: The most bytes of a line; an answer of 20,000 characters with 200 examples of a page fits.
LONGEST = 1_000_000
MOST_POINTS, MOST_EXEMPLARS = 50, 200
Text = Annotated[StrictStr, Field(min_length=1, pattern=r"\S")]
Share = Annotated[StrictFloat | StrictInt, Field(ge=0, le=1)]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class KeyPoint(_Shape):
    """A key point as it came: what it says, and what it weighs."""

    says: Text
    weight: Annotated[StrictFloat | StrictInt, Field(gt=0, le=1000)] = 1.0


class Graded(_Shape):
    """An answer to the same question that somebody gave a score."""

    answer: StrictStr
    score: Share


class AnswerLine(_Shape):
    """One answer, and what it is to be judged by."""

    question: Text
    answer: StrictStr
    reference: StrictStr | None = None
    key_points: Annotated[tuple[KeyPoint | Text, ...], Field(max_length=MOST_POINTS)] | None = None
    exemplars: Annotated[tuple[Graded, ...], Field(max_length=MOST_EXEMPLARS)] | None = None


#: What each key wants, for who wrote something else.
_WANTED: Mapping[str, str] = {
    "question": "write the id of a question, or what was asked",
    "answer": "write the answer as text",
    "reference": "write a right answer as text",
    "key_points": f'write a list of up to {MOST_POINTS} texts, or of {{"says": "…", "weight": 1}} (a weight above 0)',
    "exemplars": f'write a list of up to {MOST_EXEMPLARS} {{"answer": "…", "score": 0..1}}',
}
#: What looks like a key is as near as this to it by `difflib`, or is short for it.
ALIKE = 0.8
SHORT: Mapping[str, str] = {
    "ref": "reference",
    "referenceanswer": "reference",
    "points": "key_points",
    "kp": "key_points",
    "examples": "exemplars",
    "q": "question",
    "a": "answer",
}
_NO_JSON = 'It is no JSON object. Write {"id": "…", "question": "…", "answer": "…"} in one line.'
_NO_TEXT = "It is not UTF-8. Save the file as UTF-8."
_HALF_CHARACTER = "It holds half of a character (a lone surrogate, such as \\ud800). Write the character whole."
TOO_LONG = f"It is longer than {LONGEST:,} bytes. Shorten it, or divide it into several lines."


def read_line(line: bytes) -> tuple[Any, AnswerLine]:
    """The id of a line (a text, a number or None) and what it holds; UnfitLine says what is wrong with it."""
    if len(line) > LONGEST:
        raise UnfitLine(None, TOO_LONG)
    data = _object(line)
    id_ = data.get("id")
    if not isinstance(id_, str | int | float | None) or isinstance(id_, bool):
        raise UnfitLine(None, "`id` does not fit; write a text or a number, or leave it out.")
    if slip := _slip(data):
        raise UnfitLine(id_, slip)
    try:
        return id_, AnswerLine.model_validate(data)
    except ValidationError as error:
        raise UnfitLine(id_, _complaint(error)) from None


class UnfitLine(WrongUsage):
    """A line that cannot be graded as it stands; `id` is its own, as far as it could be read."""

    def __init__(self, id_: Any, why: str) -> None:
        super().__init__(why)
        self.id = id_


def _slip(data: Mapping[str, Any]) -> str:
    """What to say to the first key that is none and looks like one; any other key is left to its owner."""
    known = {_letters(name): name for name in _WANTED}
    for key in data:
        near = difflib.get_close_matches(_letters(key), known, n=1, cutoff=ALIKE)
        meant = SHORT.get(_letters(key)) or (known[near[0]] if near else None)
        if key not in _WANTED and meant is not None and meant not in data and not _letters(key).endswith("id"):
            return f"There is no key `{key[:40]}`; did you mean `{meant}`?"
    return ""


def _letters(key: str) -> str:
    return re.sub(r"[\W_]+", "", key).lower()


def _object(line: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(line.decode("utf-8-sig"), parse_constant=_no_number)
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeDecodeError:
        raise UnfitLine(None, _NO_TEXT) from None
    except UnicodeEncodeError:
        raise UnfitLine(None, _HALF_CHARACTER) from None
    except (ValueError, RecursionError):
        raise UnfitLine(None, _NO_JSON) from None
    if not isinstance(data, dict):
        raise UnfitLine(None, _NO_JSON)
    return data


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _complaint(error: ValidationError) -> str:
    """What the first key that does not fit should hold."""
    first = error.errors()[0]
    key = str(first["loc"][0])
    what = "is missing" if first["type"] == "missing" and len(first["loc"]) == 1 else "does not fit"
    return f"`{key}` {what}; {_WANTED[key]}."
