"""The host's side of the protocol: what is understood, what is dropped, and that nothing a job says does harm."""

from __future__ import annotations

import json
import math
import struct
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.training import Case
from bot.lab import protocol as p

NONCE = "abc"


def line(kind: str, **fields: Any) -> bytes:
    return json.dumps({"type": kind, "nonce": NONCE, **fields}).encode() + b"\n"


def running(**options: Any) -> p.Hearing:
    hearing = p.Hearing(**options)
    assert hearing.feed(b'{"type": "warm"}\n') == [p.Warm()]
    hearing.nonce = NONCE
    assert hearing.feed(line("began")) == [p.Began()]
    return hearing


def ready(**options: Any) -> p.Hearing:
    hearing = running(**options)
    hearing.feed(line("ended", seen={}, parameters=1, predicted_by="model") + line("ready"))
    return hearing


def test_frames_are_counted_in_bytes() -> None:
    frame = p.job("é", 5, NONCE)
    assert int.from_bytes(frame[:4], "big") == len(frame) - 4
    said = json.loads(frame[4:])
    assert (said["source"], said["seed"], said["nonce"], said["threads"], said["device"]) == ("é", 5, NONCE, 1, "cpu")


def test_half_a_character_in_a_source_still_travels() -> None:
    assert json.loads(p.job("'\ud800'", 1, NONCE)[4:])["source"] == "'\ud800'"


def test_images_follow_their_frame_and_no_label_does() -> None:
    sent = p.held(bytes(784 * 3))
    size = int.from_bytes(sent[:4], "big")
    assert json.loads(sent[4 : 4 + size]) == {"type": "held", "rows": 3, "shape": [28, 28]}
    assert sent[4 + size :] == bytes(784 * 3)


def test_what_a_case_expects_is_not_sent() -> None:
    sent = p.cases([Case(((1.0, 2.0),), ((2,),), (77.0,), says="secret")])
    assert json.loads(sent[4:])["cases"] == [{"inputs": [[1.0, 2.0]], "shapes": [[2]]}]


def test_a_whole_conversation_byte_by_byte() -> None:
    hearing = p.Hearing(rows=2)
    said = []
    first = b'{"type":"warm"}\n'
    rest = line("began") + line("steps", at=[1, 2], loss=[2.5, "nan"]) + line("validation", at=[2], loss=[2])
    rest += line("ended", seen={"steps": 2}, parameters=7, predicted_by="last") + line("ready")
    rest += line("predictions", count=2) + b"\n\x09"
    for place, byte in enumerate(first + rest):
        if place == len(first):
            hearing.nonce = NONCE
        said += hearing.feed(bytes([byte]))
    assert [type(one).__name__ for one in said] == ("Warm Began Points Validation Finished Ready Predictions".split())
    assert said[-1] == p.Predictions(b"\n\x09")
    assert said[4] == p.Finished({"steps": 2}, 7, "last")
    assert hearing.curve.steps == (1, 2)
    assert math.isnan(hearing.curve.losses[1])
    assert hearing.curve.validation == ((2, 2.0),)
    assert hearing.dropped == 0


FORGED = {
    "no nonce": b'{"type": "steps", "at": [1], "loss": [1]}\n',
    "wrong nonce": b'{"type": "steps", "nonce": "x", "at": [1], "loss": [1]}\n',
    "nonce of another type": b'{"type": "steps", "nonce": ["abc"], "at": [1], "loss": [1]}\n',
    "no json": b"loss 3.2\n",
    "no text": b"\xff\xfe\n",
    "no object": b"[1, 2]\n",
    "deep": b"[" * 9000 + b"\n",
    "many digits": b'{"a": ' + b"9" * 9000 + b"}\n",
    "empty": b"\n",
    "no type": line("steps")[:1] + b"}\n",
    "unknown type": line("accuracy", value=1),
    "type of a list": b'{"type": ["steps"], "nonce": "abc"}\n',
    "too early": line("predictions", count=2),
    "again": line("began"),
    "lengths differ": line("steps", at=[1, 2], loss=[1]),
    "words": line("steps", at=["1"], loss=[1]),
    "words for losses": line("steps", at=[1], loss=["1"]),
    "truth": line("steps", at=[True], loss=[1.0]),
    "from zero": line("steps", at=[0], loss=[1]),
    "before": line("steps", at=[-5], loss=[1]),
    "far": line("steps", at=[10**12], loss=[1]),
    "fractions": line("steps", at=[1.5], loss=[1]),
    "none": line("steps", at=None, loss=None),
    "validation of two": line("validation", at=[1, 2], loss=[1, 2]),
}


@pytest.mark.parametrize("forged", FORGED)
def test_lines_that_do_not_fit_are_dropped_and_counted(forged: str) -> None:
    hearing = running(rows=2)
    assert hearing.feed(FORGED[forged]) == []
    assert hearing.dropped == 1
    assert hearing.curve.steps == ()
    assert hearing.feed(line("steps", at=[4], loss=[1])) == [p.Points((4,), (1.0,))]


def test_steps_only_go_forward() -> None:
    hearing = running()
    hearing.feed(line("steps", at=[1, 5, 3, 5, 6], loss=[1, 2, 3, 4, 5]) + line("steps", at=[6, 2, 7], loss=[6, 7, 8]))
    assert hearing.curve.steps == (1, 5, 6, 7)
    assert hearing.curve.losses == (1, 2, 5, 8)


def test_losses_may_be_anything_but_wrong() -> None:
    hearing = running()
    said = b'{"type":"steps","nonce":"abc","at":[1,2,3,4,5],"loss":[NaN,Infinity,"-inf",1e999,1' + b"0" * 400 + b"]}\n"
    assert len(hearing.feed(said)) == 1
    assert [math.isfinite(loss) for loss in hearing.curve.losses] == [False] * 5


def test_a_line_too_long_is_dropped_to_its_end() -> None:
    hearing = running()
    hearing.feed(b'{"a": "' + b"x" * 50_000)
    hearing.feed(b"x" * 50_000 + b'"}\n' + line("steps", at=[1], loss=[1]))
    assert (hearing.dropped, hearing.curve.steps) == (1, (1,))
    hearing.feed(b"y" * 20_000 + b"\n" + line("steps", at=[2], loss=[1]))
    assert (hearing.dropped, hearing.curve.steps) == (2, (1, 2))


def test_a_flood_is_not_kept() -> None:
    hearing = running()
    tracemalloc.start()
    for start in range(0, 30_000, 500):
        at = list(range(start + 1, start + 501))
        hearing.feed(line("steps", at=at, loss=[0] * 500) + b"z" * 8000)
        hearing.feed(b"z" * 40_000 + b"\n" + line("validation", at=[start + 1], loss=[1]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(hearing.curve.steps) == p.MOST_POINTS
    assert peak < 8_000_000


def test_what_was_seen_is_capped() -> None:
    deep: Any = "bottom"
    for _ in range(50):
        deep = [deep]
    seen = {
        "long": "x" * 9000,
        "list": list(range(500)),
        "deep": deep,
        "escape": "\x1b[2J‮ok",
        "huge": 10**30,
        "nan": "nan",
        "half": "\ud800",
        **{f"key {n}": n for n in range(200)},
    }
    hearing = running()
    (said,) = hearing.feed(line("ended", seen=seen, parameters=-1, predicted_by="magic"))
    assert isinstance(said, p.Finished)
    assert len(said.seen) == 60
    assert len(said.seen["long"]) == 200
    assert len(said.seen["list"]) == 60
    assert "bottom" not in repr(said.seen)
    assert said.seen["escape"] == "�[2J�ok"
    assert said.seen["huge"] == 10**15
    assert (said.parameters, said.predicted_by) == (None, "")
    json.dumps(said.seen, allow_nan=False).encode()


def test_a_float_that_json_does_not_know_is_none() -> None:
    hearing = running()
    (said,) = hearing.feed(b'{"type":"ended","nonce":"abc","seen":{"last_loss":NaN,"a":[Infinity]}}\n')
    assert isinstance(said, p.Finished)
    assert said.seen == {"last_loss": None, "a": [None]}


def test_an_error_is_made_plain() -> None:
    hearing = running()
    error = {"type": "E" * 500, "message": "a\x00b\nc" + "x" * 9000, "line": 3}
    (said,) = hearing.feed(line("error", error=error))
    assert isinstance(said, p.Failed)
    assert (len(said.fault.type), said.fault.message[:5], said.fault.line) == (100, "a�b\nc", 3)
    assert len(said.fault.message) == 2000
    assert hearing.feed(line("ready")) == []


@pytest.mark.parametrize("error", [None, [], {}, {"type": 3, "message": {}, "line": True}, {"line": -1}, {"line": 1e3}])
def test_an_error_without_sense_is_still_an_error(error: Any) -> None:
    (said,) = running().feed(line("error", error=error))
    assert isinstance(said, p.Failed)
    assert (said.fault.type, said.fault.line) == ("Exception", None)


@pytest.mark.parametrize("count", [1, 3, None, "2", 2.5, True, -1, 10**12])
def test_another_number_of_predictions_is_nothing(count: Any) -> None:
    (said,) = ready(rows=2).feed(line("predictions", count=count) + b"\x01\x02")
    assert isinstance(said, p.Nothing)
    assert "another number of predictions" in said.why


def test_after_the_end_nothing_counts() -> None:
    hearing = ready(rows=2)
    assert hearing.feed(line("predictions", count=2) + b"\x01\x02\x03" + line("predictions", count=2)) == [
        p.Predictions(b"\x01\x02")
    ]
    assert hearing.feed(line("steps", at=[1], loss=[1])) == []
    assert hearing.buffer == b""


def test_a_curve_cannot_grow_after_the_end() -> None:
    hearing = ready(rows=2)
    assert hearing.feed(line("steps", at=[1], loss=[0])) == []
    assert hearing.dropped == 1


def test_values_come_case_by_case() -> None:
    hearing = ready(lengths=(2, 1, 1))
    data = struct.pack("<3d", 1.5, math.inf, math.nan)
    said = hearing.feed(line("values", count=3, lengths=[2, -1, 1], failed=[[1, "raised"], [9, "x"], "y"]) + data)
    assert isinstance(said[0], p.Values)
    assert said[0].results[:2] == ((1.5, math.inf), None)
    assert math.isnan((said[0].results[2] or (0.0,))[0])
    assert said[0].failed == ((1, "raised"),)


def test_no_values_at_all_are_a_result_too() -> None:
    (said,) = ready(lengths=(2,)).feed(line("values", count=0, lengths=[-1], failed=[]))
    assert said == p.Values((None,))


@pytest.mark.parametrize(
    ("count", "lengths"),
    [(3, [3]), (3, None), (3, [1, 1]), (2, [1, -2]), (2, [1, "1"]), (10**9, [10**9, 0]), (2, [True, 1, 1])],
)
def test_values_that_do_not_add_up_are_nothing(count: int, lengths: Any) -> None:
    (said,) = ready(lengths=(1, 1)).feed(line("values", count=count, lengths=lengths))
    assert isinstance(said, p.Nothing)


def test_nothing_says_why() -> None:
    assert ready(rows=2).feed(line("none", why="`model` is None")) == [p.Nothing("`model` is None")]
    (said,) = ready(rows=2).feed(line("none", why=["x"]))
    assert said == p.Nothing("The program left nothing that could be measured.")


KINDS = "warm began steps validation ended error ready predictions values none".split()
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
fields = st.dictionaries(
    st.sampled_from("at loss seen parameters predicted_by error count lengths failed why".split()), plain, max_size=5
)


@given(st.lists(st.tuples(st.sampled_from(KINDS), fields) | st.binary(max_size=60), max_size=12), st.integers(0, 3))
def test_nothing_that_is_said_raises(said: list[Any], rows: int) -> None:
    hearing = running(rows=rows, lengths=(1,) * rows)
    for one in said:
        hearing.feed(one if isinstance(one, bytes) else line(one[0], **one[1]))
    assert list(hearing.curve.steps) == sorted(set(hearing.curve.steps))
