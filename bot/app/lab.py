"""Chooses what runs programs. It runs none itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.lab.lab import BubblewrapLab


def open_lab(
    settings: Settings, home: Path, told: Callable[[str], None], download: bool = True
) -> BubblewrapLab | None:
    """What runs programs; None where VIVA_LAB is off. Nothing is started yet.

    An interview downloads nothing: it measures on what is there. `told` hears how a download goes.
    """
    if settings.lab == "off":
        return None
    from bot.lab.download import PUBLISHED, Source
    from bot.lab.lab import BubblewrapLab, Wanted

    source = PUBLISHED if download else Source(mirrors=())
    mnist = settings.mnist_dir.expanduser() if settings.mnist_dir else None
    return BubblewrapLab(Wanted(home, mnist, settings.lab_device, settings.lab_warm, source=source, told=told))
