"""Slash commands, as every surface sends them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.dialogue import Act
from bot.offline.commands import NAMES, command


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("/hint", "hint"),
        ("  /HINT  ", "hint"),
        ("/ hint", "hint"),
        ("/Skip", "skip"),
        ("/repeat please", "repeat"),
        ("/undo", "undo"),
        ("/grade", "grade"),
        ("/score", "score"),
        ("/status\n", "status"),
        ("/report", "report"),
        ("/rules", "rules"),
        ("/later", "later"),
        ("/end", "stop"),
        ("/help?", "help"),
        ("／hint", "hint"),
    ],
)
def test_a_command_is_read_whatever_its_case_and_spaces(text, meaning):
    assert command(text, None) == Act(meaning)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("/back", Act("back")),
        ("/back 3", Act("back", number=3)),
        ("/BACK to question three", Act("back", number=3)),
        ("/back #2", Act("back", number=2)),
        ("/add 2 the cost falls", Act("amend", "the cost falls", 2)),
        ("/add question 2: the cost falls", Act("amend", "the cost falls", 2)),
        ("/add the cost falls", Act("amend", "the cost falls")),
        ("/add 2", Act("amend", "", 2)),
        ("/add", Act("amend")),
        ("/dispute I said it", Act("dispute", "I said it")),
        ("/dispute 3: I said it", Act("dispute", "I said it", 3)),
        ("/dispute 3 points were missed", Act("dispute", "3 points were missed")),
        ("/dispute 1 too hard", Act("dispute", "too hard", 1)),
        ("/dispute q2 was judged wrongly", Act("dispute", "was judged wrongly", 2)),
        ("/dispute 3. I said it", Act("dispute", "I said it", 3)),
        ("/dispute one thing was missed", Act("dispute", "one thing was missed")),
        ("/dispute 0.5 is too low", Act("dispute", "0.5 is too low")),
        ("/dispute 2 of my points", Act("dispute", "2 of my points")),
        ("/dispute", Act("dispute")),
        ("/clarify epoch", Act("clarify", "epoch")),
        ('/clarify "loss function"?', Act("clarify", "loss function")),
        ("//hint is how I would begin", Act("answer", "/hint is how I would begin")),
        ("  // 255", Act("answer", "/ 255")),
    ],
)
def test_what_stands_behind_a_command_is_read_with_it(text, act):
    assert command(text, None) == act


@pytest.mark.parametrize(
    "text", ["/edit", "/code", "/code model.py", "/code ~/my work/net.py", "/back soon", "/clarify", "/clarify ?"]
)
def test_what_cannot_be_done_is_said_in_a_sentence(text):
    act = command(text, None)
    assert act is not None
    assert act.meaning == "malformed"
    assert act.text.endswith(".")
    assert len(act.text.split()) > 5


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("/hnit", "/hint"),
        ("/Repaet", "/repeat"),
        ("/quit", "/end"),
        ("/exit", "/end"),
        ("/next", "/skip"),
        ("/define", "/clarify"),
        ("/xyzzy", ""),
    ],
)
def test_an_unknown_command_is_never_an_answer_and_gets_the_nearest(typed, nearest):
    assert command(typed, None) == Act("unknown_command", f"{typed.lower()}|{nearest}")


@pytest.mark.parametrize(
    "text",
    ["/255 scaling", "a/b", "/ 255", "/usr/bin/python is a path", "/x^2", "x /hint", "/", "", "/é", "/" + "a" * 200],
)
def test_only_a_slash_before_a_word_is_a_command(text):
    assert command(text, None) is None


def test_code_comes_behind_the_command_or_beside_it():
    assert command("/code\nimport torch\nx = 1\ny = 2", None) == Act("code", code="import torch\nx = 1\ny = 2")
    assert command("/code ```python\nx = 1\n```", None) == Act("code", "", code="x = 1")
    assert command("/code", "x = 1") == Act("code", "", code="x = 1")
    assert command("/code net.py", "x = 1") == Act("code", "", code="x = 1")
    assert command("/code it scales the pixels", "x = 1") == Act("code", "it scales the pixels", code="x = 1")
    assert command("/code ", "  ") == command("/code", None)


@given(st.text(max_size=60))
def test_a_slash_before_anything_never_fails(text):
    act = command("/" + text, None)
    assert (
        act is None
        or act.meaning in ("answer", "code", "malformed", "unknown_command")
        or any(text.casefold().strip(" ／/").startswith(name) for name in (*NAMES, "edit"))
    )
