"""Whether an objection is to a mark, or says that the question or its reference is at fault. It looks at words alone.

Where neither is clear it is one to a mark: to look at the words of an answer once more harms nobody.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.core.pointing import unquoted

About = Literal["mark", "question"]
#: So many characters of an objection say what it is about.
MOST_READ = 1500

_QUESTION = r"(?:questions?|follow-?ups?|key points?|hints?|tasks?|exercises?|options?)"
_REFERENCE = (
    r"(?:references?|rubrics?|premises?|wording|phrasing|sources?|answer key|your (?:own )?(?:answer|solution)|"
    r"(?:full|model|sample|reference|expected|official) (?:answers?|solutions?))"
)
_SUBJECT = rf"(?:(?P<reference>{_REFERENCE})|(?P<question>{_QUESTION}))\b(?!['’]s)(?:\s+(?P<number>\d+)\b(?!['’]s))?"
_ANY_SUBJECT = rf"(?:{_REFERENCE}|{_QUESTION})\b(?!(?:\s+\d+)?\s*['’]s)"
_THE = (
    r"(?:(?:the|this|that|these|your|its|its own|my|each|every|any|last|first|second|third|fourth|fifth|next|previous|"
    r"same|one of (?:the|your))\s+)"
)
#: What is judged, and no fault of the question: "my answer to the question was marked wrong".
_JUDGED = (
    r"(?:mark(?:s|ed|ing)?|grad(?:e|es|ed|ing)|judg(?:es?|ed|ing|e?ments?)|scor(?:e|es|ed|ing)|count(?:s|ed|ing)?|"
    r"rat(?:e|es|ed|ing)|read|assess(?:ed|ing|ment)?|treat(?:s|ed|ing)?|evaluat(?:ed|ing|ion)|verdict|credit(?:ed)?)"
)
_CLAUSE = r"(?:and|but|so|because|since|while|although|though|yet)\s+(?:you|i|it|my|your|we|they|the|this|that)\b"
_BETWEEN = rf"(?!{_JUDGED}\b|(?:got|gets?|answered|my|called|deemed|considered)\b|{_CLAUSE})[\w'’-]+"
_ASIDE = r"(?:,\s+(?:i|as|to|in|if|frankly|honestly|sorry)\b[^,.;:!?]{0,30},)?"
_LINK = rf"(?P<link>{_ASIDE}(?:\s+{_BETWEEN}){{0,5}}?{_ASIDE})\s+"
#: Faults that an answer may have, too.
_PLAIN = r"(?:wrong|incorrect|inaccurate|false|untrue|mistaken|incomplete|unclear|unfair|in error)"
#: Faults of questions and references alone.
_OWN = (
    r"(?:ambiguous|out-?dated|out[- ]of[- ]date|obsolete|deprecated|dated|stale|superseded|(?:very |too |so )old|"
    r"from (?:19|20)\d\d|flawed|faulty|erroneous|misleading|confusing|vague|imprecise|ill-posed|nonsens(?:e|ical)|"
    r"contradictory|debatable|unanswerable|(?:badly|poorly|wrongly|unclearly) (?:worded|put|phrased|posed|asked)|"
    r"(?:worded|put|phrased|posed|asked) (?:so )?(?:badly|poorly|wrongly|unclearly)|"
    r"in need of (?:an? )?(?:update|correction))"
)
_GOOD = (
    r"(?:right|correct|true|accurate|clear|current|up[- ]to[- ]date|valid|precise|complete|fair|unambiguous|answerable|"
    r"well[- ](?:posed|worded|defined))"
)
_NOT = r"(?:not|never|hardly|no longer|(?:is|are|was|were)n['’]t)"
_FAULT = rf"(?P<fault>{_PLAIN}|{_OWN}|{_NOT}\s+(?:(?!{_JUDGED}\b)\w+\s+){{0,2}}?{_GOOD})\b"
_AT_FAULT = re.compile(rf"\b{_SUBJECT}{_LINK}{_FAULT}", re.I)
_OF_TWO_KINDS = r"(?:two|several|many|more than one|both|different|either)"
_DOES = re.compile(
    rf"\b{_SUBJECT}(?P<link>(?:\s+{_BETWEEN}){{0,2}}?)\s+(?P<fault>contradicts?|conflicts? with|disagrees? with|"
    r"goes? against|makes? no sense|(?:does|do)(?:n['’]t| not) (?:make (?:any )?sense|match|hold|apply)|"
    r"(?:omits?|lacks?|ignores?|overlooks?|forgets?|leaves? out)(?!\s+(?:\w+\s+){0,2}?(?:marks?|credit|my|mine|i)\b)|"
    rf"(?:can|could|may|might) (?:mean|be (?:read|understood|taken|answered)(?: in)?) {_OF_TWO_KINDS}|"
    rf"(?:can ?not|can['’]t|could not|couldn['’]t) be answered|has (?:no|{_OF_TWO_KINDS}) (?:\w+ )?answers?|"
    r"does(?:n['’]t| not) have an?y? (?:\w+ )?answers?|mix(?:es)? up|confuses?|"
    r"(?:contains?|has|have|makes?) (?:an?|some|several|two) (?:\w+ )?(?:errors?|mistakes?|typos?|flaws?|bugs?|gaps?)|"
    r"gets? (?:it|this|that|something) wrong|needs? (?:fixing|an? (?:update|correction)|to be (?:fixed|updated)))\b",
    re.I,
)
_FAULT_IN = re.compile(
    r"\b(?:errors?|mistakes?|typos?|flaws?|problems?|bugs?|contradictions?|something wrong|(?:is|are) (?:\w+ )?wrong|"
    rf"['’]s (?:\w+ )?wrong|outdated)\s+(?:\w+\s+){{0,2}}?(?:in|with)\s+(?P<the>{_THE})?"
    rf"(?:(?!{_JUDGED}\b|(?:how|my)\b)\w+\s+)?{_ANY_SUBJECT}",
    re.I,
)
_KIND = re.compile(
    rf"(?:^|\b(?:an?|such)\s+)(?:\w+\s+)?(?:bad|trick|wrong|unclear|unfair|{_OWN})\s+(?:question|reference)\b", re.I
)
_ALWAYS = re.compile(
    rf"\b(?:object to|take issue with)\s+{_THE}(?:\w+\s+)?(?:{_REFERENCE}|question)\b(?!\s*(?:\d|['’]s))|"
    rf"\b(?:disagree with|(?:do not|don['’]t|cannot|can['’]t) (?:\w+ )?agree with|contest|dispute|challenge)\s+{_THE}"
    rf"(?:\w+\s+)?{_REFERENCE}\b(?!['’]s)|"
    rf"\b(?:update|reword|rewrite|withdraw|fix)\s+{_THE}(?:\w+\s+)?{_ANY_SUBJECT}|"
    r"\bnone of the (?:options|choices|answers) (?:is|are) (?:right|correct|true)\b|"
    r"\b(?:two|several|both|more than one|all)(?: of the)? (?:options|choices|answers) (?:is|are|can be|could be) "
    r"(?:right|correct|true|valid)\b",
    re.I,
)
#: What is spoken of by the way: "the mark for this question is wrong"; but "a sentence of it" is a part of it.
_BY_THE_WAY = re.compile(
    rf"(?P<what>[\w'’]*)\s*\b(?:for|of|on|to|in|about|at|with|gave|given)\s+{_THE}{{0,2}}(?:\w+['’]s\s+)?$", re.I
)
_A_PART = re.compile(
    r"(?:parts?|half|sentence|statement|formula|definition|assumption|text|numbers?|figures?|code)", re.I
)
_OF_MINE = re.compile(rf"\b(?:{_JUDGED}|my)\b(?:\s+[\w'’]+){{0,5}}\s*$", re.I)
_IS = re.compile(r"\b(?:is|are|was|were|be|been|seems?|looks?|sounds?|has|have|(?:is|are|was|were)n['’]t)\b", re.I)
#: Who takes a question as something: "you marked question 1 wrong". What "I" call it is what the candidate finds.
_TAKEN = re.compile(
    rf"(?<!\bi )(?<!\bi would )(?<!\bi['’]d )\b(?:{_JUDGED}|got|get|gets|call|calls|called|consider|considered|deem|"
    rf"deemed|took|take|put|have)\s+(?:(?:me|down|as|for)\s+)?{_THE}{{0,2}}$",
    re.I,
)
_YOU_SAY = re.compile(
    rf"\b(?:you|feedback|grader)\s+(?:\w+\s+)?(?:say|says|said|think|thought|claim|claimed|wrote|find|found|told me)\s+"
    rf"(?:that\s+)?{_THE}{{0,2}}$|\bwhy\s+(?:is|was|are|were)\s+{_THE}{{0,2}}$",
    re.I,
)
_DENIED = re.compile(r"(?:\b(?:no|not|never|nothing|without|nor)|n['’]t)(?:\s+\w+){0,2}\s*$", re.I)
_YOU_MADE = re.compile(r"\byou\s+(?:\w+\s+){0,2}?(?:made|make)\s+(?:\w+\s+){0,2}$", re.I)
_OF_MY_ANSWER = re.compile(
    r"\s+(?:in|of|by|from)\s+(?:my|mine|me|what i)\b|\s+(?:marks?|scores?|grades?|verdict)\b", re.I
)
#: "Question 1 is wrong" said of one's own words: they were marked wrong.
_I_SAID = re.compile(
    r"\bi(?:['’]ve| have| did| do| had)?\s+(?:\w+\s+)?(?:said|say|wrote|write|mention(?:ed)?|explain(?:ed)?|"
    r"answer(?:ed)?|gave|named)\b|\bmy (?:answer|words)\b",
    re.I,
)
#: What is said of a question by the number that stood before: `/dispute question 1 is wrong`.
_OF_IT = re.compile(
    rf"[\s,:–-]*(?:(?:is|are|was|isn['’]t|wasn['’]t|has|contains|makes|does|doesn['’]t|can|can['’]t|cannot|could|may|"
    rf"seems|looks|contradicts)\b|{_OWN}\b)",
    re.I,
)


def concerns(text: str, of_question: bool = False) -> About:
    """Whether an objection is to a mark, or says that the question itself or its reference is at fault.

    `of_question` where a question's number stood before these words, and may be what they speak of.
    """
    said = " ".join(unquoted(text[:MOST_READ]).split())
    if of_question and _OF_IT.match(said):
        said = f"question 1 {said}"
    finders = (_at_fault, _fault_in, _of_a_kind)
    return "question" if _ALWAYS.search(said) or any(found(said) for found in finders) else "mark"


def _at_fault(said: str) -> bool:
    """Whether a question or reference is said to be at fault, as what the sentence is about."""
    matches = [match for pattern in (_AT_FAULT, _DOES) for match in pattern.finditer(said)]
    return any(_is_meant(match, said) for match in matches)


def _is_meant(match: re.Match[str], said: str) -> bool:
    before, after = said[: match.start()], said[match.end() :]
    fault = match["fault"].lower()
    if _of_another(match, before) or _YOU_SAY.search(before) or _OF_MY_ANSWER.match(after):
        return False
    if not _IS.search(match["link"]) and _TAKEN.search(before):
        return False
    if re.fullmatch(rf"{_PLAIN}|{_OWN}", fault, re.I) and _DENIED.search(match["link"]):
        return False
    plain = match["number"] is not None and not re.search(_OWN, fault, re.I)
    return not (plain and _I_SAID.search(after))


def _of_another(match: re.Match[str], before: str) -> bool:
    """Whether what is named is not what the sentence is about: a mark for it is, or something of the candidate's."""
    by_the_way = _BY_THE_WAY.search(before)
    if by_the_way is None:
        return before.lower().endswith("my ")
    if match["reference"] is not None or _A_PART.fullmatch(by_the_way["what"]):
        return _OF_MINE.search(before[: by_the_way.end("what")]) is not None
    return True


def _fault_in(said: str) -> bool:
    """Whether there is said to be a mistake in a question or a reference; one made "in question 2" is in marking it."""
    for match in _FAULT_IN.finditer(said):
        before = said[: match.start()]
        marking = match["the"] is None and _YOU_MADE.search(before)
        if not marking and not _DENIED.search(before) and not (match["the"] or "").lower().startswith("my"):
            return True
    return False


def _of_a_kind(said: str) -> bool:
    """Whether it is called a bad question; "you graded a wrong question" calls it none."""
    return any(
        not _DENIED.search(said[: match.start()])
        and not re.search(rf"\b{_JUDGED}\s*$", said[: match.start()], re.I)
        and not match.group().lower().startswith("wrong")
        for match in _KIND.finditer(said)
    )
