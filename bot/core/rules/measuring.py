"""Bugs in what is measured of a network, and how: in which mode, over which dimension, on what; and its size."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.core.rules.looking import LAYERS, Look, Place, line_of, place, places, whole
from bot.core.training import Finding

#: Batch norms, whose statistics depend on the mode; a layer norm has none.
BY_MODE = re.compile(r"Dropout|BatchNorm|InstanceNorm|BatchNormalization")

#: What a program may measure by in a way that was not followed.
COMPARES = r"argmax|accuracy|eval\(|\bacc\b|\)\s*==\s*\w|\.eq\("


def _moody(look: Look) -> Place | None:
    """The first layer that works otherwise in training than in evaluation."""
    for op in look.network:
        if op.get("kind") == "dropout" or BY_MODE.search(str(op.get("name", ""))):
            return op
    return None


def _measured(look: Look) -> list[Place]:
    """Where accuracy is measured by predictions of the network."""
    return [one for one in places(look.facts.get("measures")) if one.get("what") not in ("fit", "evaluate", "score")]


def never_eval(look: Look) -> Iterator[Finding]:
    moody, says = _moody(look), look.says("evaluated_in_train_mode")
    if not look.followed or moody is None:
        return
    always = look.signs.get("always_dropping")
    measured = [one for one in _measured(look) if one.get("on") == "held" or one.get("free")]
    if isinstance(always, list) and always:
        text = "{code}{on} drops units in evaluation, too: F.dropout isn't told whether the network is in training."
        yield look.finding("never-eval", always[0], text)
        return
    silent = says is False and all(one.get("free") for one in measured)
    if look.signs.get("evals") or silent or not (measured or says is True):
        return
    best = next((one for one in measured if one.get("what") != "loss"), measured[0] if measured else {})
    text = f"{{code}}{{on}} applies the network in training mode: its {moody.get('name')} is never switched off."
    yield look.finding("never-eval", _uncalled_eval(look) or _applied(look, best), text)


def _uncalled_eval(look: Look) -> int | None:
    return next((line_of(one) for one in places(look.signs.get("uncalled")) if one.get("what") == "eval"), None)


def _applied(look: Look, measure: Place) -> int | None:
    """Where the network is applied for a measurement: the last such line before it, or its own."""
    line, known = line_of(measure), look.signs.get("evaluated")
    lines = [one for one in known if isinstance(one, int)] if isinstance(known, list) else []
    before = [one for one in lines if line is None or one <= line]
    return max(before) if before else line


def never_back_to_train(look: Look) -> Iterator[Finding]:
    modes = places(look.signs.get("modes"))
    loops = places(look.loss.get("loops"))
    inside = [one for one in modes if one.get("turn") and one.get("to") == "eval"]
    back = [one for one in modes if one.get("turn") and one.get("to") == "train"]
    if not look.followed or _moody(look) is None or not inside or back or not loops:
        return
    if len(look.updates("backward")) and not _mentions_training(look, inside):
        text = "{code}{on} switches to evaluation inside the loop, and nothing switches back for the next epoch."
        yield look.finding("never-back-to-train", line_of(inside[0]), text)


def _mentions_training(look: Look, inside: list[Place]) -> bool:
    """True where the text switches back in a way that was not followed."""
    known = {line_of(one) for one in places(look.signs.get("modes"))}
    pattern = r"\.train\(|\.training\s*="
    return any(re.search(pattern, text.partition("#")[0]) and i not in known for i, text in enumerate(look.lines, 1))


def argmax_wrong_dim(look: Look) -> Iterator[Finding]:
    if not look.torch or not look.digits:
        return
    for one in places(look.signs.get("measures")):
        dims, certain = one.get("dims"), one.get("layers") and one.get("label") and not one.get("one")
        if not certain or not isinstance(dims, list):
            continue
        line = whole(one.get("chosen")) or line_of(one)
        if "0" in dims or "-2" in dims:
            says = "{code}{on} takes the largest score along dimension 0, over the images of the batch."
            yield look.finding("argmax-wrong-dim", line, says)
            return
        softmax = whole(one.get("softmax"))
        if softmax is not None and ("1" in dims or "-1" in dims):
            says = "{code}{on} takes the softmax along dimension 0, before the largest of each row is chosen."
            yield look.finding("softmax-wrong-dim", softmax, says)
            return
        if dims == ["none"] and _batches(look):
            says = "{code}{on} takes the largest score of the whole batch: it isn't told along which dimension."
            yield look.finding("argmax-wrong-dim", line, says)
            return


def _batches(look: Look) -> bool:
    """True where what is measured surely comes in batches: from a loader, or as a whole set."""
    return bool(places(look.signs.get("loaders"))) or look.has(r"argmax\(\)\s*==\s*y_(valid|test|val)\b")


def no_validation(look: Look) -> Iterator[Finding]:
    if not look.followed or not look.updates("backward") or places(look.facts.get("measures")):
        return
    if look.seen.get("validation") or (look.has(r"valid|\btest|_val\b|val_") and look.has(COMPARES)):
        return
    fit = place(look.facts.get("loop")).get("fit")
    if not fit:
        yield look.finding("no-validation", None, "Nothing in {code} measures the network on held-out images.")


def gradients_while_evaluating(look: Look) -> Iterator[Finding]:
    if not look.followed or look.has(r"no_grad|inference_mode|set_grad_enabled"):
        return
    for one in _measured(look):
        if one.get("on") == "held" and not one.get("free") and look.updates("backward"):
            says = "{code}{on} measures on held-out images with gradients switched on."
            yield look.finding("gradients-while-evaluating", _applied(look, one), says)
            return


def over_budget(look: Look) -> Iterator[Finding]:
    most = look.task.most_parameters if look.task is not None else None
    told = look.outcome.parameters if look.outcome is not None and look.outcome.ran else None
    has = told if told is not None else whole(look.seen.get("parameters"))
    if most is None or has is None or has <= most:
        return
    says = f"The network has {has:,} parameters, and {most:,} are allowed"
    large = _largest(look)
    if large is None:
        yield look.finding("over-budget", None, f"{says}.")
    else:
        yield look.finding("over-budget", large, f"{says}; many are in {{code}}{{on}}.")


def _largest(look: Look) -> int | None:
    """The line of the layer with the most inputs times outputs, or of the first; a convolution counts 3 by 3 times."""
    layers = [op for op in look.network if op.get("kind") in LAYERS]
    sizes = [(whole(op.get("in")) or 0) * (whole(op.get("out")) or 0) for op in layers]
    weighed = [9 * size if op.get("kind") == "convolution" else size for op, size in zip(layers, sizes, strict=True)]
    if not layers:
        return None
    return line_of(layers[max(range(len(layers)), key=weighed.__getitem__)])


RULES: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    never_eval,
    never_back_to_train,
    argmax_wrong_dim,
    no_validation,
    gradients_while_evaluating,
    over_budget,
)
