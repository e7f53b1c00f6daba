"""Prices are data: which model costs what, what an owner's file adds, and what is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.costing import Price
from bot.errors import WrongUsage
from bot.llm.prices import own_machine, read_prices
from bot.llm.wish import Wish


@pytest.mark.parametrize(
    ("model", "price"),
    [
        (Wish("openai", "gpt-4.1-mini"), Price(0.40, 1.60)),
        (Wish("openai", "gpt-4.1-mini-2025-04-14"), Price(0.40, 1.60)),
        (Wish("openai", "gpt-4o"), Price(2.50, 10.00)),
        (Wish("openai", "gpt-4o-2024-05-13"), Price(5.00, 15.00)),
        (Wish("anthropic", "claude-3-5-haiku-latest"), Price(0.80, 4.00)),
        (Wish("anthropic", "claude-3-haiku-20240307"), Price(0.25, 1.25)),
        (Wish("google_genai", "gemini-2.0-flash-001"), Price(0.10, 0.40)),
        (Wish("openai", "gpt-of-tomorrow"), None),
        (Wish("ollama", "llama3.2:1b"), None),
    ],
)
def test_a_model_costs_what_the_list_says(model: Wish, price: Price | None) -> None:
    assert read_prices().of(model) == price


def test_a_server_of_ones_own_takes_what_its_owner_says(tmp_path: Path) -> None:
    own = tmp_path / "prices.toml"
    own.write_text('[openai.models]\n"q" = { input = 1, output = 2.5 }\n"gpt-4o" = { input = 3.0, output = 4.0 }\n')
    prices = read_prices(own)
    assert prices.of(Wish("openai", "q", "https://models.example/v1")) == Price(1, 2.5)
    assert prices.of(Wish("openai", "gpt-4o")) == Price(3, 4), "the owner's go before"
    assert prices.of(Wish("openai", "gpt-4.1", "https://models.example/v1")) is None, "not OpenAI's price"
    assert prices.of(Wish("openai", "gpt-4.1")) == Price(2, 8)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("not toml", "are not TOML"),
        ("\udcff", "are not TOML"),
        ("[openai.models]\nq = 3", "openai.models.q"),
        ("[openai.models]\nq = { input = -1, output = 2 }", "openai.models.q.input"),
        ("[openai.models]\nq = { input = nan, output = 2 }", "openai.models.q.input"),
        ("[openai.models]\nq = { input = 1 }", "openai.models.q.output"),
        ("[openai]\nq = { input = 1, output = 2 }", "openai"),
    ],
)
def test_a_file_that_does_not_fit_is_named_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    own = tmp_path / "prices.toml"
    own.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(WrongUsage) as wrong:
        read_prices(own)
    assert str(own) in str(wrong.value) and says in str(wrong.value) and "input = 0.40" in str(wrong.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="cannot be read"):
        read_prices(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("http://127.0.0.1:8080/v1", True),
        ("http://localhost:11434/v1", True),
        ("http://192.168.1.7/v1", True),
        ("http://[::1]:8080/v1", True),
        ("http://gpu.local:8000/v1", True),
        ("https://models.example/v1", False),
        ("https://8.8.8.8/v1", False),
        (None, False),
    ],
)
def test_a_machine_of_ones_own_is_known_by_its_address(address: str | None, own: bool) -> None:
    assert own_machine(Wish("openai", "q", address)) is own
