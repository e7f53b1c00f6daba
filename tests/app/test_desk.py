"""What a house does for a surface with many candidates; it keeps its promises also when nobody comes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import update

from bot.app import documents, pictures
from bot.app.alone import NAME, name_of
from bot.app.clock import FILE
from bot.app.desk import HouseDesk
from bot.app.home import now, owner
from bot.app.house import House
from bot.app.records import open_records
from bot.beginning import Wanted
from bot.core import events as e
from bot.errors import SittingBusy, WrongUsage
from bot.knowledge.documents import Document, folder_of
from bot.ports.groups import Place, ServerSettings, Who
from bot.store import schema as s
from bot.store.rows import stamp
from bot.surfaces.discord.posting import Posts
from bot.surfaces.discord.sittings import Sittings
from bot.surfaces.discord.turns import Turns
from tests.app.houses import opened, settings, unlogged
from tests.fakes import Ear
from tests.knowledge.test_document_files import older
from tests.knowledge.test_documents import holding
from tests.store.test_groups_on_a_file import Watch

ZEBRAS = "# Zebras\n\n" + " ".join(["Zebras have stripes that confuse the eyes of flies."] * 4) + "\n"


class Ready:
    """A lab in which nothing is run."""

    def unavailable(self) -> None:
        """It could."""


ANN = Who("discord:1", "discord:1", "7")


def steady_since(home: Path, days: float) -> None:
    """As if the bot had looked at the clock, for so long and until yesterday."""
    times = {"since": now() - timedelta(days=days), "seen": now() - timedelta(days=1)}
    (home / FILE).write_text(json.dumps({name: time.isoformat() for name, time in times.items()}), encoding="utf-8")


async def aged(house: House, **changes: object) -> None:
    """Dates a server's leaving, or all sittings."""
    async with house.store.database.writing() as connection:
        if "left" in changes:
            await connection.execute(update(s.servers).values(left_at=changes["left"]))
        else:
            await connection.execute(update(s.sessions).values(at=changes["at"]))


async def test_what_was_kept_for_a_server_left_long_ago_goes_from_its_index_too(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.store.groups.joined("7")
        await documents.add(house, "server:7", "zebras.md", ZEBRAS.encode())
        await house.shelves.indexing.done()
        await house.store.groups.left("7")
        found = " ".join(holding(tmp_path, "Zebras"))
        assert "units.json" in found and "chroma.sqlite3" in found, found
        desk = HouseDesk(house)
        await aged(house, left=stamp(now() - timedelta(days=31)))
        await desk.expire()
        assert holding(tmp_path, "Zebras"), "a clock that was first seen just now is not trusted"
        steady_since(tmp_path, 4)
        await desk.expire()
        await house.shelves.indexing.done()
        assert holding(tmp_path, "Zebras") == []
        assert await house.store.groups.document_names("server:7") == []


async def test_what_a_killed_process_left_of_an_index_goes_with_the_next_look(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await documents.add(house, "server:7", "zebras.md", ZEBRAS.encode())
        await house.shelves.indexing.done()
        [kept] = await house.store.groups.documents("server:7")
        await house.store.groups.remove_document("server:7", kept.key)
        assert holding(tmp_path, "Zebras"), "the index is still there"
        await HouseDesk(house).expire()
        await house.shelves.indexing.done()
        assert holding(tmp_path, "Zebras") == []


async def test_a_quiet_bot_deletes_what_is_too_old(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        desk = HouseDesk(house)
        interview = await desk.begin(Wanted("opengenus", seed=1), ANN)
        await interview.begin(Ear())
        await interview.close()
        await desk.keep_picture(interview.session_id, "1", "board.png", b"pixels")
        await aged(house, at=stamp(now() - timedelta(days=181)))
        await desk.expire()
        assert await house.store.ids() == [interview.session_id], (
            "the only sitting, and the clock was never seen before"
        )
        steady_since(tmp_path, 4)
        await desk.expire()
        assert await house.store.ids() == [] and not list((tmp_path / pictures.FOLDER).iterdir())


async def test_what_a_server_chose_holds_in_direct_messages_too(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        desk = HouseDesk(replace(house, doors=replace(house.doors, lab=cast(Any, Ready()))))  # nothing is run in it
        interview = await desk.begin(Wanted("opengenus", seed=1), ANN)
        await interview.begin(Ear())
        await interview.close()
        for place in (
            Place(interview.session_id, "discord:1", "30", "7", "20"),
            Place(interview.session_id, "discord:1", "40"),
        ):
            await desk.groups.put(place)
        for lab in (True, False):
            await desk.groups.choose("7", ServerSettings(lab=lab))
            again = await desk.take_up(interview.session_id, Who("discord:1", "discord:1"))
            assert (again._doors.lab is not None, again._doors.place) == (lab, "7")
            await again.close()


async def test_as_many_programs_as_a_server_allows_are_taken_in_direct_messages_too(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        desk = HouseDesk(house)
        interview = await desk.begin(Wanted("opengenus", seed=1), ANN)
        await interview.begin(Ear())
        await interview.keep("m1", "", "print(1)")
        await interview.close()
        direct = Place(interview.session_id, "discord:1", "40")
        for place in (replace(direct, server="7", channel="30"), direct):
            await desk.groups.put(place)
        turns = Turns(desk, Posts(cast(Any, None), desk.groups, cast(Any, None)), Sittings())
        await desk.groups.choose("7", ServerSettings(runs_a_day=1))
        await turns.may_run(direct)
        last = (await house.store.load(interview.session_id))[-1].seq
        await house.store.append(interview.session_id, last, [("run", e.Submitted("perceptron", 1, "print(1)"))])
        with pytest.raises(WrongUsage, match="allows 1 program"):
            await turns.may_run(direct)


async def test_the_log_is_read_once_when_a_sitting_is_taken_up(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        desk = HouseDesk(house)
        interview = await desk.begin(Wanted("opengenus", seed=1), ANN)
        await interview.begin(Ear())
        await interview.close()
        with Watch(house.store) as watch:
            again = await desk.take_up(interview.session_id, ANN)
        await again.close()
        assert again.session == interview.session
        logs = [sql for sql, _ in watch.ran if "FROM events" in sql and "events.body" in sql]
        assert len(logs) == 2 and ["events.kind =" in sql for sql in logs].count(True) == 1, "its opening, then the log"


async def test_progress_and_board_are_read_from_the_log(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        desk = HouseDesk(house)
        assert await desk.progress("discord:1") == ([], 0)
        interview = await desk.begin(Wanted("opengenus", track="optimisation", questions=1, seed=1), ANN)
        await interview.begin(Ear())
        await desk.groups.put(Place(interview.session_id, "discord:1", "30", "7", "20"))
        await interview.hear(Ear(), "m1", "/end")
        await interview.close()
        assert (await desk.progress("discord:1"))[1] == 1
        since = now() - timedelta(days=7)
        assert await desk.board("7", since) == []
        for account in ("discord:2", "discord:1"):
            await desk.groups.show_on_board("7", account, True)
        assert [(who, points) for who, _, points in await desk.board("7", since)] == [
            ("discord:1", 0),
            ("discord:2", 0),
        ]


async def test_a_notebook_is_read_beside(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": ["import torch\n", "print(1)"], "metadata": {}, "outputs": []}]
    notebook = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    async with opened(tmp_path) as house:
        source, notices = await HouseDesk(house).program("a.ipynb", notebook.encode())
    assert "import torch\nprint(1)" in source and isinstance(list(notices), list)


async def test_who_serves_is_known_by_the_folder_and_binds_nobody_who_serves_there_later(tmp_path: Path) -> None:
    with unlogged():
        served = await open_records(settings(tmp_path), serving=True)
        terminal = await open_records(settings(tmp_path))
        assert served.holder.startswith(f"serve:{(tmp_path / NAME).read_text()}:") and terminal.holder in served.holder
        await served.create("s", "ann", "discord")
        gone = f"serve:{name_of(tmp_path)}:a-container/0badb007/1/7/12345"
        await terminal.append("s", 0, [("start", e.Started("opengenus", "practice", 1, ("perceptron",)))])
        await terminal.lease("s", gone, 60)
        assert await terminal.broken_off() == [], "a terminal does not know"
        with pytest.raises(SittingBusy, match="number 7 on a-container"):
            await terminal.lease("s", terminal.holder, 60)
        assert await served.broken_off() == ["s"]
        await served.lease("s", served.holder, 60)
        assert await served.broken_off() == [], "it is being worked on"
        with pytest.raises(SittingBusy):
            await terminal.lease("s", terminal.holder, 60)
        await served.close()
        await terminal.close()


@pytest.mark.parametrize("files", [True, False])
async def test_records_that_are_opened_take_over_what_earlier_releases_kept(tmp_path: Path, files: bool) -> None:
    if files:
        folder = older(tmp_path, Document("/zebras.md", "zebras.md", ZEBRAS))
        folder.parent.rename(folder_of(tmp_path, owner()))
    with unlogged():
        store = await open_records(settings(tmp_path))
        assert await store.groups.document_names(owner()) == (["zebras.md"] if files else [])
        await store.close()
    assert not list((tmp_path / "documents").glob("*/texts"))


async def test_what_a_model_could_judge_now_is_found_while_it_waits(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        interview = await HouseDesk(house).begin(Wanted("opengenus", seed=1), ANN)
        await interview.begin(Ear())
        await interview.close()
        session, question = interview.session_id, interview.session.standing or ""
        last = interview.session.seq
        outage = e.Graded(question, last + 1, "a model", why_not="it is down", retry=True)
        await house.store.append(session, last, [("a", e.Answered(question, 1, "Words.")), ("g", outage)])
        desk = HouseDesk(replace(house, doors=replace(house.doors, grader_is_remote=True)))
        assert await desk.unjudged() == [], "it goes on in a terminal"
        await house.store.groups.put(Place(session, "discord:1", "40"))
        assert await desk.unjudged() == [session]
        assert await HouseDesk(house).unjudged() == (), "no model judges here"
        other = HouseDesk(replace(house, doors=replace(house.doors, grader_is_remote=True, notice="A model judges.")))
        assert await other.unjudged() == [], "of whom they were not told"
        judged = e.Graded(question, last + 1, "a model", why_not="no words that could be judged")
        await house.store.append(session, last + 2, [("h", judged)])
        assert await desk.unjudged() == []
        await house.store.append(session, last + 3, [("t", e.JudgedLate(question))])
        assert await desk.unjudged() == [session], "it was not told yet"
        await house.store.append(session, last + 4, [("s", e.Said(last + 4))])
        assert await desk.unjudged() == []


async def test_what_the_model_here_failed_at_too_often_is_not_tried_for_ever(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        interview = await HouseDesk(house).begin(Wanted("opengenus", seed=1), ANN)
        await interview.begin(Ear())
        await interview.close()
        session, question, last = interview.session_id, interview.session.standing or "", interview.session.seq
        await house.store.groups.put(Place(session, "discord:1", "40"))
        desk = HouseDesk(replace(house, doors=replace(house.doors, grader_is_remote=True)))
        vain = e.Graded(
            question, last + 1, house.doors.grader.name, why_not="unreadable", retry=True, only_this=True, late=True
        )
        await house.store.append(session, last, [("a", e.Answered(question, 1, "Words."))])
        found = []
        for n in range(3):
            await house.store.append(session, last + 1 + n, [(f"g{n}", vain)])
            found.append(await desk.unjudged())
        assert found == [[session], [session], []]
