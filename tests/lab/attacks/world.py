"""What attacks try to reach on the host: secrets, files, a process, servers, memory. It attacks nothing."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

IPC_CREATE, IPC_REMOVE = 0o1000, 0
LEFT = b"as it was"


def secret() -> str:
    return f"viva-secret-{secrets.token_hex(16)}"


@dataclass(frozen=True, eq=False)
class World:
    """All of it, as it is before an attack; the properties tell what has become of it."""

    folder: Path
    owner: int  # the user whose files and processes these are
    file_secret: str
    closed_secret: str
    victim_secret: str
    memory_secret: str
    queue_secret: str
    key_secret: str
    environment_secret: str
    name: str
    victim: subprocess.Popen[bytes]
    prey: subprocess.Popen[bytes]
    shared: int
    servers: dict[str, socket.socket]

    @cached_property
    def files(self) -> list[Path]:
        """A home, a checkout, the bot's database, its settings."""
        names = ("home/.ssh/id", "checkout/.env", "viva/viva.db", "viva/settings.env")
        return [self.folder / name for name in names]

    @property
    def data(self) -> Path:
        """What is bound into the sandbox, with all that is wrong with it."""
        return self.folder / "data"

    def told(self) -> dict[str, Any]:
        """What an attacker might know: names, numbers and paths, but no secret."""
        disk = self.folder.stat().st_dev
        return {
            "files": [str(path) for path in self.files],
            "folders": [str(self.folder), str(self.data), str(self.folder / "viva")],
            "name": self.name,
            "victim": self.victim.pid,
            "prey": self.prey.pid,
            "addresses": ["127.0.0.1", *addresses()],
            "tcp": self.servers["tcp"].getsockname()[1],
            "udp": self.servers["udp"].getsockname()[1],
            "abstract": self.name,
            "socket": str(self.folder / "viva/socket"),
            "shm": self.shared,
            "queue": self.name,
            "key": self.name,
            "disk": [os.major(disk), os.minor(disk)],
            "processor": min(os.sched_getaffinity(0)),
            "typed": "typed\n",
            "written": "written",
        }

    def reached(self, name: str) -> bool:
        """True when somebody has come to this server since it was asked last."""
        server, found = self.servers[name], False
        with contextlib.suppress(BlockingIOError):
            while True:
                if name == "udp":
                    server.recv(100)
                else:
                    server.accept()[0].close()
                found = True
        return found

    def untouched(self) -> bool:
        """True when every file is there, as it was, and no other is."""
        expected = {path: path.read_text() == f"x={self.file_secret}\n" for path in self.files if path.exists()}
        there = {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()}
        known = {*(str(path.relative_to(self.folder)) for path in self.files), "data/open", "data/closed", "data/cat"}
        data = self.data / "open"
        kept = data.exists() and data.read_bytes() == LEFT and data.stat().st_mode & 0o777 == 0o666
        return len(expected) == len(self.files) and all(expected.values()) and there == known and kept

    def alive(self) -> bool:
        return self.prey.poll() is None


@contextlib.contextmanager
def world(folder: Path, owner: int) -> Iterator[World]:
    """A world that belongs to `owner`, and is gone afterwards."""
    name = f"/viva-test-{secrets.token_hex(8)}"
    victim_secret = secret()
    with contextlib.ExitStack() as stack:
        made = World(
            folder, owner, secret(), secret(), victim_secret, secret(), secret(), secret(), secret(), name.lstrip("/"),
            stack.enter_context(_victim(victim_secret, owner)),
            stack.enter_context(_victim("prey", owner)),
            stack.enter_context(_shared_memory()),
            stack.enter_context(_servers(folder, name.lstrip("/"))),
        )  # fmt: skip
        _files(made)
        stack.enter_context(_memory(made))
        stack.enter_context(_queue(name, made.queue_secret))
        _given_away(made)
        yield made


def _files(made: World) -> None:
    for path in made.files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"x={made.file_secret}\n")
    made.data.mkdir()
    (made.data / "open").write_bytes(LEFT)
    (made.data / "closed").write_text(made.closed_secret)
    shutil.copy("/bin/cat", made.data / "cat")
    for shared in (Path("/dev/shm"), Path("/tmp")):
        (shared / made.name).write_text(made.file_secret)


def _given_away(made: World) -> None:
    """To its owner; but one file is closed, and one program is root's and runs as root."""
    for path in (made.folder, *made.folder.rglob("*")):
        if os.geteuid() == 0:
            os.chown(path, made.owner, made.owner)
        path.chmod(0o777 if path == made.data else 0o755 if path.is_dir() else 0o644)
    (made.data / "open").chmod(0o666)
    if os.geteuid() == 0:
        os.chown(made.data / "closed", 0, 0)
        os.chown(made.data / "cat", 0, 0)
    (made.data / "closed").chmod(0o600)
    (made.data / "cat").chmod(0o4755)


@contextlib.contextmanager
def _victim(secret: str, owner: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process whose secrets stand in its arguments, its environment and its memory."""
    user: dict[str, Any] = {"user": owner, "group": owner, "extra_groups": []} if os.geteuid() == 0 else {}
    process = subprocess.Popen(
        [secret, "1000"], executable="/bin/sleep", env={"KEY": secret}, stdin=subprocess.DEVNULL, **user
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _servers(folder: Path, name: str) -> Iterator[dict[str, socket.socket]]:
    (folder / "viva").mkdir(parents=True)
    kinds: dict[str, tuple[int, int, Any]] = {
        "tcp": (socket.AF_INET, socket.SOCK_STREAM, ("0.0.0.0", 0)),
        "udp": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
        "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, f"\0{name}"),
        "file": (socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "viva/socket")),
    }
    with contextlib.ExitStack() as stack:
        servers = {}
        for kind, (family, way, address) in kinds.items():
            server = servers[kind] = stack.enter_context(socket.socket(family, way))
            server.bind(address)
            server.setblocking(False)
            if kind != "udp":
                server.listen()
        yield servers


@contextlib.contextmanager
def _shared_memory() -> Iterator[int]:
    library = ctypes.CDLL(None, use_errno=True)
    made = library.shmget(0, 4096, IPC_CREATE | 0o666)
    assert made >= 0
    try:
        yield made
    finally:
        library.shmctl(made, IPC_REMOVE, None)


@contextlib.contextmanager
def _memory(made: World) -> Iterator[None]:
    library = ctypes.CDLL(None, use_errno=True)
    library.shmat.restype = ctypes.c_void_p
    library.shmdt.argtypes = [ctypes.c_void_p]
    place = library.shmat(made.shared, None, 0)
    ctypes.memmove(place, made.memory_secret.encode(), len(made.memory_secret))
    library.shmdt(place)
    try:
        yield
    finally:
        for shared in (Path("/dev/shm"), Path("/tmp")):
            (shared / made.name).unlink(missing_ok=True)


@contextlib.contextmanager
def _queue(name: str, secret: str) -> Iterator[None]:
    library = ctypes.CDLL("librt.so.1" if Path("/lib/x86_64-linux-gnu/librt.so.1").exists() else None, use_errno=True)
    before = os.umask(0)
    about = ctypes.create_string_buffer(struct.pack("8l", 0, 4, 256, 0, 0, 0, 0, 0))
    queue = library.mq_open(name.encode(), os.O_RDWR | os.O_CREAT, 0o666, about)
    os.umask(before)
    assert queue >= 0
    assert library.mq_send(queue, secret.encode(), len(secret), 0) == 0
    try:
        yield
    finally:
        os.close(queue)
        library.mq_unlink(name.encode())


def addresses() -> list[str]:
    """This machine's own, but for the loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # sends nothing
            return [asked.getsockname()[0]]
        except OSError:
            return []
