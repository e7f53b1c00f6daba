"""What people type, send and ask for that no program likes: each gets a clear sentence, and no word of it is lost."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pexpect

from bot.core.sentences import SENTENCES
from tests.faults.rooms import ANSWER, ROOT, chat, heard, several, surroundings, viva

FRENCH = "La fonction de coût mesure l'erreur entre la prédiction et la valeur attendue, et on cherche à la minimiser."
RUSSIAN = "Глубокое обучение использует многослойные нейронные сети и само находит признаки."
ARABIC = "التعلم العميق يستخدم شبكات عصبية متعددة الطبقات"
CONTROL = "It depends\x07 on the \x1b[2Jdata \x7f\x85 \u2028 \u202eשלום\u202c 😀👩‍🔬 and on the task."
NOT_ENGLISH = "It does not seem to be in English"
AGAIN = SENTENCES["again"][0]


def test_a_hundred_thousand_characters_are_one_answer(tmp_path: Path) -> None:
    words = "Deep learning learns its features from the data. " * 2041
    done = chat(tmp_path, words[:100_000], "x" * 100_000, "/end")
    assert (done.code, done.err, done.kept) == (0, "", ["0", "1", "2"])
    assert [len(text) for text in heard(tmp_path)] == [100_000, 100_000, 4]
    assert len(done.of("feedback")) == 2 and done.of("closing")
    assert max(len(text) for text in done.of("feedback")) < 10_000, "what was said is quoted, never repeated whole"


def test_what_steers_terminals_is_kept_and_sent_escaped(tmp_path: Path) -> None:
    lone = "It depends on the data \ud800 and \udfff the task."
    done = chat(tmp_path, CONTROL, lone, "NUL \x00 it depends on the data", "😀😀😀", "\x00\x1b\x07", "/end")
    assert (done.code, done.err) == (0, "")
    assert done.kept == [str(n) for n in range(6)]
    assert not {"\x1b", "\x00", "\u202e", "\x85", "\u2028", "\x7f"} & set(done.out), "no line of it can be broken"
    assert [o for o in done.said if "v" not in o] == []
    words = heard(tmp_path)
    assert words[0] == CONTROL and words[1] == "It depends on the data \ufffd and \ufffd the task."
    assert "NUL" in words[2] and "it depends on the data" in words[2]
    empty = [text for text in done.of("notice") if "nothing in that message" in text or "Nothing came through" in text]
    assert len(empty) == 2
    assert "\x1b" in viva(tmp_path, "report").out, "a report in a file holds the words as they were"
    shown = pexpect.run(
        f"{sys.executable} -m bot report", cwd=str(ROOT), env=surroundings(tmp_path), encoding="utf-8", timeout=60
    )
    assert "Interview report" in shown and not {"\x1b", "\x00", "\u202e"} & set(shown), "on a terminal it shows them"


def test_bytes_that_are_no_text_and_lines_that_are_no_messages(tmp_path: Path) -> None:
    given = [
        b'{"text": "It depends \xff\xfe\xc3( on the data", "id": "bytes"}',
        b"not json",
        b"[1]",
        b'{"text": 1}',
        b"[" * 100_000,
        b'{"text": "' + b"\xf0\x9f" * 10 + b'", "id": true}',
        b'{"text": "/end"}',
    ]
    done = viva(tmp_path, "chat", "--jsonl", given=b"\n".join(given))
    assert (done.code, done.err, done.kept) == (0, "", ["bytes", None])
    notices = "\n".join(done.of("notice"))
    for sentence in ("no valid UTF-8", "is no JSON", "but no object", 'no "text"', '"id" is a string'):
        assert sentence in notices
    assert heard(tmp_path) == ["It depends \ufffd\ufffd\ufffd( on the data", "/end"]


def test_a_pipe_of_anything_is_a_sitting(tmp_path: Path) -> None:
    given = b"It depends \xff on the data\x00 and \x1b[31mthe task.\n" + ARABIC.encode() + b"\n\n/end"
    done = viva(tmp_path, "chat", given=given)
    assert (done.code, done.err) == (0, "") and "\x1b" not in done.out
    assert "no valid UTF-8" in done.out and AGAIN in done.out and "Best of luck!" in done.out
    assert heard(tmp_path)[1] == ARABIC


def test_another_language_is_kept_and_said_to_be_beyond_the_grader(tmp_path: Path) -> None:
    done = chat(tmp_path, FRENCH, ANSWER, RUSSIAN, ARABIC, "/end")
    assert (done.code, done.err) == (0, "")
    first, second, third, fourth = (o for o in done.said if o.get("kind") == "feedback")
    assert first["data"]["score"] is None and NOT_ENGLISH in first["text"] and "is kept" in first["text"]
    assert second["data"]["graded"] is True, "what is said then in English counts"
    assert "was not judged" in third["text"] and NOT_ENGLISH in third["text"], "the marks are of the rest alone"
    assert fourth["data"]["score"] is None and NOT_ENGLISH in fourth["text"]
    assert sum(AGAIN in text for text in done.of("follow_up")) == 2, "asked to say it again, once a question"
    assert heard(tmp_path)[:4] == [FRENCH, ANSWER, RUSSIAN, ARABIC]
    report = json.loads(viva(tmp_path, "report", "--format", "json").out)
    assert report["total"]["not_graded"] == 1
    assert NOT_ENGLISH in viva(tmp_path, "report").out


WRONG = [
    (["chat", "--jsonl", "--flow", "opengenius"], "There is no flow 'opengenius'. Did you mean 'opengenus'?"),
    (["chat", "--jsonl", "--level", "begginer"], "There is no level 'begginer'. Did you mean 'beginner'?"),
    (["chat", "--jsonl", "--track", "perceptorn"], "There is no track 'perceptorn'. Did you mean 'perceptron'?"),
    (["chat", "--jsonl", "--mode", "simulaton"], "There is no mode 'simulaton'. Did you mean 'simulation'?"),
    (["chat", "--jsonl", "--mode", "\x1b[2J"], "The modes are: practice, simulation."),
    (["chat", "--jsonl", "--questions", "0"], "--questions"),
    (["chat", "--jsonl", "--resume", "nosuch"], "There is no session nosuch."),
    (["chat", "--jsonl", "--resume", "last"], "There is no unfinished interview"),
    (["chta"], "Did you mean 'chat'?"),
    (["chat", "--flwo", "x"], "--flow"),
    (["report"], "There is no session yet. `viva chat` begins one."),
    (["report", "--format", "pdf"], "take md or json"),
    (["export", "nosuch"], "There is no session nosuch."),
    (["forget", "nobody", "--yes"], "No interviews of 'nobody' are kept"),
    (["search", " "], "Say what to look for"),
    (["search", "--queries", "nosuch.jsonl"], "nosuch.jsonl cannot be read"),
    (["restore", "nosuch.viva"], "There is no file nosuch.viva."),
]


def test_wrong_usage_is_named_with_what_was_meant(tmp_path: Path) -> None:
    ended = several(tmp_path, [arguments for arguments, _ in WRONG])
    for done, (arguments, sentence) in zip(ended, WRONG, strict=True):
        done.assert_failed(2, sentence)
        assert done.out == "" and done.err.count("\n") == 1 and "\x1b" not in done.err, arguments


def test_without_a_command_the_help_is_shown(tmp_path: Path) -> None:
    done = viva(tmp_path)
    assert done.code == 2 and done.err.startswith("Usage: viva") and "chat" in done.err
    (helped,) = several(tmp_path, [["chat", "--help"]])
    assert (helped.code, helped.err) == (0, "") and "Example: viva chat" in helped.out


def test_settings_that_do_not_fit_are_named(tmp_path: Path) -> None:
    viva(tmp_path, "sessions", VIVA_RETENTION_DAYS="soon").assert_failed(2, "VIVA_RETENTION_DAYS")
    secret = "postgresql://me:topsecret@localhost:nonsense/viva"
    done = viva(tmp_path, "sessions", VIVA_DATABASE_URL=secret)
    done.assert_failed(2, "VIVA_DATABASE_URL")
    assert "topsecret" not in done.err


def test_files_that_cannot_be_taken_are_named(tmp_path: Path) -> None:
    taken = tmp_path / "notes.txt"
    taken.write_text("Mine.")
    wrong = [
        (["index", str(tmp_path / "nosuch.md")], "There is no file or folder"),
        (["index", __file__], "neither .txt nor .md"),
        (["backup", str(taken)], "is there already and was left as it is"),
        (["backup", str(tmp_path / "no" / "folder")], "There is no folder"),
        (["restore", str(tmp_path)], "There is no file"),
    ]
    for done, (_, sentence) in zip(several(tmp_path / "home", [words for words, _ in wrong]), wrong, strict=True):
        done.assert_failed(2, sentence)
    assert taken.read_text() == "Mine."
