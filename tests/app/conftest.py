"""What the tests of this room share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.houses import unlogged


@pytest.fixture
def quiet_after() -> Iterator[None]:
    """A house starts the log of its process; the tests that come after have none."""
    with unlogged():
        yield
