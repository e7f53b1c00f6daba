"""Which model is wanted, by the settings; and a whole sitting that one judges, over a real socket."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app.models import chosen_model, told
from bot.errors import WrongUsage
from bot.llm.wish import PROVIDERS, Wish
from bot.settings import Settings
from tests.candidates import answers, start
from tests.faults.rooms import viva
from tests.loopback_model import MODEL, running


def settings(**given: str) -> Settings:
    known = ("model", "grader", "interviewer", "openai_api_key", "openai_base_url")
    fields = {name: given.get(name) for name in known}
    return Settings.model_construct(**fields | {"openai_api_key": _secret(given.get("openai_api_key"))})


def _secret(value: str | None):
    return SecretStr(value) if value else None


def test_without_a_model_everything_is_offline() -> None:
    assert chosen_model(settings()) is None
    spoken = chosen_model(settings(openai_api_key="sk-1", grader="offline"))
    assert spoken is not None and not spoken.judges
    assert chosen_model(settings(openai_api_key="sk-1", grader="offline", interviewer="offline")) is None


@pytest.mark.parametrize(
    ("given", "judges", "words", "says"),
    [
        (
            {},
            True,
            True,
            "Your answers are judged with the help of a language model, openai:gpt-x, which words what I say, too: "
            "they are sent to api.openai.com, without your name.",
        ),
        (
            {"interviewer": "offline"},
            True,
            False,
            "Your answers are judged with the help of a language model, openai:gpt-x: they are sent to api.openai.com, "
            "without your name.",
        ),
        (
            {"grader": "offline"},
            False,
            True,
            "What I say is worded by a language model, openai:gpt-x: your answers are sent to api.openai.com for that, "
            "without your name. They are judged without it.",
        ),
    ],
)
def test_what_a_model_does_is_told(given: dict[str, str], judges: bool, words: bool, says: str) -> None:
    chosen = chosen_model(settings(openai_api_key="sk-1", model="openai:gpt-x", **given))
    assert chosen is not None and (chosen.judges, chosen.words) == (judges, words)
    assert told(chosen) == says


def test_prompts_that_do_not_fit_are_found_at_the_start(tmp_path: Path) -> None:
    given = settings(openai_api_key="sk-1").model_copy(update={"prompts": tmp_path / "nowhere"})
    with pytest.raises(WrongUsage, match=r"VIVA_PROMPTS names .*nowhere"):
        chosen_model(given)


def test_the_providers_are_those_that_langchain_knows() -> None:
    from langchain.chat_models import base

    assert set(base._BUILTIN_PROVIDERS) == PROVIDERS


@pytest.mark.parametrize(
    ("given", "name", "place"),
    [
        ({"openai_api_key": "sk-1"}, "openai:gpt-4.1-mini", "api.openai.com"),
        ({"openai_api_key": "sk-1", "model": "gpt-x"}, "openai:gpt-x", "api.openai.com"),
        ({"openai_base_url": "http://127.0.0.1:8080/v1", "model": "openai:q"}, "openai:q", "127.0.0.1:8080"),
        ({"openai_base_url": "http://me:secret@host/v1", "model": "llama3:8b"}, "openai:llama3:8b", "host"),
        ({"openai_base_url": "http://host:1/v1", "model": "openai:llama3:8b"}, "openai:llama3:8b", "host:1"),
        ({"openai_base_url": "http://host:1/v1", "model": "ollama:llama3:8b"}, "ollama:llama3:8b", "ollama"),
        ({"model": "ollama:llama3.2:1b"}, "ollama:llama3.2:1b", "ollama"),
    ],
)
def test_the_model_that_the_settings_name(given: dict[str, str], name: str, place: str) -> None:
    chosen = chosen_model(settings(**given))
    assert chosen is not None and chosen.judges and (chosen.wish.full_name, chosen.wish.place) == (name, place)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"grader": "llm"}, "VIVA_GRADER=llm wants a language model"),
        ({"interviewer": "llm"}, "VIVA_INTERVIEWER=llm wants a language model"),
        ({"interviewer": "llm", "grader": "offline"}, "leave VIVA_INTERVIEWER unset to be interviewed offline"),
        ({"model": "openai:gpt-x"}, "there is no key for it"),
        ({"model": "openai:", "openai_api_key": "sk-1"}, "Write `provider:name`"),
        ({"model": "nosuch:x"}, "nosuch is no provider that LangChain knows; .* set OPENAI_BASE_URL"),
        ({"model": "anthropic:any"}, "names anthropic:any, .* Run: pip install langchain-anthropic"),
        ({"model": "google-genai:any"}, "Run: pip install langchain-google-genai"),
        ({"model": "bedrock:any"}, "Run: pip install langchain-aws"),
        ({"openai_base_url": "localhost:8080"}, "no address of a model server"),
        ({"openai_base_url": "http://127.0.0.1:80a/v1"}, "no address of a model server"),
        ({"openai_base_url": "http://[::1/v1"}, "no address of a model server"),
    ],
)
def test_what_does_not_fit_is_said(given: dict[str, str], says: str) -> None:
    with pytest.raises(WrongUsage, match=says):
        chosen_model(settings(**given))


async def test_a_sitting_whose_answers_a_model_judges(tmp_path) -> None:
    async with running() as server:
        environment = {"OPENAI_BASE_URL": server.url, "VIVA_MODEL": f"openai:{MODEL}"}
        said = await asyncio.to_thread(_sat, tmp_path, environment)
        notices = [one["text"] for one in said if one.get("kind") == "notice"]
        assert any(f"judged with the help of a language model, openai:{MODEL}" in text for text in notices)
        feedback = next(one["data"] for one in said if one.get("kind") == "feedback")
        assert feedback["graded"] and feedback["by"].startswith(f"openai:{MODEL} (grade ")
        answer = answers("excellent")[next(one["question"] for one in said if one.get("kind") == "feedback")]
        assert all(mark["evidence"] is None or mark["evidence"] in answer for mark in feedback["marks"])
        assert server.calls
        first = next(one["text"] for one in said if one.get("kind") == "question")
        assert first.startswith("Thank you for that. Let us go on.")


@pytest.mark.slow
async def test_who_began_before_there_was_a_model_is_told_of_it_on_coming_back(tmp_path) -> None:
    begun = start(tmp_path, "--seed", "1")
    begun.until_turn()
    begun.finish()
    async with running() as server:
        environment = {"OPENAI_BASE_URL": server.url, "VIVA_MODEL": f"openai:{MODEL}"}
        chat = await asyncio.to_thread(start, tmp_path, "--resume", "last", settings=environment)
        await asyncio.to_thread(chat.until_turn)
        chat.finish()
    notices = [one["text"] for one in chat.said if one.get("kind") == "notice"]
    assert any(f"judged with the help of a language model, openai:{MODEL}" in text for text in notices)


@pytest.mark.slow
async def test_a_second_provider_by_configuration_alone(tmp_path) -> None:
    async with running() as server:
        environment = {"OLLAMA_HOST": server.url.removesuffix("/v1"), "VIVA_MODEL": f"ollama:{MODEL}"}
        said = await asyncio.to_thread(_sat, tmp_path, environment)
        feedback = next(one["data"] for one in said if one.get("kind") == "feedback")
        assert feedback["graded"] and feedback["by"].startswith(f"ollama:{MODEL} (grade ")
        assert next(call.body["format"]["title"] for call in server.calls if call.body.get("format")) == "AnswerRead"
        assert any(one.get("text", "").startswith("Thank you for that. Let us go on.") for one in said)


def test_the_packages_are_those_that_langchain_loads() -> None:
    from langchain.chat_models import base

    loaded = {name: entry[0].partition(".")[0] for name, entry in base._BUILTIN_PROVIDERS.items()}
    assert {name: Wish(name, "any").package.replace("-", "_") for name in PROVIDERS} == loaded


@pytest.mark.slow
@pytest.mark.parametrize("command", [("chat",), ("doctor",)])
def test_a_provider_whose_package_is_not_there_is_named_with_its_pip_line(tmp_path, command: tuple[str]) -> None:
    ended = viva(tmp_path, *command, VIVA_MODEL="mistralai:small", VIVA_LAB="off")
    assert ended.code == (2 if command == ("chat",) else 1)
    assert "pip install langchain-mistralai" in ended.err + ended.out


def _sat(home, environment):
    chat = start(home, "--seed", "1", settings=environment)
    turn = chat.until_turn()
    assert turn is not None
    chat.send(text=answers("excellent")[turn["question"]])
    chat.until_turn()
    chat.finish()
    return chat.said
