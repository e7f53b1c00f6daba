"""A program is found in a message by its fences or by its looks."""

from __future__ import annotations

import pytest

from bot.offline.programs import program
from tests.offline import scenes

SOURCE = """\
import torch
from torch import nn

from lab import load_mnist

x_train, y_train, x_valid, y_valid = load_mnist()
x = x_train.float().reshape(-1, 784) / 255

model = nn.Sequential(
    nn.Linear(784, 256),
    nn.ReLU(),
    nn.Linear(256, 10),
)
for epoch in range(5):
    for batch in torch.randperm(len(x)).split(64):
        loss = nn.functional.cross_entropy(model(x[batch]), y_train[batch])
        loss.backward()"""


@pytest.mark.parametrize("fence", ["```", "~~~", "````"])
@pytest.mark.parametrize("info", ["", "python", " py", "Python3"])
def test_a_fenced_program_is_found_with_the_words_around_it(fence, info):
    found = program(f"First I scale.\n{fence}{info}\n{SOURCE}\n{fence}\nThen I train.\n")
    assert found is not None
    assert found.code == SOURCE
    assert found.prose == "First I scale.\nThen I train."


def test_a_fence_left_open_runs_to_the_end():
    found = program(f"```python\n{SOURCE}")
    assert found is not None
    assert (found.code, found.prose) == (SOURCE, "")


def test_several_blocks_are_one_program():
    found = program("One:\n```\na = 1\n```\ntwo:\n```\nb = 2\n```")
    assert found is not None
    assert (found.code, found.prose) == ("a = 1\n\nb = 2", "One:\ntwo:")


def test_a_block_in_another_language_is_no_program():
    assert program("```text\nloss falls\n```") is None


def test_windows_line_ends_do_not_hide_a_fence():
    found = program("```python\r\nx = 1\r\n```\r\n")
    assert found is not None
    assert found.code.strip() == "x = 1"


def test_a_paste_without_fences_is_found():
    found = program(SOURCE)
    assert found is not None
    assert (found.code, found.prose) == (SOURCE, "")


def test_words_before_and_after_a_paste_are_told_from_it():
    found = program(f"Here you go, I scale the pixels first:\n\n{SOURCE}\n\nI would stop early.")
    assert found is not None
    assert found.code == SOURCE
    assert found.prose == "Here you go, I scale the pixels first:\nI would stop early."


def test_one_line_of_torch_is_a_program():
    found = program("model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))")
    assert found is not None


@pytest.mark.parametrize(
    "text",
    [
        "I flatten the image, then two linear layers with ReLU, then ten logits.",
        "I would set lr = 0.001 and use nn.CrossEntropyLoss() on the logits.",
        "1. scale the pixels\n2. flatten\n3. train for ten epochs with Adam",
        "First I scale.\nThen I flatten.\nfor each epoch I shuffle.\nThen I return the accuracy.",
        "x / 255",
        "pass",
        "",
    ],
)
def test_words_about_a_program_are_no_program(text):
    assert program(text) is None


def test_no_statement_of_the_corpus_looks_like_a_program():
    assert [said for said in scenes.statements() if program(said)] == []
