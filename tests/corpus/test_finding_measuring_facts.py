"""What the questions about data, devices, measuring and advice say of PyTorch, confirmed by making each finding.

Every docstring begins with the question's id; the programs are as small as shows the effect. A GPU is nowhere needed:
the device `meta` stands for the second one.
"""

from __future__ import annotations

import math
import weakref
from typing import Any

import pytest

LN10 = math.log(10)


def small(torch: Any, act: str = "ReLU", width: int = 32) -> Any:
    nn = torch.nn
    bend = nn.Softmax(dim=1) if act == "Softmax" else getattr(nn, act)()
    return nn.Sequential(nn.Linear(20, width), bend, nn.Linear(width, 10))


@pytest.fixture
def task(torch: Any) -> tuple[Any, Any, Any, Any]:
    """Ten noisy clusters in 20 dimensions: 400 examples to learn from, and 400 more."""
    centres, labels = 2 * torch.randn(10, 20), torch.randint(10, (800,))
    x = centres[labels] + 0.7 * torch.randn(800, 20)
    return x[:400], labels[:400], x[400:], labels[400:]


def fit(torch: Any, model: Any, x: Any, y: Any, batches: list[Any], lr: float = 0.01, loss: Any = None) -> list[float]:
    """The losses of Adam's steps on these batches, which are lists of positions."""
    optimizer, losses = torch.optim.Adam(model.parameters(), lr=lr), []
    for batch in batches:
        optimizer.zero_grad()
        value = (loss or torch.nn.CrossEntropyLoss())(model(x[batch]), y[batch])
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return losses


def mixed(torch: Any, epochs: int, size: int = 40, rows: int = 400) -> list[Any]:
    return [batch for _ in range(epochs) for batch in torch.randperm(rows).split(size)]


def accuracy(torch: Any, model: Any, x: Any, y: Any) -> float:
    with torch.no_grad():
        return (model(x).argmax(dim=1) == y).float().mean().item()


def slope(torch: Any, value: Any, at: Any) -> Any:
    [found] = torch.autograd.grad(value, at)
    return found


def test_pairs_torn_apart_teach_nothing(torch, task):
    """finding-images-and-labels-shuffled-apart: chance with two orders in each epoch, and success with one."""
    x, y, x_new, y_new = task
    ends = {}
    for orders in (1, 2):
        torch.manual_seed(0)
        model, losses = small(torch), []
        for _ in range(8):
            images = torch.randperm(400)
            labels = images if orders == 1 else torch.randperm(400)
            losses = fit(torch, model, x[images], y[labels], list(torch.arange(400).split(40)))
        ends[orders] = sum(losses) / len(losses), accuracy(torch, model, x_new, y_new)
    assert ends[1][0] < 0.3 and ends[1][1] > 0.9
    assert abs(ends[2][0] - LN10) < 0.25 and ends[2][1] < 0.25


def test_wrong_pairs_can_be_memorised_and_help_on_nothing_new(torch, task):
    """finding-images-and-labels-shuffled-apart: a fixed wrong pairing brings the training loss down, and no more."""
    x, y, x_new, y_new = task
    model = small(torch, width=256)
    losses = fit(torch, model, x, y[torch.randperm(400)], mixed(torch, 40, rows=120))
    assert losses[-1] < 1 and accuracy(torch, model, x_new, y_new) < 0.25
    assert torch.nn.CrossEntropyLoss()(model(x_new), y_new) > LN10


def test_a_loader_shuffles_whole_pairs(torch):
    """finding-images-and-labels-shuffled-apart: each image keeps its label under shuffle=True."""
    data = torch.utils.data
    pairs = data.TensorDataset(torch.arange(50), torch.arange(50) + 100)
    loader = data.DataLoader(pairs, 8, shuffle=True)
    drawn = [(a, b) for images, labels in loader for a, b in zip(images, labels, strict=True)]
    assert all(b == a + 100 for a, b in drawn) and [int(a) for a, _ in drawn] != list(range(50))


def test_what_lies_on_two_devices_is_not_combined(torch, says):
    """finding-device-mix-up: the layer and the loss refuse; a module moves in place, a tensor is copied."""
    says("finding-device-mix-up", "Expected all tensors to be on the same device")
    nn, images, labels = torch.nn, torch.randn(3, 4), torch.tensor([0, 1, 1])
    model = nn.Linear(4, 2)
    assert nn.CrossEntropyLoss()(model.to("cpu")(images.to("cpu")), labels.to("cpu")) > 0
    assert model.to("meta") is model and model.weight.device.type == "meta"
    for wrong in (lambda: model(images), lambda: nn.CrossEntropyLoss()(model(images.to("meta")), labels)):
        with pytest.raises(RuntimeError, match="device"):
            wrong()
    images.to("meta")
    assert images.device.type == "cpu"
    assert nn.CrossEntropyLoss()(model(images.to("meta")), labels.to("meta")).device.type == "meta"


def test_a_written_figure_is_the_same_for_any_network(torch, task):
    """finding-hard-coded-result: a measurement tells a trained network from an untrained one."""
    x, y, x_new, y_new = task
    model = small(torch)
    before = accuracy(torch, model, x_new, y_new)
    fit(torch, model, x, y, mixed(torch, 12))
    assert before < 0.4 and accuracy(torch, model, x_new, y_new) > 0.9


def test_most_parameters_sit_behind_the_flattening(torch, says):
    """finding-over-budget: as many as the rules say; pooling, channels and width save, dropout and ReLU have none."""
    says("finding-over-budget", "12,544 numbers", "125,450 parameters", "1,168", "7,850 parameters")
    nn = torch.nn

    def count(module: Any) -> int:
        return sum(p.numel() for p in module.parameters())

    convolution = nn.Conv2d(8, 16, kernel_size=3, padding=1)
    assert count(convolution) == 3 * 3 * 8 * 16 + 16 == 1168
    for side in (28, 56):  # the same kernel, whatever the size of the image
        assert convolution(torch.randn(1, 8, side, side)).shape == (1, 16, side, side)
    assert 16 * 28 * 28 == 12_544 and count(nn.Linear(12_544, 10)) == 12_544 * 10 + 10 == 125_450
    pooled = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.MaxPool2d(2), convolution, nn.MaxPool2d(2), nn.Flatten())
    assert pooled(torch.randn(2, 1, 28, 28)).shape == (2, 784) and count(nn.Linear(784, 10)) == 7850
    strided = nn.Conv2d(1, 8, 3, stride=2, padding=1)
    assert strided(torch.randn(1, 1, 28, 28)).shape[-1] == 14 and count(strided) == count(nn.Conv2d(1, 8, 3))
    assert nn.AdaptiveAvgPool2d(1)(torch.randn(2, 16, 28, 28)).flatten(1).shape == (2, 16)
    assert count(nn.Conv2d(1, 4, 3)) < count(nn.Conv2d(1, 8, 3)) and count(nn.Linear(784, 5)) < 7850
    assert sum(map(count, (nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.Dropout(0.5)))) == 0


def test_evaluation_mode_stays_through_the_next_epochs(torch, task):
    """finding-never-back-to-train: no step ends it; dropout lets all through, averages stay, and weights still move."""
    (x, y, *_), nn = task, torch.nn
    model = nn.Sequential(nn.Linear(20, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, 10))
    fit(torch, model, x, y, mixed(torch, 1))
    model.eval()
    averages, weight = model[1].running_mean.clone(), model[0].weight.detach().clone()
    fit(torch, model, x, y, mixed(torch, 1))
    assert not any(module.training for module in model.modules())
    assert torch.equal(model[1].running_mean, averages) and not torch.equal(model[0].weight, weight)
    assert torch.equal(model[3](x), x) and torch.equal(model(x), model(x))
    model.train()
    fit(torch, model, x, y, mixed(torch, 1))
    assert not torch.equal(model[1].running_mean, averages) and not torch.equal(model(x), model(x))


def test_an_argmax_over_the_batch_counts_images(torch):
    """finding-argmax-wrong-dim: ten places among 64 images, a shape error or nonsense, and one number without dim."""
    labels = torch.randint(10, (64,))
    scores = 5 * torch.eye(10)[labels] + 0.1 * torch.randn(64, 10)
    places = scores.argmax(dim=0)
    assert places.shape == (10,) and 9 < places.max() < 64
    with pytest.raises(RuntimeError, match="must match the size"):
        _ = places == labels
    assert scores.argmax().shape == () and 0 <= scores.argmax() < 640
    assert (scores.argmax() == labels).shape == (64,)
    assert (scores[:10].argmax(dim=0) == labels[:10]).float().mean() < 0.5
    assert torch.equal(scores.argmax(dim=1), labels) and torch.equal(scores.argmax(dim=-1), labels)


def test_sigmoids_shrink_the_gradient_by_the_layer(torch, says):
    """finding-sigmoid-hidden: a slope of a quarter at most, a thousandth after five, and far less than with ReLU."""
    says("finding-sigmoid-hidden", "0.25^5 \\approx 0.001", "**0.25**")
    z = torch.linspace(-12, 12, 1001, requires_grad=True)
    slopes = slope(torch, z.sigmoid().sum(), z)
    assert slopes.max() == pytest.approx(0.25) and slopes[0] < 1e-4 and abs(0.25**5 - 0.001) < 1e-4
    assert set(slope(torch, z.relu().sum(), z).tolist()) == {0.0, 1.0}
    nn, first = torch.nn, {}
    for act in (nn.Sigmoid, nn.ReLU):
        torch.manual_seed(0)
        layers = [part for _ in range(6) for part in (nn.Linear(64, 64), act())]
        model = nn.Sequential(*layers, nn.Linear(64, 10))
        loss = nn.CrossEntropyLoss()(model(torch.randn(32, 64)), torch.randint(10, (32,)))
        first[act] = slope(torch, loss, model[0].weight).norm()
    assert first[nn.Sigmoid] < first[nn.ReLU] / 20


def test_one_hidden_layer_learns_with_sigmoids_and_more_slowly(torch, task):
    """finding-sigmoid-hidden: behind ReLU after a few epochs, and good in the end."""
    x, y, x_new, y_new = task
    early, models = {}, {}
    for act in ("Sigmoid", "ReLU"):
        torch.manual_seed(0)
        models[act] = small(torch, act)
        early[act] = fit(torch, models[act], x, y, mixed(torch, 3))[-1]
    assert early["Sigmoid"] > early["ReLU"]
    fit(torch, models["Sigmoid"], x, y, mixed(torch, 20))
    assert accuracy(torch, models["Sigmoid"], x_new, y_new) > 0.9


def test_a_softmax_between_layers_makes_small_shares_and_small_slopes(torch, task):
    """finding-softmax-hidden: shares of 1/128 that add up to one, a weaker gradient than with ReLU, slower learning."""
    x, y, *_ = task
    first, losses = {}, {}
    for act in ("Softmax", "ReLU"):
        torch.manual_seed(0)
        model = small(torch, act, 128)
        first[act] = slope(torch, torch.nn.CrossEntropyLoss()(model(x), y), model[0].weight).norm()
        losses[act] = fit(torch, model, x, y, mixed(torch, 4))[-1]
        if act == "Softmax":
            shares = model[:2](x)
            assert torch.allclose(shares.sum(dim=1), torch.ones(400)) and shares.mean().item() == pytest.approx(1 / 128)
    assert first["Softmax"] < first["ReLU"] / 20 and losses["Softmax"] > 2 * losses["ReLU"]
    z = torch.randn(128, requires_grad=True)
    p = z.softmax(dim=0)
    assert torch.allclose(slope(torch, p[3], z), p[3] * (torch.eye(128)[3] - p), atol=1e-6)


def test_sorted_batches_forget_and_mixed_ones_in_a_fixed_order_lose_little(torch, digits):
    """finding-no-shuffling: sorted by class it fails, in a fixed mixed order it is about as good as shuffled."""
    x, y, x_new, y_new = digits
    x, x_new, nn, right = x.flatten(1) / 255, x_new.flatten(1) / 255, torch.nn, {}
    for name, orders in {
        "sorted": [y.argsort()] * 3,
        "fixed": [torch.arange(640)] * 3,
        "shuffled": [torch.randperm(640) for _ in range(3)],
    }.items():
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for batch in (batch for order in orders for batch in order.split(8)):
            optimizer.zero_grad()
            nn.CrossEntropyLoss()(model(x[batch]), y[batch]).backward()
            optimizer.step()
        right[name] = accuracy(torch, model, x_new, y_new)
    assert right["sorted"] < 0.5 and right["shuffled"] > 0.9 and abs(right["fixed"] - right["shuffled"]) < 0.05


def test_a_loader_without_shuffle_repeats_its_batches(torch):
    """finding-no-shuffling: the same images meet in each epoch, and with shuffle=True others do."""
    data = torch.utils.data
    for shuffle in (False, True):
        loader = data.DataLoader(data.TensorDataset(torch.arange(60)), 10, shuffle=shuffle)
        first, second = ([batch.tolist() for (batch,) in loader] for _ in range(2))
        assert (first == second) is not shuffle


def test_the_sum_of_detached_losses_is_the_sum_of_the_numbers(torch, task):
    """finding-item-every-step: item gives a float; the detached total has no graph and the same mean."""
    x, y, *_ = task
    model, numbers, total = small(torch), [], torch.zeros(())
    for batch in mixed(torch, 1):
        loss = torch.nn.CrossEntropyLoss()(model(x[batch]), y[batch])
        numbers.append(loss.item())
        total += loss.detach()
    assert type(numbers[0]) is float and total.grad_fn is None and not total.requires_grad
    assert total.item() == pytest.approx(sum(numbers))


class Saved:
    """What a graph saved for its backward pass, so that its life can be watched."""

    def __init__(self, tensor: Any) -> None:
        self.tensor = tensor.detach()


def saved_by(torch: Any, keep: Any, backward: bool, graph: bool = True) -> int:
    """How many saved tensors are alive after five mini-batches whose losses were kept in this way."""
    alive: weakref.WeakSet[Saved] = weakref.WeakSet()

    def pack(tensor: Any) -> Saved:
        one = Saved(tensor)
        alive.add(one)
        return one

    model, kept = small(torch), []
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda one: one.tensor), torch.set_grad_enabled(graph):
        for _ in range(5):
            loss = torch.nn.CrossEntropyLoss()(model(torch.randn(8, 20)), torch.randint(10, (8,)))
            if backward:
                loss.backward()
            kept.append(keep(loss))
            del loss
    return len(alive)


def test_a_kept_loss_keeps_its_graph_and_backward_empties_it(torch):
    """finding-loss-kept-with-graph: activations stay where no backward pass was run; nodes stay after one, too."""
    assert saved_by(torch, lambda loss: loss, backward=False) >= 10
    assert saved_by(torch, lambda loss: loss, backward=True) == 0
    assert saved_by(torch, lambda loss: loss.detach(), backward=False) == 0
    assert saved_by(torch, lambda loss: loss.item(), backward=False) == 0
    model, total = small(torch), torch.zeros(())
    for _ in range(3):
        loss = torch.nn.CrossEntropyLoss()(model(torch.randn(8, 20)), torch.randint(10, (8,)))
        loss.backward()
        total = total + loss
    node, depth = total.grad_fn, 0
    while type(node).__name__ == "AddBackward0":
        node, depth = node.next_functions[0][0], depth + 1
    assert depth == 3 and loss.detach().grad_fn is None and loss.clone().grad_fn is not None


def test_a_second_log_softmax_changes_nothing(torch):
    """finding-log-softmax-before-cross-entropy: the same values, loss and gradient; NLLLoss agrees."""
    nn, scores, labels = torch.nn, (5 * torch.randn(8, 10)).requires_grad_(), torch.randint(10, (8,))
    once = scores.log_softmax(dim=1)
    assert torch.allclose(once.exp().sum(dim=1).log(), torch.zeros(8), atol=1e-6)
    assert torch.allclose(once.log_softmax(dim=1), once, atol=1e-6)
    raw, twice = nn.CrossEntropyLoss()(scores, labels), nn.CrossEntropyLoss()(once, labels)
    assert torch.allclose(raw, twice) and torch.allclose(raw, nn.NLLLoss()(once, labels))
    assert torch.allclose(slope(torch, raw, scores), slope(torch, twice, scores), atol=1e-6)


def test_ten_sigmoids_learn_and_are_no_distribution(torch, task):
    """finding-sigmoid-with-bce: the largest output is right mostly, each depends on its score alone, sums are not 1."""
    (x, y, x_new, y_new), nn = task, torch.nn
    hot = torch.eye(10)
    model = nn.Sequential(small(torch), nn.Sigmoid())
    fit(torch, model, x, hot[y], mixed(torch, 15), loss=nn.BCELoss())
    assert accuracy(torch, model, x_new, y_new) > 0.9
    with torch.no_grad():
        assert (model(3 * torch.randn(100, 20)).sum(dim=1) - 1).abs().max() > 0.2
    scores = torch.randn(10, requires_grad=True)
    assert slope(torch, scores.sigmoid()[3], scores).count_nonzero() == 1
    assert slope(torch, scores.softmax(dim=0)[3], scores).count_nonzero() == 10


@pytest.mark.parametrize(("score", "label"), [(-50.0, 1.0), (20.0, 0.0)])
def test_a_separate_sigmoid_rounds_off_sure_mistakes(torch, score, label):
    """finding-sigmoid-with-bce: a very sure mistake gets no gradient from BCELoss, and all of it with logits."""
    nn, z, target = torch.nn, torch.tensor([score], requires_grad=True), torch.tensor([label])
    assert slope(torch, nn.BCELoss()(z.sigmoid(), target), z).abs() < 1e-6
    assert slope(torch, nn.BCEWithLogitsLoss()(z, target), z).abs() == pytest.approx(1)


def test_random_labels_are_memorised_and_only_held_out_ones_tell(torch, task):
    """finding-no-validation: the training loss of nonsense falls as that of sense does; held-out accuracy differs."""
    x, y, x_new, y_new = task
    nonsense = torch.randint(10, (400,))
    ends = {}
    for name, labels in (("sense", y), ("nonsense", nonsense)):
        model = small(torch, width=256)
        loss = fit(torch, model, x, labels, mixed(torch, 40, rows=120))[-1]
        ends[name] = loss, accuracy(torch, model, x[:120], labels[:120]), accuracy(torch, model, x_new, y_new)
    assert all(loss < 0.7 and train > 0.85 for loss, train, _ in ends.values())
    assert ends["sense"][2] > 0.9 and ends["nonsense"][2] < 0.25


def test_measuring_with_gradients_keeps_a_graph_and_the_same_figures(torch, task):
    """finding-gradients-while-evaluating: eval leaves gradients on; no_grad saves nothing; figures and weights stay."""
    x_new, y_new = task[2:]
    model = small(torch).eval()
    before = model[0].weight.detach().clone()
    scores = model(x_new)
    assert scores.requires_grad and scores.grad_fn is not None
    for off in (torch.no_grad, torch.inference_mode):
        with off():
            bare = model(x_new)
        assert not bare.requires_grad and bare.grad_fn is None and torch.equal(bare, scores)
    assert (scores.argmax(dim=1) == y_new).float().mean().item() == accuracy(torch, model, x_new, y_new)
    assert torch.equal(model[0].weight, before) and model[0].weight.grad is None
    assert saved_by(torch, lambda loss: loss, backward=False, graph=False) == 0


def test_mini_batches_get_further_in_as_many_epochs(torch, task, says):
    """finding-whole-set-as-one-batch: one update an epoch against ten, 844 of MNIST's; rough gradients point alike."""
    says("finding-whole-set-as-one-batch", "54{,}000 / 64 \\approx 844")
    assert math.ceil(54_000 / 64) == 844
    x, y, *_ = task
    ends = {}
    for size in (400, 40):
        torch.manual_seed(0)
        batches = mixed(torch, 6, size)
        assert len(batches) == 6 * 400 // size
        model = small(torch)
        fit(torch, model, x, y, batches)
        ends[size] = torch.nn.CrossEntropyLoss()(model(x), y).item()
    assert ends[40] < ends[400] / 2
    model, loss = small(torch), torch.nn.CrossEntropyLoss()
    whole, rough = (slope(torch, loss(model(x[:n]), y[:n]), model[0].weight).flatten() for n in (400, 64))
    assert torch.cosine_similarity(whole, rough, dim=0) > 0.7
