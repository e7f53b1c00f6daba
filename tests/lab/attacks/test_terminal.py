"""Attacks on the terminal of whoever runs the bot: a real one, which is the bot's own."""

from __future__ import annotations

import os
import pty
import time
from pathlib import Path
from typing import Any

import pytest

from tests.lab.attacks.bots import bot
from tests.lab.attacks.conftest import place
from tests.lab.attacks.world import world

CASES = [
    ((), "own", set()),
    pytest.param((), "users", set(), marks=pytest.mark.slow),
    pytest.param(("session",), "own", {"written"}, marks=pytest.mark.slow),
    (("session", "seccomp"), "own", {"written", "typed"}),
]


@pytest.mark.parametrize(("without", "whose", "won"), CASES)
def test_the_terminal_is_out_of_reach(
    root: Path, tmp_path_factory: pytest.TempPathFactory, without: tuple[str, ...], whose: str, won: set[str]
) -> None:
    """Nothing appears on it and nothing was typed into it, unless defences are missing."""
    from tests.lab.sandbox.confining import SPARE

    owner = SPARE if whose == "users" and os.geteuid() == 0 else os.geteuid()
    screen, terminal = pty.openpty()
    os.set_blocking(screen, False)
    try:
        with world(place(tmp_path_factory, whose), owner) as made, bot(made, root, terminal) as started:
            said: Any = started.runs("terminal", without=without)["said"]["terminal"]
            shown = said_on(screen)
    finally:
        os.close(screen)
        os.close(terminal)
    found = {name for name in ("written", "typed") if name in shown}
    if "typed" in won and legacy() == "0":
        won = won - {"typed"}  # a kernel that lets nobody type
    assert found == won, (said, shown)


def said_on(screen: int) -> str:
    """What stands on it; what is typed is echoed."""
    time.sleep(0.1)
    try:
        return os.read(screen, 65536).decode(errors="replace")
    except BlockingIOError:
        return ""


def legacy() -> str:
    setting = Path("/proc/sys/dev/tty/legacy_tiocsti")
    return setting.read_text().strip() if setting.exists() else "1"
