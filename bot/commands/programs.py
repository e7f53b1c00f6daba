"""The program in a file of any kind that people hand in: Python, a notebook, Markdown with a fence. It opens none."""

from __future__ import annotations

from bot.errors import WrongUsage


def python_of(text: str, name: str) -> tuple[str, tuple[str, ...]]:
    """The program in a file of this name, and sentences on what was left out. WrongUsage says why there is none."""
    if name.lower().endswith((".md", ".markdown")):
        return _fenced(text, name)
    from bot.lab.notebook import python_of as of_notebook

    return of_notebook(text, name)


def _fenced(text: str, name: str) -> tuple[str, tuple[str, ...]]:
    from bot.offline.programs import program

    found = program(text)
    if found is None:
        raise WrongUsage(f"{name} holds no program between fences. Put a line ```python before it, and ``` after it.")
    return found.code, (f"Of {name} only the program was taken, and not the words around it.",) if found.prose else ()
