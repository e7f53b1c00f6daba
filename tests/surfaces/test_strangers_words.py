"""What a candidate's program says cannot act in chat or report: no heading, link, image or HTML comes from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.core import events as e
from bot.core.feedback import whole
from bot.core.folding import fold
from bot.core.marking import Mark
from bot.core.plan import filled
from bot.core.question import Point, Question
from bot.core.questioning import at_the_end
from bot.core.rules.looking import made
from bot.core.scene import Scene
from bot.core.speech import speak
from bot.core.training import Curve, Fault, Finding, Outcome, Status, Task
from bot.surfaces.report.data import report_data
from bot.surfaces.report.markdown import markdown
from bot.surfaces.text.markdown import tokens
from tests.fakes import question

ACTS = frozenset({"heading_open", "link_open", "image", "html_inline", "html_block"})
SIGN = "qqzz"
ATTACKS = [
    f"# {SIGN}",
    f"<script>{SIGN}</script>",
    f"[{SIGN}](http://evil.example)",
    f"![{SIGN}](http://evil.example/x.png)",
    f"<http://evil.example/{SIGN}>",
    f"<!-- {SIGN} -->",
    f"`**x** <b>{SIGN}</b> [a](http://evil.example)",
    f"\n\n# {SIGN}\n\n",
    f"\n  ```\n# {SIGN}\n",
    f"\n``` \n<b>{SIGN}",
    f"\r```\r# {SIGN}\r",
    f"\u2028```\u2028# {SIGN}",
    f"{SIGN}\n===\n",
    f"\\[{SIGN}](x)",
    f"`` <b>{SIGN}</b> ``",
    f"nn.Softmax(dim=1),  #`**x** <script>{SIGN} [a](http://evil.example)",
]
PIECES = st.one_of(
    st.sampled_from([*ATTACKS, "`", "```", "\\", "\n", "\r", "$", "<", "[", "](x)", "'"]), st.characters()
)
NASTY = st.lists(PIECES, max_size=8).map("".join)
BUILD = replace(
    question("build", (), kind="code", task="mlp", starter="pass"),
    points=(Point("clean", "It has no bug.", measured=True, shown_by="free_of_bugs"),),
)
ASKED = question("finding-softmax-before-cross-entropy", ask="Line {line} of it, `{code}`: why?", plain="Why?")
WHEN = "2026-01-01T09:00:00+00:00"
#: What the headings of the report itself begin with.
HEADS = ("Interview report: A test", "1. The build: ", "1a. The finding-softmax")
RULE = "softmax-before-cross-entropy"


def found_in(line: str, message: str) -> tuple[Finding, ...]:
    """What a rule says of the program's first line, and the same with words that came from elsewhere."""
    one = made({}, line, None, None).finding(RULE, 1, "{code}{on} puts a softmax there.")
    return one, replace(one, message=message)


def told(
    outcome: Outcome, line: str, findings: Sequence[Finding], said: str = "", problem: str = ""
) -> tuple[list[str], str]:
    """All that the chat says of a run, the question about its first finding with it; and the report."""
    happened: list[e.Event] = [
        e.Started("test", "practice", 1, ("build",), "A test", 10, 1),
        e.Asked("build", "build", "Write it.", 1, code=True, task="mlp"),
        e.Heard("", line),
        e.Submitted("build", 3, line),
        e.Inspected("build", 4, {"framework": "PyTorch"}),
        e.RunBegan("build", 4, 30.0),
        e.Ran("build", 4, outcome, tuple(findings)),
        e.Graded("build", 4, "code", (Mark("clean", 0.0, 1.0, "wrong", line or None),), note=said),
        e.Graded("build", 4, "code", why_not=problem) if problem else e.Settled("build"),
    ]
    records = [e.Record(at, WHEN, f"r{at}", one) for at, one in enumerate(happened, 1)]
    book: dict[str, Question] = {"build": BUILD}
    run, session = fold(records[:7]), fold(records)
    texts = [reply.text for reply in speak(session, book, happened[6])]
    texts.append(whole(Scene(session, book).say, session.askings["build"], BUILD).text)
    questioned = at_the_end(run, run.askings["build"], Task("mlp", "An MLP"), {ASKED.id: ASKED})
    wordings = [filled(ASKED, one.values).ask for one in (questioned.asked if questioned else ())]
    for number, wording in enumerate(wordings):
        at = len(records) + 1
        asked = e.Asked(ASKED.id, "asked", wording, 1, about="build")
        records.append(e.Record(at, WHEN, f"q{number}", asked))
    book["asked"] = ASKED
    data = report_data("s", fold(records), book)
    return [*texts, *wordings], markdown(data)


def flat(found: Iterable[Token]) -> Iterable[Token]:
    for token in found:
        yield token
        yield from flat(token.children or ())


def acting(found: Sequence[Token]) -> list[str]:
    """What acts, with the words of each heading: those of the report itself are known."""
    seen = [token.type for token in flat(found) if token.type in ACTS - {"heading_open"}]
    heads = [found[at + 1].content for at, token in enumerate(found) if token.type == "heading_open"]
    return seen + [head for head in heads if not head.startswith(HEADS)]


def assert_unharmed(outcome: Outcome, line: str, message: str, said: str = "", problem: str = "") -> None:
    texts, report = told(outcome, line, found_in(line, message)[::-1], said, problem)
    for text in texts:
        assert acting(tokens(text)) == [], text
        assert acting(MarkdownIt("commonmark").enable("table").parse(text)) == [], text
    assert acting(MarkdownIt("commonmark").enable("table").parse(report)) == [], report
    assert acting(tokens(report)) == [], report


STATUSES = st.sampled_from([status for status in get_args(Status) if status != "cancelled"])


@given(STATUSES, NASTY, NASTY, NASTY, NASTY, st.one_of(st.just(""), NASTY))
@example("crashed", *["".join(ATTACKS)] * 4, "")
def test_nothing_that_a_program_says_acts(
    status: Status, stdout: str, line: str, message: str, said: str, problem: str
) -> None:
    fault = Fault(message or "E", said, 1)
    curve = Curve((1, 9), (2.3, 0.4))
    assert_unharmed(
        Outcome(status, error=fault, stdout=stdout, curve=curve, why=message, notes=(said,)),
        line,
        said,
        message,
        problem,
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_acts_wherever_it_stands(attack: str) -> None:
    for before in ("", "x = 1  ", "`", "```\n"):
        words = before + attack
        fault = Fault(words, words, 1)
        assert_unharmed(Outcome("crashed", error=fault, stdout=words, why=words, notes=(words,)), words, words, words)
        assert_unharmed(Outcome("refused", why=words), words, words, words, words)


def test_what_a_finding_quotes_is_still_shown_as_code() -> None:
    line = "nn.Softmax(dim=1),  #`**x** <script>… [a](http://evil.example)"
    texts, report = told(Outcome("measured", 0.5, 100, "MNIST"), line, found_in(line, "It is `nn.Softmax` again."))
    assert "Line 1 of it, `nn.Softmax(dim=1)`: why?" in texts
    assert any("(`nn.Softmax(dim=1),` on line 1 puts a softmax there.)" in text for text in texts)
    assert "`nn.Softmax(dim=1),` on line 1 puts a softmax there." in report and "It is `nn.Softmax` again." in report
    assert found_in(line, "")[0].evidence == line
