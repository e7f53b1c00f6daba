"""`viva grade` as a person or a script runs it: a file or a pipe in, a line for each line out."""

from __future__ import annotations

import asyncio
import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.commands.grading import MOST_READ, Progress, lines
from bot.core.marking import band
from tests.faults.rooms import ROOT, Ended, several, surroundings, viva
from tests.loopback_model import MODEL, running
from tests.waiting import until

PERCEPTRON = "A perceptron computes a weighted sum of its inputs plus a bias, and passes it through a step function."
SKY = "The sky is blue because air scatters short wavelengths more."
GOOD: Sequence[dict[str, Any]] = (
    {"id": "worded", "question": "What is a perceptron?", "answer": PERCEPTRON},
    {"id": "by id", "question": "perceptron", "answer": PERCEPTRON},
    {
        "id": "reference",
        "question": "Which colour?",
        "reference": SKY,
        "answer": "Air scatters short wavelengths more.",
    },
    {
        "id": 4,
        "question": "Which colour?",
        "key_points": ["Short waves scatter.", "We see blue."],
        "answer": "It's blue.",
    },
    {
        "id": "examples",
        "question": "perceptron",
        "answer": PERCEPTRON,
        "exemplars": [{"answer": PERCEPTRON, "score": 1}],
    },
    {"id": "program", "question": "build-mlp", "answer": "import torch\nmodel = torch.nn.Linear(784, 10)\n"},
    {"question": "perceptron", "answer": "I have no idea."},
    {"id": "empty", "question": "perceptron", "answer": ""},
)
BAD: Sequence[tuple[bytes, str]] = (
    (b"not json", "It is no JSON object"),
    (b'{"id": "bytes", "question": "perceptron", "answer": "\xff\xfe"}', "It is not UTF-8"),
    (b'{"id": "half", "question": "perceptron", "answer": "\\ud83d"}', "half of a character"),
    (b'{"id": "no answer", "question": "perceptron"}', "`answer` is missing"),
    (b'{"id": "long", "question": "perceptron", "answer": "' + b"a" * 1_500_000 + b'"}', "longer than 1,000,000 bytes"),
    (b'{"id": "slip", "question": "percepton", "answer": "A sum."}', "did you mean `perceptron`?"),
    (b'{"id": "else", "question": "Who won the match last night?", "answer": "Two."}', "nothing to judge it by"),
    (b'{"id": "drill", "question": "conv-output-size", "answer": "It is 12."}', "has fresh numbers each time"),
    (b'{"id": "foreign", "question": "perceptron", "answer": "\xd0\x9d\xd0\xb5 \xd0\xb7\xd0\xbd\xd0\xb0\xd1\x8e \xd1'
     b'\x8d\xd1\x82\xd0\xbe\xd0\xb3\xd0\xbe \xd1\x81\xd0\xbb\xd0\xbe\xd0\xb2\xd0\xb0"}', "in English"),
)  # fmt: skip
KEYS = {"v", "id", "score", "band", "graded", "why_not", "question_id", "marks", "misconceptions", "grader", "note"}


def jsonl(rows: Sequence[Any]) -> bytes:
    return b"".join(row + b"\n" if isinstance(row, bytes) else json.dumps(row).encode() + b"\n" for row in rows)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def graded(home: Path) -> Ended:
    """Every kind of line in one file, a blank one among them."""
    mixed = [row for pair in zip(GOOD, [b for b, _ in BAD], strict=False) for row in pair]
    return viva(home, "grade", "-", given=jsonl([*mixed, b"", *[b for b, _ in BAD][len(GOOD) :]]))


@pytest.fixture(scope="module")
def by_id(graded: Ended) -> dict[Any, dict[str, Any]]:
    return {told["id"]: told for told in graded.said if told["id"] is not None}


def test_each_line_is_answered_in_order_whatever_the_others_hold(graded: Ended) -> None:
    assert (graded.code, graded.err) == (0, "")
    ids = [told["id"] for told in graded.said]
    assert len(ids) == len(GOOD) + len(BAD)
    assert [id_ for id_ in ids if id_ in ("worded", "by id", "reference", 4, "examples", "program", "empty")] == [
        row["id"] for row in GOOD if "id" in row
    ]


def test_each_object_holds_what_scripts_rely_on(graded: Ended) -> None:
    for told in graded.said:
        assert told.keys() == KEYS | ({"line"} & told.keys()) and told["v"] == 1
        assert told["graded"] == (told["score"] is not None) == (not told["why_not"])
        assert told["band"] == (band(told["score"]) if told["graded"] else None)
        assert bool(told["marks"]) == told["graded"] and told["grader"].startswith("offline ")


def test_a_bad_line_says_what_is_wrong_with_it(graded: Ended) -> None:
    reasons = [told["why_not"] for told in graded.said if not told["graded"]]
    assert len(reasons) == len(BAD)
    assert [why for (_, why), reason in zip(BAD, reasons, strict=True) if why not in reason] == []
    assert [told["line"] for told in graded.said if "line" in told] == [2, 4, 6, 8, 10], "those that cannot be read"


def test_a_question_is_known_by_its_words_as_by_its_id(by_id: dict[Any, dict[str, Any]]) -> None:
    worded, by_name = by_id["worded"], by_id["by id"]
    assert worded["question_id"] == "perceptron" and worded["score"] > 0.2
    assert worded["note"] == "Taken for `perceptron`." and by_name["note"] == ""
    assert worded | {"id": "", "note": ""} == by_name | {"id": ""}


def test_what_came_with_a_line_is_what_it_is_judged_by(by_id: dict[Any, dict[str, Any]]) -> None:
    assert by_id["reference"]["question_id"] is None and by_id["reference"]["band"] == "strong"
    assert [mark["says"] for mark in by_id[4]["marks"]] == ["Short waves scatter.", "We see blue."]
    assert by_id["examples"]["score"] > by_id["by id"]["score"]
    assert by_id["examples"]["marks"][-1]["point"] == "exemplars"


def test_evidence_is_quoted_from_the_answer(by_id: dict[Any, dict[str, Any]]) -> None:
    quoted = [(row["answer"], mark["evidence"]) for row in GOOD if "id" in row for mark in by_id[row["id"]]["marks"]]
    assert sum(evidence is not None for _, evidence in quoted) > 4
    assert [pair for pair in quoted if pair[1] is not None and pair[1] not in pair[0]] == []


def test_no_answer_counts_nothing_and_is_called_so(graded: Ended, by_id: dict[Any, dict[str, Any]]) -> None:
    assert (by_id["empty"]["score"], by_id["empty"]["band"]) == (0.0, "none")
    assert by_id["empty"]["note"] == "There is no answer, which counts 0."
    unknown = next(told for told in graded.said if told["id"] is None and told["graded"])
    assert (unknown["score"], unknown["note"]) == (0.0, "It says that it does not know, which counts 0.")


def unnumbered(ended: Ended) -> list[str]:
    """The objects without the numbers of their lines."""
    return [json.dumps({key: told[key] for key in told if key != "line"}) for told in ended.said]


@pytest.mark.slow
def test_a_line_gets_the_same_output_in_any_company(home: Path, graded: Ended) -> None:
    back = viva(home, "grade", "-", given=jsonl([*[b for b, _ in BAD], *GOOD][::-1]))
    assert sorted(unnumbered(back)) == sorted(unnumbered(graded))
    alone = [viva(home, "grade", "-", given=jsonl([row])).out for row in GOOD[2:5:2]]
    assert [line for text in alone for line in text.splitlines()] == [
        line for line in graded.out.splitlines() if json.loads(line)["id"] in [row["id"] for row in GOOD[2:5:2]]
    ]


def test_a_file_is_there_when_it_is_whole(home: Path, tmp_path: Path) -> None:
    given, out = tmp_path / "answers.jsonl", tmp_path / "marks.jsonl"
    given.write_bytes("\ufeff".encode() + jsonl([GOOD[1], b"not json"]))
    out.write_text("old", encoding="utf-8")
    done = viva(home, "grade", str(given), "--out", str(out))
    assert (done.code, done.out) == (0, "")
    assert f"1 of 2 lines were graded and written to {out}. 1 could not be" in done.err
    assert [json.loads(line)["graded"] for line in out.read_text(encoding="utf-8").splitlines()] == [True, False]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["answers.jsonl", "marks.jsonl"]


def test_what_makes_no_sense_is_refused_in_one_sentence(home: Path, tmp_path: Path) -> None:
    files = {
        "empty.jsonl": b"",
        "binary.jsonl": b"PK\x03\x04\0\0",
        "wide.jsonl": "{}".encode("utf-16"),
        "one.jsonl": b"x",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    at = {name: str(tmp_path / name) for name in files}
    refused = [
        (["grade", str(tmp_path / "none.jsonl")], "No such file"),
        (["grade", str(tmp_path)], "cannot be read"),
        (["grade", at["empty.jsonl"]], "is empty"),
        (["grade", at["binary.jsonl"]], "is no text"),
        (["grade", at["wide.jsonl"]], "is no text"),
        (["grade", at["one.jsonl"], "--grader", "nobody"], "There is no grader 'nobody'"),
        (["grade", at["one.jsonl"], "--grader", "llm"], "--grader llm wants a language model, and none is set"),
        (["grade", at["one.jsonl"], "--out", at["one.jsonl"]], "is the file that is read"),
    ]
    for ended, (_, why) in zip(several(home, [command for command, _ in refused]), refused, strict=True):
        ended.assert_failed(2, why)
        assert ended.out == ""
    (nowhere,) = several(home, [["grade", at["one.jsonl"], "--out", str(tmp_path / "no" / "marks.jsonl")]])
    nowhere.assert_failed(1, "cannot be written")
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(files)


@contextmanager
def piped(home: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command at the end of a pipe that stays open."""
    command = [sys.executable, "-m", "bot", "grade", "-", *arguments]
    pipe, surrounded = subprocess.PIPE, surroundings(home)
    begins = None if sys.platform == "win32" else _hears_ctrl_c
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT, env=surrounded, preexec_fn=begins
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _hears_ctrl_c() -> None:
    """What a shell starts in the background ignores Ctrl-C, and so does what the tests start there."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_pipe_has_each_line_as_soon_as_it_is_judged(home: Path) -> None:
    with piped(home) as process:
        assert process.stdin is not None and process.stdout is not None
        for row in (GOOD[1], GOOD[7]):
            process.stdin.write(jsonl([row]))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == row["id"]
        process.stdin.close()
        assert (process.stdout.read(), process.wait(60)) == (b"", 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there")
async def test_ctrl_c_keeps_what_was_judged(home: Path, tmp_path: Path) -> None:
    out, part = tmp_path / "marks.jsonl", tmp_path / "marks.jsonl.part"
    with piped(home, "--out", str(out)) as process:
        assert process.stdin is not None and process.stderr is not None
        process.stdin.write(jsonl([GOOD[7], GOOD[7]]))
        process.stdin.flush()
        await until(lambda: part.exists() and part.read_bytes().count(b"\n") == 2, patience=60)
        process.send_signal(signal.SIGINT)
        told = (await asyncio.to_thread(process.stderr.read)).decode()
        assert process.wait(60) == 1
    assert told == f"viva: Stopped. 2 lines were judged before, and are in {part}.\n"
    assert not out.exists() and part.read_bytes().count(b"\n") == 2


@pytest.mark.slow
async def test_a_model_judges_as_in_an_interview_and_what_it_cannot_is_not_graded(home: Path) -> None:
    async with running() as server:
        named: Any = {"OPENAI_BASE_URL": server.url, "VIVA_MODEL": f"openai:{MODEL}"}
        rows = [GOOD[1], GOOD[2], GOOD[4]]
        asked = partial(viva, home, "grade", "-", **named)
        done = await asyncio.to_thread(partial(asked, "--grader", "llm", given=jsonl(rows)))
        assert done.code == 0 and f"openai:{MODEL}: they are sent to 127.0.0.1:" in done.err
        of_bank, of_reference, examples = done.said
        assert all(told["graded"] and told["grader"].startswith(f"openai:{MODEL} (grade ") for told in done.said)
        assert (of_bank["question_id"], of_reference["question_id"]) == ("perceptron", None)
        assert "exemplars were left aside" in examples["note"] and server.calls
        server.faults += ["wrong key"] * 4
        out = await asyncio.to_thread(partial(asked, given=jsonl(rows[:1])))
        (lost,) = out.said
        assert (out.code, lost["graded"], lost["score"], lost["question_id"]) == (0, False, None, "perceptron")
        assert lost["why_not"].endswith("Grade this line once more later.") and "is kept" not in lost["why_not"]
        offline = await asyncio.to_thread(partial(asked, "--grader", "offline", given=jsonl(rows[:1])))
        assert offline.said[0]["grader"] == "offline 2" and offline.err == ""


@pytest.mark.slow
async def test_a_models_calls_are_booked_and_held_to_the_budgets(tmp_path: Path) -> None:
    async with running() as server:
        named: Any = {
            "OPENAI_BASE_URL": server.url,
            "VIVA_MODEL": f"openai:{MODEL}",
            "VIVA_BUDGET_SITTING": "100 tokens",
        }
        asked = partial(viva, tmp_path, "grade", "-", "--grader", "llm", **named)
        done = await asyncio.to_thread(partial(asked, given=jsonl([GOOD[1], GOOD[1]])))
        first, second = done.said
        assert first["grader"].startswith("openai:") and second["grader"] == "offline 2" and first["note"] == ""
        assert "is used up, so the offline grader judged this." in second["note"] and second["graded"]
        assert done.err.count("is used up") == 1
        cost, listed = await asyncio.to_thread(lambda: several(tmp_path, [["cost", "--json"], ["sessions"]]))
        (day,) = cost.said
        assert day["calls"] == len(server.calls) >= 1 and day["input_tokens"] > 100 and "perceptron" not in listed.out
        called = len(server.calls)
        dollars = partial(asked, VIVA_BUDGET_SITTING="2.50")
        refused = await asyncio.to_thread(lambda: dollars(given=jsonl(GOOD[1:2])))
        refused.assert_failed(2, "VIVA_BUDGET_SITTING is in dollars", "VIVA_PRICES")
        assert len(server.calls) == called


def test_of_an_endless_line_no_more_than_needed_is_read() -> None:
    source = io.BytesIO(b"a\n" + b"b" * (3 * MOST_READ) + b"\n\n  \nc")
    assert [(number, len(line)) for number, line in lines(source)] == [(1, 2), (2, MOST_READ), (5, 1)]


def test_progress_is_shown_only_for_what_takes_a_while() -> None:
    now, terminal = [0.0], io.StringIO()
    progress = Progress(terminal, True, lambda: now[0])
    for done in range(1, 8):
        now[0] += 0.1
        progress.show(done)
    progress.clear()
    assert terminal.getvalue() == ""
    now[0] = 2.0
    progress.show(20)
    progress.show(21)
    progress.clear()
    assert terminal.getvalue() == "\r20 lines, 10.0 a second\x1b[K\r\x1b[K"
