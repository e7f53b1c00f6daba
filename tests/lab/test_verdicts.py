"""Which verdict follows from what a job answered. The images are made by arithmetic."""

from __future__ import annotations

import json

import pytest

from bot.core.training import Case
from bot.lab import claims
from bot.lab.measuring import PIXELS, HeldOut
from bot.lab.verdicts import OnCases, OnImages, assumed

LABELS = bytes(row % 10 for row in range(40))
#: The grey of two rows differs by so much that alterations leave them apart in the mean.
APART = 6
HELD = HeldOut(b"".join(bytes([row * APART]) * PIXELS for row in range(40)), LABELS)
CASES = (Case(((1.0,),), ((1,),), (2.0,)), Case(((2.0,),), ((1,),), (4.0, 5.0)))


def asked(measuring: OnImages) -> list[int]:
    """The rows in the order in which the job gets them."""
    sent = measuring.asked()
    size = int.from_bytes(sent[:4], "big")
    assert json.loads(sent[4 : 4 + size]) == {"type": "held", "rows": 40, "shape": [28, 28]}
    images = [sent[at : at + PIXELS] for at in range(4 + size, len(sent), PIXELS)]
    return [round(sum(image) / PIXELS / APART) for image in images]


def test_the_order_follows_from_the_secret_and_labels_by_heart_are_of_no_use() -> None:
    orders = [asked(OnImages(HELD, secret)) for secret in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == list(range(40)) != orders[0]
    measuring = OnImages(HELD, 1)
    order = asked(measuring)
    right = bytes(LABELS[row] for row in order)
    assert measuring.judged(claims.Predictions(right), "model").accuracy == 1.0
    assert (measuring.judged(claims.Predictions(LABELS), "model").accuracy or 0.0) < 0.5


def test_no_label_is_ever_sent() -> None:
    sent = [OnImages(HeldOut(bytes(PIXELS * 40), labels), 3).asked() for labels in (LABELS, bytes(40))]
    assert sent[0] == sent[1]


def test_no_image_is_sent_as_it_is_and_none_twice_alike() -> None:
    first, second = (OnImages(HELD, secret).asked() for secret in (1, 2))
    plain = {HELD.images[at : at + PIXELS] for at in range(0, len(HELD.images), PIXELS)}
    images = [{sent[at - PIXELS : at] for at in range(len(sent), PIXELS, -PIXELS)} for sent in (first, second)]
    assert [len(one) for one in images] == [40, 40]
    assert not plain & images[0] and not images[0] & images[1]


@pytest.mark.parametrize(
    ("answer", "by", "status"),
    [
        (claims.Nothing("none left."), "", "no_predictions"),
        (claims.Nothing("wrong shape."), "model", "invalid_predictions"),
        (claims.Predictions(bytes([0] * 39 + [10])), "model", "invalid_predictions"),
        (claims.Predictions(bytes(40)), "predict", "measured"),
        (claims.Values(((1.0,),)), "model", "invalid_predictions"),
    ],
)
def test_each_answer_has_its_verdict(answer: claims.Predictions, by: str, status: str) -> None:
    measuring = OnImages(HELD, 1)
    measuring.asked()
    verdict = measuring.judged(answer, by)
    assert (verdict.status, verdict.of) == (status, 40)
    assert (verdict.accuracy is None) == (status != "measured")


def test_cases_are_counted_one_by_one() -> None:
    measuring = OnCases(CASES)
    assert measuring.lengths == (1, 2)
    verdict = measuring.judged(claims.Values(((2.00001,), None), ((1, "`f` raised KeyError"),)), "")
    assert verdict.cases == (True, False)
    assert verdict.why == "In case 2: `f` raised KeyError"
    assert measuring.judged(claims.Nothing("no function."), "").status == "no_predictions"
    assert b"expects" not in measuring.asked()


@pytest.mark.parametrize(
    ("seen", "by", "said"),
    [
        ({"scaling": {"kind": "assumed"}}, "model", True),
        ({"scaling": {"kind": "assumed"}}, "predict", False),
        ({"scaling": {"kind": "affine"}}, "model", False),
        ({"scaling": "anything"}, "last", False),
        ({}, "model", False),
    ],
)
def test_an_assumed_scaling_is_said(seen: dict[str, object], by: str, said: bool) -> None:
    assert bool(assumed(seen, by)) == said
