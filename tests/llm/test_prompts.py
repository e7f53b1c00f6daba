"""Prompts are checked data: those that come along fit, one's own take their place, and what does not fit is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.errors import BadCorpus, WrongUsage
from bot.llm.prompts import ACTS, prompt_folder, read_prompts

ASK = '+++\nact = "ask"\ninputs = ["wording"]\n+++\n# system\nBe brief.\n# user\n{{wording}}\n'


def put(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_those_that_come_along_are_of_every_act_and_told_apart() -> None:
    prompts = read_prompts()
    assert prompts.keys() == ACTS.keys()
    assert len({prompt.mark for prompt in prompts.values()}) == len(prompts)
    assert all(prompt.system for prompt in prompts.values())


def test_the_readme_names_each_file() -> None:
    named = set(re.findall(r"`([\w-]+\.md)`", (prompt_folder() / "README.md").read_text(encoding="utf-8")))
    assert named == {f"{act}.md" for act in ACTS}


def test_ones_own_takes_the_place_of_one_and_has_another_mark(tmp_path: Path) -> None:
    mine = read_prompts(put(tmp_path, "ask.md", ASK))
    shipped = read_prompts()
    assert mine["ask"].system == "Be brief." and mine["ask"].mark != shipped["ask"].mark
    assert mine["grade"] == shipped["grade"]
    assert mine["ask"].filled(wording="{{wording}} Why?") == ("Be brief.", "{{wording}} Why?")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("asks.md", ASK, "there is no act of that name. Name the file ask, closing"),
        ("ask.md", "Be brief.", "front matter between two lines of +++, then `# system` and `# user`. Write it so."),
        ("ask.md", ASK.replace("# user", "# use"), "then `# system` and `# user`"),
        ("ask.md", ASK.replace('"ask"', '"hint"'), 'is to say act = "ask"'),
        ("ask.md", ASK.replace("act = ", "act "), "its front matter is no TOML"),
        ("ask.md", ASK.replace('["wording"]', "[1]"), 'inputs = ["name", …]'),
        (
            "ask.md",
            ASK.replace('["wording"]', '["wording", "said"]'),
            "`inputs` names said, which the text does not use: take it out, or write {{said}}.",
        ),
        (
            "ask.md",
            ASK.replace("brief.", "{{persona}}."),
            "the text uses {{persona}}, which `inputs` does not name: add it there.",
        ),
        ("ask.md", ASK.replace("wording", "answer"), "this act has no input answer; it has digest, fence"),
        ("ask.md", ASK.replace("wording", "lead"), "the input wording must be used. Put {{wording}} where it belongs."),
        (
            "ask.md",
            ASK.replace('["wording"]', '["wording", "said"]').replace("{{wording}}", "{{wording}} {{said}}"),
            "the input fence must be used",
        ),
        ("persona-neutral.md", ASK.replace('"ask"', '"persona-neutral"'), "then `# system` alone. Write it so."),
        ("ask.md", ASK + "x" * 20_000, "more than 20,000 bytes. Shorten it."),
        ("ask.md", ASK.encode("utf-16").decode("latin-1"), "front matter"),
    ],
)
def test_what_does_not_fit_is_named_with_its_file_and_what_to_do(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    with pytest.raises(BadCorpus) as raised:
        read_prompts(put(tmp_path, name, text))
    assert str(raised.value).startswith(str(tmp_path / name)) and says in str(raised.value)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "ask.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadCorpus, match=r"ask\.md: it is not UTF-8\. Save it as UTF-8\."):
        read_prompts(tmp_path)


def test_a_folder_that_is_not_there_or_holds_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=r"VIVA_PROMPTS names .* no such folder"):
        read_prompts(tmp_path / "nowhere")
    with pytest.raises(WrongUsage, match="no prompt lies there"):
        read_prompts(tmp_path)
