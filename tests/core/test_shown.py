"""What facts mean: each finding's verdict, credit and line, from facts made up here."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.shown import (
    FACTS,
    cross_entropy_on_logits,
    evaluates_held_out,
    everything_shown,
    flattens,
    hidden_non_linear,
    learning_rate_phrase,
    optimizer_phrase,
    shown,
    ten_outputs,
    training_loop,
)


def op(kind: str, name: str = "", out: int | None = None) -> dict[str, Any]:
    return {"kind": kind, "name": name or kind, "in": None, "out": out, "line": 7, "source": f"the {kind} line"}


LINEAR, RELU, LAST = op("linear", "Linear", 256), op("activation", "ReLU"), op("linear", "Linear", 10)


def loss(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "line": 9, "source": "the loss line", "used": True, **more}


def measured(what: str = "accuracy", on: str = "held", free: bool = True, evaluating: bool = True) -> dict[str, Any]:
    return {"what": what, "on": on, "free": free, "evaluating": evaluating, "line": 11, "source": "the measure line"}


def loop(*order: str, batches: bool = True, epochs: bool = True, **more: Any) -> dict[str, Any]:
    steps = [
        {"what": what, "on": "train", "line": 20 + i, "source": f"the {what} line"} for i, what in enumerate(order)
    ]
    loops = [{"batches": False, "kind": "epochs", "line": 1, "source": "epochs"}] if epochs else []
    loops += [{"batches": True, "kind": "batches", "line": 2, "source": "batches"}] if batches else []
    return {"loop": {"steps": steps, "loops": loops, "fresh": False, "fit": None, **more}}


def test_no_facts_show_nothing_and_invent_nothing() -> None:
    found = everything_shown({})
    assert list(found) == list(FACTS)
    assert {one.verdict for one in found.values()} == {"missing"}
    assert {(one.credit, one.line, one.evidence) for one in found.values()} == {(0.0, None, None)}


def test_a_fact_that_nobody_knows_shows_nothing() -> None:
    assert shown({}, "shines") is None
    assert shown({}, "flattens") == flattens({})


@pytest.mark.parametrize(
    ("network", "verdict", "credit"),
    [
        ([LINEAR, RELU, LAST], "met", 1.0),
        ([LINEAR, LAST], "wrong", 0.0),
        ([LINEAR, RELU, LINEAR, LAST], "partial", 0.5),
        ([LINEAR, op("dropout"), LAST], "wrong", 0.0),
        ([op("convolution"), RELU, LAST], "met", 1.0),
        ([LAST], "missing", 0.0),
        ([LINEAR, LAST, RELU], "wrong", 0.0),
    ],
)
def test_an_activation_must_stand_between_linear_layers(network: list[Any], verdict: str, credit: float) -> None:
    found = hidden_non_linear({"network": network})
    assert (found.verdict, found.credit) == (verdict, credit)


def test_a_finding_quotes_the_line_that_shows_it() -> None:
    found = hidden_non_linear({"network": [LINEAR, {**RELU, "line": 3, "source": "x = relu(x)"}, LAST]})
    assert (found.line, found.evidence) == (3, "x = relu(x)")


def test_flattening_counts_before_the_first_linear_layer_and_elsewhere_only_where_no_network_is_seen() -> None:
    place = {"line": 2, "source": "x.view(-1, 784)"}
    assert flattens({"network": [op("flatten"), LINEAR]}).evidence == "the flatten line"
    assert flattens({"network": [LINEAR], "flattening": [place]}).line == 2
    assert flattens({"network": [LINEAR]}).verdict == "missing"


@pytest.mark.parametrize(
    ("size", "verdict", "said"),
    [
        (10, "met", "The last layer has ten outputs."),
        (1, "wrong", "The last layer has one output, and there are ten digits."),
        (9, "wrong", "The last layer has 9 outputs, and there are ten digits."),
        (None, "partial", "I cannot tell from the text how many outputs the last layer has."),
    ],
)
def test_the_last_layer_has_ten_outputs(size: int | None, verdict: str, said: str) -> None:
    found = ten_outputs({"network": [LINEAR, RELU, op("linear", "Linear", size), op("softmax", "Softmax")]})
    assert (found.verdict, found.why) == (verdict, said)


@pytest.mark.parametrize(
    ("ending", "loss", "verdict"),
    [
        ([], loss("CrossEntropyLoss"), "met"),
        ([op("softmax", "Softmax")], loss("CrossEntropyLoss"), "wrong"),
        ([op("activation", "Sigmoid")], loss("CrossEntropyLoss"), "wrong"),
        ([op("activation", "ReLU")], loss("CrossEntropyLoss"), "wrong"),
        ([op("softmax", "LogSoftmax")], loss("CrossEntropyLoss"), "partial"),
        ([], loss("CrossEntropyLoss", used=False), "partial"),
        ([op("softmax", "LogSoftmax")], loss("NLLLoss"), "met"),
        ([], loss("NLLLoss"), "wrong"),
        ([op("softmax", "Softmax")], loss("NLLLoss"), "wrong"),
        ([op("softmax", "LogSoftmax")], loss("written by hand", by_hand=True), "met"),
        ([], loss("written by hand", by_hand=True), "missing"),
        ([op("activation", "Sigmoid")], loss("BCELoss"), "partial"),
        ([], loss("BCEWithLogitsLoss"), "partial"),
        ([], loss("MSELoss"), "missing"),
        ([op("softmax", "Softmax")], loss("SparseCategoricalCrossentropy", from_logits=None), "met"),
        ([], loss("SparseCategoricalCrossentropy", from_logits=None), "wrong"),
        ([], loss("SparseCategoricalCrossentropy", from_logits=True), "met"),
        ([op("softmax", "Softmax")], loss("CategoricalCrossentropy", from_logits=True), "wrong"),
        ([op("activation", "Sigmoid")], loss("CategoricalCrossentropy", from_logits=None), "partial"),
    ],
)
def test_the_loss_must_get_what_it_expects(ending: list[Any], loss: dict[str, Any], verdict: str) -> None:
    found = cross_entropy_on_logits({"network": [LINEAR, RELU, LAST, *ending], "losses": [loss]})
    assert found.verdict == verdict
    assert found.evidence is not None


@pytest.mark.parametrize(
    ("order", "verdict", "credit"),
    [
        (("zero_grad", "backward", "step"), "met", 1.0),
        (("backward", "step", "zero_grad"), "met", 1.0),
        (("backward", "zero_grad", "step"), "wrong", 0.0),
        (("step", "zero_grad", "backward"), "met", 1.0),
        (("zero_grad", "step", "backward"), "wrong", 0.0),
        (("zero_grad", "backward", "zero_grad", "step"), "wrong", 0.0),
        (("backward", "step"), "partial", 0.5),
        (("zero_grad", "backward"), "partial", 0.4),
        (("step",), "partial", 0.5),
        ((), "missing", 0.0),
        (("zero_grad",), "missing", 0.0),
    ],
)
def test_gradients_are_cleared_computed_and_used(order: tuple[str, ...], verdict: str, credit: float) -> None:
    found = training_loop(loop(*order))
    assert (found.verdict, found.credit) == (verdict, credit)


def test_a_loop_needs_mini_batches_and_epochs() -> None:
    order = ("zero_grad", "backward", "step")
    assert "there are no mini-batches" in training_loop(loop(*order, batches=False)).why
    assert "there is no loop over epochs" in training_loop(loop(*order, epochs=False)).why
    assert "no loop around it" in training_loop(loop(*order, batches=False, epochs=False)).why


def test_gradients_that_are_fresh_need_no_clearing() -> None:
    assert training_loop(loop("backward", "step", fresh=True)).verdict == "met"


def test_a_librarys_fit_is_half_a_loop() -> None:
    found = training_loop(loop(fit={"line": 5, "source": "model.fit(x, y)"}))
    assert (found.verdict, found.credit, found.line) == ("partial", 0.5, 5)


@pytest.mark.parametrize(
    ("measures", "verdict", "credit"),
    [
        ([measured()], "met", 1.0),
        ([measured(evaluating=False)], "met", 0.8),
        ([measured(free=False)], "met", 0.8),
        ([measured(free=False, evaluating=False)], "partial", 0.6),
        ([measured(what="loss")], "partial", 0.6),
        ([measured(what="evaluate", free=False, evaluating=False)], "met", 1.0),
        ([measured(on="train")], "missing", 0.0),
        ([measured(on="unknown")], "partial", 0.5),
        ([measured(on="train"), measured()], "met", 1.0),
        ([], "missing", 0.0),
    ],
)
def test_accuracy_is_measured_on_what_was_held_out(measures: list[Any], verdict: str, credit: float) -> None:
    found = evaluates_held_out({"framework": "PyTorch", "measures": measures})
    assert (found.verdict, found.credit) == (verdict, credit)


def test_numpy_has_no_modes_to_forget() -> None:
    facts = {"framework": "NumPy", "measures": [measured(free=False, evaluating=False)]}
    assert evaluates_held_out(facts).verdict == "met"


@pytest.mark.parametrize(
    ("facts", "optimizer", "rate"),
    [
        ({"optimizer": "Adam", "learning_rate": 0.001}, "Adam", "a learning rate of 0.001"),
        ({"optimizer": "Adam", "learning_rate": 1e-05}, "Adam", "a learning rate of 1e-05"),
        ({"optimizer": "Adam", "learning_rate": None}, "Adam", "the default learning rate"),
        (
            {"optimizer": "SGD", "learning_rate_stated": True, "learning_rate_source": "args.lr"},
            "SGD",
            "`args.lr` as its learning rate",
        ),
        ({"optimizer": "SGD", "learning_rate_stated": True}, "SGD", "a learning rate of your own"),
        (
            {"optimizer": "SGD", "learning_rate": 0.1, "optimizer_options": {"momentum": 0.9}},
            "SGD (momentum 0.9)",
            "a learning rate of 0.1",
        ),
        (
            {"optimizer": "SGD", "learning_rate": 0.5, "optimizer_by_hand": True},
            "gradient descent written by hand",
            "a learning rate of 0.5",
        ),
        ({}, None, "the default learning rate"),
    ],
)
def test_phrases_for_the_question_about_the_optimiser(facts: dict[str, Any], optimizer: str | None, rate: str) -> None:
    assert (optimizer_phrase(facts), learning_rate_phrase(facts)) == (optimizer, rate)
