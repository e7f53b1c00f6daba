"""What the questions on perceptrons, and on deep learning at large, say about lines, layers and dimensions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import pytest

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
GATES: dict[str, Callable[[int, int], int]] = {
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
}


def perceptron(w: Sequence[float], b: float, x: Sequence[float]) -> int:
    """One weighted sum, a bias, one step."""
    return int(sum(wi * xi for wi, xi in zip(w, x, strict=True)) + b > 0)


def learn(targets: Sequence[int], rounds: int) -> list[int]:
    """The mistakes of each round of the perceptron rule on the four corners, at a learning rate of 1."""
    w, b, mistakes = [0.0, 0.0], 0.0, []
    for _ in range(rounds):
        errors = 0
        for x, target in zip(CORNERS, targets, strict=True):
            off = target - perceptron(w, b, x)
            w, b, errors = [wi + off * xi for wi, xi in zip(w, x, strict=True)], b + off, errors + abs(off)
        mistakes.append(errors)
    return mistakes


def fit(torch: Any, model: Any, x: Any, y: Any, steps: int) -> float:
    """The share of right answers after so many steps of Adam on binary cross-entropy."""
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(model(x).squeeze(1), y).backward()
        optimizer.step()
    return float(((model(x).squeeze(1) > 0) == (y > 0)).double().mean())


def xor(torch: Any) -> tuple[Any, Any]:
    x = torch.tensor(CORNERS, dtype=torch.float64)
    return x, (x.sum(dim=1) == 1).double()


@pytest.mark.parametrize("gate", ["and", "or"])
def test_perceptron_rule_ends_without_mistakes_on_separable_classes(gate):
    """perceptron, single-layer-limits: AND and OR work, and then nothing changes any more."""
    mistakes = learn([GATES[gate](*x) for x in CORNERS], 50)
    assert mistakes[0] > 0 and mistakes[-40:] == [0] * 40


def test_perceptron_rule_never_ends_on_xor():
    """single-layer-limits: it goes on correcting itself."""
    assert min(learn([GATES["xor"](*x) for x in CORNERS], 2000)) > 0


def test_no_line_separates_xor():
    """single-layer-limits, perceptron: none of a grid of lines does; AND and OR have many there."""
    grid = [n / 4 for n in range(-12, 13)]
    solved = dict.fromkeys(GATES, 0)
    for w1, w2, b in product(grid, repeat=3):
        outputs = [perceptron((w1, w2), b, x) for x in CORNERS]
        for name, gate in GATES.items():
            solved[name] += outputs == [gate(*x) for x in CORNERS]
    assert solved["xor"] == 0 and min(solved["and"], solved["or"]) > 100


def test_linear_model_does_not_learn_xor_and_one_hidden_layer_does(torch):
    """single-layer-limits: trained alike; a second linear layer without an activation changes nothing."""
    nn, (x, y) = torch.nn, xor(torch)
    single = nn.Linear(2, 1).double()
    stacked = nn.Sequential(nn.Linear(2, 8), nn.Linear(8, 1)).double()
    hidden = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1)).double()
    assert [fit(torch, model, x, y, 400) == 1.0 for model in (single, stacked, hidden)] == [False, False, True]


def test_three_perceptrons_make_xor():
    """single-layer-limits: OR and NAND, and an AND of the two."""
    for a, b in CORNERS:
        either, not_both = perceptron((1, 1), -0.5, (a, b)), perceptron((-1, -1), 1.5, (a, b))
        assert perceptron((1, 1), -1.5, (either, not_both)) == a ^ b


def test_clever_features_rescue_a_single_layer(torch):
    """single-layer-limits: squares of the inputs turn a round boundary into a flat one."""
    x = 2 * torch.rand(200, 2, dtype=torch.float64) - 1
    y = (x.square().sum(dim=1) < 0.5).double()
    assert fit(torch, torch.nn.Linear(2, 1).double(), x, y, 400) < 0.8
    assert fit(torch, torch.nn.Linear(2, 1).double(), x.square(), y, 400) > 0.95


def test_number_of_inputs_is_not_the_limit(torch):
    """single-layer-limits: a hundred points with random classes are separable in ten thousand dimensions."""
    x, y = torch.randn(100, 10_000), 2 * torch.randint(2, (100,)).float() - 1
    w = torch.zeros(10_000)
    for _ in range(20):
        for point, side in zip(x, y, strict=True):
            w += side * point if side * (w @ point) <= 0 else 0
    assert (y * (x @ w) > 0).all()


def test_regularised_linear_model_works_on_thousands_of_features(torch):
    """is-dl-better: ridge regression on 5,000 features and 400 examples generalises to new ones."""
    direction = torch.randn(5000, dtype=torch.float64)
    y = 2 * torch.randint(2, (800,)).double() - 1
    x = torch.randn(800, 5000, dtype=torch.float64) + 0.1 * y.unsqueeze(1) * direction
    train, new = slice(0, 400), slice(400, 800)
    dual = torch.linalg.solve(x[train] @ x[train].T + 100 * torch.eye(400), y[train])
    assert ((x[new] @ (x[train].T @ dual) > 0) == (y[new] > 0)).double().mean() > 0.9


def test_perceptron_answers_with_one_of_two_values():
    """perceptron: a hard yes or no, and no where the sum is exactly zero."""
    answers = {perceptron((w, 1), b, (x, 0.3)) for w, b, x in product((-2, 0.1, 3), repeat=3)}
    assert answers == {0, 1}
    assert perceptron((1, 1), 0, (1, -1)) == 0


def test_either_side_of_a_perceptrons_boundary_is_convex(torch):
    """perceptron: the boundary is straight, so between two points of one class all points are of it."""
    w, (a, b) = torch.randn(3), torch.randn(2, 500, 3)
    same = ((a @ w + 0.5) > 0) == ((b @ w + 0.5) > 0)
    middle = (a + b) / 2
    assert same.sum() > 100
    assert torch.equal(((middle @ w + 0.5) > 0)[same], ((a @ w + 0.5) > 0)[same])


def test_weights_turn_the_boundary_and_the_bias_shifts_it(torch):
    """perceptron: the weight vector stands square on the boundary, whose distance from the origin the bias sets."""
    w, b = torch.randn(2, dtype=torch.float64), 0.7
    foot = -b * w / w.square().sum()
    along = torch.stack([-w[1], w[0]])
    points = foot + torch.linspace(-5, 5, 11, dtype=torch.float64).unsqueeze(1) * along
    assert torch.allclose(points @ w + b, torch.zeros(11, dtype=torch.float64))
    assert foot.norm().item() == pytest.approx(b / w.norm().item())


def test_without_a_bias_the_boundary_passes_through_the_origin():
    """perceptron: then all inputs at zero give the same answer whatever the weights; a bias can change it."""
    assert {perceptron(w, 0, (0, 0)) for w in product((-3, 0, 3), repeat=2)} == {0}
    assert perceptron((1, 1), 0.5, (0, 0)) == 1


def test_no_gradient_comes_through_a_step(torch):
    """perceptron, single-layer-limits: its slope is zero wherever it exists; that of a sigmoid is not."""
    x = torch.linspace(-3, 3, 100, dtype=torch.float64, requires_grad=True)
    step, step_further = (x > 0).double(), (x + 1e-9 > 0).double()
    assert torch.equal(step, step_further) and not step.requires_grad
    x.sigmoid().sum().backward()
    assert (x.grad > 0).all()


def test_input_layer_has_nothing_to_learn(torch, says):
    """mlp-components: the first weights sit between the 784 inputs and the first 256 hidden units: 200,960 numbers."""
    says("mlp-components", "How many learned numbers lie between a layer of 784 units and one of 256?")
    assert list(torch.nn.Flatten().parameters()) == []
    sizes = [p.numel() for p in torch.nn.Linear(784, 256).parameters()]
    assert sizes == [784 * 256, 256] and sum(sizes) == 200_960


def test_layer_computes_the_formula_in_the_reference(torch, says):
    """mlp-components: h = f(Wx + b), every unit connected with every unit."""
    says("mlp-components", "$h = f(Wx + b)$")
    layer, x = torch.nn.Linear(3, 5).double(), torch.randn(3, dtype=torch.float64)
    by_hand = [sum(layer.weight[i, j] * x[j] for j in range(3)) + layer.bias[i] for i in range(5)]
    assert torch.allclose(torch.relu(layer(x)), torch.relu(torch.stack(by_hand)))


def test_output_layer_fits_the_task(torch):
    """mlp-components: ten units with a softmax make a distribution; one linear unit reaches any value."""
    hidden = torch.randn(30, 16)
    shares = torch.nn.Linear(16, 10)(hidden).softmax(dim=1)
    assert torch.allclose(shares.sum(dim=1), torch.ones(30)) and (shares > 0).all()
    value = torch.nn.Linear(16, 1)(100 * hidden)
    assert value.min() < -1 and value.max() > 1


def test_hidden_layer_draws_a_curved_boundary(torch):
    """mlp-components, single-layer-limits: what a single layer cannot do, on a disc inside a square."""
    nn = torch.nn
    x = 2 * torch.rand(200, 2, dtype=torch.float64) - 1
    y = (x.square().sum(dim=1) < 0.5).double()
    model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1)).double()
    assert fit(torch, model, x, y, 400) > 0.95
