"""A CUDA job and attacks on a GPU from within the sandbox, for a machine that has one: python -m tests.lab.gpu_attacks

It prints a line for each, with the device named, and ends with 1 when an attack succeeded. Without a GPU that programs
may have it says why and ends with 0. It knows nothing of the queue and the harness.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from bot.lab.gpu import Gpu, offer, read_devices
from bot.lab.gpu_room import find_libraries, gpu_room
from bot.lab.gpu_watch import GpuWatch, NoAnswer, process_tree
from bot.lab.sandbox import Confined, Room, Sandbox, interpreter

HOST_MEMORY = 8192
PATTERN = 0x5A17C0DE

TRAINS = """
import time, torch
x = torch.rand(8192, 784, device="cuda")
y = torch.randint(0, 10, (8192,), device="cuda")
model = torch.nn.Sequential(torch.nn.Linear(784, 256), torch.nn.ReLU(), torch.nn.Linear(256, 10)).cuda()
optimizer = torch.optim.Adam(model.parameters(), 1e-2)
begun, first = time.monotonic(), None
for _ in range(200):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    first = first or loss.item()
took = round(time.monotonic() - begun, 3)
print("held" if loss.item() < first else "no learning", torch.cuda.get_device_name(), took)
"""
OTHER_GPUS = """
import glob, os, torch
mine = sorted(name for name in glob.glob("/dev/nvidia[0-9]*"))
made = []
for minor in range(16):
    name = f"/dev/nvidia{minor}"
    if name in mine: continue
    try:
        os.mknod(f"/work/gpu{minor}", 0o020666, os.makedev(195, minor))
        os.close(os.open(f"/work/gpu{minor}", os.O_RDWR))
        made.append(name)
    except OSError: pass
os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(map(str, range(16)))
print("held" if len(mine) == 1 and not made and torch.cuda.device_count() <= 1 else f"reached {mine} {made}")
"""
HOG = """
import time, torch
kept = []
print("begun", flush=True)
while True:
    kept.append(torch.ones(64 * 2**20, device="cuda")); torch.cuda.synchronize(); time.sleep(0.1)
"""
HANGS = """
import torch
print("begun", flush=True)
torch.cuda._sleep(1)
while True:
    torch.cuda._sleep(10**12)
    torch.cuda.synchronize()
"""
LEAVES = f"""
import torch
secret = torch.full((64 * 2**20,), {PATTERN}, dtype=torch.int32, device="cuda")
torch.cuda.synchronize()
print("begun", flush=True)
import time; time.sleep(60)
"""
READS = f"""
import torch
found = 0
kept = []
for _ in range(64):
    try: block = torch.empty(64 * 2**20, dtype=torch.int32, device="cuda")
    except torch.OutOfMemoryError: break
    kept.append(block)
    found += int((block == {PATTERN}).sum())
print("held" if not found else f"read {{found}} words of an earlier program")
"""
WRITES_SYS = """
import os
done = []
for folder, _, names in os.walk("/sys", onerror=None):
    if folder.count("/") > 6: continue
    for name in names:
        path = os.path.join(folder, name)
        if os.path.islink(path): continue
        try:
            os.close(os.open(path, os.O_WRONLY))
            done.append(path)
        except OSError: pass
for name in ("/sys/kernel/debug/x", "/sys/fs/cgroup/x", "/sys/x"):
    try: os.mkdir(name); done.append(name)
    except OSError: pass
print("held" if not done else f"opened for writing {done[:3]} of {len(done)}")
"""


@dataclass(frozen=True)
class Place:
    """What an attack works in: one GPU of this machine."""

    sandbox: Sandbox
    gpu: Gpu
    watch: GpuWatch
    room: Callable[[str], Room]

    async def start(self, program: str) -> Confined:
        return await self.sandbox.start(self.room(program))

    async def said(self, program: str, seconds: float = 90) -> str:
        """The last line that a program prints, or how it failed."""
        confined = await self.start(program)
        try:
            async with asyncio.timeout(seconds):
                printed, errors = await asyncio.gather(confined.stdout.read(), confined.stderr.read())
            lines = (printed or errors).decode(errors="replace").split("\n")
            return next((line for line in reversed(lines) if line.strip()), "nothing was printed")
        except TimeoutError:
            return "took too long"
        finally:
            await confined.kill()

    async def begun(self, program: str) -> Confined:
        """A program that has said that it has begun."""
        confined = await self.start(program)
        line = await asyncio.wait_for(confined.stdout.readline(), 90)
        if line != b"begun\n":
            why = (await confined.stderr.read()).decode(errors="replace")[-300:]
            await confined.kill()
            raise RuntimeError(f"it did not begin: {why}")
        return confined


def place_of(gpu: Gpu) -> Place:
    """Real sandboxes with this GPU and no other."""
    given = gpu_room(gpu, find_libraries())
    environment = {"HOME": "/work", "PATH": "/usr/bin:/bin", **given.environment}

    def room(program: str) -> Room:
        command = (sys.executable, "-I", "-B", "-c", program)
        binds = (*interpreter(), *given.binds)
        return Room(command, binds, HOST_MEMORY, 300, given.devices, given.sys_readonly, environment)

    return Place(Sandbox(), gpu, GpuWatch(gpu), room)


async def hog(place: Place) -> str:
    """Takes memory without end: noticed from outside, and gone after it is killed."""
    before = (await place.watch.memory()).used
    confined = await place.begun(HOG)
    try:
        held = await asyncio.wait_for(place.watch.over(lambda: process_tree(confined.pid), before), 60)
    except TimeoutError:
        return "was not noticed"
    finally:
        await confined.kill()
    return f"held ({held} MiB when it was killed)" if await place.watch.cleared(before) else "left memory behind"


async def hangs(place: Place) -> str:
    """A kernel that does not end: killed, and the GPU works for the next."""
    before = (await place.watch.memory()).used
    confined = await place.begun(HANGS)
    await asyncio.sleep(2)
    begun = time.monotonic()
    await asyncio.wait_for(confined.kill(), 60)
    took = time.monotonic() - begun
    if not await place.watch.cleared(before, within=30):
        return "the GPU was not free again"
    after = await place.said(TRAINS)
    return f"held (gone after {took:.1f} s)" if after.startswith("held") else f"the next failed: {after}"


async def leaves(place: Place) -> str:
    """What an earlier program had in the GPU's memory is not there for the next to read."""
    before = (await place.watch.memory()).used
    confined = await place.begun(LEAVES)
    await confined.kill()
    await place.watch.cleared(before)
    return await place.said(READS)


ATTACKS: dict[str, Callable[[Place], Awaitable[str]]] = {
    "a job that trains": lambda place: place.said(TRAINS),
    "another GPU": lambda place: place.said(OTHER_GPUS),
    "a memory hog": hog,
    "a kernel that hangs": hangs,
    "what an earlier job left": leaves,
    "writing to /sys": lambda place: place.said(WRITES_SYS),
}


def tell(line: str) -> None:
    """Writes a line at once: an attack may take the process along."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main() -> int:
    """Runs them all on the first GPU."""
    devices = read_devices()
    offered = offer("auto", devices)
    why = Sandbox().unavailable() or (None if offered.gpus else offered.says or "There is no NVIDIA GPU here.")
    if why:
        tell(f"skipped: {why} {devices.mend}".rstrip())
        return 0
    place = place_of(offered.gpus[0])
    tell(f"on {place.gpu.name}, driver {devices.driver}, torch {devices.torch}")
    failed = 0
    for name, attack in ATTACKS.items():
        said = "nvidia-smi does not say how much is held"
        with suppress(NoAnswer):
            try:
                said = await attack(place)
            except (RuntimeError, TimeoutError) as error:
                said = f"failed: {error}"
        failed += not said.startswith("held")
        tell(f"{name}: {said}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
