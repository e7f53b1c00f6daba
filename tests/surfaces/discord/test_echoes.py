"""Words of people shown back to them, the question in a modal, titles, and how a run stands."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.training import Curve, Progress
from bot.surfaces.discord.echoes import button_title, echoed, echoed_code, modal_question, shortened
from bot.surfaces.discord.limits import MODAL_TITLE, length
from bot.surfaces.discord.progress import BARS, progress_text, sparkline
from tests.surfaces.discord.reading import read
from tests.surfaces.discord.test_escaping import NASTY, flat

LIMITS = st.integers(20, 300)


@given(NASTY.map("".join))
def test_an_answer_is_shown_back_as_it_was_and_nothing_in_it_acts(words: str) -> None:
    shown = read(echoed(words, 100_000))
    assert shown.acts("quote", "address") == []
    assert shown.words == flat(words)


@given(
    st.one_of(
        NASTY.map("".join), st.just("word " * 500), st.just("👩\u200d👩\u200d👧" * 200), st.just("\n" * 500 + "x" * 999)
    ),
    LIMITS,
)
def test_a_long_answer_is_cut_and_says_so(words: str, limit: int) -> None:
    shown = echoed(words, limit)
    assert length(shown) <= limit
    assert read(shown).words in (flat(words), flat(shown)[1:]) or shown.endswith("…")
    assert shown == echoed(words, 100_000) or shown.endswith("…")


def test_lines_and_paragraphs_of_an_answer_stay() -> None:
    assert echoed("First.\nSecond: *x*\n\n\n- third") == "> First.\n> Second: \\*x\\*\n> \n> \\- third"
    assert echoed(" \n\u200b") == ""


@given(st.one_of(NASTY.map("".join), st.just("x = 1\n" * 500), st.just("`" * 1000)), LIMITS)
def test_a_program_shown_back_stays_in_its_fence(source: str, limit: int) -> None:
    shown = echoed_code(source, limit=limit)
    assert length(shown) <= limit
    assert read(shown).acts() == [] and len(read(shown).programs) == bool(shown.strip("…"))


def test_a_cut_program_ends_with_a_line() -> None:
    assert echoed_code("x = 1\n" * 100, limit=50) == "```python\nx = 1\nx = 1\nx = 1\nx = 1\nx = 1\n```\n…"


def test_a_modal_repeats_the_question_or_its_beginning() -> None:
    question = "**Question 1.** Why? " + "It is so. " * 50 + "\n\n```python\nx = 1\n```"
    assert modal_question(question).endswith("It is so.\n```python\nx = 1\n```")
    short = modal_question(question, 120)
    assert short.startswith("**Question 1.** Why? It") and short.endswith("It is so. …") and length(short) <= 120


@given(NASTY.map("".join), st.integers(2, 60))
def test_shortened_words_fit_and_are_a_beginning(words: str, limit: int) -> None:
    short = shortened(words, limit)
    assert length(short) <= limit
    assert short.endswith("…") or flat(short) == flat(words)
    assert flat(words).startswith(flat(short).removesuffix("…"))


@pytest.mark.parametrize(
    ("markdown", "title"),
    [
        ("**Question 3 of 5.** What is `softmax`?", "Question 3 of 5. What is softmax?"),
        (
            "Why does $\\eta$ matter when the loss is noisy and the batch small?",
            "Why does η matter when the loss is noisy and…",
        ),
        ("x" * 60, "x" * 44 + "…"),
        ("👍🏽" * 30, "👍🏽" * 11 + "…"),
        ("", ""),
    ],
)
def test_a_title_has_no_markdown_and_fits(markdown: str, title: str) -> None:
    assert button_title(markdown) == title
    assert length(title) <= MODAL_TITLE


def test_how_a_run_stands() -> None:
    assert progress_text(Progress("queued", 2, 30.0)) == "Waiting for a place: 2 before you, about 30 s."
    assert progress_text(Progress("starting")) == "The sandbox is being made ready."
    falling = Curve(tuple(range(1, 9)), (8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0))
    assert progress_text(Progress("running", seconds=12.4, curve=falling)) == (
        "Running: 12 s, step 8, loss 1.000.\n`█▇▆▅▄▃▃▂` loss so far"
    )
    assert "\n" not in progress_text(Progress("running", seconds=1.0, curve=Curve((1,), (2.3,))))


def test_bars_hold_a_whole_curve_with_what_is_wrong_in_it() -> None:
    falling = [2.3 * 0.99**step for step in range(400)]
    assert len(sparkline(falling)) == BARS and sparkline(falling)[0] == "▇" and sparkline(falling)[-1] == "▁"
    lost = [*falling[:200], *[math.nan] * 100, math.inf, *falling[301:]]
    assert sparkline(lost).count("×") == 6
    wild = [*falling[:399], 1e308]
    assert sparkline(wild)[:-1] == sparkline(falling)[:-1]
    assert sparkline([math.nan, math.inf]) == "××" and sparkline([1.0]) == "" and sparkline([0.0, 0.0]) == "▁▁"


@given(st.lists(st.floats(), max_size=200))
def test_any_losses_make_bars(losses: list[float]) -> None:
    bars = sparkline(losses)
    assert len(bars) == (min(len(losses), BARS) if len(losses) > 1 else 0)
