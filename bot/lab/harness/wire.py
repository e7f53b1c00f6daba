"""The two ends of the job's pipes: frames in from the host, lines and bytes out. It knows nothing of what they mean."""

from __future__ import annotations

import fcntl
import json
import math
import os
import resource
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

LONGEST_LINE = 16 * 1024
CHANNEL = 3
ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


class Wire:
    """Frames from one file descriptor, lines to another. A pipe that was broken by the program is written no more."""

    def __init__(self, source: int, sink: int) -> None:
        self.source = source
        self.sink = sink
        self.nonce = ""
        self.pid = os.getpid()
        self.lock = threading.Lock()

    @classmethod
    def take(cls) -> Wire:
        """Takes fd 0 and 3 out of the way: input() meets an end at once, and a stray os.close(3) hurts nobody."""
        room = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 4, 900)
        wire = cls(*(fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, room) for fd in (0, CHANNEL)))
        nothing = os.open("/dev/null", os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(CHANNEL)
        if nothing != CHANNEL:
            os.close(nothing)
        return wire

    def line(self, kind: str, **fields: Any) -> None:
        """One line of JSON; fields that would make it too long are cut down to nothing, `seen` piece by piece."""
        said = {"type": kind, **({"nonce": self.nonce} if self.nonce else {}), **fields}
        self.write(fitting(said))

    def line_and_bytes(self, kind: str, data: bytes, width: int = 1, **fields: Any) -> None:
        """A line that says how many values follow, and the values."""
        self.line(kind, count=len(data) // width, **fields)
        self.write(data)

    def write(self, data: bytes) -> None:
        if os.getpid() != self.pid:
            return  # a worker that the program forked
        with self.lock:
            rest = memoryview(data)
            try:
                while rest:
                    rest = rest[os.write(self.sink, rest) :]
            except OSError:
                return  # the program closed it: the host sees the end of the pipe

    def frame(self) -> dict[str, Any] | None:
        """The next frame, or None when the host has hung up."""
        try:
            size = int.from_bytes(self.raw(4), "big")
            return dict(json.loads(bytes(self.raw(size))))
        except (EOFError, OSError):
            return None

    def raw(self, size: int) -> bytearray:
        """Exactly so many bytes; EOFError when there are fewer."""
        data = bytearray()
        while len(data) < size:
            piece = os.read(self.source, min(size - len(data), 1 << 20))
            if not piece:
                raise EOFError
            data += piece
        return data

    def images(self, rows: int, shape: tuple[int, ...]) -> torch.Tensor:
        """So many images, as a uint8 tensor."""
        import torch

        data = self.raw(rows * math.prod(shape))
        return torch.frombuffer(data, dtype=torch.uint8).reshape(rows, *shape)


def fitting(said: dict[str, Any]) -> bytes:
    """The line as bytes, shortened until it fits: what is longest in `seen` goes first."""
    line = dumped(said)
    while len(line) > LONGEST_LINE and said.get("seen"):
        seen = dict(said["seen"])
        longest = max(seen, key=lambda key: len(dumped(seen[key])))
        value = seen.pop(longest)
        if isinstance(value, list) and len(value) > 1:
            seen[longest] = value[: len(value) // 2]
        said = {**said, "seen": seen}
        line = dumped(said)
    return line


def dumped(said: Any) -> bytes:
    try:
        line = ENCODER.encode(said)
    except ValueError:
        line = ENCODER.encode(finite(said))
    return line.encode("ascii") + b"\n"


def finite(value: Any) -> Any:
    """The same with nan and infinities as strings, which every reader of JSON takes."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {str(key): finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    return value
