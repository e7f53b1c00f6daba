"""A waiting slot: what it costs, and that PyTorch is whole although a part of it is postponed."""

from __future__ import annotations

import pytest

from bot.lab import protocol as p
from tests.lab.harness.bare import run
from tests.lab.harness.made_up import Digits
from tests.lab.harness.programs import ORDINARY

MOST = 260_000_000  # bytes of its own: more would make a second slot too dear


@pytest.mark.slow
def test_a_waiting_slot_is_small(digits: Digits) -> None:
    told = run(ORDINARY, digits.folder, digits.held, cold=False)
    assert told.resident * 1024 < MOST
    assert digits.right(told.one(p.Predictions).classes) > 0.9


@pytest.mark.slow
def test_training_never_asks_for_what_was_postponed(digits: Digits) -> None:
    source = ORDINARY + "import sys\nprint('sympy' in sys.modules, type(sys.modules['torch._dynamo']).__name__)\n"
    assert run(source, digits.folder, digits.held, fresh=True).stdout == "False Postponed\n"


WHOLE = {
    "import torch._dynamo.config as c; c.verbose": "",
    "from torch._dynamo import optimize": "",
    "import torch._dynamo; torch._dynamo.reset(); print(torch._dynamo.__file__[-20:])": "/_dynamo/__init__.py\n",
    "import torch; print(torch.compile(lambda x: x + 1, backend='eager')(torch.ones(1)).item())": "2.0\n",
    "import inspect, lab; inspect.getmodule(inspect.currentframe())": "",
}


@pytest.mark.slow
@pytest.mark.parametrize("source", WHOLE)
def test_who_asks_for_more_gets_the_real_one(digits: Digits, source: str) -> None:
    told = run(source + "\nmodel = lambda images: images[:, 0, 0]", digits.folder, digits.held)
    assert told.one(p.Finished) is not None
    assert not [said for said in told.said if isinstance(said, p.Failed)], told.stderr
    assert told.stdout == WHOLE[source]
