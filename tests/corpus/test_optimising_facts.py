"""What the questions on optimisers, weight decay, schedules, precision and normalisation say, confirmed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import pytest


def steps(torch: Any, make: Callable[[list[Any]], Any], gradients: list[list[float]], start: list[float]) -> Any:
    """Where the weights stand after each of the gradients, the start included."""
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer, path = make([w]), [w.detach().clone()]
    for gradient in gradients:
        w.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        path.append(w.detach().clone())
    return torch.stack(path)


@pytest.mark.parametrize("mu, longer", [(0.9, 10), (0.99, 100)])
def test_steady_gradient_makes_the_velocity_grow_to_its_limit(torch, says, mu, longer):
    """momentum: g / (1 - mu): ten times the plain step for 0.9 and a hundred times for 0.99; averaging keeps it."""
    says("momentum", r"u \leftarrow \mu u + g", r"$g/(1-\mu)$", "ten times as long")
    path = steps(torch, partial(torch.optim.SGD, lr=1.0, momentum=mu), [[1.0]] * 1000, [0.0])
    assert float(path[-2] - path[-1]) == pytest.approx(longer, rel=1e-4)
    average = 0.0
    for _ in range(1000):
        average = mu * average + (1 - mu) * 1.0
    assert average == pytest.approx(1.0, rel=1e-4)


def test_momentum_zigzags_less_and_gets_further_along_a_narrow_valley(torch):
    """momentum: alternating gradients cancel in the velocity, agreeing ones build up, against a plain descent."""
    zigzag = [[(-1.0) ** n, 1.0] for n in range(200)]
    plain, heavy = (steps(torch, partial(torch.optim.SGD, lr=1.0, momentum=m), zigzag, [0, 0]) for m in (0, 0.9))
    across_plain, across_heavy = (float(p[:, 0].diff().abs()[-10:].mean()) for p in (plain, heavy))
    assert across_heavy < 0.6 * across_plain
    assert heavy[-1, 1] < 9 * plain[-1, 1] < 0


def on_bowl(torch: Any, curvature: float, count: int, **options: Any) -> list[float]:
    """A descent on half the curvature times w squared, from 1."""
    w = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
    optimizer, path = torch.optim.SGD([w], **options), []
    for _ in range(count):
        optimizer.zero_grad()
        (curvature / 2 * w.square()).sum().backward()
        optimizer.step()
        path.append(w.item())
    return path


def test_much_momentum_overshoots_and_swings_and_nesterov_damps_it(torch):
    """momentum: a plain descent creeps to the minimum from one side; 0.99 runs past it and swings in slow waves."""
    plain = on_bowl(torch, 1.0, 300, lr=0.01)
    heavy = on_bowl(torch, 1.0, 300, lr=0.01, momentum=0.99)
    nesterov = on_bowl(torch, 1.0, 300, lr=0.01, momentum=0.99, nesterov=True)
    assert min(plain) > 0 and min(heavy) < -0.5
    assert sum(a * b < 0 for a, b in pairwise(heavy)) >= 4
    assert max(map(abs, nesterov[-60:])) < max(map(abs, heavy[-60:]))


def test_nesterov_takes_the_gradient_where_the_velocity_is_about_to_carry_the_weights(torch):
    """momentum: PyTorch's form is that one, written for the shifted weights w - eta mu u."""
    eta, mu, w, u = 0.1, 0.9, 1.0, 0.0
    path = on_bowl(torch, 1.0, 20, lr=eta, momentum=mu, nesterov=True)
    for seen in path:
        ahead = w - eta * mu * u
        u = mu * u + ahead
        w -= eta * u
        assert w - eta * mu * u == pytest.approx(seen)


def test_momentum_divides_by_nothing_and_averages_no_weights(torch):
    """momentum: twice the gradients, twice the way: no step size of each weight's own."""
    gradients = torch.randn(20, 1).double()
    one, two = (
        steps(torch, partial(torch.optim.SGD, lr=0.1, momentum=0.9), (k * gradients).tolist(), [0]) for k in (1, 2)
    )
    assert torch.allclose(2 * one, two)


def test_rmsprop_is_the_formula_in_the_reference(torch, says):
    """rmsprop: v = rho v + (1 - rho) g^2 and a step of eta g / (sqrt v + eps); PyTorch's default rho is 0.99."""
    says(
        "rmsprop",
        r"v \leftarrow \rho v + (1-\rho) g^2",
        r"\frac{\eta}{\sqrt{v} + \epsilon}\, g",
        "PyTorch's default is $0.99$",
    )
    assert torch.optim.RMSprop([torch.zeros(1)]).defaults["alpha"] == 0.99
    assert torch.optim.RMSprop([torch.zeros(1)]).defaults["momentum"] == 0
    gradients, w, v = torch.randn(30).double().tolist(), 0.0, 0.0
    path = steps(torch, partial(torch.optim.RMSprop, lr=0.01, alpha=0.9), [[g] for g in gradients], [0.0])
    for g, seen in zip(gradients, path[1:], strict=True):
        v = 0.9 * v + 0.1 * g * g
        w -= 0.01 * g / (math.sqrt(v) + 1e-8)
        assert float(seen) == pytest.approx(w)


def test_gradients_of_a_hundred_and_of_a_hundredth_lead_to_equal_steps(torch):
    """rmsprop: it cuts large gradients down and lifts small ones."""
    path = steps(torch, partial(torch.optim.RMSprop, lr=0.01), [[100.0, 0.01]] * 50, [0, 0])
    assert path[-1, 0] == pytest.approx(float(path[-1, 1]), rel=1e-4)


def test_rmsprop_forgets_a_large_gradient_and_adagrad_does_not(torch):
    """rmsprop, adam-vs-others: after one gradient of 100, steps for gradients of 1 recover; AdaGrad's only shrink."""
    gradients = [[100.0]] + [[1.0]] * 1500
    forgetting = steps(torch, partial(torch.optim.RMSprop, lr=0.01), gradients, [0]).diff(dim=0).abs()
    summing = steps(torch, partial(torch.optim.Adagrad, lr=0.01), gradients, [0]).diff(dim=0).abs()
    assert float(forgetting[-1]) == pytest.approx(0.01, rel=0.01)
    assert summing[-1] < 1e-3 * 0.1 and bool((summing.diff(dim=0) < 0).all())


def test_adam_differs_from_the_others_as_the_table_says(torch, says):
    """adam-vs-others: steps for gradients of 100 and 0.1, and the very first step of each."""
    says("adam-vs-others", r"\hat m / (\sqrt{\hat v} + \epsilon)", "one stored value", "two values")
    both = [[100.0, 0.1]] * 50
    heavy = steps(torch, partial(torch.optim.SGD, lr=0.01, momentum=0.9), both, [0, 0])[-1]
    adam = steps(torch, partial(torch.optim.Adam, lr=0.01), both, [0, 0])[-1]
    assert float(heavy[0] / heavy[1]) == pytest.approx(1000) and float(adam[0] / adam[1]) == pytest.approx(1, rel=1e-4)
    first = {
        kind: abs(float(steps(torch, partial(getattr(torch.optim, kind), lr=0.01), [[3.0]], [0])[-1]))
        for kind in ("Adam", "RMSprop")
    }
    assert first["Adam"] == pytest.approx(0.01) and first["RMSprop"] == pytest.approx(0.1, rel=1e-4)


def test_first_averages_of_adam_stand_at_a_tenth_and_a_thousandth(torch):
    """adam-vs-others: which is what it divides them by; basic RMSprop takes its first average as it is."""
    w = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.Adam([w])
    w.grad = torch.ones(1)
    optimizer.step()
    kept = optimizer.state[w]
    assert [kept["exp_avg"].item(), kept["exp_avg_sq"].item()] == pytest.approx([0.1, 0.001])


def test_rmsprop_keeps_the_raw_direction_and_adam_a_smoothed_one(torch):
    """adam-vs-others: after ten gradients of 1 one of -1 turns RMSprop's step round and not Adam's."""
    turned = [[1.0]] * 10 + [[-1.0]]
    last = {
        kind: float(steps(torch, partial(getattr(torch.optim, kind), lr=0.01), turned, [0]).diff(dim=0)[-1])
        for kind in ("Adam", "RMSprop")
    }
    assert last["RMSprop"] > 0 > last["Adam"]


def test_decay_and_penalty_are_the_same_for_plain_sgd(torch, says):
    """weight-decay: w - eta (g + lambda w) = (1 - eta lambda) w - eta g."""
    says(
        "weight-decay",
        r"w \leftarrow w - \eta\,(g + \lambda w) = (1-\eta\lambda)\,w - \eta g",
        r"\tfrac{\lambda}{2}\lVert w\rVert^2",
    )
    w = torch.tensor([3.0, -2.0], dtype=torch.float64, requires_grad=True)
    [pull] = torch.autograd.grad(0.2 / 2 * w.square().sum(), w)
    assert torch.allclose(pull, 0.2 * w)
    ended = steps(torch, partial(torch.optim.SGD, lr=0.1, weight_decay=0.2), [[1.0, 4.0]], [3, -2])[-1]
    assert ended.tolist() == pytest.approx([(1 - 0.02) * 3 - 0.1, (1 - 0.02) * -2 - 0.4])


def shrunk(torch: Any, kind: str, gradients: list[list[float]]) -> Any:
    """How much less far out two weights of 5 end with a decay than without one."""
    make = getattr(torch.optim, kind)
    with_decay, without = (
        steps(torch, partial(make, lr=0.01, weight_decay=d), gradients, [5.0, 5.0])[-1] for d in (0.1, 0.0)
    )
    return without - with_decay


def test_penalty_in_adam_shrinks_weights_with_large_gradients_less_and_adamw_all_alike(torch):
    """weight-decay: two weights of 5 with gradients of 10 and of 0.01 that change their sign."""
    jumping = [[10 * (-1.0) ** n, 0.01 * (-1.0) ** n] for n in range(100)]
    in_adam, decoupled = shrunk(torch, "Adam", jumping), shrunk(torch, "AdamW", jumping)
    assert in_adam[1] > 10 * in_adam[0] > 0
    assert float(decoupled[0]) == pytest.approx(float(decoupled[1]), rel=1e-3)


def test_adamw_takes_the_rate_times_the_decay_off_every_weight(torch):
    """weight-decay: with 0.001 and 0.1 a ten-thousandth, whatever else happens to the weight."""
    for gradient in ([0.0], [7.0]):
        moved = [
            float(steps(torch, partial(torch.optim.AdamW, lr=0.001, weight_decay=d), [gradient], [5.0])[-1])
            for d in (0.1, 0.0)
        ]
        assert moved[1] - moved[0] == pytest.approx(5 * 1e-4)


def test_parameters_can_be_exempt_from_decay_by_groups(torch):
    """weight-decay: biases in a group of their own keep their value where there is no gradient to follow."""
    matrix, bias = (torch.ones(1, requires_grad=True) for _ in range(2))
    optimizer = torch.optim.AdamW([{"params": [matrix], "weight_decay": 0.1}, {"params": [bias], "weight_decay": 0.0}])
    for parameter in (matrix, bias):
        parameter.grad = torch.zeros(1)
    optimizer.step()
    assert matrix.item() < 1 == bias.item()


def rates(torch: Any, make: Callable[[Any], Any], count: int, lr: float) -> list[float]:
    """The rate before each of the steps, and after the last."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    schedule, seen = make(optimizer), [optimizer.param_groups[0]["lr"]]
    for _ in range(count):
        optimizer.step()
        schedule.step()
        seen.append(optimizer.param_groups[0]["lr"])
    return seen


def test_cosine_falls_from_the_peak_to_nothing_along_half_a_cosine(torch):
    """learning-rate-schedules: half the peak half-way, 0.05 of 0.1, and that is where a run cut short stops."""
    schedule = torch.optim.lr_scheduler
    seen = rates(torch, lambda o: schedule.CosineAnnealingLR(o, T_max=100), 100, 0.1)
    assert seen == pytest.approx([0.1 / 2 * (1 + math.cos(math.pi * t / 100)) for t in range(101)])
    assert seen[50] == pytest.approx(0.05) and seen[100] == pytest.approx(0, abs=1e-12)
    fall = [a - b for a, b in pairwise(seen)]
    assert fall[50] > 10 * fall[0] and fall[50] > 10 * fall[99]


def test_linear_warm_up_is_half_way_up_at_half_its_steps(torch):
    """learning-rate-schedules: with a peak of 0.0003 and 2,000 steps it is 0.00015 at step 1,000."""
    schedule = torch.optim.lr_scheduler
    seen = rates(torch, lambda o: schedule.LambdaLR(o, lambda t: min(1.0, t / 2000)), 2100, 0.0003)
    assert seen[1000] == pytest.approx(0.00015) and seen[0] == 0 and seen[2000] == seen[2100] == 0.0003


def test_other_schedules_are_there(torch, says):
    """learning-rate-schedules: step decay, linear decay, one-cycle and reduction on a plateau."""
    says("learning-rate-schedules", "step decay", "linear decay", "one-cycle", "plateau")
    schedule = torch.optim.lr_scheduler
    assert rates(torch, lambda o: schedule.StepLR(o, 30), 60, 0.1)[::30] == pytest.approx([0.1, 0.01, 0.001])
    cycle = rates(torch, lambda o: schedule.OneCycleLR(o, max_lr=0.1, total_steps=11), 10, 0.1)
    assert max(cycle) == cycle[3] == pytest.approx(0.1, rel=0.05) and cycle[-1] < cycle[0] < 0.1
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    plateau = schedule.ReduceLROnPlateau(optimizer, patience=2)
    for loss in (1.0, 0.5, 0.5, 0.5, 0.5):
        plateau.step(loss)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.01)


def test_constant_rate_bounces_about_the_minimum_and_a_tenth_of_it_settles(torch):
    """learning-rate-schedules: noisy gradients; the loss that hovers falls soon at a tenth of the rate."""
    noise, w, seen = torch.randn(4000), 5.0, []
    for t in range(4000):
        w -= (0.5 if t < 2000 else 0.05) * (w + float(noise[t]))
        seen.append(w * w)
    hovering, settled = sum(seen[1000:2000]) / 1000, sum(seen[2100:]) / 1900
    assert settled < 0.2 * hovering


def test_ranges_of_the_number_formats(torch, says):
    """mixed-precision: what becomes zero in FP16, the exponent bits, and that BF16 is FP32 cut off."""
    says(
        "mixed-precision",
        r"below about $3\cdot10^{-8}$ become zero",
        "FP16 has 5 exponent bits",
        "the 8 exponent bits of FP32",
    )
    half, brain = torch.float16, torch.bfloat16
    assert torch.tensor([2.9e-8, 3.1e-8]).to(half).tolist() == [0.0, pytest.approx(6e-8, rel=0.01)]
    assert torch.tensor([1e-9, 1e-20]).to(half).tolist() == [0.0, 0.0]
    assert torch.tensor(1e-20).to(brain).item() == pytest.approx(1e-20, rel=0.01)
    assert torch.finfo(half).max == 65504 and torch.finfo(brain).max > 3e38
    assert math.log2(torch.finfo(brain).tiny) == math.log2(torch.finfo(torch.float32).tiny) == -126
    assert math.log2(torch.finfo(half).tiny) == -14
    assert torch.finfo(brain).eps > torch.finfo(half).eps > torch.finfo(torch.float32).eps
    x = torch.tensor([1.0, -2.5, 3e30])
    assert torch.equal((x.view(torch.int32) & -65536).view(torch.float32), x.to(brain).float())


def test_small_update_is_rounded_away_in_sixteen_bits(torch):
    """mixed-precision: 1 plus 0.0001 is 1 in FP16 and in BF16, so the weights themselves are kept in FP32."""
    for dtype in (torch.float16, torch.bfloat16):
        assert (torch.tensor(1.0, dtype=dtype) + 0.0001).item() == 1.0
    assert (torch.tensor(1.0) + 0.0001).item() > 1.0


def test_scaling_the_loss_saves_a_tiny_gradient(torch):
    """mixed-precision: one of 1e-9 is zero in FP16; with a factor of 65,536 it survives and is divided again."""
    found = {}
    for scale in (1.0, 65536.0):
        w = torch.ones(1, requires_grad=True)
        loss = (w.half() * torch.tensor(1e-4, dtype=torch.float16)).float() * 1e-5
        (loss * scale).sum().backward()
        found[scale] = w.grad.item() / scale
    assert found[1.0] == 0 and found[65536.0] == pytest.approx(1e-9, rel=0.02)


def test_scaler_skips_a_step_with_infinite_gradients_and_lowers_its_factor(torch):
    """mixed-precision: GradScaler, on the CPU; a sound gradient is unscaled before the step."""
    w = torch.ones(1, requires_grad=True)
    optimizer, scaler = torch.optim.SGD([w], lr=1.0), torch.amp.GradScaler("cpu", init_scale=1024.0)
    scaler.scale((0.25 * w).sum()).backward()
    assert w.grad.item() == 256
    scaler.step(optimizer)
    scaler.update()
    assert (w.item(), scaler.get_scale()) == (0.75, 1024.0)
    w.grad = torch.tensor([math.inf])
    scaler.step(optimizer)
    scaler.update()
    assert (w.item(), scaler.get_scale()) == (0.75, 512.0)


def test_autocast_multiplies_in_sixteen_bits_and_keeps_the_weights_in_32(torch, says):
    """mixed-precision: matrix product and convolution run in BF16; weights, their gradients and the loss do not."""
    says("mixed-precision", "`torch.autocast` with, for FP16, a `GradScaler`")
    layer, conv = torch.nn.Linear(4, 3), torch.nn.Conv2d(1, 2, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = layer(torch.randn(5, 4))
        maps = conv(torch.randn(1, 1, 5, 5))
        loss = torch.nn.functional.cross_entropy(out, torch.randint(3, (5,)))
    loss.backward()
    assert out.dtype == maps.dtype == torch.bfloat16 and out.element_size() == 2
    assert layer.weight.dtype == layer.weight.grad.dtype == loss.dtype == torch.float32


def test_layer_norm_and_batch_norm_take_their_statistics_the_other_way(torch):
    """layer-norm-vs-batch-norm: for 32 vectors of 512 features, 512 means of 32 numbers, and 32 means of 512."""
    x = 3 + 2 * torch.randn(32, 512)
    batch, layer = torch.nn.BatchNorm1d(512)(x), torch.nn.LayerNorm(512)(x)
    assert batch.mean(dim=0).abs().max() < 1e-5 < batch.mean(dim=1).abs().max()
    assert layer.mean(dim=1).abs().max() < 1e-5 < layer.mean(dim=0).abs().max()
    assert torch.allclose(batch, (x - x.mean(0)) / (x.var(0, correction=0) + 1e-5).sqrt(), atol=1e-5)
    assert torch.allclose(
        layer, (x - x.mean(1, keepdim=True)) / (x.var(1, correction=0, keepdim=True) + 1e-5).sqrt(), atol=1e-5
    )


def test_layer_norm_cares_for_no_neighbour_and_batch_norm_does(torch):
    """layer-norm-vs-batch-norm, why-batch-norm: until it is evaluated with the running averages."""
    x, layer, batch = torch.randn(8, 5), torch.nn.LayerNorm(5), torch.nn.BatchNorm1d(5)
    other = torch.cat([x[:1], 10 * torch.randn(7, 5)])
    assert torch.allclose(layer(x)[0], layer(other)[0])
    assert not torch.allclose(batch(x)[0], batch(other)[0], atol=0.1)
    batch.eval()
    assert torch.allclose(batch(x)[0], batch(other)[0])
    assert torch.equal(layer(x), layer.eval()(x))
    assert layer(x[:1]).isfinite().all()


def test_batch_norm_has_buffers_and_layer_norm_has_none(torch):
    """layer-norm-vs-batch-norm: running_mean and running_var; both have a learned scale and shift."""
    batch, layer = torch.nn.BatchNorm1d(5), torch.nn.LayerNorm(5)
    assert {"running_mean", "running_var"} <= dict(batch.named_buffers()).keys() and not list(layer.buffers())
    assert [n for n, _ in batch.named_parameters()] == [n for n, _ in layer.named_parameters()] == ["weight", "bias"]


def test_batch_norm_refuses_a_batch_of_one_in_training(torch):
    """layer-norm-vs-batch-norm: one row has no spread over the batch; layer norm takes it."""
    with pytest.raises(ValueError, match="more than 1 value"):
        torch.nn.BatchNorm1d(5)(torch.randn(1, 5))


def test_batch_norm_can_be_folded_into_the_convolution_at_inference(torch):
    """layer-norm-vs-batch-norm: one convolution with other weights gives what both gave."""
    conv, norm = torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4)
    for _ in range(5):
        norm(conv(2 + torch.randn(4, 3, 8, 8)))
    conv.eval(), norm.eval()
    folded = torch.nn.utils.fuse_conv_bn_eval(conv, norm)
    x = torch.randn(2, 3, 8, 8)
    assert torch.allclose(folded(x), norm(conv(x)), atol=1e-5)


def test_rms_norm_leaves_the_mean_in(torch):
    """layer-norm-vs-batch-norm: it divides by the root of the mean square and subtracts nothing."""
    x = 3 + torch.randn(2, 6)
    out = torch.nn.RMSNorm(6)(x)
    assert torch.allclose(out, x / x.square().mean(1, keepdim=True).sqrt(), atol=1e-4) and out.mean() > 0.5


def test_learned_scale_and_shift_give_any_mean_and_spread(torch, says):
    """why-batch-norm: after gamma and beta the output has mean beta and spread gamma."""
    says(
        "why-batch-norm", r"\hat z = \frac{z - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}}, \qquad y = \gamma \hat z + \beta."
    )
    norm = torch.nn.BatchNorm1d(2)
    with torch.no_grad():
        norm.weight.copy_(torch.tensor([2.0, 0.5]))
        norm.bias.copy_(torch.tensor([-3.0, 7.0]))
    out = norm(10 * torch.randn(200, 2) + 4)
    assert out.mean(0).tolist() == pytest.approx([-3, 7], abs=1e-4)
    assert out.std(0, correction=0).tolist() == pytest.approx([2, 0.5], abs=1e-3)


def test_statistics_of_small_batches_are_noisy(torch):
    """why-batch-norm: the mean of a batch of 4 wanders four times as far as that of 64."""
    spread = {size: float(torch.randn(4000, size).mean(1).std()) for size in (4, 64)}
    assert spread[4] / spread[64] == pytest.approx(4, rel=0.1)


@pytest.mark.parametrize("rate, start", [(1.0, 0.15), (0.1, 0.02)])
def test_batch_norm_bears_a_rate_and_a_start_that_a_plain_network_does_not(torch, rate, start):
    """why-batch-norm: the same data, the same steps; a large rate, and weights that are much too small."""
    ends = []
    for normalised in (False, True):
        torch.manual_seed(1)
        layers: list[Any] = []
        for _ in range(8):
            layer = torch.nn.Linear(32, 32)
            torch.nn.init.normal_(layer.weight, std=start)
            layers += [layer, *([torch.nn.BatchNorm1d(32)] if normalised else []), torch.nn.ReLU()]
        model = torch.nn.Sequential(*layers, torch.nn.Linear(32, 2))
        x = torch.randn(256, 32)
        y = (x[:, :4].sum(1) > 0).long()
        optimizer = torch.optim.SGD(model.parameters(), lr=rate)
        for _ in range(60):
            loss = torch.nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        ends.append(loss.item())
    assert ends[1] < 0.4 and not ends[0] < 0.6


def test_log_of_the_run_says_what_is_said_of_it(says, bank):
    """loss-curve-diagnosis: where the validation loss is least, what a blind guess costs, and the gap at the end."""
    says("loss-curve-diagnosis", "1.35 to 2.40", "99.9 % against 62 %", "20 kinds")
    found = re.findall(
        r"Epoch (\d+): training loss ([\d.]+), validation loss ([\d.]+), validation accuracy (\d+)",
        bank["loss-curve-diagnosis"]["statement"],
    )
    epochs, training, validation, accuracy = ([float(v) for v in column] for column in zip(*found, strict=True))
    assert epochs[validation.index(min(validation))] == 10 and validation[2] == 1.35 and validation[-1] == 2.40
    assert training == sorted(training, reverse=True) and training[-1] == 0.01
    assert training[0] < math.log(20) and accuracy[-2:] == [62, 62]
    assert all(a <= b for a, b in pairwise(validation[2:]))


def test_accuracy_stays_while_confident_mistakes_cost_more():
    """loss-curve-diagnosis: 62 of a hundred right both times; the wrong ones go from 0.3 for the truth to 0.001."""
    right, wrong = 62, 38
    losses = [(right * -math.log(p) + wrong * -math.log(q)) / 100 for p, q in ((0.7, 0.3), (0.999, 0.001))]
    assert losses[1] > 2 * losses[0]
