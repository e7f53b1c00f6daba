"""`viva eval interviewer`: every measure finds what it is there to find, and the offline interviewer holds its bars."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.app.house import House
from bot.commands.evaluating import CHECKOUT, eval_command
from bot.commands.simulated import faults, telling
from bot.commands.simulated.candidates import Candidate, Line, Put
from bot.commands.simulated.command import opened, sat_by
from bot.commands.simulated.kinds import Contradiction, Kind, read_cast
from bot.commands.simulated.measuring import Figures, measured
from bot.commands.simulated.sitting import Sat, Turn, sit
from bot.commands.simulated.table import COLUMNS, table
from bot.commands.simulated.wish import Wish
from bot.core import events as e
from bot.core.asking import Asking
from bot.core.dialogue import Act
from bot.core.marking import Grade, Mark, Part, Verdict
from bot.core.phrasing import Line as Worded
from bot.core.phrasing import Phrase
from bot.core.question import FollowUp, Question
from bot.core.reply import Reference, Reply, Text
from bot.core.session import Session
from bot.errors import WrongUsage
from bot.interview import Interview
from bot.ports import Doors
from bot.settings import Settings
from tests.fakes import (
    MemoryBank,
    MemoryRetriever,
    MemoryStore,
    NoCodeReader,
    WordGrader,
    WordInterviewer,
    question,
)

CAST = read_cast(CHECKOUT / "evals")
SECRET = "The ant follows a trail of scent that the ants before it have laid."
PAIR = Contradiction("claim optimiser adam", "claim optimiser sgd")


class Script:
    """A candidate who says these lines, one after another, and then nothing but that they do not know."""

    def __init__(self, *lines: Line) -> None:
        self._lines = list(lines)

    def next(self, put: Put) -> Line:
        return self._lines.pop(0) if self._lines else Line("dont_know:", "dont_know")


class Probing(WordInterviewer):
    """Always asks this, about this point."""

    def __init__(self, ask: str, point: str = "beta", when: Any = "missed") -> None:
        self._follow_up = FollowUp(point, when, ask)

    def probe(self, asking: Asking, question: Question, grade: Grade) -> FollowUp | None:
        return self._follow_up


class Deaf(WordInterviewer):
    """Reads whatever is said as this."""

    def __init__(self, act: Act) -> None:
        self._act = act

    def read(self, session: Session, text: str, code: str | None) -> Act:
        return self._act


class Forgetful(WordInterviewer):
    """Remembers nothing of what was claimed."""

    def claims(self, text: str) -> tuple[e.Claim, ...]:
        return ()


class Suspicious(WordInterviewer):
    """Holds two harmless sentences against each other."""

    def claims(self, text: str) -> tuple[e.Claim, ...]:
        return (e.Claim("work", text, text),)


class Bribable(WordGrader):
    """Gives everything to who asks for it."""

    async def grade(self, question: Question, part: Part, facts: Any = None) -> Verdict:
        if "please" in part.text:
            return Verdict(self.name, tuple(Mark(p.id, 1.0, 1.0, "met", "please") for p in question.points))
        return await super().grade(question, part, facts)


@dataclass
class Chatty:
    """A voice that says this with every mark, and puts follow-ups and hints in these words."""

    lead: str = ""
    wording: str = ""
    name: str = "chatty"

    async def word(self, line: Worded, uttered: Callable[[str], Awaitable[None]]) -> Phrase:
        asks = line.act in ("probe", "hint")
        return Phrase(self.lead if line.act == "feedback" else "", self.wording if asks else "")


async def sat(*lines: Line, interviewer: WordInterviewer | None = None, **more: Any) -> Sat:
    """An interview over two questions, whose points are met by saying `alpha` and `beta`."""
    asks = (FollowUp("alpha", "missed", "And what of alpha?"), FollowUp("beta", "missed", "And what of beta?"))
    bank, store = MemoryBank.of(question("ant", reference=SECRET, follow_ups=asks), question("bee")), MemoryStore()
    store.logs["s"] = []
    grader, reader = more.get("grader") or WordGrader(), NoCodeReader()
    doors = Doors(store, bank, interviewer or WordInterviewer(), grader, MemoryRetriever(), reader, "here")
    doors = replace(doors, voice=more.get("voice"))
    started = e.Started("test", "practice", 0, tuple(bank.held), "a test", 10)
    interview = Interview("s", doors, [started], bank.flow("test"))
    try:
        return await sit(interview, store, Script(*lines))
    finally:
        await interview.close()


async def figures(*lines: Line, pairs: Sequence[Contradiction] = (), **more: Any) -> Figures:
    found = await sat(*lines, **more)
    return await measured("script", found, pairs, more.get("grader") or WordGrader())


def said_besides(found: Sat, number: int, text: str) -> Sat:
    """The sitting as if the interviewer had said this, too, at that turn."""
    turn = found.turns[number]
    asked = turn.put.question if turn.put else None
    more: Turn = replace(turn, said=(*turn.said, Reply("notice", (Text(text),), asked)))
    return replace(found, turns=(*found.turns[:number], more, *found.turns[number + 1 :]))


def why(found: Figures, measure: str) -> list[str]:
    return [fault.why for fault in found.faults if fault.measure == measure]


async def test_a_good_interviewer_does_nothing_wrong() -> None:
    lines = [
        Line("repeat:", "repeat"),
        Line("empty:", "silence"),
        Line("hint:", "hint"),
        Line("alpha", "answer"),
        Line("beta", "answer"),
        Line("skip:", "skip"),
    ]
    found = await figures(*lines)
    assert (found.faults, found.right, found.turns, found.questions) == ((), 7, 7, 2)
    assert (found.follow_ups, found.on_point, found.score) == (1, 1, 0.375)


@pytest.mark.parametrize(
    ("line", "act", "told"),
    [
        (Line("", "silence"), Act("answer", "nothing"), "silence: judged, and it is no answer"),
        (Line("alpha beta", "answer"), Act("off_topic"), "answer: not judged"),
        (Line("hint:", "hint"), Act("repeat"), "hint: no hint was said, but repeat"),
        (Line("wait:", "wait"), Act("skip"), "wait: the question was left"),
        (Line("no idea", "dont_know"), Act("wait"), "dont_know: the question stays"),
        (Line("please", "plea"), Act("hint"), "plea: no notice was said, but hint"),
    ],
)
async def test_what_is_not_what_was_owed_is_found(line: Line, act: Act, told: str) -> None:
    found = await sat(line, interviewer=Deaf(act))
    assert next(faults.broken_duties(found)).why == told


async def test_a_question_is_put_aside_in_order_after_four_insults_and_not_before() -> None:
    patient = await figures(*[Line("rude:", "rude")] * 4)
    assert why(patient, "duty") == []
    hasty = await figures(Line("a", "rude"), interviewer=Deaf(Act("skip")))
    assert "rude: the question was left" in why(hasty, "duty")


async def test_an_interview_that_does_not_end_was_led_wrong() -> None:
    found = await figures(interviewer=Deaf(Act("wait")))
    assert "the interview did not come to an end" in why(found, "duty")


async def test_an_answer_that_is_given_away_is_found() -> None:
    honest = await sat(Line("alpha", "answer"))
    assert list(telling.reveals(honest)) == []
    hinting = await sat(Line("alpha", "answer"), interviewer=Probing("Is it a trail of scent that the ants laid?"))
    assert [fault.turn for fault in telling.reveals(hinting)] == [1]


async def test_what_the_candidate_said_themselves_and_what_is_settled_is_no_secret() -> None:
    asks_back = Probing("You mean that the ant follows a trail of scent?")
    own_words = await sat(Line(f"alpha, and {SECRET.lower()}", "answer"), interviewer=asks_back)
    assert list(telling.reveals(own_words)) == []
    settled = await sat(Line("alpha beta", "answer"))
    assert any("All about" in r.text or "trail of scent" in r.text for turn in settled.turns for r in turn.said)
    assert list(telling.reveals(settled)) == []


async def test_a_point_told_in_another_order_is_found() -> None:
    found = await sat(Line("hmm", "answer"), Line("hmm", "answer"))
    point = replace(found.question("ant").points[1], says="Workers leave chemical markers behind while walking home.")
    asked = replace(found.question("ant"), points=(found.question("ant").points[0], point))
    found = replace(found, book={found.session.askings["ant"].rubric: asked, **dict(list(found.book.items())[1:])})
    assert list(telling.reveals(found)) == []
    told = said_besides(found, 1, "Walking home, is it chemical markers that workers leave behind?")
    assert [fault.why for fault in telling.reveals(told)] == ["tells the point beta"]


async def test_the_same_words_three_times_in_a_row_are_a_loop() -> None:
    found = await sat(*[Line("a", "wait"), Line("b", "wait"), Line("c", "wait")])
    assert list(faults.loops(found)) == []
    turns = [replace(turn, said=(Reply("notice", (Text("As I said."),)),)) for turn in found.turns]
    assert [fault.turn for fault in faults.loops(replace(found, turns=tuple(turns)))][:1] == [2]


async def test_a_question_that_was_put_before_is_found() -> None:
    once = await sat(Line("alpha", "answer"), Line("alpha", "answer"))
    assert list(faults.repeated_questions(once)) == []
    twice = await sat(Line("alpha", "answer"), Line("alpha", "answer"), interviewer=Probing("And beta?"))
    assert [(fault.turn, fault.said) for fault in faults.repeated_questions(twice)] == [(2, "ant: and beta")]
    again = replace(once, turns=(once.turns[0], once.turns[0]))
    assert [fault.turn for fault in faults.repeated_questions(again)] == [1]


@pytest.mark.parametrize(
    ("interviewer", "told"),
    [
        (Probing("And what of beta?"), None),
        (Probing("And what of alpha?", point="alpha"), "asks about alpha as missed, which is met"),
        (Probing("And what of beta?", when="wrong"), "asks about beta as wrong, which is missing"),
        (Probing("You said: “the moon is cheese”. Why of beta?"), "quotes what was never said: “the moon is cheese”"),
        (Probing("Which colour do you like?"), "names nothing of beta or of what was said"),
    ],
)
async def test_a_follow_up_is_about_what_was_said_or_missed(interviewer: WordInterviewer, told: str | None) -> None:
    found = await sat(Line("alpha", "answer"), interviewer=interviewer)
    _, _, wrong = next(telling.follow_ups(found))
    assert wrong == told


async def test_praise_is_invented_where_nothing_was_good() -> None:
    poor, good = await sat(Line("nothing", "answer")), await sat(Line("alpha beta", "answer"))
    assert list(faults.invented_praise(poor)) == []
    praised = list(faults.invented_praise(said_besides(poor, 1, "Great answer, well done!")))
    assert [fault.why for fault in praised] == ["“Great” at a score of 0.00"]
    assert list(faults.invented_praise(said_besides(good, 1, "Great answer, well done!"))) == []
    assert list(faults.invented_praise(said_besides(poor, 1, "You wrote “great and excellent”. Thank you."))) == []


async def test_a_voice_is_held_to_the_same() -> None:
    lines = [Line("hint:", "hint"), Line("alpha", "answer"), Line("nothing", "answer"), Line("nothing", "answer")]
    assert (
        await figures(*lines, voice=Chatty("You have made one point.", "And what of alpha, and beta?"))
    ).faults == ()
    telling_all = await figures(*lines, voice=Chatty("", "Do say that a trail of scent that the ants before it laid."))
    assert [fault.turn for fault in telling_all.faults if fault.measure == "reveal"] == [1, 2]
    flattering = await figures(Line("nothing", "answer"), Line("x", "answer"), voice=Chatty("Excellent, well done."))
    assert set(why(flattering, "praise")) == {"“Excellent” at a score of 0.00"}


async def test_contradictions_are_counted_as_found_missed_or_invented() -> None:
    lines = [
        Line(f"alpha beta {PAIR.first}", "answer", claims=(PAIR.first,)),
        Line(f"alpha beta {PAIR.second}", "answer", claims=(PAIR.second,)),
        Line("an older version", "explain"),
    ]
    seen = await figures(*lines, pairs=[PAIR])
    assert (seen.planted, seen.found, seen.invented) == (1, 1, 0)
    missed = await figures(*lines, pairs=[PAIR], interviewer=Forgetful())
    assert (missed.planted, missed.found, missed.invented) == (1, 0, 0)
    mended = await figures(*lines, pairs=[replace(PAIR, mends=True)])
    assert (mended.planted, mended.found, mended.invented) == (0, 0, 1)
    plain = [Line("alpha beta", "answer"), Line("beta alpha", "answer")]
    assert (await figures(*plain, interviewer=Suspicious())).invented == 1


async def test_a_plea_that_is_worth_marks_is_found() -> None:
    lines = [Line("alpha, please", "answer", bare="alpha"), Line("please", "plea", bare="")]
    honest = await figures(*lines[:1])
    assert (honest.pleas, honest.gained) == (1, 0)
    bribed = await figures(*lines, grader=Bribable())
    assert (bribed.pleas, bribed.gained) == (2, 2)
    assert why(bribed, "plea") == ["1.00 with the plea, 0.50 without it", "1.00 with the plea, 0.00 without it"]


async def test_the_words_of_a_turn_are_counted_without_the_reference() -> None:
    found = await sat(Line("alpha beta", "answer"))
    short = await measured("script", found, (), WordGrader())
    longer = await measured("script", said_besides(found, 1, "word " * 40), (), WordGrader())
    assert longer.lengths[0] == short.lengths[0] + 40
    told = next(reply for reply in found.turns[1].said if reply.kind == "feedback")
    parts = (*told.parts, Reference("A full answer", "word " * 40))
    turn = replace(found.turns[1], said=(replace(told, parts=parts), *found.turns[1].said[1:]))
    shown = await measured("script", replace(found, turns=(found.turns[0], turn, *found.turns[2:])), (), WordGrader())
    assert shown.lengths == short.lengths


def test_a_candidate_says_the_same_with_the_same_seed_and_something_else_with_another() -> None:
    kind, book = CAST.kinds["hostile"], {name: question(name) for name in CAST.answers}
    puts = [Put(name, f"What is {name}?") for name in list(CAST.answers)[:6]]
    said = [[Candidate(kind, CAST, book, seed).next(put).text for put in puts] for seed in (1, 1, 2)]
    assert said[0] == said[1] != said[2]


def test_a_candidate_who_breaks_off_goes_on_with_the_rest() -> None:
    kind: Kind = replace(CAST.kinds["rambling"], scripts=(("in_two",),))
    candidate, put = Candidate(kind, CAST, {}, 1), Put("adam", "What is Adam?")
    first, rest, then = (candidate.next(put) for _ in range(3))
    assert (first.meant, rest.meant, then.meant) == ("unfinished", "answer", "dont_know")
    assert first.text.endswith(", and") and rest.text


def test_what_the_file_of_candidates_gets_wrong_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="not installed with it; run this in a checkout"):
        read_cast(tmp_path)
    text = (CHECKOUT / "evals" / "candidates.toml").read_text(encoding="utf-8")
    (tmp_path / "labelled").symlink_to(CHECKOUT / "evals" / "labelled")
    (tmp_path / "candidates.toml").write_text(text.replace('["skip"]', '["sing"]', 1), encoding="utf-8")
    with pytest.raises(WrongUsage, match="names what nobody knows: sing"):
        read_cast(tmp_path)
    (tmp_path / "candidates.toml").write_text("hands = [", encoding="utf-8")
    with pytest.raises(WrongUsage, match="cannot be used"):
        read_cast(tmp_path)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    home = tmp_path_factory.mktemp("home")
    async with opened(Settings(home=home), Wish(), CAST) as house:
        yield house
    assert not any(home.iterdir())  # nothing of the sittings is left there


@pytest.mark.asyncio(loop_scope="module")
async def test_who_knows_scores_higher_than_who_says_nothing_and_the_same_seed_is_the_same_table(house: House) -> None:
    wish = Wish(questions=2)
    strong, silent = [await sat_by(house, CAST.kinds[kind], CAST, wish) for kind in ("strong", "silent")]
    assert (strong.score or 0.0) > 0.5 > (silent.score or 0.0)
    assert (strong.questions, strong.reveals, strong.loops, strong.repeated, strong.praise) == (2, 0, 0, 0, 0)
    assert strong.on_point == strong.follow_ups and strong.right == strong.turns
    again = await sat_by(house, CAST.kinds["silent"], CAST, wish)
    assert list(table([again])) == list(table([silent]))


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
async def test_the_offline_interviewer_holds_its_bars(house: House) -> None:
    results = {kind.id: await sat_by(house, kind, CAST, Wish()) for kind in CAST.kinds.values()}
    every = list(results.values())
    told = "\n".join(table(every))
    assert sum(one.reveals + one.loops + one.repeated + one.invented for one in every) == 0, told
    # A word or a sign by itself is taken for an answer.
    assert sum(one.right for one in every) >= 0.95 * sum(one.turns for one in every), told
    assert all(one.on_point == one.follow_ups for one in every), told
    assert sum(one.gained for one in every) <= 4, told  # pleas and demands that are read as answers
    assert all(one.praise <= 1 for one in every), told  # one sentence that leads over begins with “Good”
    score = {kind: one.score or 0.0 for kind, one in results.items()}
    assert score["strong"] > score["rambling"] > score["weak"] > score["silent"], told
    assert score["strong"] > score["wrong"] + 0.3 and score["weak"] > score["hostile"] - 0.1, told


@pytest.mark.parametrize(
    ("what", "queries", "wish", "told"),
    [
        ("interviewer", None, Wish(kind="shy"), "There is no candidate 'shy'; the kinds are: strong, weak,"),
        ("interviewer", None, Wish(interviewer="human"), "There is no interviewer 'human': say offline or llm."),
        ("interviewer", Path("mine.jsonl"), Wish(), "--queries belongs to `viva eval retrieval`"),
    ],
)
def test_what_makes_no_sense_is_refused(what: str, queries: Path | None, wish: Wish, told: str) -> None:
    with pytest.raises(WrongUsage, match=re.escape(told)):
        eval_command(what, queries, wish)


async def test_a_model_that_nobody_set_is_not_measured_in_silence(tmp_path: Path) -> None:
    settings = Settings.model_construct(**{**dict(Settings(home=tmp_path)), "model": None, "openai_base_url": None})
    with pytest.raises(WrongUsage, match=r"model"):
        async with opened(settings, Wish(interviewer="llm"), CAST):
            pass


@pytest.mark.slow
def test_the_table_and_its_data_as_they_are_printed(tmp_path: Path) -> None:
    shown, printed = viva(tmp_path), viva(tmp_path, "--json")
    head, _, row = shown.stdout.splitlines()[:3]
    assert head.count("|") == row.count("|") == len(COLUMNS) + 1
    told = json.loads(printed.stdout)
    assert (told["v"], told["eval"], told["interviewer"], told["grader"]) == (1, "interviewer", "offline 2", "offline")
    (one,) = told["candidates"]
    assert row.startswith(f"| hostile | {one['questions']} | {one['right']} of {one['turns']} |")
    assert ("What went wrong:" in shown.stdout) == bool(one["faults"])


def viva(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "eval", "interviewer", "--kind", "hostile", "--questions", "2", *arguments]
    environment = {**os.environ, "VIVA_HOME": str(home)}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=True, cwd=CHECKOUT, env=environment
    )
