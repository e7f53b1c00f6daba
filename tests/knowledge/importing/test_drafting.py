"""Questions drawn from a person's own documents: from what they ask, their headings, their paragraphs."""

from __future__ import annotations

import pytest

from bot.core.question import Question
from bot.errors import WrongUsage
from bot.knowledge.documents import Document
from bot.knowledge.importing.drafting import called, is_drawn, questions_from_documents

ATTENTION = """\
# Notes on attention

Short.

## 1. Scaled dot-product

Queries are compared with keys by a dot product, divided by the root of the key dimension, so that the softmax does
not saturate. The weights then average the values.

### Intuition

A query looks things up in a soft dictionary: the better a key fits, the more of its value comes back, and all keys take
part in every look-up.

## What is multi-head attention?

Several attentions run side by side on smaller projections, and their outputs are concatenated and projected.

## References

Vaswani et al., and many others that one might read on long evenings in winter with a cup of tea at hand and a cat.
"""
PLAIN = """\
Dropout is a kind of regularisation. It zeroes activations at random during training and is switched off at test time.

This is why the network cannot rely on single units.

Weight decay pulls weights towards zero at each step. In Adam it should be decoupled from the scaling of the gradient.
"""


@pytest.fixture
def documents() -> list[Document]:
    return [
        Document("/home/me/group/week one/attention.md", "group/week one/attention.md", ATTENTION),
        Document("/home/me/group/training.txt", "group/training.txt", PLAIN),
        Document("/home/me/other.md", "other.md", "## Zebras\n\nToo short.\n"),
    ]


def asked(questions: list[Question]) -> list[tuple[str, str]]:
    return [(question.ask, question.sources[0]) for question in questions]


def test_headings_and_questions_of_a_document_are_asked(documents: list[Document]) -> None:
    made = questions_from_documents(documents, "attention.md")
    assert asked(made) == [
        ("What can you tell me about Scaled dot-product?", "group/week one/attention.md:5"),
        ("What can you tell me about Scaled dot-product (intuition)?", "group/week one/attention.md:10"),
        ("What is multi-head attention?", "group/week one/attention.md:15"),
    ]
    assert all(one.draft and is_drawn(one) and "drawn from that text" in one.aim for one in made)
    assert made[0].reference.startswith("Queries are compared") and "soft dictionary" not in made[0].reference
    assert made[0].title == "Scaled dot-product"


def test_paragraphs_are_asked_about_where_there_are_no_headings(documents: list[Document]) -> None:
    first, second = questions_from_documents(documents, "training", level="beginner")
    assert (first.ask, first.level, first.sources) == ("What is Dropout?", "beginner", ("group/training.txt:1",))
    assert "single units" in first.reference, "a paragraph that goes on belongs to the one before it"
    assert second.ask.startswith("What can you tell me about Weight decay") and second.topics == ("fundamentals",)


@pytest.mark.parametrize(
    ("name", "count"), [("group", 5), ("Group/", 5), ("week one", 3), ("group/training.txt", 2), ("training", 2)]
)
def test_a_name_is_that_of_a_file_or_a_folder(documents: list[Document], name: str, count: int) -> None:
    made = questions_from_documents(documents, name)
    assert len(made) == count and len({one.id for one in made}) == count


def test_ids_that_are_taken_are_not_given_again(documents: list[Document]) -> None:
    once = questions_from_documents(documents, "attention")
    again = questions_from_documents(documents, "attention", taken=[one.id for one in once])
    assert not {one.id for one in once} & {one.id for one in again}


def test_names_that_nobody_knows_and_documents_that_say_nothing_are_named(documents: list[Document]) -> None:
    with pytest.raises(WrongUsage, match=r"no document or folder 'zebra' among yours.*attention\.md"):
        questions_from_documents(documents, "zebra")
    with pytest.raises(WrongUsage, match="You have none yet"):
        questions_from_documents([], "group")
    with pytest.raises(WrongUsage, match="There is nothing in other to ask about"):
        questions_from_documents(documents, "other")
    with pytest.raises(WrongUsage):
        questions_from_documents(documents, "")


def test_of_a_long_document_some_are_drafted_here_and_there() -> None:
    words = (
        "It is a long story that everybody who was there tells in another way, with more or with fewer dragons in it."
    )
    long = Document("long.md", "long.md", "\n\n".join(f"## Dragon {n}\n\n{words}" for n in range(1000)))
    made = questions_from_documents([long], "long")
    assert len(made) == 300
    assert int(made[-1].sources[0].partition(":")[2]) > 3000, "its end is asked about, too"


def test_who_adds_documents_elsewhere_is_told_how(documents: list[Document]) -> None:
    assert called(documents, "zebra") == [] and called(documents, "Group/") == documents[:2]
    with pytest.raises(WrongUsage, match=r"index it again: /viva documents add$"):
        questions_from_documents(documents, "other", adding="/viva documents add")
