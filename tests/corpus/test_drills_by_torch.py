"""Every drill against PyTorch: the key of each computed question is what the real layer, loss or optimiser gives.

That numbers differ and texts are filled in is tests/core/test_drills.py's.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from bot.core.drills import DRILLS
from bot.core.drills.drawing import Drawn

SEEDS = range(60)


def draws(name: str) -> Iterator[tuple[dict[str, Any], Drawn]]:
    """What a drill shows, as numbers where they are, and all that it draws."""
    for seed in SEEDS:
        drawn = DRILLS[name](Random(seed))
        yield dict(drawn.shown), drawn


def close(value: float | None, right: float, off: float = 1e-6) -> bool:
    return value is not None and abs(value - float(right)) <= off * max(1.0, abs(float(right)))


def single(torch: Any, value: float) -> Any:
    return torch.tensor(float(value), dtype=torch.float64, requires_grad=True)


def test_output_of_a_convolution(torch):
    """conv-output-size: the size with stride, padding and dilation; where there is none, PyTorch raises an error."""
    seen = set()
    for s, drawn in draws("conv-output"):
        layer = torch.nn.Conv2d(1, 1, s["f"], s["s"], s["p"], s["d"])
        size = drawn.results["size"]
        seen.add(size is None)
        if size is None:
            with pytest.raises(RuntimeError, match=r"[Kk]ernel size can't be greater than actual input size"):
                layer(torch.zeros(1, 1, s["n"], s["n"]))
        else:
            assert layer(torch.zeros(1, 1, s["n"], s["n"])).shape[2:] == (size, size), s
            assert (size == 1 + drawn.results["span"] // s["s"]) and layer.weight.numel() == s["f"] ** 2
    assert seen == {True, False}


def test_reach_of_a_dilated_filter(torch):
    """conv-output-size: how far apart the first and last pixel that count are, and that there are no more weights."""
    for s, drawn in draws("conv-output"):
        layer = torch.nn.Conv1d(1, 1, s["f"], dilation=s["d"], bias=False)
        torch.nn.init.ones_(layer.weight)
        x = torch.zeros(1, 1, 60, requires_grad=True)
        layer(x)[0, 0, 0].backward()
        felt = x.grad[0, 0].nonzero().flatten().tolist()
        assert (felt[-1] - felt[0] + 1, len(felt)) == (drawn.results["reach"], s["f"])


def test_filter_that_fits_or_not(torch):
    """conv-filter-fits: an output where the filter is no larger than the padded input, and an error otherwise."""
    seen = set()
    for s, drawn in draws("conv-fit"):
        layer, size = torch.nn.Conv2d(1, 1, s["f"], padding=s["p"]), drawn.results["size"]
        seen.add(size is None)
        assert (size is None) == (s["f"] > s["n"] + 2 * s["p"])
        if size is None:
            with pytest.raises(RuntimeError):
                layer(torch.zeros(1, 1, s["n"], s["n"]))
        else:
            assert layer(torch.zeros(1, 1, s["n"], s["n"])).shape[2:] == (size, size), s
    assert seen == {True, False}


@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_padding_that_keeps_the_size(torch):
    """padding-to-keep-size: it keeps it; where there is none, no padding does, and PyTorch's `same` pads unevenly."""
    for s, drawn in draws("same-padding"):
        x, each, sides = torch.zeros(1, 1, s["n"]), drawn.results["each"], range(s["n"] - s["left"] + 2)
        assert torch.nn.Conv1d(1, 1, s["f"], dilation=s["d"])(x).shape[2] == s["n"] - drawn.results["lost"] == s["left"]
        keeping = [p for p in sides if torch.nn.Conv1d(1, 1, s["f"], padding=p, dilation=s["d"])(x).shape[2] == s["n"]]
        assert keeping == ([] if each is None else [each]), s
        assert torch.nn.Conv1d(1, 1, s["f"], padding="same", dilation=s["d"])(x).shape == x.shape


def test_output_of_pooling(torch):
    """pooling-output-size: side, channels and values, and no parameters."""
    for s, drawn in draws("pool-output"):
        layer = torch.nn.MaxPool2d(s["k"], s["s"])
        out = layer(torch.zeros(1, s["c"], s["n"], s["n"]))
        assert out.shape == (1, s["c"], drawn.results["side"], drawn.results["side"])
        assert (out.numel(), list(layer.parameters())) == (drawn.results["values"], [])


def test_receptive_field_of_a_stack(torch):
    """stacked-receptive-field: the pixels that one unit's gradient reaches, after two layers and after three."""
    for s, drawn in draws("receptive-field"):
        layers = [torch.nn.Conv1d(1, 1, s[f"f{i}"], s[f"s{i}"], bias=False) for i in (1, 2, 3)]
        for layer in layers:
            torch.nn.init.ones_(layer.weight)
        for count, key in ((2, "after-two"), (3, "field")):
            x = torch.zeros(1, 1, 120, requires_grad=True)
            torch.nn.Sequential(*layers[:count])(x)[0, 0, 0].backward()
            felt = x.grad[0, 0].nonzero().flatten().tolist()
            assert felt[-1] - felt[0] + 1 == drawn.results[key], s


def test_parameters_of_an_mlp(torch):
    """mlp-parameter-count: layer by layer and in all."""
    for s, drawn in draws("mlp-parameters"):
        layers = [torch.nn.Linear(s["a"], s["b"]), torch.nn.ReLU(), torch.nn.Linear(s["b"], s["c"])]
        counts = [sum(p.numel() for p in layer.parameters()) for layer in layers]
        assert counts == [drawn.results["first"], 0, drawn.results["second"]]
        assert sum(counts) == drawn.results["total"]


def test_parameters_of_a_convolution(torch):
    """conv-parameter-count: one filter, and the layer, whatever the size of the image."""
    for s, drawn in draws("conv-parameters"):
        layer = torch.nn.Conv2d(s["cin"], s["cout"], s["f"])
        assert layer.weight[0].numel() == drawn.results["one-filter"]
        assert sum(p.numel() for p in layer.parameters()) == drawn.results["total"]


def test_shapes_through_a_network(torch):
    """cnn-shapes-through: the side after each pooling, and what the linear layer must take."""
    nn = torch.nn
    for s, drawn in draws("cnn-shapes"):
        first = nn.Sequential(nn.Conv2d(1, s["c1"], s["f1"], padding=s["p"]), nn.ReLU(), nn.MaxPool2d(2))
        second = nn.Sequential(nn.Conv2d(s["c1"], s["c2"], s["f2"]), nn.ReLU(), nn.MaxPool2d(2))
        once = first(torch.zeros(3, 1, s["n"], s["n"]))
        twice = second(once)
        assert (once.shape[2], twice.shape[2]) == (drawn.results["pooled-once"], drawn.results["pooled-twice"])
        assert nn.Flatten()(twice).shape == (3, drawn.results["inputs"])


def test_gradients_of_a_neuron(torch):
    """neuron-gradients: by autograd, in the output, at the sum and for both weights."""
    for s, drawn in draws("neuron-gradients"):
        w1, w2, b = (single(torch, s[name]) for name in ("w1", "w2", "b"))
        z = w1 * s["x1"] + w2 * s["x2"] + b
        z.retain_grad()
        y = z.sigmoid()
        ((y - s["t"]) ** 2 / 2).backward()
        found = (y.item(), z.grad, w1.grad, w2.grad)
        assert all(
            close(drawn.results[k], v) for k, v in zip(("output", "delta", "first", "second"), found, strict=True)
        )
        assert close(drawn.results["delta"], b.grad), "the bias has the derivative at the sum for a gradient"
        assert close(drawn.results["no-slope"], (y.item() - s["t"]) * s["x1"])


def test_without_the_slope_it_is_the_gradient_of_cross_entropy(torch):
    """neuron-gradients: what the reply to the slip says."""
    for s, drawn in draws("neuron-gradients"):
        w1 = single(torch, s["w1"])
        z = w1 * s["x1"] + s["w2"] * s["x2"] + s["b"]
        target = torch.tensor(float(s["t"]), dtype=torch.float64)
        torch.nn.functional.binary_cross_entropy_with_logits(z, target).backward()
        assert close(drawn.results["no-slope"], w1.grad)


def test_gradients_of_a_network(torch):
    """network-gradients: by autograd, and the second unit's weights get none."""
    for s, drawn in draws("network-gradients"):
        inner = torch.tensor([[s["a1"], s["a2"]], [s["b1"], s["b2"]]], dtype=torch.float64, requires_grad=True)
        outer = torch.tensor([s["v1"], s["v2"]], dtype=torch.float64, requires_grad=True)
        y = outer @ torch.relu(inner @ torch.tensor([s["x1"], s["x2"]], dtype=torch.float64))
        ((y - s["t"]) ** 2 / 2).backward()
        assert close(drawn.results["error"], y.item() - s["t"])
        assert close(drawn.results["outer"], outer.grad[0]) and close(drawn.results["inner"], inner.grad[0, 0])
        assert inner.grad[1].tolist() == [0, 0] and outer.grad[1] == 0


def test_softmax(torch):
    """softmax-by-hand: the three probabilities, and that a constant on top of all logits changes nothing."""
    for s, drawn in draws("softmax"):
        logits = torch.tensor([s["a"], s["b"], s["c"]], dtype=torch.float64)
        found = logits.softmax(0)
        assert [f"{p:.3f}" for p in found.tolist()] == [s["pa"], s["pb"], s["pc"]]
        small, middle, large = sorted(found.tolist())
        assert close(drawn.results["largest"], large) and close(drawn.results["middle"], middle)
        assert close(drawn.results["smallest"], small) and torch.allclose((logits + 5).softmax(0), found)


def test_cross_entropy(torch):
    """cross-entropy-by-hand: of each prediction and on average, and the other probabilities do not enter."""
    entropy = torch.nn.functional.cross_entropy
    for s, drawn in draws("cross-entropy"):
        rows = [[s["p"], s["p-other"], s["p-third"]], [s["q-other"], s["q"], s["q-third"]]]
        given, right = torch.tensor(rows, dtype=torch.float64), torch.tensor([0, 1])
        assert torch.allclose(given.sum(1), torch.ones(2, dtype=torch.float64)) and given.min() > 0
        assert close(drawn.results["mean"], entropy(given.log(), right))
        assert close(drawn.results["sum"], entropy(given.log(), right, reduction="sum"))
        first, second = entropy(given.log(), right, reduction="none")
        assert close(drawn.results["first"], first) and close(drawn.results["second"], second)
        assert close(drawn.results["first"], entropy(given[:, [0, 2, 1]].log()[:1], right[:1]))


def test_step_of_sgd(torch):
    """sgd-step-by-hand: gradient by autograd, step by the optimiser."""
    for s, drawn in draws("sgd-step"):
        w = single(torch, s["w"])
        optimiser = torch.optim.SGD([w], lr=s["rate"])
        error = w * s["x"] + s["b"] - s["t"]
        (error**2).backward()
        assert close(drawn.results["error"], error.item()) and close(drawn.results["gradient"], w.grad)
        optimiser.step()
        assert close(drawn.results["stepped"], w.item())


@pytest.mark.parametrize(("nesterov", "key"), [(False, "second"), (True, "nesterov")])
def test_steps_of_momentum(torch, nesterov, key):
    """momentum-by-hand: two steps of PyTorch's SGD, plain and, for the slip, Nesterov's."""
    for s, drawn in draws("momentum-steps"):
        w = single(torch, s["w"])
        optimiser = torch.optim.SGD([w], lr=s["rate"], momentum=s["mu"], nesterov=nesterov)
        after = []
        for gradient in (s["g1"], s["g2"]):
            w.grad = torch.tensor(float(gradient), dtype=torch.float64)
            optimiser.step()
            after.append(w.item())
        assert close(drawn.results[key], after[1])
        assert nesterov or close(drawn.results["first"], after[0])
        assert close(drawn.results["velocity"], optimiser.state[w]["momentum_buffer"])


def test_momentum_with_damping_is_the_average_from_the_second_step_on(torch):
    """momentum-by-hand: the slip that weighs gradients with one less momentum, which begins from nothing."""
    for s, drawn in draws("momentum-steps"):
        w, velocity = float(s["w"]), 0.0
        for gradient in (s["g1"], s["g2"]):
            velocity = torch.lerp(
                torch.tensor(float(gradient)).double(), torch.tensor(velocity).double(), s["mu"]
            ).item()
            w -= s["rate"] * velocity
        assert close(drawn.results["averaged"], w)


def test_a_steady_gradient_carries_the_velocity_to_a_multiple_of_it(torch):
    """momentum-by-hand: up to 1 / (1 - momentum) times the gradient, as the reference says."""
    w = single(torch, 0)
    optimiser = torch.optim.SGD([w], lr=0.1, momentum=0.9)
    for _ in range(300):
        w.grad = torch.tensor(2.0, dtype=torch.float64)
        optimiser.step()
    assert close(optimiser.state[w]["momentum_buffer"], 2 / (1 - 0.9))


def test_first_step_of_adam(torch):
    """adam-first-step: both averages before correction, and a step of the learning rate's size."""
    for s, drawn in draws("adam-step"):
        w = single(torch, s["w"])
        optimiser = torch.optim.Adam([w], lr=s["rate"])
        w.grad = torch.tensor(float(s["g"]), dtype=torch.float64)
        optimiser.step()
        state = optimiser.state[w]
        assert close(drawn.results["m"], state["exp_avg"]) and close(drawn.results["v"], state["exp_avg_sq"])
        assert close(drawn.results["stepped"], w.item())
        assert close(abs(drawn.results["stepped"] - s["w"]), s["rate"])


def test_adam_without_its_correction_steps_three_times_too_far(torch):
    """adam-first-step: the slip, and its reply."""
    for s, drawn in draws("adam-step"):
        m, v = torch.tensor(drawn.results["m"]), torch.tensor(drawn.results["v"])
        assert close(drawn.results["uncorrected"], s["w"] - s["rate"] * m / v.sqrt())
        assert 3 < (drawn.results["uncorrected"] - s["w"]) / (drawn.results["stepped"] - s["w"]) < 3.3


def test_statistics_of_batch_norm(torch):
    """batch-norm-by-hand: biased variance normalises, the unbiased one goes into the running average."""
    for s, drawn in draws("batch-norm"):
        layer = torch.nn.BatchNorm1d(1, eps=1e-14, momentum=1.0).double()
        values = torch.tensor([[s["x1"]], [s["x2"]], [s["x3"]], [s["x4"]]], dtype=torch.float64)
        assert close(drawn.results["normalised"], layer(values)[0, 0].detach())
        assert close(drawn.results["mean"], values.mean()) and close(drawn.results["mean"], layer.running_mean)
        assert close(drawn.results["variance"], values.var(unbiased=False))
        assert close(drawn.results["sample-variance"], layer.running_var)


def test_steps_of_a_training(torch):
    """iterations-count: what a data loader gives, with and without its last batch."""
    for s, drawn in draws("iterations"):
        data = torch.utils.data.TensorDataset(torch.zeros(s["n"]))
        loader = torch.utils.data.DataLoader(data, batch_size=s["batch"])
        assert len(loader) == drawn.results["steps"] and len(loader) * s["epochs"] == drawn.results["total"]
        sizes = [len(batch) for batch in torch.zeros(s["n"]).split(s["batch"])]
        assert (len(sizes), sizes[-1]) == (drawn.results["steps"], drawn.results["last"])
        dropping = torch.utils.data.DataLoader(data, batch_size=s["batch"], drop_last=True)
        assert len(dropping) * s["epochs"] == drawn.results["dropped"] and len(dropping) == s["full"]


def test_metrics_of_a_confusion_matrix(torch):
    """confusion-metrics: counted out over labels and predictions."""
    for s, drawn in draws("confusion"):
        counts = torch.tensor([s["tp"], s["fp"], s["fn"], s["tn"]])
        real = torch.tensor([True, False, True, False]).repeat_interleave(counts)
        marked = torch.tensor([True, True, False, False]).repeat_interleave(counts)
        precision, recall = real[marked].double().mean(), marked[real].double().mean()
        assert len(real) == s["total"] and s["tn"] > 0
        assert close(drawn.results["precision"], precision) and close(drawn.results["recall"], recall)
        assert close(drawn.results["f1"], 2 / (1 / precision + 1 / recall))
        assert close(drawn.results["accuracy"], (real == marked).double().mean())
        assert close(drawn.results["specificity"], (~marked[~real]).double().mean())


def test_precision_for_a_rare_class(torch):
    """rare-class-precision: counted out over all transactions, in whole numbers of them."""
    for s, drawn in draws("base-rate"):
        hits, alarms = drawn.results["hits"], drawn.results["false-alarms"]
        fraud = torch.arange(s["n"]) < s["n"] * s["rare"] // 100
        alarm = torch.cat([torch.arange(s["ill"]) < hits, torch.arange(s["well"]) < alarms])
        assert close(100 * alarm[fraud].double().mean().item(), s["found"])
        assert close(100 * alarm[~fraud].double().mean().item(), s["false"])
        assert close(drawn.results["precision"], fraud[alarm].double().mean())
        assert alarm[~fraud].sum() >= alarm[fraud].sum(), (
            "a small rate on many makes as many alarms as a large one on few, or more"
        )


def test_overlap_of_boxes(torch):
    """box-overlap: counted out on a grid of pixels."""
    for s, drawn in draws("box-overlap"):
        grid = torch.zeros(2, 30, 30, dtype=torch.bool)
        grid[0, s["ay"] : s["by"], s["ax"] : s["bx"]] = True
        grid[1, s["cy"] : s["dy"], s["cx"] : s["dx"]] = True
        both, either = grid.all(0).sum().item(), grid.any(0).sum().item()
        assert (both, either) == (drawn.results["inside"], drawn.results["union"]) and 0 < both < either
        assert close(drawn.results["iou"], both / either)


def test_memory_of_attention_scores(torch):
    """attention-memory: entries and bytes of the real tensor, never filled, and four times for twice the length."""
    for s, drawn in draws("attention-memory"):
        shape = (s["batch"], s["heads"], s["n"], 64)
        query = torch.empty(shape, dtype=torch.float16, device="meta")
        scores = query @ query.transpose(2, 3)
        assert scores[0, 0].numel() == drawn.results["one-head"] and scores.numel() == drawn.results["entries"]
        assert close(drawn.results["megabytes"], scores.numel() * scores.element_size() / 1e6)
        longer = torch.empty((*shape[:2], 2 * s["n"], 64), dtype=torch.float16, device="meta")
        assert (longer @ longer.transpose(2, 3)).numel() == 4 * scores.numel()


def test_memory_of_a_cache(torch):
    """kv-cache-memory: bytes of the keys and values of one token and of all."""
    for s, drawn in draws("kv-cache"):
        cache = torch.empty((2, s["layers"], s["n"], s["width"]), dtype=torch.float16, device="meta")
        size = cache.numel() * cache.element_size()
        assert size / s["n"] == drawn.results["token"] and close(drawn.results["megabytes"], size / 1e6)
