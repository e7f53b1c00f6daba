"""How programs end that do not end well: errors with their lines, and programs that trip the harness on purpose."""

from __future__ import annotations

import pytest

from bot.lab import protocol as p
from tests.lab.harness.bare import run
from tests.lab.harness.made_up import Digits
from tests.lab.harness.programs import ORDINARY

WEIRD = "class Weird(Exception):\n    def __str__(self):\n        {}\nraise Weird\n"

FAULTS = {
    "1 / 0": ("ZeroDivisionError", "division by zero", 1),
    "def f():\n    g()\ndef g():\n    [][1]\nf()": ("IndexError", "list index out of range", 4),
    "import torch\ntorch.ones(2, 3) @ torch.ones(2, 3)": ("RuntimeError", "mat1 and mat2", 2),
    "x = 1\nfor i in range(3)\n    pass": ("SyntaxError", "expected ':'", 2),
    "if 1:\nx = 1": ("IndentationError", "expected an indented block", 2),
    "\0": ("", "null bytes", None),
    "import keras": ("ModuleNotFoundError", "No module named 'keras'", 1),
    "import sys\nsys.exit('no data')": ("SystemExit", "no data", 2),
    "raise KeyboardInterrupt": ("KeyboardInterrupt", "", 1),
    "def f():\n    f()\nf()": ("RecursionError", "maximum recursion depth", 2),
    "import sys\nsys.setrecursionlimit(60)\ndef f():\n    f()\nf()": ("RecursionError", "maximum recursion", 4),
    "raise ValueError('x' * 10**6)": ("ValueError", "xxx", 1),
    "raise ValueError('\\ud800\\x1b[31m')": ("ValueError", "", 1),
    "import sys\nsys.stderr = sys.stdout = None\nraise ValueError('quiet')": ("ValueError", "quiet", 3),
    "input()": ("EOFError", "EOF when reading a line", 1),
    WEIRD.format("raise KeyError"): ("Weird", "no message that can be read", 4),
    WEIRD.format("return 3"): ("Weird", "no message that can be read", 4),
    WEIRD.format("return str(self)"): ("Weird", "no message that can be read", 4),
}


@pytest.mark.slow
@pytest.mark.parametrize("source", FAULTS)
def test_an_exception_comes_with_its_line(digits: Digits, source: str) -> None:
    name, message, line = FAULTS[source]
    told = run(source, digits.folder, digits.held)
    fault = told.fault
    assert name in fault.type
    assert message in fault.message
    assert len(fault.message) <= 2000
    assert fault.line == line
    assert "\x1b" not in fault.message
    assert not [said for said in told.said if isinstance(said, p.Ready)]


def test_the_traceback_is_the_programs_own(digits: Digits) -> None:
    told = run("def f():\n    return 1 / 0\n\nf()\n", digits.folder, digits.held)
    assert told.fault.line == 2
    assert told.stderr.strip().splitlines()[:5] == [
        "Traceback (most recent call last):",
        '  File "submission.py", line 4, in <module>',
        "    f()",
        '  File "submission.py", line 2, in f',
        "    return 1 / 0",
    ]
    assert "harness" not in told.stderr


GOOD = {
    "sys.exit(0)": "import sys; sys.exit(0)",
    "sys.exit()": "import sys; sys.exit()",
    "fds closed": "import os; os.close(3) if False else None; os.close(0); os.close(1); os.close(2)",
    "many fds closed": "import os; os.closerange(3, 256)",
    "stdout gone": "import sys; sys.stdout = sys.stderr = None",
    "threads": "import threading, time; threading.Thread(target=time.sleep, args=(99,)).start()",
    "gradients off": "torch.set_grad_enabled(False)",
    "doubles": "torch.set_default_dtype(torch.float64)",
    "tiny recursion limit": "import sys; sys.setrecursionlimit(70)",
    "traced": "import sys; sys.settrace(lambda *a: 1 / 0)",
    "at exit": "import atexit, os; atexit.register(lambda: os._exit(9))",
    "forked": "import os, sys\nif not os.fork(): F.cross_entropy(model(x), y).backward(); os._exit(0)\nos.wait()",
    "workers": "for _ in torch.utils.data.DataLoader(x, batch_size=300, num_workers=1): pass",
    "scripted": "model = torch.jit.script(nn.Sequential(model, nn.Dropout(.1)))",
    "thread": "import threading as t\nt = t.Thread(target=lambda: F.cross_entropy(model(x), y))\nt.start(); t.join()",
    "vmap": "torch.func.vmap(lambda i: F.mse_loss(i, i))(x)",
    "func grad": "torch.func.grad(lambda w: F.mse_loss(x.flatten(1) @ w, x[:, 0, :1]))(torch.zeros(784, 1))",
    "eager compile": "torch.compile(model, backend='eager')(x[:3])",
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("ending", GOOD)
def test_what_else_a_program_does_does_not_cost_it_its_result(digits: Digits, ending: str) -> None:
    told = run(ORDINARY + GOOD[ending] + "\n", digits.folder, digits.held)
    assert digits.right(told.one(p.Predictions).classes) > 0.9, told.stderr
    assert told.curve.steps[:54] == tuple(range(1, 55))
    assert told.seen["steps"] == 54


@pytest.mark.slow
@pytest.mark.parametrize(
    "source", ["import os; os._exit(3)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
)
def test_a_process_that_is_gone_says_no_more(digits: Digits, source: str) -> None:
    told = run(source, digits.folder, digits.held)
    assert [type(said) for said in told.said] == [p.Warm, p.Began]


@pytest.mark.slow
def test_lines_of_the_programs_own_are_dropped(digits: Digits) -> None:
    forged = '{"type": "steps", "at": [999], "loss": [0.0]}\\n'
    source = (
        "import os\nfor fd in range(3, 1000):\n    try: os.write(fd, b'" + forged + "')\n    except OSError: pass\n"
    )
    told = run(source + ORDINARY, digits.folder, digits.held)
    assert told.dropped == 1
    assert told.curve.steps == tuple(range(1, 55))


@pytest.mark.slow
def test_what_a_program_writes_into_its_images_stays_with_it(digits: Digits) -> None:
    told = run(ORDINARY + "load_mnist()[0].fill_(7)\n", digits.folder, digits.held)
    assert told.seen["rows_known"] == told.seen["rows_looked_at"] > 0


@pytest.mark.slow
def test_a_name_for_files_is_no_file(digits: Digits) -> None:
    source = "import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f), __name__, __file__)\n"
    told = run(source, digits.folder, digits.held)
    assert told.stdout == "def f():\n    return 1\n __main__ submission.py\n"
