"""`/viva`, for those who may manage the server: what is offered, how it stands, which documents there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import WrongUsage
from bot.ports.groups import server_owner
from bot.surfaces.discord import tellings
from bot.surfaces.discord.acknowledging import Acknowledgement
from bot.surfaces.discord.attachments import Attachments
from bot.surfaces.discord.desk import Desk
from bot.surfaces.discord.escaping import coded
from bot.surfaces.discord.inviting import missing_here
from bot.surfaces.discord.modals import Attached
from bot.surfaces.discord.pages import Page
from bot.surfaces.discord.turns import told

Interaction = discord.Interaction[Any]
MOST_DOCUMENTS = 100


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
class Managing(commands.GroupCog, group_name="viva", group_description="For those who manage this server."):
    """What the server offers. It shows counts, and nothing that anybody said."""

    documents = app_commands.Group(
        name="documents", description="Documents that interviews on this server may be about."
    )

    def __init__(self, desk: Desk, attachments: Attachments) -> None:
        self._desk = desk
        self._attachments = attachments

    @app_commands.command(description="Choose what this server offers. Without options: what holds now.")
    @app_commands.describe(
        interviews="Which interviews are offered, separated by commas; “all” for every one.",
        mode="What holds unless asked otherwise: marks at once, or at the end.",
        place="Where interviews are: in private threads, or in direct messages.",
        lab="Whether programs are run.",
        a_day="How many interviews a person may begin a day; 0 for as many as they like.",
        runs_a_day="How many programs a person may have run a day; 0 for as many as they like.",
        board="Whether there is a board of those who wish to be on it.",
    )
    async def setup(
        self,
        interaction: Interaction,
        interviews: str | None = None,
        mode: Literal["practice", "simulation"] | None = None,
        place: Literal["threads", "direct"] | None = None,
        lab: bool | None = None,
        a_day: app_commands.Range[int, 0, 100] | None = None,
        runs_a_day: app_commands.Range[int, 0, 1000] | None = None,
        board: bool | None = None,
    ) -> None:
        changes: dict[str, Any] = {"mode": mode, "lab": lab, "a_day": a_day, "runs_a_day": runs_a_day, "board": board}
        changes = {name: value for name, value in changes.items() if value is not None}
        if place is not None:
            changes["direct"] = place == "direct"
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await told(answer, self._setup(interaction, answer, interviews, changes), [True])

    async def _setup(
        self, interaction: Interaction, answer: Acknowledgement, interviews: str | None, changes: dict[str, Any]
    ) -> None:
        server = str(interaction.guild_id)
        settings = await self._desk.groups.settings(server)
        if interviews is not None:
            changes["flows"] = self._flows(interviews)
        if changes:
            settings = replace(settings, **changes)
            await self._desk.groups.choose(server, settings)
        missing = missing_here(interaction)
        await answer.say(tellings.settings(settings, bool(changes), self._desk.no_lab(), missing))

    def _flows(self, named: str) -> tuple[str, ...]:
        wanted = tuple(dict.fromkeys(name.strip().lower() for name in named.split(",") if name.strip()))
        known = {flow.id for flow in self._desk.flows()}
        if wanted in ((), ("all",)):
            return ()
        if unknown := [name for name in wanted if name not in known]:
            raise WrongUsage(f"There is no interview {unknown[0]!r}. There are: {', '.join(sorted(known))}.")
        return wanted

    @app_commands.command(description="How it goes on this server: counts of the last seven days.")
    async def status(self, interaction: Interaction) -> None:
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await told(answer, self._status(interaction, answer), [True])

    async def _status(self, interaction: Interaction, answer: Acknowledgement) -> None:
        server = str(interaction.guild_id)
        counts = await self._desk.groups.counts(server, self._desk.now() - timedelta(days=7))
        settings = await self._desk.groups.settings(server)
        documents = await self._desk.groups.document_names(server_owner(server))
        lab, missing = (self._desk.lab(), self._desk.no_lab()), missing_here(interaction)
        await answer.say(tellings.status(counts, settings, len(documents), lab, missing))

    @documents.command(name="add", description="Add a document: txt, md, html or pdf. Interviews can then be about it.")
    async def add(self, interaction: Interaction, file: discord.Attachment) -> None:
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await answer.put_off()
            attached = Attached(file.filename, file.size, file.url)
            await told(answer, self._add(interaction, answer, attached), [True])

    async def _add(self, interaction: Interaction, answer: Acknowledgement, file: Attached) -> None:
        owner = server_owner(interaction.guild_id)
        if len(await self._desk.groups.document_names(owner)) >= MOST_DOCUMENTS:
            raise WrongUsage(f"This server has {MOST_DOCUMENTS} documents, and may have no more. Remove one first.")
        data = await self._attachments.document(file)
        await answer.say(Page((await self._desk.add_document(owner, file.name, data),)))

    @documents.command(name="list", description="The documents of this server.")
    async def list_(self, interaction: Interaction) -> None:
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await told(answer, self._list(interaction, answer), [True])

    async def _list(self, interaction: Interaction, answer: Acknowledgement) -> None:
        kept = await self._desk.groups.document_sizes(server_owner(interaction.guild_id))
        await answer.say(tellings.documents(kept))

    @documents.command(name="remove", description="Remove a document of this server, from everywhere.")
    async def remove(self, interaction: Interaction, name: str) -> None:
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await answer.put_off()
            await told(answer, self._remove(interaction, answer, name), [True])

    async def _remove(self, interaction: Interaction, answer: Acknowledgement, name: str) -> None:
        if not await self._desk.remove_document(server_owner(interaction.guild_id), name):
            raise WrongUsage(f"This server has no document {coded(name)}. `/viva documents list` names them.")
        await answer.say(Page((f"{coded(name)} is removed, and no search finds it any more.",)))

    @remove.autocomplete("name")
    async def _names(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        kept = await self._desk.groups.document_names(server_owner(interaction.guild_id))
        fitting = [name for name in kept if current.casefold() in name.casefold()]
        return [app_commands.Choice(name=name[:100], value=name[:100]) for name in fitting[:25]]
