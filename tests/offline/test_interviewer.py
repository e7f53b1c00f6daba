"""The interviewer as the loop sees it: commands first, then programs, then words."""

from __future__ import annotations

import pytest

from bot.core.asking import Asking
from bot.core.dialogue import Act, receive
from bot.core.events import Remarked
from bot.core.marking import Grade, PointGrade
from bot.offline.interviewer import OfflineInterviewer
from bot.ports import Interviewer
from tests.fakes import question
from tests.offline import scenes
from tests.offline.test_programs import SOURCE

INTERVIEWER: Interviewer = OfflineInterviewer()
CODE = scenes.third_question("Can you build a basic multilayer perceptron in PyTorch?", code=True)
WORDS = scenes.third_question()


def test_a_command_goes_before_everything():
    assert INTERVIEWER.read(CODE, "/hint", None) == Act("hint")
    assert INTERVIEWER.read(WORDS, "//hint", None) == Act("answer", "/hint")


def test_a_program_is_taken_where_one_was_asked_for():
    assert INTERVIEWER.read(CODE, SOURCE, None) == Act("code", code=SOURCE)
    assert INTERVIEWER.read(CODE, "", SOURCE) == Act("code", code=SOURCE)
    assert INTERVIEWER.read(CODE, f"```python\n{SOURCE}\n```", None) == Act("code", code=SOURCE)


def test_words_beside_a_program_are_an_answer_too():
    said = "I scale the pixels to 0..1 so that training is stable."
    assert INTERVIEWER.read(CODE, said, SOURCE) == Act("code", said, code=SOURCE)
    assert INTERVIEWER.read(CODE, f"{said}\n```\n{SOURCE}\n```", None) == Act("code", said, code=SOURCE)


@pytest.mark.parametrize(
    "said", ["here is my code:", "Thanks! Here it is", "please", "/code net.py", "done", "ok", "my program is below:"]
)
def test_courtesies_beside_a_program_are_none(said):
    assert INTERVIEWER.read(CODE, said, SOURCE) == Act("code", code=SOURCE)


def test_a_program_described_in_words_is_an_answer():
    said = "I flatten to 784, then 256 and 128 units with ReLU, ten logits and cross-entropy."
    assert INTERVIEWER.read(CODE, said, None) == Act("answer", said)


def test_elsewhere_code_belongs_to_the_answer():
    said = f"Like so:\n```python\n{SOURCE}\n```"
    assert INTERVIEWER.read(WORDS, said, None) == Act("answer", said)
    act = INTERVIEWER.read(WORDS, "It sums, as here:", "z = w @ x + b")
    assert (act.meaning, act.text) == ("answer", "It sums, as here:\n\nz = w @ x + b")
    assert INTERVIEWER.read(WORDS, "", SOURCE) == Act("code", code=SOURCE)


def test_the_command_hands_in_a_program_at_any_question():
    assert INTERVIEWER.read(WORDS, f"/code\n{SOURCE}", None) == Act("code", code=SOURCE)


@pytest.mark.parametrize("text", ["/code", "/code net.py", "/submit", "/code ~/my work/net.py"])
def test_a_program_that_is_missing_is_asked_for_only_where_it_belongs(text):
    assert INTERVIEWER.read(CODE, text, None).meaning in ("malformed", "unknown_command")
    assert INTERVIEWER.read(WORDS, text, None).meaning in ("code", "unknown_command")


def test_the_bare_command_is_code_out_of_place_elsewhere():
    assert receive(WORDS, 99, INTERVIEWER.read(WORDS, "/code", None)) == [Remarked("code_not_now", 99, "")]


def test_plain_words_work_at_the_code_question():
    assert INTERVIEWER.read(CODE, "can I get a hint?", None).meaning == "hint"
    assert INTERVIEWER.read(CODE, "I don't know how to code that", None).meaning == "dont_know"
    assert INTERVIEWER.read(CODE, "no", None).meaning == "dont_know"


def test_it_reads_where_no_question_is_on_the_table():
    assert INTERVIEWER.read(scenes.folded(), "hello", None).meaning == "greeting"
    assert INTERVIEWER.read(scenes.folded(), "a perceptron is a neuron", None).meaning == "answer"


def test_it_asks_about_what_is_missing_and_nothing_where_nothing_was_graded():
    asked = question("thing")
    standing = Asking("thing", "r", 1, "What?", 2)
    points = (PointGrade("alpha", 1.0, False, 1.0, verdict="met"), PointGrade("beta", 1.0, False))
    follow_up = INTERVIEWER.probe(standing, asked, Grade(0.5, 0.5, points))
    assert follow_up is not None
    assert follow_up.point == "beta"
    assert INTERVIEWER.probe(standing, asked, Grade(None, None, why_not="down")) is None


@pytest.mark.parametrize("said", ["uhh...", "Uhhhh…", "so...", "well, the...", "I think,", "um, I would say…"])
def test_hesitation_begins_no_answer(said):
    assert INTERVIEWER.read(WORDS, said, None).meaning == "wait"


@pytest.mark.parametrize("said", ["It sums its inputs, and", "it is not...", "uhh, weights...", "The bias:", "64,"])
def test_a_word_of_the_answer_begins_one(said):
    assert INTERVIEWER.read(WORDS, said, None) == Act("unfinished", said)
