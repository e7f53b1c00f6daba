"""What the lab needs from the system: found, asked for, and named; also as on machines that the tests never run on."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import system_packages
from scripts.system_packages import Lacking

BOTH = ("bubblewrap", "libseccomp")


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def command(folder: Path, name: str, script: str = "exit 0") -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def not_there(name: str) -> object:
    raise OSError(f"{name}: cannot open shared object file")


def test_each_is_looked_for_by_itself(bin_folder: Path) -> None:
    assert system_packages.missing(str(bin_folder), not_there) == BOTH
    command(bin_folder, "bwrap")
    assert system_packages.missing(str(bin_folder), not_there) == ("libseccomp",)
    assert system_packages.missing(str(bin_folder), str) == ()


def test_nothing_is_looked_for_where_nothing_is_missing(bin_folder: Path) -> None:
    command(bin_folder, "sudo", f"touch {bin_folder}/asked")
    assert system_packages.lacking((), str(bin_folder), root=False) == Lacking()
    assert not (bin_folder / "asked").exists()


def test_root_needs_no_sudo(bin_folder: Path) -> None:
    command(bin_folder, "apt-get")
    found = system_packages.lacking(BOTH, str(bin_folder), root=True)
    assert found.installable and found.as_root == ()
    assert found.by_hand() == "apt-get install bubblewrap libseccomp2"


def test_sudo_that_wants_a_password_is_not_used(bin_folder: Path) -> None:
    command(bin_folder, "apt-get")
    command(bin_folder, "sudo", '[ "$1" = -n ] && exit 1')
    found = system_packages.lacking(BOTH, str(bin_folder), root=False)
    assert not found.installable and found.commands() == ()
    assert found.by_hand() == "sudo apt-get install bubblewrap libseccomp2"


def test_sudo_without_a_password_is(bin_folder: Path) -> None:
    command(bin_folder, "apt-get")
    command(bin_folder, "sudo")
    found = system_packages.lacking(("bubblewrap",), str(bin_folder), root=False)
    assert found.installable
    for words in found.commands():
        assert words[:2] == (str(bin_folder / "sudo"), "-n")
        assert "DEBIAN_FRONTEND=noninteractive" in " ".join(words), "sudo drops the environment that it is given"


@pytest.mark.parametrize(
    ("tool", "packages", "flag", "by_hand"),
    [
        ("apt-get", ("bubblewrap", "libseccomp2"), "-y", "sudo apt-get install bubblewrap libseccomp2"),
        ("dnf", BOTH, "-y", "sudo dnf install bubblewrap libseccomp"),
        ("zypper", BOTH, "--non-interactive", "sudo zypper install bubblewrap libseccomp"),
        ("pacman", BOTH, "--noconfirm", "sudo pacman -S bubblewrap libseccomp"),
    ],
)
def test_each_system_installs_by_its_own_command(
    bin_folder: Path, tool: str, packages: tuple[str, ...], flag: str, by_hand: str
) -> None:
    command(bin_folder, tool)
    found = system_packages.lacking(BOTH, str(bin_folder), root=True)
    first = found.commands()[0]
    assert tool in first and flag in first and first[-2:] == packages
    assert Lacking(BOTH, tool).by_hand() == by_hand


def test_without_a_known_command_a_person_is_told(bin_folder: Path) -> None:
    found = system_packages.lacking(BOTH, str(bin_folder), root=True)
    assert not found.installable and "your system's packages" in found.by_hand()


def test_lists_that_are_not_there_are_fetched_when_the_first_attempt_failed(bin_folder: Path) -> None:
    command(bin_folder, "apt-get")
    _, second = system_packages.lacking(BOTH, str(bin_folder), root=True).commands()
    script = second[-1]
    assert second[:2] == ("sh", "-c") and script.index("apt-get update") < script.index("apt-get install")
