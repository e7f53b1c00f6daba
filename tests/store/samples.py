"""One event of every kind, with every field set, and a question in full form, for tests of what is kept."""

from __future__ import annotations

from bot.core import events as e
from bot.core.made import Made
from bot.core.marking import Belief, Mark
from bot.core.question import Experiment, FollowUp, Misconception, Option, Point, Question, Recorded, Work
from bot.core.training import Curve, Fault, Finding, Outcome, Seconds

#: What no text column takes as it is: NUL, control characters, a lone surrogate, right-to-left, emoji, quotes.
NASTY = "a\x00b\x1b[31m\x7f\ud800 \u202eשלום 👩‍🔬 \"'\\u0000 %s :name ?\r\n\t"

MADE = Made("openai:a-model", ("grade 01234567",), ("cnn",), 900, 80, 0.0012, 2, 1.5)
MARK = Mark("alpha", 0.8, 0.9, "met", "it is alpha", True)

FINDING = Finding("no-zero-grad", "bug", 3, "Never cleared.", "It adds up.", "Why?", "finding", "loop", "x = 1")
OUTCOME = Outcome(
    "measured",
    0.94,
    10_000,
    "MNIST",
    (True, False),
    "cuda:0",
    "a device",
    Seconds(0.1, 0.2, 0.3, 0.6),
    5,
    Fault("ValueError", NASTY, 3),
    NASTY,
    Curve((1, 2), (2.3, float("inf")), ((2, 2.2),)),
    {"steps": 2, "losses": [{"name": "CrossEntropyLoss"}]},
    "model",
    "why",
    ("a note",),
)

EVENTS: tuple[e.Event, ...] = (
    e.Started(
        "opengenus",
        "simulation",
        7,
        ("cnn", "rnn"),
        "The title",
        40,
        2,
        30,
        (2,),
        ("a note",),
        (e.Earlier("cnn", "2026-01-01", 0.5, 2),),
        "phone",
        "full",
        2,
        ("phone",),
        (e.Round("phone", "By phone", "2026-01-01", "s", 0.5, 3),),
    ),
    e.Heard("my words", "print(1)"),
    e.Remarked("clarify", 2, "bias"),
    e.Asked(
        "cnn",
        "0123456789abcdef",
        "What is it?",
        1,
        "On we go.",
        True,
        e.Claim("layers", "3", "three layers"),
        "mnist-mlp",
        ("predict-zero",),
        True,
        "build-mlp",
    ),
    e.Returned("cnn", 2),
    e.Answered("cnn", 2, "alpha", "reply", "alpha"),
    e.Submitted("cnn", 2, "import torch"),
    e.Inspected("cnn", 7, {"optimizer": "Adam", "layers": [1, {"units": 2.5}], "none": None}, "no"),
    e.RunBegan("cnn", 7, 30.0),
    e.Ran("cnn", 7, OUTCOME, (FINDING,), Outcome("unavailable", why=NASTY), "a machine", True, 0.94),
    e.Questioned("cnn", ("predict-zero", "cnn"), (e.Placed("predict-zero", {"line": "3"}),), ("alpha",), "bugs"),
    e.Graded("cnn", 6, "offline 1", (MARK,), (Belief("b", "words"),), ("more",), "why", True, "a note", MADE),
    e.FollowedUp("cnn", "alpha", "wrong", "And what of it?", (e.Claim("layers", "3", "three layers"),)),
    e.Hinted("cnn", 2, 2),
    e.Clarified(2, "bias", "It is added.", ("S0-1", "S1-2"), True),
    e.GaveUp("cnn", 2),
    e.Skipped("cnn", 2, True),
    e.Reopened("cnn", 2),
    e.Undone("cnn", 6, 2, "skip"),
    e.Dropped("cnn"),
    e.Settled("cnn", "The reference.", ("S0-2",)),
    e.Disputed("cnn", 2, "I said so", "mark"),
    e.Ended("stopped", (("A book", "https://example.org"),)),
    e.Said(4),
    e.Brought("train.py", "import torch", {"optimizer": "Adam"}, "no"),
    e.Replanned(("rnn", "cnn"), "harder"),
    e.TimeCalled("half", 15, ("rnn",)),
    e.CameBack("who judges"),
    e.Claimed("cnn", 2, (e.Claim("activation", "relu", "I used ReLU"),)),
    e.Phrased(4, "Let us go on.", "And what of it?", MADE, "why not"),
    e.BudgetReached("sitting", "warn"),
    e.JudgedLate("cnn"),
    e.Regraded("cnn", 6, "another 1", (MARK,), "why", "a note", MADE, 20, ("words of it",), True, True),
    e.Reconsidered(
        "cnn",
        20,
        "raised",
        "elsewhere",
        ("words of it",),
        (e.Raised(6, MARK),),
        ("beta",),
        "offline 1",
        "why",
        True,
        True,
    ),
)


def question(name: str = "cnn", title: str = "Convolution") -> Question:
    """A question with every field set."""
    return Question(
        id=name,
        title=title,
        ask="What is it?",
        reworded="Tell me about it.",
        plain="Explain it.",
        aim="To know.",
        level="advanced",
        topics=("vision", NASTY),
        points=(
            Point("alpha", "It is alpha.", 2.0, True, "code", ("yes", "indeed"), ("no",)),
            Point(
                "beta",
                "It is beta.",
                because="alpha",
                anywhere=True,
                detail=True,
                value=1.5,
                value_of="size",
                tolerance=0.1,
                accepts=("none",),
                formulas=("a = b",),
                lines=(3,),
                found_by="data",
                measured=True,
            ),
        ),
        reference="A reference with $x^2$.",
        hints=("one", "two", "three"),
        kind="code",
        misconceptions=(Misconception("m", "It is gamma.", "It is not.", ("alpha",), 2.5, "wrong"),),
        follow_ups=(FollowUp("alpha", "missed", "And alpha?"),),
        sources=("S0-3",),
        erratum="The article errs.",
        see_also=("rnn",),
        further=(Work("A book", "https://example.org"),),
        asked_by="a company",
        after_code={"optimizer": "Why {value}?"},
        statement="Write it.",
        starter="import torch",
        asked_as=("It?",),
        requires=("rnn",),
        leads_to=("gan",),
        on_phone="In words?",
        at_board="Draw it.",
        needs=1,
        hinge="alpha",
        verdict="no",
        options=(Option("this", True, "Right."), Option("that", False, "No.")),
        listing="x = 1",
        drill="conv-output",
        recalls=("activation",),
        task="mnist-mlp",
        experiment=Experiment(
            "mnist-mlp",
            {"lr": 10},
            {"lr": 0.1},
            {"accuracy_most": 0.2},
            (Recorded("cpu", 0.1, (1,), (2.3,)),),
        ),
    )


def caused(*events: e.Event, by: str = "m") -> list[tuple[str, e.Event]]:
    """Events with the causes by#1, by#2, …"""
    return [(f"{by}#{n}", event) for n, event in enumerate(events, 1)]


def started(flow: str = "opengenus") -> list[tuple[str, e.Event]]:
    """The first step of a sitting."""
    return [("start", e.Started(flow, "practice", 1, ("cnn",)))]
