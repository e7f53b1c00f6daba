"""Lines of a candidate's own program: those that a question can be asked on, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.own_code import Place, places
from bot.lab.syntax.facts import facts

PROGRAMS = Path(__file__).parents[1] / "lab" / "syntax" / "programs"
OWN_CODE = {"own-code-data", "own-code-layers", "own-code-activation", "own-code-loss", "own-code-optimiser"}


def program(name: str) -> str:
    return (PROGRAMS / f"{name}.py.txt").read_text(encoding="utf-8")


def test_a_whole_program_is_asked_about_line_by_line() -> None:
    source = program("sequential")
    found = places(facts(source), source)
    assert {question: place.code for question, place in found.items()} == {
        "own-code-data": "x_train = x_train.float() / 255",
        "own-code-layers": "nn.Linear(28 * 28, 256), nn.ReLU(),",
        "own-code-activation": "nn.Linear(28 * 28, 256), nn.ReLU(),",
        "own-code-loss": "loss_fn = nn.CrossEntropyLoss()",
        "own-code-optimiser": "optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)",
    }


@pytest.mark.parametrize("name", [path.name.removesuffix(".py.txt") for path in PROGRAMS.glob("*.py.txt")])
def test_every_place_is_the_line_that_it_says(name: str) -> None:
    source = program(name)
    lines = source.splitlines()
    found = places(facts(source), source)
    assert set(found) <= OWN_CODE
    assert all(lines[place.line - 1].strip() == place.code != "" for place in found.values())


def test_what_a_program_does_not_show_is_not_asked_about() -> None:
    assert places(facts("print('hello')"), "print('hello')") == {}
    assert places({}, "") == {}
    found = places(facts(program("module_list")), program("module_list"))
    assert "own-code-optimiser" not in found and "own-code-loss" not in found


def test_facts_of_another_program_lead_to_no_line() -> None:
    assert places({"optimizer_line": 40}, "x = 1") == {}
    assert places({"optimizer_line": 2}, "x = 1\n\n") == {}
    assert places({"optimizer_line": 1}, "  x = 1  ") == {"own-code-optimiser": Place(1, "x = 1")}


def test_the_loss_is_asked_about_where_it_is_made() -> None:
    made = {"losses": [{"line": 3, "made": {"line": 1}}]}
    assert places(made, "a\nb\nc")["own-code-loss"] == Place(1, "a")
    assert places({"losses": [{"line": 3, "made": {}}]}, "a\nb\nc")["own-code-loss"] == Place(3, "c")
