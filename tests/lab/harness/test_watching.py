"""Which steps are looked at, and that what is seen of several networks in one program is not mixed up."""

from __future__ import annotations

import itertools

import pytest

from bot.lab import protocol as p
from bot.lab.harness.watching import CLOSELY, SELDOM, look_after
from tests.lab.harness.bare import run
from tests.lab.harness.made_up import Digits
from tests.lab.harness.programs import ADAM, NETWORK, SCALED, START, loop


def looked_at(steps: int, begun: int = 0) -> list[int]:
    found = [begun + 1]
    while found[-1] < begun + steps:
        found.append(look_after(found[-1], begun))
    return found[:-1] if found[-1] > begun + steps else found


def test_the_first_steps_are_all_looked_at_and_later_ones_seldom() -> None:
    found = looked_at(100_000)
    assert found[:CLOSELY] == list(range(1, CLOSELY + 1))
    assert max(after - before for before, after in itertools.pairwise(found)) == SELDOM
    assert len(looked_at(700)) < 60


@pytest.mark.parametrize("begun", [0, 1234])
def test_no_tenth_of_the_first_epoch_goes_unseen(begun: int) -> None:
    """Else a program that trains on its validation rows at the end of each epoch would be taken for an honest one."""
    for steps in range(10, 6000, 7):
        tenth = begun + steps - steps // 10
        assert any(step > tenth for step in looked_at(steps, begun)), steps


TWICE = START + SCALED + NETWORK + ADAM + loop() + NETWORK + ADAM + loop()


@pytest.mark.slow
def test_gradients_that_one_network_left_behind_are_not_the_next_ones(digits: Digits) -> None:
    seen = run(TWICE, digits.folder, digits.held).seen
    assert (seen["optimizer_steps"], seen["grads_accumulated"], len(seen["optimizers"])) == (108, False, 2)


@pytest.mark.slow
def test_a_second_network_is_looked_at_as_closely_as_the_first(digits: Digits) -> None:
    second = NETWORK + "for q in model.parameters(): nn.init.zeros_(q)\n" + ADAM + loop()
    seen = run(START + SCALED + NETWORK + ADAM + loop(epochs=40) + second, digits.folder, digits.held).seen
    assert [layer["value"] for layer in seen["constant_layers"]] == [0.0, 0.0]


@pytest.mark.slow
def test_a_tenth_of_the_steps_on_validation_rows_is_seen(digits: Digits) -> None:
    small = loop(epochs=1).replace("split(50)", "split(5)")
    rest = small + "x, y = xv, yv\n" + small
    assert run(START + SCALED + NETWORK + ADAM + rest, digits.folder, digits.held).seen["validation_rows_trained"]


@pytest.mark.slow
def test_of_several_losses_in_a_step_all_are_noted(digits: Digits) -> None:
    both = "        (4 * loss).backward(retain_graph=True)\n        loss.backward()\n"
    halves = loop().replace("        loss.backward()\n", both)
    seen = run(START + SCALED + NETWORK + ADAM + halves, digits.folder, digits.held).seen
    assert (seen["steps"], seen["backward_calls"]) == (54, 108)
    assert seen["first_loss"] > 3 * 2.0 > 2 * seen["last_loss"]


ODD = {
    "a whole number": "torch.tensor(3)",
    "a device without data": "torch.ones((), device='meta', requires_grad=True)",
    "complex": "torch.ones((), dtype=torch.complex64, requires_grad=True)",
}


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD)
def test_a_loss_that_is_no_number_costs_no_curve(digits: Digits, odd: str) -> None:
    tried = f"    try: {ODD[odd]}.backward()\n    except RuntimeError: pass\n    optimizer.step()\n"
    told = run(START + SCALED + NETWORK + ADAM + loop(after=tried), digits.folder, digits.held)
    assert told.seen["backward_calls"] >= 54
    assert len(told.curve.steps) >= 54
    assert told.seen["lowest_loss"] < 2


@pytest.mark.slow
def test_steps_without_a_backward_pass_are_counted(digits: Digits) -> None:
    by_hand = loop(loss="F.cross_entropy(out, yb, reduction='none')").replace("        loss.backward()\n", "")
    told = run(START + SCALED + NETWORK + ADAM + by_hand, digits.folder, digits.held)
    assert (told.seen["optimizer_steps"], len(told.curve.steps)) == (54, 54)
    assert told.curve.losses[0] == pytest.approx(2.3, abs=0.3)


@pytest.mark.slow
def test_each_validation_stands_at_its_own_step(digits: Digits) -> None:
    inner = "        with torch.no_grad(): F.cross_entropy(model(xv), yv)\n        optimizer.step()\n"
    told = run(
        START + SCALED + NETWORK + ADAM + loop().replace("        optimizer.step()\n", inner),
        digits.folder,
        digits.held,
    )
    assert [step for step, _ in told.curve.validation] == list(range(2, 55))  # the first is of no training yet


@pytest.mark.slow
def test_a_loss_before_a_step_that_never_comes_has_a_step_of_its_own(digits: Digits) -> None:
    never = loop(loss="F.cross_entropy(out, yb) * (float('nan') if epoch else 1)").replace("optimizer.step()", "pass")
    assert run(START + SCALED + NETWORK + ADAM + never, digits.folder, digits.held).seen["nan_at_step"] == 19


LATE = (
    START
    + SCALED
    + NETWORK.replace("model", "first")
    + NETWORK.replace("model", "second").replace("64", "32")
    + "optimizer = torch.optim.Adam([*first.parameters(), *second.parameters()], lr=3e-3)\n"
    + loop(epochs=10).replace("model(", "first(")
    + loop(epochs=3).replace("model(", "second(")
)


@pytest.mark.slow
def test_a_network_that_takes_over_late_is_met_and_asked(digits: Digits) -> None:
    told = run(LATE, digits.folder, digits.held)
    assert told.one(p.Finished).predicted_by == "last"
    assert told.seen["parameters"] == 784 * 32 + 32 + 320 + 10
    assert told.seen["optimizers"][0]["covers"] is True


@pytest.mark.slow
def test_calls_of_each_loss_are_counted_and_those_of_another_line_are_told_apart(digits: Digits) -> None:
    both = loop(loss="F.cross_entropy(out, yb) + F.mse_loss(out.softmax(1), F.one_hot(yb, 10).float())", epochs=6)
    later = loop(loss="F.cross_entropy(out, yb)", epochs=6)
    losses = run(START + SCALED + NETWORK + ADAM + both + later, digits.folder, digits.held).seen["losses"]
    by_name = {name: [one for one in losses if one["name"] == name] for name in ("cross_entropy", "mse_loss")}
    assert [one["calls"] for one in by_name["mse_loss"]] == [108]
    assert sum(one["calls"] for one in by_name["cross_entropy"]) == 216
    assert [one["line"] for one in by_name["cross_entropy"]] == [14, 22]


@pytest.mark.slow
def test_what_is_computed_before_a_step_is_not_taken_for_its_batch(digits: Digits) -> None:
    """The network is given validation rows with gradients on, after each step and so before the next one's batch."""
    after = "        model(xv[:50])\n        optimizer.step()\n"
    seen = run(
        START + SCALED + NETWORK + ADAM + loop(epochs=6).replace("        optimizer.step()\n", after),
        digits.folder,
        digits.held,
    ).seen
    assert (seen["validation_rows_trained"], seen["labels_differ"]) == (False, 0)


@pytest.mark.slow
def test_a_copy_of_the_network_may_be_kept_at_any_step(digits: Digits) -> None:
    kept = "        optimizer.step()\n        kept = pickle.loads(pickle.dumps(model))\n"
    kept = loop().replace("        optimizer.step()\n", kept) + "model = kept\nprint(model._forward_pre_hooks)\n"
    told = run("import pickle\n" + START + SCALED + NETWORK + ADAM + kept, digits.folder, digits.held)
    assert told.stdout == "OrderedDict()\n"
    assert digits.right(told.one(p.Predictions).classes) > 0.9
