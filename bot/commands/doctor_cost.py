"""What `viva doctor` finds of prices and budgets: whether the price is known, and whether budgets can be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.commands.doctor import Finding
from bot.errors import VivaError
from bot.settings import Settings


def cost_findings(settings: Settings) -> Iterator[Finding]:
    """What the model costs, and may take; without a model, what would not fit once there is one."""
    from bot.app.costs import open_costs
    from bot.app.models import chosen_model
    from bot.llm.prices import own_machine, read_prices

    try:
        chosen = chosen_model(settings)
    except VivaError:
        return
    if chosen is None:
        yield from _unused(settings)
        return
    try:
        price = read_prices(settings.prices).of(chosen.wish)
        budgets = open_costs(settings, chosen.wish).budgets
    except VivaError as error:
        yield Finding("cost", "fail", str(error))
        return
    limits = ", ".join(f"{name} {limit.shown}" for name, limit in budgets.named())
    may = f"Budgets: {limits}." if limits else "No budget is set (VIVA_BUDGET_DAY and the like)."
    if price is not None:
        known = f"${price.input:g} for a million tokens read, ${price.output:g} written, by the list."
    elif own_machine(chosen.wish):
        known = "a machine of your own: no price; tokens are counted."
    else:
        known = "the price of this model is not known (VIVA_PRICES names one); tokens are counted."
    yield Finding("cost", "ok", f"{known} {may}")


def _unused(settings: Settings) -> Iterator[Finding]:
    """What is set for a model, is read by nobody without one, and does not fit."""
    from bot.app.costs import read_budgets
    from bot.llm.prices import read_prices
    from bot.llm.prompts import read_prompts

    checks: Mapping[str, Callable[[], object]] = {
        "budgets": lambda: read_budgets(settings),
        "prices": lambda: read_prices(settings.prices),
        "prompts": lambda: read_prompts(settings.prompts),
    }
    for name, check in checks.items():
        try:
            check()
        except VivaError as error:
            yield Finding(name, "fail", str(error))
