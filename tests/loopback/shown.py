"""What a client shows for a command, a click or a form: a message, a form, "is thinking", or that nothing came."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.loopback import filled, reading
from tests.loopback.interactions import DEFER, DEFER_UPDATE, PATIENCE, Interaction
from tests.loopback.world import Message

if TYPE_CHECKING:
    from tests.loopback.server import Loopback

Json = dict[str, Any]
NO_RESPONSE = "The application did not respond"
KINDS = {4: "text", 3: "select", 19: "file", 21: "radio", 22: "boxes", 23: "box"}


@dataclass(frozen=True)
class Field:
    """Something to fill in."""

    label: str
    custom_id: str
    kind: str
    value: Any
    required: bool
    least: int
    most: int
    placeholder: str = ""
    description: str = ""
    long: bool = False


class Modal:
    """A form over the screen."""

    def __init__(self, interaction: Interaction) -> None:
        assert interaction.modal is not None
        self.interaction = interaction
        self.title: str = interaction.modal["title"]
        self.custom_id: str = interaction.modal["custom_id"]
        self.components: list[Json] = interaction.modal["components"]
        self.texts: list[str] = reading.texts(self.components)
        self.fields: dict[str, Field] = {one.label: one for one in self._fields()}

    @property
    def text(self) -> str:
        """All there is to read above the fields."""
        return "\n".join(self.texts)

    def _fields(self) -> list[Field]:
        fields = []
        for part in self.components:
            if part["type"] == 18:
                fields.append(_field(part["component"], part["label"], part.get("description") or ""))
            elif part["type"] == 1:
                fields += [_field(one, one.get("label") or "", "") for one in part["components"]]
        return fields

    def field(self, name: str) -> Field:
        """By its label, by words of it, or by its custom id."""
        wanted = _plain(name)
        for match in (
            lambda one: wanted in (_plain(one.label), _plain(one.custom_id)),
            lambda one: wanted in _plain(one.label),
        ):
            found = [one for one in self.fields.values() if match(one)]
            if len(found) == 1:
                return found[0]
        raise AssertionError(f"the form {self.title!r} has no field {name!r}; there are: {list(self.fields)}")

    def __repr__(self) -> str:
        return f"<Modal {self.title!r}: {', '.join(self.fields)}>"


def _plain(text: str) -> str:
    return re.sub(r"\W+", "_", text.lower()).strip("_")


def _field(part: Json, label: str, description: str) -> Field:
    kind = KINDS.get(part["type"], "other")
    text = kind == "text"
    least, most = ("min_length", "max_length") if text else ("min_values", "max_values")
    return Field(
        label,
        part["custom_id"],
        kind,
        part.get("value") or ("" if text else None),
        part.get("required") is not False,
        part.get(least) or (0 if text else 1),
        part.get(most) or (4000 if text else 1),
        part.get("placeholder") or "",
        description,
        part.get("style") == 2,
    )


class Shown:
    """What came of it so far; it changes as the bot goes on."""

    def __init__(self, discord: Loopback, interaction: Interaction) -> None:
        self.discord = discord
        self.interaction = interaction
        self.did = interaction.did
        self.failed = ""

    async def comes(self, seconds: float) -> Shown:
        """Until something is shown that is not "is thinking", or until it is clear that nothing comes."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.interaction.answered.wait(), PATIENCE + 0.05)
        if self.interaction.answer is None:
            self.failed = NO_RESPONSE
        elif self.interaction.answer == DEFER and seconds:
            with contextlib.suppress(AssertionError):
                await self.discord.world.until(lambda: not self.thinking, seconds, str)
        return self

    @property
    def deferred(self) -> bool:
        """The first response said no more than that the bot is at it."""
        return self.interaction.answer in (DEFER, DEFER_UPDATE)

    @property
    def thinking(self) -> bool:
        return (
            self.interaction.original is not None
            and self.interaction.original.thinking
            and not self.interaction.original.deleted
        )

    @property
    def modal(self) -> Modal | None:
        return Modal(self.interaction) if self.interaction.modal is not None else None

    @property
    def messages(self) -> list[Message]:
        """What was said for it, follow-ups among them; a message that a click changed is one of them."""
        said = [self.interaction.original, *self.interaction.follow_ups]
        return [one for one in said if one is not None and not one.deleted]

    @property
    def message(self) -> Message:
        assert self.messages, f"nothing is shown for {self.did}: {self}"
        return self.messages[0]

    @property
    def text(self) -> str:
        """All there is to read of it."""
        if self.failed:
            return self.failed
        if self.modal is not None:
            return "\n".join([self.modal.title, *self.modal.texts])
        return "\n".join(one.text for one in self.messages)

    @property
    def ephemeral(self) -> bool:
        """Shown to this person alone."""
        return all(one.ephemeral for one in self.messages)

    @property
    def buttons(self) -> Any:
        return self.message.buttons

    @property
    def took(self) -> float | None:
        """Seconds to the first response."""
        return self.interaction.took

    def __repr__(self) -> str:
        return f"<Shown for {self.did}: {self.failed or self.modal or self.messages}>"


__all__ = ["Field", "Modal", "Shown", "filled"]
