"""What people add as documents: files, folders, attachments, and what earlier releases kept as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import WrongUsage
from bot.knowledge.document_files import LARGEST, drop_older_files, older_files, read_attachment, read_files
from bot.knowledge.documents import Document, folder_of
from bot.knowledge.importing.drafting import questions_from_documents
from tests.knowledge.importing.pdfs import picture_pdf, text_pdf

PAGE = """<html><head><title>No</title><script>alert(1)</script></head><body><h1>Nets</h1>
<h2>What is a perceptron?</h2><p>A perceptron is one neuron with a step for its activation &amp; a bias, and it divides
the plane by a line: it learns whatever such a line can part, and nothing else.</p>
<p>Q: What is dropout?<br>A: Some units are left out of each step at random, so that no unit leans on another.</p>
</body></html>"""
LINES = [
    "1. What is a learning rate?",
    "It says how far each step goes along the gradient. A large one overshoots, a small one takes for ever.",
    "",
    "2. What is momentum?",
    "It adds a share of the last step to the next one, so that small bumps and narrow valleys do not stop the descent.",
]


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.md").write_text("# Zebras\n", encoding="utf-8")
    (folder / "deep" / "b.txt").write_bytes("\ufeffGiraffes\r\nare tall.\0".encode())
    (folder / "c.pdf").write_bytes(b"%PDF-1.4")
    (folder / ".hidden.md").write_text("secret")
    return folder


def test_a_folder_is_read_with_all_that_can_be_read_in_it(papers: Path) -> None:
    left_aside: list[str] = []
    found = list(read_files([papers], left_aside))
    assert [(one.name, one.text) for one in found] == [
        ("papers/a.md", "# Zebras\n"),
        ("papers/deep/b.txt", "Giraffes\nare tall."),
    ]
    assert left_aside == [f"Files in {papers} that are neither .txt nor .md were left aside: 1."]
    (again,) = read_files([papers / "a.md"], left_aside)
    assert again.key == found[0].key, "the same file takes its own place"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"\xff\xfe\x00", "not UTF-8"),
        ("b.txt", b"  \n\t\n", "holds no text"),
        ("c.txt", b"x" * (LARGEST + 1), "larger than 8 MiB"),
    ],
)
def test_files_that_cannot_be_read_are_left_aside(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    left_aside: list[str] = []
    assert list(read_files([tmp_path / name], left_aside)) == []
    assert said in left_aside[0]


@pytest.mark.parametrize("name", ["a.pdf", "a.html", "nowhere.md"])
def test_paths_that_are_no_text_are_refused(tmp_path: Path, name: str) -> None:
    if name != "nowhere.md":
        (tmp_path / name).write_bytes(b"%PDF")
    with pytest.raises(WrongUsage, match=r"neither \.txt nor \.md|There is no file"):
        list(read_files([tmp_path / name], []))


def test_text_is_attached_as_it_is() -> None:
    attached = read_attachment("notes.md", "\ufeff# Zebras\r\nThey *have* stripes.".encode())
    assert attached.document == Document("notes.md", "notes.md", "# Zebras\nThey *have* stripes.")
    assert attached.unread == ()


@pytest.mark.parametrize(
    ("name", "data", "asked"),
    [
        ("page.html", PAGE.encode(), ["What is a perceptron?", "What is dropout?"]),
        ("list.PDF", text_pdf(LINES), ["What is a learning rate?", "What is momentum?"]),
    ],
)
def test_pages_and_pdfs_become_markdown_that_can_be_asked_about(name: str, data: bytes, asked: list[str]) -> None:
    document = read_attachment(name, data).document
    assert document.markdown and "alert" not in document.text
    assert f"# {asked[0]}" in document.text
    assert [question.ask for question in questions_from_documents([document], name)] == asked
    assert any(unit.title == asked[0] for unit in document.units())


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.docx", b"PK", "of no kind that can be read here"),
        ("a", b"x", "of no kind"),
        ("a.txt", b"", "is empty"),
        ("a.md", b" \n", "is empty"),
        ("a.txt", "\ufeff \n".encode(), "holds no text"),
        ("a.txt", b"\xff\xfe\x00z", "not UTF-8"),
        ("a.md", b"%PDF-1.7 ...", "is a PDF by its content"),
        ("a.txt", b"x" * (LARGEST + 1), "larger than 8 MiB"),
        ("a.pdf", b"x" * (LARGEST + 1), "larger than 8 MiB"),
        ("a.pdf", b"no pdf at all", "cannot be read"),
        ("a.pdf", picture_pdf(1), "no text is recognised in pictures"),
        ("a.html", b"<script>x</script>", "empty"),
    ],
)
def test_attachments_that_cannot_be_had_are_refused_kindly(name: str, data: bytes, said: str) -> None:
    with pytest.raises(WrongUsage, match=said) as refused:
        read_attachment(name, data)
    assert str(refused.value).startswith(name) and str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/notes.md", "notes.md"),
        ("C:\\papers\\notes.md", "notes.md"),
        ("a\u202eb\x07c.txt", "abc.txt"),
        (f"{'n' * 300}.md", f"{'n' * 97}.md"),
        ("week 1.md", "week 1.md"),
    ],
)
def test_a_name_is_a_files_name_alone(given: str, kept: str) -> None:
    assert read_attachment(given, b"Words.").document.name == kept


def older(home: Path, *documents: Document) -> Path:
    """The files that an earlier release kept."""
    folder = folder_of(home, "me") / "texts"
    folder.mkdir(parents=True, exist_ok=True)
    for one in documents:
        text = json.dumps({"path": one.path, "name": one.name, "text": one.text}, ensure_ascii=False)
        (folder / f"{one.key}.json").write_text(text, encoding="utf-8")
    return folder


def test_what_an_earlier_release_kept_is_found_and_removed(tmp_path: Path) -> None:
    folder = older(tmp_path, Document("/a", "a.md", "Zebras ☃"), Document("/b", "b.md", "Lions"))
    (folder / "tmp123.part").write_text("Zebras ha")
    assert older_files(tmp_path, "you") == []
    found = older_files(tmp_path, "me")
    assert sorted(one.text for _, one in found) == ["Lions", "Zebras ☃"]
    drop_older_files(tmp_path, "me", [path for path, _ in found])
    assert not folder.exists()
    assert older_files(tmp_path, "me") == []


def test_a_damaged_one_stays_where_it_is(tmp_path: Path) -> None:
    folder = older(tmp_path, Document("/a", "a.md", "Zebras"))
    (folder / "broken.json").write_text('{"path": "/x", "na')
    found = older_files(tmp_path, "me")
    assert [one.name for _, one in found] == ["a.md"]
    drop_older_files(tmp_path, "me", [path for path, _ in found])
    assert [path.name for path in folder.iterdir()] == ["broken.json"]
