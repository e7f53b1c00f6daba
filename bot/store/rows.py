"""Events to rows and back. It knows JSON and `bot.core.records`, and no database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from bot.core.events import Answered, Ended, Event, Graded, Phrased, Record, Regraded, Started, Submitted
from bot.core.question import Question
from bot.core.records import KINDS, decode, encode
from bot.errors import StoreBroken, StoreNewer
from bot.ports.groups import ServerSettings
from bot.store.schema import EVENT_FORMAT, escaped

#: PostgreSQL cannot index a text of more than about 2,700 bytes; a message id may have any length.
LONGEST_CAUSE = 500
_KEPT_OF_A_LONGER = 100

#: What a model did, by the event that keeps it; and how many parts a dollar is kept in.
_ACTS: Mapping[type[Any], str] = {Graded: "judge", Regraded: "judge again", Phrased: "word"}
MICRO = 1_000_000

#: What a reason for the end makes of a sitting's status.
_STATUS = {"finished": "finished", "time": "finished", "stopped": "stopped"}


def stamp(moment: datetime) -> str:
    """A time as the log has it: UTC, ISO 8601, always of the same length, so that its order is the alphabet's."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def known_as(cause: str) -> str:
    """The cause as it is kept: an overlong one by its beginning and its hash."""
    if len(escaped(cause)) <= LONGEST_CAUSE:
        return cause
    digest = hashlib.sha256(escaped(cause).encode("ascii")).hexdigest()
    return f"{escaped(cause)[:_KEPT_OF_A_LONGER]}…{digest}"


def records_of(after: int, at: str, events: Sequence[tuple[str, Event]]) -> list[Record]:
    """The records that these (cause, event) pairs become after seq `after`."""
    return [Record(after + n, at, known_as(cause), event) for n, (cause, event) in enumerate(events, 1)]


def row_of(session: str, record: Record) -> dict[str, Any]:
    """The row of table `events` for a record."""
    return {
        "session": session,
        "seq": record.seq,
        "at": record.at,
        "cause": record.cause,
        "kind": type(record.event).__name__,
        "v": EVENT_FORMAT,
        "body": json.dumps(encode(record.event)),
    }


def spent_of(session: str, record: Record) -> dict[str, Any] | None:
    """The row of table `spent` for a record; None where no language model was asked for it."""
    event = record.event
    made = event.made if isinstance(event, Graded | Regraded | Phrased) else None
    if made is None:
        return None
    return {
        "session": session,
        "seq": record.seq,
        "at": record.at,
        "act": _ACTS[type(event)],
        "model": made.model,
        "calls": made.calls,
        "input": made.input,
        "output": made.output,
        "cost_micro": None if made.cost is None else round(made.cost * MICRO),
    }


def event_of(kind: str, body: str) -> Event:
    """The event that a row holds; StoreNewer for a kind unknown here, StoreBroken for what cannot be read."""
    if kind not in KINDS:
        raise StoreNewer(
            f"This sitting holds an event ({kind}) that this release of Viva does not know: a newer one wrote it. "
            "Nothing was changed. Install the newer release to go on with it."
        )
    try:
        event: Event = decode(KINDS[kind], json.loads(body))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreBroken(
            f"An event of kind {kind} in the database cannot be read. It was left as it is; "
            "`viva restore FILE` brings back a backup."
        ) from error
    return event


def rubric_of(body: str) -> Question:
    """The question that a row of table `rubrics` holds."""
    try:
        return decode(Question, json.loads(body))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreBroken(
            "A question in the database cannot be read. It was left as it is; `viva restore FILE` brings back a backup."
        ) from error


def rubric_body(question: Question) -> str:
    """The text under which a question is kept."""
    return json.dumps(encode(question))


def summary_of(events: Iterable[Event]) -> dict[str, Any]:
    """What these events change in the row of table `sessions`, the count of answers aside."""
    changes: dict[str, Any] = {}
    for event in events:
        if isinstance(event, Started):
            changes |= {"status": "running", "flow": event.flow, "mode": event.mode}
        elif isinstance(event, Ended):
            changes["status"] = _STATUS[event.reason]
    return changes


def answers_in(events: Iterable[Event]) -> int:
    """How many of these events count as something answered."""
    return sum(isinstance(event, Answered | Submitted) for event in events)


def settings_of(body: str | None) -> ServerSettings:
    """What a server chose. What a newer release added is left aside; what is missing or does not fit is the default."""
    chosen = chosen_in(body)
    default = ServerSettings()
    fitting = {f.name: _fitting(chosen.get(f.name), getattr(default, f.name)) for f in fields(ServerSettings)}
    return ServerSettings(**fitting)


def settings_body(settings: ServerSettings, before: str | None) -> str:
    """The text under which settings are kept; what a newer release wrote beside them stays."""
    return json.dumps(chosen_in(before) | asdict(settings))


def chosen_in(body: str | None) -> dict[str, Any]:
    """The settings as they are kept, by name."""
    try:
        chosen = json.loads(body or "{}")
    except ValueError:
        return {}
    return chosen if isinstance(chosen, dict) else {}


def _fitting(value: Any, default: Any) -> Any:
    if isinstance(default, tuple):
        return tuple(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else default
    return value if type(value) is type(default) else default
