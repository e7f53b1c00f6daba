"""Whether somebody who was asked to mend a program leaves it as it is. It reads nothing else."""

from __future__ import annotations

import re

_LEAVES = re.compile(
    r"(?:ok(?:ay)?|alright|no|nope|thanks|thank you|well|so|i think|please|sorry|,|\s)*"
    r"(?:(?:i ?['’]?a?m |we ?['’]?a?re )?(?:done|finished|through|ready to go on)"
    r"(?: with (?:it|that|this|the program))?"
    r"|no(?:pe)?|no,? thanks?(?: you)?|that ?['’]?i?s (?:it|all|fine)|next(?: question)?(?: please)?|continue|go on|"
    r"(?:let ?['’]?u?s )?(?:move|go) on|"
    r"(?:i ?['’]?(?:ll| will) |just |let ?['’]?u?s |please )?(?:leave|keep) (?:it|that|this|the program)"
    r"(?: (?:as it is|so|like that|there))?|"
    r"as it is|it stays(?: as it is)?|(?:it |that )?stays as it is|nothing more|no (?:more )?changes?|"
    r"i (?:won['’]?t|do not want to|don['’]?t want to) "
    r"(?:mend|change|fix) (?:it|that|anything))"
    r"(?:[\s,]+(?:now|thanks?|thank you|please|here|with it))*[\s.!]*",
    re.IGNORECASE,
)


def leaves_it(text: str) -> bool:
    """True for words such as "done", "no, leave it as it is"."""
    return _LEAVES.fullmatch(text.strip()) is not None
