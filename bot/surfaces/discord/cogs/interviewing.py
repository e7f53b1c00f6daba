"""The commands of an interview: begin, hint, skip, a program, a prediction, the end."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.beginning import LEVELS, MODES, Wanted
from bot.ports.groups import server_owner
from bot.surfaces.discord import words
from bot.surfaces.discord.acknowledging import Acknowledgement
from bot.surfaces.discord.commanding import Commanding
from bot.surfaces.discord.desk import ACCOUNT, Desk
from bot.surfaces.discord.modals import Attached
from bot.surfaces.discord.opening import Asked, Opening
from bot.surfaces.discord.pages import Page
from bot.surfaces.discord.turns import told

Interaction = discord.Interaction[Any]
Choice = app_commands.Choice[str]
MOST_CHOICES = 25
LONGEST_CHOICE = 100


class Interviewing(commands.Cog):
    """What a candidate says while being interviewed."""

    def __init__(self, desk: Desk, opening: Opening, commanding: Commanding) -> None:
        self._desk = desk
        self._opening = opening
        self._commanding = commanding

    @app_commands.command(description="Sit a mock interview, in a thread of your own or in direct messages.")
    @app_commands.describe(
        flow="Which interview; “opengenus” unless you wish for something else.",
        level="Only questions of this level.",
        track="Only questions of this topic, or of computer-vision, nlp, llm, mlops.",
        questions="At most so many questions.",
        minutes="The time that you have; it is divided.",
        mode="practice: marks at once. simulation: marks at the end.",
        job="A job description as a text file: its words choose the topics.",
        documents="On documents that this server or you added: the file's name.",
        watch="In a public thread, so that the group can watch. Marks stay yours.",
        resume="Go on with an interview that you began.",
        seed="A number: who gives the same one gets the same questions, to compare notes on afterwards.",
    )
    @app_commands.choices(
        level=[app_commands.Choice(name=level, value=level) for level in LEVELS],
        mode=[app_commands.Choice(name=mode, value=mode) for mode in MODES],
    )
    async def interview(
        self,
        interaction: Interaction,
        flow: str | None = None,
        level: str | None = None,
        track: str | None = None,
        questions: app_commands.Range[int, 1, 60] | None = None,
        minutes: app_commands.Range[int, 1, 240] | None = None,
        mode: str | None = None,
        job: discord.Attachment | None = None,
        documents: str | None = None,
        watch: bool = False,
        resume: str | None = None,
        seed: app_commands.Range[int, 0, 999_999] | None = None,
    ) -> None:
        wanted = Wanted(flow, mode, level, track, questions, minutes, seed, documents=documents)
        file = Attached(job.filename, job.size, job.url) if job is not None else None
        await self._opening.interview(interaction, Asked(wanted, watch, resume, job=file))

    @interview.autocomplete("flow")
    async def _flows(self, interaction: Interaction, current: str) -> list[Choice]:
        return _choices([(flow.id, flow.describes or flow.title) for flow in self._desk.flows()], current)

    @interview.autocomplete("track")
    async def _tracks(self, interaction: Interaction, current: str) -> list[Choice]:
        return _choices([(track, "") for track in self._desk.tracks()], current)

    @interview.autocomplete("documents")
    async def _documents(self, interaction: Interaction, current: str) -> list[Choice]:
        person = await self._desk.groups.person(ACCOUNT.format(id=interaction.user.id))
        owners = [server_owner(interaction.guild_id)] if interaction.guild_id else []
        kept = [name for owner in (person, *owners) for name in await self._desk.groups.document_names(owner)]
        return _choices([(name, "") for name in dict.fromkeys(kept)], current)

    @interview.autocomplete("resume")
    async def _unfinished(self, interaction: Interaction, current: str) -> list[Choice]:
        person = await self._desk.groups.person(ACCOUNT.format(id=interaction.user.id))
        running = await self._desk.running(person)
        return _choices([(s.id, f"{s.flow}, begun {s.begun[:10]}, {s.answered} answers") for s in running], current)

    @app_commands.command(description="The next hint, at its price.")
    async def hint(self, interaction: Interaction) -> None:
        await self._commanding.say(interaction, "/hint", words.ASKED_HINT)

    @app_commands.command(description="Leave this question.")
    async def skip(self, interaction: Interaction) -> None:
        await self._commanding.say(interaction, "/skip", words.ASKED_SKIP)

    @app_commands.command(description="Hand in a program: as a file, or in the field that opens.")
    @app_commands.describe(file="A .py file or a notebook, up to 64 KiB.")
    async def code(self, interaction: Interaction, file: discord.Attachment | None = None) -> None:
        attached = Attached(file.filename, file.size, file.url) if file is not None else None
        await self._commanding.hand_in(interaction, attached)

    @app_commands.command(description="Predict what an experiment on your program would do; then it is run.")
    @app_commands.describe(experiment="Which experiment, if there is one that you want; else the next.")
    async def predict(self, interaction: Interaction, experiment: str = "") -> None:
        await self._commanding.say(interaction, f"/predict {experiment}".strip(), words.ASKED_PREDICT)

    @app_commands.command(description="End the interview now; its report follows.")
    async def end(self, interaction: Interaction) -> None:
        await self._commanding.say(interaction, "/end", words.ASKED_END)

    @app_commands.command(description="What I do, and what you can say.")
    async def help(self, interaction: Interaction) -> None:
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await told(answer, answer.say(Page((words.HELP,))), [True])


def _choices(named: list[tuple[str, str]], current: str) -> list[Choice]:
    """The choices that fit what was typed so far: those that begin so first."""
    typed = current.casefold()
    fitting = [(value, about) for value, about in named if typed in f"{value} {about}".casefold()]
    fitting.sort(key=lambda pair: not pair[0].casefold().startswith(typed))
    return [
        app_commands.Choice(name=f"{value}: {about}"[:LONGEST_CHOICE] if about else value[:LONGEST_CHOICE], value=value)
        for value, about in fitting[:MOST_CHOICES]
        if len(value) <= LONGEST_CHOICE
    ]
