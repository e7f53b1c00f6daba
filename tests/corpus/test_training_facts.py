"""What the questions on the cost function and on the steps of gradient descent say, confirmed by running it."""

from __future__ import annotations

import math
from typing import Any

import pytest


def gradient(torch: Any, loss: Any, at: Any) -> Any:
    [found] = torch.autograd.grad(loss, at)
    return found


def test_gradient_of_mean_squared_error(torch):
    """cost-function: it is twice the error over the number of values."""
    predicted = torch.randn(8, dtype=torch.float64, requires_grad=True)
    target = torch.randn(8, dtype=torch.float64)
    found = gradient(torch, torch.nn.MSELoss()(predicted, target), predicted)
    assert torch.allclose(found, 2 * (predicted - target) / 8)


def test_gradient_of_cross_entropy_is_softmax_minus_target(torch):
    """cost-function: on the logits, for one example."""
    logits = torch.randn(1, 5, dtype=torch.float64, requires_grad=True)
    found = gradient(torch, torch.nn.CrossEntropyLoss()(logits, torch.tensor([2])), logits)
    assert torch.allclose(found, logits.softmax(dim=1) - torch.eye(5)[2])


def test_cost_is_the_mean_of_the_losses_of_single_examples(torch):
    """cost-function: what PyTorch's losses do by default, and the formula in the reference."""
    scores, labels = torch.randn(64, 10), torch.randint(10, (64,))
    single = [torch.nn.functional.cross_entropy(scores[n : n + 1], labels[n : n + 1]) for n in range(64)]
    assert torch.allclose(torch.nn.CrossEntropyLoss()(scores, labels), sum(single) / 64)


def test_cost_falls_as_predictions_come_nearer_the_targets(torch):
    """cost-function: lower is better, for squared error and for cross-entropy."""
    squared = [torch.nn.functional.mse_loss(torch.tensor([p]), torch.tensor([3.0])) for p in (0.0, 2.0, 2.9)]
    entropy = [-math.log(p) for p in (0.1, 0.5, 0.9)]
    assert squared == sorted(squared, reverse=True) and entropy == sorted(entropy, reverse=True)


def test_accuracy_has_no_slope_almost_everywhere_and_then_jumps(torch):
    """cost-function: swept over a weight, accuracy is a staircase, while the cost changes at every step."""
    x = torch.randn(40, 2, dtype=torch.float64)
    y = (x[:, 0] + 0.3 * torch.randn(40) > 0).double()
    scores = [x[:, 0] + w * x[:, 1] for w in torch.linspace(-3, 3, 5001, dtype=torch.float64)]
    accuracy = torch.stack([((s > 0).double() == y).double().mean() for s in scores])
    cost = torch.stack([torch.nn.functional.binary_cross_entropy_with_logits(s, y) for s in scores])
    assert 1 <= (accuracy.diff() != 0).sum() <= 40
    assert (cost.diff() == 0).sum() <= 1
    assert accuracy.diff().abs().max() >= 1 / 40 - 1e-9 and cost.diff().abs().max() < 0.01


def test_no_gradient_reaches_the_weights_through_a_count_of_right_answers(torch):
    """cost-function: why accuracy itself gives gradient descent nothing to follow."""
    scores = torch.randn(5, 3, requires_grad=True)
    assert not (scores.argmax(dim=1) == torch.zeros(5)).float().mean().requires_grad


def test_cost_and_accuracy_on_the_same_data_can_rise_together():
    """cost-function: two answers come out right by a hair, and a third becomes confidently wrong."""
    before, after = (0.49, 0.49, 0.90), (0.51, 0.51, 0.01)
    assert sum(p > 0.5 for p in after) > sum(p > 0.5 for p in before)
    assert sum(-math.log(p) for p in after) > sum(-math.log(p) for p in before)


def test_cross_entropy_has_the_better_gradient_when_confidently_wrong(torch):
    """cost-function: behind a sigmoid that is sure of the wrong class, squared error hardly moves the score."""
    score, target = torch.tensor(8.0, requires_grad=True), torch.tensor(0.0)
    squared = gradient(torch, (score.sigmoid() - target) ** 2, score)
    entropy = gradient(torch, torch.nn.functional.binary_cross_entropy_with_logits(score, target), score)
    assert entropy > 0.99 and squared < 0.001


def test_penalty_on_squared_weights_pulls_each_weight_towards_zero(torch):
    """cost-function: the gradient of the penalty is twice its factor times the weight."""
    w = torch.tensor([3.0, -2.0], requires_grad=True)
    assert gradient(torch, 0.1 * w.square().sum(), w).tolist() == pytest.approx([0.6, -0.4])


def test_corners_of_relu_and_absolute_error_still_get_a_slope(torch):
    """cost-function: where no derivative exists PyTorch takes one between those on either side."""
    x = torch.tensor(0.0, requires_grad=True)
    assert 0 <= gradient(torch, torch.relu(x), x) <= 1
    assert -1 <= gradient(torch, torch.nn.functional.l1_loss(x, torch.tensor(0.0)), x) <= 1


@pytest.mark.parametrize("start", [0.0, 0.5])
def test_units_that_start_equal_stay_equal(torch, start):
    """gradient-descent-steps: with equal weights and biases (zeros too) a hidden layer never learns two features."""
    first = trained_first_layer(torch, start)
    assert torch.equal(first, first[0].expand_as(first))


def test_random_weights_break_the_symmetry_and_biases_may_start_at_zero(torch):
    """gradient-descent-steps: the units of a layer come apart although all biases begin at zero."""
    first = trained_first_layer(torch, None)
    assert torch.pdist(first).min() > 0.1


def trained_first_layer(torch: Any, start: float | None) -> Any:
    """The weights of three hidden units after fifty steps, from a constant or from random weights and zero biases."""
    nn = torch.nn
    model = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)).double()
    for layer in (model[0], model[2]):
        nn.init.zeros_(layer.bias) if start is None else nn.init.constant_(layer.bias, start)
        nn.init.normal_(layer.weight) if start is None else nn.init.constant_(layer.weight, start)
    x, y = torch.randn(30, 4, dtype=torch.float64), torch.randint(2, (30,))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(50):
        optimizer.zero_grad()
        nn.CrossEntropyLoss()(model(x), y).backward()
        optimizer.step()
    return model[0].weight.detach()


def test_gradient_points_where_the_loss_rises_fastest(torch):
    """gradient-descent-steps: no other direction of a thousand rises as fast; against it the loss falls."""
    w = torch.randn(5, dtype=torch.float64, requires_grad=True)

    def loss(at: Any) -> Any:
        return (at**4).sum() + (at[0] * at[1]).sin()

    g = gradient(torch, loss(w), w)
    steepest, others = g / g.norm(), torch.nn.functional.normalize(torch.randn(1000, 5, dtype=torch.float64))
    with torch.no_grad():
        risen = [loss(w + 1e-4 * direction) for direction in others]
        assert loss(w + 1e-4 * steepest) >= max(risen)
        assert loss(w - 1e-4 * steepest) <= loss(w) - 0.99e-4 * g.norm()


def test_weight_with_a_negative_slope_goes_up(torch):
    """gradient-descent-steps: a step against the gradient may make a weight larger, and the loss smaller."""
    w = torch.tensor([1.0], requires_grad=True)
    before = (w - 3).square().sum()
    before.backward()
    assert w.grad < 0
    torch.optim.SGD([w], lr=0.1).step()
    assert w > 1 and (w - 3).square() < before


def test_step_need_not_make_the_loss_smaller(torch):
    """gradient-descent-steps: one that is too long lands higher up on the other side."""
    w = torch.tensor([1.0], requires_grad=True)
    w.square().sum().backward()
    torch.optim.SGD([w], lr=1.5).step()
    assert w.item() == -2.0


def test_backpropagation_agrees_with_nudging_every_weight(torch):
    """gradient-descent-steps, feedforward-vs-backprop: one backward pass for what would take two passes a weight."""
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)).double()
    x = torch.randn(10, 3, dtype=torch.float64)
    model(x).square().mean().backward()
    with torch.no_grad():
        for weight in model.parameters():
            for n in range(weight.numel()):
                assert nudged_slope(model, x, weight.view(-1), n) == pytest.approx(
                    weight.grad.view(-1)[n].item(), abs=1e-7
                )


def nudged_slope(model: Any, x: Any, flat: Any, n: int) -> float:
    losses = []
    for nudge in (1e-5, -2e-5):
        flat[n] += nudge
        losses.append(model(x).square().mean().item())
    flat[n] += 1e-5
    return float((losses[0] - losses[1]) / 2e-5)


def test_loss_of_a_network_with_a_hidden_layer_is_not_convex(torch):
    """gradient-descent-steps: half-way between two perfect networks, one with its units exchanged, lies a worse one."""
    inputs = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    targets = torch.tensor([0.0, 1, 1, 0])
    units = torch.tensor([[1.0, 1, 0], [1, 1, -1]])  # two weights and a bias each
    out = torch.tensor([1.0, -2])

    def loss(units: Any, out: Any) -> Any:
        hidden = torch.relu(inputs @ units[:, :2].T + units[:, 2])
        return (hidden @ out - targets).square().mean()

    flipped, out_flipped = units.flip(0), out.flip(0)
    assert loss(units, out) == 0 and loss(flipped, out_flipped) == 0
    assert loss((units + flipped) / 2, (out + out_flipped) / 2) > 0.1
