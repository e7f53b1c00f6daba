"""Public sets of graded short answers, where somebody has them in a folder; none comes with Viva.

A set is two files: NAME.questions.json, {id: {"question", "references": [...], "key_points"?: [...]}}, and
NAME.dev.jsonl, a line an answer: {"id", "qid", "answer", "score": 0..1}.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.errors import WrongUsage
from evals.grading.cases import Case, of_lines

#: The sets that are looked for, by the name of their files, and what they are called.
SETS: Mapping[str, str] = {
    "nn": "neural networks exam",
    "mohler": "Mohler 2011",
    "saf": "SAF",
    "beetle": "Beetle",
    "scientsbank": "SciEntsBank",
}


def public_cases(folder: Path) -> list[Case]:
    """The answers of every set that is in the folder; WrongUsage says what is missing or does not fit."""
    there = [name for name in SETS if _questions(folder, name).is_file()]
    if not there:
        wanted = ", ".join(f"{name}.questions.json" for name in SETS)
        raise WrongUsage(f"There is no public set of graded answers in {folder}: it should hold one of {wanted}.")
    return [case for name in there for case in _set(folder, name)]


def _questions(folder: Path, name: str) -> Path:
    return folder / f"{name}.questions.json"


def _set(folder: Path, name: str) -> list[Case]:
    file = _questions(folder, name)
    try:
        questions = json.loads(_read(file))
        lines = {key: _lines(one) for key, one in questions.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongUsage(
            f"{file} does not fit ({type(error).__name__}): it should hold questions by their id."
        ) from None
    answers = folder / f"{name}.dev.jsonl"
    rows = [(n, text) for n, text in enumerate(_read(answers).splitlines(), 1) if text.strip()]
    return [_case(SETS[name], answers, n, text, lines) for n, text in rows]


def _case(part: str, file: Path, number: int, text: str, lines: Mapping[str, list[dict[str, Any]]]) -> Case:
    try:
        row = json.loads(text)
        question, score, answer = row["qid"], float(row["score"]), str(row["answer"])
        if not 0 <= score <= 1:
            raise ValueError("score")
        mine = [line | {"answer": answer} for line in lines[question]]
        return of_lines(str(row["id"]), part, "", str(row.get("label", "")), f"{part}:{question}", score, mine)
    except (ValueError, KeyError, TypeError) as error:
        raise WrongUsage(
            f"{file}, line {number} does not fit ({type(error).__name__}): it should be such as "
            '{"id": "…", "qid": "the id of a question", "answer": "…", "score": 0.5}.'
        ) from None


def _lines(question: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What `viva grade` is given: the key points where there are some, else each reference in a line of its own."""
    asked = str(question["question"])
    if question.get("key_points"):
        return [{"question": asked, "key_points": list(question["key_points"])}]
    if not question["references"]:
        raise ValueError("references")
    return [{"question": asked, "reference": str(one)} for one in question["references"]]


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise WrongUsage(f"{file} cannot be read: {reason}.") from None
