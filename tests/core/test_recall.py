"""Recall: what was claimed is come back to once, what contradicts it is put side by side, and nothing is invented."""

from __future__ import annotations

import pytest

from bot.beginning import Wanted
from bot.core import events as e
from bot.core.flow import Flow, Step
from bot.core.recall import contradiction, recalled
from bot.core.session import Held, Session
from bot.offline.claims import claims_in
from tests.core.staged import STRONG, Sat, banked, sat
from tests.fakes import WordInterviewer, question

RELU = e.Claim("activation", "relu", "I used ReLU.")
TANH = e.Claim("activation", "tanh", "I used tanh.")
ADAM = e.Claim("optimiser", "adam", "I used Adam.")


def holding(*claims: tuple[str, e.Claim], put: frozenset[frozenset[e.Claim]] = frozenset()) -> Session:
    held = tuple(Held(asked, heard, claim) for heard, (asked, claim) in enumerate(claims, 1))
    return Session(claims=held, put=put)


def test_two_values_of_one_subject_contradict_each_other_earlier_one_first() -> None:
    pair = contradiction(holding(("ant", RELU), ("bee", ADAM), ("cat", TANH)))
    assert pair is not None and [held.claim for held in pair] == [RELU, TANH]


def test_what_agrees_is_no_contradiction() -> None:
    again = e.Claim("activation", "relu", "It was a ReLU.")
    assert contradiction(holding(("ant", RELU), ("bee", again), ("cat", ADAM))) is None
    assert contradiction(holding()) is None


def test_what_was_put_is_not_put_again_in_whatever_words() -> None:
    once = frozenset({frozenset({RELU, TANH})})
    assert contradiction(holding(("ant", RELU), ("bee", TANH), put=once)) is None
    explained = e.Claim("activation", "tanh", "It was tanh, as I said.")
    assert contradiction(holding(("ant", RELU), ("bee", TANH), ("bee", explained), put=once)) is None


def test_what_was_recalled_may_still_contradict_what_comes_later() -> None:
    recalled_once = frozenset({frozenset({RELU})})
    assert contradiction(holding(("ant", RELU), ("bee", TANH), put=recalled_once)) is not None


def test_the_newest_pair_is_put_first() -> None:
    sgd = e.Claim("optimiser", "sgd", "I used SGD.")
    pair = contradiction(holding(("ant", RELU), ("ant", ADAM), ("bee", TANH), ("cat", sgd)))
    assert pair is not None and pair[1].claim == sgd


def test_what_one_answer_says_is_no_contradiction() -> None:
    same = Session(claims=(Held("ant", 4, RELU), Held("ant", 4, TANH)))
    assert contradiction(same) is None


def test_of_another_network_or_another_project_something_else_may_be_true() -> None:
    lstm = e.Claim("activation", "tanh", "My LSTM used tanh.", about="lstm")
    assert contradiction(holding(("ant", RELU), ("bee", lstm))) is None
    assert contradiction(holding(("tools@1", RELU), ("tools@2", TANH))) is None
    assert contradiction(holding(("tools@2", RELU), ("metric@2", TANH))) is not None


def test_what_was_said_to_another_question_is_recalled_once_by_one_that_asks_about_it() -> None:
    asking = question("relu", recalls=("activation",))
    found = recalled(holding(("ant", RELU), ("bee", TANH)), asking)
    assert found is not None and found.claim == TANH
    assert recalled(holding(("ant", ADAM)), asking) is None
    assert recalled(holding(("relu", RELU)), asking) is None
    assert recalled(holding(("relu@1", RELU)), asking) is None
    assert recalled(holding(("ant", RELU), put=frozenset({frozenset({RELU})})), asking) is None
    assert recalled(holding(("ant", RELU), ("bee", TANH), put=frozenset({frozenset({RELU, TANH})})), asking) is None


def test_a_question_about_one_project_recalls_nothing_of_another() -> None:
    asking = question("metric", recalls=("activation",))
    session = holding(("tools@1", RELU), ("tools@2", TANH))
    assert (found := recalled(session, asking, "metric@1")) is not None and found.claim == RELU
    assert (found := recalled(session, asking, "metric@2")) is not None and found.claim == TANH
    assert recalled(session, asking, "metric@3") is None


async def talk(mode: str = "practice") -> Sat:
    bank = banked(
        [question("ant"), question("bee"), question("cat", recalls=("act",)), question("dog")],
        Flow("four", "four", 20, tuple(Step(name, f"On to the {name}.") for name in ("ant", "bee", "cat", "dog"))),
    )
    return await sat(bank, Wanted(flow="four", mode=mode))


def recalls(sitting: Sat) -> list[e.FollowedUp]:
    found = (record.event for record in sitting.store.logs["s"] if isinstance(record.event, e.FollowedUp))
    return [event for event in found if event.when == "recall"]


def text(replies: list) -> str:
    return "\n".join(reply.text for reply in replies)


@pytest.mark.parametrize("mode", ["practice", "simulation"])
async def test_a_contradiction_is_put_once_with_both_quotations_and_the_interview_goes_on(mode: str) -> None:
    sitting = await talk(mode)
    await sitting.say("alpha beta claim act relu")
    said = await sitting.say("alpha beta claim act tanh")
    assert said[-1].kind == "follow_up"
    assert "claim act relu" in said[-1].text and "claim act tanh" in said[-1].text
    assert "question 1" in said[-1].text.lower()
    assert sitting.standing == "bee"
    said = await sitting.say("one was an experiment")
    assert sitting.standing == "cat"
    bee = sitting.interview.session.askings["bee"]
    assert [c.role for c in bee.contributions] == ["answer", "recall"]
    assert bee.contributions[-1].part.verdict is None
    assert bee.grade(question("bee")).score == 1.0
    await sitting.say("alpha beta claim act tanh", STRONG)
    assert len(recalls(sitting)) == 1
    assert sitting.interview.session.ended is not None


async def test_the_reply_is_not_judged_even_if_it_says_what_was_missing_or_wrong() -> None:
    sitting = await talk()
    await sitting.say("alpha beta claim act relu")
    await sitting.say("alpha claim act tanh")
    score = sitting.interview.session.askings["bee"].grade(question("bee")).score
    await sitting.say("not alpha, and not beta")
    assert sitting.interview.session.askings["bee"].grade(question("bee")).score == score == 0.5


async def test_after_the_reply_the_missing_point_is_asked_about_as_ever() -> None:
    sitting = await talk()
    await sitting.say("alpha beta claim act relu")
    await sitting.say("alpha claim act tanh")
    said = await sitting.say("it was both")
    assert said[-1].kind == "follow_up" and sitting.standing == "bee"
    await sitting.say("beta")
    assert sitting.interview.session.askings["bee"].grade(question("bee")).score == 0.875


async def test_a_contradiction_within_one_question_names_no_number() -> None:
    sitting = await talk()
    await sitting.say("alpha claim act relu")
    said = await sitting.say("beta claim act tanh")
    assert said[-1].kind == "follow_up" and len(recalls(sitting)) == 1
    assert "question 1" not in said[-1].text.lower().partition("\n\n")[2], "below its head"
    assert "claim act relu" in said[-1].text and "claim act tanh" in said[-1].text


async def test_what_was_corrected_is_never_put() -> None:
    sitting = await talk()
    await sitting.say("alpha beta claim act relu", "alpha beta actually claim act tanh")
    assert recalls(sitting) == [] and sitting.standing == "cat"
    await sitting.say("alpha beta claim act relu")
    (put,) = recalls(sitting)
    assert [claim.value for claim in put.claims] == ["tanh", "relu"]


async def test_a_claim_of_an_answer_that_was_taken_back_is_gone() -> None:
    sitting = await talk("simulation")
    await sitting.say("alpha beta claim act relu", "undo:", "alpha beta", "alpha beta claim act tanh")
    assert recalls(sitting) == []
    assert [held.claim.value for held in sitting.interview.session.claims] == ["tanh"]


async def test_a_contradiction_that_is_not_gone_into_does_not_hold_the_interview_up() -> None:
    sitting = await talk()
    await sitting.say("alpha beta claim act relu", "alpha beta claim act tanh")
    await sitting.say("skip:")
    assert sitting.standing == "cat"
    assert sitting.interview.session.askings["bee"].status == "settled"
    assert sitting.interview.session.askings["bee"].grade(question("bee")).score == 1.0


async def test_a_hint_and_a_repeat_leave_the_question_about_the_claims_open() -> None:
    sitting = await talk()
    await sitting.say("alpha beta claim act relu", "alpha beta claim act tanh")
    said = await sitting.say("repeat:")
    assert "claim act relu" in text(said)
    await sitting.say("it was both")
    assert [c.role for c in sitting.interview.session.askings["bee"].contributions] == ["answer", "recall"]


async def test_a_question_comes_back_to_what_was_said_and_only_once() -> None:
    sitting = await talk()
    await sitting.say("alpha beta claim act relu")
    said = await sitting.say(STRONG)
    assert sitting.standing == "cat"
    assert "On to the cat." in said[-1].text and "claim act relu" in said[-1].text
    asked = [record.event for record in sitting.store.logs["s"] if isinstance(record.event, e.Asked)]
    assert [event.recalls.value if event.recalls else None for event in asked] == [None, None, "relu"]
    said = await sitting.say(STRONG)
    assert "claim act relu" not in text(said)


async def test_without_claims_nothing_is_come_back_to() -> None:
    sitting = await talk()
    await sitting.say(STRONG, STRONG, STRONG, STRONG)
    events = [record.event for record in sitting.store.logs["s"]]
    assert not any(isinstance(event, e.Claimed) or getattr(event, "recalls", None) for event in events)
    assert recalls(sitting) == []
    assert sitting.interview.session.ended is not None


async def test_what_is_added_after_the_marks_were_shown_is_no_claim() -> None:
    sitting = await talk()
    await sitting.say("alpha beta claim act relu", STRONG, "amend: 1 claim act tanh")
    assert [held.claim.value for held in sitting.interview.session.claims] == ["relu"]


class Listening(WordInterviewer):
    """Finds claims as people make them."""

    def claims(self, text: str) -> tuple[e.Claim, ...]:
        return claims_in(text)


PLANTED = (
    (
        "alpha beta. I used ReLU in the hidden layers, and Adam.",
        "alpha beta. I think that the batch size does not matter.",
        "alpha beta. My hidden layers used sigmoid.",
        "alpha beta. The batch size matters a lot.",
    ),
    (
        "alpha beta. We trained with a batch size of 64. It took an hour.",
        "alpha beta. Our network has three hidden layers.",
        "alpha beta. I set the batch size to 256 so that the GPU was busy.",
        "alpha beta. My model had a single hidden layer.",
    ),
)
CLEAN = (
    (
        "alpha beta. At first I used sigmoid, and then switched to ReLU.",
        "alpha beta. If I had used sigmoid, it would have saturated. I used a sigmoid at the output.",
        "alpha beta. In another project I used tanh in the hidden layers.",
        "alpha beta. ReLU was my activation, as I said.",
    ),
    (
        "alpha beta. My batch size was 32. Sorry, 64.",
        "alpha beta. A batch size of 128 is common. The batch size does not matter for correctness.",
        "alpha beta. Actually, I used a batch size of 128.",
        "alpha beta. The batch size matters for speed. With 128 it was fast.",
    ),
)


async def heard(lines: tuple[str, ...]) -> list[e.FollowedUp]:
    """What a sitting comes back to when these are the answers to its four questions."""
    bank = banked(
        [question(name) for name in ("ant", "bee", "cat", "dog")],
        Flow("four", "four", 20, tuple(Step(name) for name in ("ant", "bee", "cat", "dog"))),
    )
    sitting = await sat(bank, Wanted(flow="four"), interviewer=Listening())
    for line in lines:
        standing = sitting.standing
        await sitting.say(line)
        while sitting.standing == standing:
            await sitting.say("that was in an experiment")
    assert sitting.interview.session.ended is not None
    return recalls(sitting)


@pytest.mark.parametrize("lines", PLANTED)
async def test_every_planted_contradiction_is_put_in_the_candidate_s_words(lines: tuple[str, ...]) -> None:
    first, second = await heard(lines)
    for put, earlier, later in ((first, lines[0], lines[2]), (second, lines[1], lines[3])):
        assert put.claims[0].words in earlier and put.claims[1].words in later
        assert all(claim.words.rstrip(".") in put.wording for claim in put.claims)


@pytest.mark.parametrize("lines", CLEAN)
async def test_in_a_sitting_without_contradictions_none_is_put(lines: tuple[str, ...]) -> None:
    assert await heard(lines) == []
