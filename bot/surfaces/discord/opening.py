"""`/interview`: a new sitting or one that was begun, in a thread of its own or in direct messages."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import discord

from bot.beginning import Wanted
from bot.core.session import Session
from bot.core.speech import open_again, recap
from bot.errors import VivaError, WrongUsage
from bot.ports import Sitting
from bot.ports.groups import Place, ServerSettings, Who
from bot.surfaces.discord import words
from bot.surfaces.discord.acknowledging import Acknowledgement
from bot.surfaces.discord.attachments import Attachments
from bot.surfaces.discord.custom_ids import Press
from bot.surfaces.discord.desk import ACCOUNT
from bot.surfaces.discord.layout import Label
from bot.surfaces.discord.modals import Attached
from bot.surfaces.discord.pages import Page
from bot.surfaces.discord.places import Ground, ground, missing_in_words, open_thread
from bot.surfaces.discord.posting import Unreachable, tried
from bot.surfaces.discord.turns import Turns, told

Interaction = discord.Interaction[Any]
#: So many wishes are remembered while people decide about an unfinished interview; the oldest is forgotten first.
MOST_REMEMBERED = 1000


@dataclass(frozen=True)
class Asked:
    """What a person asked for with `/interview`."""

    wanted: Wanted
    watch: bool = False
    resume: str | None = None
    direct: bool = False
    job: Attached | None = None


class Opening:
    """Begins sittings, and takes up those that were begun."""

    def __init__(self, client: discord.Client, turns: Turns, attachments: Attachments) -> None:
        self._client = client
        self._turns = turns
        self._attachments = attachments
        self._remembered: dict[str, Asked] = {}
        self._busy: set[int] = set()

    async def interview(self, interaction: Interaction, asked: Asked) -> None:
        """The command itself: answered to the person alone, with the way to where the interview is."""
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await answer.put_off()
            await self._one_by_one(interaction, answer, lambda: self._opened(interaction, asked, answer))

    async def pressed(self, interaction: Interaction, press: Press) -> bool:
        """The buttons of this command; False for any other."""
        acts = {"resume": self._resume, "anew": self._anew, "indm": self._anew, "another": self._another}
        doing = acts.get(press.act)
        if doing is None:
            return False
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await answer.put_off()
            await self._one_by_one(interaction, answer, lambda: doing(interaction, press, answer))
        return True

    async def _one_by_one(
        self, interaction: Interaction, answer: Acknowledgement, work: Callable[[], Awaitable[None]]
    ) -> None:
        """Opens no second interview while one is being opened for the same person."""
        if interaction.user.id in self._busy:
            await answer.say(Page((words.BEING_OPENED,)))
            return
        self._busy.add(interaction.user.id)
        try:
            await told(answer, work(), [True])
        finally:
            self._busy.discard(interaction.user.id)

    async def _opened(self, interaction: Interaction, asked: Asked, answer: Acknowledgement) -> None:
        who = await self._who(interaction)
        if asked.resume is not None:
            await self._take_up(interaction, await self._turns.desk.sitting(who.person, asked.resume), asked, answer)
            return
        unfinished = await self._turns.desk.running(who.person)
        if unfinished:
            await self._offer(interaction, unfinished[0], asked, answer)
            return
        await self._begin(interaction, asked, who, answer)

    async def _who(self, interaction: Interaction) -> Who:
        account = ACCOUNT.format(id=interaction.user.id)
        server = str(interaction.guild_id) if interaction.guild_id and interaction.is_guild_integration() else ""
        return Who(account, await self._turns.desk.groups.person(account), server)

    async def _offer(self, interaction: Interaction, sitting: Sitting, asked: Asked, answer: Acknowledgement) -> None:
        """Asks whether to go on with what was begun."""
        key = self._remember(interaction, asked)
        buttons = [
            Label(words.GO_ON, Press("resume", sitting.id)),
            Label(words.BEGIN_ANEW, Press("anew", key)),
        ]
        await answer.say(Page((words.unfinished(sitting.flow, sitting.answered, sitting.begun),)), buttons)

    def _remember(self, interaction: Interaction, asked: Asked) -> str:
        key = str(interaction.id)
        while len(self._remembered) >= MOST_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]
        self._remembered[key] = asked
        return key

    async def _resume(self, interaction: Interaction, press: Press, answer: Acknowledgement) -> None:
        who = await self._who(interaction)
        sitting = await self._turns.desk.sitting(who.person, press.session)
        await self._take_up(interaction, sitting, Asked(Wanted()), answer)

    async def _another(self, interaction: Interaction, press: Press, answer: Acknowledgement) -> None:
        """One more like the interview that is over, for whom that was; all others begin their own by the command."""
        place, account = await self._turns.desk.groups.placed(press.session), ACCOUNT.format(id=interaction.user.id)
        if place is None or place.account != account:
            raise WrongUsage(words.NO_SITTING if place is None else words.NOT_YOURS)
        session, _ = await self._turns.desk.past(press.session)
        await self._opened(interaction, Asked(alike(session), watch=place.watched), answer)

    async def _anew(self, interaction: Interaction, press: Press, answer: Acknowledgement) -> None:
        asked = self._remembered.pop(press.session, None)
        if asked is None:
            raise WrongUsage(
                "That button is too old: I do not remember any more what you asked for. Say /interview again."
            )
        asked = replace(asked, direct=True) if press.act == "indm" else asked
        await self._begin(interaction, asked, await self._who(interaction), answer)

    async def _begin(self, interaction: Interaction, asked: Asked, who: Who, answer: Acknowledgement) -> None:
        settings = await self._settings(who)
        await self._allowed(who, settings, asked)
        here = ground(interaction, asked.watch)
        direct = asked.direct or settings.direct or not here.threads
        if here.missing and not direct:
            key = self._remember(interaction, asked)
            await answer.say(Page((missing_in_words(here),)), [Label(words.IN_DM, Press("indm", key))])
            return
        wanted = await self._wanted(asked, settings)
        interview = await self._turns.desk.begin(wanted, who)
        place = await self._made(interaction, here, asked, interview.session_id, direct)
        await self._turns.desk.groups.put(place)
        try:
            await self._turns.begin(place, interview)
        except Unreachable as error:
            raise NoPlace(words.NO_DM) from error
        why = words.GUEST if interaction.guild_id and not here.member else ""
        if not direct and not place.server:
            why = words.NO_THREAD
        await answer.say(Page((words.begun(place, watched=place.watched, wished=asked.watch, why=why),)))

    async def _wanted(self, asked: Asked, settings: ServerSettings) -> Wanted:
        """What was asked for, with the server's choices where nothing was said, and the job description's words."""
        wanted = asked.wanted
        if asked.job is not None:
            wanted = replace(wanted, job=await self._attachments.job(asked.job))
        free = wanted.flow is None and not (wanted.documents or wanted.job)
        if settings.flows and free:
            wanted = replace(wanted, flow=settings.flows[0])
        return replace(wanted, mode=settings.mode) if wanted.mode is None else wanted

    async def _made(self, interaction: Interaction, here: Ground, asked: Asked, session: str, direct: bool) -> Place:
        """The place of a sitting: a thread where one can be had, else direct messages."""
        account = ACCOUNT.format(id=interaction.user.id)
        if not direct:
            name = f"Interview: {interaction.user.display_name}"
            try:
                thread = await open_thread(self._client, here, name, interaction.user.id, asked.watch)
                return Place(session, account, thread, here.server, here.channel, asked.watch)
            except discord.HTTPException as error:  # what it may do here was taken away since, or there are too many
                logging.getLogger(__name__).info("no thread (code %s): it goes on in direct messages", error.code)
        try:
            channel = await tried(lambda: self._client.create_dm(discord.Object(interaction.user.id)))
        except discord.HTTPException as error:
            raise NoPlace(words.NO_DM) from error
        return Place(session, account, str(channel.id))

    async def _take_up(self, interaction: Interaction, sitting: Sitting, asked: Asked, answer: Acknowledgement) -> None:
        """Goes on with a sitting: where it was, or in a new place when it has none on this platform."""
        if sitting.status != "running":
            raise WrongUsage(words.OVER)
        settings = await self._settings(await self._who(interaction))
        here = ground(interaction, watched=False)
        direct = settings.direct or not here.threads or bool(here.missing)
        fresh, place = False, await self._turns.desk.groups.placed(sitting.id)
        account = ACCOUNT.format(id=interaction.user.id)
        if place is None or place.account != account or not await self._turns.posts.reaches(place):
            place = await self._made(interaction, here, replace(asked, watch=False), sitting.id, direct)
            await self._turns.desk.groups.put(place)
            fresh = True
        try:
            place = await self._again(place, fresh)
        except Unreachable:
            if direct:
                raise
            place = await self._made(interaction, here, replace(asked, watch=False), sitting.id, direct)
            await self._turns.desk.groups.put(place)
            place = await self._again(place, fresh=True)
        await answer.say(Page((words.begun(place, watched=place.watched, wished=False),)))

    async def _again(self, place: Place, fresh: bool) -> Place:
        """Says at a place (a `fresh` one, perhaps) where the interview stands; the place where that could be said."""
        await self._turns.desk.groups.put(place)  # of several at a place, this is the one that is meant there from now
        if not fresh:
            await self._turns.reading_along.looked_at(place)
        async with self._turns.at(place) as interview, self._turns.speaking(interview, place) as mouth:
            mouth.fresh = fresh
            await interview.come_back()
            stood = interview.session.seq
            await interview.go_on(mouth)
            if interview.session.seq == stood:  # else what stands open was said just now
                await interview.tell(mouth)
                replies = [*recap(interview.session, interview.book), *open_again(interview.session, interview.book)]
                await mouth.say(interview.session.seq, replies)
            return mouth.place

    async def _settings(self, who: Who) -> ServerSettings:
        return await self._turns.desk.groups.settings(who.server) if who.server else ServerSettings()

    async def _allowed(self, who: Who, settings: ServerSettings, asked: Asked) -> None:
        """WrongUsage where the server does not offer this."""
        flow = asked.wanted.flow
        if settings.flows and flow is not None and flow not in settings.flows:
            raise WrongUsage(f"This server offers these interviews: {', '.join(settings.flows)}. Choose one of them.")
        if settings.a_day:
            since = self._turns.desk.now() - timedelta(days=1)
            if await self._turns.desk.groups.begun_since(who.account, who.server, since) >= settings.a_day:
                raise WrongUsage(words.enough_today(settings.a_day))


def alike(session: Session) -> Wanted:
    """What was wanted of an interview, as far as its log says; of a series it is the next round."""
    started = session.started
    if started is None:
        return Wanted()
    flow = None if started.documents else started.series or started.flow
    track = started.track[0] if len(started.track) == 1 else None
    return Wanted(
        flow, started.mode, started.level or None, track, minutes=started.minutes, documents=started.documents or None
    )


class NoPlace(VivaError):
    """There is nowhere to speak with this person."""
