"""`viva prompts`: the acts with their files, inputs and hashes, and one of them whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.commands.prompting import list_command, show_command
from bot.errors import BadCorpus, WrongUsage
from bot.llm.prompts import ACTS, read_prompts


def test_every_act_is_listed_with_file_inputs_and_hash(capsys: pytest.CaptureFixture[str]) -> None:
    list_command(as_json=True)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["act"] for row in rows] == sorted(ACTS)
    for row in rows:
        assert row["hash"] == read_prompts()[row["act"]].mark and Path(row["file"]).name == f"{row['act']}.md"
        assert set(row["inputs"]) <= ACTS[row["act"]][0]
    list_command(as_json=False)
    shown = capsys.readouterr().out
    assert all(row["hash"] in shown and row["file"] in shown for row in rows) and "viva prompts show ACT" in shown


def test_one_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    show_command("probe", as_json=False)
    shown = capsys.readouterr().out
    assert shown.startswith("# system\n") and "# user\n" in shown and "{{wording}}" in shown
    show_command("persona-grilling", as_json=True)
    row = json.loads(capsys.readouterr().out)
    assert row["user"] == "" and "demanding" in row["system"]


def test_an_act_that_there_is_not_is_named_with_those_there_are() -> None:
    with pytest.raises(WrongUsage, match=r"There is no act 'shout'\. There are ask, closing"):
        show_command("shout", as_json=False)


@pytest.mark.parametrize("wrong", [False, True])
def test_a_folder_of_ones_own_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wrong: bool
) -> None:
    text = '+++\nact = "ask"\ninputs = ["wording"]\n+++\n# system\nBe brief.\n# user\n{{wording}}\n'
    (tmp_path / "ask.md").write_text(text.replace("wording", "nothing" if wrong else "wording"), encoding="utf-8")
    monkeypatch.setenv("VIVA_PROMPTS", str(tmp_path))
    if wrong:
        with pytest.raises(BadCorpus, match=r"ask\.md: this act has no input nothing"):
            list_command(as_json=True)
        return
    show_command("ask", as_json=False)
    assert "Be brief." in capsys.readouterr().out
