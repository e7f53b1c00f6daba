"""Questions that a document only lists: gives each its answer by order and words, or says that it has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.knowledge.importing import pairing, wording
from bot.knowledge.importing.blocks import Text, Unread, joined, words
from bot.knowledge.importing.contents import Stretch, align
from bot.knowledge.importing.found import Found
from bot.knowledge.importing.inferring import is_over
from bot.knowledge.importing.lost import inferred
from bot.knowledge.importing.marks import Mark

#: A body with fewer words for each question answers none of them.
_WORDS_EACH = 15
_LEAST_TAIL = 60
NO_ANSWER = "the document gives no answer to it"


def below_contents(text: Text, run: Sequence[Mark], end: int) -> tuple[list[Found], list[Unread]] | None:
    """The questions of a table of contents with what answers them below it; None where nothing can."""
    first = run[-1].index + 1
    if words(text.blocks[first:end]) < _WORDS_EACH * len(run):
        return None
    stretches = align([mark.question for mark in run], text.blocks[:end], first)
    if not any(stretches):
        return None
    stretches = _last_cut(text, stretches, end)
    found = list(_marked_repeats(_paired(text, mark, stretch) for mark, stretch in zip(run, stretches, strict=True)))
    unread = [Unread(one.place, f"{NO_ANSWER}: “{one.question}”") for one in found if not one.answer]
    done = max(stretch.end for stretch in stretches if stretch)
    if words(text.blocks[done:end]) >= _LEAST_TAIL:
        more, lacking = inferred(text, done, end, announced=True)
        return [*found, *more], [*unread, *lacking]
    return found, unread


def _last_cut(text: Text, stretches: Sequence[Stretch | None], end: int) -> list[Stretch | None]:
    """The same, the last one ending where its answer is over and not at the end of the article."""
    last = max(n for n, stretch in enumerate(stretches) if stretch)
    stretch = stretches[last]
    if stretch is None:  # not so: the last one was looked for
        return list(stretches)
    after = (i for i in range(stretch.start + 1, end) if text.blocks[i].kind == "paragraph")
    stop = next((i for i in after if is_over(text.blocks, i, stretch.start)), end)
    return [*stretches[:last], replace(stretch, end=stop), *stretches[last + 1 :]]


def _paired(text: Text, mark: Mark, stretch: Stretch | None) -> Found:
    question, place = wording.tidy(mark.question), text.place(mark.index)
    if stretch is None:
        return Found(question, "", place, 0.4, "the contents name it, and nothing below seems to answer it")
    inner = [block for block in text.blocks[stretch.start : stretch.end] if not wording.promotes(block.plain)]
    faults = pairing.shortcomings("", inner)
    confidence = (0.45 + 0.35 * stretch.shared) * (0.9 if faults else 1.0)
    why = (
        "the contents name it; its answer was found by its order and the words that they share, from "
        f"{text.place(stretch.start)} on"
    )
    return Found(question, joined(inner), place, round(confidence, 2), "; ".join([why, *faults]))


def _marked_repeats(found: Iterator[Found]) -> Iterator[Found]:
    """An answer that stands there twice was pasted for one of two questions: which, cannot be told."""
    seen: dict[str, str] = {}
    for one in found:
        if one.answer in seen and one.answer:
            why = f"its text is that of “{seen[one.answer]}” once more, so its own answer seems to be missing"
            yield replace(one, confidence=round(one.confidence * 0.6, 2), why=f"{one.why}; {why}")
        else:
            seen[one.answer] = one.question
            yield one


def without_answers(text: Text, run: Sequence[Mark]) -> tuple[list[Found], list[Unread]]:
    """Questions that stand one after another, as in a list to practise with."""
    found = [
        Found(wording.tidy(mark.question), "", text.place(mark.index), 0.5 * mark.sure, f"{mark.why}; {NO_ANSWER}")
        for mark in run
    ]
    why = f"{len(found)} questions stand here one after another, without answers"
    return found, [Unread(text.place(run[0].index), why)]
