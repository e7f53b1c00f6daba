"""What a candidate claims about their own work, or holds to be so, in words or by a program. It judges no claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.events import Claim


def claims_in(text: str) -> tuple[Claim, ...]:
    """The claims of a text, each with the sentence that makes it."""
    from bot.offline.claim_finding import claimed_in  # its patterns take a tenth of a second: not before a first answer

    return claimed_in(text)


def claims_of_program(facts: Mapping[str, Any], source: str) -> tuple[Claim, ...]:
    """The claims of a program of which these facts are known, each with the lines that make it."""
    from bot.offline.program_claims import shown_by

    return shown_by(facts, source)
