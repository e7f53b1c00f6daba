"""A Python that has brought in PyTorch once, and becomes the harness in a child of its own for each job. It runs none.

Started by path as `python -I -B nursery.py MAIN FD`, where FD is a socket: a message is the options of a job, with its
descriptors 0 to 3. The answer is the child's id; the next message ends it.
"""

from __future__ import annotations

import fcntl
import importlib
import json
import os
import runpy
import signal
import socket
import sys
from pathlib import Path


def bring_in(main: Path) -> None:
    """What the harness imports before it says that it is warm."""
    harness = runpy.run_path(str(main))
    os.environ.update(OMP_NUM_THREADS="1", OMP_WAIT_POLICY="PASSIVE", MKL_NUM_THREADS="1")  # as `main` sets them
    harness["be_a_package"](main.parent)
    importlib.import_module("bot.lab.harness.warmth").warm_up("cpu", 1, step=False)
    for name in harness["EVERYTHING"]:
        importlib.import_module(f"bot.lab.harness.{name}")


def options_of_a_child(channel: socket.socket) -> list[str]:
    """Returns in children alone, with the options of a job."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, 1 << 16, 4)
        if not message:
            os._exit(0)
        child = os.fork()
        if child == 0:
            channel.close()
            place(descriptors)
            return [str(option) for option in json.loads(message)]
        for descriptor in descriptors:
            os.close(descriptor)
        channel.send(str(child).encode())
        channel.recv(64)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        channel.send(b"gone")


def place(descriptors: list[int]) -> None:
    """Makes them 0, 1, 2 and 3."""
    aside = [fcntl.fcntl(one, fcntl.F_DUPFD, 100) for one in descriptors]
    for one in descriptors:
        os.close(one)
    for number, one in enumerate(aside):
        os.dup2(one, number)
        os.close(one)


if __name__ == "__main__":
    __file__, descriptor = sys.argv[1:]
    bring_in(Path(__file__))
    sys.argv = [__file__, *options_of_a_child(socket.socket(fileno=int(descriptor)))]
    exec(compile(Path(__file__).read_bytes(), __file__, "exec"))
