"""Has every contender judge every case, in several processes where there is much to judge. It counts nothing."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache

from evals.grading.cases import Case
from evals.grading.contenders import Contender, Outcome, contenders

#: A process of its own pays from so many cases on; each takes about half a gigabyte.
CASES_EACH, MOST_PROCESSES = 150, 4
#: How many cases a process is given at a time.
AT_A_TIME = 16

Progress = Callable[[int, int], None]
Open = Callable[[], Sequence[Contender]]


@dataclass(frozen=True)
class Judged:
    """A case, and what each contender made of it, by name."""

    case: Case
    outcomes: Mapping[str, Outcome]


def shipped() -> tuple[Contender, ...]:
    """The contenders, with the shipped bank and its encoder."""
    from evals.places import shelf

    here = shelf()
    return contenders(here.bank, here.embedder, here.whole)


def judged(every: Sequence[Case], progress: Progress, opening: Open = shipped) -> list[Judged]:
    """Every case with what became of it, in order. A case is judged by itself, whatever stands beside it."""
    found: list[Judged] = []
    for some in _in_turn(_chunks(every), opening, processes(len(every), os.cpu_count() or 1)):
        found += some
        progress(len(found), len(every))
    return found


def processes(cases: int, cores: int) -> int:
    """How many processes share the work."""
    return max(1, min(cores, MOST_PROCESSES, cases // CASES_EACH))


def _chunks(every: Sequence[Case]) -> list[Sequence[Case]]:
    return [every[start : start + AT_A_TIME] for start in range(0, len(every), AT_A_TIME)]


def _in_turn(chunks: Sequence[Sequence[Case]], opening: Open, processes: int) -> Iterator[list[Judged]]:
    if processes == 1:
        mine = opening()
        yield from (_judge(mine, some) for some in chunks)
        return
    # A process that was forked would share the threads of the encoder, and hang.
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"))
    try:
        yield from pool.map(_elsewhere, [opening] * len(chunks), chunks)
    finally:
        pool.shutdown(cancel_futures=True)


def _judge(by: Sequence[Contender], cases: Sequence[Case]) -> list[Judged]:
    return [Judged(case, {one.name: one.judge(case) for one in by}) for case in cases]


def _elsewhere(opening: Open, cases: Sequence[Case]) -> list[Judged]:
    """The same in a process of its own, which opens its contenders once."""
    return _judge(_opened(opening), cases)


@cache
def _opened(opening: Open) -> Sequence[Contender]:
    return opening()
