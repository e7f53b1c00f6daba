"""How a language model came by something: which one, by which wording of which prompt, from what, at what cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Made:
    """What a model made. `prompts` name each file with its hash, `passages` the units of the index that went along.

    `input` and `output` are tokens over all `calls`, None where the server does not say; `cost` is in US dollars, None
    where the price is not known. `seconds` is what the calls took.
    """

    model: str
    prompts: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    input: int | None = None
    output: int | None = None
    cost: float | None = None
    calls: int = 1
    seconds: float = 0.0
