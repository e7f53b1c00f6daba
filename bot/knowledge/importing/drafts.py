"""Makes draft questions of what an import found: rubric points drawn from the answer, hints and follow-ups by rule.

A draft has no statements to be judged by, so an interview says that it is judged less surely until it has some.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import get_args

from bot.core.question import FollowUp, Level, Point, Question
from bot.core.tailoring import topics_in
from bot.knowledge.corpus_shapes import Topic
from bot.knowledge.importing.found import Found
from bot.knowledge.importing.openings import listed
from bot.knowledge.importing.points import Weighed, key_sentences, telling_phrase

LEVEL: Level = "intermediate"
_LONGEST_ID = 60
_LONGEST_PREFIX = 16
_LONGEST_TITLE = 40
_MOST_TOPICS = 3
_TOPIC = "fundamentals"
PROGRAM = "The answer is a program such as the one in the reference."
_DEFINITION = re.compile(
    r"^what (?:is|are) (?!the (?:difference|role|purpose|advantage)|an? good)(?P<of>[^?]{2,80})\?$", re.IGNORECASE
)
_DIFFERENCE = re.compile(
    r"^what(?:[’']s| is| are)? the (?:main )?differences? between (?P<of>[^?]{3,120})\?$", re.IGNORECASE
)
_LEADING = re.compile(
    r"^(?:what can you tell me about|what(?:[’']s)?|how|why|when|which|where|who|explain|describe|define"
    r"|name|list|can you|could you|do you|tell me)(?:\s+(?:is|are|was|were|do|does|did|can|should|would|the|an?|you|we"
    r"|about|of|by|to|different|various|main|difference|differences|between))*\s+",
    re.IGNORECASE,
)


def drafts(found: Iterable[Found], prefix: str, level: Level = LEVEL, taken: Collection[str] = ()) -> list[Question]:
    """A draft of each question that has an answer; their ids begin with the prefix, and none is in `taken`."""
    made: list[Question] = []
    ids = dict.fromkeys(taken, 0)
    before = _cut(slug(prefix), _LONGEST_PREFIX)
    for one in found:
        if one.answer:
            made.append(draft(one, _free_id(f"{before}-{slug(_bare(one.question))}", ids), level))
    return made


def draft(one: Found, question_id: str, level: Level = LEVEL) -> Question:
    """A found question in full form, as far as rules can fill it."""
    chosen = key_sentences(one.question, one.answer)
    points = _points(chosen)
    ask = one.question if one.question.endswith(("?", ".", "!")) else f"{one.question}."
    return Question(
        id=question_id,
        title=_title(one.question),
        ask=ask,
        reworded=_reworded(ask),
        plain=ask,
        aim=f"To find out whether the candidate can say what {one.place.file} says about this.",
        level=level,
        topics=_topics(f"{one.question} {one.answer}"),
        points=points,
        reference=one.answer,
        hints=_hints(one.question, points),
        follow_ups=tuple(FollowUp(point.id, "missed", _follow_up(one.question, point)) for point in points),
    )


def slug(text: str) -> str:
    """A text as a name of lower-case letters, digits and hyphens."""
    plain = text.lower().replace("’", "").replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "own"


def _free_id(wanted: str, ids: dict[str, int]) -> str:
    """The id, shortened to what an id may have, with a number behind it where it is taken."""
    base = _cut(wanted, _LONGEST_ID)
    name = base
    while name in ids:
        ids[base] = ids.get(base, 0) + 1
        ending = f"-{ids[base] + 1}"
        name = base[: _LONGEST_ID - len(ending)].rstrip("-") + ending
    ids[name] = 0
    return name


def _cut(name: str, longest: int) -> str:
    """A name of hyphenated words, shortened between two of them."""
    return name if len(name) <= longest else (name[:longest].rpartition("-")[0] or name[:longest]).strip("-")


def _points(chosen: Sequence[Weighed]) -> tuple[Point, ...]:
    if not chosen:
        return (Point("program", PROGRAM),)
    heaviest = max(chosen, key=lambda one: one.weight)
    ids: dict[str, int] = {}
    return tuple(
        Point(_point_id(one.text, ids), one.text, 2.0 if one is heaviest and len(chosen) > 1 else 1.0) for one in chosen
    )


def _point_id(text: str, ids: dict[str, int]) -> str:
    return _free_id(_cut(slug(telling_phrase(text, "") or text), 40), ids)


def _title(question: str) -> str:
    """The question without its opening words, as far as a status line has room."""
    bare = _bare(question)
    if len(bare) > _LONGEST_TITLE:
        bare = bare[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
    return (bare[:1].upper() + bare[1:]) or "A question of one's own"


def _bare(question: str) -> str:
    """The question without what it begins with, and without a remark on where it comes from at its end."""
    bare = re.sub(r"\s*\((?:from|asked|source|by)\b[^)]*\)\s*$", "", question.rstrip("?.! "), flags=re.IGNORECASE)
    return _LEADING.sub("", bare) or bare


def _reworded(ask: str) -> str:
    """Another wording where a rule gives a sound one; else the same."""
    if found := _DIFFERENCE.match(ask):
        return f"How would you tell {found['of']} apart?"
    if found := _DEFINITION.match(ask):
        return f"How would you explain {found['of']} to a colleague?"
    return ask


def _topics(text: str) -> tuple[str, ...]:
    known = [topic for topic in topics_in(text) if topic in get_args(Topic)]
    return tuple(known[:_MOST_TOPICS]) or (_TOPIC,)


def _hints(question: str, points: Sequence[Point]) -> tuple[str, ...]:
    """Which part is missing; in which direction it lies; half the answer."""
    about = [_about(question, point) for point in points]
    count = "one thing" if len(points) == 1 else f"{len(points)} things"
    half = points[: max(1, len(points) // 2)]
    return (
        f"A full answer says {count}. Have you spoken of {about[0]}?",
        f"Speak of {listed(about)}.",
        f"This is part of the answer: {' '.join(point.says for point in half)}",
    )


def _about(question: str, point: Point) -> str:
    """What a point is about, in some of its words."""
    return telling_phrase(point.says, question) or telling_phrase(point.says, "") or "what comes next"


def _follow_up(question: str, point: Point) -> str:
    return f"What would you add about {_about(question, point)}?"
