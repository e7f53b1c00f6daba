"""Says by its words alone whether a line asks something, and what kind of line it is otherwise.

It knows nothing of where a line stands in a document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: What precedes a question: `Q.`, `Q3)`, `Question 12:`, `#4`, `**12.**`.
_NUMBERED = re.compile(
    r"^\W{0,3}(?:(?:Q|Ques|Que|Question)\s*[-.#]?\s*(?:No\.?\s*)?(\d{1,4})?\s*[.:)\]–-]+|#(\d{1,4})[.:)]?"
    r"|\(?(\d{1,4})\s*[.):\]]|(\d{1,4})\s+[–-])\s*(?=\S)",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"^\W{0,3}(?:(?:A|Ans|Answer|Sample answer|Suggested answer|Example answer|Model answer|Solution|Response)"
    r"\s*\d{0,4}|(?:[A-Z][\w-]*\s+){1,3}answer)\s*[.:)–-]+\**\s*",
    re.IGNORECASE,
)
#: Who asks in a dialogue. Other names are found by how often they ask.
_ASKER = re.compile(r"^(?:interview(?:er)?|recruiter|examiner|moderator|host|hiring manager|panel)$", re.IGNORECASE)
_ANSWERER = re.compile(r"^(?:interviewee|candidate|applicant|me|myself|student|examinee|you)$", re.IGNORECASE)
_SPEAKER = re.compile(r"^\W{0,3}([A-Z][A-Za-z.'’]*(?: [A-Za-z.'’]+){0,2})\s*(?:\(\d+\))?\s*:\**\s*(?=\S)")

_WH = "what|what's|what’s|why|how|which|when|where|who|whom|whose|in what|in which|for what|under what|to what"
_AUX = (
    "is|are|was|were|do|does|did|can|could|should|would|will|may|might|must|has|have|had|isn't|aren't|don't|doesn't"
    "|can't|won't|isn’t|aren’t|don’t|doesn’t|can’t"
)
_OPENS = re.compile(rf"^(?:(?:and|so|but|now|then|also|ok|okay|next|finally),?\s+)?(?:{_WH}|{_AUX})\b", re.IGNORECASE)
_WH_OPENS = re.compile(rf"^(?:{_WH})\b", re.IGNORECASE)
_LATER = re.compile(rf"(?:[,:;–—-]|\bthen)\s+(?:{_WH}|{_AUX})\b", re.IGNORECASE)
_PROMPT = re.compile(
    r"^(?:please\s+|briefly\s+|now\s+|shortly\s+)*"
    r"(?:explain|describe|name|list|define|compare|contrast|differentiate|distinguish|discuss|derive|give|tell|state"
    r"|outline|illustrate|enumerate|elaborate|mention|summari[sz]e|justify|prove|sketch|draw|walk|talk|design|write"
    r"|implement|show|calculate|compute|identify|suggest|propose|interpret|evaluate|suppose|imagine|assume|consider"
    r"|provide|point out|specify|explore|analy[sz]e)\b",
    re.IGNORECASE,
)
#: Prompts that hardly anything but a question begins with.
_SURE_PROMPT = re.compile(
    r"^(?:please\s+|briefly\s+|now\s+)*(?:explain|describe|define|compare|contrast|differentiate|distinguish|discuss"
    r"|derive|enumerate|elaborate|tell (?:me|us)|walk (?:me|us)|talk (?:me|us)|name (?:the|some|a few|two|three|\w+ )"
    r"|list (?:the|some|a few|two|three|out|down|\w+ )|give (?:an?|some|two|three|the|me)\b|state the|justify|prove"
    r"|mention|outline)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s*(?:\((?:[^()]|\([^()]*\)){1,80}\)|\[[^\]]{1,80}\])\s*[.:]?$")
_ASKS = re.compile(r"""\?["'”’)\]]*\s*$""")
#: What a question may end with after its mark.
_MORE = re.compile(
    r"\?\s+(?:(?:if so|if not|why|why not|how so|and|or|when|which|what|how|is|are|can|do|does|would|should)\b[^.?]*\?"
    r"|(?:please |also |briefly )?"
    r"(?:explain|give|justify|describe|elaborate|name|list|compare|illustrate|discuss)\b[^.?]*\.?)$",
    re.IGNORECASE,
)
_LONGEST = 60
_LONGEST_PROMPT = 45


@dataclass(frozen=True)
class Asking:
    """How surely a line asks something (0..1), and what speaks for it."""

    sure: float
    why: str


NOTHING = Asking(0.0, "")


def asking(line: str) -> Asking:
    """Whether a line is a question or a prompt."""
    text = _TAIL.sub("", line).strip().strip("*_ ")
    length = len(text.split())
    if not text or length > _LONGEST:
        return NOTHING
    if _ASKS.search(text) or _MORE.search(text):
        return _question(text, length)
    if length <= _LONGEST_PROMPT and _one_sentence(text):
        if _SURE_PROMPT.match(text) and length >= 2:
            return Asking(0.9, "it asks to do something")
        if _PROMPT.match(text) and length >= 3:
            return Asking(0.6, "it asks to do something")
        if _WH_OPENS.match(text) and not re.search(r"[.:;!,]$", text) and length >= 3:
            return Asking(0.7, "it begins as a question does, without a question mark")
    return NOTHING


def _question(text: str, length: int) -> Asking:
    if length < 2:
        return Asking(0.2, "it ends with a question mark, and is hardly a sentence")
    if _OPENS.match(text):
        return Asking(1.0, "it ends with a question mark")
    if _LATER.search(text) or _PROMPT.match(text):
        return Asking(0.95, "it ends with a question mark")
    return Asking(0.8, "it ends with a question mark")


def _one_sentence(text: str) -> bool:
    """True unless a sentence ends inside it; numbers and abbreviations aside."""
    return len(re.findall(r"(?<=[a-z)\]’”\"'][.!?])\s+(?=[A-Z“\"])", text)) <= 1


def sentences_before_question(text: str) -> int:
    """How many sentences stand before the one that asks."""
    return len(re.findall(r"(?<=[\w)\]’”\"'])[.!?]\s+(?=[A-Z“\"])", text))


def without_number(line: str) -> tuple[str, int | None, bool]:
    """A line without what numbers it as a question, the number, and whether it was named a question (`Q`)."""
    found = _NUMBERED.match(line)
    if not found:
        return line, None, False
    number = next((int(group) for group in found.groups() if group), None)
    named = found.group().lstrip(" *_([").lower().startswith("q")
    return line[found.end() :].strip(), number, named


def without_answer_label(text: str) -> tuple[str, bool]:
    """An answer without `A:` or `Answer:` before it, and whether there was one."""
    found = _ANSWER.match(text)
    return (text[found.end() :].strip(), True) if found else (text, False)


def speaker(line: str) -> tuple[str, str]:
    """Who says a line of a dialogue, and what; no name where the line names none."""
    found = _SPEAKER.match(line)
    return (found[1], line[found.end() :].strip()) if found else ("", line)


def asks_by_name(name: str) -> bool:
    """True for the names under which one asks in a dialogue."""
    return bool(_ASKER.match(name))


def answers_by_name(name: str) -> bool:
    """True for the names under which one answers in a dialogue."""
    return bool(_ANSWERER.match(name))


def tidy(question: str) -> str:
    """A question as it is shown: without marks of emphasis, numbers, and spaces too many."""
    text = re.sub(r"\s+", " ", question.replace("**", "").replace("__", "")).strip(" *_#\t")
    return text[:1].upper() + text[1:]


#: Talk about the article or the interview itself, that no answer consists of.
_OUTRO = re.compile(
    r"^(?:so,?\s+)?(?:(?:we|you) have (?:now )?(?:covered|discussed|seen|gone through)\b.*question"
    r"|that(?:'|’)?s (?:all|it)\b|that is all\b|thank(?:s| you)\b|share this"
    r"|these (?:are|were) .{0,60}question|in (?:conclusion|summary|closing),"
    r"|(?:all )?the best\b|good luck|best of luck|happy (?:learning|reading|interviewing)|i hope (?:this|you)"
    r"|(?:we|i) hope (?:this|you|that)|subscribe\b|sign up\b|follow (?:us|me)\b|leave a (?:comment|reply)"
    r"|if you (?:liked|enjoyed|found) this|did you (?:like|find) this|was this (?:article|page)|read more\b|related "
    r"(?:articles|posts|reading)|about the author|you may also like|let (?:us|me) know|conclusion\b|end notes?\b"
    r"|final (?:thoughts|words)|wrapping up|summary$|comments?$|references$|further reading$|next steps$)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:interview(?:er|ers|s)?|article|blog|post|candidate|guide)\b.{0,120}\bquestions?\b"
    r"|\bquestions?\b.{0,120}\b(?:interview(?:er|ers|s)?|article|below|following|level|projects)\b",
    re.IGNORECASE | re.DOTALL,
)
_PROMOTION = re.compile(
    r"\b(?:enrol+ now|apply now|sign up (?:now|today)|check out (?:our|the) (?:course|free)|course preview"
    r"|register (?:now|today)|buy now|learn more today|free trial|get certified|explore (?:our|the) course"
    r"|certification course|use (?:the )?code\b|limited offer|join (?:our|the) (?:newsletter|community|course))\b",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"\b(?:here (?:is|are)|here(?:'|’)s|check out|refer to|see|read|go through|find) (?:an? |the |some |this )?.{0,60}"
    r"\b(?:article|guide|tutorial|resource|post|link|explanation|paper|book|course|video)s?\b"
    r"|\bhere are (?:a few|some) resources\b|\b(?:read|learn(?:ing)?) (?:more )?about .{0,80}\bhere\b"
    r"|\byou can (?:find|read|learn)\b.{0,80}\bhere\b|^(?:read|learn) more\b|^further reading\b|^(?:source|via)\s*:",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"\b(?:interview questions?|questions and answers|questions? (?:below|are|and their answers)|following questions"
    r"|(?:frequently|commonly|often) asked|mock interview|practice questions|review questions|quiz|exam questions|faqs?"
    r"|top \d+ .{0,40}questions|list of .{0,40}questions)\b",
    re.IGNORECASE,
)


def ends_the_article(text: str) -> bool:
    """True for what follows the last answer: thanks, conclusions, sharing."""
    return bool(_OUTRO.match(text.strip("*_# ")))


def is_about_the_interview(text: str) -> bool:
    """True for a paragraph about questions and interviews rather than about their subject."""
    return bool(_ABOUT.search(text))


def promotes(text: str) -> bool:
    """True for a paragraph that sells something."""
    return bool(_PROMOTION.search(text))


def points_elsewhere(text: str) -> bool:
    """True for a short paragraph that names something to read: it stands at the end of an answer."""
    return len(text.split()) <= 60 and bool(_POINTER.search(text))


def announces_questions(text: str) -> bool:
    """True for a text that says that there are questions in it."""
    return bool(_ANNOUNCES.search(text))
