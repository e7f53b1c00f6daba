"""The command line: what each command is called and takes. What a command does lives in `bot.commands`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.questions_line import questions_app

app = typer.Typer(
    name="viva",
    help="A mock interviewer for deep-learning roles. Start with: viva chat",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Session = Annotated[str, typer.Argument(help="A session's id, the beginning of one, or `last`.")]


def _version(wanted: bool) -> None:
    if wanted:
        from bot.commands.doctor import version

        typer.echo(version())
        raise typer.Exit


@app.callback()
def viva(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="The version, and what it runs on.")
    ] = False,
) -> None:
    """A mock interviewer for deep-learning roles. Start with: viva chat"""


@app.command(epilog="Example: viva chat --flow mixed --minutes 30   Resume: viva chat --resume last")
def chat(
    flow: Annotated[str | None, typer.Option(help="Which interview; `viva chat --flow list` names them.")] = None,
    level: Annotated[str | None, typer.Option(help="Only questions of this level.")] = None,
    track: Annotated[
        str | None, typer.Option(help="Only questions of this topic, or of computer-vision, nlp, llm, mlops.")
    ] = None,
    questions: Annotated[int | None, typer.Option(min=1, help="At most so many questions.")] = None,
    minutes: Annotated[int | None, typer.Option(min=1, help="The time that there is; it is divided.")] = None,
    job: Annotated[Path | None, typer.Option(help="A job description (text): its words choose the topics.")] = None,
    projects: Annotated[
        str | None, typer.Option(help="Your projects: how many, or a text file that names one a line.")
    ] = None,
    code: Annotated[
        list[Path] | None, typer.Option(help="A program of yours to be asked about; read, never run. May be repeated.")
    ] = None,
    mode: Annotated[str | None, typer.Option(help="practice (marks at once) or simulation (marks at the end).")] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            help="The same seed makes the same sitting, for one who was asked the same before: what you were asked "
            "lately comes last whatever the seed."
        ),
    ] = None,
    resume: Annotated[str | None, typer.Option(metavar="ID|last", help="Go on with a sitting.")] = None,
    documents: Annotated[
        str | None, typer.Option(help="On notes of your own that `viva index PATH` added: the file's name.")
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Append-only text, for screen readers.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line, in and out.")] = False,
) -> None:
    """Sit an interview in the terminal; it needs no network, no key and no account."""
    from bot.beginning import Wanted
    from bot.commands.sitting import Given, sit

    wanted = Wanted(flow, mode, level, track, questions, minutes, seed, documents=documents)
    given = Given(job, projects, tuple(code or ()))
    raise typer.Exit(sit(wanted, given, resume=resume, plain=plain, jsonl=jsonl))


@app.command(epilog="Example: DISCORD_TOKEN=… viva serve   With health and metrics: VIVA_METRICS_PORT=9464 viva serve")
def serve(
    hold: Annotated[
        bool,
        typer.Option("--hold", help="Where the set-up is wrong, say so and wait to be ended (for Docker's restarts)."),
    ] = False,
) -> None:
    """Serve interviews in Discord, until it is told to end (Ctrl-C, SIGTERM)."""
    from bot.commands.serve import serve_command

    raise typer.Exit(serve_command(hold))


@app.command(epilog='Example: viva search "why mini-batches" -k 3   Some alone: viva search softmax --source S1')
def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="How many hits.")] = 5,
    queries: Annotated[Path | None, typer.Option(help="A JSONL file of {id, query}; `-` reads standard input.")] = None,
    level: Annotated[str | None, typer.Option(help="Only questions of this level.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only questions of this topic.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Only what comes from this article, number or file, such as S1, S1-7, notes.md.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Search the index of questions, reference answers and notes."""
    from bot.commands.library import Chosen, search_command

    search_command(query, k, queries, as_json, Chosen(level, topic, source))


@app.command(epilog="Example: viva index notes/ my-summary.md")
def index(
    paths: Annotated[list[Path] | None, typer.Argument(help="Documents of your own (txt, md) to add.")] = None,
    as_json: AsJson = False,
) -> None:
    """Build or refresh the index; with paths, add documents of your own."""
    from bot.commands.library import index_command

    index_command(paths or [], as_json)


@app.command("import", epilog="Example: viva import article.html notes.pdf --out mine.toml")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Articles: txt, md, html, pdf.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE.toml", help="Write draft questions to be edited.")] = None,
    level: Annotated[
        str | None, typer.Option(help="The level of the drafts: beginner, intermediate (unless said), advanced.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over the file that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read articles into questions with their answers; say what could not be read."""
    from bot.commands.importing import Wish, import_command

    raise typer.Exit(import_command(files, Wish(out, force, level, as_json)))


@app.command(
    "eval",
    epilog="Example: viva eval retrieval   By one candidate: viva eval interviewer --kind hostile --seed 3   "
    "On a few answers: viva eval grader --part unseen --sample 100",
)
def eval_(
    what: Annotated[str, typer.Argument(help="What to measure: grader, retrieval or interviewer.")],
    queries: Annotated[
        Path | None,
        typer.Option(help="With retrieval: a JSONL file of {id, query, question, kind}; else the published ones."),
    ] = None,
    interviewer: Annotated[str, typer.Option(help="With interviewer: which one, offline or llm.")] = "offline",
    kind: Annotated[
        str | None, typer.Option(help="With interviewer: one kind of candidate alone, such as weak.")
    ] = None,
    questions: Annotated[int, typer.Option(min=1, help="With interviewer: questions a candidate is asked.")] = 8,
    seed: Annotated[
        int, typer.Option(min=0, help="The same number gives the same candidates, and the same sample.")
    ] = 1,
    part: Annotated[
        str | None, typer.Option(help="With grader: known, unseen, reference, voices, replies, attacks or all.")
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="With grader: so many answers, of each part, hand and kind its share.")
    ] = None,
    public: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="With grader: public sets of graded answers to judge as well.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="With grader: write the figures and the tables of the README.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print a published table of quality, measured anew from labelled data and by simulated candidates."""
    from bot.commands.eval_grader import GraderWish
    from bot.commands.evaluating import eval_command
    from bot.commands.simulated.wish import Wish

    wish = Wish(interviewer, kind, questions, seed, as_json)
    eval_command(what, queries, wish, GraderWish(part, sample, public, publish))


@app.command(
    epilog="Example: viva grade answers.jsonl --out marks.jsonl   From a pipe: cat answers.jsonl | viva grade -"
)
def grade(
    file: Annotated[
        str, typer.Argument(metavar="FILE.jsonl", help="Lines of {id, question, answer}; `-` reads standard input.")
    ],
    grader: Annotated[
        str | None, typer.Option(metavar="offline|llm", help="Who judges; by default the model where one is set.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="A file to write to; else standard output.")] = None,
) -> None:
    """Grade free-text answers, a line each: {"question": "perceptron", "answer": "It adds up its weighted inputs."}

    A line may bring its own `reference` (a text), `key_points` (texts, or {"says": "...", "weight": 2}) and `exemplars`
    ({"answer": "...", "score": 0.5}); else its question is looked for in the bank. See docs/grading-a-file.md.
    """
    from bot.commands.grading import grade_command

    raise typer.Exit(grade_command(file, grader, out))


@app.command(epilog="Example: viva report last --format md --out report.md")
def report(
    session: Session = "last",
    format: Annotated[str, typer.Option("--format", help="md or json.")] = "md",
    out: Annotated[Path | None, typer.Option(help="A file to write to; else standard output.")] = None,
    curves: Annotated[
        Path | None, typer.Option(help="A folder for pictures of the loss curves, one a run, instead of the report.")
    ] = None,
) -> None:
    """The report of a finished or running interview."""
    from bot.commands.records import report_command

    report_command(session, format, out, curves)


@app.command(epilog="Example: viva regrade last --grader offline")
def regrade(
    session: Session = "last",
    grader: Annotated[
        str | None, typer.Option(metavar="offline|llm", help="Who judges; by default the model where one is set.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge an interview that is over once more, and keep both marks; the first one counts."""
    from bot.commands.regrading import regrade_command

    regrade_command(session, grader, as_json)


@app.command(epilog="Example: viva sessions --json")
def sessions(limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20, as_json: AsJson = False) -> None:
    """Past and unfinished interviews, newest first."""
    from bot.commands.records import sessions_command

    sessions_command(limit, as_json)


@app.command(epilog="Example: viva cost --days 7   By whom: viva cost --by person --json")
def cost(
    days: Annotated[int | None, typer.Option(min=1, max=36_500, help="Of the last so many days alone.")] = None,
    by: Annotated[str, typer.Option(help="person, server, day or model.")] = "day",
    as_json: AsJson = False,
) -> None:
    """What language models took, in calls, tokens and money, and what they may take."""
    from bot.commands.cost import cost_command

    cost_command(days, by, as_json)


@app.command(epilog="Example: viva export last --out interview.json   Or: viva export --disputes --out mine.jsonl")
def export(
    session: Annotated[str | None, typer.Argument(help="A session's id, the beginning of one, or `last`.")] = None,
    disputes: Annotated[bool, typer.Option("--disputes", help="All that was objected to, as labelled data.")] = False,
    group: Annotated[str | None, typer.Option(metavar="SERVER", help="With --disputes: of this server alone.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file to write to; else standard output.")] = None,
) -> None:
    """All data of an interview, as JSON; or objections to marks and questions, a JSON object a line, naming nobody."""
    from bot.commands.records import export_any

    export_any(session, disputes, group, out)


@app.command(epilog="Example: viva forget $USER --yes")
def forget(
    user: Annotated[
        str, typer.Argument(help="Whose: a person, or an account such as discord:123; `viva sessions` names them.")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete everything of a person and the accounts joined to them, from the database and every backup beside it."""
    from bot.commands.records import forget_command

    forget_command(user, yes)


@app.command(epilog="Example: viva link   then in Discord: /link ABCDE-FGHJK")
def link(as_json: AsJson = False) -> None:
    """Join your terminal and your Discord account: prints a one-time code, good for ten minutes.

    The bot and this terminal must use the same data: the same VIVA_HOME, or the same VIVA_DATABASE_URL.
    """
    from bot.commands.linking import link_command

    link_command(as_json)


@app.command(epilog="Example: viva backup interviews.viva")
def backup(file: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """All data (no secret) into one file, also while interviews are running."""
    from bot.commands.records import backup_command

    backup_command(file)


@app.command(epilog="Example: viva restore interviews.viva")
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `viva backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace what the database holds.")] = False,
) -> None:
    """Bring back what `viva backup` wrote, less who was forgotten since. End `viva serve` and `viva chat` first."""
    from bot.commands.records import restore_command

    restore_command(file, replace)


@app.command(epilog="Example: viva doctor --json")
def doctor(
    as_json: AsJson = False,
    online: Annotated[bool, typer.Option("--online", help="Ask Discord and the language model, too.")] = False,
) -> None:
    """Check every dependency, setting and service; works offline."""
    from bot.commands.doctor import doctor_command

    raise typer.Exit(doctor_command(as_json, online))


app.add_typer(
    questions_app, name="questions", epilog="Example: viva questions --level advanced --topic transformers --text cache"
)


prompts_app = typer.Typer(invoke_without_command=True, rich_markup_mode=None, add_completion=False)
app.add_typer(prompts_app, name="prompts", epilog="Example: viva prompts   One of them: viva prompts show probe")


@prompts_app.callback()
def prompts(context: typer.Context, as_json: AsJson = False) -> None:
    """What a language model is told, act by act: files, inputs, and the hash that marks name."""
    if context.invoked_subcommand is None:
        from bot.commands.prompting import list_command

        list_command(as_json)


@prompts_app.command("show", epilog="Example: viva prompts show grade")
def prompts_show(
    act: Annotated[str, typer.Argument(metavar="ACT", help="Which one: ask, grade, persona-neutral, settle.")],
    as_json: AsJson = False,
) -> None:
    """One prompt as it is sent, with its inputs in double braces."""
    from bot.commands.prompting import show_command

    show_command(act, as_json)


lab_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, add_completion=False, help="Run a program in the sandbox."
)
app.add_typer(lab_app, name="lab")


@lab_app.command("run", epilog="Example: viva lab run mine.py --seconds 20   From a pipe: viva lab run - < mine.py")
def lab_run(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A program (.py, .ipynb), or `-` for standard input.")],
    task: Annotated[str, typer.Option(help="The lab task that it is measured by.")] = "mnist-mlp",
    seconds: Annotated[float | None, typer.Option(min=1, help="How long it may run; else as the task says.")] = None,
    memory: Annotated[int | None, typer.Option(metavar="MIB", min=1, help="Memory that it may use, in MiB.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run one program in the sandbox, as an interview would, and say what came of it."""
    from bot.commands.lab import Wish, run_command

    raise typer.Exit(run_command(file, Wish(task, seconds, memory, as_json)))


@lab_app.command("status", epilog="Example: viva lab status --json")
def lab_status(as_json: AsJson = False) -> None:
    """Which isolation, limits, devices and queue there are; what is missing, and how to get it."""
    from bot.commands.lab import status_command

    raise typer.Exit(status_command(as_json))


@lab_app.command("data", epilog="Example: viva lab data   With files of your own: VIVA_MNIST_DIR=~/mnist viva lab data")
def lab_data() -> None:
    """Download MNIST once (12 MB), so that programs are not measured on the stand-in."""
    from bot.commands.lab import data_command

    raise typer.Exit(data_command())


def main(arguments: list[str] | None = None) -> None:
    """Runs a command; an error is one plain sentence on standard error, without a traceback unless --debug."""
    arguments = sys.argv[1:] if arguments is None else arguments
    from bot.commands.failing import ending

    sys.exit(ending(lambda: _run(arguments), debug="--debug" in arguments))


def _run(arguments: list[str]) -> Any:
    return app(arguments, prog_name="viva", standalone_mode=False)


if __name__ == "__main__":
    main()
