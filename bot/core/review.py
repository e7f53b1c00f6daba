"""What is wrong with a submitted program, or could be better: findings, each with its line, its reason, its question.

It reads no program and runs none: the facts come from bot/lab/syntax, and what a run was seen to do confirms them,
completes them, or silences them. When it is unsure it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.rules import data, layers, measuring, outputs, rates, tasks, updates
from bot.core.rules.looking import Look, made, number, places, whole
from bot.core.training import Finding, Outcome, Task

RULES = (
    *updates.RULES,
    *rates.RULES,
    *outputs.RULES,
    *layers.RULES,
    *data.RULES,
    *measuring.RULES,
    *tasks.RULES,
)
#: What is another finding's consequence is not named beside it.
FOLLOWS: Mapping[str, frozenset[str]] = {
    "images-not-float": frozenset({"not-scaled"}),
    "learning-rate-too-high": frozenset({"not-scaled", "steps-uphill"}),
    "sigmoid-hidden": frozenset({"not-scaled"}),
    "no-zero-grad": frozenset({"zero-grad-after-backward", "no-optimizer-step", "step-outside-loop"}),
    "wrong-number-of-outputs": frozenset({"mse-on-class-indices"}),
    "nll-without-log": frozenset({"loss-arguments-swapped", "softmax-wrong-dim"}),
    "trained-on-validation": frozenset({"gradients-while-evaluating"}),
    "no-validation": frozenset({"hard-coded-result"}),
}
RATES = frozenset({"learning-rate-too-high", "learning-rate-too-low"})
#: Bugs that leave the losses of training as they are. Each of the others may be why a loss leaps or stands still.
HARMLESS = frozenset(
    {"never-eval", "argmax-wrong-dim", "hard-coded-result", "trained-on-validation", "scaled-otherwise", "over-budget"}
)
MOST_FINDINGS = 24
#: The facts that `viva lab run` prints.
JOINED = ("optimizer", "learning_rate", "loss", "activations", "layers", "epochs", "batch_size")


def review(
    facts: Mapping[str, Any], source: str, outcome: Outcome | None = None, task: Task | None = None
) -> tuple[Finding, ...]:
    """All findings, bugs first, then by line. Without an outcome (or where nothing was run) the text alone speaks."""
    look = made(facts, source, outcome, task)
    found = list(_once(finding for rule in RULES for finding in rule(look)))
    rules = {finding.rule for finding in found if finding.severity == "bug"}
    explained = RATES if rules - RATES - HARMLESS and not rates.far_off(look) else frozenset()
    kept = [one for one in found if not FOLLOWS.get(one.rule, frozenset()) & rules and one.rule not in explained]
    kept.sort(key=lambda one: (one.severity != "bug", one.line is None, one.line or 0, one.rule))
    return tuple(kept[:MOST_FINDINGS])


def _once(found: Iterator[Finding]) -> Iterator[Finding]:
    """Each rule once for a line: two ways may lead to one finding."""
    known: set[tuple[str, int | None]] = set()
    for finding in found:
        if (finding.rule, finding.line) not in known:
            known.add((finding.rule, finding.line))
            yield finding


def joined(facts: Mapping[str, Any], outcome: Outcome | None) -> Mapping[str, Any]:
    """The facts for `viva lab run`, where what the run showed completes or corrects what the text says."""
    found: dict[str, Any] = {name: facts.get(name) for name in JOINED}
    found["activations"], found["layers"] = list(found["activations"] or []), list(found["layers"] or [])
    if outcome is None or not outcome.ran:
        return found
    look = made(facts, "", outcome, None)
    return {**found, **_optimizer(look, found), **_loss(look, found), **_layers(look, found), **_passes(look, found)}


def _optimizer(look: Look, found: Mapping[str, Any]) -> dict[str, Any]:
    used = places(look.seen.get("optimizers"))
    name, rate = (used[0].get("name"), number(used[0].get("lr"))) if used else (None, None)
    given = found["learning_rate"]
    stated = look.facts.get("learning_rate_default") if not used and given is None else None
    return {
        "optimizer": name if isinstance(name, str) and name else found["optimizer"],
        "learning_rate": given if given is not None else rate if rate is not None else number(stated),
    }


def _loss(look: Look, found: Mapping[str, Any]) -> dict[str, Any]:
    taken = [one for one in places(look.seen.get("losses")) if isinstance(one.get("name"), str)]
    most = max(taken, key=lambda one: whole(one.get("calls")) or 0, default=None)
    return {"loss": found["loss"] or (most.get("name") if most is not None else None)}


def _layers(look: Look, found: Mapping[str, Any]) -> dict[str, Any]:
    modules = [str(one.get("type")) for one in places(look.seen.get("modules")) if isinstance(one.get("type"), str)]
    if found["layers"] or not modules:
        return {}
    bending = ("ReLU", "Tanh", "Sigmoid", "GELU", "SiLU", "ELU", "Softmax", "LeakyReLU", "LogSoftmax")
    layers = [name for name in modules if name not in bending and name not in ("Sequential", "ModuleList")]
    return {"layers": layers[:40], "activations": [name for name in modules if name in bending][:40]}


def _passes(look: Look, found: Mapping[str, Any]) -> dict[str, Any]:
    epochs, sizes = number(look.seen.get("epochs_seen")), look.seen.get("batch_sizes")
    known = [size for size in sizes if whole(size)] if isinstance(sizes, (list, tuple)) else []
    size = found["batch_size"]
    return {
        "epochs": found["epochs"] if epochs is None else round(epochs, 2) if epochs % 1 > 0.01 else int(epochs),
        "batch_size": max(known) if known and size not in known else size,
        **({"parameters": parameters} if (parameters := _parameters(look)) is not None else {}),
    }


def _parameters(look: Look) -> int | None:
    told = look.outcome.parameters if look.outcome is not None else None
    return told if told is not None else whole(look.seen.get("parameters"))
