"""Digits from a folder and the stand-in: whole ones are read, faulty ones are named, nothing else is used instead."""

from __future__ import annotations

import asyncio
import gzip
import os
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.errors import LabUnavailable
from bot.lab import kept_digits
from bot.lab.datasets import AtHand, Digits, digits_at_hand, digits_ready, open_digits
from bot.lab.download import Source
from bot.lab.harness.mnist import Mnist
from bot.lab.stand_in import digits_file, scaled, stand_in
from tests.lab.digits import image_file, label_file, mnist_folder

NOWHERE = Source(mirrors=())


def fault(folder: Path, home: Path) -> str:
    with pytest.raises(LabUnavailable) as caught:
        open_digits(folder, home, source=NOWHERE)
    assert digits_at_hand(folder, home).state == "missing"
    return str(caught.value)


@pytest.mark.parametrize("packed", [True, False])
def test_a_folder_gives_its_digits_as_they_lie(tmp_path: Path, packed: bool) -> None:
    digits = open_digits(mnist_folder(tmp_path / "mnist", packed=packed), tmp_path / "home", source=NOWHERE)
    assert digits.rows == 20
    assert digits.train_rows == 30
    assert digits.held_images == image_file(20, 100)[16:]
    assert digits.held_labels == label_file(20, -1)[8:]
    images, labels = np.load(digits.folder / "x_train.npy"), np.load(digits.folder / "y_train.npy")
    assert images.dtype == labels.dtype == np.uint8
    assert images.shape == (30, 28, 28)
    assert images.tobytes() == image_file(30)[16:]
    assert labels.tobytes() == label_file(30)[8:]


def test_what_sandboxes_see_holds_no_held_out_row(tmp_path: Path) -> None:
    digits = open_digits(mnist_folder(tmp_path / "mnist"), tmp_path / "home", source=NOWHERE)
    seen = {path.relative_to(digits.folder).as_posix() for path in digits.folder.rglob("*")}
    assert seen == {"x_train.npy", "y_train.npy"}
    for path in digits.folder.iterdir():
        content = path.read_bytes()
        assert digits.held_labels not in content
        assert digits.held_images[:784] not in content
        assert not path.is_symlink()
        assert path.stat().st_nlink == 1


def test_it_is_private_and_yet_readable_by_the_user_that_sandboxes_drop_to(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        digits = open_digits(mnist_folder(tmp_path / "mnist"), tmp_path / "home", source=NOWHERE)
    finally:
        os.umask(before)
    rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in digits.folder.iterdir()}
    assert rights == {"x_train.npy": 0o644, "y_train.npy": 0o644}
    assert stat.S_IMODE(digits.folder.stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "home" / "lab" / "digits").stat().st_mode) == 0o700
    held = digits.folder.parent / "held"
    assert stat.S_IMODE(held.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in held.iterdir()} == {0o600}


def test_what_was_made_once_is_used_again_and_other_files_make_others(tmp_path: Path) -> None:
    folder, home = mnist_folder(tmp_path / "mnist"), tmp_path / "home"
    first = open_digits(folder, home, source=NOWHERE)
    made = (first.folder / "x_train.npy").stat().st_ino
    assert open_digits(folder, home, source=NOWHERE) == first
    assert (first.folder / "x_train.npy").stat().st_ino == made
    other = open_digits(mnist_folder(folder, train=40), home, source=NOWHERE)
    assert other.folder != first.folder
    assert other.train_rows == 40


@pytest.mark.parametrize("spoil", ["cut", "label", "gone", "no note"])
def test_what_was_kept_is_made_again_when_it_is_spoilt(tmp_path: Path, spoil: str) -> None:
    folder, home = mnist_folder(tmp_path / "mnist"), tmp_path / "home"
    good = open_digits(folder, home, source=NOWHERE)
    place = good.folder.parent
    if spoil == "cut":
        os.truncate(good.folder / "x_train.npy", 1000)
    elif spoil == "label":
        (place / "held" / "labels").write_bytes(bytes(20))
    elif spoil == "gone":
        (place / "held" / "images").unlink()
    else:
        (place / "whole.json").write_text("{")
    assert open_digits(folder, home, source=NOWHERE) == good
    assert np.load(good.folder / "x_train.npy").shape == (30, 28, 28)
    assert [path.name for path in place.parent.iterdir()] == [place.name]
    assert sorted(path.name for path in place.iterdir()) == ["held", "train", "whole.json"]


def test_a_process_killed_while_it_keeps_digits_leaves_none_to_be_taken_for_them(tmp_path: Path, root: Path) -> None:
    place = tmp_path / "home" / "lab" / "digits" / "key"
    dies = """
import os, sys
from pathlib import Path
from bot.lab import kept_digits
def killed(number): os.kill(os.getpid(), 9)
os.fsync = killed
kept_digits.keep(Path(sys.argv[1]), bytes(784 * 20), bytes(20), bytes(784), bytes(1))
"""
    done = subprocess.run([sys.executable, "-c", dies, str(place)], cwd=root, check=False)
    assert done.returncode == -9
    left = list(place.parent.iterdir())
    assert len(left) == 1
    assert left[0].name.endswith(".part")
    assert kept_digits.read_kept(place) is None
    kept_digits.keep(place, bytes(784 * 20), bytes(20), bytes(784), bytes(1))
    assert kept_digits.read_kept(place) is not None
    os.utime(left[0], (0, 0))
    kept_digits.keep(place.with_name("other"), bytes(784 * 20), bytes(20), bytes(784), bytes(1))
    assert sorted(path.name for path in place.parent.iterdir()) == ["key", "other"]


def test_two_at_once_keep_the_same_digits(tmp_path: Path) -> None:
    folder, home = mnist_folder(tmp_path / "mnist"), tmp_path / "home"
    found: list[Digits] = []
    gate = threading.Barrier(4)

    def work() -> None:
        gate.wait()
        found.append(open_digits(folder, home, source=NOWHERE))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert len(list(found[0].folder.parent.parent.iterdir())) == 1


def change(name: str, content: bytes) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)

    return act


def cut(name: str, size: int) -> Callable[[Path], None]:
    return lambda folder: os.truncate(folder / name, size)


def gone(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def renamed(name: str, to: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        (folder / name).rename(folder / to)

    return act


IMAGES, LABELS = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"
HELD, HELD_LABELS = "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"


@pytest.mark.parametrize(
    ("spoil", "names", "says"),
    [
        (gone(IMAGES), "train*-images-idx3-ubyte", "has no file"),
        (gone(LABELS), "train*-labels-idx1-ubyte", "has no file"),
        (gone(HELD), "t10k-images-idx3-ubyte", "has no file"),
        (gone(HELD_LABELS), "t10k-labels-idx1-ubyte", "has no file"),
        (cut(IMAGES, 200), IMAGES, "cut short"),
        (cut(HELD_LABELS, 0), HELD_LABELS, "cut short"),
        (change(IMAGES, image_file(30)[:-1]), IMAGES, "23519 bytes of the 23520"),
        (change(IMAGES, image_file(30) + b"x"), IMAGES, "goes on behind"),
        (change(IMAGES, image_file(30)[:10]), IMAGES, "cut short"),
        (change(IMAGES, label_file(30)), IMAGES, "0x00000801 instead of 0x00000803"),
        (change(LABELS, image_file(30)), LABELS, "0x00000803 instead of 0x00000801"),
        (change(IMAGES, image_file(30, side=32)), IMAGES, "32 × 32"),
        (change(LABELS, label_file(29)), LABELS, "29 labels for 30 images"),
        (change(HELD_LABELS, label_file(21)), HELD_LABELS, "21 labels for 20 images"),
        (change(LABELS, label_file(30)[:-1] + b"\x0a"), LABELS, "the label 10"),
        (change(IMAGES, struct.pack(">IIII", 0x803, 0, 28, 28)), IMAGES, "promises 0 images"),
        (change(IMAGES, struct.pack(">IIII", 0x803, 2**32 - 1, 28, 28)), IMAGES, "promises 4294967295 images"),
        (change(IMAGES, struct.pack(">IIII", 0x803, 299_999, 28, 28)), IMAGES, "cut short: 0 bytes"),
        (lambda folder: (folder / IMAGES).write_bytes(b"no gzip"), IMAGES, "not whole as gzip"),
        (change("train10k-images-idx3-ubyte", image_file(30)), "train10k-images-idx3-ubyte", "leave one of them"),
        (change("t10k-images-idx3-ubyte", image_file(30)), "t10k-images-idx3-ubyte", "leave one of them"),
        (renamed(LABELS, "train60k-labels-idx1-ubyte.gz"), "train60k-labels-idx1-ubyte.gz", "does not belong to"),
        (lambda folder: (folder / HELD).unlink() or (folder / HELD).mkdir(), HELD, "directory"),
    ],
)
def test_a_faulty_folder_is_named_with_its_fault_and_never_replaced(
    tmp_path: Path, spoil: Callable[[Path], None], names: str, says: str
) -> None:
    folder = mnist_folder(tmp_path / "mnist")
    spoil(folder)
    message = fault(folder, tmp_path / "home")
    assert names in message
    assert says in message
    assert "VIVA_MNIST_DIR" in message
    assert not list((tmp_path / "home").glob("lab/digits/*"))


def test_few_images_to_train_on_are_too_few(tmp_path: Path) -> None:
    assert "9 images; at least 10" in fault(mnist_folder(tmp_path / "mnist", train=9), tmp_path / "home")


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    assert f"{tmp_path / 'none'} should be a folder" in (missing := fault(tmp_path / "none", tmp_path / "home"))
    assert "does not exist" in missing
    (tmp_path / "file").write_text("")
    assert "is a file" in fault(tmp_path / "file", tmp_path / "home")


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, root: Path) -> None:
    folder = mnist_folder(tmp_path / "mnist")
    (folder / HELD).chmod(0)
    if os.geteuid() != 0:
        assert HELD in fault(folder, tmp_path / "home")
        return
    if shutil.which("setpriv") is None:
        pytest.skip("as root, who may read everything, this needs setpriv")
    ours = [path for path in tmp_path.parents if path.name.startswith(("pytest-", "popen-"))]
    for path in (tmp_path, *ours, folder):
        path.chmod(path.stat().st_mode | 0o755)
    with tempfile.TemporaryDirectory() as home:
        tries = (
            "import sys; from pathlib import Path; from bot.lab.datasets import open_digits\n"
            "try: open_digits(Path(sys.argv[1]), Path(sys.argv[2]))\n"
            "except Exception as error: print(type(error).__name__, error)"
        )
        drop = ["setpriv", "--reuid=61234", "--regid=61234", "--clear-groups"]
        done = subprocess.run(
            [*drop, sys.executable, "-c", tries, str(folder), str(home)], cwd=root, capture_output=True, text=True
        )
    assert "LabUnavailable" in done.stdout, done.stderr
    assert HELD in done.stdout
    assert "Permission denied" in done.stdout


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    with pytest.raises(LabUnavailable, match="home"):
        open_digits(mnist_folder(tmp_path / "mnist"), tmp_path / "home", source=NOWHERE)


def test_what_is_held_out_is_called_mnist_only_when_it_is(tmp_path: Path, shared: Path) -> None:
    own = open_digits(mnist_folder(tmp_path / "mnist"), tmp_path / "home", source=NOWHERE)
    assert own.name == "the images that VIVA_MNIST_DIR names"
    assert "not MNIST's own test images" in own.notes[0]
    real = open_digits(shared / "mnist", tmp_path / "home", source=NOWHERE)
    assert real.name == "MNIST"
    assert (real.rows, real.train_rows) == (10_000, 10_000)
    assert real.notes == (
        "There are 10,000 training images here (`load_mnist` gives 9,000 to train on and 1,000 to validate with); "
        "all of MNIST has 60,000.",
    )
    mnist = Mnist(real.folder)
    assert len(mnist.whole()[0]) == 10_000 and (mnist.training_rows, mnist.valid_rows) == (9_000, 1_000)
    assert Counter(real.held_labels) == {
        0: 980, 1: 1135, 2: 1032, 3: 1010, 4: 982, 5: 892, 6: 958, 7: 1028, 8: 974, 9: 1009
    }  # fmt: skip


def test_the_stand_in_is_scikit_learns_digits_scaled_and_says_so(tmp_path: Path) -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    digits = open_digits(None, tmp_path, source=NOWHERE)
    assert digits.name == "scikit-learn's digits, a stand-in for MNIST"
    assert (digits.rows, digits.train_rows) == (397, 1400)
    assert "a stand-in for MNIST" in digits.notes[0]
    assert "VIVA_MNIST_DIR" in digits.notes[1]
    theirs = datasets.load_digits()
    large = scaled(theirs.images.astype(np.uint8))
    rows = {row.tobytes(): int(label) for row, label in zip(large, theirs.target, strict=True)}
    held = [digits.held_images[at * 784 : (at + 1) * 784] for at in range(397)]
    train = [row.tobytes() for row in np.load(digits.folder / "x_train.npy")]
    assert len(rows) == 1797
    assert set(held) | set(train) == set(rows)
    assert not set(held) & set(train)
    assert [rows[row] for row in held] == list(digits.held_labels)
    assert [rows[row] for row in train] == np.load(digits.folder / "y_train.npy").tolist()


def test_the_stand_in_holds_out_the_same_rows_each_time(tmp_path: Path) -> None:
    if digits_file() is None:
        pytest.skip("scikit-learn is not installed")
    first, second = open_digits(None, tmp_path / "a", source=NOWHERE), open_digits(None, tmp_path / "b", source=NOWHERE)
    assert first.held_labels == second.held_labels
    assert min(Counter(first.held_labels).values()) > 25


def test_scaling_keeps_corners_flat_areas_and_the_range() -> None:
    flat = np.full((1, 8, 8), 16, np.uint8)
    assert (scaled(flat) == 255).all()
    assert (scaled(flat * 0) == 0).all()
    point = np.zeros((1, 8, 8), np.uint8)
    point[0, 0, 0] = 16
    assert scaled(point)[0, 0, 0] == 255
    assert scaled(point)[0, 7, 7] == 0
    assert (np.diff(scaled(point)[0, 0].astype(int)) <= 0).all()


def test_without_the_stand_in_there_is_a_sentence_and_a_mend(tmp_path: Path) -> None:
    with pytest.raises(LabUnavailable, match="python -m pip install scikit-learn"):
        open_digits(None, tmp_path, source=NOWHERE, sklearn=lambda: None)
    assert digits_at_hand(None, tmp_path, lambda: None).state == "missing"


@pytest.mark.parametrize("content", [b"", b"1,2,3\n", b"x\n", b"17" + b",0" * 64 + b"\n"])
def test_a_spoilt_stand_in_is_not_used(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "digits.csv.gz"
    file.write_bytes(gzip.compress(content) if content else b"")
    with pytest.raises(LabUnavailable, match="--force-reinstall"):
        stand_in(lambda: file)


def test_finding_the_digits_imports_neither_scikit_learn_nor_scipy(tmp_path: Path, root: Path) -> None:
    if digits_file() is None:
        pytest.skip("scikit-learn is not installed")
    show = (
        "import sys; from pathlib import Path; from bot.lab.datasets import open_digits; from bot.lab.download import"
        " Source; open_digits(None, Path(sys.argv[1]), source=Source(mirrors=()));"
        " print({'sklearn', 'scipy', 'torch'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", show, str(tmp_path)], cwd=root, capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr


def test_what_is_at_hand_is_said_without_making_anything(tmp_path: Path) -> None:
    folder = mnist_folder(tmp_path / "mnist")
    assert digits_at_hand(folder, tmp_path / "home") == AtHand(
        "ok", f"30 digits to train on and 20 held out, from {folder}."
    )
    stands = digits_at_hand(None, tmp_path / "home", lambda: tmp_path)
    assert stands.state == "stand-in"
    assert "VIVA_MNIST_DIR" in stands.mend
    assert not (tmp_path / "home").exists()


async def test_the_loop_runs_on_while_digits_are_made_ready(tmp_path: Path) -> None:
    said: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
    hold = threading.Event()

    def make(progress: Callable[[str], None]) -> Digits:
        progress("begun")
        assert hold.wait(10)
        return Digits(tmp_path, b"", b"", 0, "none")

    ready = asyncio.create_task(digits_ready(make, lambda text: said.put_nowait((text, threading.get_ident()))))
    assert await said.get() == ("begun", threading.get_ident())
    assert not ready.done()
    hold.set()
    assert (await ready).name == "none"


async def test_what_goes_wrong_beside_the_loop_is_raised_in_it() -> None:
    def make(progress: Callable[[str], None]) -> Digits:
        raise LabUnavailable("no digits")

    with pytest.raises(LabUnavailable, match="no digits"):
        await digits_ready(make, lambda text: None)


def test_a_download_that_hangs_holds_up_neither_a_cancelled_call_nor_the_end(tmp_path: Path, root: Path) -> None:
    show = """
import asyncio, threading
from bot.lab.datasets import digits_ready
async def main():
    try: await asyncio.wait_for(digits_ready(lambda progress: threading.Event().wait(60), print), 0.2)
    except TimeoutError: print("cancelled")
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", show], cwd=root, capture_output=True, text=True, timeout=20)
    assert (done.stdout, done.stderr) == ("cancelled\n", "")
