"""A mouth that speaks by turns, and words that come in while a turn is worked on: neither loses or repeats anything."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.core import events as e
from bot.core.reply import Reply
from bot.core.speech import recap
from bot.errors import StoreBroken
from tests.core.test_dialogue import kinds, sitting, talk
from tests.core.test_turns import texts
from tests.fakes import Ear, WordGrader


class Turns(Ear):
    """A mouth that keeps what it was told each time."""

    def __init__(self) -> None:
        super().__init__(by_turns=True)
        self.turns: list[tuple[int, list[str]]] = []

    async def say(self, seq: int, replies: Sequence[Reply]) -> None:
        self.turns.append((seq, [reply.kind for reply in replies]))
        await super().say(seq, replies)


class Gate(WordGrader):
    """Judges when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.open = asyncio.Event(), asyncio.Event()

    async def grade(self, question, part, facts=None):
        self.asked.set()
        await self.open.wait()
        return await super().grade(question, part, facts)


async def test_what_a_turn_gives_to_say_comes_at_once_and_in_the_same_words():
    interview, _, _ = sitting()
    mouth = Turns()
    await interview.begin(mouth)
    await interview.hear(mouth, "m0", "alpha beta")
    _, [terminal] = await talk("alpha beta")
    assert [kinds for _, kinds in mouth.turns] == [["opening", "question"], ["feedback", "question"]]
    assert [reply.text for reply in mouth.said[2:]] == [reply.text for reply in terminal]
    assert interview.session.unsaid == ()
    await interview.close()


async def test_what_could_not_be_said_is_said_by_the_next_turn():
    interview, _, _ = sitting()
    mouth = Turns()

    class Gone(Turns):
        async def say(self, seq, replies):
            raise StoreBroken("the line is cut")

    with pytest.raises(StoreBroken):
        await interview.begin(Gone())
    assert [event for _, event in interview.session.unsaid]
    await interview.go_on(mouth)
    assert [kinds for _, kinds in mouth.turns] == [["opening", "question"]]
    assert interview.session.unsaid == ()
    await interview.close()


async def test_words_that_come_while_an_answer_is_judged_are_kept_at_once_and_join_it():
    gate = Gate()
    interview, _, store = sitting(grader=gate)
    mouth = Turns()
    await interview.begin(mouth)
    first = asyncio.create_task(interview.hear(mouth, "m0", "alpha"))
    await gate.asked.wait()
    assert await interview.hear(mouth, "m1", "beta")
    assert [r.event.text for r in store.logs["s"] if isinstance(r.event, e.Heard)] == ["alpha", "beta"]
    assert len(mouth.turns) == 1, "nothing is said to it before the turn is over"
    gate.open.set()
    await first
    assert texts(interview.session, "ant") == ["alpha", "beta"]
    assert mouth.turns[-1][1] == ["feedback", "question"], "judged together, so that nothing is left to follow up"
    await interview.close()


async def test_the_same_message_twice_at_once_counts_once():
    gate = Gate()
    interview, _, _ = sitting(grader=gate)
    mouth = Turns()
    await interview.begin(mouth)
    gate.open.set()
    heard = await asyncio.gather(*(interview.hear(mouth, "m0", "alpha beta") for _ in range(3)))
    assert sorted(heard) == [False, False, True]
    assert texts(interview.session, "ant") == ["alpha beta"]
    await interview.close()


async def test_an_answer_to_a_question_that_was_left_belongs_there():
    interview, _, _ = sitting(mode="simulation")
    mouth = Turns()
    await interview.begin(mouth)
    await interview.hear(mouth, "m0", "alpha beta")
    await interview.hear(mouth, "m1", "gamma", to="ant")
    assert texts(interview.session, "ant") == ["alpha beta", "gamma"]
    assert interview.session.standing == "bee"
    await interview.hear(mouth, "m2", "alpha", to="bee")
    assert texts(interview.session, "bee") == ["alpha"]
    await interview.close()


async def test_an_answer_to_a_question_that_was_skipped_takes_it_up_again():
    interview, _, _ = sitting()
    mouth = Turns()
    await interview.begin(mouth)
    await interview.hear(mouth, "m0", "skip:")
    await interview.hear(mouth, "m1", "alpha", to="ant")
    assert texts(interview.session, "ant") == ["alpha"]
    assert interview.session.standing == "ant"
    await interview.close()


async def test_the_feedback_of_a_turn_is_noted_as_said_only_after_it_was():
    interview, _, store = sitting()
    kinds_before: list[list[str]] = []

    class Looking(Turns):
        async def say(self, seq, replies):
            kinds_before.append([type(r.event).__name__ for r in store.logs["s"] if r.seq >= seq])
            await super().say(seq, replies)

    mouth = Looking()
    await interview.begin(mouth)
    assert all("Said" not in names for names in kinds_before)
    assert kinds(mouth.said) == ["opening", "question"]
    await interview.close()


async def test_a_turn_of_which_nobody_knows_whether_it_was_said_is_said_by_itself():
    """The platform drops a message by its session and seq: that one alone, and nothing that came in since."""
    interview, _, _ = sitting()

    class Lost(Turns):
        async def say(self, seq, replies):
            await super().say(seq, replies)
            raise StoreBroken("the answer to the post was lost")

    lost, mouth = Lost(), Turns()
    with pytest.raises(StoreBroken):
        await interview.begin(lost)
    await interview.hear(mouth, "m0", "alpha")
    assert mouth.turns[0] == lost.turns[0] == (mouth.turns[0][0], ["opening", "question"])
    assert [kinds for _, kinds in mouth.turns[1:]] == [["feedback", "follow_up"]]
    await interview.close()


async def test_the_end_is_said_by_whoever_comes_next_where_it_could_not_be_said():
    interview, _, _ = sitting()

    class Gone(Turns):
        async def say(self, seq, replies):
            raise StoreBroken("the line is cut")

    mouth = Turns()
    await interview.begin(mouth)
    with pytest.raises(StoreBroken):
        await interview.hear(Gone(), "m0", "stop:")
    assert interview.session.ended is not None
    await interview.hear(mouth, "m1", "hello")
    assert [kinds for _, kinds in mouth.turns[1:]] == [["report", "closing"], ["notice"]]
    await interview.close()


@pytest.mark.parametrize("said", ["dont_know:", "hint:", "skip:"])
async def test_what_is_said_to_a_question_that_was_left_changes_nothing_at_the_one_on_the_table(said):
    interview, _, _ = sitting()
    mouth = Turns()
    await interview.begin(mouth)
    await interview.hear(mouth, "m0", "skip:")
    await interview.hear(mouth, "m1", said, to="ant")
    bee = interview.session.askings["bee"]
    assert (bee.status, bee.hints, interview.session.standing) == ("open", 0, "bee")
    await interview.close()


async def test_an_answer_that_was_begun_before_a_follow_up_is_no_reply_to_it():
    interview, _, _ = sitting()
    mouth = Turns()
    await interview.begin(mouth)
    await interview.hear(mouth, "m0", "alpha")
    assert interview.session.askings["ant"].probing is not None
    await interview.hear(mouth, "m1", "beta", to="ant", probes=0)
    last = interview.session.askings["ant"].contributions[-1]
    assert (last.role, last.part.about) == ("answer", None)
    await interview.close()


async def test_words_said_while_the_end_is_prepared_are_read_before_it():
    gate = Gate()
    interview, _, _ = sitting(grader=gate)
    mouth = Turns()
    await interview.begin(mouth)
    first = asyncio.create_task(interview.hear(mouth, "m0", "alpha beta"))
    await gate.asked.wait()
    await interview.hear(mouth, "m1", "stop:")
    await interview.hear(mouth, "m2", "thanks:")
    gate.open.set()
    await first
    assert interview.session.ended is not None and interview.session.unread == ()
    await interview.close()


async def test_what_is_the_candidates_alone_says_so():
    interview, _, _ = sitting()
    mouth = Turns()
    await interview.begin(mouth)
    await interview.hear(mouth, "m0", "alpha")
    await interview.hear(mouth, "m1", "score:")
    await interview.hear(mouth, "m2", "stop:")
    personal = {reply.kind for reply in (*mouth.said, *recap(interview.session, interview.book)) if reply.personal}
    assert personal == {"feedback", "progress", "report"}
    again, _, _ = sitting()
    await again.begin(mouth)
    await again.hear(mouth, "m0", "alpha beta")
    assert [reply.personal for reply in recap(again.session, again.book)] == [True]
    await interview.close()
    await again.close()
