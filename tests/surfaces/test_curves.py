"""Loss curves as pictures: drawn with characters while they grow, in words for who cannot see them, as a file."""

from __future__ import annotations

import asyncio
import math
from io import StringIO
from pathlib import Path

import pytest

from bot.core.reply import Curves, Reply, Series
from bot.core.training import Curve, Progress
from bot.surfaces.report.picture import CHAT, draw, png_of
from bot.surfaces.scale import top
from bot.surfaces.terminal.curves import LEAST_COLUMNS, drawn
from bot.surfaces.terminal.output import Output
from bot.surfaces.terminal.plain import plain_reply
from bot.surfaces.terminal.speaking import Interrupts, PlainSpeaker
from bot.surfaces.terminal.styled import StyledSpeaker

FALLING = Series("your run", tuple(range(1, 101)), tuple(2.3 * 0.97**n for n in range(100)))
FLAT = Series("changed", tuple(range(1, 101)), (2.3,) * 100)


def dots(line: str) -> int:
    return sum("\u2801" <= character <= "\u28ff" for character in line)


def test_a_falling_curve_goes_from_the_top_left_to_the_bottom_right() -> None:
    lines = drawn([FALLING], 80).splitlines()
    body = [line for line in lines if "|" in line and dots(line)]
    firsts = [min(i for i, c in enumerate(line) if dots(c)) for line in body]
    assert firsts == sorted(firsts) and firsts[0] < firsts[-1]
    assert "(loss)" in lines[0] and "(step)" in "".join(lines) and "your run" in lines[-1]
    assert max(map(len, lines)) <= 80


def test_two_curves_are_told_apart_without_colours() -> None:
    picture = drawn([FLAT, FALLING], 80)
    assert "x" in picture and dots(picture) and "\x1b" not in picture
    assert picture.splitlines()[-1].split() == ["⠤", "changed", "x", "your", "run"]


@pytest.mark.parametrize(
    ("series", "columns"),
    [([], 80), ([Series("one point", (1,), (2.3,))], 80), ([FALLING], LEAST_COLUMNS - 1)],
)
def test_nothing_is_drawn_where_there_is_nothing_or_no_room(series: list[Series], columns: int) -> None:
    assert drawn(series, columns) == ""


def test_what_is_no_number_is_left_out_and_a_wild_loss_does_not_flatten_the_rest() -> None:
    wild = Series("wild", tuple(range(1, 201)), (math.nan, math.inf, 1e30, *FALLING.losses, *FALLING.losses[:97]))
    assert "2.3" in drawn([wild], 80).replace("2.4", "2.3").replace("2.2", "2.3")
    only = Series("only", (1, 2, 3), (math.nan, math.inf, math.nan))
    assert drawn([only], 80) == ""


def test_screen_readers_get_words() -> None:
    reply = Reply("code", (Curves((FALLING,), "The loss began at 2.30 and fell."),))
    assert plain_reply(reply) == "The loss began at 2.30 and fell." == reply.text


async def test_a_growing_curve_is_drawn_in_place_and_taken_back() -> None:
    stream = StringIO()
    speaker = StyledSpeaker(Output(stream), Interrupts(active=False), {"TERM": "xterm", "COLUMNS": "80"}, colour=False)
    speaker.progress("q", Progress("queued", position=2))
    assert "2 before you" in stream.getvalue()
    curve = Curve(FALLING.steps, FALLING.losses)
    speaker.progress("q", Progress("running", seconds=1.0, curve=curve))
    grown = stream.getvalue()
    assert "\x1b[1A\x1b[J" in grown and dots(grown) > 20 and "step 100" in grown
    speaker.progress("q", Progress("running", seconds=1.01, curve=curve))
    assert stream.getvalue() == grown  # no more than a few a second
    await asyncio.sleep(0)
    speaker.note("Done.")
    assert stream.getvalue().count("\x1b[J") == 2 and stream.getvalue().rstrip().endswith("Done.")


def test_plain_output_says_each_stage_once_and_then_now_and_then() -> None:
    stream = StringIO()
    speaker = PlainSpeaker(Output(stream), Interrupts(active=False), echo=False)
    for seconds in range(12):
        speaker.progress("q", Progress("running", seconds=float(seconds), curve=Curve((1, 9), (2.3, 1.0))))
    assert stream.getvalue().count("Running") == 3 and "loss 1.000" in stream.getvalue()
    pipe = StringIO()
    PlainSpeaker(Output(pipe), Interrupts(active=False), echo=True).progress("q", Progress("queued"))
    assert pipe.getvalue() == ""


def test_a_run_is_drawn_into_a_file(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    run = {
        "accuracy": 0.95, "of": 10_000, "data": "MNIST", "status": "measured",
        "curves": [{"steps": [1, 2, 3], "losses": [2.3, None, 1.0]}, {"steps": [1, 3], "losses": [2.3, 2.3]}],
    }  # fmt: skip
    draw(run, "All weights zero", tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    assert data.startswith(b"\x89PNG") and len(data) > 10_000
    draw({**run, "curves": [{"steps": [1, 2], "losses": [None, None]}]}, "Nothing", tmp_path / "b.png")
    assert (tmp_path / "b.png").read_bytes() != data


def test_a_picture_for_a_chat_comes_as_bytes_and_shows_what_went_wrong() -> None:
    pytest.importorskip("matplotlib")
    lost = Series("your run", FALLING.steps, (*FALLING.losses[:50], *[math.nan] * 50))
    wild = Series("your run", FALLING.steps, (*FALLING.losses[:99], 1e9))
    made = [png_of(Curves((one,), ""), "Costs $5 \\frac") for one in (FALLING, lost, wild)]
    assert all(png is not None and size_of(png) == sized(CHAT.size, CHAT.dots) for png in made)
    assert len(set(made)) == 3
    assert png_of(Curves((FALLING, FLAT), "")) not in (None, png_of(Curves((FALLING,), "")))
    assert png_of(Curves((Series("none", (1, 2, 3), (math.nan, math.inf, 1.0)),), "")) is None
    assert png_of(Curves((), "")) is None


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height, as a PNG's first chunk has them."""
    assert png.startswith(b"\x89PNG")
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def sized(inches: tuple[float, float], dots: int) -> tuple[int, int]:
    return round(inches[0] * dots), round(inches[1] * dots)


def test_the_axis_holds_all_losses_but_a_few_wild_ones() -> None:
    assert top([2.0, 1.0]) == pytest.approx(2.1)
    assert top([*FALLING.losses, 5e6, 300.0]) == pytest.approx(1.05 * 2.3)
    assert png_of(Curves((Series("huge", (1, 2, 3), (1.7e308, -1.7e308, 1e300)),), "")) is not None
    assert top([math.nan]) == 1.0 and top([-1.0, -2.0]) > 0
