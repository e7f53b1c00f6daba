"""The shipped bank, its encoder and a grader over both, once for all tests of this room."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.core.question import Question
from bot.offline.grader import OfflineGrader
from bot.ports import Embedder
from evals import places


@pytest.fixture(scope="session")
def bank() -> Mapping[str, Question]:
    return places.bank()


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return places.embedder(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def grader(encoder: Embedder) -> OfflineGrader:
    return places.grader(encoder)
