"""The published figures of the grader belong to this grader, these labels and questions, and still hold."""

from __future__ import annotations

import pytest

from evals.grading import publishing
from evals.grading.cases import PARTS, cases, sample
from evals.grading.contenders import contenders
from evals.grading.figures import sections
from evals.grading.judging import judged
from evals.places import shelf


def quiet(done: int, of: int) -> None:
    pass


@pytest.mark.slow
def test_the_published_figures_are_ours_and_no_figure_is_worse_today() -> None:
    published = publishing.read()
    here = shelf()
    bank = {question.id: question for question in here.bank.questions()}
    versions = {one.name: one.version for one in contenders(here.bank, here.embedder, here.whole)}
    again = "measure anew and publish: viva eval grader --publish"
    assert publishing.strangers(published, versions, bank) == [], again

    every = [case for part in PARTS for case in cases(part, bank)]
    found = judged(sample(every, published["sample"]["size"], published["sample"]["seed"]), quiet)
    today = publishing.figures(sections(found, versions, bank))
    assert publishing.worse(published["sample"]["figures"], today) == []


@pytest.mark.slow
def test_the_pages_show_the_published_figures() -> None:
    published = publishing.read()
    page = (publishing.PUBLISHED.parent / "README.md").read_text(encoding="utf-8")
    table = page.partition(publishing.BEGINS)[2].partition(publishing.ENDS)[0]
    for part in published["whole"]:
        for one in part["graders"]:
            assert f"| {one['grader']} | {one['measures']['spearman']['value']:.2f} (" in table
