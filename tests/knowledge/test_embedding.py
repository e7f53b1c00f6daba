"""MiniLM as an Embedder: the same text, the same vector, whatever stands beside it and however it looks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.errors import IndexUnavailable
from bot.knowledge.embedding import MiniLM
from bot.knowledge.model import ModelFiles
from bot.ports import Embedder

ODD = ["", " ", "\0", "\ud800 lone", "🎉" * 50, "مرحبا بالعالم", "a" * 100_000, "word " * 40_000, "x\r\n\ty"]


def test_it_is_an_embedder_of_unit_vectors(minilm: MiniLM) -> None:
    embedder: Embedder = minilm
    vectors = embedder.embed(["one", "another text"])
    assert vectors.shape == (2, embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0, 1.0], abs=1e-6)
    assert embedder.embed([]).shape == (0, 384)


def test_a_vector_depends_on_nothing_but_its_text(minilm: MiniLM, model: ModelFiles) -> None:
    texts = [f"{n} examples, " * n for n in range(1, 12)]
    alone = np.concatenate([minilm.embed([text]) for text in texts])
    assert np.array_equal(minilm.embed(texts), alone)
    assert np.array_equal(minilm.embed(texts[::-1])[::-1], alone)
    assert np.array_equal(MiniLM(lambda: model, threads=2).embed(texts), alone)


def test_a_batch_gives_the_same_vectors_but_for_rounding(minilm: MiniLM, model: ModelFiles) -> None:
    texts = [f"{n} examples, " * n for n in range(1, 12)]
    for threads in (1, 2):
        together = MiniLM(lambda: model, threads, batch=4).embed(texts)
        assert together.shape == (11, 384)
        assert np.abs(together - minilm.embed(texts)).max() < 1e-6


def test_it_knows_everyday_words(minilm: MiniLM) -> None:
    assert minilm.knows("house") and minilm.knows("gradient")
    assert not minilm.knows("gradeint") and not minilm.knows("backpropagation")


def test_what_lies_beyond_256_tokens_is_not_seen(minilm: MiniLM) -> None:
    long = "gradient " * 254
    within, beyond = minilm.embed([long, long + "pizza " * 100])
    assert np.array_equal(within, beyond)
    assert not np.array_equal(within, minilm.embed(["gradient " * 200 + "pizza " * 54])[0])


def test_odd_texts_have_vectors_too(minilm: MiniLM) -> None:
    assert np.linalg.norm(minilm.embed(ODD), axis=1) == pytest.approx([1.0] * len(ODD), abs=1e-5)


def test_without_files_it_says_so_at_the_first_use() -> None:
    def nowhere() -> ModelFiles:
        raise IndexUnavailable("not installed")

    embedder = MiniLM(nowhere)
    with pytest.raises(IndexUnavailable, match="not installed"):
        embedder.embed(["x"])


def test_a_damaged_graph_is_named(model: ModelFiles, tmp_path: Path) -> None:
    shutil.copyfile(model.tokenizer, tmp_path / "tokenizer.json")
    (tmp_path / "model.onnx").write_bytes(model.graph.read_bytes()[:2000])
    broken = MiniLM(lambda: ModelFiles(tmp_path / "model.onnx", tmp_path / "tokenizer.json"))
    with pytest.raises(IndexUnavailable, match="Delete that folder and run: viva index"):
        broken.embed(["x"])


def test_it_loads_little_and_late(model: ModelFiles) -> None:
    """Nothing heavy is imported before the first text, and 50 sentences fit into 250 MB of a whole process."""
    code = f"""
import sys
from pathlib import Path
from bot.knowledge.embedding import MiniLM
from bot.knowledge.model import ModelFiles
minilm = MiniLM(lambda: ModelFiles(Path({str(model.graph)!r}), Path({str(model.tokenizer)!r})))
early = {{"numpy", "onnxruntime", "tokenizers", "chromadb", "onnx"}} & set(sys.modules)
minilm.embed([f"This is sentence {{n}} of an answer about training." for n in range(50)])
late = {{"chromadb", "onnx", "safetensors", "torch"}} & set(sys.modules)
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else ["VmHWM: 0"]
peak = [line.split()[1] for line in lines if line.startswith("VmHWM")]
print(sorted(early), sorted(late), int(peak[0]) // 1024)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout
    assert told.startswith("[] [] ")
    assert int(told.split()[-1]) < 250
