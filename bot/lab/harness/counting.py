"""The hooks of a step of which there is nothing to see but its loss: they count it, and call nothing else of ours.

A step of the program's own has just emptied the caches, so what a hook costs is every object and function that it
touches, and not what it does with them. Whatever is out of the ordinary goes to the watch, which takes its time.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.lab.harness.watching import Watch

Call = Callable[..., Any]


def quiet(tell: Call) -> Callable[..., None]:
    """Never lets a fault of ours become the program's."""

    def call(*args: Any) -> None:
        try:
            tell(*args)
        except Exception:  # whatever a program passes to PyTorch may raise anything when it is looked at
            return

    return call


def counted_loss(original: Call, name: str, watch: Watch) -> Call:
    """A loss that says so when it was computed."""
    tally, otherwise = watch.tally, quiet(watch.after_loss)

    @functools.wraps(original)
    def loss(*args: Any, **kwargs: Any) -> Any:
        out = original(*args, **kwargs)
        try:
            if tally.usual_loss is name and out.requires_grad:
                shape = args[0].shape
                if len(shape) > 1:
                    tally.pending_rows = shape[0]
                    tally.calls += 1
                    return out
        except Exception:  # scores that are given by name, or are none
            pass
        otherwise(name, args, kwargs, out)
        return out

    return loss


def counted_backward(original: Call, watch: Watch) -> Call:
    """A backward pass that says so before it begins."""
    tally, looks, otherwise = watch.tally, watch.looks, quiet(watch.before_backward)
    met, by_hand = quiet(watch.met), quiet(watch.step_counted)

    @functools.wraps(original)
    def backward(tensors: Any, *args: Any, **kwargs: Any) -> Any:
        value = None
        if tally.quiet and not tally.backward_since:
            try:
                value = tensors.item()
            except Exception:  # several numbers, or none
                value = None
        if type(value) is not float:
            otherwise(tensors)
            return original(tensors, *args, **kwargs)
        tally.loss = value
        tally.backwards += 1
        rows = tally.pending_rows or looks.batch
        tally.pending_rows = 0
        tally.rows += rows
        if rows != tally.usual_rows:
            met(rows)
        if tally.optimizer_steps:
            tally.backward_since = True
        else:
            by_hand()
        return original(tensors, *args, **kwargs)

    return backward


def counted_step(watch: Watch) -> Call:
    """What is called when an optimiser has stepped."""
    tally, otherwise, settle = watch.tally, quiet(watch.after_step), quiet(watch.settle)

    def after_step(optimizer: Any, args: Any, kwargs: Any) -> None:
        if tally.usual_stepper is not optimizer or not tally.backward_since:
            otherwise(optimizer)
            return
        tally.backward_since = False
        tally.optimizer_steps += 1
        tally.chunk.append(tally.loss)
        tally.left -= 1
        if tally.left <= 0:
            settle()

    return after_step
