"""Frozen dataclasses to plain JSON data and back, by their annotations. It knows no event by name but through KINDS."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import types
import typing
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

from bot.core import events
from bot.core.question import Question

T = TypeVar("T")

KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in typing.get_args(events.Event)}


def encode(value: Any) -> Any:
    """Plain JSON data for a dataclass, tuple, mapping or scalar; fields that stand at their defaults are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: encode(getattr(value, f.name))
            for f in dataclasses.fields(value)
            if getattr(value, f.name) != _default(f)
        }
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # "nan", "inf", "-inf": JSON has no numbers for them
    return value


def decode(kind: type[T], data: Mapping[str, Any]) -> T:
    """The `kind` that `data` encodes. Keys that it does not know, from a newer release, are left aside."""
    readers = _readers(cast(Hashable, kind))
    return kind(**{name: readers[name](item) for name, item in data.items() if name in readers})


def rubric_hash(question: Question) -> str:
    """The content hash (16 hex digits) under which a question is kept once it was asked."""
    text = json.dumps(encode(question), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


@cache
def _readers(kind: Any) -> dict[str, Callable[[Any], Any]]:
    """For each field what turns plain data into it: worked out once, as a bank has fifty thousand of them."""
    return {name: _reader(hint) for name, hint in typing.get_type_hints(kind).items()}


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return lambda data: decode(hint, data)
    if hint is float:
        return lambda data: float(data) if isinstance(data, str) else data
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        inner = _reader(next(a for a in args if a is not type(None)))
        return lambda data: None if data is None else inner(data)
    if origin is tuple and args[1:] == (Ellipsis,):
        each = _reader(args[0])
        return tuple if each is _as_it_is else lambda data: tuple(map(each, data))
    if origin is tuple:
        every = [_reader(arg) for arg in args]
        return lambda data: tuple(read(item) for read, item in zip(every, data, strict=True))
    return _as_it_is


def _as_it_is(data: Any) -> Any:
    return data
