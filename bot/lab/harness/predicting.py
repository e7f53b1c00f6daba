"""Asks what a program left for the classes of images. It never says how good they are: it does not know the labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from torch import Tensor

    from bot.lab.harness.leaving import Left
    from bot.lab.harness.mnist import Mnist
    from bot.lab.harness.preparing import Preparation

ROWS = 1000  # asked for at once: a convolutional network's activations stay small
TRIED = 500  # validation rows by which one way of preparing is preferred to another
CLASSES = 10


class Unusable(Exception):
    """What came back is no class an image; the message says what it was."""


def best_preparation(left: Left, learnt: Preparation, mnist: Mnist) -> tuple[Callable[[Tensor], Any], Preparation]:
    """Whom to ask, and how to prepare images for it.

    Where the scaling is not certain, the ways are tried on validation rows, whose labels the program has as well; a
    `predict` is given raw images unless it does better with prepared ones.
    """
    ways: list[Preparation | None] = list(learnt.others())
    if left.by == "predict":
        ways = [None, learnt]
    askers = [asker(left, way) for way in ways]
    if len(ways) == 1:
        return askers[0], learnt
    _, _, images, labels = mnist.load_mnist()
    rights = [right(ask, images[:TRIED], labels[:TRIED]) for ask in askers]
    best = rights.index(max(rights))
    return askers[best], ways[best] or learnt


def right(ask: Callable[[Tensor], Any], images: Tensor, labels: Tensor) -> int:
    try:
        return int((classes_of(ask(images), len(images)) == labels).sum())
    except Exception:  # a network may raise anything at inputs that it was not made for: then this is not the way
        return -1


def asker(left: Left, way: Preparation | None) -> Callable[[Tensor], Any]:
    """A function of raw images. Without a way they are given as load_mnist gives them."""
    call, device = left.call, device_of(left.module)
    assert call is not None
    if way is None:
        return call

    def ask(images: Tensor) -> Any:
        inputs = way(images).to(device)
        if not way.alone:
            return call(inputs)
        return torch.stack([torch.as_tensor(one_of(call(one))).detach().cpu().squeeze() for one in inputs])

    return ask


def device_of(module: Any) -> torch.device:
    first = next(module.parameters(), None) if module is not None else None
    return torch.device("cpu") if first is None else first.device


def predict(
    left: Left, learnt: Preparation, images: Tensor, mnist: Mnist, say: Callable[[BaseException], str]
) -> tuple[bytes | None, str]:
    """One byte an image, or None and a sentence that says why not."""
    if left.call is None:
        return None, left.why
    found = []
    try:
        if left.module is not None:
            left.module.eval()
        with torch.no_grad():
            ask, _ = best_preparation(left, learnt, mnist)
            for piece in torch.split(images, ROWS):
                found.append(classes_of(ask(piece), len(piece)))
    except Unusable as what:
        return None, f"{name_of(left)} gave {what} for {len(piece)} images; I need ten scores or one class an image."
    except SystemExit:
        return None, f"{name_of(left)} ended the program instead of giving predictions."
    except Exception as raised:
        given = "" if left.by == "predict" else f" when given inputs of shape {shape_of(learnt, len(piece))}"
        return None, f"{name_of(left)} raised{given}: {say(raised)}"
    return bytes(torch.cat(found).to(torch.uint8).tolist()), ""


def name_of(left: Left) -> str:
    last = "The network that was trained last"
    return {"model": "`model`", "predict": "`predict(images)`"}.get(left.by, last)


def shape_of(way: Preparation, rows: int) -> str:
    return "×".join(str(length) for length in (way.shape if way.alone else (rows, *way.shape)))


def one_of(out: Any) -> Any:
    """The scores among several outputs: the first."""
    if isinstance(out, tuple) and out and isinstance(out[0], torch.Tensor):
        return out[0]
    return getattr(out, "logits", out)


def classes_of(out: Any, count: int) -> Tensor:
    """Ten scores an image, or a class an image, as classes 0 to 9."""
    out = one_of(out)
    if out is None:
        raise Unusable("None (is a return missing?)")
    try:
        values = torch.as_tensor(out).detach().to("cpu")
    except (TypeError, ValueError, RuntimeError):
        raise Unusable(f"a value of type {type(out).__name__}") from None
    shape = "×".join(str(length) for length in values.shape) or "a single number"
    if values.is_complex() or values.dim() == 0 or values.shape[0] != count:
        raise Unusable(f"an output of shape {shape}")
    values = values.reshape(count, -1)
    if values.is_floating_point() and bool(values.isnan().any()):
        raise Unusable("values that are not numbers (nan)")
    if values.shape[1] == CLASSES:
        return values.double().argmax(dim=1)
    if values.shape[1] == 1 and bool((values == values.round() if values.is_floating_point() else values >= 0).all()):
        classes = values[:, 0].to(torch.int64)
        if bool(((classes >= 0) & (classes < CLASSES)).all()):
            return classes
        raise Unusable("classes outside 0 to 9")
    raise Unusable(f"an output of shape {shape}")
