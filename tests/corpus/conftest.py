"""What the tests of the corpus's facts share: PyTorch where it is installed, the questions as written, small digits.

Nothing here judges an answer, and the corpus's form is checked in tests/knowledge.
"""

from __future__ import annotations

import gzip
import os
import tomllib
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

WITHOUT_TORCH = "PyTorch is not installed (`make test` installs it, unless TORCH=none)"


@pytest.fixture
def torch() -> Any:
    """PyTorch on one thread, seeded anew. Missing, it skips; in CI it fails, unless TORCH=none chose to go without."""
    in_ci = os.environ.get("CI") or os.environ.get("VIVA_CI")
    must = in_ci and os.environ.get("TORCH") != "none"
    module = import_module("torch") if must else pytest.importorskip("torch", reason=WITHOUT_TORCH)
    module.set_num_threads(1)
    module.manual_seed(0)
    return module


@pytest.fixture(scope="session")
def bank(root: Path) -> Mapping[str, Mapping[str, Any]]:
    """The questions' tables, by id; those of lab tasks with what the other files of their folder hold."""
    found = [*(root / "corpus" / "questions").glob("*.toml"), *(root / "corpus" / "tasks").glob("*/experiments.toml")]
    files = [f for f in found if not f.name.endswith(".statements.toml")]
    tables = [tomllib.loads(f.read_text("utf-8"))["question"] for f in files]
    tables += [[_of_task(folder)] for folder in (root / "corpus" / "tasks").iterdir()]
    return {question["id"]: question for table in tables for question in table}


def _of_task(folder: Path) -> Mapping[str, Any]:
    """The code question of a lab task, as its reader puts it together."""
    [question] = tomllib.loads((folder / "question.toml").read_text("utf-8"))["question"]
    program = (folder / "reference.py").read_text("utf-8")
    return {
        **question,
        "reference": question["reference"].replace("{reference.py}", f"```python\n{program}```"),
        "statement": (folder / "statement.md").read_text("utf-8"),
        "starter": (folder / "starter.py").read_text("utf-8"),
    }


@pytest.fixture(scope="session")
def says(bank: Mapping[str, Mapping[str, Any]]) -> Callable[..., None]:
    """Asserts that a question still states the figures that a test confirms: a changed figure needs a changed test."""

    def check(question: str, *phrases: str) -> None:
        text = "\n".join(_texts(bank[question]))
        assert [phrase for phrase in phrases if phrase not in text] == [], f"{question} says something else now"

    return check


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [str(value)]


@pytest.fixture
def digits(torch: Any) -> tuple[Any, Any, Any, Any]:
    """What `load_mnist` gives, small and made up: ten blurred patterns under noise, 640 to learn from and 160 more."""
    patterns = torch.nn.functional.interpolate(torch.rand(10, 1, 7, 7), size=(28, 28), mode="bilinear")[:, 0]
    labels = torch.randint(10, (800,))
    images = (patterns[labels] + 0.25 * torch.randn(800, 28, 28)).clamp(0, 1)
    pixels = (images * 255).to(torch.uint8)
    return pixels[:640], labels[:640], pixels[640:], labels[640:]


@pytest.fixture
def mnist(torch: Any, shared: Path) -> tuple[Any, Any, Any, Any]:
    """The first 10,000 digits of MNIST's training part, cut as the lab cuts them: the last tenth validates."""
    folder = shared / "mnist"
    if not folder.is_dir():
        pytest.skip("there are no MNIST files in `shared/mnist`")
    pixels = _idx(torch, folder / "train10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
    labels = _idx(torch, folder / "train10k-labels-idx1-ubyte.gz", 8).long()
    cut = len(labels) - len(labels) // 10
    return pixels[:cut], labels[:cut], pixels[cut:], labels[cut:]


def _idx(torch: Any, file: Path, header: int) -> Any:
    return torch.frombuffer(bytearray(gzip.decompress(file.read_bytes())[header:]), dtype=torch.uint8)
