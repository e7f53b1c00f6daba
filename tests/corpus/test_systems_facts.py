"""What the questions on generative models, reuse, deployment and one's own projects say, confirmed by running it."""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

import pytest


def test_ideal_discriminator_is_one_half_where_both_densities_agree(torch, says):
    """gan: for given densities the best D is p / (p + q), which is a half everywhere when the generator is perfect."""
    says("gan", r"\min_G \max_D \; E_x[\log D(x)] + E_z[\log(1 - D(G(z)))]", "1/2")
    d = torch.linspace(0.001, 0.999, 999).double()
    for p, q in ((0.3, 0.3), (0.6, 0.2), (0.1, 0.4)):
        best = d[(p * d.log() + q * (1 - d).log()).argmax()]
        assert best.item() == pytest.approx(p / (p + q), abs=1e-3)


def test_gradient_of_the_generator_comes_through_the_discriminator(torch):
    """gan: it needs no real sample; a step on its loss leaves the discriminator alone; noise in, a sample out."""
    nn = torch.nn
    g, d = nn.Sequential(nn.Linear(100, 8), nn.Tanh(), nn.Linear(8, 2)), nn.Linear(2, 1)
    fake = g(torch.randn(16, 100))
    assert fake.shape == (16, 2)
    loss = nn.functional.binary_cross_entropy_with_logits(d(fake), torch.ones(16, 1))
    found = torch.autograd.grad(loss, list(g.parameters()))
    assert all(f.abs().sum() > 0 for f in found)


def test_original_loss_saturates_and_the_other_does_not(torch, says):
    """gan-training-trouble: a discriminator that is sure gives log(1 - D) no slope, and -log D a slope of one."""
    says("gan-training-trouble", r"$\log(1 - D(G(z)))$ saturates", r"maximises $\log D(G(z))$")
    slopes = []
    for loss in (lambda s: torch.log1p(-torch.sigmoid(s)), lambda s: -torch.nn.functional.logsigmoid(s)):
        score = torch.tensor(-9.0, requires_grad=True)
        slopes.append(abs(torch.autograd.grad(loss(score), score)[0].item()))
    assert slopes[0] < 2e-4 and slopes[1] > 0.999


def test_game_circles_where_a_minimisation_settles(torch):
    """gan-training-trouble: on x y, one player going down and one going up, the two drift outwards."""
    x, y = torch.tensor(1.0), torch.tensor(0.0)
    for _ in range(100):
        x, y = x - 0.1 * y, y + 0.1 * x
    assert x**2 + y**2 > 2


def test_one_mode_fools_the_present_discriminator_as_well_as_all_do(torch):
    """gan-training-trouble: where D is equal on both modes, a generator that makes one of them loses nothing."""

    def discriminator(x: Any) -> Any:
        return torch.sigmoid(2 - (x.abs() - 3).square())

    both, one = torch.tensor([-3.0, 3.0] * 50), torch.full((100,), 3.0)
    assert torch.allclose(discriminator(both).log().mean(), discriminator(one).log().mean()) and one.std() == 0


def test_distance_of_wasserstein_has_a_slope_where_the_classes_are_apart(torch):
    """gan-training-trouble: a critic with a bounded slope; spectral normalisation keeps the largest factor at one."""
    layer = torch.nn.utils.parametrizations.spectral_norm(torch.nn.Linear(6, 6), n_power_iterations=30)
    assert torch.linalg.matrix_norm(layer.weight.detach(), 2).item() == pytest.approx(1, abs=0.02)
    fake = torch.tensor(-50.0, requires_grad=True)
    (-fake).backward()
    assert fake.grad.item() == -1


def test_linear_autoencoder_finds_the_subspace_of_the_principal_components(torch, says):
    """autoencoder: trained by descent with squared error; the target is the input, and the code is narrow."""
    says("autoencoder", r"$\lVert x - \hat{x} \rVert^2$", "PCA")
    x = (
        torch.randn(200, 6)
        @ torch.diag(torch.tensor([3.0, 2.5, 0.4, 0.3, 0.2, 0.1]))
        @ torch.linalg.qr(torch.randn(6, 6))[0]
    )
    x = x - x.mean(0)
    encode, decode = torch.nn.Linear(6, 2, bias=False), torch.nn.Linear(2, 6, bias=False)
    optimizer = torch.optim.Adam([*encode.parameters(), *decode.parameters()], lr=0.02)
    for _ in range(400):
        optimizer.zero_grad()
        (decode(encode(x)) - x).square().mean().backward()
        optimizer.step()
    axes = torch.linalg.svd(x, full_matrices=False)[2][:2]
    span = torch.linalg.qr(decode.weight.detach())[0]
    assert torch.linalg.svdvals(axes @ span).min() > 0.995
    best = (x @ axes.T @ axes - x).square().mean().item()
    assert (decode(encode(x)) - x).square().mean().item() == pytest.approx(best, rel=0.05)


def test_wide_code_may_copy_and_high_error_marks_what_is_unlike(torch):
    """autoencoder: with as many numbers as inputs the identity is perfect; off the learned plane the error is large."""
    axes = torch.linalg.qr(torch.randn(6, 2))[0]
    inside, outside = torch.randn(50, 2) @ axes.T, torch.randn(50, 6)
    errors = [(v @ axes @ axes.T - v).square().mean() for v in (inside, outside)]
    assert errors[0] < 1e-10 < 0.1 < errors[1]
    assert torch.equal(torch.nn.functional.linear(outside, torch.eye(6)), outside)


def machine(torch: Any) -> tuple[Any, Any, Any]:
    """All states of four units, a symmetric matrix of weights without a diagonal, and biases."""
    states = torch.tensor(list(itertools.product((0.0, 1.0), repeat=4)), dtype=torch.float64)
    w = torch.randn(4, 4).double().triu(1)
    return states, w + w.T, torch.randn(4).double()


def chances(torch: Any, states: Any, w: Any, b: Any) -> Any:
    energy = -0.5 * torch.einsum("ni,ij,nj->n", states, w, states) - states @ b
    return (-energy).softmax(0)


def test_unit_is_on_with_the_sigmoid_of_what_reaches_it(torch, says):
    """boltzmann-machine: from the energy of all states; Gibbs sampling leaves their chances alone."""
    says("boltzmann-machine", r"\sigma\big(b_i + \sum_j w_{ij} s_j\big)")
    states, w, b = machine(torch)
    p = chances(torch, states, w, b)
    on = torch.sigmoid(b[2] + states @ w[2])
    index = {tuple(s.tolist()): n for n, s in enumerate(states)}
    after = torch.zeros(16).double()
    for n, state in enumerate(states):
        for value, chance in ((1.0, on[n]), (0.0, 1 - on[n])):
            moved = state.clone()
            moved[2] = value
            after[index[tuple(moved.tolist())]] += p[n] * chance
    assert torch.allclose(after, p)


def test_learning_follows_the_difference_of_two_correlations(torch, says):
    """boltzmann-machine: the gradient of the log-likelihood, all units visible."""
    says("boltzmann-machine", r"\langle s_i s_j \rangle_{data} - \langle s_i s_j \rangle_{model}")
    states, w, b = machine(torch)
    data = states[torch.randint(16, (50,))]
    index = [int((states == row).all(1).nonzero()) for row in data]
    weight = w[0, 1].clone().requires_grad_()
    matrix = w.clone()
    matrix[0, 1] = matrix[1, 0] = 0
    place = torch.zeros(4, 4).double()
    place[0, 1] = place[1, 0] = 1
    [found] = torch.autograd.grad(chances(torch, states, matrix + weight * place, b)[index].log().mean(), weight)
    p = chances(torch, states, w, b)
    assert torch.allclose(found, (data[:, 0] * data[:, 1]).mean() - (p * states[:, 0] * states[:, 1]).sum())


def test_restriction_makes_the_units_of_a_layer_independent(torch):
    """boltzmann-machine: given the visible two, the hidden two are; with a link between these they are not."""
    states, w, b = machine(torch)
    for linked in (False, True):
        matrix = w.clone()
        matrix[0, 1] = matrix[1, 0] = 0
        matrix[2, 3] = matrix[3, 2] = 2.0 if linked else 0.0
        p = chances(torch, states, matrix, b)
        given = (states[:, 0] == 1) & (states[:, 1] == 0)
        q = p[given] / p[given].sum()
        hidden = states[given][:, 2:]
        both, each = (q * hidden.prod(1)).sum(), (q[:, None] * hidden).sum(0).prod()
        assert torch.allclose(both, each) != linked


def test_divergence_of_a_gaussian_code_in_closed_form(torch, says):
    """vae: half the sum of mu^2 + sigma^2 - log sigma^2 - 1, as PyTorch's distributions have it; zero at the prior."""
    says("vae", r"L = -E_{q(z|x)}[\log p(x|z)] + KL\big(q(z|x) \,\|\, p(z)\big)")
    mu, sigma = torch.randn(5), torch.rand(5) + 0.2
    normal = torch.distributions.Normal
    its = torch.distributions.kl_divergence(normal(mu, sigma), normal(0.0, 1.0)).sum()
    assert torch.allclose(0.5 * (mu**2 + sigma**2 - (sigma**2).log() - 1).sum(), its, atol=1e-5)
    assert torch.distributions.kl_divergence(normal(torch.zeros(1), torch.ones(1)), normal(0.0, 1.0)).item() == 0


def test_reparameterised_draw_lets_gradients_pass(torch, says):
    """vae: mu + sigma eps has the right mean and spread, and slopes of 1 and eps; a plain draw has none."""
    says("vae", r"$z = \mu + \sigma \epsilon$")
    mu, sigma = torch.tensor(2.0, requires_grad=True), torch.tensor(0.5, requires_grad=True)
    eps = torch.randn(20_000)
    z = mu + sigma * eps
    assert z.mean().item() == pytest.approx(2, abs=0.02) and z.std().item() == pytest.approx(0.5, abs=0.02)
    slopes = torch.autograd.grad((mu + sigma * eps[0]), (mu, sigma))
    assert [s.item() for s in slopes] == pytest.approx([1.0, eps[0].item()])
    assert not torch.distributions.Normal(mu, sigma).sample().requires_grad


def test_elbo_is_a_lower_bound(torch):
    """vae: it reaches log p(x) with the true posterior and is below it with any other."""
    normal = torch.distributions.Normal
    x = torch.tensor(1.5)
    exact = normal(0.0, math.sqrt(2)).log_prob(x)  # z ~ N(0, 1), x ~ N(z, 1)
    bounds = []
    for mu, sigma in ((0.75, math.sqrt(0.5)), (0.0, 1.0), (2.0, 0.3)):
        expected = -0.5 * math.log(2 * math.pi) - 0.5 * ((x - mu) ** 2 + sigma**2)
        bounds.append(expected - torch.distributions.kl_divergence(normal(mu, sigma), normal(0.0, 1.0)))
    assert torch.allclose(bounds[0], exact) and max(bounds[1:]) < exact


def schedule(torch: Any) -> Any:
    """What is left of the picture after each of a thousand steps: the product of 1 - beta."""
    return (1 - torch.linspace(1e-4, 0.02, 1000).double()).cumprod(0)


def test_any_step_is_reached_at_once(torch, says):
    """diffusion: many small steps of noise have the mean and spread of the one formula; at the end nothing is left."""
    says("diffusion", r"$x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon$")
    beta, left = torch.linspace(1e-4, 0.02, 1000), schedule(torch)
    x = torch.full((5000,), 2.0)
    for t in range(200):
        x = (1 - beta[t]).sqrt() * x + beta[t].sqrt() * torch.randn(5000)
    assert x.mean().item() == pytest.approx(2 * float(left[199].sqrt()), abs=0.03)
    assert x.var().item() == pytest.approx(1 - float(left[199]), rel=0.05)
    assert left[-1] < 1e-4


def test_removing_the_predicted_noise_leads_back_to_the_data(torch, says):
    """diffusion: with the best predictor, samples from pure noise follow the data; many passes."""
    says("diffusion", r"L = \lVert \epsilon - \epsilon_\theta(x_t, t) \rVert^2")
    beta, left = torch.linspace(1e-4, 0.02, 1000).double(), schedule(torch)
    mean, spread = 3.0, 0.5
    x, passes = torch.randn(2000).double(), 0
    for t in reversed(range(1000)):
        total = left[t] * spread**2 + 1 - left[t]
        noise = (1 - left[t]).sqrt() * (x - left[t].sqrt() * mean) / total
        x = (x - beta[t] / (1 - left[t]).sqrt() * noise) / (1 - beta[t]).sqrt()
        x = x + (beta[t].sqrt() * torch.randn(2000) if t else 0)
        passes += 1
    assert (
        passes == 1000
        and x.mean().item() == pytest.approx(mean, abs=0.05)
        and x.std().item() == pytest.approx(spread, abs=0.05)
    )


def test_best_prediction_of_the_noise_is_its_mean(torch):
    """diffusion: squared error at one step, a plain regression: its minimiser is the expected noise given x_t."""
    x0, eps = 3 + 0.5 * torch.randn(50_000), torch.randn(50_000)
    x = math.sqrt(0.4) * x0 + math.sqrt(0.6) * eps
    slope = ((x - x.mean()) * (eps - eps.mean())).mean() / x.var()
    assert slope.item() == pytest.approx(math.sqrt(0.6) / (0.4 * 0.25 + 0.6), rel=0.03)


def test_infonce_is_cross_entropy_with_the_diagonal_as_target(torch, says):
    """contrastive-learning: cosine similarities over a temperature; 2N - 2 negatives for N images with two views."""
    says("contrastive-learning", r"L_i = -\log \frac{\exp(s(z_i, z_i^+)/\tau)}{\sum_k \exp(s(z_i, z_k)/\tau)}")
    normalised = torch.nn.functional.normalize
    a, b = normalised(torch.randn(6, 4), dim=1), normalised(torch.randn(6, 4), dim=1)
    scores = a @ b.T / 0.1
    by_hand = -(scores.diag().exp() / scores.exp().sum(1)).log().mean()
    assert torch.allclose(torch.nn.functional.cross_entropy(scores, torch.arange(6)), by_hand, atol=1e-5)
    image = torch.arange(5).repeat(2)
    assert ((image[:, None] != image).sum(1) == 2 * 5 - 2).all()


def test_low_temperature_lets_hard_negatives_count(torch):
    """contrastive-learning: the share of the push that goes to the nearest negative."""
    similar = torch.tensor([0.9, 0.8, 0.1, 0.0])  # the partner, a hard negative and two easy ones
    shares = []
    for t in (1.0, 0.1):
        s = similar.clone().requires_grad_()
        torch.nn.functional.cross_entropy(s[None] / t, torch.tensor([0])).backward()
        shares.append(float(s.grad[1] / s.grad[1:].sum()))
    assert shares[1] > 0.95 > 0.6 > shares[0]


def test_negatives_keep_the_embeddings_from_collapsing(torch):
    """contrastive-learning: equal embeddings are perfect for pulling alone and cost log N with negatives."""
    same = torch.nn.functional.normalize(torch.ones(8, 4), dim=1)
    assert (same - same).square().sum() == 0
    cost = torch.nn.functional.cross_entropy(same @ same.T / 0.1, torch.arange(8))
    apart = torch.nn.functional.cross_entropy(torch.eye(8) / 0.1, torch.arange(8))
    assert cost.item() == pytest.approx(math.log(8)) and apart < 0.01


def test_stop_gradient_cuts_one_branch(torch):
    """contrastive-learning: what BYOL and SimSiam do: the target's side gets no gradient."""
    a, b = (torch.randn(4, requires_grad=True) for _ in range(2))
    (a - b.detach()).square().sum().backward()
    assert a.grad is not None and b.grad is None


def test_pretrained_body_helps_where_labels_are_few(torch):
    """transfer-learning-applications: a frozen body from a large related task and a new head, against a raw start."""
    nn = torch.nn
    rule = torch.randn(20, 3)

    def made(count: int) -> tuple[Any, Any]:
        x = torch.randn(count, 20)
        return x, torch.tanh(2 * x @ rule).round()

    def train(model: Any, x: Any, y: Any, steps: int) -> Any:
        optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=0.01, weight_decay=1e-3)
        for _ in range(steps):
            optimizer.zero_grad()
            nn.functional.mse_loss(model(x), y).backward()
            optimizer.step()
        return model

    body = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 3))
    train(body, *made(2000), 200)
    before = body[0].weight.clone()
    body.requires_grad_(False)
    few, fresh = made(15), made(1000)
    task = torch.tensor([[1.0], [-1.0], [1.0]])
    reused = train(nn.Sequential(body, nn.Linear(3, 1)), few[0], few[1] @ task, 200)
    raw = train(nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 1)), few[0], few[1] @ task, 200)
    errors = [nn.functional.mse_loss(m(fresh[0]), fresh[1] @ task).item() for m in (reused, raw)]
    assert errors[0] < 0.7 * errors[1] and torch.equal(before, body[0].weight)


def test_exported_weights_give_the_same_outputs_in_evaluation_mode(torch, tmp_path: Any):
    """deployment: within a tolerance, in a graph without the class; in training mode the outputs differ."""
    nn = torch.nn
    model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 2))
    x = torch.randn(5, 4)
    graph = torch.fx.symbolic_trace(model.eval())
    assert torch.allclose(graph(x), model(x), atol=1e-5)
    assert not torch.allclose(model.train()(x), graph.eval()(x), atol=1e-3)


def test_other_preprocessing_makes_no_error_and_worse_answers(torch):
    """deployment: a model of standardised inputs gets raw ones; channels exchanged; it runs all the same."""
    x = 50 + 10 * torch.randn(400, 3)
    y = ((x[:, 0] - 50) - (x[:, 2] - 50) > 0).float()
    w = torch.tensor([1.0, 0.0, -1.0])
    right = [float((((v - 50) / 10 @ w > 0).float() == y).float().mean()) for v in (x, x.flip(1))]
    assert right[0] > 0.99 > 0.5 > right[1]


def test_batching_raises_throughput_and_makes_requests_wait(torch):
    """deployment: a batch of eight serves more and answers later; p99 says what the mean hides."""
    fixed, each, gap = 10.0, 1.0, 2.0

    def served(batch: int) -> tuple[float, float]:
        work = fixed + each * batch
        return batch / work, gap * (batch - 1) + work

    (slow, soon), (fast, late) = served(1), served(8)
    assert fast > 4 * slow and late > soon
    times = torch.tensor([20.0] * 97 + [400.0] * 3)
    assert times.mean() < 40 and times.quantile(0.99) == 400


def quantised(torch: Any, x: Any, bits: int = 8, dim: int | None = None) -> Any:
    """Symmetric quantisation and back, with one scale for all or one for each row."""
    top = 2 ** (bits - 1) - 1
    scale = (x.abs().max() if dim is None else x.abs().amax(dim, keepdim=True)) / top
    return (x / scale).round().clamp(-top - 1, top) * scale


def test_scale_and_zero_point_as_pytorch_has_them(torch, says):
    """quantisation: q = clip(round(x / s) + z), x about s (q - z); from -1 to 1 steps of 0.008."""
    says("quantisation", r"q = \mathrm{clip}\big(\mathrm{round}(x / s) + z\big), \qquad x \approx s\,(q - z)")
    x, s, z = torch.linspace(-1, 3, 41), 4 / 255, -64
    q = ((x / s).round() + z).clamp(-128, 127)
    its = torch.fake_quantize_per_tensor_affine(x, s, z, -128, 127)
    assert torch.allclose(s * (q - z), its, atol=1e-6) and (its - x).abs().max() <= s / 2 + 1e-6
    step = 2 / 255
    assert step == pytest.approx(0.008, abs=3e-4) and round(0.5 / step) == 64 and (2**8, 2**4) == (256, 16)


def test_int8_takes_a_quarter_of_float32(torch):
    """quantisation: 4 bytes to 1 byte a weight, so 100 megabytes to 25; int8 runs from -128 to 127."""
    assert torch.zeros(100).nbytes == 4 * torch.zeros(100, dtype=torch.int8).nbytes
    assert (torch.iinfo(torch.int8).min, torch.iinfo(torch.int8).max) == (-128, 127)


def test_scale_per_channel_is_more_exact_and_outliers_cost_resolution(torch):
    """quantisation: rows of different spread; one large value; and four bits lose more than eight."""
    w = torch.randn(8, 64) * torch.logspace(-2, 0, 8)[:, None]

    def lost(x: Any, **how: Any) -> float:
        return float((quantised(torch, x, **how) - x).square().mean())

    assert lost(w, dim=1) < lost(w)
    small = w[:4]
    assert float((quantised(torch, w, dim=1)[:4] - small).abs().mean()) < 0.2 * float(
        (quantised(torch, w)[:4] - small).abs().mean()
    )
    x = torch.randn(1000)
    spoiled = torch.cat([x, torch.tensor([100.0])])
    assert float((quantised(torch, spoiled)[:1000] - x).square().mean()) > 100 * lost(x)
    assert lost(x, bits=4) > 50 * lost(x)


def test_straight_through_lets_the_gradient_pass_the_rounding(torch):
    """quantisation: rounding itself has a slope of zero; as if it were the identity, it has one."""
    x = torch.tensor([0.3], requires_grad=True)
    [flat] = torch.autograd.grad(x.round().sum(), x)
    [through] = torch.autograd.grad(torch.fake_quantize_per_tensor_affine(x, 0.1, 0, -128, 127).sum(), x)
    [by_hand] = torch.autograd.grad((x + (x.round() - x).detach()).sum(), x)
    assert (flat.item(), through.item(), by_hand.item()) == (0, 1, 1)


def stability(torch: Any, before: Any, now: Any) -> float:
    """The population stability index over the deciles of the first sample."""
    edges = before.quantile(torch.linspace(0.1, 0.9, 9))
    a, b = (torch.bucketize(v, edges).bincount(minlength=10) / len(v) + 1e-4 for v in (before, now))
    return float(((b - a) * (b / a).log()).sum())


def test_drift_of_the_data_shows_without_labels(torch):
    """model-monitoring: PSI and the largest gap of the distributions rise when an input has moved, and else do not."""
    before, same, moved = torch.randn(3000), torch.randn(3000), torch.randn(3000) + 0.8
    assert stability(torch, before, same) < 0.05 < 0.2 < stability(torch, before, moved)
    at = torch.linspace(-4, 4, 200)

    def gap(a: Any, b: Any) -> float:
        return float(((a[:, None] <= at).float().mean(0) - (b[:, None] <= at).float().mean(0)).abs().max())

    assert gap(before, same) < 0.06 < 0.2 < gap(before, moved)


def test_drift_of_the_concept_shows_in_the_labels_alone(torch):
    """model-monitoring: the same inputs, another relation: the accuracy falls and nothing else moves."""
    x, later = torch.randn(2000), torch.randn(2000)
    truth, changed = (x > 0), (later > 1)
    accuracy = [float(((v > 0) == y).float().mean()) for v, y in ((x, truth), (later, changed))]
    assert stability(torch, x, later) < 0.05 and accuracy[0] == 1 and accuracy[1] < 0.8


def test_pitch_of_the_reference_takes_half_a_minute(bank):
    """project-pitch: at 150 words a minute 75 words are thirty seconds; the example has about as many."""
    [pitch] = re.findall(r'For instance: "(.+?)"', bank["project-pitch"]["reference"], flags=re.DOTALL)
    assert 50 <= len(pitch.split()) <= 85


def test_figures_of_the_pneumonia_project(says):
    """project-metric: 400 patients, one in ten ill; "healthy" is right for 90 per cent; unsure by 8 points."""
    says(
        "project-metric",
        "one in ten",
        "40 of them were ill",
        "eight points",
    )
    ill, recall = 400 // 10, 0.92
    assert 1 - ill / 400 == 0.9
    assert 1.96 * math.sqrt(recall * (1 - recall) / ill) == pytest.approx(0.08, abs=0.005)


def test_line_with_an_optimiser(torch, says):
    """own-code-optimiser: it computes nothing yet; two averages a weight; plain SGD at its rate hardly moves."""
    says(
        "own-code-optimiser",
        "torch.optim.AdamW(model.parameters(), lr=3e-4, weight_decay=0.01)",
        "two running averages",
    )
    moved = {}
    for name, make in (
        ("adamw", lambda p: torch.optim.AdamW(p, lr=3e-4, weight_decay=0.01)),
        ("sgd", lambda p: torch.optim.SGD(p, lr=3e-4)),
    ):
        w = torch.ones(1, requires_grad=True)
        optimizer = make([w])
        assert w.item() == 1 and not optimizer.state
        for _ in range(100):
            w.grad = torch.full((1,), 0.01)
            optimizer.step()
        moved[name] = 1 - w.item()
        assert (
            sum(v.numel() == 1 and k.startswith("exp") for k, v in optimizer.state.get(w, {}).items())
            == (name == "adamw") * 2
        )
    assert moved["adamw"] > 50 * moved["sgd"] > 0


def test_line_with_a_loss(torch, says):
    """own-code-loss: squared error behind a softmax has hardly a gradient where it is surely wrong."""
    says("own-code-loss", "log-softmax", "`BCEWithLogitsLoss`")
    slopes = []
    target = torch.tensor([0])
    for loss in (
        lambda z: torch.nn.CrossEntropyLoss()(z, target),
        lambda z: torch.nn.functional.mse_loss(z.softmax(1), torch.eye(3)[target]),
    ):
        z = torch.tensor([[0.0, 12.0, 0.0]], requires_grad=True)
        loss(z).backward()
        slopes.append(float(z.grad.norm()))
    assert slopes[0] > 1 > 1e-4 > slopes[1]
    z, y = torch.randn(4, 3), torch.tensor([0, 1, 2, 1])
    assert torch.allclose(torch.nn.CrossEntropyLoss()(z, y), -z.log_softmax(1)[torch.arange(4), y].mean())


def test_line_with_an_activation(torch, says):
    """own-code-activation: over six layers a sigmoid leaves less than a four-thousandth, ReLU all."""
    says("own-code-activation", "`x = F.relu(self.fc1(x))`", "at most one quarter")
    kept = []
    for activation in (torch.sigmoid, torch.relu):
        x = torch.tensor(1.0, requires_grad=True)
        out = x
        for _ in range(6):
            out = activation(out)
        out.backward()
        kept.append(x.grad.item())
    assert kept[0] < 1 / 4000 and kept[1] == 1


def test_line_with_a_layer(torch, says):
    """own-code-layers: 784 times 256 weights and 256 biases are about 201,000; 32 filters of 3 by 3 about 320."""
    says("own-code-layers", "`nn.Linear(784, 256)`", "about 201,000 numbers", "about 320 for 32 filters of 3 by 3")
    count = [sum(p.numel() for p in m.parameters()) for m in (torch.nn.Linear(784, 256), torch.nn.Conv2d(1, 32, 3))]
    assert count == [200_960, 320]


def test_line_with_a_loader(torch, says):
    """own-code-data: sorted folders give batches of one class unless they are shuffled; the score does not mind."""
    says("own-code-data", "DataLoader(train_set, batch_size=64, shuffle=True, num_workers=4)")
    labels = [n // 64 for n in range(640)]
    loader = torch.utils.data.DataLoader
    assert all(len(batch.unique()) == 1 for batch in loader(labels, batch_size=64))
    mixed = list(loader(labels, batch_size=64, shuffle=True))
    assert all(len(batch.unique()) > 5 for batch in mixed)
    assert torch.cat(mixed).double().mean() == torch.tensor(labels).double().mean()
