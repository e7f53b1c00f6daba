"""Words as Discord shows them unchanged: nothing in them formats, mentions, links, unfurls or hides.

It knows single words; what is bold, a list or code is decided elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.core.quoting import between_backticks
from bot.surfaces.text.harmless import harmless

ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"
_JOINER = "\N{ZERO WIDTH JOINER}"
#: Signs that show nothing and only hide something; joiners stay, emoji and some scripts are written with them.
_UNSEEN = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff]")
#: Of a link the first bracket alone: the clients look for its end without regard to backslashes.
_FORMATS = frozenset("\\*_`~|<[")
#: A colon that begins an emoji's name or what follows a scheme: both are replaced by the clients.
_COLON = re.compile(r":(?=//|[\w+~-]+:)")
_MENTION = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_INVITE = re.compile(r"(?:discord(?:app)?|dsc|dis)(?=\.(?:com|gd|gg|gift|io|li|me|new)\b)", re.IGNORECASE)
_STOPPING = ".,;:!?'"
_ADDRESS = re.compile(r"(?<![\w<])https?://[\w.~:/?#@!$&'()+,;=%-]*[\w/()=&#+~-]", re.ASCII)
_LONGEST_ADDRESS = 300
_LINE_START = re.compile(r"(?:[-+#>])|\d+(?=[.)](?:\s|$))")
_TICKS = re.compile("`{2,}")
#: Signs that break no line before them, and those that a line may be broken after though no blank follows.
_WIDE = re.compile("[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uff00-\uffef]")
_STOPS = frozenset("、。，．！？：；」』）】》〉…!?")
#: A cluster is kept together up to here: some people pile up accents.
_LONGEST_CLUSTER = 64
_INDICATORS = range(0x1F1E6, 0x1F200)
_MODIFIERS = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_JAMO = range(0x1160, 0x1200)


def seen(text: str) -> str:
    """The text without signs that nobody sees; control characters and overrides of its direction become signs."""
    return _UNSEEN.sub("", harmless(text))


def coded(name: str) -> str:
    """A file's name as code: on one line, cut where it is long."""
    return f"`{between_backticks(seen(name)) or '?'}`"


def blank(text: str) -> bool:
    """True where nobody sees anything in the text: blanks, and signs that show nothing."""
    return not any(character.isprintable() and not character.isspace() for character in text)


def guarded(text: str) -> str:
    """The text with mentions of everybody and invitations taken apart by a blank of no width.

    A backslash would do for the clients' Markdown, but not for whoever looks through the source of a message.
    """
    apart = _MENTION.sub("@" + ZERO_WIDTH, text)
    return _INVITE.sub(lambda found: found.group() + ZERO_WIDTH, apart)


def units(word: str) -> list[str]:
    """A word as pieces of Markdown that must not be cut, which together show the word.

    A bare address can be followed and is not unfurled, whoever wrote it: what it is can be read.
    """
    found = _ADDRESS.search(word)
    if found is None or guarded(found.group()) != found.group() or len(found.group()) > _LONGEST_ADDRESS:
        return _units(word)
    address = found.group()
    while address[-1] == ")" and address.count("(") < address.count(")"):
        address = address[:-1].rstrip(_STOPPING)
    end = found.start() + len(address)
    return [*_units(word[: found.start()]), f"<{address}>", *_units(word[end:])]


def _units(word: str) -> list[str]:
    word = guarded(word)
    colons = {found.start() for found in _COLON.finditer(word)}
    out: list[str] = []
    at = 0
    for cluster in clusters(word):
        out.append("\\" + cluster if cluster[0] in _FORMATS or at in colons else cluster)
        at += len(cluster)
    return out


def escaped(text: str) -> str:
    """A line of words as Markdown that shows them as they are."""
    return at_line_start("".join(units(seen(text))))


def at_line_start(markdown: str) -> str:
    """A word that begins a line, and no heading, list, quotation or small print with it."""
    found = _LINE_START.match(markdown)
    if found is None:
        return markdown
    return f"{found.group()}\\{markdown[found.end() :]}" if found.group().isdigit() else "\\" + markdown


def in_code(source: str) -> str:
    """Text within a fence that no line of it can close.

    Discord knows one fence, of three backticks, wherever they stand: a blank of no width after every second backtick
    of a run lets no three of them stand together. What nobody sees is shown: it can be what is wrong.
    """
    text = _UNSEEN.sub("\ufffd", harmless(source))
    return guarded(_TICKS.sub(lambda found: ZERO_WIDTH.join(_by_two(found.group())), text))


def inline_code(content: str) -> str:
    """Words within single or double backticks."""
    text = _TICKS.sub(lambda found: ZERO_WIDTH.join(found.group()), in_code(content).replace(ZERO_WIDTH, ""))
    text = guarded(" ".join(text.split("\n")))
    if "`" not in text:
        return f"`{text}`"
    return f"`` {text} ``"


def clusters(text: str) -> list[str]:
    """The signs that a person sees: a letter with its accents, an emoji with all that belongs to it."""
    if text.isascii():
        return list(text)
    found: list[str] = []
    for character in text:
        if found and clings(character, found[-1]):
            found[-1] += character
        else:
            found.append(character)
    return found


def clings(character: str, before: str) -> bool:
    """Whether a character belongs to the sign before it."""
    code = ord(character)
    if code < 0x80 or len(before) >= _LONGEST_CLUSTER:  # what formats clings to nothing, after a joiner neither
        return False
    if before[-1] == _JOINER or character == _JOINER or unicodedata.category(character)[0] == "M":
        return True
    if code in _INDICATORS:
        return len(before) == 1 and ord(before) in _INDICATORS
    return code in _MODIFIERS or code in _TAGS or code in _JAMO


def breakable(word: str) -> Sequence[str]:
    """A word in the parts between which a line may end: scripts without blanks have many."""
    if not _WIDE.search(word):
        return (word,)
    parts: list[str] = []
    for cluster in clusters(word):
        alone = _WIDE.match(cluster) and cluster[0] not in _STOPS
        if parts and (cluster[0] in _STOPS or not (alone or _WIDE.match(parts[-1]))):
            parts[-1] += cluster
        else:
            parts.append(cluster)
    return parts


def _by_two(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(0, len(run), 2)]
