"""The log holds what helps to mend something, and never a secret or a word of anybody's."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app.logs import LEAST, Sentences, spoken, start_log, start_serving_log, traced
from bot.errors import StoreBusy, WrongUsage
from bot.settings import Settings

TOKEN = "MTIz.abc.secret-of-the-bot"
PASSWORD = "p%40ssword-of-the-database"
KEY, MODELS = "sk-of-the-model", "word-of-the-models-server"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    url = f"postgresql://viva:{PASSWORD}@localhost/viva"
    given = Settings(_env_file=None, home=tmp_path, log_level="debug", discord_token=SecretStr(TOKEN), database_url=url)
    model = {"openai_api_key": SecretStr(KEY), "openai_base_url": f"http://me:{MODELS}@localhost/v1"}
    return given.model_copy(update=model)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Logging belongs to the process: it is left as it was found."""
    named = [logging.getLogger(name) for name in ("", "bot", *LEAST)]
    kept = [(logger, logger.level, list(logger.handlers)) for logger in named]
    raising = logging.raiseExceptions
    yield
    logging.raiseExceptions = raising
    for logger, level, handlers in kept:
        for handler in set(logger.handlers) - set(handlers):
            logger.removeHandler(handler)
            handler.close()
        logger.setLevel(level)


def lines(home: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (home / "viva.log").read_text(encoding="utf-8").splitlines()]


def test_a_line_is_an_object_with_the_interview_that_it_is_about(settings: Settings) -> None:
    start_log(settings, settings.home)
    logging.getLogger("bot.somewhere").warning("it went %s", "wrong", extra={"session": "abc"})
    (line,) = lines(settings.home)
    assert {name: line[name] for name in ("level", "logger", "message", "session")} == {
        "level": "WARNING",
        "logger": "bot.somewhere",
        "message": "it went wrong",
        "session": "abc",
    }
    assert str(line["at"]).endswith("+00:00")


def test_what_quotes_a_person_is_named_by_its_kind() -> None:
    assert spoken(WrongUsage("There is no interview 'my own words'.")) == "WrongUsage"
    assert spoken(ValueError("my own words")) == "ValueError"
    assert spoken(OSError(28, "No space left on device")) == "OSError 28"
    assert spoken(StoreBusy("Another process works on it.")) == "Another process works on it."


def test_a_traceback_holds_places_and_no_message(settings: Settings) -> None:
    start_serving_log(settings, settings.home, io.StringIO())

    def failing() -> None:
        try:
            raise KeyError("my own words")
        except KeyError as error:
            raise RuntimeError("more of my own words") from error

    try:
        failing()
    except RuntimeError:
        logging.getLogger("bot").exception("an interaction failed")
        logging.getLogger("asyncio").exception("a task failed: %s", RuntimeError("words again"))
    text = (settings.home / "viva.log").read_text(encoding="utf-8")
    assert "words" not in text
    trace = lines(settings.home)[0]["trace"]
    assert isinstance(trace, list) and trace[0] == "RuntimeError" and "KeyError" in trace
    assert any("tests/app/test_logs.py" in step and step.endswith("failing") for step in trace)


def test_a_chain_that_was_cut_is_not_followed() -> None:
    try:
        try:
            raise KeyError
        except KeyError:
            raise RuntimeError from None
    except RuntimeError as error:
        assert "KeyError" not in traced(error)


def test_secrets_are_struck_out_wherever_they_turn_up(settings: Settings) -> None:
    stderr = io.StringIO()
    start_serving_log(settings, settings.home, stderr)
    logging.getLogger("bot").info("connecting to %s with %s", settings.database_url, TOKEN)
    logging.getLogger("bot").info("its password is p@ssword-of-the-database", extra={"session": TOKEN})
    logging.getLogger("bot").info("asking %s with %s", settings.openai_base_url, KEY)
    said = (settings.home / "viva.log").read_text(encoding="utf-8") + stderr.getvalue()
    assert "ssword-of-the-database" not in said and TOKEN not in said and said.count("[secret]") == 12
    assert KEY not in said and MODELS not in said


def test_what_other_packages_say_at_debug_is_not_heard(settings: Settings) -> None:
    start_serving_log(settings, settings.home, io.StringIO())
    for name in ("discord.http", "discord.gateway", "asyncio", "aiohttp.access", "sqlalchemy.engine"):
        logging.getLogger(name).debug("my own words")
    logging.getLogger("sqlalchemy.engine").info("my own words")
    logging.getLogger("bot.interview").debug("heard")
    assert [line["message"] for line in lines(settings.home)] == ["heard"]


def test_standard_error_is_json_where_no_person_reads_it(settings: Settings) -> None:
    stderr = io.StringIO()
    start_serving_log(settings, settings.home, stderr, {})
    logging.getLogger("bot").warning("something is off")
    assert json.loads(stderr.getvalue())["message"] == "something is off"


def test_the_journal_gets_sentences_with_their_priority(settings: Settings) -> None:
    stderr = io.StringIO()
    start_serving_log(settings, settings.home, stderr, {"JOURNAL_STREAM": "8:1"})
    logging.getLogger("bot").warning("something is off", extra={"session": "abc"})
    assert stderr.getvalue() == "<4>something is off (interview abc)\n"


def test_a_person_reads_one_sentence_a_line() -> None:
    error = WrongUsage("my own words")
    record = logging.LogRecord("bot", logging.ERROR, "", 0, "it\nfailed", (), (type(error), error, None))
    assert Sentences(lambda text: text, journal=False).format(record) == "viva: it failed: WrongUsage"


def test_nobodys_number_is_in_any_line(settings: Settings) -> None:
    stderr = io.StringIO()
    start_serving_log(settings, settings.home, stderr)
    who = "1098765432109876543"
    answering = (
        "https://discord.com/api/v10/webhooks/1198765432109876543/aW50ZXJhY3Rpb246bm90LWEtc2VjcmV0/messages/@original"
    )
    logging.getLogger("discord.http").warning(
        "We are being rate limited. %s %s responded with 429.", "PATCH", answering
    )
    logging.getLogger("bot").info("an account: %s", f"discord:{who}", extra={"session": "abc"})
    logging.getLogger("bot").debug("<@%s> of %s", who, [int(who)])
    link = "https://discord.com/oauth2/authorize?client_id=1298765432109876543&scope=bot"
    logging.getLogger("bot").info("invited by %s", link)
    said = (settings.home / "viva.log").read_text(encoding="utf-8") + stderr.getvalue()
    assert who not in said and "aW50ZXJh" not in said and "1198765432109876543" not in said
    assert said.count(link) == 2, "the application is nobody, and the owner needs its address"
    assert said.count("discord:[id]") == 2
