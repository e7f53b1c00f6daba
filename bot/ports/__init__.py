"""The doors: everything that touches the world stands behind one of these Protocols. None is implemented here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from bot.core.asking import Asking
from bot.core.budgets import Budgets
from bot.core.dialogue import Act
from bot.core.events import Claim, Event, Record
from bot.core.flow import Flow
from bot.core.made import Made
from bot.core.marking import Grade, Part, Verdict
from bot.core.question import FollowUp, Question, Work
from bot.core.reply import Reply
from bot.core.session import Session
from bot.core.training import Outcome, Progress, Submission, Task
from bot.ports.purse import Purse
from bot.ports.voice import Voice

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True)
class Passage:
    """A unit of the index: Markdown text with the numbers of its sources (`S0-7`), or file and place."""

    id: str
    title: str
    text: str
    sources: tuple[str, ...] = ()
    question: str | None = None
    score: float = 0.0
    further: tuple[Work, ...] = ()


@dataclass(frozen=True)
class Sitting:
    """A session as the list of sittings shows it. Times are UTC, ISO 8601; `at` is that of the last event."""

    id: str
    owner: str
    surface: str
    status: str
    flow: str
    mode: str
    begun: str
    at: str
    answered: int = 0


@dataclass(frozen=True)
class Stands:
    """Where a sitting stands, for a status line. `owes` is what the candidate owes next."""

    owes: str
    question: str | None = None
    title: str = ""
    wording: str = ""
    number: int = 0
    of: int = 0
    hints: int = 0
    minutes: int = 0
    follow_up: bool = False
    starter: str = ""
    probes: int = 0


class Bank(Protocol):
    """The corpus: questions and flows. Lookups of what is not there raise WrongUsage with the nearest name."""

    def question(self, question_id: str) -> Question: ...

    def flow(self, name: str) -> Flow: ...

    def flows(self) -> Sequence[Flow]: ...

    def questions(self) -> Sequence[Question]: ...

    def task(self, task_id: str) -> Task: ...


class Interviewer(Protocol):
    """Understands the candidate, keeps in mind what they claim, and chooses follow-ups."""

    name: str

    def read(self, session: Session, text: str, code: str | None) -> Act:
        """What a message means now. Never raises; when in doubt it is an answer."""
        ...

    def claims(self, text: str) -> tuple[Claim, ...]:
        """What the words claim about the candidate's own work, or hold to be so; each an exact quotation."""
        ...

    def claims_of_program(self, facts: Mapping[str, Any], source: str) -> tuple[Claim, ...]:
        """What a program shows of the candidate's choices; each quotes the lines that show it."""
        ...

    def probe(self, asking: Asking, question: Question, grade: Grade) -> FollowUp | None:
        """The follow-up that is worth asking, or None."""
        ...


class Grader(Protocol):
    """Judges one part of an answer. Pure in effect: the same part gets the same verdict, whatever stands beside it."""

    name: str

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        """One mark per key point, with verbatim evidence; `facts` were read off a program (`part.text` is its source).

        What cannot be judged comes back as a Verdict with `why_not`; nothing is raised for it.
        """
        ...


class Retriever(Protocol):
    """The index. Raises IndexUnavailable where neither vectors nor keywords can be searched."""

    async def reference(self, question_id: str) -> Passage | None:
        """The reference answer as indexed, or None when the index holds none."""
        ...

    async def explain(self, term: str, avoid: frozenset[str]) -> Passage | None:
        """A passage that explains the term, from no unit that answers a question in `avoid`, or None."""
        ...

    async def search(self, query: str, k: int = 5) -> Sequence[Passage]:
        """The k best units, best first."""
        ...

    async def reading(self, question_ids: Sequence[str]) -> Sequence[tuple[str, str]]:
        """What to read on these questions, as the index has it: (title, where), without repeats."""
        ...

    def notice(self) -> str | None:
        """A sentence on what does not work as it should (keyword search alone, say); None when all is well."""
        ...


class Embedder(Protocol):
    """Texts to unit vectors, shape (n, dimensions), float32. `name` tells models apart in what is kept of them."""

    name: str
    dimensions: int

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]: ...


class CodeReader(Protocol):
    """Reads facts off a program without running it."""

    async def facts(self, source: str) -> Mapping[str, Any]:
        """The facts; raises CodeUnreadable with a sentence for the candidate when it cannot be parsed."""
        ...


class Lab(Protocol):
    """Runs programs that nobody trusts. A candidate's failure is an Outcome; the lab's own is LabUnavailable."""

    async def run(self, submission: Submission, heard: Callable[[Progress], None] = lambda progress: None) -> Outcome:
        """Waits for a place, runs the program, measures what it left. Cancelling the call ends the run at once.

        `heard` is called as it goes, from the same thread, at most some ten times a second.
        """
        ...

    def unavailable(self) -> str | None:
        """Why programs cannot be run here, and how that is mended; None when they can. Costs nothing heavy."""
        ...

    def near(self) -> None:
        """A program may be handed in soon: what can be made ready may be, in the background."""
        ...

    async def close(self) -> None:
        """Ends what runs and waits; nothing is left behind."""
        ...


class Store(Protocol):
    """The event log. Appending is compare-and-append; a cause that is there already is left out."""

    async def create(self, session: str, owner: str, surface: str) -> None:
        """Makes an empty session."""
        ...

    async def load(self, session: str) -> list[Record]:
        """All records of a session in order; WrongUsage when there is no such session."""
        ...

    async def append(
        self,
        session: str,
        after: int,
        events: Sequence[tuple[str, Event]],
        rubrics: Mapping[str, Question] | None = None,
    ) -> list[Record]:
        """Writes (cause, event) pairs after seq `after` in one transaction and returns their records.

        If any of the causes is in the log already, nothing is written and the list is empty. Raises SittingBusy when
        another process wrote first or holds the lease.
        """
        ...

    async def rubrics(self, session: str) -> dict[str, Question]:
        """The questions as they were asked in a session, by rubric hash."""
        ...

    async def lease(self, session: str, holder: str, seconds: float) -> None:
        """Takes or renews the right to work on a session; SittingBusy when somebody else has it."""
        ...

    async def release(self, session: str, holder: str) -> None:
        """Gives the right back; without effect when it is not held."""
        ...

    async def sittings(self, owner: str | None = None, limit: int = 50) -> list[Sitting]:
        """Sessions, newest first."""
        ...

    async def close(self) -> None: ...


class Mouth(Protocol):
    """A surface, as the loop sees it. What is said is noted once it is said; `once` says that this surface cannot drop
    what is said twice, so that a question is noted before it is put, and repeated after a resume. One that speaks
    `by_turns` is told at once what a turn gives to say, with the seq of the last event that gave it."""

    once: bool
    by_turns: bool

    async def say(self, seq: int, replies: Sequence[Reply]) -> None: ...

    async def utter(self, seq: int, sentence: str) -> None:
        """Says a sentence of a voice as soon as it is there; `say` brings it once more, as Spoken in front of the rest.

        It is never called on a mouth that speaks by turns.
        """
        ...

    def progress(self, question: str, progress: Progress) -> None:
        """Shows how a run stands, while it lasts."""
        ...


@dataclass(frozen=True)
class Doors:
    """Everything that an interview reaches the world through."""

    store: Store
    bank: Bank
    interviewer: Interviewer
    grader: Grader
    retriever: Retriever
    code_reader: CodeReader
    holder: str
    #: Called once the first words are on screen, to load what the first answer will need.
    warm: Callable[[], None] = lambda: None
    #: What a candidate is to know before they say a word; empty where there is nothing.
    notice: str = ""
    #: True where the grader asks another machine: the end of an interview does not wait for it then.
    grader_is_remote: bool = False
    #: What words the interviewer's turns; None where its own words are all there are.
    voice: Voice | None = None
    #: What may be spent on language models, and what was; a `spare` grader judges without one once that is used up.
    budgets: Budgets = field(default_factory=Budgets)
    purse: Purse | None = None
    spare: Grader | None = None
    #: Fills in what something that a model made has cost, where that is known.
    price: Callable[[Made], Made] = lambda made: made
    #: None where programs are not run at all.
    lab: Lab | None = None
    #: Whom the lab's queue is fair to: a person, and the server or terminal where they sit.
    person: str = ""
    place: str = ""
