"""Opens prices and budgets by the settings. What is done when a budget is used up, `bot.spending` knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.budgets import NAMES, READ, WRITTEN, Budgets, Limit, limit
from bot.core.costing import Price, priced
from bot.core.made import Made
from bot.errors import WrongUsage
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.llm.wish import Wish

NOT_KEPT = (
    "{setting} is in dollars, and what {model} costs is not known{why}, so that nobody could keep to it. Name its "
    "price in a file (VIVA_PRICES; docs/models.md shows one), or write the budget in tokens, as in `200k tokens`."
)


@dataclass(frozen=True)
class Costs:
    """What may be spent, and what fills in what was."""

    budgets: Budgets
    price: Callable[[Made], Made]


def open_costs(settings: Settings, wanted: Wish | None) -> Costs:
    """Prices and budgets for a model; WrongUsage where a budget cannot be kept. Without a model nothing is spent."""
    from bot.llm.prices import own_machine, read_prices

    if wanted is None:
        return Costs(Budgets(), lambda made: made)
    price = read_prices(settings.prices).of(wanted)
    budgets = read_budgets(settings)
    if price is None and budgets.in_dollars:
        name = next(name for name, one in budgets.named() if not one.tokens)
        why = f" (it runs on a machine of your own, {wanted.place})" if own_machine(wanted) else ""
        raise WrongUsage(NOT_KEPT.format(setting=f"VIVA_BUDGET_{name.upper()}", model=wanted.full_name, why=why))
    known: dict[str, Price] = {wanted.full_name: price} if price is not None else {}
    a_call = price.of(READ, WRITTEN) if price is not None else 0.0
    return Costs(replace(budgets, a_call=a_call), lambda made: priced(made, known.get))


def read_budgets(settings: Settings) -> Budgets:
    """The budgets that are set; WrongUsage names the one that is not written as one."""
    read = {name: _limit(name, text) for name in NAMES if (text := getattr(settings, f"budget_{name}"))}
    return Budgets(read.get("sitting"), read.get("person"), read.get("server"), read.get("day"))


def _limit(name: str, text: str) -> Limit:
    try:
        return limit(text)
    except ValueError as error:
        setting = f"VIVA_BUDGET_{name.upper()}"
        raise WrongUsage(f"The setting {setting} does not fit: {error}. See .env.example.") from None
