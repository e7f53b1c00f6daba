"""The download of MNIST against a server on this machine that does everything wrong that servers do."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.lab import download as downloading
from bot.lab.datasets import digits_at_hand, open_digits
from bot.lab.download import DAY, MIRRORS, MNIST, Remote, Source, download, missing
from bot.lab.stand_in import digits_file
from tests.lab.digits import image_file, label_file

CONTENTS = {
    f"{name}.gz": gzip.compress(data, 0, mtime=0)
    for name, data in {
        "train-images-idx3-ubyte": image_file(400),
        "train-labels-idx1-ubyte": label_file(400),
        "t10k-images-idx3-ubyte": image_file(20, 100),
        "t10k-labels-idx1-ubyte": label_file(20, -1),
    }.items()
}
FILES = tuple(Remote(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in CONTENTS.items())
FIRST = FILES[0].name
Act = Callable[[http.server.BaseHTTPRequestHandler, bytes], None]


@dataclass
class Mirror:
    """A server of the files; `acts` says which of them it treats otherwise, and `asked` what it was asked for."""

    url: str
    acts: dict[str, Act] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)


def serve(answer: http.server.BaseHTTPRequestHandler, data: bytes, length: int | None = None) -> None:
    answer.send_response(200)
    answer.send_header("Content-Length", str(len(data) if length is None else length))
    answer.end_headers()
    answer.wfile.write(data)


def started() -> tuple[Mirror, http.server.ThreadingHTTPServer]:
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rsplit("/", 1)[-1]
            mirror.asked.append(name)
            mirror.acts.get(name, serve)(self, CONTENTS[name])

        def log_message(self, *values: Any) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, request: Any, address: Any) -> None:
            """Says nothing: clients leave in the middle, as they are meant to."""

    server = Server(("127.0.0.1", 0), Answer)
    mirror = Mirror(f"http://127.0.0.1:{server.server_port}/mnist/")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return mirror, server


@pytest.fixture
def mirrors() -> Iterator[tuple[Mirror, Mirror]]:
    (first, one), (second, two) = started(), started()
    yield first, second
    for mirror, server in ((first, one), (second, two)):
        mirror.let_go.set()
        server.shutdown()
        server.server_close()


def source(*mirrors: Mirror, clock: Callable[[], float] = lambda: 1e9, deadline: float = 5.0) -> Source:
    return Source(tuple(mirror.url for mirror in mirrors), FILES, stall=0.4, deadline=deadline, clock=clock)


def silent(sentence: str) -> None:
    pass


def test_the_published_files_are_the_four_that_everybody_pins(shared: Path) -> None:
    assert [remote.size for remote in MNIST] == [9_912_422, 28_881, 1_648_877, 4_542]
    assert not missing(shared / "mnist", MNIST[2:])
    assert missing(shared / "mnist", MNIST[:2]) == MNIST[:2]
    assert all(mirror.startswith("https://") and mirror.endswith("/") for mirror in MIRRORS)


def test_all_four_come_with_progress_and_only_once(tmp_path: Path, mirrors: tuple[Mirror, Mirror]) -> None:
    said: list[str] = []
    assert download(tmp_path / "mnist", source(*mirrors), said.append) is None
    assert {path.name: path.read_bytes() for path in tmp_path.glob("mnist/*.gz")} == CONTENTS
    assert said[0] == "Downloading MNIST, once (0 MB)."
    assert said[-1] == "Downloading MNIST: 100 %."
    assert len(said) <= 11
    assert download(tmp_path / "mnist", source(*mirrors), said.append) is None
    assert mirrors[0].asked == list(CONTENTS)
    assert mirrors[1].asked == []
    assert sorted(path.name for path in (tmp_path / "mnist").iterdir()) == sorted([*CONTENTS, "tried"])


def refuses(answer: http.server.BaseHTTPRequestHandler, data: bytes) -> None:
    answer.send_error(404)


def breaks_off(answer: http.server.BaseHTTPRequestHandler, data: bytes) -> None:
    serve(answer, data[:100], len(data))


def ends_early(answer: http.server.BaseHTTPRequestHandler, data: bytes) -> None:
    serve(answer, data[:100])


def goes_on(answer: http.server.BaseHTTPRequestHandler, data: bytes) -> None:
    serve(answer, data + data)


def lies(answer: http.server.BaseHTTPRequestHandler, data: bytes) -> None:
    serve(answer, bytes(len(data)))


def says_nothing_in_http(answer: http.server.BaseHTTPRequestHandler, data: bytes) -> None:
    answer.wfile.write(b"welcome to the airport\r\n\r\n")


def portal(answer: http.server.BaseHTTPRequestHandler, data: bytes) -> None:
    serve(answer, b"<html>Log in first</html>")


def goes_elsewhere(answer: http.server.BaseHTTPRequestHandler, data: bytes) -> None:
    answer.send_response(302)
    answer.send_header("Location", "file:///etc/hostname")
    answer.end_headers()


FAULTS: list[tuple[Act, str]] = [
    (refuses, "HTTP 404"),
    (breaks_off, "100 of"),
    (ends_early, "ended after 100 of"),
    (goes_on, "is longer than"),
    (lies, "SHA-256"),
    (says_nothing_in_http, "welcome to the airport"),
    (portal, "ended after 25 of"),
    (goes_elsewhere, "HTTP 302"),
]


@pytest.mark.parametrize(("act", "says"), FAULTS)
def test_a_faulty_mirror_leaves_nothing_and_says_why(
    tmp_path: Path, mirrors: tuple[Mirror, Mirror], act: Act, says: str
) -> None:
    mirrors[0].acts[FIRST] = act
    why = download(tmp_path / "mnist", source(mirrors[0]), silent)
    assert why is not None
    assert says in why
    assert "127.0.0.1" in why
    assert [path.name for path in (tmp_path / "mnist").iterdir()] == ["tried"]


@pytest.mark.parametrize(("act", "says"), FAULTS)
def test_the_second_mirror_helps_out(tmp_path: Path, mirrors: tuple[Mirror, Mirror], act: Act, says: str) -> None:
    mirrors[0].acts[FILES[1].name] = act
    assert download(tmp_path / "mnist", source(*mirrors), silent) is None
    assert mirrors[0].asked == [FILES[0].name, FILES[1].name]
    assert mirrors[1].asked == [remote.name for remote in FILES[1:]]
    assert not missing(tmp_path / "mnist", FILES)


def test_a_mirror_that_stalls_or_trickles_is_given_up_in_time(tmp_path: Path, mirrors: tuple[Mirror, Mirror]) -> None:
    def stalls(answer: http.server.BaseHTTPRequestHandler, data: bytes) -> None:
        mirrors[0].let_go.wait(20)

    def trickles(answer: http.server.BaseHTTPRequestHandler, data: bytes) -> None:
        answer.send_response(200)
        answer.end_headers()
        for byte in data:
            if mirrors[0].let_go.wait(0.02):
                return
            answer.wfile.write(bytes([byte]))
            answer.wfile.flush()

    for act, says, deadline in ((stalls, "no answer in time", 5.0), (trickles, "came too slowly", 0.5)):
        mirrors[0].acts[FIRST] = act
        begun = time.monotonic()
        why = download(tmp_path / says, source(mirrors[0], deadline=deadline), silent)
        assert why is not None
        assert says in why
        assert time.monotonic() - begun < 3


def test_nobody_there_is_said(tmp_path: Path) -> None:
    nobody = Source(("http://127.0.0.1:9/mnist/",), FILES, stall=0.4, deadline=2.0)
    why = download(tmp_path, nobody, silent)
    assert why is not None
    assert "refused" in why


def test_it_is_tried_once_a_day(tmp_path: Path, mirrors: tuple[Mirror, Mirror]) -> None:
    mirrors[0].acts[FIRST] = refuses
    for now, tries in ((0.6, 1), (0.1, 1), (DAY - 60, 1), (DAY + 60, 2)):
        assert download(tmp_path, source(mirrors[0], clock=partial(float, 1e9 + now)), silent) is not None
        assert len(mirrors[0].asked) == tries
    assert download(tmp_path, source(mirrors[0], clock=lambda: 5e8), silent) is not None
    assert len(mirrors[0].asked) == 3


def test_a_file_that_the_disk_spoilt_is_fetched_again_alone(tmp_path: Path, mirrors: tuple[Mirror, Mirror]) -> None:
    download(tmp_path, source(*mirrors), silent)
    spoilt = tmp_path / FILES[2].name
    spoilt.write_bytes(bytes(FILES[2].size))
    assert missing(tmp_path, FILES) == (FILES[2],)
    mirrors[0].asked.clear()
    assert download(tmp_path, source(*mirrors, clock=lambda: 1e9 + 2 * DAY), silent) is None
    assert mirrors[0].asked == [FILES[2].name]
    assert spoilt.read_bytes() == CONTENTS[FILES[2].name]


def test_no_mirror_means_no_download_and_no_trace(tmp_path: Path) -> None:
    assert download(tmp_path / "mnist", Source(mirrors=(), files=FILES), silent) == ""
    assert not (tmp_path / "mnist").exists()


def test_killed_in_the_middle_it_leaves_no_file_and_counts_as_tried(
    tmp_path: Path, mirrors: tuple[Mirror, Mirror], root: Path
) -> None:
    half = threading.Event()

    def stops_halfway(answer: http.server.BaseHTTPRequestHandler, data: bytes) -> None:
        answer.send_response(200)
        answer.end_headers()
        answer.wfile.write(data[: len(data) // 2])
        answer.wfile.flush()
        half.set()
        mirrors[0].let_go.wait(20)

    mirrors[0].acts[FILES[1].name] = stops_halfway
    program = (
        "import sys; from pathlib import Path; from bot.lab.download import *\n"
        "from tests.lab.test_download import FILES\n"
        "download(Path(sys.argv[1]), Source((sys.argv[2],), FILES, stall=30), lambda sentence: None)"
    )
    child = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "mnist"), mirrors[0].url], cwd=root)
    came = half.wait(20)
    child.kill()
    assert child.wait(10) == -9
    assert came
    assert missing(tmp_path / "mnist", FILES) == FILES[1:]
    parts = list((tmp_path / "mnist").glob(".*.part"))
    assert len(parts) == 1
    now = time.time()
    assert "once a day" in (download(tmp_path / "mnist", source(mirrors[0], clock=lambda: now), silent) or "")
    os.utime(parts[0], (now - 2 * DAY, now - 2 * DAY))
    assert download(tmp_path / "mnist", source(mirrors[1], clock=lambda: now + 2 * DAY), silent) is None
    assert mirrors[1].asked == [remote.name for remote in FILES[1:]]
    assert not list((tmp_path / "mnist").glob(".*.part"))


def test_downloaded_digits_are_used_and_else_the_stand_in_says_why(
    tmp_path: Path, mirrors: tuple[Mirror, Mirror]
) -> None:
    digits = open_digits(None, tmp_path / "home", source=source(*mirrors))
    assert (digits.rows, digits.train_rows) == (20, 400)
    assert digits.held_labels == label_file(20, -1)[8:]
    if digits_file() is None:
        pytest.skip("the rest needs scikit-learn's digits")
    mirrors[0].acts[FIRST] = refuses
    for why in ("HTTP 404", "once a day"):
        stands = open_digits(None, tmp_path / "other", source=source(mirrors[0]))
        assert stands.name == "scikit-learn's digits, a stand-in for MNIST"
        assert why in stands.notes[0]
    assert "could not be downloaded lately" in digits_at_hand(None, tmp_path / "other").text


def test_a_folder_that_is_named_is_never_downloaded_for(tmp_path: Path, mirrors: tuple[Mirror, Mirror]) -> None:
    from bot.errors import LabUnavailable

    with pytest.raises(LabUnavailable):
        open_digits(tmp_path / "empty", tmp_path / "home", source=source(*mirrors))
    assert mirrors[0].asked == []
    assert replace(Source(), mirrors=()).files == downloading.MNIST
