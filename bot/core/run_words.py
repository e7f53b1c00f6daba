"""What the interviewer says of a run: how it ended, whose fault that was, what was measured, what its curve shows.

Every figure names what it was measured on; what was not measured is said to be so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.core import events as e
from bot.core.asking import Asking, Contribution
from bot.core.experimenting import measured
from bot.core.measured import contradicted
from bot.core.quoting import sentence, verbatim
from bot.core.reply import Code, Curves, Reply, ReplyPart, Series, Text
from bot.core.review import joined
from bot.core.scene import Scene
from bot.core.tracebacks import own_frames
from bot.core.training import Curve, Fault, Finding, Outcome, Progress

#: What a run comes to that went to the program's last line.
COMPLETE = frozenset({"measured", "no_predictions", "invalid_predictions"})
#: So many lines of a program's own output are shown, from its end.
MOST_LINES = 12
LONGEST_LINE = 160
#: As much of an exception's message is said.
LONGEST_MESSAGE = 300
#: A loss within this share of another counts as the same in words.
SAME = 0.2
#: A curve is read out by so many parts.
TENTHS = 10


class Say(Protocol):
    """A sentence by its key, with what is to be filled in."""

    def __call__(self, key: str, **values: object) -> str: ...


def at_line(line: int) -> str:
    """A place in a program, in words."""
    return f"line {line}"


@dataclass(frozen=True)
class Manner:
    """How a run is told: by which sentences, how lines are named, and what becomes of words and sentences not ours."""

    say: Say
    place: Callable[[int], str] = at_line
    verbatim: Callable[[str], str] = verbatim
    sentence: Callable[[str], str] = sentence


def began(scene: Scene, event: e.RunBegan) -> tuple[Reply, ...]:
    """That a run begins, and how long it may take."""
    key = "run_began_experiment" if scene.asking(event.question).experiment else "run_began"
    text = scene.say(key, seconds=scene.counted("seconds", round(event.seconds)))
    return (Reply("progress", (Text(text),), event.question),)


def ran(scene: Scene, event: e.Ran) -> tuple[Reply, ...]:
    """What came of a run: of a program, or of an experiment beside the program it is compared with."""
    if scene.asking(event.question).experiment:
        return (_experiment(scene, event),)
    parts: list[ReplyPart] = [Text(" ".join(verdict(event.outcome, Manner(scene.say))))]
    parts += _curves(("your run", event.outcome.curve))
    parts += _output(scene, event.outcome)
    if event.findings and scene.session.practice:
        parts.append(Text(_findings(scene, event.findings, "run" if event.outcome.ran else "read")))
    return (Reply("code", tuple(parts), event.question, figures(scene, event)),)


def since_then(scene: Scene, asking: Asking) -> str:
    """What is on the table, a bug that was found, after another version of the program; empty where there is none."""
    programs = scene.asking(asking.about).programs if asking.about else ()
    if not programs or programs[-1].seq < asking.seq:
        return ""
    *before, last = programs
    if asking.question not in {f.asks for part in before for f in part.findings}:
        return ""
    if not scene.session.practice:  # what of it is right now is no matter of a simulation's
        return scene.say("asked_of_before")
    still = next((found for found in last.findings if found.asks == asking.question), None)
    if still is not None:
        place = f", on {at_line(still.line)}" if still.line else ""
        return scene.say("not_mended", place=place)
    return scene.say("mended" if _comparable(last, before) else "asked_of_before")


def _comparable(last: Contribution, before: Sequence[Contribution]) -> bool:
    """Whether a bug that is not seen in the last program is gone from it: it ran to its end, or none was ever run."""
    if last.outcome is not None and last.outcome.status in COMPLETE:
        return True
    return not any(part.outcome is not None and part.outcome.ran for part in (*before, last))


def figures(scene: Scene, event: e.Ran) -> Mapping[str, Any]:
    """The data of a `code` object: as `viva lab run` names them."""
    part = next(c for c in scene.asking(event.question).contributions if c.seq == event.part)
    facts = joined(part.facts or {}, event.outcome)
    return {"readable": True, "ran": event.outcome.ran, **plain(event.outcome, event.findings), "facts": facts}


def plain(outcome: Outcome, findings: Sequence[Finding] = ()) -> Mapping[str, Any]:
    """A run as plain data, by the names of `viva lab run`."""
    return {
        "status": outcome.status,
        "accuracy": outcome.accuracy,
        "of": outcome.of,
        "data": outcome.data,
        "cases": list(outcome.cases),
        "contradicted": contradicted(outcome),
        "error": vars(outcome.error) if outcome.error else None,
        "why": outcome.why,
        "notes": list(outcome.notes),
        "device": outcome.device,
        "parameters": outcome.parameters,
        "seconds": {
            "queued": outcome.seconds.queued,
            "start": outcome.seconds.start,
            "train": outcome.seconds.train,
            "total": outcome.seconds.total,
        },
        "curve": {"steps": list(outcome.curve.steps), "losses": finite(outcome.curve.losses)},
        "findings": [
            {"rule": f.rule, "severity": f.severity, "line": f.line, "message": f.message, "question": f.question}
            for f in findings
        ],
    }


def finite(losses: Sequence[float]) -> list[float | None]:
    """Losses as JSON takes them: null for what is no number."""
    return [loss if math.isfinite(loss) else None for loss in losses]


def progress_in_words(progress: Progress) -> str:
    """How a run stands, in a sentence."""
    if progress.stage == "queued":
        wait = "" if progress.wait is None else f", about {max(1, round(progress.wait))} s"
        before = "You are next" if not progress.position else f"{progress.position} before you"
        return f"Waiting for a place: {before}{wait}."
    if progress.stage == "starting":
        return "The sandbox is being made ready."
    if progress.stage == "measuring":
        return "The program is done; I measure what it left."
    losses = progress.curve.losses
    loss = f", step {progress.curve.steps[-1]}, loss {losses[-1]:.3f}" if losses else ""
    return f"Running: {progress.seconds:.0f} s{loss}."


def curve_in_words(curve: Curve) -> str:
    """What a curve shows, in a sentence or two; empty where it has fewer than two points."""
    losses = curve.losses
    finite = [loss for loss in losses if math.isfinite(loss)]
    if len(losses) < 2 or not finite:
        return ""
    means = _means(finite)
    words = f"The loss began at {finite[0]:.2f} and ended near {means[-1]:.2f} after {curve.steps[-1]} steps"
    lowest = min(range(len(means)), key=means.__getitem__)
    if means[lowest] < means[-1] * (1 - SAME):
        at = curve.steps[-1] * (lowest + 1) // len(means)
        words += f"; around step {at} it had been lower, near {means[lowest]:.2f}"
    if len(finite) < len(losses):
        at = next(step for step, loss in zip(curve.steps, losses, strict=True) if not math.isfinite(loss))
        words += f"; from step {at} on there were values that are no numbers"
    return words + "."


def _means(losses: Sequence[float]) -> list[float]:
    """The mean of each tenth of a curve: single mini-batches tremble too much to be read out."""
    size = max(1, len(losses) // TENTHS)
    parts = [losses[at : at + size] for at in range(0, len(losses) - size + 1, size)]
    return [sum(part) / len(part) for part in parts]


def verdict(outcome: Outcome, manner: Manner) -> Iterator[str]:
    """How a run ended, in sentences."""
    key = "run_cases" if outcome.cases and outcome.status == "measured" else f"run_{outcome.status}"
    yield manner.say(key, **_named(outcome, manner)).strip()
    advice = outcome.why if outcome.status == "crashed" else ""
    if outcome.error is not None:
        said = _error(outcome.error, manner)
        yield f"{said}." if advice and not said.endswith((".", "!", "?")) else said
    if advice:
        yield manner.sentence(advice)
    if outcome.ran:
        yield from map(manner.sentence, outcome.notes)
    if contradicted(outcome):
        yield manner.say("run_contradicted")


def _error(error: Fault, manner: Manner) -> str:
    told = {"type": manner.verbatim(error.type), "message": manner.verbatim(error.message[:LONGEST_MESSAGE])}
    if error.line is None:
        return manner.say("run_error_nowhere", **told)
    return manner.say("run_error", **told, where=manner.place(error.line))


def printed(outcome: Outcome, say: Say) -> tuple[str, list[str]]:
    """The end of what a program printed, after the words that introduce it; no lines where it printed nothing.

    Of a traceback the program's own frames are shown.
    """
    lines = [line[:LONGEST_LINE] for line in own_frames(outcome.stdout.rstrip().splitlines())]
    if not any(line.strip() for line in lines):
        return "", []
    key = "run_output" if len(lines) <= MOST_LINES else "run_output_end"
    return say(key, count=MOST_LINES), lines[-MOST_LINES:]


def _named(outcome: Outcome, manner: Manner) -> dict[str, str]:
    return {
        "accuracy": f"{100 * outcome.accuracy:.1f} %" if outcome.accuracy is not None else "–",
        "of": f"{outcome.of:,}",
        "data": outcome.data,
        "seconds": f"{outcome.seconds.train:.1f}",
        "device": outcome.device_name or ("the GPU" if outcome.device.startswith("cuda") else "one CPU core"),
        "why": manner.sentence(outcome.why),
        "right": str(sum(outcome.cases)),
        "cases": str(len(outcome.cases)),
    }


def _curves(*named: tuple[str, Curve]) -> list[ReplyPart]:
    series = tuple(Series(name, c.steps, c.losses) for name, c in named if len(c.steps) > 1)
    if not series:
        return []
    single = len(named) == 1
    words = [("" if single else f"{name.capitalize()}: ") + curve_in_words(c) for name, c in named]
    return [Curves(series, " ".join(text for text in words if text.strip()))]


def _output(scene: Scene, outcome: Outcome) -> list[ReplyPart]:
    """The end of what the program printed."""
    head, lines = printed(outcome, scene.say)
    return [Text(head), Code("\n".join(lines), "text")] if lines else []


def _findings(scene: Scene, findings: Sequence[Finding], how: str) -> str:
    """How many bugs and pieces of advice there are, without saying what: that is asked about."""
    bugs = sum(finding.severity == "bug" for finding in findings)
    advice = len(findings) - bugs
    counted = [scene.counted(noun, count) for noun, count in (("bugs", bugs), ("advices", advice)) if count]
    return scene.say(f"{how}_findings", found=" and ".join(counted))


def _experiment(scene: Scene, event: e.Ran) -> Reply:
    """The two runs side by side, and what each came to."""
    beside = event.beside or Outcome("unavailable")
    if event.outcome.status == "unavailable":
        texts = [scene.say("experiment_not_run", why=sentence(event.outcome.why))]
    elif event.recorded:
        texts = [scene.say("experiment_recorded", why=sentence(event.outcome.why), on=event.recorded)]
    else:
        texts = [scene.say("experiment_ran")]
    for name, outcome in (("with the change", event.outcome), ("as it was", beside)):
        if outcome.status != "unavailable":
            texts.append(_side(scene, name, outcome))
    parts: list[ReplyPart] = [Text(" ".join(texts))]
    parts += _curves(("with the change", event.outcome.curve), ("as it was", beside.curve))
    found = measured(event.outcome, beside)
    figured = {name: value if math.isfinite(value) else None for name, value in found.items()}
    data = {"ran": event.outcome.ran and not event.recorded, "recorded": event.recorded, **figured}
    return Reply("code", tuple(parts), event.question, data)


def _side(scene: Scene, name: str, outcome: Outcome) -> str:
    if outcome.accuracy is None:
        return scene.say(
            "experiment_side_failed",
            name=name,
            status=scene.say(f"run_{outcome.status}", **_named(outcome, Manner(scene.say))),
        )
    of = f" on {outcome.of:,} images of {outcome.data}" if outcome.of else ""
    return scene.say("experiment_side", name=name, accuracy=f"{100 * outcome.accuracy:.1f} %", of=of)
