"""What the questions about bugs found in a candidate's program say of PyTorch, confirmed by making each bug.

Every docstring begins with the question's id; the programs are as small as shows the effect.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

LN10 = math.log(10)
#: The least loss of ten scores between nought and one: one for the right class, noughts for the others.
FLOOR = math.log(1 + 9 / math.e)


def small(torch: Any, *ending: Any) -> Any:
    nn = torch.nn
    return nn.Sequential(nn.Linear(20, 16), nn.ReLU(), nn.Linear(16, 10), *ending)


@pytest.fixture
def task(torch: Any) -> tuple[Any, Any]:
    """Ten noisy clusters in 20 dimensions, 200 examples."""
    labels = torch.arange(200) % 10
    return 2 * torch.randn(10, 20)[labels] + 0.5 * torch.randn(200, 20), labels


def train(torch: Any, model: Any, task: tuple[Any, Any], calls: str, lr: float = 0.05, steps: int = 40) -> list[float]:
    """The losses of a loop that makes these calls, by their names, for each batch of 20."""
    x, y = task
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for step in range(steps):
        batch = torch.arange(20) + 20 * step % 200
        loss = torch.nn.CrossEntropyLoss()(model(x[batch]), y[batch])
        acts = {"clear": optimizer.zero_grad, "back": loss.backward, "step": optimizer.step}
        for call in calls.split():
            acts[call]()
        losses.append(loss.item())
    return losses


def weights(torch: Any, model: Any) -> Any:
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def slope(torch: Any, loss: Any, at: Any) -> Any:
    [found] = torch.autograd.grad(loss, at)
    return found


def test_gradients_of_three_batches_add_up(torch, task):
    """finding-no-zero-grad: after the third batch .grad is the sum of three gradients."""
    (x, y), model, loss = task, small(torch), torch.nn.CrossEntropyLoss()
    weight = model[0].weight
    parts = [slope(torch, loss(model(x[b]), y[b]), weight) for b in torch.arange(60).split(20)]
    for batch in torch.arange(60).split(20):
        loss(model(x[batch]), y[batch]).backward()
    assert torch.allclose(weight.grad, sum(parts), atol=1e-6)


def test_steps_on_the_pile_never_settle(torch):
    """finding-no-zero-grad: on a parabola fresh steps come to rest, and piled ones swing about it with all their might.

    It is a momentum that does not fade.
    """
    swings = {}
    for clears in (True, False):
        w = torch.tensor(1.0, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        path = []
        for _ in range(200):
            if clears:
                optimizer.zero_grad()
            (w * w / 2).backward()
            optimizer.step()
            path.append(w.item())
        swings[clears] = max(path[150:]) - min(path[150:])
    assert swings[True] < 1e-4 and swings[False] > 1.9


def test_clearing_after_the_step_is_as_good_as_before_the_backward_pass(torch, task):
    """finding-no-zero-grad: both places of the cure give the same weights."""
    ends = []
    for calls in ("clear back step", "back step clear"):
        torch.manual_seed(1)
        model = small(torch)
        train(torch, model, task, calls)
        ends.append(weights(torch, model))
    assert torch.equal(*ends)


def test_clearing_between_backward_and_step_leaves_none(torch, task):
    """finding-zero-grad-after-backward: .grad is None at the step, the weights stay, and nothing is raised."""
    model = small(torch)
    before = weights(torch, model)
    losses = train(torch, model, task, "back clear step")
    assert all(p.grad is None for p in model.parameters())
    assert torch.equal(weights(torch, model), before)
    assert abs(sum(losses) / len(losses) - LN10) < 0.7


def test_backward_changes_no_weight_and_the_step_does(torch, task):
    """finding-no-optimizer-step: backward fills .grad, and only the step moves the parameters."""
    model = small(torch)
    before = weights(torch, model)
    losses = train(torch, model, task, "clear back", steps=20)
    assert model[0].weight.grad.abs().sum() > 0 and torch.equal(weights(torch, model), before)
    assert losses[:10] == pytest.approx(losses[10:])
    train(torch, model, task, "clear back step", steps=1)
    assert not torch.equal(weights(torch, model), before)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_a_step_without_gradients_does_nothing_silently(torch, task, optimizer, recwarn):
    """finding-no-backward: .grad stays None after the forward pass, and the step skips such parameters."""
    (x, y), model = task, small(torch)
    before = weights(torch, model)
    torch.nn.CrossEntropyLoss()(model(x), y)
    assert all(p.grad is None for p in model.parameters())
    getattr(torch.optim, optimizer)(model.parameters(), lr=0.1).step()
    assert torch.equal(weights(torch, model), before) and not recwarn.list


def test_a_second_softmax_starves_a_confident_mistake_and_has_a_floor(torch, says):
    """finding-softmax-before-cross-entropy: the gradient, the 1.46, and what the second softmax makes of the first."""
    says("finding-softmax-before-cross-entropy", "1.46", "0.23 and nine times 0.085")
    loss, logits = torch.nn.CrossEntropyLoss(), torch.tensor([[10.0, *[0.0] * 9]], requires_grad=True)
    raw = slope(torch, loss(logits, torch.tensor([1])), logits).norm()
    twice = slope(torch, loss(logits.softmax(dim=1), torch.tensor([1])), logits).norm()
    assert twice < 0.01 * raw
    sure = torch.eye(10)[:1]
    assert loss(sure, torch.tensor([0])).item() == pytest.approx(FLOOR) == pytest.approx(1.46, abs=0.005)
    assert sure.softmax(dim=1)[0, :2].tolist() == pytest.approx([0.23, 0.085], abs=0.002)


def test_a_sigmoid_confines_the_scores_and_damps_the_gradient(torch, says):
    """finding-sigmoid-before-cross-entropy: 0.23 and 1.46 at best, a slope of a quarter at most, and .001 at .001."""
    says("finding-sigmoid-before-cross-entropy", "0.23", "1.46")
    assert math.e / (math.e + 9) == pytest.approx(0.23, abs=0.003)
    assert -math.log(math.e / (math.e + 9)) == pytest.approx(FLOOR)
    z = torch.linspace(-12, 12, 1001, requires_grad=True)
    assert slope(torch, z.sigmoid().sum(), z).max() == pytest.approx(0.25)
    low = torch.logit(torch.tensor(0.001)).requires_grad_()
    assert slope(torch, low.sigmoid(), low).item() == pytest.approx(0.001, rel=0.01)
    logits = 4 * torch.randn(50, 10)
    assert torch.equal(logits.argmax(dim=1), logits.sigmoid().argmax(dim=1))


def test_nll_loss_takes_no_logarithm(torch):
    """finding-nll-without-log: 2, 5, 1 give -5; raw scores leave the others alone; probabilities a weak gradient."""
    nn, label = torch.nn, torch.tensor([1])
    scores = torch.tensor([[2.0, 5.0, 1.0]], requires_grad=True)
    assert nn.NLLLoss()(scores, label) == -5
    assert slope(torch, nn.NLLLoss()(scores, label), scores).tolist() == [[0, -1, 0]]
    wrong = torch.tensor([[9.0, 0.0, 0.0]], requires_grad=True)
    weak = slope(torch, nn.NLLLoss()(wrong.softmax(dim=1), label), wrong).norm()
    assert weak < 0.001 * slope(torch, nn.CrossEntropyLoss()(wrong, label), wrong).norm()
    assert -1 <= nn.NLLLoss()(scores.softmax(dim=1), label) <= 0
    assert torch.allclose(nn.NLLLoss()(scores.log_softmax(dim=1), label), nn.CrossEntropyLoss()(scores, label))


def test_softmax_over_the_batch_normalises_columns(torch):
    """finding-softmax-wrong-dim: classes add up to one over images, batch mates matter, one image gets only ones."""
    scores = torch.randn(64, 10)
    wrong = scores.softmax(dim=0)
    assert torch.allclose(wrong.sum(dim=0), torch.ones(10))
    assert (wrong.sum(dim=1) - 1).abs().max() > 0.1
    assert scores[:1].softmax(dim=0).tolist() == [[1.0] * 10]
    batches = [[0, *mates.tolist()] for mates in torch.randperm(63).add(1).split(3)]
    firsts = {scores[batch].softmax(dim=0)[0].argmax().item() for batch in batches}
    assert len(firsts) > 1
    assert torch.allclose(scores.softmax(dim=1).sum(dim=1), torch.ones(64))


def test_a_row_of_linear_layers_is_one_matrix(torch):
    """finding-no-activation: multiplied out, the stack is a single linear map of the same inputs."""
    nn = torch.nn
    first, last, x = nn.Linear(20, 16).double(), nn.Linear(16, 10).double(), torch.randn(5, 20).double()
    matrix, offset = last.weight @ first.weight, last.weight @ first.bias + last.bias
    assert torch.allclose(last(first(x)), x @ matrix.T + offset)
    assert not torch.allclose(last(first(x).relu()), x @ matrix.T + offset)


def test_straight_boundaries_stop_where_bent_ones_go_on(torch):
    """finding-no-activation: on exclusive or, the linear stack keeps a loss of ln 2, and ReLU solves it."""
    nn = torch.nn
    x, y = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]]), torch.tensor([0, 1, 1, 0])
    ends = {}
    for act in (nn.Identity, nn.ReLU):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(2, 16), act(), nn.Linear(16, 2))
        optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
        for _ in range(150):
            optimizer.zero_grad()
            loss = nn.CrossEntropyLoss()(model(x), y)
            loss.backward()
            optimizer.step()
        ends[act] = loss.item()
    assert ends[nn.Identity] > math.log(2) - 0.01 and ends[nn.ReLU] < 0.05


def test_linear_digits_stop_below_those_with_relu(torch, mnist, says):
    """finding-no-activation: on 3,000 real digits the linear stack is behind, and near 92 per cent is its limit."""
    says("finding-no-activation", "92")
    x, y, x_valid, y_valid = (t[:3000] for t in mnist)
    x, x_valid, nn, right = x.flatten(1) / 255, x_valid.flatten(1) / 255, torch.nn, {}
    for act in (nn.Identity, nn.ReLU):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(784, 64), act(), nn.Linear(64, 10))
        optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
        for batch in torch.arange(3000).split(100) * 6:
            optimizer.zero_grad()
            nn.CrossEntropyLoss()(model(x[batch]), y[batch]).backward()
            optimizer.step()
        right[act] = (model(x_valid).argmax(dim=1) == y_valid).float().mean().item()
    assert 0.8 < right[nn.Identity] < min(0.93, right[nn.ReLU])


def test_training_mode_makes_predictions_random_and_no_grad_does_not_help(torch, task):
    """finding-never-eval: dropout varies from call to call, lowers the accuracy, and is stopped by eval alone."""
    (x, y), nn = task, torch.nn
    model = nn.Sequential(nn.Linear(20, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 10))
    train(torch, model, task, "clear back step", lr=0.1, steps=150)
    with torch.no_grad():
        assert not torch.equal(model(x), model(x))
        noisy = sum((model(x).argmax(dim=1) == y).float().mean() for _ in range(20)) / 20
    model.eval()
    assert torch.equal(model(x), model(x))
    assert (model(x).argmax(dim=1) == y).float().mean() > noisy


def test_batch_norm_in_training_mode_looks_at_the_batch(torch):
    """finding-never-eval: batch mates matter, averages take in the data under no_grad too, one image alone fails."""
    norm, x = torch.nn.BatchNorm1d(4), 3 + torch.randn(16, 4)
    with torch.no_grad():
        assert not torch.allclose(norm(x[:8])[0], norm(x[[0, *range(8, 15)]])[0])
    assert (norm.running_mean > 0).all()
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        norm(x[:1])
    norm.eval()
    assert torch.allclose(norm(x[:8])[0], norm(x[:1])[0])


@pytest.mark.parametrize("act", ["ReLU", "Tanh"])
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_from_zeros_only_the_last_bias_moves(torch, task, act, optimizer):
    """finding-zero-initialisation: all weights stay at zero, and every input gets the same scores and ln 10."""
    (x, y), nn = task, torch.nn
    model = nn.Sequential(nn.Linear(20, 16), getattr(nn, act)(), nn.Linear(16, 10))
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    steps = getattr(torch.optim, optimizer)(model.parameters(), lr=0.1)
    for batch in torch.arange(200).split(15):
        steps.zero_grad()
        nn.CrossEntropyLoss()(model(x[batch]), y[batch]).backward()
        steps.step()
    assert [bool(p.any()) for p in model.parameters()] == [False, False, False, True]
    assert torch.equal(model(x), model(x)[:1].expand(200, 10))
    assert nn.CrossEntropyLoss()(model(x), y).item() == pytest.approx(LN10, abs=0.15)


def test_from_zeros_sigmoid_units_move_and_stay_alike(torch, task):
    """finding-zero-initialisation: sigmoids say one half, so weights move, each unit like its neighbour."""
    nn = torch.nn
    model = nn.Sequential(nn.Linear(20, 16), nn.Sigmoid(), nn.Linear(16, 10))
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    train(torch, model, task, "clear back step")
    assert model[0].weight.any() and (model[0].weight - model[0].weight[:1]).abs().max() < 1e-6


def test_equal_units_stay_equal_and_learn_little(torch, task):
    """finding-equal-initialisation: copies after training, some gain, and far behind a random start."""
    (x, y), nn = task, torch.nn
    model, loss = small(torch), nn.CrossEntropyLoss()
    random = train(torch, small(torch), task, "clear back step", steps=200)
    for parameter in model.parameters():
        nn.init.constant_(parameter, 0.05)
    before = loss(model(x), y).item()
    train(torch, model, task, "clear back step", steps=200)
    after = loss(model(x), y).item()
    assert (model[0].weight - model[0].weight[:1]).abs().max() < 1e-5
    assert (model[2].weight - model[2].weight[:, :1]).abs().max() < 1e-5
    assert random[-1] < 0.3 < 1 < after < before - 0.1
    assert 0.1 < (model(x).argmax(dim=1) == y).float().mean() < 0.5


def test_squared_error_on_class_numbers_counts_distance_and_answers_the_mean(torch):
    """finding-mse-on-class-indices: 8 as 7 costs 1 and as 0 costs 64; between 1 and 7 the least error is at 4."""
    mse = torch.nn.MSELoss()
    eight = torch.tensor([8.0])
    assert (mse(eight - 1, eight), mse(eight - 8, eight)) == (1, 64)
    guesses = torch.arange(0, 10, 0.5)
    errors = [mse(guess.expand(2), torch.tensor([1.0, 7.0])).item() for guess in guesses]
    assert guesses[errors.index(min(errors))] == 4
    hot = torch.eye(10)
    assert len({round(mse(hot[i], hot[j]).item(), 6) for i in range(10) for j in range(i)}) == 1
    swap, labels, scores = torch.tensor([1, 0, *range(2, 10)]), torch.arange(10), torch.randn(10, 10)
    same = torch.nn.CrossEntropyLoss()
    assert torch.allclose(same(scores, labels), same(scores[:, swap], swap[labels]))


def test_labels_of_a_wrong_type_stop_at_the_loss(torch):
    """finding-wrong-label-type: float and int16 labels are refused, long picks a score, floats are probabilities."""
    scores, labels = torch.randn(4, 10), torch.tensor([3, 1, 4, 1])
    for loss in (torch.nn.CrossEntropyLoss(), torch.nn.NLLLoss()):
        for kind in (torch.float32, torch.int16, torch.int32):
            with pytest.raises(RuntimeError, match=r"Long|Float|dtype|scalar type"):
                loss(scores, labels.to(kind))
    picked = -scores.log_softmax(dim=1)[torch.arange(4), labels].mean()
    cross = torch.nn.CrossEntropyLoss()
    assert torch.allclose(cross(scores, labels.float().long()), picked)
    assert torch.allclose(cross(scores, torch.eye(10)[labels]), picked)


def test_a_linear_layer_takes_the_last_dimension(torch, says):
    """finding-not-flattened: 784 inputs refuse rows of 28, 28 inputs run by rows, and flattening keeps the batch."""
    says("finding-not-flattened", "mat1 and mat2 shapes cannot be multiplied", "28 results for each image")
    nn, images = torch.nn, torch.rand(64, 28, 28)
    with pytest.raises(RuntimeError, match="1792x28 and 784x256"):
        nn.Linear(784, 256)(images)
    assert nn.Linear(28, 10)(images).shape == (64, 28, 10)
    assert nn.Flatten()(images).shape == images.flatten(1).shape == images.view(len(images), -1).shape == (64, 784)


def test_unscaled_pixels_enlarge_the_first_layer_and_its_gradients(torch):
    """finding-not-scaled: the gradient of a weight has its input as a factor, 255 times as large at the same error."""
    layer, scaled, error = torch.nn.Linear(784, 16, bias=False), torch.rand(8, 784), torch.randn(8, 16)
    one = slope(torch, (layer(scaled) * error).sum(), layer.weight)
    many = slope(torch, (layer(255 * scaled) * error).sum(), layer.weight)
    assert torch.allclose(many, 255 * one, rtol=1e-4, atol=1e-2)
    assert torch.allclose(layer(255 * scaled), 255 * layer(scaled), rtol=1e-3, atol=1e-2)


def test_sgd_diverges_on_unscaled_pixels_and_adam_copes(torch, digits):
    """finding-not-scaled: a huge first loss, then nan or chance with SGD at a rate that is fine for scaled pixels."""
    x, y, *_ = digits
    nn = torch.nn
    last: dict[tuple[str, int], float] = {}
    first: dict[tuple[str, int], float] = {}
    for name, rate, scale in (("SGD", 0.05, 255), ("SGD", 0.05, 1), ("Adam", 1e-3, 1)):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
        optimizer = getattr(torch.optim, name)(model.parameters(), lr=rate)
        for batch in torch.arange(640).split(64) * 12:
            optimizer.zero_grad()
            loss = nn.CrossEntropyLoss()(model(x[batch] / scale), y[batch])
            first.setdefault((name, scale), loss.item())
            loss.backward()
            optimizer.step()
        last[name, scale] = loss.item()
    assert first["SGD", 1] > 4 * first["SGD", 255]
    assert last["SGD", 255] < 1.5 and last["Adam", 1] < 1.5
    assert not last["SGD", 1] < 2


def test_steps_beyond_two_over_the_curvature_climb(torch):
    """finding-learning-rate-too-high: on a parabola of curvature 4, a rate of .49 descends and .51 climbs."""
    for rate, climbs in ((0.49, False), (0.51, True)):
        w = torch.tensor(1.0, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=rate)
        losses = []
        for _ in range(20):
            optimizer.zero_grad()
            loss = 2 * w * w
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        assert losses == sorted(losses, reverse=not climbs)


@pytest.mark.parametrize(("optimizer", "rates"), [("SGD", (0.1, 100)), ("Adam", (0.01, 10))])
def test_a_high_rate_keeps_the_loss_from_falling(torch, task, optimizer, rates):
    """finding-learning-rate-too-high: the loss falls at a customary rate; at a high one it shoots up."""
    (x, y), curves = task, []
    for rate in rates:
        torch.manual_seed(0)
        model = small(torch)
        steps = getattr(torch.optim, optimizer)(model.parameters(), lr=rate)
        losses = []
        for batch in torch.arange(200).split(20) * 15:
            steps.zero_grad()
            loss = torch.nn.CrossEntropyLoss()(model(x[batch]), y[batch])
            loss.backward()
            steps.step()
            losses.append(loss.item())
        curves.append(losses)
    customary, high = curves
    assert customary[-1] < 0.3 and max(customary) < 2 * customary[0]
    assert not max(high) < 20 * high[0]


def test_a_library_function_can_be_built_and_is_compared_with(torch, says):
    """finding-forbidden: the log of a sum of exponentials by elementary operations, and a gradient by differences."""
    says("finding-forbidden", "logits.max(dim=1, keepdim=True).values", "atol=1e-6", "finite differences")
    logits = torch.randn(6, 10) * torch.tensor([[1.0], [10.0], [80.0], [1000.0], [-1000.0], [0.0]])
    shift = logits.max(dim=1, keepdim=True).values
    log_sum = shift[:, 0] + (logits - shift).exp().sum(dim=1).log()
    assert torch.allclose(log_sum, logits.logsumexp(dim=1), atol=1e-6)
    assert logits.exp().sum(dim=1).log().isinf().any()  # the formula of the book overflows
    double = torch.randn(3, dtype=torch.float64, requires_grad=True)
    found = slope(torch, double.exp().sum().log(), double)
    ahead = torch.stack([(double + 1e-6 * unit).exp().sum().log() for unit in torch.eye(3, dtype=torch.float64)])
    assert torch.allclose((ahead - double.exp().sum().log()) / 1e-6, found, atol=1e-5)


def test_two_right_versions_differ_in_the_last_bits(torch):
    """finding-forbidden: which is why they are compared within a tolerance."""
    logits = 10 * torch.randn(2000, 10)
    shift = logits.max(dim=1, keepdim=True).values
    own = shift[:, 0] + (logits - shift).exp().sum(dim=1).log()
    library = logits.double().logsumexp(dim=1).float()
    assert not torch.equal(own, library) and torch.allclose(own, library, atol=1e-5)
