"""Interviews in the loopback Discord as files to be read by a person and then kept: `tests/transcripts/discord`.

`VIVA_UPDATE_TRANSCRIPTS=1 pytest tests/surfaces/discord/test_interviews.py -m "slow or not slow"` writes them anew;
read the difference before you keep it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from tests.candidates import ROOT
from tests.loopback import transcript
from tests.loopback.person import Person
from tests.loopback.world import Channel
from tests.transcripts.test_transcripts import scoreless, timeless

FOLDER = ROOT / "tests" / "transcripts" / "discord"


def story(who: str, person: Person, *channels: Channel, forms: Sequence[str] = ()) -> str:
    """What one person saw in these channels, under a sentence on who they are; at the end the forms that opened."""
    seen = "\n".join(transcript(channel, for_=person) for channel in channels)
    filled = "\n# the forms that opened\n\n" + "\n\n".join(forms) + "\n" if forms else ""
    return settled(f"{who}\n\n{seen}{filled}")


def settled(text: str) -> str:
    """A transcript without what differs from run to run: ids of sessions, sizes of files, days, times."""
    text = re.sub(r"viva-report-\w{10}\.md, \d+ bytes", "viva-report.md", timeless(text))
    text = re.sub(r"begun \d{4}-\d\d-\d\d", "begun on a day", text)
    text = re.sub(r"resume:[a-z0-9]{10}\b", "resume:ID", text)
    text = re.sub(r"/link code:\S+", "/link code:CODE", text)
    return re.sub(r"on \d+ [A-Z][a-z]+ \d{4}", "on a day", text)


def keeps(name: str, text: str) -> None:
    """Asserts that an interview reads as it was kept, but for the last digits of its scores."""
    file = FOLDER / f"{name}.md"
    if os.environ.get("VIVA_UPDATE_TRANSCRIPTS"):
        file.write_text(text, encoding="utf-8")
    assert scoreless(text) == scoreless(file.read_text(encoding="utf-8"))
