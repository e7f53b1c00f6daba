"""What a grading model is asked to fill in. Whether it fits the question and the answer, `checking` says."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

#: An answer that is longer than any question could need is none.
MOST = 60
Said = Literal["met", "partial", "missing", "wrong"]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class PointRead(_Closed):
    """One key point."""

    id: str
    verdict: Said
    quote: str = ""


class BeliefRead(_Closed):
    """One wrong belief that the answer shows."""

    id: str
    quote: str = ""


class AnswerRead(_Closed):
    """What an answer says of each key point, with quotations."""

    points: list[PointRead] = Field(max_length=MOST)
    beliefs: list[BeliefRead] = Field(default_factory=list, max_length=MOST)


class ClaimRead(_Closed):
    """Whether one quotation, by itself, says what one statement says."""

    id: str
    verdict: Literal["says", "half", "no", "contradicts"]


class ClaimsRead(_Closed):
    """The same of several."""

    claims: list[ClaimRead] = Field(max_length=MOST)
