"""What calls on tensors do that is easily missed: where they are, of which type, which order, what weights start from.

It changes no histories but those that end gradients; what it learns is noted in tags and on the values.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.lab.syntax.calls import Call, Handler
from bot.lab.syntax.values import Op, Value, cut_off, learns, merged, unknown

if TYPE_CHECKING:
    from bot.lab.syntax.expressions import Expressions

FLOATS = {"float", "float16", "float32", "float64", "half", "double", "bfloat16", "FloatTensor", "DoubleTensor"}
WHOLE = {"long", "int64", "LongTensor"}
SHORT = {"int", "int8", "int16", "int32", "short", "IntTensor"}
ELSEWHERE = ("cuda", "mps", "xpu")
#: Starts that differ from weight to weight.
RANDOM = """
normal_ uniform_ xavier_uniform_ xavier_normal_ kaiming_uniform_ kaiming_normal_ trunc_normal_ orthogonal_ sparse_
random_ exponential_ glorot_uniform_ copy_
""".split()
ALWAYS_ON = "F.dropout, always on"
FILLED = {"zeros_": 0.0, "zero_": 0.0, "ones_": 1.0}


def _to(tracer: Expressions, made: Call) -> Value:
    """`to`, `cuda`, `cpu`: a module moves itself, of a tensor there is another one then."""
    subject = made.subject
    told = [*made.args[0 if made.method else 1 :], *made.kwargs.values()]
    place = made.name if made.name in ("cuda", "cpu") else next((v.text for v in told if v.text), None)
    if subject.is_module:
        subject.info["moved"] = subject.info.get("moved") or (made.line if _elsewhere(place) else 0)
        return subject
    for one in told:
        if one.ref.startswith(("torch.", "numpy.")):
            subject = _cast(subject, one.ref.rsplit(".", 1)[-1], made.line)
    types = [one for one in told if one.ref]
    if place == "cpu" or (len(types) == len(told) and made.name == "to" and told):
        return subject
    if made.name == "to" and not told:
        return subject
    if not subject.tags:
        return subject
    return subject.tagged("moved", *(("away",) if _elsewhere(place) else ()))


def _elsewhere(place: str | None) -> bool:
    return place is not None and place.startswith(ELSEWHERE)  # a device object is known by its text, too


def _device(tracer: Expressions, made: Call) -> Value:
    return Value(const=made.subject.const, role="device")


def _cast(value: Value, kind: str, line: int) -> Value:
    """A tensor of another type. Of what are labels it is noted: a loss may not take it."""
    old = {tag for tag in value.tags if tag.startswith(("floated@", "shortened@"))}
    if "label" not in value.tags and "image" not in value.tags:
        return value
    if kind in FLOATS:
        return value.tagged(f"floated@{line}", without=old)
    if kind in SHORT:
        return value.tagged(f"shortened@{line}", without=old)
    return value.tagged(without=old) if kind in WHOLE else value


def _typed(tracer: Expressions, made: Call) -> Value:
    """`float()`, `long()` of tensors, `type(…)`, `astype(…)`, `FloatTensor(…)`."""
    if made.name in ("type", "astype"):
        told = made.arg(0 if made.method else 1, "dtype")
        return _cast(made.subject, (told.ref or told.text or "").rsplit(".", 1)[-1], made.line)
    return _cast(made.subject, made.name, made.line)


def _tensor(tracer: Expressions, made: Call) -> Value:
    """`torch.tensor(x, dtype=…, device=…, requires_grad=…)`."""
    value = made.subject
    kind = made.arg(1, "dtype").ref.rsplit(".", 1)[-1]
    if "device" in made.kwargs:
        value = value.tagged("moved") if value.tags else value
    if made.arg(-1, "requires_grad").const is True and not value.ops:
        value = value.tagged("parameter", f"param@{tracer.seen.number()}")
    return _cast(value, kind, made.line)


def _float(tracer: Expressions, made: Call) -> Value:
    """`x.float()` is another tensor, `float(loss)` a number of Python's."""
    if made.method:
        return _typed(tracer, made)
    number = made.subject.number
    if number is not None and number == number and abs(number) <= 2**53:
        return Value(const=int(number) if made.name == "int" else float(number))
    return _ended(tracer, made)


def _ended(tracer: Expressions, made: Call) -> Value:
    """`item()`, `detach()`, `numpy()`: no gradient comes back through what they give."""
    subject = made.subject
    if "loss" in subject.info and made.name == "item":
        tracer.seen.event("item", made.node, subject)
    if "loss" in subject.info or learns(subject.ops):
        return replace(cut_off(subject, f".{made.name}()", made.line), items=subject.items)
    return subject.tagged("free") if made.name == "detach" else subject


def _cut_in_place(tracer: Expressions, made: Call) -> Value:
    return _ended(tracer, replace(made, function=replace(made.function, ref=".detach")))


def _one_hot(tracer: Expressions, made: Call) -> Value:
    kinds = {tag for tag in made.subject.tags if tag.startswith(("floated@", "shortened@"))}
    return Value(tags=(made.subject.tags - kinds) | {"one_hot"})


def _scattered(tracer: Expressions, made: Call) -> Value:
    labels = merged(*made.all).tags & {"label", "train", "held"}
    return Value(tags=frozenset(labels | {"one_hot"}))


def _joined(tracer: Expressions, made: Call) -> Value:
    """`cat`, `vstack`, `ConcatDataset`: of the training rows and the others it is noted that both are in it."""
    given = made.subject
    items = given.items if given.items else [given]
    together = merged(*items)
    if made.name in ("cat", "concat", "concatenate", "hstack") and sum(learns(v.ops) for v in items) > 1:
        together = unknown(together, made.name, made.line)
    element = items[0].element
    if any("held" in v.tags for v in items) and any("train" in v.tags and "held" not in v.tags for v in items):
        together = together.tagged("both", f"both@{made.line}")
        if element is not None:
            inner = [replace(v, tags=v.tags | {"held", f"both@{made.line}"}) for v in element.items or []]
            element = replace(element, items=inner or None)
    return replace(together, element=element, role=items[0].role if element is not None else "")


def _eye(tracer: Expressions, made: Call) -> Value:
    return Value(role="eye")


def _filled(tracer: Expressions, made: Call) -> Value:
    """All weights of something become one number."""
    given = made.arg(0 if made.method else 1, "val", "value", "fill_value")
    value = FILLED.get(made.name, given.number)
    subject = made.subject
    if "grad" in subject.tags:
        if made.name == "zero_":
            tracer.seen.event("zero_grad", made.node)
        return subject
    if value is None:
        return subject
    if subject.shape is not None and len(subject.shape) > 1:
        subject.info["fill"] = value
    node = made.node.func if isinstance(made.node, ast.Call) else made.node
    first = made.node.args[0] if isinstance(made.node, ast.Call) and made.node.args and not made.method else node
    tracer.seen.event("filled", made.node, fill=value, target=subject, text=ast.unparse(first)[:120])
    return subject


def _random(tracer: Expressions, made: Call) -> Value:
    made.subject.info.pop("fill", None)
    owner = made.subject.owner
    tracer.seen.event("drawn", made.node, target=made.subject if owner is None else owner)
    return made.subject


def _parameters(tracer: Expressions, made: Call) -> Value:
    if made.name == "named_parameters":
        pair = Value(items=[Value(), Value(role="parameter", owner=made.owner)])
        return Value(role="named_parameters", element=pair, owner=made.owner)
    return Value(role="parameters", owner=made.owner)


def _shuffled(tracer: Expressions, made: Call) -> Value:
    """`random.shuffle(x)` changes `x` itself; `dataset.shuffle(…)` gives another."""
    given = made.args[0] if made.args else Value()
    node = made.node.args[0] if isinstance(made.node, ast.Call) and made.node.args else None
    if isinstance(node, ast.Name) and len(given.tags & {"image", "label"}) == 1:
        tracer.bind(node, given.tagged(f"perm@{tracer.seen.number()}", f"drawn@{made.line}"))
        return Value()
    return made.subject


def _dropped(tracer: Expressions, made: Call) -> Value:
    """`F.dropout(x)` drops at all times, unless it is told when."""
    always = ("training" not in made.kwargs and len(made.args) < 3) or _is_true(made)
    name = ALWAYS_ON if always else "F.dropout"
    return made.subject.after(Op("dropout", name, made.line, rate=made.arg(1, "p").number))


def _is_true(made: Call) -> bool:
    keywords = made.node.keywords if isinstance(made.node, ast.Call) else []
    told = next((k.value for k in keywords if k.arg == "training"), None)
    return isinstance(told, ast.Constant) and told.value is True


def _identity(tracer: Expressions, made: Call) -> Value:
    return Value(parts=[])


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("to", "cuda", "cpu"), _to),
    "device": _device,
    **dict.fromkeys(("type", "astype", "double", "half", "long", "short", "FloatTensor", "LongTensor"), _typed),
    **dict.fromkeys(("tensor", "as_tensor", "asarray", "array"), _tensor),
    **dict.fromkeys(("float", "int"), _float),
    **dict.fromkeys(("item", "tolist", "detach", "numpy"), _ended),
    "detach_": _cut_in_place,
    "one_hot": _one_hot,
    **dict.fromkeys(("scatter_", "scatter"), _scattered),
    **dict.fromkeys(("cat", "concat", "concatenate", "vstack", "hstack", "ConcatDataset"), _joined),
    **dict.fromkeys(("eye", "identity"), _eye),
    **dict.fromkeys((*FILLED, "constant_", "fill_"), _filled),
    **dict.fromkeys(RANDOM, _random),
    **dict.fromkeys(("parameters", "named_parameters"), _parameters),
    "shuffle": _shuffled,
    "dropout": _dropped,
    "Identity": _identity,
}
