"""The layers of a BERT encoder as parts of an ONNX graph, and how such a graph is written beside its weights.

It needs the `onnx` package and no torch. The large matrices go into a file beside the graph, so that onnxruntime maps
them into memory instead of copying them. What goes into the layers, what may see what, and what is made of what comes
out is its callers' affair; so is where weights come from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.generic]
    #: A tensor by its name in the published file.
    Weights = Callable[[str], Array]

LAYERS = 6
HEADS = 12
WIDTH = 384
GRAPH_FILE = "model.onnx"
WEIGHTS_FILE = "model.weights"
#: Mapped parts of a file must begin at a multiple of this (Windows; elsewhere a page is enough).
ALIGNMENT = 65536
#: Smaller tensors are kept inside the graph.
SMALL = 16384
#: What is added to the score of a token that may not be seen: after softmax, nothing is left of it in float32.
MASKED = -10000.0
EPSILON = 1e-12


@dataclass(frozen=True)
class Port:
    """An input or output of a graph: its name, its shape, whole numbers or not."""

    name: str
    shape: Sequence[str | int]
    whole: bool = False

    def described(self) -> Any:
        """The same, as a graph carries it."""
        from onnx import TensorProto, helper

        kind = TensorProto.INT64 if self.whole else TensorProto.FLOAT
        return helper.make_tensor_value_info(self.name, kind, list(self.shape))


def write(folder: Path, weights: Weights, build: Callable[[BertGraph], Any]) -> Path:
    """Writes the graph that `build` makes, and its weights, into `folder`."""
    import onnx

    with (folder / WEIGHTS_FILE).open("wb") as file:
        made = build(BertGraph(weights, file))
    path = folder / GRAPH_FILE
    onnx.save(made, str(path))
    return path


class BertGraph:
    """A graph in the making: each method adds nodes and returns the name of what they compute."""

    def __init__(self, weights: Weights, file: BinaryIO) -> None:
        self._weights = weights
        self._file = file
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def words(self) -> str:
        """The vectors of the words themselves, by `input_ids`."""
        return self.node("Gather", [self.tensor("embeddings.word_embeddings.weight"), "input_ids"], "words")

    def typed(self, words: str) -> str:
        """With the vector of the token type, which is 0 throughout: BERT's pairs are not used."""
        kind = self._constant("type_0", self._weights("embeddings.token_type_embeddings.weight")[0])
        return self.node("Add", [words, kind], "typed_words")

    def score_bias(self, seen: str) -> str:
        """What is added to the scores, from 1 where a token may be seen and 0 where not: (batch, 1, queries, keys)."""
        absent = self.node("Sub", [self.floats("one", 1.0), seen], "absent")
        return self.node("Mul", [absent, self.floats("masked", MASKED)], "score_bias")

    def layers(self, x: str, bias: str) -> str:
        """From embeddings to the last hidden states."""
        self.ints("by_head", [0, 0, HEADS, WIDTH // HEADS])
        self.ints("by_token", [0, 0, WIDTH])
        self.floats("scale", (WIDTH // HEADS) ** -0.5)
        for number in range(LAYERS):
            layer = f"encoder.layer.{number}"
            x = self.norm(f"{layer}.attention.output", self._attention(f"{layer}.attention", x, bias), x)
            inner = self.node("Gelu", [self.dense(f"{layer}.intermediate.dense", x)], f"{layer}.gelu")
            x = self.norm(f"{layer}.output", self.dense(f"{layer}.output.dense", inner), x)
        return x

    def dense(self, name: str, x: str) -> str:
        product = self.node("MatMul", [x, self.tensor(f"{name}.weight", turned=True)], f"{name}.product")
        return self.node("Add", [product, self.tensor(f"{name}.bias")], f"{name}.sum")

    def norm(self, name: str, x: str, beside: str) -> str:
        inputs = [self.node("Add", [x, beside], f"{name}.residual")]
        inputs += [self.tensor(f"{name}.LayerNorm.weight"), self.tensor(f"{name}.LayerNorm.bias")]
        return self.node("LayerNormalization", inputs, f"{name}.norm", axis=-1, epsilon=EPSILON)

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        from onnx import helper

        self._nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def ints(self, name: str, values: list[int]) -> str:
        import numpy as np

        return self._constant(name, np.array(values, np.int64))

    def floats(self, name: str, value: float) -> str:
        import numpy as np

        return self._constant(name, np.array(value, np.float32))

    def tensor(self, name: str, turned: bool = False) -> str:
        value = self._weights(name)
        return self._constant(name, value.T if turned else value)

    def model(self, name: str, inputs: Sequence[Port], outputs: Mapping[str, Port]) -> Any:
        """The whole model; `outputs` says under which name and in which shape each result leaves it."""
        from onnx import helper

        for computed, port in outputs.items():
            self.node("Identity", [computed], port.name)
        begins, ends = ([port.described() for port in ports] for ports in (inputs, outputs.values()))
        graph = helper.make_graph(self._nodes, name, begins, ends, self._constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)

    def _attention(self, name: str, x: str, bias: str) -> str:
        query = self._heads(f"{name}.self.query", x, [0, 2, 1, 3])
        key = self._heads(f"{name}.self.key", x, [0, 2, 3, 1])
        value = self._heads(f"{name}.self.value", x, [0, 2, 1, 3])
        scores = self.node("Mul", [self.node("MatMul", [query, key], f"{name}.products"), "scale"], f"{name}.scores")
        masked = self.node("Add", [scores, bias], f"{name}.masked")
        shares = self.node("Softmax", [masked], f"{name}.shares", axis=-1)
        mixed = self.node("MatMul", [shares, value], f"{name}.mixed")
        turned = self.node("Transpose", [mixed], f"{name}.turned", perm=[0, 2, 1, 3])
        joined = self.node("Reshape", [turned, "by_token"], f"{name}.joined")
        return self.dense(f"{name}.output.dense", joined)

    def _heads(self, name: str, x: str, order: list[int]) -> str:
        split = self.node("Reshape", [self.dense(name, x), "by_head"], f"{name}.split")
        return self.node("Transpose", [split], f"{name}.heads", perm=order)

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
