"""Finds the questions of a document that has been read, with their answers. It reads no file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from bot.knowledge.importing import pairing, wording
from bot.knowledge.importing.blocks import Block, Text, Unread
from bot.knowledge.importing.choosing import Asked, by_wording, choose, listed_in_prose, repeated
from bot.knowledge.importing.found import Findings, Found
from bot.knowledge.importing.languages import NOT_ENGLISH, is_english
from bot.knowledge.importing.listed import below_contents, without_answers
from bot.knowledge.importing.lost import inferred
from bot.knowledge.importing.marks import Mark, Style, answerers, find_marks

Progress = Callable[[str], None]
#: How sure a style makes it that what stands in it is a question of the document.
_STYLE_SURE: dict[Style, float] = {
    "dialogue": 0.97,
    "labelled": 0.97,
    "heading": 0.95,
    "numbered": 0.95,
    "strong": 0.9,
    "alone": 0.75,
    "bullet": 0.6,
}
_STYLE_SAID: dict[Style, str] = {
    "dialogue": "the one who asks in a dialogue says it",
    "labelled": "it is labelled as a question",
    "heading": "it is a heading",
    "numbered": "it is numbered",
    "strong": "it is set in bold",
    "alone": "it is a paragraph of its own",
    "bullet": "it is an item of a list",
}
NONE = "No question was found in it."
_EVERY = 100


def silent(_: str) -> None:
    """Progress that nobody watches."""


def find_questions(text: Text, progress: Progress = silent) -> Findings:
    """The questions of a document, in its order, and what could not be read of it."""
    end = article_end(text.blocks)
    chosen = choose(text.blocks[:end], find_marks(text.blocks[:end]))
    unread = list(text.trouble)
    questions: list[Found] = []
    stops: list[int] = []
    done = 0
    asked = by_wording(chosen.marks)
    begins = sorted([mark.index for mark in chosen.marks] + _real(text, chosen.listed))
    for run in sorted(chosen.listed, key=len, reverse=True):
        if run[0].index >= done:
            found, lacking, done = _of_list(text, run, begins, asked, end)
            questions.extend(found)
            unread.extend(lacking)
            stops.extend([run[0].index] if found else [])
    questions.extend(_below(text, chosen.marks, (*stops, end), progress))
    if not any(one.answer for one in questions):
        found, lacking = inferred(text, 0, end)
        questions.extend(found)
        unread.extend(lacking)
    questions.sort(key=lambda one: (one.place.page, one.place.line))
    return Findings(text.name, tuple(questions), tuple(unread), _notes(text, questions))


def _of_list(
    text: Text, run: Sequence[Mark], begins: Sequence[int], asked: Asked, end: int
) -> tuple[list[Found], list[Unread], int]:
    """What a list of questions adds: nothing where it is the contents, else its questions, with answers if there are.

    The number is the block up to which lists are parts of answers, and add nothing.
    """
    again = repeated(run, asked)
    if len(again) * 2 >= len(run):
        return [], list(_missing(text, run, again)), 0
    until = next(iter(begins[bisect_right(begins, run[-1].index) :]), end)
    if below := below_contents(text, run, until):
        return *below, until
    if listed_in_prose(text.blocks, run[0].index):
        return [], [], 0  # questions that an answer lists
    return *without_answers(text, run), 0


def _real(text: Text, lists: Sequence[Sequence[Mark]]) -> list[int]:
    """Where the lists begin that are none of an answer's own."""
    return [run[0].index for run in lists if not listed_in_prose(text.blocks, run[0].index)]


def article_end(blocks: Sequence[Block]) -> int:
    """Where an article ends and thanks, comments and links begin: after its last question, in its second half."""
    last = 0
    for i, block in enumerate(blocks):
        asks = wording.asking(wording.without_number(block.plain)[0]).sure >= 0.8 and block.kind != "item"
        if asks and not wording.ends_the_article(block.plain) and pairing.is_answered(blocks, i):
            last = i
    for i in range(max(last + 1, len(blocks) // 2), len(blocks)):
        if wording.ends_the_article(blocks[i].plain):
            return i
    return len(blocks)


def _missing(text: Text, run: Sequence[Mark], again: dict[int, Mark]) -> Iterator[Unread]:
    for n, mark in enumerate(run):
        if n not in again:
            why = f"the contents name “{wording.tidy(mark.question)}”, and no answer to it was found"
            yield Unread(text.place(mark.index), why)


def _below(text: Text, marks: Sequence[Mark], stops: Sequence[int], progress: Progress) -> Iterator[Found]:
    """Questions with the answers below them, each up to the next question or the next of the stops."""
    names = answerers(text.blocks)
    begins = sorted({*(mark.index for mark in marks), *stops})
    for n, mark in enumerate(marks):
        if mark.ends:
            continue
        end = begins[bisect_right(begins, mark.index)]
        inner = pairing.answer_blocks(text.blocks, mark, end, last=n + 1 == len(marks))
        yield _found(text, mark, inner, names)
        if n % _EVERY == _EVERY - 1:
            progress(f"{text.name}: {n + 1} of {len(marks)} questions")


def _found(text: Text, mark: Mark, inner: Sequence[Block], names: frozenset[str]) -> Found:
    faults = pairing.shortcomings(mark.rest, inner)
    answer = pairing.answer_text(mark.rest, inner, names)
    confidence = _STYLE_SURE[mark.style] * (0.5 + mark.sure / 2) * (0.8 if faults else 1.0) * (1.0 if answer else 0.5)
    why = "; ".join([f"{_STYLE_SAID[mark.style]}, and {mark.why}", *faults])
    place = text.place(mark.index)
    return Found(wording.tidy(mark.question), answer, place, round(confidence, 2), why, block=mark.index)


def _notes(text: Text, questions: Sequence[Found]) -> tuple[str, ...]:
    notes = []
    if not is_english(" ".join(block.plain for block in text.blocks)):
        notes.append(NOT_ENGLISH)
    if not questions:
        notes.append(NONE)
    return tuple(notes)
