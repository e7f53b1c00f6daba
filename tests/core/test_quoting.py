"""Strangers' words within Markdown: nothing of theirs acts, and what can be read of them stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.core.quoting import LONGEST_CODE, between_backticks, fenced, line_of_code, sentence, verbatim
from bot.core.shown import learning_rate_phrase

NASTY = st.lists(st.one_of(st.sampled_from(["`", "```", "\\", "\r", "\n", "<b>", "](x)", "[", " ", "&lt;"]), st.text()))


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("nn.Softmax(dim=1),  #`**x** <script>… [a](http://evil)", "nn.Softmax(dim=1),"),
        ("x = '# no comment'  # one", "x = '# no comment'"),
        ('print(f"{x} # `"), y', 'print(f"{x} # \'"), y'),
        ("'a string # of several lines", "'a string # of several lines"),
        ("), # closes", "),"),
        ("# only a comment", "# only a comment"),
        ("a\rb\nc\u2028d", "a b c d"),
        ("`", "'"),
        ("\x00 # \ud800", None),
        ("", ""),
    ],
)
def test_a_line_of_code_is_shown_without_its_comment(line: str, shown: str | None) -> None:
    found = line_of_code(line)
    assert found == shown if shown is not None else "`" not in found


def test_a_long_line_is_cut() -> None:
    cut = line_of_code("f(" * 300)
    assert cut.endswith(" …") and len(cut) <= LONGEST_CODE + 2
    assert line_of_code("#" * 99_999) == "#" * LONGEST_CODE + " …"


@pytest.mark.parametrize("line", ["  ```", "``` ", "\r```\r", "a ````` b", "```", "\r\n```\r\n"])
def test_no_line_closes_a_fence(line: str) -> None:
    (token,) = MarkdownIt("commonmark").parse(fenced(f"x = 1\n{line}\n# heading", "python"))
    assert token.type == "fence" and token.info == "python"
    assert token.content.startswith("x = 1\n") and token.content.endswith("# heading\n") and "\r" not in token.content


def test_a_sentence_keeps_its_code_and_nothing_else() -> None:
    assert sentence("Say `viva  lab status`\n*now*") == "Say `viva lab status` \\*now\\*"
    assert sentence("`a` and `b_c`: d_e") == "`a` and `b_c`: d\\_e"
    assert sentence("one `left [open](x)") == "one \\`left \\[open\\](x)"
    assert sentence("``a``") == "\\`\\`a\\`\\`" and sentence("") == ""


def test_the_source_of_a_learning_rate_stays_within_its_backticks() -> None:
    facts = {"learning_rate_stated": True, "learning_rate_source": "rate('`<b>') # x"}
    assert learning_rate_phrase(facts) == "`rate(''<b>')` as its learning rate"


@given(NASTY.map("".join))
def test_what_is_quoted_reads_as_it_was(text: str) -> None:
    """Words come back as they were, code in one piece, and a fence holds all that it was given."""
    parser = MarkdownIt("commonmark")
    clean = " ".join(text.replace("\x00", "").split())
    (inline,) = parser.parseInline(f"“{verbatim(clean)}”")
    assert "".join(child.content for child in inline.children or ()) == f"“{clean}”"
    code = between_backticks(clean)
    (inline,) = parser.parseInline(f"a `{code or 'x'}` b")
    assert [child.type for child in inline.children or ()] == ["text", "code_inline", "text"]
    assert [token.type for token in parser.parse(fenced(text, "text"))] == ["fence"]
