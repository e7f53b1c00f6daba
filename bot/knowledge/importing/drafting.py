"""Draft questions out of a person's own documents, for a sitting on one's own notes. It keeps and indexes no document.

They are drawn from the text by rule and marked as such: their ids begin with `drawn-`, and their sources are places.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from bot.core.question import Level, Question
from bot.errors import WrongUsage
from bot.knowledge.documents import Document
from bot.knowledge.importing.asked import counted, inside, question_of
from bot.knowledge.importing.blocks import Block, Text, joined, words
from bot.knowledge.importing.drafts import LEVEL, drafts, slug
from bot.knowledge.importing.found import Found
from bot.knowledge.importing.inferring import continues
from bot.knowledge.importing.openings import opening, sentences
from bot.knowledge.importing.points import telling_phrase
from bot.knowledge.importing.reading import find_questions

#: What the id of every question that was drawn from a document begins with.
DRAWN = "drawn-"
#: A section with fewer words of its own says too little to be asked about.
_LEAST_WORDS = 20
#: Questions of a document less sure than that are not asked; its sections are.
_LEAST_SURE = 0.4
_SECTION_SURE = 0.5
_MOST_NAMED = 12
#: So many characters of a document are looked at, and so many of its questions drafted, here and there in it: nobody is
#: asked more than a few, and the drafting of a thousand takes two seconds.
_MOST_READ = 2_000_000
_MOST_DRAFTED = 300
#: What adds a document, as the terminal has it.
ADDING = "viva index PATH"
_NO_SUBJECT = re.compile(
    r"^(?:introduction|contents?|table of contents|overview|summary|conclusions?|references|bibliography"
    r"|further reading|sources|links|acknowledge?ments?|about|notes?|to ?do|appendix|preface|index|agenda|exercises?)$",
    re.IGNORECASE,
)
_OF_ITS_PARENT = re.compile(
    r"^(?:definitions?|examples?|formula|formulas|intuition|details?|proof|derivation|properties|advantages|drawbacks"
    r"|pros|cons|pros and cons|usage|uses|limits|limitations|pitfalls|variants|history|motivation|training|results)$",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"^\s*(?:(?:chapter|section|part|lecture|week|unit)\s+)?\d+(?:\.\d+)*\s*[.):–-]?\s+", re.IGNORECASE
)


def questions_from_documents(
    documents: Sequence[Document],
    name: str,
    level: Level = LEVEL,
    taken: Collection[str] = (),
    adding: str = ADDING,
) -> list[Question]:
    """Draft questions from the documents that a name means: a file's name, its stem, or a folder's.

    WrongUsage when no document has that name, or when nothing in them can be asked about; `adding` is how to add some.
    """
    chosen = named(documents, name)
    made: list[Question] = []
    for document in chosen:
        found = _some(list(_asked_in(document)), max(1, _MOST_DRAFTED // len(chosen)))
        ids = {*taken, *(question.id for question in made)}
        new = drafts(found, f"{DRAWN}{slug(PurePosixPath(document.name).stem)}", level, ids)
        made += [replace(q, sources=(_spot(one),), aim=_aim(one)) for q, one in zip(new, found, strict=True)]
    if not made:
        raise WrongUsage(
            f"There is nothing in {name} to ask about: no question, no heading with text below it, no paragraph of "
            f"{_LEAST_WORDS} words. Add to it, and index it again: {adding}"
        )
    return made


def _some(found: Sequence[Found], most: int) -> Sequence[Found]:
    """So many at most, as evenly spread as they can be."""
    return found if len(found) <= most else [found[n * len(found) // most] for n in range(most)]


def called(documents: Sequence[Document], name: str) -> list[Document]:
    """The documents that a name means, in their order."""
    wanted = name.strip().rstrip("/").lower()
    return [document for document in documents if wanted and wanted in _names(document)]


def named(documents: Sequence[Document], name: str) -> list[Document]:
    """The documents that a name means, in their order; WrongUsage with the names there are when there are none."""
    found = called(documents, name)
    if not found:
        have = f"You have: {listing(documents)}." if documents else "You have none yet."
        raise WrongUsage(f"There is no document or folder {name[:60]!r} among yours. {have} Add some: {ADDING}")
    return found


def listing(documents: Sequence[Document]) -> str:
    """The names of some documents, the first dozen of them."""
    known = list(dict.fromkeys(document.name for document in documents))
    more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
    return f"{', '.join(known[:_MOST_NAMED])}{more}"


def is_drawn(question: Question) -> bool:
    """True for a question that was drawn from a document of one's own."""
    return question.id.startswith(DRAWN)


def _names(document: Document) -> set[str]:
    """Everything that a document can be called by: its name, with folders and without, its stem, its folders."""
    path = PurePosixPath(document.name.lower())
    folders = {str(parent) for parent in path.parents} | {parent.name for parent in path.parents}
    return ({str(path), path.name, path.stem, document.path.lower()} | folders) - {"", "."}


def _asked_in(document: Document) -> Iterator[Found]:
    """The questions that a document asks itself, and one for each section that holds none."""
    text = Text(document.name, tuple(_blocks(document)))
    asked = [one for one in find_questions(text).answered if one.confidence >= _LEAST_SURE]
    lines = [one.place.line for one in asked]
    sections = list(_sections(text, lines))
    yield from sorted([*asked, *(sections or ([] if asked else _paragraphs(text)))], key=lambda one: one.place.line)


def _blocks(document: Document) -> list[Block]:
    if document.markdown:
        from bot.knowledge.importing.markdown import read_markdown

        return read_markdown(document.text[:_MOST_READ])
    from bot.knowledge.importing.plain import read_plain

    return read_plain(document.text[:_MOST_READ])


def _sections(text: Text, asked: Sequence[int]) -> Iterator[Found]:
    """A question about each heading with text of its own below it, where the document asks none itself."""
    heads = [i for i, block in enumerate(text.blocks) if block.kind == "heading"]
    for i, end in zip(heads, [*heads[1:], len(text.blocks)], strict=False):
        inner = text.blocks[i + 1 : end]
        first, last = text.blocks[i].line, inner[-1].line if inner else 0
        subject = _subject(text, i)
        if subject and words(inner) >= _LEAST_WORDS and not any(first <= line <= last for line in asked):
            why = "it was drawn from a section of the text, under its heading"
            question = f"What can you tell me about {subject}?"
            yield Found(question, joined(inner), text.place(i), _SECTION_SURE, why, inferred=True)


def _subject(text: Text, index: int) -> str:
    """What a heading is about, with the heading above it where it says too little by itself."""
    title = _NUMBER.sub("", text.blocks[index].plain).strip(" .:?")
    above = text.headings[index]
    if not title or _NO_SUBJECT.match(title):
        return ""
    if _OF_ITS_PARENT.match(title):
        return f"{_NUMBER.sub('', above[-1]).strip(' .:?')} ({title.lower()})" if above else ""
    return title


def _paragraphs(text: Text) -> Iterator[Found]:
    """Questions about paragraphs, in a document without headings: by what they define, or else by what they name."""
    counts = counted(text.blocks)
    for start, end in _stretches(text.blocks):
        inner = text.blocks[start:end]
        told = opening(inner[0].plain)
        if told is not None and told.kind in ("what", "use"):
            question = question_of(told, [], compared=False, remedy="", counts=counts)
        else:
            subject = telling_phrase(sentences(inner[0].plain)[0], "")
            question = f"What can you tell me about {inside(subject, counts)}?"
            if not subject:
                continue
        why = "it was drawn from a paragraph of the text, by its words"
        yield Found(question, joined(inner), text.place(start), _SECTION_SURE, why, inferred=True)


def _stretches(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Paragraphs with what goes on below them, each stretch long enough to be asked about."""
    start = 0
    for i in range(1, len(blocks) + 1):
        new = i == len(blocks) or (blocks[i].kind == "paragraph" and not continues(blocks[i].plain))
        if new and words(blocks[start:i]) >= _LEAST_WORDS:
            if blocks[start].kind == "paragraph":
                yield start, i
            start = i


def _spot(one: Found) -> str:
    return f"{one.place.file}:{one.place.line}" if one.place.line else one.place.file


def _aim(one: Found) -> str:
    return f"To find out whether the candidate knows what {one.place} says; drawn from that text by rule."
