"""What an answer out of a file is judged by: the key points or the reference that came with it, or else a question of
the bank, by its id or its text. It judges nothing."""

from __future__ import annotations

import difflib
import math
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.core.plan import needs_program
from bot.core.question import Point, Question
from bot.errors import IndexUnavailable
from bot.knowledge.abbreviations import expand
from bot.knowledge.answer_lines import AnswerLine, KeyPoint
from bot.knowledge.importing.points import key_sentences
from bot.ports import Bank, Embedder, Passage

#: The id of the question that is made of what came with an answer; no question of a bank can be called so.
GIVEN = "(given)"
#: How many units are looked at: notes on terms are among them.
LOOKED_AT = 12
MOST_REMEMBERED = 1024
#: A text asks for the question that the search finds first where its nearest wording is as near as NEAR; or where the
#: search is sure enough by its score and by how far the second one is behind, and the nearest wording is not FAR.
#: On evals/retrieval_dev.jsonl 62 of 100 full questions find their own by this and 5 another; with their own taken out
#: of the bank 21 of 100 find its nearest sibling. Of the 236 questions on other subjects in four public sets two find
#: one; on evals/retrieval.jsonl 17 of 30 full questions find their own and none another.
NEAR, FAR = 0.75, 0.4
BY_SCORE, BY_LEAD, BY_WORDING, CONSTANT = 8.59, 15.73, 0.72, -7.01
SURE_FROM = 0.4

NOTHING_GIVEN = (
    "There is nothing to judge it by: no question of the bank is near enough to it{nearest}. Add `reference` or "
    "`key_points` to the line, or write a question's id (`viva questions` lists them)."
)
NEAREST = " (the nearest is `{id}`)"
UNKNOWN = (
    "There is no question `{id}`; did you mean `{nearest}`? `viva questions` lists them all. Or add `reference` or "
    "`key_points` to the line."
)
COMPUTED = (
    "Its question, `{id}`, has fresh numbers each time it is asked, so that nobody knows which ones were meant. Add "
    "`reference` or `key_points` to the line."
)
OF_A_PROGRAM = (
    "Its question, `{id}`, is about a program of the candidate's own or a run of it, which this line does not hold. "
    "Add `reference` or `key_points` to the line."
)

Search = Callable[[str, int], Awaitable[Sequence[Passage]]]


@dataclass(frozen=True)
class Rubric:
    """What an answer is judged by; `of_bank` is the id of its question, None where it came with the line.

    `near`: it is neither the question's id nor a way in which it is asked, but near enough to one.
    """

    question: Question
    of_bank: str | None = None
    near: bool = False


class NoRubric(Exception):
    """There is nothing that an answer could be judged by; the message says why, and what to add."""


class Rubrics:
    """Finds or makes the rubric of each line; the same line has the same one, whatever stands beside it."""

    def __init__(self, bank: Bank, search: Search, embedder: Embedder) -> None:
        self._search = search
        self._embedder = embedder
        self._by_id = {question.id: question for question in bank.questions()}
        self._asked = _asked(bank.questions())
        self._found: OrderedDict[str, str | NoRubric] = OrderedDict()

    async def of(self, line: AnswerLine) -> Rubric:
        """The rubric of a line; NoRubric says why there is none."""
        name = line.question.strip()
        if line.key_points or (line.reference or "").strip():
            known = self._by_id.get(name)
            return Rubric(given(line, known.ask if known is not None else name))
        if name in self._by_id:
            return self._usable(name)
        if name not in self._found:
            self._found[name] = await self._looked_for(name)
            if len(self._found) > MOST_REMEMBERED:
                self._found.popitem(last=False)
        found = self._found[name]
        if isinstance(found, NoRubric):
            raise NoRubric(str(found))
        return replace(self._usable(found), near=plain(name) not in self._asked)

    def _usable(self, question_id: str) -> Rubric:
        question = self._by_id[question_id]
        if question.drill is not None:
            raise NoRubric(COMPUTED.format(id=question_id))
        if needs_program(question):
            raise NoRubric(OF_A_PROGRAM.format(id=question_id))
        return Rubric(question, question_id)

    async def _looked_for(self, text: str) -> str | NoRubric:
        """The id of the question that a text asks for."""
        asked = self._asked.get(plain(text))
        if asked is not None:
            return asked
        if " " not in text and (near := difflib.get_close_matches(text.lower(), self._by_id, n=1, cutoff=0.75)):
            return NoRubric(UNKNOWN.format(id=text[:60], nearest=near[0]))
        try:
            return await self._nearest(text)
        except IndexUnavailable as error:
            return NoRubric(f"{NOTHING_GIVEN.format(nearest='')} {error}")

    async def _nearest(self, text: str) -> str | NoRubric:
        found = [hit for hit in await self._search(text, LOOKED_AT) if hit.question in self._by_id]
        if not found or found[0].question is None:
            return NoRubric(NOTHING_GIVEN.format(nearest=""))
        first = found[0].question
        lead = found[0].score - (found[1].score if len(found) > 1 else 0.0)
        if asks_for(found[0].score, lead, self._wording(text, self._by_id[first])):
            return first
        return NoRubric(NOTHING_GIVEN.format(nearest=NEAREST.format(id=first)))

    def _wording(self, text: str, question: Question) -> float:
        """How near the nearest way of asking a question is to a text."""
        ways = list(dict.fromkeys(_ways(question)))
        vectors = self._embedder.embed([expand(text), *ways])
        return round(float((vectors[1:] @ vectors[0]).max()), 4)


def asks_for(score: float, lead: float, wording: float) -> bool:
    """Whether a text asks for the question that was found first, by these three measures."""
    sure = 1.0 / (1.0 + math.exp(-(BY_SCORE * score + BY_LEAD * lead + BY_WORDING * wording + CONSTANT)))
    return wording >= NEAR or (wording >= FAR and sure >= SURE_FROM)


def given(line: AnswerLine, ask: str) -> Question:
    """The question that is made of what came with a line: its key points, or the sentences of the reference that weigh
    most."""
    reference = (line.reference or "").strip()
    points = [(one.says, one.weight) if isinstance(one, KeyPoint) else (one, 1.0) for one in line.key_points or ()]
    points = points or [(one.text, 1.0) for one in key_sentences(ask, reference)] or [(reference, 1.0)]
    return Question(
        id=GIVEN,
        title="",
        ask=ask,
        reworded="",
        plain="",
        aim="",
        level="intermediate",
        topics=(),
        points=tuple(Point(str(n), says.strip(), float(weight)) for n, (says, weight) in enumerate(points, 1)),
        reference=reference or "\n".join(says for says, _ in points),
        hints=(),
    )


def plain(text: str) -> str:
    """The words of a text and nothing else."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _ways(question: Question) -> tuple[str, ...]:
    """All the ways in which a question is asked."""
    return tuple(filter(None, (question.title, question.ask, question.reworded, question.plain, *question.asked_as)))


def _asked(questions: Sequence[Question]) -> dict[str, str]:
    """Every way of asking, and whose it is; of two questions the one that can be judged by its text alone."""
    first = sorted(questions, key=lambda question: question.drill is not None or needs_program(question))
    found: dict[str, str] = {}
    for question in first:
        for way in _ways(question):
            found.setdefault(plain(way), question.id)
    return found
