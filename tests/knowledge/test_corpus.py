"""The corpus: what a good one gives, what is said about a bad one, and the one that is shipped."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.core.question import FollowUp, Work
from bot.core.records import rubric_hash
from bot.errors import BadCorpus, WrongUsage
from bot.knowledge.corpus import Corpus, corpus_folder, from_data, read_corpus, to_data
from bot.knowledge.corpus_files import read_folder
from bot.ports import Bank

QUESTION = """
[[question]]
id = "cost"
title = "Cost"
ask = "What is a cost?"
reworded = "What does a cost say?"
plain = "What is a cost?"
aim = "To find out whether the candidate knows."
level = "beginner"
topics = ["training"]
sources = ["S0-8"]
reference = '''
[[question]]
A cost says how wrong
a model is.
'''
hints = ["one", "two", "three"]
further = [{ title = "A book", where = "https://example.org/" }]

[[question.points]]
id = "error"
says = "It measures error."
weight = 2

[[question.points]]
id = "extra"
says = "It may hold a penalty."
weight = 1
bonus = true

[[question.misconceptions]]
id = "accuracy"
believes = "It measures accuracy."
reply = "It measures error."
points = ["error"]

[[question.follow_ups]]
point = "error"
when = "missed"
ask = "Which way should it move?"
"""

STATEMENTS = """
["cost"."error".true]
formal = "A cost measures error."
colloquial = ["It says how bad things are.", "Less is better."]

["cost"."error".false]
half-true = "A cost is a number, namely the accuracy."
"""

FLOW = """
id = "short"
title = "Short"
minutes = 5
describes = "One question."

[[step]]
question = "cost"
"""

NOTES = """# Training
Sources: S0-8, S1-7

## Epoch (pass, sweep)
One pass through
the training set.
Sources: S1-15
Not during: cost

## Label
The right answer.
"""


def write(folder: Path, **changes: str) -> Path:
    """A corpus of one question; `question`, `statements`, `flow` and `notes` replace a file, `extra` adds one."""
    files = {
        "questions/a.toml": changes.get("question", QUESTION),
        "questions/a.statements.toml": changes.get("statements", STATEMENTS),
        "interviews/short.toml": changes.get("flow", FLOW),
        "notes/training.md": changes.get("notes", NOTES),
    }
    if "extra" in changes:
        files["questions/b.toml"] = changes["extra"]
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def line_of(text: str, needle: str) -> int:
    return text[: text.index(needle)].count("\n") + 1


def complaint(folder: Path) -> str:
    with pytest.raises(BadCorpus) as caught:
        read_corpus(folder)
    return str(caught.value)


def test_a_question_is_read_in_full(tmp_path: Path) -> None:
    question = read_corpus(write(tmp_path)).question("cost")
    assert question.reference == "[[question]]\nA cost says how wrong\na model is."
    assert question.point("error").true == (
        "A cost measures error.",
        "It says how bad things are.",
        "Less is better.",
    )
    assert question.point("error").false == ("A cost is a number, namely the accuracy.",)
    assert (question.point("error").weight, question.point("extra").bonus) == (2.0, True)
    assert question.follow_ups == (FollowUp("error", "missed", "Which way should it move?"),)
    assert question.further == (Work("A book", "https://example.org/"),)
    assert question.misconceptions[0].points == ("error",)


def test_a_question_without_six_statements_a_point_is_a_draft(tmp_path: Path) -> None:
    assert read_corpus(write(tmp_path, statements="")).question("cost").draft


def test_flows_and_notes_are_read(tmp_path: Path) -> None:
    corpus = read_corpus(write(tmp_path))
    assert [step.question for step in corpus.flow("short").steps] == ["cost"]
    epoch, label = corpus.notes
    assert (epoch.id, epoch.term, epoch.also) == ("note:training:epoch", "Epoch", ("pass", "sweep"))
    assert epoch.text == "One pass through the training set."
    assert (epoch.sources, epoch.not_during) == (("S1-15",), ("cost",))
    assert (label.sources, label.not_during) == (("S0-8", "S1-7"), ())


def test_the_compiled_form_gives_the_same_corpus(tmp_path: Path) -> None:
    corpus = read_corpus(write(tmp_path))
    again = from_data(json.loads(json.dumps(to_data(corpus))))
    assert again == corpus
    assert rubric_hash(again.question("cost")) == rubric_hash(corpus.question("cost"))


def test_what_is_not_there_is_answered_with_the_nearest_name(tmp_path: Path) -> None:
    corpus = read_corpus(write(tmp_path))
    with pytest.raises(WrongUsage, match=r"no flow 'shirt'. Did you mean 'short'\? The flows are: short\."):
        corpus.flow("shirt")
    with pytest.raises(WrongUsage, match=r"no question 'zzz'. The questions are: cost\."):
        corpus.question("zzz")
    with pytest.raises(WrongUsage, match=r"The corpus holds no flow\."):
        Corpus().flow("x")


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("[[question.points]]", "[question.points", "[question.points", "this is not TOML"),
        ('level = "beginner"', 'levle = "beginner"', "levle", "`levle` is not a key here; did you mean `level`?"),
        ('level = "beginner"', "", "[[question]]", '`level` is missing; write "beginner", "intermediate"'),
        ('level = "beginner"', 'level = "easy"', "level =", "`level` = 'easy' does not fit; write \"beginner\""),
        ('["training"]', '["trains"]', "topics", "`topics` = 'trains' does not fit; write one to three of: fundam"),
        ('["one", "two", "three"]', '["one", "two"]', "hints", "write three hints"),
        ("weight = 2", "weight = 9", "weight = 9", "`weight` = 9 does not fit; write a number from 1 to 3"),
        ("weight = 2", 'weight = "2"', 'weight = "2"', "`weight` = '2' does not fit; write a number"),
        ("weight = 2", "weight = 2\nbonus = true", "bonus = true", "every key point is a bonus"),
        ("weight = 2", 'weight = 2\nshown_by = "flattens"', "shown_by", "asks for none; leave `shown_by` out"),
        (
            'id = "cost"',
            'id = "Cost Function"',
            'id = "Cost',
            "`id` = 'Cost Function' does not fit; write a short name",
        ),
        ('id = "extra"', 'id = "error"', 'id = "error"\nsays = "It may', "the id 'error' is used twice in `points`"),
        ('point = "error"', 'point = "eror"', 'point = "eror"', "there is no key point 'eror'; did you mean `error`?"),
        (
            'points = ["error"]',
            'points = ["x"]',
            'points = ["x"]',
            "there is no key point 'x'; known are: error, extra",
        ),
        ('["S0-8"]', '["Goodfellow"]', "sources", "`sources` = 'Goodfellow' does not fit; write a list of the"),
        ("https://example.org/", "example.org", "further", "`where` = 'example.org' does not fit; write an address"),
        ('when = "missed"', 'when = "now"', 'when = "now"', "`when` = 'now' does not fit; write \"missed\""),
        (
            "[[question.points]]",
            '[question.after_code]\nAdam = "On line {lien}"\n[[question.points]]',
            "Adam =",
            "{lien} cannot be filled in; did you mean `line`?",
        ),
        (
            "[[question.points]]",
            '[question.after_code]\nAdam = "You used {optimizer"\n[[question.points]]',
            "Adam =",
            "{optimizer} cannot be filled in",
        ),
    ],
)
def test_a_broken_question_is_named_with_its_line_and_the_mend(
    tmp_path: Path, old: str, new: str, at: str, said: str
) -> None:
    broken = QUESTION.replace(old, new, 1)
    assert broken != QUESTION
    text = complaint(write(tmp_path, question=broken))
    assert f"questions/a.toml:{line_of(broken, at)}: " in text
    assert said in text


def test_a_point_without_a_follow_up_is_an_error_unless_it_is_a_bonus(tmp_path: Path) -> None:
    broken = QUESTION.replace("bonus = true", "")
    text = complaint(write(tmp_path, question=broken))
    assert "the key point 'extra' has no follow-up; write a [[question.follow_ups]] table" in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '["cost"."error".true]',
            '["cots"."error".true]',
            "no question 'cots' for these statements; did you mean `cost`?",
        ),
        ('["cost"."error".true]', '["cost"."eror".true]', "has no key point 'eror'; did you mean `error`?"),
        ('["cost"."error".true]', '["cost"."error".treu]', "`treu` is not a key here; did you mean `true`?"),
        ("formal =", "formel =", "`formel` is not a key here; did you mean `formal`?"),
        ("half-true =", "half_true =", "`half_true` is not a key here; did you mean `half-true`?"),
        ('"Less is better."', '"A cost measures error."', "the statement 'A cost measures error.' stands here twice"),
        ('"Less is better."', "7", "`colloquial` = 7 does not fit; write a sentence"),
    ],
)
def test_broken_statements_are_named_with_the_mend(tmp_path: Path, old: str, new: str, said: str) -> None:
    broken = STATEMENTS.replace(old, new, 1)
    text = complaint(write(tmp_path, statements=broken))
    assert "questions/a.statements.toml:" in text
    assert said in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('question = "cost"', 'question = "coast"', "short.toml:7: there is no question 'coast'; did you mean `cost`?"),
        ("minutes = 5", 'minutes = "5"', "short.toml:4: `minutes` = '5' does not fit; write about how many minutes"),
        ("[[step]]", "[[steps]]", "`steps` is not a key here; did you mean `step`?"),
        ('question = "cost"', 'question = "cost"\ninstead = { optimizer = { SGD = "sgd" } }', "no question 'sgd'"),
        ('question = "cost"', 'question = "cost"\n[[step]]\nquestion = "cost"', "is asked at an earlier step"),
    ],
)
def test_a_broken_flow_is_named_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in complaint(write(tmp_path, flow=FLOW.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Sources: S0-8, S1-7\n", "", "notes/training.md: the sources are missing"),
        ("## Label", "## Label (x", "training.md:10: this is no term"),
        ("## Label", "## Sweep", "training.md:10: the term 'sweep' is explained at notes/training.md:4, too"),
        ("Not during: cost", "Not during: coast", "there is no question 'coast'; did you mean `cost`?"),
    ],
)
def test_a_broken_note_is_named_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in complaint(write(tmp_path, notes=NOTES.replace(old, new, 1)))


def test_a_duplicate_id_names_both_places(tmp_path: Path) -> None:
    text = complaint(write(tmp_path, extra=f"# another file\n{QUESTION}"))
    assert "questions/b.toml:4: the id 'cost' is used twice, also at questions/a.toml:3" in text


def test_all_errors_come_together_and_the_list_ends(tmp_path: Path) -> None:
    broken = QUESTION.replace("weight = 2", "weight = 9").replace('when = "missed"', 'when = "now"')
    text = complaint(write(tmp_path, question=broken, flow=FLOW.replace("minutes", "minuets")))
    assert text.startswith("The corpus has 4 errors:")
    many = QUESTION + "".join(
        f'[[question.follow_ups]]\npoint = "p{n}"\nwhen = "missed"\nask = "?"\n' for n in range(30)
    )
    assert complaint(write(tmp_path, question=many)).endswith("... and 10 more.")


def test_a_broken_question_raises_no_errors_about_those_that_name_it(tmp_path: Path) -> None:
    text = complaint(write(tmp_path, question=QUESTION.replace("weight = 2", "weight = 9")))
    assert "\n" not in text
    assert "weight" in text


def test_a_dangling_see_also_is_only_a_warning(tmp_path: Path) -> None:
    changed = QUESTION.replace("hints =", 'see_also = ["coast"]\nhints =')
    corpus, problems = read_folder(write(tmp_path, question=changed))
    assert [problem.severity for problem in problems] == ["warning"]
    assert "`see_also` names 'coast', which is not in the bank; did you mean `cost`?" in str(problems[0])
    assert corpus.question("cost").see_also == ("coast",)
    assert read_corpus(tmp_path).question("cost").see_also == ("coast",)


def test_files_that_are_no_text_are_named(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "questions/b.toml").write_bytes(b'id = "\xff"')
    assert "questions/b.toml: byte 6 is not UTF-8 text; save the file as UTF-8" in complaint(tmp_path)
    (tmp_path / "questions/b.toml").write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    assert "is larger than 4 MiB; split it by topic" in complaint(tmp_path)


def test_deep_nesting_is_an_error_and_no_crash(tmp_path: Path) -> None:
    assert "questions/b.toml" in complaint(write(tmp_path, extra=f"x = {'[' * 100_000}"))


def test_a_folder_without_a_corpus_is_said_to_be_none(tmp_path: Path) -> None:
    assert "there is no folder `questions` here" in complaint(tmp_path)


@pytest.fixture(scope="module")
def shipped() -> Corpus:
    return read_corpus(corpus_folder())


ARC = [
    "ml-vs-dl",
    "is-dl-better",
    "perceptron",
    "single-layer-limits",
    "mlp-components",
    "build-mlp",
    "adam",
    "cost-function",
    "gradient-descent-steps",
    "gradient-descent-variants",
    "why-mini-batch",
    "feedforward-vs-backprop",
    "what-is-a-cnn",
    "cnn-layers",
    "restricted-boltzmann-machine",
]


def test_the_shipped_corpus_has_no_problem_at_all() -> None:
    _, problems = read_folder(corpus_folder())
    assert [str(problem) for problem in problems] == []


def test_the_shipped_bank_is_a_bank_of_full_questions(shipped: Corpus) -> None:
    bank: Bank = shipped
    assert {question.id for question in bank.questions()} >= {*ARC, "sgd-optimiser"}
    assert [question.id for question in bank.questions() if question.draft] == []


def test_the_flow_goes_through_the_article_in_its_order(shipped: Corpus) -> None:
    flow = shipped.flow("opengenus")
    assert [step.question for step in flow.steps] == ARC
    asked = [shipped.question(step.question) for step in flow.steps]
    assert [f"S0-{n}" in question.sources for n, question in enumerate(asked, 1)] == [True] * 15
    assert asked[5].kind == "code"
    assert flow.steps[6].instead == {"optimizer": {"SGD": "sgd-optimiser"}}


def test_transitions_are_short_and_all_different(shipped: Corpus) -> None:
    first, *rest = [step.transition for step in shipped.flow("opengenus").steps]
    assert first == ""
    assert all(6 <= len(transition.split()) <= 20 for transition in rest)
    assert len({transition.split()[0] for transition in rest}) >= 8
    assert len(set(rest)) == len(rest)


def test_no_transition_praises_thanks_or_speaks_of_a_program_that_may_never_have_come(shipped: Corpus) -> None:
    praise = re.compile(r"\b(?:good|great|well|nice|right|excellent|thank\w*|your program|your code)\b", re.IGNORECASE)
    said = [stage.transition for flow in shipped.flows() for stage in flow.stages]
    said += [step.transition for flow in shipped.flows() for step in flow.steps]
    assert sum(map(bool, said)) > 30
    assert [transition for transition in said if praise.search(transition)] == []


def test_notes_explain_the_terms_of_art(shipped: Corpus) -> None:
    named = {name.lower() for note in shipped.notes for name in (note.term, *note.also)}
    assert {"feature", "xor", "lr", "logits", "latent variable", "receptive field", "mnist"} <= named
    assert all(note.sources for note in shipped.notes)
    assert [note.term for note in shipped.notes if not 5 <= len(note.text.split()) <= 80] == []
