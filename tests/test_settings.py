"""`.env.example` and the settings say the same."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings, complaint
from tests.candidates import ROOT


def test_the_example_lists_every_setting_with_its_default():
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    fields = {str(f.validation_alias or f"VIVA_{name.upper()}"): f for name, f in Settings.model_fields.items()}
    assert example.keys() == fields.keys()
    for name, value in example.items():
        default = fields[name].default if fields[name].default_factory is None else None
        assert value == ("" if default is None else str(default)), name


def test_every_setting_says_what_it_is_for():
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("lab", "ray", "VIVA_LAB does not fit: `ray` is not there yet; take `bubblewrap`"),
        ("lab", "docker", "VIVA_LAB does not fit"),
        ("lab_device", "gpu", "VIVA_LAB_DEVICE does not fit: write `auto`, `cpu`, or `cuda:` and a number"),
        ("lab_device", "cuda:0\n", "VIVA_LAB_DEVICE does not fit"),
        ("lab_device", "cuda:-1", "VIVA_LAB_DEVICE does not fit"),
        ("persona", "rude", "VIVA_PERSONA does not fit: write friendly, neutral or grilling. See"),
        ("grader", "me", "VIVA_GRADER does not fit: write offline or llm. See"),
        ("lab_warm", "-1", "VIVA_LAB_WARM does not fit"),
        ("lab_warm", "two", "VIVA_LAB_WARM does not fit"),
        ("silence", "-1", "VIVA_SILENCE does not fit"),
        ("silence", "61", "VIVA_SILENCE does not fit"),
    ],
)
def test_what_does_not_fit_is_named(name: str, value: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        Settings(_env_file=None, **{name: value})  # type: ignore[arg-type]  # as the environment would have it
    said = complaint(wrong.value)
    assert sentence in said and "Value error" not in said


def test_the_settings_of_the_lab_are_read(tmp_path: Path) -> None:
    given = {"LAB": "off", "LAB_DEVICE": "cuda:1", "LAB_WARM": "0", "MNIST_DIR": "/data/mnist"}
    unset = {name: value for name, value in given.items() if f"VIVA_{name}" not in os.environ}
    (tmp_path / "env").write_text("".join(f"VIVA_{name}={value}\n" for name, value in unset.items()))
    settings = Settings(_env_file=tmp_path / "env").model_dump(include={name.lower() for name in unset})
    assert {name.upper(): str(value) for name, value in settings.items()} == unset
