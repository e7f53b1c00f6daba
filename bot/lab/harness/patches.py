"""Puts the watch's hooks into PyTorch and takes them out again. What they see goes to the watch; none ever raises."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch.nn import functional
from torch.nn.modules.module import register_module_forward_pre_hook
from torch.optim.optimizer import register_optimizer_step_post_hook

from bot.lab.harness.counting import counted_backward, counted_loss, counted_step, quiet

if TYPE_CHECKING:
    from bot.lab.harness.watching import Watch

LOSSES = (
    "binary_cross_entropy binary_cross_entropy_with_logits cosine_embedding_loss cross_entropy gaussian_nll_loss "
    "hinge_embedding_loss huber_loss kl_div l1_loss margin_ranking_loss mse_loss multi_margin_loss "
    "multilabel_margin_loss multilabel_soft_margin_loss nll_loss poisson_nll_loss smooth_l1_loss soft_margin_loss "
).split()
# Functions that behave differently in training: which kind, and where `training` stands among the arguments.
MODES = {
    "dropout": ("dropout", 2),
    "dropout1d": ("dropout", 2),
    "dropout2d": ("dropout", 2),
    "alpha_dropout": ("dropout", 2),
    "batch_norm": ("batch_norm", 5),
}

Call = Callable[..., Any]


class Counts(Protocol):
    zero_grads: int


class Patches:
    """What was replaced, and by what."""

    def __init__(self) -> None:
        self.replaced: list[tuple[Any, str, Any, Any]] = []
        self.step_hook: Any = None
        self.module_hook: Any = None

    def into(self, watch: Watch) -> None:
        for name in LOSSES:
            self.replace(functional, name, counted_loss(getattr(functional, name), name, watch))
        for name, (kind, place) in MODES.items():
            self.replace(functional, name, seen_mode(getattr(functional, name), kind, place, watch))
        self.replace(torch.autograd, "backward", counted_backward(torch.autograd.backward, watch))
        self.replace(torch.autograd, "grad", seen_grad(torch.autograd.grad, watch))
        self.replace(torch.optim.Optimizer, "__init__", told(torch.optim.Optimizer.__init__, watch.made))
        self.replace(torch.nn.Module, "__init__", told(torch.nn.Module.__init__, watch.module_made))
        for owner in (torch.optim.Optimizer, torch.nn.Module):
            self.replace(owner, "zero_grad", counted(owner.zero_grad, watch.tally))
        self.replace(torch.jit, "script", self.unpatched(torch.jit.script))
        self.step_hook = register_optimizer_step_post_hook(counted_step(watch))

    def replace(self, owner: Any, name: str, other: Call) -> None:
        self.replaced.append((owner, name, getattr(owner, name), other))
        setattr(owner, name, other)

    def away(self) -> None:
        for owner, name, original, _ in reversed(self.replaced):
            setattr(owner, name, original)
        self.replaced.clear()
        if self.step_hook is not None:
            self.step_hook.remove()
        self.leave_modules()

    def unpatched(self, original: Call) -> Call:
        """TorchScript reads the source of what it compiles, and shall find PyTorch's."""

        @functools.wraps(original)
        def script(*args: Any, **kwargs: Any) -> Any:
            for owner, name, before, _ in self.replaced:
                setattr(owner, name, before)
            try:
                return original(*args, **kwargs)
            finally:
                for owner, name, _, after in self.replaced:
                    setattr(owner, name, after)

        return script

    def watch_modules(self, called: Call, only: torch.nn.Module | None = None) -> None:
        """Any hook makes every module's call some microseconds slower: it is there during looks alone.

        It is PyTorch's own and no module's: one of those would be in every copy that the program makes of its network.
        """
        if self.module_hook is None:
            tell = quiet(called)
            self.module_hook = register_module_forward_pre_hook(tell if only is None else of_one(only, tell))

    def leave_modules(self) -> None:
        if self.module_hook is not None:
            self.module_hook.remove()
            self.module_hook = None


def of_one(only: torch.nn.Module, tell: Call) -> Call:
    def call(module: torch.nn.Module, given: Any) -> None:
        if module is only:
            tell(module, given)

    return call


def seen_mode(original: Call, kind: str, place: int, watch: Watch) -> Call:
    usual = inspect.signature(original).parameters["training"].default

    def look(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        training = args[place] if len(args) > place else kwargs.get("training", usual)
        watch.normalised(kind, args[0] if args else None, bool(training) and not without_running(kind, args))

    seen = quiet(look)

    @functools.wraps(original)
    def layer(*args: Any, **kwargs: Any) -> Any:
        seen(args, kwargs)
        return original(*args, **kwargs)

    return layer


def without_running(kind: str, args: tuple[Any, ...]) -> bool:
    """Batch norm that keeps no running statistics works alike in both modes."""
    return kind == "batch_norm" and len(args) > 1 and args[1] is None


def seen_grad(original: Call, watch: Watch) -> Call:
    """torch.autograd.grad with respect to weights is a backward pass; to anything else it is the program's matter."""

    def look(outputs: Any, inputs: Any) -> None:
        first = inputs if isinstance(inputs, torch.Tensor) else next(iter(inputs), None)
        if isinstance(first, torch.Tensor) and first.is_leaf and isinstance(outputs, torch.Tensor):
            watch.before_backward(outputs)

    seen = quiet(look)

    @functools.wraps(original)
    def grad(outputs: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        inputs = inputs if isinstance(inputs, torch.Tensor) else tuple(inputs)  # a generator is read once
        seen(outputs, inputs)
        return original(outputs, inputs, *args, **kwargs)

    return grad


def counted(original: Call, tally: Counts) -> Call:
    @functools.wraps(original)
    def zero_grad(*args: Any, **kwargs: Any) -> Any:
        tally.zero_grads += 1
        return original(*args, **kwargs)

    return zero_grad


def told(original: Call, tell: Callable[[Any], None]) -> Call:
    """For __init__: tells of what was made."""
    seen = quiet(tell)

    @functools.wraps(original)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        seen(self)

    return init
