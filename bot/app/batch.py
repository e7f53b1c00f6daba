"""Judges answers out of a file, one by one, without a sitting: opens the bank and a grader, and keeps no answer.

Each line is judged by itself, so that it gets the same output whatever stands beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from bot.core.feedback import mark
from bot.core.marking import Grade, Mark, Part, Verdict, band, checked, grade
from bot.core.question import Question
from bot.errors import CodeUnreadable, WrongUsage
from bot.ports import CodeReader, Grader

if TYPE_CHECKING:
    from bot.app.bank import Shelves
    from bot.app.booking import Books
    from bot.app.models import Chosen
    from bot.knowledge.answer_lines import AnswerLine
    from bot.knowledge.rubrics import Rubric, Rubrics
    from bot.llm.chat import LangChainModel
    from bot.offline.exemplars import ByExample
    from bot.settings import Settings

Wanted = Literal["offline", "llm"]
#: An "I don't know" is not longer.
LONGEST_PASS = 300

NO_MODEL = (
    "--grader llm wants a language model, and none is set. Set OPENAI_API_KEY, or OPENAI_BASE_URL and VIVA_MODEL for a "
    "server of your own; or leave --grader away to be graded offline."
)
TOLD = "The answers are judged with the help of a language model, {name}: they are sent to {place}."
NO_ANSWER = "There is no answer, which counts 0."
DONT_KNOW = "It says that it does not know, which counts 0."
NOT_OF_A_PROGRAM = "The exemplars were left aside: a program is judged by what it does."
NOT_BY_A_MODEL = "The exemplars were left aside: the model judges by the key points alone."
#: What an outage says in an interview, that the answer is kept, is not so of a file.
ONCE_MORE = "Grade this line once more later."
TAKEN_FOR = "Taken for `{id}`."
#: What JSON allows as it stands, and line readers and terminals trip over.
_ESCAPED = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Judges:
    """Who judges: answers to questions of the bank, and answers by what came with them; `by_example` learns from
    exemplars, None where they are left aside."""

    of_bank: Grader
    of_given: Grader
    by_example: ByExample | None
    code_reader: CodeReader

    def of(self, rubric: Rubric) -> Grader:
        """Who judges by this rubric."""
        return self.of_bank if rubric.of_bank is not None else self.of_given


@dataclass(frozen=True)
class Judged:
    """What one line came to, as plain data."""

    graded: bool
    data: Mapping[str, Any]

    @property
    def line(self) -> str:
        text = json.dumps(self.data, ensure_ascii=False, allow_nan=False)
        return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class Batch:
    """Judges lines. `told` says what is sent where, and is empty where nothing is."""

    def __init__(self, rubrics: Rubrics, judges: Judges, told: str = "") -> None:
        self.told = told
        self._rubrics = rubrics
        self._judges = judges

    async def judged(self, line: bytes, number: int | None = None) -> Judged:
        """What one line of a file comes to. One that cannot be judged says why, one that cannot be read its number."""
        from bot.knowledge.answer_lines import UnfitLine, read_line
        from bot.knowledge.rubrics import NoRubric

        id_: Any = None
        try:
            id_, answer = read_line(line)
            rubric = await self._rubrics.of(answer)
        except UnfitLine as error:
            return _numbered(_not_graded(error.id, str(error), self._judges.of_bank.name), number)
        except NoRubric as error:
            return _not_graded(id_, str(error), self._judges.of_bank.name)
        question, verdict = await self._verdict(rubric, answer)
        found = grade(question, [Part(answer.answer, verdict=verdict)])
        return _judged(id_, rubric, question, found, verdict)

    async def _verdict(self, rubric: Rubric, line: AnswerLine) -> tuple[Question, Verdict]:
        grader, question, part = self._judges.of(rubric), rubric.question, Part(line.answer)
        if nothing := _nothing_said(line.answer):
            return question, _blank(question, grader.name, nothing)
        if question.kind == "code":
            return question, _with_note(await self._of_program(grader, question, part), line, NOT_OF_A_PROGRAM)
        if line.exemplars and self._judges.by_example is not None:
            from bot.offline.exemplars import Exemplar

            examples = [Exemplar(one.answer, float(one.score)) for one in line.exemplars]
            return await self._judges.by_example.grade(grader, question, part, examples)
        verdict = checked(await grader.grade(question, part), question, part.text)
        return question, _with_note(verdict, line, NOT_BY_A_MODEL)

    async def _of_program(self, grader: Grader, question: Question, part: Part) -> Verdict:
        try:
            facts = await self._judges.code_reader.facts(part.text)
        except CodeUnreadable as error:
            return Verdict(by=grader.name, why_not=str(error))
        return checked(await grader.grade(question, part, facts), question, part.text)


@dataclass(frozen=True)
class Opened:
    """A batch, and what was opened for it."""

    batch: Batch
    shelves: Shelves
    model: LangChainModel | None
    books: Books | None = None

    def news(self) -> Sequence[str]:
        """What has come up since and is to be told at once: how far a budget is used."""
        return self.books.tell() if self.books is not None else ()

    def notice(self) -> str | None:
        """What of the index does not work as it should, in a sentence or two."""
        return self.shelves.library.notice()

    async def close(self) -> None:
        """Gives back what was opened."""
        if self.model is not None:
            await self.model.close()
        await self.shelves.close()
        if self.books is not None:
            await self.books.close()


async def open_batch(settings: Settings, wanted: Wanted | None) -> Opened:
    """Opens the bank and a grader; who is `wanted` goes before the settings. Nothing heavy is loaded yet."""
    from bot.app.bank import open_shelves
    from bot.app.booking import open_books
    from bot.app.costs import open_costs
    from bot.app.home import prepare_home
    from bot.app.models import open_model
    from bot.knowledge.rubrics import Rubrics

    chosen = _chosen(settings, wanted)
    books = await open_books(settings, open_costs(settings, chosen.wish)) if chosen is not None else None
    shelves = open_shelves(settings, prepare_home(settings))
    model = open_model(chosen.wish, shelves.library) if chosen is not None else None
    rubrics = Rubrics(shelves.corpus, shelves.library.search, shelves.embedder)
    told = TOLD.format(name=chosen.wish.full_name, place=chosen.wish.place) if chosen is not None else ""
    return Opened(Batch(rubrics, _judges(settings, shelves, chosen, model, books), told), shelves, model, books)


def _chosen(settings: Settings, wanted: Wanted | None) -> Chosen | None:
    """The model that judges, and its prompts; None where answers are judged offline."""
    from bot.app.models import chosen_model

    grader = {"offline": "offline", "llm": None, None: settings.grader}[wanted]
    chosen = chosen_model(settings.model_copy(update={"grader": grader, "interviewer": "offline"}))
    if wanted == "llm" and chosen is None:
        raise WrongUsage(NO_MODEL)
    return chosen


def _judges(
    settings: Settings, shelves: Shelves, chosen: Chosen | None, model: LangChainModel | None, books: Books | None
) -> Judges:
    from bot.app.booking import Booked
    from bot.app.grading import open_whole
    from bot.app.models import model_grader
    from bot.lab.syntax.reading import LimitedReader
    from bot.offline.exemplars import ByExample
    from bot.offline.grader import OfflineGrader
    from bot.offline.references import ReferenceGrader

    embedder, library = shelves.embedder, shelves.library
    whole = open_whole(shelves.home)
    of_bank: Grader = OfflineGrader(embedder, embedder.vectors_for, whole=whole)
    of_given: Grader = ReferenceGrader(embedder, embedder.vectors_for, whole)
    if chosen is None or model is None or books is None:
        return Judges(of_bank, of_given, ByExample(embedder, embedder.vectors_for), LimitedReader())
    asked = [
        Booked(model_grader(model, chosen.prompts, offline, library, settings), offline, books)
        for offline in (of_bank, of_given)
    ]
    return Judges(asked[0], asked[1], None, LimitedReader())


def _nothing_said(answer: str) -> str:
    """Why nothing was said; empty where there is something to judge."""
    from bot.core.session import Session
    from bot.offline.meaning import understand

    if not answer.strip():
        return NO_ANSWER
    passed = len(answer) <= LONGEST_PASS and understand(Session(), answer).meaning == "dont_know"
    return DONT_KNOW if passed else ""


def _blank(question: Question, by: str, note: str) -> Verdict:
    marks = tuple(Mark(point.id, 0.0, 1.0, "missing") for point in question.points if not point.measured)
    return Verdict(by=by, marks=marks, note=note)


def _with_note(verdict: Verdict, line: AnswerLine, note: str) -> Verdict:
    if not line.exemplars or not verdict.judged:
        return verdict
    return replace(verdict, note=" ".join(filter(None, [verdict.note, note])))


def _judged(id_: Any, rubric: Rubric, question: Question, found: Grade, verdict: Verdict) -> Judged:
    if not found.graded:
        why = f"{found.why_not or ''} {ONCE_MORE if verdict.retry else ''}".strip()
        return _not_graded(id_, why, found.by, rubric.of_bank)
    taken = TAKEN_FOR.format(id=rubric.of_bank) if rubric.near else ""
    note = " ".join(filter(None, [taken, verdict.note]))
    marks = [mark(point) | {"says": question.point(point.point).says} for point in found.points]
    beliefs = [{"id": belief.id, "evidence": belief.evidence} for belief in found.misconceptions]
    return _line(id_, found.by, rubric.of_bank, score=found.score, marks=marks, misconceptions=beliefs, note=note)


def _not_graded(id_: Any, why_not: str, by: str, of_bank: str | None = None) -> Judged:
    return _line(id_, by, of_bank, why_not=why_not)


def _numbered(judged: Judged, number: int | None) -> Judged:
    """The same with the number of its line, by which one is found that has no id that could be read."""
    return replace(judged, data={**judged.data, "line": number}) if number is not None else judged


def _line(
    id_: Any,
    by: str,
    of_bank: str | None,
    score: float | None = None,
    why_not: str = "",
    marks: Sequence[Mapping[str, Any]] = (),
    misconceptions: Sequence[Mapping[str, Any]] = (),
    note: str = "",
) -> Judged:
    """One line of the output, as docs/grading-a-file.md has it."""
    told = {
        "v": 1,
        "id": id_,
        "score": score,
        "band": None if score is None else band(score),
        "graded": score is not None,
        "why_not": why_not,
        "question_id": of_bank,
        "marks": list(marks),
        "misconceptions": list(misconceptions),
        "grader": by,
        "note": note,
    }
    return Judged(score is not None, told)
