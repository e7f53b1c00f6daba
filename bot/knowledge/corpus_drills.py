"""What a computed question names: its drill, the drill's results, the numbers in its texts. It computes no answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from random import Random

from bot.core.drills import DRILLS
from bot.core.plan import placeholders
from bot.knowledge.corpus_draft import Draft
from bot.knowledge.corpus_places import Path
from bot.knowledge.corpus_shapes import QuestionShape
from bot.knowledge.corpus_words import nearest


def check_drill(draft: Draft) -> Iterator[tuple[Path, str]]:
    """Names that the drill of a question does not draw, and results that are named without a drill."""
    name = draft.shape.drill
    if name is None:
        yield from _without(draft.shape)
    elif name not in DRILLS:
        yield ("drill",), f"there is no drill {name!r}{nearest(name, DRILLS)}"
    else:
        drawn = DRILLS[name](Random(0))  # every draw of a drill has the same names
        yield from _results(draft.shape, name, drawn.results)
        yield from _texts(draft.shape, name, drawn.texts)


def _without(shape: QuestionShape) -> Iterator[tuple[Path, str]]:
    for place, _ in _named(shape):
        yield place, "`value_of` names a result of a drill, and the question has none; write `drill`, or a `value`"


def _results(shape: QuestionShape, drill: str, known: Collection[str]) -> Iterator[tuple[Path, str]]:
    for place, result in _named(shape):
        if result not in known:
            yield place, f"the drill {drill!r} has no result {result!r}{nearest(result, known)}"


def _named(shape: QuestionShape) -> Iterator[tuple[Path, str]]:
    """Every result that a point or a misconception names, with its place."""
    for i, point in enumerate(shape.points):
        if point.value_of is not None:
            yield ("points", i, "value_of"), point.value_of
    for i, slip in enumerate(shape.misconceptions):
        if slip.value_of is not None:
            yield ("misconceptions", i, "value_of"), slip.value_of


def _texts(shape: QuestionShape, drill: str, known: Collection[str]) -> Iterator[tuple[Path, str]]:
    for place, text in _spoken(shape):
        for name in placeholders(text):
            if name not in known:
                yield place, f"the drill {drill!r} does not fill in {{{name}}}{nearest(name, known)}"


def _spoken(shape: QuestionShape) -> Iterator[tuple[Path, str]]:
    """Every text that is filled in, with its place."""
    for key in ("ask", "reworded", "plain", "on_phone", "at_board", "statement", "listing", "reference"):
        yield (key,), getattr(shape, key) or ""
    for hint in shape.hints:
        yield ("hints",), hint
    for i, point in enumerate(shape.points):
        for key, texts in (("says", [point.says]), ("accepts", point.accepts), ("formulas", point.formulas)):
            yield from ((("points", i, key), text) for text in texts)
    for i, slip in enumerate(shape.misconceptions):
        yield ("misconceptions", i, "believes"), slip.believes
        yield ("misconceptions", i, "reply"), slip.reply
    for i, follow_up in enumerate(shape.follow_ups):
        yield ("follow_ups", i, "ask"), follow_up.ask
    for i, option in enumerate(shape.options):
        yield ("options", i, "says"), option.says
        yield ("options", i, "reply"), option.reply
