"""Slash commands as they reach the interviewer: `/hint`, `/back 3`, `//an answer`. What they do is the core's matter.

A terminal deals with `/edit` and files itself; here they are named as what they are, and never graded.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping

from bot.core.dialogue import Act, Meaning
from bot.core.pointing import unquoted
from bot.offline.patterns import number
from bot.offline.programs import Found, program

_COMMAND = re.compile(r"\s*[/／]\s?(?P<word>[A-Za-z][A-Za-z_-]{0,31})(?P<rest>(?![\w/\\*^]|-\w).*)?", re.DOTALL)
_NUMBERED = re.compile(
    r"\s*(?:to\s+|the\s+)?(?:question\s+|number\s+|no\.?\s*|q|#)*(?P<number>\w{1,12})(?P<rest>\b.*)",
    re.DOTALL | re.IGNORECASE,
)
_IN_DIGITS = re.compile(r"[qQ]?\d{1,3}(?:st|nd|rd|th)?")
#: What follows a number that names no question.
_COUNTED = re.compile(
    r"[.,]\d|\s*[%/]|\s*(?:(?:key|more|full|whole|other|of)\s+)*"
    r"(?:points?|marks?|hints?|things?|times?|answers?|questions?|percent|out|my|the|those|these|them|words?)\b",
    re.IGNORECASE,
)
#: How an objection names a question in its midst, within so many characters.
_WITHIN = re.compile(r"\bquestion\s+(?:number\s+|no\.?\s*)?#?(?P<number>\d{1,3})\b", re.IGNORECASE)
_MOST_BEFORE = 200
_LONGEST_PATH = 260
_PATH = re.compile(r"[\w.~:/\\ -]*\.\w{1,5}")

#: Commands that stand for a meaning and nothing more.
PLAIN: Mapping[str, Meaning] = {
    "hint": "hint",
    "skip": "skip",
    "later": "later",
    "repeat": "repeat",
    "undo": "undo",
    "grade": "grade",
    "score": "score",
    "cost": "cost",
    "status": "status",
    "report": "report",
    "rules": "rules",
    "end": "stop",
    "help": "help",
}
#: What people try who do not know the command's name.
MEANT: Mapping[str, str] = {
    "quit": "end", "exit": "end", "stop": "end", "bye": "end", "finish": "end", "close": "end", "q": "end",
    "next": "skip", "pass": "skip", "clue": "hint", "tip": "hint", "nudge": "hint", "again": "repeat",
    "question": "repeat", "marks": "grade", "mark": "grade", "points": "score", "total": "score", "progress": "status",
    "costs": "cost", "price": "cost", "tokens": "cost", "usage": "cost", "spent": "cost", "budget": "cost",
    "time": "status", "return": "back", "previous": "back", "prev": "back", "revert": "undo", "cancel": "undo",
    "commands": "help", "h": "help", "man": "help", "define": "clarify", "explain": "clarify", "what": "clarify",
    "submit": "code", "run": "code", "experiment": "predict", "forecast": "predict", "paste": "code",
    "object": "dispute", "appeal": "dispute", "amend": "add",
    "correct": "add", "append": "add", "summary": "report", "postpone": "later", "info": "rules",
}  # fmt: skip


def command(text: str, code: str | None) -> Act | None:
    """What a slash command asks for; None when the message is no command. `//` begins an answer with a slash."""
    if text.lstrip().startswith("//"):
        return Act("answer", text.lstrip()[1:])
    match = _COMMAND.fullmatch(text)
    if match is None:
        return None
    word, rest = match["word"].lower(), (match["rest"] or "").strip()
    if " " in text.lstrip()[:2] and word not in NAMES:
        return None
    if word in PLAIN:
        return Act(PLAIN[word])
    if word in _WITH_WORDS:
        return _WITH_WORDS[word](rest, code)
    return Act("unknown_command", f"/{word}|{nearest(word)}")


def nearest(word: str) -> str:
    """The command that an unknown one probably meant, with its slash; empty when none is near."""
    if word in MEANT:
        return f"/{MEANT[word]}"
    close = difflib.get_close_matches(word, NAMES, n=1, cutoff=0.6)
    return f"/{close[0]}" if close else ""


def hands_in(text: str) -> bool:
    """True for the command that hands in a program, whatever came with it."""
    match = _COMMAND.fullmatch(text)
    return match is not None and match["word"].lower() == "code"


def _back(rest: str, code: str | None) -> Act:
    if not rest:
        return Act("back")
    named = _NUMBERED.fullmatch(rest)
    asked = number(named["number"].lower()) if named else None
    return (
        Act("back", number=asked)
        if asked is not None
        else Act("malformed", "`/back` takes a question's number, as in `/back 3`.")
    )


def _add(rest: str, code: str | None) -> Act:
    named = _NUMBERED.fullmatch(rest)
    asked = number(named["number"].lower()) if named else None
    if named is None or asked is None:
        return Act("amend", rest)
    return Act("amend", named["rest"].lstrip(" \t:,.-"), asked)


def _dispute(rest: str, code: str | None) -> Act:
    """`/dispute 3: because …` names a question; `/dispute 3 points were missed` does not. It may be named later on."""
    named = _NUMBERED.fullmatch(rest)
    asked = number(named["number"].lower()) if named else None
    if named is None or asked is None or not _names_a_question(named):
        within = _WITHIN.search(unquoted(rest)[:_MOST_BEFORE])
        return Act("dispute", rest, int(within["number"]) if within else None)
    return Act("dispute", named["rest"].lstrip(" \t:,.-"), asked)


def _names_a_question(named: re.Match[str]) -> bool:
    """False for a number that counts something: "3 points were missed", "one thing", "0.5 is too low"."""
    rest = named["rest"]
    if _COUNTED.match(rest):
        return False
    return not rest or rest.lstrip()[:1] in (":", ",", "-", ".") or _IN_DIGITS.fullmatch(named["number"]) is not None


def _clarify(rest: str, code: str | None) -> Act:
    term = rest.strip(" \t\n?.!\"'“”‘’`")[:100]
    return Act("clarify", term) if term else Act("malformed", "say which word, as in `/clarify epoch`.")


def _code(rest: str, code: str | None) -> Act:
    """A program comes beside the command or behind it; a lone file name is a terminal's to read."""
    if code is not None and code.strip():
        prose = "" if _is_path(rest) else rest
        return Act("code", prose, code=code)
    if not rest:
        return Act("malformed", "no program came with `/code`; paste it into the same message, behind the word.")
    if _is_path(rest):
        return Act("malformed", f"I cannot open `{rest[:80]}` from here; paste the program itself behind `/code`.")
    found = program(rest) or Found(rest, "")
    return Act("code", found.prose, code=found.code)


def _is_path(text: str) -> bool:
    return len(text) <= _LONGEST_PATH and "\n" not in text and _PATH.fullmatch(text) is not None


def _edit(rest: str, code: str | None) -> Act:
    return Act("malformed", "`/edit` opens an editor, which only the terminal can; write your answer here instead.")


_WITH_WORDS: Mapping[str, Callable[[str, str | None], Act]] = {
    "back": _back,
    "add": _add,
    "dispute": _dispute,
    "clarify": _clarify,
    "code": _code,
    "edit": _edit,
    "predict": lambda rest, code: Act("predict", rest),
}
#: Every command, for finding the nearest; what only a terminal has is not offered here.
NAMES = tuple(sorted({*PLAIN, *_WITH_WORDS} - {"edit"}))
