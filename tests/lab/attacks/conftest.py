"""Stand-ins for the bot, each with a world of its own to attack: of whoever runs the tests, and of an ordinary user."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.attacks.bots import Bot, bot
from tests.lab.attacks.world import world
from tests.lab.sandbox.confining import SPARE


@pytest.fixture(scope="session")
def own_bot(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """A bot of whoever runs the tests: of root, if it is root."""
    with world(place(tmp_path_factory, "own"), os.geteuid()) as made, bot(made, root) as started:
        yield started


@pytest.fixture(scope="session")
def bare_bot(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """Like `own_bot`, for sandboxes that lack a defence: its world is not as it was after them."""
    with world(place(tmp_path_factory, "bare"), os.geteuid()) as made, bot(made, root) as started:
        yield started


@pytest.fixture(scope="session")
def users_bot(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """A bot of an ordinary user."""
    owner = SPARE if os.geteuid() == 0 else os.geteuid()
    with world(place(tmp_path_factory, "users"), owner) as made, bot(made, root) as started:
        yield started


def place(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder that others can pass through, so that no mode of a folder stands in an attack's way."""
    folder = factory.mktemp(name) / "world"
    folder.mkdir()
    for above in folder.parents:
        if above.stat().st_mode & 0o001 == 0:
            above.chmod(above.stat().st_mode | 0o001)
    return folder
