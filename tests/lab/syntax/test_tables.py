"""Long literals that `predict` looks its answers up in, and long ones that it has nothing to do with."""

from __future__ import annotations

import ast

import pytest

from bot.lab.syntax.glances import glances
from bot.lab.syntax.tables import LONG, looked_up

LITERAL = repr(b"\x01\x02\x03" * LONG)
SEVERAL = ", ".join(f"'{i:06d}': {i % 10}" for i in range(LONG))
USES = "def predict(images):\n    return [TABLE.get(hash(i), 0) for i in images]\n"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (f"def predict(images):\n    table = {LITERAL}\n    return [table[0] for i in images]\n", 2),
        (f"TABLE = {LITERAL}\n{USES}", 1),
        (f"TABLE = {{{SEVERAL}}}\n{USES}", 1),
        (f"import zlib\nB = {LITERAL}\nA = zlib.decompress(B)\nTABLE = dict(zip(A[::4], A[3::4]))\n{USES}", 2),
        (f"B = {LITERAL}\nTABLE = {{}}\nfor i in range(0, len(B), 4):\n    TABLE[B[i:i+3]] = B[i+3]\n{USES}", 1),
        (f"B = {LITERAL}\nTABLE = {{}}\nTABLE.update(zip(B, B))\n{USES}", 1),
        (f"def table():\n    B = {LITERAL}\n    return B\nTABLE = table()\n{USES}", 2),
    ],
)
def test_a_table_is_found_where_it_stands(source: str, line: int) -> None:
    assert list(looked_up(ast.parse(source))) == [line]
    assert {"how": "looked up", "line": line} in glances(ast.parse(source))["made_up"]


@pytest.mark.parametrize(
    "source",
    [
        f"TABLE = {LITERAL}\n",
        f"TEXT = {LITERAL}\nprint(TEXT)\ndef predict(images):\n    return model(images).argmax(1)\n",
        f'def predict(images):\n    """{"Says a lot. " * 400}"""\n    return model(images).argmax(1)\n',
        "TABLE = '" + "a" * LONG + f"'\n{USES}",
    ],
    ids=["no predict", "not used", "docstring", "not long"],
)
def test_other_literals_are_no_tables(source: str) -> None:
    assert list(looked_up(ast.parse(source))) == []
