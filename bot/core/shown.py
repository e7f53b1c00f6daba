"""What the facts of a candidate's program mean: what of a good program it shows, and on which line.

It reads no program (bot.lab finds the facts) and gives no marks (the grader does, by these findings).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from bot.core.marking import Standing
from bot.core.quoting import line_of_code

Facts = Mapping[str, Any]
Place = Mapping[str, Any]

#: Losses that expect raw scores and turn them into probabilities themselves.
ON_LOGITS = ("CrossEntropyLoss", "SparseSoftmaxCrossEntropyWithLogits", "SoftmaxCrossEntropyWithLogits")
#: Keras' losses, which expect probabilities unless they are told `from_logits=True`.
KERAS_CROSS_ENTROPY = ("SparseCategoricalCrossentropy", "CategoricalCrossentropy")
#: The kinds of steps that are not linear.
BENDING = ("activation", "softmax")
BINARY = ("BCELoss", "BCEWithLogitsLoss", "BinaryCrossentropy")
#: Steps that stand so close together are quoted together.
MOST_LINES = 12


@dataclass(frozen=True)
class Shown:
    """Whether a program shows something. `evidence` is an exact piece of the program, at `line`; `why` is one sentence.

    `credit` is in 0..1: how much of the thing is there. `lines` are the first and last that show it together.
    """

    fact: str
    verdict: Standing
    credit: float
    why: str
    line: int | None = None
    evidence: str | None = None
    lines: tuple[int, int] | None = None


def everything_shown(facts: Facts) -> dict[str, Shown]:
    """All that is shown of a program, by the fact that key points name in `shown_by`."""
    return {name: find(facts) for name, find in FACTS.items()}


def shown(facts: Facts, fact: str) -> Shown | None:
    """What is shown of one fact; None when there is no such fact."""
    find = FACTS.get(fact)
    return find(facts) if find is not None else None


def scales_pixels(facts: Facts) -> Shown:
    """Whether the pixels are brought to a small range."""
    place = _first(facts, "scaling")
    if place is None:
        return _not("scales_pixels", "I see no place where the pixels are scaled.")
    return _met("scales_pixels", f"The pixels are scaled ({place.get('how', '')}).", place)


def flattens(facts: Facts) -> Shown:
    """Whether an image becomes one row of numbers before the first linear layer."""
    network = _network(facts)
    linear = next((i for i, op in enumerate(network) if op["kind"] == "linear"), len(network))
    before = [op for op in network[:linear] if op["kind"] == "flatten"]
    place = before[0] if before else _first(facts, "flattening")
    if place is None:
        return _not("flattens", "I see no place where an image becomes one row of numbers.")
    return _met("flattens", "Each image becomes one row of numbers.", place)


def hidden_non_linear(facts: Facts) -> Shown:
    """Whether an activation stands between any two linear layers."""
    fact, network = "hidden_non_linear", _network(facts)
    at = [i for i, op in enumerate(network) if op["kind"] in ("linear", "convolution")]
    if len(at) < 2:
        return _not(fact, "I see no hidden layer." if at else "I see no layers.", network[at[0]] if at else None)
    between = [[op for op in network[a:b] if op["kind"] in BENDING] for a, b in pairwise(at)]
    bent = [ops[0] for ops in between if ops]
    if not bent:
        why = "Nothing non-linear stands between the linear layers, so they collapse into one."
        return _wrong(fact, why, network[at[1]])
    if len(bent) < len(between):
        gap = network[at[[bool(ops) for ops in between].index(False) + 1]]
        return _partly(fact, 0.5, "An activation is missing between two of the linear layers.", gap)
    return _met(fact, f"{bent[0]['name']} stands between the linear layers.", bent[0])


def ten_outputs(facts: Facts) -> Shown:
    """Whether the last layer gives one number for each of the ten digits."""
    fact = "ten_outputs"
    linear = [op for op in _network(facts) if op["kind"] in ("linear", "convolution")]
    if not linear:
        return _not(fact, "I see no last layer.")
    size = linear[-1].get("out")
    if size == 10:
        return _met(fact, "The last layer has ten outputs.", linear[-1])
    if size is None:
        return _partly(fact, 0.5, "I cannot tell from the text how many outputs the last layer has.", linear[-1])
    outputs = "one output" if size == 1 else f"{size} outputs"
    return _wrong(fact, f"The last layer has {outputs}, and there are ten digits.", linear[-1])


def cross_entropy_on_logits(facts: Facts) -> Shown:
    """Whether the loss is cross-entropy, and gets what it expects."""
    fact = "cross_entropy_on_logits"
    losses = facts.get("losses") or []
    if not losses:
        return _not(fact, "I see no loss.")
    loss = losses[0]
    name, ending = str(loss["name"]), _ending(facts)
    bent = name in ON_LOGITS and ending is not None and ending["name"] != "LogSoftmax"
    if not loss.get("used", True) and not bent:  # what stands before the loss is wrong, used or not
        return _partly(fact, 0.4, f"{name} is made, and I do not see it used.", loss)
    if name in ON_LOGITS:
        return _on_logits(fact, name, ending, loss)
    if name in KERAS_CROSS_ENTROPY:
        return _keras_cross_entropy(fact, name, ending, loss)
    if name == "NLLLoss":
        if ending is not None and ending["name"] == "LogSoftmax":
            return _met(fact, "Log-softmax with NLLLoss is the cross-entropy of the logits.", loss)
        return _wrong(fact, "NLLLoss expects log-probabilities, and the network does not end in a log-softmax.", loss)
    if loss.get("by_hand") and ending is not None and ending["name"] == "LogSoftmax":
        return _met(fact, "The loss is a cross-entropy of the logits, written by hand.", loss)
    if name == "log loss":
        return _partly(fact, 0.5, "The library takes the log loss by itself; the program does not show it.", loss)
    if name in BINARY:
        return _partly(fact, 0.4, f"{name} asks ten separate questions where the ten digits exclude each other.", loss)
    return _not(fact, f"The loss is {name}, not a cross-entropy over the ten classes.", loss)


def _on_logits(fact: str, name: str, ending: Place | None, loss: Place) -> Shown:
    if ending is None:
        return _met(fact, f"{name} is taken on the raw scores.", loss)
    if ending["name"] == "LogSoftmax":
        why = f"{name} takes a log-softmax itself; the one before it is harmless, and superfluous."
        return _partly(fact, 0.6, why, ending)
    takes = "takes a log-softmax itself" if ending["name"] == "Softmax" else "expects raw scores"
    return _wrong(fact, f"{name} {takes}, and {ending['name']} stands before it.", ending)


def _keras_cross_entropy(fact: str, name: str, ending: Place | None, loss: Place) -> Shown:
    ends = None if ending is None else ending["name"]
    if loss.get("from_logits"):
        if ends is None:
            return _met(fact, f"{name} is taken on the raw scores.", loss)
        return _wrong(fact, f"{name} is told to expect raw scores, and gets the output of {ends}.", loss)
    if ends == "Softmax":
        return _met(fact, f"{name} expects probabilities, and a softmax gives them.", loss)
    if ends == "Sigmoid":
        return _partly(fact, 0.4, "Ten sigmoids are no distribution over ten digits that exclude each other.", ending)
    return _wrong(fact, f"{name} expects probabilities, and gets raw scores.", loss)


def training_loop(facts: Facts) -> Shown:
    """Whether gradients are cleared, computed and used, over mini-batches and epochs."""
    fact, loop = "training_loop", facts.get("loop") or {}
    steps = loop.get("steps") or []
    order = [step["what"] for step in steps]
    if loop.get("fit") and "backward" not in order:
        return _partly(fact, 0.5, "The library's `fit` runs the loop; the steps inside it are not shown.", loop["fit"])
    if "backward" not in order and "step" not in order:
        return _not(fact, "I see no training loop.")
    lacking = _lacking(facts, steps, order)
    if lacking is not None:
        credit, why, place = lacking
        return _partly(fact, credit, why, place) if credit else _wrong(fact, why, place)
    why = "Gradients are cleared, computed and used, over mini-batches and epochs."
    lines = [step["line"] for step in steps if step["what"] in ("zero_grad", "backward", "step")]
    together = (min(lines), max(lines)) if max(lines) - min(lines) < MOST_LINES else None
    return replace(_met(fact, why, _step(steps, "backward")), lines=together)


def _lacking(facts: Facts, steps: Sequence[Place], order: Sequence[str]) -> tuple[float, str, Place | None] | None:
    """What is wrong with a training loop, what of it still counts, and where it is seen; None when nothing is."""
    loop = facts["loop"]
    fresh, backward, step = bool(loop.get("fresh")), _step(steps, "backward"), _step(steps, "step")
    if backward is None:
        return 0.5, "The weights are changed, and I see no backward pass: the gradients are worked out by hand.", step
    if step is None:
        return 0.4, "The gradients are computed, and I see nothing that changes the weights.", backward
    if "zero_grad" not in order and not fresh:
        return 0.5, "The gradients are never cleared, so they add up from one mini-batch to the next.", backward
    if not fresh and _cleared_too_soon(order):
        why = "The gradients are cleared between the backward pass and the step, so the step does nothing."
        return 0.0, why, _step([*steps[order.index("backward") :], *steps], "zero_grad")
    loops = loop.get("loops") or []
    if not loops:
        return 0.4, "There is a single update and no loop around it.", step
    if not any(one.get("batches") for one in loops):
        taken = next((loss for loss in facts.get("losses") or [] if loss.get("used", True)), backward)
        return 0.6, "Every update takes the whole training set: there are no mini-batches.", taken
    if len(loops) < 2 and loops[0].get("kind") != "epochs" and not loops[0].get("drawn"):
        return 0.6, "The program goes through the data once: there is no loop over epochs.", loops[0]
    return None


def _step(steps: Sequence[Place], what: str) -> Place | None:
    return next((step for step in steps if step["what"] == what), None)


def _cleared_too_soon(order: Sequence[str]) -> bool:
    """True when, going round the loop, the next thing after the backward pass is the clearing and not the step."""
    start = order.index("backward")
    around = [what for what in (*order[start + 1 :], *order[:start]) if what != "backward"]
    return bool(around) and around[0] == "zero_grad" and "step" in order


def evaluates_held_out(facts: Facts) -> Shown:
    """Whether accuracy is measured on examples that were not learned from, without gradients, in evaluation mode."""
    fact, measures = "evaluates_held_out", list(facts.get("measures") or [])
    held = [m for m in measures if m["on"] == "held"]
    accuracy = [m for m in held if m["what"] != "loss"]
    if not held:
        trained = [m for m in measures if m["on"] == "train" and m["what"] != "loss"]
        if trained:
            return _not(fact, "Accuracy is measured on the images that the network was trained on.", trained[0])
        unknown = [m for m in measures if m["on"] == "unknown" and m["what"] != "loss"]
        if unknown:
            return _partly(fact, 0.5, "Accuracy is measured, and I cannot tell on which images.", unknown[0])
        return _not(fact, "I see no measurement on images that were held out.")
    if not accuracy:
        return _partly(fact, 0.6, "The loss is measured on held-out images, and accuracy is not.", held[0])
    best = max(accuracy, key=lambda m: (_by_library(m), m["what"] != "fit", bool(m["free"]) + bool(m["evaluating"])))
    if _by_library(best) or _without_modes(facts) or (best["free"] and best["evaluating"]):
        return _met(fact, "Accuracy is measured on held-out images.", best)
    if best["free"] or best["evaluating"]:
        lacks = "`model.eval()`" if best["free"] else "`torch.no_grad()`"
        return Shown(fact, "met", 0.8, f"Accuracy is measured on held-out images, without {lacks}.", *_place(best))
    why = "Accuracy is measured on held-out images, without `model.eval()` and `torch.no_grad()`."
    return _partly(fact, 0.6, why, best)


def _without_modes(facts: Facts) -> bool:
    """True where there is no evaluation mode to switch to: in NumPy, or with bare matrices and no gradients."""
    matrices = any(op["name"] == "matrix product" for op in _network(facts))
    held_free = any(m["on"] == "held" and m["free"] for m in facts.get("measures") or [])
    return facts.get("framework") not in ("PyTorch", None) or (matrices and held_free)


def _by_library(measure: Place) -> bool:
    return measure["what"] in ("evaluate", "fit", "score")


#: Everything that a key point may be shown by.
FACTS: Mapping[str, Callable[[Facts], Shown]] = {
    "scales_pixels": scales_pixels,
    "flattens": flattens,
    "hidden_non_linear": hidden_non_linear,
    "ten_outputs": ten_outputs,
    "cross_entropy_on_logits": cross_entropy_on_logits,
    "training_loop": training_loop,
    "evaluates_held_out": evaluates_held_out,
}


def optimizer_phrase(facts: Facts) -> str | None:
    """How to name the optimiser in a sentence ("SGD (momentum 0.9)"); None when the program shows none."""
    name = facts.get("optimizer")
    if not name:
        return None
    if facts.get("optimizer_by_hand"):
        return "gradient descent written by hand"
    momentum = (facts.get("optimizer_options") or {}).get("momentum")
    return f"{name} (momentum {momentum:g})" if momentum else str(name)


def learning_rate_phrase(facts: Facts) -> str:
    """How to name the learning rate in a sentence ("a learning rate of 0.01")."""
    rate = facts.get("learning_rate")
    if rate is not None:
        return f"a learning rate of {rate:.6g}"
    if facts.get("learning_rate_stated"):
        source = facts.get("learning_rate_source")
        return f"`{line_of_code(str(source))}` as its learning rate" if source else "a learning rate of your own"
    return "the default learning rate"


def _ending(facts: Facts) -> Place | None:
    """What stands behind the last linear layer and bends its scores, if anything does."""
    network = _network(facts)
    last = max((i for i, op in enumerate(network) if op["kind"] in ("linear", "convolution")), default=-1)
    behind = [op for op in network[last + 1 :] if op["kind"] in BENDING] if last >= 0 else []
    return behind[-1] if behind else None


def _network(facts: Facts) -> list[Place]:
    return list(facts.get("network") or [])


def _first(facts: Facts, name: str) -> Place | None:
    return next(iter(facts.get(name) or []), None)


def _place(place: Place | None) -> tuple[int | None, str | None]:
    return (None, None) if place is None else (place.get("line"), place.get("source") or None)


def _met(fact: str, why: str, place: Place | None) -> Shown:
    return Shown(fact, "met", 1.0, why, *_place(place))


def _partly(fact: str, credit: float, why: str, place: Place | None) -> Shown:
    return Shown(fact, "partial", credit, why, *_place(place))


def _wrong(fact: str, why: str, place: Place | None) -> Shown:
    return Shown(fact, "wrong", 0.0, why, *_place(place))


def _not(fact: str, why: str, place: Place | None = None) -> Shown:
    return Shown(fact, "missing", 0.0, why, *_place(place))
