"""Templates for new questions, one for each kind: every key with a comment on what to write. It writes no file.

What an author must fill in begins with “<write ”, and `viva questions check` finds what is left of it (own_files.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from bot.core.question import Kind
from bot.core.shown import FACTS
from bot.knowledge.corpus_shapes import Detector, FalseShape, Topic, TrueShape


@dataclass(frozen=True)
class Template:
    """A question file, and the file of the statements beside it; empty where the kind needs none."""

    question: str
    statements: str


@dataclass(frozen=True)
class Form:
    """What is special about a kind: what it is, its own keys, its reference, its key points, and its tables."""

    says: str
    keys: str = ""
    reference: str = "<write the answer of the best candidate you can imagine>"
    points: tuple[tuple[str, str], ...] = (("first-point", "weight = 2"), ("second-point", "weight = 1"))
    tables: str = ""
    judged_by_statements: bool = True


HEAD = """\
# A question for Viva: {kind}, {says}.
# Fill in what begins with “<write ”, take the # off the keys you want, then run: viva questions check FILE
# Texts stand in "quotation marks"; long ones, and those with \\ or ", between three single ones: \'\'\' … \'\'\'

[[question]]
# Its name for ever: lower-case letters, digits and hyphens. No other question has it; past interviews refer to it.
id = "{id}"
# What kind of answer it wants: {kinds}.
kind = "{kind}"
# For the status line, at most 40 characters. It must not give the answer away.
title = "<write a short title>"
# As the interviewer says it: warm and exact, one question.
ask = "<write the question as it is spoken>"
# The same in other words, for one who did not get it, or is asked again weeks later.
reworded = "<write the question in other words>"
# The same in plain English: short sentences, no idiom, terms of art kept.
plain = "<write the question in plain English>"
# Two to four other ways in which people ask it: terse, abbreviated. Search finds it by them.
asked_as = ["<write a terse wording>", "<write another wording>"]
# What the interviewer wants to find out, in one sentence.
aim = "<write what it is to find out>"
# beginner, intermediate or advanced
level = "<write the level>"
# One to three of: {topics}
topics = ["<write a topic>"]
# Numbers of the articles that Viva's own questions come from, such as ["S1-7"]. For a question of yours: none.
sources = []
# Who is known to ask it: a company, a collection.
# asked_by = "…"
# Ids of other questions: what should come before this one, what an interviewer goes on to, and what its answer would
# give away in part. `viva questions` lists the ids; leave the lists empty where nothing fits.
requires = []
leads_to = []
see_also = []
# The question as it is put by telephone (words alone) or at a whiteboard, where that should be another wording.
# on_phone = "…"
# at_board = "…"
# What of the candidate's earlier claims it comes back to: optimiser, activation, loss, batch-size, …
# recalls = ["optimiser"]
{keys}\
# The best answer, in Markdown, 70 to 160 words. It covers every key point plainly. Formulas stand in $…$.
reference = \'\'\'
{reference}
\'\'\'
# Only where a source that people learn from is wrong: what it says, in your words, and why it is wrong. Kind, short.
# erratum = "…"
# Three hints, each going further: a nudge, the direction, half the answer.
hints = [
  "<write a nudge>",
  "<write the direction>",
  "<write half the answer>",
]
# One or two works that exist: an address that begins with https://, or "arXiv:1234.56789".
further = [
  {{ title = "<write author and title>", where = "https://<write the address>" }},
]
"""

POINT = """
[[question.points]]
# Its name within the question. Follow-ups, misconceptions and statements refer to it: rename it everywhere.
id = "{id}"
# One thing that a good answer says, in one plain sentence. Points do not overlap.
says = "<write what a good answer says here>"
{keys}
"""

POINT_MORE = """\
# A bonus can fill what is missing and is never required; `detail` marks what is merely recited.
# bonus = true
# detail = true
"""

WEIGHT = "# From 1 to 3: how much it counts.\n"

MISCONCEPTION = """
# A wrong belief that people really hold: one table for each.
[[question.misconceptions]]
id = "a-wrong-belief"
# As one who holds it would say it.
believes = "<write the wrong belief as a sentence>"
# What the interviewer says to it: kind, and why it is wrong.
reply = "<write the interviewer's reply>"
# The key points that it contradicts.
points = ["{point}"]
"""

FOLLOW_UP = """
[[question.follow_ups]]
point = "{point}"
# missed, wrong or interesting: at least one `missed` for each key point that is no bonus.
when = "missed"
# One spoken question that points at the idea without saying it.
ask = "<write a follow-up question>"
"""

OPTION = """
# What the candidate chooses from: two or more tables, exactly one of them right. Letters are given when it is asked.
[[question.options]]
says = "<write the right option>"
right = true
# Why it is right.
reply = "<write why it is right>"

[[question.options]]
says = "<write a wrong option>"
# Why it is not.
reply = "<write why it is not right>"
"""

STATEMENTS_HEAD = """\
# What candidates say about each key point of “{id}”: true statements earn it, false ones contradict it.
# The grader compares each sentence of an answer with them, so they decide how well the question is marked.
# - One spoken sentence of 5 to 35 words each, with its subject named; six or seven true and as many false.
# - Each true one says the whole point, in words of its own. Vary them: other people, other words.
# - Each false one is fluent and plausible, about this very point, and wrong beyond doubt.
# - A value is a sentence, or a list of them; literal ones, with \\ or ", stand in 'single quotation marks'.
# - True and false ones are equally long (within 15 %), so that length gives nothing away.
"""

STATEMENT_COMMENTS: Mapping[str, str] = {
    "formal": "as a textbook would say it",
    "colloquial": "as one says it to a colleague",
    "example": "by an example that shows it",
    "symbols": "with symbols or a formula; leave it out where that makes no sense",
    "short": "as briefly as it can be said",
    "long": "with more words than it needs",
    "learner": "in a learner's English, still right",
    "negated": "a true statement turned into its opposite",
    "swapped": "two names, roles or values exchanged",
    "direction": "more for less, up for down, before for after",
    "cause": "the wrong cause or reason",
    "name": "the wrong thing named",
    "half-true": "begins right, ends wrong",
    "misconception": "the wrong belief that people really hold",
}

_REASONS = (("verdict", "weight = 1"), ("first-reason", "weight = 2"), ("second-reason", "weight = 2"))
_EQUAL = (("first-point", ""), ("second-point", ""), ("third-point", ""))
_NEEDS = (
    "# So many of the key points earn full marks; fewer than there are. The points all weigh the same.\nneeds = 2\n"
)
_HINGE = '# The key point on which the answer turns; the reasons weigh more together than it does.\nhinge = "verdict"\n'
_VERDICT = '# yes or no\nverdict = "<write the verdict>"\n'
_TABLE = """\
| | <write the one> | <write the other> |
| --- | --- | --- |
| <write a point> | <write how it is> | <write how it is> |"""
_SITUATION = """\
# The situation, in 60 to 150 words; it is shown below the question.
statement = '''
<write the situation>
'''
"""
_LISTING = """\
# The program to read: 10 to 25 lines of Python that can be parsed. Its bugs are the key points.
listing = '''
"<write the program here>"
'''
"""
_TASK = """\
# What the program must do, and what the candidate begins with.
statement = '''
<write the task>
'''
starter = '''
<write the first lines of the program>
'''
"""
_LINES = "weight = 1\n# The lines of the listing in which this bug is, counted from 1.\nlines = [1]"
_VALUE = """\
weight = 2
# The number that is asked for, and how far an answer may be off.
value = "<write the number, without quotation marks>"
tolerance = 0.01"""
_FORMULA = """\
weight = 2
# Spellings of the formula that count as this part.
formulas = ["<write the formula>", "<write it otherwise>"]"""
_SHOWN = f"""\
weight = 1
# The fact of a program that shows it: {", ".join(sorted(FACTS))}.
shown_by = "<write a fact>\""""
_BECAUSE = """\
weight = 1
# The key point that gives its reason: without it this one counts half.
because = "the-reason\""""

#: What is found in a pitch, point by point.
_PITCH = tuple(
    (name, f'weight = 1\n# Found in the words themselves.\nfound_by = "{name}"') for name in get_args(Detector)
)

FORMS: Mapping[Kind, Form] = {
    "free": Form("to be answered in a few sentences"),
    "code": Form(
        "to be answered with a program, which is read; one that is run belongs to a lab task",
        keys=_TASK,
        points=(("first-point", _SHOWN), ("second-point", _SHOWN)),
    ),
    "compare": Form("which sets two things side by side; each point says both sides", reference=_TABLE),
    "enumerate": Form("of which some of many right answers are enough", keys=_NEEDS, points=_EQUAL),
    "remedy": Form(
        "which asks what to do against a trouble; some of many remedies are enough", keys=_NEEDS, points=_EQUAL
    ),
    "steps": Form("whose points are steps, in the order in which they are taken", points=_EQUAL),
    "yes-no": Form("with a verdict and its reasons", keys=_HINGE + _VERDICT, points=_REASONS),
    "what-if": Form(
        "which asks what follows from a change, and why",
        points=(("the-consequence", _BECAUSE), ("the-reason", "weight = 2")),
    ),
    "trap": Form("which presupposes something false, and is answered well by saying so", keys=_HINGE, points=_REASONS),
    "choice": Form(
        "with options to choose from, and reasons for the choice", keys=_HINGE, points=_REASONS, tables=OPTION
    ),
    "numeric": Form(
        "whose answer is a number, with the working that led to it",
        points=(("the-number", _VALUE), ("the-working", "weight = 1")),
    ),
    "derivation": Form(
        "to be derived in parts, which are the key points in their order",
        points=(("first-part", _FORMULA), ("second-part", _FORMULA)),
    ),
    "find-bug": Form(
        "with a program in which bugs are to be found",
        keys=_LISTING,
        points=(("first-bug", _LINES), ("second-bug", _LINES)),
    ),
    "case": Form("about a situation that is described", keys=_SITUATION),
    "pitch": Form(
        "which asks for a project of the candidate's own in 30 seconds", points=_PITCH, judged_by_statements=False
    ),
    "experience": Form("about the candidate's own work, marked on choice and reason, whatever was chosen"),
}


def template(id_: str, kind: Kind) -> Template:
    """A template for a question of this kind."""
    form = FORMS[kind]
    head = HEAD.format(
        id=id_,
        kind=kind,
        says=form.says,
        kinds=", ".join(FORMS),
        topics=", ".join(get_args(Topic)),
        keys=form.keys,
        reference=form.reference,
    )
    points = [point for point, _ in form.points]
    first, *others = [POINT.format(id=point, keys=_point_keys(keys)) for point, keys in form.points]
    told = [head, form.tables, first, POINT_MORE, *map(_uncommented, others)]
    if form.judged_by_statements:
        told.append(MISCONCEPTION.format(point=points[0]))
    first, *others = [FOLLOW_UP.format(point=point) for point in points]
    told += [first, *map(_uncommented, others)]
    return Template("".join(told), _statements(id_, form) if form.judged_by_statements else "")


def _uncommented(table: str) -> str:
    """A table after the first of its kind, where everything was explained."""
    return "".join(line for line in table.splitlines(keepends=True) if not line.startswith("#"))


def _point_keys(keys: str) -> str:
    return f"{WEIGHT}{keys}" if keys.startswith("weight") else keys


def _statements(id_: str, form: Form) -> str:
    told = [STATEMENTS_HEAD.format(id=id_)]
    for point, keys in form.points:
        if "value =" in keys:  # found by its number
            continue
        for truth, shape in (("true", TrueShape), ("false", FalseShape)):
            told.append(f'\n["{id_}"."{point}".{truth}]\n')
            for name, field in shape.model_fields.items():
                key = field.alias or name
                line = f'{key} = "<write a {truth} statement>"\n'
                explained = any(f"\n{line}" in part or part == line for part in told)
                told.append(line if explained else f"# {STATEMENT_COMMENTS[key]}\n{line}")
    return "".join(told)
