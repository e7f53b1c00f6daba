"""What the questions about bugs in updates, outputs and data say of PyTorch, confirmed by making each bug.

Every docstring begins with the question's id; the programs are as small as shows the effect.
"""

from __future__ import annotations

import math
from typing import Any

import pytest


def small(torch: Any, outputs: int = 10) -> Any:
    nn = torch.nn
    return nn.Sequential(nn.Linear(20, 16), nn.ReLU(), nn.Linear(16, outputs))


@pytest.fixture
def task(torch: Any) -> tuple[Any, Any]:
    """Ten noisy clusters in 20 dimensions, 200 examples."""
    labels = torch.arange(200) % 10
    return 2 * torch.randn(10, 20)[labels] + 0.5 * torch.randn(200, 20), labels


def weights(torch: Any, model: Any) -> Any:
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def slope(torch: Any, loss: Any, at: Any) -> Any:
    [found] = torch.autograd.grad(loss, at)
    return found


def accuracy(model: Any, x: Any, y: Any) -> float:
    return (model(x).argmax(dim=1) == y).float().mean().item()


def fit(torch: Any, model: Any, x: Any, y: Any, steps: int = 100, lr: float = 0.01) -> None:
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()


def test_a_step_behind_the_loop_sees_the_last_batch_alone(torch, task):
    """finding-step-outside-loop: .grad is the last batch's gradient, and the weights move once an epoch."""
    (x, y), model, loss = task, small(torch), torch.nn.CrossEntropyLoss()
    optimizer, seen = torch.optim.SGD(model.parameters(), lr=0.1), set()
    last = slope(torch, loss(model(x[-20:]), y[-20:]), model[0].weight)
    for batch in torch.arange(200).split(20):
        optimizer.zero_grad()
        loss(model(x[batch]), y[batch]).backward()
        seen.add(weights(torch, model).sum().item())
    before = weights(torch, model)
    assert len(seen) == 1 and torch.allclose(model[0].weight.grad, last, atol=1e-6)
    optimizer.step()
    assert not torch.equal(weights(torch, model), before)


def test_a_step_inside_the_loop_learns_faster(torch, task):
    """finding-step-outside-loop: after ten epochs one step an epoch is far behind one a batch."""
    (x, y), ends = task, {}
    for inside in (True, False):
        torch.manual_seed(1)
        model = small(torch)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
        for _ in range(10):
            for batch in torch.arange(200).split(20):
                optimizer.zero_grad()
                torch.nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
                if inside:
                    optimizer.step()
            if not inside:
                optimizer.step()
        ends[inside] = torch.nn.functional.cross_entropy(model(x), y).item()
    assert ends[True] < 0.5 and ends[False] > 1.3


def test_a_loss_cut_off_has_no_way_back(torch, task, says):
    """finding-detached-loss: the two errors of backward, by item, detach, torch.tensor and no_grad."""
    says("finding-detached-loss", "element 0 of tensors does not require grad", "'float' object has no attribute")
    (x, y), model, entropy = task, small(torch), torch.nn.CrossEntropyLoss()
    with pytest.raises(AttributeError, match="'float' object has no attribute 'backward'"):
        entropy(model(x), y).item().backward()
    with torch.no_grad():
        unrecorded = entropy(model(x), y)
    for cut in (entropy(model(x), y).detach(), entropy(model(x).detach(), y), torch.tensor(2.3), unrecorded):
        with pytest.raises(RuntimeError, match="element 0 of tensors does not require grad and does not have a grad_f"):
            cut.backward()


def test_before_a_cut_nothing_learns_and_behind_it_all_does(torch, task):
    """finding-detached-loss: a cut inside the network; requires_grad silences the error and mends nothing."""
    (x, y), model, entropy = task, small(torch), torch.nn.CrossEntropyLoss()
    entropy(model[2](model[1](model[0](x)).detach()), y).backward()
    assert model[0].weight.grad is None and model[2].weight.grad.abs().sum() > 0
    fresh = small(torch)
    torch.tensor(entropy(fresh(x), y).item(), requires_grad=True).backward()
    assert all(p.grad is None for p in fresh.parameters())


def test_what_the_optimiser_was_not_given_stays(torch, task):
    """finding-parameters-not-in-optimizer: the first layer has a gradient, and the step leaves it alone, silently."""
    (x, y), model = task, small(torch)
    before = [p.detach().clone() for p in model.parameters()]
    optimizer = torch.optim.SGD(model[2].parameters(), lr=0.1)
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
    moved = [not torch.equal(p, old) for p, old in zip(model.parameters(), before, strict=True)]
    assert moved == [False, False, True, True] and model[0].weight.grad.abs().sum() > 0


def test_parameters_looks_into_no_plain_list(torch):
    """finding-parameters-not-in-optimizer: a list hides its layers, an nn.ModuleList and an nn.Parameter do not."""
    nn = torch.nn
    plain, listed, single = nn.Module(), nn.Module(), nn.Module()
    plain.layers = [nn.Linear(2, 2)]
    listed.layers = nn.ModuleList([nn.Linear(2, 2)])
    single.scale, single.shift = nn.Parameter(torch.ones(2)), torch.ones(2, requires_grad=True)
    assert [len(list(m.parameters())) for m in (plain, listed, single)] == [0, 2, 1]


def test_a_new_adam_steps_by_the_sign(torch):
    """finding-optimizer-made-anew: gradients of .001 and 10 move a weight equally far, by the learning rate."""
    w = torch.zeros(3, requires_grad=True)
    for turn in (1, 2, 3):
        optimizer = torch.optim.Adam([w], lr=0.01)
        optimizer.zero_grad()
        (w * torch.tensor([0.001, 10.0, -5.0])).sum().backward()
        optimizer.step()
        assert torch.allclose(w.detach(), turn * torch.tensor([-0.01, -0.01, 0.01]), rtol=1e-3)
    assert set(optimizer.state[w]) >= {"exp_avg", "exp_avg_sq", "step"}


def test_momentum_made_anew_is_plain_descent(torch):
    """finding-optimizer-made-anew: momentum never gathers speed, and plain SGD notices nothing."""
    ends = {}
    for momentum, anew in ((0.9, True), (0.9, False), (0.0, True), (0.0, False)):
        w = torch.tensor(1.0, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.01, momentum=momentum)
        for _ in range(20):
            optimizer = torch.optim.SGD([w], lr=0.01, momentum=momentum) if anew else optimizer
            optimizer.zero_grad()
            (3 * w).backward()
            optimizer.step()
        ends[momentum, anew] = w.item()
    assert ends[0.9, True] == ends[0.0, True] == ends[0.0, False] == pytest.approx(0.4, abs=1e-4)
    assert ends[0.9, False] < -1


@pytest.mark.parametrize("how", ["minus", "maximize", "by hand"])
def test_each_step_uphill_raises_the_loss(torch, task, how):
    """finding-steps-uphill: the cross-entropy grows into the thousands, and accuracy is no better than guessing."""
    (x, y), model = task, small(torch)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, maximize=how == "maximize")
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        losses.append(loss.item())
        (-loss if how == "minus" else loss).backward()
        if how == "by hand":
            with torch.no_grad():
                for p in model.parameters():
                    p += 0.05 * p.grad
        else:
            optimizer.step()
    assert losses[:10] == sorted(losses[:10]) and losses[-1] > 1000
    assert accuracy(model, x, y) < 0.2


def test_a_negative_rate_is_refused(torch):
    """finding-steps-uphill: PyTorch's optimisers raise an error instead of climbing."""
    for kind in (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop):
        with pytest.raises(ValueError, match="Invalid learning rate"):
            kind([torch.zeros(1, requires_grad=True)], lr=-0.1)


def test_tiny_steps_get_nowhere(torch, task, says):
    """finding-learning-rate-too-low: Adam at 1e-7 is 0.0001 away after a thousand steps, and the loss where it was."""
    says("finding-learning-rate-too-low", "1e-7 and a thousand steps", "0.0001", "initial weights are some hundredths")
    assert torch.nn.Linear(784, 256).weight.std().item() == pytest.approx(0.02, abs=0.005)
    (x, y), model = task, small(torch)
    start, first = weights(torch, model), torch.nn.functional.cross_entropy(model(x), y).item()
    fit(torch, model, x, y, steps=200, lr=1e-7)
    last = torch.nn.functional.cross_entropy(model(x), y).item()
    assert (weights(torch, model) - start).abs().max() < 1.1 * 200 * 1e-7
    assert 0.999 * first < last < first
    fit(torch, model, x, y, steps=200, lr=1e-2)
    assert torch.nn.functional.cross_entropy(model(x), y).item() < 0.1 * first


def test_a_relu_on_the_scores_blocks_a_cut_class(torch, task):
    """finding-activation-on-the-logits: a class cut to 0 for all images gets no gradient and is never learnt."""
    (x, y), model = task, small(torch)
    scores = torch.tensor([[-2.0, 0.5, 2.0]], requires_grad=True)
    assert slope(torch, torch.nn.functional.cross_entropy(scores.relu(), torch.tensor([0])), scores)[0, 0] == 0
    with torch.no_grad():
        model[2].bias[3] = -1000
    row, ending = model[2].weight[3].detach().clone(), torch.nn.Sequential(model, torch.nn.ReLU())
    fit(torch, ending, x, y)
    assert torch.equal(model[2].weight[3], row) and (ending(x)[y == 3].argmax(dim=1) != 3).all()
    assert accuracy(ending, x, y) > 0.5


def test_tanh_keeps_the_scores_together(torch, says):
    """finding-activation-on-the-logits: 0.45 at most, a loss above 0.80 to two digits, and a slope of nearly nought."""
    says("finding-activation-on-the-logits", "0.45", "0.80")
    best = torch.tensor([[1.0, *[-1.0] * 9]])
    assert best.softmax(dim=1)[0, 0].item() == pytest.approx(0.45, abs=0.005)
    assert torch.nn.functional.cross_entropy(best, torch.tensor([0])).item() == pytest.approx(0.80, abs=0.005)
    z = torch.tensor(5.0, requires_grad=True)
    assert slope(torch, z.tanh(), z) < 0.001


def test_dropout_on_the_scores_has_a_floor(torch, says):
    """finding-dropout-on-the-logits: 0.83 and 0.19 with perfect scores; noughts, larger scores; off when measured."""
    says("finding-dropout-on-the-logits", "0.83", "0.19")
    perfect, label = torch.full((20_000, 10), -100.0), torch.zeros(20_000, dtype=torch.long)
    perfect[:, 0] = 100.0
    for rate, floor in ((0.5, 0.83), (0.2, 0.19)):
        exact = sum(math.comb(9, k) * rate**k * (1 - rate) ** (9 - k) * math.log(1 + k) for k in range(10))
        drops = torch.nn.Dropout(rate)
        assert rate * exact == pytest.approx(floor, abs=0.005)
        assert torch.nn.functional.cross_entropy(drops(perfect), label).item() == pytest.approx(floor, abs=0.02)
        assert drops(perfect)[:, 0].unique().tolist() == pytest.approx([0, 100 / (1 - rate)])
        assert torch.nn.functional.cross_entropy(drops.eval()(perfect), label) == 0


def test_a_dropped_score_gets_no_gradient(torch):
    """finding-dropout-on-the-logits: where the score became 0, nothing comes back."""
    scores = torch.randn(50, 10, requires_grad=True)
    dropped = torch.nn.functional.dropout(scores, 0.5)
    found = slope(torch, torch.nn.functional.cross_entropy(dropped, torch.arange(50) % 10), scores)
    assert (found[dropped == 0] == 0).all() and (found[dropped != 0] != 0).all()


def test_too_few_outputs_fail_and_too_many_run(torch, task, says):
    """finding-wrong-number-of-outputs: nine have no place 9, one has only place 0, twelve learn to silence two."""
    says("finding-wrong-number-of-outputs", "Target 9 is out of bounds")
    nn, (x, y) = torch.nn, task
    with pytest.raises(IndexError, match="Target 9 is out of bounds"):
        nn.CrossEntropyLoss()(torch.randn(2, 9), torch.tensor([1, 9]))
    with pytest.raises(IndexError, match="Target 1 is out of bounds"):
        nn.CrossEntropyLoss()(torch.randn(2, 1), torch.tensor([0, 1]))
    with pytest.raises(ValueError, match="must be the same as input size"):
        nn.BCEWithLogitsLoss()(torch.randn(2, 5), torch.rand(2, 10))
    assert nn.CrossEntropyLoss()(torch.zeros(1, 12), torch.tensor([9])).item() == pytest.approx(math.log(12))
    model = small(torch, outputs=12)
    at_first = model(x).softmax(dim=1)[:, 10:].sum(dim=1).mean()
    fit(torch, model, x, y)
    assert at_first > 0.05 and model(x).softmax(dim=1)[:, 10:].sum(dim=1).max() < 0.01
    assert accuracy(model, x, y) > 0.95


def test_swapped_arguments_fail_or_give_nonsense(torch):
    """finding-loss-arguments-swapped: class numbers raise an error, one-hot labels give a figure, be it negative."""
    nn, scores, labels = torch.nn, torch.randn(4, 10), torch.tensor([1, 2, 3, 0])
    with pytest.raises((RuntimeError, NotImplementedError)):
        nn.CrossEntropyLoss()(labels, scores)
    with pytest.raises(RuntimeError):
        nn.NLLLoss()(labels, scores.log_softmax(dim=1))
    one_hot = nn.functional.one_hot(labels, 10).float()
    right, swapped = nn.CrossEntropyLoss()(scores, one_hot), nn.CrossEntropyLoss()(one_hot, scores)
    assert torch.allclose(right, nn.CrossEntropyLoss()(scores, labels)) and not torch.allclose(right, swapped)
    assert nn.CrossEntropyLoss()(one_hot, scores - 5) < 0 < nn.CrossEntropyLoss()(scores - 5, one_hot)
    assert nn.MSELoss()(one_hot, scores) == nn.MSELoss()(scores, one_hot)


def test_sizes_that_disagree_fail_in_the_forward_pass(torch, says):
    """finding-sizes-disagree: making the layers raises nothing, and the message names the two sizes."""
    says("finding-sizes-disagree", "mat1 and mat2 shapes cannot be multiplied (64x256 and 128x10)")
    nn = torch.nn
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(128, 10))
    with pytest.raises(RuntimeError, match=r"shapes cannot be multiplied \(64x256 and 128x10\)"):
        model(torch.zeros(64, 784))
    lazy = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.LazyLinear(10))
    assert lazy(torch.zeros(64, 784)).shape == (64, 10) and lazy[2].in_features == 256


def test_another_scale_is_another_input(torch, digits):
    """finding-scaled-otherwise: learned on 0 to 255 and measured on 0 to 1, accuracy is far below what it can do."""
    nn, (pixels, labels, unseen, truth) = torch.nn, digits
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
    fit(torch, model, pixels.float(), labels, steps=60, lr=1e-3)
    assert accuracy(model, unseen.float(), truth) > accuracy(model, unseen.float() / 255, truth) + 0.2


def test_larger_pixels_make_the_loss_wild_rather_than_the_ranking(torch, digits):
    """finding-scaled-otherwise: learned on 0 to 1 and measured on 0 to 255, the scores are far too large."""
    nn, (pixels, labels, unseen, _) = torch.nn, digits
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
    fit(torch, model, pixels.float() / 255, labels, steps=60)
    scaled, raw = model(unseen.float() / 255), model(unseen.float())
    assert raw.abs().mean() > 50 * scaled.abs().mean()
    assert (raw.argmax(dim=1) == scaled.argmax(dim=1)).float().mean() > 0.8


def test_a_layer_takes_no_bytes(torch, says):
    """finding-images-not-float: the error, plus and times that promote, a float() that is thrown away, float64."""
    says("finding-images-not-float", "mat1 and mat2 must have the same dtype, but got Byte and Float")
    images, layer = torch.full((2, 784), 200, dtype=torch.uint8), torch.nn.Linear(784, 10)
    with pytest.raises(RuntimeError, match="mat1 and mat2 must have the same dtype, but got Byte and Float"):
        layer(images)
    with pytest.raises(RuntimeError, match="same dtype"):
        layer(images.double())
    with pytest.raises(RuntimeError, match="should be the same"):
        torch.nn.Conv2d(1, 3, 3)(images.view(2, 1, 28, 28))
    with pytest.raises(RuntimeError, match="floating point"):
        images.requires_grad_()
    assert (images + torch.ones(784)).dtype == (images * torch.ones(784)).dtype == torch.float32
    images.float()
    assert images.dtype == torch.uint8 and layer(images.float() / 255).shape == (2, 10)


def test_what_was_learned_is_no_test(torch):
    """finding-trained-on-validation: labels by lot are learned by heart, and the figure is 1 for knowing nothing."""
    nn = torch.nn
    x, y, unseen, lots = torch.randn(60, 20), torch.randint(10, (60,)), torch.randn(500, 20), torch.randint(10, (500,))
    model = nn.Sequential(nn.Linear(20, 128), nn.ReLU(), nn.Linear(128, 10))
    fit(torch, model, x, y, steps=150)
    held = torch.arange(40, 60)
    assert accuracy(model, x[held], y[held]) == 1 and accuracy(model, unseen, lots) < 0.2
