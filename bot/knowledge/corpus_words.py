"""What an author is told about a table that does not fit its shape: one sentence, with what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.knowledge import corpus_shapes as shapes
from bot.knowledge import corpus_task_shapes as task_shapes

#: The shape of the table that a key belongs to, by the name of the table.
_TABLES: Mapping[str, type[BaseModel]] = {
    "question": shapes.QuestionShape,
    "points": shapes.PointShape,
    "misconceptions": shapes.MisconceptionShape,
    "follow_ups": shapes.FollowUpShape,
    "further": shapes.WorkShape,
    "options": shapes.OptionShape,
    "step": shapes.StepShape,
    "stage": shapes.StageShape,
    "true": shapes.TrueShape,
    "false": shapes.FalseShape,
    "experiment": shapes.ExperimentShape,
    "limits": task_shapes.LimitsShape,
    "cases": task_shapes.CaseShape,
    "ran": task_shapes.RunShape,
    "beside": task_shapes.RunShape,
}


#: How many names an unknown one is answered with.
MOST_NAMES = 40


def sentence(detail: ErrorDetails, root: type[BaseModel], place: tuple[str | int, ...]) -> str:
    """What is wrong with the key at this place of a file."""
    shape, key = _key(root, place)
    described = _described(shape)
    if detail["type"] == "extra_forbidden":
        return f"`{key}` is not a key here{nearest(key, described)}"
    instead = described.get(key, "write a table")
    if detail["type"] == "missing":
        return f"`{key}` is missing; {instead}"
    return f"`{key}` = {_short(detail['input'])} does not fit; {instead}"


def nearest(word: str, known: Collection[str]) -> str:
    """The end of a sentence about an unknown word: the nearest known one, or else all of them."""
    near = difflib.get_close_matches(word.lower(), known, n=1)
    if near:
        return f"; did you mean `{near[0]}`?"
    if len(known) > MOST_NAMES:
        return f"; none of the {len(known)} that are known is like it"
    return f"; known are: {', '.join(sorted(known))}" if known else ""


def _key(root: type[BaseModel], place: tuple[str | int, ...]) -> tuple[type[BaseModel], str]:
    """The table's shape and its key: the last name on the way that the innermost known table has, or else the last."""
    names = [part for part in place if isinstance(part, str)]
    depth = max((i for i, name in enumerate(names[:-1]) if name in _TABLES), default=-1)
    shape = _TABLES[names[depth]] if depth >= 0 else root
    inner = names[depth + 1 :]
    known = [name for name in inner if name in _described(shape)]
    return shape, (known or inner or names or ["the table"])[-1]


def _described(shape: type[BaseModel]) -> dict[str, str]:
    return {field.alias or name: field.description or "" for name, field in shape.model_fields.items()}


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
