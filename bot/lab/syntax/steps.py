"""What calls that train and measure do: gradients, updates, modes, predictions, metrics. Each is noted as seen."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.lab.syntax.calls import Call, Handler
from bot.lab.syntax.values import Value, merged

if TYPE_CHECKING:
    from bot.lab.syntax.expressions import Expressions


def _argmax(tracer: Expressions, made: Call) -> Value:
    return merged(made.subject).tagged("choice")


def _max(tracer: Expressions, made: Call) -> Value:
    along = len(made.operands) > 1 or made.kwargs.keys() & {"dim", "axis"}
    if made.name == "max" and len(made.operands) == 2 and made.operands[1].number == 0 and not made.method:
        along = True
    if along:
        subject = merged(made.subject)
        return Value(items=[subject, subject.tagged("choice")], tags=subject.tags)
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
    if made.name == "zero_grad" or "grad" in made.owner.tags:
        tracer.seen.event("zero_grad", made.node)
    return made.subject


def _backward(tracer: Expressions, made: Call) -> Value:
    implicit = made.name in ("gradient", "grad", "value_and_grad")
    tracer.seen.event("backward", made.node, made.subject, loss=made.subject.info.get("loss"), fresh=implicit)
    return Value(tags=frozenset({"grad"}))


def _step(tracer: Expressions, made: Call) -> Value:
    takes = made.owner.role == "optimizer" or any(value.role == "optimizer" for value in made.args)
    called = ast.unparse(made.node.func).lower() if isinstance(made.node, ast.Call) else ""
    if takes or (made.owner.role != "scheduler" and "opt" in called) or made.name == "apply_gradients":
        tracer.seen.event("step", made.node, hand=False)
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


def _detached(tracer: Expressions, made: Call) -> Value:
    return made.subject.tagged("free")


def _sampled(tracer: Expressions, made: Call) -> Value:
    tracer.seen.sample()
    given = made.args[-1] if made.args else Value()
    size = given.items[0].whole if given.items else made.arg(-1, "size").whole or given.whole
    if made.name != "randperm" and size:
        tracer.seen.event("stride", made.node, size=size)
    return Value()


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
    **dict.fromkeys(("zero_grad", "zero_"), _zero_grad),
    **dict.fromkeys(("backward", "gradient", "grad", "value_and_grad"), _backward),
    **dict.fromkeys(("step", "apply_gradients"), _step),
    **dict.fromkeys(("sub_", "add_", "subtract_", "assign_sub"), _changed_in_place),
    **dict.fromkeys(("no_grad", "inference_mode", "set_grad_enabled"), _free),
    **dict.fromkeys(("randint", "randperm", "choice", "sample"), _sampled),
    "argmax": _argmax,
    "std": _spread,
    "detach": _detached,
}
