"""Application commands: what a bot may register, and what a person's client makes of what they type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from tests.loopback import permissions
from tests.loopback.errors import Found, refused
from tests.loopback.world import Application, Attachment, Channel, User, World

Json = dict[str, Any]
Path = tuple[str | int, ...]

SUBCOMMAND, GROUP, TEXT, INTEGER, BOOLEAN, PERSON, PLACE, ROLE, MENTIONABLE, NUMBER, FILE = range(1, 12)
NAME = re.compile(r"^[-_'\w]{1,32}$")


def check_all(commands: Sequence[Json], found: Found) -> None:
    """A whole set, as it is put."""
    if sum(1 for one in commands if one.get("type", 1) == 1) > 100:
        found.add((), "APPLICATION_COMMANDS_MAX", "Maximum number of application commands reached (100).")
    for n, one in enumerate(commands):
        check(one, (n,), found)
    names = [(one.get("type", 1), one.get("name")) for one in commands]
    if len(set(names)) < len(names):
        found.add((), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")


def check(command: Json, at: Path, found: Found) -> None:
    _name(command, at, found, lower=command.get("type", 1) == 1)
    if command.get("type", 1) == 1:
        found.length((*at, "description"), command.get("description"), 1, 100)
        _options(command.get("options") or (), (*at, "options"), found)
        if _size(command) > 8000:
            words = "Command exceeds maximum size (8000)"
            found.add(at, "APPLICATION_COMMAND_TOO_LARGE", words)
    elif command.get("description"):
        found.add(
            (*at, "description"), "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", "It may not have a description."
        )


def _name(one: Json, at: Path, found: Found, lower: bool = True) -> None:
    name = one.get("name") or ""
    found.length((*at, "name"), name, 1, 32)
    if lower and name and (not NAME.match(name) or name != name.lower()):
        found.add((*at, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _options(options: Sequence[Json], at: Path, found: Found, depth: int = 0) -> None:
    found.length(at, options, 0, 25)
    names = [one.get("name") for one in options]
    if len(set(names)) < len(names):
        found.add(at, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option names must be unique")
    optional = False
    for n, one in enumerate(options):
        here = (*at, n)
        _name(one, here, found)
        found.length((*here, "description"), one.get("description"), 1, 100)
        if one.get("type") in (SUBCOMMAND, GROUP):
            if depth > (0 if one["type"] == GROUP else 1):
                found.add((*here, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands nest too deep.")
            _options(one.get("options") or (), (*here, "options"), found, depth + 1)
            continue
        if one.get("required") and optional:
            words = "Required options must be placed before non-required options"
            found.add(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words)
        optional = optional or not one.get("required")
        _value(one, here, found)


def _value(one: Json, at: Path, found: Found) -> None:
    choices = one.get("choices") or ()
    found.length((*at, "choices"), choices, 0, 25)
    for n, choice in enumerate(choices):
        found.length((*at, "choices", n, "name"), choice.get("name"), 1, 100)
        if isinstance(choice.get("value"), str):
            found.length((*at, "choices", n, "value"), choice["value"], 1, 100)
    if choices and one.get("autocomplete"):
        words = "Choices and autocomplete exclude one another."
        found.add((*at, "autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES", words)
    if not 0 <= (one.get("min_length") or 0) <= 6000 or not 1 <= (one.get("max_length") or 6000) <= 6000:
        found.add(at, "NUMBER_TYPE_MAX", "min_length is 0 to 6000, max_length 1 to 6000.")


def _size(one: Json) -> int:
    size = len(one.get("name") or "") + len(one.get("description") or "")
    for choice in one.get("choices") or ():
        size += len(choice.get("name") or "") + len(str(choice.get("value") or ""))
    return size + sum(_size(inner) for inner in one.get("options") or ())


class Commands:
    """The register of every bot's commands."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.puts = 0  # how often a whole set was put

    def held(self, app: Application, server: int | None) -> dict[int, Json]:
        return app.commands if server is None else app.of_server.setdefault(server, {})

    def put(self, app: Application, server: int | None, bodies: Sequence[Json]) -> list[Json]:
        """A whole set takes the place of the old one; commands of the same name keep their ids."""
        found = Found()
        check_all(bodies, found)
        found.refuse()
        self.puts += 1
        held = self.held(app, server)
        before = {(one["type"], one["name"]): one for one in held.values()}
        self._count(app, [one for one in bodies if (one.get("type", 1), one["name"]) not in before])
        held.clear()
        for body in bodies:
            earlier = before.get((body.get("type", 1), body["name"]))
            self._keep(app, server, body, int(earlier["id"]) if earlier else self.world.ids.new())
        self.world.changed()
        return list(held.values())

    def add(self, app: Application, server: int | None, body: Json) -> Json:
        found = Found()
        check(body, (), found)
        found.refuse()
        held = self.held(app, server)
        same = [one for one in held.values() if (one["type"], one["name"]) == (body.get("type", 1), body["name"])]
        if not same:
            self._count(app, [body])
        return self._keep(app, server, body, int(same[0]["id"]) if same else self.world.ids.new())

    def _count(self, app: Application, new: Sequence[Json]) -> None:
        now = self.world.clock.now()
        app.creates_today = [at for at in app.creates_today if now - at < 86_400] + [now] * len(new)
        if len(app.creates_today) > 200:
            raise refused("too many commands")

    def _keep(self, app: Application, server: int | None, body: Json, id_: int) -> Json:
        command: Json = {
            "id": str(id_),
            "application_id": str(app.id),
            "version": str(self.world.ids.new()),
            "type": 1,
            "description": "",
            "default_member_permissions": None,
            "dm_permission": True,
            "contexts": None,
            "integration_types": [0],
            "nsfw": False,
            "options": [],
        } | {key: value for key, value in body.items() if value is not None or key == "default_member_permissions"}
        if server is not None:
            command["guild_id"] = str(server)
        self.held(app, server)[id_] = command
        return command

    # What a person sees of them.

    def offered(self, app: Application, user: User, channel: Channel) -> Iterator[Json]:
        """The commands that a client offers to somebody in a channel."""
        server = channel.server
        everything = [*app.commands.values(), *(app.of_server.get(server.id, {}).values() if server else ())]
        for command in everything:
            if command["type"] == 1 and self._offers(command, app, user, channel):
                yield command

    def _offers(self, command: Json, app: Application, user: User, channel: Channel) -> bool:
        server = channel.server
        contexts, kinds = command.get("contexts"), command.get("integration_types") or [0]
        context = 0 if server else (1 if app.user in channel.recipients else 2)
        if contexts is not None and context not in contexts:
            return False
        if server is None:
            return context == 1 or user.id in app.installed_by
        if app.id not in server.members:
            return 1 in kinds and user.id in app.installed_by
        if 0 not in kinds and user.id not in app.installed_by:
            return False
        if not permissions.may(channel, user, permissions.Can.USE_APPLICATION_COMMANDS):
            return False
        needed = command.get("default_member_permissions")
        may = permissions.on_server(server, user)
        if needed is None:
            return True
        return bool(may & permissions.Can.ADMINISTRATOR) or (int(needed) != 0 and may & int(needed) == int(needed))

    def typed(
        self, app: Application, user: User, channel: Channel, line: str, given: dict[str, Any], focused: str = ""
    ) -> tuple[Json, dict[str, Attachment]]:
        """The data of an interaction for `viva documents add` with its options; as strict as a client is."""
        names = line.split()
        offered = {one["name"]: one for one in self.offered(app, user, channel)}
        assert names[0] in offered, (
            f"there is no command /{names[0]} here for {user.name}; there are: {sorted(offered)}"
        )
        command = at = offered[names[0]]
        path = []
        for name in names[1:]:
            inner = {one["name"]: one for one in at["options"] if one["type"] in (SUBCOMMAND, GROUP)}
            assert name in inner, f"/{line}: there is no {name!r}; there are: {sorted(inner)}"
            at = inner[name]
            path.append(at)
        options, files = _given(line, at.get("options") or [], given, focused)
        for one in reversed(path):
            options = [{"type": one["type"], "name": one["name"], "options": options}]
        data: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return data, files


def _given(line: str, known: Sequence[Json], given: dict[str, Any], focused: str) -> tuple[list[Json], dict[str, Any]]:
    by_name = {one["name"]: one for one in known}
    inner = sorted(name for name, one in by_name.items() if one["type"] in (SUBCOMMAND, GROUP))
    assert not inner, f"/{line} is not a command by itself; there are: {inner}"
    for name in given:
        assert name in by_name, f"/{line} has no option {name!r}; there are: {sorted(by_name)}"
    missing = [name for name, one in by_name.items() if one.get("required") and name not in given and not focused]
    assert not missing, f"/{line} needs {missing}"
    options, files = [], {}
    for name, value in given.items():
        option = by_name[name]
        if option["type"] == FILE:
            files[name] = value
        value = value if name == focused else _fits(line, option, value)
        options.append(
            {"type": option["type"], "name": name, "value": value} | ({"focused": True} if name == focused else {})
        )
    return options, files


def _fits(line: str, option: Json, value: Any) -> Any:
    """The value, as a client would let it be typed; AssertionError where it would not."""
    kind, name = option["type"], option["name"]
    kinds = {TEXT: str, INTEGER: int, BOOLEAN: bool, NUMBER: (int, float)}
    if kind in kinds:
        wrong = isinstance(value, bool) and kind != BOOLEAN
        assert isinstance(value, kinds[kind]) and not wrong, f"/{line} {name}: a client takes no {value!r} here"  # type: ignore[arg-type]
    if option.get("choices"):
        by_label = {choice["name"]: choice["value"] for choice in option["choices"]}
        assert value in by_label or value in by_label.values(), f"/{line} {name}: choose from {sorted(by_label)}"
        return by_label.get(value, value)
    if kind in (INTEGER, NUMBER):
        low, high = option.get("min_value"), option.get("max_value")
        assert (low is None or value >= low) and (high is None or value <= high), f"/{line} {name}: {low} to {high}"
    if kind == TEXT:
        low, high = option.get("min_length") or 0, option.get("max_length") or 6000
        assert low <= len(value) <= high, f"/{line} {name}: {low} to {high} characters"
    if kind in (PERSON, PLACE, ROLE, MENTIONABLE, FILE):
        return str(value.id)
    return value
