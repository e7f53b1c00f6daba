"""The ledger `docs/coverage.md` is held to what there is: the bank, the flows, the files, the tests, and the checklist.

What an erratum must say is checked beside it, in test_sources.py.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.knowledge.corpus import Corpus, read_corpus
from tests.corpus.test_sources import FAULTS, NUMBERS, SOUND

Bank = Mapping[str, Mapping[str, Any]]
NAMED = re.compile(r"`([^`]+)`")
#: The levels that S2 and S3 give their questions, stated or inferred.
LEVELS = {
    **{f"S2-{n}": "beginner" if n < 9 else "intermediate" if n < 17 else "advanced" for n in range(1, 22)},
    **{f"S3-B{n}": "beginner" for n in (1, 2, 3)},
    **{f"S3-I{n}": "intermediate" for n in (1, 2)},
    **{f"S3-A{n}": "advanced" for n in range(1, 7)},
}
#: Where the bank sees it otherwise: for two a right answer needs more, for one less, than the article's level suggests.
MOVED = {"S2-1": "intermediate", "S2-4": "intermediate", "S3-I1": "beginner"}


class Row(NamedTuple):
    """A row of a table of the page, and the headings that it stands under."""

    part: str
    section: str
    cells: tuple[str, ...]


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "coverage.md").read_text("utf-8")


@pytest.fixture(scope="module")
def rows(page: str) -> list[Row]:
    """All rows of all tables, without their heads."""
    found: list[Row] = []
    part = section = ""
    for line in page.splitlines():
        if line.startswith("## "):
            part, section = line[3], ""
        elif line.startswith("### "):
            section = line[4:]
        elif line.startswith("| --- "):
            found.pop()
        elif line.startswith("| "):
            found.append(Row(part, section, tuple(cell.strip() for cell in line[1:-1].split("|"))))
    return found


@pytest.fixture(scope="module")
def corpus(root: Path) -> Corpus:
    return read_corpus(root / "corpus")


@cache
def functions(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def stands(root: Path, named: str) -> bool:
    """Whether a file, or a test in a file, is there."""
    path, _, test = named.partition("::")
    file = root / path
    return file.is_file() and (not test or test in functions(file))


def of(rows: list[Row], part: str, section: str | None = None) -> list[Row]:
    return [row for row in rows if row.part == part and section in (None, row.section)]


def test_every_name_on_the_page_is_that_of_something(page: str, root: Path, corpus: Corpus) -> None:
    known = {*corpus.bank, *corpus.interviews}
    assert [name for name in NAMED.findall(page) if name not in known and not stands(root, name)] == []


def test_every_name_stands_in_its_column(rows: list[Row], root: Path, corpus: Corpus) -> None:
    odd: list[str] = []
    for row in of(rows, "A"):
        _, questions, flows, files = row.cells
        odd += [name for name in NAMED.findall(questions) if name not in corpus.bank]
        odd += [name for name in NAMED.findall(flows) if name not in corpus.interviews]
        odd += [name for name in NAMED.findall(files) if not stands(root, name)]
    for row in [*of(rows, "B"), *of(rows, "C")]:
        odd += [name for name in NAMED.findall(row.cells[-1]) if name not in corpus.bank]
    assert odd == []


def test_every_capability_is_delivered(rows: list[Row]) -> None:
    assert [row.cells[0] for row in of(rows, "A") if not NAMED.search(" ".join(row.cells[1:]))] == []


def test_every_flow_delivers_something(rows: list[Row], corpus: Corpus) -> None:
    named = {name for row in of(rows, "A") for name in NAMED.findall(row.cells[2])}
    assert set(corpus.interviews) - named == {"quick"}, "all flows but the short daily one come from the articles"


def test_the_list_of_numbers_is_what_the_bank_says(rows: list[Row], corpus: Corpus) -> None:
    told = {row.cells[0]: NAMED.findall(row.cells[2]) for row in of(rows, "B")}
    assert list(told) == list(NUMBERS)
    assert told == {n: [q.id for q in corpus.questions() if n in q.sources] for n in NUMBERS}


def test_every_fault_has_a_row_and_an_erratum(rows: list[Row], bank: Bank) -> None:
    table = of(rows, "C", "Errors")
    assert [row.cells[0] for row in table] == [n for n in NUMBERS if n in FAULTS]
    without = {
        (row.cells[0], name)
        for row in table
        for name in NAMED.findall(row.cells[3]) or ["nothing"]
        if row.cells[0] not in bank.get(name, {}).get("sources", []) or not bank[name].get("erratum")
    }
    assert without == set()


def test_what_needs_no_erratum_is_named(page: str) -> None:
    told = page[page.index("## C.") : page.index("### Errors")]
    assert set(re.findall(r"S\d-[A-Z]?\d+", told)) == SOUND


def test_every_hole_is_filled_by_questions_of_our_own(rows: list[Row], bank: Bank) -> None:
    holes = {row.cells[0]: NAMED.findall(row.cells[1]) for row in of(rows, "C", "Holes")}
    assert len(holes) >= 20
    assert [hole for hole, names in holes.items() if all(bank[name].get("sources") for name in names)] == []


def test_the_articles_levels_are_kept(bank: Bank) -> None:
    """Each number that has a level there has a question of that level here, but for three."""
    levels = {n: {q["level"] for q in bank.values() if n in q.get("sources", [])} for n in LEVELS}
    assert {n for n, level in LEVELS.items() if level not in levels[n]} == set(MOVED)
    assert {n: levels[n] for n in MOVED} == {n: {level} for n, level in MOVED.items()}


def test_intuition_weighs_more_than_recited_detail(bank: Bank) -> None:
    """In every question that has both, a point of recited detail is lighter than any other."""
    recited = {name: q["points"] for name, q in bank.items() if any(p.get("detail") for p in q["points"])}
    assert set(recited) >= {"transformer-vs-rnn", "gru-vs-lstm", "self-attention", "cnn-architecture"}
    for name, points in recited.items():
        detail = max(p["weight"] for p in points if p.get("detail"))
        assert detail < min(p["weight"] for p in points if not p.get("detail") and not p.get("bonus")), name


@pytest.fixture(scope="module")
def checklist(shared: Path) -> str:
    """The list of all that the articles hold, where it lies beside the checkout."""
    file = shared / "design" / "sources.md"
    if not file.is_file():
        pytest.skip("there is no list of what the articles hold beside this checkout (`shared/design/sources.md`)")
    return file.read_text("utf-8")


def between(text: str, start: str, end: str) -> str:
    return text[text.index(f"\n## {start}.") : text.index(f"\n## {end}.")]


def test_no_row_of_the_checklist_is_left_out(checklist: str, rows: list[Row]) -> None:
    """Section by section there are as many rows; what is drawn on a screen is one."""
    counts: list[int] = []
    for line in between(checklist, "A", "B").splitlines()[2:]:
        if line.startswith("- "):
            counts[-1] += 1
        elif line.strip():
            counts.append(0)
    counts[-1] += 1  # the last is a sentence and no list
    sections = list(dict.fromkeys(row.section for row in of(rows, "A")))
    assert [len(of(rows, "A", section)) for section in sections] == counts


def test_no_fault_of_the_checklist_is_left_out(checklist: str) -> None:
    """Each number that heads an entry there is held to be at fault here, or to be sound."""
    entries = checklist[checklist.index("\n## C.") :].splitlines()
    article, headed = "", set()
    for line in entries:
        article = line if re.fullmatch(r"S\d", line) else article
        for named in re.findall(r"^- ((?:(?:S\d-)?[A-Z]?\d+[,/ ]*)+)", line):
            headed |= {_number(article, part) for part in re.split(r"[,/ ]+", named) if part}
    assert headed - set(NUMBERS) == set()
    assert headed - set(FAULTS) == {"S0-13", "S2-8"}
    assert set(FAULTS) - headed == set()


def _number(article: str, named: str) -> str:
    return named if named.startswith("S") else f"{article}-{named}"
