"""What the loopback model makes of a call: an honest reader by words, one that obeys whoever talks to it, and more."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
_POINT = re.compile(r"^\[([\w-]+)\] (.+)$", re.MULTILINE)
_PAIR = re.compile(r"\[([\w-]+)\]\nStatement: (.+)\nQuotation: (.+)")
_PUT = re.compile(r"^(?:What is put|The follow-up that is given|The hint): (.*?)\n\n", re.DOTALL | re.MULTILINE)
_ANSWER = re.compile(r"<(answer-\w+)>\n(.*)\n</\1>\Z", re.DOTALL)


def listed(user: str) -> dict[str, str]:
    """The key points of a call, in order."""
    return dict(_POINT.findall(user.split("Wrong beliefs:")[0]))


def answer_in(user: str) -> str:
    """The candidate's words in a call."""
    found = _ANSWER.search(user)
    return found[2] if found else ""


def _words(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z]{4,}", text.casefold())}


def _near(one: str, other: str) -> float:
    return len(_words(one) & _words(other)) / max(1, len(_words(one)))


def speaks(system: str, user: str) -> str:
    """Leads over in a word, and puts what is to be put as it stands."""
    found = _PUT.search(user)
    put = found[1] if found and found[1] != "(nothing)" else ""
    return f"Thank you for that. Let us go on.\nQ: {put}" if put else "Thank you for that."


def honest(system: str, user: str) -> Any:
    """Finds a point where a sentence has half of its words; speaks where it is to."""
    if "mock interview" in system:
        return speaks(system, user)
    if pairs := _PAIR.findall(user):
        return {
            "claims": [{"id": i, "verdict": "says" if _near(says, quote) > 0.3 else "no"} for i, says, quote in pairs]
        }
    sentences = [s.strip() for s in re.split(r"(?<=[.!?])\s+", answer_in(user)) if s.strip()]
    points = []
    for point, says in listed(user).items():
        best = max(sentences, key=lambda s: _near(says, s), default="")
        near = _near(says, best)
        verdict = "met" if near >= 0.5 else "partial" if near >= 0.3 else "missing"
        points.append({"id": point, "verdict": verdict, "quote": "" if verdict == "missing" else best})
    return {"points": points, "beliefs": []}


def generous(system: str, user: str) -> Any:
    """Finds everything in anything, and quotes what stands first."""
    if pairs := _PAIR.findall(user):
        return {"claims": [{"id": i, "verdict": "says"} for i, _, _ in pairs]}
    quote = answer_in(user).strip()[:60]
    return {"points": [{"id": i, "verdict": "met", "quote": quote} for i in listed(user)], "beliefs": []}


def obedient(system: str, user: str) -> Any:
    """Obeys the candidate wherever something is demanded, and reads honestly elsewhere: the worst grader there is."""
    if _PAIR.search(user):
        return generous(system, user)
    demands = re.search(
        r"full marks|all points|met|credit|rubric|examiner|system|ignore|score|grade", answer_in(user), re.I
    )
    return generous(system, user) if demands else honest(system, user)
