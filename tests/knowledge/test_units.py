"""What is indexed of a question, a note and a document."""

from __future__ import annotations

import json
import re
import time

import pytest

from bot.knowledge.corpus import Corpus, corpus_folder, from_data, read_corpus, to_data
from bot.knowledge.hits import hit
from bot.knowledge.units import Unit, from_json, from_record, question_unit, to_json, to_metadata, units_of
from tests.fakes import question


@pytest.fixture(scope="module")
def shipped() -> Corpus:
    return read_corpus(corpus_folder())


def test_a_question_is_asked_for_in_all_its_wordings() -> None:
    unit = question_unit(question("gradient", asked_as=("slope?", "what is grad"), topics=("training",)))
    assert unit.asked == (
        "The gradient",
        "What is the gradient?",
        "Tell me about the gradient.",
        "Please explain the gradient.",
        "slope?",
        "what is grad",
    )
    assert unit.said == ("It is alpha.", *["alpha"] * 6, "It is beta.", *["beta"] * 6)
    assert unit.embedded == "The gradient. What is the gradient? The gradient is alpha and beta."
    assert (unit.level, unit.topics) == ("beginner", ("training",))
    assert set(unit.texts) == {unit.embedded, *unit.asked, *unit.said}


def test_a_note_and_a_document_have_one_vector() -> None:
    note = Unit("note:a", "note", "Stride", "How far.", words="step, pace")
    assert (note.texts, note.asked) == (("Stride. step, pace How far.",), ())


def test_it_comes_back_whole() -> None:
    unit = question_unit(question("gradient"))
    assert from_record(unit.text, to_metadata(unit)) == unit
    assert list(from_json(to_json([unit]))) == [unit]


def test_no_placeholder_is_indexed(shipped: Corpus) -> None:
    names = re.compile(r"(?<![\\\w}^_])\{(file|line|code|n|f|p|s|d|k|size|[a-z]+_[a-z]+)\}")
    for unit in units_of(shipped):
        for text in (unit.text, *unit.asked, *unit.said):
            assert not names.search(text), (unit.id, text)


def test_the_compiled_bank_is_read_well_under_three_tenths_of_a_second(shipped: Corpus) -> None:
    compiled = json.dumps(to_data(shipped))
    taken = []
    for _ in range(3):
        started = time.process_time()
        assert len(from_data(json.loads(compiled)).bank) == len(shipped.bank)
        taken.append(time.process_time() - started)
    assert min(taken) < 0.15


def test_every_hit_has_its_sources(shipped: Corpus) -> None:
    assert [unit.id for unit in units_of(shipped) if not hit(unit.passage())["sources"]] == []
