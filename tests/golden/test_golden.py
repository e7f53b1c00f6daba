"""Golden logs: sittings kept with a release, which every later release must read, fold and mark as it did.

A file is never written anew. When it no longer folds as it should, the change that did that is wrong, not the file.
For a release that writes events otherwise, keep new ones beside the old, in the project's root:

    python -c "from tests.golden.test_golden import keep_all; keep_all('v0.2')"
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.core.dialogue import owed
from bot.core.events import Record
from bot.core.folding import SPEAKING, apply, fold
from bot.core.question import Question
from bot.core.records import KINDS, decode, encode
from bot.core.session import Session
from bot.core.speech import open_again, recap, speak
from bot.core.summary import Line, summarise
from tests.golden.sittings import SITTINGS

HERE = Path(__file__).parent
LOGS = sorted(HERE.glob("v*.json"))
#: Fields that hold whatever a reader of programs or an author of questions named: not ours to leave aside.
FREE = ("facts", "after_code")


def keep_all(release: str, folder: Path = HERE) -> list[Path]:
    """Keeps a golden log of every sitting in tests/golden/sittings.py, as today's code sits it."""
    return [keep(f"{release}-{name}", asyncio.run(sitting()), folder) for name, sitting in SITTINGS.items()]


def keep(name: str, log: Mapping[str, Any], folder: Path = HERE) -> Path:
    """Writes a new golden log with what it comes to today, which must be read over before it is committed.

    `log` holds `events` and `rubrics` as `viva export` prints them. FileExistsError when there is one of that name.
    """
    came_to = outcome(*read(log))
    events = ",\n".join(json.dumps(event) for event in log["events"])
    rubrics, summary = (json.dumps(part, indent=1) for part in (log["rubrics"], came_to))
    file = folder / f"{name}.json"
    with file.open("x", encoding="utf-8") as new:
        new.write(f'{{"v": 1, "events": [\n{events}\n],\n"rubrics": {rubrics},\n"summary": {summary}}}\n')
    return file


def load(file: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return loaded


def read(log: Mapping[str, Any]) -> tuple[list[Record], dict[str, Question]]:
    """The records of a log and the questions as they were asked, as a store of today reads them."""
    records = [Record(r["seq"], r["at"], r["cause"], decode(KINDS[r["kind"]], r["body"])) for r in log["events"]]
    return records, {key: decode(Question, body) for key, body in log["rubrics"].items()}


def outcome(records: list[Record], book: Mapping[str, Question]) -> dict[str, Any]:
    """What a sitting came to, as plain data: where it stands, and every mark."""
    session = fold(records)
    summary, duty = summarise(session, book), owed(session)
    return {
        "score": summary.score,
        "alone": summary.alone,
        "planned": summary.planned,
        "answered": summary.answered,
        "not_graded": summary.not_graded,
        "topics": [[t.name, t.score, t.alone, t.questions] for t in summary.topics],
        "ended": session.ended and session.ended.reason,
        "standing": session.standing,
        "agenda": list(session.agenda),
        "owed": duty and type(duty).__name__,
        "seconds": session.seconds,
        "facts": dict(session.facts),
        "questions": [_line(line) for line in summary.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    asking, grade = line.asking, line.grade
    return {
        "question": asking.question,
        "number": asking.number,
        "title": line.question.title,
        "outcome": line.outcome,
        "status": asking.status,
        "score": grade.score,
        "alone": grade.alone,
        "why_not": grade.why_not,
        "hints": grade.hints,
        "by": grade.by,
        "parts": [[c.role, c.part.text] for c in asking.contributions],
        "follow_ups": [f.point for f in asking.follow_ups],
        "points": {p.point: [p.verdict, p.credit, p.alone, p.prompted, p.evidence] for p in grade.points},
        "misconceptions": [b.id for b in grade.misconceptions],
        "beyond": list(grade.beyond),
        "disputes": list(asking.disputes),
        "reference": asking.settled and asking.settled.reference,
    }


def with_strangers(value: Any) -> Any:
    """The same data with a field in every object that only a later release knows."""
    if isinstance(value, dict):
        known = {key: item if key in FREE else with_strangers(item) for key, item in value.items()}
        return {**known, "of_a_later_release": {"any": ["thing"]}}
    return [with_strangers(item) for item in value] if isinstance(value, list) else value


@pytest.fixture(params=LOGS, ids=lambda file: file.stem)
def golden(request: pytest.FixtureRequest) -> dict[str, Any]:
    return load(request.param)


def test_a_golden_log_comes_to_what_it_came_to(golden):
    assert outcome(*read(golden)) == golden["summary"]


def test_no_field_of_a_golden_log_was_renamed_or_lost(golden):
    """What is read and written again is the same: a field that the code no longer knows would be missing."""
    records, book = read(golden)
    assert [encode(r.event) for r in records] == [row["body"] for row in golden["events"]]
    assert {key: encode(question) for key, question in book.items()} == golden["rubrics"]


def test_unknown_fields_are_left_aside(golden):
    """A sitting that a later release wrote to folds to the same."""
    events = [{**row, "body": with_strangers(row["body"])} for row in golden["events"]]
    rubrics = {key: with_strangers(body) for key, body in golden["rubrics"].items()}
    assert all("of_a_later_release" in row["body"] for row in events)
    assert outcome(*read({"events": events, "rubrics": rubrics})) == golden["summary"]


def test_a_golden_sitting_can_be_gone_on_with_from_any_of_its_records(golden):
    """After each record something can be said, the next duty can be named, and a recap can be given."""
    records, book = read(golden)
    session = Session()
    for record in records:
        session = apply(session, record)
        if isinstance(record.event, SPEAKING):
            assert all(reply.text for reply in speak(session, book, record.event))
        duty = owed(session)
        assert duty is None or duty.cause.startswith("duty:")
        assert all(reply.text for reply in (*recap(session, book), *open_again(session, book)))


def test_every_kind_of_event_occurs_in_a_golden_log():
    kept = {row["kind"] for file in LOGS for row in load(file)["events"]}
    assert set(KINDS) - kept == set()


def test_todays_sittings_can_be_kept_once_and_never_again(tmp_path):
    files = keep_all("v9.9", tmp_path)
    assert [file.name for file in files] == [f"v9.9-{name}.json" for name in SITTINGS]
    for file in files:
        assert outcome(*read(load(file))) == load(file)["summary"]
    with pytest.raises(FileExistsError):
        keep_all("v9.9", tmp_path)
