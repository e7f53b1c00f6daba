"""One person in a terminal and in Discord, and two servers side by side: what is the same, and what is kept apart."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import candidates
from tests.loopback.person import Person
from tests.loopback_model import MODEL, running
from tests.surfaces.discord.candidate import Candidate, begins, its_turn
from tests.surfaces.discord.keeping import keeps, story
from tests.surfaces.discord.seats import clean
from tests.surfaces.discord.serving import Served, served

SPLIT = (
    "The training part is what the weights are fitted on, the validation part is for choosing hyperparameters, and the "
    "test part is looked at once."
)
LEARNING = "Deep learning is the part of machine learning that uses neural networks with several layers."
GIVING_UP = "I don't know."


async def viva(home: Path, *words: str) -> str:
    """What a command of the terminal prints, on the data that the bot uses at the same time."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("VIVA_", "DISCORD_"))}
    run = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", *words],
        cwd=candidates.ROOT,
        env={**environment, "VIVA_HOME": str(home), "VIVA_LAB": "off"},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


async def links(one: Person, bot: Served) -> None:
    """Joins somebody's terminal and their account here."""
    code = re.search(r"Your code: (\S+)", await viva(bot.home, "link"))
    assert code is not None
    shown = await one.slash(one.direct, "link", code=code[1])
    assert shown.ephemeral and "Joined." in shown.text


def said_in_the_terminal(home: Path, texts: list[str], *flags: str) -> list[dict]:
    """A part of a sitting in the terminal: says these, and leaves."""
    chat = candidates.start(home, *flags)
    chat.until_turn()
    for text in texts:
        chat.send(text=text)
        chat.until_turn()
    assert chat.finish() == 0
    return chat.said


async def finishes(me: Candidate, text: str) -> None:
    while not me.over:
        await me.answers(text)
        text = GIVING_UP


async def reports(me: Candidate, bot: Served) -> tuple[str, str]:
    """The report as it is given here, and in the terminal."""
    shown = await me.person.slash(me.channel, "report")
    return shown.message.files[0].text.strip(), (await viva(bot.home, "report", "last")).strip()


@pytest.mark.slow
async def test_begun_in_the_terminal_and_finished_in_discord(tmp_path):
    flags = ("--flow", "quick", "--questions", "2", "--seed", "5")
    await asyncio.to_thread(said_in_the_terminal, tmp_path, [LEARNING, GIVING_UP], *flags)
    async with served(tmp_path) as bot:
        group = bot.discord.server("Study group")
        one = group.member("one")
        await links(one, bot)
        offered = await one.slash(group["general"], "interview")
        shown = await one.click(offered, "Go on with it")
        assert not shown.failed
        thread = await one.sees_thread(group["general"])
        me = Candidate(one, thread, await thread.waits_for(its_turn))
        await finishes(me, SPLIT)
        here, there = await reports(me, bot)
        assert here == there and LEARNING in here and SPLIT in here
        places = (one.direct, group["general"], thread)
        keeps("from-the-terminal", story("Begun in the terminal, finished here.", one, *places))
        assert clean(bot) == []


@pytest.mark.slow
async def test_who_begins_without_a_model_and_goes_on_where_there_is_one_is_told(tmp_path):
    await asyncio.to_thread(said_in_the_terminal, tmp_path, [LEARNING], "--flow", "quick", "--seed", "5")
    async with running() as model, served(tmp_path, OPENAI_BASE_URL=model.url, VIVA_MODEL=f"openai:{MODEL}") as bot:
        group = bot.discord.server("Study group")
        one = group.member("one")
        await links(one, bot)
        await one.click(await one.slash(group["general"], "interview"), "Go on with it")
        thread = await one.sees_thread(group["general"])
        await thread.waits_for(its_turn)
        assert any("judged with the help of a language model" in message.text for message in one.sees(thread))
        assert model.calls == []


@pytest.mark.slow
async def test_begun_in_discord_and_finished_in_the_terminal(tmp_path):
    async with served(tmp_path) as bot:
        group = bot.discord.server("Study group")
        one = group.member("one")
        me = await begins(one, group["general"], flow="quick", questions=2, seed=5)
        await me.answers(LEARNING)
        await links(one, bot)
        begun = await one.click(me.turn, "Answer")
        chat = await asyncio.to_thread(candidates.start, tmp_path, "--resume", "last")
        await asyncio.to_thread(chat.until_turn)
        refused = await one.submit(begun, SPLIT)
        assert refused.ephemeral and "somewhere else" in refused.text and f"```\n{SPLIT}\n```" in refused.text
        busy = await one.click(me.turn, "Hint")
        assert busy.ephemeral and "somewhere else" in busy.text
        turn: dict[str, Any] | None = {"owes": "answer"}
        for text in (GIVING_UP, SPLIT, GIVING_UP, GIVING_UP, GIVING_UP):
            if turn is not None and turn["owes"] != "nothing":
                chat.send(text=text)
                turn = await asyncio.to_thread(chat.until_turn)
        assert await asyncio.to_thread(chat.finish) == 0
        told = [each["text"] for each in chat.said if each["type"] == "message"]
        assert "Welcome back" in told[0] and "est of luck" in told[-1]
        over = await one.click(me.turn, "Answer")
        assert over.ephemeral and "is over" in over.text
        here, there = await reports(me, bot)
        assert here == there and LEARNING in here and SPLIT in here
        keeps("to-the-terminal", story("Begun here, finished in the terminal.", one, me.channel))
        assert clean(bot) == []


NOTES = """# {word} notes

## What is a {word} gate?

A {word} gate is a learned switch that lets a signal pass only when the {secret} rule allows it.

## What is the {word} loss?

The {word} loss is the mean of the squared errors, weighted by the {secret} factor of each example.

## Why does one use a {word} gate?

One uses a {word} gate because it keeps the gradients of a deep network from vanishing, as the {secret} rule shows.
"""


@pytest.mark.slow
async def test_two_servers_have_nothing_of_each_other(tmp_path):
    """Two people each, at the same time, on documents of their own server; a moderator of each reads along."""
    async with served(tmp_path, VIVA_LOG_LEVEL="debug") as bot:
        secrets = {"Quibble": "zanzibar", "Marmot": "yggdrasil"}
        groups = {word: bot.discord.server(f"{word} group") for word in secrets}
        people: dict[str, list[Person]] = {}
        for word, group in groups.items():
            moderator = group.member(f"moderator of {word}", "manage_guild manage_threads")
            people[word] = [group.member(f"{word} {n}") for n in (1, 2)] + [moderator]
            notes = NOTES.format(word=word, secret=secrets[word]).encode()
            added = await moderator.slash(
                group["general"], "viva documents add", file=(f"{word.lower()}.md", notes), seconds=30
            )
            assert not added.failed and "question" in added.text, added.text
        await asyncio.gather(
            *(_sits(one, groups[word], word, secrets[word]) for word in secrets for one in people[word][:2])
        )
        for word, group in groups.items():
            listed = await people[word][2].slash(group["general"], "viva documents list")
            status = await people[word][2].slash(group["general"], "viva status")
            assert f"{word.lower()}.md" in listed.text and "Documents of this server: 1" in status.text
        for word, other in (("Quibble", "Marmot"), ("Marmot", "Quibble")):
            for one in people[word]:
                seen = _all_that(one, bot)
                assert secrets[word] in seen
                assert not any(foreign in seen.casefold() for foreign in (other.casefold(), secrets[other]))
            offered = await people[word][0].autocomplete(groups[word]["general"], "interview", "documents", "")
            assert list(offered.values()) == [f"{word.lower()}.md"]
            theirs = await people[word][0].slash(groups[word]["general"], "interview", documents=f"{other.lower()}.md")
            assert secrets[other] not in theirs.text and "There is" in theirs.text
        log = bot.log() + bot.said()
        assert not any(word in log for word in (*secrets.values(), "gradients of a deep network"))
        assert clean(bot) == []


async def _sits(one: Person, group, word: str, secret: str) -> None:
    """A whole interview on the server's document; what is said in it names the word that nobody elsewhere may see.

    Which question comes first is left to chance, and with it whether the interviewer ever says that word.
    """
    me = await begins(one, group["general"], documents=f"{word.lower()}.md")
    await me.answers(f"A {word} gate is a learned switch under the {secret} rule; my own words are of {one.name}.")
    while not me.over:
        await me.answers(GIVING_UP, seconds=40)
    report = await one.slash(me.channel, "report")
    assert word in report.message.files[0].text


def _all_that(one: Person, bot: Served) -> str:
    """Every word that somebody can see: channels, threads, files, forms, names of what is there."""
    places = [place for place in bot.discord.world.channels.values() if one.sees_channel(place)]
    said = [message for place in places for message in one.sees(place)]
    files = [file.data.decode(errors="replace") for message in said for file in message.files]
    forms = [str(done.modal) for done in bot.discord.interactions.done if done.user is one.user and done.modal]
    return "\n".join([*(place.name for place in places), *(message.text for message in said), *files, *forms])
