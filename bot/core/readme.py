"""A README for each project that was talked about, in the candidate's own words. It adds none and praises nothing."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.asking import Asking
from bot.core.plan import base
from bot.core.scene import Scene

#: The elements of a pitch, in the order of a README, by the key point that holds each.
PITCH = {"problem": "Problem", "data": "Data", "framework": "Framework", "model": "Model", "metric-value": "Result"}
#: What was asked about beyond the pitch, as sections.
SECTIONS = {
    "project-tools": "Tools",
    "project-architecture": "Architecture",
    "project-preprocessing": "Preprocessing",
    "project-metric": "Metric",
}
UNNAMED = "Project"
NOTHING = "*(not said in the interview)*"


def readmes(scene: Scene) -> tuple[str, ...]:
    """One README in Markdown for each project with a pitch, in the order they were talked about."""
    pitches = [asking for asking in scene.session.in_order if base(asking.question) == "project-pitch"]
    return tuple(_readme(scene, pitch) for pitch in pitches if pitch.countable)


def _readme(scene: Scene, pitch: Asking) -> str:
    number = pitch.question.partition("@")[2]
    lines = [f"# {_name(scene, number)}", *_elements(scene, pitch)]
    for asking in scene.session.in_order:
        title = SECTIONS.get(base(asking.question))
        if title is not None and asking.question.partition("@")[2] == number and asking.countable:
            lines += [f"## {title}", _words(asking)]
    return "\n\n".join(lines)


def _name(scene: Scene, number: str) -> str:
    started = scene.session.started
    names = started.projects if started else ()
    place = int(number) - 1 if number.isdigit() else 0
    return (names[place] if place < len(names) else "") or (f"{UNNAMED} {number}" if number else UNNAMED)


def _elements(scene: Scene, pitch: Asking) -> Iterator[str]:
    """The four elements of a pitch, each with the sentence that held it."""
    question = scene.question(pitch.question)
    found = {question.point(p.point).found_by: p.evidence for p in pitch.grade(question).points if p.credit}
    for element, title in PITCH.items():
        yield f"**{title}**: {found.get(element) or NOTHING}"


def _words(asking: Asking) -> str:
    """All that was said to a question, as it was said."""
    return "\n\n".join(dict.fromkeys(contribution.part.text.strip() for contribution in asking.countable))
