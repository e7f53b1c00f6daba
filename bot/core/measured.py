"""What a run shows of a program: that it runs, that it learns, how good it gets, that no bug was found. Pure.

A key point that is `measured` names one of these in `shown_by`. What was not run shows nothing, neither good nor bad.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from bot.core.marking import standing
from bot.core.rules.looking import CROSS_ENTROPY, Place, place, places, plain
from bot.core.shown import Shown
from bot.core.training import Outcome

Facts = Mapping[str, Any]

#: Of the way from guessing to what a good program reaches, this much earns the first bit of credit.
NOTHING_UP_TO = 0.25
#: Who guesses one of ten classes is right so often.
GUESSING = 0.1
#: What a good program reaches where a task does not say.
GOOD = 0.94
#: A loss that fell to this share of what it began at was learned from.
LEARNED_AT = 0.7
#: A loss that fell by the program's own account, where nothing was measured, earns so much.
CLAIMED = 0.5
#: A loss below LOW does not go with an accuracy below POOR, nor one above GUESSED (ln 10, and some) with a GOOD one.
LOW = 0.3
POOR = 0.5
GUESSED = 2.6
#: A loss that begins above this is summed over a batch, or of inputs that were not scaled: a high end proves nothing.
SUMMED = 2 * math.log(10)
#: What each bug costs of the credit for having none.
COST_OF_A_BUG = 0.5


def shown_by_run(facts: Facts, fact: str) -> Shown | None:
    """What is shown of one of MEASURED; None where nothing was run, or there is nothing to show it."""
    find = MEASURED.get(fact)
    return find(facts) if find is not None else None


def runs(facts: Facts) -> Shown | None:
    """Whether the program runs to its end within its limits."""
    outcome = _ran(facts)
    if outcome is None:
        return None
    if outcome.status in ("measured", "no_predictions", "invalid_predictions"):
        return _shown("runs", 1.0, "It ran to its end.")
    line = outcome.error.line if outcome.error else None
    return Shown("runs", "wrong", 0.0, f"The run ended early ({outcome.status.replace('_', ' ')}).", line)


def learns(facts: Facts) -> Shown | None:
    """Whether what was left is better than guessing, or else, for half, whether the loss fell; None if nothing ran."""
    outcome = _ran(facts)
    if outcome is None:
        return None
    losses = [loss for loss in outcome.curve.losses if math.isfinite(loss)]
    fell = len(losses) > 1 and losses[-1] <= LEARNED_AT * losses[0]
    better = outcome.accuracy is not None and _share(outcome.accuracy, GOOD) > NOTHING_UP_TO
    if outcome.accuracy is not None and not better:
        return Shown("learns", "wrong", 0.0, f"What was trained is right on {100 * outcome.accuracy:.1f} %.", None)
    if better:
        return _shown("learns", 1.0, "The loss fell." if fell else "It is better than guessing.")
    if fell:
        return _shown("learns", CLAIMED, "The loss that it reported fell; nothing was measured.")
    return _shown("learns", 0.0, "I saw no loss that fell.")


def held_out_accuracy(facts: Facts) -> Shown | None:
    """How near the accuracy on held-out images comes to what a good program reaches; of a function, its cases."""
    outcome = _ran(facts)
    if outcome is None:
        return None
    if outcome.cases:
        right = sum(outcome.cases)
        return _shown(
            "held_out_accuracy", right / len(outcome.cases), f"{right} of {len(outcome.cases)} cases are right."
        )
    if outcome.accuracy is None:
        return _shown("held_out_accuracy", 0.0, "It left nothing that could be measured.")
    good = float(facts.get("good_accuracy") or GOOD)
    share = (_share(outcome.accuracy, good) - NOTHING_UP_TO) / (1 - NOTHING_UP_TO)
    why = f"{100 * outcome.accuracy:.1f} % of {outcome.of:,} held-out images are right; {100 * good:.0f} % is good."
    return _shown("held_out_accuracy", min(1.0, max(0.0, share)), why)


def free_of_bugs(facts: Facts) -> Shown | None:
    """Whether no bug was found: each costs a half. Reading alone shows it, too, where there is something to read."""
    findings = facts.get("findings")
    if findings is None:
        return None
    bugs = [finding for finding in findings if finding.severity == "bug"]
    if not bugs and not _has_something(facts):
        return None
    outcome = _ran(facts)
    if not bugs and outcome is not None and (outcome.status != "measured" or not all(outcome.cases)):
        line = outcome.error.line if outcome.error else None
        return Shown("free_of_bugs", "wrong", 0.0, "Something is wrong, as its run did not end well.", line)
    if not bugs:
        return _shown("free_of_bugs", 1.0, "I found no bug.")
    credit = max(0.0, 1.0 - COST_OF_A_BUG * len(bugs))
    first = bugs[0]
    return Shown("free_of_bugs", "partial" if credit else "wrong", credit, first.message, first.line, first.evidence)


def _has_something(facts: Facts) -> bool:
    """Whether the text has a network, a loss, training or a function: where there is nothing, nothing is wrong."""
    loop = place(facts.get("loop"))
    functions = place(facts.get("signs")).get("functions")
    return bool(facts.get("network") or facts.get("losses") or loop.get("steps") or loop.get("fit") or functions)


MEASURED: Mapping[str, Callable[[Facts], Shown | None]] = {
    "runs": runs,
    "learns": learns,
    "held_out_accuracy": held_out_accuracy,
    "free_of_bugs": free_of_bugs,
}


def contradicted(outcome: Outcome) -> bool:
    """Whether what the program reports of its loss does not go together with what the host measured.

    A loss near zero means that nearly everything is told apart (or was learned by heart); who is right on nearly all
    has no loss of guessing. Both hold of cross-entropy alone, so where another loss was seen, or none, nothing is said.
    """
    losses = [loss for loss in outcome.curve.losses if math.isfinite(loss)]
    if outcome.accuracy is None or outcome.cases or len(losses) < 2:
        return False
    if not _by_cross_entropy(outcome):
        return False
    last = sum(losses[-3:]) / len(losses[-3:])
    too_high = last > GUESSED and outcome.accuracy > GOOD and losses[0] < SUMMED
    return (0 <= last < LOW and outcome.accuracy < POOR) or too_high


def _by_cross_entropy(outcome: Outcome) -> bool:
    """Whether all losses that the run was seen to take are cross-entropies of classes."""
    seen = places(outcome.seen.get("losses"))
    return bool(seen) and all(map(_is_cross_entropy, seen))


def _is_cross_entropy(loss: Place) -> bool:
    name = plain(loss.get("name"))
    return name in CROSS_ENTROPY or (name == "nllloss" and loss.get("log_probabilities") is True)


def _ran(facts: Facts) -> Outcome | None:
    outcome = facts.get("outcome")
    return outcome if isinstance(outcome, Outcome) and outcome.ran else None


def _share(accuracy: float, good: float) -> float:
    return (accuracy - GUESSING) / (good - GUESSING)


def _shown(fact: str, credit: float, why: str) -> Shown:
    return Shown(fact, standing(credit), round(credit, 2), why)
