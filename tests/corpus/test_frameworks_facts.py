"""What the questions on tensors, autograd, loops and the tools of PyTorch say, confirmed by running it."""

from __future__ import annotations

import math
import pickle
import re
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest


def test_tensors_of_every_rank(torch, says):
    """tensor, types-of-tensors: from a single number to a batch of images; one type for all; shape and dtype."""
    says("tensor", "32 × 3 × 224 × 224")
    sizes = [(), (128,), (10, 128), (3, 224, 224), (32, 3, 224, 224)]
    assert [torch.empty(size, device="meta").dim() for size in sizes] == [0, 1, 2, 3, 4]
    assert torch.nn.CrossEntropyLoss()(torch.randn(2, 3), torch.tensor([0, 1])).dim() == 0
    assert torch.tensor([1, 2.5, True]).dtype == torch.float32 and torch.zeros(1000).dim() == 1
    with pytest.raises((TypeError, ValueError)):
        torch.tensor([1.0, "two"])


def test_dtypes_that_are_named(torch):
    """types-of-tensors, tensor: float32 for weights, int64 for labels and ids, bool for masks; 16 bits halve memory."""
    assert torch.nn.Linear(2, 2).weight.dtype == torch.float32
    assert torch.tensor([3, 1]).dtype == torch.int64 and (torch.zeros(2) > 0).dtype == torch.bool
    assert torch.zeros(2).device.type == "cpu"
    assert torch.zeros(8).half().nbytes * 2 == torch.zeros(8).bfloat16().nbytes * 2 == torch.zeros(8).nbytes


def test_parameters_are_trained_and_buffers_are_saved_alone(torch):
    """types-of-tensors, data-structures: running_mean is in the state_dict and not among what an optimiser gets."""
    norm = torch.nn.BatchNorm1d(3)
    names = {name for name, _ in norm.named_parameters()}
    assert "running_mean" in norm.state_dict() and "running_mean" not in names
    assert all(p.requires_grad for p in norm.parameters()) and not norm.running_mean.requires_grad
    assert isinstance(norm.state_dict(), dict) and not torch.zeros(2).requires_grad


def test_array_has_no_gradients_and_shares_its_memory(torch):
    """data-structures, tensor: a NumPy array becomes a tensor that takes part in differentiation."""
    import numpy

    array = numpy.ones((2, 2), numpy.float32)
    tensor = torch.from_numpy(array).requires_grad_()
    tensor.square().sum().backward()
    assert tensor.grad.tolist() == [[2, 2], [2, 2]] and not hasattr(array, "grad")
    assert torch.rand(32, 3, 4, 4).shape[0] == 32 and {"cat": 17, "dog": 42}["cat"] == 17


def test_graph_of_a_small_loss(torch, says):
    """computational-graph, autograd: multiply, add, subtract, square as nodes; backwards they give the gradients."""
    says("computational-graph", "multiply, add, subtract and square")
    w, b = (torch.tensor(v, requires_grad=True) for v in (2.0, 1.0))
    x, y = torch.tensor(3.0), torch.tensor(5.0)
    loss = (w * x + b - y) ** 2
    node, names = loss.grad_fn, []
    while node is not None and "Accumulate" not in node.name():
        names.append(node.name())
        node = node.next_functions[0][0]
    assert names == ["PowBackward0", "SubBackward0", "AddBackward0", "MulBackward0"]
    loss.backward()
    assert (w.grad.item(), b.grad.item()) == (2 * 2 * 3, 2 * 2)


def test_graph_is_built_anew_and_may_differ_in_every_pass(torch):
    """computational-graph, autograd, tf-elements: a Python condition shapes it; each operation has a value at once."""
    for start, slope in ((2.0, 3.0), (-2.0, -1.0)):
        x = torch.tensor(start, requires_grad=True)
        out = 3 * x if x > 0 else -x
        assert out.item() == abs(out.item())
        out.backward()
        assert x.grad.item() == slope


def test_traced_graph_gives_what_eager_operations_give(torch):
    """computational-graph: operations as nodes, known before they run; it computes the same."""
    model, x = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU()), torch.randn(2, 3)
    traced = torch.fx.symbolic_trace(model)
    assert [node.op for node in traced.graph.nodes] == ["placeholder", "call_module", "call_module", "output"]
    assert torch.allclose(traced(x), model(x))


def test_step_with_a_tape_by_its_figures(torch, says):
    """tf-elements: the example's loss (2w - 1)^2 has the slope 20 at 3, so a rate of 0.1 leads to 1."""
    says("tf-elements", "w.assign_sub(0.1 * tape.gradient(loss, w))", "loss = (w * 2.0 - 1.0) ** 2", "tf.Variable(3.0)")
    w = torch.tensor(3.0, requires_grad=True)
    ((w * 2.0 - 1.0) ** 2).backward()
    torch.optim.SGD([w], lr=0.1).step()
    assert w.grad.item() == 20 and w.item() == pytest.approx(1)


def test_strides_of_a_new_tensor_and_of_its_transpose(torch, says):
    """tensor-layout: (3, 1) for (2, 3), element (i, j) at 3i + j; the transpose has (1, 3) and the same memory."""
    says("tensor-layout", "a new $(2, 3)$ tensor has strides $(3, 1)$", "at $3i + j$", "`x.t().view(-1)` fails")
    x = torch.arange(6).view(2, 3)
    assert x.stride() == (3, 1) and x.is_contiguous() and x[1, 2] == x.flatten()[3 * 1 + 2]
    assert x.t().stride() == (1, 3) and not x.t().is_contiguous() and x.t().data_ptr() == x.data_ptr()
    assert not x[:, 1:].is_contiguous() and x[:, 1:].storage_offset() == 1 and x[1:].is_contiguous()


def test_views_share_memory(torch):
    """tensor-layout: transposes, slices and expand copy nothing; writing to one changes the other."""
    x = torch.ones(2, 3)
    x[0].zero_()
    x.t()[2, 1] = 9
    assert x.tolist() == [[0, 0, 0], [1, 1, 9]]
    assert x[:1].expand(1000, 3).data_ptr() == x.data_ptr() and x[:1].expand(1000, 3).stride() == (0, 1)


def test_view_fails_where_reshape_copies(torch):
    """tensor-layout: on a transposed matrix; contiguous() copies into row-major order."""
    x = torch.arange(6).view(2, 3)
    with pytest.raises(RuntimeError):
        x.t().view(-1)
    copied = x.t().reshape(-1)
    assert copied.tolist() == [0, 3, 1, 4, 2, 5] and copied.data_ptr() != x.data_ptr()
    assert x.view(-1).data_ptr() == x.data_ptr() and x.t().contiguous().stride() == (2, 1)


def test_convolution_wants_the_channels_second_and_an_embedding_adds_an_axis(torch):
    """tensor-layout: (N, C, H, W) in PyTorch; ids (N, L) become (N, L, D)."""
    conv = torch.nn.Conv2d(3, 4, 3)
    assert conv(torch.rand(2, 3, 8, 8)).shape == (2, 4, 6, 6)
    with pytest.raises(RuntimeError):
        conv(torch.rand(2, 8, 8, 3))
    assert torch.nn.Embedding(9, 5)(torch.zeros(2, 7, dtype=torch.int64)).shape == (2, 7, 5)


def test_order_of_a_training_step(torch, says):
    """pytorch-training-loop: backward moves no weight, step does; zero_grad clears gradients, no weights."""
    says("pytorch-training-loop", "optimizer.zero_grad()", "loss.backward()", "optimizer.step()")
    model = torch.nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    start = model.weight.detach().clone()
    model(torch.randn(4, 3)).square().mean().backward()
    assert torch.equal(model.weight, start) and model.weight.grad.abs().sum() > 0
    optimizer.step()
    moved = model.weight.detach().clone()
    assert not torch.equal(moved, start)
    optimizer.zero_grad()
    assert model.weight.grad is None and torch.equal(model.weight, moved)
    model(torch.randn(4, 3)).square().mean().backward()
    optimizer.zero_grad()
    optimizer.step()
    assert torch.equal(model.weight, moved)


def test_loss_of_an_untrained_classifier(torch):
    """pytorch-training-loop: about 2.3 for ten classes, the logarithm of ten."""
    scores = 0.01 * torch.randn(500, 10)
    assert torch.nn.functional.cross_entropy(scores, torch.randint(10, (500,))).item() == pytest.approx(2.3, abs=0.01)


def test_gradients_add_up(torch, says):
    """autograd, zero-grad-bug, pytorch-training-loop: backward on 3w twice leaves 6, and step does not clear it."""
    says("autograd", "**added**")
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(2):
        (3 * w).backward()
    assert w.grad.item() == 6
    torch.optim.SGD([w], lr=0.0).step()
    assert w.grad.item() == 6


def test_autograd_is_exact_and_frees_what_it_saved(torch):
    """autograd: the known derivative of each operation; a second walk needs retain_graph in the first."""
    x = torch.tensor(1.3, dtype=torch.float64, requires_grad=True)
    y = (x.sin() * x).exp()
    assert y.grad_fn.name() == "ExpBackward0" and (x * 2).grad_fn.name() == "MulBackward0"
    y.backward(retain_graph=True)
    exact = math.exp(1.3 * math.sin(1.3)) * (math.sin(1.3) + 1.3 * math.cos(1.3))
    assert x.grad.item() == pytest.approx(exact, rel=1e-14)
    y.backward()
    with pytest.raises(RuntimeError, match="second time"):
        y.backward()


def test_recording_is_switched_off_or_cut(torch):
    """autograd: no_grad and inference_mode record nothing; detach cuts; gradients stay in the leaves alone."""
    w = torch.ones(2, requires_grad=True)
    for off in (torch.no_grad(), torch.inference_mode()):
        with off:
            assert (2 * w).grad_fn is None
    middle = 2 * w
    (middle.detach() * w).sum().backward()
    assert w.grad.tolist() == [2, 2] and middle.is_leaf is False


def test_modes_are_a_flag_that_a_few_layers_read(torch, says):
    """train-vs-eval-mode: dropout and batch norm differ; linear, convolution and layer norm do not; children follow."""
    says("train-vs-eval-mode", "`eval()` does **not** stop")
    nn = torch.nn
    x = torch.randn(6, 4)
    for layer, differs in (
        (nn.Dropout(0.5), True),
        (nn.BatchNorm1d(4), True),
        (nn.Linear(4, 4), False),
        (nn.LayerNorm(4), False),
    ):
        model = nn.Sequential(layer)
        first = model.train()(x)
        assert torch.allclose(first, model.eval()(x)) != differs and layer.training is False
    assert set((nn.Dropout(0.5)(torch.ones(100))).tolist()) == {0.0, 2.0}


def test_evaluation_mode_keeps_gradients_and_training(torch):
    """train-vs-eval-mode: the output has a grad_fn, and a step still moves the weights."""
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Dropout(0.5)).eval()
    before = model[0].weight.detach().clone()
    out = model(torch.randn(4, 3))
    assert out.grad_fn is not None
    out.square().sum().backward()
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    assert not torch.equal(before, model[0].weight)


def test_forgotten_modes(torch):
    """train-vs-eval-mode: running statistics take in test data without eval(), and stand still without train()."""
    norm = torch.nn.BatchNorm1d(2)
    with torch.no_grad():
        norm(5 + torch.randn(8, 2))
    taken = norm.running_mean.clone()
    assert taken.abs().min() > 0.1
    norm.eval()
    norm(50 + torch.randn(8, 2))
    assert torch.equal(norm.running_mean, taken)


def run(torch: Any, listing: str, replaced: dict[int, str] | None = None, **given: Any) -> dict[str, Any]:
    """Runs a listing, with some of its lines replaced (an empty one removes them), and gives its names."""
    lines = [(replaced or {}).get(n, line) for n, line in enumerate(listing.splitlines(), 1)]
    space: dict[str, Any] = dict(given)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile("\n".join(line for line in lines if line), "listing", "exec"), space)
    return space


def lines_of(question: Any) -> dict[str, list[int]]:
    return {point["id"]: point["lines"] for point in question["points"]}


class Batches(list[Any]):
    """A loader of batches made before, which knows its data set as PyTorch's does."""

    @property
    def dataset(self) -> range:
        return range(sum(len(x) for x, _ in self))


def made_up_digits(torch: Any) -> tuple[Batches, Batches]:
    patterns = torch.rand(10, 28, 28)
    labels = torch.randint(10, (960,))
    batches = [(patterns[b] + 0.3 * torch.randn(len(b), 28, 28), b) for b in labels.split(64)]
    return Batches(batches[:10]), Batches(batches[10:])


def test_classifier_with_three_mistakes_and_mended(torch, bank, says):
    """softmax-before-loss-bug: the accuracy it prints is above one; mended it learns, and better than with the bugs."""
    question = bank["softmax-before-loss-bug"]
    assert lines_of(question) == {"softmax-twice": [8], "relu-on-logits": [7], "divides-by-batches": [24]}
    mended = {
        7: "    nn.Linear(128, 10),",
        8: "",
        24: "accuracy = correct / len(test_loader.dataset)",
    }
    train, test = made_up_digits(torch)
    shares = []
    for replaced in ({24: mended[24]}, mended):
        torch.manual_seed(0)
        shares.append(run(torch, question["listing"], replaced, train_loader=train, test_loader=test)["accuracy"])
    assert shares[0] < shares[1] - 0.1 and shares[1] > 0.6
    correct = run(torch, question["listing"], mended, train_loader=train, test_loader=test)["correct"]
    assert correct / len(test) > 1 and math.ceil(10_000 / 64) == 157 and 0.95 * 10_000 / 157 > 60


def test_floor_and_weak_gradient_of_a_softmax_before_the_loss(torch, says):
    """softmax-before-loss-bug: 1.46 for ten classes with a perfect answer; hardly a slope where it is surely wrong."""
    says("softmax-before-loss-bug", "about 1.46")
    entropy, target = torch.nn.functional.cross_entropy, torch.tensor([0])
    assert entropy(torch.eye(10)[:1], target).item() == pytest.approx(1.46, abs=0.005)
    z = torch.zeros(1, 10)
    z[0, 3] = 12
    slopes = []
    for twice in (True, False):
        logits = z.clone().requires_grad_()
        entropy(logits.softmax(1) if twice else logits, target).backward()
        slopes.append(float(logits.grad.norm()))
    assert slopes[0] < 1e-4 < 1 < slopes[1]
    assert z.argmax() == z.softmax(1).argmax()


def test_relu_on_the_outputs_hides_negative_logits(torch):
    """softmax-before-loss-bug: minus 1, minus 5 and minus 9 look the same and get no gradient."""
    z = torch.tensor([[-1.0, -5, -9, 2]], requires_grad=True)
    torch.nn.functional.cross_entropy(torch.relu(z), torch.tensor([0])).backward()
    assert torch.relu(z)[0, :3].tolist() == [0, 0, 0] and z.grad[0, :3].tolist() == [0, 0, 0]


def test_loss_takes_class_numbers_and_class_probabilities(torch):
    """softmax-before-loss-bug: nothing needs to be encoded; one-hot vectors as floats give the same."""
    scores, labels = torch.randn(4, 10), torch.tensor([3, 1, 4, 1])
    entropy = torch.nn.functional.cross_entropy
    assert torch.allclose(entropy(scores, labels), entropy(scores, torch.eye(10)[labels]))


def regression_batches(torch: Any) -> Batches:
    x = torch.randn(640, 8)
    y = x @ torch.randn(8)
    return Batches(zip(x.split(64), y.split(64), strict=True))


def test_loop_with_three_mistakes_and_mended(torch, bank, capsys):
    """zero-grad-bug: as written it does not learn; mended on the lines that are named it does."""
    question = bank["zero-grad-bug"]
    assert lines_of(question) == {"no-zero-grad": [14, 15], "shape-mismatch": [13], "keeps-graph": [16]}
    mended = {
        13: "        loss = loss_fn(prediction.squeeze(1), y)",
        14: "        optimizer.zero_grad(); loss.backward()",
        16: "        total += loss.item()",
    }
    loader = regression_batches(torch)
    left = {}
    for name, replaced in (("bugs", {}), ("shape", {n: mended[n] for n in (14, 16)}), ("none", mended)):
        torch.manual_seed(0)
        space = run(torch, question["listing"], replaced, loader=loader)
        x, y = (torch.cat(part) for part in zip(*loader, strict=True))
        with torch.no_grad():
            predicted = space["model"](x)[:, 0]
        left[name] = float((predicted - y).square().mean() / y.var())
        assert torch.is_tensor(space["total"]) == (name == "bugs")
        if name == "shape":
            assert predicted.std() < 0.3 * y.std()
    assert left["none"] < 0.1 and left["shape"] > 0.7 and not left["bugs"] < 0.5
    assert capsys.readouterr().out.count("\n") == 60


def test_broadcast_of_64_by_1_and_64(torch, says):
    """zero-grad-bug: 64 x 64 differences, with a mere warning; the mean of y is the best constant answer to it."""
    says("zero-grad-bug", "64 x 64")
    prediction, y = torch.randn(64, 1), torch.randn(64)
    assert (prediction - y).numel() == 4096
    with pytest.warns(UserWarning, match="target size"):
        loss = torch.nn.MSELoss()(prediction, y)
    assert torch.allclose(loss, (prediction - y).square().mean())
    constant = torch.zeros(64, 1, requires_grad=True)
    [slope] = torch.autograd.grad((constant + y.mean() - y).square().mean(), constant)
    assert slope.abs().max() < 1e-6


def test_summed_losses_keep_their_graphs(torch):
    """zero-grad-bug: the total has a grad_fn and a node for every batch; item() gives a plain number."""
    w, total = torch.ones(1, requires_grad=True), torch.zeros(())
    for _ in range(5):
        loss = (w**2).sum()
        loss.backward()
        total = total + loss
    node, depth = total.grad_fn, 0
    while node is not None and node.name() == "AddBackward0":
        node, depth = node.next_functions[0][0], depth + 1
    assert depth == 5 and isinstance(loss.item(), float)


def test_mean_of_the_means_over_equal_batches(torch):
    """zero-grad-bug: dividing by the number of batches is right, as MSELoss has averaged within each."""
    errors = torch.rand(640)
    assert torch.allclose(torch.stack([part.mean() for part in errors.split(64)]).mean(), errors.mean())


def squares(torch: Any) -> Any:
    """A data set that makes its samples when they are asked for, and counts how often."""

    class Squares(torch.utils.data.Dataset):  # type: ignore[misc]  # its base is of type Any here
        asked = 0

        def __len__(self) -> int:
            return 10

        def __getitem__(self, i: int) -> tuple[Any, int]:
            self.asked += 1
            return torch.tensor([float(i)]), i * i

    return Squares()


def test_loader_draws_indices_and_stacks_samples(torch, says):
    """data-loader: __len__ and __getitem__; batches of stacked tensors; samples are made when they are asked for."""
    says("data-loader", "`__len__`", "`__getitem__`", "num_workers=8, pin_memory=True")
    data = squares(torch)
    loader = torch.utils.data.DataLoader(data, batch_size=4)
    assert data.asked == 0 and len(loader) == 3
    x, y = next(iter(loader))
    assert x.shape == (4, 1) and y.tolist() == [0, 1, 4, 9] and data.asked == 4
    assert loader.num_workers == 0 and loader.pin_memory is False


def test_shuffling_draws_a_new_order_for_each_epoch(torch):
    """data-loader: every sample once; a sorted file would give batches of one class."""
    loader = torch.utils.data.DataLoader(list(range(10)), batch_size=10, shuffle=True)
    one, other = next(iter(loader)), next(iter(loader))
    assert one.tolist() != other.tolist() and sorted(one.tolist()) == sorted(other.tolist()) == list(range(10))
    labels = torch.tensor([0] * 50 + [1] * 50)
    assert [b.float().mean().item() for b in labels.split(10)] == [0] * 5 + [1] * 5
    mixed = labels[torch.randperm(100)]
    assert all(0 < b.float().mean() < 1 for b in mixed.split(10))


def test_state_dict_holds_parameters_and_buffers_and_no_architecture(torch, tmp_path: Path):
    """save-and-load: names and tensors; loaded into a model built from code, refused by one of another shape."""
    nn = torch.nn

    def build(width: int) -> Any:
        return nn.Sequential(nn.Linear(3, width), nn.BatchNorm1d(width))

    model, file = build(4), tmp_path / "weights.pt"
    model(torch.randn(8, 3))
    torch.save(model.state_dict(), file)
    state = torch.load(file, map_location="cpu")
    assert {"0.weight", "0.bias", "1.running_mean", "1.running_var"} <= state.keys()
    assert all(torch.is_tensor(v) for v in state.values())
    fresh, x = build(4), torch.randn(2, 3)
    fresh.load_state_dict(state)
    assert torch.equal(fresh.eval()(x), model.eval()(x))
    with pytest.raises(RuntimeError, match="size mismatch"):
        build(5).load_state_dict(state)


def test_weights_without_the_optimiser_do_not_resume(torch, tmp_path: Path, says):
    """save-and-load: with its state the next steps are those of an unbroken run; with a new Adam they are not."""
    says("save-and-load", '"optimizer": optimizer.state_dict()', "the default since PyTorch 2.6")
    gradients = torch.randn(20, 3)

    def start(w: Any, state: Any = None) -> Any:
        optimizer = torch.optim.Adam([w], lr=0.1)
        if state is not None:
            optimizer.load_state_dict(state)
        return optimizer

    def steps(w: Any, optimizer: Any, some: Any) -> Any:
        for gradient in some:
            w.grad = gradient.clone()
            optimizer.step()
        return w

    w = torch.zeros(3, requires_grad=True)
    optimizer = start(w)
    steps(w, optimizer, gradients[:10])
    torch.save({"model": w.detach(), "optimizer": optimizer.state_dict(), "epoch": 10}, tmp_path / "checkpoint.pt")
    unbroken = steps(w, optimizer, gradients[10:]).detach().clone()
    saved = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    ends = []
    for state in (saved["optimizer"], None):
        again = saved["model"].clone().requires_grad_()
        ends.append(steps(again, start(again, state), gradients[10:]).detach())
    assert torch.allclose(ends[0], unbroken) and not torch.allclose(ends[1], unbroken, atol=1e-3)


class Planted:
    """What unpickling would run: here it merely sets a mark."""

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        return setattr_of_sys, ("viva_planted", "ran")


def setattr_of_sys(name: str, value: str) -> None:
    setattr(sys, name, value)


def test_pickled_file_runs_code_unless_it_is_restricted_to_weights(torch, tmp_path: Path):
    """save-and-load: torch.load refuses it by default, and runs it with weights_only=False."""
    file = tmp_path / "planted.pt"
    torch.save({"model": Planted()}, file)
    with pytest.raises(pickle.UnpicklingError):
        torch.load(file)
    assert not hasattr(sys, "viva_planted")
    torch.load(file, weights_only=False)
    assert vars(sys).pop("viva_planted") == "ran"


def accumulated(torch: Any, model: Any, x: Any, y: Any, parts: int, divide: bool) -> Any:
    model.zero_grad()
    for xs, ys in zip(x.chunk(parts), y.chunk(parts), strict=True):
        loss = torch.nn.functional.mse_loss(model(xs), ys)
        (loss / parts if divide else loss).backward()
    return next(model.parameters()).grad.clone()


def test_accumulated_gradient_is_that_of_the_large_batch(torch, says):
    """gradient-accumulation: divided by N it is; undivided it is N times as large; with batch norm it differs."""
    says("gradient-accumulation", "divided by N", "loss = loss_fn(model(x), y) / N")
    nn, x, y = torch.nn, torch.randn(32, 4), torch.randn(32, 1)
    for norm, same in ((nn.Identity(), True), (nn.LayerNorm(6), True), (nn.BatchNorm1d(6), False)):
        model = nn.Sequential(nn.Linear(4, 6), norm, nn.ReLU(), nn.Linear(6, 1))
        whole = accumulated(torch, model, x, y, 1, divide=True)
        assert torch.allclose(accumulated(torch, model, x, y, 4, divide=True), whole, atol=1e-5) == same
        if same:
            assert torch.allclose(accumulated(torch, model, x, y, 4, divide=False), 4 * whole, atol=1e-4)


def test_unequal_parts_are_divided_by_the_total(torch):
    """gradient-accumulation: with 3 and 9 tokens, sums over the total give the mean; halves of the means do not."""
    losses = torch.rand(12)
    assert torch.allclose((losses[:3].sum() + losses[3:].sum()) / 12, losses.mean())
    assert not torch.allclose((losses[:3].mean() + losses[3:].mean()) / 2, losses.mean(), atol=1e-4)


def test_averaged_gradients_keep_copies_identical(torch):
    """distributed-training: four copies, a quarter of the batch each, averaged: the step of the whole batch."""
    x, y = torch.randn(32, 5), torch.randn(32, 1)
    single = torch.nn.Linear(5, 1)
    copies = [torch.nn.Linear(5, 1) for _ in range(4)]
    for copy in copies:
        copy.load_state_dict(single.state_dict())
    torch.nn.functional.mse_loss(single(x), y).backward()
    for copy, xs, ys in zip(copies, x.chunk(4), y.chunk(4), strict=True):
        torch.nn.functional.mse_loss(copy(xs), ys).backward()
    mean = torch.stack([copy.weight.grad for copy in copies]).mean(0)
    assert torch.allclose(mean, single.weight.grad, atol=1e-6)
    assert not torch.allclose(copies[0].weight.grad, mean, atol=1e-3)


def test_sharding_and_splitting_compute_the_same(torch):
    """distributed-training: gathered parts of a matrix, a matrix cut by columns, and layers in a pipeline."""
    first, second, x = torch.randn(6, 8), torch.randn(8, 4), torch.randn(10, 6)
    whole = torch.relu(x @ first) @ second
    gathered = torch.cat(first.flatten().chunk(4)).view(6, 8)
    assert torch.equal(gathered, first)
    halves = [torch.relu(x @ a) @ b for a, b in zip(first.chunk(2, 1), second.chunk(2, 0), strict=True)]
    assert torch.allclose(sum(halves), whole, atol=1e-5)
    piped = torch.cat([torch.relu(micro @ first) @ second for micro in x.split(2)])
    assert torch.allclose(piped, whole, atol=1e-5)


def test_figures_of_the_slow_training(bank):
    """profiling-slow-training: a tenth of nine hours is what others report; one core of sixteen, no workers set."""
    text = bank["profiling-slow-training"]["statement"]
    found = re.search(r"An epoch takes (\w+) hours, where similar set-ups report less than one", text)
    assert found and found[1] == "nine" and "averages about 10" in text
    assert 9 * 0.10 < 1
    assert "the other fifteen are idle" in text and "num_workers" not in text
    per_second = 2_000_000 / (9 * 3600)
    assert 50 < per_second < 80 and 256 / per_second > 100 * 0.003


def test_loader_without_workers_is_the_default(torch):
    """profiling-slow-training: num_workers is 0 unless it is set, and nothing is pinned."""
    loader = torch.utils.data.DataLoader([0, 1], batch_size=2, shuffle=True)
    assert (loader.num_workers, loader.pin_memory) == (0, False)


def test_busy_share_when_loading_and_computing_follow_one_another():
    """profiling-slow-training: a GPU ten times as fast hardly helps; overlapped loading does."""
    wait, compute = 9.0, 1.0
    before = SimpleNamespace(total=wait + compute, busy=compute / (wait + compute))
    assert before.busy == pytest.approx(0.1)
    assert (wait + compute / 10) / before.total > 0.9 and max(wait / 8, compute) / before.total < 0.12
