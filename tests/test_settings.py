"""`.env.example` and the settings say the same."""

from __future__ import annotations

import re

from bot.settings import Settings
from tests.candidates import ROOT


def test_the_example_lists_every_setting_with_its_default():
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    fields = {f"VIVA_{name.upper()}": field for name, field in Settings.model_fields.items()}
    assert example.keys() == fields.keys()
    for name, value in example.items():
        default = fields[name].default if fields[name].default_factory is None else None
        assert value == ("" if default is None else str(default)), name


def test_every_setting_says_what_it_is_for():
    assert all(field.description for field in Settings.model_fields.values())
