"""Marks over several interviews: by topic, and what help brought."""

from __future__ import annotations

import pytest

from bot.core.progress import by_topic, recovered
from tests.core.test_dialogue import talk
from tests.fakes import MemoryBank, question


async def sat(*lines, **more):
    interview, _ = await talk(*lines, **more)
    return interview.session, interview.book


async def test_topics_come_weakest_first_with_the_mean_and_the_latest():
    bank = MemoryBank.of(question("ant", topics=("cnn",)), question("bee", topics=("cnn", "nlp")))
    first = await sat("alpha beta", "alpha", "nothing", "nothing", bank=bank)
    second = await sat("alpha beta", "alpha beta", bank=bank)
    nlp, cnn = by_topic([first, second])
    assert (nlp.topic, nlp.questions, nlp.latest) == ("nlp", 2, 1.0)
    assert (cnn.topic, cnn.questions, cnn.latest) == ("cnn", 4, 1.0)
    assert nlp.score == pytest.approx(0.75) and cnn.score == pytest.approx(0.875)


async def test_what_was_not_answered_counts_nothing():
    assert by_topic([await sat()]) == []


async def test_a_point_is_recovered_when_help_brings_it():
    alone = await sat("alpha beta")
    followed = await sat("alpha", "beta")
    hinted = await sat("hint:", "alpha beta")
    never = await sat("alpha", "nothing", "nothing")
    assert [recovered(*past) for past in (alone, followed, hinted, never)] == [0, 1, 2, 0]
