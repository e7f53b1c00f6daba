"""`viva export --disputes` as whoever runs the bot runs it: labelled data of a group, that names nobody."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from bot.core import events as e
from bot.core.marking import Mark
from bot.core.question import Question
from bot.core.records import rubric_hash
from bot.ports.groups import Place
from bot.store.log import SqlStore
from tests.commands.test_records import at
from tests.fakes import question
from tests.faults.rooms import several

ANT = question("ant")
SAID = "It has alpha. And beta is part of that."
MISSED = Mark("beta", 0.0, 0.9, "missing")
FOUND = Mark("beta", 1.0, 0.9, "met", "beta")


def objected(server: str, *objections: e.Event) -> list[tuple[str, e.Event]]:
    """A sitting with one answer, of which beta was overlooked, and what was objected to it from seq 7 on."""
    happened: list[e.Event] = [
        e.Started("opengenus", "practice", 1, ("ant",)),
        e.Asked("ant", rubric_hash(ANT), "What is the ant?", 1),
        e.Heard(SAID),
        e.Answered("ant", 3, SAID),
        e.Graded("ant", 4, "offline 1", (Mark("alpha", 1.0, 0.9, "met", "alpha"), MISSED)),
        e.Heard("/dispute"),
        *objections,
    ]
    return [(f"{server}#{n}", event) for n, event in enumerate(happened)]


async def kept(store: SqlStore) -> None:
    """Two people in one group, one of whom objected twice; a third in another; and one who said nothing to it."""
    raised = e.Reconsidered(
        "ant", 7, "raised", "", ("And beta is part of that.",), (e.Raised(4, FOUND),), (), "offline 1"
    )
    sittings = {
        "one": ("discord:11", "10", (e.Disputed("ant", 6, "I said beta", "mark"), raised)),
        "two": ("discord:11", "10", (e.Disputed("ant", 6, "the question is wrong", "question"),)),
        "three": ("discord:22", "10", (e.Disputed("ant", 6, "unfair"),)),
        "four": ("discord:33", "20", (e.Disputed("ant", 6, "I said it", "mark"),)),
        "five": ("discord:44", "10", ()),
    }
    for session, (account, server, objections) in sittings.items():
        await store.create(session, account, "discord")
        await store.append(session, 0, objected(server, *objections), {rubric_hash(ANT): ANT})
        await store.groups.put(Place(session, account, session, server))


def test_a_groups_objections_are_labelled_data_that_names_nobody(tmp_path: Path) -> None:
    at(tmp_path, kept)
    file = tmp_path / "mine.jsonl"
    (run,) = several(tmp_path, [["export", "--disputes", "--group", "10", "--out", str(file)]])
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert (run.code, len(rows)) == (0, 3) and "3 objections. People are numbered" in run.err
    assert [row["sentence"] for row in rows] == ["I said beta", "the question is wrong", "unfair"]
    assert [row["person"] for row in rows] == [1, 1, 2]
    assert [(row["about"], row["outcome"]) for row in rows] == [
        ("mark", "raised"), ("question", "kept"), ("mark", "not_judged"),
    ]  # fmt: skip
    first = rows[0]
    assert first["question"] == "ant" and first["rubric"] == rubric_hash(ANT) and first["v"] == 1
    assert [(part["role"], part["text"]) for part in first["answer"]] == [("answer", SAID)]
    assert (first["before"]["score"], first["after"]["score"]) == (0.5, 1.0)
    assert [mark["verdict"] for mark in first["before"]["marks"]] == ["met", "missing"]
    assert [mark["verdict"] for mark in first["after"]["marks"]] == ["met", "met"]
    assert rows[1]["before"] == rows[1]["after"], "what is said of a question changes no mark"
    assert not any(name in file.read_text("utf-8") for name in ("discord", '"11"', '"22"', '"one"', '"three"'))


def test_all_of_them_and_none_and_what_is_asked_wrongly(tmp_path: Path) -> None:
    at(tmp_path, kept)
    file = tmp_path / "all.jsonl"
    every, none, both, neither, astray = several(
        tmp_path,
        [
            ["export", "--disputes", "--out", str(file)],
            ["export", "--disputes", "--group", "77", "--out", str(tmp_path / "none")],
            ["export", "one", "--disputes"],
            ["export"],
            ["export", "one", "--group", "10"],
        ],
    )
    assert every.code == 0 and len(file.read_text().splitlines()) == 4
    assert (
        none.code == 0
        and (tmp_path / "none").read_text() == ""
        and "Nothing was objected to in the group 77." in none.err
    )
    assert [each.code for each in (both, neither, astray)] == [2, 2, 2]
    assert "say --disputes without one" in neither.err and "--group goes with --disputes" in astray.err


SECRET = "zygomorphic"


def drawn_from_notes() -> Question:
    """A question about somebody's own document: every word that it holds is that document's, and so are its ids."""
    points = tuple(replace(ANT.points[n], id=f"{SECRET}-{n}", says=f"The {SECRET} is {n}.") for n in range(2))
    return replace(
        ANT, id=f"drawn-diary-of-{SECRET}", title=SECRET, ask=f"What is the {SECRET}?", points=points,
        reference=f"The {SECRET} is it.", sources=(f"/home/somebody/{SECRET}.md:12",), aim=f"Says {SECRET}.md.",
    )  # fmt: skip


async def kept_on_notes(store: SqlStore) -> None:
    """One who objected in an interview about their own notes, and one who did to a question of the bank."""
    await kept(store)
    drawn = drawn_from_notes()
    name, (one, other) = drawn.id, (point.id for point in drawn.points)
    marks = (Mark(one, 1.0, 0.9, "met", "alpha"), Mark(other, 0.0, 0.9, "missing"))
    happened: list[e.Event] = [
        e.Started("own", "practice", 1, (name,)),
        e.Asked(name, rubric_hash(drawn), drawn.ask, 1),
        e.Heard(SAID),
        e.Answered(name, 3, SAID),
        e.Graded(name, 4, "offline 1", marks),
        e.Heard("/dispute"),
        e.Disputed(name, 6, "I said beta", "mark"),
        e.Reconsidered(name, 7, "raised", "", ("beta",), (e.Raised(4, Mark(other, 1.0, 0.9, "met", "beta")),)),
    ]
    await store.create("notes", "discord:55", "discord")
    causes = [(f"notes#{n}", event) for n, event in enumerate(happened)]
    await store.append("notes", 0, causes, {rubric_hash(drawn): drawn})
    await store.groups.put(Place("notes", "discord:55", "notes", "30"))


def test_of_somebodys_own_document_nothing_leaves(tmp_path: Path) -> None:
    at(tmp_path, kept_on_notes)
    file, all_of_them = tmp_path / "notes.jsonl", tmp_path / "all.jsonl"
    run, every = several(
        tmp_path,
        [
            ["export", "--disputes", "--group", "30", "--out", str(file)],
            ["export", "--disputes", "--out", str(all_of_them)],
        ],
    )
    assert SECRET not in file.read_text("utf-8") and SECRET not in all_of_them.read_text("utf-8")
    (row,) = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert row["drawn"] and row["sources"] == [] and row["reference"] == row["asked"] == row["question"] == ""
    assert [(point["id"], point["weight"]) for point in row["points"]] == [("1", 1.0), ("2", 1.0)]
    assert [(mark["point"], mark["verdict"]) for mark in row["before"]["marks"]] == [("1", "met"), ("2", "missing")]
    assert (row["before"]["score"], row["after"]["score"]) == (0.5, 1.0), "what it came to is told"
    assert row["sentence"] == "I said beta" and row["answer"][0]["text"] == SAID
    assert "1 objection." in run.err and "whose words and names are left out: 1." in run.err
    rows = [json.loads(line) for line in all_of_them.read_text("utf-8").splitlines()]
    assert sum(row["drawn"] for row in rows) == 1 and len(rows) == 5 and "left out: 1." in every.err
    assert all(row["reference"] and row["sources"] for row in rows if not row["drawn"]), "the bank's are told"


def test_who_was_forgotten_is_in_no_export(tmp_path: Path) -> None:
    at(tmp_path, kept)
    file = tmp_path / "left.jsonl"
    several(tmp_path, [["forget", "discord:11", "--yes"], ["export", "--disputes", "--out", str(file)]])
    assert [json.loads(line)["sentence"] for line in file.read_text("utf-8").splitlines()] == ["unfair", "I said it"]
