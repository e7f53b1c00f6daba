"""Whatever puts a question says above it which one it is, in one way; what is said again and again takes turns."""

from __future__ import annotations

from itertools import pairwise

from bot.core.asking import Asking
from bot.core.question import Question
from bot.core.reply import Code, Head, Reply
from bot.core.scene import Scene, put
from bot.core.sentences import SENTENCES
from bot.core.session import Session
from tests.core.test_dialogue import talk
from tests.fakes import question

PUTTING = ("question", "follow_up", "repeat")


def heads(replies: list[Reply]) -> list[str]:
    """The heads of what puts a question; empty where one has none."""
    put = [reply for reply in replies if reply.kind in PUTTING]
    return ["".join(part.text for part in reply.parts if isinstance(part, Head)) for reply in put]


async def test_a_question_its_follow_up_and_both_once_more_stand_below_a_head_of_one_kind():
    lines = ("repeat:", "rephrase:", "alpha", "repeat:", "rephrase:", "ready:", "skip:", "back: 1", "skip:", "back: 2")
    _, heard = await talk(*lines, mode="simulation")
    said = [head for replies in heard for head in heads(replies)]
    first, following = "Question 1 of 4 · The ant", "Question 1 of 4, follow-up · The ant"
    assert said[:2] == [first, first] and said[2:6] == [following] * 4
    assert all(head.startswith("Question ") and " · The " in head for head in said) and len(said) >= 8
    assert all(reply.text.count(" of 4") == 1 for replies in heard for reply in replies if reply.kind in PUTTING)


def test_what_is_said_again_and_again_is_worded_otherwise_each_time():
    scene = Scene(Session(), {})
    said = [scene.say_in_turn("acknowledged", turn) for turn in range(10)]
    assert all(one != other for one, other in pairwise(said))
    assert set(said) == set(SENTENCES["acknowledged"])


def test_by_telephone_no_listing_is_shown():
    asked = Question(**{**vars(question("loop")), "listing": "for x in data:\n    model(x)"})
    assert [part for part in put("What is wrong?", asked) if isinstance(part, Code)]
    assert not [
        part
        for part in put("Suppose a loop calls the model. What is wrong?", asked, by_phone=True)
        if isinstance(part, Code)
    ]


def test_a_title_that_names_what_is_to_be_found_out_is_not_told():
    asking = Asking("fever", "rubric", 1, "It is hot. What helps?", 3)
    heads = []
    for kind in ("free", "remedy"):
        asked = Question(**{**vars(question("fever")), "kind": kind})
        scene = Scene(Session(askings={"fever": asking}), {"rubric": asked})
        heads.append(scene.head(asking, follow_up=False).text)
    assert heads == ["Question 1 of 0 · The fever", "Question 1 of 0"]
