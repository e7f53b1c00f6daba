"""What a message in plain words means. A message is read as a chain of known phrases: if they cover it to the last word,
the weightiest of them is what is meant; if a word is left over, it is an answer.

It decides nothing about what follows from a meaning (`bot.core.dialogue` does) and knows no wording (`phrases` do).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from bot.core.dialogue import Act, Meaning
from bot.core.session import Session
from bot.offline import asides, markers, phrases
from bot.offline.patterns import Hit, Table, compile_phrases, cover, number, vocabulary
from bot.offline.setting import NO_SUCH, Setting
from bot.offline.subject import DOMAIN
from bot.offline.tokens import MOST_CHARACTERS, Spelling, Word, says_something, words_of

#: Of two things said at once the one that stands further to the front is what is meant.
RANK = (
    "stop undo back later skip clarify rephrase:plain rephrase hint repeat plea_instructions dispute plea_marks report grade score "
    "remaining status rules help rude off_topic wait dont_know that_is_all plea_answer skip:pass small_talk greeting "
    "ready thanks no yes okay hm"
).split()
GLUE = frozenset(asides.GLUE) - {"yes", "no", "okay", "hm"}
#: What may be asked for beside a sentence of talk ("I slept badly. Could you repeat that?") and still be granted.
_GRANTED = frozenset("hint repeat rephrase clarify skip later wait stop".split())
#: Words that together make a request in any order, if all that surrounds them is PLAIN. One of each set must be there.
HEADS: Sequence[tuple[Meaning, Sequence[frozenset[str]]]] = tuple(
    (meaning, tuple(frozenset(words.split("|")) for words in heads.split()))
    for meaning, heads in (
        ("skip", "skip|skipping"),
        ("undo", "undo|unskip"),
        ("rephrase", "rephrase|reword|paraphrase|reformulate|rewording|rephrasing"),
        ("rephrase", "i not understand|understood|understanding|follow|following|get question|you|want|mean|asking|ask|that"),
        ("hint", "hint|hints|clue|clues|nudge"),
        ("repeat", "repeat|repeating|repetition"),
        ("plea_marks", "give|get|have|deserve|want full|maximum|extra|perfect|better|higher marks|points|credit|score|mark"),
        ("remaining", "how many|much|long questions|question|left|remaining interview|left|remaining|more|still|there"),
        ("dont_know", "i not know|knowing|sure|remember"),
        ("plea_answer", "tell|show|give|see|reveal|know|want answer|solution the correct|right|the|model|full|just"),
        ("wait", "i|me|one moment|minute|minutes|sec"),
    )
)
PLAIN = frozenset(
    """i you me my we us it this that the a an one some any please can could may might would will shall do does did is
    are be was have has had get give take want need like let to for of on at with now then just also so ok if possible
    question questions more another next little bit small your here still think know kindly sorry thanks how about
    there ask asking make use sir hello hi what much very really current last time go bad good tell say
    should must help too maybe mean again once well as soon quick quickly first second third prefer rather love
    appreciate answer able allowed is-it""".split()
)
MOST_COVERED = 40
_MOST_BESIDE = 16
_MOST_SPLITS = 8
_TALK = frozenset("i my me you your we sorry".split())
_VAGUE = frozenset("it this that the question these those here you mean one".split())
_EMOJI: dict[str, Meaning] = {
    "👍": "ready", "👌": "ready", "✅": "ready", "🙏": "thanks", "👋": "greeting", "🤷": "dont_know", "🤔": "wait",
    "⏳": "wait", "🖕": "rude", "❓": "rephrase", "😕": "rephrase",
}  # fmt: skip
_SYMBOLS = frozenset("+<>=~±∞≥≤≠≈√∇∂∑∏∈⊂⊃∪∩→←↑↓↗↘%°∀∃−×÷")


@cache
def _tables() -> tuple[Table, Table, Spelling]:
    """The phrases, the markers with the glue that may come before them, and the words of both; made once, at first use."""
    glue = compile_phrases(asides.GLUE, phrases.NAMES)
    known = [p for table in (phrases.REQUESTS, asides.ASIDES, asides.PLEAS) for p in compile_phrases(table, phrases.NAMES)]
    marks = [p for table in (markers.AMENDS, markers.DISPUTES) for p in compile_phrases(table, markers.NAMES)]
    return Table([*known, *glue]), Table([*marks, *glue]), Spelling(vocabulary([*known, *glue, *marks]))


def understand(session: Session, text: str) -> Act:
    """What the message means now; whatever is not clearly something else is an answer."""
    if not says_something(text):
        return _wordless(text, Setting(session))
    _, _, spelling = _tables()
    reading = _Reading(text, spelling.mend(words_of(text)), Setting(session))
    return reading.marked() or reading.plain() or Act("answer", text)


def _wordless(text: str, setting: Setting) -> Act:
    seen = text[:MOST_CHARACTERS]
    if (setting.probing or setting.amending) and any(symbol in _SYMBOLS or symbol == "-" for symbol in seen):
        return Act("answer", text)
    return next((Act(meaning) for emoji, meaning in _EMOJI.items() if emoji in seen), Act("empty"))


class _Reading:
    """One message being read. Each method answers with an act, or None when its way of reading finds nothing."""

    def __init__(self, text: str, words: Sequence[Word], setting: Setting) -> None:
        self.text, self.words, self.setting = text, words, setting
        self.phrases, self.markers, _ = _tables()
        self.whole = len(text) <= MOST_CHARACTERS

    # Openings that announce content

    def marked(self) -> Act | None:
        """An addition, a correction or an objection: a known opening, and then the candidate's own words."""
        hit = self._opening()
        if hit is None:
            return None
        if hit.meaning == "amend":
            content = self._content(hit.end)
            if not content and hit.detail.endswith("content"):
                return None
            return Act("amend", content, self._question_of(hit, answered=True))
        if hit.detail == "open" and (self.setting.probing or not self.setting.answered):
            return None
        return Act("dispute", self.text.strip(), self._question_in(self.words[:20]))

    def _opening(self) -> Hit | None:
        """The longest marker that the message begins with, glue apart."""
        reached, found = {0}, []
        for at in range(min(len(self.words), 12)):
            if at not in reached:
                continue
            for hit in self.markers.hits(self.words, at):
                if hit.key in GLUE or hit.key in ("no", "okay", "yes", "hm"):
                    reached.add(hit.end)
                else:
                    found.append(hit)
        return max(found, key=lambda h: (h.end, h.start), default=None)

    def _content(self, at: int) -> str:
        """What stands behind the marker, exactly as it was written; nothing when it is mere courtesy."""
        rest = self.words[at:]
        chain = cover(rest, self.markers) if rest and self.whole else None
        if not rest or (chain is not None and all(h.key == "courtesy" for h in chain)):
            return ""
        return self.text[rest[0].start :].rstrip()

    # Phrases that say it all

    def plain(self) -> Act | None:
        """A message made of known phrases, or of plain words around one that is a request by itself."""
        if not self.whole or not self.words:
            return self._plea()
        if len(self.words) <= MOST_COVERED:
            chain = cover(self.words, self.phrases)
            if chain is not None:
                return self._decide(chain)
            act = self._headed() or self._beside()
            if act is not None:
                return act
        return self._plea() or self._addressed()

    def _decide(self, chain: Sequence[Hit]) -> Act | None:
        telling = [h for h in chain if h.key not in GLUE]
        if not telling:
            return self._mere_courtesy(chain)
        hit = min(telling, key=_rank)
        if self._rather_an_answer(hit, chain):
            return None
        return self._act(hit)

    def _mere_courtesy(self, chain: Sequence[Hit]) -> Act | None:
        if any(h.key != "courtesy" for h in chain):
            return None
        return Act("repeat" if self.words[0].text == "sorry" else "ready")

    def _rather_an_answer(self, hit: Hit, chain: Sequence[Hit]) -> bool:
        """A word or two that answer the question on the table, though they could also be a request."""
        if hit.meaning in ("plea_marks", "plea_instructions") and self._has_substance(hit):
            return True
        single = hit.end - hit.start <= 2 and len(self.words) <= 4
        if single and self.setting.offers(w.text for w in self.words[hit.start : hit.end]):
            return True
        if hit.detail == "noun":
            return self.setting.probing or self.setting.amending
        if hit.detail != "bare":
            return False
        polite = any(h.key == "frame" for h in chain) or any(w.asks or w.text == "please" for w in self.words)
        return not polite and (self.setting.asks_what_to_do or any(h.key == "connective" for h in chain))

    def _has_substance(self, hit: Hit) -> bool:
        """True when the open part of a plea speaks of the subject: then it is left to the grader."""
        spoken = [w.text for w in self.words]
        about = sum(w in DOMAIN and w not in asides.PLEA_WORDS for w in spoken)
        strong = hit.meaning == "plea_instructions" and any(w in asides.PLEA_WORDS for w in spoken)
        return about > (3 if strong else 0)

    def _headed(self) -> Act | None:
        if len(self.words) > 12:
            return None
        spoken = {w.text for w in self.words}
        for meaning, heads in HEADS:
            named = frozenset[str]().union(*heads)
            if all(spoken & head for head in heads) and spoken <= PLAIN | named:
                acts = self.setting.asks_what_to_do and meaning in ("repeat", "skip")
                return None if acts else Act(meaning)
        return None

    def _beside(self) -> Act | None:
        """A request put whole, beside a little talk that holds nothing of the subject."""
        for start, end in self._parts():
            rest = [*self.words[:start], *self.words[end:]]
            if len(rest) > _MOST_BESIDE or any(w.text in DOMAIN or w.text[0].isdigit() for w in rest):
                continue
            if not _TALK & {w.text for w in rest}:
                continue
            chain = cover(self.words[start:end], self.phrases)
            act = self._granted(chain, self.words[start:end]) if chain else None
            if act is not None:
                return act
        return None

    def _parts(self) -> list[tuple[int, int]]:
        """Where a request may end or begin: at pauses, and where one of its openings stands."""
        size = len(self.words)
        breaks = [at for at in range(1, size) if self.words[at - 1].pause or self.words[at - 1].stop]
        frames = [at for at in range(1, size) if any(h.key == "frame" for h in self.phrases.hits(self.words, at))]
        tails = [(at, size) for at in sorted({*breaks, *frames})][:_MOST_SPLITS]
        return [*tails, *((0, at) for at in breaks[:_MOST_SPLITS])]

    def _granted(self, chain: Sequence[Hit], words: Sequence[Word]) -> Act | None:
        telling = [h for h in chain if h.key not in GLUE]
        asked = any(h.key == "frame" for h in chain) or any(w.asks or w.text == "please" for w in words)
        if not telling or len(words) < 3:
            return None
        hit = min(telling, key=_rank)
        asked = asked or hit.key == "stop:leave"
        if not asked or hit.meaning not in _GRANTED or hit.detail in ("generic", "noun") or hit.open_words > 3:
            return None
        return _Reading(self.text, words, self.setting)._act(hit)

    def _plea(self) -> Act | None:
        """A plea that goes on for sentences, none of which is about the subject."""
        sentences = _sentences(self.words)
        first: Hit | None = None
        for sentence in sentences:
            chain = cover(sentence, self.phrases) if len(sentence) <= MOST_COVERED else None
            pleas = [h for h in chain or () if h.meaning.startswith("plea")]
            spoken = {w.text for w in sentence}
            if not pleas and ((spoken & DOMAIN) - asides.PLEA_WORDS or not (chain or spoken & asides.PLEA_WORDS)):
                return None
            first = first or next(iter(pleas), None)
        return None if first is None or self._has_substance(first) else Act(_as_meaning(first.meaning))

    def _addressed(self) -> Act | None:
        """A question to the interviewer that no phrase knows: put otherwise if it is about the subject, else left aside."""
        spoken = [w.text for w in self.words]
        alone = self.words[-1].asks and not any(w.stop for w in self.words[:-1]) and len(spoken) <= 25
        if not alone:
            return None
        about_the_subject = any(w in DOMAIN for w in spoken)
        if _to_the_interviewer(spoken):
            return Act("rephrase" if about_the_subject or _ABOUT_THE_QUESTION & set(spoken) else "off_topic")
        outside = _open_question(spoken) and not about_the_subject and not self.setting.probing
        return Act("off_topic") if outside else None

    # From a phrase to an act

    def _act(self, hit: Hit) -> Act | None:
        match hit.meaning:
            case "yes" | "no" | "okay":
                return self._assent(hit.meaning)
            case "hm":
                return Act("wait")
            case "that_is_all":
                return Act("dont_know" if self.setting.probing or "know" in _spoken(self.words, hit) else "ready")
            case "clarify":
                return self._clarify(hit)
            case "back":
                return self._back(hit)
            case "rephrase" if hit.detail == "plain":
                return Act("rephrase", "plain")
            case "small_talk":
                return Act("small_talk", hit.detail)
            case "dispute":
                return Act("dispute", self.text.strip())
        return Act(_as_meaning(hit.meaning))

    def _assent(self, said: str) -> Act | None:
        """Yes, no, ok: an answer where the question can be answered so, else a sign to go on."""
        if said == "okay":
            return None if self.setting.probing and self.setting.yes_or_no else Act("ready")
        if self.setting.probing or self.setting.amending or self.setting.yes_or_no:
            return None
        if said == "yes":
            return Act("ready")
        return Act("dont_know") if self.setting.can_you else None

    def _clarify(self, hit: Hit) -> Act | None:
        span = hit.slot("term") or hit.slot("thing")
        term = self._quoted(*span) if span else ""
        vague = set(term.casefold().split()) <= _VAGUE
        if hit.detail == "is" and (vague or self.setting.asked_about(term)):
            return Act("dont_know")
        if vague:
            return Act("rephrase")
        return Act("clarify", term)

    def _quoted(self, start: int, end: int) -> str:
        """The words of a slot as they were written, without article and quotation marks."""
        spoken = [w.text for w in self.words[start:end]]
        while start < end - 1 and spoken[0] in ("a", "an", "the", "your", "this", "term", "word"):
            start, spoken = start + 1, spoken[1:]
        return self.text[self.words[start].start : self.words[end - 1].end].strip(" \"'“”‘’`")  # noqa: RUF001

    def _back(self, hit: Hit) -> Act | None:
        if hit.detail == "previous":
            return Act("back", number=self.setting.previous())
        asked = self._question_of(hit, answered=False)
        if hit.detail == "topic_only" and asked in (None, NO_SUCH):
            return None
        return Act("back", number=asked)

    def _question_of(self, hit: Hit, answered: bool) -> int | None:
        """The number of the question that a phrase names, by number or by topic; None when it names none."""
        span = hit.slot("n")
        if span is not None:
            return number(self.words[span[0]].text)
        span = hit.slot("topic")
        if span is None:
            return self._question_in(self.words[hit.start : hit.end])
        topic = [w.text for w in self.words[span[0] : span[1]]]
        asked = self.setting.session.in_order
        likely = [a for a in asked if (bool(a.contributions) if answered else a.status in ("skipped", "open"))]
        return self.setting.numbered(topic, likely) or self.setting.numbered(topic, asked) or NO_SUCH

    def _question_in(self, words: Sequence[Word]) -> int | None:
        """The number behind the word question, if it stands somewhere among these words."""
        named = (number(b.text) for a, b in zip(words, words[1:], strict=False) if a.text in ("question", "number", "q"))
        return next((n for n in named if n is not None), None)


def _rank(hit: Hit) -> int:
    return RANK.index(hit.key) if hit.key in RANK else RANK.index(hit.meaning)


def _spoken(words: Sequence[Word], hit: Hit) -> set[str]:
    return {w.text for w in words[hit.start : hit.end]}


def _sentences(words: Sequence[Word]) -> list[Sequence[Word]]:
    ends = [at + 1 for at, word in enumerate(words) if word.stop or at == len(words) - 1]
    return [words[start:end] for start, end in zip([0, *ends], ends, strict=False)]


_SPEAKING = frozenset(
    "tell explain say give show describe elaborate clarify help repeat provide specify answer write sing recommend "
    "suggest introduce teach share list think know like have want mean believe speak remember talk please".split()
)


_ABOUT_THE_QUESTION = frozenset("question context detail details example examples more specific mean answer".split())


def _to_the_interviewer(spoken: Sequence[str]) -> bool:
    """True for a question in the second person that is no tentative answer ("would you use softmax?" is one)."""
    if spoken[0] in ("are", "were") and "you" in spoken[1:2]:
        return True
    if spoken[0] in ("can", "could", "would", "will", "do", "did", "have") and "you" in spoken[1:3]:
        return any(word in _SPEAKING for word in spoken[2:5])
    return spoken[0] in ("what", "why", "who", "where", "when", "how") and "you" in spoken[1:4] and spoken[1] in (
        "do", "did", "are", "were", "would", "have", "about",
    )  # fmt: skip


def _open_question(spoken: Sequence[str]) -> bool:
    """True for a question in the order of a question ("what time does it open?"), which an answer hardly ever has."""
    asks = spoken[0] in ("what", "why", "who", "where", "when", "which", "how")
    return asks and len(spoken) >= 4 and any(w in ("does", "do", "did", "is", "are", "was", "will") for w in spoken[1:4])


def _as_meaning(name: str) -> Meaning:
    """The name of a phrase's meaning, as the core knows it."""
    return name  # type: ignore[return-value]  # a test holds every key of the tables against the core's names
