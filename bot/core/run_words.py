"""What the interviewer says of a run: how it ended, whose fault that was, what was measured, what its curve shows.

Every figure names what it was measured on; what was not measured is said to be so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.core import events as e
from bot.core import feedback
from bot.core.experimenting import measured
from bot.core.measured import contradicted
from bot.core.reply import Code, Curves, Reply, ReplyPart, Series, Text
from bot.core.scene import Scene
from bot.core.training import Curve, Finding, Outcome, Progress

#: So many lines of a program's own output are shown, from its end.
MOST_LINES = 12
LONGEST_LINE = 160
#: A loss within this share of another counts as the same in words.
SAME = 0.2
#: A curve is read out by so many parts.
TENTHS = 10


def began(scene: Scene, event: e.RunBegan) -> tuple[Reply, ...]:
    """That a run begins, and how long it may take."""
    key = "run_began_experiment" if scene.asking(event.question).experiment else "run_began"
    text = scene.say(key, seconds=scene.counted("seconds", round(event.seconds)))
    return (Reply("progress", (Text(text),), event.question),)


def ran(scene: Scene, event: e.Ran) -> tuple[Reply, ...]:
    """What came of a run: of a program, or of an experiment beside the program it is compared with."""
    if scene.asking(event.question).experiment:
        return (_experiment(scene, event),)
    parts: list[ReplyPart] = [Text(" ".join(_verdict(scene, event.outcome)))]
    parts += _curves(("your run", event.outcome.curve))
    parts += _output(scene, event.outcome)
    if event.findings and scene.session.practice:
        parts.append(Text(_findings(scene, event.findings, "run" if event.outcome.ran else "read")))
    return (Reply("code", tuple(parts), event.question, figures(scene, event)),)


def figures(scene: Scene, event: e.Ran) -> Mapping[str, Any]:
    """The data of a `code` object: as `viva lab run` names them."""
    part = next(c for c in scene.asking(event.question).contributions if c.seq == event.part)
    facts = {name: (part.facts or {}).get(name) for name in feedback.FACTS}
    return {"readable": True, "ran": event.outcome.ran, **plain(event.outcome, event.findings), "facts": facts}


def plain(outcome: Outcome, findings: Sequence[Finding] = ()) -> Mapping[str, Any]:
    """A run as plain data, by the names of `viva lab run`."""
    return {
        "status": outcome.status,
        "accuracy": outcome.accuracy,
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


def _verdict(scene: Scene, outcome: Outcome) -> Iterator[str]:
    """How the run ended, in sentences."""
    key = "run_cases" if outcome.cases and outcome.status == "measured" else f"run_{outcome.status}"
    yield scene.say(key, **_named(outcome)).strip()
    if outcome.error is not None and outcome.status == "crashed":
        message = feedback.verbatim(outcome.error.message[:300])
        where = f"line {outcome.error.line}" if outcome.error.line else "an unknown line"
        yield scene.say("run_error", type=feedback.verbatim(outcome.error.type), message=message, where=where)
    if outcome.ran:
        yield from map(feedback.verbatim, outcome.notes)
    if contradicted(outcome):
        yield scene.say("run_contradicted")


def _named(outcome: Outcome) -> dict[str, str]:
    return {
        "accuracy": f"{100 * outcome.accuracy:.1f} %" if outcome.accuracy is not None else "–",
        "of": f"{outcome.of:,}",
        "data": outcome.data,
        "seconds": f"{outcome.seconds.train:.1f}",
        "device": "the GPU" if outcome.device.startswith("cuda") else "one CPU core",
        "why": outcome.why,
        "parameters": f"{outcome.parameters:,}" if outcome.parameters else "–",
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
    lines = [line[:LONGEST_LINE] for line in outcome.stdout.rstrip().splitlines()]
    if not any(line.strip() for line in lines):
        return []
    key = "run_output" if len(lines) <= MOST_LINES else "run_output_end"
    return [Text(scene.say(key, count=MOST_LINES)), Code("\n".join(lines[-MOST_LINES:]), "text")]


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
        texts = [scene.say("experiment_not_run", why=event.outcome.why)]
    elif event.recorded:
        texts = [scene.say("experiment_recorded", why=event.outcome.why, on=event.recorded)]
    else:
        texts = [scene.say("experiment_ran")]
    for name, outcome in (("with the change", event.outcome), ("as it was", beside)):
        if outcome.status != "unavailable":
            texts.append(_side(scene, name, outcome))
    parts: list[ReplyPart] = [Text(" ".join(texts))]
    parts += _curves(("with the change", event.outcome.curve), ("as it was", beside.curve))
    found = measured(event.outcome, beside)
    data = {"ran": event.outcome.ran and not event.recorded, "recorded": event.recorded, **found}
    return Reply("code", tuple(parts), event.question, data)


def _side(scene: Scene, name: str, outcome: Outcome) -> str:
    if outcome.accuracy is None:
        return scene.say(
            "experiment_side_failed", name=name, status=scene.say(f"run_{outcome.status}", **_named(outcome))
        )
    of = f" on {outcome.of:,} images of {outcome.data}" if outcome.of else ""
    return scene.say("experiment_side", name=name, accuracy=f"{100 * outcome.accuracy:.1f} %", of=of)
