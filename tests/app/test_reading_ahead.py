"""The reader of whole answers is loaded while the first question is on screen, and keeps nobody from starting."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from bot.app.grading import warm_up
from bot.errors import IndexUnavailable
from bot.knowledge.model import ModelFiles, weights_folder
from bot.knowledge.reader import TransformerReader
from bot.knowledge.reader_card import shipped_reader

#: A house is opened and told that the first words are on screen; what of the reader is in memory before and after?
BEGINS = """
import asyncio, json, sys
from pathlib import Path
from bot.app.house import open_house
from bot.settings import Settings

def loaded():
    return "/reader-" in Path("/proc/self/maps").read_text()

async def begin(home):
    house = await open_house(Settings(_env_file=None, home=home, lab="off"))
    seen = [loaded(), "onnxruntime" in sys.modules]
    house.doors.warm()
    await house.loading.finished()
    seen.append(loaded())
    await house.close()
    print(json.dumps(seen))

asyncio.run(begin(Path(sys.argv[1])))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="what a process has loaded is read from /proc")
@pytest.mark.skipif(weights_folder() is None or shipped_reader() is None, reason="there is no reader to be loaded")
def test_it_is_loaded_after_the_first_words_and_before_an_answer(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", BEGINS, str(tmp_path)], capture_output=True, text=True, check=True, timeout=300
    )
    assert json.loads(told.stdout) == [False, False, True]


@pytest.mark.parametrize("trouble", [IndexUnavailable("It is damaged."), PermissionError("It is damaged.")])
def test_one_that_cannot_be_loaded_is_noted_and_ends_nothing(
    trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def files() -> ModelFiles:
        raise trouble

    with caplog.at_level(logging.WARNING, "bot.app.grading"):
        warm_up(TransformerReader("reader 0", files))
    assert [record.getMessage() for record in caplog.records] == ["It is damaged."]
