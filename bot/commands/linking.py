"""`viva link`: a one-time code that joins who sits at this terminal with their Discord account.

It joins nobody itself: the store does, when the code is given in Discord.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from bot.app.home import owner
from bot.commands.records import with_store

if TYPE_CHECKING:
    from bot.store.log import SqlStore


@dataclass(frozen=True)
class Offered:
    """A code, for whom it is, what is joined to them already, and the database that it is known to."""

    code: str
    person: str
    accounts: tuple[str, ...]
    database: str


def link_command(as_json: bool) -> None:
    """Prints a code and what to do with it."""
    from bot.store.linking import GOOD_FOR

    minutes = GOOD_FOR.seconds // 60
    offered = with_store(lambda store: _offer(store, owner()))
    typer.echo(json.dumps({"v": 1, "minutes": minutes, **vars(offered)}) if as_json else _words(offered))


async def _offer(store: SqlStore, person: str) -> Offered:
    code = await store.groups.new_code(person)
    accounts = tuple(await store.groups.accounts(person))
    return Offered(code, person, accounts, store.database.place.shown)


def _words(offered: Offered) -> str:
    joined = f"Joined already: {', '.join(offered.accounts)}\n" if offered.accounts else ""
    return (
        f"Your code: {offered.code}\n"
        f"In Discord say /link {offered.code} within ten minutes. It works once; a newer code takes its place.\n"
        f"{joined}"
        f"Your Discord interviews then become {offered.person}'s: begin one here and finish it there, or the other way "
        "round.\n"
        "The bot must use the same data as this terminal, by VIVA_HOME or VIVA_DATABASE_URL; else it does not know the "
        f"code.\nHere that is {offered.database}"
    )
