"""What calls that train and measure do: gradients, updates, modes, predictions, metrics. Each is noted as seen."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.lab.syntax.calls import Call, Handler
from bot.lab.syntax.values import UNKNOWN, Value, learns, merged, unknown

if TYPE_CHECKING:
    from bot.lab.syntax.expressions import Expressions


def _argmax(tracer: Expressions, made: Call) -> Value:
    return merged(made.subject).tagged("choice", *_along(made, 1))


def _along(made: Call, position: int) -> set[str]:
    """What a choice among classes goes along: noted for what a network gave."""
    if not learns(made.subject.ops):
        return set()
    given = made.kwargs.get("dim") or made.kwargs.get("axis")
    if given is None and len(made.operands) > position:
        given = made.operands[position]
    dim = "none" if given is None else "unknown" if given.whole is None else str(given.whole)
    return {f"dim={dim}", f"chosen@{made.line}"}


def _max(tracer: Expressions, made: Call) -> Value:
    along = len(made.operands) > 1 or made.kwargs.keys() & {"dim", "axis"}
    if made.name == "max" and len(made.operands) == 2 and made.operands[1].number == 0 and not made.method:
        along = True
    other = made.operands[1] if len(made.operands) > 1 else None
    if other is not None and other.whole is None and other.const is UNKNOWN and (other.ops or other.shape or other.ref):
        return unknown(merged(*made.operands), made.name, made.line)
    if along:
        subject = merged(made.subject)
        return Value(items=[subject, subject.tagged("choice", *_along(made, 1))], tags=subject.tags)
    return replace(merged(made.subject), role="largest")


def _spread(tracer: Expressions, made: Call) -> Value:
    return replace(merged(made.subject), role="spread")


def _equal(tracer: Expressions, made: Call) -> Value:
    result = merged(*made.operands)
    if "choice" in result.tags:
        tracer.seen.event("measure", made.node, result, name="accuracy")
    return Value(tags=result.tags)


def _measured(tracer: Expressions, made: Call) -> Value:
    """A metric of a library is applied, or an object made that can be."""
    if made.constructs:
        return Value(role="metric", ref=".metric")
    result = merged(*made.operands)
    tracer.seen.event("measure", made.node, result, name="accuracy")
    return Value(tags=result.tags)


def _mode(tracer: Expressions, made: Call) -> Value:
    off = bool(made.args) and made.args[0].const is False
    if made.method:
        tracer.seen.mode = "eval" if made.name == "eval" or off else "train"
        tracer.seen.event("mode", made.node, name=tracer.seen.mode)
    return made.subject


def _zero_grad(tracer: Expressions, made: Call) -> Value:
    tracer.seen.event("zero_grad", made.node)
    return made.subject


def _backward(tracer: Expressions, made: Call) -> Value:
    implicit = made.name in ("gradient", "grad", "value_and_grad")
    subject = made.subject
    source = ast.unparse(made.node.func) if isinstance(made.node, ast.Call) else ""
    info: dict[str, Any] = {"loss": subject.info.get("loss"), "negated": subject.info.get("negated")}
    tracer.seen.event("backward", made.node, subject, fresh=implicit, text=source[:120], **info)
    return Value(tags=frozenset({"grad"}))


def _step(tracer: Expressions, made: Call) -> Value:
    for closure in [value for value in made.args if value.body is not None]:
        tracer.enter(closure, [], {})
    takes = made.owner.role == "optimizer" or any(value.role == "optimizer" for value in made.args)
    called = ast.unparse(made.node.func).lower() if isinstance(made.node, ast.Call) else ""
    if takes or (made.owner.role != "scheduler" and "opt" in called) or made.name == "apply_gradients":
        tracer.seen.event("step", made.node, hand=False)
    elif made.owner.role == "scheduler":
        tracer.seen.event("scheduled", made.node, name=made.owner.info.get("name", ""))
    else:
        tracer.seen.event("some_step", made.node)
    return Value()


def _changed_in_place(tracer: Expressions, made: Call) -> Value:
    """`w.sub_(lr * w.grad)`, `w.add_(w.grad, alpha=-lr)`."""
    if isinstance(made.node, ast.Call):
        for arg in made.node.args:
            alpha = [k.value for k in made.node.keywords if k.arg in ("alpha", "value")]
            change = ast.BinOp(arg, ast.Mult(), alpha[0]) if alpha else arg
            tracer.seen.change_by_hand(tracer, change, made.node)
    return made.subject


def _free(tracer: Expressions, made: Call) -> Value:
    on = made.name == "set_grad_enabled" and not (made.args and made.args[0].const is False)
    return Value() if on else Value(role="no_grad")


def _sampled(tracer: Expressions, made: Call) -> Value:
    tracer.seen.sample()
    given = made.args[-1] if made.args else Value()
    size = given.items[0].whole if given.items else made.arg(-1, "size").whole or given.whole
    if made.name != "randperm" and size:
        tracer.seen.event("stride", made.node, size=size)
    every = {"every"} if made.name in ("randperm", "permutation") and _counts_rows(made) else set()
    return Value(tags=frozenset({f"order@{tracer.seen.number()}", f"drawn@{made.line}", *every}))


def _counts_rows(made: Call) -> bool:
    """True where what is put in order is as long as some tensor: `len(x)`, `x.shape[0]`, `x.size(0)`."""
    node = made.node.args[0] if isinstance(made.node, ast.Call) and made.node.args else None
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
    called = node.func if isinstance(node, ast.Call) else None
    return getattr(called, "id", "") == "len" or getattr(called, "attr", "") == "size"


def _updated(tracer: Expressions, made: Call) -> Value:
    """Many things have an `update`; that of a metric measures."""
    return _measured(tracer, made) if made.owner.role == "metric" else merged(*made.operands)


METRICS = (
    "accuracy_score",
    "classification_report",
    "confusion_matrix",
    "multiclass_accuracy",
    "Accuracy",
    "MulticlassAccuracy",
    "SparseCategoricalAccuracy",
    "metric",
)

HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(METRICS, _measured),
    **dict.fromkeys(("update", "update_state"), _updated),
    **dict.fromkeys(("max", "topk", "amax"), _max),
    **dict.fromkeys(("eq", "equal"), _equal),
    **dict.fromkeys(("eval", "train"), _mode),
    "zero_grad": _zero_grad,
    **dict.fromkeys(("backward", "gradient", "grad", "value_and_grad"), _backward),
    **dict.fromkeys(("step", "apply_gradients"), _step),
    **dict.fromkeys(("sub_", "add_", "subtract_", "assign_sub"), _changed_in_place),
    **dict.fromkeys(("no_grad", "inference_mode", "set_grad_enabled"), _free),
    **dict.fromkeys(("randint", "randperm", "choice", "sample", "permutation"), _sampled),
    "argmax": _argmax,
    "std": _spread,
}
