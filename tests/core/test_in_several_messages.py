"""An answer in several messages: all of it is kept as it comes, may be changed until it is read, and is one answer."""

from __future__ import annotations

import asyncio

import pytest

from bot.core import events as e
from bot.core.folding import fold
from bot.core.marking import Verdict
from tests.core.test_dialogue import kinds, sitting
from tests.core.test_turns import texts
from tests.fakes import MemoryStore, WordGrader


class Picky(WordGrader):
    """Can make nothing of `hm`."""

    async def grade(self, question, part, facts=None):
        if part.text == "hm":
            return Verdict(self.name, why_not="there is nothing in it.")
        return await super().grade(question, part, facts)


class SlowStore(MemoryStore):
    """Lets others go on before it writes, as a disk does."""

    async def append(self, session, after, events, rubrics=None):
        for _ in range(3):
            await asyncio.sleep(0)
        return await super().append(session, after, events, rubrics)


async def begun(**more):
    """An interview whose first question is on the table."""
    interview, ear, store = sitting(**more)
    await interview.begin(ear)
    ear.take()
    return interview, ear, store


async def test_words_can_be_changed_until_they_are_read_and_keep_their_place():
    interview, ear, store = await begun()
    for cause, text in (("m0", "first"), ("m1", "beta")):
        await interview.keep(cause, text, to="ant", probes=0)
    assert await interview.change("m0", "m0:1", "alfa")
    assert await interview.change("m0", "m0:2", "alpha"), "and changed once more"
    assert await interview.change("m0", "m0:2", "alpha"), "the same again is told twice"
    assert not await interview.change("m7", "m7:1", "never heard")
    await interview.go_on(ear)
    assert texts(interview.session, "ant") == ["alpha", "beta"]
    assert not await interview.change("m0", "m0:3", "too late")
    heard = [r.event for r in store.logs["s"] if isinstance(r.event, e.Heard)]
    assert [(one.text, one.to) for one in heard] == [(t, "ant") for t in ("first", "beta", "alfa", "alpha")], "all kept"
    assert fold(store.logs["s"]) == interview.session
    await interview.close()


async def test_a_change_that_crosses_with_the_reading_counts_or_is_refused_and_never_both():
    for late in range(12):
        interview, ear, _ = await begun(store=SlowStore())
        await interview.keep("m0", "alfa")

        async def changed(interview=interview, late=late):
            for _ in range(late):
                await asyncio.sleep(0)
            return await interview.change("m0", "m0:1", "alpha beta")

        in_time, _ = await asyncio.gather(changed(), interview.go_on(ear))
        assert texts(interview.session, "ant") == (["alpha beta"] if in_time else ["alfa"])
        await interview.close()


async def test_a_reply_in_two_messages_is_a_reply_as_a_whole():
    interview, ear, _ = await begun()
    await interview.hear(ear, "m0", "alpha")
    for cause in ("m1", "m2"):
        await interview.keep(cause, "half beta")
    await interview.go_on(ear)
    said = interview.session.askings["ant"].contributions
    assert [(one.role, one.part.about) for one in said] == [("answer", None), ("reply", "beta"), ("reply", "beta")]
    await interview.close()


@pytest.mark.parametrize("messages", [("alpha beta", "hm"), ("hm", "alpha beta")])
async def test_of_several_messages_one_that_says_something_is_enough(messages):
    interview, ear, _ = await begun(grader=Picky())
    for n, text in enumerate(messages):
        await interview.keep(f"m{n}", text)
    await interview.go_on(ear)
    assert kinds(ear.take()) == ["feedback", "question"], "nobody is asked to say it again"
    await interview.close()


async def test_where_nothing_can_be_made_of_any_it_is_asked_for_once_more():
    interview, ear, _ = await begun(grader=Picky())
    for n in range(2):
        await interview.keep(f"m{n}", "hm")
    await interview.go_on(ear)
    assert [f.when for f in interview.session.askings["ant"].follow_ups] == ["again"]
    await interview.close()


@pytest.mark.parametrize(
    ("text", "asks"), [("alpha", False), ("hint:", True), ("repeat:", True), ("dont_know:", False), ("wait:", False)]
)
async def test_a_request_is_known_from_what_may_be_added_to(text, asks):
    interview, _, _ = await begun()
    assert interview.asks(text) is asks
    await interview.close()
