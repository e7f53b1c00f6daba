"""What calls that make, split, shape and hand out data give: datasets, loaders, views, scalings, loops."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.lab.syntax.calls import Call, Handler, call
from bot.lab.syntax.values import UNKNOWN, Op, Value, element_of, merged

if TYPE_CHECKING:
    from bot.lab.syntax.expressions import Expressions

IMAGE, LABEL = frozenset({"image"}), frozenset({"label"})


def _pair(split: str) -> list[Value]:
    return [Value(tags=IMAGE | {split}), Value(tags=LABEL | {split})]


def _load_mnist(tracer: Expressions, made: Call) -> Value:
    return Value(items=[*_pair("train"), *_pair("held")])


def _load_data(tracer: Expressions, made: Call) -> Value:
    return Value(items=[Value(items=_pair("train")), Value(items=_pair("held"))])


def _fetch_openml(tracer: Expressions, made: Call) -> Value:
    """Rows of 784 numbers, not split."""
    op = Op("flatten", "fetch_openml gives flat rows", made.line)
    tracer.seen.event("flatten", made.node, name=op.name)
    return Value(tags=IMAGE, ops=(op,), role="dataset")


def _dataset(tracer: Expressions, made: Call) -> Value:
    """A dataset of torchvision: its images go through the transform that it is given."""
    train = made.arg(1, "train").const
    split = {"train"} if train is True else {"held"} if train is False else set()
    image = Value(tags=IMAGE | split)
    transform = made.arg(2, "transform")
    if transform.parts is not None or transform.body is not None:
        image = call(tracer, Call(transform, [image], {}, made.node)).tagged(*image.tags)
    element = Value(items=[image, Value(tags=LABEL | split)])
    return Value(tags=IMAGE | split, role="dataset", element=element, ops=image.ops)


def _tensor_dataset(tracer: Expressions, made: Call) -> Value:
    return Value(role="dataset", element=Value(items=list(made.args)), tags=merged(*made.args).tags - LABEL)


def _loader(tracer: Expressions, made: Call) -> Value:
    given = made.subject
    size = made.arg(1, "batch_size") if len(made.args) > 1 or "batch_size" in made.kwargs else Value(const=1)
    mixes = made.arg(2, "shuffle").const
    samples = bool(made.kwargs.keys() & {"sampler", "batch_sampler"}) or len(made.args) > 3 or _is_open(made)
    tracer.seen.event(
        "loader",
        made.node,
        given,
        size=size.whole,
        mixes=samples or (mixes is not UNKNOWN and bool(mixes)),
        library=True,
    )
    element = element_of(given) if "collate_fn" not in made.kwargs else Value(tags=given.tags - IMAGE)
    alone = element.items is None and len(given.tags & {"image", "label"}) == 1
    if mixes is True and alone:  # images without their labels, or the other way round
        element = element.tagged(f"perm@{tracer.seen.number()}", f"drawn@{made.line}")
    return Value(role="loader", element=element, tags=given.tags, ops=given.ops)


def _is_open(made: Call) -> bool:
    """True where a call passes on keywords that are not known."""
    keywords = made.node.keywords if isinstance(made.node, ast.Call) else []
    return (
        any(k.arg is None and not isinstance(k.value, ast.Dict) for k in keywords) and "batch_size" not in made.kwargs
    )


def _slices(tracer: Expressions, made: Call) -> Value:
    tags = merged(*(made.subject.items or [made.subject])).tags - LABEL
    return Value(role="dataset", element=made.subject, tags=tags)


def _batched(tracer: Expressions, made: Call) -> Value:
    tracer.seen.event("loader", made.node, made.subject, size=made.arg(0, "batch_size").whole)
    return replace(made.subject, role="loader")


def _pieces(tracer: Expressions, made: Call) -> Value:
    """`split`, `chunk`: iterating gives smaller tensors."""
    if made.name == "split" and len(made.operands) > 1:
        tracer.seen.event("loader", made.node, made.subject, size=made.operands[1].whole)
    return Value(role="loader", element=merged(made.subject), tags=made.subject.tags, ops=made.subject.ops)


def _random_split(tracer: Expressions, made: Call) -> Value:
    lengths = made.arg(1, "lengths").items
    first, *rest = ["train", *["held"] * (len(lengths or [0, 0]) - 1)]
    _note_split(tracer, made)
    parts = [_of_split(made.subject, first), *(_of_split(made.subject, split) for split in rest)]
    return Value(items=parts)


def _train_test_split(tracer: Expressions, made: Call) -> Value:
    _note_split(tracer, made)
    return Value(items=[_of_split(value, split) for value in made.args for split in ("train", "held")])


def _note_split(tracer: Expressions, made: Call) -> None:
    """What was joined is split in another way: rows that were held out at first may be learned from."""
    if any("both" in value.tags for value in made.args):
        tracer.seen.event("split_anew", made.node)


def _of_split(value: Value, split: str) -> Value:
    return value.tagged(split, without={"train", "held"})


def _same(tracer: Expressions, made: Call) -> Value:
    return made.subject


def _scaled_by(tracer: Expressions, made: Call) -> Value:
    """A transform of pixels: `ToTensor()`, `Normalize(…)`, `Rescaling(1 / 255)`, or `to_tensor(image)`."""
    tracer.seen.event("scale", made.node, name=made.name)
    op = Op("scale", made.name, made.line)
    return Value(parts=[op]) if made.constructs else made.subject.after(op)


def _to_dtype(tracer: Expressions, made: Call) -> Value:
    return _scaled_by(tracer, made) if made.arg(-1, "scale").const is True else Value(parts=[])


def _lambda(tracer: Expressions, made: Call) -> Value:
    return made.subject


def _fit_transform(tracer: Expressions, made: Call) -> Value:
    given = made.args[0] if made.args else Value()
    tracer.seen.event("scale", made.node, name="scaler")
    return given.after(Op("scale", "scaler", made.line))


def _flatten(tracer: Expressions, made: Call) -> Value:
    op = Op("flatten", "Flatten", made.line)
    tracer.seen.event("flatten", made.node, made.subject, name=made.name)
    return Value(parts=[op]) if made.constructs else made.subject.after(op)


def _reshape(tracer: Expressions, made: Call) -> Value:
    """A view that puts all pixels of an image in one row; other views change nothing that matters here."""
    sizes = [*made.operands[0 if made.constructs else 1 :], *made.kwargs.values()]
    if len(sizes) == 1 and sizes[0].items is not None:
        sizes = sizes[0].items
    known = [value.whole for value in sizes]
    flat = (len(known) == 2 and 1 not in known and "label" not in made.subject.tags) or known in ([-1], [784])
    if flat:
        return _flatten(tracer, made)
    return Value(parts=[]) if made.constructs else replace(made.subject, const=made.subject.const)


def _rearrange(tracer: Expressions, made: Call) -> Value:
    pattern = next((value.text for value in made.all if value.text), "")
    if "(" in pattern.partition("->")[2]:
        return _flatten(tracer, made)
    return Value(parts=[]) if made.constructs else made.subject


def _made(tracer: Expressions, made: Call) -> Value:
    """A new tensor: weights, when the program learns it."""
    sizes = made.args[0].items if made.args and made.args[0].items is not None else made.args
    if made.name in ("normal", "uniform", "truncated_normal") and not (made.args and made.args[0].items):
        given = made.arg(2, "size", "shape")
        sizes = given.items or []
    learned = made.arg(-1, "requires_grad").const is True
    tags = {"parameter", f"param@{tracer.seen.number()}"} if learned else set()
    fill = made.arg(1, "fill_value").number if made.name == "full" else FILLS.get(made.name)
    shape = tuple(size.whole for size in sizes) or None
    info = {"fill": fill, "filled": made.line} if fill is not None and shape is not None and len(shape) > 1 else {}
    if learned:
        tracer.seen.event("parameter", made.node, Value(tags=frozenset(tags)))
    return Value(shape=shape, tags=frozenset(tags), info=info)


def _parameter(tracer: Expressions, made: Call) -> Value:
    if made.arg(0, "requires_grad", "mode").const is False and made.method:
        tracer.seen.event("frozen", made.node)
        return made.subject
    if "parameter" in made.subject.tags or made.subject.is_module:
        return made.subject
    value = made.subject.tagged("parameter", f"param@{tracer.seen.number()}")
    tracer.seen.event("parameter", made.node, value)
    return value


def _range(tracer: Expressions, made: Call) -> Value:
    known = [value.whole for value in made.args]
    numbers = [number for number in known if number is not None]
    value = Value(role="range", info={"strides": len(known) == 3})
    if len(known) == 3 and (known[2] or 0) > 1:
        tracer.seen.event("stride", made.node, size=known[2])
    if not known or len(numbers) != len(known) or (len(known) == 3 and known[2] == 0):
        return value
    turns = range(*numbers[:3])
    value.info |= {"count": len(turns)}
    if len(turns) <= 24:
        value.items = [Value(const=turn) for turn in turns]
    return value


def _enumerate(tracer: Expressions, made: Call) -> Value:
    given = made.subject
    pairs = None if given.items is None else [Value(items=[Value(const=i), v]) for i, v in enumerate(given.items)]
    element = Value(items=[Value(role="index"), element_of(given)])
    return replace(given, items=pairs, element=element, info={**given.info, "passed": True})


def _zip(tracer: Expressions, made: Call) -> Value:
    given = made.args
    known = [value.items for value in given if value.items is not None]
    tags = merged(*given).tags
    if given and len(known) == len(given):
        return Value(items=[Value(items=list(row)) for row in zip(*known, strict=False)], tags=tags)
    role = "loader" if any(value.role == "loader" for value in given) else ""
    return Value(role=role, element=Value(items=[element_of(value) for value in given]), tags=tags)


FILLS = {"zeros": 0.0, "ones": 1.0}

HANDLERS: dict[str, Handler] = {
    "load_mnist": _load_mnist,
    "load_data": _load_data,
    "fetch_openml": _fetch_openml,
    **dict.fromkeys(("MNIST", "FashionMNIST", "KMNIST", "QMNIST", "EMNIST"), _dataset),
    "TensorDataset": _tensor_dataset,
    "DataLoader": _loader,
    "from_tensor_slices": _slices,
    "batch": _batched,
    **dict.fromkeys(("split", "chunk", "array_split"), _pieces),
    "random_split": _random_split,
    "train_test_split": _train_test_split,
    "Subset": _same,
    **dict.fromkeys(("Lambda",), _lambda),
    **dict.fromkeys(
        ("ToTensor", "Normalize", "ConvertImageDtype", "Rescaling", "to_tensor", "convert_image_dtype", "normalize"),
        _scaled_by,
    ),
    "ToDtype": _to_dtype,
    "fit_transform": _fit_transform,
    **dict.fromkeys(("flatten", "Flatten", "ravel"), _flatten),
    **dict.fromkeys(("view", "reshape", "Reshape", "view_as", "reshape_as"), _reshape),
    **dict.fromkeys(("rearrange", "Rearrange"), _rearrange),
    **dict.fromkeys(
        ("randn", "rand", "zeros", "ones", "full", "empty", "normal", "uniform", "truncated_normal", "standard_normal"),
        _made,
    ),
    **dict.fromkeys(("Parameter", "Variable", "requires_grad_"), _parameter),
    **dict.fromkeys(("range", "trange", "arange"), _range),
    "enumerate": _enumerate,
    "zip": _zip,
}
