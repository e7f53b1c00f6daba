"""How far two readers of the labelled answers agree, and how the answers are spread; labelled/README.md quotes it.

python -m evals.agreement prints it. It settles nothing and asks no grader.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import StatisticsError, correlation, fmean

from bot.core.marking import Standing
from bot.core.question import Question
from evals.answers import (
    FOLDER,
    Labelled,
    as_settled,
    hand,
    hands,
    labelled,
    second_labels,
    settlements,
    true_score,
)
from evals.measures import spearman

Pair = tuple[Standing, Standing]
LABELS: Sequence[Standing] = ("met", "partial", "missing", "wrong")


@dataclass(frozen=True)
class Scored:
    """An answer with its settled labels, the hand that wrote it, and the score that the labels amount to."""

    hand: str
    answer: Labelled
    score: float


@dataclass(frozen=True)
class Reading:
    """An answer that was read twice: the labels of its writer, those of the second reader, and what was settled."""

    question: str
    first: Mapping[str, Standing]
    second: Mapping[str, Standing]
    settled: Mapping[str, Standing]


def scored(bank: Mapping[str, Question]) -> list[Scored]:
    """Every answer of every hand."""
    return [Scored(name, a, true_score(bank[a.question], a.points)) for name in hands() for a in hand(name)]


def kappa(pairs: Sequence[Pair]) -> float:
    """Cohen's kappa: agreement beyond what two readers would reach who draw labels as often as these two give them."""
    one, other = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(one[label] * other[label] for label in one) / len(pairs) ** 2
    return (equal(pairs) - chance) / (1 - chance) if chance < 1 else 1.0


def equal(pairs: Sequence[Pair]) -> float:
    """The share of the pairs in which both are the same."""
    return sum(a == b for a, b in pairs) / len(pairs)


def length_and_score(every: Iterable[Scored]) -> float:
    """The correlation of an answer's words with its score within a question and a hand, as the mean over these groups.

    A group whose answers are all equally long or equally good says nothing, and is left out.
    """
    groups: dict[tuple[str, str], list[Scored]] = defaultdict(list)
    for one in every:
        groups[one.hand, one.answer.question].append(one)
    found = []
    for group in groups.values():
        try:
            found.append(correlation([len(one.answer.answer.split()) for one in group], [one.score for one in group]))
        except StatisticsError:
            continue
    return fmean(found)


def twice_read() -> list[Reading]:
    """The answers that a second reader has labelled as well."""
    second = second_labels()
    first = [a for name in hands() for a in labelled(FOLDER / f"{name}.jsonl") if a.id in second]
    settled = as_settled(first, settlements())
    return [Reading(a.question, a.points, second[a.id], b.points) for a, b in zip(first, settled, strict=True)]


def readers(bank: Mapping[str, Question], read: Sequence[Reading]) -> list[str]:
    """Agreement of the two readers, and of each with what was settled, over what both read: rows of a table."""
    whose = ("first", "second", "settled")
    scores = {which: [true_score(bank[r.question], getattr(r, which)) for r in read] for which in whose}
    rows = ["| between | labels equal | kappa | rank correlation of scores |", "| --- | --- | --- | --- |"]
    for one, other in combinations(whose, 2):
        pairs, alike = _pairs(read, one, other), spearman(scores[one], scores[other])
        rows.append(f"| {one} and {other} | {equal(pairs):.1%} of {len(pairs):,} | {kappa(pairs):.3f} | {alike:.3f} |")
    return rows


def how_often(read: Sequence[Reading]) -> list[str]:
    """How often the first reader had the label of the row, and the second that of the column: rows of a table."""
    count = Counter(_pairs(read, "first", "second"))
    rows = [f"| | {' | '.join(LABELS)} |", "| --- " * (len(LABELS) + 1) + "|"]
    return rows + [f"| **{one}** | {' | '.join(str(count[one, other]) for other in LABELS)} |" for one in LABELS]


def _pairs(read: Iterable[Reading], one: str, other: str) -> list[Pair]:
    return [(getattr(r, one)[point], getattr(r, other)[point]) for r in read for point in r.first]


def settled_how() -> str:
    """For whom the disagreements were settled."""
    every = settlements()
    for_first, for_second = (sum(s.settled == getattr(s, which) for s in every) for which in ("first", "second"))
    return (
        f"{len(every)} disagreements settled: {for_first} as the writer had it, {for_second} as the second reader, "
        f"{len(every) - for_first - for_second} as neither."
    )


def spread(every: Sequence[Scored]) -> list[str]:
    """What each hand holds: rows of a table."""
    rows = ["| hand | answers | questions | met | partial | missing | wrong | mean score | length and score |"]
    rows.append("| --- " * 9 + "|")
    by_hand = {name: [one for one in every if one.hand == name] for name in sorted({one.hand for one in every})}
    for name, found in {**by_hand, "all": every}.items():
        labels = Counter(label for one in found for label in one.answer.points.values())
        shares = " | ".join(f"{labels[label] / labels.total():.0%}" for label in LABELS)
        questions = len({one.answer.question for one in found})
        mean, length = fmean(one.score for one in found), length_and_score(found)
        rows.append(f"| {name} | {len(found):,} | {questions} | {shares} | {mean:.2f} | {length:+.2f} |")
    return rows


def kinds(every: Sequence[Scored]) -> list[str]:
    """How many answers there are of each kind, over all hands, and their mean score: rows of a table."""
    return ["| kind | answers | mean score |", "| --- | --- | --- |", *_rows([(one.answer.kind, one) for one in every])]


def voices(every: Sequence[Scored]) -> list[str]:
    """The same for each voice, where a line names one."""
    named = [(one.answer.voice, one) for one in every if one.answer.voice]
    return ["| voice | answers | mean score |", "| --- | --- | --- |", *_rows(named)]


def _rows(named: Iterable[tuple[str, Scored]]) -> list[str]:
    scores: dict[str, list[float]] = defaultdict(list)
    for name, one in named:
        scores[name].append(one.score)
    return [f"| {name} | {len(found)} | {fmean(found):.2f} |" for name, found in scores.items()]


def parts(bank: Mapping[str, Question]) -> list[list[str]]:
    """All that is printed, in paragraphs of lines."""
    every, read = scored(bank), twice_read()
    return [how_often(read), [settled_how()], readers(bank, read), spread(every), kinds(every), voices(every)]


def main() -> None:
    from evals.places import bank

    print(*("\n".join(part) for part in parts(bank())), sep="\n\n")


if __name__ == "__main__":
    main()
