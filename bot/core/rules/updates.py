"""Bugs in how weights are updated: gradients not cleared, cleared too soon, not computed, not used, or cut off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.core.rules.looking import Look, Place, flag, line_of, place, places, whole
from bot.core.training import Finding

CLEARS = r"zero_grad\s*\(|\.grad\s*=\s*None|\.grad\.zero_|grad\.fill_|zero_\(\)"
BACKWARD = r"\.backward\s*\(|\bgrad\s*\(|value_and_grad|\.backward\b"
STEP = r"\.step\b|_foreach|\.minimize\s*\(|\.update\s*\("
#: Below so many steps the run says little about what happens from step to step.
FEW_STEPS = 3


def no_zero_grad(look: Look) -> Iterator[Finding]:
    backward, steps = look.updates("backward"), look.updates("step")
    says, calls = look.says("grads_accumulated"), whole(look.seen.get("zero_grad_calls"))
    many = (whole(look.seen.get("steps")) or 0) >= FEW_STEPS
    if (says is False and many) or any(one.get("fresh") for one in backward):
        return
    why_not = _uncleared(look, backward, steps)
    if why_not is None and says is True and calls == 0 and many:
        why_not = "The run went through {code}{on} with the gradients of the steps before still in place."
    if why_not is not None:
        line = line_of(_turning(backward) or (backward[0] if backward else None)) or look.line_with(BACKWARD)
        yield look.finding("no-zero-grad", line, why_not)


def _uncleared(look: Look, backward: list[Place], steps: list[Place]) -> str | None:
    """Why the gradients are not cleared, or None where they are, or where that is not certain."""
    if not look.followed or not backward or not steps or _turning(backward) is None or _turning(steps) is None:
        return None
    clears = look.updates("zero_grad")
    if any(one.get("turn") for one in clears):
        return None
    uncalled = next((one for one in places(look.signs.get("uncalled")) if one.get("what") == "zero_grad"), None)
    if uncalled is not None:
        return f"{{code}}{{on}} adds to old gradients: line {uncalled.get('line')} names zero_grad without calling it."
    lines = {line_of(one) for one in clears}
    if any(re.search(CLEARS, text.partition("#")[0]) and i not in lines for i, text in enumerate(look.lines, 1)):
        return None
    if clears:
        where = "once an epoch" if any(one.get("outer") for one in clears) else "only once, before the loop"
        return f"{{code}}{{on}} adds to the gradients of earlier mini-batches: they are cleared {where}."
    return "{code}{on} adds to the gradients of earlier mini-batches: nothing clears them between the steps."


def _turning(steps: list[Place]) -> Place | None:
    return next((one for one in steps if one.get("turn")), None)


def zero_grad_after_backward(look: Look) -> Iterator[Finding]:
    around = [one for one in places(look.signs.get("updates")) if one.get("turn") or not _has_loop(look)]
    kinds = [one.get("what") for one in around]
    if look.says("weights_changed") is True or "backward" not in kinds or "step" not in kinds:
        return
    if any(one.get("under") or one.get("fresh") or one.get("hand") for one in around):
        return
    last = len(kinds) - 1 - kinds[::-1].index("backward")
    behind = [*around[last + 1 :], *(around[: kinds.index("backward")] if _has_loop(look) else ())]
    if behind and behind[0].get("what") == "zero_grad" and any(one.get("what") == "step" for one in behind[1:]):
        cleared = line_of(behind[0])
        says = "{code}{on} clears the gradients between the backward pass and the step."
        yield look.finding("zero-grad-after-backward", cleared, says)


def _has_loop(look: Look) -> bool:
    return bool(place(look.facts.get("loop")).get("loops"))


def no_optimizer_step(look: Look) -> Iterator[Finding]:
    backward, steps = look.updates("backward"), look.updates("step")
    ran = (whole(look.seen.get("steps")) or 0) > 0 or look.says("weights_changed") is True
    if not look.followed or ran or steps or not backward or not look.facts.get("optimizer_line"):
        return
    line = line_of(_turning(backward) or backward[0])
    uncalled = next((one for one in places(look.signs.get("uncalled")) if one.get("what") == "step"), None)
    if uncalled is not None:
        says = "{code}{on} names the step and doesn't call it: the parentheses are missing."
        yield look.finding("no-optimizer-step", uncalled.get("line"), says)
    elif not look.signs.get("some_step") and not look.signs.get("reads_grad") and not _steps_anywhere(look):
        says = "{code}{on} computes gradients, and no optimiser ever takes a step with them."
        yield look.finding("no-optimizer-step", line, says)


def _steps_anywhere(look: Look) -> bool:
    """True where something is stepped that is not known to be a learning rate's schedule."""
    known = {line_of(one) for one in places(look.signs.get("scheduled"))}
    return any(re.search(STEP, text.partition("#")[0]) and i not in known for i, text in enumerate(look.lines, 1))


def step_outside_loop(look: Look) -> Iterator[Finding]:
    backward, steps, clears = look.updates("backward"), look.updates("step"), look.updates("zero_grad")
    if not look.followed or not steps or _turning(backward) is None or any(one.get("turn") for one in steps):
        return
    loops = places(look.loss.get("loops"))
    batches = bool(loops) and loops[-1].get("batches") is True
    if batches and any(one.get("turn") and not one.get("under") for one in clears) and not steps[0].get("hand"):
        says = "{code}{on} stands behind the loop over mini-batches, while the gradients are cleared inside it."
        yield look.finding("step-outside-loop", line_of(steps[0]), says)


def no_backward(look: Look) -> Iterator[Finding]:
    steps = [one for one in look.updates("step") if not one.get("hand")]
    uncalled = next((one for one in places(look.signs.get("uncalled")) if one.get("what") == "backward"), None)
    if not look.followed or not steps or look.updates("backward") or look.says("weights_changed") is True:
        return
    if uncalled is not None:
        says = "{code}{on} names the backward pass and doesn't call it: the parentheses are missing."
        yield look.finding("no-backward", uncalled.get("line"), says)
    elif not look.has(BACKWARD):
        says = "{code}{on} takes a step, and there is no backward pass to give it gradients."
        yield look.finding("no-backward", line_of(steps[0]), says)


def detached_loss(look: Look) -> Iterator[Finding]:
    cut = place(look.loss.get("detached"))
    fails = re.search(r"does not require grad|no attribute 'backward'|does not have a grad_fn", look.error)
    if not look.torch or (not cut and not fails):
        return
    if cut.get("layers_behind") and (look.signs.get("frozen") or look.signs.get("loads") or _several(look)):
        return
    if look.learned and not cut.get("layers_behind"):
        return
    how = cut.get("how")
    if how == "no_grad":
        says = "{code}{on} computes what the loss is taken of without gradients."
    elif how:
        says = f"{{code}}{{on}} takes the value out of the graph by {how}, before the backward pass."
    else:
        says = "{code}{on} starts a backward pass from something that has no graph."
    yield look.finding("detached-loss", cut.get("line") or look.error_line, says)


def _several(look: Look) -> bool:
    return (whole(place(look.signs.get("forward")).get("networks")) or 0) > 1


def parameters_not_in_optimizer(look: Look) -> Iterator[Finding]:
    made = places(look.seen.get("optimizers"))
    covers = {flag(one.get("covers")) for one in made}
    frozen = look.signs.get("frozen") or look.signs.get("loads")
    if not look.torch or frozen or (covers and covers == {True}):
        return
    found = next(iter(places(look.signs.get("uncovered"))), None)
    says = {
        "part": "{code}{on} gets the parameters of one part of the network; the other layers are never updated.",
        "other": "{code}{on} gets the parameters of another network than the one that is trained.",
        "list": "{code}{on} is kept in a plain Python list, so parameters() does not find it.",
        "tensor": "{code}{on} leaves out a tensor that the network uses and that needs gradients.",
    }
    if found is not None and found.get("what") in says:
        yield look.finding("parameters-not-in-optimizer", found.get("line"), says[str(found.get("what"))])
    elif covers == {False} and len(made) == 1 and look.says("weights_changed") is True:
        general = "{code}{on} makes an optimiser that leaves out some of the network's parameters."
        yield look.finding("parameters-not-in-optimizer", look.facts.get("optimizer_line"), general)


def optimizer_made_anew(look: Look) -> Iterator[Finding]:
    loops = places(look.loss.get("loops"))
    if not look.torch or not loops or loops[-1].get("batches") is not True or look.updates("step")[1:]:
        return
    for one in places(look.signs.get("optimizers")):
        if one.get("turn") and not one.get("under"):
            says = "{code}{on} makes a new optimiser for each mini-batch."
            yield look.finding("optimizer-made-anew", line_of(one), says)
            return


def steps_uphill(look: Look) -> Iterator[Finding]:
    if not look.torch or look.learned:
        return
    negated = whole(look.loss.get("negated"))
    options = place(look.facts.get("optimizer_options"))
    rate = look.rate
    if negated is not None and not options.get("maximize") and not (rate is not None and rate < 0):
        yield look.finding(
            "steps-uphill", negated, "{code}{on} turns the sign of the loss, so each step makes it grow."
        )
    elif options.get("maximize") is True and negated is None:
        says = "{code}{on} tells the optimiser to make the loss as large as it can."
        yield look.finding("steps-uphill", look.facts.get("optimizer_line"), says)
    elif rate is not None and rate < 0 and look.facts.get("optimizer_by_hand"):  # a library refuses it
        says = "{code}{on} sets a learning rate below zero."
        yield look.finding("steps-uphill", look.facts.get("optimizer_line"), says)
    for step in look.updates("step"):
        if step.get("hand") and step.get("uphill"):
            says = "{code}{on} adds the gradient to the weights, where it should be taken away."
            yield look.finding("steps-uphill", line_of(step), says)
            return


def loss_kept_with_graph(look: Look) -> Iterator[Finding]:
    texts = " ".join(str(one.get("text", "")) for one in look.updates("backward"))
    for one in places(look.signs.get("kept")):
        name = str(one.get("name", ""))
        summed = re.search(rf"\b{re.escape(name)}\b", texts) or look.has(
            rf"\b(sum|stack|cat|mean)\(\s*{re.escape(name)}"
        )
        if one.get("turn") and not one.get("free") and name and not summed:
            says = "{code}{on} keeps the loss together with its graph."
            yield look.finding("loss-kept-with-graph", line_of(one), says)
            return


def item_every_step(look: Look) -> Iterator[Finding]:
    items = look.signs.get("items")
    line = whole(items[0]) if isinstance(items, list) and items else None
    loops = places(look.loss.get("loops"))
    if look.torch and line is not None and loops and loops[-1].get("batches") is True:
        yield look.finding("item-every-step", line, "{code}{on} asks for the loss as a number at each step.")


RULES: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    no_zero_grad,
    zero_grad_after_backward,
    no_optimizer_step,
    step_outside_loop,
    no_backward,
    detached_loss,
    parameters_not_in_optimizer,
    optimizer_made_anew,
    steps_uphill,
    loss_kept_with_graph,
    item_every_step,
)
