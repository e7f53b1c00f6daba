"""What a candidate asked for, made into the first events of a sitting. It reads no file and opens nothing."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.core import events as e
from bot.core import plan
from bot.core.flow import Flow
from bot.core.own_code import places
from bot.core.question import Question
from bot.core.sentences import SENTENCES
from bot.core.tailoring import TRACKS, topics_in
from bot.errors import WrongUsage
from bot.ports import Bank

DEFAULT_FLOW = "opengenus"
#: The flow of questions that are drawn from one's own documents.
OWN_NOTES = "documents"
MODES = ("practice", "simulation")
LEVELS = ("beginner", "intermediate", "advanced")
MOST_PROJECTS = 3
#: Less than this (minutes a question) is no time to answer in.
SHORTEST_QUESTION = 1.0


@dataclass(frozen=True)
class Wanted:
    """What a candidate asked for: the flags of `viva chat`, None where not given. `job` is the text of that file.

    `projects` names the projects to be talked about (a name may be empty), `programs` were read off files of `--code`.
    """

    flow: str | None = None
    mode: str | None = None
    level: str | None = None
    track: str | None = None
    questions: int | None = None
    minutes: int | None = None
    seed: int | None = None
    job: str | None = None
    projects: tuple[str, ...] = ()
    programs: tuple[e.Brought, ...] = ()
    documents: str | None = None

    @property
    def anything(self) -> bool:
        """True when any flag was given."""
        return any(value not in (None, ()) for value in vars(self).values())


@dataclass(frozen=True)
class Before:
    """What is known of the person: the questions asked lately, how a series stands, and which sittings it had."""

    questions: Mapping[str, e.Earlier] = field(default_factory=dict)
    rounds: Mapping[str, tuple[e.Round, ...]] = field(default_factory=dict)


def begin(bank: Bank, wanted: Wanted, before: Before, seed: int) -> tuple[Flow, list[e.Event]]:
    """The flow of a new sitting and its first events; WrongUsage says which wish does not fit."""
    if wanted.documents is not None and wanted.flow not in (None, OWN_NOTES):
        raise WrongUsage("An interview on your own notes has its own questions. Leave --flow out, or --documents.")
    flow = bank.flow(wanted.flow or _fitting_flow(wanted))
    mode = _mode(wanted)
    series = e.Started("", mode, seed, ())
    if flow.rounds:
        flow, series = _next_round(bank, flow, wanted, before, series)
    wish = _wish(bank, flow, wanted)
    chosen = _planned(bank, flow, wish, wanted, before, seed)
    known = {q.id: q for q in bank.questions()}
    slots = [known[plan.base(slot)] for slot in chosen.slots]
    started = replace(
        series,
        flow=flow.id,
        plan=chosen.slots,
        title=flow.title,
        about_minutes=_about(flow, len(slots), wanted),
        code_at=next((n for n, question in enumerate(slots, 1) if question.kind == "code"), None),
        minutes=wanted.minutes,
        stages=chosen.stages,
        notes=tuple(_notes(flow, wish, chosen, before, len(slots), wanted)),
        earlier=tuple(before.questions[s] for s in map(plan.base, chosen.slots) if s in before.questions),
        setting=flow.setting,
        level=wanted.level or "",
        track=tuple(sorted(wish.track)),
        projects=wanted.projects,
        lately=tuple(before.questions),
        documents=wanted.documents or "",
    )
    return flow, [started, *wanted.programs]


def _fitting_flow(wanted: Wanted) -> str:
    """The flow for one who names none: the fixed one unless there are wishes that it knows nothing of."""
    if wanted.documents is not None:
        return OWN_NOTES
    if wanted.programs:
        return "project"
    chooses = wanted.job is not None or wanted.level or wanted.track or wanted.projects
    return "mixed" if chooses else DEFAULT_FLOW


def _mode(wanted: Wanted) -> Literal["practice", "simulation"]:
    if wanted.mode not in (None, *MODES):
        raise WrongUsage(unknown("mode", wanted.mode or "", MODES))
    return "simulation" if wanted.mode == "simulation" else "practice"


def _next_round(bank: Bank, flow: Flow, wanted: Wanted, before: Before, started: e.Started) -> tuple[Flow, e.Started]:
    """The round of a series that comes next: the first one, once all were sat."""
    done = before.rounds.get(flow.id, ())
    done = () if len(done) >= len(flow.rounds) else done
    titles = tuple(bank.flow(name).title for name in flow.rounds)
    following = bank.flow(flow.rounds[len(done)])
    return following, replace(started, series=flow.id, round=len(done) + 1, rounds=titles, before=done)


def _wish(bank: Bank, flow: Flow, wanted: Wanted) -> plan.Wish:
    """What the flags ask for, checked against the flow."""
    if wanted.level is not None and wanted.level not in LEVELS:
        raise WrongUsage(unknown("level", wanted.level, LEVELS))
    topics = {topic for question in bank.questions() for topic in question.topics}
    track: frozenset[str] = frozenset()
    if wanted.track is not None:
        track = TRACKS.get(wanted.track, frozenset({wanted.track} & topics))
        if not track:
            raise WrongUsage(unknown("track", wanted.track, sorted({*topics, *TRACKS})))
    _fits_together(flow, wanted)
    return plan.Wish(wanted.level, track, _count(flow, wanted), _tailored(flow, wanted, topics))


def _fits_together(flow: Flow, wanted: Wanted) -> None:
    """WrongUsage for wishes that cannot both be had."""
    if wanted.job is not None and flow.fixed:
        raise WrongUsage(
            f"The flow {flow.id} always asks the same questions, so that a job description changes nothing in it. "
            "Leave --job out, or take a flow that chooses: --flow mixed"
        )
    if wanted.projects and flow.fixed and not any(step.each for step in flow.steps):
        raise WrongUsage(
            f"The flow {flow.id} always asks the same questions, so that your projects change nothing in it. "
            "Leave --projects out, or take: --flow project, or --flow mixed"
        )
    if wanted.programs and not any(step.each for step in flow.steps):
        raise WrongUsage(f"The flow {flow.id} does not ask about programs of yours. With --code use: --flow project")
    if wanted.questions and wanted.minutes and wanted.minutes < wanted.questions * SHORTEST_QUESTION:
        raise WrongUsage(
            f"{wanted.questions} questions do not fit into {wanted.minutes} minutes: each needs one at the least. "
            "Ask for fewer questions, or for more minutes."
        )


def _count(flow: Flow, wanted: Wanted) -> int | None:
    """How many questions are wished for, or fit into the minutes; None for all that the flow has."""
    if wanted.questions is not None or wanted.minutes is None or not flow.questions:
        return wanted.questions
    fit = max(1, int(wanted.minutes / (flow.minutes / flow.questions)))
    return fit if fit < flow.questions else None


def _tailored(flow: Flow, wanted: Wanted, topics: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """The topics that the job description names; WrongUsage where it names none that there are questions on."""
    told = "\n".join([wanted.job or "", *wanted.projects]).strip()
    if not told or flow.fixed:
        return {}
    named = {topic: words for topic, words in topics_in(told).items() if topic in topics}
    if not named and wanted.job is not None:
        raise WrongUsage(
            "The job description names nothing that there are questions on, such as computer vision, NLP, PyTorch or "
            "deployment. Choose the topics yourself: --track, or a flow such as --flow mixed"
        )
    return named


def _planned(bank: Bank, flow: Flow, wish: plan.Wish, wanted: Wanted, before: Before, seed: int) -> plan.Plan:
    known = {question.id: question for question in bank.questions()}
    if flow.fixed and any(step.each for step in flow.steps):
        chosen = plan.Plan(_fitting(_repeated(flow, wanted, known), known, wish))
    elif flow.fixed:
        chosen = _in_time(flow, known, wish, wanted, seed)
    else:
        chosen = plan.staged(flow, bank.questions(), wish, before.questions, seed)
    if not chosen.slots:
        raise WrongUsage(_nothing_fits(bank, flow, wish))
    return chosen


def _in_time(flow: Flow, known: Mapping[str, Question], wish: plan.Wish, wanted: Wanted, seed: int) -> plan.Plan:
    """The questions of a fixed flow; where the minutes are few, without the least important ones."""
    if wanted.questions is not None or wish.count is None:
        return plan.fixed(flow.steps, known, wish, seed)
    every = plan.fixed(flow.steps, known, replace(wish, count=None), seed).slots
    left_out = plan.least_important({slot: known[slot] for slot in every}, wish.count)
    return plan.Plan(tuple(slot for slot in every if slot not in left_out))


def _repeated(flow: Flow, wanted: Wanted, known: Mapping[str, Question]) -> tuple[str, ...]:
    """The steps of a round about projects: once a project, and about programs where these show something."""
    projects = len(wanted.projects) or 1
    if projects > MOST_PROJECTS:
        raise WrongUsage(f"At most {MOST_PROJECTS} projects can be talked about, not {projects}: name the best ones.")
    slots: list[str] = []
    for project in range(1, projects + 1):
        suffix = f"@{project}" if projects > 1 else ""
        slots += [f"{step.question}{suffix}" for step in flow.steps if step.each == "project"]
    asked_by_program = [step.question for step in flow.steps if step.each == "program"]
    for number, program in enumerate(wanted.programs, 1):
        shown = places(program.facts, program.code)
        slots += [f"{question}@{number}" for question in asked_by_program if question in shown]
    slots += [step.question for step in flow.steps if not step.each]
    return tuple(slots)


def _fitting(slots: Sequence[str], known: Mapping[str, Question], wish: plan.Wish) -> tuple[str, ...]:
    """Those of the wished level and track, without the least important ones where fewer are wished for."""
    fitting = {slot: question for slot in slots if plan.wanted(question := known[plan.base(slot)], wish)}
    left_out = plan.least_important(fitting, len(fitting) if wish.count is None else wish.count)
    return tuple(slot for slot in fitting if slot not in left_out)


def _about(flow: Flow, count: int, wanted: Wanted) -> int:
    minutes = max(1, round(flow.minutes * count / flow.questions))
    return min(minutes, wanted.minutes or minutes)


def _notes(flow: Flow, wish: plan.Wish, chosen: plan.Plan, before: Before, count: int, wanted: Wanted) -> Sequence[str]:
    """What the candidate is told of how the questions were chosen."""
    notes = [flow.briefing] if flow.briefing else []
    for topic, words in wish.topics.items():
        notes.append(SENTENCES["note_job"][0].format(words=", ".join(f"“{word}”" for word in words), topic=topic))
    again = sum(plan.base(slot) in before.questions for slot in chosen.slots)
    if again and flow.fixed:
        key = "note_again_only" if count == 1 else "note_again_fixed"
        notes.append(SENTENCES[key][0].format(again=again))
    elif again:
        notes.append(SENTENCES["note_again"][0].format(again=again, count=count))
    if wanted.questions and count < wanted.questions:
        notes.append(SENTENCES["note_fewer"][0].format(wanted=wanted.questions, count=count))
    return notes


def unknown(what: str, name: str, names: Collection[str]) -> str:
    """That there is nothing of that name, with the nearest one and all of them."""
    begun = [known for known in names if name and known.startswith(name.lower())]
    near = begun or difflib.get_close_matches(name.lower(), names, n=1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    return f"There is no {what} {name[:60]!r}.{meant} The {what}s are: {', '.join(names)}."


def _nothing_fits(bank: Bank, flow: Flow, wish: plan.Wish) -> str:
    steps = {step.question for step in flow.steps}
    own = [
        question
        for question in bank.questions()
        if question.id in steps or any(plan.admits(stage, question, flow.setting) for stage in flow.stages)
    ]
    levels = ", ".join(level for level in LEVELS if any(q.level == level for q in own))
    topics = ", ".join(sorted({topic for q in own for topic in q.topics}))
    return f"No question of {flow.id} fits those wishes. It has the levels {levels} and the topics (--track) {topics}."
