"""A page or a PDF as Markdown: its questions are headings, and what is read of it again is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.importing.as_markdown import as_markdown
from bot.knowledge.importing.blocks import Text
from bot.knowledge.importing.markdown import read_markdown
from bot.knowledge.importing.pages import read_pdf
from bot.knowledge.importing.plain import read_plain
from bot.knowledge.importing.reading import find_questions
from bot.knowledge.importing.taking import read_document
from bot.knowledge.importing.webpage import read_html
from tests.knowledge.importing import test_shapes as shapes
from tests.knowledge.importing.pdfs import text_pdf

#: By the end of the name of each: how many of its questions are found again. One is numbered, and asks nothing.
ARTICLES = {"000": 15, "001": 28, "002": 20, "003": 13}


def again(text: Text) -> Text:
    return Text("again.md", tuple(read_markdown(as_markdown(text))))


def asked(text: Text) -> list[str]:
    return [one.question for one in find_questions(text).answered]


@pytest.mark.parametrize("source", [shapes.LABELLED, shapes.PAGE, shapes.HEADINGS])
@pytest.mark.parametrize("read", [read_plain, read_markdown, read_html])
def test_its_questions_are_found_again(source: str, read) -> None:
    text = Text("shape", tuple(read(source)))
    assert set(asked(text)) <= set(asked(again(text)))


def test_those_of_articles_are_found_again(shared: Path) -> None:
    found = {}
    for file in sorted((shared / "seeds").glob("*.txt")):
        text = read_document(file)
        answers = {one.question: one.answer.split() for one in find_questions(again(text)).answered}
        same = (answers.get(one.question) == one.answer.split() for one in find_questions(text).answered)
        found[file.name[:3]] = sum(same)
    assert found == ARTICLES


def test_questions_of_a_pdf_become_headings_under_their_own() -> None:
    lines = ["Gradient", "========", "", "1. What is momentum?", "It adds a share of the last step to the next one."]
    text = Text("a.pdf", read_pdf(text_pdf(lines)).blocks)
    assert "## 1. What is momentum?" not in as_markdown(text)
    assert as_markdown(text).endswith(
        "# Gradient\n\n## What is momentum?\n\nIt adds a share of the last step to the next one.\n"
    )


def test_words_stay_words() -> None:
    lines = "# include <a.h>\n\n<div> is a tag.\n\n- a\n- b\n\n> no quotation\n"
    text = Text(
        "a.html", tuple(read_html("".join(f"<p>{line}</p>" for line in lines.replace("<", "&lt;").split("\n"))))
    )
    assert [(block.kind, block.plain) for block in text.blocks] == [
        (block.kind, block.plain.replace("\\", "")) for block in again(text).blocks
    ]


def test_nothing_is_nothing() -> None:
    assert as_markdown(Text("a.html", ())) == ""
