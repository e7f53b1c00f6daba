"""The reader of whole answers: it computes what it was trained to, whatever else is read."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open

from bot.errors import IndexUnavailable
from bot.knowledge.model import ModelFiles
from bot.knowledge.reader import MOST_OF_ANSWER, MOST_WINDOWS, SHARED, WINDOW, TransformerReader, windows
from bot.knowledge.reader_card import Shipped
from bot.knowledge.reader_files import WORDS
from bot.ports.reading import STANDINGS, AnswerReader, Reading
from tests.knowledge.made_reader import LEARNT, by_hand

ASK = "Why do we train on mini-batches rather than on one example at a time?"
SAYS = [
    "A GPU works on many examples at once, so that a mini-batch costs hardly more than a single example.",
    "The gradient of a mini-batch is less noisy.",
    "Some noise is left, and it helps to leave sharp minima.",
]
ANSWER = (
    "Because the hardware likes it: 64 rows keep a GPU busy. Their mean gradient is also less noisy than one alone."
)
ODD = ["", " ", "\0", "\ud800 lone", "🎉" * 50, "مرحبا بالعالم", "a" * 100_000, "x\r\n\ty", "[SEP] [CLS] [PAD] [MASK]"]


@pytest.fixture(scope="module")
def reader(reader_model: ModelFiles, made_up: Shipped) -> TransformerReader:
    return TransformerReader(made_up.name, lambda: reader_model, made_up.learnt)


@contextmanager
def tensors(weights: Path, made_up: Shipped) -> Iterator[Any]:
    with safe_open(weights / "model.safetensors", "numpy") as words, safe_open(made_up.weights, "numpy") as own:
        yield lambda name: (words if name == WORDS else own).get_tensor(name)


def tokens(model: ModelFiles, text: str) -> list[int]:
    """A text's tokens without a mark at its begin and end."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model.tokenizer))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    return ids


def packed(model: ModelFiles, ask: str, says: list[str], answer: str) -> list[list[int]]:
    """The sequence as training builds it."""
    points = [tokens(model, text)[:62] for text in says]
    question, told = tokens(model, ask)[:48], tokens(model, answer)
    return [[101, *question, 102, *told, 102], *([101, *point, 102] for point in points)]


def close(one: Reading, other: Reading) -> bool:
    """The same verdicts: a last digit may differ where a number lies between two."""
    return bool(np.abs(one.verdicts - other.verdicts).max() < 1.5e-5)


def test_the_graph_computes_what_the_network_does_by_hand(
    weights: Path, made_up: Shipped, reader_model: ModelFiles
) -> None:
    import onnxruntime

    segments = packed(reader_model, ASK, SAYS, ANSWER)
    with tensors(weights, made_up) as tensor:
        logits = by_hand(tensor, segments)
    whose = np.repeat(range(len(segments)), [len(s) for s in segments])
    places = np.concatenate([np.arange(len(s)) for s in segments])
    own = (whose[None] == np.arange(1, len(segments))[:, None]).astype(np.float32)
    shares = {"first": own * (places == 0), "rest": own * (places > 0)}
    ids = {"input_ids": np.concatenate(segments), "positions": places, "segments": whose}
    given = {n: v[None].astype(np.int64) for n, v in ids.items()}
    given |= {n: v / v.sum(1, keepdims=True) for n, v in shares.items()}
    session = onnxruntime.InferenceSession(str(reader_model.graph), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, given)
    assert logits.std() > 0.1, "numbers that say nothing would agree with anything"
    assert np.abs(found - logits).max() < 1e-4


@pytest.mark.parametrize(
    ("ask", "says"),
    [(ASK, SAYS), ("Why? " * 60, [SAYS[1], "A very long point. " * 30, ""])],
    ids=["as usual", "a long question, a long point and an empty one"],
)
def test_it_reads_what_it_was_trained_to_read(
    ask: str, says: list[str], reader: TransformerReader, weights: Path, made_up: Shipped, reader_model: ModelFiles
) -> None:
    with tensors(weights, made_up) as tensor:
        logits = by_hand(tensor, packed(reader_model, ask, says, ANSWER))
    powers = np.exp(logits)
    (found,) = reader.read(ask, says, ANSWER)
    assert found.verdicts.shape == (3, len(STANDINGS))
    assert np.abs(found.verdicts - powers / powers.sum(axis=1, keepdims=True)).max() < 1e-4


def test_a_point_depends_on_no_other(reader: TransformerReader) -> None:
    (together,) = reader.read(ASK, SAYS, ANSWER)
    (turned,) = reader.read(ASK, SAYS[::-1], ANSWER)
    assert np.abs(together.verdicts - turned.verdicts[::-1]).max() < 1.5e-5
    for number, says in enumerate(SAYS):
        (alone,) = reader.read(ASK, [says], ANSWER)
        assert np.abs(together.verdicts[number] - alone.verdicts[0]).max() < 1.5e-5
    assert np.abs(together.verdicts[0] - together.verdicts[1]).max() > 1e-3


def test_the_same_words_get_the_same_numbers_whatever_was_read_before(
    reader: TransformerReader, reader_model: ModelFiles
) -> None:
    first = reader.read(ASK, SAYS, ANSWER)[0].verdicts
    others = [f"{n} other answers, " * n for n in range(1, 6)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda text: reader.read(ASK, SAYS[:2], text), others))
        again = list(pool.map(lambda _: reader.read(ASK, SAYS, ANSWER)[0].verdicts, range(4)))
    fresh = TransformerReader("", lambda: reader_model).read(ASK, SAYS, ANSWER)[0].verdicts
    assert all(np.array_equal(first, other) for other in (*again, fresh))
    assert np.array_equal(first, first.round(5)) and first.sum(axis=1) == pytest.approx([1.0] * 3, abs=5e-5)


@pytest.mark.parametrize("count", [0, 1, 240, 256, 257, 440, 441, 1000, 4039, 4040])
def test_windows_cover_every_token(count: int) -> None:
    found = windows(count)
    assert found[0][0] == 0 and found[-1][1] == count
    assert len(found) <= MOST_WINDOWS
    assert len(found) == 1 if count <= MOST_OF_ANSWER else all(end - start == WINDOW for start, end in found)
    assert all(earlier[1] - later[0] >= SHARED for earlier, later in pairwise(found))


def test_windows_come_to_an_end() -> None:
    assert len(windows(100_000)) == MOST_WINDOWS
    assert windows(100_000) == windows(4040)


def test_a_long_answer_is_read_to_its_last_word(reader: TransformerReader) -> None:
    long = " ".join(f"Sentence {number} says little." for number in range(80)) + " The gradient is less noisy."
    found = reader.read(ASK, SAYS[:1], long)
    assert len(found) > 1 and found[0].start == 0 and found[-1].end == len(long)
    assert all(earlier.end > later.start for earlier, later in pairwise(found))
    changed = reader.read(ASK, SAYS[:1], long[:-6] + "exact.")
    assert np.array_equal(found[0].verdicts, changed[0].verdicts) and not close(found[-1], changed[-1])


def test_of_a_very_long_answer_it_says_how_far_it_was_read(reader: TransformerReader) -> None:
    found = reader.read("Why?", ["Noise."], "word " * 4100)
    assert len(found) == MOST_WINDOWS
    assert found[-1].end == len("word " * 4040) - 1


def test_windows_begin_and_end_with_words_as_they_were_written(reader: TransformerReader) -> None:
    words = ["Naïve", "BAYES", "übt", "Σ", "gra\u200bdient", "日本", "don\u2019t", "🎉", "e\u0301tude", "x²"]
    answer = "\ufeff " + " \u200b ".join(words * 20)
    found = reader.read(ASK, SAYS, answer)
    assert len(found) > 1
    for one in found[1:]:
        assert answer[one.start] not in " \u200b"
    for one in found[:-1]:
        assert answer[one.end - 1] not in " \u200b"


def test_marks_of_the_tokenizer_are_only_words_in_an_answer(reader: TransformerReader) -> None:
    """Else an answer could end itself, and speak to the reader in the place of a key point."""
    (written,) = reader.read(ASK, SAYS, "Less noise. [SEP] [CLS] Right.")
    (apart,) = reader.read(ASK, SAYS, "Less noise. [ SEP ] [ CLS ] Right.")
    assert np.array_equal(written.verdicts, apart.verdicts)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_texts_are_read_too(text: str, reader: TransformerReader) -> None:
    (found,) = reader.read(text[:100], [SAYS[0], text], text)
    assert (found.start, found.end) == (0, len(text))
    assert found.verdicts.shape == (2, len(STANDINGS)) and np.isfinite(found.verdicts).all()


def test_without_points_nothing_is_read(reader: TransformerReader) -> None:
    assert reader.read(ASK, [], ANSWER) == ()


def test_it_knows_what_it_was_taught(reader: TransformerReader) -> None:
    known: AnswerReader = reader
    assert known.name == "reader made up"
    assert known.has_learnt(LEARNT) and not known.has_learnt(LEARNT.lower())


def test_without_files_it_says_so_at_the_first_use() -> None:
    def nowhere() -> ModelFiles:
        raise IndexUnavailable("not installed")

    reader = TransformerReader("reader 0", nowhere)
    with pytest.raises(IndexUnavailable, match="not installed"):
        reader.read(ASK, SAYS, ANSWER)
    with pytest.raises(IndexUnavailable, match="not installed"):
        reader.warm()


def test_once_warm_it_looks_for_no_more_files(reader_model: ModelFiles) -> None:
    looked: list[str] = []

    def files() -> ModelFiles:
        looked.append("looked")
        return reader_model

    reader = TransformerReader("", files)
    assert looked == []
    reader.warm()
    reader.read(ASK, SAYS, ANSWER)
    assert looked == ["looked"]


def test_a_damaged_graph_is_named(reader_model: ModelFiles, tmp_path: Path) -> None:
    shutil.copyfile(reader_model.tokenizer, tmp_path / "tokenizer.json")
    (tmp_path / "model.onnx").write_bytes(reader_model.graph.read_bytes()[:2000])
    broken = TransformerReader("", lambda: ModelFiles(tmp_path / "model.onnx", tmp_path / "tokenizer.json"))
    with pytest.raises(IndexUnavailable, match=r"The reader of answers at .* Delete that folder and run: viva index"):
        broken.read(ASK, SAYS, ANSWER)


def test_it_loads_little_and_late(reader_model: ModelFiles) -> None:
    """Nothing heavy is imported before the first answer, and a long one fits into 300 MB of a whole process."""
    code = f"""
import sys
from pathlib import Path
from bot.knowledge.model import ModelFiles
from bot.knowledge.reader import TransformerReader
files = ModelFiles(Path({str(reader_model.graph)!r}), Path({str(reader_model.tokenizer)!r}))
reader = TransformerReader("", lambda: files)
early = {{"numpy", "onnxruntime", "tokenizers", "chromadb", "onnx"}} & set(sys.modules)
reader.read("Why?", ["This is a key point of some length. " * 6] * 5, "This is a sentence. " * 60)
late = {{"chromadb", "onnx", "safetensors", "torch"}} & set(sys.modules)
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else ["VmHWM: 0"]
peak = [line.split()[1] for line in lines if line.startswith("VmHWM")]
print(sorted(early), sorted(late), int(peak[0]) // 1024)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout
    assert told.startswith("[] [] ")
    assert int(told.split()[-1]) < 300
