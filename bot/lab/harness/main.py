"""The process inside the sandbox, from warm-up to the last byte. It judges nothing and holds no label that counts.

Started by path as `python -I -B /viva/harness/main.py [--data FOLDER] [--cold] [--device cpu|cuda:N] [--threads N]`.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.lab.harness.wire import Wire

OPTIONS = {"data": "/viva/data", "device": "cpu", "threads": "1"}
EVERYTHING = ("answering", "mnist", "program", "settling", "watching")


def main(arguments: list[str]) -> None:
    options = read_options(arguments)
    os.environ.update(OMP_NUM_THREADS=options["threads"], OMP_WAIT_POLICY="PASSIVE", MKL_NUM_THREADS=options["threads"])
    be_a_package(Path(__file__).resolve().parent)
    from bot.lab.harness.warmth import warm_up
    from bot.lab.harness.wire import Wire

    wire = Wire.take()
    warm_up(options["device"], int(options["threads"]), step="cold" not in options)
    for name in EVERYTHING:  # now, while nobody waits
        importlib.import_module(f"bot.lab.harness.{name}")
    wire.line("warm")
    job = wire.frame()
    if job is not None:
        work(wire, job, Path(options["data"]))
    leave(0)


def read_options(arguments: list[str]) -> dict[str, str]:
    """The options by name; argparse would cost 5 ms of a cold start."""
    options = dict(OPTIONS)
    given = iter(arguments)
    for argument in given:
        name = argument.removeprefix("--")
        options[name] = "" if name == "cold" else next(given, "")
    return options


def be_a_package(folder: Path) -> None:
    """Makes these files `bot.lab.harness`, as they name one another; nothing else of `bot` is in the sandbox."""
    for name in ("bot", "bot.lab", "bot.lab.harness"):
        module = types.ModuleType(name)
        module.__path__ = [str(folder)] if name.endswith("harness") else []
        sys.modules[name] = module


def work(wire: Wire, job: dict[str, Any], data: Path) -> None:
    """One job: the program is run and watched, then what it left is asked."""
    from bot.lab.harness.answering import answer_calls, answer_images
    from bot.lab.harness.mnist import Mnist
    from bot.lab.harness.program import Program
    from bot.lab.harness.settling import settle, settle_again
    from bot.lab.harness.watching import Watch

    wire.nonce = str(job["nonce"])
    settle(int(job["seed"]), int(job.get("threads", 1)))
    mnist = Mnist(data)
    mnist.offer()
    program = Program(job["source"])
    watch = Watch(wire, mnist)
    watch.install()
    wire.line("began")
    fault = program.run()
    watch.remove()
    settle_again()
    if job["measure"] == "call":
        answer_calls(wire, watch, program, fault, str(job["function"]))
    else:
        answer_images(wire, watch, program, fault)


def leave(code: int) -> None:
    """Ends the process at once: threads and exit functions that a program left are not waited for."""
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(Exception):
            stream.flush()  # type: ignore[union-attr]
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
