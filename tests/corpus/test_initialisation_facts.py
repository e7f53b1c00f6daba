"""What the questions on starting values, vanishing and exploding gradients and residual connections say, confirmed."""

from __future__ import annotations

from typing import Any

import pytest


def plain(torch: Any, depth: int, activation: str, start: float | str, width: int = 64) -> Any:
    """A deep network without shortcuts; `start` is the spread of its weights, or the name of a recipe."""
    layers = []
    for _ in range(depth):
        layer = torch.nn.Linear(width, width)
        torch.nn.init.zeros_(layer.bias)
        if isinstance(start, str):
            getattr(torch.nn.init, start)(layer.weight, **({"nonlinearity": "relu"} if "kaiming" in start else {}))
        else:
            torch.nn.init.normal_(layer.weight, std=start)
        layers += [layer, getattr(torch.nn, activation)()]
    return torch.nn.Sequential(*layers)


def gradient_norms(torch: Any, model: Any, width: int = 64) -> list[float]:
    """The gradient's length at the weights of every linear layer, the first layer first."""
    model(torch.randn(32, width)).square().mean().backward()
    return [float(p.grad.norm()) for p in model.parameters() if p.dim() == 2]


def test_signal_fades_saturates_or_keeps_its_size_by_the_scale_of_the_weights(torch):
    """weight-initialisation: fifty tanh layers with weights of 0.01, of 10, and with Xavier's."""
    x = torch.randn(32, 64)
    with torch.no_grad():
        faded, loud, kept = (plain(torch, 50, "Tanh", s)(x) for s in (0.01, 10.0, "xavier_normal_"))
    assert faded.abs().max() < 1e-20
    assert (loud.abs() > 0.99).float().mean() > 0.9
    assert kept.std() > 0.05


def test_he_keeps_the_signal_of_a_deep_relu_network_and_half_of_it_does_not(torch):
    """weight-initialisation: thirty layers; without the factor 2 each of them halves the mean square."""
    x = torch.randn(128, 256)
    with torch.no_grad():
        he = plain(torch, 30, "ReLU", "kaiming_normal_", 256)(x).square().mean()
        without = plain(torch, 30, "ReLU", 256**-0.5, 256)(x).square().mean()
    assert 0.05 < he < 5
    assert without < 1e-6


def test_variances_of_xavier_and_he(torch, says):
    """weight-initialisation: 2 over fan-in plus fan-out, and 2 over fan-in, so a spread of 0.1 for 200 inputs."""
    says(
        "weight-initialisation",
        r"\mathrm{Var}(w) = \dfrac{2}{n_{in} + n_{out}}",
        r"\mathrm{Var}(w) = \dfrac{2}{n_{in}}",
    )
    xavier = torch.nn.init.xavier_normal_(torch.empty(1000, 3000))
    he = torch.nn.init.kaiming_normal_(torch.empty(5000, 200), nonlinearity="relu")
    assert float(xavier.var()) == pytest.approx(2 / 4000, rel=0.01)
    assert float(he.std()) == pytest.approx(0.1, rel=0.01)


def test_relu_halves_the_mean_square_of_a_symmetric_signal(torch):
    """weight-initialisation: what the factor 2 makes up for."""
    z = torch.randn(1_000_000)
    assert float(torch.relu(z).square().mean() / z.square().mean()) == pytest.approx(0.5, abs=0.01)


def alike(torch: Any, value: float, biases: float | None = None, dropout: float = 0.0, activation: str = "Tanh") -> Any:
    """A network of two hidden layers with all weights equal, trained for a while; its losses come with it."""
    nn = torch.nn
    act = getattr(nn, activation)
    model = nn.Sequential(nn.Linear(4, 6), act(), nn.Dropout(dropout), nn.Linear(6, 5), act(), nn.Linear(5, 3))
    for parameter in model.parameters():
        nn.init.constant_(parameter, value)
        if biases is not None and parameter.dim() == 1:
            nn.init.normal_(parameter, std=biases)
    x, y = torch.randn(60, 4), torch.randint(3, (60,))
    x[:, 0] += 2 * y
    optimizer, losses = torch.optim.SGD(model.parameters(), lr=0.1), []
    for _ in range(150):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model, losses


def apart(torch: Any, model: Any) -> float:
    """How far the most different two units of the first layer are apart."""
    return float(torch.pdist(model[0].weight.detach()).max())


def test_equal_weights_stay_equal_and_yet_something_is_learned(torch):
    """equal-weights: the units remain copies in both layers, while the loss falls, and falls less than from random."""
    model, losses = alike(torch, 0.1)
    assert apart(torch, model) < 1e-5 and torch.pdist(model[3].weight.detach()).max() < 1e-5
    assert losses[-1] < losses[0] - 0.1
    assert model[0].weight.std() > 0.01


def test_equal_units_have_equal_gradients(torch):
    """equal-weights: with the same weights going out, both are told the same."""
    nn = torch.nn
    model = nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1))
    for parameter in model.parameters():
        nn.init.constant_(parameter, 0.5)
    model(torch.randn(10, 3)).square().mean().backward()
    assert torch.equal(model[0].weight.grad[0], model[0].weight.grad[1])
    assert model[0].weight.grad[0].std() > 0


@pytest.mark.parametrize("activation", ["Tanh", "ReLU"])
def test_all_zeros_leave_the_output_bias_alone_to_learn(torch, activation):
    """equal-weights, weight-initialisation: no other parameter ever moves, with ReLU or tanh."""
    model, losses = alike(torch, 0.0, activation=activation)
    *others, bias = model.parameters()
    assert all(float(p.detach().abs().max()) == 0 for p in others) and bias.detach().abs().max() > 0
    assert losses[-1] > 1.0


def test_unequal_biases_or_dropout_break_the_symmetry(torch):
    """equal-weights: the units come apart, although all weights began equal."""
    assert apart(torch, alike(torch, 0.1, biases=0.5)[0]) > 0.01
    assert apart(torch, alike(torch, 0.1, dropout=0.5)[0]) > 0.01


def test_equal_weights_are_not_a_linear_network(torch):
    """weight-initialisation: what the erratum says: the sum of two inputs' outputs is not the output of their sum."""
    model, _ = alike(torch, 0.3)
    x, zero = torch.tensor([[1.0, 0.5, 0, 0]]), torch.zeros(1, 4)
    with torch.no_grad():
        assert not torch.allclose(model(2 * x) - model(zero), 2 * (model(x) - model(zero)), atol=0.01)


def test_ten_sigmoids_or_twenty_halves_leave_a_millionth(torch, says):
    """vanishing-gradients: the slope of a sigmoid is s(1 - s), at most a quarter and about nothing in the tails."""
    says("vanishing-gradients", "at most $0.25$")
    z = torch.linspace(-20, 20, 4001, dtype=torch.float64, requires_grad=True)
    s = torch.sigmoid(z)
    [slope] = torch.autograd.grad(s.sum(), z)
    assert torch.allclose(slope, s * (1 - s)) and slope.max() == 0.25 and slope[0] < 1e-8
    for left in (0.25**10, 0.5**20):
        assert left == pytest.approx(1e-6, rel=0.05)


def test_gradient_vanishes_towards_the_first_layers_of_a_deep_sigmoid_network(torch):
    """vanishing-gradients: feed-forward too; the layers differ by orders of magnitude, so no one rate suits all."""
    first, *_, last = gradient_norms(torch, plain(torch, 12, "Sigmoid", "xavier_normal_"))
    assert last > 1e4 * first


def test_relu_with_he_or_residuals_keep_the_gradient(torch):
    """vanishing-gradients, residual-connections: the first of twenty layers gets as much as the last, or nearly."""
    first, *_, last = gradient_norms(torch, plain(torch, 20, "ReLU", "kaiming_normal_"))
    assert first > 0.05 * last
    blocks = torch.nn.ModuleList(plain(torch, 1, "Sigmoid", "xavier_normal_") for _ in range(12))
    x = torch.randn(32, 64)
    for block in blocks:
        x = x + block(x)
    x.square().mean().backward()
    assert blocks[0][0].weight.grad.norm() > 0.05 * blocks[-1][0].weight.grad.norm()


def test_weights_too_small_make_the_gradient_vanish_and_too_large_ones_explode(torch):
    """vanishing-gradients, exploding-gradients: in a plain feed-forward ReLU network, before any step is made."""
    small = gradient_norms(torch, plain(torch, 20, "ReLU", 0.05))
    large = gradient_norms(torch, plain(torch, 20, "ReLU", 1.0))
    assert small[0] < 1e-9 and large[0] > 1e9


def recurrent_gradient(torch: Any, factor: float, steps: int) -> float:
    """What the first state gets of the last one's gradient, with an orthogonal matrix times `factor` at every step."""
    matrix = factor * torch.nn.init.orthogonal_(torch.empty(16, 16, dtype=torch.float64))
    first = torch.randn(16, dtype=torch.float64, requires_grad=True)
    state = first
    for _ in range(steps):
        state = matrix @ state
    [found] = torch.autograd.grad(state @ torch.nn.functional.normalize(torch.randn(16).double(), dim=0), first)
    return float(found.norm())


def test_the_same_matrix_at_every_step_multiplies_the_gradient(torch):
    """exploding-gradients, vanishing-gradients: 1.5 over fifty steps is six hundred million."""
    assert recurrent_gradient(torch, 1.5, 50) == pytest.approx(1.5**50, rel=1e-6)
    assert recurrent_gradient(torch, 1.5, 50) == pytest.approx(6.4e8, rel=0.01)
    assert recurrent_gradient(torch, 0.5, 20) == pytest.approx(0.5**20, rel=1e-6)


def test_gradients_of_an_lstm_can_explode(torch):
    """exploding-gradients: the cell state eases vanishing; with large recurrent weights the product may yet grow."""
    assert recurrent_lstm(torch, 40) > 100 * recurrent_lstm(torch, 5) > 0


def recurrent_lstm(torch: Any, steps: int) -> float:
    """The largest gradient over twenty random LSTMs with large recurrent weights, after so many steps."""
    largest = 0.0
    for seed in range(20):
        torch.manual_seed(seed)
        lstm = torch.nn.LSTM(1, 8, batch_first=True)
        torch.nn.init.normal_(lstm.weight_hh_l0, std=3.0)
        start = (torch.zeros(1, 1, 8, requires_grad=True), torch.zeros(1, 1, 8))
        out, _ = lstm(torch.zeros(1, steps, 1), start)
        [found] = torch.autograd.grad(out[:, -1].sum(), start[0])
        largest = max(largest, float(found.norm()))
    return largest


def test_clipping_by_norm_shortens_and_keeps_the_direction(torch, says):
    """exploding-gradients: c g / |g| over all parameters together; a short gradient is left alone."""
    says("exploding-gradients", "torch.nn.utils.clip_grad_norm_", r"$c\, g / \lVert g \rVert$")
    weights = [torch.zeros(3, requires_grad=True), torch.zeros(2, requires_grad=True)]
    for weight, gradient in zip(weights, ([3.0, 0, 0], [0, 4.0]), strict=True):
        weight.grad = torch.tensor(gradient)
    assert torch.nn.utils.clip_grad_norm_(weights, max_norm=1.0) == 5
    assert weights[0].grad.tolist() == pytest.approx([0.6, 0, 0], abs=1e-5)
    assert weights[1].grad.tolist() == pytest.approx([0, 0.8], abs=1e-5)
    assert torch.nn.utils.clip_grad_norm_(weights, max_norm=10.0) < 1.001
    assert weights[1].grad.tolist() == pytest.approx([0, 0.8], abs=1e-5)


def test_clipping_after_the_step_comes_too_late(torch):
    """exploding-gradients: it belongs between the backward pass and the optimiser's step."""
    moved = []
    for early in (True, False):
        w = torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=1.0)
        (100 * w).sum().backward()
        if early:
            torch.nn.utils.clip_grad_norm_([w], 1.0)
        optimizer.step()
        if not early:
            torch.nn.utils.clip_grad_norm_([w], 1.0)
        moved.append(abs(w.item()))
    assert moved == pytest.approx([1.0, 100.0], rel=1e-4)


def test_derivative_of_a_residual_block_is_identity_plus_that_of_its_layers(torch, says):
    """residual-connections: by autograd's Jacobians."""
    says("residual-connections", r"\partial y/\partial x = I + \partial F/\partial x", "y = x + F(x)")
    layers = plain(torch, 2, "Tanh", "xavier_normal_", 5)
    x = torch.randn(5)
    jacobian = torch.autograd.functional.jacobian
    assert torch.allclose(jacobian(lambda v: v + layers(v), x), torch.eye(5) + jacobian(layers, x), atol=1e-6)


def test_block_whose_correction_is_zero_passes_its_input_on(torch):
    """residual-connections: doing nothing takes zero weights there, and in plain layers an exact copy of the input."""
    layers, x = torch.nn.Sequential(torch.nn.Linear(5, 5), torch.nn.ReLU(), torch.nn.Linear(5, 5)), torch.randn(3, 5)
    torch.nn.init.zeros_(layers[2].weight)
    torch.nn.init.zeros_(layers[2].bias)
    assert torch.equal(x + layers(x), x) and not torch.allclose(layers(x), x)


def test_shortcut_needs_matching_shapes_or_a_projection(torch):
    """residual-connections: 64 and 128 maps refuse to be added; a 1 x 1 convolution of stride 2 makes them fit."""
    nn = torch.nn
    x = torch.randn(2, 64, 8, 8)
    main = nn.Conv2d(64, 128, 3, stride=2, padding=1)(x)
    with pytest.raises(RuntimeError, match="must match"):
        main + x
    assert (main + nn.Conv2d(64, 128, 1, stride=2)(x)).shape == (2, 128, 4, 4)


@pytest.mark.parametrize("residual", [True, False])
def test_deep_network_trains_with_shortcuts_and_stalls_without(torch, residual):
    """residual-connections: forty plain tanh layers fail on their own training data, which is not overfitting."""
    blocks = torch.nn.ModuleList(plain(torch, 1, "Tanh", 0.1, 16) for _ in range(40))
    head = torch.nn.Linear(16, 2)
    x = torch.randn(64, 16)
    y = (x[:, 0] > 0).long()
    optimizer = torch.optim.Adam([*blocks.parameters(), *head.parameters()], lr=3e-3)
    for _ in range(30):
        h = x
        for block in blocks:
            h = h + block(h) if residual else block(h)
        loss = torch.nn.functional.cross_entropy(head(h), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert (loss < 0.2) if residual else (loss > 0.6)
