"""`viva questions` and `viva questions show`: the bank as its authors want to see it. It changes nothing."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import typer

from bot.app.bank import shipped_bank
from bot.app.home import prepare_home
from bot.core.question import Kind, Level, Point, Question
from bot.core.records import encode
from bot.errors import WrongUsage
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.knowledge.corpus import Corpus
    from bot.knowledge.own_corpus import Own

#: How wide a table is drawn where nobody looks at a terminal.
WIDE = 200
LEVELS = get_args(Level)


@dataclass(frozen=True)
class Shelf:
    """The whole bank, with what is one's own and where it comes from."""

    home: Path
    shipped: Corpus
    bank: Corpus
    own: Own | None

    def mine(self, question: Question) -> bool:
        """True for a question of one's own."""
        return self.own is not None and question.id in self.own.corpus.bank


@dataclass(frozen=True)
class Wanted:
    """The filters of the list."""

    level: str | None = None
    topic: str | None = None
    kind: str | None = None
    source: str | None = None
    text: str | None = None


def open_shelf() -> Shelf:
    """The bank; files of one's own that are left out are named on standard error."""
    from bot.knowledge.own_corpus import read_own

    home = prepare_home(read_settings())
    shipped = shipped_bank(home)
    own = read_own(home, shipped)
    for notice in own.notices if own else ():
        sys.stderr.write(f"viva: {notice}\n")
    return Shelf(home, shipped, own.beside(shipped) if own else shipped, own)


def list_command(wanted: Wanted, as_json: bool) -> None:
    """Prints the questions that fit, and counts them."""
    shelf = open_shelf()
    _known(wanted, shelf.bank.questions())
    found = [question for question in shelf.bank.questions() if _fits(question, wanted)]
    if as_json:
        for question in found:
            typer.echo(json.dumps({"v": 1, **_row(question, shelf)}, ensure_ascii=False))
        return
    if found:
        _draw(found, shelf)
    typer.echo(_counts(found, shelf))


def _known(wanted: Wanted, questions: Sequence[Question]) -> None:
    """WrongUsage for a filter that no question could fit."""
    from bot.knowledge.corpus_words import nearest

    numbers = {source for question in questions for source in question.sources}
    articles = {number.partition("-")[0] for number in numbers}
    source = wanted.source.upper() if wanted.source else None
    of_it = {number for number in numbers if source and number.startswith(source.partition("-")[0] + "-")}
    known: dict[str, tuple[str | None, Iterable[str]]] = {
        "level": (wanted.level, LEVELS),
        "topic": (wanted.topic, {topic for question in questions for topic in question.topics}),
        "kind": (wanted.kind, get_args(Kind)),
        "source": (source, of_it | articles if of_it else articles),
    }
    for name, (given, values) in known.items():
        if given is not None and given.casefold() not in {value.casefold() for value in values}:
            near = nearest(given, sorted(values)).removeprefix("; ")
            raise WrongUsage(f"No question has the {name} {given!r}: {near.rstrip('.?')}{'?' if '?' in near else '.'}")


def _fits(question: Question, wanted: Wanted) -> bool:
    source = (wanted.source or "").casefold()
    return (
        wanted.level in (None, question.level)
        and (wanted.topic is None or wanted.topic in question.topics)
        and wanted.kind in (None, question.kind)
        and (not source or any(source in (n.casefold(), n.partition("-")[0].casefold()) for n in question.sources))
        and (wanted.text is None or wanted.text.casefold() in _words(question))
    )


def _words(question: Question) -> str:
    points = [point.says for point in question.points]
    wordings = (question.ask, question.reworded, question.plain, *question.asked_as)
    return "\n".join((question.id, question.title, question.aim, *wordings, *points, question.reference)).casefold()


def _row(question: Question, shelf: Shelf) -> dict[str, Any]:
    return {
        "id": question.id,
        "title": question.title,
        "level": question.level,
        "kind": question.kind,
        "topics": list(question.topics),
        "sources": list(question.sources),
        "points": len(question.points),
        "erratum": question.erratum is not None,
        "draft": question.draft,
        "own": shelf.mine(question),
    }


def _draw(found: Sequence[Question], shelf: Shelf) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "level", "kind", "sources", "topics", "title"):
        table.add_column(name, overflow="fold")
    for question in found:
        marks = f"{'*' * shelf.mine(question)}{' (draft)' * question.draft}"
        cells = (
            f"{question.id}{marks}",
            question.level,
            question.kind,
            *map(" ".join, (question.sources, question.topics)),
        )
        table.add_row(*map(Text, (*cells, question.title)))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDE
    Console(file=sys.stdout, width=width, highlight=False).print(table)


def _counts(found: Sequence[Question], shelf: Shelf) -> str:
    """The last lines of the list."""
    of = f" of {len(shelf.bank.bank)}" if len(found) < len(shelf.bank.bank) else ""
    if not found:
        return f"None{of} questions fits all of this. Ask for less: viva questions --text word"
    levels = Counter(question.level for question in found)
    by_level = ", ".join(f"{levels[level]} {level}" for level in LEVELS if levels[level])
    drafts, mine = sum(q.draft for q in found), sum(map(shelf.mine, found))
    more = [f"{drafts} draft{'s' * (drafts > 1)}"] * (drafts > 0) + [f"{mine} of your own (*)"] * (mine > 0)
    return f"\n{len(found)}{of} question{'s' * (len(found) != 1)}: {by_level}{''.join(f'; {text}' for text in more)}."


def show_command(question_id: str, as_json: bool) -> None:
    """Prints one question with all that belongs to it."""
    shelf = open_shelf()
    question = shelf.bank.question(question_id)
    place = _place(question, shelf)
    if as_json:
        typer.echo(json.dumps({"v": 1, **_row(question, shelf), "file": place, **_whole(question)}, ensure_ascii=False))
    else:
        typer.echo("\n".join(_shown(question, shelf, place)))


def _whole(question: Question) -> dict[str, Any]:
    """The question's own data, without what the row has said."""
    told: dict[str, Any] = encode(question)
    for point, data in zip(question.points, told["points"], strict=True):
        data["statements"] = {"true": len(point.true), "false": len(point.false)}
    told["key_points"] = told.pop("points")
    return {key: value for key, value in told.items() if key not in ("erratum", "id")} | {
        "erratum_text": question.erratum
    }


def _place(question: Question, shelf: Shelf) -> str:
    """File and line of a question."""
    from bot.knowledge.corpus import corpus_folder
    from bot.knowledge.corpus_places import Source

    if shelf.own is not None and question.id in shelf.own.at:
        return shelf.own.at[question.id]
    files = [*(corpus_folder() / "questions").glob("*.toml"), *(corpus_folder() / "tasks").glob("*/*.toml")]
    for path in sorted(files):
        text = path.read_text(encoding="utf-8")
        if path.name.endswith(".statements.toml") or f'"{question.id}"' not in text:
            continue
        lines = text.split("\n")
        for place, line in Source(str(path), text).places.items():
            if len(place) == 3 and place[2] == "id" and f'"{question.id}"' in lines[line - 1]:
                return f"{path}:{line}"
    return str(corpus_folder())


def _shown(question: Question, shelf: Shelf, place: str) -> list[str]:
    about = [question.level, question.kind, *question.topics]
    state = ["draft"] * question.draft + ["your own"] * shelf.mine(question)
    links = {
        "sources": question.sources,
        "asked by": (question.asked_by,) if question.asked_by else (),
        "requires": question.requires,
        "leads to": question.leads_to,
        "see also": question.see_also,
        "required by": tuple(q.id for q in shelf.bank.questions() if question.id in q.requires),
    }
    return [
        f"{question.id}: {question.title} ({', '.join([*about, *state])})",
        place,
        *(f"{name}: {', '.join(ids)}" for name, ids in links.items() if ids),
        *_section("Asks", [question.ask]),
        *_section("In other words", [question.reworded, f"(plainly) {question.plain}"]),
        *_section("Also asked as", question.asked_as),
        *_section("By telephone", [question.on_phone] if question.on_phone else []),
        *_section("At a whiteboard", [question.at_board] if question.at_board else []),
        *_section("Situation", [question.statement] if question.statement else []),
        *_listing(question),
        *_section("Options", [f"{'[x]' if o.right else '[ ]'} {o.says} ({o.reply})" for o in question.options]),
        *_section("Aim", [question.aim]),
        *_section(_points_title(question), [_point(point) for point in question.points]),
        *_section("Misconceptions", [_belief(m.id, m.believes, m.reply, m.points) for m in question.misconceptions]),
        *_section("Hints", [f"{n}. {hint}" for n, hint in enumerate(question.hints, 1)]),
        *_section("Follow-ups", [f"{f.point}, {f.when}: {f.ask}" for f in question.follow_ups]),
        *_section("Erratum", [question.erratum.strip()] if question.erratum else []),
        *_section("Reference", [question.reference.strip()]),
        *_section("Further reading", [f"{work.title}: {work.where}" for work in question.further]),
    ]


def _section(title: str, lines: Sequence[str]) -> list[str]:
    """A title and its indented lines; nothing where there are none."""
    told = [f"  {line}".rstrip() for text in lines for line in text.strip("\n").split("\n")]
    return ["", title, *told] if lines else []


def _listing(question: Question) -> list[str]:
    lines = (question.listing or "").strip("\n").splitlines()
    return _section("Listing", [f"{n:>3}  {line}" for n, line in enumerate(lines, 1)])


def _points_title(question: Question) -> str:
    rules = [f"{question.needs} of them earn full marks"] if question.needs else []
    rules += [f"it turns on {question.hinge}"] if question.hinge else []
    rules += [f"the verdict is {question.verdict}"] if question.verdict else []
    rules += [f"numbers from the drill {question.drill}"] if question.drill else []
    return f"Key points ({'; '.join(rules)})" if rules else "Key points"


def _point(point: Point) -> str:
    """A key point in two lines: what it is, and what it says."""
    marks = ["bonus"] * point.bonus + ["detail"] * point.detail + ["draft"] * point.draft
    if point.because:
        marks.append(f"because {point.because}")
    marks += [f"{name} {value}" for name, value in _exact(point)]
    statements = f"{len(point.true)} true, {len(point.false)} false statements"
    return f"{point.id}: weight {point.weight:g}, {', '.join([statements, *marks])}\n  {point.says}"


def _exact(point: Point) -> list[tuple[str, object]]:
    """What finds a point besides statements."""
    told = {
        "value": point.value if point.value is None else f"{point.value:g} ± {point.tolerance:g}",
        "value of": point.value_of,
        "accepts": " / ".join(point.accepts),
        "formulas": " / ".join(point.formulas),
        "lines": ", ".join(map(str, point.lines)),
        "found by": point.found_by,
        "shown by": point.shown_by,
    }
    return [(name, value) for name, value in told.items() if value]


def _belief(id_: str, believes: str, reply: str, points: Sequence[str]) -> str:
    return f"{id_} (against {', '.join(points) or 'no point'}): {believes}\n  Reply: {reply}"
