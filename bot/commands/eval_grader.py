"""`viva eval grader`: what can be asked for. The answers and the measuring lie in `evals/`, beside the program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.errors import WrongUsage


@dataclass(frozen=True)
class GraderWish:
    """Which part is measured (None: all), on how many answers (None: all), and whether the figures are published."""

    part: str | None = None
    sample: int | None = None
    public: Path | None = None
    publish: bool = False

    @property
    def named(self) -> tuple[str, ...]:
        """The flags that were given, for tables that have no use for them."""
        given = {"--part": self.part, "--sample": self.sample, "--public": self.public, "--publish": self.publish}
        return tuple(flag for flag, value in given.items() if value not in (None, False))


def grader_command(wish: GraderWish, seed: int, as_json: bool, checkout: Path) -> None:
    """Measures the offline grader and the baselines, and prints their tables."""
    if not (checkout / "evals" / "grading").is_dir():
        raise WrongUsage(
            f"The labelled answers are missing: there is no {checkout / 'evals' / 'grading'}. They come with the "
            "sources of Viva and are not installed with it; run this in a checkout."
        )
    from evals.grading.command import measure

    measure(wish, seed, as_json)
