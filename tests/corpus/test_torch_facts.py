"""What the code question says about PyTorch, confirmed by running it: its programs, its loss, its layers, its loop.

The facts behind the other questions stand in the files beside this one; every docstring begins with the question's id.
"""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

LAB = """
from pathlib import Path
import torch

def load_mnist():
    return torch.load(Path(__file__).with_name("mnist.pt"))
"""
#: Runs a submission as the main program and says what it leaves behind.
LEAVES = """
import json, runpy
left = runpy.run_path("submission.py", run_name="__main__")["model"]
sizes = [p.numel() for p in left.parameters()] if hasattr(left, "parameters") else None
print(json.dumps({"parameters": sizes and sum(sizes)}))
"""


def run_submission(torch: Any, folder: Path, program: str, data: tuple[Any, ...]) -> tuple[list[str], dict[str, Any]]:
    """What a program prints, and what its `model` is, when `lab` gives it these data."""
    (folder / "lab.py").write_text(LAB, "utf-8")
    (folder / "submission.py").write_text(program, "utf-8")
    torch.save(data, folder / "mnist.pt")
    environment = {**os.environ, "PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", LEAVES]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    *printed, left = done.stdout.splitlines()
    return printed, json.loads(left)


@pytest.fixture
def reference(bank: Mapping[str, Mapping[str, Any]]) -> str:
    """The program in the reference answer, taken out of its fence."""
    [program] = re.findall(r"```python\n(.*?)```", bank["build-mlp"]["reference"], re.DOTALL)
    return str(program)


def mlp(torch: Any, activation: str = "ReLU") -> Any:
    nn = torch.nn
    act = getattr(nn, activation)
    hidden = (nn.Linear(784, 256), act(), nn.Linear(256, 128), act())
    return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(128, 10))


def gradient(torch: Any, loss: Any, at: Any) -> Any:
    [found] = torch.autograd.grad(loss, at)
    return found


def test_reference_program_runs_as_it_stands(torch, tmp_path, reference, digits):
    """build-mlp: the program in the reference, on made-up digits."""
    printed, left = run_submission(torch, tmp_path, reference, digits)
    assert [line.split(":")[0] for line in printed] == [f"epoch {n}" for n in range(1, 6)]
    assert float(printed[-1].split()[-1]) > 0.9
    assert left["parameters"] == 235_146


def test_reference_program_passes_nine_tenths_on_mnist_within_its_epochs(torch, tmp_path, reference, mnist):
    """build-mlp: the program in the reference, on 9,000 real digits, judged on 1,000 others."""
    printed, _ = run_submission(torch, tmp_path, reference, mnist)
    assert float(printed[-1].split()[-1]) > 0.9


def test_starter_runs_and_leaves_the_work_to_the_candidate(torch, tmp_path, bank, digits):
    """build-mlp: the starter imports what there is, loads the data, and holds no network yet."""
    printed, left = run_submission(torch, tmp_path, bank["build-mlp"]["starter"], digits)
    assert printed == [] and left == {"parameters": None}


def test_the_784_256_128_10_network_has_235146_parameters(torch, says):
    """build-mlp: the sizes that the statement proposes."""
    says("build-mlp", "256 and 128 units", "nn.Linear(28 * 28, 256)", "nn.Linear(256, 128)", "nn.Linear(128, 10)")
    assert sum(p.numel() for p in mlp(torch).parameters()) == 235_146
    assert 784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10 == 235_146


def test_bytes_divided_by_255_lie_between_0_and_1(torch):
    """build-mlp: the scaling of the pixels; a linear layer takes floats and refuses bytes."""
    pixels = torch.arange(256).to(torch.uint8)
    scaled = pixels.float() / 255
    assert scaled.min() == 0 and scaled.max() == 1
    with pytest.raises(RuntimeError, match=r"dtype|same type"):
        torch.nn.Linear(256, 1)(pixels)


def test_flatten_makes_784_numbers_of_an_image(torch, says):
    """build-mlp: 28 x 28 images become vectors of 784, and a linear layer of 784 inputs refuses the square."""
    says("build-mlp", "784 numbers")
    images = torch.rand(5, 28, 28)
    assert torch.nn.Flatten()(images).shape == (5, 784)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        torch.nn.Linear(784, 10)(images)


def test_linear_layers_in_a_row_are_one_linear_map(torch):
    """build-mlp, mlp-components, single-layer-limits: without a non-linearity depth collapses; with ReLU not."""
    nn, x = torch.nn, torch.randn(50, 4, dtype=torch.float64)
    stack = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 8), nn.Linear(8, 3)).double()
    matrix = stack[2].weight @ stack[1].weight @ stack[0].weight
    offset = stack(torch.zeros(1, 4, dtype=torch.float64))
    assert torch.allclose(stack(x), x @ matrix.T + offset)
    bent = nn.Sequential(stack[0], nn.ReLU(), stack[1], nn.ReLU(), stack[2])
    assert not torch.allclose(bent(x) + bent(-x), 2 * bent(0 * x))


def test_the_digit_is_the_largest_of_ten_scores(torch):
    """build-mlp: ten outputs, one for each digit, of which argmax picks one."""
    scores = mlp(torch)(torch.rand(6, 28, 28))
    assert scores.shape == (6, 10)
    assert scores.argmax(dim=1).tolist() == scores.softmax(dim=1).argmax(dim=1).tolist()


def test_cross_entropy_loss_is_log_softmax_and_negative_log_likelihood(torch):
    """build-mlp: CrossEntropyLoss takes raw logits with integer labels and applies log-softmax itself."""
    logits, labels = 5 * torch.randn(7, 10), torch.randint(10, (7,))
    by_hand = torch.nn.NLLLoss()(torch.log_softmax(logits, dim=1), labels)
    assert torch.allclose(torch.nn.CrossEntropyLoss()(logits, labels), by_hand)


def test_softmax_before_cross_entropy_flattens_the_gradient(torch):
    """build-mlp: a softmax before the loss squashes twice; confidently wrong logits then hardly learn."""
    logits = torch.tensor([[10.0, *[0.0] * 9]], requires_grad=True)
    loss, wrong_for = torch.nn.CrossEntropyLoss(), torch.tensor([1])
    raw = gradient(torch, loss(logits, wrong_for), logits).norm()
    squashed = gradient(torch, loss(logits.softmax(dim=1), wrong_for), logits).norm()
    assert raw > 1.0 and squashed < 0.01 * raw


def test_softmax_before_cross_entropy_keeps_the_loss_from_falling_to_zero(torch):
    """build-mlp: even a perfect answer keeps a loss of log(1 + 9/e) when it is squashed twice."""
    perfect, label = torch.tensor([[100.0, *[0.0] * 9]]), torch.tensor([0])
    loss = torch.nn.CrossEntropyLoss()
    assert loss(perfect, label) < 1e-6
    assert math.isclose(loss(perfect.softmax(dim=1), label).item(), math.log(1 + 9 / math.e), rel_tol=1e-5)


def test_combined_log_softmax_is_numerically_safer(torch):
    """build-mlp: softmax first and its logarithm afterwards overflow where the combined loss stays finite."""
    logits, label = torch.tensor([[1000.0, 0.0]]), torch.tensor([1])
    assert torch.isinf(torch.nn.NLLLoss()(logits.softmax(dim=1).log(), label))
    assert torch.nn.CrossEntropyLoss()(logits, label) == 1000


def test_ten_sigmoids_form_no_distribution_and_a_softmax_does(torch):
    """build-mlp: the values of ten sigmoids need not add up to one."""
    scores = torch.randn(20, 10)
    assert torch.allclose(scores.softmax(dim=1).sum(dim=1), torch.ones(20))
    assert (scores.sigmoid().sum(dim=1) - 1).abs().min() > 0.5


def test_sigmoid_outputs_with_binary_cross_entropy_do_learn(torch, digits):
    """build-mlp: the erratum calls the sigmoid on ten outputs advice rather than a bug."""
    x, y, x_valid, y_valid = digits
    model = mlp(torch, "Sigmoid")
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    targets = torch.nn.functional.one_hot(y, 10).float()
    for batch in torch.arange(640).split(64) * 20:
        optimizer.zero_grad()
        torch.nn.BCELoss()(model(x[batch] / 255).sigmoid(), targets[batch]).backward()
        optimizer.step()
    assert (model(x_valid / 255).argmax(dim=1) == y_valid).float().mean() > 0.9


def test_sigmoid_saturates_and_lets_little_gradient_through(torch):
    """build-mlp: the slope of a sigmoid is a quarter at most and vanishes far out; that of ReLU stays one."""
    x = torch.tensor([0.0, 10.0], requires_grad=True)
    slopes = gradient(torch, x.sigmoid().sum(), x)
    assert slopes[0] == 0.25 and slopes[1] < 5e-5
    assert gradient(torch, torch.relu(x).sum(), x)[1] == 1


def test_sigmoids_starve_the_first_layer_of_a_deep_network(torch):
    """build-mlp: swapped for a sigmoid in a much deeper network, the gradient vanishes on its way down."""
    assert first_layer_gradient(torch, "Sigmoid") < 1e-6 * first_layer_gradient(torch, "ReLU")


def first_layer_gradient(torch: Any, activation: str) -> Any:
    nn = torch.nn
    layers = [layer for _ in range(20) for layer in (nn.Linear(64, 64), getattr(nn, activation)())]
    for linear in layers[::2]:
        nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
    nn.Sequential(*layers)(torch.randn(16, 64)).pow(2).sum().backward()
    return layers[0].weight.grad.norm()


def test_gradients_add_up_until_they_are_cleared(torch):
    """build-mlp: why the loop clears the gradients before each backward pass."""
    w = torch.tensor(3.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for expected in (6.0, 12.0):
        (w * w).backward()
        assert w.grad == expected
    optimizer.zero_grad()
    assert w.grad is None


def test_accumulating_four_quarter_batches_gives_the_gradient_of_the_whole(torch):
    """build-mlp: with memory for a quarter of the batch, add up four scaled losses before the step."""
    layer, x, y = torch.nn.Linear(5, 3).double(), torch.randn(32, 5).double(), torch.randint(3, (32,))
    loss = torch.nn.CrossEntropyLoss()
    whole = gradient(torch, loss(layer(x), y), layer.weight)
    for part in range(0, 32, 8):
        (loss(layer(x[part : part + 8]), y[part : part + 8]) / 4).backward()
    assert torch.allclose(layer.weight.grad, whole)


def test_training_accuracy_says_little_about_new_images(torch):
    """build-mlp, is-dl-better: many parameters learn pure noise by heart and know nothing of more noise."""
    x, y = torch.rand(100, 28, 28), torch.randint(10, (100,))
    model = mlp(torch)
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(120):
        optimizer.zero_grad()
        torch.nn.CrossEntropyLoss()(model(x), y).backward()
        optimizer.step()
    assert (model(x).argmax(dim=1) == y).all()
    fresh = (model(torch.rand(1000, 28, 28)).argmax(dim=1) == torch.randint(10, (1000,))).float().mean()
    assert fresh < 0.2


def test_evaluation_mode_and_no_grad_do_different_things(torch):
    """build-mlp: eval() silences dropout and keeps the graph; no_grad() keeps no graph."""
    model, x = torch.nn.Sequential(torch.nn.Linear(50, 50), torch.nn.Dropout()), torch.ones(1, 50)
    assert not torch.equal(model(x), model(x))
    model.eval()
    assert torch.equal(model(x), model(x)) and model(x).requires_grad
    with torch.no_grad():
        assert not model(x).requires_grad
