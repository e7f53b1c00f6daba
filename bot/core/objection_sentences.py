"""Every fixed sentence on objections to marks, by key; `sentences` holds them beside the others."""

from __future__ import annotations

OBJECTION_SENTENCES: dict[str, tuple[str, ...]] = {
    "disputed": (
        "I have written down that you object to the marks of question {number} ({title}). The marks stand as they are; "
        "your words stand beside them in the report.",
    ),
    "disputed_simulation": (
        "I have written down what you object to about question {number} ({title}); your words stand beside its marks "
        "in the report.",
    ),
    "disputed_question": (
        "I have written down, for whoever keeps the questions, that you find question {number} ({title}) or its "
        "reference at fault: your words, with the question as you were asked it. No mark changes by that. To object to "
        "a mark, quote the words of your answer that you mean: `/dispute “…”`.",
    ),
    "reconsidered_raised": (
        "I have read by itself what you point at. Question {number} ({title}) stood at **{before}**; it stands at "
        "**{after}** now, and that counts.",
    ),
    "reconsidered_stands": ("Question {number} ({title}) stands at **{after}**, as before. {why}",),
    "reconsidered_simulation": (
        "Your objection to question {number} ({title}) is judged. What came of it stands in the report once the "
        "interview is over: `viva report`.",
    ),
    "reconsidered_waits": (
        "Your objection to question {number} ({title}) is kept, and could not be judged yet. {why} It is tried again "
        "later, and by `/grade`.",
    ),
    "reconsidered_waits_over": (
        "Your objection to question {number} ({title}) is kept, and could not be judged yet. {why} It is judged once "
        "that can be done; `viva report` says what came of it.",
    ),
    "reconsidered_no_words": (
        "Your sentence points at no words of your answer, so there was nothing to read anew: what is said only in an "
        "objection does not count as said in the answer. Quote the words that you mean: `/dispute “…”`.",
    ),
    "reconsidered_not_found": (
        "I have read by itself what you point at ({quotes}), and find no key point in it beyond what it was given.",
    ),
    "reconsidered_elsewhere": (
        "Read by itself, what you point at ({quotes}) does say more; but the rest of your answer says otherwise.",
    ),
    "reconsidered_in_place": (
        "Read by itself, what you point at ({quotes}) does say more; but its mark rests on these words already, read "
        "with what stands around them, and that reading counts.",
    ),
    "reconsidered_sure": (
        "Read by itself, what you point at ({quotes}) does say more; but your answer was read whole first, which left "
        "no doubt, and that reading counts.",
    ),
    "reconsidered_program": (
        "A program is marked by what is read off it and by its run, which no sentence changes. Yours stands beside the "
        "marks in the report.",
    ),
    "reconsidered_enough": (
        "Two objections to this question have been judged, which is as many as are; this one stands beside them in "
        "the report.",
    ),
    "reconsidered_was": (" Before: {was}.",),
    "reconsidered_total": ("With it, the interview comes to **{total}**.",),
    "no_question_to_dispute": ("No question {detail} has been asked, so it has no marks to dispute.",),
    "no_marks_of_it": (
        "Question {detail} has no marks to dispute. To object to those of another question, name its number.",
    ),
    "no_marks_at_all": ("No answer of this interview has marks, so there are none to dispute.",),
    "stood_met": ("met",),
    "stood_partial": ("met in part",),
    "stood_missing": ("missing",),
    "stood_wrong": ("wrong",),
}
