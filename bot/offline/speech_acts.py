"""What a short message does of which no table knows the words: asks for a hint, gives up, scolds, or answers.

It is a logistic model on the encoder's vector of the message, fitted by evals/fit_speech_acts.py; the numbers lie in
speech_acts.json. Phrases go first (meaning.py), and what it is not sure of is an answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from bot.core.dialogue import Act
from bot.errors import IndexUnavailable
from bot.offline.acts import as_meaning
from bot.offline.subject import DOMAIN

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from bot.ports import Embedder

    Numbers = npt.NDArray[np.float64]

#: What an answer is called among the acts.
ANSWER = "answer"
#: Longer messages say something, whatever they ask for beside it.
MOST_WORDS = 25
#: How sure it must be. Of writers that it had not seen, one in 240 of their answers of at most 25 words is taken for
#: something else (a fifth of these were made to look like requests), and 58 % of their requests are heard, 2 % as
#: something else; phrases, which go first, know the common ones. What costs marks, or leaves a question or the
#: interview, asks for more.
SURE = 0.65
COSTLY: Mapping[str, float] = {"hint": 0.8, "skip": 0.8, "stop": 0.95}
#: What an act is called in the dialogue where that is another name.
ACTS: Mapping[str, Act] = {"progress": Act("status"), "small_talk": Act("small_talk", "chat")}
#: Measures beside the vector, each of about its size; the vector's numbers are small.
VECTOR_SCALE = 3.0
MOST_TERMS = 3
_WORD = re.compile(r"[a-z']+")
_FIGURES = re.compile(r"[\d=+*/^]")


@dataclass(frozen=True)
class _Model:
    """The acts, and for each a row of weights with its constant at the end."""

    acts: tuple[str, ...]
    weights: Numbers


@cache
def _shipped() -> _Model:
    import numpy as np

    data = json.loads((resources.files("bot.offline") / "speech_acts.json").read_text(encoding="utf-8"))
    return _Model(tuple(data["acts"]), np.array(data["weights"]))


class SpeechActs:
    """Tells acts by the encoder; where that is not installed, everything is an answer."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def heard(self, text: str) -> Act | None:
        """What the message does, if that is surely something else than answering."""
        if not 0 < len(text.split()) <= MOST_WORDS:
            return None
        try:
            vector = self._embedder.embed([text])[0]
        except IndexUnavailable:
            return None
        model = _shipped()
        chances = dict(zip(model.acts, _softmax(model.weights @ [*measures(text, vector), 1.0]), strict=True))
        act = max((name for name in model.acts if name != ANSWER), key=chances.__getitem__)
        if chances[act] < COSTLY.get(act, SURE):
            return None
        return ACTS.get(act) or Act(as_meaning(act))


def measures(text: str, vector: npt.NDArray[np.float32]) -> Numbers:
    """What the model reads of a message: its vector, its terms of the subject, its length, and its signs: (389,)."""
    import numpy as np

    words = _WORD.findall(text.lower())
    terms = sum(word in DOMAIN for word in words)
    beside = [
        min(terms, MOST_TERMS) / 2,
        terms / max(1, len(words)),
        min(len(words), MOST_WORDS) / MOST_WORDS,
        float("?" in text),
        float(_FIGURES.search(text) is not None),
    ]
    return np.concatenate([vector.astype(np.float64) * VECTOR_SCALE, beside])


def _softmax(scores: Numbers) -> Numbers:
    import numpy as np

    grown = np.exp(scores - scores.max())
    return np.asarray(grown / grown.sum())
