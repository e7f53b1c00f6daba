"""Files of every kind, good and bad: what can be read, and the sentence that says why something cannot."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from bot.errors import DocumentUnreadable
from bot.knowledge.importing.child import answered
from bot.knowledge.importing.pages import MOST_PAGES, Refused, read_pdf
from bot.knowledge.importing.reading import find_questions
from bot.knowledge.importing.taking import LARGEST, read_document
from tests.knowledge.importing.pdfs import bomb_pdf, drawing_pdf, picture_pdf, protected_pdf, text_pdf

QUESTIONS = [
    "Page head of a book",
    "1. What is a learning rate and why does it matter so much for the training of a deep",
    "neural network?",
    "The learning rate is the size of the step along the negative gradient. With a large one the",
    "loss may diverge, with a small one the training takes very long, and a schedule changes it.",
    "2. Explain batch normalisation.",
    "Batch normalisation takes its statistics over the examples of a batch, and layer normali-",
    "sation over the features of one example. So the latter does not depend on the batch size.",
    *[""] * 36,
    "17",
    "Page head of a book",
    "They are alike in that both scale and shift by learned numbers afterwards, one each a channel.",
    "3. How is a confusion matrix read?",
    "Rows are the true classes and columns the predicted ones; the diagonal holds what was right.",
    *[""] * 40,
    "18",
    "Page head of a book",
    "4. What is early stopping?",
    "One stops when the validation loss has not fallen for some epochs, and takes the best weights.",
]


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_pdf_gives_questions_with_their_pages(tmp_path: Path) -> None:
    found = find_questions(read_document(written(tmp_path, "book.pdf", text_pdf(QUESTIONS))))
    assert [(one.question, one.place.page) for one in found.questions] == [
        (
            "What is a learning rate and why does it matter so much for the training of a deep neural network?",
            1,
        ),
        ("Explain batch normalisation.", 1),
        ("How is a confusion matrix read?", 2),
        ("What is early stopping?", 3),
    ]
    second = found.questions[1].answer
    assert "layer normalisation over" in second and "one each a channel." in second, "it goes on over the page"
    assert "Page head" not in second and "17" not in second
    assert str(found.questions[2].place) == "book.pdf, page 2"


def test_a_pdf_with_an_owner_password_alone_can_be_read(tmp_path: Path) -> None:
    data = protected_pdf(QUESTIONS, "")
    assert len(find_questions(read_document(written(tmp_path, "open.pdf", data))).questions) == 4


BAD = {
    "pictures.pdf": (picture_pdf(3), "holds pictures of pages and no text"),
    "locked.pdf": (protected_pdf(QUESTIONS, "secret"), "protected by a password"),
    "cut.pdf": (text_pdf(QUESTIONS)[:700], "is broken"),
    "noise.pdf": (b"%PDF-1.7\n" + bytes(range(256)) * 20, "is broken"),
    "words.pdf": (b"These are only words.", "no PDF"),
    "blank.pdf": (text_pdf([""]), "no pages with text"),
    "bomb.pdf": (bomb_pdf(200_000_000), "is broken"),
    "binary.txt": (bytes(range(256)) * 50, "is not text"),
    "image.md": (b"\x89PNG\r\n\x1a\n\x00\x00" * 30, "is not text"),
    "renamed.txt": (text_pdf(QUESTIONS), "is a PDF by its content"),
    "empty.md": (b"", "is empty"),
    "spaces.txt": (b" \n\t\n ", "is empty"),
    "tags.html": (b"<html><script>1</script></html>", "is empty"),
    "letter.docx": (b"PK\x03\x04", "none of the formats"),
}


@pytest.mark.parametrize("name", list(BAD))
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str) -> None:
    data, said = BAD[name]
    with pytest.raises(DocumentUnreadable, match=said) as refused:
        read_document(written(tmp_path, name, data))
    assert str(tmp_path / name) in str(refused.value) and str(refused.value).endswith(".")


def test_folders_and_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentUnreadable, match="is a folder"):
        read_document(tmp_path)
    with pytest.raises(DocumentUnreadable, match="There is no file"):
        read_document(tmp_path / "nowhere.md")


@pytest.mark.parametrize(("name", "kind"), [("huge.txt", "txt"), ("huge.pdf", "pdf"), ("huge.html", "html")])
def test_a_file_of_200_mb_is_not_even_opened(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)  # a hole: no block of it is on the disk, and reading it would take a while
    begun = time.process_time()
    with pytest.raises(DocumentUnreadable, match=f"200 MiB, and at most {LARGEST[kind] >> 20} MiB"):
        read_document(path)
    assert time.process_time() - begun < 0.1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on this system")
def test_a_pipe_that_nobody_writes_to_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(DocumentUnreadable, match="is no file"):
        read_document(tmp_path / "pipe.txt")


def test_a_reader_that_takes_too_long_is_left(tmp_path: Path) -> None:
    path = written(tmp_path, "slow.html", b"<div>" * 200_000 + b"<p>What is deep?</p>")
    with pytest.raises(DocumentUnreadable, match="takes longer than 0 seconds"):
        read_document(path, patience=0.2)


def test_tags_nested_without_end_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, "deep.html", b"<div>" * 20_000 + b"<p>What is deep?</p><p>Many layers of things.</p>")
    assert [one.question for one in find_questions(read_document(path)).questions] == ["What is deep?"]


def test_tables_in_tables_are_read_once(tmp_path: Path) -> None:
    page = b"<table><tr><td>" * 300 + b"<p>What is deep?</p><p>Many layers of things.</p>"
    found = find_questions(read_document(written(tmp_path, "tables.html", page)))
    assert [one.answer for one in found.questions] == ["Many layers of things."]


def test_a_page_that_draws_without_end_is_left() -> None:
    drawn = ["1. What is it?", "It is this."] + [""] * 43 + ["word " * 70_000]
    with pytest.raises(Refused, match="is broken"):
        read_pdf(drawing_pdf(300_000))
    assert read_pdf(text_pdf(drawn)).blocks[0].text == "What is it?"


def test_old_encodings_are_read_and_said(tmp_path: Path) -> None:
    text = "1. What is a naïve Bayes classifier?\nIt takes features for independent.\n"
    latin = find_questions(read_document(written(tmp_path, "old.txt", text.encode("latin-1"))))
    assert latin.questions[0].question == "What is a naïve Bayes classifier?"
    assert "Windows-1252" in latin.unread[0].why
    for encoding in ("utf-8-sig", "utf-16"):
        found = find_questions(read_document(written(tmp_path, "new.txt", text.replace("\n", "\r\n").encode(encoding))))
        assert found.questions[0].answer == "It takes features for independent." and found.unread == ()


def test_pages_that_are_pictures_are_listed_among_others(tmp_path: Path) -> None:
    clock = iter([0.0, *[1.0] * 9])
    pages = read_pdf(text_pdf(QUESTIONS), lambda: next(clock))
    assert pages.trouble == () and {block.page for block in pages.blocks} == {1, 2, 3}
    with pytest.raises(Refused, match="pictures"):
        read_pdf(picture_pdf(1))


def test_pages_that_take_too_long_or_are_too_many_are_listed() -> None:
    clock = iter([0.0, 1.0, 1000.0])
    pages = read_pdf(text_pdf(QUESTIONS), lambda: next(clock))
    assert [(page, "take too long (3 pages" in why) for page, why in pages.trouble] == [(2, True)]
    many = read_pdf(text_pdf(["1. What is it?", *["It is this and that."] * (45 * (MOST_PAGES + 1))]))
    assert many.trouble == (
        (MOST_PAGES + 1, f"the pages from here on were not read: at most {MOST_PAGES} of a PDF are"),
    )


def test_two_thousand_questions_take_seconds(tmp_path: Path) -> None:
    contents = "\n".join(f"- [What is the concept {i} of kind {i % 17}?](#q{i})" for i in range(2000))
    body = "\n".join(f"## {i + 1}. What is the concept {i} of kind {i % 17}?\n\n{WORDS * 5}\n" for i in range(2000))
    path = written(tmp_path, "many.md", f"# Questions\n\n{contents}\n\n{body}".encode())
    told: list[str] = []
    begun = time.process_time()
    found = find_questions(read_document(path), told.append)
    assert len(found.answered) == 2000 and found.unread == ()
    assert time.process_time() - begun < 8
    assert told[0] == "many.md: 100 of 2000 questions" and len(told) == 20


WORDS = "It is a thing that does this and that for the model. "


def test_the_child_answers_with_blocks_or_a_reason() -> None:
    assert answered("txt", b"hello there")["blocks"][0]["text"] == "hello there"
    assert answered("pdf", b"nothing") == {"problem": answered("pdf", b"%PDF-")["problem"]}
