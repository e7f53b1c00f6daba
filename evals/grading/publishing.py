"""The published figures of `viva eval grader`: the file that holds them, the tables in the READMEs, and whether both
still belong to this grader, these labels and these questions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.core.question import Question
from bot.core.records import rubric_hash
from bot.errors import VivaError
from evals.grading.cases import FILES, KNOWN, UNSEEN, asked
from evals.grading.figures import Figures, Section
from evals.grading.table import brief, data, whole
from evals.measures import MORE_IS_BETTER

PUBLISHED = Path(__file__).resolve().parent.parent / "published_grader.json"
#: What is graded anew at every change: so many answers, drawn by this seed.
SAMPLE, SAMPLE_SEED = 300, 1
#: How much worse a figure of the sample may be than published: what differs between two machines is far less.
TOLERATED = 0.005
#: Figures by part, by grader, by measure.
Figured = Mapping[str, Mapping[str, Mapping[str, float | None]]]
BEGINS, ENDS = "<!-- begin: viva eval grader -->", "<!-- end: viva eval grader -->"


def record(sections: Sequence[Section], sample: Sequence[Section], bank: Mapping[str, Question]) -> dict[str, Any]:
    """All that is published."""
    return {
        "v": 1,
        **belongings({one.grader: one.version for one in sections[0].graders}, bank),
        "sample": {"size": SAMPLE, "seed": SAMPLE_SEED, "figures": figures(sample)},
        "whole": [data(section) for section in sections],
    }


def figures(sections: Sequence[Section]) -> Figured:
    """The bare figures: by part, by grader, by measure. Baselines are left out: they may fare as they like."""
    return {section.part: {one.grader: _bare(one) for one in section.graders if one.version} for section in sections}


def _bare(one: Figures) -> dict[str, float | None]:
    return {name: value.value for name, value in one.measures.items()} | {"calibration_error": one.calibration_error}


def belongings(versions: Mapping[str, str], bank: Mapping[str, Question]) -> dict[str, Any]:
    """What was measured: the graders, on which labels, on which questions with all that is written for them."""
    rubrics = [f"{name} {rubric_hash(bank[name])}" for name in sorted(asked((*KNOWN, *UNSEEN)))]
    return {
        "graders": {name: version for name, version in versions.items() if version},
        "labels": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FILES},
        "questions": hashlib.sha256("\n".join(rubrics).encode()).hexdigest(),
    }


def strangers(published: Mapping[str, Any], versions: Mapping[str, str], bank: Mapping[str, Question]) -> list[str]:
    """What of the published figures is not of this grader, these labels or these questions."""
    now = belongings(versions, bank)
    return [f"other {what} than published" for what in now if now[what] != published[what]]


def worse(published: Figured, now: Figured) -> list[str]:
    """The figures that are worse than published, or are gone, each in a line."""
    return [
        f"{part}, {grader}: {name} was {was} and is {found}"
        for part, graders in published.items()
        for grader, measures in graders.items()
        for name, was in measures.items()
        if _is_worse(name, was, found := now.get(part, {}).get(grader, {}).get(name))
    ]


def _is_worse(name: str, was: float | None, found: float | None) -> bool:
    if was is None or found is None:
        return was is not None
    return (was - found if name in MORE_IS_BETTER else found - was) > TOLERATED


def read(file: Path = PUBLISHED) -> dict[str, Any]:
    """The published figures."""
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise VivaError(
            f"The published figures cannot be read from {file} ({error}): viva eval grader --publish"
        ) from None
    return found


def publish(record: Mapping[str, Any], sections: Sequence[Section], root: Path) -> list[Path]:
    """Writes the figures and the tables. Nothing is written unless every table has its place."""
    told = {root / "README.md": brief(sections), root / "evals" / "README.md": whole(sections)}
    texts = {file: with_table(file, lines) for file, lines in told.items()}
    texts[root / "evals" / PUBLISHED.name] = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8")
    return list(texts)


def with_table(file: Path, lines: Iterable[str]) -> str:
    """The text of a page with these lines between the two comments that mark the place of the table."""
    text = file.read_text(encoding="utf-8")
    before, begins, rest = text.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not begins or not ends:
        raise VivaError(f"{file} has no place for the table: put {BEGINS} and {ENDS} where it should stand.")
    return "\n".join([before + BEGINS, "", *lines, "", ENDS + after])
