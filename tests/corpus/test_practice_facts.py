"""What the questions on the practice of training say, from descent to early stopping, confirmed."""

from __future__ import annotations

import math
from typing import Any

import pytest


def descend(torch: Any, rate: float, count: int = 20, start: float = 1.0) -> list[float]:
    """The weight on w squared, step by step."""
    w = torch.tensor([start], dtype=torch.float64, requires_grad=True)
    optimizer, path = torch.optim.SGD([w], lr=rate), []
    for _ in range(count):
        optimizer.zero_grad()
        w.square().sum().backward()
        optimizer.step()
        path.append(w.item())
    return path


def test_step_goes_against_the_slope_by_the_rate_times_the_slope(torch, says):
    """gradient-descent: with a slope of four and a rate of 0.1 the weight changes by 0.4, and the loss falls."""
    says("gradient-descent", r"w \leftarrow w - \eta\, \nabla_w L(w)")
    [w] = descend(torch, 0.1, count=1, start=2.0)
    assert w == pytest.approx(2.0 - 0.4) and w**2 < 4


def test_descent_reaches_the_minimum_of_a_bowl_and_may_end_in_a_local_one_elsewhere(torch):
    """gradient-descent: from two starts on a bowl the same end; on a curve with two valleys, two ends."""
    assert descend(torch, 0.1, 200, 5.0)[-1] == pytest.approx(descend(torch, 0.1, 200, -3.0)[-1], abs=1e-12)
    ends = []
    for start in (-2.0, 2.0):
        w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        for _ in range(300):
            [slope] = torch.autograd.grad((w.square() - 1).square() + 0.3 * w, w)
            w = (w - 0.02 * slope).detach().requires_grad_()
        ends.append(((w.square() - 1).square() + 0.3 * w).item())
    assert ends[0] < ends[1] - 0.3


def test_plateau_and_saddle_give_no_slope(torch):
    """gradient-descent: at a saddle the gradient is zero, though it is no minimum."""
    w = torch.zeros(2, requires_grad=True)
    [slope] = torch.autograd.grad(w[0] ** 2 - w[1] ** 2, w)
    assert slope.tolist() == [0, 0]


@pytest.mark.parametrize("rate, grows", [(0.4, False), (0.99, False), (1.01, True), (1.5, True)])
def test_rates_above_one_make_w_grow_on_w_squared(torch, says, rate, grows):
    """learning-rate-extremes: one step is w times 1 - 2 eta, so it jumps across above a half and grows above one."""
    says("learning-rate-extremes", r"w \leftarrow (1 - 2\eta)\, w", r"above $\eta = 1$")
    path = descend(torch, rate)
    assert path == pytest.approx([(1 - 2 * rate) ** n for n in range(1, 21)])
    assert (abs(path[-1]) > 1) == grows


def test_figures_of_rates_that_are_too_high_and_too_low(torch):
    """learning-rate-extremes: 1.5 throws one to minus two and that to four; ten ends in NaN; 1e-7 crawls."""
    assert descend(torch, 1.5, 2) == [-2.0, 4.0]
    assert not math.isfinite(descend(torch, 10.0, 600)[-1])
    assert descend(torch, 1e-7, 500)[-1] > 0.999


def linear_data(torch: Any) -> tuple[Any, Any]:
    x = torch.randn(100, 3, dtype=torch.float64)
    return x, x @ torch.tensor([1.0, -2.0, 0.5]).double() + 0.5 * torch.randn(100).double()


def trained(torch: Any, batch: int, epochs: int, rate: float, falling: bool = False) -> list[float]:
    """The training loss after every epoch of a linear model, from zero weights, on the same data in each call."""
    torch.manual_seed(0)
    x, y = linear_data(torch)
    w, losses, t = torch.zeros(3, dtype=torch.float64), [], 0
    for _ in range(epochs):
        for chosen in torch.randperm(100).split(batch):
            t += 1
            w -= (
                (rate / (1 + 0.01 * t) if falling else rate)
                * 2
                * x[chosen].T
                @ (x[chosen] @ w - y[chosen])
                / len(chosen)
            )
        losses.append(float((x @ w - y).square().mean()))
    return losses


def test_stochastic_descent_is_ahead_after_one_epoch_and_jitters_later(torch):
    """batch-vs-sgd: N updates an epoch against one; at a constant rate the one settles and the other does not."""
    batch, single = trained(torch, 100, 150, 0.05), trained(torch, 1, 50, 0.05)
    settling = trained(torch, 1, 50, 0.05, falling=True)
    assert single[0] < batch[0]
    assert max(batch[-20:]) - min(batch[-20:]) < 1e-4
    jitter = max(single[-20:]) - batch[-1]
    assert jitter > 1e-3 and max(settling[-5:]) - batch[-1] < 0.3 * jitter


def test_gradient_of_one_example_is_noisy_and_right_on_average(torch):
    """batch-vs-sgd: the mean over all single examples is the gradient of the whole set; single ones scatter widely."""
    x, y = linear_data(torch)
    w = torch.zeros(3, dtype=torch.float64)
    single = 2 * x * (x @ w - y)[:, None]
    whole = 2 * x.T @ (x @ w - y) / 100
    assert torch.allclose(single.mean(0), whole) and (single - whole).norm(dim=1).mean() > whole.norm()


def test_what_the_optimiser_changes_are_parameters_and_not_hyperparameters(torch):
    """hyperparameters: weights and biases move in training; the rate, the sizes and the dropout rate stay."""
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Dropout(0.3), torch.nn.Linear(8, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=0.1)
    before = [p.clone() for p in model.parameters()]
    model(torch.randn(16, 4)).square().mean().backward()
    optimizer.step()
    assert all(not torch.equal(p, q) for p, q in zip(before, model.parameters(), strict=True))
    group = optimizer.param_groups[0]
    assert (group["lr"], group["weight_decay"], model[1].p, model[0].out_features) == (0.01, 0.1, 0.3, 8)


def test_choosing_on_a_set_makes_its_score_too_rosy(torch):
    """hyperparameters, early-stopping: the best of many guessing models looks good on the set that chose it alone."""
    chooses, fresh = (torch.rand(40, 200, 50) < 0.5 for _ in range(2))
    best = chooses.float().mean(2).argmax(1)
    seen, truth = (part[range(40), best].float().mean().item() for part in (chooses, fresh))
    assert seen > 0.63 and truth == pytest.approx(0.5, abs=0.05)


def test_random_search_tries_more_values_of_the_setting_that_matters(torch):
    """hyperparameters: nine runs of a 3 x 3 grid try three values of it, nine random ones try nine."""
    grid = {(a, b) for a in range(3) for b in range(3)}
    assert len({a for a, _ in grid}) == 3 and len(torch.rand(9).unique()) == 9


def test_standardised_and_scaled_features(torch, says):
    """data-normalisation: zero mean and unit variance; a range of 0 to 1; bytes divided by 255."""
    says("data-normalisation", r"$x' = (x - \mu)/\sigma$", "divides by 255")
    x = torch.rand(1000, 2).double() ** 3 * torch.tensor([100_000.0, 100.0])
    z = (x - x.mean(0)) / x.std(0, correction=0)
    assert torch.allclose(z.mean(0), torch.zeros(2).double(), atol=1e-9) and torch.allclose(
        z.var(0, correction=0), torch.ones(2).double()
    )
    scaled = (x - x.amin(0)) / (x.amax(0) - x.amin(0))
    assert (scaled.min(), scaled.max()) == (0, 1)
    assert (torch.arange(256) / 255).aminmax() == (0, 1)
    assert (
        torch.allclose((z**3).mean(0), (((x - x.mean(0)) / x.std(0, correction=0)) ** 3).mean(0))
        and z.pow(3).mean() > 0.5
    )


def test_descent_is_far_faster_on_a_common_scale(torch):
    """data-normalisation: income and age; each with the largest rate that does not diverge, a hundred steps."""
    raw = torch.stack([torch.rand(200) * 100, torch.rand(200)], 1).double()
    y = raw @ torch.tensor([0.02, 2.0]).double()
    left = {}
    for name, x in (("raw", raw - raw.mean(0)), ("scaled", (raw - raw.mean(0)) / raw.std(0))):
        hessian = 2 * x.T @ x / 200
        rate, w, t = 1.0 / float(torch.linalg.eigvalsh(hessian).max()), torch.zeros(2).double(), y - y.mean()
        for _ in range(100):
            w -= rate * 2 * x.T @ (x @ w - t) / 200
        left[name] = float((x @ w - t).square().mean() / t.square().mean())
    assert left["scaled"] < 1e-6 < 0.1 < left["raw"]


def test_threshold_of_a_tree_moves_with_the_scale_of_the_column(torch):
    """data-normalisation: the best split of a column divides the rows alike when it is multiplied by a thousand."""
    x, y = torch.rand(60), torch.rand(60)

    def split(column: Any) -> Any:
        errors = [
            (y[column <= c] - y[column <= c].mean()).square().sum()
            + (y[column > c] - y[column > c].mean()).square().sum()
            for c in column.sort().values[:-1]
        ]
        return column <= column.sort().values[int(torch.stack(errors).argmin())]

    assert torch.equal(split(x), split(1000 * x))


def fitted(torch: Any, degree: int, penalty: float = 0.0, count: int = 12) -> tuple[float, float]:
    """Training and validation error of a polynomial on noisy points of a sine."""
    torch.manual_seed(3)
    x, fresh = torch.rand(count).double() * 2 - 1, torch.rand(500).double() * 2 - 1
    noise = [0.2 * torch.randn(len(v)).double() for v in (x, fresh)]
    powers = torch.arange(degree + 1)
    a, b = x[:, None] ** powers, fresh[:, None] ** powers
    y, target = (3 * x).sin() + noise[0], (3 * fresh).sin() + noise[1]
    w = torch.linalg.solve(a.T @ a + (penalty + 1e-12) * torch.eye(degree + 1).double(), a.T @ y)
    return float((a @ w - y).square().mean()), float((b @ w - target).square().mean())


def test_errors_of_models_that_overfit_and_underfit(torch):
    """overfitting-underfitting, combat-underfitting: low against high, and high both times; more data do not help."""
    train, valid = fitted(torch, 11)
    assert train < 0.01 and valid > 10 * train
    train, valid = fitted(torch, 0)
    assert train > 0.2 and valid > 0.2
    assert fitted(torch, 0, count=1000)[0] > 0.2
    assert fitted(torch, 5)[0] < 0.1


def test_remedies_against_overfitting(torch):
    """combat-overfitting, overfitting-underfitting: more data, a penalty, a smaller model."""
    base = fitted(torch, 11)[1]
    assert fitted(torch, 11, count=300)[1] < 0.2 * base
    assert fitted(torch, 11, penalty=0.01)[1] < 0.2 * base
    assert fitted(torch, 4)[1] < 0.2 * base


def test_less_regularisation_lowers_the_training_error(torch):
    """combat-underfitting: the same model under a heavy and under a light penalty."""
    assert fitted(torch, 5, penalty=100.0)[0] > 2 * fitted(torch, 5, penalty=0.001)[0]


def test_better_optimisation_and_longer_training_lower_the_training_error(torch):
    """combat-underfitting: a rate of a millionth moves nothing; 0.05 does, and more with time."""
    slow, fine = trained(torch, 100, 30, 1e-6), trained(torch, 100, 30, 0.05)
    assert slow[-1] > 0.99 * slow[0] and fine[-1] < fine[4] < fine[0] < slow[0]


def test_sound_network_fits_ten_examples_perfectly(torch):
    """combat-underfitting: the check for bugs: random labels, ten examples, a small network on the CPU."""
    x, y = torch.randn(10, 5), torch.randint(3, (10,))
    model = torch.nn.Sequential(torch.nn.Linear(5, 64), torch.nn.ReLU(), torch.nn.Linear(64, 3))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(150):
        loss = torch.nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert (model(x).argmax(1) == y).all() and loss < 0.05


def test_dropout_zeroes_a_share_and_scales_the_survivors(torch, says):
    """dropout: one half doubles them; the mean stays; another half in the next pass and in each row."""
    says("dropout", "multiplied by $1/(1-p)$", "0.5 for hidden and 0.2 for input units")
    x = torch.ones(200, 500)
    for p in (0.5, 0.2):
        layer = torch.nn.Dropout(p)
        out, again = layer(x), layer(x)
        assert out.unique().tolist() == pytest.approx([0.0, 1 / (1 - p)])
        assert float((out == 0).float().mean()) == pytest.approx(p, abs=0.01)
        assert float(out.mean()) == pytest.approx(1, abs=0.01)
        assert not torch.equal(out, again) and not torch.equal(out[0], out[1])


def test_dropout_is_off_in_evaluation_and_touches_no_weight(torch):
    """dropout: eval() passes the input on, the same at each call; left on, the predictions are noisy."""
    model, x = (
        torch.nn.Sequential(torch.nn.Linear(5, 50), torch.nn.Dropout(0.5), torch.nn.Linear(50, 1)),
        torch.randn(8, 5),
    )
    weights = model[0].weight.clone()
    assert not torch.equal(model(x), model(x))
    model.eval()
    assert torch.equal(model(x), model(x)) and torch.equal(model[1](x), x)
    assert torch.equal(weights, model[0].weight)


def test_batch_norm_normalises_with_the_batch_and_later_with_running_averages(torch, says):
    """batch-normalisation: per feature, with learned gamma and beta; evaluated, neighbours do not matter."""
    says(
        "batch-normalisation",
        r"\hat x = \frac{x - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}}, \qquad y = \gamma \hat x + \beta.",
    )
    norm, x = torch.nn.BatchNorm1d(3), 5 + 2 * torch.randn(64, 3)
    out = norm(x)
    assert torch.allclose(out.mean(0), torch.zeros(3), atol=1e-5) and torch.allclose(
        out.var(0, correction=0), torch.ones(3), atol=1e-3
    )
    assert not torch.allclose(out.mean(1), torch.zeros(64), atol=1e-2)
    assert {p.shape for p in norm.parameters()} == {(3,)} and all(p.requires_grad for p in norm.parameters())
    for _ in range(100):
        norm(5 + 2 * torch.randn(64, 3))
    assert norm.running_mean.tolist() == pytest.approx([5, 5, 5], abs=0.3)
    assert norm.running_var.tolist() == pytest.approx([4, 4, 4], abs=0.6)
    norm.eval()
    alone = norm(x[:1])
    assert torch.allclose(alone, norm(x)[:1]) and alone.isfinite().all()


def test_batch_norm_of_images_is_per_channel(torch):
    """batch-normalisation: over the batch and all positions; group norm asks for no batch."""
    x = 3 + torch.randn(8, 2, 4, 4)
    assert torch.nn.BatchNorm2d(2)(x).mean((0, 2, 3)).abs().max() < 1e-5
    group = torch.nn.GroupNorm(1, 2)
    assert torch.allclose(group(x)[:1], group(x[:1]), atol=1e-6)


def test_cost_is_the_mean_of_the_losses_and_a_penalty_may_come_on_top(torch, says):
    """loss-vs-cost: what PyTorch's losses return by default; reduction="none" gives them one by one."""
    says("loss-vs-cost", "`nn.CrossEntropyLoss`")
    scores, labels = torch.randn(8, 3), torch.randint(3, (8,))
    single = torch.nn.CrossEntropyLoss(reduction="none")(scores, labels)
    assert single.shape == (8,) and torch.allclose(torch.nn.CrossEntropyLoss()(scores, labels), single.mean())
    w = torch.tensor([1.0, 2.0])
    assert single.mean() + 0.1 * w.square().sum() == pytest.approx(float(single.mean()) + 0.5)


def test_update_can_raise_the_loss_of_one_example_and_lower_the_cost(torch):
    """loss-vs-cost: one target of -1 among 99 of 1."""
    y, w = torch.ones(100), torch.zeros(1, requires_grad=True)
    y[0] = -1
    before = (w - y).square()
    before.mean().backward()
    torch.optim.SGD([w], lr=0.1).step()
    after = (w - y).square()
    assert after[0] > before[0] and after.mean() < before.mean()


@pytest.mark.parametrize(
    "examples, drop, iterations, last", [(2000, False, 40, 50), (2010, False, 41, 10), (2010, True, 40, 50)]
)
def test_iterations_of_an_epoch(torch, says, examples, drop, iterations, last):
    """epoch-batch-iteration: what a DataLoader gives for a batch of fifty."""
    says(
        "epoch-batch-iteration",
        r"\frac{2000}{50} = 40",
        "400 updates",
        "2,010 examples",
    )
    data = torch.utils.data.TensorDataset(torch.arange(examples))
    loader = torch.utils.data.DataLoader(data, batch_size=50, shuffle=True, drop_last=drop)
    first, second = [b[0] for b in loader], [b[0] for b in loader]
    assert len(loader) == len(first) == iterations and len(first[-1]) == last
    assert len(torch.cat(first).unique()) == (2000 if drop else examples)
    assert not torch.equal(torch.cat(first), torch.cat(second))


def stop(losses: list[float], patience: int) -> tuple[int, int]:
    """The epoch at which training ends and the one whose weights are kept, both counted from one."""
    best, since = 0, 0
    for epoch, loss in enumerate(losses):
        best, since = (epoch, 0) if epoch == 0 or loss < losses[best] else (best, since + 1)
        if since == patience:
            return epoch + 1, best + 1
    return len(losses), best + 1


def test_patience_survives_a_bump_and_ends_where_it_is_said():
    """early-stopping: the first rise is noise; with a patience of ten it stops at epoch 40 if 30 was the best."""
    bumpy = [1.0, 0.8, 0.85, 0.6, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9]
    assert stop(bumpy, 1) == (3, 2) and stop(bumpy, 3) == (8, 5)
    assert stop([60.0 - n for n in range(30)] + [40.0] * 30, 10) == (40, 30)


def test_early_stopping_keeps_the_weights_small_as_a_penalty_does(torch):
    """early-stopping: in a linear model a descent cut short stays near its start, where the penalty's solution lies."""
    x, y = linear_data(torch)
    w, path = torch.zeros(3, dtype=torch.float64), []
    for _ in range(200):
        w = w - 0.01 * 2 * x.T @ (x @ w - y) / 100
        path.append(w)
    ridge = torch.linalg.solve(x.T @ x / 100 + 0.5 * torch.eye(3).double(), x.T @ y / 100)
    norms = [float(v.norm()) for v in path]
    assert norms == sorted(norms) and min(float((v - ridge).norm()) for v in path) < 0.1 * norms[-1]


def test_six_turned_round_is_a_nine_and_a_box_moves_with_its_picture(torch):
    """data-augmentation: seven segments; a mirrored picture has its box at the mirrored place."""
    six = torch.tensor([[1, 1, 1], [1, 0, 0], [1, 1, 1], [1, 0, 1], [1, 1, 1]])
    nine = torch.tensor([[1, 1, 1], [1, 0, 1], [1, 1, 1], [0, 0, 1], [1, 1, 1]])
    assert torch.equal(six.rot90(2), nine)
    image = torch.zeros(8, 10)
    image[2:4, 1:5] = 1
    rows, columns = image.fliplr().nonzero().T
    assert (columns.min(), columns.max() + 1) == (10 - 5, 10 - 1) and (rows.min(), rows.max() + 1) == (2, 4)


def test_augmenting_before_the_split_puts_variants_on_both_sides(torch):
    """data-augmentation: a nearest neighbour then "knows" random labels of unseen pictures."""
    pictures, labels = torch.randn(100, 30), torch.randint(2, (100,))
    variants = torch.cat([pictures, pictures + 0.1 * torch.randn(100, 30)])
    doubled, order = labels.repeat(2), torch.randperm(200)

    def right(train: Any, test: Any) -> float:
        nearest = torch.cdist(variants[test], variants[train]).argmin(1)
        return float((doubled[train][nearest] == doubled[test]).float().mean())

    leaked = right(order[:150], order[150:])
    ids = torch.randperm(100)
    honest = right(torch.cat([ids[:75], ids[:75] + 100]), ids[75:])
    assert leaked > 0.75 and honest < 0.72


def test_mixup_blends_labels_too(torch):
    """data-augmentation: cross-entropy takes the blended label, and is the blend of both losses."""
    scores, one_hot = torch.randn(1, 4), torch.eye(4)
    blend = 0.3 * one_hot[1] + 0.7 * one_hot[2]
    entropy = torch.nn.functional.cross_entropy
    parts = 0.3 * entropy(scores, torch.tensor([1])) + 0.7 * entropy(scores, torch.tensor([2]))
    assert torch.allclose(entropy(scores, blend[None]), parts)
