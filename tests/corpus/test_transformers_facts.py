"""What the questions on attention and language models say, confirmed by running it."""

from __future__ import annotations

import math
from typing import Any

import pytest


def attention(torch: Any, q: Any, k: Any, v: Any, causal: bool = False) -> Any:
    """softmax(Q K^T / sqrt(d)) V, written out."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if causal:
        scores = scores.masked_fill(torch.ones(scores.shape[-2:]).triu(1).bool(), float("-inf"))
    return scores.softmax(-1) @ v


def test_formula_of_attention_is_what_pytorch_computes(torch, says):
    """self-attention: the weights of a query sum to one; the output is their average of the values."""
    says("self-attention", r"\mathrm{softmax}\!\left(\frac{QK^\top}{\sqrt{d_k}}\right)V.")
    q, k, v = (torch.randn(2, 5, 8) for _ in range(3))
    its = torch.nn.functional.scaled_dot_product_attention
    assert torch.allclose(attention(torch, q, k, v), its(q, k, v), atol=1e-5)
    assert torch.allclose(attention(torch, q, k, v, causal=True), its(q, k, v, is_causal=True), atol=1e-5)
    assert torch.allclose((q @ k.transpose(1, 2)).softmax(-1).sum(-1), torch.ones(2, 5))
    mixed = attention(torch, q, k, v)
    assert (mixed <= v.amax(1, keepdim=True) + 1e-6).all() and (mixed >= v.amin(1, keepdim=True) - 1e-6).all()


def test_weights_of_attention_change_with_the_sentence_and_reach_everywhere(torch):
    """self-attention: what is learned are the projections; every position draws on every other in one layer."""
    layer = torch.nn.MultiheadAttention(8, 1, batch_first=True)
    one, other = torch.randn(1, 30, 8, requires_grad=True), torch.randn(1, 30, 8)
    weights = [layer(x, x, x)[1] for x in (one, other)]
    assert not torch.allclose(*weights, atol=1e-3)
    layer(one, one, one)[0][0, 0].sum().backward()
    assert (one.grad[0].abs().sum(1) > 0).all()
    assert layer.in_proj_weight.shape == (3 * 8, 8) and layer.in_proj_weight.requires_grad


def test_scores_spread_like_the_root_of_their_dimension(torch, says):
    """attention-scaling, causal-mask-bug: the variance is d_k, so about 8 for 64 and 16 for 256; divided, about one."""
    says("attention-scaling", "sum has variance $d_k$", "about 8 for $d_k = 64$")
    for d, typical in ((64, 8), (256, 16)):
        scores = (torch.randn(20_000, d) * torch.randn(20_000, d)).sum(1)
        assert float(scores.std()) == pytest.approx(typical, rel=0.05)
        assert float((scores / math.sqrt(d)).var()) == pytest.approx(1, rel=0.1)
        assert float((scores / d).var()) == pytest.approx(1 / d, rel=0.1)


def test_softmax_saturates_without_the_division_and_its_slope_goes(torch, says):
    """attention-scaling: nearly all weight on one of twenty keys, hardly a gradient for the query; soft with it."""
    says("attention-scaling", "$p_i(1 - p_i)$ and $-p_i p_j$")
    top, slopes = {}, {}
    for scale in (1.0, 1 / 16):
        q = torch.randn(200, 256, requires_grad=True)
        p = (q @ torch.randn(256, 20) * scale).softmax(-1)
        top[scale] = float(p.max(-1).values.mean().detach())
        diagonal = (p * (1 - p)).sum(-1).mean()
        slopes[scale] = float(diagonal.detach())
    assert top[1.0] > 0.85 > 0.5 > top[1 / 16] and slopes[1.0] < 0.2 * slopes[1 / 16]
    z = torch.randn(4, dtype=torch.float64)
    p = z.softmax(0)
    assert torch.allclose(
        torch.autograd.functional.jacobian(lambda v: v.softmax(0), z), torch.diag(p) - torch.outer(p, p)
    )


def test_figures_of_saturation(torch):
    """attention-scaling: 8, 0 and -8; a lead of ten; a weight of 0.9999; a factor sharpens, a constant does not."""
    assert torch.tensor([8.0, 0, -8]).softmax(0)[0] > 0.999
    p = torch.tensor([10.0, 0]).softmax(0)
    assert float(p[1] / p[0]) == pytest.approx(math.exp(-10)) and pytest.approx(1e-4, rel=0.01) == 0.9999 * 0.0001
    z = torch.tensor([1.0, 2.0, 3.0])
    assert torch.allclose((z + 5).softmax(0), z.softmax(0)) and (3 * z).softmax(0)[2] > z.softmax(0)[2] + 0.2


def test_heads_share_out_the_width_at_no_cost(torch, says):
    """multi-head-attention: eight heads of 64 have the parameters of one of 512, each its own pattern of weights."""
    says("multi-head-attention", "$h$ heads of size $d/h$ need about the same parameters and arithmetic")
    counts = {h: sum(p.numel() for p in torch.nn.MultiheadAttention(512, h).parameters()) for h in (1, 8)}
    assert counts[1] == counts[8] == 4 * 512 * 512 + 4 * 512
    layer, x = torch.nn.MultiheadAttention(16, 4, batch_first=True), torch.randn(1, 6, 16)
    out, weights = layer(x, x, x, average_attn_weights=False)
    assert weights.shape == (1, 4, 6, 6) and not torch.allclose(weights[0, 0], weights[0, 1], atol=1e-3)
    q, k, v = (p.view(1, 6, 4, 4).transpose(1, 2) for p in (x @ layer.in_proj_weight.T).chunk(3, -1))
    joined = attention(torch, q, k, v).transpose(1, 2).reshape(1, 6, 16)
    assert torch.allclose(out, layer.out_proj(joined), atol=1e-5)


def test_attention_shuffles_along_with_its_input(torch, says):
    """positional-encoding: permuted tokens, permuted outputs and nothing else, until positions are added."""
    layer, x, order = torch.nn.MultiheadAttention(8, 2, batch_first=True), torch.randn(1, 7, 8), torch.randperm(7)
    places = torch.randn(7, 8)

    def run(tokens: Any) -> Any:
        return layer(tokens, tokens, tokens)[0]

    assert torch.allclose(run(x[:, order]), run(x)[:, order], atol=1e-6)
    assert not torch.allclose(run(x[:, order] + places), run(x + places)[:, order], atol=1e-3)


def sines(torch: Any, length: int, width: int) -> Any:
    """The original encoding: sines and cosines of wavelengths from 2 pi to 10,000 times that."""
    place = torch.arange(length).double()[:, None]
    rate = 10_000 ** (-torch.arange(0, width, 2).double() / width)
    return torch.stack([(place * rate).sin(), (place * rate).cos()], -1).flatten(1)


def test_sinusoids_tell_places_apart_and_their_products_depend_on_the_distance(torch):
    """positional-encoding: fixed, in -1 to 1, for any length; and one for each place, whatever the word."""
    table = sines(torch, 600, 32)
    assert table.aminmax()[0] >= -1 and table.aminmax()[1] <= 1 and torch.pdist(table).min() > 0.05
    assert torch.allclose(table[3] @ table[10], table[203] @ table[210])


def test_rotated_queries_and_keys_score_by_distance(torch):
    """positional-encoding: RoPE: turning both by their place leaves a score that knows the difference alone."""
    q, k = torch.randn(2, dtype=torch.float64), torch.randn(2, dtype=torch.float64)

    def turned(v: Any, place: int) -> Any:
        a = torch.tensor(0.3 * place, dtype=torch.float64)
        return torch.stack([v[0] * a.cos() - v[1] * a.sin(), v[0] * a.sin() + v[1] * a.cos()])

    assert torch.allclose(turned(q, 2) @ turned(k, 7), turned(q, 102) @ turned(k, 107))
    assert not torch.allclose(turned(q, 2) @ turned(k, 7), turned(q, 2) @ turned(k, 8))


def test_learned_table_ends_at_its_length(torch):
    """positional-encoding: with 512 positions there is no vector for token number 600."""
    with pytest.raises(IndexError):
        torch.nn.Embedding(512, 8)(torch.tensor([600]))


def reached(torch: Any, causal: bool) -> list[bool]:
    layer = torch.nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    x = torch.randn(1, 6, 8, requires_grad=True)
    mask = torch.nn.Transformer.generate_square_subsequent_mask(6) if causal else None
    layer(x, src_mask=mask)[0, 2, 0].backward()
    return [bool(seen) for seen in x.grad[0].abs().sum(1) > 0]


def test_encoder_sees_both_sides_and_decoder_the_past(torch, says):
    """bert-vs-gpt: which tokens the third of six depends on."""
    says("bert-vs-gpt", "15 per cent")
    assert reached(torch, causal=False) == [True] * 6
    assert reached(torch, causal=True) == [True] * 3 + [False] * 3


MENDED = {
    14: "        scores = q @ k.transpose(-2, -1) / self.size ** 0.5",
    15: "        future = torch.ones(length, length, device=x.device).triu(1).bool()",
    16: '        scores = scores.masked_fill(future, float("-inf"))',
    17: "        weights = scores.softmax(dim=-1)",
}


def built(torch: Any, listing: str, replaced: dict[int, str]) -> Any:
    """The listing's layer, with some of its lines replaced."""
    lines = "\n".join(replaced.get(n, line) for n, line in enumerate(listing.splitlines(), 1))
    space = {"torch": torch, "nn": torch.nn}
    exec(compile(lines, "listing", "exec"), space)
    torch.manual_seed(1)
    layer: Any = space["CausalSelfAttention"](32, 2)
    return layer


def leaks(torch: Any, layer: Any) -> bool:
    """Whether an earlier output moves when the last token changes."""
    x = 3 * torch.randn(1, 6, 32)
    changed = torch.cat([x[:, :5], torch.randn(1, 1, 32)], 1)
    return not torch.allclose(layer(x)[:, :5], layer(changed)[:, :5], atol=1e-5)


def test_attention_with_three_bugs_leaks_and_mended_does_not(torch, bank):
    """causal-mask-bug: each bug is on the line that is named; the mended layer is PyTorch's causal attention."""
    question = bank["causal-mask-bug"]
    lines = question["listing"].splitlines()
    assert {p["id"]: p["lines"] for p in question["points"]} == {
        "missing-scale": [14],
        "softmax-over-queries": [15],
        "mask-after-softmax": [17],
    }
    assert (
        "scores = q @ k.transpose(-2, -1)" in lines[13] and "dim=-2" in lines[14] and "weights.masked_fill" in lines[16]
    )
    wrong, right = built(torch, question["listing"], {}), built(torch, question["listing"], MENDED)
    assert leaks(torch, wrong) and not leaks(torch, right)
    x = torch.randn(2, 6, 32)
    q, k, v = (p.view(2, 6, 2, 16).transpose(1, 2) for p in right.qkv(x).chunk(3, -1))
    its = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    assert torch.allclose(right(x), right.out(its.transpose(1, 2).reshape(2, 6, 32)), atol=1e-5)


def test_masking_after_the_softmax_alone_leaks_and_leaves_sums_below_one(torch, bank):
    """causal-mask-bug: with the scale and the dimension mended, the future still takes part in the normalisation."""
    listing = bank["causal-mask-bug"]["listing"]
    half = {14: MENDED[14], 15: "        weights = scores.softmax(dim=-1)"}
    assert leaks(torch, built(torch, listing, half))
    weights = torch.randn(4, 4).softmax(-1).masked_fill(torch.ones(4, 4).triu(1).bool(), 0.0)
    assert (weights.sum(-1)[:3] < 0.999).all()
    over_queries = torch.randn(4, 4).softmax(-2)
    assert torch.allclose(over_queries.sum(-2), torch.ones(4)) and not torch.allclose(
        over_queries.sum(-1), torch.ones(4)
    )


def test_what_looks_like_a_bug_in_it_and_is_none(torch):
    """causal-mask-bug: with triu(0) the first token attends to nothing; one wide layer is three; reshape copies."""
    blind = torch.zeros(3, 3).masked_fill(torch.ones(3, 3).triu(0).bool(), float("-inf")).softmax(-1)
    assert blind[0].isnan().all()
    wide, x = torch.nn.Linear(4, 12), torch.randn(2, 4)
    for part, weight, bias in zip(wide(x).chunk(3, -1), wide.weight.chunk(3), wide.bias.chunk(3), strict=True):
        assert torch.allclose(part, x @ weight.T + bias, atol=1e-6)
    heads = torch.randn(1, 2, 5, 3).transpose(1, 2)
    with pytest.raises(RuntimeError, match="view"):
        heads.view(1, 5, 6)
    assert torch.equal(heads.reshape(1, 5, 6)[0, 4], torch.cat([heads[0, 4, 0], heads[0, 4, 1]]))


def test_loss_of_a_language_model_is_the_mean_over_all_positions_of_one_pass(torch, says):
    """llm-pretraining, perplexity: the targets are the text moved by one; every position gives a signal."""
    says("llm-pretraining", r"L = -\frac{1}{T}\sum_{t} \log p(x_t \mid x_{<t}).")
    text, logits = torch.randint(20, (9,)), torch.randn(8, 20, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(logits, text[1:])
    by_hand = -sum(logits[t].log_softmax(0)[text[t + 1]] for t in range(8)) / 8
    assert torch.allclose(loss, by_hand)
    loss.backward()
    assert (logits.grad.abs().sum(1) > 0).all()


def test_lora_starts_at_the_pretrained_model_and_merges_into_it(torch, says):
    """lora: B begins at zero; rank r; only A and B get gradients; W + (alpha/r) B A gives the same in one product."""
    says("lora", r"W' = W + \frac{\alpha}{r} B A", "$B$ starts at zero")
    w = torch.randn(10, 12)
    a, b, alpha, r = torch.randn(2, 12, requires_grad=True), torch.zeros(10, 2, requires_grad=True), 4, 2
    x, y = torch.randn(30, 12), torch.randn(30, 10)

    def run(x: Any) -> Any:
        return x @ w.T + alpha / r * (x @ a.T) @ b.T

    assert torch.equal(run(x), x @ w.T)
    optimizer = torch.optim.Adam([a, b], lr=0.05)
    before = (run(x) - y).square().mean().item()
    for _ in range(40):
        optimizer.zero_grad()
        (run(x) - y).square().mean().backward()
        optimizer.step()
    assert (run(x) - y).square().mean().item() < before and w.grad is None
    merged = w + alpha / r * b @ a
    assert (
        torch.allclose(x @ merged.T, run(x), atol=1e-4)
        and torch.linalg.matrix_rank((merged - w).detach(), atol=1e-3) <= 2
    )


def test_share_of_the_parameters_that_lora_trains():
    """lora: rank 8 beside 4096 x 4096 is under one per cent; moments of twenty million take 160 megabytes."""
    assert 2 * 4096 * 8 / 4096**2 < 0.01
    trained, moments, size = 20_000_000, 2, 4
    assert trained * moments * size / 1e6 == 160 and 7_000_000_000 * moments * size / 1e9 > 20


def test_prompt_changes_no_weight_and_fine_tuning_does(torch):
    """rag-vs-finetuning: a forward pass over retrieved text leaves the model as it was; a step of training does not."""
    model = torch.nn.Linear(4, 4)
    before = model.weight.detach().clone()
    model(torch.randn(100, 4))
    assert torch.equal(model.weight, before)
    model(torch.randn(3, 4)).square().sum().backward()
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    assert not torch.equal(model.weight, before)


def test_temperature_sharpens_flattens_and_keeps_the_order(torch, says):
    """sampling-temperature: logits 2 and 1 give 73 per cent at T = 1 and 62 at T = 2; near 0 it is greedy."""
    says("sampling-temperature", r"p_i = \frac{e^{z_i / T}}{\sum_j e^{z_j / T}}.")
    z = torch.tensor([2.0, 1.0])
    assert [float((z / t).softmax(0)[0]) for t in (1, 2)] == pytest.approx([0.73, 0.62], abs=0.005)
    many = torch.randn(50)
    for t in (0.5, 1.0, 3.0):
        assert torch.equal((many / t).argsort(), many.argsort())
    assert (many / 0.01).softmax(0).max() > 0.99

    def entropy(t: float) -> float:
        p = (many / t).softmax(0)
        return float(-(p * p.log()).sum())

    assert entropy(0.5) < entropy(1.0) < entropy(3.0) < math.log(50)


def nucleus(torch: Any, p: Any, reach: float) -> list[int]:
    """The smallest set of tokens, likeliest first, whose probabilities add up to at least `reach`."""
    order = p.argsort(descending=True)
    sums = p[order].cumsum(0)
    return [int(i) for i in order[: int((sums < reach).sum()) + 1]]


def test_top_p_adapts_and_top_k_does_not(torch):
    """sampling-temperature: one token where the model is sure, many where it is not, and none is above p by itself."""
    sure, open_ended = torch.tensor([0.95, 0.03, 0.01, 0.01]), torch.full((40,), 1 / 40)
    assert nucleus(torch, sure, 0.9) == [0] and len(nucleus(torch, open_ended, 0.9)) == 36
    assert len(sure.topk(3).indices) == len(open_ended.topk(3).indices) == 3
    assert not (open_ended >= 0.9).any()
    kept = sure[nucleus(torch, sure, 0.97)]
    assert len(kept) == 2 and (kept / kept.sum()).sum().item() == pytest.approx(1)
    assert 1 - 0.95**14 > 0.5  # a tail of five per cent is hit within fourteen tokens more often than not


def test_cached_keys_and_values_give_what_recomputing_gives(torch):
    """kv-cache: token by token, against the whole prefix under a causal mask, through two layers."""
    weights = [[torch.randn(8, 8) / 3 for _ in range(3)] for _ in range(2)]
    x = torch.randn(6, 8)
    whole = x
    for q, k, v in weights:
        whole = whole + attention(torch, whole @ q, whole @ k, whole @ v, causal=True)
    cache: list[list[Any]] = [[torch.empty(0, 8), torch.empty(0, 8)] for _ in weights]
    steps = []
    for token in x.split(1):
        h = token
        for (q, k, v), kept in zip(weights, cache, strict=True):
            kept[0], kept[1] = torch.cat([kept[0], h @ k]), torch.cat([kept[1], h @ v])
            h = h + attention(torch, h @ q, kept[0], kept[1])
        steps.append(h)
    assert torch.allclose(torch.cat(steps), whole, atol=1e-5)
    assert cache[0][0].shape == (6, 8)


def test_bytes_of_the_cache(says):
    """kv-cache: half a megabyte a token, two gigabytes for 4,096 of them; a quarter by GQA."""
    says("kv-cache", r"$2 \times$ layers $\times$ KV heads $\times$ head size $\times$ tokens")

    def size(kv_heads: int, tokens: int) -> int:
        return 2 * 32 * kv_heads * 128 * tokens * 2

    assert size(32, 1) == 2**19 and size(32, 4096) == 2**31 and size(8, 1) * 4 == size(32, 1)


def test_reward_model_and_dpo_raise_the_preferred_answer(torch):
    """preference-tuning: a sigmoid of a difference each; one answer is lifted, the other lowered."""
    logsigmoid = torch.nn.functional.logsigmoid
    rewards = torch.zeros(2, requires_grad=True)
    (-logsigmoid(rewards[0] - rewards[1])).backward()
    assert rewards.grad.tolist() == [-0.5, 0.5]
    policy, reference = torch.tensor([-5.0, -4.0], requires_grad=True), torch.tensor([-5.0, -4.0])
    margin = (policy - reference)[0] - (policy - reference)[1]
    loss = -logsigmoid(0.1 * margin)
    loss.backward()
    assert loss.item() == pytest.approx(math.log(2)) and policy.grad[0] < 0 < policy.grad[1] and reference.grad is None


def test_reward_that_is_a_proxy_is_gamed_without_a_leash(torch):
    """preference-tuning: the best choice under a flawed reward drifts off; a KL penalty keeps it near the reference."""
    reference, proxy = torch.tensor([0.6, 0.39, 0.01]).log(), torch.tensor([1.0, 0.5, 4.0])
    free, leashed = ((reference + proxy / beta).softmax(0) for beta in (0.05, 5.0))
    assert free[2] > 0.99 and leashed[2] < 0.05

    def value(p: Any, beta: float) -> float:
        return float((p * proxy).sum() - beta * (p * (p.log() - reference)).sum())

    assert value(leashed, 5.0) >= max(value(torch.rand(3).softmax(0), 5.0) for _ in range(200))


def test_scores_grow_with_the_square_and_the_projections_do_not(torch, says):
    """attention-cost: four times for twice the length and 64 for eight times; at 500 tokens dense layers take most."""
    from torch.utils.flop_counter import FlopCounterMode

    says(
        "attention-cost",
        "Twice the context means four times the arithmetic",
        "eight times the context sixty-four times",
    )

    def flops(length: int, width: int) -> tuple[int, int]:
        q = torch.empty(length, width, device="meta")
        found = []
        for work in (lambda: (q @ q.T) @ q, lambda: q @ torch.empty(width, 12 * width, device="meta")):
            with FlopCounterMode(display=False) as counter:
                work()
            found.append(counter.get_total_flops())
        return found[0], found[1]

    (attend, dense), (attend2, dense2), (attend8, _) = (flops(n, 64) for n in (4000, 8000, 32_000))
    assert (attend2, dense2, attend8) == (4 * attend, 2 * dense, 64 * attend)
    attend, dense = flops(500, 4096)
    assert attend < 0.05 * dense
    assert (1000**2, 2000**2) == (1_000_000, 4_000_000) and round(32_000**2 * 2 / 1e9) == 2


def test_running_softmax_over_tiles_is_exact(torch, says):
    """attention-cost: what FlashAttention does, tile by tile, without the matrix of scores; nothing is skipped."""
    says("attention-cost", "tile by tile")
    q, k, v = (torch.randn(12, 4, dtype=torch.float64) for _ in range(3))
    top, total, mixed = (
        torch.full((12, 1), -math.inf).double(),
        torch.zeros(12, 1).double(),
        torch.zeros(12, 4).double(),
    )
    for keys, values in zip(k.split(3), v.split(3), strict=True):
        scores = q @ keys.T / 2
        higher = torch.maximum(top, scores.amax(1, keepdim=True))
        faded, weights = (top - higher).exp(), (scores - higher).exp()
        top, total, mixed = higher, total * faded + weights.sum(1, keepdim=True), mixed * faded + weights @ values
    assert torch.allclose(mixed / total, attention(torch, q, k, v))


def test_perplexity_by_its_figures(torch, says):
    """perplexity: V for a uniform guess, 1 for perfection, 12.2 for 2.5 nats; other cuts, other values."""
    says("perplexity", r"\mathrm{PPL} = \exp\Big(-\frac{1}{T}\sum_{t} \log p(x_t \mid x_{<t})\Big).")
    entropy, targets = torch.nn.functional.cross_entropy, torch.randint(12, (50,))
    assert entropy(torch.zeros(50, 12), targets).exp().item() == pytest.approx(12)
    assert entropy(1000.0 * torch.nn.functional.one_hot(targets, 12), targets).exp().item() == 1
    assert math.exp(2.5) == pytest.approx(12.2, abs=0.05)
    nats = 300.0  # of one text, cut into 100 words or 500 characters
    words, characters = math.exp(nats / 100), math.exp(nats / 500)
    assert words > 10 * characters and 3**5 > 60  # five characters at 3 each are harder than one word at 60


def test_perplexity_does_not_count_hits(torch):
    """perplexity: the same tokens come first in both, and the values differ."""
    targets = torch.tensor([0, 0, 0, 1])
    sure, shy = (torch.tensor([[z, 0.0]] * 4) for z in (5.0, 0.5))
    assert torch.equal(sure.argmax(1), shy.argmax(1))
    entropy = torch.nn.functional.cross_entropy
    assert entropy(sure, targets) > entropy(shy, targets) + 0.3
