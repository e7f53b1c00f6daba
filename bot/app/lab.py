"""Chooses what runs programs. It runs none itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.lab.lab import BubblewrapLab


def open_lab(
    settings: Settings, home: Path, told: Callable[[str], None], download: bool = True, resident: bool = False
) -> BubblewrapLab | None:
    """What runs programs; None where VIVA_LAB is off. Nothing is started yet.

    An interview downloads nothing: it measures on what is there. `told` hears how a download goes. One that is
    `resident` keeps its warm sandboxes however long no program comes.
    """
    if settings.lab == "off":
        return None
    from bot.lab.download import PUBLISHED, Source
    from bot.lab.lab import BubblewrapLab, Wanted

    source = PUBLISHED if download else Source(mirrors=())
    mnist = settings.mnist_dir.expanduser() if settings.mnist_dir else None
    wanted = Wanted(home, mnist, settings.lab_device, settings.lab_warm, source=source, told=told)
    return BubblewrapLab(replace(wanted, idle=None) if resident else wanted)


def lab_in_words(settings: Settings, unavailable: str | None) -> str:
    """How programs are run here: how many sandboxes fit, by the memory and cores as they stand."""
    if settings.lab == "off":
        return "Programs are read, and not run (VIVA_LAB=off)."
    if unavailable is not None:
        return unavailable
    from bot.core.training import Limits
    from bot.lab import sizing

    machine, wanted = sizing.read_machine(), settings.lab_warm or 0
    fit, at_once = sizing.slots(machine, wanted), sizing.parallel(machine, Limits().memory)
    said = f"Programs are run in the sandbox, {at_once} at once; {fit} of {wanted} wanted sandboxes wait ready."
    if fit < wanted:
        said += f" More do not fit: {machine.free:,} MiB are free, one takes {sizing.SLOT}, {sizing.RESERVE:,} stay."
    return said
