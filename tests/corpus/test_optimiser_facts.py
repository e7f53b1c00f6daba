"""What the questions on Adam and SGD say about their steps and their state, confirmed on torch.optim."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest


def weights(torch: Any, *values: float) -> Any:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def step(optimizer: Any, w: Any, gradients: Iterable[Any]) -> Any:
    """Takes a step for each of these gradients and says where the weights went, from where they stood."""
    before = w.detach().clone()
    for g in gradients:
        w.grad = g
        optimizer.step()
    return w.detach() - before


def buffers(torch: Any, optimizer: Any, w: Any) -> int:
    """How many values per weight an optimiser keeps."""
    return sum(torch.is_tensor(value) and value.shape == w.shape for value in optimizer.state[w].values())


def test_adam_is_the_formula_in_the_reference(torch):
    """adam: two moving averages, both corrected for starting at zero, then the quotient times the learning rate."""
    w, m, v = weights(torch, 1.0, -2.0), 0.0, 0.0
    by_hand, gradients = w.detach().clone(), torch.randn(20, 2, dtype=torch.float64)
    for t, g in enumerate(gradients, 1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        by_hand -= 1e-3 * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)
    step(torch.optim.Adam([w]), w, gradients)
    assert torch.allclose(w, by_hand, rtol=1e-12)


def test_adam_has_the_defaults_that_are_named(torch, says):
    """adam: learning rate 0.001, beta1 0.9, beta2 0.999, epsilon 1e-8."""
    says("adam", "(often 0.001)", "$\\beta_1 = 0.9$, $\\beta_2 = 0.999$", "10^{-8}", "0.001, 0.9, 0.999 and 1e-8")
    defaults = {name: p.default for name, p in inspect.signature(torch.optim.Adam).parameters.items()}
    assert (defaults["lr"], defaults["betas"], defaults["eps"]) == (1e-3, (0.9, 0.999), 1e-8)


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
def test_first_step_of_adam_is_the_learning_rate_whatever_the_gradient(torch, scale):
    """adam: with the bias corrected, the first quotient is the sign of the gradient."""
    w = weights(torch, 5.0, 5.0)
    moved = step(torch.optim.Adam([w], lr=0.01), w, [torch.tensor([scale, -scale], dtype=torch.float64)])
    assert torch.allclose(moved, torch.tensor([-0.01, 0.01], dtype=torch.float64), rtol=1e-3)


def test_averages_of_adam_start_at_zero_and_are_too_small_at_first(torch):
    """adam: after a first gradient of 1 they stand at a tenth and a thousandth of what they should say."""
    w = weights(torch, 1.0)
    optimizer = torch.optim.Adam([w])
    step(optimizer, w, [torch.ones_like(w)])
    state = optimizer.state[w]
    assert state["exp_avg"].item() == pytest.approx(0.1) and state["exp_avg_sq"].item() == pytest.approx(0.001)


def test_bias_lasts_longer_for_the_second_average():
    """adam: steps until an average of a steady gradient reaches 99 per cent of it, with the default betas."""
    first, second = (math.ceil(math.log(0.01) / math.log(beta)) for beta in (0.9, 0.999))
    assert (first, second) == (44, 4603)


def test_adam_gives_every_weight_its_own_step_size(torch):
    """adam: gradients a thousand times larger than another weight's lead to steps of the same size."""
    w = weights(torch, 0.0, 0.0)
    moved = step(torch.optim.Adam([w]), w, torch.tensor([[1000.0, 1.0]] * 50, dtype=torch.float64))
    assert moved[0].item() == pytest.approx(moved[1].item(), rel=1e-6)


def test_adam_smooths_the_direction_as_momentum_does(torch):
    """adam: gradients that jump to and fro move the weights far less than gradients of the same size that agree."""
    steady, jumping = torch.ones(100, 1, dtype=torch.float64), torch.ones(100, 1, dtype=torch.float64)
    jumping[1::2] = -1
    moved = [step(torch.optim.Adam([w]), w, g) for w, g in ((weights(torch, 0.0), g) for g in (steady, jumping))]
    assert moved[1].abs() < 0.1 * moved[0].abs()


def test_adam_walks_the_same_way_when_the_gradients_are_scaled(torch):
    """adam: it copes with badly scaled gradients."""
    gradients, ends = torch.randn(30, 3, dtype=torch.float64), []
    for scale in (1.0, 1000.0):
        w = weights(torch, 1.0, 2.0, 3.0)
        step(torch.optim.Adam([w]), w, scale * gradients)
        ends.append(w.detach())
    assert torch.allclose(ends[0], ends[1], atol=1e-6)


def test_adam_moves_a_weight_with_sparse_gradients_further_than_sgd_does(torch):
    """adam: a weight that sees one gradient in ten lags tenfold with SGD, and far less with Adam."""
    gradients = torch.ones(1000, 2, dtype=torch.float64)
    gradients[:, 1] = (torch.arange(1000) % 10 == 0).double()
    lags = {}
    for kind in (torch.optim.SGD, torch.optim.Adam):
        w = weights(torch, 0.0, 0.0)
        moved = step(kind([w], lr=1e-3), w, gradients)
        lags[kind.__name__] = (moved[0] / moved[1]).item()
    assert lags["SGD"] == pytest.approx(10) and lags["Adam"] < 4


def test_adam_is_first_order_and_takes_whatever_gradient_it_finds(torch):
    """adam: no second derivative is asked for: it steps on a gradient that belongs to no function at all."""
    w = weights(torch, 1.0)
    assert step(torch.optim.Adam([w]), w, [torch.tensor([2.0], dtype=torch.float64)]).item() < 0


def test_learning_rate_still_sets_how_large_adams_steps_are(torch):
    """adam: twice the rate, twice the step."""
    gradients = torch.randn(20, 1, dtype=torch.float64)
    moved = [step(torch.optim.Adam([w], lr=lr), w, gradients) for lr in (1e-3, 2e-3) for w in [weights(torch, 1.0)]]
    assert torch.allclose(2 * moved[0], moved[1])


def test_rate_of_adam_can_be_far_too_large_or_too_small(torch):
    """adam: from 1 on w squared, whose minimum is at 0."""
    small, fitting, large = (adam_on_a_bowl(torch, lr) for lr in (1e-5, 0.1, 10.0))
    assert small[-1] > 0.99 and abs(fitting[-1]) < 0.01 and min(large) < -5


def adam_on_a_bowl(torch: Any, lr: float) -> list[float]:
    """The path of two hundred steps from 1."""
    w, path = weights(torch, 1.0), []
    optimizer = torch.optim.Adam([w], lr=lr)
    for _ in range(200):
        optimizer.zero_grad()
        w.square().sum().backward()
        optimizer.step()
        path.append(w.item())
    return path


def test_adam_keeps_two_values_per_weight_momentum_one_and_plain_sgd_none(torch, says):
    """sgd-optimiser, adam: the extra state of the optimisers."""
    says("sgd-optimiser", "momentum stores one value and Adam two", "Plain SGD also stores no extra state")
    kept = []
    for kind, settings in ((torch.optim.SGD, {}), (torch.optim.SGD, {"momentum": 0.9}), (torch.optim.Adam, {})):
        w = weights(torch, 1.0, 2.0)
        optimizer = kind([w], lr=0.1, **settings)
        step(optimizer, w, [torch.ones_like(w)])
        kept.append(buffers(torch, optimizer, w))
    assert kept == [0, 1, 2]


def test_adamw_shrinks_the_weights_directly_and_adam_adds_the_penalty_to_the_gradient(torch):
    """adam: where the loss has no slope, AdamW takes a share of each weight; in Adam the penalty is scaled away."""
    zero, ends = torch.zeros(2, dtype=torch.float64), {}
    for kind in (torch.optim.AdamW, torch.optim.Adam):
        w = weights(torch, 10.0, 1.0)
        step(kind([w], lr=0.01, weight_decay=0.1), w, [zero])
        ends[kind.__name__] = w.tolist()
    assert ends["AdamW"] == pytest.approx([10 * 0.999, 1 * 0.999])
    assert ends["Adam"] == pytest.approx([10 - 0.01, 1 - 0.01])


def test_adam_without_first_average_is_rmsprop_with_corrected_bias(torch):
    """adam: what becomes of it with beta1 = 0; and the second moment is that of RMSProp."""
    w, u = weights(torch, 1.0), weights(torch, 1.0)
    adam = torch.optim.Adam([w], lr=0.01, betas=(0.0, 0.99), eps=0)
    rmsprop = torch.optim.RMSprop([u], lr=0.01, alpha=0.99, eps=0)
    for t, g in enumerate(torch.randn(10, 1, dtype=torch.float64), 1):
        assert torch.allclose(step(adam, w, [g]), step(rmsprop, u, [g]) * math.sqrt(1 - 0.99**t))


def test_adagrad_sums_and_its_steps_die_down_where_adam_averages(torch):
    """adam: under a steady gradient the hundredth step of AdaGrad is a tenth of its first, that of Adam as long."""
    last = {}
    for kind in (torch.optim.Adagrad, torch.optim.Adam):
        w = weights(torch, 0.0)
        optimizer = kind([w], lr=0.01)
        step(optimizer, w, [torch.ones_like(w)] * 99)
        last[kind.__name__] = step(optimizer, w, [torch.ones_like(w)]).item()
    assert last["Adagrad"] == pytest.approx(-0.001, rel=1e-3) and last["Adam"] == pytest.approx(-0.01, rel=1e-3)


def test_sgd_subtracts_the_learning_rate_times_the_gradient(torch):
    """sgd-optimiser, gradient-descent-steps, gradient-descent-variants: the update rule."""
    w = weights(torch, 1.0, -1.0)
    moved = step(torch.optim.SGD([w], lr=0.1), w, [torch.tensor([2.0, -3.0], dtype=torch.float64)])
    assert moved.tolist() == pytest.approx([-0.2, 0.3])


def test_momentum_is_the_formula_in_the_reference(torch, says):
    """sgd-optimiser: u becomes mu u + g, w becomes w - eta u."""
    says("sgd-optimiser", "$u \\leftarrow \\mu u + g$, $w \\leftarrow w - \\eta u$", "around 0.9")
    w, u, gradients = weights(torch, 1.0, 2.0), 0.0, torch.randn(15, 2, dtype=torch.float64)
    by_hand = w.detach().clone()
    for g in gradients:
        u = 0.9 * u + g
        by_hand -= 0.1 * u
    step(torch.optim.SGD([w], lr=0.1, momentum=0.9), w, gradients)
    assert torch.allclose(w, by_hand)


def test_momentum_of_nine_tenths_makes_a_steady_step_ten_times_as_long(torch, says):
    """sgd-optimiser: steps that agree build up."""
    says("sgd-optimiser", "With a momentum of 0.9 and a steady gradient")
    assert last_momentum_step(torch, [1.0] * 200) == pytest.approx(-10, rel=1e-6)


def test_momentum_damps_steps_that_zigzag(torch):
    """sgd-optimiser: a gradient that changes its sign each time moves the weight by little more than half."""
    assert abs(last_momentum_step(torch, [1.0, -1.0] * 100)) == pytest.approx(1 / 1.9, rel=1e-6)


def last_momentum_step(torch: Any, gradients: list[float]) -> float:
    w = weights(torch, 0.0)
    optimizer = torch.optim.SGD([w], lr=1.0, momentum=0.9)
    *before, last = torch.tensor(gradients, dtype=torch.float64).unsqueeze(1)
    step(optimizer, w, before)
    return float(step(optimizer, w, [last]))


def test_sgd_does_not_scale_the_step_of_each_weight(torch):
    """sgd-optimiser: unlike Adam, its steps are as unequal as the gradients."""
    w = weights(torch, 0.0, 0.0)
    moved = step(torch.optim.SGD([w], lr=0.1), w, [torch.tensor([1000.0, 1.0], dtype=torch.float64)])
    assert (moved[0] / moved[1]).item() == pytest.approx(1000)


def test_sgd_object_picks_no_samples(torch):
    """sgd-optimiser: it knows no data, takes what gradients it finds, and leaves a weight without one alone."""
    assert "data" not in " ".join(inspect.signature(torch.optim.SGD).parameters)
    w, untouched = weights(torch, 1.0), weights(torch, 1.0)
    step(torch.optim.SGD([w, untouched], lr=0.5), w, [torch.ones_like(w)])
    assert (w.item(), untouched.item()) == (0.5, 1.0)


def test_weight_decay_of_plain_sgd_is_a_penalty_on_the_squared_weights(torch):
    """sgd-optimiser: it adds the weight times its factor to the gradient, and so shrinks the weight."""
    w = weights(torch, 4.0)
    moved = step(torch.optim.SGD([w], lr=0.1, weight_decay=0.5), w, [torch.ones_like(w)])
    assert moved.item() == pytest.approx(-0.1 * (1.0 + 0.5 * 4.0))


@pytest.mark.parametrize(
    ("rate", "outcome"), [(2.1, "diverges"), (1.9, "oscillates"), (0.5, "settles"), (1e-4, "crawls")]
)
def test_learning_rate_decides_between_divergence_and_crawling(torch, rate, outcome):
    """sgd-optimiser, gradient-descent-steps: a hundred steps from 1 on half of w squared, whose slope is w."""
    w = weights(torch, 1.0)
    optimizer, path = torch.optim.SGD([w], lr=rate), []
    for _ in range(100):
        optimizer.zero_grad()
        (w.square().sum() / 2).backward()
        optimizer.step()
        path.append(w.item())
    swings = sum(a * b < 0 for a, b in pairwise(path))
    seen = "diverges" if abs(w) > 1e3 else "crawls" if w > 0.9 else "oscillates" if swings > 90 else "settles"
    assert seen == outcome and (outcome not in ("settles", "oscillates") or abs(w) < 1e-3)
