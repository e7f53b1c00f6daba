"""What the questions on recurrent networks, tokens and embeddings say, confirmed by running it."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest


def parameters(model: Any) -> int:
    return sum(p.numel() for p in model.parameters())


def test_recurrent_network_reads_any_length_with_the_same_weights_and_an_mlp_does_not(torch):
    """feedforward-vs-recurrent, rnn-for-text: sequences of six and of two hundred items, one set of weights."""
    rnn, mlp = torch.nn.RNN(4, 8, batch_first=True), torch.nn.Linear(50 * 4, 8)
    assert [rnn(torch.randn(1, n, 4))[0].shape for n in (6, 200)] == [(1, 6, 8), (1, 200, 8)]
    assert parameters(rnn) == 4 * 8 + 8 * 8 + 2 * 8
    for n in (6, 200):
        with pytest.raises(RuntimeError):
            mlp(torch.randn(1, n, 4).flatten(1))


def test_state_remembers_earlier_inputs_and_knows_no_later_ones(torch):
    """feedforward-vs-recurrent, rnn-for-text: the state goes forward in time; an MLP at one position sees it alone."""
    rnn, x = torch.nn.RNN(2, 5, batch_first=True), torch.randn(1, 6, 2, requires_grad=True)
    rnn(x)[0][0, 3].sum().backward()
    assert (x.grad[0].abs().sum(1) > 0).tolist() == [True] * 4 + [False] * 2


def test_recurrent_network_is_a_deep_feed_forward_one_with_shared_weights(torch, says):
    """feedforward-vs-recurrent, rnn-for-text: h_t = f(x_t, h_{t-1}), one step per input."""
    says("feedforward-vs-recurrent", "$h_t = f(x_t, h_{t-1})$")
    rnn, x = torch.nn.RNN(2, 3, batch_first=True), torch.randn(1, 4, 2)
    h = torch.zeros(3)
    for step in x[0]:
        h = torch.tanh(rnn.weight_ih_l0 @ step + rnn.bias_ih_l0 + rnn.weight_hh_l0 @ h + rnn.bias_hh_l0)
    assert torch.allclose(rnn(x)[1][0, 0], h, atol=1e-6)


def test_order_changes_the_state_and_a_bag_of_words_forgets_it(torch):
    """rnn-for-text, word-embeddings: "not good" and "good not" end in other states and have the same mean."""
    table, rnn = torch.nn.Embedding(5, 3), torch.nn.RNN(3, 4, batch_first=True)
    one, other = table(torch.tensor([[1, 2]])), table(torch.tensor([[2, 1]]))
    assert torch.allclose(one.mean(1), other.mean(1)) and not torch.allclose(rnn(one)[1], rnn(other)[1], atol=1e-3)


def test_cost_of_a_step_and_size_of_the_state_do_not_grow(torch):
    """rnn-applications, transformer-vs-rnn: a stream needs the last state only, of one size; attention all pairs."""
    rnn, x = torch.nn.GRU(3, 4, batch_first=True), torch.randn(1, 20, 3)
    state = None
    for step in x.split(1, dim=1):
        _, state = rnn(step, state)
        assert state.numel() == 4
    assert torch.allclose(state, rnn(x)[1], atol=1e-6)


def test_one_backward_pass_sums_what_the_steps_contribute(torch, says):
    """bptt: with a copy of the weight for each step, the gradient of the shared one is the sum over the copies."""
    says("bptt", r"\frac{\partial L}{\partial W} = \sum_t \frac{\partial L}{\partial h_t}")
    shared = torch.randn(3, 3, dtype=torch.float64, requires_grad=True)
    copies = [shared.detach().clone().requires_grad_() for _ in range(4)]
    x = torch.randn(4, 3).double()

    def loss(weights: list[Any]) -> Any:
        h = torch.zeros(3).double()
        for weight, step in zip(weights, x, strict=True):
            h = torch.tanh(weight @ h + step)
        return h.sum()

    [whole] = torch.autograd.grad(loss([shared] * 4), shared)
    assert torch.allclose(whole, sum(torch.autograd.grad(loss(copies), copies)))


def test_gradient_over_a_span_is_a_product_of_jacobians(torch, says):
    """bptt: from step t back to step k there are t - k of them; 0.9 and 1.1 over a hundred steps."""
    says("bptt", r"$t-k$ Jacobians $\partial h_i / \partial h_{i-1}$")
    w = torch.randn(3, 3, dtype=torch.float64)
    first = torch.randn(3, dtype=torch.float64)

    def run(h: Any) -> Any:
        for _ in range(4):
            h = torch.tanh(w @ h)
        return h

    product, h = torch.eye(3).double(), first
    for _ in range(4):
        h = torch.tanh(w @ h)
        product = torch.diag(1 - h**2) @ w @ product
    assert torch.allclose(torch.autograd.functional.jacobian(run, first), product)
    shrunk, grown = (math.prod([factor] * 100) for factor in (0.9, 1.1))
    assert shrunk == pytest.approx(3e-5, rel=0.15) and grown == pytest.approx(13_780, rel=0.01)


def test_truncation_carries_the_state_and_stops_the_gradient(torch):
    """bptt: a detached state has the same value, and inputs before it get no gradient; it is not clipping."""
    rnn, x = torch.nn.RNN(2, 3, batch_first=True), torch.randn(1, 6, 2, requires_grad=True)
    _, state = rnn(x[:, :3])
    cut, _ = rnn(x[:, 3:], state.detach())
    assert torch.allclose(cut, rnn(x)[0][:, 3:], atol=1e-6)
    cut[:, -1].sum().backward()
    assert (x.grad[0].abs().sum(1) > 0).tolist() == [False] * 3 + [True] * 3


def gates(torch: Any, lstm: Any, x: Any, h: Any) -> list[Any]:
    return list((lstm.weight_ih_l0 @ x + lstm.bias_ih_l0 + lstm.weight_hh_l0 @ h + lstm.bias_hh_l0).chunk(4))


def test_step_of_an_lstm_by_hand(torch, says):
    """how-lstm-works: forget, write, show; gates lie between 0 and 1; 0.9 of 2 and 0.5 of 1 make 2.3."""
    says("how-lstm-works", r"c_t = f_t \odot c_{t-1} + i_t \odot \tilde c_t.", r"h_t = o_t \odot \tanh(c_t)")
    lstm = torch.nn.LSTM(3, 4)
    x, h, c = torch.randn(3), torch.randn(4), torch.randn(4)
    i, f, g, o = gates(torch, lstm, x, h)
    new = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    out = torch.sigmoid(o) * torch.tanh(new)
    _, (h_its, c_its) = lstm(x[None], (h[None], c[None]))
    assert torch.allclose(c_its[0], new, atol=1e-6) and torch.allclose(h_its[0], out, atol=1e-6)
    assert float(torch.tensor([0.9, 0.5]) @ torch.tensor([2.0, 1.0])) == pytest.approx(2.3)


def test_forget_gate_of_one_keeps_and_of_zero_wipes(torch):
    """how-lstm-works: set by its bias, with the input gate shut."""
    for bias, kept in ((30.0, 1.0), (-30.0, 0.0)):
        lstm = torch.nn.LSTM(2, 1)
        with torch.no_grad():
            lstm.bias_ih_l0.copy_(torch.tensor([-30.0, bias, 0.0, 0.0]))
        _, (_, c) = lstm(torch.randn(5, 2), (torch.zeros(1, 1), torch.tensor([[3.0]])))
        assert c.item() == pytest.approx(3.0 * kept, abs=1e-3)


def test_gates_change_with_the_input(torch):
    """how-lstm-works: they are learned layers and no fixed settings."""
    lstm, h = torch.nn.LSTM(3, 4), torch.zeros(4)
    one, other = (torch.sigmoid(gates(torch, lstm, torch.randn(3), h)[1]) for _ in range(2))
    assert not torch.allclose(one, other, atol=1e-3)


def test_direct_path_through_the_cell_state_has_the_forget_gate_as_its_factor(torch, says):
    """lstm-vanishing: dc_t/dc_{t-1} is f_t with the gates held; 0.99 keeps a third of a hundred steps."""
    says("lstm-vanishing", "directly, just $f_t$")
    c = torch.tensor(1.0, requires_grad=True)
    f = torch.sigmoid(torch.randn(10))
    state = c
    for gate in f:
        state = gate * state + 0.3
    [slope] = torch.autograd.grad(state, c)
    assert torch.allclose(slope, f.prod())
    third, nothing = (math.prod([factor] * 100) for factor in (0.99, 0.5))
    assert third == pytest.approx(1 / 3, abs=0.04) and nothing < 1e-29


def test_gradient_survives_in_an_lstm_where_a_plain_network_loses_it(torch):
    """lstm-vanishing: over eighty steps, with forget gates near one; gates below one still decay."""
    kept = {}
    for name, bias in (("open", 5.0), ("half", 0.0)):
        lstm = torch.nn.LSTM(3, 8)
        with torch.no_grad():
            lstm.bias_ih_l0[8:16] = bias
        start = torch.randn(1, 8, requires_grad=True)
        _, (_, c) = lstm(torch.randn(80, 3), (torch.zeros(1, 8), start))
        kept[name] = float(torch.autograd.grad(c.sum(), start)[0].norm())
    rnn, start = torch.nn.RNN(3, 8), torch.randn(1, 8, requires_grad=True)
    kept["plain"] = float(torch.autograd.grad(rnn(torch.randn(80, 3), start)[1].sum(), start)[0].norm())
    assert kept["open"] > 0.1 and kept["half"] < 1e-6 and kept["plain"] < 1e-6


def test_gru_has_three_blocks_where_an_lstm_has_four(torch, says):
    """gru-vs-lstm: a quarter fewer parameters, 395 against 526 thousand; h alone comes back, and h with c."""
    says("gru-vs-lstm", "a quarter fewer parameters")
    gru, lstm = torch.nn.GRU(256, 256), torch.nn.LSTM(256, 256)
    assert (parameters(gru), parameters(lstm)) == (394_752, 526_336) and parameters(gru) / parameters(lstm) == 0.75
    x = torch.randn(2, 256)
    assert torch.is_tensor(gru(x)[1]) and len(lstm(x)[1]) == 2
    assert torch.equal(gru(x)[0][-1:], gru(x)[1])


def test_step_of_a_gru_by_hand(torch):
    """gru-vs-lstm: the update gate ties forgetting and writing, z and 1 - z; the reset gate weighs the old state."""
    gru, x, h = torch.nn.GRU(3, 4), torch.randn(3), torch.randn(4)
    r1, z1, n1 = (gru.weight_ih_l0 @ x + gru.bias_ih_l0).chunk(3)
    r2, z2, n2 = (gru.weight_hh_l0 @ h + gru.bias_hh_l0).chunk(3)
    r, z = torch.sigmoid(r1 + r2), torch.sigmoid(z1 + z2)
    assert torch.allclose(gru(x[None], h[None])[1][0], (1 - z) * torch.tanh(n1 + r * n2) + z * h, atol=1e-6)


def test_transformer_layer_links_distant_words_at_once_and_takes_all_positions_together(torch):
    """transformer-vs-rnn, seq2seq-attention: the last position depends on the first; each gives what it gives alone."""
    layer = torch.nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    x = torch.randn(1, 50, 8, requires_grad=True)
    layer(x)[0, -1, 0].backward()
    assert x.grad[0, 0].abs().sum() > 0
    order = torch.randperm(50)
    assert torch.allclose(layer(x)[:, order], layer(x[:, order]), atol=1e-5)


def test_pairs_of_attention_grow_with_the_square(torch):
    """transformer-vs-rnn: twice the length, four times the scores, where a recurrent network takes twice the steps."""
    scores = [(torch.randn(n, 4) @ torch.randn(4, n)).numel() for n in (100, 200)]
    assert scores[1] == 4 * scores[0]


def merges(text: str, count: int) -> tuple[list[str], list[list[str]]]:
    """Byte-pair encoding from characters: the pairs in the order they were merged, and the words cut up."""
    words, learned = [list(word) for word in text.split()], []
    for _ in range(count):
        pairs = Counter(pair for word in words for pair in pairwise(word))
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        learned.append("".join(best))
        words = [merged(word, best) for word in words]
    return learned, words


def merged(word: list[str], best: tuple[str, str]) -> list[str]:
    out: list[str] = []
    for piece in word:
        out = [*out[:-1], out[-1] + piece] if out and (out[-1], piece) == best else [*out, piece]
    return out


def test_byte_pairs_are_merged_by_frequency():
    """tokenisation: th, then the; frequent words stay whole, rare ones fall into parts."""
    learned, words = merges("the the the the then this with at token", 2)
    assert learned == ["th", "the"]
    assert words[0] == ["the"] and words[4] == ["the", "n"] and len(words[8]) == 5


def test_other_lengths_for_other_pieces():
    """tokenisation: characters make longer sequences than words, and bytes leave no text without a token."""
    text = "subwords lie between naïve 猫"
    assert len(text.split()) < len(text) < len(text.encode()) and all(0 <= b < 256 for b in text.encode())


def test_embedding_is_a_table_that_is_looked_up_and_learned(torch):
    """word-embeddings, tokenisation: token 17 gets row 17 of 50,000, as its one-hot vector times the table would."""
    table = torch.nn.Embedding(50_000, 3)
    ids = torch.tensor([17, 4])
    one_hot = torch.nn.functional.one_hot(ids, 50_000)
    assert (one_hot == 0).sum(1).tolist() == [49_999, 49_999]
    assert torch.allclose(table(ids), one_hot.float() @ table.weight) and torch.equal(table(ids)[0], table.weight[17])
    table(ids).sum().backward()
    assert table.weight.grad.abs().sum(1).nonzero().flatten().tolist() == [4, 17]


def test_one_hot_vectors_are_equally_far_apart(torch):
    """word-embeddings: so they say nothing of meaning; and a static table gives a word one vector in any sentence."""
    assert torch.allclose(torch.pdist(torch.eye(6)), torch.full((15,), math.sqrt(2)))
    table = torch.nn.Embedding(10, 4)
    encoder = torch.nn.TransformerEncoderLayer(4, 1, 8, dropout=0.0, batch_first=True)
    river, money = torch.tensor([[3, 7]]), torch.tensor([[5, 7]])
    assert torch.equal(table(river)[0, 1], table(money)[0, 1])
    assert not torch.allclose(encoder(table(river))[0, 1], encoder(table(money))[0, 1], atol=1e-3)


def test_words_of_like_contexts_come_to_lie_close(torch):
    """word-embeddings: counts of neighbours, reduced to a few numbers, put cat beside dog and not beside the verb."""
    text = "the cat sat . the dog sat . a cat ran . a dog ran . the cat ate . the dog ate . we sat there".split()
    words = sorted(set(text))
    counts = torch.zeros(len(words), len(words))
    for a, b in pairwise(text):
        counts[words.index(a), words.index(b)] += 1
        counts[words.index(b), words.index(a)] += 1
    u, s, _ = torch.linalg.svd(counts.log1p())
    vectors = torch.nn.functional.normalize(u[:, :3] * s[:3], dim=1)
    cat, dog, sat = (vectors[words.index(w)] for w in ("cat", "dog", "sat"))
    assert cat @ dog > 0.95 > cat @ sat + 0.2


def test_bidirectional_network_is_two_networks_joined(torch, says):
    """bidirectional-rnn: twice the parameters and width; each position sees both sides; each direction by itself."""
    says("bidirectional-rnn", r"h_t = [h_t^{\rightarrow},\ h_t^{\leftarrow}].")
    one, both = torch.nn.LSTM(6, 5, batch_first=True), torch.nn.LSTM(6, 5, batch_first=True, bidirectional=True)
    assert parameters(both) == 2 * parameters(one)
    x = torch.randn(1, 7, 6, requires_grad=True)
    out, _ = both(x)
    assert out.shape == (1, 7, 10)
    out[0, 3].sum().backward()
    assert (x.grad[0].abs().sum(1) > 0).all()
    one.load_state_dict({n: p for n, p in both.state_dict().items() if "reverse" not in n})
    back = torch.nn.LSTM(6, 5, batch_first=True)
    back.load_state_dict({n.removesuffix("_reverse"): p for n, p in both.state_dict().items() if "reverse" in n})
    assert torch.allclose(out, torch.cat([one(x)[0], back(x.flip(1))[0].flip(1)], 2), atol=1e-6)
    assert parameters(torch.nn.LSTM(256, 256, bidirectional=True)) == pytest.approx(1e6, rel=0.06)


def test_bidirectional_network_sees_the_word_it_should_predict(torch):
    """bidirectional-rnn: the output at one position already depends on the next input."""
    rnn, x = torch.nn.RNN(2, 3, batch_first=True, bidirectional=True), torch.randn(1, 5, 2, requires_grad=True)
    rnn(x)[0][0, 1].sum().backward()
    assert x.grad[0, 2].abs().sum() > 0


def test_last_state_is_of_one_size_and_attention_keeps_one_per_word(torch, says):
    """seq2seq-attention: five words or fifty; an average by softmax weights; scores of 4, 1 and 0."""
    says("seq2seq-attention", r"$c_t = \sum_i \alpha_{ti} h_i$")
    encoder = torch.nn.GRU(3, 8, batch_first=True)
    for n in (5, 50):
        states, last = encoder(torch.randn(1, n, 3))
        assert last.numel() == 8 and states.shape[1] == n
    weights = [torch.softmax(states[0] @ torch.randn(8), 0) for _ in range(2)]
    assert weights[0].sum().item() == pytest.approx(1) and not torch.allclose(*weights, atol=1e-3)
    assert (weights[0] > 0).all() and (weights[0] @ states[0]).shape == (8,)
    assert torch.tensor([4.0, 1, 0]).softmax(0)[0].item() == pytest.approx(0.94, abs=0.005)
