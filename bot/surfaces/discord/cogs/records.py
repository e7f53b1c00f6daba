"""The commands about what was said: marks, report, progress, a dispute; joining accounts, and forgetting."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import WrongUsage
from bot.surfaces.discord import tellings, words
from bot.surfaces.discord.acknowledging import Acknowledgement
from bot.surfaces.discord.commanding import Commanding
from bot.surfaces.discord.custom_ids import Press
from bot.surfaces.discord.desk import ACCOUNT, Desk
from bot.surfaces.discord.layout import Label
from bot.surfaces.discord.pages import Page
from bot.surfaces.discord.turns import told
from bot.surfaces.report.data import report_data
from bot.surfaces.report.markdown import markdown

Interaction = discord.Interaction[Any]


class Records(commands.Cog):
    """What a candidate asks about themselves; all of it is answered to them alone."""

    def __init__(self, desk: Desk, commanding: Commanding) -> None:
        self._desk = desk
        self._commanding = commanding

    @app_commands.command(description="Your last answer's marks, point by point; or how you stand.")
    @app_commands.describe(what="marks: of your last answer, point by point. standing: how you stand so far.")
    async def grade(self, interaction: Interaction, what: Literal["marks", "standing"] = "marks") -> None:
        await self._commanding.ask(interaction, "/grade" if what == "marks" else "/score")

    @app_commands.command(description="What a language model has taken in your interview, in tokens and money.")
    async def cost(self, interaction: Interaction) -> None:
        await self._commanding.ask(interaction, "/cost")

    @app_commands.command(description="Object to a mark: the words of your answer that you quote are judged again.")
    @app_commands.describe(
        why="Which words of your answer were missed, quoted; or what is wrong with the question.",
        question="The question's number; the last one unless said.",
    )
    async def dispute(
        self,
        interaction: Interaction,
        why: app_commands.Range[str, 1, 1500],
        question: app_commands.Range[int, 1, 99] | None = None,
    ) -> None:
        named = f"{question}: " if question is not None else ""
        await self._commanding.ask(interaction, f"/dispute {named}{why}")

    @app_commands.command(description="The report of an interview, as a file for you alone.")
    @app_commands.describe(interview="Which interview; the last one unless said.")
    async def report(self, interaction: Interaction, interview: str = "last") -> None:
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await answer.put_off()
            await told(answer, self._report(interaction, answer, interview), [True])

    @app_commands.command(description="How you do by topic, over all your interviews.")
    async def progress(self, interaction: Interaction) -> None:
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await told(answer, self._progress(interaction, answer), [True])

    @app_commands.command(description="Who is how far this week on this server, of those who wish to be shown.")
    @app_commands.describe(show="True puts you on the board, False takes you off it.")
    @app_commands.guild_only()
    async def board(self, interaction: Interaction, show: bool | None = None) -> None:
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await told(answer, self._board(interaction, answer, show), [True])

    @app_commands.command(description="Join this account to your terminal: `viva link` there prints the code.")
    @app_commands.describe(code="The code that `viva link` printed, within ten minutes.")
    async def link(self, interaction: Interaction, code: app_commands.Range[str, 1, 40]) -> None:
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await told(answer, self._link(interaction, answer, code), [True])

    @app_commands.command(description="Delete everything that I keep of you. I ask once before I do.")
    async def forget(self, interaction: Interaction) -> None:
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            button = Label(words.FORGET_ME, Press("forget", str(interaction.user.id)))
            await told(answer, answer.say(Page((words.FORGET,)), [button]), [True])

    async def pressed(self, interaction: Interaction, press: Press) -> bool:
        """The buttons of these commands; False for any other."""
        if press.act not in ("forget", "report"):
            return False
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await answer.put_off()
            if press.act == "report":
                await told(answer, self._own_report(interaction, answer, press.session), [True])
            elif press.session == str(interaction.user.id):
                await told(answer, self._forget(interaction, answer), [True])
            else:
                await answer.say(Page((words.NOT_YOURS,)))
        return True

    async def _own_report(self, interaction: Interaction, answer: Acknowledgement, session: str) -> None:
        """What the button below an interview gives; those who watched it have one too."""
        try:
            await self._report(interaction, answer, session)
        except WrongUsage as error:
            raise WrongUsage(words.NOT_YOURS) from error

    async def _person(self, interaction: Interaction) -> str:
        return await self._desk.groups.person(ACCOUNT.format(id=interaction.user.id))

    async def _report(self, interaction: Interaction, answer: Acknowledgement, name: str) -> None:
        try:
            sitting = await self._desk.sitting(await self._person(interaction), name)
        except WrongUsage:
            if name != "last":
                raise
            raise WrongUsage(words.NOTHING_YET) from None
        session, book = await self._desk.past(sitting.id)
        text = markdown(report_data(sitting.id, session, book))
        await answer.attach(words.REPORT, discord.File(io.BytesIO(text.encode()), f"viva-report-{sitting.id}.md"))

    async def _progress(self, interaction: Interaction, answer: Acknowledgement) -> None:
        await answer.say(tellings.progress(*await self._desk.progress(await self._person(interaction))))

    async def _board(self, interaction: Interaction, answer: Acknowledgement, show: bool | None) -> None:
        server, account = str(interaction.guild_id), ACCOUNT.format(id=interaction.user.id)
        if not (await self._desk.groups.settings(server)).board:
            raise WrongUsage(words.NO_BOARD)
        if show is not None:
            await self._desk.groups.show_on_board(server, account, show)
        await answer.say(tellings.board(await self._desk.board(server, self._desk.now() - timedelta(days=7))))

    async def _link(self, interaction: Interaction, answer: Acknowledgement, code: str) -> None:
        moved = await self._desk.groups.link(ACCOUNT.format(id=interaction.user.id), code)
        await answer.say(Page((tellings.linked(moved),)))

    async def _forget(self, interaction: Interaction, answer: Acknowledgement) -> None:
        sittings = await self._desk.forget(await self._person(interaction))
        await answer.say(Page((tellings.forgotten(sittings),)))
