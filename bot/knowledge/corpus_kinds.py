"""What each kind of question needs besides the keys that all have. It judges no wording."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from bot.knowledge.corpus_draft import Draft
from bot.knowledge.corpus_drills import check_drill
from bot.knowledge.corpus_places import Path, Problem
from bot.knowledge.corpus_words import nearest

#: The keys that only some kinds of questions have.
OWN: Mapping[str, tuple[str, ...]] = {
    "needs": ("enumerate", "remedy"),
    "hinge": ("yes-no", "trap", "choice"),
    "verdict": ("yes-no",),
    "options": ("choice",),
    "listing": ("find-bug",),
    "drill": ("numeric", "derivation", "choice"),
    "statement": ("code", "case"),
    "starter": ("code",),
    "experiment": ("predict",),
}
FEWEST_OPTIONS = 2
#: What an experiment may expect: least or most values of what core/experimenting.py measures.
FIGURES = ("accuracy", "gap", "first_loss", "last_loss", "lowest_loss")
EXPECTATIONS = tuple(f"{figure}_{bound}" for figure in FIGURES for bound in ("least", "most"))


def check_kind(draft: Draft) -> list[Problem]:
    """What a question of this kind lacks, and what it has that its kind knows nothing of."""
    return [Problem(draft.at(*place), draft.said + says) for place, says in _found(draft)]


def _found(draft: Draft) -> Iterator[tuple[Path, str]]:
    shape = draft.shape
    for key, kinds in OWN.items():
        if getattr(shape, key) and shape.kind not in kinds:
            yield (
                (key,),
                f"`{key}` belongs to questions of the kind {' or '.join(kinds)}; leave it out, or change `kind`",
            )
    yield from _reasons(draft)
    yield from _lines(draft)
    yield from check_drill(draft)
    if shape.kind in _NEEDS:
        yield from _NEEDS[shape.kind](draft)


def _reasons(draft: Draft) -> Iterator[tuple[Path, str]]:
    """A point's reason must be another point."""
    known = [point.id for point in draft.shape.points]
    for i, point in enumerate(draft.shape.points):
        if point.because is not None and (point.because not in known or point.because == point.id):
            says = f"there is no other key point {point.because!r}{nearest(point.because, known)}"
            yield ("points", i, "because"), says


def _lines(draft: Draft) -> Iterator[tuple[Path, str]]:
    """Lines that are named must be in the listing."""
    last = len((draft.shape.listing or "").strip("\n").splitlines())
    for i, point in enumerate(draft.shape.points):
        if any(not 1 <= line <= last for line in point.lines):
            yield ("points", i, "lines"), f"the listing has {last} lines; write numbers of lines from 1 to {last}"


def _counted(draft: Draft) -> Iterator[tuple[Path, str]]:
    count = sum(not point.bonus for point in draft.shape.points)
    needs = draft.shape.needs
    if needs is None:
        yield ("kind",), "`needs` is missing; write how many of the points earn full marks"
    elif needs >= count:
        yield ("needs",), f"`needs` = {needs} leaves nothing to choose among {count} points; write a smaller number"
    if len({point.weight for point in draft.shape.points if not point.bonus}) > 1:
        yield ("points",), "the points must weigh the same where any of them earn full marks; leave `weight` out"


def _hinged(draft: Draft) -> Iterator[tuple[Path, str]]:
    shape = draft.shape
    weights = {point.id: point.weight for point in shape.points if not point.bonus}
    if shape.hinge is None:
        yield ("kind",), "`hinge` is missing; write the id of the key point on which the answer turns"
    elif shape.hinge not in weights:
        yield ("hinge",), f"there is no key point {shape.hinge!r} that is no bonus{nearest(shape.hinge, weights)}"
    elif shape.kind != "trap" and weights[shape.hinge] * 2 >= sum(weights.values()):
        yield ("hinge",), "the reasons must weigh more together than the verdict; raise their weights"


def _yes_no(draft: Draft) -> Iterator[tuple[Path, str]]:
    yield from _hinged(draft)
    if draft.shape.verdict is None:
        yield ("kind",), '`verdict` is missing; write "yes" or "no"'


def _choice(draft: Draft) -> Iterator[tuple[Path, str]]:
    yield from _hinged(draft)
    options = draft.shape.options
    if len(options) < FEWEST_OPTIONS:
        yield ("kind",), "a choice needs options; write a [[question.options]] table for each"
    elif sum(option.right for option in options) != 1:
        yield ("options",), "exactly one option must be right; write `right = true` in that one"


def _listing(draft: Draft) -> Iterator[tuple[Path, str]]:
    if draft.shape.listing is None:
        yield ("kind",), "`listing` is missing; write the program to read, in triple quotation marks"
        return
    try:
        ast.parse(draft.shape.listing)
    except (SyntaxError, ValueError) as error:
        yield (
            ("listing",),
            f"the listing cannot be parsed as Python ({error}); its bugs must not be typing errors",
        )


def _case(draft: Draft) -> Iterator[tuple[Path, str]]:
    if draft.shape.statement is None:
        yield ("kind",), "`statement` is missing; write the situation that the question is about"


def _compare(draft: Draft) -> Iterator[tuple[Path, str]]:
    if "\n|" not in draft.shape.reference and not draft.shape.reference.startswith("|"):
        yield ("reference",), "a comparison is shown as a table; write one with | between its columns"


def _numeric(draft: Draft) -> Iterator[tuple[Path, str]]:
    shape = draft.shape
    if not any(point.value is not None or point.value_of for point in shape.points):
        yield ("points",), "no key point has a `value`; write the number that is asked for"


def _pitch(draft: Draft) -> Iterator[tuple[Path, str]]:
    for i, point in enumerate(draft.shape.points):
        if point.found_by is None:
            yield ("points", i, "id"), f"the key point {point.id!r} needs `found_by`: what of a project it asks for"


def _predict(draft: Draft) -> Iterator[tuple[Path, str]]:
    shape = draft.shape.experiment
    if shape is None or draft.experiment is None:
        says = "an experiment belongs to a task; write it into experiments.toml of a folder of corpus/tasks"
        yield (("experiment",) if shape else ("kind",)), says if shape else f"`experiment` is missing: {says}"
        return
    for name in shape.expects:
        if name not in EXPECTATIONS:
            yield ("experiment", "expects"), f"nobody measures {name!r}{nearest(name, EXPECTATIONS)}"


_NEEDS: Mapping[str, Callable[[Draft], Iterator[tuple[Path, str]]]] = {
    "enumerate": _counted,
    "remedy": _counted,
    "yes-no": _yes_no,
    "trap": _hinged,
    "choice": _choice,
    "find-bug": _listing,
    "case": _case,
    "compare": _compare,
    "numeric": _numeric,
    "pitch": _pitch,
    "predict": _predict,
}
