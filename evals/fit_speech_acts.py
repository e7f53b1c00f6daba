"""Fits how short messages are told from answers and writes bot/offline/speech_acts.json.

python -m evals.fit_speech_acts [--write]
It reads messages.jsonl and the replies to follow-ups that are there to be learnt from (labelled/replies.jsonl), and
prints how each writer's messages are read by numbers that were fitted without that writer. It never opens
candidates.toml, by which the interviewer is measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.offline.speech_acts import ANSWER, COSTLY, MOST_WORDS, SURE, measures
from bot.offline.statement_words import Numbers
from evals.answers import replies

MESSAGES = Path(__file__).parent / "messages.jsonl"
OUT = Path(__file__).parent.parent / "bot" / "offline" / "speech_acts.json"
RIDGE = 1.0
MOST_ROUNDS = 300
DIGITS = 3


@dataclass(frozen=True)
class Message:
    """A short message, what it does, and who wrote it."""

    text: str
    act: str
    writer: str


def messages() -> list[Message]:
    """All that there is to learn from, in order."""
    lines = MESSAGES.read_text(encoding="utf-8").splitlines()
    short = [one for one in replies("training") if len(one.answer.split()) <= MOST_WORDS]
    return [
        *(Message(**json.loads(line)) for line in lines),
        *(Message(one.answer, ANSWER, one.writer) for one in short),
    ]


def digest() -> str:
    """SHA-256 of the messages."""
    return hashlib.sha256(MESSAGES.read_bytes()).hexdigest()


def fitted(x: Numbers, acts: Sequence[str]) -> tuple[list[str], Numbers]:
    """The acts, and for each a row of weights with its constant at the end."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=RIDGE, max_iter=MOST_ROUNDS).fit(x, acts)
    return list(model.classes_), np.column_stack([model.coef_, model.intercept_])


def held_out(x: Numbers, every: Sequence[Message]) -> list[tuple[str, float]]:
    """The likeliest act but answering of each message and how likely it is, by numbers fitted without its writer."""
    found: list[tuple[str, float]] = [("", 0.0)] * len(every)
    for writer in sorted({one.writer for one in every}):
        own = np.array([one.writer == writer for one in every])
        names, weights = fitted(x[~own], [one.act for one in every if one.writer != writer])
        scores = x[own] @ weights[:, :-1].T + weights[:, -1]
        chances = np.exp(scores - scores.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        chances[:, names.index(ANSWER)] = 0.0
        for row, chance in zip(np.flatnonzero(own), chances, strict=True):
            found[row] = (names[int(chance.argmax())], float(chance.max()))
    return found


def told(every: Sequence[Message], found: Sequence[tuple[str, float]]) -> str:
    """A table: of each act how many are heard, how many as something else, and how many answers are taken for it."""
    heard = [act if sure >= COSTLY.get(act, SURE) else ANSWER for act, sure in found]
    lines = [
        "| act | messages | heard | heard as another | answers taken for it |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for act in sorted({one.act for one in every} - {ANSWER}):
        own = [got for one, got in zip(every, heard, strict=True) if one.act == act]
        taken = sum(one.act == ANSWER and got == act for one, got in zip(every, heard, strict=True))
        right = sum(got == act for got in own) / len(own)
        other = sum(got not in (act, ANSWER) for got in own) / len(own)
        lines.append(f"| {act} | {len(own)} | {right:.0%} | {other:.0%} | {taken} |")
    answers = [got for one, got in zip(every, heard, strict=True) if one.act == ANSWER]
    share = sum(got != ANSWER for got in answers) / len(answers)
    return "\n".join([*lines, f"\nOf {len(answers):,} answers {share:.2%} are taken for something else."])


def main() -> None:
    from evals.places import embedder

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"writes {OUT.name}")
    options = parser.parse_args()
    every = messages()
    vectors = embedder().embed([one.text for one in every])
    x = np.array([measures(one.text, vector) for one, vector in zip(every, vectors, strict=True)])
    print(told(every, held_out(x, every)))
    if options.write:
        names, weights = fitted(x, [one.act for one in every])
        rows: list[Any] = [[round(float(n), DIGITS) for n in row] for row in weights]
        OUT.write_text(json.dumps({"messages": digest(), "acts": names, "weights": rows}) + "\n", encoding="utf-8")
        print(f"written to {OUT.name}")


if __name__ == "__main__":
    main()
