"""Reads the prompts, one Markdown file an act, and checks that what they say of their inputs is so. It asks nobody.

A file begins with its front matter (TOML between two lines of +++): the act, and the inputs by name. Two headings
follow, `# system` and `# user`; an input stands as {{name}}.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BadCorpus

_FRONT = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)
_PARTS = re.compile(r"\A\s*# system\n(.*?)\n# user\n(.*)\Z", re.DOTALL)
_INPUT = re.compile(r"\{\{(\w+)\}\}")
#: Characters of the hash by which a mark says which wording it was made with.
MARK = 8


@dataclass(frozen=True)
class Prompt:
    """What one act says to a model. `mark` tells two wordings of a file apart."""

    act: str
    inputs: frozenset[str]
    system: str
    user: str
    mark: str

    def filled(self, **values: str) -> tuple[str, str]:
        """The two messages. What is put in is not read again: an answer may well hold {{points}}."""

        def put(found: re.Match[str]) -> str:
            return values[found[1]]

        return _INPUT.sub(put, self.system), _INPUT.sub(put, self.user)


def prompt_folder() -> Path:
    """Where the prompts that belong to this program lie: inside the package as installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "prompts"
    return inside if inside.is_dir() else package.parent / "prompts"


def read_prompts(folder: Path) -> Mapping[str, Prompt]:
    """All prompts of a folder by their acts; BadCorpus names the file that does not fit, and why."""
    read = [_read(file) for file in sorted(folder.glob("*.md")) if file.name != "README.md"]
    return {prompt.act: prompt for prompt in read}


def _read(file: Path) -> Prompt:
    text = file.read_text(encoding="utf-8").replace("\r\n", "\n")
    front = _FRONT.match(text)
    parts = _PARTS.match(front[2]) if front is not None else None
    if front is None or parts is None:
        raise BadCorpus(f"{file}: a prompt has front matter between two lines of +++, then `# system` and `# user`.")
    try:
        about = tomllib.loads(front[1])
    except tomllib.TOMLDecodeError as error:
        raise BadCorpus(f"{file}: its front matter is no TOML: {error}") from error
    named = about.get("inputs")
    if about.get("act") != file.stem or not isinstance(named, list):
        raise BadCorpus(f'{file}: its front matter is to say act = "{file.stem}", and inputs = [names].')
    used = set(_INPUT.findall(front[2]))
    for name in sorted(used ^ set(named)):
        why = "is used and not named" if name in used else "is named and not used"
        raise BadCorpus(f"{file}: the input {name} {why} in `inputs`.")
    mark = hashlib.sha256(text.encode()).hexdigest()[:MARK]
    return Prompt(file.stem, frozenset(used), parts[1].strip(), parts[2].strip(), mark)
