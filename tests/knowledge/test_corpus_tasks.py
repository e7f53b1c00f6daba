"""Lab tasks as folders: what a good one gives, what is said about a bad one, one's own, and that the index notices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.core.question import Recorded
from bot.core.training import Case, Limits
from bot.errors import BadCorpus, WrongUsage
from bot.knowledge.bank import corpus_hash
from bot.knowledge.corpus import Corpus, corpus_folder, from_data, read_corpus, to_data
from bot.knowledge.corpus_kinds import FIGURES
from bot.knowledge.own_check import Around, check_groups, groups_of
from bot.knowledge.own_corpus import read_own
from bot.ports import Bank

TASK = """
title = "Build it"
accuracy = 0.9
most_parameters = 1000
runs = 3
follow_ups = ["cost"]

[limits]
seconds = 12
memory = 1024
"""

CALL = """
title = "Add it"
measure = "call"
function = "add"
cases = "cases.json"
"""

QUESTION = """
[[question]]
id = "build"
kind = "code"
title = "Build"
ask = "Will you build it?"
reworded = "Please build it."
plain = "Build it."
aim = "To find out whether the candidate can."
level = "beginner"
topics = ["pytorch"]
reference = '''
So:

{reference.py}
'''
hints = ["one", "two", "three"]

[[question.points]]
id = "runs"
says = "It runs."
measured = true
shown_by = "runs"

[[question.points]]
id = "scaled"
says = "The pixels are scaled."
shown_by = "scales_pixels"

[[question.follow_ups]]
point = "scaled"
when = "missed"
ask = "What range?"
"""

EXPERIMENTS = """
[[question]]
id = "predict-wide"
kind = "predict"
title = "Wider"
ask = "What if it is wider?"
reworded = "And wider?"
plain = "It is wider."
aim = "To find out whether the candidate knows."
level = "beginner"
topics = ["pytorch"]
reference = "Not much."
hints = ["one", "two", "three"]

[question.experiment]
base = { rate = 0.5 }
changes = { width = 8 }
expects = { gap_most = 0.1 }

[[question.points]]
id = "outcome"
says = "Not much happens."

[[question.follow_ups]]
point = "outcome"
when = "missed"
ask = "How much?"
"""

PROGRAM = 'DEFAULTS = {"width": 4, "rate": 0.1}\nsettings = {**DEFAULTS, **SETTINGS}\n'
RUN = {"accuracy": 0.5, "steps": [1, 2], "losses": [2.0, 1.0]}
RECORDED = {"v": 1, "on": "a machine", "experiments": {"predict-wide": {"ran": RUN, "beside": RUN}}}
CASES = {"cases": [{"inputs": [[1, 2], [3.5]], "shapes": [[2], [1]], "expects": [4.5, 5.5], "says": "a row"}]}

FILES = {
    "task.toml": TASK,
    "statement.md": "Build it well.\n",
    "starter.py": "model = ...\n",
    "reference.py": "model = 1\n",
    "question.toml": QUESTION,
    "experiment.py": PROGRAM,
    "experiments.toml": EXPERIMENTS,
    "recorded.json": json.dumps(RECORDED),
}


@pytest.fixture
def folder(corpus: Path) -> Path:
    """A task beside a small corpus."""
    return write(corpus, FILES)


def write(corpus: Path, files: dict[str, str], name: str = "build-it") -> Path:
    folder = corpus / "tasks" / name
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def complaint(folder: Path) -> str:
    with pytest.raises(BadCorpus) as caught:
        read_corpus(folder.parent.parent)
    return str(caught.value)


def test_a_task_is_read_in_full(folder: Path) -> None:
    bank: Bank = read_corpus(folder.parent.parent)
    task = bank.task("build-it")
    assert (task.title, task.measure, task.accuracy, task.most_parameters) == ("Build it", "classify", 0.9, 1000)
    assert (task.runs, task.limits) == (3, Limits(seconds=12, memory=1024))
    assert (task.follow_ups, task.experiments, task.program) == (("cost",), ("predict-wide",), PROGRAM)
    question = bank.question("build")
    assert (question.task, question.statement, question.starter) == ("build-it", "Build it well.", "model = ...\n")
    assert question.reference == "So:\n\n```python\nmodel = 1\n```"
    assert question.point("runs").measured and not question.point("runs").draft
    experiment = bank.question("predict-wide").experiment
    assert experiment is not None and bank.question("predict-wide").task is None
    assert (experiment.task, experiment.changes, experiment.base) == ("build-it", {"width": 8}, {"rate": 0.5})
    assert experiment.expects == {"gap_most": 0.1}
    assert experiment.recorded == (Recorded("a machine", 0.5, (1, 2), (2.0, 1.0)),) * 2


def test_a_task_whose_function_is_called_has_its_cases(corpus: Path) -> None:
    files = {name: FILES[name] for name in ("statement.md", "starter.py", "reference.py", "question.toml")}
    write(corpus, {**files, "task.toml": CALL, "cases.json": json.dumps(CASES)})
    task = read_corpus(corpus).task("build-it")
    assert (task.measure, task.function, task.program, task.experiments) == ("call", "add", "", ())
    assert task.cases == (Case(((1.0, 2.0), (3.5,)), ((2,), (1,)), (4.5, 5.5), 1e-4, "a row"),)


def test_the_compiled_form_gives_the_same_tasks(folder: Path) -> None:
    corpus = read_corpus(folder.parent.parent)
    assert from_data(json.loads(json.dumps(to_data(corpus)))) == corpus
    with pytest.raises(WrongUsage, match=r"no task 'built-it'. Did you mean 'build-it'\?"):
        corpus.task("built-it")


@pytest.mark.parametrize("name", FILES)
def test_the_index_notices_every_file_of_a_task(folder: Path, name: str) -> None:
    before = corpus_hash(folder.parent.parent)
    (folder / "__pycache__").mkdir()
    assert corpus_hash(folder.parent.parent) == before
    (folder / name).write_text(FILES[name] + "\n", encoding="utf-8")
    assert corpus_hash(folder.parent.parent) != before


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("task.toml", 'title = "Build it"', "", "task.toml: `title` is missing; write a title of at most 40"),
        ("task.toml", "runs = 3", "runs = 0", "task.toml:5: `runs` = 0 does not fit; write how often"),
        (
            "task.toml",
            "seconds = 12",
            "second = 12",
            ":9: `second` is not a key here; did you mean `seconds`?",
        ),
        ("task.toml", '"cost"', '"coast"', "task.toml:6: there is no question 'coast'; did you mean `cost`?"),
        ("task.toml", "runs = 3", 'function = "f"', '`function` belongs to tasks with measure = "call"'),
        ("task.toml", "runs = 3", 'measure = "call"', "`function` is missing; write the name of the function"),
        ("task.toml", "runs = 3", "runs = [", "this is not TOML"),
        ("statement.md", "Build it well.", " ", "statement.md: the statement is empty"),
        ("starter.py", "...", "(", "starter.py:1: this is not Python"),
        ("reference.py", "1", "'" + "x" * 65536 + "'", "reference.py: the program is larger than 64 KiB"),
        ("question.toml", '"code"', '"free"', "question.toml:4: question.toml holds one question of the kind"),
        ("question.toml", "hints =", 'starter = "x"\nhints =', "`starter` comes from starter.py; leave it out here"),
        ("question.toml", '"scales_pixels"', '"scale_pixels"', "did you mean `scales_pixels`?"),
        ("question.toml", 'measured = true\nshown_by = "runs"', "measured = true", "nothing says what shows it"),
        ("experiment.py", "DEFAULTS = {", "USUAL = {", "experiment.py: the program needs a dictionary DEFAULTS"),
        ("experiments.toml", "width = 8", "widht = 8", "has no setting 'widht'; did you mean `width`?"),
        ("experiments.toml", "width = 8", "width = 8.5", "the setting 'width' is like 4; write a value of that kind"),
        ("experiments.toml", "gap_most", "gap_moist", "nobody measures 'gap_moist'; did you mean `gap_most`?"),
        ("experiments.toml", '"predict"', '"free"', "an experiment is predicted; write kind"),
        ("experiments.toml", "[question.experiment]", "[question.experimant]", "`experimant` is not a key here"),
        ("recorded.json", "predict-wide", "predict-wild", "there is no experiment 'predict-wild'; did you mean"),
        ("recorded.json", "[2.0, 1.0]", "[2.0]", "recorded.json: 'predict-wide': there must be a loss for each step"),
        ("recorded.json", "2.0", "NaN", "recorded.json: this is not JSON: NaN is no number of JSON"),
        (
            "recorded.json",
            '"accuracy": 0.5',
            '"accuracy": 50',
            "`accuracy` = 50 does not fit; write the accuracy",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_file(folder: Path, name: str, old: str, new: str, said: str) -> None:
    broken = FILES[name].replace(old, new)
    assert broken != FILES[name]
    (folder / name).write_text(broken, encoding="utf-8")
    text = complaint(folder)
    assert f"tasks/build-it/{name}" in text and said in text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("task.toml", "task.toml: the task 'build-it' lacks this file; write it"),
        ("reference.py", "reference.py: the task 'build-it' lacks this file; write it"),
        ("experiment.py", "experiments.toml: experiments.toml is of no use without experiment.py"),
        ("experiments.toml", "experiment.py: experiment.py is of no use without experiments.toml"),
    ],
)
def test_a_missing_file_is_named(folder: Path, name: str, said: str) -> None:
    (folder / name).unlink()
    assert said in complaint(folder)


def test_a_file_that_nobody_reads_is_named(folder: Path) -> None:
    (folder / "refrence.py").write_text("")
    assert "refrence.py: nobody reads this file of a task; did you mean `reference.py`?" in complaint(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[3.5]", "[3.5, 1]", "case 1: the shapes [[2], [1]] want [2, 1] numbers, and `inputs` has others"),
        ("4.5", "Infinity", "cases.json: this is not JSON: Infinity is no number of JSON"),
        ('"expects"', '"expect"', "`expect` is not a key here; did you mean `expects`?"),
        ("[4.5, 5.5]", "[]", "`expects` = [] does not fit; write a list of numbers"),
    ],
)
def test_broken_cases_are_named(corpus: Path, old: str, new: str, said: str) -> None:
    files = {name: FILES[name] for name in ("statement.md", "starter.py", "reference.py", "question.toml")}
    folder = write(corpus, {**files, "task.toml": CALL, "cases.json": json.dumps(CASES).replace(old, new)})
    assert said in complaint(folder)


def test_an_experiment_outside_of_a_task_is_an_error(corpus: Path) -> None:
    (corpus / "questions" / "more.toml").write_text(EXPERIMENTS, encoding="utf-8")
    with pytest.raises(BadCorpus, match="an experiment belongs to a task; write it into experiments"):
        read_corpus(corpus)


def test_one_s_own_task_stands_beside_the_shipped_and_is_left_out_where_it_is_wrong(
    corpus: Path, tmp_path: Path
) -> None:
    shipped, home = read_corpus(corpus), tmp_path / "home"
    folder = write(home / "corpus", FILES)
    own = read_own(home, shipped)
    assert own is not None and own.problems == ()
    both = own.beside(shipped)
    assert [task.id for task in both.tasks()] == ["build-it"] and both.question("build").task == "build-it"
    again = read_own(home, shipped)
    assert again == own, "as it is kept"
    (folder / "task.toml").write_text(TASK.replace("cost", "coast"), encoding="utf-8")
    broken = read_own(home, shipped)
    assert broken is not None and broken.corpus == Corpus()
    assert "did you mean `cost`?" in str(broken.problems[0][1]) and str(folder) in broken.notices[0]


def test_one_s_own_task_does_not_take_the_place_of_a_shipped_one(folder: Path, tmp_path: Path) -> None:
    shipped, home = read_corpus(folder.parent.parent), tmp_path / "home"
    mine = QUESTION.replace('id = "build"', 'id = "my-build"')
    files = {name: FILES[name] for name in ("task.toml", "statement.md", "starter.py", "reference.py")}
    write(home / "corpus", {**files, "question.toml": mine})
    own = read_own(home, shipped)
    assert own is not None and own.corpus.exercises == {}
    assert "the id 'build-it' belongs to a task that comes with Viva" in str(own.problems[0][1])


def test_a_task_is_checked_by_its_folder_or_by_one_of_its_files(corpus: Path, tmp_path: Path) -> None:
    around = Around(read_corpus(corpus), corpus, Corpus(), {})
    folder = write(tmp_path / "mine", {**FILES, "task.toml": TASK.replace("runs = 3", "runs = 0")})
    for path in (folder, folder / "starter.py", folder / "question.toml", tmp_path / "mine"):
        (checked,) = check_groups(groups_of([path], tmp_path), around, None)
        errors = [str(problem) for problem in checked.problems if problem.severity == "error"]
        assert errors == [
            f"{folder / 'task.toml'}:5: `runs` = 0 does not fit; write how often a program may be handed in, 1 to 100"
        ], path


def test_what_an_experiment_may_expect_is_measured() -> None:
    from bot.core.experimenting import measured, replayed

    run = replayed(Recorded("here", 0.5, (1,), (2.0,)))
    assert set(measured(run, run)) == set(FIGURES)


def test_the_shipped_tasks_are_those_that_are_promised() -> None:
    corpus = read_corpus(corpus_folder())
    assert {task.id for task in corpus.tasks()} >= {
        "mnist-mlp", "training-loop-bugs", "backprop-by-hand", "small-cnn", "stable-cross-entropy"
    }  # fmt: skip
    assert corpus.question("build-mlp").task == "mnist-mlp"
    assert len(corpus.task("mnist-mlp").experiments) >= 12
