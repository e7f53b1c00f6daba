"""The check of statements: what it finds in made-up ones, and that the shipped ones pass it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.core.question import Point, Question
from bot.knowledge.bank import known_vectors
from bot.knowledge.corpus import corpus_folder, read_corpus
from bot.knowledge.corpus_statements import check_statements
from bot.knowledge.embedding import MiniLM
from bot.knowledge.folders import index_folders
from bot.knowledge.vectors import Recalling


class Directions:
    """An embedder whose texts lie at given angles, in degrees, on a circle."""

    name = "directions"
    dimensions = 2

    def __init__(self, angles: Mapping[str, float]) -> None:
        self._angles = angles

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        radians = np.radians([self._angles[text] for text in texts])
        return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def question(*points: Point) -> Question:
    return Question("q", "Q", "?", "?", "?", "?", "beginner", ("training",), points, "", ("", "", ""))


def said(text: str) -> str:
    return f"This says that it is {text}"


def problems(angles: Mapping[str, float], *points: Point) -> list[str]:
    return [str(problem) for problem in check_statements([question(*points)], Directions(angles))]


def test_two_statements_of_one_truth_that_are_nearly_equal_are_named() -> None:
    angles = {said("a"): 0, said("b"): 10, said("c"): 90, said("d"): 100}
    point = Point("p", "", true=(said("a"), said("c")), false=(said("b"), said("d")))
    assert problems(angles, point) == []
    point = Point("p", "", true=(said("a"), said("b")), false=(said("c"),))
    (found,) = problems(angles, point)
    assert found.startswith("q/p: ")
    assert "say nearly the same (cosine 0.98, from 0.93 on); reword one" in found


def test_a_false_statement_at_another_points_true_one_is_named_with_both_numbers() -> None:
    angles = {said("a"): 0, said("b"): 60, said("stray"): 170, said("c"): 180, said("d"): 120}
    first = Point("p", "", true=(said("a"),), false=(said("b"), said("stray")))
    second = Point("r", "", true=(said("c"),), false=(said("d"),))
    (found,) = problems(angles, first, second)
    assert "'This says that it is stray' stands nearer to 'This says that it is c', which is true of 'r'" in found
    assert "(cosine 0.98), than to anything said of its own point (-0.34)" in found


def test_a_false_statement_beside_its_own_truth_stands_where_it_should() -> None:
    angles = {said("a"): 0, said("not a"): 17, said("c"): 30, said("d"): 90}
    first = Point("p", "", true=(said("a"),), false=(said("not a"),))
    second = Point("r", "", true=(said("c"),), false=(said("d"),))
    assert problems(angles, first, second) == []


def test_lengths_that_give_the_truth_away_are_an_error_with_the_means() -> None:
    angles = {"This is a statement of ten words, as you see.": 0.0, "This is one of five.": 90.0}
    point = Point("p", "", true=tuple(angles)[:1], false=tuple(angles)[1:])
    (found,) = check_statements([question(point)], Directions(angles))
    assert found.severity == "error"
    assert "the false statements have 5.0 words on average and the true ones 10.0" in str(found)


def test_statements_that_are_too_short_are_named() -> None:
    assert problems({"Too short.": 0}, Point("p", "", true=("Too short.",))) == [
        "q/p: 'Too short.' has 2 words; a statement has 5 to 35"
    ]


def test_a_draft_without_statements_has_nothing_to_check() -> None:
    assert problems({}, Point("p", "")) == []


def test_the_shipped_statements_pass(minilm: MiniLM, tmp_path: Path) -> None:
    """Vectors that set-up has made are taken from there, for embedding all statements takes a quarter of a minute."""
    embedder = Recalling(minilm, known_vectors(index_folders(tmp_path), minilm))
    found = check_statements(read_corpus(corpus_folder()).questions(), embedder)
    assert [str(problem) for problem in found] == []
