"""One house, several sittings: who sits where is each sitting's own, and what is made late is made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.app.grading import LateGrader
from bot.app.house import open_house
from bot.app.sitting import Seat, begun, resumed
from bot.beginning import Wanted
from bot.core.marking import Part
from bot.ports import Grader
from bot.settings import Settings
from tests.fakes import Ear, WordGrader, question

ANN, BOB = Seat("ann", "terminal", "terminal"), Seat("bob", "discord", "guild:1")


async def test_two_persons_sit_in_one_house_and_each_keeps_their_own(tmp_path: Path, quiet_after: None) -> None:
    house = await open_house(Settings(_env_file=None, home=tmp_path, lab="off"))
    try:
        for seat in (ANN, BOB):
            sitting, ear = await begun(house, Wanted("opengenus", seed=1), seat), Ear()
            await sitting.begin(ear)
            await sitting.close()
            assert any(reply.kind == "question" for reply in ear.said)
        assert {(s.owner, s.surface) for s in await house.store.sittings()} == {("ann", "terminal"), ("bob", "discord")}
        mine = await house.store.find("last", owner="bob", status="running")
        again = await resumed(house, mine, BOB)
        await again.resume(Ear())
        assert again.session.started is not None and again.session.started.flow == "opengenus"
        await again.close()
    finally:
        await house.close()


async def test_a_late_grader_is_made_once_and_then_grades() -> None:
    made: list[Grader] = []

    def make() -> Grader:
        made.append(WordGrader())
        return made[-1]

    async def beside(work: Callable[[], Grader]) -> Grader:
        return work()

    late = LateGrader("words", make, beside)
    assert (late.name, made) == ("words", [])
    await late.load()
    verdict = await late.grade(question("ant"), Part("alpha"))
    assert len(made) == 1 and [mark.credit for mark in verdict.marks] == [1.0, 0.0]
