"""Cuts a message into plain lower-case words, each knowing its span in what was written. It knows no meanings.

Contractions are written out ("don't" is "do not"), shorthand and stretched letters are undone, and a word with one slip
of the keyboard becomes the word that was meant, if the phrase tables know it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.offline.subject import DOMAIN

#: A request is short: past these limits a message is not looked at as one.
MOST_CHARACTERS = 700
MOST_WORDS = 120

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_WORD = re.compile(rf"(?>\d+(?:[.,]\d+)*)(?![^\W\d_])|[^\W_](?:[^\W_]|[{_INVISIBLE}]|['’ʼ`´](?=[^\W_]))*")
_HIDDEN = re.compile(rf"[{_INVISIBLE}]")
_APOSTROPHE = re.compile("[’ʼ`´]")
_STRETCHED = re.compile(r"(\w)\1{2,}")
_PAUSE = re.compile(r"[,;:.!?…\n\r—–]|\s-{1,2}\s|-\s|[-=]>|[()\[\]{}|]")
_FULL_STOP = re.compile(r"[.!?…\n\r]")
_SAYS_SOMETHING = re.compile(r"[^\W_]")

CONTRACTIONS: Mapping[str, str] = {
    "can't": "can not", "cannot": "can not", "cant": "can not", "won't": "will not", "wont": "will not",
    "shan't": "shall not", "ain't": "is not", "dont": "do not", "doesnt": "does not", "didnt": "did not",
    "havent": "have not", "hasnt": "has not", "isnt": "is not", "wasnt": "was not", "arent": "are not",
    "couldnt": "could not", "wouldnt": "would not", "shouldnt": "should not", "im": "i am", "ive": "i have",
    "id": "i would", "let's": "let us", "lets": "let us", "whats": "what is", "hows": "how is",
    "wheres": "where is", "thats": "that is", "youre": "you are", "gimme": "give me", "lemme": "let me",
    "wanna": "want to", "gonna": "going to", "gotta": "have to", "dunno": "do not know", "idk": "i do not know",
    "dk": "do not know", "idc": "i do not care", "wdym": "what do you mean", "c'mon": "come on",
}  # fmt: skip
ENDINGS: Mapping[str, str] = {
    "n't": "not",
    "'m": "am",
    "'re": "are",
    "'ve": "have",
    "'ll": "will",
    "'d": "would",
    "'s": "is",
}
SHORTHAND: Mapping[str, str] = {
    "pls": "please", "plz": "please", "plse": "please", "pleas": "please", "plese": "please", "thx": "thanks",
    "thnx": "thanks", "tnx": "thanks", "thanx": "thanks", "ty": "thanks", "tysm": "thanks", "thankyou": "thanks",
    "u": "you", "ur": "your", "r": "are", "ya": "you", "okay": "ok", "oke": "ok", "okey": "ok", "kk": "ok",
    "okie": "ok", "wat": "what", "wut": "what", "sry": "sorry", "srry": "sorry", "hnt": "hint", "hitn": "hint",
    "hnit": "hint", "hintt": "hint", "skipp": "skip", "hintz": "hints", "hin": "hint", "giv": "give",
    "wht": "what", "dnt": "do not", "knw": "know", "repet": "repeat", "skp": "skip", "sikp": "skip",
    "skpi": "skip", "ques": "question", "qn": "question", "qstn": "question", "nxt": "next", "ans": "answer",
    "bout": "about", "abt": "about", "tmrw": "tomorrow", "sth": "something", "smth": "something", "gud": "good",
    "gr8": "great", "dis": "this", "dat": "that", "da": "the", "em": "them", "cud": "could", "lil": "little",
    "wud": "would", "n": "and", "nd": "and", "yr": "your", "bc": "because", "mins": "minutes", "min": "minute",
    "sec": "second", "secs": "seconds", "info": "information", "expain": "explain", "repaet": "repeat",
    "qestion": "question", "anwser": "answer", "awnser": "answer",
}  # fmt: skip

#: The words that requests hang on. Only these are looked for behind a slip: more would turn answers into requests.
KEY_WORDS = (
    "question questions repeat rephrase reword understand explain simpler simple another answer please sorry thanks "
    "minute moment second think remember clarify clarification interview nudge previous instructions forgot idea know "
    "confused differently different again continue marks score status report rules pardon familiar heard never return "
    "already correction meant could would should really little something anything help difficult about ready goodbye "
    "remaining finish system prompt ignore unfair disagree dispute weather hello morning".split()
)
#: Words that look like a slip for one of them and are none.
NO_SLIPS = frozenset(
    "states starts scope thinks thick thin newer world ruler roles reads relay heart heads resort nerve reward".split()
)

_UPS: Mapping[str, str] = {"up": "question", "ups": "questions"}
_FOLLOW_UPS: Mapping[str, str] = {f"follow{ups}": question for ups, question in _UPS.items()}
_THE = frozenset("the this that your last my".split())


@dataclass(frozen=True)
class Word:
    """One word as it is read. `start` and `end` are its place in the message; `pause` and `stop` say that a comma or
    the like, or the end of a sentence, comes after it; `asks` that this is a question mark."""

    text: str
    start: int
    end: int
    pause: bool = False
    stop: bool = False
    asks: bool = False


def says_something(text: str) -> bool:
    """False for what holds no letter and no digit: spaces, punctuation, control and invisible characters."""
    return _SAYS_SOMETHING.search(text) is not None


def words_of(text: str, limit: int = MOST_CHARACTERS) -> list[Word]:
    """The words of a message, of its first `limit` characters if it is longer."""
    found = [m for _, m in zip(range(MOST_WORDS), _WORD.finditer(text, 0, min(limit, len(text))), strict=False)]
    words: list[Word] = []
    for at, match in enumerate(found):
        following = found[at + 1].start() if at + 1 < len(found) else min(len(text), match.end() + 20)
        words += _read(match, text[match.end() : following])
    return _follow_ups_as_questions(words)


def _follow_ups_as_questions(words: list[Word]) -> list[Word]:
    """The words, with "the follow-up" and "the follow-up question" as "the question": what can be asked of the one can
    be asked of the other."""
    kept: list[Word] = []
    for word in words:
        before = kept[-1].text if kept else ""
        if word.text in _FOLLOW_UPS and before in _THE:
            kept.append(replace(word, text=_FOLLOW_UPS[word.text]))
        elif word.text in _UPS and before == "follow" and len(kept) > 1 and kept[-2].text in _THE:
            kept[-1] = replace(word, text=_UPS[word.text], start=kept[-1].start)
        elif word.text == before == "question":
            kept[-1] = replace(word, start=kept[-1].start)
        else:
            kept.append(word)
    return kept


def _read(match: re.Match[str], gap: str) -> list[Word]:
    parts = _plain(match.group()).split()
    words = [Word(part, match.start(), match.end()) for part in parts]
    if words and gap:
        stop = _FULL_STOP.search(gap) is not None
        words[-1] = replace(words[-1], pause=_PAUSE.search(gap) is not None, stop=stop, asks="?" in gap)
    return words


def _plain(written: str) -> str:
    word = unicodedata.normalize("NFKC", _HIDDEN.sub("", written)).casefold()
    word = _APOSTROPHE.sub("'", word)
    word = CONTRACTIONS.get(word) or SHORTHAND.get(word) or word
    for ending, full in ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending):
            return f"{word[: -len(ending)]} {full}"
    return word


class Spelling:
    """The words that the tables know, and a way from a slip of the keyboard back to them."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = frozenset(known)
        self._near: dict[str, str] = {}
        for word in sorted(w for w in KEY_WORDS if len(w) >= 5):
            for shorter in (word, *_one_less(word)):
                self._near.setdefault(shorter, word)

    def mend(self, words: list[Word]) -> list[Word]:
        """The words, with those that nobody knows replaced by the known word that they nearly are."""
        return [w if w.text in self.known or w.text in DOMAIN else replace(w, text=self._mended(w.text)) for w in words]

    def _mended(self, word: str) -> str:
        for settled in (_STRETCHED.sub(r"\1", word), _STRETCHED.sub(r"\1\1", word)):
            if settled in self.known:
                return settled
        if not 4 <= len(word) <= 20 or not word.isalpha() or word in NO_SLIPS or word.rstrip("s") in DOMAIN:
            return word
        near = (self._near.get(form) for form in (word, *_one_less(word)))
        return next((w for w in near if w and _is_slip(word, w)), word)


def _is_slip(written: str, meant: str) -> bool:
    """True where the two begin alike, are of like length, and are not two forms of one word ("repeats", "repeat")."""
    longer, shorter = sorted((written, meant), key=len, reverse=True)
    another_form = longer.startswith(shorter) and longer[len(shorter) :] in ("s", "d", "r", "y", "n")
    return written[0] == meant[0] and len(longer) - len(shorter) <= 1 and not another_form


def _one_less(word: str) -> list[str]:
    """The word without one of its letters: two words that share such a form are a slip apart."""
    return [word[:i] + word[i + 1 :] for i in range(1, len(word))]
