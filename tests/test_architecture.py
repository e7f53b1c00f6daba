"""Who may import whom, and what else the shape of the program promises. It reads sources and runs only imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest

BOT = Path(__file__).resolve().parent.parent / "bot"

GROUND = {"ports", "core", "errors"}
ADAPTERS = {"offline", "llm", "knowledge", "store", "lab"}

# Each room, and the rooms that it may import besides itself. A room that is not named here has no home yet.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "core": set(),
    "ports": {"core"},
    "settings": {"errors"},
    "offline": GROUND,
    "llm": GROUND,
    "knowledge": GROUND,
    "store": GROUND,
    "lab": GROUND,
    "running": GROUND,
    "patience": set(),
    "rereading": GROUND,
    "spending": GROUND,
    "doing": {"patience", "rereading", "running", *GROUND},
    "holding": GROUND,
    "late": {"doing", *GROUND},
    "standing": GROUND,
    "voicing": {"patience", *GROUND},
    "interview": {"doing", "holding", "late", "patience", "running", "spending", "standing", "voicing", *GROUND},
    "beginning": GROUND,
    "earlier": {"beginning", *GROUND},
    "surfaces": {"interview", "beginning", *GROUND},
    "app": {"settings", "beginning", "earlier", "interview", *ADAPTERS, *GROUND},
    "commands": {"app", "settings", "beginning", "interview", "surfaces", *ADAPTERS, *GROUND},
    "__main__": {"commands", "app", "beginning", "settings", "errors"},
}

# The rooms that may lean on packages, and on which. The others have the standard library.
PACKAGES: dict[str, set[str]] = {
    "errors": set(),
    "core": set(),
    "ports": {"numpy"},
    "running": set(),
    "patience": set(),
    "rereading": set(),
    "spending": set(),
    "doing": set(),
    "holding": set(),
    "late": set(),
    "standing": set(),
    "voicing": set(),
    "interview": set(),
    "beginning": set(),
    "earlier": set(),
    "offline": {"numpy"},
    "llm": {"httpx2", "langchain", "langchain_core", "langchain_openai", "langsmith", "pydantic"},
    "lab": {"numpy", "sklearn", "torch"},  # torch inside the sandbox alone: tests/lab holds it to that
    "settings": {"platformdirs", "pydantic", "pydantic_settings"},
    "knowledge": set(
        "bs4 chromadb markdown_it numpy onnx onnxruntime pydantic pydantic_core pypdf safetensors tokenizers".split()
    ),
    "store": {"aiosqlite", "alembic", "asyncpg", "pydantic", "sqlalchemy"},
    "surfaces": {
        "aiohttp",
        "discord",
        "markdown_it",
        "matplotlib",
        "plotille",
        "prometheus_client",
        "prompt_toolkit",
        "rich",
        "yarl",
    },
    "app": {"filelock", "pythonjsonlogger"},
    "commands": {"evals", "rich", "typer"},  # evals lies beside the program in a checkout, and is not installed with it
    "__main__": {"click", "rich", "typer"},
}

POSIX_ONLY = set("crypt fcntl grp nis posix pty pwd readline resource spwd syslog termios tty".split())
# What the command line must not pay for before it knows what was asked of it.
HEAVY = set(
    "aiohttp aiosqlite alembic asyncpg chromadb discord httpx2 langchain langchain_core langchain_openai langsmith "
    "numpy onnx onnxruntime openai prompt_toolkit sqlalchemy tokenizers torch".split()
)
LONGEST_FUNCTION = 40
LONGEST_MODULE = 400  # the aim is 300; past this a module is two


@dataclass(frozen=True)
class Module:
    """A source file: its place, its room, its tree."""

    path: Path
    room: str
    tree: ast.Module

    @property
    def where(self) -> str:
        return str(self.path.relative_to(BOT.parent))


@cache
def modules() -> tuple[Module, ...]:
    return tuple(read(path) for path in sorted(BOT.rglob("*.py")))


def read(path: Path) -> Module:
    within = path.relative_to(BOT)
    room = within.parts[0] if len(within.parts) > 1 else within.stem
    return Module(path, room, ast.parse(path.read_text(encoding="utf-8"), str(path)))


def assert_none(wrong: Iterable[str]) -> None:
    """Fails with every complaint, one a line."""
    found = list(wrong)
    assert not found, "\n".join(found)


def imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every module that is imported, at the top or inside, with its line; `from bot import x` counts as `bot.x`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "bot":
            yield from ((f"bot.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or ""), node.lineno


def test_every_room_has_its_place_in_the_tables() -> None:
    rooms = {module.room for module in modules()} - {"__init__"}
    assert rooms <= set(MAY_IMPORT), f"{rooms - set(MAY_IMPORT)} stand in no table: say who may import whom first"
    assert set(MAY_IMPORT) == set(PACKAGES)


def test_rooms_import_only_whom_they_may() -> None:
    assert_none(wrong for module in modules() for wrong in forbidden_rooms(module))


def forbidden_rooms(module: Module) -> Iterator[str]:
    for name, line in imports(module.tree):
        other = name.split(".")[1] if name.startswith("bot.") else ""
        if other and other != module.room and other not in MAY_IMPORT.get(module.room, set()):
            yield f"{module.where}:{line}: {module.room} may not import {other}"


def test_rooms_lean_only_on_their_own_packages() -> None:
    assert_none(wrong for module in modules() for wrong in forbidden_packages(module))


def forbidden_packages(module: Module) -> Iterator[str]:
    allowed = sys.stdlib_module_names | PACKAGES.get(module.room, set()) | {"bot"}
    for name, line in imports(module.tree):
        if name.split(".")[0] not in allowed:
            yield f"{module.where}:{line}: {module.room} may not import {name}"


def test_nothing_outside_the_lab_imports_what_only_posix_has() -> None:
    assert_none(wrong for module in modules() if module.room != "lab" for wrong in posix_imports(module))


def posix_imports(module: Module) -> Iterator[str]:
    everywhere = [node for top in module.tree.body for node in (top.orelse if off_windows(top) else [top])]
    for name, line in imports(ast.Module(everywhere, [])):
        if name.split(".")[0] in POSIX_ONLY:
            yield f"{module.where}:{line}: {name} exists on POSIX alone"


def off_windows(node: ast.stmt) -> TypeGuard[ast.If]:
    """Whether this is the one guard that a type checker, too, knows to keep Windows out."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "sys.platform != 'win32'"


@pytest.mark.parametrize(
    ("room", "source", "rule"),
    [
        ("core", "import numpy", forbidden_packages),
        ("core", "def f():\n    import rich.table", forbidden_packages),
        ("core", "from . import events", forbidden_packages),
        ("core", "from bot.ports import Store", forbidden_rooms),
        ("core", "from bot import app", forbidden_rooms),
        ("store", "import bot.knowledge.corpus", forbidden_rooms),
        ("surfaces", "from bot.app import build", forbidden_rooms),
        ("store", "try:\n    import fcntl\nexcept ImportError:\n    pass", posix_imports),
        ("surfaces", "from termios import TCSANOW", posix_imports),
        ("surfaces", 'if sys.platform != "win32":\n    import tty\nimport termios', posix_imports),
        ("surfaces", 'if sys.platform != "win32":\n    import tty\nelse:\n    import termios', posix_imports),
        ("surfaces", 'def f():\n    if sys.platform != "win32":\n        import termios', posix_imports),
    ],
)
def test_the_rules_find_what_breaks_them(room: str, source: str, rule) -> None:
    assert len(list(rule(Module(BOT / room / "made_up.py", room, ast.parse(source))))) == 1


def test_modules_say_what_they_are_for() -> None:
    assert_none(module.where for module in modules() if module.tree.body and not ast.get_docstring(module.tree))


def test_functions_and_modules_stay_readable() -> None:
    long = [f"{module.where}: {lines} lines" for module in modules() if (lines := length_of(module)) > LONGEST_MODULE]
    assert_none([*long, *(line for module in modules() for line in long_functions(module))])


def long_functions(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and own_lines(node) > LONGEST_FUNCTION:
            yield f"{module.where}:{node.lineno}: {node.name} has {own_lines(node)} lines"


def length_of(module: Module) -> int:
    """A module's lines, less its tables: a long list of phrases is data, and reads as one."""
    tables = [node for node in module.tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    total = len(module.path.read_text(encoding="utf-8").splitlines())
    return total - sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in tables)


def own_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function's body, less its docstring and its signature."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_importing_bot_does_nothing() -> None:
    assert loaded_by("bot") <= {"bot"}


def test_the_command_line_starts_without_what_is_heavy() -> None:
    assert loaded_by("bot.__main__") & HEAVY == set()


def loaded_by(name: str) -> set[str]:
    """The packages outside the standard library that an import brings in, in a Python of its own."""
    show = f"import sys; old = set(sys.modules); import {name}; print(*set(sys.modules) - old)"
    done = subprocess.run([sys.executable, "-c", show], cwd=BOT.parent, capture_output=True, text=True, check=True)
    return {module.split(".")[0] for module in done.stdout.split()} - sys.stdlib_module_names
