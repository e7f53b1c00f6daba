"""Our Markdown in Discord's: what it knows is kept, what it does not know is put so that a phone can show it."""

from __future__ import annotations

import pytest

from bot.surfaces.discord.bits import laid
from bot.surfaces.discord.cutting import text_of
from bot.surfaces.discord.markdown import chunks, plain
from tests.surfaces.discord.reading import read


def shown(markdown: str) -> str:
    return text_of(laid(chunks(markdown), 0))


@pytest.mark.parametrize(
    ("markdown", "discord"),
    [
        ("One\nline.\n\nAnother.", "One line.\n\nAnother."),
        ("A  \nB", "A\nB"),
        ("# One\n\nText\n\n## Two\n\nText\n\n#### Four\n\nText", "## One\nText\n\n### Two\nText\n\n**Four**\nText"),
        ("**b** and *i*, ~~s~~, `c`", "**b** and *i*, ~~s~~, `c`"),
        ("__b *both*__*i*", "**b *both***\u200b*i*"),
        ("**not [all](https://a.example) of `it`**.", "**not [all](<https://a.example>) of `it`**."),
        ("Say:\n\n- one\n- two\n\nThen.", "Say:\n- one\n- two\n\nThen."),
        ("* a\n  * b\n    * c\n* d", "- a\n  - b\n    - c\n- d"),
        ("3. c\n4. d\n   - e\n\n   more of d", "3. c\n4. d\n   - e\n   more of d"),
        ("- a  \n  b", "- a\n  b"),
        ("> a\n>\n> b\n> - c\n\nd", "> a\n> \n> b\n> - c\n\nd"),
        ("> a\n> > b", "> a\n> \n> b"),
        ("```py\nx = 1\n```\ntext", "```py\nx = 1\n```\ntext"),
        ("> ```py\n> x = 1\n> ```", "> ```py\n> x = 1\n> ```"),
        ("text\n\n    x = 1\n", "text\n```\nx = 1\n```"),
        ("a <b> c & d; a&lt;b", "a \\<b> c & d; a&lt;b"),
        ("2 * 3 * 4, snake_case_name", "2 \\* 3 \\* 4, snake\\_case\\_name"),
        ("1986\\. A year", "1986\\. A year"),
        ("\\# no head\n\n\\- no item\n\n\\> no quote", "\\# no head\n\n\\- no item\n\n\\> no quote"),
        ("so ||it|| is", "so \\|\\|it\\|\\| is"),
        ("***", ""),
    ],
)
def test_markdown_becomes_discords(markdown: str, discord: str) -> None:
    assert shown(markdown) == discord


@pytest.mark.parametrize(
    ("link", "discord"),
    [
        ("[notes](https://a.example/b_c)", "[notes](<https://a.example/b_c>)"),
        ("[notes](https://a.example/A_(b))", "[notes](<https://a.example/A_%28b%29>)"),
        ("[https://a.example](https://a.example)", "<https://a.example>"),
        ("[https://good.example](https://evil.example)", "<https://good.example> (<https://evil.example>)"),
        ("[free](https://discord.gg/abc)", "free (https\\://discord\u200b.gg/abc)"),
        ("[mail](mailto:a@b.example)", "mail (mailto:a@b.example)"),
        ("https://a.example/b_c.", "<https://a.example/b_c>."),
    ],
)
def test_links_show_where_they_go_and_unfurl_nothing(link: str, discord: str) -> None:
    assert shown(link) == discord
    assert read(discord).acts("link", "address") == []


@pytest.mark.parametrize(
    ("formula", "unicode"),
    [
        (r"so $w \leftarrow w - \eta \nabla L$.", "so w ← w − η∇L."),
        (r"$$\frac{1}{N}\sum_i x_i^2$$", "(1/N) ∑ᵢ xᵢ²"),
        (r"a $x_{max}$ b", "a xₘₐₓ b"),
        (r"$\unknown{x}$", "$\\\\unknown{x}$"),
        ("it costs $5 and $6", "it costs $5 and $6"),
    ],
)
def test_formulas_are_readable(formula: str, unicode: str) -> None:
    assert shown(formula) == unicode


def test_tables_stand_in_columns_where_a_phone_has_room_for_them() -> None:
    table = "| step | loss |\n| --- | --- |\n| `one` | 2.30 |\n| **ten** | 10.5 |"
    assert shown(f"See:\n\n{table}\n\nSo.") == ("See:\n```\nstep  loss\n────  ────\none   2.30\nten   10.5\n```\nSo.")


def test_wider_tables_have_an_entry_for_each_row() -> None:
    table = "| method | what it does to the weights | cost |\n| --- | --- | --- |\n"
    table += "| **SGD** | steps along `the slope` | small |\n| Adam | | two averages |"
    assert shown(table) == (
        "**SGD**\nwhat it does to the weights: steps along `the slope`\ncost: small\n\n**Adam**\ncost: two averages"
    )


def test_a_row_that_is_counted_is_named_by_its_number_and_its_second_cell() -> None:
    rows = ["No.|Question|Score|On your own", "-|-|-|-", "1|The Adam optimiser|0.55|0.36", "1a|A curve foretold|0.00|"]
    assert shown("\n".join(rows)) == (
        "- **No. 1: The Adam optimiser** · Score: 0.55 · On your own: 0.36\n"
        "- **No. 1a: A curve foretold** · Score: 0.00"
    )


def test_signs_that_are_wide_are_not_set_in_columns() -> None:
    assert shown("|a|b|\n|-|-|\n|損失|1|") == "- **損失** · b: 1"


def test_no_cell_acts_wherever_it_stands() -> None:
    for width in (1, 40):
        cell = "\\<@1\\> @everyone \\[x\\](http://e.example) ``` " + "w" * width
        markdown = shown(f"|a|b|c|\n|-|-|-|\n|{cell}|{cell}|{cell}|")
        assert read(markdown).acts("mark", "address") == []


def test_words_without_markdown() -> None:
    text = "# A *head*\n\n`x_1` is $x^2$ [here](https://a.example)\n\n```py\ny\n```"
    assert plain(text) == "A head x_1 is x² here y\n"
