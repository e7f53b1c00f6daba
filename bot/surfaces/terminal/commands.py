"""What begins with a slash: the names for completion, and what this terminal does itself, `/edit` and `/code FILE`.

All else travels as words: the interview understands commands on every surface, and answers unknown ones.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import WrongUsage

#: The largest program that is read, in bytes, and the largest notebook: most of one is pictures.
LARGEST_PROGRAM = 64 * 1024
LARGEST_NOTEBOOK = 16 * 1024 * 1024
#: What makes a program of the text of a file, told its name; and sentences on what was left out.
PythonOf = Callable[[str, str], tuple[str, tuple[str, ...]]]

#: Every command with what it does, as completion shows it.
COMMANDS: Mapping[str, str] = {
    "/hint": "the next hint, at its price",
    "/repeat": "the question again",
    "/clarify": "what a word means",
    "/skip": "leave this question",
    "/later": "come back to this question at the end",
    "/back": "go back to a question you left",
    "/undo": "take back the last answer or skip",
    "/add": "add to an earlier answer",
    "/edit": "write in your editor",
    "/code": "hand in a program",
    "/predict": "say what an experiment on it will do",
    "/grade": "the last answer's marks",
    "/score": "the total so far",
    "/status": "where we stand",
    "/cost": "what a language model took",
    "/report": "the report so far",
    "/dispute": "object to a mark",
    "/rules": "how this works",
    "/end": "stop the interview",
    "/help": "what you can say",
}
_OWN = re.compile(r"\s*/(edit|code)(?:\s+(.*))?\Z", re.DOTALL | re.IGNORECASE)
#: Signs that stand in programs and hardly in the names of files; and the names that may have them all the same.
_SOURCE = re.compile(r"[=(){}`\n]")
_NAMED = re.compile(r"[^\n=`]{1,1000}\.(?:py|ipynb|md)[\"']?", re.IGNORECASE)


@dataclass(frozen=True)
class Own:
    """A command that the terminal does itself: `edit` or `code`, and what stands behind it."""

    word: str
    rest: str

    @property
    def file(self) -> str | None:
        """The file that `/code` names, if what stands behind it is the name of one."""
        names = self.rest and (not _SOURCE.search(self.rest) or _NAMED.fullmatch(self.rest))
        return self.rest if self.word == "code" and names else None


def own(text: str) -> Own | None:
    """The command of the terminal's own that a message is; None for everything else."""
    found = _OWN.match(text)
    return Own(found[1].lower(), (found[2] or "").strip()) if found else None


def as_it_stands(text: str, name: str) -> tuple[str, tuple[str, ...]]:
    """The text, for whoever has nothing that reads notebooks."""
    return text, ()


def read_program(name: str, python_of: PythonOf = as_it_stands) -> tuple[str, tuple[str, ...]]:
    """The program in a file, and what of the file was left out; WrongUsage says in a sentence what is wrong with it."""
    path = _path(name)
    largest = LARGEST_NOTEBOOK if path.suffix.lower() == ".ipynb" else LARGEST_PROGRAM
    return python_of(program(_bytes(path, largest), str(path), largest), path.name)


def _path(name: str) -> Path:
    path = Path(_unquoted(name))
    try:
        return path.expanduser()
    except RuntimeError:  # ~nobody
        return path


def _bytes(path: Path, largest: int) -> bytes:
    """What is in an ordinary file, and one byte more than the largest where it holds more."""
    try:
        if path.is_dir():
            raise WrongUsage(f"{path} is a folder. Name the file: /code {path / 'program.py'}")
        if path.exists() and not path.is_file():
            raise WrongUsage(f"{path} is no ordinary file. Save the program to one, and name that.")
        with path.open("rb") as file:
            return file.read(largest + 1)
    except FileNotFoundError:
        raise WrongUsage(f"There is no file {path} (seen from {Path.cwd()}). {_beside(path)}".rstrip()) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "the name cannot be used"
        raise WrongUsage(f"{path} cannot be read: {reason}.") from None


def program(source: bytes, name: str, largest: int = LARGEST_PROGRAM) -> str:
    """The text of a program; WrongUsage where it is too large, empty or no text."""
    if len(source) > largest:
        size = f"{largest // 1024} KiB" if largest < 1024 * 1024 else f"{largest // 1024 // 1024} MiB"
        raise WrongUsage(f"{name} is larger than {size}. Hand in the program alone, without data.")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongUsage(f"{name} is not text in UTF-8 (byte {error.start}). Save it as UTF-8 and try again.") from None
    if "\x00" in text:
        raise WrongUsage(f"{name} holds NUL bytes, so it is no Python source. Name the .py file.")
    if not text.strip():
        raise WrongUsage(f"{name} is empty. Save your program first.")
    return text.replace("\r\n", "\n")


def _unquoted(name: str) -> str:
    name = name.strip()
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'" else name


def _beside(path: Path) -> str:
    """The name of a file beside it that was probably meant."""
    try:
        names = [other.name for other in path.parent.iterdir()][:1000]
    except OSError:
        return ""
    close = difflib.get_close_matches(path.name, names, n=1, cutoff=0.6)
    return f"Did you mean {path.parent / close[0]}?" if close else ""
