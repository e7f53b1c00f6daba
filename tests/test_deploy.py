"""What lies in `deploy/` fits the program: its settings, its ports, how it is told to end and how long that takes.

It starts no service and builds no image.
"""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # brought by chromadb

from bot.commands.serve import LAST
from bot.errors import WrongUsage
from bot.settings import Settings
from bot.surfaces.discord.metrics import HOST
from tests.candidates import ROOT

DEPLOY = ROOT / "deploy"
KNOWN = {str(field.validation_alias or f"VIVA_{name.upper()}") for name, field in Settings.model_fields.items()}
OURS = re.compile(r"\b((?:VIVA|DISCORD)_[A-Z_]+)\b")


@pytest.fixture
def unit() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names as they are written
    parser.read(DEPLOY / "viva.service", encoding="utf-8")
    return parser["Service"]


@pytest.fixture
def service() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["viva"]


@pytest.fixture
def dockerfile() -> str:
    return (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ["viva.service", "compose.yaml", "Dockerfile"])
def test_every_setting_that_is_named_exists(file: str) -> None:
    named = set(OURS.findall((DEPLOY / file).read_text(encoding="utf-8")))
    assert named and named <= KNOWN


def test_the_settings_that_are_given_are_taken(service: dict, dockerfile: str) -> None:
    in_image = dict(re.findall(r"\b(VIVA_[A-Z_]+)=(\S+)", dockerfile))
    for given in (service["environment"], in_image):
        values = {name.removeprefix("VIVA_").lower(): value for name, value in given.items() if name in KNOWN}
        assert Settings(_env_file=None, **values).home == Path("/data")


def test_the_unit_lets_it_end(unit: configparser.SectionProxy) -> None:
    assert unit["KillSignal"] == "SIGTERM" and float(unit["TimeoutStopSec"]) > LAST
    assert unit["RestartPreventExitStatus"] == str(WrongUsage.exit_code) and unit["Restart"] == "on-failure"


def test_the_unit_keeps_its_data_where_it_may_write(unit: configparser.SectionProxy) -> None:
    # Not in Environment=, which what the owner wrote into the other file would go before.
    assert unit["ExecStart"].startswith(f"/usr/bin/env VIVA_HOME=/var/lib/{unit['StateDirectory']} /")
    assert unit["User"] not in ("root", "0") and unit["ExecStart"].endswith("/viva serve")
    assert unit["StateDirectoryMode"] == "0700" and unit["UMask"] == "0077"


def test_the_unit_leaves_the_sandbox_what_it_needs(unit: configparser.SectionProxy) -> None:
    for option in ("RestrictNamespaces", "ProtectKernelTunables", "ProtectKernelLogs", "ProcSubset", "ProtectHostname"):
        assert option not in unit
    assert "AF_NETLINK" in unit["RestrictAddressFamilies"].split()
    assert {"@mount", "sethostname"} <= set(unit["SystemCallFilter"].split())


def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("there is no systemd-analyze here")
    text = (DEPLOY / "viva.service").read_text(encoding="utf-8")
    here = re.sub(r"^(User|Group)=.*$", r"\1=root", text.replace("/opt/viva/.venv/bin/viva", "/bin/true"), flags=re.M)
    (tmp_path / "viva.service").write_text(here, encoding="utf-8")
    done = subprocess.run([tool, "verify", "--man=no", tmp_path / "viva.service"], capture_output=True, text=True)
    assert done.returncode == 0 and "viva.service" not in done.stderr, done.stderr


def test_the_container_is_let_end(service: dict, dockerfile: str) -> None:
    assert service["stop_signal"] == "SIGTERM" and float(service["stop_grace_period"].removesuffix("s")) > LAST
    assert "STOPSIGNAL SIGTERM" in dockerfile
    assert re.search(r'^ENTRYPOINT \["[^"]+/viva"\]$', dockerfile, re.MULTILINE), "no shell between it and its signals"


def test_the_container_comes_back_and_does_not_begin_again_and_again(service: dict, dockerfile: str) -> None:
    """on-failure would not bring it back after a restart of the machine, which it ends for with 0."""
    assert service["restart"] == "unless-stopped" and 'CMD ["serve", "--hold"]' in dockerfile
    assert "command" not in service and "entrypoint" not in service


def test_the_container_is_nobody_special(service: dict, dockerfile: str) -> None:
    assert re.search(r"^USER (?!root|0)\w+$", dockerfile, re.MULTILINE) and service["cap_drop"] == ["ALL"]
    assert service["read_only"] and "no-new-privileges:true" in service["security_opt"]
    assert service["volumes"] == ["data:/data"] and "VOLUME /data" in dockerfile


def test_health_is_asked_where_it_is_served(service: dict, dockerfile: str) -> None:
    port = service["environment"]["VIVA_METRICS_PORT"]
    assert f"http://{HOST}:{port}/healthz" in dockerfile and f"VIVA_METRICS_PORT={port}" in dockerfile
    assert "ports" not in service, "health and metrics are for this machine alone"


def test_no_secret_gets_into_the_image_or_the_repository() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {"**/.env", "deploy/viva.env", ".git"} <= set(ignored)
    assert "deploy/viva.env" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    build = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["viva"]["build"]
    assert (DEPLOY / build["context"]).resolve() == ROOT and (ROOT / build["dockerfile"]).is_file()
