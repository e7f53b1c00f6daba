"""The data folder is closed to others, however it was found; what is not Viva's keeps its rights."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import pictures
from bot.app.alone import alone, name_of
from bot.app.clock import steady
from bot.app.closed import openness
from bot.app.home import now, prepare_home
from bot.app.logs import ClosedFile
from bot.app.records import open_records
from bot.commands.doctor import opened
from bot.settings import Settings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="elsewhere folders are closed by where they lie")


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """Most systems let others read what is made."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def settings(home: Path) -> Settings:
    return Settings(_env_file=None, home=home)


def test_a_folder_that_was_there_is_closed_with_all_that_is_vivas(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    for name in ("index", "pictures", "backups", "terminal", ".cache"):
        (home / name).mkdir(mode=0o755)
    for name in ("viva.db", "viva.db-wal", "viva.log.1", "serve.lock", "discord-commands", "today.viva"):
        (home / name).touch(0o644)
    assert prepare_home(settings(home)) == home
    assert mode(home) == 0o700
    assert {name.name: mode(name) for name in home.iterdir() if mode(name) & 0o077} == {".cache": 0o755}
    assert openness(home) is None


def test_a_folder_with_other_files_stays_open_and_what_is_vivas_is_closed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    (home / "thesis.tex").touch(0o644)
    (home / "viva.db").symlink_to(home / "thesis.tex")
    (home / "viva.log").touch(0o644)
    (home / "documents").mkdir(mode=0o755)
    prepare_home(settings(home))
    assert mode(home / "documents") == 0o755, "it may be anybody's"
    assert (mode(home), mode(home / "thesis.tex"), mode(home / "viva.log")) == (0o755, 0o644, 0o600)
    found = openness(home)
    assert found is not None and "other files than Viva's" in found[0] and "VIVA_HOME=" in found[1]
    assert [(one.name, one.status) for one in opened(settings(home))] == [("data folder", "warn")]


def test_a_folder_that_is_everybodys_stays_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o1777)
    prepare_home(settings(home))
    assert mode(home) == 0o777 | stat.S_ISVTX


def test_what_is_made_is_closed_from_the_start(tmp_path: Path) -> None:
    """Also where the folder itself is not."""
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    (home / "thesis.tex").touch(0o644)

    async def work() -> None:
        store = await open_records(settings(home))
        await store.create("s", "ann", "terminal")
        await store.backup(home / "today.viva")
        await store.forget("ann")
        made.update({path.name: mode(path) for path in home.iterdir()})
        await store.close()

    made: dict[str, int] = {}
    log = ClosedFile(home / "viva.log", maxBytes=1, backupCount=1, delay=True)
    with alone(prepare_home(settings(home))):
        name_of(home)
        steady(home, now())
        asyncio.run(pictures.keep(home, "s", "17", "board.png", b"pixels"))
        log.acquire()
        log.stream = log._open()
        log.stream.close()
        asyncio.run(work())
    made.pop("thesis.tex")
    assert {"viva.db", "viva.db-wal", "viva.db-shm", "viva.log", "serve.lock", "serve.id", "clock.json"} < made.keys()
    assert {name: oct(how) for name, how in made.items() if how & 0o077} == {}
    assert mode(home / "pictures" / "s" / "17-board.png") == 0o600


def test_a_folder_of_somebody_elses_is_named(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may give a folder away")
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    os.chown(home, 12345, 12345)
    prepare_home(settings(home))
    assert mode(home) == 0o755
    found = openness(home)
    assert found is not None and "another user (number 12345)" in found[0]
    assert openness(tmp_path / "nowhere") is None
