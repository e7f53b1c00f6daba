"""PRIVACY.md and the owner's page say what the code does: every figure, every setting, every permission."""

from __future__ import annotations

import re

import pytest

from bot.app.clock import STEADY_DAYS
from bot.app.logs import LOG_BYTES
from bot.app.records import TRUSTED_DAYS
from bot.running import MOST_OUTPUT
from bot.settings import Settings
from bot.store.leaving import SERVER_KEPT
from bot.store.linking import GOOD_FOR, WITHIN
from bot.surfaces.discord.inviting import ASKED, SCOPES, permissions
from bot.surfaces.discord.metrics import Metrics
from tests.candidates import ROOT

PRIVACY = (ROOT / "PRIVACY.md").read_text(encoding="utf-8")
OWNERS = (ROOT / "docs/discord.md").read_text(encoding="utf-8")
DAYS = Settings.model_fields["retention_days"].default


def flat(text: str) -> str:
    return " ".join(text.split())


def test_every_figure_in_the_privacy_page_is_the_codes() -> None:
    figures = {
        f"**{DAYS} days**",
        f"**{MOST_OUTPUT:,}** characters",
        f"**{GOOD_FOR.total_seconds() / 60:.0f}** minutes",
        f"**{WITHIN.total_seconds() / 3600:.0f}** hour",
        f"**{LOG_BYTES / 1e6:.0f}** MB",
        f"the last **{SEVEN}** days",
        f"**{TRUSTED_DAYS}** days",
        f"**{STEADY_DAYS}** days",
        f"after **{SERVER_KEPT.days}** days",
    }
    for figure in figures:
        assert figure in flat(PRIVACY), figure
    named = set(re.findall(r"\*\*([\d,]+)(?: days)?\*\*", PRIVACY))
    assert named == {re.findall(r"\*\*([\d,]+)", figure)[0] for figure in figures}
    others = re.sub(r"\*\*[\d,]+(?: days)?\*\*|VIVA_MESSAGE_CONTENT=1|2 files", "", PRIVACY)
    assert not re.findall(r"\d+", others), "a figure that no test holds"


SEVEN = 7


def test_the_counts_are_of_as_many_days_as_the_page_says() -> None:
    source = (ROOT / "bot/surfaces/discord/cogs/managing.py").read_text(encoding="utf-8")
    assert re.findall(r"timedelta\(days=(\d+)\)", source) == [str(SEVEN)]


def test_the_page_asks_for_what_the_code_asks_for() -> None:
    value = str(permissions().value)
    assert set(re.findall(r"permissions=(\d+)", OWNERS)) == {value} and f"together are {value}" in OWNERS
    assert f"scope={'+'.join(SCOPES)}" in OWNERS
    table = OWNERS.partition("| permission | what for")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ([A-Z][^|]+) \|", table, re.MULTILINE)
    assert sorted(rows) == sorted(name for name, _ in ASKED.values())


@pytest.mark.parametrize("page", [PRIVACY, OWNERS], ids=["PRIVACY.md", "docs/discord.md"])
def test_every_setting_that_is_named_exists(page: str) -> None:
    known = {str(field.validation_alias or f"VIVA_{name.upper()}") for name, field in Settings.model_fields.items()}
    assert set(re.findall(r"\b(?:VIVA|DISCORD)_[A-Z_]+\b", page)) <= known


def test_the_owners_page_names_every_setting_with_its_default() -> None:
    for name, field in Settings.model_fields.items():
        variable = str(field.validation_alias or f"VIVA_{name.upper()}")
        assert f"`{variable}`" in OWNERS, variable
    assert f"deleted | {DAYS} |" in OWNERS and "| `info` |" in OWNERS


def test_every_series_that_an_alarm_is_on_exists() -> None:
    series = {sample.name for family in Metrics("1").registry.collect() for sample in family.samples}
    series |= {f"{family.name}_total" for family in Metrics("1").registry.collect()}
    assert set(re.findall(r"\b(viva_[a-z_]+)\b(?!:/)", OWNERS)) <= series


@pytest.mark.parametrize("page", ["PRIVACY.md", "docs/discord.md", "README.md"])
def test_what_is_linked_is_there(page: str) -> None:
    file = ROOT / page
    text = file.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    for link in links:
        path, _, anchor = link.partition("#")
        target = file.parent / path if path else file
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}, link


def test_every_sentence_that_the_owner_may_see_is_one_that_is_said() -> None:
    modules = (
        "bot/commands/serve.py",
        "bot/settings.py",
        "bot/store/faults.py",
        "bot/store/opening.py",
        *(f"bot/app/{m}.py" for m in ("alone", "home")),
        *(f"bot/surfaces/discord/{m}.py" for m in ("metrics", "starting")),
    )
    sources = [(ROOT / module).read_text(encoding="utf-8") for module in modules]
    said = flat(" ".join(sources)).replace("`", "").replace('" "', "").replace('" f"', "")
    table = OWNERS.partition("## When something goes wrong")[2]
    seen = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    sentences = [one for cell in seen for one in re.findall(r"`([^`]+)`", cell) if one[0].isupper() or one[0] == "…"]
    assert len(sentences) >= 12
    for part in (part.rstrip("5").strip() for sentence in sentences for part in sentence.split("…")):
        assert part in said, part
