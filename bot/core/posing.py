"""Puts the next question together: which one it is, with which numbers, how it is worded, and what leads over to it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.core import events as e
from bot.core import plan, recall, steering
from bot.core.drills import fresh
from bot.core.flow import Flow, Step
from bot.core.own_code import places
from bot.core.question import Question
from bot.core.quoting import line_of_code, shortened, verbatim
from bot.core.records import rubric_hash
from bot.core.scene import Book, Scene
from bot.core.session import Held, Session


@dataclass(frozen=True)
class Posed:
    """What is to be written down, and the question as it is asked now; None where the bank holds it no more."""

    events: tuple[e.Event, ...]
    question: Question | None = None


def pose(
    session: Session,
    book: Book,
    bank: Mapping[str, Question],
    flow: Flow | None,
    slot: str,
    experiments: Callable[[str], tuple[str, ...]] = lambda task: (),
) -> Posed:
    """Puts the question of a slot, or the one that the interview is steered to instead.

    `experiments` says what may be predicted in the round of a task.
    """
    lately = frozenset(session.started.lately if session.started else ())
    steered = steering.steer(session, flow, bank, book, lately) if flow else None
    before: tuple[e.Event, ...] = (e.Replanned(steered.agenda, steered.why),) if steered else ()
    slot = steered.agenda[0] if steered else slot
    step = _step(flow, slot)
    chosen = plan.instead(plan.base(slot), step.instead, session.facts)
    found = bank.get(chosen) or bank.get(plan.base(slot))
    if found is None:
        return Posed((*before, e.Dropped(slot)))
    question = _instance(session, found, slot)
    asked = found.id if found.id != plan.base(slot) else slot
    held = recall.recalled(session, question, slot)
    lead = _lead(session, book, flow, step, slot, found, led=bool(steered and steered.why == "leads"), held=held)
    about = session.about.get(slot, "")
    asking = e.Asked(
        asked,
        rubric_hash(question),
        _wording(session, question),
        session.askings[about].number if about else session.asked + 1,
        lead,
        question.kind == "code",
        held.claim if held else None,
        question.task or "",
        experiments(question.task) if question.task else (),
        question.experiment is not None,
        about,
    )
    return Posed((*before, asking), question)


def _instance(session: Session, question: Question, slot: str) -> Question:
    """The question with the numbers, the order of options and the line of a program that this sitting gives it."""
    seed = zlib.crc32(f"{session.started.seed if session.started else 0}:{slot}".encode())
    question = plan.shuffled(fresh(question, seed), seed)
    if slot in session.placed:
        return plan.filled(question, session.placed[slot])
    number = slot.partition("@")[2]
    program = session.programs[int(number) - 1] if number.isdigit() and int(number) <= len(session.programs) else None
    place = places(program.facts, program.code).get(question.id) if program else None
    if program is None or place is None:
        return question
    return plan.filled(question, {"line": place.line, "code": line_of_code(place.code), "file": verbatim(program.name)})


def _wording(session: Session, question: Question) -> str:
    started = session.started
    if started is None:
        return question.ask
    earlier = next((known for known in started.earlier if known.question == question.id), None)
    wording = plan.wording(question, session.facts, started.setting, earlier.times if earlier else 0)
    return question.plain if plan.placeholders(wording) else wording  # its line, say, is not known


def _step(flow: Flow | None, slot: str) -> Step:
    name = plan.base(slot)
    return next((step for step in (flow.steps if flow else ()) if step.question == name), Step(name))


def _lead(
    session: Session,
    book: Book,
    flow: Flow | None,
    step: Step,
    slot: str,
    asked: Question,
    *,
    led: bool,
    held: Held | None,
) -> str:
    """What leads over to the question: nothing before the first one, and what the candidate said earlier at the end."""
    scene, position = Scene(session, book), session.asked
    texts = [_to_project(scene, step, slot)]
    if slot in session.about:
        texts.append(_to_program(scene, slot, asked))
    elif position and flow is not None and flow.stages and steering.opens_stage(session, position):
        texts.append(steering.stage_of(session, flow, position).transition)
    elif position and led:
        texts.append(scene.say("leads"))
    elif position and slot.partition("@")[2] in ("", "1"):  # what led over once is not said again for the next project
        texts.append(step.transition)
    if held is not None:
        number = session.askings[held.question].number
        key = "recalled_wrote" if session.askings[held.question].code else "recalled"
        texts.append(scene.say(key, number=number, quote=shortened(held.claim.words)))
    return " ".join(text for text in texts if text)


def _to_project(scene: Scene, step: Step, slot: str) -> str:
    """Which of several projects comes now, before its first question."""
    number, started = slot.partition("@")[2], scene.session.started
    if step.each != "project" or not number or started is None:
        return ""
    if any(other.partition("@")[2] == number for other in scene.session.askings if plan.base(other) != other):
        return ""
    named = started.projects[int(number) - 1] if int(number) <= len(started.projects) else ""
    return scene.say("note_project", number=number, name=f": {verbatim(named)}" if named else "")


def _to_program(scene: Scene, slot: str, question: Question) -> str:
    """What leads over to a question about one's own program: said once for those that come together."""
    session = scene.session
    if question.experiment is not None:
        return scene.say("about_experiment")
    if not plan.needs_program(question):  # it follows from the task, and says nothing of the program itself
        return ""
    program = session.askings[session.about[slot]]
    last = max((part.seq for part in program.contributions), default=0)
    talked = any(asking.seq > last for asking in session.askings.values() if asking.about == program.question)
    if talked:
        return ""
    return scene.say("about_bugs" if program.status == "open" else "about_program")
