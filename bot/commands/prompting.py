"""`viva prompts`: what a language model is told here, act by act, by which wording. It asks no model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import typer

from bot.errors import WrongUsage
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.llm.prompts import Prompt


def list_command(as_json: bool) -> None:
    """Prints the acts, each with its file, its inputs and the hash by which marks name its wording."""
    prompts = _prompts()
    if as_json:
        for prompt in prompts.values():
            typer.echo(json.dumps({"v": 1, **_row(prompt)}, ensure_ascii=False))
        return
    widest = max(map(len, prompts))
    for act, prompt in prompts.items():
        typer.echo(f"{act:<{widest}}  {prompt.mark}  {prompt.file}")
        if prompt.inputs:
            typer.echo(f"{'':<{widest}}  {', '.join(sorted(prompt.inputs))}")
    typer.echo(
        "\nWhat one says: viva prompts show ACT. Files of your own, named as these, go in the folder VIVA_PROMPTS."
    )


def show_command(act: str, as_json: bool) -> None:
    """Prints one prompt as it is, with its inputs in double braces."""
    prompts = _prompts()
    if act not in prompts:
        raise WrongUsage(f"There is no act {act!r}. There are {', '.join(prompts)}.")
    prompt = prompts[act]
    if as_json:
        whole = {"v": 1, **_row(prompt), "system": prompt.system, "user": prompt.user}
        typer.echo(json.dumps(whole, ensure_ascii=False))
        return
    typer.echo(f"# system\n{prompt.system}")
    if prompt.user:
        typer.echo(f"\n# user\n{prompt.user}")


def _prompts() -> Mapping[str, Prompt]:
    from bot.llm.prompts import read_prompts

    return dict(sorted(read_prompts(read_settings().prompts).items()))


def _row(prompt: Prompt) -> dict[str, object]:
    return {"act": prompt.act, "file": str(prompt.file), "inputs": sorted(prompt.inputs), "hash": prompt.mark}
