"""How Discord's clients read a text display, as far as our replies use it: what is seen, and what acts in it.

Its rules are tried in the clients' order at each place of the text. It knows nothing of how our Markdown is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

FENCE = re.compile(r"```(?:([a-zA-Z0-9_+\-.#]+?)\n)?\n*([^\n][\s\S]*?)\n*```")
ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
CODE = re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)")
HIDDEN = re.compile(r"<(https?://[^ >]+)>")
LINK = re.compile(r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?\s*\)")
ACTS = {
    "mention": re.compile(r"@everyone|@here|<@[!&]?\d+>|<#\d+>|</[^>]+:\d+>|<id:\w+>|<t:-?\d+(?::\w)?>"),
    "emoji": re.compile(r"<a?:\w+:\d+>|:[\w+~-]+:"),
    "bare": re.compile(r"(?:https?|steam|discord)://[^\s<]+[^<.,:;\"'\]\s]"),
    "spoiler": re.compile(r"\|\|[\s\S]+?\|\|"),
    "mark": re.compile(r"\*\*|\*|__|_|~~"),
}
LINE = {
    "heading": re.compile(r"#{1,3} +(?=\S)"),
    "small": re.compile(r"-# +(?=\S)"),
    "quotes": re.compile(r">>> "),
    "item": re.compile(r" *(?:[*-]|\d+\.) +(?=\S)"),
}
QUOTED = re.compile(r"(?:> [^\n]*(?:\n|$))+")
INVITE = re.compile(r"discord(?:app)?\.(?:gg|com/invite)/\w", re.IGNORECASE)


@dataclass
class Read:
    """The words that are seen, the programs among them, and what acts, by its kind and its source."""

    text: str = ""
    programs: list[tuple[str, str]] = field(default_factory=list)
    acting: list[tuple[str, str]] = field(default_factory=list)

    def acts(self, *but: str) -> list[tuple[str, str]]:
        return [one for one in self.acting if one[0] not in but]

    @property
    def words(self) -> str:
        """What is seen, without blanks."""
        return "".join(self.text.replace("\u200b", "").split())


def read(markdown: str) -> Read:
    """The text as it is seen."""
    found = Read(acting=[("invite", one.group()) for one in INVITE.finditer(markdown)])
    at, fresh = 0, True
    while at < len(markdown):
        end = _line_start(markdown, at, found) if fresh else at
        if end == at:
            end = _inline(markdown, at, found)
            fresh = markdown[end - 1] == "\n"
        at = end
    return found


def _line_start(text: str, at: int, found: Read) -> int:
    if quoted := QUOTED.match(text, at):
        within = read(re.sub("^> ", "", quoted.group(), flags=re.MULTILINE))
        found.text += within.text
        found.programs += within.programs
        found.acting += [("quote", "> "), *within.acting]
        return quoted.end()
    for kind, rule in LINE.items():
        match = rule.match(text, at)
        if match:
            found.acting.append((kind, match.group()))
            found.text += re.sub(r"[*#>-]", "", match.group())
            return match.end()
    return at


def _inline(text: str, at: int, found: Read) -> int:
    if match := FENCE.match(text, at):
        found.programs.append((match.group(1) or "", match.group(2)))
        found.text += match.group(2) + "\n"
        return match.end()
    if match := ESCAPE.match(text, at):
        found.text += match.group(1)
        return match.end()
    if match := CODE.match(text, at):
        found.text += re.sub(r"^ (?= *`)|(?<=`) $", "", match.group(2))
        found.acting.append(("code", match.group(2)))
        return match.end()
    if match := HIDDEN.match(text, at):
        found.text += match.group(1)
        found.acting.append(("address", match.group(1)))
        return match.end()
    if match := LINK.match(text, at):
        found.acting.append(("link", match.group(2)))
        found.text += read(match.group(1)).text
        return match.end()
    for kind, rule in ACTS.items():
        if match := rule.match(text, at):
            found.acting.append((kind, match.group()))
            found.text += "" if kind == "mark" else match.group()
            return match.end()
    found.text += text[at]
    return at + 1
