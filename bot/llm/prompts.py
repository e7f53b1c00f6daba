"""Reads the prompts, one Markdown file an act, and checks that what they say of their inputs is so. It asks nobody.

A file begins with its front matter (TOML between two lines of +++): the act, and the inputs by name. Two headings
follow, `# system` and `# user`; an input stands as {{name}}. A persona has `# system` alone.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BadCorpus, WrongUsage

_FRONT = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)
_PARTS = re.compile(r"\A\s*# system\n(.*?)(?:\n# user\n(.*))?\Z", re.DOTALL)
_INPUT = re.compile(r"\{\{(\w+)\}\}")
#: Characters of the hash by which a mark says which wording it was made with.
MARK = 8
#: A prompt that is longer than this (bytes) is none.
LONGEST = 20_000
PERSONAS = ("friendly", "neutral", "grilling")
_PERSONA = "persona-"
_SPOKEN = frozenset({"persona", "lead", "wording", "frame", "said", "why", "marks", "digest", "fence"})
#: The inputs of each act, and those without which it would be about nothing.
ACTS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "grade": (
        frozenset({"question", "points", "beliefs", "passage", "answer", "fence"}),
        frozenset({"question", "points", "answer", "fence"}),
    ),
    "settle": (frozenset({"claims"}), frozenset({"claims"})),
    "ask": (_SPOKEN, frozenset({"wording"})),
    "probe": (_SPOKEN, frozenset({"wording"})),
    "hint": (_SPOKEN, frozenset({"wording"})),
    "feedback": (_SPOKEN, frozenset()),
    "closing": (_SPOKEN, frozenset()),
    **{f"{_PERSONA}{persona}": (frozenset(), frozenset()) for persona in PERSONAS},
}
#: What stands in a fence is data; without one around it, it would be read as part of what is asked.
FENCED = frozenset({"answer", "said"})


@dataclass(frozen=True)
class Prompt:
    """What one act says to a model. `mark` tells two wordings of a file apart."""

    act: str
    inputs: frozenset[str]
    system: str
    user: str
    mark: str
    file: Path

    def filled(self, **values: str) -> tuple[str, str]:
        """The two messages. What is put in is not read again: an answer may well hold {{points}}."""

        def put(found: re.Match[str]) -> str:
            return values[found[1]]

        return _INPUT.sub(put, self.system), _INPUT.sub(put, self.user)


def persona_act(persona: str) -> str:
    """Under what act the manner of a persona stands."""
    return f"{_PERSONA}{persona}"


def prompt_folder() -> Path:
    """Where the prompts that belong to this program lie: inside the package as installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "prompts"
    return inside if inside.is_dir() else package.parent / "prompts"


def read_prompts(own: Path | None = None) -> Mapping[str, Prompt]:
    """All prompts by their acts: this program's, and in their place those of a folder of one's own.

    BadCorpus names the file that does not fit, and why.
    """
    read = _folder(prompt_folder())
    if missing := ACTS.keys() - read.keys():
        raise BadCorpus(f"{prompt_folder()}: there is no {min(missing)}.md. Install Viva again.")
    if own is None:
        return read
    if not own.is_dir():
        raise WrongUsage(f"VIVA_PROMPTS names {own}, and there is no such folder. Name one that is there, or unset it.")
    mine = _folder(own)
    if not mine:
        raise WrongUsage(f"VIVA_PROMPTS names {own}, and no prompt lies there. Its files are named {_names(ACTS)}.")
    return {**read, **mine}


def _folder(folder: Path) -> Mapping[str, Prompt]:
    read = [_read(file) for file in sorted(folder.glob("*.md")) if file.name != "README.md"]
    return {prompt.act: prompt for prompt in read}


def _read(file: Path) -> Prompt:
    text = _text(file)
    if file.stem not in ACTS:
        raise BadCorpus(f"{file}: there is no act of that name. Name the file {_names(ACTS)}, or move it elsewhere.")
    front = _FRONT.match(text)
    parts = _PARTS.match(front[2]) if front is not None else None
    persona = file.stem.startswith(_PERSONA)
    if front is None or parts is None or (parts[2] is None) != persona:
        then = "`# system` alone" if persona else "`# system` and `# user`"
        raise BadCorpus(f"{file}: a prompt has front matter between two lines of +++, then {then}. Write it so.")
    used = _inputs(file, front[1], front[2])
    mark = hashlib.sha256(text.encode()).hexdigest()[:MARK]
    return Prompt(file.stem, used, parts[1].strip(), (parts[2] or "").strip(), mark, file)


def _inputs(file: Path, front: str, body: str) -> frozenset[str]:
    """The inputs that a prompt uses, once they are as it says and as its act has them."""
    try:
        about = tomllib.loads(front)
    except tomllib.TOMLDecodeError as error:
        raise BadCorpus(f"{file}: its front matter is no TOML: {error}. Mend that line.") from error
    named = about.get("inputs")
    if about.get("act") != file.stem or not isinstance(named, list) or not all(isinstance(n, str) for n in named):
        raise BadCorpus(f'{file}: its front matter is to say act = "{file.stem}", and inputs = ["name", …].')
    used = frozenset(_INPUT.findall(body))
    for name in sorted(used ^ set(named)):
        written = f"{{{{{name}}}}}"
        if name in used:
            raise BadCorpus(f"{file}: the text uses {written}, which `inputs` does not name: add it there.")
        raise BadCorpus(f"{file}: `inputs` names {name}, which the text does not use: take it out, or write {written}.")
    known, needed = ACTS[file.stem]
    if unknown := used - known:
        raise BadCorpus(f"{file}: this act has no input {min(unknown)}; it has {_names(known) or 'none'}.")
    needed |= {"fence"} if used & FENCED else set()
    if left_out := needed - used:
        name = min(left_out)
        raise BadCorpus(f"{file}: the input {name} must be used. Put {{{{{name}}}}} where it belongs.")
    return used


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > LONGEST:
            raise BadCorpus(f"{file}: it has more than {LONGEST:,} bytes. Shorten it.")
        return file.read_text(encoding="utf-8").replace("\r\n", "\n")
    except OSError as error:
        raise BadCorpus(
            f"{file}: it cannot be read ({error.strerror}). Mend its permissions, or move it away."
        ) from error
    except UnicodeDecodeError as error:
        raise BadCorpus(f"{file}: it is not UTF-8. Save it as UTF-8.") from error


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
