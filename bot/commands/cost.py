"""`viva cost`: what language models took, added up by person, server, day or model, and how far budgets are used."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, get_args

import typer

from bot.app.costs import read_budgets
from bot.app.home import now
from bot.commands.records import with_store
from bot.core.budgets import Budgets
from bot.core.costing import Spent, figures, money
from bot.errors import WrongUsage
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.store.log import SqlStore
    from bot.store.purse import By

    Table = Sequence[tuple[str, Spent]]

NOTHING = "No language model was asked in that time: nothing was spent."
NOBODY = {"server": "on no server", "person": "–", "day": "–", "model": "–"}
BUDGETS = {"sitting": "an interview", "person": "a person, a day", "server": "a server, a day", "day": "a day in all"}
FOOT = (
    "Days are UTC. Money is by the price lists that were known when it was spent; a call without a price, or whose "
    "tokens the server did not count, is in no sum but that of the calls."
)


def cost_command(days: int | None, by: str, as_json: bool) -> None:
    """Prints what was spent in the last so many days, or ever."""
    from bot.store.purse import By

    chosen: By | None = next((one for one in get_args(By) if one == by), None)
    if chosen is None:
        raise WrongUsage(f"There is no table by {by!r}: take person, server, day or model.")
    since = _since(now(), days) if days is not None else None

    async def work(store: SqlStore) -> Table:
        return await store.purse.table(chosen, since)

    budgets = read_budgets(read_settings())
    table = with_store(work)
    if as_json:
        for key, spent in table:
            typer.echo(json.dumps({"v": 1, "by": by, by: key or None, **figures(spent)}, ensure_ascii=False))
    elif not table:
        typer.echo("\n".join([NOTHING, *_budgets(budgets)]))
    else:
        _show(by, table)
        typer.echo("\n".join([FOOT, *_budgets(budgets)]))


def _since(at: datetime, days: int) -> datetime:
    """The beginning of the first of so many days, of which today is the last."""
    today = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days - 1)


def _show(by: str, table: Table) -> None:
    from rich.console import Console
    from rich.table import Table as Drawn
    from rich.text import Text

    drawn = Drawn(by.capitalize())
    for head in ("Calls", "Tokens read", "Tokens written", "Cost"):
        drawn.add_column(head, justify="right")
    whole = sum((spent for _, spent in table), Spent())
    for key, spent in [*((key or NOBODY[by], spent) for key, spent in table), ("in all", whole)]:
        drawn.add_row(Text(key), f"{spent.calls:,}", *_tokens(spent), _cost(spent))
    Console().print(drawn)


def _tokens(spent: Spent) -> tuple[str, str]:
    if spent.calls and spent.uncounted == spent.calls:
        return "not counted", "not counted"
    more = " or more" if spent.uncounted else ""
    return f"{spent.input:,}{more}", f"{spent.output:,}{more}"


def _cost(spent: Spent) -> str:
    if spent.calls and spent.unpriced == spent.calls:
        return "price not known"
    return money(spent.cost) + (f", and {spent.unpriced:,} calls without a price" if spent.unpriced else "")


def _budgets(budgets: Budgets) -> Iterator[str]:
    """What may be spent, where that is limited."""
    limits = [f"{limit.shown} for {BUDGETS[name]}" for name, limit in budgets.named()]
    if limits:
        yield f"Budgets: {'; '.join(limits)}."
