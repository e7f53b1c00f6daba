"""`viva eval grader` as it is asked for: the tables of a small sample, the same each time, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.commands.eval_grader import GraderWish, grader_command
from bot.commands.evaluating import CHECKOUT, eval_command
from bot.commands.simulated.wish import Wish
from bot.errors import WrongUsage


def printed(capsys: pytest.CaptureFixture[str], wish: GraderWish) -> dict[str, Any]:
    eval_command("grader", None, Wish(seed=4, as_json=True), wish)
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


@pytest.mark.slow
def test_a_sample_of_a_part_is_judged_by_everybody_and_the_same_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys, GraderWish("unseen", 9))
    assert (told["v"], told["eval"], told["sample"], told["seed"]) == (1, "grader", 9, 4)
    (part,) = told["parts"]
    assert (part["part"], part["n"]) == ("unseen", 9)
    assert [one["grader"] for one in part["graders"]][:4] == ["word overlap", "cosine", "alignment", "offline 1"]
    assert all(0 <= one["measures"]["error"]["value"] <= 1 for one in part["graders"])
    assert part["reader"]["measures"]["spearman"]["value"] > 0.95
    assert printed(capsys, GraderWish("unseen", 9)) == told


@pytest.mark.slow
def test_public_sets_stand_beside_the_parts_and_the_table_is_markdown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = {"1": {"question": "What does pooling do?", "references": ["It makes the feature map smaller."]}}
    (tmp_path / "saf.questions.json").write_text(json.dumps(question), encoding="utf-8")
    rows = [("It makes the feature map smaller.", 1.0), ("", 0.0), ("It adds a bias to every weight.", 0.0)]
    lines = [{"id": n, "qid": "1", "answer": answer, "score": score} for n, (answer, score) in enumerate(rows)]
    (tmp_path / "saf.dev.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    eval_command("grader", None, Wish(), GraderWish("reference", 3, tmp_path))
    table = capsys.readouterr().out
    assert "**The same answers, judged from the question's reference alone** (3 answers to 3 questions)" in table
    assert "**Public set: SAF** (3 answers to 1 question)" in table
    assert table.count("| offline 1 |") >= 2


@pytest.mark.parametrize(
    ("what", "wish", "told"),
    [
        (
            "grader",
            GraderWish("knwon"),
            "no part 'knwon'; the parts are: known, unseen, reference, voices, replies, attacks, all",
        ),
        ("grader", GraderWish(sample=300, publish=True), "leave --part and --sample away with --publish"),
        ("grader", GraderWish("known", publish=True), "leave --part and --sample away with --publish"),
        ("retrieval", GraderWish("known"), "--part belongs to `viva eval grader`"),
        ("interviewer", GraderWish(publish=True), "--publish belongs to `viva eval grader`"),
    ],
)
def test_what_makes_no_sense_is_refused(what: str, wish: GraderWish, told: str) -> None:
    with pytest.raises(WrongUsage, match=told):
        eval_command(what, None, Wish(), wish)


def test_flags_of_other_tables_are_refused(tmp_path: Path) -> None:
    for queries, wish in ((tmp_path, Wish()), (None, Wish(kind="weak"))):
        with pytest.raises(WrongUsage, match="--queries and --kind belong to other tables"):
            eval_command("grader", queries, wish)


def test_labelled_answers_lie_in_a_checkout_alone(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="not installed with it; run this in a checkout"):
        grader_command(GraderWish(), 1, False, tmp_path)
    assert (CHECKOUT / "evals" / "grading").is_dir()
