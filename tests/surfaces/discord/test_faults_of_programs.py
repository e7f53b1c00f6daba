"""What goes wrong when programs are handed in, and when a picture may not be shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.loopback.person import Person
from tests.loopback.world import Channel, Message
from tests.surfaces.discord.seats import Seat, a_group, clean, happened, kinds, newcomer, story, told_alone
from tests.surfaces.discord.serving import Served, served

pytestmark = pytest.mark.asyncio(loop_scope="module")
#: An interview that begins with the code question.
CODING: dict[str, Any] = {"flow": "opengenus", "track": "pytorch"}
PROGRAM = "import torch\nfrom torch import nn\n\nmodel = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))\n"


def wants_code(message: Message) -> bool:
    """Whether a message asks for a program."""
    return "Submit code" in message.buttons


@pytest_asyncio.fixture(loop_scope="module")
async def seat(bot: Served) -> AsyncIterator[Seat]:
    """Somebody before the code question; no sandbox runs, programs are read."""
    group = a_group(bot)
    who = newcomer(group)
    yield await _before_the_code(bot, group["general"], who)
    assert clean(bot) == []


async def _before_the_code(bot: Served, channel: Channel, who: Person) -> Seat:
    shown = await who.slash(channel, "interview", **CODING)
    assert not shown.failed, shown
    where = await who.sees_thread(channel)
    return Seat(bot, who, where, await where.waits_for(wants_code))


def _story(seat: Seat) -> list[str]:
    return story(seat.bot, seat.on.buttons["Skip"].custom_id.split(":")[2])


async def test_submit_code_pressed_twice_and_sent_twice_is_two_versions_and_harms_nothing(seat):
    one, other = await asyncio.gather(*(seat.who.click(seat.on, "Submit code") for _ in range(2)))
    assert one.modal and other.modal
    for modal in (one, other):
        shown = await seat.who.submit(modal, your_program=PROGRAM)
        assert shown.text.startswith("```python") and not shown.ephemeral
    await seat.asked(lambda message: "Skip" in message.buttons)
    assert set(kinds(_story(seat), "Submitted", "Skipped")) == {"Submitted"}


async def test_a_program_may_be_described_in_words_by_a_button_of_its_own(seat):
    assert list(seat.on.buttons)[:4] == ["Submit code", "Answer", "Hint", "Skip"]
    shown = await seat.who.submit(
        await seat.who.click(seat.on, "Answer"), "Two linear layers with a ReLU between them."
    )
    assert shown.text.startswith("> Two linear layers")
    await seat.asked(lambda message: "Skip" in message.buttons)
    assert kinds(_story(seat), "Answered", "Submitted", "Graded") == ["Answered", "Graded"]


async def test_a_program_too_many_comes_back_whole(bot):
    group = a_group(bot)
    shown = await newcomer(group, "manage_guild").slash(group["general"], "viva setup", runs_a_day=1)
    assert not shown.failed and "runs a day" in shown.text
    seat = await _before_the_code(bot, group["general"], newcomer(group))
    one, other = [await seat.who.click(seat.on, "Submit code") for _ in range(2)]
    await seat.who.submit(one, your_program=PROGRAM)
    await seat.asked(lambda message: "Skip" in message.buttons)
    fenced = f'"""\n```\nOne line.\n```\n"""\n{PROGRAM}'
    refused = await seat.who.submit(other, your_program=fenced)
    await told_alone(refused, "this one was not taken", "so that it is not lost")
    assert [file.text for file in refused.message.files] == [fenced], "no fence of ours would hold it"
    assert clean(bot) == []


BAD = {
    "nothing": ({"your_program": ""}, [], "nothing in that answer"),
    "blanks": ({"your_program": " \n\t\n"}, [], "nothing in that answer"),
    "a picture": ({}, [("mlp.png", b"\x89PNG")], "`mlp.png` is no program"),
    "no text": ({}, [("mlp.py", b"\xff\xfe\x00\x81")], "no text"),
    "64 KiB and more": ({}, [("mlp.py", b"#" * 70_000)], "a program may have 64"),
}


@pytest.mark.parametrize("what", BAD)
async def test_a_program_that_is_none(seat, what):
    fields, files, why = BAD[what]
    shown = await seat.who.submit(await seat.who.click(seat.on, "Submit code"), files=files, **fields)
    await told_alone(shown, why)
    assert "could not be written down" not in shown.text
    assert kinds(_story(seat), "Submitted", "Heard") == []
    shown = await seat.who.submit(await seat.who.click(seat.on, "Submit code"), files=[("mlp.py", PROGRAM.encode())])
    await seat.asked(lambda message: "Skip" in message.buttons)
    assert kinds(_story(seat), "Submitted") == ["Submitted"], "it can be handed in all the same"


async def test_words_beside_a_file_are_said_not_to_be_taken_and_shown_once_more(seat):
    opened = await seat.who.click(seat.on, "Submit code")
    shown = await seat.who.submit(opened, files=[("mlp.py", PROGRAM.encode())], your_program="print('mine')")
    assert "what you wrote was not taken" in shown.text and "print('mine')" in shown.text
    await seat.asked(lambda message: "Skip" in message.buttons)
    assert "print('mine')" not in "".join(_story(seat))


async def test_a_program_full_of_fences_and_mentions_stays_in_its_fence(seat):
    hostile = "x = 1\n```\n@everyone # out\n```py\n" + "# discord.gg/abc\n" * 10 + "`" * 30
    shown = await seat.who.submit(await seat.who.click(seat.on, "Submit code"), your_program=hostile)
    assert shown.text.count("```") == 2 and "@everyone" not in shown.text and "discord.gg/" not in shown.text
    assert not shown.message.mentions_everyone
    await seat.asked(lambda message: "Skip" in message.buttons)
    submitted = next(one for one in _story(seat) if one.startswith("Submitted"))
    assert "@everyone # out" in submitted, "the log has it as it was"


async def test_submit_code_after_the_question_was_left(seat):
    old, modal = seat.on, await seat.who.click(seat.on, "Submit code")
    await seat.who.slash(seat.where, "skip")
    await seat.asked()
    await told_alone(await seat.who.click(old, "Submit code"), "earlier question", "question 2 of 2")
    shown = await seat.who.submit(modal, your_program=PROGRAM)
    assert shown.text.startswith("```python"), "what was written is kept"
    await seat.asked(lambda message: message.buttons)
    assert kinds(_story(seat), "Heard")[-1] == "Heard" and PROGRAM.splitlines()[0] in "".join(_story(seat))


@pytest.mark.slow
async def test_a_picture_that_may_not_be_attached_is_left_out_and_said(tmp_path: Path, shared: Path):
    settings = {"VIVA_LAB": "bubblewrap", "VIVA_MNIST_DIR": str(shared / "mnist")}
    reference = Path("corpus/tasks/mnist-mlp/reference.py").read_bytes()
    async with served(tmp_path, **settings) as bot:
        group = a_group(bot)
        who = newcomer(group)
        seat = await _before_the_code(bot, group["general"], who)
        session = seat.on.buttons["Skip"].custom_id.split(":")[2]
        modal = await who.click(seat.on, "Submit code")
        started = bot.discord.faults.add("slow", f"POST /channels/{seat.where.id}/messages", seconds=0)
        await who.submit(modal, files=[("mlp.py", reference)])
        await happened(started)
        group.denies(group["general"], bot.discord.bot, "attach_files")
        await seat.asked(lambda message: "I may not attach files" in message.text, seconds=120)
        assert "loss" in seat.on.text.casefold() and not seat.on.files, "what it shows stands there in words"
        assert seat.where in group.threads and who.direct.said == [], "and the interview stays where it is"
        await seat.where.waits_for(lambda message: "Answer" in message.buttons, seconds=60)
        assert kinds(story(bot, session), "Submitted") == ["Submitted"]
