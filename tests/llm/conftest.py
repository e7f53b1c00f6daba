"""A model server of the tests' own, and a grader that asks it through the real clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.core.question import Misconception, Point, Question
from bot.llm.breaker import Breaker
from bot.llm.chat import LangChainModel
from bot.llm.grader import Beside, ModelGrader
from bot.llm.prompts import read_prompts
from bot.llm.wish import wish
from bot.offline.gates import plea
from bot.ports import Passage
from tests.loopback_model import MODEL, Server, running

QUESTION = Question(
    id="dropout",
    kind="free",
    title="Dropout",
    ask="What does dropout do, and why does it help?",
    reworded="Why is dropout used?",
    plain="What is dropout?",
    hints=("Think of units.", "Think of noise.", "Think of chance."),
    aim="To see whether regularisation by noise is understood.",
    level="beginner",
    topics=("regularisation",),
    points=(
        Point("switches-off", "During training dropout switches off random units at each step.", 2),
        Point("no-reliance", "No unit can rely on particular other units, so the network overfits less.", 2),
        Point("off-at-test", "At test time dropout is switched off and all units are used.", 1),
    ),
    misconceptions=(
        Misconception("removes-for-good", "Dropout removes weak units for good.", "Each comes back at another step."),
    ),
    reference="Dropout zeroes random activations while training.",
)
GOOD = (
    "During training dropout switches off random units at every step. So no unit can rely on particular other units "
    "and the network overfits less. At test time dropout is off and all the units are used."
)


class ByHand:
    """A grader whose reading a test decides: credits by point, each resting on the first sentence."""

    name = "by hand"

    def __init__(self, **credits: float) -> None:
        self.credits = credits
        self.verdict: Any = None

    async def grade(self, question, part, facts=None):
        from bot.core.marking import Mark, Verdict, standing

        if self.verdict is not None:
            return self.verdict
        marks = []
        for point in question.points:
            credit = self.credits.get(point.id.replace("-", "_"), 0.0)
            evidence = part.text.split(".")[0] if credit else None
            marks.append(Mark(point.id, credit, 0.8, standing(credit), evidence))
        return Verdict(self.name, tuple(marks))


@asynccontextmanager
async def closing(model: LangChainModel) -> AsyncIterator[LangChainModel]:
    try:
        yield model
    finally:
        await model.close()


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with running() as started:
        yield started


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def offline() -> ByHand:
    return ByHand(switches_off=1.0, no_reliance=1.0, off_at_test=1.0)


@pytest.fixture
async def model(server: Server, clock: Time) -> AsyncIterator[LangChainModel]:
    found = wish(f"openai:{MODEL}", server.url, None)
    assert found is not None
    async with closing(LangChainModel(found, Breaker(clock), asyncio.to_thread)) as opened:
        yield opened


@pytest.fixture
def made(model: LangChainModel, offline: ByHand) -> Callable[..., ModelGrader]:
    async def reference(question: str) -> Passage | None:
        return Passage(question, "Dropout", "Dropout zeroes random activations while training.")

    def make(**more: Any) -> ModelGrader:
        beside = Beside(offline, reference, plea)
        more.setdefault("patience", 20.0)
        return ModelGrader(model, read_prompts(), beside, fence=lambda: "answer-c0ffee00", **more)

    return make
