"""A real PostgreSQL for tests: the one packaged for pip, else the system's. It listens on a socket only."""

from __future__ import annotations

import importlib
import os
import shutil
import signal
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SYSTEMS = ("/usr/lib/postgresql/*/bin", "/usr/local/opt/postgresql*/bin", "/opt/homebrew/opt/postgresql*/bin")


class Unavailable(Exception):
    """No PostgreSQL can be started here; the message says why."""


@contextmanager
def server() -> Iterator[str]:
    """The folder of the socket of a server that is stopped and gone afterwards."""
    # Not under pytest's folders: those are 0700, and as root the server runs as a user of its own.
    folder = Path(tempfile.mkdtemp(prefix="viva-pg-"))
    folder.chmod(0o755)
    try:
        with _packaged(folder / "data") if _has_package() else _installed(folder / "data") as socket:
            _forgetful(folder / "data")
            yield socket
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _forgetful(data: Path) -> None:
    """Nothing waits for the disk: no test is about a machine that falls."""
    with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write("\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")
    os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGHUP)


def _has_package() -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns that there is no XDG_RUNTIME_DIR
            importlib.import_module("pgserver")
    except ImportError:
        return False
    return True


@contextmanager
def _packaged(data: Path) -> Iterator[str]:
    from pgserver.postgres_server import get_server

    try:
        running = get_server(data, cleanup_mode="delete")
    except (OSError, subprocess.SubprocessError) as error:
        raise Unavailable(f"the packaged PostgreSQL does not start: {error}") from error
    try:
        yield str(running.get_postmaster_info().socket_dir)
    finally:
        running.cleanup()


@contextmanager
def _installed(data: Path) -> Iterator[str]:
    found = [Path(p) for p in (shutil.which("pg_ctl"),) if p]
    found += sorted((file for place in SYSTEMS for file in Path("/").glob(f"{place[1:]}/pg_ctl")), reverse=True)
    if not found:
        raise Unavailable("there is no PostgreSQL: neither the package pgserver nor the system's pg_ctl")
    command = found[0]
    user = _other_user()
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(data, user)
    try:
        subprocess.run(
            [command, "initdb", "-D", data, "-o", "-A trust -U postgres -E UTF8"],
            check=True,
            user=user,
            stdout=subprocess.DEVNULL,
        )
        options = f"-c listen_addresses='' -k {data}"
        subprocess.run(
            [command, "start", "-w", "-D", data, "-l", data / "log", "-o", options],
            check=True,
            user=user,
            stdout=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Unavailable(f"the system's PostgreSQL does not start: {error}") from error
    try:
        yield str(data)
    finally:
        subprocess.run(
            [command, "stop", "-m", "immediate", "-D", data], check=False, user=user, stdout=subprocess.DEVNULL
        )


def _other_user() -> str | None:
    """As root the server has to run as somebody else."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


async def new_database(socket: str) -> str:
    """The URL of a fresh, empty database on the server."""
    import asyncpg

    name = f"viva_{uuid.uuid4().hex}"
    connection = await asyncpg.connect(host=socket, user="postgres", database="postgres")
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    finally:
        await connection.close()
    return f"postgresql://postgres@/{name}?host={socket}"


async def drop(socket: str, url: str) -> None:
    """Removes a database that `new_database` made."""
    import asyncpg

    name = url.rpartition("?")[0].rpartition("/")[2]
    connection = await asyncpg.connect(host=socket, user="postgres", database="postgres")
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        await connection.close()
