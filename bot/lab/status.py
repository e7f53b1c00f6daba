"""How the lab stands, as `viva lab status` and `viva doctor` say it: as one object, and as lines for people.

It composes what it is handed, and looks at nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.core.training import Limits
from bot.lab.datasets import AtHand
from bot.lab.gpu import Devices

OFF = "The lab is off (VIVA_LAB=off): programs are read, not run."
NO_MNIST = "MNIST itself."


@dataclass(frozen=True)
class Verdict:
    """The lab in one sentence, with what to do where something is amiss."""

    state: Literal["ok", "warn"]
    text: str
    mend: str = ""


def lab_status(
    lab: Mapping[str, Any], devices: Devices, digits: AtHand, limits: Limits, on: bool = True
) -> dict[str, Any]:
    """The whole of it. `lab` is what the lab says of itself (its `describe`): `unavailable`, `sandbox`, `devices` that
    programs may have, what it `says` of them, `queue`, `slots`, `machine`; what it leaves out is left out here.
    """
    why = OFF if not on else lab.get("unavailable")
    return {
        "v": 1,
        "type": "lab",
        "runs": why is None,
        "why": why,
        "isolation": dict(lab.get("sandbox") or {}),
        "limits": {
            "seconds": limits.seconds,
            "memory_mib": limits.memory,
            "output_bytes": limits.output,
            "source_bytes": limits.source,
        },
        "torch": asdict(devices.torch) if devices.torch else None,
        "devices": {
            "offered": list(lab.get("devices", ("cpu",))),
            "gpus": [{"device": gpu.device, "name": gpu.name, "node": str(gpu.node)} for gpu in devices.gpus],
            "driver": devices.driver,
            "says": lab.get("says", ""),
        },
        "data": {"state": digits.state, "text": digits.text},
        **{name: dict(lab[name]) for name in ("queue", "slots", "machine") if name in lab},
        "missing": [{"what": what, "mend": mend} for what, mend in _missing(why, devices, digits)],
    }


def lab_lines(status: Mapping[str, Any]) -> list[str]:
    """The object as lines."""
    return list(_lines(status))


def lab_verdict(status: Mapping[str, Any]) -> Verdict:
    """The object in one sentence: a warning where programs are not run, a GPU lies idle, or there are no digits."""
    if not status["runs"]:
        return Verdict("ok" if status["why"] == OFF else "warn", status["why"])
    where = ", ".join(status["devices"]["offered"])
    text = f"programs run confined by {_isolated(status)}, on {where}; {status['data']['text']}"
    for lacking in status["missing"]:
        # The stand-in is what one gets offline: it is said beside every figure, and is nothing to be warned of.
        if lacking["what"] != NO_MNIST:
            return Verdict("warn", lacking["what"], lacking["mend"])
    return Verdict("ok", text)


def _missing(why: str | None, devices: Devices, digits: AtHand) -> Iterator[tuple[str, str]]:
    """What keeps the lab from being all that it could be here, each with its mend."""
    if why is not None and why != OFF:
        yield why, ""
    if devices.trouble:
        yield devices.trouble, devices.mend
    if digits.state != "ok":
        yield NO_MNIST if digits.state == "stand-in" else digits.text, digits.mend


def _lines(status: Mapping[str, Any]) -> Iterator[str]:
    if status["runs"]:
        yield f"Programs are run here, confined by {_isolated(status)}."
    else:
        yield f"Programs are not run here; they can still be read. {status['why']}"
    yield from (f"  {name}: {_shown(value)}" for name, value in status["isolation"].items() if name != "unavailable")
    limits = status["limits"]
    yield (
        f"Limits of a run, unless a task has others: {limits['seconds']:g} s, {limits['memory_mib']} MiB, "
        f"{limits['output_bytes'] // 1024} KiB of output, {limits['source_bytes'] // 1024} KiB of source."
    )
    yield from _about_devices(status)
    yield f"Digits: {status['data']['text']}"
    if queue := status.get("queue"):
        yield f"Queue: {queue['running']} running of {queue['places']} at once, {queue['waiting']} waiting."
    for name in ("slots", "machine"):
        if about := status.get(name):
            yield f"{name.capitalize()}: {_shown(about)}."
    for lacking in status["missing"]:
        yield f"Missing: {lacking['what']} {lacking['mend']}".rstrip()


def _about_devices(status: Mapping[str, Any]) -> Iterator[str]:
    devices, torch = status["devices"], status["torch"]
    if torch:
        built = f"for CUDA {torch['cuda']}" if torch["cuda"] else "for the CPU"
        yield f"PyTorch: {torch['version']}, built {built}."
    else:
        yield "PyTorch: not installed."
    names = {gpu["device"]: gpu["name"] for gpu in devices["gpus"]}
    shown = [f"{device} ({names[device]})" if device in names else device for device in devices["offered"]]
    driver = f"; driver {devices['driver']}" if devices["driver"] else ""
    yield f"Devices for programs: {', '.join(shown)}{driver}. {devices['says']}".rstrip()


def _isolated(status: Mapping[str, Any]) -> str:
    return str(status["isolation"].get("isolation") or "nothing")


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_shown(inner)}" for name, inner in value.items())
    return "none" if value is None else str(value)
