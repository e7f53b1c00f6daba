"""A sitting with doubles behind every door, as a program: what the tests start on pseudo-terminals and pipes.

Run as `python -m tests.surfaces.sitting HOME [--resume] [--plain] [--jsonl] [--slow SECONDS]`. Its log is in HOME/log.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.commands.programs import python_of
from bot.core.dialogue import Act, Meaning
from bot.core.events import Event, Record, Started
from bot.core.marking import Part, Verdict
from bot.core.question import Question
from bot.core.session import Session
from bot.errors import CodeUnreadable, StoreBroken, VivaError
from bot.interview import Interview
from bot.ports import Doors
from tests.fakes import MemoryBank, MemoryRetriever, MemoryStore, WordGrader, WordInterviewer, question

MEANINGS: dict[str, Meaning] = {
    "/hint": "hint",
    "/repeat": "repeat",
    "/skip": "skip",
    "/end": "stop",
    "/grade": "grade",
    "/code": "code",
    "/dispute": "dispute",
}
REFERENCE = r"""It says alpha and beta.

| step | what |
| --- | --- |
| forward | computes $\hat y = f(Wx + b)$ |
| backward | computes $\nabla_w L$ |

$$w \leftarrow w - \eta\, \frac{\partial L}{\partial w}$$

```python
for step in range(3):
    optimizer.step()  # the update
```
"""


class FileStore(MemoryStore):
    """The memory store, with its log in a file, so that a killed process can be resumed."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        if path.exists():
            self.logs, self.kept = pickle.loads(path.read_bytes())

    async def append(
        self,
        session: str,
        after: int,
        events: Sequence[tuple[str, Event]],
        rubrics: Mapping[str, Question] | None = None,
    ) -> list[Record]:
        if self.path.with_name("full").exists():
            raise StoreBroken("The disk is full. Make room and go on.")
        records = await super().append(session, after, events, rubrics)
        aside = self.path.with_suffix(".new")  # whoever reads it meanwhile finds the last one whole
        aside.write_bytes(pickle.dumps((self.logs, self.kept)))
        aside.replace(self.path)
        return records


class SlashInterviewer(WordInterviewer):
    """Knows a few commands, and that two slashes begin an answer."""

    def read(self, session: Session, text: str, code: str | None) -> Act:
        if code is not None:
            return Act("code", code=code)
        if text.startswith("//"):
            return Act("answer", text[1:])
        if text.startswith("/"):
            word = text.split()[0]
            return Act(MEANINGS.get(word, "unknown_command"), f"{word}|/hint")
        return Act("answer", text) if text.strip() else Act("empty")


class SlowGrader(WordGrader):
    """Takes its time."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        await asyncio.sleep(self.seconds)
        return await super().grade(question, part, facts)


class LineReader:
    """Reads the optimiser off a program, and refuses one that says so."""

    async def facts(self, source: str) -> Mapping[str, Any]:
        if "unreadable" in source:
            raise CodeUnreadable("Line 1 is no Python.")
        return {"optimizer": "SGD" if "SGD" in source else "Adam"}


def bank() -> MemoryBank:
    """Three questions; the second takes a program, the last has a name that does no terminal good."""
    first = question("cost", title="Cost function")
    code = question("build", kind="code", statement="Build it.", starter="model = ...\n", title="Build an MLP")
    last = question("norm", title="Norms \x1b[31mred", ask="What is a \x1b]0;stolen\x07norm, \x1b[2Jin short?")
    return MemoryBank.of(first, code, last)


def interview(home: Path, slow: float = 0.0, session: str = "s1", resumed: bool = False) -> Interview:
    """A sitting over the bank above."""
    store = FileStore(home / "log")
    if not resumed:
        store.logs[session] = []
    plan = bank()
    retriever = MemoryRetriever(dict.fromkeys(plan.held, REFERENCE))
    doors = Doors(store, plan, SlashInterviewer(), SlowGrader(slow), retriever, LineReader(), "tests")
    started = Started("test", "practice", 1, tuple(plan.held), "a test", 10, 2)
    return Interview(session, doors, [started], plan.flow("test"))


def written(home: Path, session: str = "s1") -> list[Event]:
    """What stands in the log of a sitting."""
    return [record.event for record in FileStore(home / "log").logs[session]]


async def sit(home: Path, flags: Sequence[str]) -> int:
    """What `viva chat` does, with doubles."""
    slow = float(flags[flags.index("--slow") + 1]) if "--slow" in flags else 0.0
    resumed = "--resume" in flags
    sitting = interview(home, slow, resumed=resumed)

    def new_id() -> str:
        return uuid.uuid4().hex

    try:
        if "--jsonl" in flags:
            from bot.surfaces.terminal.jsonl import chat_jsonl

            return await chat_jsonl(
                sitting, resumed=resumed, stdin=sys.stdin, stdout=sys.stdout, new_id=new_id, python_of=python_of
            )
        from bot.surfaces.terminal.chat import chat
        from bot.surfaces.terminal.style import Style

        style = Style.of(os.environ, sys.stdin, sys.stdout, plain="--plain" in flags)
        return await chat(
            sitting,
            resumed=resumed,
            style=style,
            stdin=sys.stdin,
            stdout=sys.stdout,
            home=home,
            environ=os.environ,
            new_id=new_id,
            python_of=python_of,
        )
    except VivaError as error:
        sys.stderr.write(f"viva: {error}\n")
        return error.exit_code
    finally:
        await sitting.close()


if __name__ == "__main__":
    code = asyncio.run(sit(Path(sys.argv[1]), sys.argv[2:]))
    if "--modules" in sys.argv:
        sys.stderr.write(" ".join(sorted({name.split(".")[0] for name in sys.modules})))
    sys.exit(code)
