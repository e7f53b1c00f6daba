"""Reads who sits: the kinds of candidates and their words (evals/candidates.toml), and labelled answers to draw from.

It says nothing by itself: `candidates` does.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.commands.simulated.owed import OWED
from bot.errors import WrongUsage

CANDIDATES = "candidates.toml"
LABELLED = "labelled"
#: Moves that are made of labelled answers and of the question, and not of [words].
MADE = frozenset({"answer", "in_two", "piece", "belief"})
#: What an answer may be made of besides the names in [parts].
MADE_OF = frozenset({"answer", "elsewhere", "claims"})

#: Labelled answers by question, then by kind.
Answers = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class Kind:
    """A kind of candidate; evals/candidates.toml says what its fields mean."""

    id: str
    describes: str
    scripts: tuple[tuple[str, ...], ...]
    answers: tuple[str, ...]
    replies: tuple[tuple[str, ...], ...]
    pieces: tuple[str, ...]
    made_of: tuple[str, ...] = ("answer",)
    reply_made_of: tuple[str, ...] = ("answer",)


@dataclass(frozen=True)
class Contradiction:
    """Two sentences that do not go together, unless the second `mends` the first."""

    first: str
    second: str
    mends: bool = False


@dataclass(frozen=True)
class Cast:
    """All kinds, their words by move, what answers are made up with, and what they have to say."""

    kinds: Mapping[str, Kind]
    words: Mapping[str, Sequence[str]]
    parts: Mapping[str, Sequence[str]]
    contradictions: tuple[Contradiction, ...]
    answers: Answers


def read_cast(folder: Path) -> Cast:
    """The candidates of this folder; WrongUsage where it is not there, or says what nobody understands."""
    file = folder / CANDIDATES
    if not file.is_file():
        raise WrongUsage(
            f"The simulated candidates are missing: there is no {file}. They come with the sources of Viva and are not "
            "installed with it; run this in a checkout."
        )
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        kinds = [_kind(one) for one in told["kind"]]
        cast = Cast(
            kinds={kind.id: kind for kind in kinds},
            words=told["words"],
            parts=told["parts"],
            contradictions=tuple(Contradiction(**one) for one in told["contradiction"]),
            answers=_labelled([folder / LABELLED / f"{hand}.jsonl" for hand in told["hands"]]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongUsage(f"{file} cannot be used ({error}). Mend it, or take it from the sources anew.") from None
    _check(cast, file)
    return cast


def _kind(told: Mapping[str, Any]) -> Kind:
    listed: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in told.items()}
    scripts, replies = (tuple(map(tuple, told[name])) for name in ("scripts", "replies"))
    return Kind(**{**listed, "scripts": scripts, "replies": replies})


def _labelled(files: Sequence[Path]) -> Answers:
    found: dict[str, dict[str, list[str]]] = {}
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.setdefault(row["question"], {}).setdefault(row["kind"], []).append(row["answer"])
    return found


def _check(cast: Cast, file: Path) -> None:
    unknown = sorted({*_unknown_moves(cast), *_unknown_parts(cast)})
    if unknown:
        raise WrongUsage(f"{file} names what nobody knows: {', '.join(unknown)}.")


def _unknown_moves(cast: Cast) -> Iterator[str]:
    for kind in cast.kinds.values():
        for script in (*kind.scripts, *kind.replies):
            yield from (move for move in script if move not in MADE and not (move in cast.words and move in OWED))


def _unknown_parts(cast: Cast) -> Iterator[str]:
    for kind in cast.kinds.values():
        yield from (part for part in (*kind.made_of, *kind.reply_made_of) if part not in {*cast.parts, *MADE_OF})
