"""Replies on pages: within Discord's limits, nothing lost, cut where a reader would cut."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.quoting import between_backticks, fenced, sentence, verbatim
from bot.core.reply import Code, Curves, Head, MarkLine, Marks, Reply, ReplyPart, Series, Table, Text
from bot.surfaces.discord.custom_ids import Label, Press
from bot.surfaces.discord.escaping import seen
from bot.surfaces.discord.limits import ALT, PAGE_BLOCKS, PAGE_TEXT, PICTURES, length
from bot.surfaces.discord.pages import Frame, Page, Picture, Row, pages
from tests.surfaces.discord.reading import Read, read
from tests.surfaces.discord.test_escaping import NASTY

PNG = b"\x89PNG"
CURVES = Curves((Series("your run", (1, 2), (2.0, 1.0)),), "The loss fell.")
SENTENCE = "The loss is the mean over the mini-batch, and its slope is what the weights follow."


def undrawn(_: Curves) -> None:
    return None


def drawn(_: Curves) -> bytes:
    return PNG


def said(*parts: ReplyPart | str) -> list[Reply]:
    return [Reply("feedback", tuple(Text(part) if isinstance(part, str) else part for part in parts))]


def paged(*parts: ReplyPart | str) -> list[Page]:
    return pages(said(*parts), undrawn)


def texts(found: Sequence[Page]) -> list[str]:
    """The text of each page."""
    return ["\n".join(block for block in page.blocks if isinstance(block, str)) for page in found]


def reads(found: Sequence[Page]) -> list[Read]:
    return [read(block) for page in found for block in page.blocks if isinstance(block, str)]


def assert_within_limits(found: Sequence[Page]) -> None:
    for page in found:
        words = [block for block in page.blocks if isinstance(block, str)]
        shown = [block for block in page.blocks if isinstance(block, Picture)]
        assert 0 < len(page.blocks) <= PAGE_BLOCKS and len(shown) <= PICTURES
        assert sum(map(length, words)) <= PAGE_TEXT
        assert all(block.strip() and block.count("```") % 2 == 0 for block in words)
        assert all(0 < length(picture.alt) <= ALT for picture in shown)
        "".join(words).encode()  # no half of a pair


def flat(text: str) -> str:
    return "".join(seen(text).replace("\u200b", "").split())


def on_a_line(text: str) -> str:
    """What core makes of words that it quotes on one line."""
    return flat(" ".join(text.split()))


LONG = st.builds(
    lambda word, times: word * times,
    st.sampled_from(["ab ", "字", "👩‍👩‍👧", "x", "e\u0301", "x. "]),
    st.integers(1, 4000),
)
WORDS = st.one_of(NASTY.map("".join), LONG)
#: What is said, and what must be seen of it: quotations in a paragraph, a list, a quotation, in bold; programs.
SAID = st.one_of(
    st.builds(lambda text: (f"so “{verbatim(text)}” then", f"so“{on_a_line(text)}”then"), WORDS),
    st.builds(lambda text: (f"- one\n  - so “{verbatim(text)}”", f"oneso“{on_a_line(text)}”"), WORDS),
    st.builds(lambda text: (f"> so **{verbatim(text)}x**", f"so{on_a_line(text)}x"), WORDS),
    st.builds(lambda text: (f"## so {verbatim(text)}", f"so{on_a_line(text)}"), NASTY.map("".join)),
    st.builds(lambda text: (Curves((), f"so {text}"), f"so{flat(text)}"), WORDS),
)  # fmt: skip


@settings(max_examples=50)
@given(st.lists(SAID, max_size=5))
@example([("so **a" + " b" * 4000 + "**", "soa" + "b" * 4000)])
def test_whatever_is_said_fits_and_all_of_it_is_seen(parts: Sequence[tuple[ReplyPart | str, str]]) -> None:
    found = pages([reply for part, _ in parts for reply in said(part)], undrawn)
    assert_within_limits(found)
    assert "".join(shown.words for shown in reads(found)) == "".join(expected for _, expected in parts)
    assert all(not shown.acts("address", "mark", "item", "heading", "quote") for shown in reads(found))


@given(WORDS, st.sampled_from(["python", "", "c++", "not a language!"]))
def test_a_program_is_seen_whole_in_fences_alone(source: str, language: str) -> None:
    found = paged(Code(source, language))
    assert_within_limits(found)
    shown = reads(found)
    assert "".join(one.words for one in shown) == flat(source.replace("\u200b", "")) or "\ufffd" in "".join(
        texts(found)
    )
    assert all(one.acting == [] for one in shown)
    assert {name for one in shown for name, _ in one.programs} <= {
        language if language.isalnum() or "+" in language else ""
    }


@given(st.lists(st.tuples(NASTY.map("".join), NASTY.map("".join), st.text(max_size=5)), max_size=30))
def test_a_table_loses_no_cell(rows: list[tuple[str, str, str]]) -> None:
    found = paged(Table(("", "b", "c"), tuple(rows)))
    assert_within_limits(found)
    words = "".join(one.words for one in reads(found))
    seen_so = "\ufffd" in words or all(flat(cell) in words for row in rows for cell in row)
    assert seen_so and all(not one.acts("address", "mark", "item") for one in reads(found))


def test_as_few_pages_as_can_be_and_each_begins_with_a_paragraph_where_that_is_no_more() -> None:
    paragraphs = [f"{number} " + "word " * 190 for number in range(8)]  # about 960 characters each
    found = texts(paged("\n\n".join(paragraphs)))
    assert [page[0] for page in found] == ["0", "3", "6"] and len(found) == 3
    tight = ["a " * 900, "b " * 1400, "c " * 900]  # 6,400 characters: two pages, if the middle is cut
    assert len(paged("\n\n".join(tight))) == 2


def test_a_page_ends_with_a_sentence_where_no_paragraph_ends() -> None:
    found = texts(paged(" ".join([SENTENCE] * 100)))
    assert len(found) == 3 and all(page.endswith("follow.") for page in found)
    japanese = texts(paged("損失は小さくなる。" * 900))
    assert len(japanese) == 3 and all(page.endswith("。") for page in japanese)


def test_e_g_ends_no_sentence() -> None:
    found = texts(paged("An optimiser, e.g. Adam, " * 200))
    assert len(found) == 2 and not found[0].endswith("e.g.")


def test_a_page_begins_with_the_next_reply_rather_than_in_the_middle_of_one() -> None:
    first, second = "para one. " * 150 + "\n\n" + "para two. " * 150, "question? " * 80
    found = pages([*said(first), *said(second)], undrawn)
    assert [len(page.blocks) for page in found] == [1, 1]
    assert texts(found)[1].startswith("question?")


def test_short_replies_share_a_page_each_in_a_display_of_its_own() -> None:
    (page,) = pages([*said("one"), *said("two", "three"), *said()], undrawn)
    assert page.blocks == ("one", "two\n\nthree")
    assert pages([], undrawn) == [] and pages(said("", " \n"), undrawn) == []


def test_a_fence_that_is_cut_is_closed_and_opened_again_with_its_language_at_a_line() -> None:
    source = "\n".join(f"loss_{number} = model(x).mean()" for number in range(300))
    found = texts(paged("See:", Code(source)))
    assert len(found) == 3 and found[0].startswith("See:\n```python\n")
    for text in found:
        assert text.count("```python\n") == 1 and text.endswith(".mean()\n```")
    assert "\n".join(read(text).programs[0][1] for text in found) == source


def test_a_program_is_rather_cut_between_its_functions() -> None:
    function = "def f():\n" + "    x = 1\n" * 90 + "\n\n"
    found = texts(paged(Code(function * 6)))
    assert len(found) == 2 and all(text.startswith("```python\ndef f():") for text in found)


def test_bold_and_quotations_go_on_on_the_next_page() -> None:
    found = texts(paged("> **" + "word " * 1000 + "end**"))
    assert len(found) == 2 and all(text.startswith("> **word") and text.endswith("**") for text in found)
    nested = texts(paged("- a\n  - **" + "b " * 3000 + "end**"))
    assert nested[0].startswith("- a\n  - **b") and nested[1].startswith("**b")


@pytest.mark.parametrize(
    "atom", ["`some code in it`", "[a link to it](https://a.example/page)", "👩‍👩‍👧👩‍👩‍👧", "<@123>"]
)
def test_never_within_code_a_link_or_a_sign(atom: str) -> None:
    whole = paged(atom)[0].blocks[0]
    assert isinstance(whole, str)
    for shift in range(len(whole) + 2):
        found = texts(paged("x" * shift + " " + " ".join([atom] * 400)))
        pieces = " ".join(found).split(whole)
        assert len(pieces) == 401 and all(re.fullmatch("x* ?", piece) for piece in pieces)


def test_a_heading_stays_with_what_it_heads_and_a_lead_with_its_list() -> None:
    before = "word " * 650
    (_, second) = texts(paged(f"{before}\n\n## Head\n\n" + "more " * 200))
    assert second.startswith("### Head\n")
    (_, second) = texts(paged(f"{before}\n\nThese:\n\n- " + "more " * 200))
    assert second.startswith("These:\n- ")


def test_a_picture_stands_where_its_curves_were_said_and_its_words_below() -> None:
    (page,) = pages(said("Before.", CURVES, "After."), drawn)
    assert page.blocks == ("Before.", Picture("curve-1.png", PNG, "The loss fell."), "The loss fell.\n\nAfter.")
    assert paged(CURVES)[0].blocks == ("The loss fell.",)


def test_many_pictures_are_spread_and_named_apart() -> None:
    curves = Curves(CURVES.series, "word " * 400)
    found = pages(said(*[curves] * 23), drawn)
    assert_within_limits(found)
    pictures = [block for page in found for block in page.blocks if isinstance(block, Picture)]
    assert len(pictures) == 23 == len({picture.name for picture in pictures})
    assert all(picture.alt.endswith("word…") for picture in pictures)
    assert_within_limits(pages([reply for _ in range(70) for reply in said(CURVES)], drawn))


def test_what_core_quotes_is_seen_as_it_was_said() -> None:
    words = "I’d `use` **ReLU**, x_1 < 3 | $5 <@1> @everyone"
    said_so = f"You said: “{verbatim(words)}”. {sentence('It is `nn.Softmax` <b> again.')} `{between_backticks('a`b')}`"
    (shown,) = reads(paged(said_so, fenced("print('```')", "python")))
    assert flat(words) in shown.words and "Itisnn.Softmax<b>again.a'b" in shown.words
    assert shown.programs == [("python", "print('``\u200b`')")]
    assert shown.acts("code") == []


MARKS = Marks(
    (MarkLine("met", "**met** (2 of 2): all", "short"), MarkLine("missing", "**missing** (0 of 1): it", "it"))
)
PUT = Reply("question", (Head("Question 2 of 3 · Loss"), Text("Why?")))


def test_the_question_stands_apart_below_its_head_and_buttons_of_the_marks_above_it() -> None:
    row = Row((Label("Full answer", Press("reference", "s1", 4)),))
    (page,) = pages([Reply("feedback", (Text("**1.00**"), MARKS)), PUT], undrawn, {0: row}, brief=True)
    text, buttons, frame = page.blocks
    assert text == "**1.00**\n- ✅ short\n- ⚪ it" and buttons is row
    assert frame == Frame(("### Question 2 of 3 · Loss\nWhy?",))


def test_of_several_questions_the_last_one_is_framed() -> None:
    earlier = Reply("repeat", (Text("Back to this one."), Head("Question 1 of 3 · Cost"), Text("What?")))
    (page,) = pages([earlier, PUT], undrawn)
    assert page.blocks[0] == "Back to this one.\n\n**Question 1 of 3 · Cost**\n\nWhat?"
    assert isinstance(page.blocks[1], Frame) and len(page.blocks) == 2


def test_a_question_too_long_for_a_page_is_framed_on_each() -> None:
    found = pages([Reply("question", (*PUT.parts, Code("x = 1\n" * 900)))], undrawn)
    assert len(found) == 2 and all(isinstance(block, Frame) for page in found for block in page.blocks)


def test_in_full_the_verdict_of_a_mark_is_a_sign_and_a_word() -> None:
    (page,) = pages([Reply("grade", (MARKS,))], undrawn)
    assert page.blocks == ("- ✅ **met** (2 of 2): all\n- ⚪ **missing** (0 of 1): it",)
