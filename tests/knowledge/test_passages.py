"""How a document is cut into passages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.passages import MOST_WORDS, cut

TEXT = """Before any heading.

# Optimisers

Adam keeps two averages.

It corrects their bias.

## SGD

One step.

```python
# not a heading

x = 1
```
"""


def test_passages_keep_to_their_heading_and_know_their_line() -> None:
    assert [(part.heading, part.line, part.text) for part in cut(TEXT, markdown=True)] == [
        ("", 1, "Before any heading."),
        ("Optimisers", 5, "Adam keeps two averages.\n\nIt corrects their bias."),
        ("SGD", 11, "One step.\n\n```python\n# not a heading\n\nx = 1\n```"),
    ]


def test_plain_text_has_no_headings() -> None:
    parts = list(cut("# 1 is a number\n\nand so is 2", markdown=False))
    assert [(part.heading, part.text) for part in parts] == [("", "# 1 is a number\n\nand so is 2")]


def test_a_long_paragraph_is_cut_at_sentences() -> None:
    sentence = "This sentence has exactly ten words in it, I believe. "
    parts = list(cut(sentence * 40, markdown=False))
    assert [len(part.text.split()) for part in parts] == [180, 180, 40]
    assert all(part.text.endswith("believe.") for part in parts)


@given(st.text(alphabet="ab .\n#`~", max_size=400), st.booleans())
def test_nothing_is_lost_and_nothing_is_too_long(text: str, markdown: bool) -> None:
    parts = list(cut(text, markdown))
    assert all(part.text.strip() and len(part.text.split()) <= MOST_WORDS for part in parts)
    kept = "".join("".join(part.text.split()) for part in parts)
    headings = sum(line.startswith("#") for line in text.splitlines())
    if not (markdown and headings):
        assert kept == "".join(text.split())


@given(st.lists(st.integers(1, 700), max_size=5))
def test_long_texts_too(lengths: list[int]) -> None:
    text = "\n\n".join(" ".join(f"w{n}" for n in range(length)) for length in lengths)
    parts = list(cut(text, markdown=True))
    assert " ".join(part.text for part in parts).split() == text.split()
    assert all(len(part.text.split()) <= MOST_WORDS for part in parts)
