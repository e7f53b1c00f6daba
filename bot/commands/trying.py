"""`viva questions try`: how the offline grader marks an author's answers, point by point, and what is off."""

from __future__ import annotations

import asyncio
import json
import sys
import textwrap
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.app.bank import lenient_bank, open_recalling
from bot.app.grading import open_grader
from bot.app.home import prepare_home
from bot.core.drills import fresh
from bot.core.marking import Grade, Part, PointGrade, checked, grade
from bot.core.question import Question, lettered
from bot.errors import BadCorpus, CodeUnreadable, WrongUsage
from bot.knowledge import own_check
from bot.knowledge.corpus import corpus_folder
from bot.knowledge.own_corpus import Own, own_folder, read_own
from bot.knowledge.tried import ANSWERS, HALVED, Tried, Which, advice
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.offline.grader import OfflineGrader

#: The numbers of a question that is reckoned anew each time.
SEED = 0
LARGEST = 100_000
WIDE = 120


def try_command(
    name: str, question_id: str | None, given: Mapping[Which, str | None], answers: Path | None, as_json: bool
) -> None:
    """Marks the answers and says what is off."""
    home = prepare_home(read_settings())
    question = fresh(_question(name, question_id, home), SEED)
    texts = _texts(given, answers, question)
    embedder = open_recalling(home)
    grader = open_grader(embedder, home)
    tried = [asyncio.run(_tried(grader, question, which, text)) for which, text in texts.items()]
    told = advice(question, tried, embedder)
    if as_json:
        _as_json(question, tried, told)
    else:
        _draw(question, tried)
        typer.echo("\n".join(_conclusion(tried, told)))


def _question(name: str, question_id: str | None, home: Path) -> Question:
    """The question of a file, or of the bank."""
    shipped = lenient_bank(home)
    own = read_own(home, shipped) or Own()
    if not Path(name).exists() and "/" not in name and question_id is None:
        bank = own.beside(shipped)
        if name in bank.bank:
            return bank.question(name)
    group, *_ = own_check.groups_of([Path(name)], own_folder(home))
    around = own_check.Around(shipped, corpus_folder(), own.corpus, own.at)
    (found,) = own_check.check_groups([group], around, None)
    by_id = {question.id: question for question in found.held.questions}
    if not by_id or (question_id is None and found.count("error")):
        errors = [str(problem) for problem in found.problems if problem.severity == "error"]
        more = f" (and {len(errors) - 1} more; see: viva questions check {name})" if len(errors) > 1 else ""
        raise BadCorpus(f"{errors[0]}{more}" if errors else f"{name} holds no question.")
    if question_id is None and len(by_id) > 1:
        raise WrongUsage(f"{name} holds {len(by_id)} questions: say which one, --question {' | '.join(by_id)}")
    chosen = by_id.get(question_id) if question_id is not None else next(iter(by_id.values()))
    if chosen is None:
        raise WrongUsage(f"{name} holds no question {question_id!r}: it holds {', '.join(by_id)}.")
    return chosen


def _texts(given: Mapping[Which, str | None], answers: Path | None, question: Question) -> dict[Which, str]:
    """The answers that were given, in a file or asked for."""
    found = {which: text for which in ANSWERS if (text := given.get(which)) is not None}
    if answers is not None:
        found = {**_from_file(answers), **found}
    if not found:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise WrongUsage('Give at least one answer: --good "…" --half "…" --wrong "…", or --answers FILE')
        typer.echo(f"{_asked(question)}\n\nEnter alone leaves an answer out.")
        found = {which: typer.prompt(f"A {which} answer", default="", show_default=False) for which in ANSWERS}
    texts = {which: _text(found[which]) for which in ANSWERS if found.get(which, "").strip()}
    if not texts:
        raise WrongUsage("There is no answer to mark. Give one: --good “…”")
    return texts


def _text(given: str) -> str:
    """An answer as it is given, or the text of the file that follows an @."""
    return _read(Path(given[1:])) if given.startswith("@") and Path(given[1:]).is_file() else given


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST:
            raise WrongUsage(f"{file} is too large for an answer: at most {LARGEST // 1000} kB.")
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUsage(f"{file} is no plain text: save it as UTF-8.") from None
    except OSError as error:
        raise WrongUsage(f"{file} cannot be read: {error.strerror}.") from None


def _from_file(file: Path) -> dict[Which, str]:
    """Answers from a TOML file with the keys good, half and wrong, or from JSON lines with the same."""
    text = _read(file)
    try:
        told: dict[str, Any] = {}
        if file.suffix in (".jsonl", ".json"):
            for line in filter(str.strip, text.splitlines()):
                told.update(json.loads(line))
        else:
            told = tomllib.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise WrongUsage(f'{file} cannot be read ({error}). Write good = "…", half = "…" and wrong = "…".') from None
    unknown = [key for key in told if key not in (*ANSWERS, "v")]
    if unknown or not all(isinstance(told[key], str) for key in told if key != "v"):
        raise WrongUsage(f'{file} holds something else than good = "…", half = "…", wrong = "…".')
    return {which: told[which] for which in ANSWERS if which in told}


async def _tried(grader: OfflineGrader, question: Question, which: Which, text: str) -> Tried:
    facts = None
    if question.kind == "code":
        from bot.lab.syntax.reading import LimitedReader

        try:
            facts = await LimitedReader().facts(text)
        except CodeUnreadable as error:
            return Tried(which, text, Grade(None, None, why_not=str(error)))
    part = Part(text)
    verdict = checked(await grader.grade(question, part, facts), question, text)
    return Tried(which, text, grade(question, [Part(text, verdict=verdict)]), verdict.note)


def _asked(question: Question) -> str:
    options = [f"{letter}) {option.says}" for letter, option in lettered(question)]
    return "\n".join([question.ask, *([question.statement.strip()] if question.statement else []), *options])


def _draw(question: Question, tried: Sequence[Tried]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    typer.echo(f"{_asked(question)}\n")
    table = Table(show_lines=True)
    for name in ("point", *(one.which for one in tried)):
        table.add_column(name, overflow="fold", ratio=2 if name != "point" else 1)
    for n, point in enumerate(question.points):
        cells = [_cell(one.grade.points[n]) if one.grade.graded else "not graded" for one in tried]
        says = textwrap.shorten(point.says, 90, placeholder=" …")
        table.add_row(*map(Text, (f"{point.id} ({point.weight:g}{', bonus' * point.bonus})\n{says}", *cells)))
    scores = [f"{one.grade.score:.2f}" if one.grade.score is not None else "not graded" for one in tried]
    beliefs = ["\n".join(f"believes: {belief.id}" for belief in one.grade.misconceptions) for one in tried]
    table.add_row(*map(Text, ("score", *(f"{s}\n{b}".strip() for s, b in zip(scores, beliefs, strict=True)))))
    width = None if sys.stdout.isatty() else WIDE
    Console(file=sys.stdout, width=width, highlight=False).print(table)


def _cell(point: PointGrade) -> str:
    """A point's mark: credit, verdict, how sure, and the words that it was read off."""
    sure = "" if point.verdict == "missing" else f", {point.confidence:.0%} sure"
    told = f"{point.credit:.2f} {point.verdict}{sure}"
    halved = f"\nhalf: {HALVED[point.halved]}" if point.halved else ""
    return f"{told}{halved}" + (f"\n“{point.evidence}”" if point.evidence else "")


def _conclusion(tried: Sequence[Tried], told: Sequence[str]) -> list[str]:
    notes = list(dict.fromkeys(one.note for one in tried if one.note))
    if told:
        return [*notes, "What is off:", *(f"- {text}" for text in told)]
    missing = [which for which in ANSWERS if which not in [one.which for one in tried]]
    more = f" Try the others, too: {' '.join(f'--{which} “…”' for which in missing)}" if missing else ""
    return [*notes, f"Nothing is off.{more}"]


def _as_json(question: Question, tried: Sequence[Tried], told: Sequence[str]) -> None:
    for one in tried:
        marks = [
            {
                "point": p.point,
                "weight": p.weight,
                "credit": p.credit,
                "confidence": p.confidence,
                "verdict": p.verdict,
                "halved": p.halved or None,
                "evidence": p.evidence,
            }
            for p in one.grade.points
        ]
        beliefs = [belief.id for belief in one.grade.misconceptions]
        data = {
            "type": "answer",
            "question": question.id,
            "answer": one.which,
            "score": one.grade.score,
            "marks": marks,
        }
        more = {"misconceptions": beliefs, "graded": one.grade.graded, "why_not": one.grade.why_not, "note": one.note}
        typer.echo(json.dumps({"v": 1, **data, **more}, ensure_ascii=False))
    typer.echo(json.dumps({"v": 1, "type": "advice", "question": question.id, "off": list(told)}, ensure_ascii=False))
