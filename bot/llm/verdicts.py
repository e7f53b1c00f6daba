"""Tells whether plain words alone say that something was right, liked, missed, or what somebody waited for.

It knows no single words that tell a mark: those are in talk.toml, among what is never said.
"""

from __future__ import annotations

import re

#: What somebody says who got what they wanted, or would have said the same: "what I need", "how I would put it".
_WANTED = (
    r"(?:(?:what|everything)(?: that)? (?:I|we)(?:['’](?:d|m|ve|re|ll))?(?: \w+){0,3}? "
    r"(?:need|look|ask|want|hop|wait|wish|lik|mean|expect|after\b|seek|sought|listen|hear|see\b|saw\b|in mind"
    r"|c[ao]me for|would(?! like)|might)"
    r"|(?:something|anything|that|which) (?:I|we)(?:['’](?:m|ve))?(?: \w+){0,2}? "
    r"(?:need|look|ask|hop|wait|expect|seek|sought|want(?:ed)?\b(?! to))"
    r"|(?:as|how) (?:I|we)(?:['’]d| would| might| should)(?! like))"
)
#: How somebody comes by it, or tells of it.
_GOT = (
    r"(?:have|has|had|['’](?:ve|s)|gets?|getting|got|gives?|giving|gave|given|show\w*|br(?:ing\w*|ought)|sa(?:id|ys?|w)"
    r"|told|tells?|puts?|made|makes?|wrote|written|see|seen|hear|heard|read|took|takes?|taken|kept|is|was|are|were|did)"
)
_PATTERNS = (
    re.compile(
        r"(?:^|[,;:.!—–-]\s*)(?:and |so |then |now )?(?:that|this|it|so|they|there|you)"
        r"(?:['’](?:s|re|ve|d|ll)|(?: it| you| that| they)? "
        r"(?:is|was|are|were|does|do|did|has|have|had|can|could|will|would))"
        r"(?: it| so| that| this| there)?\s*(?=[.,;:!—–-]|$)",
        re.IGNORECASE,
    ),
    re.compile(r"\byou(?:['’]ve)? (?:have|had|see) (?:it|that|this)\b", re.IGNORECASE),
    re.compile(r"\byou(?:['’]ve| have| had)? (?:saw|seen|knew?|known|underst\w+|left|leave)\b", re.IGNORECASE),
    re.compile(r"\b(?:answer|idea|thought|view|opinion|reply) (?:is|was|does|did|has)\b", re.IGNORECASE),
    re.compile(r"\bI (?:(?:do|did|just|also) )?like\b", re.IGNORECASE),
    re.compile(r"\bI (?:\w+ )?(?:think|feel|know|say|mean|hope|assume|suppose) so\b", re.IGNORECASE),
    re.compile(rf"\b(?:I|we|you|that|this|it|words?)\b.{{0,40}}?\b{_GOT}\b.{{0,40}}?\b{_WANTED}", re.IGNORECASE),
    re.compile(rf"\b(?:I|you)(?: \w+){{0,2}}? ?\b{_GOT}(?: (?:me|us|it))* everything\b", re.IGNORECASE),
    re.compile(
        r"\b(?:I|we)(?:['’](?:m|ve|re|d))?(?: \w+){0,2}? (?:need(?:ed)?\b(?! to\b)|(?:look|ask|wait)\w* for\b"
        r"|hoped (?:for|to)\b|(?:am|was|are|were) after\b|came for\b)",
        re.IGNORECASE,
    ),
    re.compile(r"\bwhat (?:is|was|were|(?:has|had) been) (?:need|ask|want|expect|look|sought)", re.IGNORECASE),
    re.compile(r"\banswer(?:s|ed) (?:what|my|the|our|that|it|this|me|everything)\b", re.IGNORECASE),
    re.compile(r"\bin part\b", re.IGNORECASE),
)


def verdict(bare: str) -> bool:
    """Whether words without their quotations tell what an answer came to."""
    return any(pattern.search(bare) for pattern in _PATTERNS)
