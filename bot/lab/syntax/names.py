"""What library names mean: layers, activations, losses, optimisers. Tables only."""

from __future__ import annotations

import re

#: What a name most likely stands for where the program imports nothing of that name.
USUAL = {
    "torch": "torch",
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "optim": "torch.optim",
    "tf": "tensorflow",
    "keras": "keras",
    "layers": "keras.layers",
    "np": "numpy",
    "transforms": "torchvision.transforms",
    "datasets": "torchvision.datasets",
}

LINEAR = {"Linear", "LazyLinear", "Dense", "EinsumDense"}
CONVOLUTIONS = {f"{lazy}Conv{n}{d}" for lazy in ("", "Lazy") for n in "123" for d in ("d", "D")}
ACTIVATIONS = {
    "relu": "ReLU",
    "relu6": "ReLU6",
    "leakyrelu": "LeakyReLU",
    "elu": "ELU",
    "celu": "CELU",
    "selu": "SELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "swish": "SiLU",
    "mish": "Mish",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "hardtanh": "Hardtanh",
    "hardswish": "Hardswish",
    "hardsigmoid": "Hardsigmoid",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "prelu": "PReLU",
    "rrelu": "RReLU",
    "glu": "GLU",
}
SOFTMAXES = {"softmax": "Softmax", "logsoftmax": "LogSoftmax", "softmin": "Softmin"}
OTHER_LAYERS = {
    "Dropout": "dropout",
    "AlphaDropout": "dropout",
    "Dropout1d": "dropout",
    "Dropout2d": "dropout",
    "BatchNorm1d": "norm",
    "BatchNorm2d": "norm",
    "LazyBatchNorm1d": "norm",
    "BatchNormalization": "norm",
    "LayerNorm": "norm",
    "LayerNormalization": "norm",
    "MaxPool2d": "pool",
    "AvgPool2d": "pool",
    "AdaptiveAvgPool2d": "pool",
    "MaxPooling2D": "pool",
    "AveragePooling2D": "pool",
    "Embedding": "embedding",
    "LSTM": "recurrent",
    "GRU": "recurrent",
    "RNN": "recurrent",
}

#: Losses by their names in lower case without underscores.
LOSSES = {
    "crossentropyloss": "CrossEntropyLoss",
    "crossentropy": "CrossEntropyLoss",
    "nllloss": "NLLLoss",
    "mseloss": "MSELoss",
    "l1loss": "L1Loss",
    "smoothl1loss": "SmoothL1Loss",
    "bceloss": "BCELoss",
    "binarycrossentropywithlogits": "BCEWithLogitsLoss",
    "bcewithlogitsloss": "BCEWithLogitsLoss",
    "multimarginloss": "MultiMarginLoss",
    "kldivloss": "KLDivLoss",
    "kldiv": "KLDivLoss",
    "sparsecategoricalcrossentropy": "SparseCategoricalCrossentropy",
    "categoricalcrossentropy": "CategoricalCrossentropy",
    "binarycrossentropy": "BinaryCrossentropy",
    "meansquarederror": "MeanSquaredError",
    "mse": "MeanSquaredError",
    "sparsesoftmaxcrossentropywithlogits": "SparseSoftmaxCrossEntropyWithLogits",
    "softmaxcrossentropywithlogits": "SoftmaxCrossEntropyWithLogits",
}

OPTIMISERS = {
    name.lower(): name
    for name in (
        "Adam",
        "AdamW",
        "NAdam",
        "RAdam",
        "Adamax",
        "SparseAdam",
        "SGD",
        "ASGD",
        "RMSprop",
        "Adagrad",
        "Adadelta",
        "Adafactor",
        "LBFGS",
        "Rprop",
        "Muon",
        "Lion",
        "Ftrl",
    )
}

FRAMEWORKS = (
    ("torch", "PyTorch"),
    ("lightning", "PyTorch"),
    ("pytorch_lightning", "PyTorch"),
    ("keras", "Keras"),
    ("tensorflow", "Keras"),
    ("jax", "JAX"),
    ("flax", "JAX"),
    ("sklearn", "scikit-learn"),
    ("numpy", "NumPy"),
)

_HELD = re.compile(
    r"(^|_)(val|valid|validate|validation|test|testing|dev|eval|heldout|holdout|held)(_|$|\d)"
    r"|^[xyXY]_?(te|v|va|val|valid|test)$"
)
#: A value, not what was held out: `max_val`.
_NUMBER = re.compile(r"^(max|min|mean|std|avg|abs|init|default|pixel|fill|new|old|loss|acc|lr)_vals?$", re.IGNORECASE)
_HELD_CAMEL = re.compile(r"^(val|valid|test)(set|loader|data|ds|dl|X|Y|_)|[a-z](Val|Valid|Test)(?=[A-Z]|$)")
_TRAIN = re.compile(r"(^|_)(train|training|trn)(_|$|\d)|^[xyXY]_?tr(ain)?$|^train(set|loader|data|ds|dl)")
_LABELS = re.compile(r"^(y|yb|ys|t)(_|$|b|\d|train|test|val)|label|target", re.IGNORECASE)


def split_of(name: str) -> str | None:
    """The part of the data that a name speaks of: `held` (validation or test), `train`, or None."""
    if _NUMBER.search(name):
        return None
    if _HELD.search(name) or _HELD.search(name.lower()) or _HELD_CAMEL.search(name):
        return "held"
    return "train" if _TRAIN.search(name.lower()) else None


def names_labels(name: str) -> bool:
    return _LABELS.search(name) is not None


def plain(name: str) -> str:
    """A name as the tables have it: without the path before it, underscores and capitals."""
    return name.rsplit(".", 1)[-1].replace("_", "").lower()
