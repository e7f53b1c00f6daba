"""What tests of every room share: where the project lies, what lies beside it, how hypothesis runs here, and that a
test marked `alone` has the machine to itself, however many processes run the tests.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

if sys.platform != "win32":
    import fcntl

# For tests that import ONNX Runtime by themselves: it sends events from its import on. Viva sees to it by itself.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
# A key of whoever runs the tests is for none of them: each names the model server that it asks.
for name in [name for name in os.environ if name.startswith("OPENAI_")]:
    del os.environ[name]

# Shared machines are slow at random, so no deadline; in CI the examples are the same each time.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("VIVA_CI") else "here")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared(root: Path) -> Path:
    """The folder of material beside the project, which a checkout need not have."""
    folder = root.parent / "shared"
    if not folder.is_dir():
        pytest.skip("there is no folder `shared` beside this checkout")
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """A test that is `alone` waits for those that other processes run, and theirs wait for it."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return (yield)
    # A worker has a folder of its own; the one above belongs to all of them.
    shared = item.session.config._tmp_path_factory.getbasetemp().parent  # type: ignore[attr-defined]
    with _held(shared, item.get_closest_marker("alone") is not None):
        return (yield)


@contextmanager
def _held(folder: Path, alone: bool) -> Iterator[None]:
    """All go through the door, one by one; who is to be alone keeps it shut, and so need not wait for ever."""
    if sys.platform == "win32":  # nothing that is to be alone runs there
        yield
        return
    with (folder / "door").open("w") as door, (folder / "room").open("w") as room:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        if not alone:
            fcntl.flock(door, fcntl.LOCK_UN)
        try:
            yield
        finally:  # not by closing alone: a child that a test forked may have these files open still
            fcntl.flock(room, fcntl.LOCK_UN)
            fcntl.flock(door, fcntl.LOCK_UN)
