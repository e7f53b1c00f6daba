"""What a program left that can be asked for predictions: `model`, else `predict`, else the network last trained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from bot.lab.harness.looking import Looks

WHAT_TO_LEAVE = (
    "Leave the trained network in a variable called `model`, or a function `predict(images)` that returns one class "
    "an image."
)


@dataclass(frozen=True)
class Left:
    """What is asked, and which of the ways it is; `why` says why there is nothing to ask."""

    by: str
    call: Callable[[Any], Any] | None = None
    module: torch.nn.Module | None = None
    why: str = ""

    @classmethod
    def of(cls, names: Mapping[str, Any], looks: Looks) -> Left:
        model = names.get("model")
        found = callable_of(model) if "model" in names else None
        if found is not None:
            return cls("model", found, model if isinstance(model, torch.nn.Module) else None)
        predict = names.get("predict")
        if callable(predict) and not isinstance(predict, type):
            return cls("predict", predict, looks.last.module if looks.last else None)
        last = last_trained(names, looks)
        if last is not None:
            return cls("last", last, last)
        return cls("", why=reason(names, looks))


def callable_of(model: Any) -> Callable[[Any], Any] | None:
    """How `model` is called, whatever it is; a class is not yet a network."""
    if isinstance(model, type) or model is None:
        return None
    for one in (model, getattr(model, "predict", None), getattr(model, "forward", None)):
        if callable(one):
            return one  # type: ignore[no-any-return]
    return None


def last_trained(names: Mapping[str, Any], looks: Looks) -> torch.nn.Module | None:
    """The network that gradients last flowed through, else the largest among the names."""
    if looks.last is not None and not looks.loose:
        return looks.last.module
    modules = [one for one in names.values() if isinstance(one, torch.nn.Module)]
    sizes = {id(one): sum(p.numel() for p in one.parameters()) for one in modules}
    return max((one for one in modules if sizes[id(one)]), key=lambda one: sizes[id(one)], default=None)


def reason(names: Mapping[str, Any], looks: Looks) -> str:
    model = names.get("model")
    if "model" not in names:
        said = "Your program ended and left no network: there is no `model`, no `predict`, and none was trained."
        if looks.leaves:
            said = "Your program trained weights, but left neither `model` nor `predict` that I could ask."
    elif model is ...:
        said = "`model` is still the `...` of the starter."
    elif isinstance(model, type):
        said = f"`model` is the class {model.__name__}, not a network made from it: write `model = {model.__name__}()`."
    elif model is None:
        said = "`model` is None; a function that trains it may have forgotten to return it."
    else:
        said = f"`model` is of type {type(model).__name__}, which cannot be called."
    return f"{said} {WHAT_TO_LEAVE}"
