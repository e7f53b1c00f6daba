"""The reader behind the AnswerReader door, by onnxruntime and tokenizers: an answer and all key points in one go.

It finds no files, and gives no marks: what its numbers are worth is for a grader to say.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.knowledge.loaded import Loaded, load, readable
from bot.knowledge.model import ModelFiles
from bot.knowledge.reader_card import key_of
from bot.ports.reading import Reading

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ids = Sequence[int]

#: How the reader was trained: so many tokens of the question, of the answer, and of a key point with its two marks.
MOST_OF_QUESTION = 48
MOST_OF_ANSWER = 256
MOST_OF_POINT = 64
#: An answer of more than MOST_OF_ANSWER tokens is read in windows of so many, each sharing so many with the next.
WINDOW = 240
SHARED = 40
MOST_WINDOWS = 20
#: No text of the tokens that are read is longer, as a word of more than 100 characters is one token.
MOST_CHARACTERS = 655_360
#: What the tokenizer puts before and after a text, and between two.
BEGIN, SEPARATE = 101, 102
#: A point's first token, and its others: the graph takes both as shares that add up to 1.
SHARES = ("first", "rest")


@dataclass(frozen=True)
class _Answer:
    """An answer's tokens, each with its place in the text."""

    ids: Ids
    spans: Sequence[tuple[int, int]]
    length: int


class TransformerReader:
    """A transformer of MiniLM's shape, trained to tell met, partial, missing and wrong points apart.

    Files are looked for and loaded at the first use. One answer is run at a time, on one thread.
    """

    def __init__(self, name: str, files: Callable[[], ModelFiles], learnt: frozenset[str] = frozenset()) -> None:
        self.name = name
        self._files = files
        self._learnt = learnt
        self._lock = threading.Lock()
        self._kept: Loaded | None = None

    def has_learnt(self, says: str) -> bool:
        """True for a key point in exactly the words that the reader was taught with answers to it."""
        return key_of(says) in self._learnt

    def read(self, ask: str, says: Sequence[str], answer: str) -> tuple[Reading, ...]:
        """A reading for each window of the answer; none without points. IndexUnavailable when there is no reader."""
        if not says:
            return ()
        loaded = self._loaded()
        question = _plain(loaded, ask).ids[:MOST_OF_QUESTION]
        points = [_point(loaded, text) for text in says]
        told = _answer(loaded, answer)
        return tuple(_window(loaded, question, points, told, *window) for window in windows(len(told.ids)))

    def warm(self) -> None:
        """Loads what the first answer would wait for. IndexUnavailable when there is no reader."""
        self.read("", [""], "")

    def _loaded(self) -> Loaded:
        with self._lock:
            if self._kept is None:
                loaded = load(self._files(), "reader of answers")
                # Else a candidate could write [SEP] and have it read as the end of the answer.
                loaded.tokenizer.encode_special_tokens = True
                self._kept = loaded
            return self._kept


def windows(tokens: int) -> list[tuple[int, int]]:
    """Where each window begins and ends: all of equal length, and spread evenly, so that the last is no mere rest."""
    if tokens <= MOST_OF_ANSWER:
        return [(0, tokens)]
    most = min(tokens, MOST_WINDOWS * (WINDOW - SHARED) + SHARED)
    steps = -(-(most - WINDOW) // (WINDOW - SHARED))
    return [(start, start + WINDOW) for start in ((most - WINDOW) * step // steps for step in range(steps + 1))]


def _plain(loaded: Loaded, text: str) -> Any:
    """The tokens of a text alone, without a mark at its begin and end."""
    return loaded.tokenizer.encode(readable(text, MOST_CHARACTERS), add_special_tokens=False)


def _answer(loaded: Loaded, text: str) -> _Answer:
    encoded = _plain(loaded, text)
    return _Answer(encoded.ids, encoded.offsets, min(len(text), MOST_CHARACTERS))


def _point(loaded: Loaded, text: str) -> Ids:
    """The tokens of a key point between its two marks, which stay when it is cut."""
    ids: list[int] = _plain(loaded, text).ids
    return [BEGIN, *ids[: MOST_OF_POINT - 2], SEPARATE]


def _window(loaded: Loaded, question: Ids, points: Sequence[Ids], told: _Answer, start: int, end: int) -> Reading:
    """Reads the answer's tokens from `start` to `end`."""
    before = [BEGIN, *question, SEPARATE]
    given = _packed([[*before, *told.ids[start:end], SEPARATE], *points])
    (logits,) = loaded.session.run(["logits"], given)
    return Reading(
        start=told.spans[start][0] if start else 0,
        end=told.spans[end - 1][1] if end < len(told.ids) else told.length,
        verdicts=_probabilities(logits),
    )


def _packed(segments: Sequence[Ids]) -> dict[str, Any]:
    """What the graph takes: the segments one behind the other, and whose token is whose."""
    import numpy as np

    lengths = [len(ids) for ids in segments]
    whose = np.repeat(np.arange(len(segments)), lengths)
    places = np.concatenate([np.arange(length) for length in lengths])
    own = (whose == np.arange(1, len(segments))[:, None]).astype(np.float32)
    parts = own * (places == 0), own * (places > 0)
    given = {"input_ids": np.concatenate(segments), "positions": places, "segments": whose}
    shares = {name: part / part.sum(axis=1, keepdims=True) for name, part in zip(SHARES, parts, strict=True)}
    return {name: value[None].astype(np.int64) for name, value in given.items()} | shares


def _probabilities(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    import numpy as np

    powers = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    rounded: npt.NDArray[np.float64] = np.round(powers / powers.sum(axis=1, keepdims=True), 5)
    return rounded
