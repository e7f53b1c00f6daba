"""Sittings on documents: one's own and those of the server that it was begun on, and nobody else's by any way."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import documents
from bot.app.drawn import MOST_REMEMBERED, Drawn
from bot.app.house import House
from bot.app.notes import on_notes, on_written_notes
from bot.app.sitting import Seat, begun, resumed
from bot.beginning import Wanted
from bot.core.folding import fold
from bot.errors import WrongUsage
from bot.interview import Interview
from bot.knowledge.documents import Document
from bot.knowledge.own_notes import SHARED
from tests.app.houses import opened
from tests.fakes import Ear


def about(*subjects: str) -> bytes:
    words = (
        "It is a long story that all who were there tell in another way, with more of them or fewer in it each time."
    )
    return "\n\n".join(f"# {subject}\n\n{subject}: {words}" for subject in subjects).encode()


def seat(person: str, server: str = "") -> Seat:
    return Seat(person, "discord", server or "discord")


async def sat(house: House, where: Seat, name: str) -> tuple[Interview, Ear]:
    interview, ear = await begun(house, Wanted(documents=name, seed=1), where), Ear()
    await interview.begin(ear)
    return interview, ear


def said(ear: Ear) -> str:
    return "\n".join(str(part) for reply in ear.said for part in reply.parts)


async def test_a_server_s_document_is_asked_about_on_that_server_alone(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await documents.add(house, "server:1", "week.md", about("Zebras", "Quaggas"))
        await documents.add(house, "server:2", "week.md", about("Lions"))
        first, ear = await sat(house, seat("ann", "1"), "week")
        other, heard = await sat(house, seat("bob", "2"), "week.md")
        assert "Notes of this server, week" in said(ear) and "Lions" not in said(ear)
        assert "Lions" in said(heard) and "Zebras" not in said(heard) + str(other.session.started)
        for where in (seat("ann"), Seat("ann", "terminal", "terminal"), seat("ann", "3"), seat("1", "discord")):
            with pytest.raises(WrongUsage, match="no document"):
                await begun(house, Wanted(documents="week"), where)
        assert await questions(house, first) == {"drawn-week-zebras"}
        with pytest.raises(WrongUsage):
            house.doors.bank.question("drawn-week-zebras")
        await first.close()
        await other.close()


async def questions(house: House, interview: Interview) -> set[str]:
    return {asked.id for asked in (await house.store.rubrics(interview.session_id)).values()}


async def test_one_s_own_go_along_and_come_first(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await documents.add(house, "ann", "week.md", about("Owls"))
        await documents.add(house, "server:1", "week.md", about("Zebras"))
        await documents.add(house, "bob", "diary.md", about("Bats"))
        assert "Owls" in said((await sat(house, seat("ann", "1"), "week"))[1])
        assert "Zebras" in said((await sat(house, seat("bob", "1"), "week"))[1])
        assert "Owls" in said((await sat(house, Seat("ann", "terminal", "terminal"), "week"))[1])
        with pytest.raises(WrongUsage, match=r"neither of yours nor of this server's\. There are: week\.md\. Who man"):
            await on_notes(house, "ann", "1", "diary")
        with pytest.raises(WrongUsage, match=r"among yours\. You have: week\.md\. Add some: viva index PATH"):
            await on_notes(house, "ann", "", "diary")


async def test_a_sitting_goes_on_about_its_document_wherever_it_does(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await documents.add(house, "server:1", "week.md", about("Zebras", "Quaggas"))
        await documents.add(house, "server:2", "week.md", about("Lions", "Tigers"))
        interview, _ = await sat(house, seat("ann", "1"), "week")
        await interview.close()
        kept = await house.store.find("last", owner="ann")
        for where in (seat("ann"), seat("ann", "2"), Seat("ann", "terminal", "terminal")):
            again, ear = await resumed(house, kept, where), Ear()
            await again.resume(ear)
            await again.close()
        again, ear = await resumed(house, kept, seat("ann", "2")), Ear()
        await again.take_up()
        await again.hear(ear, "m1", "skip")
        assert "Quaggas" in said(ear) and "ions" not in said(ear)
        await again.close()


async def test_a_document_that_is_gone_leaves_out_what_was_not_asked(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await documents.add(house, "server:1", "week.md", about("Zebras", "Quaggas"))
        interview, _ = await sat(house, seat("ann", "1"), "week")
        await interview.close()
        await documents.remove(house, "server:1", "week.md")
        kept = await house.store.find("last", owner="ann")
        again, ear = await resumed(house, kept, seat("ann", "1")), Ear()
        await again.take_up()
        await again.hear(ear, "m1", "skip")
        session = fold(await house.store.load(kept.id))
        assert session.ended is not None and "Quaggas" not in said(ear)
        await again.close()


async def test_a_name_that_reads_like_a_server_s_leads_to_no_server(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        secret = Document("week.md", "week.md", about("Secrets").decode())
        mine = [
            Document(f"/p/{n}", name, about("Owls").decode()) for n, name in enumerate(("server:1/week.md", "own:x"))
        ]
        await house.store.groups.keep_documents("server:1", [documents.as_kept(secret)])
        await house.store.groups.keep_documents("ann", [documents.as_kept(one) for one in mine])
        for name in ("server:1/week.md", "own:x"):
            noted = await on_notes(house, "ann", "2", name)
            again = await on_written_notes(house, "ann", noted.written)
            for bank in (noted.bank, again.bank):
                asked = [bank.question(id_).ask for stage in bank.flow("documents").stages for id_ in stage.questions]
                assert asked == ["What can you tell me about Owls?"]
        with pytest.raises(WrongUsage):
            await on_notes(house, "bob", "2", "server:1/week.md")


async def test_what_cannot_be_asked_about_says_how_to_mend_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await documents.add(house, "server:1", "short.md", b"# Zebras\n\nShort.")
        with pytest.raises(WrongUsage, match=r"nothing in short to ask about.*index it again: /viva documents add"):
            await on_notes(house, "ann", "1", "short")


async def test_what_was_drawn_once_is_not_drawn_again(tmp_path: Path) -> None:
    drawn, imported = Drawn(), []
    one = Document("a.md", "a.md", about("Owls").decode())
    async with opened(tmp_path) as house:

        async def beside(work):
            imported.append(work())

        async def bank(owner: str = "ann", documents: list[Document] | None = None):
            return await drawn.bank(house.shelves.corpus, owner, documents or [one], "a", SHARED, beside)

        first = await bank()
        assert await bank() is first and len(imported) == 1
        other = Document("a.md", "a.md", about("Bats").decode())
        assert [q.ask for q in (await bank(documents=[other])).questions() if "Bats" in q.ask], "it was changed"
        drawn.forget("ann")
        assert await bank() is not first
        first = await bank("bob")
        for n in range(MOST_REMEMBERED):
            await bank(f"person {n}")
        assert await bank("bob") is not first, "only so many are remembered"
