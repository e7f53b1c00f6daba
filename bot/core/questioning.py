"""What a candidate is asked about their own program and its run: which questions, and what is filled into them. Pure.

The questions stand in the bank, with their key points, and are judged like any other.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.core import clock
from bot.core import events as e
from bot.core.asking import Asking
from bot.core.plan import drawn, placeholders
from bot.core.question import Question
from bot.core.quoting import LONGEST_CODE, line_of_code, sentence
from bot.core.session import Session
from bot.core.shown import learning_rate_phrase, optimizer_phrase
from bot.core.training import Finding, Outcome, Task

#: So many bugs are asked about after one program, the worst first; the rest may be gone with the next one.
MOST_BUGS = 2
#: So many questions about the program and its run once the candidate is done with it, experiments aside.
MOST_AT_THE_END = 2
#: An accuracy so far below what a good program reaches is worth another try.
FAR = 0.05
#: What is known of few runs, and says most about them.
TELLING = frozenset({"stuck_loss", "nan_step", "not_run"})
#: Losses that begin at ln 10 for one who knows nothing about ten classes.
OF_GUESSING = ("CrossEntropyLoss", "NLLLoss", "SparseCategoricalCrossentropy", "written by hand")
#: What corrects both of its running means for having begun at zero.
ADAMS = frozenset({"Adam", "AdamW", "NAdam"})
#: How far from ln 10 (the loss of one who knows nothing about ten classes) a loss still counts as stuck there.
STUCK_WITHIN = 0.1

Bank = Mapping[str, Question]


def about_bugs(session: Session, asking: Asking, question: Question, task: Task, bank: Bank) -> e.Questioned | None:
    """After a program with bugs: the questions that these lead to, and then back to the program, to mend it.

    One that failed for another reason is come back to at once. None where there is nothing to mend, or no run is left.
    """
    last = asking.programs[-1] if asking.programs else None
    if last is None or _no_time(session) or asking.ran >= task.runs:
        return None
    ahead, waiting = _ahead(session, asking), unanswered(session, asking)
    bugs = {f.asks: f for f in last.findings if f.severity == "bug"}
    chosen = [f for f in bugs.values() if _askable(session, ahead, bank, f.asks)][:MOST_BUGS]
    if chosen or not waiting.isdisjoint(bugs):
        ahead = _first(ahead, waiting, [f.asks for f in chosen])
    elif not _failed(last.outcome, task):
        return None
    placed = tuple(e.Placed(f.asks, _of_finding(f)) for f in chosen)
    return e.Questioned(asking.question, ahead, placed, _pointed_at(question, chosen), "bugs")


def at_the_end(session: Session, asking: Asking, task: Task, bank: Bank) -> e.Questioned | None:
    """Once the program is done with: what is worth asking about it and its run, and an experiment to be predicted."""
    last = asking.programs[-1] if asking.programs else None
    again = asking.settled is not None
    if last is None or last.outcome is None or session.stopping or again or _no_time(session):
        return None
    ahead, waiting = _ahead(session, asking), unanswered(session, asking)
    bugs = [(f.asks, _of_finding(f)) for f in last.findings if f.severity == "bug"]
    advised = [(f.asks, _of_finding(f)) for f in last.findings if f.severity == "advice"][:1]
    values = figures(last.facts, last.outcome)
    fitting = [(name, values) for name in _ranked(session, task, bank, values)]
    chosen = {name: given for name, given in (*bugs, *advised, *fitting) if _askable(session, ahead, bank, name)}
    placed = [e.Placed(name, given) for name, given in list(chosen.items())[:MOST_AT_THE_END]]
    placed += [e.Placed(name) for name in _experiment(session, asking, bank)]
    if not placed and ahead == session.agenda:
        return None
    rest = tuple(slot for slot in ahead if slot != asking.question)
    agenda = _first(rest, waiting, [one.slot for one in placed])
    return e.Questioned(asking.question, agenda, tuple(placed), why="run")


def unanswered(session: Session, asking: Asking) -> frozenset[str]:
    """The questions about a program that stood open when another version of it was handed in."""
    about = (session.askings.get(slot) for slot in session.agenda)
    return frozenset(a.question for a in about if a is not None and a.about == asking.question and a.status == "open")


def _ahead(session: Session, asking: Asking) -> tuple[str, ...]:
    """The agenda without the bugs that were found and not asked about yet: what is left of them is found anew."""
    found = {finding.asks for part in asking.programs for finding in part.findings}
    return tuple(slot for slot in session.agenda if slot in session.askings or slot not in found)


def _first(agenda: Sequence[str], waiting: frozenset[str], new: Sequence[str]) -> tuple[str, ...]:
    """The agenda with what waits for its answer before all else, and then what is new."""
    held = [slot for slot in agenda if slot in waiting]
    return (*held, *new, *(slot for slot in agenda if slot not in waiting))


def _ranked(session: Session, task: Task, bank: Bank, values: Mapping[str, str]) -> list[str]:
    """The questions about a run that fit this one: first those that fit few, then as the seed draws them."""
    fitting = [name for name in task.follow_ups if name in bank and _filled(bank[name], values)]
    seed = session.started.seed if session.started else 0
    rare = {name: not TELLING.isdisjoint(placeholders(bank[name].ask)) for name in fitting}
    return sorted(fitting, key=lambda name: (not rare[name], drawn(seed, name)))


def _failed(outcome: Outcome | None, task: Task) -> bool:
    """Whether a run is worth another try: it broke off, left nothing that counts, or is far from what is good."""
    if outcome is None or outcome.status == "unavailable":
        return False
    if outcome.status != "measured" or not all(outcome.cases):
        return True
    return task.accuracy is not None and (outcome.accuracy or 0.0) < task.accuracy - FAR


def figures(facts: Mapping[str, Any] | None, outcome: Outcome | None) -> dict[str, str]:
    """What can be filled into a question about a program and its run, by name; what is not known is not there.

    `first_loss` is there where ln 10 is what it should be, `adam` and `sgd` where the optimiser is one of these;
    `stuck_loss`, `nan_step` and `not_run` are there where the loss stayed that of guessing, was no number from some
    step on, or nothing was run.
    """
    facts = facts or {}
    found: dict[str, Any] = {
        "optimizer": optimizer_phrase(facts),
        "adam": optimizer_phrase(facts) if facts.get("optimizer") in ADAMS else None,
        "sgd": optimizer_phrase(facts) if facts.get("optimizer") == "SGD" else None,
        "rate": learning_rate_phrase(facts) if facts.get("optimizer") else None,
        "batch_size": facts.get("batch_size"),
        "epochs": facts.get("epochs"),
        "loss": facts.get("loss"),
        **(_of_run(outcome) if outcome is not None else {}),
    }
    if facts.get("loss") not in (None, *OF_GUESSING):
        found.pop("first_loss", None)
    return {name: sentence(str(value)) for name, value in found.items() if value not in (None, "")}


def _of_run(outcome: Outcome) -> dict[str, Any]:
    if not outcome.ran:
        return {"not_run": "not run"}
    found: dict[str, Any] = {
        "parameters": f"{outcome.parameters:,}" if outcome.parameters else None,
        "accuracy": f"{outcome.accuracy:.3f}" if outcome.accuracy is not None else None,
        "seconds": f"{outcome.seconds.train:.1f}",
        "device": outcome.device,
    }
    losses = outcome.curve.losses
    finite = [loss for loss in losses if math.isfinite(loss)]
    if len(finite) < len(losses):
        at = next(n for n, loss in enumerate(losses) if not math.isfinite(loss))
        return {**found, "nan_step": outcome.curve.steps[at]}
    if not finite:
        return found
    tail = finite[-max(1, len(finite) // 10) :]
    last = sum(tail) / len(tail)
    found |= {"first_loss": f"{finite[0]:.2f}", "steps": outcome.curve.steps[-1]}
    stuck = abs(last - math.log(10)) < STUCK_WITHIN and (outcome.accuracy or 0.0) < 0.5
    return {**found, ("stuck_loss" if stuck else "last_loss"): f"{last:.2f}"}


def _of_finding(finding: Finding) -> dict[str, str]:
    evidence = finding.evidence or ""
    code = line_of_code(evidence).rstrip(" ,(")
    if len(evidence) >= LONGEST_CODE:  # it was cut there, and looks whole
        code += " …"
    known = {"line": str(finding.line) if finding.line else "", "code": code}
    return {name: value for name, value in known.items() if value}


def _pointed_at(question: Question, findings: Sequence[Finding]) -> tuple[str, ...]:
    """The key points that an answer to these questions helps to: those that the findings contradict."""
    facts = {finding.fact for finding in findings if finding.fact} | {"free_of_bugs"}
    return tuple(point.id for point in question.points if point.shown_by in facts)


def _experiment(session: Session, asking: Asking, bank: Bank) -> Iterator[str]:
    """One experiment, unless the candidate has wished for one already; which, the seed says."""
    known = {*session.askings, *session.agenda}
    if any(name in known for name in asking.experiments):
        return
    lately = set(session.started.lately if session.started else ())
    seed = session.started.seed if session.started else 0
    left = sorted((name for name in asking.experiments if name in bank), key=lambda name: drawn(seed, name))
    fresh = [name for name in left if name not in lately]
    yield from (fresh or left)[:1]


def _askable(session: Session, ahead: Sequence[str], bank: Bank, name: str) -> bool:
    return name in bank and name not in session.askings and name not in ahead


def _filled(question: Question, values: Mapping[str, str]) -> bool:
    """Whether all that the question names is known."""
    return set(placeholders(question.ask)) <= set(values)


def _no_time(session: Session) -> bool:
    return session.out_of_time or clock.affordable(session) == 0


def seed_of(session: Session, seq: int) -> int:
    """The seed that a run gets: always the same for the same program of the same sitting."""
    return zlib.crc32(f"{session.started.seed if session.started else 0}:{seq}".encode()) % 2**31
