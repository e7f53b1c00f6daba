"""Checks what a model says to a candidate before it is said. What may be revealed cannot be listed, so what may be said
is: the interviewer's own words of this turn, plain talk (talk.toml), and what the candidate said, in quotation marks.

It mends nothing: a sentence passes as it stands, or is not said.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.core.phrasing import Line
from bot.core.quoting import MARKUP
from bot.llm.sentences import LONGEST, Sentences
from bot.llm.verdicts import verdict
from bot.llm.words import contents, pieces, stem, stems, unescaped

MOST_WORDS = 30
MOST_SENTENCES = 3
#: A question of a model's own, and how much longer than the interviewer's another wording may be.
MOST_OWN_WORDS = 40
MOST_LONGER = 2.0
#: Words of the question that a sentence which leads to it may name.
MOST_NAMED = 4
#: Fewer words than this are no quotation: any word could be "quoted".
LEAST_QUOTED = 2
#: What is plain punctuation, and what typographers make of it; other signs must come from the interviewer's own words.
_PLAIN = frozenset(" .,;:?!'()-\"’‘“”–—…")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CODE = re.compile(r"`[^`]*`")
_QUOTED = re.compile(r"“([^“”\"]*)”|\"([^“”\"]*)\"")
_SAID_SO = re.compile(
    r"\byou(?:['’]ve| have| had| just| also| then| even| once| earlier)*\s"
    r"(?:said|say|wrote|write|mention|mentioned|told|put|called|call|spoke|described|describe|named|name|explained)\b"
    r"|\byour (?:own )?(?:words?|answer|wording|phrase|sentence|line|remark|reply|statement)\b",
    re.IGNORECASE,
)
#: A question between answers: to name what it is about may be to give one of them.
_CHOICE = re.compile(
    r"\b(?:or|whether|which|either|between|vs|versus)\b"
    r"|(?:^|[.?!:]\s+)(?:is|are|was|were|do|does|did|can|could|has|have|will|would|should)\b",
    re.IGNORECASE,
)
#: What tells an answer to how much, whereto or whether, even where the question has the word.
_TELLS = frozenset(
    stem(word)
    for word in "up down more less higher lower bigger smaller larger faster slower longer shorter better worse same "
    "different always never all none both every only equal increase decrease grow shrink rise fall above below before "
    "after quickly slowly closer further deeper".split()
)
#: From the first quotation mark to the last: a candidate's words may have quotation marks of their own.
_QUOTING = re.compile(r"[\"“”](?:.*[\"“”]|.*)", re.DOTALL)
#: What would end the talk, or send somebody away.
_ENDS = re.compile(
    r"^leave\b|\bleave (?:the|this|our) (?:interview|session|conversation|discussion|talk)\b", re.IGNORECASE
)
#: What would say that something else comes, where it does not.
_MOVES = frozenset({"next", "another", "leave", "proceed"})


@dataclass(frozen=True)
class Talk:
    """Words by what they may be used for; see talk.toml."""

    glue: frozenset[str]
    talk: frozenset[str]
    leaving: frozenset[str]
    openers: frozenset[str]
    never: frozenset[str]
    phrases: re.Pattern[str]


@cache
def talk() -> Talk:
    """The table of plain talk, read once."""
    table = tomllib.loads((Path(__file__).parent / "talk.toml").read_text(encoding="utf-8"))
    phrases = [
        " ".join(one.split()) for line in table["phrases"].splitlines() for one in line.split("|") if one.strip()
    ]
    longest_first = sorted(phrases, key=len, reverse=True)
    glue, never = stems(f"{table['glue']} {table['asking']}"), stems(table["never"])
    return Talk(
        glue,
        (glue | stems(table["talk"])) - never,
        stems(table["leaving"]),
        frozenset(table["openers"].split()),
        never,
        re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE),
    )


class Checks:
    """What may be said of one line. Each check gives what is wrong in a few words, or nothing where all is well."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._lead = unescaped(line.lead)
        lead = _QUOTING.sub("“”", self._lead)
        self._own = frozenset() if line.act == "closing" else _worded(stems(lead))
        self._whole = _sentences(lead)
        extra = line.marks if line.act == "feedback" else line.digest if line.act == "closing" else ()
        self._told = _worded(stems(" ".join(map(_claim, extra))))
        asked = f"{line.frame} {line.wording}".strip()
        self._named = frozenset() if _CHOICE.search(asked) else stems(asked) - _TELLS
        self._lead_signs = frozenset(lead)
        self._signs = frozenset(f"{lead} {line.wording} {line.frame}")
        self._said = _flat(unescaped(line.said))
        self._sentences = 0

    def sentence(self, text: str) -> str:
        """What is wrong with a sentence that is to be said next."""
        self._sentences += 1
        if self._sentences > MOST_SENTENCES:
            return "more than three sentences"
        if text == self._lead.strip() or text in self._whole:
            return ""
        bare, quotes, wrong = self._parted(text)
        if wrong:
            return wrong
        if len(text.split()) > MOST_WORDS or len(text) > LONGEST:
            return "a sentence of more than thirty words"
        if MARKUP & (set(bare) - self._lead_signs):
            return "markup"
        if "?" in bare:
            return "a question before what is put"
        if not bare.strip() or not bare.strip()[0].isupper():
            return "no whole sentence"
        if len(quotes) > 1:
            return "more than one quotation"
        if quotes and not _SAID_SO.search(bare):
            return "a quotation of nobody"
        if _verdict(text):
            return "a verdict"
        if _ENDS.search(bare.strip()) and self._line.act != "closing":
            return "an end"
        return self._words(bare)

    def wording(self, text: str) -> str:
        """What is wrong with what is put in the place of the interviewer's own words."""
        own = self._line.wording
        if not own:
            return "a question where none is put"
        same = self._same(text, own)
        return self._idea(text, own) if same and self._line.act == "probe" else same

    def _words(self, bare: str) -> str:
        """The first word of a sentence that may not be said in it."""
        words = pieces(talk().phrases.sub(" ", bare))
        opens = (pieces(bare)[:1] or [""])[0].casefold() in talk().openers
        named = {stem(word) for word in words} - self._plain()
        for word in words:
            at = stem(word)
            if at in talk().never and not (self._line.act == "closing" and at in talk().leaving):
                return f"the word {word}"
            if at in named and (not opens or at not in self._named or any(sign.isdigit() for sign in word)):
                return f"the word {word}"
        return "much of the question before it is put" if len(named) > MOST_NAMED else ""

    def _plain(self) -> frozenset[str]:
        """What may be said in any sentence of this turn."""
        act, known = self._line.act, talk()
        if act == "closing":
            return known.talk | known.leaving | self._told
        if act == "ask":
            return known.talk | self._own
        return (known.talk - _MOVES) | self._own | self._told

    def _same(self, text: str, own: str) -> str:
        """What makes another wording another question or another hint."""
        glue = talk().glue
        if wrong := self._shape(text, own, max(MOST_OWN_WORDS, MOST_LONGER * len(own.split()))):
            return wrong
        if any(sign in '"“”' for sign in text) and not any(sign in '"“”' for sign in own):
            return "quotation marks"
        if _verdict(text) and not _verdict(own):
            return "a verdict"
        if contents(text, glue) != contents(own, glue):
            return "other words than those of what is put"
        if _signs(text) != _signs(own):
            return "other signs than those of what is put"
        if not set(_CODE.findall(own)) <= set(_CODE.findall(text)):
            return "code that is not shown as code"
        if _NUMBER.findall(text) != _NUMBER.findall(own):
            return "other numbers than those of what is put"
        if text.count("?") > own.count("?") or text.rstrip().endswith("?") != own.rstrip().endswith("?"):
            return "another kind of sentence"
        return ""

    def _idea(self, text: str, own: str) -> str:
        """What keeps a question of the model's own from being asked: about words that were said, or what was missed."""
        bare, quotes, wrong = self._parted(text)
        if wrong := wrong or self._shape(text, own, MOST_OWN_WORDS):
            return wrong
        if bare.count("?") != 1 or not text.rstrip('”" ').endswith("?"):
            return "not one question"
        if _verdict(text):
            return "a verdict"
        if any(MARKUP & set(quote) for quote in quotes):
            return "a quotation with markup"
        known, glue = talk(), talk().glue
        lacks = Counter(contents(own, glue)) - Counter(contents(bare, glue))
        if lacks and (not quotes or _CHOICE.search(own)):
            return "a question about something else"
        return self._gives(pieces(known.phrases.sub(" ", bare)), stems(own))

    def _gives(self, words: Iterable[str], own: frozenset[str]) -> str:
        """The first word of a model's own question that could give an answer, or is not of what it may use."""
        frame = frozenset() if _CHOICE.search(self._line.frame) else stems(self._line.frame)
        allowed = (talk().talk | self._own | frame) - _TELLS - talk().never
        return next((f"the word {word}" for word in words if stem(word) not in allowed | own), "")

    def _shape(self, text: str, own: str, most: float) -> str:
        """What is wrong with a wording as a piece of text."""
        if any(_unseen(sign) for sign in text) or any(
            not _may_stand(sign, self._signs) for sign in _QUOTED.sub("", text)
        ):
            return "signs that do not belong there"
        if len(text.split()) > most:
            return "too many words"
        spans = set(_CODE.findall(own))
        rest = text
        for span in _CODE.findall(text):
            if span not in spans:
                return "markup"
            rest = rest.replace(span, " ")
        own_tokens = {token.strip(".,;:?!()") for token in own.split()}
        marked = [token for token in rest.split() if MARKUP & set(token)]
        return "markup" if any(token.strip(".,;:?!()") not in own_tokens for token in marked) else ""

    def _parted(self, text: str) -> tuple[str, Sequence[str], str]:
        """The sentence without its quotations, these, and what is wrong with either."""
        if any(_unseen(sign) for sign in text):
            return "", (), "signs that cannot be seen"
        quotes = [first or second for first, second in _QUOTED.findall(text)]
        bare = _QUOTED.sub(" ", text)
        if any(sign in '"“”' for sign in bare):
            return "", (), "a quotation that is not closed"
        if any(not _may_stand(sign, self._signs) for sign in bare):
            return "", (), "signs that do not belong there"
        wrong = next((why for quote in quotes if (why := self._quotation(quote))), "")
        return bare, quotes, wrong

    def _quotation(self, quote: str) -> str:
        words = _flat(quote).strip(".,;:?!… ")
        if len(words.split()) < LEAST_QUOTED:
            return "a quotation too short to be one"
        if re.search(r"://|www\.|@|```", words):
            return "a link, or somebody's name"
        return "" if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", self._said) else "a quotation that was not said"


_LIKE = str.maketrans("’‘“”–—", "''\"\"--")


def _flat(text: str) -> str:
    """Words as they are compared: on one line, quotation marks and dashes made plain, capitals aside."""
    plain = text.translate(_LIKE)
    return " ".join(plain.split()).casefold()


def _verdict(text: str) -> bool:
    return verdict(_QUOTED.sub(",", text))


def _sentences(lead: str) -> frozenset[str]:
    """The interviewer's own sentences, each whole; none that quotes."""
    cut = Sentences()
    return frozenset(one for one in (*cut.add(lead), *cut.end()) if "“" not in one)


def _claim(told: str) -> str:
    """What a mark is about: without the words that were quoted for it, and without what it came to."""
    return _QUOTING.sub(" ", told.rpartition(" · ")[0] or told)


def _worded(found: frozenset[str]) -> frozenset[str]:
    """Those with no digit: how much something was is never said in a voice's own words."""
    return frozenset(at for at in found if not any(sign.isdigit() for sign in at))


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "C" or (sign.isspace() and sign != " ")


def _may_stand(sign: str, own: Iterable[str]) -> bool:
    return (sign.isascii() and sign.isalnum()) or sign in _PLAIN or sign in own


def _signs(text: str) -> list[str]:
    """Signs that mean something by themselves, in order: of arithmetic, say."""
    return [sign for sign in text if not (sign.isalnum() or sign.isspace() or sign in _PLAIN or sign in "`*_")]
