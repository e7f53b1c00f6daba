"""Whatever a model server does wrong: a sentence, and the policy that the owner chose; never an invented mark."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.core.marking import Part, checked
from bot.llm.breaker import Breaker
from bot.llm.chat import LangChainModel
from bot.llm.faults import Kind, ModelFault
from bot.llm.shapes import ClaimsRead as Shape
from bot.llm.wish import wish
from tests.llm.conftest import GOOD, QUESTION, closing
from tests.loopback_model.faults import FAULTS

#: What passes by itself within one call: the second try works.
PASSING = {"busy", "busy for a moment", "500", "502", "503", "504", "cuts off"}
#: What an answer's own words can bring about: it is judged without the model, whatever the policy.
BY_WORDS = {
    "refusal", "refusal by its reason", "content filter", "filter on the way in", "too long", "too long for llama.cpp"
}  # fmt: skip
SAYS = {
    "wrong key": "OPENAI_API_KEY",
    "key without rights": "VIVA_MODEL",
    "no credit": "no credit",
    "unknown model": "does not know the model",
    "no such path": "no model server",
    "busy for long": "429",
    "too long": "longer than",
    "too long for llama.cpp": "longer than",
    "a page": "no model server",
    "a page at 404": "no model server",
    "redirect": "another address",
    "hangs": "did not answer in",
    "hangs in the middle": "did not answer in",
    "drips": "did not answer in",
    "refusal": "declined",
    "refusal by its reason": "declined",
    "content filter": "content filter",
    "filter on the way in": "content filter",
    "truncated": "broke off",
    "empty": "nothing",
    "another language": "not in the form",
    "malformed": "not in the form",
    "invented quotations": "words that were not said",
    "no points": "leaves key points out",
}


@pytest.mark.parametrize("fault", [f for f in FAULTS if f not in PASSING | BY_WORDS])
async def test_a_fault_is_a_sentence_and_no_mark(server, made, fault):
    server.faults = [fault] * 12
    silent = fault in ("hangs", "hangs in the middle", "drips")
    verdict = await made(patience=0.5 if silent else 20.0).grade(QUESTION, Part(GOOD))
    assert not verdict.judged and verdict.retry and verdict.marks == ()
    assert SAYS.get(fault, "") in (verdict.why_not or "")
    assert re.fullmatch(r"[A-Z].+\.", verdict.why_not or "") and "is kept" not in (verdict.why_not or "")
    assert "Traceback" not in verdict.why_not and "sk-" not in verdict.why_not


@pytest.mark.parametrize(
    ("fault", "alone"),
    [
        *((one, True) for one in ("empty", "truncated", "malformed", "no points", "invented quotations")),
        *((one, False) for one in ("wrong key", "no credit", "busy for long", "a page", "503")),
    ],
)
async def test_a_failure_at_one_answer_is_told_apart_from_what_would_befall_the_next(server, made, fault, alone):
    server.faults = [fault] * 12
    verdict = await made().grade(QUESTION, Part(GOOD))
    assert verdict.retry and verdict.only_this == alone


@pytest.mark.parametrize("fault", sorted(BY_WORDS))
async def test_nobody_escapes_a_mark_by_words_that_a_model_will_not_read(server, made, offline, fault):
    server.faults = [fault] * 12
    verdict = await made().grade(QUESTION, Part(GOOD))
    assert verdict.judged and verdict.by == offline.name
    assert SAYS[fault] in verdict.note and "offline grader judged" in verdict.note


@pytest.mark.parametrize("fault", sorted(PASSING))
async def test_what_passes_is_tried_once_more(server, made, fault):
    server.faults = [fault]
    assert (await made().grade(QUESTION, Part(GOOD))).judged
    assert len(server.calls) == 2


async def test_the_owner_may_have_it_judged_offline_instead(server, made, offline):
    server.faults = ["503"] * 2
    verdict = await made(on_failure="offline").grade(QUESTION, Part(GOOD))
    assert verdict.by == offline.name and verdict.judged
    assert "trouble of its own (HTTP 503)" in verdict.note and "offline grader judged" in verdict.note


async def test_a_server_that_is_not_there_is_said_and_left_alone(made, clock, offline):
    nowhere = wish("openai:any", "http://127.0.0.1:9/v1", None)
    assert nowhere is not None
    async with closing(LangChainModel(nowhere, Breaker(clock), asyncio.to_thread)) as model:
        with pytest.raises(ModelFault, match=r"127\.0\.0\.1:9 cannot be reached"):
            await model.fill("a", "b", Shape, 5, 10)
        with pytest.raises(ModelFault, match="left alone"):
            await model.fill("a", "b", Shape, 5, 10)


async def test_a_silent_model_is_left_alone_for_a_minute_and_tried_once(server, made, clock):
    grader = made(patience=0.3)
    server.faults = ["hangs", "hangs"]
    assert "did not answer in" in ((await grader.grade(QUESTION, Part(GOOD))).why_not or "")
    assert "left alone" in ((await grader.grade(QUESTION, Part(GOOD))).why_not or "")
    assert len(server.calls) == 1
    clock.now = 61.0
    assert "did not answer in" in ((await grader.grade(QUESTION, Part(GOOD))).why_not or "")
    assert "left alone" in ((await grader.grade(QUESTION, Part(GOOD))).why_not or "")
    clock.now = 122.0
    assert (await made(patience=3.0).grade(QUESTION, Part(GOOD))).judged
    assert (await grader.grade(QUESTION, Part(GOOD))).judged


async def test_the_key_is_named_nowhere(server, clock):
    secret = "sk-loopback-0123456789abcdef"
    found = wish("openai:loopback-1", server.url, secret)
    assert found is not None and secret not in repr(found)
    for fault in ("wrong key", "500", "a page"):
        server.faults = [fault] * 3
        async with closing(LangChainModel(found, Breaker(clock), asyncio.to_thread)) as model:
            with pytest.raises(ModelFault) as raised:
                await model.fill("a", "b", Shape, 2, 10)
        assert secret not in str(raised.value)


async def test_answers_at_the_same_time_learn_what_a_server_takes_each_for_itself(server, model):
    server.refuses, server.takes = {"temperature"}, {"function_calling", "text"}
    server.mind = lambda system, user: {"claims": []}
    await asyncio.gather(*(model.fill("a", "b", Shape, 20, 10) for _ in range(4)))
    server.calls.clear()
    await model.fill("a", "b", Shape, 20, 10)
    assert [call.form for call in server.calls] == ["function_calling"]


async def test_trouble_of_the_servers_own_teaches_nothing(server, model):
    server.faults = ["500"] * 4
    server.mind = lambda system, user: {"claims": []}
    with pytest.raises(ModelFault, match="trouble of its own"):
        await model.fill("a", "b", Shape, 20, 10)
    await model.fill("a", "b", Shape, 20, 10)
    assert server.calls[-1].form == "json_schema"


@pytest.mark.parametrize(
    ("name", "variable", "value"),
    [
        ("openai:x", "ALL_PROXY", "socks5://me:secret@127.0.0.1:1"),
        ("openai:x", "SSL_CERT_FILE", "/nowhere/secret"),
        ("ollama:x", "OLLAMA_HOST", "http://[secret"),
        ("azure_openai:x", "OPENAI_API_VERSION", "secret"),  # and no key
    ],
)
async def test_a_client_that_cannot_be_made_is_said_as_what_it_is(clock, monkeypatch, name, variable, value):
    monkeypatch.setenv(variable, value)
    found = wish(name, "http://127.0.0.1:9/v1" if name.startswith("openai") else None, None)
    assert found is not None
    async with closing(LangChainModel(found, Breaker(clock), asyncio.to_thread)) as model:
        with pytest.raises(ModelFault, match=rf"The client for the model {name} cannot be made here \(\w+\)") as raised:
            await model.warm()
    assert raised.value.kind is Kind.NOT_MADE and "secret" not in str(raised.value)


def test_every_fault_has_a_whole_sentence():
    for kind in Kind:
        says = str(ModelFault(kind, "openai:x", "127.0.0.1:1", 500, 2.0, 5, "KeyError"))
        assert says[0].isupper() and says.endswith(".") and "{" not in says


async def test_what_is_judged_passes_the_cores_own_check(server, made):
    verdict = await made().grade(QUESTION, Part(GOOD))
    assert checked(verdict, QUESTION, GOOD) == verdict
