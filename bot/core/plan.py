"""Which questions a sitting asks, in which order, and how each is worded for this candidate. Pure; it asks nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.events import Earlier
from bot.core.flow import Flow, Setting, Stage, Step
from bot.core.question import Question
from bot.core.shown import learning_rate_phrase, optimizer_phrase

#: A name in braces that a question's texts may have, to be filled in; the braces of a formula are none.
PLACEHOLDER = re.compile(r"(?:\\[A-Za-z]+|[_^])(?:\{[^{}]*\})+|\{(?P<name>[A-Za-z][\w-]*)\}")
#: Below this score a question that was asked before counts as missed, and comes first when questions are asked again.
MISSED_BELOW = 0.5
#: What no telephone carries: programs, and what must be looked at.
NOT_BY_PHONE = frozenset({"code", "find-bug", "choice", "derivation", "numeric"})
#: Kinds that a flow asks only where its data say so.
ON_REQUEST = frozenset({"code", "pitch"})
#: At a whiteboard these come after what there is to draw.
TALKED = frozenset({"free", "compare", "steps", "what-if", "enumerate", "remedy"})
#: Topics of the candidate's own work, asked only where a stage names them.
OWN_WORK = frozenset({"projects"})


@dataclass(frozen=True)
class Wish:
    """What a candidate wants of a sitting; `topics` come with the words that led to them."""

    level: str | None = None
    track: frozenset[str] = frozenset()
    count: int | None = None
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    setting: Setting = "chat"


@dataclass(frozen=True)
class Plan:
    """The slots of a sitting in order, how many belong to each stage, and how many of them were asked before."""

    slots: tuple[str, ...] = ()
    stages: tuple[int, ...] = ()
    repeated: int = 0


def base(slot: str) -> str:
    """The id of the question that a slot asks: what comes after an @ tells askings of one question apart."""
    return slot.partition("@")[0]


def drawn(seed: int, question_id: str) -> bytes:
    """The place of a question in the order that a seed draws."""
    return hashlib.sha256(f"{seed}:{question_id}".encode()).digest()


def wanted(question: Question, wish: Wish) -> bool:
    """Whether a question is of the level and the track that are wished for."""
    of_track = not wish.track or bool(wish.track & set(question.topics))
    return wish.level in (None, question.level) and of_track


def fixed(steps: Sequence[Step], bank: Mapping[str, Question], wish: Wish, seed: int) -> Plan:
    """The questions of a fixed flow in its own order, as many as are wished for; the opener always stays."""
    fitting = [bank[step.question] for step in steps if wanted(bank[step.question], wish)]
    if wish.count is None or wish.count >= len(fitting):
        return Plan(tuple(q.id for q in fitting))
    opener, *others = fitting
    chosen = sorted(others, key=lambda q: drawn(seed, q.id))[: wish.count - 1]
    kept = {opener.id, *(q.id for q in chosen)}
    return Plan(tuple(q.id for q in fitting if q.id in kept))


def staged(flow: Flow, bank: Sequence[Question], wish: Wish, past: Mapping[str, Earlier], seed: int) -> Plan:
    """The questions of a flow that draws them, stage by stage; those asked lately come only when no others fit."""
    pools = [[q for q in bank if admits(stage, q, flow.setting) and wanted(q, wish)] for stage in flow.stages]
    counts = shared_out([stage.count for stage in flow.stages], [len(pool) for pool in pools], wish.count)
    wish = replace(wish, setting=flow.setting)
    asked: list[list[Question]] = [[] for _ in pools]
    for most in (
        counts,
        [sum(counts)] * len(pools),
    ):  # where stages draw from the same questions, others make up for it
        for part, pool, count in zip(asked, pools, most, strict=True):
            taken = [q for other in asked for q in other]
            left = [q for q in pool if q not in taken]
            part += _pick(left, min(count - len(part), sum(counts) - len(taken)), taken, wish, past, seed)
    ordered = [q for part in asked for q in _requirements_first(part)]
    return Plan(tuple(q.id for q in ordered), tuple(map(len, asked)), sum(q.id in past for q in ordered))


def admits(stage: Stage, question: Question, setting: Setting) -> bool:
    """Whether a stage may ask a question in this setting."""
    if stage.questions:
        return question.id in stage.questions
    if setting == "phone" and question.kind in NOT_BY_PHONE and question.on_phone is None:
        return False
    if needs_program(question) or (question.kind in ON_REQUEST and question.kind not in stage.kinds):
        return False
    if OWN_WORK & set(question.topics) and not OWN_WORK & set(stage.topics):
        return False
    of_level = not stage.levels or question.level in stage.levels
    of_kind = not stage.kinds or question.kind in stage.kinds
    return of_level and of_kind and (not stage.topics or bool(set(stage.topics) & set(question.topics)))


def needs_program(question: Question) -> bool:
    """Whether it is about a program or a run, which alone can fill in what it says: no stage draws it by itself."""
    if question.experiment is not None:
        return True
    asked = (question.ask, question.reworded, question.plain)
    return question.drill is None and any(placeholders(text) for text in asked)


def shared_out(shares: Sequence[int], most: Sequence[int], total: int | None) -> list[int]:
    """How many questions each stage asks: in proportion to its share, no more than it has, `total` in all if it can."""
    wanted_total = min(sum(shares) if total is None else total, sum(most))
    counts = [0] * len(shares)
    while sum(counts) < wanted_total:
        open_stages = [i for i in range(len(shares)) if counts[i] < most[i]]
        neediest = min(open_stages, key=lambda i: ((counts[i] + 1) / shares[i], i))
        counts[neediest] += 1
    return counts


def _pick(
    pool: Sequence[Question],
    count: int,
    taken: Sequence[Question],
    wish: Wish,
    past: Mapping[str, Earlier],
    seed: int,
) -> list[Question]:
    """So many of a pool: new ones of the wished topics first, and of topics that were not asked about yet.

    When the new ones are used up, missed ones come next, then those that were asked longest ago.
    """
    chosen: list[Question] = []
    left = list(pool)
    while left and len(chosen) < count:
        covered = [about for q in (*taken, *chosen) for about in (*q.topics, *_uncommon(q))]
        best = min(left, key=lambda q: _rank(q, covered, wish, past, seed))
        chosen.append(best)
        left.remove(best)
    return chosen


def _uncommon(question: Question) -> tuple[str, ...]:
    """Its kind, where two of that kind in a row are felt."""
    return () if question.kind in TALKED else (question.kind, question.kind)


def _rank(
    question: Question, covered: Sequence[str], wish: Wish, past: Mapping[str, Earlier], seed: int
) -> tuple[Any, ...]:
    known = past.get(question.id)
    missed = known is not None and known.score is not None and known.score < MISSED_BELOW
    again = (0, "") if known is None else (1, "") if missed else (2, known.at)
    off_topic = bool(wish.topics) and not set(question.topics) & set(wish.topics)
    unnamed = not _named(question, wish)
    not_drawn = wish.setting == "whiteboard" and question.at_board is None and question.kind in TALKED
    shared = sum(covered.count(about) for about in (*question.topics, question.kind))
    return (again, unnamed, off_topic, not_drawn, shared, drawn(seed, question.id))


def _named(question: Question, wish: Wish) -> bool:
    """Whether one of the words that led to the topics stands in what the question is called or asks."""
    told = " ".join((question.title, question.ask, *question.asked_as)).casefold()
    words = [word.casefold() for named in wish.topics.values() for word in named]
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", told) for word in words)


def _requirements_first(questions: Sequence[Question]) -> list[Question]:
    """The same questions, each after those of them that it requires."""
    ordered: list[Question] = []
    left = list(questions)
    while left:
        waiting = {q.id for q in left}
        ready = next((q for q in left if not waiting & set(q.requires)), left[0])  # a circle is cut
        ordered.append(ready)
        left.remove(ready)
    return ordered


def least_important(agenda: Mapping[str, Question], keep: int) -> tuple[str, ...]:
    """The slots to leave out so that `keep` are left: those whose topics the others cover, later ones first.

    Programs, cases and projects are what a round is about: they go last.
    """
    left = list(agenda)
    dropped: list[str] = []
    while len(left) > keep:
        topics = [topic for slot in left for topic in agenda[slot].topics]
        places = range(len(left))
        last = min(places, key=lambda i: (_central(agenda[left[i]]), -_shared(agenda[left[i]], topics), -i))
        dropped.append(left.pop(last))
    return tuple(dropped)


def _central(question: Question) -> bool:
    return question.kind in ("code", "case", "pitch")


def _shared(question: Question, topics: Sequence[str]) -> float:
    """How many of the questions at hand are about the same, on average over its topics."""
    return sum(topics.count(topic) for topic in question.topics) / len(question.topics)


def instead(slot: str, swaps: Mapping[str, Mapping[str, str]], facts: Mapping[str, Any]) -> str:
    """The question to ask in a slot, given what is known of the candidate's program."""
    for fact, by_value in swaps.items():
        other = by_value.get(str(facts.get(fact)))
        if other is not None:
            return other
    return slot


def wording(question: Question, facts: Mapping[str, Any], setting: Setting = "chat", times: int = 0) -> str:
    """The question as it is put to one whose program is known, at a board or by telephone, or `times` times before."""
    told = _after_code(question, facts)
    if told is not None:
        return told
    by_setting = {"phone": question.on_phone, "whiteboard": question.at_board}.get(setting)
    if by_setting is not None and not times:
        return by_setting
    return (question.ask, question.reworded, question.plain)[times % 3]


def _after_code(question: Question, facts: Mapping[str, Any]) -> str | None:
    optimizer = facts.get("optimizer")
    if not question.after_code or not optimizer or not facts.get("optimizer_line"):
        return None
    template = question.after_code.get(str(optimizer)) or question.after_code.get("other")
    if template is None:
        return None
    return template.format(
        optimizer=optimizer_phrase(facts), learning_rate=learning_rate_phrase(facts), line=facts["optimizer_line"]
    )


def shuffled(question: Question, seed: int) -> Question:
    """A multiple choice with its options in the order that the seed draws."""
    if not question.options:
        return question
    order = sorted(range(len(question.options)), key=lambda i: drawn(seed, f"{question.id}#{i}"))
    return replace(question, options=tuple(question.options[i] for i in order))


def placeholders(text: str) -> list[str]:
    """The {names} in a text that are there to be filled in."""
    return [found["name"] for found in PLACEHOLDER.finditer(text) if found["name"]]


def filled(question: Question, values: Mapping[str, object]) -> Question:
    """The question with {names} in all that is read or said filled in; what is not among `values` stays as it is."""

    def fill(text: str) -> str:
        return PLACEHOLDER.sub(lambda found: str(values.get(found["name"], found[0])), text)

    def fill_any(text: str | None) -> str | None:
        return None if text is None else fill(text)

    def fill_all(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(fill, texts))

    return replace(
        question,
        ask=fill(question.ask),
        reworded=fill(question.reworded),
        plain=fill(question.plain),
        on_phone=fill_any(question.on_phone),
        at_board=fill_any(question.at_board),
        statement=fill_any(question.statement),
        listing=fill_any(question.listing),
        reference=fill(question.reference),
        hints=fill_all(question.hints),
        points=tuple(
            replace(p, says=fill(p.says), accepts=fill_all(p.accepts), formulas=fill_all(p.formulas))
            for p in question.points
        ),
        misconceptions=tuple(
            replace(m, believes=fill(m.believes), reply=fill(m.reply)) for m in question.misconceptions
        ),
        follow_ups=tuple(replace(f, ask=fill(f.ask)) for f in question.follow_ups),
        options=tuple(replace(o, says=fill(o.says), reply=fill(o.reply)) for o in question.options),
    )
