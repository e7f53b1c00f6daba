"""Books what a model takes to judge a file, and holds it to the budgets, as a sitting is. Of the answers it keeps
nothing, and it judges none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.core.budgets import Name, Reached, reached
from bot.core.costing import Spent, spent_on
from bot.core.events import Graded
from bot.core.made import Made
from bot.core.marking import Part, Verdict
from bot.core.question import Question
from bot.core.sentences import SENTENCES
from bot.ports import Grader

if TYPE_CHECKING:
    from bot.app.costs import Costs
    from bot.settings import Settings
    from bot.store.log import SqlStore

#: What the row of a file is called among those of sittings, none of which it is: it is never begun, nor listed.
SURFACE = "grade"
KEPT = "An answer of a file was judged, and is not kept: this is what it took."
OF_A_FILE = "The budget of one interview, as which a file counts,"
WARN = "{budget} is used to {share} %. Once it is used up, the offline grader judges the rest."
STOP = "{budget} is used up: the offline grader judges the rest, and each line says so."


class Books:
    """What one file takes."""

    def __init__(self, store: SqlStore, session: str, costs: Costs) -> None:
        self._store = store
        self._session = session
        self._costs = costs
        self._spent = Spent()
        self._entered = 0
        self._told = set[tuple[str, str]]()
        self._news: list[str] = []

    async def over(self) -> str:
        """That a budget is used up, as a mark has it that the offline grader makes instead; empty while none is."""
        budgets = self._costs.budgets
        spent: Mapping[Name, Spent] = {"sitting": self._spent}
        if budgets.by_the_day:
            spent = {**await self._store.purse.spent(self._session), **spent}
        found = reached(budgets, spent)
        stop = next((one for one in found if one.level == "stop"), None)
        for one in found if stop is None else (stop,):
            self._note(one)
        return SENTENCES["budget_note"][0].format(budget=_of(stop)) if stop is not None else ""

    def tell(self) -> Sequence[str]:
        """What is to be told of the budgets and was not yet."""
        news, self._news = self._news, []
        return news

    def _note(self, one: Reached) -> None:
        if (one.budget, one.level) not in self._told:
            self._told.add((one.budget, one.level))
            says = STOP if one.level == "stop" else WARN
            self._news.append(says.format(budget=_of(one), share=int(one.share * 100)))

    async def enter(self, question: Question, made: Made) -> None:
        """Writes down what one answer took."""
        priced = self._costs.price(made)
        self._spent += spent_on(priced)
        event = Graded(question.id, 0, made.model, why_not=KEPT, made=priced)
        await self._store.append(self._session, self._entered, [(f"grade:{self._entered}", event)])
        self._entered += 1

    async def close(self) -> None:
        """Closes them."""
        await self._store.close()


class Booked:
    """A grader that asks a model, as long as the budgets allow; see `bot.ports.Grader`. `spare` judges from then on."""

    def __init__(self, grader: Grader, spare: Grader, books: Books) -> None:
        self.name = grader.name
        self._grader = grader
        self._spare = spare
        self._books = books

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        """See `bot.ports.Grader.grade`."""
        if over := await self._books.over():
            instead = await self._spare.grade(question, part, facts)
            return replace(instead, note=" ".join(filter(None, [over, instead.note])))
        try:
            verdict = await self._grader.grade(question, part, facts)
        except asyncio.CancelledError:  # a call was on its way, and nobody knows what it took
            await self._books.enter(question, Made(self.name.partition(" (")[0]))
            raise
        if verdict.made is not None:
            await self._books.enter(question, verdict.made)
        return verdict


async def open_books(settings: Settings, costs: Costs) -> Books:
    """Books for one file, beside those of all sittings."""
    from bot.app.home import owner
    from bot.app.records import open_records
    from bot.app.sitting import new_session_id

    store, session = await open_records(settings), f"{SURFACE}-{new_session_id()}"
    await store.create(session, owner(), SURFACE)
    return Books(store, session, costs)


def _of(one: Reached) -> str:
    return OF_A_FILE if one.budget == "sitting" else SENTENCES[f"budget_of_{one.budget}"][0]
