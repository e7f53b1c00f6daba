"""The door to what was spent on language models, over all sittings. What may be spent, `bot.core.budgets` knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.core.budgets import Name
from bot.core.costing import Spent


class Purse(Protocol):
    """What is kept of every call, added up."""

    async def spent(self, session: str) -> Mapping[Name, Spent]:
        """Since midnight (UTC): by the `person` of a sitting, on the `server` it counts for, and in all (`day`)."""
        ...
