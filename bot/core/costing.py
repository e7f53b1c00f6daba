"""What language models took: calls, tokens, and money where a price is known. It knows no model by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.core.made import Made

MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens, read and written."""

    input: float
    output: float

    def of(self, read: int, written: int) -> float:
        """What so many tokens cost."""
        return (read * self.input + written * self.output) / MILLION


@dataclass(frozen=True)
class Spent:
    """A sum of calls. `uncounted` are those whose tokens no server told, `unpriced` those whose price is not known.

    What is uncounted or unpriced is in no other sum than that of the calls.
    """

    calls: int = 0
    input: int = 0
    output: int = 0
    cost: float = 0.0
    uncounted: int = 0
    unpriced: int = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.calls + other.calls,
            self.input + other.input,
            self.output + other.output,
            self.cost + other.cost,
            self.uncounted + other.uncounted,
            self.unpriced + other.unpriced,
        )


def spent_on(made: Made | None) -> Spent:
    """What one thing that a model made took; nothing where none did."""
    if made is None:
        return Spent()
    told = made.input is not None and made.output is not None
    return Spent(
        made.calls,
        made.input or 0 if told else 0,
        made.output or 0 if told else 0,
        made.cost or 0.0,
        0 if told else made.calls,
        0 if made.cost is not None else made.calls,
    )


def priced(made: Made, price_of: Callable[[str], Price | None]) -> Made:
    """The same with its cost, where the price of its model and its tokens are known."""
    price = price_of(made.model)
    if price is None or made.input is None or made.output is None:
        return made
    return replace(made, cost=price.of(made.input, made.output))


def money(cost: float) -> str:
    """Dollars as they are shown: to the cent from a dollar on, to the hundredth of a cent below."""
    return f"${cost:,.2f}" if cost >= 1 or not cost else f"${cost:.4f}"


def figures(spent: Spent) -> dict[str, float | int | None]:
    """The same as plain data; `usd` is None where no price is known."""
    known = spent.unpriced < spent.calls or not spent.calls
    return {
        "calls": spent.calls,
        "input_tokens": spent.input,
        "output_tokens": spent.output,
        "usd": round(spent.cost, 6) if known else None,
        "uncounted_calls": spent.uncounted,
        "unpriced_calls": spent.unpriced,
    }


def from_figures(data: Mapping[str, Any]) -> Spent:
    """What `figures` was given."""
    counts = (data["calls"], data["input_tokens"], data["output_tokens"])
    return Spent(*counts, data["usd"] or 0.0, data["uncounted_calls"], data["unpriced_calls"])


def in_words(spent: Spent) -> str:
    """Calls, tokens and money; what is not known is said to be unknown."""
    calls = "1 call" if spent.calls == 1 else f"{spent.calls:,} calls"
    tokens = f"{spent.input:,} tokens read and {spent.output:,} written"
    if spent.uncounted == spent.calls:
        tokens = "tokens not counted by the server"
    elif spent.uncounted:
        tokens += f" (without {spent.uncounted:,} whose tokens the server did not count)"
    cost = money(spent.cost)
    if spent.unpriced == spent.calls:
        cost = "price not known"
    elif spent.unpriced:
        cost += f" (without {spent.unpriced:,} whose price is not known)"
    return f"{calls}, {tokens}, {cost}"
