"""kill -9 while a language model is being asked: the answer is kept, judged once, and nothing is said twice."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.candidates import answers
from tests.faults.test_kill import Sitting, events, wait_for
from tests.loopback_model import MODEL, Server, minds, running

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Sitting]]:
    """Makes a sitting that a server judges, none of whose processes outlives the test."""
    made: list[Sitting] = []

    def sitting(server: Server, **more: str) -> Sitting:
        made.append(Sitting(tmp_path, {"OPENAI_BASE_URL": server.url, "VIVA_MODEL": f"openai:{MODEL}", **more}))
        return made[-1]

    yield sitting
    for one in made:
        one.kill()


def first(server: Server) -> None:
    """The first call hangs before a word of the reply."""
    server.faults = ["hangs"]


def within(server: Server) -> None:
    """The first call hangs within its reply."""
    server.faults = ["hangs in the middle"]


def second(server: Server) -> None:
    """The first reply leaves a key point open, and the second call, which asks for it once more, hangs."""

    def mind(system: str, user: str) -> Any:
        read = minds.honest(system, user)
        server.faults, server.mind = ["hangs"], minds.honest
        return {**read, "points": read["points"][1:]}

    server.mind = mind


@pytest.mark.parametrize(("hangs", "calls"), [(first, 1), (within, 1), (second, 2)])
async def test_killed_while_the_server_holds_the_call(
    opened: Callable[..., Sitting], hangs: Callable[[Server], None], calls: int
) -> None:
    async with running() as server:
        sitting = opened(server, VIVA_INTERVIEWER="offline")
        question = (await asyncio.to_thread(sitting.open))[-1]["question"]
        answer = answers("excellent")[question]
        hangs(server)
        sitting.send("a", answer)
        await asyncio.to_thread(wait_for, lambda: len(server.calls) == calls, "the call that hangs")
        await asyncio.to_thread(sitting.kill)
        assert sitting.kept == ["a"], "the words were kept before anybody was asked about them"
        assert kinds(sitting)["feedback"] == 0 and graded(sitting) == []

        server.faults, server.mind = [], minds.honest
        await asyncio.to_thread(sitting.open)
        assert len(server.calls) > calls, "what was owed is asked for again, without a word of the candidate's"
        sitting.send("a", answer)  # who is not sure that it came through sends it again
        await asyncio.to_thread(wait_for, lambda: sitting.kept == ["a", "a"], "the words to be known again")
        sitting.send("b", "how many are left?")
        await asyncio.to_thread(wait_for, lambda: "b" in sitting.kept and kinds(sitting)["progress"], "an answer")
        await asyncio.to_thread(sitting.kill)
    check(sitting, question, answer)


@pytest.mark.parametrize("hangs", ["hangs", "hangs in the middle"])
async def test_killed_while_a_reply_is_streamed(opened: Callable[..., Sitting], hangs: str) -> None:
    async with running() as server:
        sitting = opened(server, VIVA_GRADER="offline")
        question = (await asyncio.to_thread(sitting.open))[-1]["question"]
        asked, answer = len(server.calls), answers("excellent")[question]
        server.faults = [hangs]
        sitting.send("a", answer)
        await asyncio.to_thread(wait_for, lambda: len(server.calls) > asked, "the call that hangs")
        assert server.calls[-1].streamed
        await asyncio.to_thread(sitting.kill)
        assert len(graded(sitting)) == 1 and kinds(sitting)["feedback"] == 0, "judged, and not said yet"

        server.faults = []
        await asyncio.to_thread(sitting.open)
        assert len(server.calls) > asked + 1, "what was being said is worded again"
        sitting.send("b", "how many are left?")
        await asyncio.to_thread(wait_for, lambda: "b" in sitting.kept and kinds(sitting)["progress"], "an answer")
        await asyncio.to_thread(sitting.kill)
    check(sitting, question, answer, "offline")
    phrased = Counter(body["seq"] for kind, body in events(sitting.home, sitting.session) if kind == "Phrased")
    assert phrased and set(phrased.values()) == {1}, "nothing is worded twice"


def check(sitting: Sitting, question: str, answer: str, by: str = f"openai:{MODEL}") -> None:
    """What the log and the transcript must hold."""
    heard = [body["text"] for kind, body in events(sitting.home, sitting.session) if kind == "Heard"]
    assert heard == [answer, "how many are left?"], "the answer counts once"
    (mark,) = graded(sitting)
    assert mark["question"] == question and mark["by"].startswith(by) and mark.get("marks"), mark
    assert kinds(sitting)["feedback"] == 1
    said = [told for told in sitting.said if told["type"] == "message"]
    put = Counter(told["text"] for told in said if told["kind"] in ("question", "follow_up"))
    assert set(put.values()) == {1}, f"said twice: {put}"
    assert kinds(sitting)["opening"] == 1


def graded(sitting: Sitting) -> list[dict[str, Any]]:
    return [body for kind, body in events(sitting.home, sitting.session) if kind == "Graded"]


def kinds(sitting: Sitting) -> Counter[str]:
    return Counter(told["kind"] for told in sitting.said if told["type"] == "message")
