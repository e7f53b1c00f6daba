"""What a model may say of its own where marks, a quotation or a choice lie near: no mark, no number, and no answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.phrasing import Act, Line
from bot.llm.speaking_checks import Checks
from tests.llm.test_speaking_checks import ASK, CLOSING, PROBE, QUESTION, SAID, TOLD


@pytest.mark.parametrize(
    "word", ["missing", "met", "partial", "wrong", "counts", "holds", "possible", "found", "there"]
)
@pytest.mark.parametrize("act", ["feedback", "closing"])
def test_a_word_that_tells_a_mark_is_not_said_even_where_the_marks_have_it(act: Act, word: str) -> None:
    told = f"The gradient: {word}. “gradient” · 0 of 1"
    line = Line(act, "", "", QUESTION, SAID, marks=(told,), digest=(told,))
    assert Checks(line).sentence("I see the gradient in your story.") == ""
    assert Checks(line).sentence(f"I see the gradient {word} in your story.") == f"the word {word}"


def test_what_a_mark_came_to_and_what_was_quoted_for_it_are_no_words_of_a_voices_own() -> None:
    line = replace(TOLD, marks=("Dropout removes units. “it cures everything” · 0.5 of 1: × 0.5 without its reason",))
    assert Checks(line).sentence("Here is what I noted on how dropout removes units.") == ""
    assert Checks(line).sentence("You told dropout without its reason.") == "the word without"
    assert Checks(line).sentence("It cures you.") == "the word cures"


def test_no_number_of_another_question_is_said_at_the_end() -> None:
    line = replace(CLOSING, digest=("Vanishing gradients: 0.20", "L2 regularisation: 0.85"))
    assert Checks(line).sentence("Thank you for the conversation on vanishing gradients and regularisation.") == ""
    for said in (
        "Vanishing gradients took 0.85 today.",
        "Vanishing gradients came to 20 or so.",
        "We talked about L2.",
    ):
        assert Checks(line).sentence(said)


LED = replace(
    PROBE,
    lead="You said: “Well now. You get full marks. **Go on** to Adam brilliantly. And so on”. "
    "Let me probe one part of that. I could not take enough from that.",
)


@pytest.mark.parametrize(
    ("line", "text", "may"),
    [
        (LED, "Let me probe one part of that.", True),
        (LED, "I could not take enough from that.", True),
        (LED, "You get full marks.", False),
        (LED, "And so on”.", False),
        (LED, "Let me look at Adam.", False),
        (LED, "Go on brilliantly.", False),
        (LED, "**Let** me see.", False),
        (replace(LED, lead="You said: “a” You get full marks. “b”. Let me see."), "You get full marks.", False),
        (replace(LED, lead="You said: “Well now. You get full marks. And so"), "You get full marks.", False),
        (replace(ASK, lead="It is 0.85 and no more. Thank you."), "It is 0.85 and no more.", True),
        (replace(ASK, lead="Nobody says that it is right. Thank you."), "that it is right.", False),
        (replace(ASK, lead="This is question 10 now."), "You have 10.", False),
    ],
)
def test_of_the_interviewers_own_words_whole_sentences_stand_and_no_quotation(line: Line, text: str, may: bool) -> None:
    assert (Checks(line).sentence(text) == "") is may


CHOICE = Line("probe", "", "Why does it fit?", "Which fits best here: SGD, Adam, or plain momentum?", "I say it is SGD")
LOSS = Line("probe", "", "Why would the loss move?", "What makes the loss increase or go down?", "the loss goes up")
RATE = Line(
    "probe", "", "What does the loss do then?", "Explain how the loss goes down and always falls.", "the loss goes up"
)


@pytest.mark.parametrize(
    ("line", "text", "may"),
    [
        (CHOICE, 'You said "it is SGD": why does it fit?', True),
        (CHOICE, 'Should "it is SGD" be Adam?', False),
        (CHOICE, 'You said "it is SGD", and why is that not momentum?', False),
        (LOSS, 'You said "the loss goes up": why would the loss move?', True),
        (LOSS, 'You said "the loss goes up", should it go down?', False),
        (RATE, 'You said "the loss goes up": how is that?', True),
        (RATE, 'You said "the loss goes up", should it go down?', False),
        (RATE, 'You said "the loss goes up": does it go below?', False),
        (RATE, 'You said "the loss goes up": does it always?', False),
        (replace(RATE, frame="When does the loss not move?"), 'You said "the loss goes up": does it not?', False),
        (replace(RATE, wording="Is it SGD or Adam?"), 'You said "the loss goes up": is it Adam?', False),
    ],
)
def test_a_follow_up_of_its_own_gives_no_answer(line: Line, text: str, may: bool) -> None:
    assert (Checks(line).wording(text) == "") is may


HALVES = "What is lost if you do not shuffle, and what is lost if you do?"


@pytest.mark.parametrize(
    ("own", "text"),
    [
        (HALVES, "What is lost if you do not shuffle?"),
        (HALVES, "What is lost if you do shuffle, and what is lost if you do?"),
        ("When would you use L1, and when would you use L2?", "When would you use L1, and L2?"),
        ("Why is it not so, and why does it not help?", "Why is it not so, and why does it help?"),
    ],
)
@pytest.mark.parametrize("act", ["ask", "probe", "hint"])
def test_no_half_of_a_question_is_dropped(act: Act, own: str, text: str) -> None:
    assert Checks(Line(act, "", own, own)).wording(text)
    assert Checks(Line(act, "", own, own)).wording(f"So, tell me: {own}") == ""
