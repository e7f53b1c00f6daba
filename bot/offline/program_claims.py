"""What a program says of the candidate's choices, with the lines that say it. It reads facts, and no syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.core.events import Claim
from bot.offline.claim_numbers import NUMBER, number, plain
from bot.offline.claim_sentences import LONGEST_WORDS
from bot.offline.claim_words import VALUES, spaced

Facts = Mapping[str, Any]
_NUMBER = spaced(NUMBER)
_LAYERS = frozenset({"linear", "convolution"})


def shown_by(facts: Facts, source: str) -> tuple[Claim, ...]:
    """The optimiser, learning rate, batch size, activation and hidden layers that a program shows, each by its line.

    What a line does not show to the reader (a rate that comes from the command line, say) is left out.
    """
    lines = [line.strip()[:LONGEST_WORDS].rstrip() for line in source.splitlines()]
    found = (*_optimiser(facts, lines), *_batch_size(facts, lines), *_activation(facts, lines))
    return (*found, *_hidden_layers(facts, lines))


def _optimiser(facts: Facts, lines: Sequence[str]) -> Iterator[Claim]:
    line = _at(lines, facts.get("optimizer_line"))
    value = _known("optimiser", facts.get("optimizer"))
    if line and value is not None and not facts.get("optimizer_own") and not facts.get("optimizer_by_hand"):
        yield Claim("optimiser", value, line)
    rate = facts.get("learning_rate")
    shown = {number(hit.group()) for hit in _NUMBER.finditer(line.lower())}
    if rate is not None and facts.get("learning_rate_stated") and rate in shown:
        yield Claim("learning-rate", plain(float(rate)), line)


def _batch_size(facts: Facts, lines: Sequence[str]) -> Iterator[Claim]:
    """The batch size, by the first line that states the number beside its name."""
    size = facts.get("batch_size")
    stated = re.compile(rf"batch_?size\s*[=:]\s*{size}\b", re.IGNORECASE)
    line = next((line for line in lines if stated.search(line.partition("#")[0])), "")
    if size and line:
        yield Claim("batch-size", plain(float(size)), line)


def _activation(facts: Facts, lines: Sequence[str]) -> Iterator[Claim]:
    """The activation of the hidden layers, where all of them have the same."""
    hidden = _before_outputs(facts.get("network") or ())
    steps = [step for step in hidden if step.get("kind") == "activation"]
    values = {_known("activation", step.get("name")) for step in steps}
    value = values.pop() if len(values) == 1 else None
    if value is None:
        return
    shows = re.compile(VALUES["activation"][value], re.IGNORECASE)
    line = next((line for step in steps if shows.search(line := _at(lines, step.get("line")))), "")
    if line:
        yield Claim("activation", value, line)


def _hidden_layers(facts: Facts, lines: Sequence[str]) -> Iterator[Claim]:
    """How many hidden layers a network of fully connected layers has, where its lines are short enough to be quoted.

    Other networks are counted in more than one way.
    """
    learning = [step for step in facts.get("network") or () if step.get("kind") in _LAYERS]
    if len(learning) < 2 or any(step.get("kind") != "linear" for step in learning) or facts.get("cut"):
        return
    places = [step.get("line") or 0 for step in learning]
    quoted = "\n".join(lines[min(places) - 1 : max(places)]) if min(places) else ""
    if 0 < len(quoted) <= LONGEST_WORDS:
        yield Claim("hidden-layers", plain(len(learning) - 1), quoted)


def _at(lines: Sequence[str], line: int | None) -> str:
    return lines[line - 1] if line is not None and 0 < line <= len(lines) else ""


def _before_outputs(network: Sequence[Facts]) -> Sequence[Facts]:
    """The steps before the last layer that learns."""
    last = max((at for at, step in enumerate(network) if step.get("kind") in _LAYERS), default=0)
    return network[:last]


def _known(subject: str, name: object) -> str | None:
    """The value that a library's name stands for, spelt as it may be: LeakyReLU is leaky ReLU."""
    written = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(name or "")).lower()
    for spelling in (written, written.replace(" ", "")):
        for value, names in VALUES[subject].items():
            if spaced(names).fullmatch(spelling):
                return value
    return None
