"""The command line of `viva questions`: what its commands are called and take. It does none of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

questions_app = typer.Typer(invoke_without_command=True, rich_markup_mode=None, add_completion=False)


@questions_app.callback()
def questions(
    context: typer.Context,
    level: Annotated[str | None, typer.Option(help="beginner, intermediate or advanced.")] = None,
    topic: Annotated[str | None, typer.Option(help="A topic, such as cnn or evaluation.")] = None,
    kind: Annotated[str | None, typer.Option(help="A kind of question, such as compare or find-bug.")] = None,
    source: Annotated[str | None, typer.Option(help="A number of an article, such as S1-7, or S1 for all.")] = None,
    text: Annotated[str | None, typer.Option(help="Words that it must contain.")] = None,
    as_json: AsJson = False,
) -> None:
    """The question bank for its authors: lists it; see the commands below for more."""
    if context.invoked_subcommand is None:
        from bot.commands.questions import Wanted as Filters
        from bot.commands.questions import list_command

        list_command(Filters(level, topic, kind, source, text), as_json)


@questions_app.command("show", epilog="Example: viva questions show dropout")
def questions_show(
    question: Annotated[str, typer.Argument(metavar="ID", help="The question's id.")], as_json: AsJson = False
) -> None:
    """One question with all that belongs to it, and where its file is."""
    from bot.commands.questions import show_command

    show_command(question, as_json)


@questions_app.command("new", epilog="Example: viva questions new my-question --kind compare")
def questions_new(
    question: Annotated[str, typer.Argument(metavar="ID", help="Its id: lower-case letters, digits, hyphens.")],
    kind: Annotated[str, typer.Option(help="What kind of answer it wants.")] = "free",
    out: Annotated[Path | None, typer.Option(help="The file to write; else one in VIVA_HOME/corpus/questions.")] = None,
) -> None:
    """Write a template for a question of your own, with every key explained."""
    from bot.commands.authoring import new_command

    new_command(question, kind, out)


@questions_app.command("check", epilog="Example: viva questions check my-question.toml")
def questions_check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Files or folders; else all of your own.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Do not compare the statements with each other.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with questions, interviews and notes of your own: file, line, and what to write."""
    from bot.commands.authoring import check_command

    raise typer.Exit(check_command(files or [], as_json, quick))


@questions_app.command(
    "try",
    epilog='Example: viva questions try my-question.toml --good "It measures error." --wrong "It measures accuracy."',
)
def questions_try(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A question file, or the id of a question.")],
    question: Annotated[str | None, typer.Option(metavar="ID", help="Which question of the file.")] = None,
    good: Annotated[str | None, typer.Option(help="A good answer, or @FILE.")] = None,
    half: Annotated[str | None, typer.Option(help="An answer that is half right, or @FILE.")] = None,
    wrong: Annotated[str | None, typer.Option(help="A wrong answer, or @FILE.")] = None,
    answers: Annotated[
        Path | None, typer.Option(help='A TOML file with good = "…", half = "…", wrong = "…", or JSON lines.')
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show point by point how the offline grader marks your answers, and what is off."""
    from bot.commands.trying import try_command

    try_command(file, question, {"good": good, "half": half, "wrong": wrong}, answers, as_json)
