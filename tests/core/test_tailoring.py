"""Tailoring: which topics a job description asks for, and by which of its words."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.tailoring import MOST_NAMED, TRACKS, WORDS, topics_in
from bot.knowledge.corpus_shapes import Topic

JOB = """Computer Vision Engineer. You will build object detection for our cameras with PyTorch, deploy models with
Docker and ONNX, and keep an eye on latency. Experience with OpenCV and YOLO is a plus; transformers are welcome."""


def test_a_job_description_names_its_topics_most_named_first() -> None:
    found = topics_in(JOB)
    assert next(iter(found)) in ("vision", "deployment")
    assert found["vision"] == ("Computer Vision", "object detection", "OpenCV", "YOLO")
    assert found["deployment"] == ("deploy", "Docker", "ONNX", "latency")
    assert found["pytorch"] == ("PyTorch",) and found["transformers"] == ("transformers",)
    assert "language" not in found and "classical" not in found


def test_the_words_are_those_of_the_text() -> None:
    for text in (JOB, JOB.upper(), "an LLM with RAG"):
        assert all(word in text for words in topics_in(text).values() for word in words)


@pytest.mark.parametrize(
    "text", ["", "We sell shoes.", "You brag about chatting", "a torchlight for the gpt-less gantry"]
)
def test_words_within_words_name_nothing(text: str) -> None:
    assert topics_in(text) == {}


def test_the_longer_of_two_words_is_named() -> None:
    assert topics_in("large language models")["transformers"] == ("large language models",)
    assert topics_in("natural language")["language"] == ("natural language",)


def test_a_word_counts_once_however_often_it_is_said() -> None:
    found = topics_in("vision video camera " + "pytorch " * 50)
    assert found["pytorch"] == ("pytorch",)
    assert next(iter(found)) == "vision"


def test_topics_and_tracks_are_those_of_the_bank() -> None:
    topics = set(get_args(Topic))
    assert set(WORDS) <= topics
    assert all(track <= topics for track in TRACKS.values())


@given(st.lists(st.sampled_from([word for words in WORDS.values() for word in words]), max_size=30))
def test_every_known_word_is_found_and_few_are_named(words: list[str]) -> None:
    text = ", ".join(words)
    found = topics_in(text)
    assert all(1 <= len(named) <= MOST_NAMED for named in found.values())
    assert bool(found) == bool(words)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert all(word in text for named in topics_in(text).values() for word in named)
