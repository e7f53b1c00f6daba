"""Notebooks as programs: what stays, what is left out and named, and files that mean harm or are none."""

from __future__ import annotations

import ast
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.training import LARGEST_SOURCE
from bot.errors import WrongUsage
from bot.lab.magics import Kept
from bot.lab.notebook import LARGEST_NOTEBOOK, place_in, python_of


def code(source: object, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": [], "source": source, **more}


def notebook(*cells: object, **more: Any) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **more})


def of(*sources: object) -> tuple[str, tuple[str, ...]]:
    return python_of(notebook(*map(code, sources)), "mine.ipynb")


@pytest.mark.parametrize(
    "text", ["import torch\n", "", "{'cells': 1}", '{"cells": [1]}', '{"a": 1}', "%time x", "x = {"]
)
def test_a_program_stays_as_it_is(text: str) -> None:
    assert python_of(text, "mine.py") == (text, ())


def test_the_code_cells_are_one_program_and_each_is_named() -> None:
    text = notebook(
        code(["import torch\n", "x = 1"]),
        {"cell_type": "markdown", "source": "# not code"},
        code(""),
        code("y = 2\r\n"),
    )
    assert python_of(text, "mine.ipynb") == ("# cell 1\nimport torch\nx = 1\n\n# cell 3\ny = 2\n", ())


def test_a_notebook_is_known_by_its_shape_too() -> None:
    assert python_of("\ufeff \n" + notebook(code("x = 1")), "")[0] == "# cell 1\nx = 1\n"


def test_the_third_format_is_read() -> None:
    cells = [{"cell_type": "code", "input": ["x = 1\n", "y = 2"], "language": "python"}]
    text = json.dumps({"nbformat": 3, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]})
    assert python_of(text, "old.ipynb")[0] == "# cell 1\nx = 1\ny = 2\n"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("!pip install torch", "`!pip install torch` was left out: it is for the shell"),
        ("%matplotlib inline", "it is for IPython"),
        ("  %load_ext tensorboard", "it is for IPython"),
        ("files = !ls", "it asks the shell or IPython"),
        ("a, b = %sx ls", "it asks the shell or IPython"),
        ("?torch.nn", "asks IPython for help"),
        ("torch.nn.Linear??", "asks IPython for help"),
    ],
)
def test_lines_for_ipython_are_left_out_and_named_with_their_cell(line: str, why: str) -> None:
    program, notices = of("x = 1", f"y = 2\n{line}\nz = 3")
    assert program.split("\n")[4:7:2] == ["y = 2", "z = 3"], "the lines keep their places"
    (notice,) = notices
    assert notice.startswith("Code cell 2: ") and why in notice
    ast.parse(program.replace("    pass", "pass").replace("  pass", "pass"))


def test_a_block_that_only_called_the_shell_is_still_a_block() -> None:
    program, _ = of("if colab:\n    !pip install \\\n        torch\nx = 1")
    assert [type(node).__name__ for node in ast.parse(program).body] == ["If", "Assign"]


def test_what_only_looks_like_a_magic_stays() -> None:
    kept = 'a = """\n!not shell\n%not magic\n"""\nb = (7\n  % 4)\nc = 7 \\\n% 2\nd = "?"\n# why?\ne = [1, \'(\',\n!= 2]'
    assert of(kept) == (f"# cell 1\n{kept}\n", ())
    tricky = "s = 'it\\'s \"\"\" not'\n%time\nt = r'\\'"
    assert of(tricky)[1] == ("Code cell 1: `%time` was left out: it is for IPython.",)


@pytest.mark.parametrize("magic", ["%%time", "%%capture out\n%%time", "\n  %%timeit -n 3"])
def test_a_cell_magic_around_python_goes_and_the_cell_stays(magic: str) -> None:
    program, notices = of(f"{magic}\ntrain()")
    assert program == "# cell 1\n" + "\n" * (magic.count("\n") + 1) + "train()\n", "the lines keep their places"
    assert notices and all("the cell stays" in notice for notice in notices)


def test_a_line_is_placed_in_its_cell() -> None:
    program, _ = of("x = 1\n!ls\ny = 2", "", "%%time\n\n# cell 1\nz = 3\n# cell 9\n1 / 0", "last = 1")
    lines = program.split("\n")
    placed = {text: place_in(program, number) for number, text in enumerate(lines, 1) if text}
    assert placed["y = 2"] == "cell 1, line 3"
    assert (placed["z = 3"], placed["1 / 0"]) == ("cell 3, line 4", "cell 3, line 6")
    assert placed["last = 1"] == "cell 4, line 1"
    assert place_in("x = 1\ny = 2", 2) == "line 2"


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%writefile model.py", "%%R", "%%!"])
def test_a_cell_of_another_kind_goes_as_a_whole(magic: str) -> None:
    program, notices = of("x = 1", f"{magic}\nrm -rf /")
    assert program == "# cell 1\nx = 1\n"
    assert notices == (f"Code cell 2: left out as a whole: `{magic}` makes it something else.",)


def test_what_time_measures_is_run() -> None:
    program, notices = of("for _ in range(3):\n    %time loss = step()")
    assert "    loss = step()" in program
    assert notices == ("Code cell 1: `%time` was left out before `loss = step()`.",)


def test_many_lines_are_counted_and_odd_ones_cannot_steer() -> None:
    _, notices = of("\n".join(["!echo `\x1b[2J" + "x" * 200, *["!ls"] * 9, "x = 1"]))
    assert len(notices) == 7 and notices[-1] == "So were 4 more lines for IPython or the shell."
    assert "\x1b" not in notices[0] and notices[0].count("`") == 2 and "…`" in notices[0]


def test_output_does_not_count() -> None:
    picture = {"output_type": "display_data", "data": {"image/png": "A" * 2_000_000}}
    text = notebook(code("x = 1", outputs=[picture, None, 7]))
    assert python_of(text, "mine.ipynb") == ("# cell 1\nx = 1\n", ())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no valid JSON object"),
        ("import torch", "no valid JSON object"),
        ("[1]", "no valid JSON object"),
        ('{"cells": "abc"}', "no code cells"),
        ('{"cells": [null, 3, {"cell_type": "code"' + "}", "no valid JSON"),
        (notebook({"cell_type": "markdown", "source": "x"}), "no code cells"),
        (notebook({"cell_type": ["code"], "source": "x"}), "no code cells"),
        (json.dumps({"worksheets": [None, {"cells": 3}]}), "no code cells"),
        (notebook(code(17)), "Code cell 1 of `mine.ipynb` holds no text"),
        (notebook(code("x"), code(["a", None])), "Code cell 2 of `mine.ipynb` holds no text"),
        (notebook(code("x\x00y")), "NUL characters"),
        (notebook(code("!ls"), code("%%bash\nls")), ""),
        (notebook(code("%%bash\nls"), code(" \n")), "hold no Python"),
        (notebook(code("x"), metadata={"kernelspec": {"language": "R"}}), "is written in `R`"),
        (notebook(code("x"), metadata={"language_info": {"name": "julia"}}), "is written in `julia`"),
        ('{"cells":' + "[" * 50_000, "no valid JSON"),
        ('{"cells":' + "[" * 200_000, "too much data"),
        ('{"cells":[' + "0," * 600_000, "too much data"),
        ('{"cells":[' + "1" * 10_000 + "]}", "no valid JSON"),
        (notebook(code("x = 1\n" * 20_000)), "come to 117 KiB; 64 KiB is the most"),
        (notebook(code("x" * (LARGEST_SOURCE * 5))), "come to 320 KiB"),
        ('{"cells": "' + "x" * LARGEST_NOTEBOOK, "larger than 16 MiB"),
    ],
)
def test_what_cannot_be_a_program_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    if not sentence:
        assert python_of(text, "mine.ipynb")[0].strip().split("\n") == ["# cell 1", "# left out: !ls"]
        return
    with pytest.raises(WrongUsage, match=r"\.\Z") as wrong:
        python_of(text, "mine.ipynb")
    assert sentence in str(wrong.value)


@pytest.mark.parametrize("name", ["a\x1b[2J`b`.ipynb", "x" * 400 + ".ipynb"])
def test_odd_names_cannot_steer(name: str) -> None:
    with pytest.raises(WrongUsage) as wrong:
        python_of("", name)
    assert "\x1b" not in str(wrong.value) and len(str(wrong.value)) < 250


LONG = 200_000


@pytest.mark.parametrize("line", [" " * LONG + "x", "a?" + " " * LONG + "x", "'" * LONG, "\\" * LONG, "(" * LONG])
def test_long_lines_cost_no_more_than_their_length(line: str) -> None:
    began = time.process_time()
    with pytest.raises(WrongUsage, match="come to 195 KiB"):
        of(line)
    assert time.process_time() - began < 1.0


KEYS = st.sampled_from(["cells", "worksheets", "cell_type", "source", "metadata"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["code", "%%time\nx", "!ls"]),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
)


@given(JSON)
def test_any_json_is_a_program_or_a_sentence(value: object) -> None:
    try:
        program, notices = python_of(json.dumps(value), "any.ipynb")
    except WrongUsage as wrong:
        assert str(wrong).endswith(".")
    else:
        assert program.startswith("# cell ") and isinstance(notices, Sequence)


@given(
    st.lists(st.sampled_from(["'", '"', '"""', "\\", "(", ")", "%x", "!y", "#", "z = 1", "\n", "\n%", " "])).map(
        "".join
    )
)
def test_every_line_of_python_is_kept(source: str) -> None:
    """Only lines that begin as no statement of Python can are ever changed."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return
    if source.strip():
        assert of(source) == (f"# cell 1\n{source.rstrip()}\n", ())


def test_our_own_programs_hold_no_magic(root: Path) -> None:
    for path in sorted((root / "bot").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert Kept.of(text) == Kept(text), path
