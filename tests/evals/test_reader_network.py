"""The network that is trained: what a key point can see, and a run that is broken off and goes on."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

torch = pytest.importorskip("torch", reason="the reader is trained with torch, which the lab's set-up installs")

from evals.reader.network import LAYERS, Reader, load_shipped, packed, published_name, shipped  # noqa: E402


@pytest.fixture(scope="module")
def reader() -> Reader:
    torch.manual_seed(3)
    return Reader().eval()


def test_a_point_sees_the_answer_and_no_other_point(reader: Reader) -> None:
    text, one, other = [101, 2054, 102, 2009, 102], [101, 3000, 3001, 102], [101, 4000, 102]
    with torch.no_grad():
        together = reader(packed([(text, [one, other])]))
        alone = reader(packed([(text, [one])]))
        elsewhere = reader(packed([([*text[:-1], 5000, 102], [one])]))
    assert torch.allclose(together[0], alone[0], atol=1e-5)
    assert not torch.allclose(alone, elsewhere, atol=1e-5)


def test_padding_changes_nothing(reader: Reader) -> None:
    short = ([101, 2054, 102, 2009, 102], [[101, 3000, 102]])
    long = ([101, 2054, 102, *range(3000, 3040), 102], [[101, 3000, 102]])
    with torch.no_grad():
        alone = reader(packed([short]))
        beside = reader(packed([short, long]))
    assert torch.allclose(alone[0], beside[0], atol=1e-4)


def test_what_ships_is_named_as_the_published_model_and_leaves_its_words_out(reader: Reader) -> None:
    tensors = shipped(reader)
    assert "embeddings.word_embeddings.weight" not in tensors
    assert f"encoder.layer.{LAYERS - 1}.attention.self.query.weight" in tensors
    assert {"reader.segments", "reader.head.0.weight", "reader.head.2.bias"} <= set(tensors)
    assert all(tensor.dtype == torch.float16 for tensor in tensors.values())


def test_shipped_weights_come_back(reader: Reader) -> None:
    torch.manual_seed(4)
    again = Reader()
    load_shipped(again, shipped(reader))
    for (name, ours), (_, theirs) in zip(reader.state_dict().items(), again.state_dict().items(), strict=True):
        if published_name(name) != "embeddings.word_embeddings.weight":
            assert torch.allclose(ours, theirs, atol=2e-3), name


@pytest.mark.slow
def test_a_run_that_was_broken_off_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    from bot.knowledge.model import weights_folder
    from evals.answers import hand
    from evals.places import bank
    from evals.reader.examples import Material, Sequences, example
    from evals.reader.train import Run

    weights = weights_folder()
    if weights is None:
        pytest.skip("the embedding model's package is not installed")
    questions = bank()
    answers = [example(questions[a.question], a) for a in Random(1).sample(hand("H"), 2)]
    material = Material(questions, answers, (), [one.question for one in answers])
    sequences = Sequences(questions, Tokenizer.from_file(str(weights / "tokenizer.json")))

    def run() -> Run:
        return Run([material], sequences, weights / "model.safetensors", epochs=2, seed=5, composed=0)

    straight = run()
    for _ in straight.go_on():
        pass
    broken = run()
    for said in broken.go_on():
        if said == "epoch":
            broken.save(tmp_path / "state.pt")
            break
    resumed = run()
    resumed.resume(tmp_path / "state.pt")
    for _ in resumed.go_on():
        pass
    ours, theirs = straight.reader.state_dict(), resumed.reader.state_dict()
    assert all(torch.allclose(ours[name], theirs[name], atol=1e-6) for name in ours)
