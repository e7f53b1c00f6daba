"""Facts of programs as people write them: with layers in a row, in classes, by hand, in Keras, with and without bugs.

The programs lie beside this file as text; none of them is run.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.core.shown import FACTS, everything_shown
from bot.knowledge.corpus import corpus_folder, read_corpus
from bot.lab.syntax.facts import facts

PROGRAMS = Path(__file__).parent / "programs"

#: name: framework, optimiser, learning rate, loss, activations, layers that learn, epochs, batch size
EXPECTED = {
    "sequential": ("PyTorch", "Adam", 0.001, "CrossEntropyLoss", "ReLU ReLU", "784-256 256-128 128-10", 5, 64),
    "module": ("PyTorch", "AdamW", 0.0003, "CrossEntropyLoss", "ReLU GELU", "784-256 256-128 128-10", 12, 128),
    "loops": ("PyTorch", "SGD", 0.05, "NLLLoss", "Tanh Tanh", "784-300 300-100 100-10", 7, 100),
    "raw": ("PyTorch", "SGD", 0.1, "CrossEntropyLoss", "ReLU", "784-256 256-10", None, 64),
    "permutation": ("PyTorch", "Adam", None, "CrossEntropyLoss", "ReLU ReLU", "784-256 256-128 128-10", 10, 256),
    "mixed_precision": ("PyTorch", "SGD", 0.01, "CrossEntropyLoss", "ReLU", "784-64 64-10", 3, 32),
    "convolutional": ("PyTorch", "Adadelta", 1.0, "NLLLoss", "ReLU ReLU", "1-16 16-32 512-10", 14, 64),
    "by_hand": ("PyTorch", "SGD", 0.1, "written by hand", "LeakyReLU", "784-200 200-10", 1000, 128),
    "trainer_class": ("PyTorch", "NAdam", 0.002, "CrossEntropyLoss", "SiLU", "784-256 256-10", 4, 64),
    "lightning": ("PyTorch", "Adam", 0.0005, "CrossEntropyLoss", "ReLU", "784-100 100-10", None, None),
    "sigmoid_outputs": (
        "PyTorch", "Adam", 0.001, "BCELoss", "Sigmoid Sigmoid Sigmoid", "784-256 256-128 128-10", 5, 100
    ),
    "softmax_bug": ("PyTorch", "SGD", 0.01, "CrossEntropyLoss", "Sigmoid", "784-128 128-10", 15, 32),
    "cleared_too_soon": (
        "PyTorch", "Adam", None, "CrossEntropyLoss", "ReLU ReLU", "784-256 256-128 128-10", None, None
    ),
    "linear_only": ("PyTorch", "Adagrad", None, "MSELoss", "", "784-256 256-128 128-1", 100, None),
    "module_list": ("PyTorch", None, None, None, "ReLU ReLU", "784-256 256-128 128-10", None, None),
    "own_optimiser": ("PyTorch", "SignDescent", 0.004, None, "", "784-10", None, None),
    "notebook": ("PyTorch", "RMSprop", 0.001, "CrossEntropyLoss", "ELU", "784-64 64-10", None, None),
    "keras_sigmoids": (
        "Keras", "Adam", None, "SparseCategoricalCrossentropy", "Sigmoid Sigmoid Sigmoid", "?-256 ?-128 ?-10", 15, 200
    ),
    "keras_functional": (
        "Keras", "RMSprop", 0.002, "SparseCategoricalCrossentropy", "ReLU LeakyReLU", "?-256 ?-128 ?-10", 2, 64
    ),
    "keras_add": ("Keras", "SGD", 0.05, "CategoricalCrossentropy", "ReLU", "?-512 ?-10", 8, 128),
    "gradient_tape": ("Keras", "Adam", None, "SparseCategoricalCrossentropy", "ReLU", "?-128 ?-10", 5, 50),
    "sklearn_mlp": ("scikit-learn", "Adam", None, "log loss", "ReLU ReLU", "?-256 ?-128 ?-?", None, None),
    "numpy_net": ("NumPy", "SGD", 0.5, None, "ReLU", "784-128 128-10", 20, 100),
    "words_only": (None, None, None, None, "", "", None, None),
}  # fmt: skip

MET = set(FACTS)

#: name: what is not met, as `w`rong, `p`artial or `m`issing
FLAWS = {
    "sequential": {},
    "module": {},
    "loops": {},
    "raw": {},
    "by_hand": {},
    "trainer_class": {},
    "convolutional": {},
    "gradient_tape": {},
    "permutation": {"evaluates_held_out": "p"},
    "mixed_precision": {"cross_entropy_on_logits": "p", "evaluates_held_out": "p"},
    "lightning": {"scales_pixels": "m", "training_loop": "p", "evaluates_held_out": "p"},
    "sigmoid_outputs": {"cross_entropy_on_logits": "p"},
    "softmax_bug": {
        "scales_pixels": "m", "cross_entropy_on_logits": "w", "training_loop": "p", "evaluates_held_out": "m"
    },
    "cleared_too_soon": {
        "scales_pixels": "m", "hidden_non_linear": "p", "cross_entropy_on_logits": "w", "training_loop": "w",
        "evaluates_held_out": "m",
    },
    "linear_only": {
        "scales_pixels": "m", "hidden_non_linear": "w", "ten_outputs": "w", "cross_entropy_on_logits": "m",
        "training_loop": "w", "evaluates_held_out": "m",
    },
    "module_list": dict.fromkeys(("cross_entropy_on_logits", "training_loop", "evaluates_held_out"), "m"),
    "own_optimiser": dict.fromkeys(MET - {"flattens", "ten_outputs"}, "m"),
    "notebook": {
        "scales_pixels": "m", "cross_entropy_on_logits": "p", "training_loop": "m", "evaluates_held_out": "m"
    },
    "keras_sigmoids": {"cross_entropy_on_logits": "p", "training_loop": "p"},
    "keras_functional": {"training_loop": "p"},
    "keras_add": {"training_loop": "p"},
    "sklearn_mlp": {"ten_outputs": "p", "cross_entropy_on_logits": "p", "training_loop": "p"},
    "numpy_net": {"cross_entropy_on_logits": "m", "training_loop": "p"},
    "words_only": dict.fromkeys(MET, "m"),
}  # fmt: skip


def program(name: str) -> str:
    return (PROGRAMS / f"{name}.py.txt").read_text(encoding="utf-8")


def test_every_program_is_in_both_tables() -> None:
    names = {path.name.removesuffix(".py.txt") for path in PROGRAMS.iterdir()}
    assert names == set(EXPECTED) == set(FLAWS)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_facts_of_a_program(name: str) -> None:
    found = facts(program(name))
    sizes = [
        f"{op['in'] or '?'}-{op['out'] or '?'}" for op in found["network"] if op["kind"] in ("linear", "convolution")
    ]
    assert (
        found["framework"],
        found["optimizer"],
        found["learning_rate"],
        found["loss"],
        " ".join(found["activations"]),
        " ".join(sizes),
        found["epochs"],
        found["batch_size"],
    ) == EXPECTED[name]


@pytest.mark.parametrize("name", FLAWS)
def test_what_the_facts_mean(name: str) -> None:
    found = everything_shown(facts(program(name)))
    flaws = {finding.fact: finding.verdict[0] for finding in found.values() if finding.verdict != "met"}
    assert flaws == FLAWS[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_line_that_is_quoted_stands_in_the_program(name: str) -> None:
    source = program(name)
    lines = source.split("\n")
    for finding in everything_shown(facts(source)).values():
        if finding.line is not None:
            assert finding.evidence
            assert finding.evidence in lines[finding.line - 1]
        if finding.verdict == "met":
            assert finding.line is not None


@pytest.mark.parametrize("name", EXPECTED)
def test_facts_are_small_json(name: str) -> None:
    found = facts(program(name))
    text = json.dumps(found, allow_nan=False)
    assert json.loads(text) == found
    assert len(text) < 16_000


def test_the_optimiser_is_quoted_with_its_line() -> None:
    found = facts(program("sequential"))
    assert found["optimizer_line"] == 19
    assert found["optimizer_source"] == "optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)"


@pytest.mark.parametrize(
    ("line", "name", "rate", "stated"),
    [
        ("torch.optim.Adam(p)", "Adam", None, False),
        ("torch.optim.Adam(p, 3e-4)", "Adam", 0.0003, True),
        ("torch.optim.SGD(params=p, lr=10 ** -2)", "SGD", 0.01, True),
        ("torch.optim.SGD(p, lr=config.rate)", "SGD", None, True),
        ("torch.optim.SGD(p, lr=float('nan'))", "SGD", None, True),
        ("getattr(torch.optim, 'RMSprop')(p, lr=0.5)", "RMSprop", 0.5, True),
        ("{'adam': torch.optim.Adam}['adam'](p, lr=2e-3)", "Adam", 0.002, True),
        ("tf.keras.optimizers.Nadam(0.25)", "NAdam", 0.25, True),
        ("torch.optim.SGD(p, lr=1e-3 if fast else 1e-4)", "SGD", 0.001, True),
        ("torch.optim.SGD(p, **{'lr': 0.3})", "SGD", 0.3, True),
    ],
)
def test_learning_rates_however_they_are_given(line: str, name: str, rate: float | None, stated: bool) -> None:
    found = facts(f"import torch\nimport tensorflow as tf\no = {line}\n")
    assert (found["optimizer"], found["learning_rate"], found["learning_rate_stated"]) == (name, rate, stated)


def test_what_a_library_takes_by_default_is_noted() -> None:
    assert facts("import torch\no = torch.optim.SGD(p)")["learning_rate_default"] == 0.001
    assert facts("import keras\no = keras.optimizers.SGD()")["learning_rate_default"] == 0.01


def test_a_scheduler_is_no_optimiser() -> None:
    found = facts("import torch\ns = torch.optim.lr_scheduler.StepLR(o, 3)\nfor e in range(3): s.step()")
    assert found["optimizer"] is None
    assert found["loop"]["steps"] == []


def test_gradients_that_are_cleared_once_before_the_loop_are_not_cleared() -> None:
    source = "opt.zero_grad()\nfor epoch in range(2):\n  for x, y in loader:\n    loss.backward()\n    opt.step()\n"
    assert [step["what"] for step in facts(source)["loop"]["steps"]] == ["backward", "step"]
    inside = source.replace("    loss", "    opt.zero_grad()\n    loss")
    assert [step["what"] for step in facts(inside)["loop"]["steps"]] == ["zero_grad", "backward", "step"]


def test_the_reference_of_the_code_question_shows_every_point() -> None:
    question = read_corpus(corpus_folder()).question("build-mlp")
    fence = re.search(r"```python\n(.*?)```", question.reference, re.DOTALL)
    assert fence is not None
    found = everything_shown(facts(fence.group(1)))
    shown = [point.shown_by for point in question.points if point.shown_by is not None and point.shown_by in FACTS]
    assert len(shown) > 4
    assert {found[name].verdict for name in shown} == {"met"}


def test_the_starter_of_the_code_question_shows_none() -> None:
    starter = read_corpus(corpus_folder()).question("build-mlp").starter
    assert starter is not None
    assert {finding.verdict for finding in everything_shown(facts(starter)).values()} == {"missing"}


@pytest.mark.parametrize(
    "source",
    [
        "def f(x): return f(x)\nf(1)",
        "class A(A): pass\nclass B(A):\n    def __init__(self): self.x = B()\nB()",
        "f = lambda x: f(x) + f(x)\nf(1)",
        "a = [1]\n" + "a = a + a\n" * 3000,
        "a = 3\n" + "a = a * a\n" * 3000,
        "x = 10 ** 10 ** 10\ny = 1 << 10 ** 9\nz = 'a' * 10 ** 12\nw = [0] * 10 ** 12\nv = 1 % 0\n",
        "\n".join(f"def f{i}(x): return f{i + 1}(x) + f{i + 1}(x) + f{i + 1}(x)" for i in range(400)) + "\nf0(1)",
        "x = " + "+".join(["(1"] * 80) + ")" * 80,
        "x = " + "+".join(["y"] * 2500),
        "if x:\n  y = " + "x" + ".y" * 400,
    ],
)
def test_programs_that_are_built_to_take_long_do_not(source: str) -> None:
    assert facts(source)["optimizer"] is None


def test_a_program_that_is_cut_says_so() -> None:
    source = "\n".join(f"def f{i}(x): return f{i + 1}(x) + f{i + 1}(x) + f{i + 1}(x)" for i in range(400))
    assert facts(f"{source}\nf0(1)")["cut"] is True
