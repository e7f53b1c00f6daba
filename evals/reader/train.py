"""Trains the reader: python -m evals.reader.train [--out FOLDER] [--epochs 4] [--seed 7].

It begins with the published MiniLM and learns from hands of evals/labelled (R are the replies to follow-ups), from
statements of the bank and from answers made to deceive. Of the questions of the hands E to G it sees nothing: neither
answers nor statements. After each epoch it keeps where it is in FOLDER, and goes on from there when it is run again. It
uses a GPU where there is one. As it is run unless told otherwise, C and twelve questions are kept for choices, as
evals/reader/weigh.py makes them. --hands has a group of hands for each epoch, of which the last stays for the rest; Q
are answers to questions of no bank.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch
from safetensors.torch import save_file
from torch.nn import functional

from bot.core.question import Question
from bot.knowledge.reader_card import WEIGHTS_FILE, write_card
from evals.answers import FOLDER, Labelled, elsewhere, hand, hands, off_subject, replies
from evals.attacks import attacks
from evals.reader.examples import Example, Material, Sequences, example, read_points, reply
from evals.reader.network import Reader, from_minilm, packed, shipped

#: Of the reader that comes of this training; the one that ships (bot/knowledge/reader.json) may be an earlier one.
VERSION = "2"
OUT = Path("reader-training")
STATE = "state.pt"
#: The hands to learn from, and those whose questions are never trained on.
TRAINING, UNSEEN = "ABCHIJMNPQR", "EFG"
#: First what people say at length; then also pairs that few words tell apart, and short replies; at last more subjects.
USUAL, LEFT_OUT = "ABHIJ,ABHIJMNPR,ABHIJMNPQR", 12
#: Among the hands, the replies to follow-ups and the answers to questions of no bank.
REPLIES, ELSEWHERE = "R", "Q"
BATCH = 16
#: So many batches' worth of examples are sorted by length together, so that little of a batch is padding.
SORTED_TOGETHER = 24
RATE, HEAD_RATE = 1.5e-4, 6e-4
WARM_UP, LEAST_RATE = 60, 0.02
SMOOTHING = 0.05
MOST_GRADIENT = 1.0
COMPOSED, ATTACKS = 3000, 200
#: Which questions --leave-out takes; a seed of its own, so that every run leaves out the same.
LEFT_OUT_SEED = 1


@dataclass(frozen=True)
class Split:
    """What a run learns from, and the answers on which choices are made: known questions, and questions left out."""

    material: Material
    known: Sequence[Labelled]
    left_out: Sequence[Labelled]
    out: frozenset[str]


def split(questions: Mapping[str, Question], training: str, leave_out: int) -> Split:
    """Divides the bank and the hands. Hands of TRAINING that are not in `training` are for choices."""
    unseen = {answer.question for name in UNSEEN for answer in hand(name)}
    answers = {name: hand(name) for name in TRAINING if name not in (REPLIES, ELSEWHERE)}
    known = sorted({answer.question for answer in answers["A"]})
    out = set(Random(LEFT_OUT_SEED).sample(known, leave_out))
    taught = [q for q in questions.values() if q.id not in unseen | out and _has_statements(q)]
    strangers = {q.id for q in taught} - set(known)
    kept_back = unseen | out
    learnt = [a for name, own in answers.items() if name in training for a in own if a.question not in kept_back]
    short = [r for r in replies("training") if r.question not in kept_back]
    made_up, others = elsewhere() if ELSEWHERE in training else ({}, [])
    every = {**questions, **made_up}
    material = Material(
        questions=every,
        answers=[
            *(example(every[a.question], a) for a in [*learnt, *others]),
            *(reply(questions[r.question], r) for r in short if REPLIES in training),
        ],
        attacks=[example(questions[a.question], a) for a in attacks(questions) if a.question in strangers],
        taught=[q.id for q in taught],
        off_subject=off_subject(),
    )
    rest = [answer for name, own in answers.items() if name not in training for answer in own]
    left_out = [answer for own in answers.values() for answer in own if answer.question in out]
    return Split(material, [a for a in rest if a.question not in out], left_out, frozenset(out))


def _has_statements(question: Question) -> bool:
    return any(point.true and point.false for point in read_points(question))


class Run:
    """A training run that can be resumed after each epoch. Each epoch has its material; the last one's is used on."""

    def __init__(
        self,
        materials: Sequence[Material],
        sequences: Sequences,
        weights: Path,
        epochs: int,
        seed: int,
        composed: int = COMPOSED,
    ) -> None:
        torch.manual_seed(seed)
        self._materials, self._sequences, self._seed, self._epochs = materials, sequences, seed, epochs
        self._composed = composed
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.reader = from_minilm(weights).to(self._device)
        self._optimizer = torch.optim.AdamW(_groups(self.reader), weight_decay=0.01, fused=True)
        self.epoch, self._step, self.seconds = 0, 0, 0.0
        cuda = self._device.type == "cuda"
        self.on = torch.cuda.get_device_name() if cuda else f"{platform.machine()}, {torch.get_num_threads()} threads"

    def go_on(self) -> Iterator[str]:
        """Trains to the end; says how it goes every 50 steps, and "epoch" after each epoch."""
        self.reader.train()
        smooth = 0.0
        while self.epoch < self._epochs:
            random = Random(f"{self._seed}:{self.epoch}")
            torch.manual_seed(self._seed * 1000 + self.epoch)
            material = self._materials[min(self.epoch, len(self._materials) - 1)]
            batches = self._batches(material.epoch(random, self._composed, ATTACKS), random)
            for number, batch in enumerate(batches):
                self._rates((self.epoch + number / len(batches)) / self._epochs)
                begun = time.monotonic()
                loss = self._learn(batch)
                self.seconds += time.monotonic() - begun
                smooth = loss if not smooth else 0.98 * smooth + 0.02 * loss
                if self._step % 50 == 0:
                    place = f"epoch {self.epoch + 1} of {self._epochs}, step {number} of {len(batches)}"
                    yield f"{place}: loss {smooth:.3f}, {self.seconds:.0f} s"
            self.epoch += 1
            yield "epoch"

    def save(self, path: Path) -> None:
        """Where the run is, to be resumed from."""
        state = {"reader": self.reader.state_dict(), "optimizer": self._optimizer.state_dict()}
        torch.save({**state, "epoch": self.epoch, "step": self._step, "seconds": self.seconds}, path)

    def resume(self, path: Path) -> None:
        """Goes on from what `save` kept; only tensors and numbers are read."""
        state = torch.load(path, map_location=self._device, weights_only=True)
        self.reader.load_state_dict(state["reader"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.epoch, self._step, self.seconds = state["epoch"], state["step"], state["seconds"]

    def _batches(self, examples: list[Example], random: Random) -> list[list[Example]]:
        random.shuffle(examples)
        batches: list[list[Example]] = []
        size = BATCH * SORTED_TOGETHER
        for start in range(0, len(examples), size):
            some = sorted(examples[start : start + size], key=self._length)
            batches += [some[at : at + BATCH] for at in range(0, len(some), BATCH)]
        random.shuffle(batches)
        return batches

    def _length(self, one: Example) -> int:
        text, points = self._sequences.row(one)
        return len(text) + sum(map(len, points))

    def _rates(self, done: float) -> None:
        share = min(1.0, (self._step + 1) / WARM_UP) * max(LEAST_RATE, 1.0 - done)
        for group, rate in zip(self._optimizer.param_groups, (RATE, HEAD_RATE), strict=True):
            group["lr"] = rate * share

    def _learn(self, batch: Sequence[Example]) -> float:
        rows = packed([self._sequences.row(one) for one in batch]).to(self._device)
        verdicts = torch.tensor([v for one in batch for v in one.verdicts], device=self._device)
        weights = torch.tensor([w for one in batch for w in one.weights], device=self._device)
        with torch.autocast(self._device.type, torch.bfloat16):
            logits = self.reader(rows)
        losses = functional.cross_entropy(logits, verdicts, label_smoothing=SMOOTHING, reduction="none")
        loss = (losses * weights).sum() / weights.sum()
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.reader.parameters(), MOST_GRADIENT)
        self._optimizer.step()
        self._step += 1
        return float(loss.detach())


def _groups(reader: Reader) -> list[dict[str, Any]]:
    """The encoder, and what has to learn faster because it begins with nothing."""
    named = [(name, p) for name, p in reader.named_parameters() if p.requires_grad]
    new = [p for name, p in named if name.startswith(("head.", "segments."))]
    old = [p for name, p in named if not name.startswith(("head.", "segments."))]
    return [{"params": old, "lr": RATE}, {"params": new, "lr": HEAD_RATE}]


def data_digest() -> str:
    """SHA-256 of the labelled answers, second readings and settlements."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.jsonl")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    from tokenizers import Tokenizer

    from bot.knowledge.model import INSTALL, weights_folder
    from evals.places import bank

    options = _options()
    weights = weights_folder()
    if weights is None:
        raise SystemExit(f"MiniLM's weights are not installed: {INSTALL}")
    tokenizer = Tokenizer.from_file(str(weights / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    questions = bank()
    materials = [split(questions, group, options.leave_out).material for group in options.hands.split(",")]
    sequences = Sequences(materials[-1].questions, tokenizer)
    run = Run(materials, sequences, weights / "model.safetensors", options.epochs, options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    if (options.out / STATE).is_file():
        run.resume(options.out / STATE)
        print(f"going on after epoch {run.epoch}", flush=True)
    last = materials[-1]
    print(f"{len(last.answers)} answers, {len(last.taught)} questions, data {data_digest()[:12]}", flush=True)
    for said in run.go_on():
        if said == "epoch":
            run.save(options.out / STATE)
        else:
            print(said, flush=True)
    trained = {"hands": options.hands, "left_out": options.leave_out, "epochs": options.epochs, "seed": options.seed}
    write(options.out, run.reader, last, {**trained, "on": run.on, "seconds": round(run.seconds)})
    print(f"written to {options.out}", flush=True)


def write(folder: Path, reader: Reader, material: Material, trained: Mapping[str, Any]) -> None:
    """The weights as they ship, and their card: what they are, what they know, and how they were made."""
    save_file(dict(shipped(reader)), folder / WEIGHTS_FILE)
    known = {one.question for one in material.answers}
    says = [point.says for id_ in sorted(known) for point in read_points(material.questions[id_])]
    write_card(folder, VERSION, says, {**trained, "data": data_digest()})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help="where the run keeps its state and its weights")
    every = "".join((*hands(), ELSEWHERE, REPLIES))
    parser.add_argument("--hands", default=USUAL, help=f"of {every}: learnt from, by epoch")
    parser.add_argument(
        "--leave-out", type=int, default=LEFT_OUT, help="questions kept for choices, none of it learnt from"
    )
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


if __name__ == "__main__":
    main()
