"""What calls of PyTorch, NumPy and Python itself give. Keras and scikit-learn stand in keras.py."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from bot.lab.syntax import data, keras, steps, tensors
from bot.lab.syntax.arithmetic import multiplied
from bot.lab.syntax.calls import Call, Handler, lost
from bot.lab.syntax.names import ACTIVATIONS, CONVOLUTIONS, LINEAR, LOSSES, OPTIMISERS, OTHER_LAYERS, SOFTMAXES, plain
from bot.lab.syntax.values import Op, Value, element_of, learns, merged, unknown

if TYPE_CHECKING:
    from bot.lab.syntax.expressions import Expressions


def known_by_name(tracer: Expressions, made: Call) -> Value:
    """A layer, an activation, a loss or an optimiser, or else something that is let through."""
    name, ref = plain(made.name), made.function.ref
    if "lr_scheduler" in ref or ".schedules." in ref:
        tracer.seen.event("scheduler", made.node, name=made.name)
        return Value(role="scheduler", info={"name": made.name})
    if made.constructs and ("optim" in ref or name in OPTIMISERS):
        return optimizer(tracer, made)
    if made.name in LINEAR or made.name in CONVOLUTIONS or made.name in OTHER_LAYERS:
        return _layer(tracer, made)
    if name in ACTIVATIONS or name in SOFTMAXES:
        return _activation(tracer, made)
    if name in LOSSES and not made.method:
        return _loss(tracer, made)
    return _passed_on(tracer, made)


def _passed_on(tracer: Expressions, made: Call) -> Value:
    """What an unknown function gives: nothing is known but where it came from."""
    functions = [value for value in made.all if value.body is not None and not isinstance(value.body, ast.ClassDef)]
    for function in functions[:3]:
        tracer.enter(function, [], {})
    if made.constructs and made.function.ref.startswith(("torch.nn.", "torchvision.transforms")):
        return Value(parts=[Op("unknown", made.name, made.line)])
    return unknown(merged(*made.operands, *made.kwargs.values()), made.name, made.line)


def optimizer(tracer: Expressions, made: Call) -> Value:
    """An optimiser of a library, with what its call says about the learning rate."""
    keras_like = "keras" in made.function.ref or "tensorflow" in made.function.ref
    position = 0 if keras_like else 1
    names = ("lr", "learning_rate")
    stated = len(made.args) > position or any(name in made.kwargs for name in names)
    rate = made.arg(position, *names) if stated else Value()
    options = {name: v.const for name, v in made.kwargs.items() if name not in (*names, "params") and _plain_const(v)}
    node = made.node if isinstance(made.node, ast.Call) else None
    source = next((ast.unparse(k.value) for k in node.keywords if k.arg in names), "") if node else ""
    if node and not source and len(node.args) > position:
        source = ast.unparse(node.args[position])
    name = OPTIMISERS.get(plain(made.name), made.name)
    info = {"line": made.line, "rate": rate, "stated": stated, "source": source[:40], "options": options}
    info |= {"params": made.arg(0, "params"), "made": tracer.seen.event("optimizer", made.node, name=name)}
    value = Value(role="optimizer", const=name, info=info)
    tracer.seen.optimizers.append(value)
    return value


def _plain_const(value: Value) -> bool:
    return isinstance(value.const, (int, float, bool))


def _layer(tracer: Expressions, made: Call) -> Value:
    ops = [layer_op(made)]
    activation = made.kwargs.get("activation") or (made.arg(1) if made.name == "Dense" else None)
    if activation is not None:
        ops += keras.activation_ops(activation, made.line)
    return Value(parts=list(ops))


def layer_op(made: Call) -> Op:
    """The step that a layer stands for, with its sizes where they are known."""
    if made.name in OTHER_LAYERS:
        rate = made.arg(0, "p").number if made.name in DROPS else None
        return Op(OTHER_LAYERS[made.name], made.name, made.line, rate=rate)
    kind = "linear" if made.name in LINEAR else "convolution"
    two_sizes = not made.name.startswith("Lazy") and made.name in ("Linear", "Conv1d", "Conv2d", "Conv3d")
    size_in = made.arg(0, "in_features", "in_channels").whole if two_sizes else None
    out_names = ("out_features", "out_channels", "units", "filters")
    size_out = made.arg(1 if two_sizes else 0, *out_names).whole
    bias = made.arg(2 if kind == "linear" else -1, "bias").const is not False
    return Op(kind, made.name, made.line, size_in, size_out, bias=bias)


def _activation(tracer: Expressions, made: Call) -> Value:
    name = plain(made.name)
    kind = "activation" if name in ACTIVATIONS else "softmax"
    position = 0 if made.constructs or made.method else 1
    dim = made.arg(position, "dim", "axis").whole if kind == "softmax" else None
    op = Op(kind, {**ACTIVATIONS, **SOFTMAXES}[name], made.line, dim=dim)
    return Value(parts=[op]) if made.constructs else made.subject.after(op)


def _loss(tracer: Expressions, made: Call) -> Value:
    name = LOSSES[plain(made.name)]
    if name == "BinaryCrossentropy" and not made.constructs and "torch" in made.function.ref:
        name = "BCELoss"
    if not made.constructs:
        return lost(tracer, made, name, {})
    logits = made.kwargs.get("from_logits")
    info = {"name": name, "line": made.line, "from_logits": logits.const is True if logits is not None else None}
    tracer.seen.event("loss_made", made.line, name=name)
    return Value(role="loss", info=info)


def _clamp(tracer: Expressions, made: Call) -> Value:
    """`clamp(min=0)`, `maximum(x, 0)` and their like are ReLU by another name."""
    bounds = [value for value in (*made.operands, *made.kwargs.values()) if value.number is not None]
    given = merged(*(value for value in (*made.operands, *made.kwargs.values()) if value.number is None))
    if len(bounds) == 1 and bounds[0].number == 0 and "max" not in made.kwargs:
        return given.after(Op("activation", "ReLU", made.line))
    return given


def _log(tracer: Expressions, made: Call) -> Value:
    last = made.subject.ops[-1] if made.subject.ops else None
    softmaxed = (last is not None and last.kind == "softmax") or made.name == "logsumexp"
    dim = last.dim if last is not None and made.name == "log" else None
    if "image" in made.subject.tags and not learns(made.subject.ops):
        return unknown(made.subject, made.name, made.line)
    return made.subject.after(Op("softmax", "LogSoftmax", made.line, dim=dim)) if softmaxed else made.subject


def _matmul(tracer: Expressions, made: Call) -> Value:
    if len(made.operands) < 2:
        return merged(*made.operands)
    return multiplied(made.operands[0], made.operands[1], made.line)


def _linear(tracer: Expressions, made: Call) -> Value:
    shape = made.arg(1, "weight").shape or (None, None)
    sizes = shape if len(shape) == 2 else (None, None)
    weights = made.arg(1, "weight")
    fill, filled = weights.info.get("fill"), weights.info.get("filled")
    together = merged(made.subject, Value(tags=weights.tags | merged(*made.args[2:3]).tags))
    return together.after(Op("linear", "linear", made.line, sizes[1], sizes[0], fill=fill, filled=filled))


def _arithmetic(op: ast.operator) -> Handler:
    def handler(tracer: Expressions, made: Call) -> Value:
        if len(made.operands) < 2:
            return made.subject
        return tracer.combine(made.operands[0], op, made.operands[1], made.node)

    return handler


def _same(tracer: Expressions, made: Call) -> Value:
    return made.subject


def _container(tracer: Expressions, made: Call) -> Value:
    """Sequential, ModuleList and their like: what stands in them, in order."""
    given = [item for value in made.args for item in (value.items if value.items is not None else [value])]
    if made.args and made.args[0].keys is not None:
        given = list(made.args[0].keys.values())
    parts = [item.items[-1] if item.items else item for item in given]
    value = Value(parts=list(parts), items=list(parts) if made.name != "Sequential" else None)
    if made.name == "Sequential":
        tracer.seen.modules.append(value)
    return value


def _added(tracer: Expressions, made: Call) -> Value:
    """A layer or several are put at the end of a list or a container."""
    owner = made.owner
    for value in made.args if owner.items is not None else []:
        if "loss" in value.info:
            text = ast.unparse(made.node.func) if isinstance(made.node, ast.Call) else ""
            tracer.seen.event("kept", made.node, value, name=text.rpartition(".")[0][:60])
    new = [v for value in made.args for v in (value.items if made.name == "extend" and value.items else [value])]
    new = [value for value in new if value.text is None and value.whole is None]
    if owner.items is not None and len(owner.items) < 256:
        owner.items.extend(new)
    if owner.parts is not None and len(owner.parts) < 256:
        owner.parts.extend(new)
    return Value()


def _attribute(tracer: Expressions, made: Call) -> Value:
    name = made.arg(1).text
    owner = made.arg(0)
    if name is None:
        return merged(owner)
    return (owner.attrs or {}).get(name) or Value(ref=f"{owner.ref}.{name}" if owner.ref else f".{name}", owner=owner)


def _super(tracer: Expressions, made: Call) -> Value:
    return Value(role="super", owner=tracer.scope.find("self"))


def _initialised(tracer: Expressions, made: Call) -> Value:
    instance = made.owner.owner
    if made.owner.role == "super" and instance is not None and any(value.is_module for value in made.args):
        instance.parts = list(made.args)
    return Value()


def _argument(tracer: Expressions, made: Call) -> Value:
    """`add_argument("--lr", default=0.001)`: the default stands for `args.lr`."""
    flag = next((value.text for value in made.args if value.text and value.text.startswith("--")), None)
    if flag and "default" in made.kwargs:
        tracer.seen.defaults[flag.removeprefix("--").replace("-", "_")] = made.kwargs["default"]
    return Value()


def _size(tracer: Expressions, made: Call) -> Value:
    return Value(const=len(made.args[0].items)) if made.name == "len" and made.args and made.args[0].items else Value()


def _reduced(tracer: Expressions, made: Call) -> Value:
    return merged(*made.operands[:1], *(made.subject.items or []))


def _next(tracer: Expressions, made: Call) -> Value:
    return element_of(made.subject)


DROPS = {"Dropout", "Dropout1d", "Dropout2d", "AlphaDropout"}
#: Calls whose result is, for what is read here, what they are given.
SAME = """
contiguous clone copy deepcopy unsqueeze squeeze cast DataParallel from_numpy constant convert_to_tensor stack value
Input prefetch cache repeat iter list tuple reversed tqdm transpose permute t pin_memory
""".split()

HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(SAME, _same),
    **dict.fromkeys(("clamp", "clamp_", "clamp_min", "clip", "maximum"), _clamp),
    **dict.fromkeys(("log", "logsumexp"), _log),
    **dict.fromkeys(("matmul", "mm", "dot"), _matmul),
    **dict.fromkeys(("div", "div_", "divide", "true_divide"), _arithmetic(ast.Div())),
    **dict.fromkeys(("mul", "mul_", "multiply"), _arithmetic(ast.Mult())),
    **dict.fromkeys(("Sequential", "ModuleList", "ModuleDict", "Compose", "OrderedDict"), _container),
    **dict.fromkeys(("append", "extend", "insert", "add_module", "register_module"), _added),
    **dict.fromkeys(("sum", "mean"), _reduced),
    "linear": _linear,
    "getattr": _attribute,
    "super": _super,
    "__init__": _initialised,
    "add_argument": _argument,
    "len": _size,
    "next": _next,
    **data.HANDLERS,
    **keras.HANDLERS,
    **steps.HANDLERS,
    **tensors.HANDLERS,
}
