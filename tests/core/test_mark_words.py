"""What a mark says of itself: each figure of a score can be worked out from what is told beside it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.core.mark_words import BRIEF_CLAIM, open_line, point_line
from bot.core.marking import Halved, PointGrade
from bot.core.question import Point, Question
from bot.core.sentences import SENTENCES
from tests.fakes import question as make

LONG = "A claim that goes on " + "and on " * 20 + "to its end"
MADE = make("thing", ("alpha", "beta"))
QUESTION = Question(**{**vars(MADE), "points": (Point("alpha", "Alpha holds.", 2), Point("beta", LONG, 3, True))})
MET = PointGrade("alpha", 2.0, False, 2 / 2, 1.0, 1.0, 1.0, "met", evidence="it is alpha")


def say(key: str, **values: object) -> str:
    return SENTENCES[key][0].format(**values)


def told(point: PointGrade) -> str:
    return point_line(say, QUESTION, point).text


@pytest.mark.parametrize(
    ("given", "share", "halved", "words"),
    [
        (1.0, 1.0, "", "2 of 2"),
        (0.92, 1.0, "", "1.84 of 2: 0.92 sure"),
        (1.0, 0.75, "", "1.5 of 2: × 0.75 after help"),
        (0.92, 0.5, "", "0.92 of 2: 0.92 sure, × 0.5 after two hints"),
        (0.8, 0.25, "order", "0.2 of 2: 0.80 sure, × 0.25 after three hints, × 0.5, as it stands out of order"),
        (1.0, 1.0, "reason", "1 of 2: × 0.5 without its reason"),
        (1.0, 0.75, "reason", "0.75 of 2: × 0.75 after help, × 0.5 without its reason"),
        (1.0, 1.0, "hinge", "1 of 2: × 0.5, as the answer turns the other way"),
    ],
)
def test_why_a_point_came_to_less_is_said_with_the_figures(given: float, share: float, halved: Halved, words: str):
    credit = given * share * (0.5 if halved else 1.0)
    point = replace(MET, given=given, credit=credit, prompted=share < 1.0, halved=halved)
    assert f"**met** ({words}): Alpha holds." in told(point)
    product = 2.0
    for factor in re.findall(r"([\d.]+) sure|× ([\d.]+)", words):
        product *= float(factor[0] or factor[1])
    assert words.startswith(f"{product:.2f}".rstrip("0").rstrip(".") + " of 2")


def test_in_brief_what_was_met_is_cut_and_what_was_missed_is_told_whole():
    met = PointGrade("beta", 3.0, True, 1.0, 1.0, 1.0, 1.0, "met", evidence="w " * 90)
    line = point_line(say, QUESTION, met)
    assert LONG in line.text and LONG not in line.brief and " … “w w" in line.brief and "a bonus" in line.brief
    assert len(line.brief) < BRIEF_CLAIM + 60 + 40
    assert point_line(say, QUESTION, met, quoted=False).brief.count("“") == 0
    missed = replace(met, verdict="missing", credit=0.0, given=0.0, evidence=None)
    assert LONG in point_line(say, QUESTION, missed).brief


def test_while_the_question_is_open_a_point_in_part_tells_the_own_words_alone():
    part = replace(MET, verdict="partial", given=0.5, credit=0.5)
    line = open_line(say, QUESTION, part)
    assert "it is alpha" in line.text and "1 of 2: 0.50 there" in line.text and "Alpha holds" not in line.text
    assert "it is alpha" in line.brief and "Alpha holds" not in line.brief
    assert "one more point" in open_line(say, QUESTION, replace(part, evidence=None)).text
