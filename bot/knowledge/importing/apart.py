"""Takes apart the lines of one paragraph: a label, or a question on a line of its own, begins something new."""

from __future__ import annotations

import re
from collections.abc import Iterator

LABELLED = re.compile(
    r"^\W{0,4}(?:Q(?:uestion|ues)?|A(?:ns(?:wer)?)?|Interview(?:er|ee)|Candidate)\s*\.?\s*\d{0,4}\s*[.:)]",
    re.IGNORECASE,
)
_ASKED = re.compile(r"""\?["'”’)\]*_]*$""")
_BOLD = re.compile(r"^(\*\*|__)(?!\s)[^*_]+(?<!\s)\1:?$")


def apart(text: str) -> Iterator[tuple[int, str]]:
    """The parts of a paragraph, each with the number of lines before it."""
    waiting: list[str] = []
    first = 0
    for n, line in enumerate(text.split("\n")):
        bare = line.strip().removesuffix("\\").rstrip()
        if waiting and (
            LABELLED.match(bare) or _ASKED.search(waiting[-1]) or _BOLD.match(waiting[-1]) or _BOLD.match(bare)
        ):
            yield first, " ".join(waiting)
            waiting = []
        if bare:
            first = first if waiting else n
            waiting.append(bare)
    if waiting:
        yield first, " ".join(waiting)
