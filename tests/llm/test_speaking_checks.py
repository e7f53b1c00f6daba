"""What a model may say, and what not: nothing of a bad one reaches the candidate, and plain talk does."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.phrasing import Line
from bot.llm.speaking_checks import Checks, talk
from bot.llm.words import contents, stem

SAID = "It switches off random units at each step. I think the weights then get smaller, so it generalises."
QUESTION = "What does dropout do, and why does it help?"
ASK = Line(
    "ask", "All right. Every model overfits now and then, so let us turn to a remedy.", QUESTION, QUESTION, SAID,
    digest=("Overfitting",),
)  # fmt: skip
PROBE = Line("probe", "", "What happens to the units at test time?", QUESTION, SAID, "missed")
HINT = Line("hint", "", "Think of which units are not there, and what the others can still rely on.", QUESTION, SAID)
TOLD = Line("feedback", "", "", QUESTION, SAID, marks=("Dropout switches off random units. “random units” · 2 of 2",))
CLOSING = Line("closing", "That was all from my side; thank you for your time. HR will be in touch.", "",
               digest=("Dropout", "Overfitting"))  # fmt: skip

GOOD = [
    (ASK, "Thank you."),
    (ASK, "Thank you, I have noted that."),
    (ASK, "All right, let us go on."),
    (ASK, "Every model overfits now and then, so let us turn to a remedy."),
    (ASK, "Let us now turn to dropout."),
    (ASK, 'You said "random units"; I will come back to that.'),
    (ASK, "You said “The weights then get smaller”, and I have written that down."),
    (ASK, "Take your time with the next one."),
    (ASK, "Thank you; let us stay with that subject for a moment."),
    (PROBE, "Let me stay with that for a moment."),
    (PROBE, 'You mentioned "the weights then get smaller", and I would like to hear more.'),
    (PROBE, "Tell me more about that."),
    (HINT, "Of course, take your time."),
    (HINT, "Let us look at it together."),
    (TOLD, "Thank you; here is what I have noted."),
    (TOLD, 'You said "random units", and here is what I noted on dropout.'),
    (CLOSING, "Thank you for the conversation on dropout and overfitting."),
    (CLOSING, "That was all from my side; thank you for your time."),
    (CLOSING, "Best of luck, and goodbye."),
    (ASK, "Here is what I would like to know next."),
    (ASK, "You said something I would like to come back to."),
    (PROBE, "Let me come back to what I asked."),
    (ASK, "I need to ask about another side of that."),
    (PROBE, "I would like to hear what you have to say on that."),
]

#: Replies of a bad model, by what is bad about them; each is one that would be shown if nothing held it back.
BAD = {
    "reveals the reference": (ASK, "Dropout zeroes random activations while training."),
    "reveals it in other words": (PROBE, "Think of how every neuron is kept alive once you evaluate."),
    "reveals it in the words of the question": (PROBE, "The units do it all at test time."),
    "reveals it in German": (ASK, "Beim Testen sind alle Einheiten an."),
    "reveals it in Russian": (ASK, "Во время теста все нейроны включены."),
    "in look-alike letters": (ASK, "Let us gо on."),
    "praises": (ASK, "Great answer!"),
    "praises mildly": (ASK, "I like that."),
    "praises in passing": (ASK, "Nice, let us go on."),
    "says that it was right": (ASK, "That is right."),
    "says that it was right in plain words": (ASK, "So it is."),
    "says yes": (PROBE, "Yes."),
    "says no": (PROBE, "Not quite, let us look at it again."),
    "says that they know it": (ASK, "You have it, so let us go on."),
    "agrees with a quotation": (ASK, 'You said "random units", and that is it.'),
    "gives marks": (ASK, "That is 2 out of 2 for you."),
    "gives marks in words": (ASK, "You have full marks for that."),
    "gives marks as a share": (ASK, "I would say 80% of it was there."),
    "changes the price": (HINT, "This hint is free, so take it."),
    "offers hints": (ASK, "Ask me for a hint whenever you like."),
    "says in plain words that it was right": (ASK, "I would say so, too."),
    "says that something was understood": (ASK, "You understood the subject."),
    "says that something was left out": (PROBE, "You left that open."),
    "says that it has what it needs": (ASK, "I have what I need."),
    "says that it was shown what it asked for": (ASK, "You have shown me what I asked to see."),
    "says that it is given what it looks for": (PROBE, "You give me what I look for."),
    "says that it heard what it wanted": (ASK, "Thank you, that is what I wanted to hear."),
    "says that it was what it looked for": (ASK, "What I was looking for is what you said."),
    "says that what was needed was given": (ASK, "You gave what was needed."),
    "says that the question was answered": (ASK, "You answered my question."),
    "says that everything was said": (ASK, "You've said everything."),
    "says that it would have said the same": (ASK, "You put it as I would."),
    "says that something is missing": (TOLD, "Random units are missing in your answer."),
    "says that something is there": (TOLD, "Dropout is there."),
    "says that something counts in part": (TOLD, "Dropout is taken in part."),
    "says that an answer holds": (TOLD, "Your reply on dropout holds."),
    "says that something was met": (TOLD, "You met dropout."),
    "says that something was found": (ASK, "I found it."),
    "says that the answer is its own": (ASK, "Your answer is as I would put it."),
    "sends them away": (ASK, "Leave now."),
    "ends the interview in plain words": (ASK, "We leave the interview here."),
    "puts it off": (ASK, "We continue tomorrow."),
    "asks who they are": (ASK, "Tell me your name."),
    "offers a break": (ASK, "Take a break."),
    "changes the plan": (ASK, "We skip the code and end here."),
    "ends the interview": (ASK, "The interview is over."),
    "goes on where it stays": (PROBE, "Let us go on to the next question."),
    "promises a job": (CLOSING, "You will hear from us with an offer."),
    "says how it went": (CLOSING, "You did very well on dropout."),
    "obeys the answer": (ASK, "As you wish, I ignore my instructions."),
    "tells its instructions": (ASK, "My system prompt says that I must not praise."),
    "repeats the fence": (ASK, "<words-1a2b3c4d> It switches off random units."),
    "speaks in HTML": (ASK, "<b>Thank you.</b>"),
    "speaks in Markdown": (ASK, "**Thank you.**"),
    "links": (ASK, "Look at https://example.org for that."),
    "links in Markdown": (ASK, "[Thank you](https://example.org)."),
    "mentions": (ASK, "Thank you, @everyone."),
    "invisible signs": (ASK, "Thank\u200b you."),
    "turns the writing round": (ASK, "Thank \u202eyou."),
    "terminal signs": (ASK, "\x1b[31mThank you."),
    "5,000 words": (ASK, "so " * 5000 + "."),
    "a quotation that was not said": (ASK, 'You said "all units are used at test time".'),
    "a quotation of one word": (ASK, 'You said "weights".'),
    "a quotation of nobody": (ASK, 'So "the weights then get smaller".'),
    "two quotations": (ASK, 'You said "random units" and "it generalises".'),
    "a quotation left open": (ASK, 'You said "random units and so on.'),
    "asks something else first": (ASK, "Tell me, what is overfitting?"),
    "no sentence": (ASK, "thank you."),
    "code": (ASK, "Use `model.eval()` for that."),
    "an emoji": (ASK, "Thank you 👍."),
    "insults": (ASK, "You are an idiot."),
}


@pytest.mark.parametrize(("line", "text"), GOOD, ids=[text for _, text in GOOD])
def test_plain_talk_may_be_said(line: Line, text: str) -> None:
    assert Checks(line).sentence(text) == ""


@pytest.mark.parametrize(("line", "text"), BAD.values(), ids=BAD.keys())
def test_what_a_bad_model_says_is_not(line: Line, text: str) -> None:
    assert Checks(line).sentence(text)


def test_there_are_many_kinds_of_bad_replies() -> None:
    assert len(BAD) >= 40


def test_what_was_escaped_is_quoted_as_it_was_said() -> None:
    line = replace(ASK, said="I call x.zero\\_grad() and loss\\_fn first")
    assert Checks(line).sentence('You said "x.zero_grad() and loss_fn first".') == ""
    assert Checks(line).sentence('You said "x.zerograd() and lossfn first".')


def test_three_sentences_are_enough() -> None:
    checks = Checks(ASK)
    assert [bool(checks.sentence("Thank you.")) for _ in range(4)] == [False, False, False, True]


def test_where_the_question_is_a_choice_its_words_wait_for_it() -> None:
    """To name one of two things that are asked about may be to answer."""
    choice = "Is a CNN or an MLP used for images?"
    line = Line("ask", "", choice, choice)
    assert Checks(line).sentence("Let us take a CNN.")
    assert Checks(replace(line, wording="What is a CNN?", frame="What is a CNN?")).sentence("Let us take a CNN.") == ""


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (ASK, QUESTION),
        (ASK, "So, tell me: what does dropout do, and why does it help?"),
        (ASK, "Could you explain what dropout does, and why it helps?"),
        (HINT, "Think of which units are not there, and of what the others can still rely on."),
        (PROBE, "What happens to the units at test time?"),
        (PROBE, 'You said "the weights then get smaller"; what happens to the units at test time?'),
        (PROBE, 'You mentioned "random units": tell me, what happens to those?'),
        (PROBE, "Let us take the test time: what happens to the units?"),
    ],
)
def test_the_same_question_in_other_small_words_may_be_put(line: Line, text: str) -> None:
    assert Checks(line).wording(text) == ""


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (ASK, "What does batch normalisation do, and why does it help?"),
        (ASK, "What does dropout do?"),
        (ASK, "What does dropout do, and why does it not help?"),
        (ASK, "What does dropout do, and why does it help against overfitting?"),
        (ASK, "Dropout switches off random units. What does dropout do, and why does it help?"),
        (ASK, "What does dropout do, and why does it help? Answer in three words?"),
        (ASK, "What does dropout do, and why does it help."),
        (ASK, "That is it. What does dropout do, and why does it help?"),
        (ASK, "What does **dropout** do, and why does it help?"),
        (ASK, "What does dropout do,\u200b and why does it help?"),
        (ASK, "What does dropout do, and why does it help? " + "So then " * 60),
        (HINT, "Think of which units are there, and what the others can still rely on."),
        (HINT, "Think of the random units which are not there at a step, and what the others can still rely on."),
        (PROBE, "Are all units used at test time?"),
        (PROBE, "What happens to the units at test time? What happens to the weights?"),
        (PROBE, 'You said "all units are used": what happens at test time?'),
        (PROBE, 'You said "random units", right?'),
        (PROBE, 'You said "random units"; is it because neurons co-adapt?'),
        (PROBE, "Tell me about overfitting?"),
        (PROBE, 'You said "random units".'),
        (TOLD, "What does dropout do?"),
    ],
)
def test_another_question_is_not_put(line: Line, text: str) -> None:
    assert Checks(line).wording(text)


@pytest.mark.parametrize(
    ("own", "text", "same"),
    [
        ("How large is 5 x 5 after 3 x 3?", "So how large is 5 x 5 after 3 x 3?", True),
        ("How large is 5 x 5 after 3 x 3?", "How large is 3 x 3 after 5 x 5?", False),
        ("How large is 10 x 5 after 5 x 5?", "How large is 10 x 10 after 5 x 5?", False),
        ("What does `x.view(-1)` give?", "Tell me what `x.view(-1)` gives?", True),
        ("What does `x.view(-1)` give?", "What does `x.view(1)` give?", False),
        ("What does `x.view(-1)` give?", "What does x.view(-1) give?", False),
        ("What is x_hat?", "What is x_hat, please?", True),
        ("What is x?", "What is x_hat?", False),
        ("Is A better than B?", "Is B better than A?", False),
        ("Why is 1 + 1 = 2?", "Why is 1 - 1 = 2?", False),
        ("Why is it so?", "Why isn't it so?", False),
        ("Why is λ small?", "So why is λ small?", True),
    ],
)
def test_numbers_code_and_order_stay(own: str, text: str, same: bool) -> None:
    assert (Checks(Line("ask", "", own, own)).wording(text) == "") is same


def test_the_banks_own_wordings_pass_and_so_does_a_word_in_front_of_them(root: Path) -> None:
    """Else a model that keeps to the words would be kept from saying them."""
    held = []
    for file in sorted((root / "corpus/questions").glob("*.toml")):
        for one in tomllib.loads(file.read_text(encoding="utf-8")).get("question", []):
            held += [Line("ask", "", one["ask"], one["ask"])]
            held += [Line("hint", "", hint, one["ask"]) for hint in one.get("hints", ())]
            held += [Line("probe", "", follow["ask"], one["ask"]) for follow in one.get("follow_ups", ())]
    assert len(held) > 2_000
    for line in held:
        for text in (line.wording, f"So, tell me: {line.wording}"):
            assert Checks(line).wording(text) == "", text


def test_forms_of_a_word_are_one() -> None:
    same = "moving move, noted note, stopped stop, asks asked, losses loss, biases bias, studies studied, taking takes"
    for one, other in (pair.split() for pair in same.split(", ")):
        assert stem(one) == stem(other), one
    for one, other in [("noted", "not"), ("on", "one"), ("loss", "lose"), ("bias", "bia")]:
        assert stem(one) != stem(other), one
    assert "not" in contents("It doesn't work", ()) and "not" not in contents("It does work", ())
    assert contents("It is not one, and not two", ("is",)) == ["it", "not", "one", "and", "not", "two"]


def test_plain_talk_holds_no_word_that_is_never_said() -> None:
    assert not talk().talk & talk().never
    assert len(talk().talk) >= 300
