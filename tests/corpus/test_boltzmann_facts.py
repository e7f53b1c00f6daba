"""What the question on restricted Boltzmann machines says, confirmed on some of which every state can be counted."""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

import pytest


class Machine(NamedTuple):
    """Three visible and two hidden units; `across` would link the hidden ones, which the restriction forbids."""

    a: Any
    b: Any
    w: Any
    across: float = 0.0

    def energy(self, v: Any, h: Any) -> Any:
        return -(v @ self.a) - h @ self.b - ((v @ self.w) * h).sum(-1) - self.across * h[..., 0] * h[..., 1]


def states(torch: Any, units: int) -> Any:
    return torch.tensor(list(product((0.0, 1.0), repeat=units)), dtype=torch.float64)


def joint(torch: Any, machine: Machine) -> Any:
    """The probability of every state: a row for each visible, a column for each hidden configuration."""
    v, h = states(torch, len(machine.a)), states(torch, len(machine.b))
    energies = torch.stack([machine.energy(row.expand(len(h), -1), h) for row in v])
    return (-energies).exp() / (-energies).exp().sum()


@pytest.fixture
def machine(torch) -> Machine:
    def draw(*size: int) -> Any:
        return torch.randn(*size, dtype=torch.float64, requires_grad=True)

    return Machine(draw(3), draw(2), draw(3, 2))


def given_visible(torch: Any, machine: Machine) -> tuple[Any, Any]:
    """For each visible configuration: the joint probability of both hidden units on, and the product of their own."""
    p, h = joint(torch, machine), states(torch, 2)
    conditional = p / p.sum(dim=1, keepdim=True)
    both = conditional @ (h[:, 0] * h[:, 1])
    return both, (conditional @ h[:, 0]) * (conditional @ h[:, 1])


def test_probabilities_sum_to_one_and_low_energy_is_probable(torch, machine):
    """restricted-boltzmann-machine: p is e to the minus E over Z."""
    p = joint(torch, machine)
    assert p.sum().item() == pytest.approx(1)
    v, h = states(torch, 3), states(torch, 2)
    energies = torch.stack([machine.energy(row.expand(4, -1), h) for row in v]).flatten()
    assert torch.equal(energies.argsort(), p.flatten().argsort(descending=True))


def test_state_of_energy_minus_ten_is_seen_more_often_than_one_of_plus_ten(torch, says):
    """restricted-boltzmann-machine: by a factor of e to the twentieth."""
    says("restricted-boltzmann-machine", "the energies minus ten and plus ten")
    low, high = (-torch.tensor([-10.0, 10.0], dtype=torch.float64)).softmax(dim=0)
    assert (low / high).log().item() == pytest.approx(20)


def test_hidden_units_are_independent_given_the_visible_ones(torch, machine):
    """restricted-boltzmann-machine: what the missing links within a layer buy."""
    both, apart = given_visible(torch, machine)
    assert torch.allclose(both, apart)


def test_link_within_a_layer_ends_the_independence(torch, machine):
    """restricted-boltzmann-machine: the general Boltzmann machine does not have it."""
    both, apart = given_visible(torch, machine._replace(across=1.5))
    assert (both - apart).abs().min() > 0.01


def test_hidden_unit_is_on_with_the_sigmoid_of_its_input(torch, machine):
    """restricted-boltzmann-machine: the function that one meets in the conditional."""
    p, v, h = joint(torch, machine), states(torch, 3), states(torch, 2)
    on = (p @ h) / p.sum(dim=1, keepdim=True)
    assert torch.allclose(on, torch.sigmoid(machine.b + v @ machine.w))


def test_gradient_of_the_likelihood_is_a_difference_of_two_statistics(torch, machine):
    """restricted-boltzmann-machine: v h on the data less v h under the model, which needs all of the model's states."""
    p, v, h = joint(torch, machine), states(torch, 3), states(torch, 2)
    seen = 5
    [slope] = torch.autograd.grad(p[seen].sum().log(), machine.w, retain_graph=True)
    data = torch.outer(v[seen], p[seen] @ h / p[seen].sum())
    model = torch.einsum("vh,vi,hj->ij", p, v, h)
    assert torch.allclose(slope, data - model)


def test_contrastive_divergence_learns_the_data(torch):
    """restricted-boltzmann-machine: with one Gibbs step two patterns grow from an eighth to most of the probability."""
    data = torch.tensor([[1.0, 1, 0, 0], [0, 0, 1, 1]], dtype=torch.float64).repeat(50, 1)
    a, b, w = (torch.zeros(4).double(), torch.zeros(3).double(), 0.1 * torch.randn(4, 3).double())
    assert likelihood_of_patterns(torch, Machine(a, b, w)) < 0.2
    for _ in range(600):
        on = torch.sigmoid(b + data @ w)
        rebuilt = torch.bernoulli(torch.sigmoid(a + torch.bernoulli(on) @ w.T))
        again = torch.sigmoid(b + rebuilt @ w)
        w = w + 0.2 * (data.T @ on - rebuilt.T @ again) / 100
        a, b = a + 0.2 * (data - rebuilt).mean(0), b + 0.2 * (on - again).mean(0)
    assert likelihood_of_patterns(torch, Machine(a, b, w)) > 0.7


def likelihood_of_patterns(torch: Any, machine: Machine) -> float:
    visible = joint(torch, machine).sum(dim=1)
    return float(visible[0b1100] + visible[0b0011])


def test_whole_machine_holds_no_direction(torch, machine):
    """restricted-boltzmann-machine: with layers exchanged and weights transposed, every state keeps its energy."""
    turned = Machine(machine.b, machine.a, machine.w.T)
    for v, h in product(states(torch, 3), states(torch, 2)):
        assert torch.isclose(machine.energy(v, h), turned.energy(h, v))


def test_restriction_leaves_no_term_within_a_layer(torch, machine):
    """restricted-boltzmann-machine: switching two visible units on costs what each of them costs alone."""
    h, nothing = torch.ones(2).double(), torch.zeros(3).double()
    one, two = torch.tensor([1.0, 0, 0]).double(), torch.tensor([0.0, 1, 0]).double()
    at_rest = machine.energy(nothing, h)
    both = machine.energy(one + two, h) - at_rest
    assert torch.isclose(both, machine.energy(one, h) + machine.energy(two, h) - 2 * at_rest)
