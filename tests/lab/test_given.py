"""What data and GPUs give to sandboxes, in real sandboxes: it is all there, and nothing beside it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import LabUnavailable
from bot.lab.datasets import open_digits
from bot.lab.download import Source
from bot.lab.gpu import read_devices
from bot.lab.gpu_room import driver_libraries, gpu_room
from bot.lab.sandbox import Bind, Room, Sandbox
from tests.lab.digits import mnist_folder
from tests.lab.trees import CUDA_BUILD, Card, machine, torch_at


@pytest.fixture
def sandbox() -> Sandbox:
    made = Sandbox()
    if why := made.unavailable():
        if os.environ.get("VIVA_CI"):
            pytest.fail(why)
        pytest.skip(why)
    return made


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder that is not under /tmp, which sandboxes have their own of."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        yield Path(folder)


async def shown(sandbox: Sandbox, room: Room) -> list[str]:
    confined = await sandbox.start(room)
    try:
        return (await confined.stdout.read()).decode().splitlines()
    finally:
        await confined.kill()
        await confined.wait()


def shell(text: str) -> tuple[str, ...]:
    return ("/bin/sh", "-c", text)


async def test_digits_under_a_private_folder_are_there_to_read_and_not_to_write(
    sandbox: Sandbox, outside: Path
) -> None:
    before = os.umask(0o077)
    try:
        digits = open_digits(mnist_folder(outside / "mnist"), outside / "home", source=Source(mirrors=()))
    finally:
        os.umask(before)
    (outside / "home").chmod(0o700)
    look = (
        "cd /viva/data; ls; wc -c < x_train.npy; cat *.npy | wc -c; (echo x > y_train.npy) 2>&-  || echo kept;"
        f" ls -d {digits.folder.parent}/held {outside}/mnist 2>&1 | grep -c 'No such file'"
    )
    said = await shown(sandbox, Room(shell(look), binds=(Bind(digits.folder, "/viva/data"),)))
    whole = 128 + 30 * 784
    assert said == ["x_train.npy", "y_train.npy", str(whole), str(whole + 128 + 30), "kept", "2"]


async def test_a_gpus_nodes_and_libraries_are_there_and_no_other_gpus(sandbox: Sandbox, outside: Path) -> None:
    outside.chmod(0o755)
    places = machine(outside / "root", Card("0000:18:00.0", 1), Card("0000:c1:00.0", 0))
    found = read_devices(places, lambda: torch_at(outside, CUDA_BUILD))
    lent = outside / "lent"
    lent.mkdir()
    (lent / "libcuda.so.580.1").write_text("the driver")
    (lent / "libcuda.so.1").symlink_to("libcuda.so.580.1")
    given = gpu_room(found.gpus[0], driver_libraries("", [lent]))
    look = (
        f"ls {places.dev}; ls /viva/nvidia; cat $LD_LIBRARY_PATH/libcuda.so.1; echo; echo $CUDA_VISIBLE_DEVICES;"
        " ls -d /sys/class; (echo x > /sys/class/x) 2>&- || echo closed"
    )
    try:
        said = await shown(
            sandbox,
            Room(shell(look), given.binds, 512, 20, given.devices, given.sys_readonly, given.environment),
        )
    except LabUnavailable as error:
        pytest.fail(str(error))
    assert said == [
        *("nvidia-uvm", "nvidia-uvm-tools", "nvidia1", "nvidiactl"),
        *("libcuda.so.1", "libcuda.so.580.1"),
        *("the driver", found.gpus[0].uuid, "/sys/class", "closed"),
    ]
