"""Runs `viva eval grader`: gathers the cases, has them judged, prints the tables, and publishes them where asked to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from bot.commands.eval_grader import GraderWish
from bot.commands.library import drawing
from bot.core.question import Question
from bot.errors import WrongUsage
from evals.grading import publishing
from evals.grading.cases import PARTS, Case, cases, sample
from evals.grading.contenders import contenders
from evals.grading.figures import Section, sections
from evals.grading.judging import Judged, judged
from evals.grading.public import public_cases
from evals.grading.table import data, whole
from evals.places import shelf

ROOT = Path(__file__).resolve().parent.parent.parent
ALL = "all"


def measure(wish: GraderWish, seed: int, as_json: bool) -> None:
    """What `viva eval grader` does."""
    _check(wish)
    here = shelf()
    bank = {question.id: question for question in here.bank.questions()}
    ours, theirs = gathered(wish, seed, bank)
    here.embedder.embed(["ready"])  # without a model nothing can be measured, which is better heard of at once
    versions = {one.name: one.version for one in contenders(here.bank, here.embedder, here.whole)}
    with drawing(as_json) as draw:
        found = judged([*ours, *theirs], lambda done, of: draw(f"{done:,} of {of:,} answers judged"))
        draw("counting")
        told = sections(found, versions, bank)
    if as_json:
        measured = {"v": 1, "eval": "grader", "sample": wish.sample, "seed": seed, "parts": [*map(data, told)]}
        typer.echo(json.dumps(measured, ensure_ascii=False))
    else:
        typer.echo("\n".join(whole(told)))
    if wish.publish:
        _publish(told, found, ours, versions, bank)


def _check(wish: GraderWish) -> None:
    if wish.part not in (None, ALL, *PARTS):
        raise WrongUsage(f"There is no part {wish.part!r}; the parts are: {', '.join((*PARTS, ALL))}.")
    if wish.publish and (wish.part not in (None, ALL) or wish.sample is not None):
        raise WrongUsage("What is published is the whole: leave --part and --sample away with --publish.")


def gathered(wish: GraderWish, seed: int, bank: Mapping[str, Question]) -> tuple[Sequence[Case], Sequence[Case]]:
    """The cases of the parts that were asked for, and those of the public sets; of each so many as were asked for."""
    names = PARTS if wish.part in (None, ALL) else (wish.part or "",)
    ours = [case for name in names for case in cases(name, bank)]
    theirs = public_cases(wish.public) if wish.public is not None else []
    if wish.sample is None:
        return ours, theirs
    return sample(ours, wish.sample, seed), sample(theirs, wish.sample, seed)


def _publish(
    told: Sequence[Section],
    found: Sequence[Judged],
    ours: Sequence[Case],
    versions: Mapping[str, str],
    bank: Mapping[str, Question],
) -> None:
    """An answer is judged by itself, so that those of the sample need not be judged anew."""
    chosen = {id(case) for case in sample(ours, publishing.SAMPLE, publishing.SAMPLE_SEED)}
    small = [one for one, case in zip(found, ours, strict=False) if id(case) in chosen]
    record = publishing.record(told, sections(small, versions, bank), bank)
    for file in publishing.publish(record, told, ROOT):
        typer.echo(f"Written: {file}", err=True)
