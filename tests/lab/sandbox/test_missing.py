"""Whatever is missing, it is said with the command that gets it."""

from __future__ import annotations

import pytest

from bot.lab.sandbox import Sandbox, Tools
from bot.lab.sandbox.missing import old, parts, refused


@pytest.mark.parametrize(
    ("tools", "package"),
    [
        (Tools(bwrap="bwrap-not-here"), "bubblewrap"),
        (Tools(libseccomp="libseccomp-not-here.so.2"), "libseccomp"),
        (Tools(prlimit="prlimit-not-here"), "util-linux"),
    ],
)
def test_a_missing_part_is_named_with_what_gets_it(tools: Tools, package: str) -> None:
    why = Sandbox(tools=tools).unavailable()
    if why and "takes Linux" in why:
        pytest.skip(why)
    assert why
    assert "not-here" in why
    assert package in why.partition("Get it ")[2]


async def test_a_sandbox_that_is_not_to_be_had_says_so_in_its_status() -> None:
    status = Sandbox(tools=Tools(bwrap="bwrap-not-here")).describe()
    assert status["isolation"] is None
    assert "bwrap-not-here" in status["unavailable"]


def test_other_systems_are_told_where_it_runs() -> None:
    assert "WSL2" in str(parts(Tools(), platform="win32"))


def test_an_old_bubblewrap_is_told_from_a_new_one() -> None:
    assert old("--args FD --size BYTES --add-seccomp-fd FD") is None
    assert "too old" in str(old("--args FD --seccomp FD"))


def test_a_container_that_hides_proc_is_told_what_to_allow() -> None:
    assert "systempaths=unconfined" in refused("bwrap: Can't mount proc on /newroot/proc: Operation not permitted")


def test_anything_else_is_quoted() -> None:
    assert "the moon is full" in refused("bwrap: the moon is full\n")
    assert "container" not in refused("bwrap: the moon is full\n")
    assert "seccomp=unconfined" in refused("bwrap: No permissions to create new namespace")
