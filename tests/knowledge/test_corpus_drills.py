"""What is said of a computed question that names a drill, a result or a number that does not exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.corpus_files import read_folder

QUESTION = """
[[question]]
id = "side"
kind = "numeric"
drill = "conv-output"
title = "Side"
ask = "Input {n}, filter {f}, padding {p}, stride {s}, dilation {d}: what is the side?"
reworded = "And with {n}, {f}, {p}, {s}, {d}?"
plain = "Input {n}, filter {f}."
aim = "To find out whether the candidate can reckon."
level = "beginner"
topics = ["cnn"]
reference = '''It is {outcome}, by the rule $\\frac{size}{step} + x_{i}$.'''
hints = ["one", "two", "{padded}"]

[[question.points]]
id = "size"
says = "It is {outcome}."
value_of = "size"
accepts = ["no output"]

[[question.misconceptions]]
id = "no-padding"
believes = "It is {no-padding}."
reply = "{no-padding} leaves the padding out."
points = ["size"]
value_of = "no-padding"

[[question.follow_ups]]
point = "size"
when = "missed"
ask = "What is it?"
"""


def problems(folder: Path, text: str) -> list[str]:
    (folder / "questions").mkdir()
    (folder / "questions" / "a.toml").write_text(text, encoding="utf-8")
    return [str(problem) for problem in read_folder(folder)[1]]


def test_a_computed_question_is_good_and_braces_of_formulas_are_left_alone(tmp_path: Path) -> None:
    assert problems(tmp_path, QUESTION) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'drill = "conv-output"',
            'drill = "conv-ouput"',
            "there is no drill 'conv-ouput'; did you mean `conv-output`?",
        ),
        (
            'value_of = "size"',
            'value_of = "sise"',
            "the drill 'conv-output' has no result 'sise'; did you mean `size`?",
        ),
        ('value_of = "no-padding"', 'value_of = "nopadding"', "has no result 'nopadding'; did you mean `no-padding`?"),
        ('"{padded}"', '"{paded}"', "the drill 'conv-output' does not fill in {paded}; did you mean `padded`?"),
        ('says = "It is {outcome}."', 'says = "It is {outcom}."', "does not fill in {outcom}; did you mean `outcome`?"),
        ('drill = "conv-output"\n', "\n", "`value_of` names a result of a drill, and the question has none"),
    ],
)
def test_a_name_that_no_drill_knows_is_told_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = QUESTION.replace(old, new)
    line = next(i for i, (a, b) in enumerate(zip(QUESTION.split("\n"), text.split("\n"), strict=True), 1) if a != b)
    if not new.strip():
        line = QUESTION[: QUESTION.index("value_of")].count("\n") + 1
    found = problems(tmp_path, text)
    assert says in found[0]
    assert found[0].startswith(f"questions/a.toml:{line}: question 'side': ")
