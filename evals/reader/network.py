"""The reader as a torch module: MiniLM's six layers over a question, an answer and its key points in one sequence.

It is for training; the product runs the same network by onnxruntime and never imports torch for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from bot.ports.reading import STANDINGS

LAYERS, HEADS, WIDTH, INNER = 6, 12, 384, 1536
WORDS, PLACES = 30_522, 512
EPSILON = 1e-12
DROPPED = 0.1
#: Added to what a token may not look at; finite, so that a row of padding stays a number.
HIDDEN_FROM = -1e4
PADDING = -1


@dataclass(frozen=True)
class Packed:
    """A batch of sequences, each of shape (answers, tokens): ids, places within their segment, and segments.

    Segment 0 is the question and the answer, 1 and up are key points, -1 is padding.
    """

    ids: Tensor
    places: Tensor
    segments: Tensor

    def to(self, device: torch.device) -> Packed:
        """The same on a device."""
        return Packed(self.ids.to(device), self.places.to(device), self.segments.to(device))


def packed(rows: Sequence[tuple[Sequence[int], Sequence[Sequence[int]]]]) -> Packed:
    """Sequences of (question and answer, key points), one after another in a row, padded to the longest row."""
    lines: list[tuple[list[int], list[int], list[int]]] = []
    for text, points in rows:
        parts = [text, *points]
        ids = [token for part in parts for token in part]
        places = [place for part in parts for place in range(len(part))]
        lines.append((ids, places, [n for n, part in enumerate(parts) for _ in part]))
    width = max(len(ids) for ids, _, _ in lines)
    batch = torch.zeros(3, len(lines), width, dtype=torch.long)
    batch[2] = PADDING
    for row, line in enumerate(lines):
        batch[:, row, : len(line[0])] = torch.tensor(line)
    return Packed(batch[0], batch[1], batch[2])


class _Dropout(nn.Module):
    """Drops the same features of all tokens of a sequence: as good here as dropping each, at a tenth of the time."""

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        kept = torch.rand(x.shape[0], 1, x.shape[2], device=x.device) >= DROPPED
        return x * kept.to(x.dtype) / (1 - DROPPED)


class _Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.attention_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.output_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.dropout = _Dropout()

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        query, key, value = (_by_head(part(x)) for part in (self.query, self.key, self.value))
        # Outside autocast the product stays in bfloat16, softmax too: a third of the time of a step on a CPU.
        with torch.autocast(x.device.type, enabled=False):
            scores = (query * (WIDTH // HEADS) ** -0.5) @ key.transpose(-1, -2) + bias.to(query.dtype)
            mixed = torch.softmax(scores, -1) @ value
        x = self.attention_norm(x + self.dropout(self.output(mixed.transpose(1, 2).reshape(x.shape))))
        grown = self.outer(functional.gelu(self.inner(x)))
        normed: Tensor = self.output_norm(x + self.dropout(grown))
        return normed


def _by_head(x: Tensor) -> Tensor:
    return x.view(x.shape[0], x.shape[1], HEADS, -1).transpose(1, 2)


class Reader(nn.Module):
    """Four logits for each key point of each answer, in the order of STANDINGS: shape (key points of the batch, 4).

    An answer looks at itself and its question; a key point at itself and the answer, never at another key point. So
    each verdict is the same whatever else is asked of the answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(WORDS, WIDTH), nn.Embedding(PLACES, WIDTH)
        self.types, self.segments = nn.Embedding(2, WIDTH), nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layers = nn.ModuleList(_Layer() for _ in range(LAYERS))
        self.head = nn.Sequential(nn.Linear(2 * WIDTH, WIDTH), nn.Tanh(), nn.Linear(WIDTH, len(STANDINGS)))
        self.dropout = _Dropout()
        self.head_dropout = nn.Dropout(DROPPED)
        nn.init.zeros_(self.segments.weight)
        # They are the published model's and not shipped again; so they must stay as they are.
        self.words.weight.requires_grad_(False)

    def forward(self, batch: Packed) -> Tensor:
        segments = batch.segments
        x = self.words(batch.ids) + self.places(batch.places) + self.types.weight[0]
        x = self.dropout(self.norm(x + self.segments((segments > 0).long())))
        bias = _bias(segments)
        for layer in self.layers:
            x = layer(x, bias)
        return self._verdicts(x.float(), batch)

    def _verdicts(self, x: Tensor, batch: Packed) -> Tensor:
        numbers = torch.arange(1, int(batch.segments.max()) + 1, device=x.device)
        own = batch.segments[:, None, :] == numbers[None, :, None]
        begins = (own & (batch.places[:, None, :] == 0)).float()
        follows = (own & (batch.places[:, None, :] > 0)).float()
        mean = (follows @ x) / follows.sum(-1, keepdim=True).clamp(min=1)
        hidden = torch.cat([begins @ x, mean], -1)[own.any(-1)]
        with torch.autocast(x.device.type, enabled=False):
            inner = self.head_dropout(self.head[1](self.head[0](hidden)))
            logits: Tensor = self.head[2](inner)
        return logits


def _bias(segments: Tensor) -> Tensor:
    """What is added to the scores of attention: shape (answers, 1, tokens, tokens)."""
    to, of = segments[:, None, :], segments[:, :, None]
    seen = ((to == 0) | (to == of)) & (to != PADDING)
    return (~seen).float()[:, None] * HIDDEN_FROM


#: Names of this module's parts in the published file.
_PLAIN = {
    "words": "embeddings.word_embeddings",
    "places": "embeddings.position_embeddings",
    "types": "embeddings.token_type_embeddings",
    "norm": "embeddings.LayerNorm",
}
_LAYER = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "output": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "output_norm": "output.LayerNorm",
}
_OWN = {"segments.weight": "reader.segments"}


def published_name(name: str) -> str:
    """A parameter's name in a file of weights, as the published MiniLM names what it has."""
    if name in _OWN:
        return _OWN[name]
    first, *rest = name.split(".")
    if first == "layers":
        return ".".join(["encoder.layer", rest[0], _LAYER[rest[1]], *rest[2:]])
    return ".".join([_PLAIN.get(first, f"reader.{first}"), *rest])


def from_minilm(weights: Path) -> Reader:
    """A reader that begins with the published encoder; `weights` is its model.safetensors."""
    from safetensors.torch import load_file

    reader, tensors = Reader(), load_file(weights)
    state = reader.state_dict()
    state.update({name: tensors[published_name(name)] for name in state if published_name(name) in tensors})
    reader.load_state_dict(state)
    return reader


def shipped(reader: Reader) -> Mapping[str, Tensor]:
    """What is shipped: all but the published word embeddings, in 16 bits."""
    state = {published_name(n): t.detach().half().cpu().contiguous() for n, t in reader.state_dict().items()}
    return {name: tensor for name, tensor in state.items() if name != "embeddings.word_embeddings.weight"}


def load_shipped(reader: Reader, tensors: Mapping[str, Tensor]) -> None:
    """Puts shipped weights into a reader that was begun with from_minilm."""
    state = reader.state_dict()
    state.update({n: tensors[published_name(n)].float() for n in state if published_name(n) in tensors})
    reader.load_state_dict(state)
