"""Loads a graph and its tokenizer into onnxruntime and tokenizers. It finds no files and reads no texts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from bot.errors import IndexUnavailable
from bot.knowledge.model import ModelFiles


@dataclass(frozen=True)
class Loaded:
    """A tokenizer that neither cuts nor pads, and a session on one thread. Safe to use from several threads."""

    tokenizer: Any
    session: Any


def load(files: ModelFiles, what: str) -> Loaded:
    """Both, or IndexUnavailable that names `what` cannot be loaded."""
    try:
        return Loaded(_tokenizer(files), _session(files))
    except Exception as error:  # onnxruntime and tokenizers raise classes of their own for broken files
        raise IndexUnavailable(
            f"The {what} at {files.graph.parent} cannot be loaded ({_first_line(error)}). "
            "Delete that folder and run: viva index"
        ) from error


def readable(text: str, most: int) -> str:
    """A text that a tokenizer takes: the first `most` characters, with ? for each half of a surrogate pair."""
    return text[:most].encode("utf-8", "replace").decode()


def _tokenizer(files: ModelFiles) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(files.tokenizer))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _session(files: ModelFiles) -> Any:
    # Before the import, for that alone sends an event and leaves an identifier in the home folder.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The arena would keep the largest text's memory for ever, and short texts gain nothing from it.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(files.graph), options, providers=["CPUExecutionProvider"])


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
