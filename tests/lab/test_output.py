"""What a program prints: capped, and harmless wherever it is shown."""

from __future__ import annotations

import asyncio

import pytest

from bot.lab.output import Output, harmless


def stream(*pieces: bytes, ends: bool = True) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    for piece in pieces:
        reader.feed_data(piece)
    if ends:
        reader.feed_eof()
    return reader


async def test_both_streams_are_kept() -> None:
    output = Output(100)
    await output.read(stream(b"out\n"), stream(b"err\n"))
    assert output.text() == "out\nerr\n"
    assert not output.over


async def test_more_than_the_cap_is_not_kept_and_not_waited_for() -> None:
    output = Output(1000)
    async with asyncio.timeout(5):
        await output.read(stream(b"x" * 5000, ends=False), stream(ends=False))
    assert output.over
    assert output.text() == "x" * 1000


async def test_exactly_the_cap_is_allowed() -> None:
    output = Output(1000)
    await output.read(stream(b"x" * 500), stream(b"y" * 500))
    assert (len(output.text()), output.over) == (1000, False)


async def test_what_was_printed_before_being_cancelled_is_kept() -> None:
    output = Output(1000)
    reading = asyncio.create_task(output.read(stream(b"first\n", ends=False)))
    await asyncio.sleep(0.01)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert output.text() == "first\n"


async def test_half_a_character_at_the_cap_is_no_error() -> None:
    output = Output(4)
    await output.read(stream("aaaé".encode() * 3))
    assert output.text() == "aaa\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("\x1b[31mred\x1b]0;title\x07", "�[31mred�]0;title�"),
        ("10%\r50%\r100%\nnext\r\n", "100%\nnext\n"),
        ("a\0b\x85c\u2028d\u202ee", "a�b�c�d�e"),
    ],
)
def test_nothing_in_it_can_steer(text: str, shown: str) -> None:
    assert harmless(text) == shown
