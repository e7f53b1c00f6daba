"""`viva doctor` and `viva --version`: what Viva runs on, what is missing, and how to mend it. It changes nothing."""

from __future__ import annotations

import asyncio
import importlib.metadata as metadata
import json
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import typer

from bot.errors import VivaError
from bot.settings import Settings, read_settings, variable

PROJECT = "viva-interviewer"
LOW_DISK_MIB = 200


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `mend` says what to do where it is not ok."""

    name: str
    status: Literal["ok", "warn", "fail"]
    text: str
    mend: str = ""


def version() -> str:
    """The version of Viva and of what it runs on, in one line."""
    system = f"{platform.system()} {platform.machine()}"
    return f"viva {version_number()} (Python {platform.python_version()}, {system})"


def version_number() -> str:
    """The version of Viva alone."""
    return _version(PROJECT) or "from source"


def doctor_command(as_json: bool, online: bool = False) -> int:
    """Prints every finding; 1 when something fails. Nothing outside this machine is asked unless `online`."""
    findings = list(_findings(online))
    for finding in findings:
        if as_json:
            typer.echo(json.dumps({"v": 1, **vars(finding)}, ensure_ascii=False))
        else:
            typer.echo(
                f"{finding.status:<5} {finding.name}: {finding.text}" + (f" {finding.mend}" if finding.mend else "")
            )
    return int(any(finding.status == "fail" for finding in findings))


def _findings(online: bool) -> Iterator[Finding]:
    yield Finding("viva", "ok", version() + ".")
    yield _python()
    for package in _required():
        yield _package(package)
    try:
        settings = read_settings()
    except VivaError as error:
        yield Finding("settings", "fail", str(error))
        return
    yield set_ones(settings)
    yield _checked("data folder", lambda: _home(settings), "")
    yield from opened(settings)
    yield _checked("database", lambda: _database(settings), "")
    yield _checked("corpus", lambda: _corpus(settings), "")
    yield _checked(
        "encoder", lambda: _model(settings), "Until then search goes by keywords and nothing is graded.", "warn"
    )
    from bot.commands.doctor_reader import reader_findings

    yield from reader_findings(settings)
    yield _checked("index", lambda: _index(settings), "", "warn")
    yield _lab(settings)
    from bot.commands.doctor_cost import cost_findings
    from bot.commands.doctor_discord import discord_findings
    from bot.commands.doctor_model import model_findings

    yield from model_findings(settings, online)
    yield from cost_findings(settings)
    yield from discord_findings(settings, online)


def set_ones(settings: Settings) -> Finding:
    """Which settings are not left at their defaults; not to what, for some are secrets."""
    given = ", ".join(sorted(variable(name) for name in settings.model_fields_set))
    return Finding("settings", "ok", f"{given} set, defaults else." if given else "all at their defaults.")


def _python() -> Finding:
    fine = sys.version_info >= (3, 11)
    text = f"Python {platform.python_version()}."
    return Finding("python", "ok" if fine else "fail", text, "" if fine else "Viva needs Python 3.11 or newer.")


def _required() -> list[str]:
    """What Viva says it needs, without what is needed for an extra alone."""
    try:
        wanted = metadata.requires(PROJECT) or []
    except metadata.PackageNotFoundError:
        return []
    return sorted(re.split(r"[\s;\[<>=!~(]", line, maxsplit=1)[0] for line in wanted if "extra ==" not in line)


def _package(name: str) -> Finding:
    found = _version(name)
    if found is None:
        return Finding(name, "fail", "not installed.", f"Run: pip install {name}")
    return Finding(name, "ok", f"{found}.")


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _checked(name: str, check: Callable[[], str], mend: str, otherwise: Literal["warn", "fail"] = "fail") -> Finding:
    """What the check says, or what it raises, as a finding."""
    try:
        return Finding(name, "ok", check())
    except VivaError as error:
        return Finding(name, otherwise, str(error), mend)


def _home(settings: Settings) -> str:
    from bot.app.home import check_writable, prepare_home

    home = prepare_home(settings)
    check_writable(home)
    free = shutil.disk_usage(home).free // 2**20
    if free < LOW_DISK_MIB:
        raise VivaError(
            f"Only {free} MiB are free where {home} lies. Make room: an interview that cannot be kept stops."
        )
    return f"{home}, {free} MiB free."


def opened(settings: Settings) -> Iterator[Finding]:
    """Whether others can read in the data folder, where they can."""
    from bot.app.closed import openness

    if found := openness(settings.home.expanduser()):
        yield Finding("data folder", "warn", *found)


def _database(settings: Settings) -> str:
    from bot.app.records import open_records

    async def check() -> str | None:
        store = await open_records(settings)
        try:
            return await store.check()
        finally:
            await store.close()

    trouble = asyncio.run(check())
    if trouble:
        raise VivaError(trouble)
    return "sound."


def _corpus(settings: Settings) -> str:
    from bot.app.bank import open_bank
    from bot.app.home import prepare_home

    bank = open_bank(prepare_home(settings))
    return f"{len(bank.questions())} questions, {len(bank.flows())} flows."


def _model(settings: Settings) -> str:
    from bot.app.bank import open_embedder
    from bot.app.home import prepare_home

    embedder = open_embedder(prepare_home(settings))
    embedder.embed(["a sentence"])
    return f"{embedder.name}, {embedder.dimensions} dimensions, works."


def _index(settings: Settings) -> str:
    from bot.app import own_documents
    from bot.app.bank import open_shelves
    from bot.app.home import prepare_home

    home = prepare_home(settings)
    owned = asyncio.run(own_documents.to_search(settings, home, lambda why: None))  # the database has a line of its own
    library = open_shelves(settings, home, owned).library
    try:
        found = asyncio.run(library.search("gradient descent", 1))
        if notice := library.notice():
            raise VivaError(notice)
        return f"answers; nearest to “gradient descent”: {found[0].title}." if found else "empty."
    finally:
        library.close()


def _lab(settings: Settings) -> Finding:
    """Whether programs can be run here, on what, with which digits. PyTorch is looked for, not imported."""
    if sys.platform != "linux":
        return Finding("lab", "warn", "programs are run on Linux alone; here they are read.", "On Windows, use WSL2.")
    from bot.core.training import Limits
    from bot.lab.datasets import digits_at_hand
    from bot.lab.gpu import TAKE_TORCH, offer, read_devices
    from bot.lab.sandbox import Sandbox
    from bot.lab.status import lab_status, lab_verdict

    on, devices, sandbox = settings.lab != "off", read_devices(), Sandbox()
    offered = offer(settings.lab_device, devices)
    no_torch = None if devices.torch else f"Programs cannot be run here: PyTorch is not installed. Run: {TAKE_TORCH}"
    lab = {
        "unavailable": (no_torch or sandbox.unavailable()) if on else None,
        "sandbox": sandbox.describe() if on else {},
        "devices": ("cpu", *(gpu.device for gpu in offered.gpus)),
        "says": offered.says,
    }
    digits = digits_at_hand(settings.mnist_dir, settings.home)
    verdict = lab_verdict(lab_status(lab, devices, digits, Limits(), on))
    return Finding("lab", verdict.state, verdict.text, verdict.mend)
