"""The shapes of the files of a lab task, as pydantic checks them; those of its questions are corpus_shapes'."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from bot.knowledge.corpus_shapes import OTHERS, Prose, Shape


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("a number that is not finite")
    return value


Number = Annotated[float, AfterValidator(_finite)]
NUMBERS = "write a list of numbers"


class LimitsShape(Shape):
    seconds: float = Field(default=30.0, ge=1, le=600, description="write how many seconds a run may take, 1 to 600")
    memory: int = Field(default=2048, ge=512, le=65536, description="write how many MiB a run may use, 512 or more")


class TaskFile(Shape):
    title: Annotated[Prose, StringConstraints(max_length=40)] = Field(
        description="write a title of at most 40 characters"
    )
    measure: Literal["classify", "call"] = Field(default="classify", description='write "classify" or "call"')
    accuracy: float | None = Field(default=None, gt=0, le=1, description="write the accuracy of a good program, 0 to 1")
    most_parameters: int | None = Field(default=None, ge=1, description="write how many parameters it may have at most")
    runs: int = Field(default=8, ge=1, le=100, description="write how often a program may be handed in, 1 to 100")
    function: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*$")] | None = Field(
        default=None, description="write the name of the function that is called"
    )
    cases: Literal["cases.json"] | None = Field(default=None, description='write "cases.json", a file of this folder')
    follow_ups: list[str] = Field(default=[], description=OTHERS)
    forbids: list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*$")]] = Field(
        default=[], description="write a list of names that a program must do without"
    )
    limits: LimitsShape = Field(default=LimitsShape(), description="write a table [limits]")


class CaseShape(Shape):
    inputs: list[list[Number]] = Field(description="write a list of lists of numbers, one for each argument")
    shapes: list[list[int]] = Field(description="write a list of shapes, such as [[4, 3], [4]], one for each argument")
    expects: list[Number] = Field(min_length=1, description=NUMBERS)
    tolerance: float = Field(default=1e-4, gt=0, description="write how far a number may be off, such as 0.0001")
    says: Prose | None = Field(default=None, description="write in a few words what the case tries")


class CasesFile(Shape):
    cases: list[CaseShape] = Field(min_length=1, description="write a list of cases")


class RunShape(Shape):
    accuracy: float = Field(ge=0, le=1, description="write the accuracy, 0 to 1")
    steps: list[int] = Field(min_length=1, max_length=60, description="write at most 60 numbers of steps")
    losses: list[Number] = Field(min_length=1, max_length=60, description="write a loss for each of the steps")


class RecordedShape(Shape):
    ran: RunShape = Field(description="write the run with the changes")
    beside: RunShape = Field(description="write the run beside it")


class RecordedFile(Shape):
    v: Literal[1] = Field(description="write 1")
    on: Prose = Field(description="write on what machine and with what data it was recorded")
    experiments: dict[str, RecordedShape] = Field(description="write the runs by the id of their question")
