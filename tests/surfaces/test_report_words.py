"""The report in words: nouns agree with their numbers, and a total is named as the chat names it."""

from __future__ import annotations

import pytest

from bot.core.sentences import SENTENCES
from bot.surfaces.report.markdown import markdown


def report(score: float, band: str, counted: int, hints: int) -> str:
    answer = {"role": "answer", "text": "it learns", "after_hints": hints, "why_not": "", "note": "", "run": None}
    question = {
        "number": 1, "label": "1", "title": "Learning", "asked": "What is it?", "outcome": "dont_know",
        "answers": [answer],
        "follow_ups": [], "hints": [], "graded": False, "beyond": [], "misconceptions": [],
        "disputes": [], "objections": [],
        "reference": "", "sources": [], "erratum": "", "see_also": [], "reading": [],
        "shown": "", "earlier": None, "aim": "", "asked_by": None,
    }  # fmt: skip
    total = {"score": score, "alone": score, "band": band, "counted": counted, "not_graded": 0}
    return markdown(
        {"title": "t", "session": "s", "mode": "practice", "status": "finished", "last_at": "", "minutes": 1.0,
         "total": total, "topics": [], "questions": [question], "reading": [], "readmes": [], "series": None,
         "code_rounds": [], "cost": None}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("counted", "hints", "words"),
    [
        (1, 1, ["over 1 question that counts;", "(after 1 hint)", "1 minute."]),
        (2, 3, ["over 2 questions that count;", "(after 3 hints)"]),
    ],
)
def test_nouns_agree_with_their_numbers(counted, hints, words):
    text = report(0.5, "partial", counted, hints)
    assert [w for w in words if w not in text] == []


@pytest.mark.parametrize("band", ["strong", "partial", "weak", "none"])
def test_a_total_is_named_as_in_the_chat(band):
    text = report(0.1, band, 2, 0)
    assert f"({SENTENCES[f'band_{band}'][0]})" in text
    assert "(none)" not in text
