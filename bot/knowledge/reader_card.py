"""What ships of the reader: its weights, and a card that says which version they are, what they must hash to, and which
key points they were taught with answers. It loads and checks no weights.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.knowledge.model import sha256_of

WEIGHTS_FILE = "reader.safetensors"
CARD_FILE = "reader.json"
#: To be raised when the graph is written otherwise.
GRAPH_VERSION = 2
#: So much of a key point's SHA-256 is kept: a thousand points meet by chance once in 10^8 cards.
KEY_LENGTH = 12


@dataclass(frozen=True)
class Shipped:
    """The reader of this release. `learnt` has a key for each key point that it was taught with answers."""

    version: str
    weights: Path
    sha256: str
    learnt: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What tells it apart in the marks that it gave."""
        return f"reader {self.version}"

    @property
    def folder(self) -> str:
        """The name of the folder that its files are kept in."""
        return f"reader-{self.sha256[:8]}-{GRAPH_VERSION}"


def shipped_reader(package: Path | None = None) -> Shipped | None:
    """The reader that ships with Viva, or lies in the folder `package`; None when this release has none."""
    folder = package or Path(__file__).resolve().parent
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Shipped(card["version"], folder / WEIGHTS_FILE, card["sha256"], frozenset(card["learnt"]))


def write_card(folder: Path, version: str, learnt: Iterable[str], trained: Mapping[str, Any] | None = None) -> None:
    """Writes the card of the weights that lie in `folder`. `learnt` are key points, as the question bank words them.

    `trained` says how they were made, for whoever makes them again; nothing reads it here.
    """
    card = {
        "version": version,
        "sha256": sha256_of(folder / WEIGHTS_FILE),
        "trained": {**(trained or {})},
        "learnt": sorted({key_of(says) for says in learnt}),
    }
    (folder / CARD_FILE).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def key_of(says: str) -> str:
    """What stands for a key point on a card: it changes with every character of it."""
    return hashlib.sha256(says.encode()).hexdigest()[:KEY_LENGTH]
