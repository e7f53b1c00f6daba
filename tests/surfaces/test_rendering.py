"""Replies as they look: in colours and tables where there is room, in words where there is none."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from bot.core.reply import Code, Reply, Table, Text
from bot.ports import Stands
from bot.surfaces.terminal.plain import plain_reply
from bot.surfaces.terminal.rendering import THEME, rendered
from bot.surfaces.terminal.status import status_line

SCORES = Table(
    ("No.", "Question", "Score"), (("1", "機械学習と深層学習", "0.75"), ("2", "Is deep learning better?", "")), "All."
)


def shown(reply: Reply, columns: int, colour: bool = False) -> str:
    console = Console(
        width=columns, theme=THEME, force_terminal=True, color_system="standard" if colour else None, highlight=False
    )
    with console.capture() as captured:
        for part in rendered(reply):
            console.print(part)
    return captured.get()


def text(markdown: str) -> Reply:
    return Reply("notice", (Text(markdown),))


def test_a_table_that_fits_is_a_table() -> None:
    lines = shown(Reply("report", (SCORES,)), 70).splitlines()
    assert re.search(r"No\. +Question +Score", lines[0])
    assert {cell_len(line.rstrip()) > 0 for line in lines[:4]} == {True}


@pytest.mark.parametrize("columns", [20, 38, 49])
def test_a_table_in_a_narrow_window_is_a_list(columns: int) -> None:
    found = shown(Reply("report", (SCORES,)), columns)
    assert "機械学習" in found and "Score: 0.75" in found
    assert "Score: \n" not in found, "an empty cell says nothing"
    assert all(cell_len(line) <= columns for line in found.splitlines())


def test_a_table_too_wide_for_a_wide_window_is_a_list() -> None:
    wide = Table(tuple(f"column{n}" for n in range(20)), (tuple("abcdefghijklmnopqrst"),))
    assert "column19: t" in shown(Reply("report", (wide,)), 80)


def test_a_markdown_table_is_treated_alike() -> None:
    reply = text("| name | value |\n| --- | --- |\n| rate | $\\eta$ |")
    assert "name: rate" in shown(reply, 30) and "value: η" in shown(reply, 30)
    assert re.search(r"name +value", shown(reply, 70))


def test_code_is_coloured_only_where_colours_are() -> None:
    reply = Reply("code", (Code("for x in range(3):\n    pass"),))
    assert "\x1b[" in shown(reply, 60, colour=True)
    assert "\x1b[" not in shown(reply, 60)
    assert "for x in range(3):" in shown(reply, 60)


def test_formulas_in_text_lists_and_tables_are_unicode_but_not_in_code() -> None:
    found = shown(text("- $x_i$ is in `$x_i$`\n\n$$\nw\n- \\eta\n$$"), 60)
    assert "xᵢ is in $x_i$" in found and "w − η" in found


def test_an_unsure_formula_and_prices_stay_as_they_are() -> None:
    assert "$\\odd{x}_a_b$ costs $5 or $10" in shown(text("$\\odd{x}_a_b$ costs $5 or $10"), 60)


def test_html_and_addresses_are_not_acted_upon() -> None:
    found = shown(text("<b>x</b> [a book](https://example.org/b)"), 60)
    assert "<b>x</b> a book (https://example.org/b)" in found


def test_headings_stand_left() -> None:
    assert shown(text("# Title\n\ntext"), 60).startswith("Title")


def test_plain_text_has_no_marks_and_names_its_code_and_columns() -> None:
    found = plain_reply(
        Reply(
            "feedback",
            (Text("**met**: *it* says `x`\n\n1. one\n2. two\n   - deep\n\n> said"), Code("a = 1\n"), SCORES),
        )
    )
    assert found == (
        "met: it says x\n\n1. one\n2. two\n   - deep\n\nsaid\n\nCode (python):\na = 1\nEnd of the code.\n\n"
        "All.\n- No. 1; Question: 機械学習と深層学習; Score: 0.75\n- No. 2; Question: Is deep learning better?"
    )


def test_the_status_line_says_where_one_stands_and_fits() -> None:
    stands = Stands("answer", "p", "Perceptron \x1b[31m", "?", 3, 15, 1, 12, True)
    assert status_line(stands, 200) == "question 3 of 15 · 12 min · hints 1 of 3 · Perceptron ␛[31m, follow-up"
    assert status_line(stands, 45) == "question 3 of 15 · 12 min · hints 1 of 3"
    assert status_line(stands, 20) == "3/15 · 12 min · hints 1/3"
    assert status_line(Stands("nothing", minutes=4), 80) == "4 min"
    assert status_line(stands, 45, waited=125) == "question 3 of 15 · 14 min · hints 1 of 3"
    assert status_line(stands, 20, waited=9e9) == "3/15 · 22 min · hints 1/3"
