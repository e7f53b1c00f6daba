"""A program is marked by what its facts show, quoted by the line that shows it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.marking import Part
from bot.core.question import Question
from bot.lab.syntax.reading import LimitedReader
from bot.offline.grader import OfflineGrader

SOFTMAX = """import torch
from torch import nn
from lab import load_mnist

x_train, y_train, x_valid, y_valid = load_mnist()
x_train = x_train.float() / 255
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.Linear(64, 10), nn.Softmax(dim=1))
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    for start in range(0, len(x_train), 64):
        optimizer.zero_grad()
        loss = loss_fn(model(x_train[start:start + 64]), y_train[start:start + 64])
        loss.backward()
        optimizer.step()
"""


async def marks(grader: OfflineGrader, question: Question, source: str) -> dict[str, str]:
    verdict = await grader.grade(question, Part(source), await LimitedReader().facts(source))
    assert all(mark.evidence is None or mark.evidence in source for mark in verdict.marks)
    return {mark.point: mark.verdict for mark in verdict.marks}


async def test_each_point_is_marked_by_its_finding(grader: OfflineGrader, bank: Mapping[str, Question]) -> None:
    assert await marks(grader, bank["build-mlp"], SOFTMAX) == {
        "scales-pixels": "met",
        "flattens": "met",
        "hidden-non-linear": "wrong",
        "ten-outputs": "met",
        "cross-entropy-on-logits": "wrong",
        "training-loop": "met",
        "evaluates-held-out": "missing",
    }


async def test_a_wrong_finding_names_a_misconception_only_without_a_guess(
    grader: OfflineGrader, bank: Mapping[str, Question]
) -> None:
    question = bank["build-mlp"]
    verdict = await grader.grade(question, Part(SOFTMAX), await LimitedReader().facts(SOFTMAX))
    assert [belief.id for belief in verdict.misconceptions] == ["linear-stack-is-deep"]
    assert (verdict.misconceptions[0].evidence or "?") in SOFTMAX


async def test_the_line_that_shows_it_is_quoted(grader: OfflineGrader, bank: Mapping[str, Question]) -> None:
    verdict = await grader.grade(bank["build-mlp"], Part(SOFTMAX), await LimitedReader().facts(SOFTMAX))
    quoted = {mark.point: mark.evidence or "" for mark in verdict.marks}
    assert "/ 255" in quoted["scales-pixels"]
    assert "nn.Softmax" in quoted["cross-entropy-on-logits"]


async def test_no_encoder_is_needed_for_a_program(bank: Mapping[str, Question]) -> None:
    found = await marks(OfflineGrader(None), bank["build-mlp"], SOFTMAX)
    assert found["training-loop"] == "met"


async def test_a_program_described_in_words_is_judged_by_the_statements(
    grader: OfflineGrader, bank: Mapping[str, Question]
) -> None:
    text = "There is a ReLU after every hidden layer, because otherwise the layers would collapse into one linear map."
    verdict = await grader.grade(bank["build-mlp"], Part(text))
    assert {mark.point: mark.verdict for mark in verdict.marks}["hidden-non-linear"] == "met"


async def test_the_line_that_is_meant_is_quoted_of_a_training_loop(
    grader: OfflineGrader, bank: Mapping[str, Question]
) -> None:
    """All its steps where it is right; where something is wrong, the line at which that is seen."""
    by_line = "for start in range(0, len(x_train), 64):"
    clear, step = "        optimizer.zero_grad()\n", "        optimizer.step()\n"
    whole = SOFTMAX.replace(f"    {by_line}\n", "").replace("[start:start + 64]", "").replace("\n        ", "\n    ")
    for source, quoted in (
        (SOFTMAX, SOFTMAX[SOFTMAX.index("optimizer.zero_grad()") : SOFTMAX.index("step()") + len("step()")]),
        (SOFTMAX.replace(clear, ""), "loss.backward()"),
        (SOFTMAX.replace(clear, "").replace(step, clear + step), "optimizer.zero_grad()"),
        (SOFTMAX.replace(step, ""), "loss.backward()"),
        (SOFTMAX.replace("for epoch in range(3):\n    ", "if True:\n    "), by_line),
        (whole, "loss = loss_fn(model(x_train), y_train)"),
        (SOFTMAX.replace("        loss = ", "\n" * 14 + "        loss = "), "loss.backward()"),
    ):
        verdict = await grader.grade(bank["build-mlp"], Part(source), await LimitedReader().facts(source))
        [mark] = [mark for mark in verdict.marks if mark.point == "training-loop"]
        assert mark.evidence == quoted and quoted in source, source
