"""Writes MiniLM (a BERT encoder of six layers, mean pooling, L2 normalisation) as an ONNX graph, from its weights.

It needs the `onnx` package and no torch. The large matrices go into a file beside the graph, so that onnxruntime maps
them into memory instead of copying them. It knows nothing of where weights come from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.generic]

LAYERS = 6
HEADS = 12
WIDTH = 384
GRAPH_FILE = "model.onnx"
WEIGHTS_FILE = "model.weights"
#: Mapped parts of a file must begin at a multiple of this (Windows; elsewhere a page is enough).
ALIGNMENT = 65536
#: Smaller tensors are kept inside the graph.
SMALL = 16384
#: What is added to the score of a padding token: after softmax, nothing is left of it in float32.
MASKED = -10000.0
EPSILON = 1e-12


def write_graph(folder: Path, weights: Callable[[str], Array], pooled: bool = True) -> Path:
    """Writes graph and weights into `folder`. `weights` gives a tensor by its name in the published file.

    Without `pooled` the graph ends at the last hidden states, as the one that Chroma downloads does.
    """
    import onnx

    with (folder / WEIGHTS_FILE).open("wb") as file:
        graph = _Graph(weights, file)
        hidden = graph.encoder()
        if pooled:
            output = graph.pooled(hidden)
            made = graph.finished("embedding", output, ["batch", WIDTH])
        else:
            made = graph.finished("last_hidden_state", hidden, ["batch", "tokens", WIDTH])
    path = folder / GRAPH_FILE
    onnx.save(made, str(path))
    return path


class _Graph:
    """A graph in the making: each method adds nodes and returns the name of what they compute."""

    def __init__(self, weights: Callable[[str], Array], file: BinaryIO) -> None:
        self._weights = weights
        self._file = file
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def encoder(self) -> str:
        """From token ids to the last hidden states."""
        x = self._embeddings()
        mask = self._node("Cast", ["attention_mask"], "mask", to=1)
        there = self._node("Unsqueeze", [mask, self._ints("axes_1_2", [1, 2])], "mask_by_key")
        absent = self._node("Sub", [self._floats("one", 1.0), there], "absent")
        bias = self._node("Mul", [absent, self._floats("masked", MASKED)], "score_bias")
        self._ints("by_head", [0, 0, HEADS, WIDTH // HEADS])
        self._ints("by_token", [0, 0, WIDTH])
        self._floats("scale", (WIDTH // HEADS) ** -0.5)
        for number in range(LAYERS):
            layer = f"encoder.layer.{number}"
            x = self._norm(f"{layer}.attention.output", self._attention(f"{layer}.attention", x, bias), x)
            inner = self._node("Gelu", [self._dense(f"{layer}.intermediate.dense", x)], f"{layer}.gelu")
            x = self._norm(f"{layer}.output", self._dense(f"{layer}.output.dense", inner), x)
        return x

    def pooled(self, hidden: str) -> str:
        """The mean over the tokens that are there, of length one."""
        along = self._ints("axis_1", [1])
        column = self._node("Unsqueeze", ["mask", self._ints("axis_2", [2])], "mask_by_token")
        kept = self._node("Mul", [hidden, column], "kept")
        total = self._node("ReduceSum", [kept, along], "total", keepdims=0)
        count = self._node("ReduceSum", ["mask", along], "count", keepdims=1)
        mean = self._node("Div", [total, self._at_least(count, 1e-9)], "mean")
        length = self._node("ReduceL2", [mean, along], "length", keepdims=1)
        return self._node("Div", [mean, self._at_least(length, EPSILON)], "unit")

    def finished(self, name: str, output: str, shape: Sequence[str | int]) -> Any:
        """The whole model, with `output` under the name `name`."""
        from onnx import TensorProto, helper

        self._node("Identity", [output], name)
        ids = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "tokens"]) for n in INPUTS]
        result = helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))
        graph = helper.make_graph(self._nodes, "minilm", ids, [result], self._constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)

    def _embeddings(self) -> str:
        """Word, position and token type; the type is 0 throughout, for one text is read at a time."""
        name = "embeddings"
        words = self._node("Gather", [self._tensor(f"{name}.word_embeddings.weight"), "input_ids"], "words")
        shape = self._node("Shape", ["input_ids"], "shape")
        tokens = self._node("Gather", [shape, self._ints("second", [1])], "tokens")
        table = self._tensor(f"{name}.position_embeddings.weight")
        places = self._node("Slice", [table, self._ints("zero", [0]), tokens, "zero"], "places")
        kind = self._constant("type_0", self._weights(f"{name}.token_type_embeddings.weight")[0])
        return self._norm(name, self._node("Add", [words, kind], "typed_words"), places)

    def _attention(self, name: str, x: str, bias: str) -> str:
        query = self._heads(f"{name}.self.query", x, [0, 2, 1, 3])
        key = self._heads(f"{name}.self.key", x, [0, 2, 3, 1])
        value = self._heads(f"{name}.self.value", x, [0, 2, 1, 3])
        scores = self._node("Mul", [self._node("MatMul", [query, key], f"{name}.products"), "scale"], f"{name}.scores")
        masked = self._node("Add", [scores, bias], f"{name}.masked")
        shares = self._node("Softmax", [masked], f"{name}.shares", axis=-1)
        mixed = self._node("MatMul", [shares, value], f"{name}.mixed")
        turned = self._node("Transpose", [mixed], f"{name}.turned", perm=[0, 2, 1, 3])
        joined = self._node("Reshape", [turned, "by_token"], f"{name}.joined")
        return self._dense(f"{name}.output.dense", joined)

    def _heads(self, name: str, x: str, order: list[int]) -> str:
        split = self._node("Reshape", [self._dense(name, x), "by_head"], f"{name}.split")
        return self._node("Transpose", [split], f"{name}.heads", perm=order)

    def _dense(self, name: str, x: str) -> str:
        product = self._node("MatMul", [x, self._tensor(f"{name}.weight", turned=True)], f"{name}.product")
        return self._node("Add", [product, self._tensor(f"{name}.bias")], f"{name}.sum")

    def _norm(self, name: str, x: str, beside: str) -> str:
        inputs = [self._node("Add", [x, beside], f"{name}.residual")]
        inputs += [self._tensor(f"{name}.LayerNorm.weight"), self._tensor(f"{name}.LayerNorm.bias")]
        return self._node("LayerNormalization", inputs, f"{name}.norm", axis=-1, epsilon=EPSILON)

    def _at_least(self, x: str, least: float) -> str:
        return self._node("Max", [x, self._floats(f"{x}_floor", least)], f"{x}_safe")

    def _node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        from onnx import helper

        self._nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def _ints(self, name: str, values: list[int]) -> str:
        import numpy as np

        return self._constant(name, np.array(values, np.int64))

    def _floats(self, name: str, value: float) -> str:
        import numpy as np

        return self._constant(name, np.array(value, np.float32))

    def _tensor(self, name: str, turned: bool = False) -> str:
        value = self._weights(name)
        return self._constant(name, value.T if turned else value)

    def _constant(self, name: str, value: Array) -> str:
        import numpy as np
        from onnx import numpy_helper

        value = np.ascontiguousarray(value)
        small = value.nbytes < SMALL
        self._constants.append(numpy_helper.from_array(value, name) if small else self._outside(name, value))
        return name

    def _outside(self, name: str, value: Array) -> Any:
        """A tensor whose values stand in the file beside the graph."""
        from onnx import TensorProto, helper
        from onnx.external_data_helper import set_external_data

        self._file.write(b"\0" * (-self._file.tell() % ALIGNMENT))
        tensor = TensorProto(name=name, data_type=helper.np_dtype_to_tensor_dtype(value.dtype), dims=value.shape)
        tensor.raw_data = b""
        set_external_data(tensor, WEIGHTS_FILE, offset=self._file.tell(), length=value.nbytes)
        tensor.ClearField("raw_data")
        self._file.write(value.astype(value.dtype.newbyteorder("<")).tobytes())
        return tensor


INPUTS = ("input_ids", "attention_mask")
