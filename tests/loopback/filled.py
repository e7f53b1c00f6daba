"""How a client fills in a form: what it lets one enter, and the shape in which it sends that off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.loopback import reading
from tests.loopback.world import Attachment

if TYPE_CHECKING:
    from tests.loopback.shown import Field, Modal

Json = dict[str, Any]


def form(modal: Modal, texts: Sequence[str], named: dict[str, Any], files: Sequence[Attachment]) -> list[Json]:
    """The components of a submission."""
    entered: dict[str, Any] = {}
    boxes = [one for one in modal.fields.values() if one.kind == "text"]
    assert len(texts) <= len(boxes), f"there are {len(boxes)} fields for text: {[one.label for one in boxes]}"
    for box, text in zip(boxes, texts, strict=False):
        entered[box.custom_id] = text
    for name, value in named.items():
        entered[modal.field(name).custom_id] = value
    uploads = [one for one in modal.fields.values() if one.kind == "file"]
    assert not files or uploads, "there is no field for files"
    if uploads:
        entered[uploads[0].custom_id] = [str(one.id) for one in files]
    for one in modal.fields.values():
        _allowed(one, entered.get(one.custom_id, one.value))
    return [_sent(part, entered) for part in modal.components]


def _allowed(field: Field, value: Any) -> None:
    """What a client would not send off."""
    if field.kind == "text":
        text = value or ""
        assert text or not field.required, f"{field.label!r} must be filled in"
        assert not text or field.least <= len(text) <= field.most, (
            f"{field.label!r}: {field.least} to {field.most} characters"
        )
    elif field.kind == "file":
        many = len(value or ())
        assert many or not field.required, f"{field.label!r} needs a file"
        assert not many or field.least <= many <= field.most, f"{field.label!r}: {field.least} to {field.most} files"


def _sent(part: Json, entered: dict[str, Any]) -> Json:
    sent: Json = {"type": part["type"], "id": part.get("id", 0)}
    match part["type"]:
        case 1:
            return sent | {"components": [_value(one, entered) for one in part["components"]]}
        case 18:
            return sent | {"component": _value(part["component"], entered)}
        case _:
            return sent


def _value(part: Json, entered: dict[str, Any]) -> Json:
    custom = part["custom_id"]
    sent: Json = {"type": part["type"], "id": part.get("id", 0), "custom_id": custom}
    match part["type"]:
        case 4:
            return sent | {"value": entered.get(custom, part.get("value") or "")}
        case 21:
            return sent | {"value": entered.get(custom)}
        case 23:
            return sent | {"value": bool(entered.get(custom, part.get("default")))}
        case _:
            given = entered.get(custom, [])
            values = [given] if isinstance(given, str) else list(given)
            return sent | {"values": [_option(part, one) for one in values]}


def _option(part: Json, label: str) -> str:
    return next((one["value"] for one in part.get("options") or () if label in (one["label"], one["value"])), label)


def selected(components: Sequence[Json], labels: Sequence[str]) -> Json:
    """The data of choosing from the select that has these options."""
    for one in reading.walk(components):
        if one["type"] == 3:
            by_label = {option["label"]: option["value"] for option in one["options"]}
            if all(label in by_label for label in labels):
                assert not one.get("disabled"), "the select is off"
                return {
                    "component_type": 3,
                    "custom_id": one["custom_id"],
                    "values": [by_label[label] for label in labels],
                }
    raise AssertionError(f"no select offers {list(labels)}")
