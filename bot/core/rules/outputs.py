"""Bugs between the last layer and the loss: what bends the scores, what the loss expects, what the labels are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.core.rules.looking import CROSS_ENTROPY, LAYERS, UNSURE, Look, Place, flag, line_of, number, place, whole
from bot.core.training import Finding

REGRESSION = ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss")
CLASS_LOSSES = ("CrossEntropyLoss", "NLLLoss")
BINARY = ("BCELoss", "BCEWithLogitsLoss")
NLL = ("nllloss",)


def _bends(look: Look) -> list[Place]:
    """What bends the scores on their way to the loss."""
    return [op for op in look.behind() if op.get("kind") in ("activation", "softmax")]


def _loss_line(look: Look) -> int | None:
    return whole(look.loss.get("line")) or line_of(place((look.facts.get("losses") or [{}])[0]))


def _loss_name(look: Look) -> str | None:
    """The loss that training goes by, as far as that is certain."""
    name = look.loss.get("name") or look.facts.get("loss")
    return name if isinstance(name, str) else None


def _told(look: Look, names: tuple[str, ...], key: str) -> bool | None:
    """What the run says of what a loss was given: True or False where all such losses agree (or one is certain)."""
    said = {flag(one.get(key)) for one in look.losses(*names)} - {None}
    return said.pop() if len(said) == 1 else None


def on_cross_entropy(look: Look) -> Iterator[Finding]:
    """What stands before a cross-entropy that takes its log-softmax itself."""
    if not look.torch:
        return
    bends, static = _bends(look), _loss_name(look) == "CrossEntropyLoss"
    last = bends[-1] if bends and static else None
    name = last.get("name") if last is not None else None
    sums, logs = _told(look, CROSS_ENTROPY, "rows_sum_to_one"), _told(look, CROSS_ENTROPY, "log_probabilities")
    if (name == "Softmax" and sums is not False) or (sums is True and name not in ("Sigmoid", "Softmin")):
        line = line_of(last) if name == "Softmax" else _softmax_line(look) or _loss_line(look)
        says = "{code}{on} puts a softmax before CrossEntropyLoss, which takes one itself."
        yield look.finding("softmax-before-cross-entropy", line, says)
    elif name == "LogSoftmax" and logs is not False:
        says = "{code}{on} takes a log-softmax before CrossEntropyLoss, which takes one itself."
        yield look.finding("log-softmax-before-cross-entropy", line_of(last), says)
    elif last is not None and _wider(look, *_range(str(name))):
        return  # what the run saw can't have gone through it
    elif name in ("Sigmoid", "Hardsigmoid"):
        says = "{code}{on} puts a sigmoid before CrossEntropyLoss, which expects raw scores."
        yield look.finding("sigmoid-before-cross-entropy", line_of(last), says)
    elif last is not None and last.get("kind") == "activation":
        says = f"{{code}}{{on}} puts {name} behind the last layer, on the scores that CrossEntropyLoss expects raw."
        yield look.finding("activation-on-the-logits", line_of(last), says)


def _softmax_line(look: Look) -> int | None:
    """Where a softmax is that was not followed; the only one there is."""
    found = [i for i, text in enumerate(look.lines, 1) if re.search(r"(?<!log_)(?<!Log)softmax\(|Softmax\(", text)]
    return found[0] if len(found) == 1 else None


def _range(name: str) -> tuple[float, float]:
    low = {
        "ReLU": 0.0,
        "ReLU6": 0.0,
        "Softplus": 0.0,
        "Sigmoid": 0.0,
        "Hardsigmoid": 0.0,
        "Tanh": -1.0,
        "Hardtanh": -1.0,
        "Softsign": -1.0,
    }
    high = {"ReLU6": 6.0, "Sigmoid": 1.0, "Hardsigmoid": 1.0, "Tanh": 1.0, "Hardtanh": 1.0, "Softsign": 1.0}
    return low.get(name, -1e9), high.get(name, 1e9)


def _wider(look: Look, low: float, high: float) -> bool:
    """True when the run saw scores that cannot have gone through what bends them into this range."""
    for one in look.losses(*CROSS_ENTROPY):
        least, most = number(one.get("input_min")), number(one.get("input_max"))
        if (least is not None and least < low - 1e-3) or (most is not None and most > high + 1e-3):
            return True
    return False


def nll_without_log(look: Look) -> Iterator[Finding]:
    if not look.torch or look.loss.get("by_hand"):
        return
    logs = _told(look, NLL, "log_probabilities")
    ops, bends = look.network, _bends(look)
    name = bends[-1].get("name") if bends else None
    certain = any(op.get("kind") in LAYERS for op in ops) and not any(op.get("kind") in UNSURE for op in look.behind())
    static = _loss_name(look) == "NLLLoss" and certain and name != "LogSoftmax"
    if logs is not True and (static or (logs is False and look.losses(*NLL))):
        what = "probabilities without a logarithm" if name == "Softmax" else "scores that are no log-probabilities"
        line = line_of(bends[-1]) if name == "Softmax" else _loss_line(look)
        says = f"{{code}}{{on}} gives NLLLoss {what}." if name == "Softmax" else f"{{code}}{{on}} gets {what}."
        yield look.finding("nll-without-log", line, says)


def softmax_wrong_dim(look: Look) -> Iterator[Finding]:
    if not look.torch or not look.digits:
        return
    for op in look.network:
        if op.get("kind") == "softmax" and op.get("dim") == 0 and _denied(look) is not True:
            says = "{code}{on} takes the softmax along dimension 0, over the images of the batch."
            yield look.finding("softmax-wrong-dim", line_of(op), says)
            return


def _denied(look: Look) -> bool | None:
    """What the run says of rows that add up to one before the loss."""
    return _told(look, CROSS_ENTROPY, "rows_sum_to_one") or _told(look, NLL, "log_probabilities")


def dropout_on_the_logits(look: Look) -> Iterator[Finding]:
    if not look.torch or not look.behind() or any(op.get("kind") in UNSURE for op in look.behind()):
        return
    for op in look.behind():
        if op.get("kind") == "dropout" and op.get("rate") != 0:
            says = "{code}{on} drops units behind the last layer: on the scores themselves."
            yield look.finding("dropout-on-the-logits", line_of(op), says)
            return


def wrong_number_of_outputs(look: Look) -> Iterator[Finding]:
    layers = [op for op in look.network if op.get("kind") in LAYERS]
    if not look.torch or not look.digits or not layers or not look.has(r"load_mnist|\b(Fashion|K|Q)?MNIST\("):
        return
    size, bounds = whole(layers[-1].get("out")), "out of bounds" in look.error
    certain = not any(op.get("kind") in UNSURE for op in look.behind()) and layers[-1].get("kind") == "linear"
    shapes = [one.get("input_shape") for one in look.losses(*CROSS_ENTROPY, *NLL)]
    ten = any(isinstance(shape, (list, tuple)) and len(shape) == 2 and shape[1] == 10 for shape in shapes)
    if size is not None and size != 10 and certain and not ten and _loss_name(look) in (*CLASS_LOSSES, *BINARY):
        outputs = "one output" if size == 1 else f"{size} outputs"
        says = f"{{code}}{{on}} gives the last layer {outputs}, and there are ten digits."
        yield look.finding("wrong-number-of-outputs", line_of(layers[-1]), says)
    elif bounds and size != 10:
        says = "{code}{on} gives fewer scores than there are classes."
        yield look.finding("wrong-number-of-outputs", line_of(layers[-1]), says)


def mse_on_class_indices(look: Look) -> Iterator[Finding]:
    target, name = place(look.loss.get("target")), _loss_name(look)
    if not look.torch or not look.digits or name not in REGRESSION:
        return
    shapes = [one.get("target_shape") for one in look.losses("mseloss", "l1loss", "smoothl1loss", "huberloss")]
    wide = [shape for shape in shapes if isinstance(shape, (list, tuple)) and len(shape) > 1 and shape[-1] == 10]
    if target.get("label") and not target.get("one_hot") and not target.get("unknown") and not wide:
        says = f"{{code}}{{on}} takes {name} between the outputs and the labels' numbers."
        yield look.finding("mse-on-class-indices", _loss_line(look), says)


LABEL_ERRORS = (
    r"expected scalar type Long|expected target dtype|"
    r"expected floating point type for target|multi-target not supported|"
    r"not implemented for '(Int|Byte|Short|Char|Float|Double|Half)'|"
    r"Expected target size|Expected floating point type for target|0D or 1D target tensor"
)


def wrong_label_type(look: Look) -> Iterator[Finding]:
    target, name = place(look.loss.get("target")), _loss_name(look)
    if not look.torch or look.loss.get("by_hand"):
        return
    failed = re.search(LABEL_ERRORS, look.error) is not None
    fine = look.outcome is not None and look.outcome.ran and not look.error and bool(look.seen.get("steps"))
    cast = whole(target.get("floated")) or whole(target.get("shortened"))
    if name in CLASS_LOSSES and target.get("label") and not fine and not target.get("unknown"):
        if not target.get("one_hot") and cast is not None:
            kind = "floats" if target.get("floated") else "a short integer type"
            yield look.finding(
                "wrong-label-type", cast, f"{{code}}{{on}} makes the labels {kind}, and {name} takes int64."
            )
            return
        if target.get("one_hot") and not target.get("floated") and look.has(r"one_hot\("):
            line = look.line_with(r"one_hot\(")
            says = f"{{code}}{{on}} gives {name} one-hot labels as integers; as probabilities they must be floats."
            yield look.finding("wrong-label-type", line, says)
            return
    if failed and "tensor" not in _error_of_images(look):
        says = "{code}{on} gets labels of a type or a shape that the loss does not take."
        yield look.finding("wrong-label-type", _loss_line(look) or look.error_line, says)


def _error_of_images(look: Look) -> str:
    """Errors of the same words that are about the images, not the labels."""
    return "tensor" if re.search(r"mat1|input type|weight type|conv|addmm", look.error) else ""


def loss_arguments_swapped(look: Look) -> Iterator[Finding]:
    if look.torch and look.loss.get("swapped") and _loss_name(look) in (*CLASS_LOSSES, *BINARY) and not look.learned:
        says = "{code}{on} gives the loss the labels first and the scores second."
        yield look.finding("loss-arguments-swapped", _loss_line(look), says)


def sigmoid_with_bce(look: Look) -> Iterator[Finding]:
    bends, name = _bends(look), _loss_name(look)
    if not look.torch or name not in BINARY:
        return
    if name == "BCELoss" and bends and bends[-1].get("name") == "Sigmoid":
        says = "{code}{on} ends the network in sigmoids, and the loss is a binary cross-entropy for each digit."
        yield look.finding("sigmoid-with-bce", line_of(bends[-1]), says)


RULES: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    on_cross_entropy,
    nll_without_log,
    softmax_wrong_dim,
    dropout_on_the_logits,
    wrong_number_of_outputs,
    mse_on_class_indices,
    wrong_label_type,
    loss_arguments_swapped,
    sigmoid_with_bce,
)
