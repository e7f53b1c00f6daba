"""How much may be spent on language models, and how far that is used: a warning from 80 %, the end of it at 100 %.

It counts nothing itself. Two sittings that spend from one budget at once may overshoot it by a call each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.core.costing import Spent, money

Name = Literal["sitting", "person", "server", "day"]
Level = Literal["warn", "stop"]
NAMES: tuple[Name, ...] = ("sitting", "person", "server", "day")
#: Shares of a budget.
WARN, STOP = 0.8, 1.0
#: What a call counts against a budget whose tokens the server does not tell, so that every budget ends: about what the
#: longest call takes.
READ, WRITTEN = 2_000, 300

_DOLLARS = re.compile(r"\$?(?P<amount>\d{1,7}(?:\.\d{1,6})?)")
_TOKENS = re.compile(r"(?P<amount>\d{1,12}(?:\.\d{1,3})?)(?P<unit>[km]?) ?tokens")
_UNITS: Mapping[str, int] = {"": 1, "k": 1_000, "m": 1_000_000}


@dataclass(frozen=True)
class Limit:
    """So many US dollars, or so many tokens, read and written together."""

    amount: float
    tokens: bool = False

    @property
    def shown(self) -> str:
        return f"{self.amount:,.0f} tokens" if self.tokens else money(self.amount)


@dataclass(frozen=True)
class Budgets:
    """For one sitting; and for one person, one server and everybody together on one day (UTC).

    `a_call` is what a call counts, in dollars, whose cost is not known.
    """

    sitting: Limit | None = None
    person: Limit | None = None
    server: Limit | None = None
    day: Limit | None = None
    a_call: float = 0.0

    def named(self) -> Iterator[tuple[Name, Limit]]:
        """Those that are set."""
        for name in NAMES:
            limit: Limit | None = getattr(self, name)
            if limit is not None:
                yield name, limit

    @property
    def by_the_day(self) -> bool:
        """Whether any needs what other sittings spent."""
        return any(name != "sitting" for name, _ in self.named())

    @property
    def in_dollars(self) -> bool:
        return any(not limit.tokens for _, limit in self.named())


@dataclass(frozen=True)
class Reached:
    """A budget that is used to four fifths or more."""

    budget: Name
    level: Level
    share: float


def limit(text: str) -> Limit:
    """A budget as it is written: `2.50` are dollars, `200000 tokens`, `200k tokens` and `1M tokens` tokens.

    ValueError otherwise.
    """
    written = text.strip().lower()
    if dollars := _DOLLARS.fullmatch(written):
        found = Limit(float(dollars["amount"]))
    elif tokens := _TOKENS.fullmatch(written):
        found = Limit(float(tokens["amount"]) * _UNITS[tokens["unit"]], tokens=True)
    else:
        raise ValueError("write dollars, as in `2.50`, or tokens, as in `200k tokens`")
    return found


def share(budgets: Budgets, limit: Limit, spent: Spent) -> float:
    """How much of a limit is used; all of a limit of nothing is."""
    if limit.tokens:
        used = spent.input + spent.output + spent.uncounted * float(READ + WRITTEN)
    else:
        used = spent.cost + spent.unpriced * budgets.a_call
    return used / limit.amount if limit.amount else 1.0


def reached(budgets: Budgets, spent: Mapping[Name, Spent]) -> tuple[Reached, ...]:
    """The budgets that are used to four fifths or more, those that are used up first."""
    found = []
    for name, limit in budgets.named():
        used = share(budgets, limit, spent.get(name, Spent()))
        if used >= WARN:
            found.append(Reached(name, "stop" if used >= STOP else "warn", used))
    return tuple(sorted(found, key=lambda one: one.level != "stop"))
