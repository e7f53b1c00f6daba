"""What the questions on the foundations say, from a single unit to softmax, confirmed."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest


def fit(torch: Any, model: Any, x: Any, y: Any, steps: int = 150, rate: float = 0.1) -> float:
    """Trains with cross-entropy for two classes, one score each; the share that is right afterwards."""
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(model(x)[:, 0], y).backward()
        optimizer.step()
    return float(((model(x)[:, 0] > 0).float() == y).float().mean())


def xor(torch: Any) -> tuple[Any, Any]:
    return torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]]), torch.tensor([0.0, 1, 1, 0])


def test_one_unit_by_hand(torch):
    """neural-network, forward-propagation: a weighted sum, a bias, an activation, with the figures of two examples."""
    x, w = torch.tensor([1.0, 2.0]), torch.tensor([3.0, -1.0])
    assert torch.relu(w @ x + 1) == 2
    assert torch.tensor([0.5, 1.0]) @ torch.tensor([2.0, 3.0]) + 1 == 5


def test_input_layer_has_no_parameters_and_output_need_not_be_a_probability(torch):
    """neural-network: the first weights lead into the first hidden layer; a regression gives any number."""
    model = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 1))
    assert [tuple(p.shape) for p in model.parameters()] == [(128, 784), (128,), (1, 128), (1,)]
    with torch.no_grad():
        model[2].bias.fill_(250.0)
    assert (model(torch.rand(3, 784)) > 1).all()


def test_numbers_of_inputs_and_outputs_are_independent(torch):
    """kinds-of-networks: 784 pixels in and ten out; as many out as in is the autoencoder's case."""
    assert torch.nn.Sequential(torch.nn.Linear(784, 32), torch.nn.Linear(32, 10))(torch.rand(2, 784)).shape == (2, 10)


def test_mlp_is_fully_connected_and_solves_xor_with_its_hidden_layer(torch):
    """multilayer-perceptron: 784 times 128 connections; XOR fails without hidden units or their activation."""
    nn = torch.nn
    assert nn.Linear(784, 128).weight.numel() == 784 * 128
    x, y = xor(torch)
    right = [
        fit(torch, model, x, y)
        for model in (
            nn.Linear(2, 1),
            nn.Sequential(nn.Linear(2, 32), nn.Linear(32, 1)),
            nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 1)),
        )
    ]
    assert right[0] < 1 and right[1] < 1 and right[2] == 1


def test_step_function_passes_no_gradient(torch):
    """multilayer-perceptron, role-of-activations: nothing leads back through the old step; a tanh lets it through."""
    layer, x = torch.nn.Linear(3, 4), torch.randn(5, 3)
    assert not (layer(x) > 0).float().requires_grad
    layer(x).tanh().sum().backward()
    assert layer.weight.grad.abs().max() > 0


def test_backpropagation_serves_without_labels(torch):
    """multilayer-perceptron, tasks-of-deep-learning: an autoencoder's target is its input, and its loss falls."""
    x = torch.randn(64, 2) @ torch.randn(2, 6)
    model = torch.nn.Sequential(torch.nn.Linear(6, 2), torch.nn.Linear(2, 6))
    optimizer, losses = torch.optim.Adam(model.parameters(), lr=0.05), []
    for _ in range(150):
        loss = (model(x) - x).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.05 * losses[0]


def test_perceptron_and_logistic_regression_decide_alike_with_the_same_weights(torch):
    """perceptron-vs-logistic: cut at one half; the step has no slope, the sigmoid has one; the logit is its inverse."""
    z = torch.randn(100, 3).double() @ torch.randn(3).double() + 0.3
    p = 1 / (1 + torch.exp(-z))
    assert torch.equal(p > 0.5, z > 0) and torch.allclose(p, torch.sigmoid(z)) and torch.allclose(torch.logit(p), z)


def rule(torch: Any, x: Any, y: Any, rounds: int = 100) -> int:
    """How many mistakes the perceptron rule corrects in its last round."""
    w, b, mistakes = torch.zeros(2), 0.0, 0
    for _ in range(rounds):
        mistakes = 0
        for row, target in zip(x, y, strict=True):
            error = float(target) - float(w @ row + b > 0)
            w, b, mistakes = w + error * row, b + error, mistakes + (error != 0)
    return mistakes


def test_rule_settles_on_separable_classes_alone_and_logistic_regression_grows_there(torch):
    """perceptron-vs-logistic: overlapping classes keep the rule going; separable ones keep logistic weights growing."""
    x = torch.randn(60, 2)
    clean = (x[:, 0] + x[:, 1] > 0).float()
    x = x + 0.3 * torch.sign(x.sum(1, keepdim=True))
    noisy = torch.where(torch.arange(60) % 6 == 0, 1 - clean, clean)
    assert rule(torch, x, clean, 15) == 0 and rule(torch, x, noisy, 25) > 0
    growth = {}
    for name, y in (("clean", clean), ("noisy", noisy)):
        model, norms = torch.nn.Linear(2, 1), []
        for _ in range(3):
            fit(torch, model, x, y, 150)
            norms.append(float(model.weight.detach().norm()))
        growth[name] = norms
    assert growth["clean"][2] > 1.2 * growth["clean"][1]
    assert growth["noisy"][2] == pytest.approx(growth["noisy"][1], rel=0.01)


def test_every_example_pulls_in_logistic_regression(torch):
    """perceptron-vs-logistic: one that is right with 0.6 has a gradient; the rule would do nothing."""
    w = torch.tensor([math.log(0.6 / 0.4)], requires_grad=True)
    assert torch.sigmoid(w).item() == pytest.approx(0.6)
    torch.nn.functional.binary_cross_entropy_with_logits(w, torch.ones(1)).backward()
    assert w.grad.item() == pytest.approx(-0.4)


def test_one_bias_for_a_layer_makes_it_weaker(torch, says):
    """same-bias: units agree at zero; no two with one bias make relu(x + 1) + relu(x - 1)."""
    says("same-bias", "32,768 weights and just 128 biases")
    layer = torch.nn.Linear(256, 128)
    assert (layer.weight.numel(), tuple(layer.bias.shape)) == (32_768, (128,))
    assert (torch.randn(4, 3) @ torch.zeros(3) + torch.randn(1)).unique().numel() == 1
    x = torch.linspace(-2, 2, 41).double()
    target = torch.relu(x + 1) + torch.relu(x - 1)
    kinks = [k / 4 for k in range(-8, 9) if k]
    best = {tied: min(left(torch, x, target, p, q, tied) for p in kinks for q in kinks) for tied in (True, False)}
    assert best[False] < 1e-9 and best[True] > 1e-3


def left(torch: Any, x: Any, target: Any, first: float, second: float, tied: bool) -> float:
    """What two ReLU units with kinks at two places leave of the target; with one bias its sign says who looks where."""
    errors = []
    for sign in (1, -1):
        turns = [-sign * math.copysign(1, kink) if tied else 1 for kink in (first, second)]
        units = [torch.relu(turn * (x - kink)) for turn, kink in zip(turns, (first, second), strict=True)]
        basis = torch.stack([*units, torch.ones_like(x)], 1)
        weights = torch.linalg.pinv(basis) @ target
        errors.append(float((basis @ weights - target).square().mean()))
    return min(errors)


def test_equal_biases_at_the_start_go_their_own_ways(torch):
    """same-bias, role-of-bias: all zero at first, different after a step, since the weights are random."""
    layer = torch.nn.Linear(3, 4)
    torch.nn.init.zeros_(layer.bias)
    layer(torch.randn(8, 3)).tanh().square().sum().backward()
    torch.optim.SGD(layer.parameters(), lr=0.1).step()
    assert len(layer.bias.detach().unique()) == 4


def test_affine_maps_after_one_another_are_one_affine_map(torch, says):
    """no-activation, role-of-activations: W2 W1 and W2 b1 + b2, and so on through ten layers."""
    says("no-activation", "W_2 (W_1 x + b_1) + b_2 = (W_2 W_1)\\, x + (W_2 b_1 + b_2)")
    layers = [torch.nn.Linear(5, 5).double() for _ in range(10)]
    w, b = torch.eye(5).double(), torch.zeros(5).double()
    for layer in layers:
        w, b = layer.weight @ w, layer.weight @ b + layer.bias
    x = torch.randn(7, 5).double()
    assert torch.allclose(torch.nn.Sequential(*layers)(x), x @ w.T + b)


def test_network_without_activations_trains_to_linear_regression(torch):
    """no-activation: the loss falls to that of least squares; a ring stays out of reach."""
    x = torch.randn(100, 3)
    y = x @ torch.tensor([1.0, -1.0, 2.0])[:, None] + x[:, :1].square()
    ones = torch.cat([x, torch.ones(100, 1)], 1)
    best = (ones @ torch.linalg.lstsq(ones, y).solution - y).square().mean().item()
    model = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Linear(8, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
    for _ in range(300):
        loss = (model(x) - y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() == pytest.approx(best, rel=0.01)
    points = torch.randn(200, 2)
    ring = (points.norm(dim=1) > 1.2).float()
    linear = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.Linear(16, 1))
    bent = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))
    assert fit(torch, linear, points, ring) < 0.75 < 0.95 < fit(torch, bent, points, ring)


def test_sign_and_size_of_a_weight(torch):
    """role-of-weights: positive raises, negative lowers; random at first, then trained."""
    x, w = torch.tensor([2.0, 2.0, 2.0]), torch.tensor([5.0, -5.0, 1e-6])
    assert [float(w[i] * x[i]) for i in range(3)] == pytest.approx([10, -10, 0], abs=1e-4)
    layer = torch.nn.Linear(3, 2)
    assert layer.weight.std() > 0 and layer.weight.abs().max() <= 3**-0.5
    before = layer.weight.detach().clone()
    layer(x).square().sum().backward()
    torch.optim.SGD(layer.parameters(), lr=0.01).step()
    assert not torch.equal(before, layer.weight)


def test_weights_turn_the_boundary_and_the_bias_moves_it(torch):
    """role-of-weights, role-of-bias: the crossing of w x + b with zero; without a bias it lies at the origin."""
    assert [-b / w for w, b in ((1.0, 0.0), (2.0, 0.0), (1.0, -3.0))] == [0, 0, 3]
    w = torch.randn(2)
    direction = torch.stack([-w[1], w[0]])
    assert abs(float(w @ direction)) < 1e-6 and float(w @ torch.zeros(2)) == 0


def test_bias_decides_at_zero_and_shifts_the_threshold(torch):
    """role-of-bias: inputs of zero leave b; a large one fires easily; PyTorch starts it small."""
    layer = torch.nn.Linear(64, 128)
    assert torch.equal(layer(torch.zeros(64)), layer.bias) and layer.bias.shape == (128,)
    assert 0 < layer.bias.detach().abs().max() <= 1 / 8
    x = torch.linspace(-3, 3, 61)
    assert [float((x[torch.relu(x + b) > 0]).min()) for b in (2, -2)] == pytest.approx([-1.9, 2.1], abs=1e-4)


def test_batch_norm_takes_a_bias_before_it_away(torch):
    """role-of-bias, conv-parameters-choice: the output is the same with and without one."""
    layer, norm, x = torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.randn(16, 3)
    assert torch.allclose(norm(layer(x)), norm(layer(x) - layer.bias + 7), atol=1e-4)


def test_activations_work_on_each_value_and_softmax_on_all(torch):
    """role-of-activations, softmax: change one score and one ReLU changes, but every probability does."""
    z = torch.tensor([2.0, 1.0, -1.0])
    other = z + torch.tensor([0.0, 0.0, 3.0])
    for activation in (torch.relu, torch.tanh, torch.sigmoid, torch.nn.functional.gelu, torch.nn.functional.silu):
        assert (activation(z) != activation(other)).tolist() == [False, False, True]
    assert (z.softmax(0) != other.softmax(0)).all() and other.softmax(0)[0] < z.softmax(0)[0]


def test_ranges_of_activations(torch, says):
    """choose-activation, role-of-activations, relu: sigmoid, tanh, ReLU, leaky ReLU."""
    says("choose-activation", "sigmoid 0 to 1, tanh -1 to 1, ReLU 0 upwards")
    z = torch.linspace(-1000, 1000, 20_001, dtype=torch.float64)
    assert torch.sigmoid(z).aminmax() == (0, 1) and torch.tanh(z).aminmax() == (-1, 1)
    assert torch.relu(z).aminmax() == (0, 1000)
    assert torch.nn.functional.leaky_relu(z).aminmax() == (-10, 1000)
    assert torch.sigmoid(torch.tensor(-20.0)) > 0 and torch.tanh(torch.tensor(5.0)) < 1


def test_relu_by_its_slopes(torch):
    """relu, choose-activation: minus three becomes zero and five stays; slope one, zero, and zero at the corner too."""
    x = torch.tensor([-3.0, 5.0, 100.0, 0.0], requires_grad=True)
    out = torch.relu(x)
    out.sum().backward()
    assert out.tolist() == [0, 5, 100, 0] and x.grad.tolist() == [0, 1, 1, 0]
    assert torch.nn.functional.leaky_relu(torch.tensor(-1.0)).item() == pytest.approx(-0.01)


def test_dead_unit_stays_dead_and_a_leaky_one_recovers(torch):
    """relu: a unit that is negative for all examples gets no gradient; and small weights shrink it in spite of ReLU."""
    x = torch.rand(20, 3)
    for activation, alive in ((torch.relu, False), (torch.nn.functional.leaky_relu, True)):
        layer = torch.nn.Linear(3, 1)
        torch.nn.init.constant_(layer.bias, -50.0)
        activation(layer(x)).sum().backward()
        assert bool(layer.weight.grad.abs().max() > 0) == alive


def test_many_corners_follow_a_curve(torch):
    """relu: the sum of twenty kinks is a sine, which no linear function is."""
    x = torch.linspace(-3, 3, 200).double()
    kinks = torch.relu(x[:, None] - torch.linspace(-3.2, 2.8, 20).double())
    basis = torch.cat([kinks, torch.ones(200, 1).double()], 1)
    assert (basis @ torch.linalg.pinv(basis) @ x.sin()[:, None] - x.sin()[:, None]).abs().max() < 0.05


def test_forward_pass_is_the_formulas(torch, says):
    """forward-propagation: z = W a + b, a = g(z), layer by layer; no weight changes; values are kept for backward."""
    says("forward-propagation", "z^{(1)} = W^{(1)} a^{(0)} + b^{(1)}", "a^{(1)} = g(z^{(1)})")
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    before, x = [p.clone() for p in model.parameters()], torch.randn(5, 3)
    out = model(x)
    w1, b1, w2, b2 = before
    assert torch.allclose(out, torch.relu(x @ w1.T + b1) @ w2.T + b2)
    assert all(torch.equal(p, q) for p, q in zip(before, model.parameters(), strict=True)) and out.grad_fn is not None


def test_order_of_sum_and_activation_matters(torch):
    """forward-propagation: activation first and sum afterwards is another function."""
    layer, x = torch.nn.Linear(3, 2), torch.tensor([[1.0, -2.0, 3.0]])
    assert not torch.allclose(torch.relu(layer(x)), layer(torch.relu(x)))


def test_deltas_go_back_as_the_formula_says(torch, says):
    """backpropagation: through three layers, against autograd; nothing is changed by it, only by the optimiser."""
    says("backpropagation", r"\delta^{(l)} = \big(W^{(l+1)}\big)^\top \delta^{(l+1)} \odot g'(z^{(l)})")
    sizes = [3, 4, 4, 2]
    ws = [torch.randn(n, m, dtype=torch.float64, requires_grad=True) for m, n in pairwise(sizes)]
    activations, sums = [torch.randn(3, dtype=torch.float64)], []
    for w in ws:
        sums.append(w @ activations[-1])
        activations.append(torch.tanh(sums[-1]))
    found = torch.autograd.grad(activations[-1].square().sum() / 2, ws)
    delta = activations[3] * (1 - activations[3] ** 2)
    for layer in (2, 1, 0):
        assert torch.allclose(torch.outer(delta, activations[layer]), found[layer])
        delta = (ws[layer].T @ delta) * (1 - activations[layer] ** 2)


def test_backward_pass_costs_about_two_forward_passes(torch):
    """backpropagation: counted in multiplications, two matrix products a layer for one; not a pass for each weight."""
    from torch.utils.flop_counter import FlopCounterMode

    model = torch.nn.Sequential(*(torch.nn.Linear(64, 64) for _ in range(10)))
    x, counted = torch.randn(32, 64, requires_grad=True), []
    for backward in (False, True):
        counter = FlopCounterMode(display=False)
        with counter:
            loss = model(x).sum()
            if backward:
                loss.backward()
        counted.append(counter.get_total_flops())
    assert (counted[1] - counted[0]) / counted[0] == pytest.approx(2, abs=0.05)


def two_by_two(torch: Any) -> tuple[Any, ...]:
    return tuple(torch.randn(size, dtype=torch.float64, requires_grad=True) for size in ((2, 2), (2,), (2,), ()))


def test_derivation_agrees_with_autograd(torch, says):
    """derive-backprop: all four gradients for half the squared error; with cross-entropy the slope cancels."""
    says(
        "derive-backprop",
        r"\delta = \partial L / \partial s = (y - t)\, y (1 - y)",
        r"\delta_j = \partial L / \partial z_j = \delta\, v_j\, a_j (1 - a_j)",
    )
    w, b, v, c = two_by_two(torch)
    x, t = torch.randn(2, dtype=torch.float64), torch.tensor(1.0, dtype=torch.float64)
    a = torch.sigmoid(w @ x + b)
    s = v @ a + c
    y = torch.sigmoid(s)
    found = torch.autograd.grad((y - t).square() / 2, (w, b, v, c), retain_graph=True)
    delta = (y - t) * y * (1 - y)
    deltas = delta * v * a * (1 - a)
    for mine, its in zip((torch.outer(deltas, x), deltas, delta * a, delta), found, strict=True):
        assert torch.allclose(mine, its)
    [slope] = torch.autograd.grad(torch.nn.functional.binary_cross_entropy(y, t), s)
    assert torch.allclose(slope, y - t)


def test_figures_of_the_derivation(torch):
    """derive-backprop: deltas of -0.032 and 0.05, gradients of -0.016 and 0.2, and one half everywhere from zeros."""
    s = torch.tensor(0.8).logit().requires_grad_()
    [delta] = torch.autograd.grad((torch.sigmoid(s) - 1).square() / 2, s)
    assert [float(delta), float(delta) * 0.5] == pytest.approx([-0.032, -0.016])
    z = torch.zeros(1, requires_grad=True)
    [hidden] = torch.autograd.grad(0.1 * 2 * torch.sigmoid(z), z)
    assert [float(hidden), float(hidden) * 4] == pytest.approx([0.05, 0.2])
    assert torch.sigmoid(0 * torch.sigmoid(torch.zeros(1))).item() == 0.5


def test_gradients_belong_to_the_old_output_weights(torch):
    """derive-backprop: updating v before computing the first layer's gradient gives another, wrong one."""
    w, b, v, c = two_by_two(torch)
    x = torch.ones(2).double()

    def loss(out: Any) -> Any:
        return (torch.sigmoid(out @ torch.sigmoid(w @ x + b) + c) - 1).square() / 2

    [right], [dv] = torch.autograd.grad(loss(v), w), torch.autograd.grad(loss(v), v)
    [wrong] = torch.autograd.grad(loss(v - 5 * dv), w)
    assert not torch.allclose(right, wrong)


def test_softmax_by_its_formula(torch, says):
    """softmax: exponentials over their sum; between 0 and 1, adding up to 1, the order kept; two zeros share evenly."""
    says("softmax", r"\frac{e^{z_i}}{\sum_j e^{z_j}}", "`CrossEntropyLoss` contains the softmax")
    z = torch.tensor([2.0, 1.0, -1.0])
    p = z.softmax(0)
    assert torch.allclose(p, z.exp() / z.exp().sum()) and p.sum().item() == pytest.approx(1)
    assert p.argsort().tolist() == z.argsort().tolist() and 0 < p.min() < p.max() < 1
    assert torch.zeros(2).softmax(0).tolist() == [0.5, 0.5]
    assert (z / z.sum()).min() < 0
    assert torch.allclose(torch.nn.CrossEntropyLoss()(z[None], torch.tensor([0])), -p[0].log())


def test_largest_score_is_subtracted_against_overflow(torch):
    """softmax: 1000 and 999 as 0 and -1; the bare exponentials overflow."""
    z = torch.tensor([1000.0, 999.0])
    assert torch.allclose(z.softmax(0), torch.tensor([0.0, -1.0]).softmax(0))
    assert (z.exp() / z.exp().sum()).isnan().all()


def test_several_labels_need_a_sigmoid_each(torch):
    """softmax, choose-activation: two high scores can both be near one with sigmoids, and share one with softmax."""
    z = torch.tensor([6.0, 6.0, -6.0])
    assert (torch.sigmoid(z)[:2] > 0.99).all() and (z.softmax(0)[:2] < 0.51).all()


def test_hidden_layer_learns_the_features_that_a_linear_boundary_needs(torch):
    """what-is-deep-learning: XOR is not separable as it stands, and is in the hidden units that descent has found."""
    x, y = xor(torch)
    model = torch.nn.Sequential(torch.nn.Linear(2, 32), torch.nn.ReLU(), torch.nn.Linear(32, 1))
    assert fit(torch, model, x, y) == 1
    hidden = model[:2](x).detach()
    assert fit(torch, torch.nn.Linear(2, 1), x, y) < 1 == fit(torch, torch.nn.Linear(32, 1), hidden, y)


def test_network_learns_few_examples_by_heart_on_a_cpu(torch):
    """when-not-deep-learning: labels of chance are all right in training, and half right on fresh examples."""
    x, y = torch.randn(40, 10), torch.randint(2, (40,)).float()
    model = torch.nn.Sequential(torch.nn.Linear(10, 64), torch.nn.ReLU(), torch.nn.Linear(64, 1))
    assert fit(torch, model, x, y) == 1 and next(model.parameters()).device.type == "cpu"
    fresh, truth = torch.randn(1000, 10), torch.randint(2, (1000,)).float()
    right = ((model(fresh)[:, 0] > 0).float() == truth).float().mean().item()
    assert right == pytest.approx(0.5, abs=0.06)


def test_classic_methods_learn_without_labels_too(torch):
    """ml-vs-neural-networks: principal components and k-means find two groups that nobody has named."""
    group = torch.arange(100) % 2
    x = torch.randn(100, 5) + 6 * group[:, None]
    _, _, axes = torch.pca_lowrank(x, q=1)
    projected = ((x - x.mean(0)) @ axes)[:, 0]
    centres = torch.stack([projected.min(), projected.max()])
    for _ in range(5):
        found = (projected[:, None] - centres).abs().argmin(1)
        centres = torch.stack([projected[found == k].mean() for k in (0, 1)])
    assert (found == group).all() or (found == 1 - group).all()
