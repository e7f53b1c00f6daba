"""What the questions on variants of gradient descent, mini-batches and backpropagation say, confirmed by running it."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import combinations, product
from typing import Any

import pytest


def loader(torch: Any, examples: int, batch: int) -> Any:
    data = torch.utils.data.TensorDataset(torch.arange(examples))
    return torch.utils.data.DataLoader(data, batch_size=batch, shuffle=True)


def example_gradients(torch: Any, examples: int) -> Any:
    """The gradient of each example's loss at the same weights, a row each."""
    x, y = torch.randn(examples, 3, dtype=torch.float64), torch.randn(examples, dtype=torch.float64)
    w = torch.randn(3, dtype=torch.float64)
    return 2 * (x @ w - y).unsqueeze(1) * x


@pytest.mark.parametrize(("batch", "updates"), [(6400, 1), (1, 6400), (64, 100), (60, 107)])
def test_updates_in_an_epoch(torch, says, batch, updates):
    """gradient-descent-variants: one for the full batch, N for single examples, about N/B for mini-batches."""
    says("gradient-descent-variants", "6,400 examples and a batch size of 64", "about $N/B$")
    batches = [numbers for (numbers,) in loader(torch, 6400, batch)]
    assert len(batches) == updates
    assert torch.cat(batches).sort().values.equal(torch.arange(6400))


def test_gradient_of_the_whole_set_is_the_mean_over_its_examples(torch):
    """gradient-descent-variants: the variants share one rule and differ in how many examples are averaged."""
    layer, x, y = torch.nn.Linear(3, 1).double(), torch.randn(20, 3).double(), torch.randn(20, 1).double()
    [whole] = torch.autograd.grad(torch.nn.MSELoss()(layer(x), y), layer.weight)
    losses = [torch.nn.MSELoss()(layer(x[n]), y[n]) for n in range(20)]
    assert torch.allclose(whole, sum(torch.autograd.grad(loss, layer.weight)[0] for loss in losses) / 20)


def test_gradient_of_a_random_mini_batch_is_unbiased(torch):
    """why-mini-batch, sgd-optimiser: the mean over all mini-batches of three from nine is the full gradient."""
    single = example_gradients(torch, 9)
    estimates = torch.stack([single[list(chosen)].mean(dim=0) for chosen in combinations(range(9), 3)])
    assert torch.allclose(estimates.mean(dim=0), single.mean(dim=0))
    assert (estimates - single.mean(dim=0)).norm(dim=1).min() > 1e-6  # and yet no single one is exact


def test_variance_of_the_gradient_falls_with_the_size_of_the_batch(torch):
    """why-mini-batch, gradient-descent-variants: B times smaller for B random examples; half the noise for four."""
    single = example_gradients(torch, 4)
    variance = {}
    for size in (1, 2, 4):
        drawn = torch.stack([single[list(chosen)].mean(dim=0) for chosen in product(range(4), repeat=size)])
        variance[size] = drawn.var(dim=0, unbiased=False).sum().item()
    assert variance[2] == pytest.approx(variance[1] / 2) and variance[4] == pytest.approx(variance[1] / 4)


def test_stochastic_descent_jitters_at_a_constant_rate_and_settles_at_a_falling_one(torch):
    """gradient-descent-variants, sgd-optimiser: squared distance from the minimum in the last tenth of a descent."""
    constant = late_distance(torch, lambda t: 0.2)
    assert constant > 0.05
    assert late_distance(torch, lambda t: 1 / (t + 5)) < 0.05 * constant


def late_distance(torch: Any, rate: Callable[[int], float]) -> float:
    """Descends to the mean of normal numbers, one at a time: the gradient of half the squared distance is w - x."""
    w, far = 5.0, []
    for t, x in enumerate(torch.randn(5000).tolist()):
        w -= rate(t) * (w - x)
        far.append(w * w)
    return sum(far[-500:]) / 500


def test_batch_goes_through_a_layer_as_one_matrix_product(torch):
    """why-mini-batch: a group of examples gives, in one operation, what they would give one by one."""
    layer, x = torch.nn.Linear(20, 7).double(), torch.randn(64, 20).double()
    assert torch.allclose(layer(x), torch.stack([layer(row) for row in x]))
    assert torch.allclose(layer(x), x @ layer.weight.T + layer.bias)


def test_batch_takes_far_less_time_than_its_examples_one_by_one(torch):
    """why-mini-batch: vectorised work pays even on one CPU core."""
    layer, x = torch.nn.Linear(784, 256), torch.rand(64, 784)
    with torch.no_grad():
        together = shortest(lambda: layer(x))
        alone = shortest(lambda: [layer(row) for row in x])
    assert together < alone / 2


def shortest(work: Callable[[], object]) -> float:
    times = []
    for _ in range(20):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def kept_for_backward(torch: Any, batch: int, examples: int = 256) -> int:
    """How many activations one forward pass of a mini-batch keeps for its backward pass."""
    nn, data, kept = torch.nn, torch.rand(examples, 10), 0

    def keep(tensor: Any) -> Any:
        nonlocal kept
        kept += tensor.numel() if tensor.shape[0] == batch else 0
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        nn.Sequential(nn.Linear(10, 50), nn.ReLU(), nn.Linear(50, 7), nn.Sigmoid())(data[:batch]).sum()
    return kept


def test_memory_for_activations_grows_with_the_batch_and_not_with_the_data(torch):
    """why-mini-batch: only the batch and its activations must fit."""
    one, eight = kept_for_backward(torch, 11), kept_for_backward(torch, 88)
    assert one > 0 and eight == 8 * one == kept_for_backward(torch, 88, examples=512)


def test_no_activations_are_kept_when_only_predicting(torch):
    """feedforward-vs-backprop: backpropagation is for training alone; predictions need no memory for it."""
    with torch.no_grad():
        assert kept_for_backward(torch, 11) == 0


def test_gradient_of_a_layer_is_its_delta_times_the_activations_below(torch):
    """feedforward-vs-backprop: the formula in the reference, with one column for the one example."""
    w1, w2 = (torch.randn(*size, dtype=torch.float64, requires_grad=True) for size in ((4, 3), (2, 4)))
    x = torch.randn(3, 1, dtype=torch.float64)
    a1 = torch.tanh(w1 @ x)
    (w2 @ a1).square().sum().backward()
    delta2 = 2 * (w2 @ a1)
    delta1 = (w2.T @ delta2) * (1 - a1**2)  # passed down by the chain rule
    assert torch.allclose(w2.grad, delta2 @ a1.T) and torch.allclose(w1.grad, delta1 @ x.T)


def test_one_backward_pass_reaches_every_weight_and_bias(torch):
    """feedforward-vs-backprop: from the loss back to the first layer."""
    nn = torch.nn
    model = nn.Sequential(nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 1))
    model(torch.randn(8, 5)).sum().backward()
    assert all(p.grad is not None and p.grad.norm() > 0 for p in model.parameters())


def test_backward_changes_no_weight_and_the_optimiser_does(torch):
    """feedforward-vs-backprop: after backward() the network predicts what it did before; after step() it does not."""
    model, x = torch.nn.Linear(5, 1), torch.randn(8, 5)
    before = model(x)
    before.square().mean().backward()
    assert torch.equal(model(x), before)
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    assert not torch.allclose(model(x), before)


def test_recurrent_network_is_trained_by_backpropagation_through_time(torch):
    """feedforward-vs-backprop: unrolled, each step adds its share to the gradient of the shared weights."""
    rnn, x = torch.nn.RNN(2, 3, batch_first=True).double(), torch.randn(1, 4, 2).double()
    state, copies = torch.zeros(1, 3).double(), []
    for t in range(4):
        copies.append(rnn.weight_hh_l0.detach().clone().requires_grad_())
        inward = x[:, t] @ rnn.weight_ih_l0.T + rnn.bias_ih_l0 + rnn.bias_hh_l0
        state = torch.tanh(inward + state @ copies[-1].T)
    state.sum().backward()
    rnn(x)[1].sum().backward()
    assert torch.allclose(rnn.weight_hh_l0.grad, sum(copy.grad for copy in copies))
