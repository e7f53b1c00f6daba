"""Makes `.venv` and brings it to what the locks say: run by make, or by hand where there is no make.

Standard library only, for it runs before anything is installed. It opens no interview and reads no standard input. Each
step leaves a stamp, keyed by what went into it, so that the next run starts at once. What the steps are, `steps` knows.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from scripts import system_packages
from scripts.steps import AGAIN, LOCKED, ROOT, Machine, Step, steps_for

#: What stands in a stamp, before the key, of a step that failed and is not tried again by itself.
GAVE_UP = "failed "
PIP_ENVIRONMENT = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_USER": "0",
    "PIP_REQUIRE_VIRTUALENV": "0",
}
NO_PIP = """This Python ({python}) cannot make a virtual environment: it has neither ensurepip nor a pip from 22.3 on.
Debian, Ubuntu: sudo apt install python3-venv (as root: apt install python3-venv). Fedora: sudo dnf install python3-pip.
Or name another Python: make interview PYTHON=/path/to/python3. Nothing was installed."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = read_arguments(arguments)
    if sys.version_info < (3, 11):  # noqa: UP036  nothing has checked the version before this
        return fail(f"Viva needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).")
    venv = ROOT / ".venv"
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    fresh = not serves(python)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    machine = Machine.here(options.torch)
    wanted = steps_for(options.goal, str(python), version, machine)
    steps = due(wanted, venv, fresh, by_name=options.torch in ("cpu", "cuda"))
    if options.print:
        print("\n".join(" ".join(command) for step in steps for command in (*step.commands, *step.then)))
        return 0
    announce(steps, fresh)
    if without := lab_left_out(machine, wanted, steps, venv):
        say(without)
    try:
        if fresh:
            make_environment(venv, python, version)
        carry_out_all(steps, venv)
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
        "--torch", choices=("auto", "cpu", "cuda", "none"), default="auto", help="which PyTorch; none: no lab"
    )
    parser.add_argument("--print", action="store_true", help="print the commands that are due, and run none")
    return parser.parse_args(arguments)


def due(steps: Iterable[Step], venv: Path, fresh: bool, by_name: bool = False) -> list[Step]:
    """The steps whose stamp is missing or made from something else, and those that come after such a step.

    What was tried in vain is left out, with what needs it, unless it is asked for `by_name`. A step of the system is
    there only while something is missing: when it was run and left that as it was, it was in vain.
    """
    found: list[Step] = []
    given_up: set[str] = set()
    for step in steps:
        stamp = "" if fresh else read_stamp(venv, step.name)
        in_vain = (step.once and stamp == GAVE_UP + step.key) or (step.system and stamp == step.key)
        if step.needs & given_up or (in_vain and not by_name):
            given_up.add(step.name)
        elif in_vain or stamp != step.key or step.after & {earlier.name for earlier in found}:
            found.append(step)
    return found


def lab_left_out(machine: Machine, wanted: Sequence[Step], steps: Sequence[Step], venv: Path) -> str:
    """Why there will be no lab, in a sentence; empty where there will be one, or none is wanted.

    On systems that have none anyway it is said when something is set up, and not at every start.
    """
    names = {step.name for step in steps}
    if "system" not in names and (why := machine.why_no_lab()):
        return why if steps or machine.platform == "linux" else ""
    tried = [step for step in wanted if step.name not in names and read_stamp(venv, step.name).startswith(GAVE_UP)]
    return f"The lab is left out: {tried[0].says} could not be installed the last time. {AGAIN}" if tried else ""


def read_stamp(venv: Path, name: str) -> str:
    path = venv / ".viva" / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def announce(steps: Sequence[Step], fresh: bool) -> None:
    """Says before the first byte is fetched what will be, and how large it is."""
    inside = [step for step in steps if step.fetches_mb and not step.system]
    outside = [f"{step.says} ({size(step.fetches_mb)})" for step in steps if step.system]
    if inside:
        parts = ", ".join(f"{step.says} ({size(step.fetches_mb)})" for step in inside)
        where = "into a new .venv here" if fresh else "into .venv"
        total = size(sum(step.fetches_mb for step in inside))
        nothing = "" if outside else " Nothing is installed outside this folder."
        say(f"Set-up fetches at most {total} {where}, this once: {parts}.{nothing}")
    if outside:
        say(f"The lab confines programs with two packages of the system; set-up installs: {', '.join(outside)}.")


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


def carry_out_all(steps: Sequence[Step], venv: Path) -> None:
    """Runs the steps in order; one that needs another is left out when that one failed."""
    failed: set[str] = set()
    for step in steps:
        if step.needs & failed or not carry_out(step, venv):
            failed.add(step.name)


def carry_out(step: Step, venv: Path) -> bool:
    """Runs a step and leaves its stamp. The old stamp goes first, so that a step cut short is done again."""
    say(f"Set-up: {step.says} …")
    stamp = venv / ".viva" / step.name
    stamp.parent.mkdir(exist_ok=True)
    stamp.unlink(missing_ok=True)
    if room_for(step, venv) and succeeds(step):
        stamp.write_text(step.key, encoding="utf-8")
        return True
    if step.without is None:
        raise Stopped(
            f"Set-up stopped at {step.says}; the message stands above. Mend it and run the same command again."
        )
    if step.once:
        stamp.write_text(GAVE_UP + step.key, encoding="utf-8")
    say(f"Set-up goes on without {step.says}. {step.without}")
    return False


def room_for(step: Step, venv: Path) -> bool:
    """Whether the disk has room for it; a full disk would take the interview's log along."""
    free = shutil.disk_usage(venv).free // 1_000_000
    if free >= step.disk_mb:
        return True
    say(f"This needs {size(step.disk_mb)} of disk, and {size(free)} are free. Make room and try again.")
    return False


def succeeds(step: Step) -> bool:
    """Whether one of its commands succeeded, and then all that must follow."""
    last = len(step.commands) - 1
    one = any(
        run(command, step.system or attempt < last, system_packages.PATIENCE if step.system else None)
        for attempt, command in enumerate(step.commands)
    )
    return one and all(run(command) for command in step.then)


def run(command: Sequence[str], quiet: bool = False, patience: float | None = None) -> bool:
    """Whether the command succeeded. Its output goes to standard error; pip shows its progress only to a person."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    brief = ["-q"] if "pip" in command and "install" in command and not sys.stderr.isatty() else []
    output = subprocess.DEVNULL if quiet else sys.stderr
    try:
        done = subprocess.run(
            [*command, *brief],
            cwd=ROOT,
            env=environment | PIP_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            timeout=patience,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> int:
    say(text)
    return 1


if __name__ == "__main__":
    sys.exit(main())
