"""People of a loopback acted by lines of text: `one: /interview flow:beginner`, `one: says hello`, `one: clicks Hint`.

Each line is answered by what the person sees next. It is for trying by hand and for other programs; tests call the
people themselves.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

from tests.loopback.group import Group
from tests.loopback.permissions import Can
from tests.loopback.person import Person
from tests.loopback.server import Loopback
from tests.loopback.shown import Shown
from tests.loopback.transcript import shown_message, transcript
from tests.loopback.world import Channel, Message

HELP = """NAME: what they do. NAME is anybody; who is new joins the server (`owner` owns it).
  /command sub option:value option:"longer value" file:@PATH     a slash command; `/` alone lists them
  ? /command option:typed                                        what is offered for an option
  clicks LABEL          a button, the newest of that label that they see
  fills LABEL: TEXT     a field of the form that is open (\\n is a line's end); `fills file: @PATH` for a file
  sends                 sends the form off
  says TEXT             a message; `replies TEXT` to the newest message, waking its writer; `mentions TEXT` the bot
  attaches PATH TEXT    a message with a file
  types, edits TEXT, deletes                                     typing; their newest message
  goes PLACE            to a channel or thread by name, or `direct`
  sees, where, threads  the channel as they see it; the places there are
  leaves, joins, installs
also: advance 16 minutes | drop [CODE] | fault NAME [WHERE] [TIMES] | archive PLACE | lock PLACE | delete PLACE
      deny PERMISSION PLACE (the bot) | invite PERMISSIONS (the bot, by the link's number) | allow (message content)
      complaints | help"""


DEEDS = set("clicks fills sends says replies mentions attaches types edits deletes goes sees where threads".split())
DEEDS |= set("leaves joins installs".split())


class Console:
    """Keeps where each person is and what they have open."""

    def __init__(self, discord: Loopback, group: Group) -> None:
        self.discord = discord
        self.group = group
        self.at: dict[str, Channel] = {}
        self.open: dict[str, Shown] = {}
        self.filled: dict[str, dict[str, Any]] = {}

    async def line(self, line: str) -> str:
        """Does what a line says; what it can't do it says."""
        try:
            who, colon, what = line.strip().partition(":")
            if colon and re.fullmatch(r"[\w .-]+", who):
                return await self._person(who.strip(), what.strip())
            return await self._owner(*(line.split() or ["help"]))
        except (AssertionError, LookupError, ValueError, OSError) as no:
            return f"! {no}"

    async def _person(self, name: str, what: str) -> str:
        person = self.group.owner if name == "owner" else self.discord.person(name)
        if person.id not in self.group.server.members and what != "leaves":
            self.group.member(name)
        channel = self.at.setdefault(name, next(iter(self.group.server.channels.values())))
        if what.startswith("/"):
            return await self._slash(person, channel, what[1:])
        verb, _, rest = what.partition(" ")
        assert verb == "?" or verb in DEEDS, f"nobody can {verb!r} here\n{HELP}"
        deed = self._asks if verb == "?" else getattr(self, f"_{verb}")
        return str(await deed(person, channel, rest.strip()))

    async def _slash(self, person: Person, channel: Channel, line: str) -> str:
        if not line:
            return "\n".join(self._commands(person, channel))
        names, options = _parsed(line)
        return await self._answered(person, await person.slash(channel, names, **options))

    def _commands(self, person: Person, channel: Channel) -> list[str]:
        def lines(one: dict[str, Any], before: str) -> list[str]:
            inner = [option for option in one.get("options") or () if option["type"] in (1, 2)]
            if inner:
                return [line for option in inner for line in lines(option, f"{before} {option['name']}")]
            options = " ".join(
                option["name"] if option.get("required") else f"[{option['name']}]"
                for option in one.get("options") or ()
            )
            return [f"{before} {options} — {one['description']}"]

        offered = self.discord.commands.offered(self.discord.app, person.user, channel)
        return [line for one in offered for line in lines(one, f"/{one['name']}")]

    async def _asks(self, person: Person, channel: Channel, line: str) -> str:
        names, options = _parsed(line.removeprefix("/"))
        option, typed = options.popitem()
        offered = await person.autocomplete(channel, names, option, str(typed), **options)
        return "\n".join(f"{name} = {value}" for name, value in offered.items()) or "(nothing is offered)"

    async def _answered(self, person: Person, shown: Shown) -> str:
        if shown.failed:
            return f"! {shown.failed}"
        if shown.modal is not None:
            self.open[person.name], self.filled[person.name] = shown, {}
            return _form(shown)
        return "\n".join(shown_message(one) for one in shown.messages) or "(nothing is shown)"

    async def _clicks(self, person: Person, channel: Channel, label: str) -> str:
        having = [one for one in person.sees(channel) if label in one.buttons]
        assert having, f"there is no button {label!r} here"
        return await self._answered(person, await person.click(having[-1], label))

    async def _fills(self, person: Person, _: Channel, line: str) -> str:
        name, text = line.split(":", 1)
        text = text.strip().replace("\\n", "\n")
        held = self.filled[person.name]
        if text.startswith("@"):
            held.setdefault("files", []).append((Path(text[1:]).name, Path(text[1:]).read_bytes()))
        else:
            modal = self.open[person.name].modal
            assert modal is not None
            held[modal.field(name.strip()).custom_id] = text
        return "(filled in)"

    async def _sends(self, person: Person, _: Channel, __: str) -> str:
        return await self._answered(person, await person.submit(self.open.pop(person.name), **self.filled[person.name]))

    async def _says(self, person: Person, channel: Channel, text: str) -> str:
        return shown_message(await person.says(channel, text.replace("\\n", "\n")))

    async def _replies(self, person: Person, channel: Channel, text: str) -> str:
        return shown_message(await person.says(channel, text, reply_to=channel.last))

    async def _mentions(self, person: Person, channel: Channel, text: str) -> str:
        return shown_message(await person.says(channel, text, mentions=[self.discord.bot]))

    async def _attaches(self, person: Person, channel: Channel, line: str) -> str:
        path, _, text = line.partition(" ")
        file = (Path(path).name, Path(path).read_bytes())
        return shown_message(await person.says(channel, text, files=[file]))

    async def _types(self, person: Person, channel: Channel, _: str) -> str:
        await person.types(channel)
        return "(typing)"

    def _own(self, person: Person, channel: Channel) -> Message:
        return [one for one in person.sees(channel) if one.author is person.user][-1]

    async def _edits(self, person: Person, channel: Channel, text: str) -> str:
        await person.edits(self._own(person, channel), text)
        return "(edited)"

    async def _deletes(self, person: Person, channel: Channel, _: str) -> str:
        await person.deletes(self._own(person, channel))
        return "(deleted)"

    async def _goes(self, person: Person, _: Channel, place: str) -> str:
        self.at[person.name] = person.direct if place == "direct" else self.group[place]
        return transcript(self.at[person.name], for_=person)

    async def _sees(self, person: Person, channel: Channel, _: str) -> str:
        return transcript(channel, for_=person)

    async def _where(self, person: Person, channel: Channel, _: str) -> str:
        return f"in {channel.name or 'direct'}; there are: " + ", ".join(
            one.name for one in self.group.server.channels.values() if person.sees_channel(one)
        )

    _threads = _where

    async def _leaves(self, person: Person, _: Channel, __: str) -> str:
        await person.leaves(self.group)
        return "(gone)"

    async def _joins(self, person: Person, _: Channel, __: str) -> str:
        await person.joins(self.group)
        return "(there)"

    async def _installs(self, person: Person, _: Channel, __: str) -> str:
        await person.installs()
        return "(installed)"

    # The owner's.

    async def _owner(self, verb: str, *rest: str) -> str:
        discord = self.discord
        match verb:
            case "advance":
                discord.clock.advance(**{rest[1] if len(rest) > 1 else "minutes": float(rest[0])})
            case "drop":
                discord.gateway.drop(int(rest[0]) if rest else None)
            case "fault":
                where, times = (rest[1] if len(rest) > 1 else ""), (int(rest[2]) if len(rest) > 2 else 1)
                discord.faults.add(rest[0].replace("_", " "), where, times)
            case "archive" | "lock" | "delete":
                await getattr(self.group[" ".join(rest)], verb)()
            case "deny":
                self.group.denies(self.group[" ".join(rest[1:])], discord.bot, rest[0])
            case "invite":
                discord.invites(self.group.server, discord.app, Can(int(rest[0])))
            case "allow":
                discord.allows_message_content()
            case "complaints":
                return "\n".join(f"{one.request}: {one.wrong}" for one in discord.complaints) or "(none)"
            case _:
                return HELP
        return "(done)"


def _parsed(line: str) -> tuple[str, dict[str, Any]]:
    """`viva documents add file:@notes.md` as the command's names and its options."""
    names, options = [], {}
    for word in shlex.split(line):
        name, colon, value = word.partition(":")
        if colon:
            options[name] = _value(value)
        else:
            names.append(word)
    return " ".join(names), options


def _value(text: str) -> Any:
    if text.startswith("@"):
        return Path(text[1:]).name, Path(text[1:]).read_bytes()
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    return int(text) if re.fullmatch(r"-?\d+", text) else text


def _form(shown: Shown) -> str:
    modal = shown.modal
    assert modal is not None
    lines = [f"┌ {modal.title}", *(f"│ {line}" for text in modal.texts for line in text.splitlines())]
    for one in modal.fields.values():
        lines.append(f"│ {one.label}{' *' if one.required else ''} ({one.kind}) {one.description}".rstrip())
        if one.value or one.placeholder:
            lines.append(f"│   {one.value or one.placeholder}")
    return "\n".join([*lines, "└ fills LABEL: TEXT, then sends"])
