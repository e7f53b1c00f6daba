"""Sittings in which a message can be read: two questions answered, a third on the table, a follow-up open or not."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from bot.core import events as e
from bot.core.folding import fold
from bot.core.session import Session

ROOT = Path(__file__).resolve().parents[2]
PHRASINGS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "phrasings.toml").read_text("utf-8"))
PLAN = ("ml-vs-dl", "is-dl-better", "perceptron", "single-layer-limits", "mlp-components")
WORDINGS = (
    "Let's start with something broad. What is the difference between machine learning and deep learning?",
    "Do you think deep learning is better than machine learning? Tell me why, or why not.",
    "What is a perceptron, and how does it get from its inputs to its output?",
)


def folded(*happened: e.Event) -> Session:
    started = e.Started("opengenus", "simulation", 1, PLAN)
    records = (
        e.Record(n, "2026-01-01T00:00:00+00:00", f"c{n}", event) for n, event in enumerate((started, *happened), 1)
    )
    return fold(records)


def _asked(number: int, wording: str, *, code: bool = False) -> e.Asked:
    return e.Asked(PLAN[number - 1], "r", wording, number, code=code)


def _answered(number: int, heard: int) -> list[e.Event]:
    question = PLAN[number - 1]
    return [e.Heard("x"), e.Answered(question, heard, "x"), e.Graded(question, heard + 1, "test"), e.Settled(question)]


def third_question(wording: str = WORDINGS[2], *, probing: str | None = None, code: bool = False) -> Session:
    """Question 3 on the table after two answers; with `probing` it was answered once and a follow-up is open."""
    happened: list[e.Event] = [_asked(1, WORDINGS[0]), *_answered(1, 3), _asked(2, WORDINGS[1]), *_answered(2, 8)]
    happened.append(_asked(3, wording, code=code))
    if probing is not None:
        happened += _answered(3, 13)[:3]
        happened.append(e.FollowedUp("perceptron", "step-output", "missed", probing))
    return folded(*happened)


def recalling() -> Session:
    """Question 3 was answered, and it is asked how two things go together that were said."""
    claims = (e.Claim("optimiser", "adam", "I used Adam."), e.Claim("optimiser", "sgd", "We used SGD."))
    happened: list[e.Event] = [_asked(1, WORDINGS[0]), *_answered(1, 3), _asked(3, WORDINGS[2]), *_answered(3, 8)[:3]]
    put = "In question 1 you said: “I used Adam.” Just now you said: “We used SGD.” How do the two go together?"
    return folded(*happened, e.FollowedUp("perceptron", "", "recall", put, claims=claims))


def first_question(wording: str = WORDINGS[0], *, code: bool = False) -> Session:
    return folded(_asked(1, wording, code=code))


def skipped_question() -> Session:
    """Question 1 was skipped, question 2 answered, question 3 is on the table."""
    return folded(
        _asked(1, WORDINGS[0]),
        e.Heard("skip"),
        e.Skipped(PLAN[0], 3),
        _asked(2, WORDINGS[1]),
        *_answered(2, 6),
        _asked(3, WORDINGS[2]),
    )


def just_skipped() -> Session:
    """Question 1 was skipped a moment ago; question 2 is on the table."""
    return folded(_asked(1, WORDINGS[0]), e.Heard("skip"), e.Skipped(PLAN[0], 3), _asked(2, WORDINGS[1]))


def amending() -> Session:
    """Question 3 on the table, and what is said next belongs to question 1."""
    happened: list[e.Event] = [_asked(1, WORDINGS[0]), *_answered(1, 3), _asked(2, WORDINGS[1]), *_answered(2, 8)]
    return folded(*happened, _asked(3, WORDINGS[2]), e.Heard("add"), e.Reopened(PLAN[0], 13))


@cache
def statements() -> tuple[str, ...]:
    """Every true and false statement of the corpus."""
    return tuple(_statements())


def _statements() -> Iterator[str]:
    for path in sorted((ROOT / "corpus" / "questions").glob("*.statements.toml")):
        for points in tomllib.loads(path.read_text("utf-8")).values():
            for kinds in points.values():
                for statement in (said for by_kind in kinds.values() for said in by_kind.values()):
                    yield from (statement if isinstance(statement, list) else [statement])


#: Where something may be said, by the names that phrasings.toml gives to it.
PLACES: dict[str, Session] = {
    "first": first_question(),
    "question": third_question(),
    "follow_up": third_question(probing="Which three kinds of layers does an MLP have, and what does each do?"),
    "code": third_question("Can you build a basic multilayer perceptron in PyTorch?", code=True),
    "just_skipped": just_skipped(),
    "amending": amending(),
    "adam": third_question(
        "Adam is the optimiser that many people reach for first. Can you tell me how it works, and what there is to "
        "set?"
    ),
    "variants": third_question(
        "Which variants of gradient descent do you know, and how do they differ from one another?"
    ),
}
