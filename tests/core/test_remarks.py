"""What is said to a remark: a sentence that fits, and what stands open once more where it was lost sight of."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.core.test_dialogue import talk


def said(heard) -> str:
    return " ".join(reply.text for reply in heard[-1])


@pytest.mark.parametrize("wordy", ["said_already:", "never_mind:", "asks_back:", "ready:", "greeting:"])
async def test_what_stands_open_is_said_once_more(wordy):
    interview, heard = await talk("half alpha", wordy)
    assert interview.session.current is not None
    assert interview.session.current.probing is not None
    assert interview.session.current.probing.wording in said(heard)


async def test_one_who_said_it_already_is_believed_and_not_marked():
    interview, heard = await talk("half alpha", "said_already:")
    assert "missed it" in said(heard)
    assert len(interview.session.askings["ant"].contributions) == 1


async def test_a_question_back_costs_neither_marks_nor_patience():
    interview, heard = await talk(*["asks_back:"] * 6)
    asking = interview.session.askings["ant"]
    assert "nothing was marked" in said(heard).lower()
    assert (asking.contributions, asking.asides, interview.session.standing) == ((), 0, "ant")


async def test_what_a_program_may_be_is_told():
    interview, heard = await talk("skip:", "skip:", "about_code:")
    assert interview.session.standing == "prog"
    assert all(words in said(heard) for words in ("Keras", "in words", "64 KiB", "sandbox", "`/code FILE`"))


async def test_numbers_and_nouns_agree():
    _, heard = await talk("status:")
    assert "0 minutes in" in said(heard)
    _, heard = await talk("rules:")
    assert "4 questions" in said(heard)


async def test_silence_is_met_in_other_words_each_time_and_costs_nothing():
    interview, heard = await talk(*["empty:"] * 6)
    answered = [" ".join(reply.text for reply in replies) for replies in heard[-6:]]
    assert all(one.split(".")[0] != other.split(".")[0] for one, other in pairwise(answered)), "never the same twice"
    assert all(all(offer in said for offer in ("/hint", "in other words", "/skip")) for said in answered[2:])
    asking = interview.session.askings["ant"]
    assert (asking.contributions, asking.asides, interview.session.standing) == ((), 0, "ant")


async def test_what_is_not_understood_is_asked_for_again_and_not_marked():
    interview, heard = await talk("unclear:")
    assert "nothing was marked" in said(heard).lower()
    assert interview.session.askings["ant"].contributions == ()


async def test_the_numbers_beside_a_mark_are_explained_without_the_other_rules():
    _, heard = await talk("rules:marks")
    assert "0.86 sure" in said(heard) and "hints" not in said(heard)


async def test_who_skips_the_last_question_hears_that_it_was_the_last():
    interview, heard = await talk("skip:", "skip:", "skip:", "skip:")
    assert interview.session.ended is not None
    assert "last question" in said(heard)


async def test_marks_of_a_question_that_is_left_say_whose_they_are():
    _, heard = await talk("alpha beta", "grade:")
    assert [reply.kind for reply in heard[-1]] == ["grade"] and "Question 1 of 4 · The ant" in said(heard)
    _, heard = await talk("half alpha", "grade:")
    assert "Question 1" not in said(heard)
