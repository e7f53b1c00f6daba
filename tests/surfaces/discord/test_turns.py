"""What is said where something went wrong: to the person what they can do, to who runs the bot the rest."""

from __future__ import annotations

import logging

import pytest

from bot.errors import SittingBusy, StoreBroken, StoreBusy, StoreError, WrongUsage
from bot.surfaces.discord import words
from bot.surfaces.discord.pages import Page
from bot.surfaces.discord.turns import not_taken, told, why


def test_only_a_sitting_that_is_worked_on_is_somewhere_else() -> None:
    assert why(SittingBusy("Another process works on it.")) == words.ELSEWHERE
    assert why(WrongUsage("Say `viva chat`.")) == "Say `/interview`."


@pytest.mark.parametrize("kind", [StoreBusy, StoreBroken, StoreError])
def test_what_ails_the_records_is_said_in_the_log_alone(
    kind: type[StoreError], caplog: pytest.LogCaptureFixture
) -> None:
    error = kind("The database /srv/viva/viva.db is damaged. `viva restore FILE` brings back a backup.")
    with caplog.at_level(logging.ERROR):
        told = not_taken(error)
    assert words.RECORDS in told and "send it again" in told and "/srv" not in told and "viva restore" not in told
    assert "/srv/viva/viva.db is damaged" in caplog.text


class Answer:
    def __init__(self) -> None:
        self.said: list[str] = []

    async def say(self, page: Page, ephemeral: bool) -> None:
        assert ephemeral
        self.said += [str(block) for block in page.blocks]


@pytest.mark.parametrize(("safe", "kept"), [([], False), ([True], True)])
async def test_of_a_fault_of_ours_it_is_said_whether_what_was_sent_is_kept(safe: list[bool], kept: bool) -> None:
    async def broken() -> None:
        raise KeyError("a word")

    answer = Answer()
    await told(answer, broken(), safe)  # type: ignore[arg-type]
    [said] = answer.said
    assert ("is not kept" in said, "is kept" in said) == (not kept, kept) and "my side" in said
