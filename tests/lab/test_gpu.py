"""GPUs as they look on disk: which are there, what stands in the way, and what one program is given of them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import WrongUsage
from bot.lab.gpu import Devices, Gpu, Offer, Places, Torch, offer, read_devices, read_torch, torch_version_file
from bot.lab.gpu_room import driver_libraries, find_libraries, gpu_room
from bot.lab.sandbox.room import Bind
from tests.lab.trees import CLOSED_MODULE, CPU_BUILD, CUDA_BUILD, OPEN_MODULE, Card, machine, torch_at

ONE = Card("0000:18:00.0", 0)
# On this machine the second card on the bus has the first node: numbers of nodes are no numbers of CUDA's.
SWAPPED = (Card("0000:18:00.0", 1, "NVIDIA A100"), Card("0000:c1:00.0", 0, "NVIDIA T4"))


def devices(tmp_path: Path, places: Places, build: str | None = CUDA_BUILD) -> Devices:
    file = torch_at(tmp_path / "torch", build) if build else None
    return read_devices(places, lambda: file)


def test_gpus_are_counted_by_the_bus_and_opened_by_their_own_node(tmp_path: Path) -> None:
    found = devices(tmp_path, places := machine(tmp_path / "root", *SWAPPED))
    assert found.trouble == ""
    assert found.usable == (
        Gpu(0, places.dev / "nvidia1", "NVIDIA A100", SWAPPED[0].uuid),
        Gpu(1, places.dev / "nvidia0", "NVIDIA T4", SWAPPED[1].uuid),
    )
    assert [gpu.device for gpu in found.gpus] == ["cuda:0", "cuda:1"]


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (OPEN_MODULE.format("580.159.03"), "580.159.03"),
        (CLOSED_MODULE.format("515.65.01"), "515.65.01"),
        (CLOSED_MODULE.replace("x86_64 Kernel Module", "Open Kernel Module for aarch64").format("540.4.0"), "540.4.0"),
        ("NVRM version: something new\n", ""),
    ],
)
def test_the_drivers_version_is_read_in_both_its_forms(tmp_path: Path, text: str, version: str) -> None:
    assert devices(tmp_path, machine(tmp_path / "root", ONE, driver=text)).driver == version


def test_a_container_that_hides_the_drivers_list_shows_its_nodes(tmp_path: Path) -> None:
    places = machine(tmp_path / "root", *SWAPPED, driver="")
    for about in places.driver.glob("gpus/*/information"):
        about.unlink()
    assert devices(tmp_path, places).usable == (Gpu(0, places.dev / "nvidia0"), Gpu(1, places.dev / "nvidia1"))


def test_a_gpu_whose_node_is_not_passed_into_the_container_is_none(tmp_path: Path) -> None:
    places = machine(tmp_path / "root", *SWAPPED, without=("nvidia1",))
    assert devices(tmp_path, places).usable == (Gpu(0, places.dev / "nvidia0", "NVIDIA T4", SWAPPED[1].uuid),)


def test_a_uuid_that_the_driver_hides_is_not_used(tmp_path: Path) -> None:
    places = machine(tmp_path / "root", ONE)
    about = places.driver / "gpus" / ONE.bus / "information"
    about.write_text(about.read_text().replace(ONE.uuid, "GPU-????????-????-????-????-????????????"))
    assert devices(tmp_path, places).gpus[0].uuid == ""


@pytest.mark.parametrize(
    ("build", "version", "cuda"),
    [
        (CPU_BUILD, "2.13.0+cpu", ""),
        (CUDA_BUILD, "2.13.0+cu130", "13.0"),
        ("__version__ = '2.4.0'\ndebug = False\ncuda = '12.1'\n", "2.4.0", "12.1"),
        (
            "__version__ = '2.13.0+rocm6.3'\ncuda: Optional[str] = None\nhip: Optional[str] = '6.3'\n",
            "2.13.0+rocm6.3",
            "",
        ),
    ],
)
def test_the_build_of_torch_is_read_as_text(tmp_path: Path, build: str, version: str, cuda: str) -> None:
    assert read_torch(torch_at(tmp_path, build)) == Torch(version, cuda)


def test_no_torch_is_no_torch(tmp_path: Path) -> None:
    assert read_torch(None) is None
    assert read_torch(tmp_path / "none") is None
    assert read_torch(torch_at(tmp_path, "nothing = 1\n")) is None


def test_the_installed_torch_is_found_without_importing_it(root: Path) -> None:
    show = (
        "import sys; from bot.lab.gpu import *; print(read_torch(torch_version_file()));"
        " read_devices(); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", show], cwd=root, capture_output=True, text=True, check=True)
    said = done.stdout.splitlines()
    assert said[-1] == "False"
    if torch_version_file() is None:
        pytest.skip("PyTorch is not installed")
    assert said[0].startswith("Torch(version='")


@pytest.mark.parametrize(
    ("build", "trouble", "mend"),
    [
        (CPU_BUILD, "There is a GPU (NVIDIA H200), but torch is the CPU build.", "Run: make interview TORCH=cuda"),
        (None, "There is a GPU (NVIDIA H200), but PyTorch is not installed.", "Run: make interview TORCH=cuda"),
    ],
)
def test_a_gpu_without_the_build_for_it_is_named_with_the_command(
    tmp_path: Path, build: str | None, trouble: str, mend: str
) -> None:
    found = devices(tmp_path, machine(tmp_path / "root", ONE), build)
    assert (found.trouble, found.mend) == (trouble, mend)
    assert found.usable == ()
    assert offer("auto", found) == Offer((), trouble)


@pytest.mark.parametrize(
    ("driver", "cuda", "fits"),
    [("570.10", "13.0", False), ("580.10", "13.0", True), ("525.60.13", "12.8", True), ("470.1", "12.8", False)],
)
def test_a_driver_too_old_for_the_build_is_named(tmp_path: Path, driver: str, cuda: str, fits: bool) -> None:
    places = machine(tmp_path / "root", ONE, driver=OPEN_MODULE.format(driver))
    found = devices(tmp_path, places, CUDA_BUILD.replace("13.0'\nhip", f"{cuda}'\nhip"))
    assert bool(found.usable) is fits
    assert fits or (driver in found.trouble and "or newer" in found.mend)


@pytest.mark.parametrize("name", ["nvidiactl", "nvidia-uvm"])
def test_a_node_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    places = machine(tmp_path / "root", ONE, without=(name,))
    found = devices(tmp_path, places)
    assert f"{places.dev / name} is missing" in found.trouble
    assert "nvidia-modprobe" in found.mend


def test_a_node_that_others_may_not_open_is_no_use_to_root_who_drops(tmp_path: Path) -> None:
    places = machine(tmp_path / "root", ONE)
    (places.dev / "nvidia0").chmod(0o660)
    assert devices(tmp_path, places).trouble == "" or os.geteuid() != 0
    found = devices(tmp_path, replace(places, root=True))
    assert "nvidia0 cannot be used (programs do not run as root" in found.trouble


def test_a_node_without_a_driver_behind_it_is_no_gpu(tmp_path: Path) -> None:
    places = machine(tmp_path / "root", ONE)
    (places.dev / "nvidiactl").unlink()
    # Opening a socket answers ENXIO, as a node without a driver does; its path may be too long to bind.
    with socket.socket(socket.AF_UNIX) as listening:
        where = os.open(places.dev, os.O_RDONLY)
        try:
            listening.bind(f"/proc/self/fd/{where}/nvidiactl")
        finally:
            os.close(where)
        assert "no driver behind it" in devices(tmp_path, places).trouble


def test_machines_without_a_gpu_say_what_they_lack(tmp_path: Path) -> None:
    none = devices(tmp_path, machine(tmp_path / "none", driver=""), CPU_BUILD)
    assert (none.gpus, none.trouble) == ((), "")
    assert offer("auto", none) == Offer()
    loaded = devices(tmp_path, machine(tmp_path / "loaded"), CUDA_BUILD)
    assert "no GPU under /dev" in loaded.trouble
    windows = machine(tmp_path / "wsl", driver="")
    (windows.dev / "dxg").write_bytes(b"")
    assert "WSL2" in devices(tmp_path, windows).trouble
    for vendor, kind, named in (
        ("0x10de", "0x030000", True),
        ("0x10de", "0x0c0330", False),
        ("0x8086", "0x030000", False),
    ):
        card = machine(tmp_path / f"{vendor}{kind}", driver="")
        (card.pci / "0000:01:00.0").mkdir(parents=True)
        (card.pci / "0000:01:00.0" / "vendor").write_text(f"{vendor}\n")
        (card.pci / "0000:01:00.0" / "class").write_text(f"{kind}\n")
        assert ("no driver for it" in devices(tmp_path, card).trouble) is named


def test_the_setting_chooses_among_what_is_there(tmp_path: Path) -> None:
    found = devices(tmp_path, machine(tmp_path / "root", *SWAPPED))
    assert offer("auto", found) == Offer(found.gpus)
    assert offer("cpu", found) == Offer()
    assert offer("cuda:1", found) == Offer(found.gpus[1:])
    assert offer("cuda:1", found).gpu("cuda:1") == found.gpus[1]
    assert offer("cuda:1", found).gpu("cpu") is None
    missing = offer("cuda:2", found)
    assert missing.gpus == ()
    assert missing.says == (
        "VIVA_LAB_DEVICE asks for cuda:2, which programs cannot have, so they run on the CPU."
        " This machine has cuda:0, cuda:1."
    )
    assert "no NVIDIA GPU" in offer("cuda:0", Devices()).says
    assert "CPU build" in offer("cuda:0", devices(tmp_path, machine(tmp_path / "cpu", ONE), CPU_BUILD)).says


@pytest.mark.parametrize("wanted", ["gpu", "cuda", "cuda:-1", "cuda:0,1", "cuda:x", "", "cuda:0\n"])
def test_a_setting_that_names_no_device_is_refused(wanted: str) -> None:
    with pytest.raises(WrongUsage, match="as in cuda:0"):
        offer(wanted, Devices())


def test_one_gpu_is_given_and_no_node_of_another(tmp_path: Path) -> None:
    found = devices(tmp_path, places := machine(tmp_path / "root", *SWAPPED))
    room = gpu_room(found.gpus[0], {})
    assert room.devices == tuple(
        places.dev / name for name in ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia1")
    )
    assert places.dev / "nvidia0" not in gpu_room(found.gpus[0], {}).devices
    assert places.dev / "nvidia1" not in gpu_room(found.gpus[1], {}).devices
    assert room.sys_readonly
    assert room.environment == {
        "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
        "CUDA_VISIBLE_DEVICES": SWAPPED[0].uuid,
        "CUDA_CACHE_DISABLE": "1",
    }
    assert gpu_room(replace(found.gpus[1], uuid=""), {}).environment["CUDA_VISIBLE_DEVICES"] == "0"


def test_a_driver_without_the_tools_node_does_without(tmp_path: Path) -> None:
    places = machine(tmp_path / "root", ONE, without=("nvidia-uvm-tools",))
    room = gpu_room(devices(tmp_path, places).gpus[0], {})
    assert [node.name for node in room.devices] == ["nvidiactl", "nvidia-uvm", "nvidia0"]


def driver_at(folder: Path, release: str) -> Path:
    """A folder with a driver's libraries and their links, as its installer leaves them; and what nobody needs."""
    folder.mkdir(parents=True)
    for name, short in (
        ("libcuda", "1"),
        ("libnvidia-ml", "1"),
        ("libnvidia-ptxjitcompiler", "1"),
        ("libnvidia-nvvm", "4"),
    ):
        (folder / f"{name}.so.{release}").write_text(release)
        (folder / f"{name}.so.{short}").symlink_to(f"{name}.so.{release}")
        (folder / f"{name}.so").symlink_to(f"{name}.so.{short}")
    for name in ("libnvidia-gpucomp", "libnvidia-glcore", "libGLX_nvidia"):
        (folder / f"{name}.so.{release}").write_text(release)
    return folder


NEEDED = {"libcuda.so.1", "libnvidia-ml.so.1", "libnvidia-ptxjitcompiler.so.1", "libnvidia-nvvm.so.4"}


def test_libraries_come_from_the_loaders_list_for_this_architecture(tmp_path: Path) -> None:
    lib, old = driver_at(tmp_path / "lib", "580.95.05"), driver_at(tmp_path / "lib32", "580.95.05")
    names = sorted(path.name for path in lib.iterdir() if not path.name.endswith(".so"))
    listing = "3 libs found in cache `/etc/ld.so.cache'\n" + "".join(
        f"\t{name} (libc6) => {old / name}\n\t{name} (libc6,x86-64) => {lib / name}\n" for name in names
    )
    found = driver_libraries(listing, [], "x86_64")
    assert set(found) >= NEEDED | {"libnvidia-gpucomp.so.580.95.05"}
    assert not {name for name in found if "GL" in name or "glcore" in name}
    assert {path.parent for path in found.values()} == {lib}
    assert not any(path.is_symlink() for path in found.values())
    assert driver_libraries(listing, [], "aarch64") == {}
    assert driver_libraries("", [], "x86_64") == {}


def test_a_folder_that_the_loader_looks_into_first_wins_and_is_not_mixed(tmp_path: Path) -> None:
    lent, installed = driver_at(tmp_path / "lent", "580.1.1"), driver_at(tmp_path / "lib", "550.1.1")
    (lent / "libnvidia-nvvm.so.4").unlink()
    listing = "".join(f"\t{path.name} (libc6,x86-64) => {path}\n" for path in installed.iterdir())
    found = driver_libraries(listing, [tmp_path / "nothing", lent], "x86_64")
    assert {path.read_text() for path in found.values()} == {"580.1.1"}
    assert "libnvidia-nvvm.so.4" not in found
    assert find_libraries(f"{tmp_path / 'nothing'}:{lent}:") == found


def test_libraries_are_bound_as_files_under_one_name_each(tmp_path: Path) -> None:
    found = driver_libraries("", [driver_at(tmp_path / "lent", "580.1.1")])
    room = gpu_room(Gpu(0, Path("/dev/nvidia0")), found)
    assert Bind(tmp_path / "lent" / "libcuda.so.580.1.1", "/viva/nvidia/libcuda.so.1") in room.binds
    assert room.environment["LD_LIBRARY_PATH"] == "/viva/nvidia"
    assert all(bind.host.is_file() and not bind.host.is_symlink() for bind in room.binds)
