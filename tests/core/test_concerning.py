"""What an objection is about: a mark, or the question and its reference, in as many ways as people say either."""

from __future__ import annotations

import pytest

from bot.core.concerning import concerns

TO_A_MARK = """
You marked question 1 wrong
you marked question 1 as wrong although I said it
you've marked this question wrong
question 1 was marked wrong
Question 2 has been graded incorrectly
my mark for question 3 is wrong
the score of question 2 is not right
you got question 1 wrong
you graded the wrong question
Wrong question: you judged my answer to the one before
I think question 2 deserves more
you counted question 2 as incorrect
my answer to the question was marked wrong
the mark for this question is wrong
your marking of the key points is wrong
why is question 1 wrong?
You say that key point 2 is wrong, but I said it
the key point that you call missing is in my first sentence
the key point you marked wrong is in my answer
you made a mistake in question 2
you made a mistake in how question 2 was marked
you were wrong about question 2
there is no mistake in the question, but you overlooked my words
I don't see any problem with the question, only with my mark
the question is not wrong, but I did say it
Question 1 is wrong: I did say that it trains faster
the question is fine. You marked it wrong.
I answered the question, you were wrong
this question has a wrong mark
the question's mark is wrong
what I said about the reference is not wrong
my full answer is not wrong
question 2 should be 1.0 and not 0.5
the key points are all in my answer
you misread my answer to question 2; it is not wrong
I don't agree with my mark for the question
I dispute question 3
question 3 is too low
the grade you gave this question is unfair
you treat question 1 as unclear
you say the question was answered wrong
the verdict on question 1 is incorrect
The question was graded wrong
I did say “larger learning rates”, which the key point asks for
there's an error in the marks of question 2
I said the same as your reference, and you call it wrong
my wording may be unclear, but it is right
two key points were judged wrong
you marked me wrong on this question
I got this question right and you marked it wrong
Your mark of question 1 does not match the reference
Q1 should not be wrong, I gave the right formula
That was not wrong at all, the first key point is in there
please reconsider question 4, I clearly covered the second key point
I believe question 3 was scored unfairly
the first question has been marked as incorrect but it's right
how can question 2 be wrong when I wrote exactly that?
I was given zero for question 2, which is wrong
you rated question 2 too low
my answer for question 2 was correct and yours says the same
In question 2 you overlooked that I mentioned momentum
Question 2: I did mention it
I think the score for the third question is false
the hint I took should not cost me that much
you did not count the key point about scale that I made in question 2
the grader missed my second sentence in question 1
I disagree with the verdict “missing” on the second key point
your evaluation of my answer to this question is wrong
You took my answer to question 1 for wrong
it's unfair that question 2 counts as wrong
Key point 3 is not missing
question one was marked down for no reason
You judged question 5 as if I had said nothing
I explained the question correctly but it was wrong according to you
this is wrong, I said so
the marks are wrong
wrong mark
I deserve full marks for question 1
That's not what I said in question 2
The points for question 2 are wrong
Why did question 2 get a wrong?
""".strip().splitlines()

TO_A_QUESTION = """
question 1 is wrong
this question is ambiguous
the reference is out of date
the question is wrong
your reference is outdated
the reference isn't right, PyTorch changed that
there is a mistake in your reference
the key point about beta is incorrect
this question is rather ambiguous
the question, I think, is ambiguous
I find this question misleading
I'd call question 1 ill-posed
the formula in your reference is wrong
the wording of the question is ambiguous
the premise of question 2 is false
what you call the full answer is wrong
the full answer is no longer correct
question 3 makes no sense
your reference contradicts the documentation
the reference contradicts itself
there is a typo in question 2
there's something wrong with the question
it's a trick question
a badly worded question
this question can be read in two ways
the question has two right answers
none of the options is right
two options are correct
I object to this question
I disagree with the reference
your full answer is from 2015, and it has changed since
the key points leave out momentum
please fix the question
the question cannot be answered as it stands
the question doesn't make sense
your model answer gets it wrong
the rubric is flawed
The second half of the question is unclear
your answer is wrong: version 2 does it otherwise
Your reference is out of date: I said what the current documentation says
This question is ambiguous, and you marked me wrong for it
The sources are obsolete
your hint was misleading
the reference that you gave is wrong
the question as you asked it is ambiguous
The question is too old and misleading
you made a mistake in your reference
the task is badly worded
In my opinion question 2 is wrong
the definition in the model answer is not accurate
The question itself is wrong
I think there is an error in the question
your key points are out of date
the question assumes something false
Reference answer is incorrect since version 2
the question is unclear to me and has several answers
That question is nonsense
The reference solution seems wrong to me
This question doesn't have a right answer
the question is not well defined
Question 3 contains a mistake
the third key point is simply not true
the reference mixes up two things and is wrong
The question is worded badly
ambiguous question!
The statement in the reference is false
The answer in the reference is wrong
Your source is outdated
the rubric isn't correct
this key point is no longer true
There are two mistakes in the reference
I believe that the reference is mistaken
the expected answer is wrong
The question is incorrect: Adam is not a scheduler
Isn't the reference wrong?
Is your reference perhaps outdated?
The question is misleading
your reference has a bug
these options are all wrong
""".strip().splitlines()


@pytest.mark.parametrize("text", TO_A_MARK)
def test_an_objection_to_a_mark(text: str) -> None:
    assert concerns(text) == "mark"


@pytest.mark.parametrize("text", TO_A_QUESTION)
def test_an_objection_to_the_question(text: str) -> None:
    assert concerns(text) == "question"


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("is wrong", "question"),
        ("isn't right", "question"),
        ("has a typo", "question"),
        ("ambiguous", "question"),
        ("the reference is outdated", "question"),
        ("is wrong, I said that it trains faster", "mark"),
        ("was marked wrong", "mark"),
        ("is too low", "mark"),
        ("wrong", "mark"),
        ("I said it", "mark"),
    ],
)
def test_what_follows_a_questions_number_may_be_said_of_the_question(text: str, about: str) -> None:
    assert concerns(text, of_question=True) == about


def test_words_that_are_quoted_do_not_say_what_an_objection_is_about() -> None:
    assert concerns("I said “the problem with this question is scale”, and that is alpha.") == "mark"
    assert concerns("I said\n> the question is wrong\nand that is alpha.") == "mark"
    assert concerns("The question is wrong: “alpha” has two meanings.") == "question"


@pytest.mark.parametrize("text", ["question " * 400, "the question, I " * 200, "is wrong with " * 200, "a bad " * 400])
def test_nothing_is_too_long_for_it(text: str) -> None:
    assert concerns(text) in ("mark", "question")
