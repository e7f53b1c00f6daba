"""The shapes of corpus files, as pydantic checks them. A field's description is what an author is told to write.

Only single tables are checked here; what tables say about each other is corpus_check's.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from bot.core.flow import Setting
from bot.core.question import Kind, Level


class Shape(BaseModel):
    """A table of a corpus file: exact types, no key that is not named."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Prose = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Program = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Source = Annotated[str, StringConstraints(pattern=r"^S\d+(-[A-Z]?\d+)?$")]
Value = bool | int | float | str
Said = Annotated[list[Prose], BeforeValidator(_as_list)]
Topic = Literal[
    "fundamentals",
    "perceptron",
    "training",
    "optimisation",
    "regularisation",
    "architectures",
    "cnn",
    "vision",
    "recurrent",
    "transformers",
    "language",
    "generative",
    "evaluation",
    "data",
    "classical",
    "pytorch",
    "frameworks",
    "deployment",
    "projects",
    "judgement",
]

#: What of a candidate's own project can be found in words, without statements to compare with.
Detector = Literal["problem", "data", "framework", "model", "metric-value"]

#: What claims of a candidate's can be about (offline/claims.py finds them).
Subject = Literal[
    "activation",
    "optimiser",
    "layers",
    "hidden-layers",
    "batch-size",
    "batch-size-matters",
    "learning-rate",
    "loss",
    "framework",
    "metric",
    "data-amount",
    "normalisation-needed",
    "initialisation-matters",
    "dropout",
    "pretrained",
]

ID = 'write a short name of lower-case letters, digits and hyphens, such as "cost-function"'
PROSE = "write the text in quotation marks"
SOURCES = 'write a list of the articles\' numbers, such as ["S0-7", "S1-14"]'
OTHERS = "write a list of ids of other questions"
STATEMENTS = "write a sentence in quotation marks, or a list of sentences"


class WorkShape(Shape):
    title: Prose = Field(description="write the author and title of the work")
    where: Annotated[str, StringConstraints(pattern=r"^(https?://\S+|arXiv:\S+)$")] = Field(
        description='write an address that begins with https://, or an id such as "arXiv:1412.6980"'
    )


class PointShape(Shape):
    id: Slug = Field(description=ID)
    says: Prose = Field(description="write what a good answer says here, in one plain sentence")
    weight: float = Field(default=1.0, ge=1, le=3, description="write a number from 1 to 3")
    bonus: bool = Field(default=False, description="write true or false")
    shown_by: str | None = Field(default=None, description="write the fact of a program that shows this point")
    because: str | None = Field(default=None, description="write the id of the key point that gives its reason")
    detail: bool = Field(default=False, description="write true for what is recited and not understood")
    anywhere: bool = Field(default=False, description="write true for a step that may stand in several places")
    value: float | None = Field(default=None, description="write the number that earns it")
    value_of: str | None = Field(default=None, description="write the name of the result of the drill that earns it")
    tolerance: float = Field(default=0.0, ge=0, description="write how far a number may be off, such as 0.01")
    accepts: list[Prose] = Field(default=[], description="write a list of phrases that count as the answer")
    formulas: list[Prose] = Field(default=[], description="write a list of spellings of the formula")
    lines: list[int] = Field(default=[], description="write a list of line numbers of the listing, such as [7]")
    found_by: Detector | None = Field(default=None, description=f"write one of: {', '.join(get_args(Detector))}")
    measured: bool = Field(default=False, description="write true for what a run alone can show")


class MisconceptionShape(Shape):
    id: Slug = Field(description=ID)
    believes: Prose = Field(description="write the wrong belief, as one who holds it would say it")
    reply: Prose = Field(description="write what the interviewer says to it, in one or two kind sentences")
    points: list[str] = Field(default=[], description="write a list of the ids of the key points that it contradicts")
    value: float | None = Field(default=None, description="write the wrong result that shows it")
    value_of: str | None = Field(default=None, description="write the name of the wrong result of the drill")


class OptionShape(Shape):
    says: Prose = Field(description="write the option, as the candidate reads it")
    right: bool = Field(default=False, description="write true for the one that is right")
    reply: Prose = Field(description="write why it is right, or why not")


class FollowUpShape(Shape):
    point: str = Field(description="write the id of the key point that it asks about")
    when: Literal["missed", "wrong", "interesting"] = Field(description='write "missed", "wrong" or "interesting"')
    ask: Prose = Field(description="write the question, as it is spoken")


class ExperimentShape(Shape):
    changes: dict[str, Value] = Field(
        min_length=1, description="write the settings that are changed, such as { width = 512 }"
    )
    base: dict[str, Value] = Field(default={}, description="write the settings of the run beside it")
    expects: dict[str, float] = Field(
        min_length=1, description="write what the points take for granted, such as { accuracy_most = 0.2 }"
    )


class QuestionShape(Shape):
    id: Slug = Field(description=ID)
    kind: Kind = Field(default="free", description=f"write one of: {', '.join(get_args(Kind))}")
    title: Annotated[Prose, StringConstraints(max_length=40)] = Field(
        description="write a title of at most 40 characters"
    )
    ask: Prose = Field(description="write the question, as the interviewer speaks it")
    reworded: Prose = Field(description="write the same question in other words")
    plain: Prose = Field(description="write the same question in plain English: short sentences, no idiom")
    aim: Prose = Field(description="write in one sentence what the interviewer wants to find out")
    level: Level = Field(description='write "beginner", "intermediate" or "advanced"')
    topics: list[Topic] = Field(
        min_length=1, max_length=3, description=f"write one to three of: {', '.join(get_args(Topic))}"
    )
    asked_by: Prose | None = Field(
        default=None, description="write the name of the company or collection, or leave it out"
    )
    sources: list[Source] = Field(default=[], description=SOURCES)
    asked_as: list[Prose] = Field(default=[], description="write a list of other ways in which people ask it")
    see_also: list[str] = Field(default=[], description=OTHERS)
    requires: list[str] = Field(default=[], description=OTHERS)
    leads_to: list[str] = Field(default=[], description=OTHERS)
    recalls: list[Subject] = Field(default=[], description=f"write a list of: {', '.join(get_args(Subject))}")
    on_phone: Prose | None = Field(default=None, description="write the question as it is put by telephone")
    at_board: Prose | None = Field(default=None, description="write the question as it is put at a whiteboard")
    reference: Prose = Field(description="write the answer of the best candidate, in Markdown")
    erratum: Prose | None = Field(default=None, description=PROSE)
    hints: list[Prose] = Field(
        min_length=3, max_length=3, description="write three hints: a nudge, the direction, half the answer"
    )
    further: list[WorkShape] = Field(default=[], description='write a list of { title = "...", where = "..." }')
    after_code: dict[str, Prose] = Field(default={}, description="write a wording for each optimiser")
    statement: Prose | None = Field(default=None, description=PROSE)
    starter: Prose | None = Field(default=None, description=PROSE)
    listing: Program | None = Field(default=None, description="write the program to read, in triple quotation marks")
    needs: int | None = Field(default=None, ge=1, description="write how many of the points earn full marks")
    hinge: str | None = Field(default=None, description="write the id of the key point on which the answer turns")
    verdict: Literal["yes", "no"] | None = Field(default=None, description='write "yes" or "no"')
    drill: str | None = Field(default=None, description="write the name of the reckoning that gives fresh numbers")
    options: list[OptionShape] = Field(
        default=[], description="write a [[question.options]] table for each option of a multiple choice"
    )
    experiment: ExperimentShape | None = Field(default=None, description="write a table [question.experiment]")
    points: list[PointShape] = Field(min_length=1, description="write a [[question.points]] table for each key point")
    misconceptions: list[MisconceptionShape] = Field(
        default=[], description="write a [[question.misconceptions]] table for each wrong belief"
    )
    follow_ups: list[FollowUpShape] = Field(
        default=[], description="write a [[question.follow_ups]] table for each follow-up"
    )


class QuestionFile(Shape):
    question: list[QuestionShape] = Field(min_length=1, description="write a [[question]] table for each question")


class TrueShape(Shape):
    formal: Said = Field(default=[], description=STATEMENTS)
    colloquial: Said = Field(default=[], description=STATEMENTS)
    example: Said = Field(default=[], description=STATEMENTS)
    symbols: Said = Field(default=[], description=STATEMENTS)
    short: Said = Field(default=[], description=STATEMENTS)
    long: Said = Field(default=[], description=STATEMENTS)
    learner: Said = Field(default=[], description=STATEMENTS)


class FalseShape(Shape):
    negated: Said = Field(default=[], description=STATEMENTS)
    swapped: Said = Field(default=[], description=STATEMENTS)
    direction: Said = Field(default=[], description=STATEMENTS)
    cause: Said = Field(default=[], description=STATEMENTS)
    name: Said = Field(default=[], description=STATEMENTS)
    half_true: Said = Field(default=[], alias="half-true", description=STATEMENTS)
    misconception: Said = Field(default=[], description=STATEMENTS)


class StatementsShape(Shape):
    true: TrueShape = Field(default=TrueShape(), description="write a table of true statements")
    false: FalseShape = Field(default=FalseShape(), description="write a table of false statements")


class StepShape(Shape):
    question: str = Field(description="write the id of the question that is asked at this step")
    transition: str = Field(default="", description="write the sentence that leads over to the question")
    instead: dict[str, dict[str, str]] = Field(
        default={}, description='write another question for a fact, such as { optimizer = { SGD = "sgd-optimiser" } }'
    )
    each: Literal["", "project", "program"] = Field(default="", description='write "project" or "program"')


class StageShape(Shape):
    count: int = Field(ge=1, le=50, description="write how many questions it asks, a whole number")
    levels: list[Level] = Field(default=[], description='write a list of levels, such as ["beginner"]')
    topics: list[Topic] = Field(default=[], description=f"write a list of: {', '.join(get_args(Topic))}")
    kinds: list[Kind] = Field(default=[], description=f"write a list of: {', '.join(get_args(Kind))}")
    questions: list[str] = Field(default=[], description=OTHERS)
    transition: str = Field(default="", description="write the sentence that leads over to its first question")


class FlowFile(Shape):
    id: Slug = Field(description=ID)
    title: Prose = Field(description="write a title, as a candidate should see it")
    minutes: int = Field(ge=1, le=480, description="write about how many minutes it takes, a whole number")
    describes: Prose = Field(description="write in one sentence what the interview is like")
    sources: list[Source] = Field(default=[], description=SOURCES)
    setting: Setting = Field(default="chat", description=f"write one of: {', '.join(get_args(Setting))}")
    briefing: Prose | None = Field(default=None, description="write what the candidate is told at the opening")
    material: Literal["", "search-log"] = Field(default="", description='write "search-log", or leave it out')
    rounds: list[str] = Field(default=[], description="write a list of the ids of other flows")
    step: list[StepShape] = Field(default=[], description="write a [[step]] table for each question")
    stage: list[StageShape] = Field(default=[], description="write a [[stage]] table for each stretch")
