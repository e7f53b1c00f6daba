"""The harness as a process on bare pipes: what a program is given, what is seen of it, and what it is asked."""

from __future__ import annotations

import math
from typing import Any

import pytest

from bot.core.training import Case
from bot.lab import protocol as p
from tests.lab.harness.bare import Told, run
from tests.lab.harness.made_up import Digits
from tests.lab.harness.programs import (
    ADAM,
    BY_HAND,
    CONVOLUTIONAL,
    DATA,
    GRADIENTS,
    NETWORK,
    ORDINARY,
    PER_PIXEL,
    SCALED,
    START,
    loop,
)

NAP = "import time; time.sleep(0.01)\n"


def assert_measured(digits: Digits, source: str, least: float = 0.9, fresh: bool = False) -> Told:
    """Runs it, and its network tells the held-out digits apart."""
    told = run(source, digits.folder, digits.held, fresh=fresh)
    accuracy = digits.right(told.one(p.Predictions).classes)
    assert accuracy >= least, f"{accuracy}, {told.seen}"
    return told


def test_a_program_is_run_watched_and_asked(digits: Digits) -> None:
    told = assert_measured(digits, ORDINARY + "print('done')\n", fresh=True)
    kinds = [type(said) for said in told.said if not isinstance(said, p.Points)]
    assert kinds == [p.Warm, p.Began, p.Finished, p.Ready, p.Predictions]
    assert told.stdout == "done\n"
    assert told.stderr == ""
    assert told.curve.steps == tuple(range(1, 55))
    assert told.curve.losses[0] == pytest.approx(2.3, abs=0.2)
    assert told.curve.losses[-1] < 0.5
    seen = told.seen
    assert (seen["steps"], seen["epochs_seen"], seen["batch_sizes"]) == (54, 3.0, [50])
    assert (seen["parameters"], told.one(p.Finished).predicted_by) == (50890, "model")
    assert seen["zero_grad_calls"] == 54
    assert seen["model_input"]["shape"] == [50, 28, 28]
    assert seen["scaling"]["scale"] == pytest.approx(1 / 255)
    assert seen["optimizers"][0] | {"line": 0} == {
        "name": "Adam",
        "lr": 3e-3,
        "last_lr": 3e-3,
        "line": 0,
        "momentum": 0.9,
        "parameters": 50890,
        "covers": True,
    }
    assert [one["type"] for one in seen["modules"]] == ["Sequential", "Flatten", "Linear", "ReLU", "Linear"]
    losses = seen["losses"][0]
    assert (losses["name"], losses["line"], losses["input_shape"], losses["target_dtype"], losses["calls"]) == (
        "cross_entropy",
        14,
        [50, 10],
        "int64",
        54,
    )
    assert seen["weights_changed"]
    assert seen["labels_differ"] == 0
    assert seen["rows_known"] == seen["rows_looked_at"] > 100
    nothing = "grads_accumulated evaluated_in_train_mode validation_rows_trained has_dropout has_batchnorm device_mixed"
    assert [seen[name] for name in nothing.split()] == [False] * 6
    assert seen["nan_at_step"] is None
    assert seen["constant_layers"] == []


def test_a_function_is_called_on_cases(digits: Digits) -> None:
    source = (
        "import torch\ndef f(a, b):\n    assert a.dtype == torch.float64\n    return a @ b, [a.sum(), float('nan')]\n"
    )
    cases = (
        Case(((1.0, 2.0, 3.0, 4.0), (1.0, 1.0)), ((2, 2), (2,)), (3.0, 7.0, 10.0, 0.0)),
        Case(((1.0,), (1.0, 2.0)), ((1, 1), (2,)), (0.0,)),
    )
    told = run(source, digits.folder, cases=cases, function="f")
    values = told.one(p.Values)
    assert values.results[0] is not None
    assert values.results[0][:3] == (3.0, 7.0, 10.0)
    assert math.isnan(values.results[0][3])
    assert values.results[1] is None
    assert "RuntimeError" in values.failed[0][1]
    assert "line 4" in values.failed[0][1]


@pytest.mark.slow
def test_a_function_that_is_missing_is_named(digits: Digits) -> None:
    told = run("def g(): pass", digits.folder, cases=(Case((), (), (1.0,)),), function="f")
    assert told.one(p.Nothing).why == "The task asks for a function `f`, which was not defined when your program ended."


@pytest.mark.slow
def test_weights_and_loss_by_hand(digits: Digits) -> None:
    told = assert_measured(digits, BY_HAND)
    seen = told.seen
    assert len(told.curve.steps) == 108
    assert (seen["steps"], seen["optimizers"], seen["losses"]) == (108, [], [])
    assert seen["epochs_seen"] == pytest.approx(6)
    assert seen["parameters"] == 784 * 64 + 64 + 640 + 10
    assert (seen["weights_changed"], seen["grads_accumulated"]) == (True, False)
    assert (seen["model_input"]["shape"], seen["labels_differ"]) == ([50, 784], None)
    assert told.one(p.Finished).predicted_by == "predict"


@pytest.mark.slow
def test_a_network_that_only_a_function_knew(digits: Digits) -> None:
    told = assert_measured(digits, CONVOLUTIONAL)
    seen = told.seen
    assert told.one(p.Finished).predicted_by == "last"
    assert seen["model_input"]["shape"] == [50, 1, 28, 28]
    assert seen["scaling"]["kind"] == "affine"
    assert seen["scaling"]["shift"] == pytest.approx(-0.1307 / 0.3081, rel=1e-3)
    loss = seen["losses"][0]
    assert (loss["name"], loss["log_probabilities"], loss["rows_sum_to_one"]) == ("NLLLoss", True, False)
    assert (seen["has_dropout"], seen["evaluated_in_train_mode"]) == (True, False)
    assert (seen["optimizers"][0]["name"], seen["optimizers"][0]["momentum"]) == ("SGD", 0.9)


@pytest.mark.slow
def test_every_pixel_scaled_by_itself(digits: Digits) -> None:
    told = assert_measured(digits, PER_PIXEL)
    assert told.seen["scaling"]["kind"] == "per pixel"
    assert told.seen["rows_known"] > 0.9 * told.seen["rows_looked_at"]


@pytest.mark.slow
def test_gradients_asked_for_by_name(digits: Digits) -> None:
    told = assert_measured(digits, GRADIENTS)
    assert told.seen["backward_calls"] == len(told.curve.steps) == 72
    assert told.one(p.Finished).predicted_by == "model"


SCALINGS = {
    "raw": "x = x.float()",
    "bytes": "",
    "around zero": "x = x.float() / 127.5 - 1",
    "inverted": "x = 1 - x.float() / 255",
    "standardised": "x = x.float(); x = (x - x.mean()) / x.std()",
    "each image": "x = x.float(); x = (x - x.mean((1, 2), keepdim=True)) / x.std((1, 2), keepdim=True)",
    "flat doubles": "x = x.double().reshape(-1, 784) / 255; model.double()",
    "black and white": "x = (x > 127).float()",
    "padded": "x = F.pad(x.float() / 255, (2, 2, 2, 2)); model[1] = nn.Linear(1024, 64)",
    "noisy": "x = x.float() / 255; x = x + .05 * torch.randn_like(x)",
    "half": "x = (x.float() / 255).half().float()",
}


@pytest.mark.slow
@pytest.mark.parametrize("scaling", SCALINGS)
def test_held_out_images_come_as_the_training_images_did(digits: Digits, scaling: str) -> None:
    network = NETWORK
    if scaling == "bytes":
        network = (
            "class Net(nn.Sequential):\n    def forward(self, i):\n        return super().forward(i.float() / 255)\n"
        )
        network += NETWORK.replace("nn.Sequential", "Net")
    assert_measured(digits, START + DATA + network + SCALINGS[scaling] + "\n" + ADAM + loop(epochs=8), least=0.85)


@pytest.mark.slow
def test_one_image_at_a_time(digits: Digits) -> None:
    source = (
        "optimizer = torch.optim.SGD(model.parameters(), lr=.02)\nfor i in range(len(x)):\n    optimizer.zero_grad()\n"
    )
    source += "    F.cross_entropy(model(x[i].reshape(-1)), y[i]).backward()\n    optimizer.step()\n"
    told = assert_measured(digits, START + SCALED + "model = nn.Linear(784, 10)\n" + source)
    assert told.seen["epochs_seen"] == 1.0
    assert told.seen["model_input"]["shape"] == [784]
    assert len(told.curve.steps) == 706  # 511, then every second, and the last


PREDICTING = (
    "def predict(images):\n    assert images.dtype == torch.{}\n    return model_(images.float()).argmax(1).tolist()\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("wants", ["uint8", "float32"])
def test_predict_gets_raw_images_or_prepared_ones_as_it_can_use(digits: Digits, wants: str) -> None:
    scaled = PREDICTING.format(wants).replace(
        "images.float()", "images.float() / 255" if wants == "uint8" else "images"
    )
    told = assert_measured(digits, (ORDINARY + scaled).replace("model", "model_").replace("model__", "model_"))
    assert told.one(p.Finished).predicted_by == "predict"


LEFT = {
    "nothing": ("x = 1", "there is no `model`"),
    "dots": ("model = ...", "`model` is still the `...`"),
    "class": ("class Net: pass\nmodel = Net", "write `model = Net()`"),
    "none": ("model = None", "`model` is None"),
    "number": ("model = 3", "of type int"),
    "shape": ("model = lambda images: images", "gave an output of shape 200×28×28 for 200 images"),
    "few": ("model = lambda images: images[:3, 0, 0]", "gave an output of shape 3"),
    "nan": ("import torch\nmodel = lambda i: torch.full((len(i), 10), float('nan'))", "not numbers (nan)"),
    "eleven": ("import torch\nmodel = lambda i: torch.full((len(i),), 11)", "classes outside 0 to 9"),
    "returned none": ("def predict(images): pass", "None (is a return missing?)"),
    "words": ("def predict(images): return 'seven'", "a value of type str"),
    "raises": ("def predict(images):\n    return 1 / 0", "raised: ZeroDivisionError: division by zero (line 2)"),
    "sizes": ("import torch\nmodel = torch.nn.Linear(3, 10)", "when given inputs of shape 200×28×28: RuntimeError"),
    "exits": ("import sys\ndef predict(images): sys.exit(0)", "ended the program instead"),
}


@pytest.mark.slow
@pytest.mark.parametrize("left", LEFT)
def test_what_was_left_that_cannot_be_measured_is_said(digits: Digits, left: str) -> None:
    source, said = LEFT[left]
    assert said in run(source, digits.folder, digits.held).one(p.Nothing).why


HABITS: dict[str, tuple[str, dict[str, Any]]] = {
    "no zero_grad": (
        loop().replace("        optimizer.zero_grad()\n", ""),
        {"grads_accumulated": True, "zero_grad_calls": 0},
    ),
    "set to zero": (loop().replace("zero_grad()", "zero_grad(set_to_none=False)"), {"grads_accumulated": False}),
    "two halves a step": (
        loop().replace(
            "        loss.backward()\n", "        loss.backward(retain_graph=True)\n        loss.backward()\n"
        ),
        {"grads_accumulated": False, "steps": 54, "backward_calls": 108, "epochs_seen": 6.0},
    ),
    "no step": (
        loop().replace("        optimizer.step()\n", ""),
        {"steps": 0, "weights_changed": False, "backward_calls": 54},
    ),
    "no backward": (
        loop().replace("        loss.backward()\n", ""),
        {"steps": 54, "weights_changed": False, "backward_calls": 0},
    ),
    "another model": (NETWORK + loop(), {"weights_changed": False}),
    "softmax": (loop("xb", "F.cross_entropy(out.softmax(1), yb)"), {}),
    "validation rows": ("x, y = torch.cat([x, xv]), torch.cat([y, yv])\n" + loop(), {"validation_rows_trained": True}),
    "validation looked at": (
        loop(after="    print(float(F.cross_entropy(model(xv), yv)))\n"),
        {"validation_rows_trained": False},
    ),
    "labels mixed": ("y = y[torch.randperm(len(y))]\n" + loop(), {}),
    "zeros": ("for q in model.parameters(): nn.init.zeros_(q)\n" + loop(), {}),
    "nan": (loop(loss="F.cross_entropy(out, yb) * (float('nan') if epoch else 1)"), {"nan_at_step": 19}),
    "few rows": ("x, y = x[:100], y[:100]\n" + loop(epochs=27), {}),
}


@pytest.mark.slow
@pytest.mark.parametrize("habit", HABITS)
def test_what_a_training_loop_was_seen_to_do(digits: Digits, habit: str) -> None:
    rest, expected = HABITS[habit]
    told = run(START + SCALED + NETWORK + ADAM + rest, digits.folder, digits.held)
    seen = told.seen
    assert {name: seen[name] for name in expected} == expected
    assert len(told.curve.steps) == {"validation rows": 60}.get(habit, 54)
    if habit == "few rows":
        assert 60 < seen["input_rows_unique"] <= 100 < seen["rows_looked_at"]
    if habit == "softmax":
        assert seen["losses"][0]["rows_sum_to_one"] is True
        assert seen["losses"][0]["input_max"] <= 1
    if habit == "another model":
        assert seen["optimizers"][0]["covers"] is False
    if habit == "labels mixed":
        assert seen["labels_differ"] > 0.7
    if habit == "zeros":
        assert seen["constant_layers"] == [
            {"name": "1", "value": 0.0, "bias": 0.0},
            {"name": "3", "value": 0.0, "bias": 0.0},
        ]
    if habit == "nan":
        assert math.isnan(told.curve.losses[-1])
        assert not math.isnan(told.curve.losses[17])
    if habit in ("no step", "no backward"):
        assert told.curve.losses[-1] == pytest.approx(2.3, abs=0.2)


MODES = {
    "for good": ("    with torch.no_grad(): model(xv)\n", True),
    "switched": ("    model.eval()\n    with torch.no_grad(): model(xv)\n    model.train()\n", False),
    "with gradients": ("    model(xv)\n", True),
    "tried before": ("", False),
}


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_evaluating_with_dropout_on(digits: Digits, mode: str) -> None:
    after, expected = MODES[mode]
    network = NETWORK.replace("nn.ReLU()", "nn.ReLU(), nn.Dropout(.1)") + "with torch.no_grad(): model(x)\n"
    seen = run(START + SCALED + network + ADAM + loop(after=after), digits.folder, digits.held).seen
    assert (seen["has_dropout"], seen["evaluated_in_train_mode"]) == (True, expected)


@pytest.mark.slow
def test_validation_is_the_mean_of_what_was_computed_without_gradients(digits: Digits) -> None:
    after = "    with torch.no_grad():\n        for part in (slice(0, 90), slice(90, 100)):\n"
    after += (
        "            F.cross_entropy(model(xv[part]), yv[part])\n        print(F.cross_entropy(model(xv), yv).item())\n"
    )
    told = run(ORDINARY.replace(loop(), loop(after=after)), digits.folder, digits.held)
    assert [step for step, _ in told.curve.validation] == [18, 36, 54]
    printed = [float(line) for line in told.stdout.split()]
    assert [loss for _, loss in told.curve.validation] == pytest.approx(printed, rel=1e-4)


@pytest.mark.slow
def test_many_steps_are_told_sparsely(digits: Digits) -> None:
    source = (
        START + "w = torch.ones(1, requires_grad=True)\nfor i in range(5000):\n    (w * (i + 1)).sum().backward()\n"
    )
    told = run(source, digits.folder, digits.held)
    assert told.curve.steps[-1] == 5000
    assert 1000 < len(told.curve.steps) < 1500
    assert told.curve.losses[-1] == 5000
    assert len([said for said in told.said if isinstance(said, p.Points)]) < 20 + 10 * told.times["Finished"]
