"""Findings on programs with known bugs, on correct programs in many styles, and on what a run says besides."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from bot.core.review import joined, review
from bot.core.rules.texts import TEXTS
from bot.core.shown import FACTS
from bot.core.training import Fault, Finding, Outcome, Task
from bot.lab.syntax.facts import facts
from tests.core.buggy import BASE, CLASSY, PROGRAMS, RAW, Buggy

CORRECT = sorted((Path(__file__).parent / "programs" / "correct").glob("*.py.txt"))
LOSS = {"name": "CrossEntropyLoss", "line": 22, "calls": 900, "rows_sum_to_one": False, "log_probabilities": False}


def findings(source: str, outcome: Outcome | None = None, task: Task | None = None) -> tuple[Finding, ...]:
    return review(facts(source), source, outcome, task)


def bugs(source: str, outcome: Outcome | None = None, task: Task | None = None) -> set[tuple[str, int | None]]:
    return {(one.rule, one.line) for one in findings(source, outcome, task) if one.severity == "bug"}


def advice(source: str, outcome: Outcome | None = None) -> set[str]:
    return {one.rule for one in findings(source, outcome) if one.severity == "advice"}


def run(**seen: Any) -> Outcome:
    return Outcome("measured", seen={"steps": 900, "optimizer_steps": 900, **seen})


def crashed(message: str, line: int | None = None, **seen: Any) -> Outcome:
    return Outcome("crashed", error=Fault("RuntimeError", message, line), seen=seen)


def changed(old: str, new: str, base: str = BASE) -> str:
    assert old in base
    return base.replace(old, new, 1)


@pytest.mark.parametrize("path", CORRECT, ids=lambda path: path.name.removesuffix(".py.txt"))
def test_a_correct_program_has_no_bug(path: Path) -> None:
    assert bugs(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize("source", [BASE, CLASSY, RAW], ids=["row", "class", "by hand"])
def test_what_the_buggy_programs_are_made_of_is_correct(source: str) -> None:
    assert findings(source) == ()


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_each_bug_is_found_on_its_line_and_nothing_else(program: Buggy) -> None:
    source, expected = program.program()
    assert bugs(source) == expected


UPDATE = """\
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""
HELPER = "def update(loss):\n    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()\n\n\nfor epoch"
TWO = (
    "optimizer = torch.optim.SGD(model[0].parameters(), lr=0.1)\nother = torch.optim.SGD(model[2].parameters(), lr=0.1)"
)


@pytest.mark.parametrize(
    "source",
    [
        BASE.replace("\n", "\r\n"),
        BASE.replace(UPDATE, "        update(loss)\n").replace("for epoch", HELPER, 1),
        BASE.replace("for epoch in range(3):", "epoch = 0\nwhile epoch < 3:\n    epoch += 1"),
        BASE.replace("for xb, yb in loader:", "for i, (xb, yb) in enumerate(tqdm(loader)):"),
        BASE.replace("for xb, yb in loader:", "for batch in loader:\n        xb, yb = batch"),
        BASE.replace("optimizer.step()\n", "optimizer.step()\n        hits = (scores.argmax(1) == yb).sum()\n"),
        BASE.replace("        hits =", "        valid_loss = criterion(model(x_valid), y_valid)\n        hits ="),
        BASE.replace("optimizer = torch.optim.SGD(model.parameters(), lr=0.1)", TWO).replace(
            "optimizer.step()", "optimizer.step(); other.step()"
        ),
        BASE.replace("model.parameters(), lr", "filter(lambda p: p.requires_grad, model.parameters()), lr"),
        CLASSY.replace("        x = x.flatten(1)", "        x = x.flatten(1).float() / 255").replace(
            ".float() / 255,", ","
        ),
    ],
)
def test_the_same_written_otherwise_has_no_bug(source: str) -> None:
    assert bugs(source) == set()


def test_every_rule_for_bugs_is_tried() -> None:
    tried = {name for program in PROGRAMS for name in program.rules.split()}
    tried |= {"images-not-float", "over-budget", "forbidden"}  # below
    assert tried == {name for name, text in TEXTS.items() if text.severity == "bug"}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_finding_says_all_that_is_said_of_it(program: Buggy) -> None:
    source, _ = program.program()
    for one in findings(source):
        assert one.asks == f"finding-{one.rule}"
        assert one.message.endswith(".") and one.why.endswith(".") and one.question.endswith("?")
        assert not {"{", "}"} & set(one.question + one.why)
        assert one.fact is None or one.fact in FACTS
        assert one.line is None or (one.evidence or "?") in source.split("\n")[one.line - 1]
        assert one.line is None or f"line {one.line}" in one.message


def test_bugs_come_before_advice_and_then_by_line() -> None:
    source, _ = next(program for program in PROGRAMS if program.name == "softmax and not cleared").program()
    found = findings(source.replace("shuffle=True", "shuffle=False"))
    assert [(one.severity, one.line) for one in found] == [("bug", 15), ("bug", 24), ("advice", 10)]


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("sigmoid-hidden", "nn.ReLU()", "nn.Sigmoid()"),
        ("softmax-hidden", "nn.ReLU()", "nn.Softmax(dim=1)"),
        ("no-shuffling", ", shuffle=True", ""),
        ("item-every-step", "        optimizer.step()", "        optimizer.step()\n        print(loss.item())"),
        ("loss-kept-with-graph", "        optimizer.step()", "        optimizer.step()\n        total += loss"),
        ("log-softmax-before-cross-entropy", "256, 10),", "256, 10),\n    nn.LogSoftmax(dim=1),"),
        ("gradients-while-evaluating", "with torch.no_grad():", "if True:"),
    ],
)
def test_advice(rule: str, old: str, new: str) -> None:
    source = changed(old, new)
    assert advice(source) == {rule}
    assert bugs(source) == set()


def test_advice_on_sigmoids_with_binary_cross_entropy_and_no_bug() -> None:
    source = changed("256, 10),", "256, 10),\n    nn.Sigmoid(),").replace("CrossEntropyLoss", "BCELoss")
    source = source.replace("criterion(scores, yb)", "criterion(scores, F.one_hot(yb, 10).float())")
    assert (bugs(source), advice(source)) == (set(), {"sigmoid-with-bce"})


def test_advice_on_a_program_that_never_measures_and_on_one_batch() -> None:
    source = BASE.split("    model.eval()")[0]
    assert advice(source) == {"no-validation"}
    whole = source.replace("    for xb, yb in loader:\n", "    if True:\n").replace("model(xb)", "model(x_train)")
    whole = whole.replace("yb)", "y_train)").replace(next(one for one in whole.split("\n") if "loader =" in one), "")
    assert advice(whole) == {"no-validation", "whole-set-as-one-batch"}


def test_raw_pixels_with_adam_and_relu_are_advice() -> None:
    source = BASE.replace(" / 255", "").replace("SGD(model.parameters(), lr=0.1)", "Adam(model.parameters())")
    assert (bugs(source), advice(source)) == (set(), {"not-scaled"})


# What the run says


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("never cleared", {"grads_accumulated": False, "zero_grad_calls": 900}),
        ("cleared too late", {"weights_changed": True}),
        ("softmax in the row", {"losses": [LOSS]}),
        ("sigmoid in the row", {"losses": [{**LOSS, "input_min": -7.0, "input_max": 9.0}]}),
        ("NLL of scores", {"losses": [{**LOSS, "name": "nll_loss", "log_probabilities": True}]}),
        ("half the parameters", {"optimizers": [{"name": "SGD", "covers": True}]}),
        ("all zero", {"constant_layers": []}),
        ("joined", {"validation_rows_trained": False, "rows_known": 512}),
        ("Adam at 1", {"first_loss": 2.3, "last_loss": 0.1}),
        ("not flattened", {"weights_changed": True}),
        ("two orders", {"first_loss": 2.3, "late_loss": 0.2, "last_loss": 0.3}),
    ],
)
def test_a_run_silences_what_it_contradicts(name: str, seen: dict[str, Any]) -> None:
    source, expected = next(program for program in PROGRAMS if program.name == name).program()
    assert bugs(source) == expected
    assert bugs(source, run(**seen)) == set()


@pytest.mark.parametrize(
    ("expected", "seen"),
    [
        (("no-zero-grad", 24), {"grads_accumulated": True, "zero_grad_calls": 0}),
        (("softmax-before-cross-entropy", 22), {"losses": [{**LOSS, "rows_sum_to_one": True}]}),
        (("trained-on-validation", None), {"validation_rows_trained": True}),
        (("parameters-not-in-optimizer", 17), {"optimizers": [{"covers": False}], "weights_changed": True}),
        (("device-mix-up", 21), {"device_mixed": True}),
        (("not-scaled", 8), {"model_input": {"max": 255.0}}),
        (("zero-initialisation", None), {
            "constant_layers": [{"name": "0", "value": 0.0}],
            "modules": [{"name": "0", "type": "Linear"}, {"name": "2", "type": "Linear"}],
        }),
    ],
)  # fmt: skip
def test_a_run_shows_what_the_text_does_not(expected: tuple[str, int | None], seen: dict[str, Any]) -> None:
    found = bugs(BASE, run(**seen))
    assert {rule for rule, _ in found} == {expected[0]}
    assert expected[1] is None or expected in found


BUDGET = Task("small", "Small", most_parameters=20_000)


@pytest.mark.parametrize(
    ("source", "line"),
    [(BASE, 12), (CLASSY, CLASSY[: CLASSY.index("self.fc1 =")].count("\n") + 1)],
)
def test_more_parameters_than_the_budget_allows_are_a_bug_at_the_largest_layer(source: str, line: int) -> None:
    large = Outcome("measured", 0.97, parameters=203_530)
    assert bugs(source, large, BUDGET) == {("over-budget", line)}
    [one] = findings(source, large, BUDGET)
    assert "203,530 parameters, and 20,000 are allowed" in one.message and f"line {line}" in one.message
    assert bugs("import torch", large, BUDGET) == {("over-budget", None)}
    assert bugs(source, run(parameters=20_001), BUDGET) == {("over-budget", line)}


@pytest.mark.parametrize(
    ("outcome", "task"),
    [
        (Outcome("measured", 0.97, parameters=20_000), BUDGET),
        (Outcome("measured", 0.97), BUDGET),
        (Outcome("unavailable", parameters=203_530), BUDGET),
        (None, BUDGET),
        (Outcome("measured", 0.97, parameters=203_530), Task("any", "Any")),
        (Outcome("measured", 0.97, parameters=203_530), None),
    ],
)
def test_within_the_budget_and_without_one_nothing_is_said(outcome: Outcome | None, task: Task | None) -> None:
    assert bugs(BASE, outcome, task) == set()


def test_a_large_network_is_no_reason_for_a_loss_that_leaps() -> None:
    large = Outcome("measured", 0.1, parameters=203_530, seen={"steps": 900, "nan_at_step": 40})
    found = bugs(changed("lr=0.1", "lr=0.9"), large, BUDGET)
    assert found == {("learning-rate-too-high", 17), ("over-budget", 12)}


def test_a_nan_is_the_learning_rates_doing_only_where_it_is_large() -> None:
    assert bugs(changed("lr=0.1", "lr=0.9"), run(nan_at_step=40)) == {("learning-rate-too-high", 17)}
    assert bugs(changed("lr=0.1", "lr=0.01"), run(nan_at_step=40)) == set()


def test_a_loss_that_hardly_moves_is_a_small_learning_rates_doing() -> None:
    stuck = {"epochs_seen": 3.0, "first_loss": 2.31, "late_loss": 2.29}
    assert bugs(changed("lr=0.1", "lr=0.0005"), run(**stuck)) == {("learning-rate-too-low", 17)}
    assert bugs(changed("lr=0.1", "lr=0.0005")) == set()


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        ("mat1 and mat2 must have the same dtype, but got Byte and Float", "images-not-float"),
        ("expected scalar type Long but found Float", "wrong-label-type"),
        ("mat1 and mat2 shapes cannot be multiplied (1792x28 and 784x256)", "not-flattened"),
        ("mat1 and mat2 shapes cannot be multiplied (64x128 and 256x10)", "sizes-disagree"),
        ("element 0 of tensors does not require grad and does not have a grad_fn", "detached-loss"),
        ("Expected all tensors to be on the same device, but found at least two devices", "device-mix-up"),
    ],
)
def test_an_error_is_explained(message: str, rule: str) -> None:
    assert {name for name, _ in bugs(BASE, crashed(message, 21))} == {rule}


def test_what_was_never_run_says_nothing_of_a_run() -> None:
    seen = {"grads_accumulated": True, "zero_grad_calls": 0, "steps": 900}
    assert bugs(BASE, Outcome("unavailable", seen=seen)) == set()


ODD = [None, True, -1, 0, 1e400, float("nan"), "x", [], [None], [[1]], {}, {"name": 1}, [{"name": None, "line": "7"}]]
KEYS = """
parameters steps epochs_seen zero_grad_calls grads_accumulated optimizers losses model_input modules weights_changed
evaluated_in_train_mode constant_layers validation_rows_trained devices device_mixed first_loss last_loss late_loss
nan_at_step predictions_constant batch_sizes rows_known
""".split()


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_claims_of_odd_types_never_break_it(value: Any) -> None:
    for source in (BASE, PROGRAMS[0].program()[0]):
        known = facts(source)
        everything = run(**dict.fromkeys(KEYS, value))
        assert isinstance(review(known, source, everything), tuple)
        assert joined(known, everything)["loss"] == "CrossEntropyLoss"


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_facts_of_odd_types_never_break_it(value: Any) -> None:
    known = facts(BASE)
    for key in known:
        assert isinstance(review({**known, key: value}, BASE), tuple)
    for key in known["signs"]:
        assert isinstance(review({**known, "signs": {**known["signs"], key: value}}, BASE), tuple)
    for key, inner in itertools.product(("loss", "forward"), ("line", "target", "perms", "loops", "drawn", "both")):
        signs = {**known["signs"], key: {**known["signs"][key], inner: value}}
        assert isinstance(review({**known, "signs": signs}, BASE), tuple)


def test_no_facts_give_no_findings() -> None:
    assert review({}, "") == ()
    assert review({}, BASE, run(rows_sum_to_one=True)) == ()


def test_digits_are_not_asked_of_a_task_that_calls_a_function() -> None:
    source = changed("256, 10)", "256, 3)")
    assert bugs(source) == {("wrong-number-of-outputs", 14)}
    assert bugs(source, task=Task("other", "Other", measure="call")) == set()


def test_a_program_for_another_library_is_left_alone() -> None:
    source = "import tensorflow as tf\nmodel = tf.keras.Sequential([tf.keras.layers.Dense(10, activation='softmax')])\n"
    assert findings(source) == ()


@pytest.mark.parametrize("program", PROGRAMS[::7], ids=lambda program: program.name)
def test_the_facts_stay_small(program: Buggy) -> None:
    known = facts(program.program()[0])
    assert len(json.dumps(known, allow_nan=False)) < 12_000


# The facts that `viva lab run` prints


def test_the_text_alone() -> None:
    assert joined(facts(BASE), None) == {
        "optimizer": "SGD",
        "learning_rate": 0.1,
        "loss": "CrossEntropyLoss",
        "activations": ["ReLU"],
        "layers": ["Flatten", "Linear(784, 256)", "Linear(256, 10)"],
        "epochs": 3,
        "batch_size": 64,
    }


def test_the_run_completes_and_corrects() -> None:
    source = "import torch\nfrom mine import build\nmodel, optimizer = build()\n"
    outcome = run(
        optimizers=[{"name": "Adam", "lr": 0.002}],
        losses=[{"name": "nll_loss", "calls": 3}, {"name": "CrossEntropyLoss", "calls": 90}],
        modules=[{"name": "", "type": "Sequential"}, {"type": "Linear"}, {"type": "ReLU"}, {"type": "Linear"}],
        epochs_seen=1.5,
        batch_sizes=[32, 16],
        parameters=1234,
    )
    assert joined(facts(source), outcome) == {
        "optimizer": "Adam",
        "learning_rate": 0.002,
        "loss": "CrossEntropyLoss",
        "activations": ["ReLU"],
        "layers": ["Linear", "Linear"],
        "epochs": 1.5,
        "batch_size": 32,
        "parameters": 1234,
    }


def test_the_batch_size_of_the_text_stands_where_the_run_agrees() -> None:
    assert joined(facts(BASE), run(batch_sizes=[64, 48], epochs_seen=3.0))["batch_size"] == 64
    assert joined(facts(BASE), run(batch_sizes=[128]))["batch_size"] == 128


def test_a_default_learning_rate_is_completed() -> None:
    source = changed("SGD(model.parameters(), lr=0.1)", "Adam(model.parameters())")
    assert joined(facts(source), run())["learning_rate"] == 0.001


def test_what_a_task_is_to_be_solved_without_is_named_at_its_line() -> None:
    task = Task("t", "T", measure="call", forbids=("softmax", "cross_entropy"))
    own = "import torch\ndef cross_entropy(logits, labels):\n    # not F.softmax\n    return logits.softmax(1)\n"
    found = [one for one in review({}, own, None, task) if one.rule == "forbidden"]
    assert [(one.line, one.severity) for one in found] == [(4, "bug")]
    fine = own.replace("logits.softmax(1)", "logits.exp() / logits.exp().sum()")
    assert [one for one in review({}, fine, None, task) if one.rule == "forbidden"] == []
    imported = "from torch.nn.functional import cross_entropy\n"
    assert [one.line for one in review({}, imported, None, task) if one.rule == "forbidden"] == [1]
