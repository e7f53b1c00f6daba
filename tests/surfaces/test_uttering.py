"""A voice's sentences on the terminal: shown as they come, and once."""

from __future__ import annotations

import io

import pytest

from bot.core.reply import Head, Reply, Spoken, Text
from bot.surfaces.terminal.output import Output
from bot.surfaces.terminal.speaking import Interrupts, PlainSpeaker, Speaker
from bot.surfaces.terminal.styled import StyledSpeaker

LEAD = "Thank you. You said *this*, so let us go on."
QUESTION = Reply("question", (Spoken(LEAD), Head("Question 2 of 3"), Text("What is a kernel?")), "cnn")


def plain(stream: io.StringIO) -> Speaker:
    return PlainSpeaker(Output(stream), Interrupts(active=False), echo=True)


def styled(stream: io.StringIO) -> Speaker:
    environ = {"TERM": "xterm", "COLUMNS": "80"}
    return StyledSpeaker(Output(stream), Interrupts(active=False), environ, colour=False)


@pytest.mark.parametrize("speaker", [plain, styled])
async def test_a_sentence_stands_on_the_screen_before_the_rest_is_known(speaker):
    stream = io.StringIO()
    mouth = speaker(stream)
    await mouth.utter(7, "Thank you.")
    assert "Thank you." in stream.getvalue() and "kernel" not in stream.getvalue()
    await mouth.utter(7, "You said *this*, so let us go on.")
    await mouth.say(7, [QUESTION])
    said = stream.getvalue()
    assert said.count("Thank you.") == said.count("You said *this*, so let us go on.") == 1
    assert said.index("go on.") < said.index("Question 2 of 3") < said.index("What is a kernel?")


@pytest.mark.parametrize("speaker", [plain, styled])
async def test_what_was_not_uttered_is_said_with_the_rest(speaker):
    stream = io.StringIO()
    mouth = speaker(stream)
    await mouth.utter(7, "Thank you.")
    await mouth.say(7, [QUESTION])
    assert stream.getvalue().count("You said *this*, so let us go on.") == 1
    await mouth.say(9, [QUESTION])  # another turn, of which nothing was uttered
    assert stream.getvalue().count("Thank you.") == 2


async def test_uttered_or_not_a_plain_turn_reads_the_same():
    ahead, whole = io.StringIO(), io.StringIO()
    mouth = plain(ahead)
    await mouth.utter(7, "Thank you.")
    await mouth.utter(7, "You said *this*, so let us go on.")
    await mouth.say(7, [QUESTION])
    await plain(whole).say(7, [QUESTION])
    assert ahead.getvalue() == whole.getvalue()
