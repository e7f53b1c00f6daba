"""Measures what a language model at the table costs beside the model itself: CPU, many sittings at once, the voice.

`python -m benchmarks.model` prints a Markdown table. A server of ours in a process of its own plays the model, so its
replies cost nothing here; a bare loop of the openai client that makes the same calls is what ours is held against.
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
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import bare_client
from benchmarks.answering import answering
from bot.core.marking import Mark, Part, Verdict
from tests.candidates import Chat, answers, start
from tests.fakes import Ear
from tests.loopback_model import MODEL

if TYPE_CHECKING:
    from bot.app.house import House
    from bot.core.question import Question
    from bot.interview import Interview
    from bot.ports import Grader

Row = tuple[str, str, str]

RUNS = 3
#: So many sittings at once, the answers that each of them gives, and the seconds that a reply takes.
CROWD, ANSWERS, REPLY = 100, 3, 2.0
AT_ONCE = 32
#: A process whose CPU time stands still for so long (seconds) has loaded what it loads.
STILL = 1.5
#: A sentence that the server's voice says at each turn, how it ends, and the turns of which it is awaited.
SENTENCE, LAST_PIECE, SPOKEN = "Thank you for that.", " that.", 12


class Spent(NamedTuple):
    """CPU time of a turn in milliseconds: our own, and that of the thread in which the offline grader works."""

    ours: float
    grading: float


def cpu_ms(pid: int) -> float:
    """CPU time of a running process so far, in milliseconds, to the nanosecond: its clock, as Linux numbers clocks."""
    return time.clock_gettime(~pid << 3 | 2) * 1e3  # CPUCLOCK_SCHED in linux/posix-timers.h


def threads_ms(pid: int) -> dict[int, float]:
    """CPU time so far of each thread of a running process but its main one, in milliseconds, by the thread's number."""
    threads = (entry for entry in Path(f"/proc/{pid}/task").iterdir() if entry.name != str(pid))
    return {int(entry.name): int((entry / "schedstat").read_text().split()[0]) / 1e6 for entry in threads}


def wait_until_still(pid: int) -> None:
    before, since = cpu_ms(pid), time.monotonic()
    while time.monotonic() - since < STILL:
        time.sleep(0.1)
        if (now := cpu_ms(pid)) - before > 20:
            before, since = now, time.monotonic()


def graded_turns(home: Path, settings: Mapping[str, str]) -> dict[str, Spent]:
    """The CPU time of each turn that judges a whole answer, by its question, in a process of its own."""
    chat = start(home, "--seed", "1", "--mode", "simulation", settings=settings)
    said, turn, spent, seen = answers("excellent"), chat.until_turn(), dict[str, Spent](), set[str]()
    pid = chat.process.pid
    wait_until_still(pid)
    while turn is not None and turn["owes"] != "nothing":
        question = turn["question"]
        if question in seen or question not in said or turn["owes"] == "code":
            chat.send(text="/skip")
            turn = chat.until_turn()
            continue
        seen.add(question)
        before, threads = cpu_ms(pid), threads_ms(pid)
        chat.send(text=said[question])
        turn = chat.until_turn()
        if turn is not None and turn["owes"] != "nothing":
            # The offline grader works in a thread of its own, and nothing but it takes a tenth of a second.
            grading = max(ms - threads.get(thread, 0.0) for thread, ms in threads_ms(pid).items())
            spent[question] = Spent(cpu_ms(pid) - before - grading, grading)
    chat.finish()
    not_judged(chat)
    return spent


def not_judged(chat: Chat) -> None:
    """Says what was not judged: such a turn costs less than it should."""
    whys = Counter(one["data"].get("why_not") for one in chat.said if one.get("kind") in ("feedback", "report"))
    for why in filter(None, whys):
        print(f"not judged ({whys[why]}): {why}", file=sys.stderr)


def read_log(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def read_calls(file: Path) -> list[dict[str, Any]]:
    return [line["call"] for line in read_log(file) if "call" in line]


async def cpu_rows(root: Path) -> list[Row]:
    """What a judged turn costs us, less the same turn judged offline; the grader that works beside it is left aside."""
    with_model: list[dict[str, Spent]] = []
    offline: list[dict[str, Spent]] = []
    bare: list[float] = []
    for run in range(RUNS):
        file = root / f"calls{run}.jsonl"
        offline.append(await asyncio.to_thread(graded_turns, root / f"offline{run}", {}))
        async with answering(file) as url:
            model = {"OPENAI_BASE_URL": url, "VIVA_MODEL": f"openai:{MODEL}", "VIVA_INTERVIEWER": "offline"}
            with_model.append(await asyncio.to_thread(graded_turns, root / f"model{run}", model))
            bare.append(sum(await bare_client.one_by_one(url, read_calls(file))) / len(with_model[-1]))
    ours, others = least(with_model), least(offline)
    more = [ours[question] - others[question] for question in ours.keys() & others.keys()]
    aside = statistics.median(spent.grading for run in with_model for spent in run.values())
    return [
        (
            f"our CPU a turn that a model judges, p50 of {len(more)}, each the least of {RUNS}, ms",
            f"{statistics.median(more):.1f} (left aside: {statistics.median(others.values()):.0f} ms of such a turn "
            f"offline, and {aside:.0f} ms of the grader beside it; the bare client takes {min(bare):.1f} for the "
            "same calls)",
            "25",
        )
    ]


def least(runs: Sequence[Mapping[str, Spent]]) -> dict[str, float]:
    """The least that each turn took of our own: what others take from the processor adds to the rest."""
    return {question: min(run[question].ours for run in runs if question in run) for question in runs[0]}


class NobodyBeside:
    """In the place of the offline grader: it has no encoder, and leaves everything to the model."""

    name = "nobody"

    async def grade(self, question: Question, part: Part, facts: Any = None) -> Verdict:
        return Verdict(self.name, why_not="no encoder", retry=True)


class Waits:
    """In the place of the grader: it takes as long as the server takes, and asks nobody."""

    name = "openai:waits"

    def __init__(self, at_once: int) -> None:
        self._slots = asyncio.Semaphore(at_once or CROWD)

    async def grade(self, question: Question, part: Part, facts: Any = None) -> Verdict:
        async with self._slots:
            await asyncio.sleep(REPLY)
        return Verdict(self.name, tuple(Mark(point.id, 0.0, 0.9, "missing") for point in question.points))


async def opened(home: Path, url: str, grader: Grader | None) -> House:
    """A house for many, with everything loaded that a first answer needs; None for the grader that it would have."""
    from bot.app.house import open_house
    from bot.app.models import model_grader
    from bot.llm.prompts import read_prompts
    from bot.settings import Settings

    given: dict[str, Any] = {"openai_base_url": url, "model": f"openai:{MODEL}", "interviewer": "offline"}
    settings = Settings(_env_file=None, home=home, lab="off", **given)
    house = await open_house(settings, resident=True)
    assert house.model is not None
    if isinstance(grader, NobodyBeside):
        grader = model_grader(house.model, read_prompts(), grader, house.shelves.library, settings)
    house = replace(house, doors=replace(house.doors, grader=grader or house.doors.grader))
    house.loading.start()
    await house.loading.finished()
    return house


async def seated(house: House, number: int) -> Interview:
    """A sitting that has asked its first question."""
    from bot.app.sitting import Seat, begun
    from bot.beginning import Wanted

    wanted = Wanted(flow="opengenus", mode="simulation", seed=number)
    interview = await begun(house, wanted, Seat(f"person{number}", "discord", f"server{number % 20}"))
    await interview.begin(Ear())
    return interview


async def answered(interview: Interview, known: dict[str, str]) -> int:
    """Gives some answers one after another; how many of them the model judged."""
    ear = Ear()
    for number in range(ANSWERS):
        question = interview.stands().question or ""
        await interview.hear(ear, f"m{number}", known.get(question, "It learns its weights from labelled examples."))
    verdicts = [c.part.verdict for a in interview.session.in_order for c in a.judged]
    return sum(verdict is not None and verdict.judged and verdict.by.startswith("openai:") for verdict in verdicts)


async def crowd(home: Path, url: str, grader: Grader | None) -> tuple[float, float, int]:
    """Many sittings that answer at once: seconds, seconds of CPU, and how many answers were judged."""
    known = answers("excellent")
    house = await opened(home, url, grader)
    interviews = [await seated(house, number) for number in range(CROWD)]
    cpu, began = time.process_time(), time.perf_counter()
    judged = await asyncio.gather(*(answered(interview, known) for interview in interviews))
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    await asyncio.gather(*(interview.close() for interview in interviews))
    await house.close()
    return took, cpu, sum(judged)


async def crowd_row(root: Path, at_once: int) -> Row:
    """A crowd against the server's own limit, the bare client, and a crowd whose grader only waits."""
    log = root / f"crowd{at_once}.jsonl"
    async with answering(log, REPLY, at_once) as url:
        took, cpu, judged = await crowd(root / f"crowd{at_once}", url, NobodyBeside())
        calls = read_calls(log)
        bare = await bare_client.crowd(url, calls, CROWD)
        waiting, waiting_cpu, _ = await crowd(root / f"waiting{at_once}", url, Waits(at_once))
    floor = REPLY * max(len(calls) / (at_once or len(calls)), len(calls) / CROWD)
    limit = f"{at_once} at once" if at_once else "any number at once"
    return (
        f"{CROWD} sittings answer {ANSWERS} times, replies of {REPLY:g} s, {limit}: time over the server's own",
        f"{took / floor:.2f} × of {floor:.1f} s; the bare client {bare / floor:.2f} ×, a grader that only waits "
        f"{waiting / floor:.2f} × ({judged} judged by {len(calls)} calls; CPU {cpu:.0f} and {waiting_cpu:.0f} s)",
        "1.2 ×",
    )


def shown(home: Path, url: str) -> list[float]:
    """When the sentence was on standard output, each time."""
    given = {"OPENAI_BASE_URL": url, "VIVA_MODEL": f"openai:{MODEL}", "VIVA_GRADER": "offline", "VIVA_LAB": "off"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VIVA_", "OPENAI_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--seed", "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**kept, **given, "VIVA_HOME": str(home)},
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(b"I don't know.\n" * SPOKEN)
    process.stdin.close()
    seen, times = "", list[float]()
    while piece := os.read(process.stdout.fileno(), 65_536):
        now = time.monotonic()
        seen += piece.decode(errors="replace")
        times += [now] * (seen.count(SENTENCE) - len(times))
    process.stdout.close()
    process.wait()
    return times


async def voice_row(root: Path) -> Row:
    """From a sentence's last piece leaving the server to the sentence being shown."""
    log = root / "voice.jsonl"
    async with answering(log) as url:
        times = await asyncio.to_thread(shown, root / "voice", url)
    sent = [line["at"] for line in read_log(log) if line.get("piece") == LAST_PIECE]
    took = [1e3 * (seen - left) for seen, left in zip(times, sent, strict=True)]
    return (
        f"a streamed sentence's end sent to the sentence shown, p50 of {len(took)}, ms",
        f"{statistics.median(took):.1f} (most {max(took):.1f})",
        "50",
    )


async def rows(root: Path) -> list[Row]:
    """All rows of the table."""
    return [*await cpu_rows(root), await voice_row(root), *[await crowd_row(root, at_once) for at_once in (AT_ONCE, 0)]]


async def main() -> None:
    """Measures, and prints the table."""
    with tempfile.TemporaryDirectory() as folder:
        found = await rows(Path(folder))
    load = os.getloadavg()[0]
    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ",
        end="",
    )
    print(f"load {load:.1f}\n\n| what | measured | bar |\n| --- | --- | --- |")
    print("\n".join(f"| {what} | {seen} | {bar} |" for what, seen, bar in found))


if __name__ == "__main__":
    asyncio.run(main())
