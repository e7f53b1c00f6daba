"""What a voice is given to word, how its words go into what is said, and that nobody waits for it who wants to end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.core import events as e
from bot.core.phrasing import Line, Phrase
from bot.interview import Interview
from tests.core.test_dialogue import Mode, sitting
from tests.fakes import Ear, MemoryBank, MemoryStore, WordGrader, question


@dataclass
class Parrot:
    """Words every line by naming its act, in two sentences, and puts what is to be put after a mark of its own."""

    name: str = "parrot"
    lines: list[Line] = field(default_factory=list)
    hangs: bool = False
    hanging: asyncio.Event = field(default_factory=asyncio.Event)

    async def word(self, line: Line, uttered: Callable[[str], Awaitable[None]]) -> Phrase:
        self.lines.append(line)
        if self.hangs:
            await uttered("And now")
            self.hanging.set()
            await asyncio.Event().wait()
        sentences = [f"Here is the {line.act}.", "Listen."]
        for sentence in sentences:
            await uttered(sentence)
        return Phrase(" ".join(sentences), f"Say so: {line.wording}" if line.wording else "")


def voiced(voice: Parrot, mode: Mode = "practice", **more: Any) -> tuple[Interview, Ear, MemoryStore]:
    interview, ear, store = sitting(mode, **more)
    interview._doors = replace(interview._doors, voice=voice)
    return interview, ear, store


async def test_questions_follow_ups_hints_marks_and_farewell_are_worded():
    voice = Parrot()
    interview, ear, _ = voiced(voice, bank=MemoryBank.of(question("ant"), question("bee")))
    await interview.begin(ear)
    for number, said in enumerate(["hint:", "alpha", "beta", "alpha beta"]):
        await interview.hear(ear, f"m{number}", said)
    assert interview.session.ended is not None
    assert {line.act for line in voice.lines} == {"ask", "hint", "probe", "feedback", "closing"}
    kinds = {reply.kind: reply.text for reply in ear.said}
    first = next(reply.text for reply in ear.said if reply.kind == "question")
    assert first.startswith("Here is the ask. Listen.") and "Say so: What is the" in first
    assert "Say so: A nudge." in kinds["hint"] and "three quarters" in kinds["hint"]
    assert "Say so: And what of" in kinds["follow_up"]
    assert kinds["closing"].startswith("Here is the closing.") and "Best of luck" in kinds["closing"]
    assert ear.uttered.count("Here is the ask.") == 2
    assert [reply.kind for reply in ear.said[-2:]] == ["report", "closing"]
    await interview.close()


async def test_without_a_voice_nothing_is_said_otherwise():
    interview, ear, store = sitting("practice")
    await interview.begin(ear)
    await interview.hear(ear, "a", "alpha beta")
    assert not ear.uttered
    assert not any(isinstance(r.event, e.Phrased) for log in store.logs.values() for r in log)
    await interview.close()


async def test_a_voice_is_told_nothing_that_was_not_shown_yet():
    voice = Parrot()
    interview, ear, _ = voiced(voice, "simulation")
    await interview.begin(ear)
    await interview.hear(ear, "a", "something else")
    references = [one.reference for one in interview.book.values()]
    for line in voice.lines:
        told = "\n".join([line.lead, line.wording, line.frame, line.said, *line.marks, *line.digest])
        assert not any(reference in told for reference in references)
        assert not line.marks and not any(char.isdigit() for char in "".join(line.digest))
    await interview.close()


async def test_what_is_on_the_table_is_repeated_as_it_was_put():
    interview, ear, _ = voiced(Parrot())
    await interview.begin(ear)
    ear.take()
    await interview.hear(ear, "a", "repeat:")
    assert "Say so: What is the ant?" in ear.take()[-1].text
    await interview.hear(ear, "b", "alpha")
    await interview.hear(ear, "c", "repeat:")
    assert "Say so: And what of" in ear.take()[-1].text
    await interview.close()


async def test_what_was_worded_before_a_death_is_said_in_the_same_words_after_it():
    first = Parrot()
    interview, ear, store = voiced(first)
    await interview.begin(ear)
    log = store.logs[interview.session_id]
    asked = next(record for record in log if isinstance(record.event, e.Asked))
    store.logs[interview.session_id] = [r for r in log if r.event != e.Said(asked.seq)]
    cut = next(at for at, r in enumerate(store.logs[interview.session_id]) if isinstance(r.event, e.Phrased))
    store.logs[interview.session_id] = store.logs[interview.session_id][: cut + 1]
    await interview.close()
    second = Parrot()
    again, ear, _ = voiced(second, store=store)
    await again.resume(ear)
    assert any(reply.text.startswith("Here is the ask. Listen.") for reply in ear.said)
    assert not second.lines
    await again.close()


@pytest.mark.parametrize("mode", ["practice", "simulation"])
async def test_who_wants_to_end_does_not_wait_for_a_voice_that_hangs(mode):
    voice = Parrot()
    interview, ear, store = voiced(voice, mode)
    await interview.begin(ear)
    voice.hangs = True
    turn = asyncio.create_task(interview.hear(ear, "a", "alpha"))
    await voice.hanging.wait()
    await interview.hear(ear, "b", "stop:")
    await asyncio.wait_for(turn, 30)
    assert interview.session.ended is not None
    assert ear.said[-1].kind == "closing"
    cut = [record.event for record in store.logs["s"] if isinstance(record.event, e.Phrased)][-1]
    assert cut.lead == "And now"  # what was uttered is kept
    assert cut.made == e.Made("parrot") and interview.session.spent.uncounted == 1  # and what was begun is counted
    await interview.close()


class HangingGrader(WordGrader):
    """Comes back with a verdict once it is let."""

    name = "openai:a (grade 1)"

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.let = asyncio.Event()

    async def grade(self, question, part, facts=None):
        self.asked.set()
        await self.let.wait()
        return await super().grade(question, part, facts)


async def test_who_wants_to_end_does_not_wait_for_a_verdict_and_the_answer_can_be_judged_later():
    grader = HangingGrader()
    interview, ear, store = sitting("simulation", grader=grader)
    interview._doors = replace(interview._doors, grader_is_remote=True)
    await interview.begin(ear)
    turn = asyncio.create_task(interview.hear(ear, "a", "alpha beta"))
    await grader.asked.wait()
    await interview.hear(ear, "b", "stop:")
    await asyncio.wait_for(turn, 30)
    assert [r.data["not_graded"] for r in ear.said if r.kind == "report"] == [1]
    assert interview.session.spent.uncounted == 1, "the call that was begun"
    (verdict,) = [r.event for r in store.logs["s"] if isinstance(r.event, e.Graded)]
    assert verdict.made == e.Made("openai:a") and "You ended" not in (verdict.why_not or "")
    await interview.close()
    again, ear, _ = sitting("simulation", store=store)
    await again.resume(ear)
    assert [r.data["score"] for r in ear.said if r.kind == "report"] == [1.0]
    await again.close()


async def test_a_message_that_comes_twice_ends_no_patience():
    grader = HangingGrader()
    interview, ear, _ = sitting("simulation", grader=grader)
    await interview.begin(ear)
    await interview.hear(ear, "a", "wait:")
    turn = asyncio.create_task(interview.hear(ear, "b", "alpha beta"))
    await grader.asked.wait()
    assert not await interview.keep("a", "stop:"), "it was heard before"
    for _ in range(50):  # a turn that gave up would be over by then
        await asyncio.sleep(0)
    grader.let.set()
    await asyncio.wait_for(turn, 30)
    assert interview.session.askings["ant"].contributions[0].part.verdict.judged
    await interview.close()


@dataclass
class Turn(Ear):
    """A mouth that speaks by turns, and notes what it was given to say under which number."""

    once: bool = False
    by_turns: bool = True
    turns: list[tuple[int, list[str]]] = field(default_factory=list)

    async def say(self, seq: int, replies: Any) -> None:
        self.turns.append((seq, [reply.kind for reply in replies]))
        await super().say(seq, replies)


@pytest.mark.parametrize("mouth", [Ear, Turn])
async def test_no_voice_gets_a_word_before_the_candidate_is_told_of_it(mouth):
    """One that was set while the interview went on."""
    interview, ear, _ = sitting("practice")
    await interview.begin(ear)
    await interview.hear(ear, "a", "alpha")
    await interview.close()

    class Listening(Parrot):
        async def word(self, line, uttered):
            assert "Who words." in [reply.text for reply in ear.said]
            return await super().word(line, uttered)

    voice, ear = Listening(), mouth()
    again = Interview("s", replace(interview._doors, voice=voice, notice="Who words."))
    await again.take_up()
    await again.hear(ear, "b", "hint:")
    assert [line.act for line in voice.lines] == ["hint"] and again.session.told == "Who words."
    assert [reply.kind for reply in ear.said] == ["notice", "hint"]
    await again.hear(ear, "c", "hint:")
    assert [reply.text for reply in ear.said].count("Who words.") == 1
    await again.close()


async def test_a_notice_that_was_not_said_is_said_by_the_next_process():
    """It was written down, and the process died."""
    interview, ear, store = sitting("practice")
    await interview.begin(ear)
    await interview.close()
    await store.append("s", len(store.logs["s"]), [("told", e.CameBack("Who words.", aloud=True))])
    again, mouth = Interview("s", replace(interview._doors, notice="Who words.")), Turn()
    await again.take_up()
    await again.go_on(mouth)
    assert [reply.text for reply in mouth.said] == ["Who words."]
    await again.go_on(mouth)
    assert len(mouth.turns) == 1
    await again.close()
