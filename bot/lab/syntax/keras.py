"""What calls of Keras and scikit-learn give: layers with activations by name, compile, fit, evaluate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.lab.syntax.calls import Call, Handler, applied
from bot.lab.syntax.names import ACTIVATIONS, LOSSES, OPTIMISERS, SOFTMAXES, plain
from bot.lab.syntax.values import Op, Value, merged

if TYPE_CHECKING:
    from bot.lab.syntax.expressions import Expressions


def activation_ops(given: Value, line: int) -> list[Op]:
    """The step that `activation="relu"` or `activation=tf.nn.relu` adds to a layer; none for a linear one."""
    name = plain(given.text or given.ref)
    if name in ACTIVATIONS:
        return [Op("activation", ACTIVATIONS[name], line)]
    return [Op("softmax", SOFTMAXES[name], line)] if name in SOFTMAXES else []


def _activation(tracer: Expressions, made: Call) -> Value:
    return Value(parts=list(activation_ops(made.arg(0, "activation"), made.line)))


def _model(tracer: Expressions, made: Call) -> Value:
    """`Model(inputs, outputs)`: all that the outputs went through."""
    value = Value(parts=list(made.arg(1, "outputs").ops))
    tracer.seen.modules.append(value)
    return value


def _add(tracer: Expressions, made: Call) -> Value:
    if made.method and made.owner.parts is not None:
        made.owner.parts.extend(made.args[:1])
        return Value()
    return merged(*made.operands)


def _compile(tracer: Expressions, made: Call) -> Value:
    """Keras is told what to minimise, and how."""
    if not made.method or not made.all:
        return made.subject
    _named_optimizer(tracer, made)
    loss = made.arg(1, "loss")
    name = LOSSES.get(plain(loss.text or loss.ref)) or loss.info.get("name")
    if name:
        outputs = _outputs(tracer, made.owner, made)
        tracer.seen.event(
            "loss",
            _line_of(made, "loss"),
            outputs,
            name=str(name),
            trained=True,
            from_logits=loss.info.get("from_logits"),
            made=loss.info.get("line", made.line),
        )
    return Value()


def _outputs(tracer: Expressions, model: Value, made: Call) -> Value:
    from bot.lab.syntax.calls import call  # a model may be an object of a class of the program

    if model.parts is not None:
        return applied(tracer, model, Value(), made.node)
    return call(tracer, Call(model, [Value()], {}, made.node)) if model.attrs is not None else Value()


def _named_optimizer(tracer: Expressions, made: Call) -> None:
    given = made.arg(0, "optimizer")
    name = OPTIMISERS.get(plain(given.text or given.ref))
    if name and given.role != "optimizer":
        info = {"line": _line_of(made, "optimizer"), "rate": Value(), "stated": False}
        tracer.seen.optimizers.append(Value(role="optimizer", const=name, info=info))


def _line_of(made: Call, keyword: str) -> int:
    keywords = getattr(made.node, "keywords", [])
    return next((k.value.lineno for k in keywords if k.arg == keyword), made.line)


def _fit(tracer: Expressions, made: Call) -> Value:
    if not made.method:
        return Value()
    given = merged(*made.args)
    size = made.arg(2, "batch_size") if "batch_size" in made.kwargs or len(made.args) > 2 else Value()
    epochs = made.arg(3, "epochs", "nb_epoch").whole
    tracer.seen.event("fit", made.node, given, epochs=epochs, size=size.whole)
    held = made.kwargs.get("validation_data")
    if held is not None:
        value = merged(held, *(held.items or [])).tagged("held")
        tracer.seen.event("measure", _line_of(made, "validation_data"), value, name="fit")
    elif "validation_split" in made.kwargs:
        line = _line_of(made, "validation_split")
        tracer.seen.event("measure", line, Value(tags=frozenset({"held"})), name="fit")
    return Value()


def _evaluate(tracer: Expressions, made: Call) -> Value:
    if made.method:
        tracer.seen.event("measure", made.node, merged(*made.all), name=made.name)
    return Value()


def _predict(tracer: Expressions, made: Call) -> Value:
    if not made.method or not made.args:
        return merged(*made.all)
    value = merged(made.args[0])
    return value.tagged("choice") if made.owner.role == "classifier" else value


def _classifier(tracer: Expressions, made: Call) -> Value:
    """scikit-learn's MLPClassifier: it takes all but the sizes from its defaults."""
    sizes = made.arg(0, "hidden_layer_sizes")
    hidden = [size.whole for size in sizes.items] if sizes.items else [sizes.whole or 100]
    activation = ACTIVATIONS.get(made.arg(1, "activation").text or "relu", "ReLU")
    parts: list[Value | Op] = []
    for size in hidden:
        parts += [Op("linear", "hidden layer", made.line, None, size), Op("activation", activation, made.line)]
    parts.append(Op("linear", "output layer", made.line))
    solver = made.arg(2, "solver").text or "adam"
    rate = made.arg(-1, "learning_rate_init")
    info = {"line": made.line, "rate": rate, "stated": "learning_rate_init" in made.kwargs}
    tracer.seen.optimizers.append(Value(role="optimizer", const=OPTIMISERS.get(solver, solver), info=info))
    value = Value(role="classifier", parts=parts)
    tracer.seen.event("loss", made.node, applied(tracer, value, Value(), made.node), name="log loss", trained=True)
    tracer.seen.event("loader", made.node, size=made.arg(-1, "batch_size").whole)
    tracer.seen.modules.append(value)
    return value


HANDLERS: dict[str, Handler] = {
    "Activation": _activation,
    "Model": _model,
    "add": _add,
    "compile": _compile,
    "fit": _fit,
    **dict.fromkeys(("evaluate", "score"), _evaluate),
    "predict": _predict,
    "MLPClassifier": _classifier,
}
