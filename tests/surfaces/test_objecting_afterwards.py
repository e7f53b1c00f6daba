"""In a simulation marks are told at the end, and can be objected to then: what is over can be taken up again."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
from pathlib import Path

from bot.core.events import Disputed, Reconsidered
from bot.surfaces.terminal.chat import chat
from bot.surfaces.terminal.jsonl import chat_jsonl
from bot.surfaces.terminal.style import Style
from tests.surfaces.sitting import interview, written

_NUMBERS = itertools.count(1)


def new_id() -> str:
    return f"line {next(_NUMBERS)}"


async def by_program(home: Path, *lines: str, resumed: bool = False, afterwards: bool = False) -> list[str]:
    """What is said to these lines, by kind and text."""
    raw = "".join(json.dumps({"text": line}) + "\n" for line in lines).encode()
    out, sitting = io.StringIO(), interview(home, resumed=resumed)
    stdin = io.TextIOWrapper(io.BytesIO(raw))
    try:
        await chat_jsonl(sitting, resumed=resumed, stdin=stdin, stdout=out, new_id=new_id, afterwards=afterwards)
    finally:
        await sitting.close()
    return [said["text"] for said in map(json.loads, out.getvalue().splitlines()) if said["type"] == "message"]


async def test_a_program_can_object_once_all_is_over(tmp_path: Path) -> None:
    await by_program(tmp_path, "alpha alone", "/end")
    said = await by_program(tmp_path, "hello?", "/dispute I deserve more", resumed=True, afterwards=True)
    assert said[:2] == [said[0], said[0]] and "is over" in said[0]
    assert "as before" in said[2] and len(said) == 3
    assert [type(event) for event in written(tmp_path)][-3:-1] == [Disputed, Reconsidered]


async def test_one_who_comes_back_otherwise_is_not_waited_for(tmp_path: Path) -> None:
    await by_program(tmp_path, "alpha alone", "/end")
    said = await by_program(tmp_path, "/dispute I deserve more", resumed=True)
    assert len(said) == 1 and "is over" in said[0]


def test_in_a_terminal_it_is_said_how(tmp_path: Path) -> None:
    asyncio.run(by_program(tmp_path, "alpha alone", "/end"))

    async def again() -> str:
        out, sitting = io.StringIO(), interview(tmp_path, resumed=True)
        stdin = io.TextIOWrapper(io.BytesIO(b"/dispute I deserve more\n"))
        try:
            await chat(
                sitting, resumed=True, style=Style.of({}, stdin, out, plain=True), stdin=stdin, stdout=out,
                home=tmp_path, environ={}, new_id=new_id, afterwards=True,
            )  # fmt: skip
        finally:
            await sitting.close()
        return out.getvalue()

    said = asyncio.run(again())
    assert "You can still object to a mark" in said and "as before" in said and "The whole report" in said
    assert "To go on" not in said


async def test_what_only_looks_like_an_objection_comes_too_late_and_harms_nothing(tmp_path: Path) -> None:
    await by_program(tmp_path, "alpha alone", "/end")
    for line in ("/object* because it is big", "/dispute* because", "/disputes", "/ dispute it"):
        said = await by_program(tmp_path, line, resumed=True, afterwards=True)
        assert all("is over" in text or "`/dispute WHY`" in text for text in said) and said, line
    said = await by_program(tmp_path, "/dispute I deserve more", resumed=True, afterwards=True)
    assert "as before" in said[-1]
