"""Nothing that is printed can steer a terminal, wherever the text came from."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.core.reply import Code, Reply, Table, Text
from bot.surfaces.terminal.plain import plain_reply
from bot.surfaces.terminal.rendering import THEME, rendered
from bot.surfaces.text.harmless import encodable, harmless, storable

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
STYLE = re.compile("\x1b\\[[0-9;]*m")
ATTACKS = [
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x9b31m",
    "a\rb",
    "\x08\x08",
    "\x00",
    "\u202egnp.exe",
    "&#27;[31m",
    "&#x0d;x",
    "\x7f",
]
PIECES = st.one_of(st.sampled_from([*ATTACKS, "$", "`", "|", "\n", "* ", "# ", "<b>", "\\"]), st.characters())
NASTY = st.lists(PIECES).map("".join)


def test_control_characters_become_signs() -> None:
    assert harmless("a\x1b[31mb\x00\x7f\x9b") == "a␛[31mb␀␡\ufffd"


def test_words_stay_as_they_are() -> None:
    words = "שלום مرحبا 日本語 👩‍🔬 naïve\tx\ny"
    assert harmless(words) == words


def test_line_ends_become_one_kind() -> None:
    assert harmless("a\r\nb\u2028c\x85d") == "a\nb\nc\nd"


def test_a_lone_carriage_return_overwrites_nothing() -> None:
    assert "\r" not in harmless("true\rfalse")


def test_what_no_encoding_has_is_replaced() -> None:
    assert encodable("a\ud800b\x00").encode() == "a\ufffdb\x00".encode()
    assert storable("a\ud800b\x00").encode() == "a\ufffdb␀".encode()


@given(NASTY)
def test_no_text_gets_a_control_character_past_the_renderings(text: str) -> None:
    reply = Reply("notice", (Text(text), Code(text), Table((text, "b"), ((text, "c"),), text)))
    assert not CONTROL.search(plain_reply(reply))
    assert not CONTROL.search(STYLE.sub("", styled(reply)))


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_within_markdown_are_seen_not_obeyed(attack: str) -> None:
    for markdown in (
        attack,
        f"**{attack}**",
        f"`{attack}`",
        f"| a |\n| --- |\n| {attack} |",
        f"[x]({attack})",
        f"$\\text{{{attack}}}$",
    ):
        reply = Reply("feedback", (Text(markdown),))
        assert not CONTROL.search(plain_reply(reply))
        assert not CONTROL.search(STYLE.sub("", styled(reply)))


def styled(reply: Reply, columns: int = 60) -> str:
    console = Console(width=columns, theme=THEME, force_terminal=True, color_system="standard", highlight=False)
    with console.capture() as captured:
        for part in rendered(reply):
            console.print(part)
    return captured.get()
