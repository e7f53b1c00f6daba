"""Measures the program as a user meets it: whole processes, medians of several runs, ratios side by side in one run.

Linux only (it reads /proc). It prints a Markdown table with the machine, the versions and n; nothing is asserted here.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import model
from benchmarks.searching import p50
from bot.core import events as e
from tests.candidates import answers, start

RUNS = 7
TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def cpu_ms(pid: int) -> float:
    """CPU time of a running process so far, in milliseconds, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / TICK


def peak_mib(pid: int) -> float:
    """The most resident memory that a process has had, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def timed(command: list[str], home: Path) -> float:
    """Wall seconds of one whole process."""
    begun = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True, env={**os.environ, "VIVA_HOME": str(home)})
    return time.perf_counter() - begun


def first_question(home: Path) -> float:
    """Wall seconds from the start of the process to the first question on standard output."""
    begun = time.perf_counter()
    chat = start(home, "--seed", "1")
    chat.until_turn()
    seconds = time.perf_counter() - begun
    chat.finish()
    return seconds


def graded_turns(home: Path) -> tuple[list[float], float]:
    """CPU milliseconds of each turn that judges an answer, and the process's peak memory in MiB."""
    chat = start(home, "--seed", "1", "--mode", "simulation")
    said, turn, turns = answers("excellent"), chat.until_turn(), []
    time.sleep(3)  # the first answer takes a person longer than loading takes the program
    while turn is not None and turn["owes"] != "nothing":
        before = cpu_ms(chat.process.pid)
        chat.send(text=said.get(turn["question"], "It is what I said."))
        turn = chat.until_turn()
        turns.append(cpu_ms(chat.process.pid) - before)
    memory = peak_mib(chat.process.pid) if chat.process.poll() is None else 0.0
    chat.finish()
    return turns, memory


def turns_of(home: Path, count: int, over: int) -> float:
    """Mean CPU milliseconds a turn over the last `over` of `count` small turns in one session."""
    chat = start(home, "--seed", "1")
    chat.until_turn()
    time.sleep(3)
    mark = cpu_ms(chat.process.pid)
    for n in range(count):
        if n == count - over:
            mark = cpu_ms(chat.process.pid)
        chat.send(text="How many questions are left?")
        chat.until_turn()
    spent = cpu_ms(chat.process.pid) - mark
    chat.finish()
    return spent / over


async def fill(home: Path, count: int) -> None:
    """Stores `count` sessions of a few events each."""
    from bot.app.home import now
    from bot.store.holder import this_process
    from bot.store.opening import open_store

    store = await open_store(None, home, now, this_process())
    for n in range(count):
        await store.create(f"stored{n}", "bench", "terminal")
        heard: list[tuple[str, e.Event]] = [(f"m{i}", e.Heard("some words")) for i in range(3)]
        await store.append(f"stored{n}", 0, [("start", e.Started("opengenus", "practice", n, ("perceptron",))), *heard])
    await store.close()


def median(measure: Callable[[], float], runs: int = RUNS) -> str:
    """Median, least and most of several runs."""
    values = [measure() for _ in range(runs)]
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def main() -> None:
    """Runs everything and prints the table."""
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        used = root / "used"
        first_question(used)
        viva = [sys.executable, "-m", "bot"]
        rows.append(("`viva --help`, s", median(lambda: timed([*viva, "--help"], used)), "0.35"))
        rows.append(("first question on screen, s", median(lambda: first_question(used)), "1.5"))
        fresh = iter(range(100))
        rows.append(("the same, empty VIVA_HOME, s", median(lambda: first_question(root / f"e{next(fresh)}")), "1.5"))
        turns, memory = graded_turns(root / "turns")
        rows.append((f"graded turn, CPU ms, p50 of {len(turns)}", f"{statistics.median(turns):.0f}", "100"))
        rows.append(("peak memory, MiB", f"{memory:.0f}", "450"))
        for count, bar in ((1_000, "15"), (20_000, "30")):
            home = root / f"units{count}"
            home.mkdir()
            rows.append((f"search among {count:,} units, embedding included, p50, ms", p50(home, count), bar))
        few, many = turns_of(root / "few", 10, 10), turns_of(root / "many", 1000, 100)
        rows.append(
            ("cost of a turn, 1,000 turns to 10", f"{many:.1f} to {few:.1f} ms, ratio {many / few:.2f}", "flat")
        )
        for count in (10, 10_000):
            home = root / f"stored{count}"
            home.mkdir()
            asyncio.run(fill(home, count))
        few, many = turns_of(root / "stored10", 50, 50), turns_of(root / "stored10000", 50, 50)
        rows.append(
            ("cost of a turn, 10,000 sessions to 10", f"{many:.1f} to {few:.1f} ms, ratio {many / few:.2f}", "flat")
        )
        rows += asyncio.run(model.rows(root))
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"{machine}, Python {platform.python_version()}, n = {RUNS}\n")
    print("| what | measured | bar |\n| --- | --- | --- |")
    print("\n".join(f"| {what} | {seen} | {bar} |" for what, seen, bar in rows))
    print(json.dumps({"v": 1, "rows": rows}), file=sys.stderr)


if __name__ == "__main__":
    main()
