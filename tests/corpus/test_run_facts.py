"""What the questions about a candidate's own run say of losses, optimisers and counts, confirmed by small runs.

Every docstring begins with the question's id.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

#: The questions of runs.toml, without their beginning.
ASKED = (
    "first-loss",
    "stuck",
    "nan",
    "bias-correction",
    "momentum",
    "gap",
    "batch-size",
    "parameters",
    "noise",
    "unrun-curve",
    "errors",
)
#: What `ask` can be filled with, run by run.
FILLED = {
    *("first_loss", "last_loss", "steps", "accuracy", "parameters", "seconds", "device"),
    *("optimizer", "rate", "batch_size", "epochs", "loss"),
    *("stuck_loss", "nan_step", "not_run", "adam", "sgd"),
}
LN10 = math.log(10)
BETA1, BETA2 = 0.9, 0.999


def perceptron(torch: Any, hidden: int = 64) -> Any:
    nn = torch.nn
    return nn.Sequential(nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))


def convolutional(torch: Any) -> Any:
    nn = torch.nn
    first = (nn.Unflatten(1, (1, 28)), nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(4))
    return nn.Sequential(*first, nn.Flatten(), nn.Linear(16 * 7 * 7, 10))


def cross_entropy(torch: Any, model: Any, x: Any, y: Any) -> float:
    with torch.no_grad():
        return float(torch.nn.functional.cross_entropy(model(x), y))


def right(torch: Any, model: Any, x: Any, y: Any) -> float:
    with torch.no_grad():
        return float((model(x).argmax(dim=1) == y).float().mean())


def train(
    torch: Any,
    model: Any,
    x: Any,
    y: Any,
    *,
    optimizer: str = "Adam",
    epochs: int = 1,
    batch: int = 64,
    steps: bool = True,
    **options: float,
) -> list[float]:
    """The losses of a sound run, batch by batch in the order of the images; or of one that takes no steps."""
    moves = getattr(torch.optim, optimizer)(model.parameters(), **options)
    losses = []
    for chosen in torch.arange(len(x)).split(batch) * epochs:
        moves.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x[chosen]), y[chosen])
        loss.backward()
        if steps:
            moves.step()
        losses.append(loss.item())
    return losses


def gradient(torch: Any, model: Any, x: Any, y: Any) -> Any:
    [found] = torch.autograd.grad(torch.nn.functional.cross_entropy(model(x), y), [model[1].weight])
    return found.flatten()


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


@pytest.fixture
def scaled(digits: tuple[Any, Any, Any, Any]) -> tuple[Any, Any, Any, Any]:
    x, y, x_valid, y_valid = digits
    return x / 255, y, x_valid / 255, y_valid


@pytest.fixture
def real(mnist: tuple[Any, Any, Any, Any]) -> tuple[Any, Any, Any, Any]:
    """Digits as people write them, between nought and one: 4,800 to learn from and 1,000 more."""
    x, y, x_valid, y_valid = mnist
    return x[:4800] / 255, y[:4800], x_valid / 255, y_valid


def test_every_question_about_a_run_has_its_test(bank: Mapping[str, Mapping[str, Any]]) -> None:
    """own-run-first-loss: the bank's questions about runs, and the docstrings of this file, by their ids."""
    functions = [n for n in ast.parse(Path(__file__).read_text("utf-8")).body if isinstance(n, ast.FunctionDef)]
    tested = {(ast.get_docstring(f) or "").partition(":")[0] for f in functions}
    asked = {f"own-run-{name}" for name in ASKED}
    assert asked == {name for name in bank if name.startswith("own-run-")} and asked - tested == set()


def test_only_what_is_asked_has_braces(bank: Mapping[str, Mapping[str, Any]]) -> None:
    """own-run-first-loss, own-run-unrun-curve: known names in every `ask`, and none where nothing is filled in."""
    for name in ASKED:
        question = bank[f"own-run-{name}"]
        named = {field for _, field, _, _ in Formatter().parse(question["ask"]) if field is not None}
        assert named and named <= FILLED, name
        spoken = [question[key] for key in ("plain", "reworded", "title", "aim")]
        spoken += [*question["asked_as"], *question["hints"], *(f["ask"] for f in question["follow_ups"])]
        assert not [text for text in spoken if "{" in text], name


@pytest.mark.parametrize("network", [perceptron, convolutional])
def test_a_fresh_network_begins_at_the_logarithm_of_ten(torch, scaled, network):
    """own-run-first-loss: within a tenth or two of 2.30, from every seed."""
    x, y, *_ = scaled
    for seed in range(5):
        torch.manual_seed(seed)
        assert cross_entropy(torch, network(torch), x[:64], y[:64]) == pytest.approx(LN10, abs=0.2)
    assert pytest.approx(2.30, abs=0.005) == LN10


def test_a_large_first_loss_is_confident_and_of_scale(torch, scaled):
    """own-run-first-loss: raw pixels or wide weights, before any step; little probability is left for the right one."""
    x, y, *_ = scaled
    wide = perceptron(torch)
    for parameter in wide.parameters():
        torch.nn.init.normal_(parameter)
    for model, images in ((perceptron(torch), 255 * x), (wide, x)):
        assert cross_entropy(torch, model, images, y) > 2 * LN10
        probabilities = model(images).softmax(dim=1)
        assert probabilities.max(dim=1).values.mean() > 0.9
        assert probabilities[torch.arange(len(y)), y].median() < 0.01


def test_even_guesses_cost_the_logarithm_of_ten_whatever_the_image(torch):
    """own-run-stuck: equal scores for all ten digits, and one answer in ten right."""
    y = torch.arange(10).repeat(5)
    assert torch.nn.functional.cross_entropy(torch.full((50, 10), 3.0), y).item() == pytest.approx(LN10)
    assert (torch.zeros(50, dtype=torch.long) == y).float().mean().item() == pytest.approx(0.1)


def test_what_keeps_a_loss_at_that_of_guessing(torch, scaled):
    """own-run-stuck: no steps, steps of another model, a tiny rate, labels apart; and a sound loop learns a batch."""
    x, y, x_valid, y_valid = scaled
    assert mean(train(torch, perceptron(torch), x, y, steps=False, lr=1e-3)) == pytest.approx(LN10, abs=0.1)
    assert train(torch, perceptron(torch), x, y, lr=1e-9)[-1] == pytest.approx(LN10, abs=0.1)
    model, other = perceptron(torch), perceptron(torch)
    before = model[1].weight.clone()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    torch.optim.SGD(other.parameters(), lr=0.1).step()
    assert torch.equal(model[1].weight, before)
    apart = perceptron(torch)
    assert min(train(torch, apart, x, y[torch.randperm(len(y))], lr=1e-3)) > 2
    assert right(torch, apart, x_valid, y_valid) < 0.3
    assert train(torch, perceptron(torch), x[:32], y[:32], epochs=100, lr=3e-3)[-1] < 0.05


def test_one_linear_layer_leaves_guessing_behind(torch, real):
    """own-run-stuck: an epoch on some real digits is enough, without any hidden layer."""
    x, y, *_ = real
    linear = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10))
    assert mean(train(torch, linear, x, y, lr=3e-3)[50:]) < 0.8


def test_one_nan_takes_everything(torch, scaled):
    """own-run-nan: through the scores and the gradients into all weights, and no good batch brings them back."""
    x, y, *_ = scaled
    model = perceptron(torch)
    with torch.no_grad():
        model[1].weight[0, 0] = math.nan
    assert model(x).isnan().all()
    train(torch, model, x, y, batch=320, optimizer="SGD", lr=0.1)
    assert model[3].weight.isnan().all() and model[3].bias.isnan().all()
    assert all(math.isnan(loss) for loss in train(torch, model, x, y, lr=1e-3))
    assert math.isnan(math.nan - 1) and math.isnan(0 * math.inf) and math.isnan(math.inf - math.inf)


def test_long_steps_and_hand_made_logarithms_end_in_nan(torch, scaled):
    """own-run-nan: at a high rate raw pixels run off, shorter steps do not; and a log of nought, which logits avoid."""
    x, y, *_ = scaled
    nn = torch.nn
    for scale, rate, finite in ((255, 10.0, False), (1, 0.1, True)):
        leaky = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.LeakyReLU(), nn.Linear(64, 10))
        losses = train(torch, leaky, scale * x, y, epochs=5, optimizer="SGD", lr=rate)
        assert math.isfinite(losses[0]) and math.isfinite(losses[-1]) == finite
    scores = torch.tensor([[200.0, 0.0, -200.0]], requires_grad=True)
    logarithms = scores.softmax(dim=1).log()
    assert logarithms.isinf().any() and (logarithms * torch.tensor([[1.0, 0, 0]])).sum().isnan()
    assert torch.nn.functional.cross_entropy(scores, torch.tensor([2])).item() == pytest.approx(400)
    assert torch.finfo(torch.float32).max > 1e38 and torch.tensor(1e-30).mul(1e-30) == 0


def test_clipping_acts_before_the_step(torch, scaled):
    """own-run-nan: it shortens the gradients that the step will use; afterwards it is too late."""
    x, y, *_ = scaled
    model = perceptron(torch)
    torch.nn.functional.cross_entropy(model(255 * x), y).backward()
    assert torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0) > 1
    assert sum(p.grad.square().sum() for p in model.parameters()).sqrt().item() == pytest.approx(1, abs=1e-3)


def lengthening(t: int) -> float:
    """How many times too long Adam's step at step `t` is without the correction, with steady gradients."""
    return (1 - BETA1**t) / math.sqrt(1 - BETA2**t)


@pytest.mark.parametrize("name", ["Adam", "AdamW"])
def test_the_first_corrected_step_is_as_long_as_the_rate(torch, name):
    """own-run-bias-correction: with it the step is one rate, and torch keeps a tenth and a thousandth."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = getattr(torch.optim, name)([w], lr=0.01, weight_decay=0.0)
    for t in (1, 2, 3):
        w.grad = torch.tensor(4.0)
        optimizer.step()
        assert w.item() == pytest.approx(1 - 0.01 * t, abs=1e-6)
        state = optimizer.state[w]
        assert state["exp_avg"].item() == pytest.approx(4 * (1 - BETA1**t), rel=1e-4)
        assert state["exp_avg_sq"].item() == pytest.approx(16 * (1 - BETA2**t), rel=1e-3)


def test_without_correction_the_first_steps_are_too_long_and_the_last_are_not(says):
    """own-run-bias-correction: 3.2 at first, 6.6 near the twelfth step, and hardly any longer at five thousand."""
    says("own-run-bias-correction", "3.2", "6.6", "twelfth", "five thousand")
    assert lengthening(1) == pytest.approx(0.1 / math.sqrt(0.001)) == pytest.approx(3.2, abs=0.05)
    longest = max(range(1, 5000), key=lengthening)
    assert 10 <= longest <= 14 and lengthening(longest) == pytest.approx(6.6, abs=0.05)
    assert lengthening(12) == pytest.approx(6.6, abs=0.05)
    assert lengthening(1000) == pytest.approx(1.25, abs=0.03) and lengthening(5000) == pytest.approx(1, abs=0.01)
    divisors = [1 - BETA2**t for t in (1, 1000, 5000)]
    assert divisors == pytest.approx([0.001, 0.63, 0.99], abs=0.005)


def test_nadam_without_correction_starts_too_long_as_well(torch):
    """own-run-bias-correction: the formula is torch's with the correction, and several times as long without it."""
    w = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.NAdam([w], lr=0.01)
    w.grad = torch.tensor(4.0)
    optimizer.step()
    now, after = (BETA1 * (1 - 0.5 * 0.96 ** (t * 0.004)) for t in (1, 2))
    m, v = (1 - BETA1) * 4.0, (1 - BETA2) * 16.0
    corrected = (after * m / (1 - now * after) + (1 - now) * 4.0 / (1 - now)) / math.sqrt(v / (1 - BETA2))
    assert w.item() == pytest.approx(-0.01 * corrected, rel=1e-3)
    assert (after * m + (1 - now) * 4.0) / math.sqrt(v) > 3 * corrected


def moved(torch: Any, gradients: list[float], **options: float) -> list[float]:
    """How far each step goes that SGD takes along these gradients at a rate of one."""
    w = torch.tensor(0.0, requires_grad=True)
    optimizer, path = torch.optim.SGD([w], lr=1.0, **options), [0.0]
    for slope in gradients:
        w.grad = torch.tensor(slope)
        optimizer.step()
        path.append(w.item())
    return [before - now for before, now in pairwise(path)]


def test_what_agrees_builds_up_and_what_flips_cancels(torch):
    """own-run-momentum: ten times as far with steady gradients, half as far with alternating ones."""
    assert moved(torch, [1.0] * 100)[-1] == pytest.approx(1)
    steady = moved(torch, [1.0] * 100, momentum=0.9)
    assert steady[:3] == pytest.approx([1, 1.9, 2.71], abs=1e-4) and steady[-1] == pytest.approx(10, abs=0.01)
    flipping = moved(torch, [1.0, -1.0] * 50, momentum=0.9)
    assert abs(flipping[-1]) == pytest.approx(1 / 1.9, abs=0.01)


def test_momentum_speeds_up_a_low_rate_and_spoils_a_high_one(torch, real):
    """own-run-momentum: on real digits, at .01 and at .5; a tenth of the rate goes about as far as plain SGD."""
    x, y, *_ = real
    last = {}
    for rate, momentum in ((0.01, 0.0), (0.01, 0.9), (0.5, 0.0), (0.5, 0.9), (0.1, 0.0)):
        torch.manual_seed(0)
        losses = train(torch, perceptron(torch), x, y, optimizer="SGD", lr=rate, momentum=momentum)
        last[rate, momentum] = mean(losses[-20:])
    assert last[0.01, 0.9] < 0.6 * last[0.01, 0]
    assert last[0.5, 0] < 0.5 and last[0.5, 0.9] > 1.5 * last[0.5, 0]
    assert last[0.01, 0.9] == pytest.approx(last[0.1, 0], rel=0.35)


def test_learning_by_heart_shows_in_the_same_measure_on_both_sets(torch, real):
    """own-run-gap: 200 noisy digits are learnt entirely, new ones are not, and the held-out loss turns upwards."""
    x, y, x_valid, y_valid = real
    x, y = x[:200] + 0.3 * torch.randn(200, 28, 28), y[:200].clone()
    y[:40] = torch.randint(10, (40,))
    model, curve = perceptron(torch), []
    for _ in range(12):
        train(torch, model, x, y, epochs=3, lr=3e-3)
        curve.append((cross_entropy(torch, model, x, y), cross_entropy(torch, model, x_valid, y_valid)))
    assert right(torch, model, x, y) > 0.99 and right(torch, model, x_valid, y_valid) < 0.9
    lowest = min(range(12), key=lambda epoch: curve[epoch][1])
    assert lowest < 9 and curve[-1][1] > 1.2 * curve[lowest][1] and curve[-1][0] < curve[lowest][0]


def test_a_small_loss_and_many_parameters_are_no_proof_and_dropout_misleads(torch, scaled):
    """own-run-gap: a network with far more parameters than images does well on both sets; dropout lowers one."""
    x, y, x_valid, y_valid = scaled
    nn = torch.nn
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Dropout(0.7), nn.Linear(64, 10))
    train(torch, model, x, y, epochs=20, lr=2e-3)
    noisy = right(torch, model, x, y)
    model.eval()
    assert noisy < right(torch, model, x, y) - 0.02
    assert sum(p.numel() for p in model.parameters()) > 50 * len(x)
    assert cross_entropy(torch, model, x, y) < 0.2
    assert right(torch, model, x, y) - right(torch, model, x_valid, y_valid) < 0.02


def test_a_quarter_of_the_steps_with_half_the_noise_and_gradients_as_long(torch, real):
    """own-run-batch-size: 938 and 235 steps, spreads that go with the root, a mean that keeps its length."""
    assert (math.ceil(60_000 / 64), math.ceil(60_000 / 256)) == (938, 235)
    x, y, *_ = real
    model, spreads = perceptron(torch), {}
    for size in (16, 64):
        samples = [gradient(torch, model, x[some], y[some]) for some in torch.randint(4800, (60, size))]
        spreads[size] = torch.stack(samples).var(dim=0).mean().sqrt().item()
    assert spreads[64] / spreads[16] == pytest.approx(0.5, abs=0.05)
    fourfold = gradient(torch, model, x[:16].repeat(4, 1, 1), y[:16].repeat(4))
    assert torch.allclose(gradient(torch, model, x[:16], y[:16]), fourfold, atol=1e-6)


def test_fewer_steps_get_less_far_unless_they_are_longer(torch, real):
    """own-run-batch-size: one epoch at four times the batch, at the old rate, at the raised one, and at a quarter."""
    x, y, x_valid, y_valid = real
    left = {}
    for batch, rate in ((32, 0.05), (128, 0.05), (128, 0.2), (128, 0.0125)):
        torch.manual_seed(0)
        model = perceptron(torch)
        train(torch, model, x, y, optimizer="SGD", batch=batch, lr=rate)
        left[batch, rate] = cross_entropy(torch, model, x_valid, y_valid)
    assert left[128, 0.05] > 1.2 * left[32, 0.05] and left[128, 0.0125] > 1.2 * left[128, 0.05]
    assert left[128, 0.2] == pytest.approx(left[32, 0.05], rel=0.25)


def test_counts_of_linear_and_convolutional_layers(torch, says):
    """own-run-parameters: inputs times outputs and biases, the first layer's share, and kernels that do not grow."""
    says("own-run-parameters", "100,480", "1,290", "come to 160", "785 parameters")
    nn = torch.nn

    def count(module: Any) -> int:
        return sum(p.numel() for p in module.parameters())

    assert (count(nn.Linear(784, 128)), count(nn.Linear(128, 10))) == (100_480, 1_290)
    assert count(nn.Linear(784, 100)) == 78_400 + 100 and count(nn.Linear(784, 1)) == 785
    model = perceptron(torch, 128)
    assert count(model) == 100_480 + 1_290 and count(nn.Sequential(nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())) == 0
    filters = nn.Conv2d(1, 16, 3)
    assert count(filters) == 3 * 3 * 1 * 16 + 16 == 160
    assert filters(torch.rand(1, 1, 28, 28)).shape[1] == filters(torch.rand(1, 1, 99, 99)).shape[1] == 16
    small = convolutional(torch)
    assert count(small[-1]) > 0.9 * count(small)


def test_frozen_weights_have_another_loss_in_each_batch(torch, real):
    """own-run-noise: the scatter without any step, a half of it with four times the images, a quarter with sixteen."""
    x, y, *_ = real
    model = perceptron(torch)
    train(torch, model, x[:3200], y[:3200], lr=1e-3)
    with torch.no_grad():
        losses = torch.nn.functional.cross_entropy(model(x), y, reduction="none")
    spread = {n: losses[torch.randint(4800, (2000, n))].mean(dim=1).std().item() for n in (16, 64, 256)}
    assert spread[16] > 0.05
    assert spread[64] / spread[16] == pytest.approx(0.5, abs=0.05)
    assert spread[256] / spread[16] == pytest.approx(0.25, abs=0.04)


def test_a_sound_run_rises_often_and_falls_nonetheless(torch, real):
    """own-run-noise: nearly half of the steps go up, fewer in the mean of fifty, which leaves the run as it is."""
    x, y, *_ = real
    losses = train(torch, perceptron(torch), x, y, batch=16, lr=1e-3)
    means = [mean(losses[i : i + 50]) for i in range(len(losses) - 50)]

    def rises(values: list[float]) -> float:
        return mean([float(later > earlier) for earlier, later in pairwise(values)])

    assert rises(losses) > 1 / 3 > rises(means) and means[-1] < means[0] / 2


def test_a_lower_rate_calms_the_weights(torch):
    """own-run-noise: on a parabola with noisy gradients they stray less about the minimum at a lower rate."""
    noise, strays = torch.randn(2000), {}
    for rate in (0.5, 0.05):
        w, path = 0.0, []
        for one in noise.tolist():
            w -= rate * (w + one)
            path.append(w)
        strays[rate] = torch.tensor(path[200:]).std().item()
    assert strays[0.05] < strays[0.5] / 2


def test_a_sound_run_on_real_digits(torch, real):
    """own-run-unrun-curve: it begins at guessing, falls steeply and ever less, trembles, and ends low."""
    x, y, x_valid, y_valid = real
    model = perceptron(torch, 128)
    losses = train(torch, model, x, y, optimizer="SGD", epochs=3, lr=0.1, momentum=0.9)
    assert losses[0] == pytest.approx(LN10, abs=0.15)
    first, second, third, last = (mean(part) for part in (losses[:5], losses[95:105], losses[195:205], losses[-10:]))
    assert first - second > 4 * (second - last) > 0 and second < 1 and third < 1
    assert any(later > earlier for earlier, later in pairwise(losses))
    assert 0 < last < 0.3 and right(torch, model, x_valid, y_valid) > 0.9


def test_a_loss_is_no_share_of_errors(torch):
    """own-run-unrun-curve: at a loss of .1 the right digit has nine tenths, and none need be wrong."""
    assert math.exp(-0.1) == pytest.approx(0.9, abs=0.01)
    scores = torch.tensor([[math.log(0.9), *[math.log(0.1 / 9)] * 9]])
    assert torch.nn.functional.cross_entropy(scores, torch.tensor([0])).item() == pytest.approx(0.1, abs=0.01)
    assert scores.argmax() == 0


def confused(torch: Any, truth: Any, said: Any) -> Any:
    return torch.bincount(10 * truth + said, minlength=100).reshape(10, 10)


def test_one_weak_digit_hides_in_the_average(torch):
    """own-run-errors: the table has the right answers on its diagonal, and the whole lies between the classes."""
    truth = torch.arange(10).repeat_interleave(100)
    said = truth.clone()
    said[400:430] = 9
    table = confused(torch, truth, said)
    assert table[4, 9] == 30 and table.diagonal().sum() == 970
    each = table.diagonal() / table.sum(dim=1)
    whole = (said == truth).float().mean()
    assert whole.item() == pytest.approx(0.97) and each[4].item() == pytest.approx(0.7)
    assert each.min() < whole < each.max()


def test_wrong_labels_stand_among_the_most_confident_mistakes(torch, real):
    """own-run-errors: of the held-out images that were given wrong labels on purpose, most are found at the top."""
    x, y, x_valid, y_valid = real
    model = perceptron(torch)
    train(torch, model, x, y, epochs=2, lr=3e-3)
    labels = y_valid.clone()
    labels[:30] = (labels[:30] + 1 + torch.randint(9, (30,))) % 10
    with torch.no_grad():
        sure, said = model(x_valid).softmax(dim=1).max(dim=1)
    missed = (said != labels).nonzero()[:, 0]
    ranked = missed[sure[missed].argsort(descending=True)]
    assert len(ranked) > 60
    assert (ranked[:30] < 30).sum() > 2 * (ranked[-30:] < 30).sum()
