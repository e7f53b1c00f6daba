"""Lists of answers: a bare item names a key point when the point's true statements use its words and no other's do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.core.marking import MET_FROM
from bot.core.question import Question
from bot.offline.exact.finds import Find
from bot.offline.wording import wording

#: In at least this share of a point's statements, and at most that of any other's, an item is the point's name; of a
#: single word more is asked.
OWN_SHARE, OWN_SHARE_OF_A_WORD, OTHERS_SHARE = 0.3, 0.55, 0.1
LONGEST_NAME = 4


def named_items(question: Question, items: Sequence[str]) -> tuple[Find, ...]:
    """The points that items name; a name without a word more is just enough for a point."""
    finds: dict[str, Find] = {}
    for item in items:
        stems = frozenset(wording(item).stems)
        if not stems or len(stems) > LONGEST_NAME:
            continue
        shares = [_share(stems, (*p.true, p.says)) for p in question.points]
        best = max(range(len(shares)), key=shares.__getitem__)
        others = [share for i, share in enumerate(shares) if i != best]
        if (
            shares[best] >= (OWN_SHARE if len(stems) > 1 else OWN_SHARE_OF_A_WORD)
            and max(others, default=0.0) <= OTHERS_SHARE
        ):
            point = question.points[best].id
            finds.setdefault(point, Find(point, MET_FROM, "met", item))
    return tuple(finds.values())


def _share(stems: frozenset[str], statements: tuple[str, ...]) -> float:
    return sum(stems <= said for said in _stems(statements)) / len(statements)


@lru_cache(maxsize=2000)
def _stems(statements: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(wording(text).stems) for text in statements)
