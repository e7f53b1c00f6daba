"""Strangers' words in Discord: they are seen as they are, and nothing in them acts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.surfaces.discord.escaping import breakable, clusters, escaped, in_code, inline_code, seen, units
from tests.surfaces.discord.reading import read

ATTACKS = [
    "@everyone", "@HERE", "<@123>", "<@!123>", "<@&123>", "<#123>", "</help:1>", "<t:0:R>", "<id:home>",
    "[x](http://evil.example)", "[x](<http://evil.example>)", "[[x]](http://e.vil)", "discord.gg/abc",
    "https://discord.gg/abc", "https://Discord.com/invite/abc", "discordapp.com/invite/abc",
    "||spoiler||", "**b**", "*i*", "__u__", "_i_", "~~s~~", "`c`", "``c``", "```py\nx\n```", "<a:dance:123>", ":smile:",
    "# head", "### head", "-# small", "- item", "* item", "1. item", "12. item", "> quote", ">>> quote",
    "\\", "\\*x\\*", "steam://run/1", "discord://-/users/1",
]  # fmt: skip
SIGNS = st.one_of(st.sampled_from(ATTACKS), st.characters(), st.sampled_from(" \n`*_|:@<>[]()#-"))
NASTY = st.lists(SIGNS, max_size=12)


def flat(text: str) -> str:
    return "".join(seen(text).replace("\u200b", "").split())


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("around", ["{}", "a {} b", "a{}b", "({})", "{}{}", "{} {}", "\u200d{}", "字{}"])
def test_no_attack_acts_and_all_of_it_is_seen(attack: str, around: str) -> None:
    words = around.format(attack, attack)
    for line in words.split("\n"):
        shown = read(escaped(line))
        assert shown.acts("address") == [], escaped(line)
        assert shown.words == flat(line)


@given(NASTY.map("".join))
def test_whatever_is_said_is_seen_and_does_nothing(words: str) -> None:
    line = " ".join(words.split())
    shown = read(escaped(line))
    assert shown.acts("address") == []
    assert shown.words == flat(line)


@given(NASTY.map("".join))
def test_units_are_cut_nowhere_else_than_between_signs(words: str) -> None:
    word = "".join(seen(words).split())
    for unit in units(word):
        assert unit == "\\\\" or not unit.endswith("\\")
        assert read(unit).acts("address") == []


@pytest.mark.parametrize(
    ("word", "markdown"),
    [
        ("https://a.example/b_c", "<https://a.example/b_c>"),
        ("(https://a.example/A_(b)).", "(<https://a.example/A_(b)>)."),
        ("https://a.example/*", "<https://a.example/>\\*"),
        ("x https://a.example.", "x <https://a.example>."),
        ("https://", "https\\://"),
    ],
)
def test_a_bare_address_can_be_followed_and_is_not_unfurled(word: str, markdown: str) -> None:
    assert " ".join("".join(units(one)) for one in word.split()) == markdown


def test_figures_and_signs_of_mathematics_are_left_alone() -> None:
    line = "x = 0.5, -3 < 4 > 2; 100 % of N x 28: a/b, w ← w − η ∂L/∂w (1+1)"
    assert escaped(line) == line.replace("<", "\\<")
    assert escaped("-0.5 is less") == "\\-0.5 is less" and read(escaped("-0.5 is less")).text == "-0.5 is less"


def test_what_nobody_sees_is_gone_and_what_steers_is_a_sign() -> None:
    assert escaped("@every\u200bone \u202eevil \x1b[31m") == "@\u200beveryone \ufffdevil ␛\\[31m"
    assert escaped("👩‍👩‍👧 می\u200cخواهم") == "👩‍👩‍👧 می\u200cخواهم"
    assert in_code("a\u200b = 1") == "a\ufffd = 1"


@pytest.mark.parametrize("source", ["```", "a``` b", "````x\n```\n", "``", "`" * 9, "x = '```'", "```py\n```"])
def test_no_program_closes_its_fence(source: str) -> None:
    shown = read(f"```python\n{in_code(source)}\n```")
    assert [language for language, _ in shown.programs] == ["python"]
    assert shown.words == "".join(source.split()) and shown.acts() == []


@pytest.mark.parametrize("content", ["x", "a`b", "`", "``", "`x`", "a``b", "x\\", "@everyone", " ` "])
def test_code_within_a_line_is_seen_as_it_is(content: str) -> None:
    shown = read(f"so {inline_code(content)} is")
    assert shown.words == "so" + "".join(content.split()) + "is"
    assert [kind for kind, _ in shown.acting] == ["code"]


SEEN_AS_ONE = ["é", "e\u0301", "👍🏽", "👩\u200d👩\u200d👧", "🇩🇪", "🏴\U000e0067\U000e0062\U000e007f", "❤️", "각"]


@pytest.mark.parametrize("sign", SEEN_AS_ONE)
def test_a_sign_stays_in_one_piece(sign: str) -> None:
    assert clusters(f"a{sign}{sign}b") == ["a", sign, sign, "b"]


def test_scripts_without_blanks_can_be_broken_but_not_before_a_stop() -> None:
    assert breakable("損失が下がる。") == ["損", "失", "が", "下", "が", "る。"]
    assert breakable("GPUで学習") == ["GPU", "で", "学", "習"]
    assert breakable("loss_fn(x)") == ("loss_fn(x)",)
