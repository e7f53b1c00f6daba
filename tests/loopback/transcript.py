"""A channel as one person sees it, as text. What is kept as a test reads the same on every run, so ids get names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tests.loopback import permissions, reading
from tests.loopback.world import Channel, Message, World

if TYPE_CHECKING:
    from tests.loopback.person import Person

Json = dict[str, Any]
LINE = "─" * 12


def transcript(channel: Channel, for_: Person | None = None) -> str:
    """Everything said, in order; `for_`: as that person sees it, with what is for them alone."""
    if for_ is not None and not permissions.sees(channel, for_.user):
        return f"({for_.name} does not see {_place(channel)})\n"
    names = _Names(channel.world)
    said = for_.sees(channel) if for_ else channel.said
    blocks = [f"{_place(channel)}{_state(channel)}", *(_message(one, names) for one in said)]
    return "\n\n".join(blocks) + "\n"


def shown_message(one: Message) -> str:
    """A single message, as in a transcript."""
    return _message(one, _Names(one.channel.world))


def _place(channel: Channel) -> str:
    if channel.server is None:
        return "# direct messages: " + ", ".join(one.name for one in channel.recipients)
    kind = {10: "thread", 11: "thread", 12: "private thread"}.get(channel.kind, "channel")
    below = f" under #{channel.parent.name}" if channel.parent else ""
    return f"# {kind} {channel.name!r}{below} on {channel.server.name!r}"


def _state(channel: Channel) -> str:
    said = [word for word, is_so in (("archived", channel.archived), ("locked", channel.locked)) if is_so]
    return f" ({', '.join(said)})" if said else ""


def _message(one: Message, names: _Names) -> str:
    notes = []
    if one.ephemeral and one.only_for is not None:
        notes.append(f"only {one.only_for.name} sees this")
    if one.reference_id is not None:
        gone = one.reference is None or one.reference.deleted
        notes.append(
            "to a deleted message" if gone or one.reference is None else f"to {_start_of(one.reference, names)}"
        )
    if one.pings:
        notes.append("wakes " + ", ".join(sorted(one.channel.world.users[id_].name for id_ in one.pings)))
    if one.mentions_everyone:
        notes.append("wakes everyone")
    if one.edits and not one.interaction:
        notes.append("edited")
    head = one.author.name + (f" ({'; '.join(notes)})" if notes else "")
    lines = [f"▸ {names.stable(one.did)}"] if one.did and one.kind == 20 else []
    lines += [f"{head}:", *_indented(_body(one, names))]
    return "\n".join(lines)


def _start_of(one: Message, names: _Names) -> str:
    first = names.stable(one.text).partition("\n")[0]
    return f"“{first[:40]}{'…' if len(first) > 40 else ''}”"


def _body(one: Message, names: _Names) -> list[str]:
    if one.thinking:
        return ["(is thinking…)"]
    if one.kind == 1:
        return ["(brought in " + ", ".join(who.name for who in one.mentions) + ")"]
    if one.kind == 18:
        return [f"(began a thread: {one.content})"]
    lines = names.stable(one.content).splitlines()
    lines += names.stable(reading.text_of("", one.embeds, [])).splitlines()
    lines += _parts(one.components, one, names)
    placed = {str((item.get("media") or item["file"]).get("attachment_id")) for item in reading.media(one.components)}
    for file in one.attachments:
        if str(file.id) not in placed:
            lines.append(_file(file.name, file.kind, len(file.data), file.alt))
    return lines or ["(nothing)"]


def _file(name: str, kind: str, size: int, alt: str | None) -> str:
    if kind.startswith("image/"):
        return f"(picture {name}: {alt or 'without a description'})"
    return f"(file {name}, {size} bytes)"


def _parts(components: Iterable[Json], one: Message, names: _Names) -> list[str]:
    lines: list[str] = []
    for part in components:
        lines += _part(part, one, names)
    return lines


def _part(part: Json, one: Message, names: _Names) -> list[str]:
    match part["type"]:
        case 1:
            return [" ".join(_control(inner) for inner in part["components"])]
        case 9:
            beside = part.get("accessory") or {}
            shown = [_control(beside)] if beside.get("type") == 2 else _picture(beside, one)
            return [*_parts(part["components"], one, names), *shown]
        case 10:
            return names.stable(part["content"]).splitlines()
        case 12:
            return [line for item in part["items"] for line in _picture(item, one)]
        case 13:
            return [_file(part.get("name", "?"), "", part.get("size", 0), None)]
        case 14:
            return [LINE if part.get("divider", True) else ""]
        case 17:
            return [f"│ {line}".rstrip() for line in _parts(part["components"], one, names)]
    return [f"({part['type']})"]


def _picture(item: Json, one: Message) -> list[str]:
    id_ = str(item["media"].get("attachment_id"))
    name = next((file.name for file in one.attachments if str(file.id) == id_), "from elsewhere")
    return [f"(picture {name}: {item.get('description') or 'without a description'})"]


def _control(part: Json) -> str:
    if part["type"] != 2:
        return (
            f"[{part.get('placeholder') or 'choose'} ▾ {' | '.join(one['label'] for one in part.get('options') or ())}]"
        )
    if part["style"] == 5:
        return f"[{reading.label(part)} ↗]"
    return f"[{reading.label(part)}]" + (" (off)" if part.get("disabled") else "")


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}".rstrip() for line in lines]


class _Names:
    """Names for what differs from run to run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._numbers: dict[str, str] = {}

    def stable(self, text: str) -> str:
        text = re.sub(r"<@!?(\d+)>", lambda m: f"@{self._user(int(m[1]))}", text)
        text = re.sub(r"<#(\d+)>", lambda m: f"#{self._channel(int(m[1]))}", text)
        text = re.sub(r"</([^:>]+):\d+>", r"/\1", text)
        text = re.sub(r"<t:\d+(:\w)?>", lambda m: f"<t:…{m[1] or ''}>", text)
        return re.sub(
            r"\b\d{17,20}\b", lambda m: self._numbers.setdefault(m[0], f"<id {len(self._numbers) + 1}>"), text
        )

    def _user(self, id_: int) -> str:
        return self.world.users[id_].name if id_ in self.world.users else "unknown-user"

    def _channel(self, id_: int) -> str:
        return self.world.channels[id_].name if id_ in self.world.channels else "unknown"
