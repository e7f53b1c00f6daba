"""Finds what candidates say they chose: an activation, an optimiser, a loss, a framework, a metric. No numbers.

A name counts only where the words before it say that the candidate took it; a sentence with two of a kind says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.offline.claim_sentences import Sentence
from bot.offline.claim_words import IN_OWN, MEANT, NOUNS, VALUES, canonical, named, spaced


@dataclass(frozen=True)
class Found:
    """What a sentence claims, at a place in it. `changed` says that it replaces what was chosen before."""

    subject: str
    value: str
    at: int
    changed: bool = False
    about: str = ""


DEEDS = (
    r"used|chose|chosen|took|picked|applied|selected|employed|went (?:with|for)|opted for|stuck (?:to|with)|"
    r"decided (?:on|for)|decided to use|relied on|trained|built|wrote|written|implemented|coded|made|developed|"
    r"optimi[sz]ed|minimi[sz]ed|ran|fitted|fit|put|placed|created|designed|programmed|stacked|set|fine-?tuned|"
    r"worked (?:with|in)|did use|kept|had(?= [\w-]+ (?:activations?|units))|had (?:(?!problem|trouble|"
    r"issue|difficult|luck)[\w-]+ ){1,4}?with"
)
ADVERBS = (
    r"(?:(?:have|had|just|simply|only|ever|exclusively|solely|merely|deliberately|really|then|therefore|so|myself|did|"
    r"actually|both)[ ])*"
)
DEED = rf"\b(?:i|we|(?:my|our) (?:team|group))(?:'ve)? {ADVERBS}(?:{DEEDS})\b"
#: The candidate's own network, and what it has or was made with.
NETWORK = (
    r"(?:my|our) (?:[\w-]+ ){0,2}?(?:network|net|model|mlp|perceptron|program|code|script|project|"
    r"submission|solution|"
    r"classifier|cnn|convnet|rnn|lstm|gru|transformer|autoencoder|gan|generator|discriminator|encoder|"
    r"decoder|resnet|u-?net)"
)
#: What of it is meant, or what it was for, may stand between it and its verb.
OF_IT = r"(?: (?:for|behind|of) (?:it|this|that|all of (?:it|this|that)|th(?:is|at|e) (?:project|task|job)))?"
HAS = (
    r"(?:(?:is|was) (?:all )?in|has|had|have|uses|used|contains|contained|consists of|consisted of|"
    r"runs on|ran on|relies on|works with|"
    r"worked with|(?:is|was) (?:trained|built|written|implemented|optimi[sz]ed|coded|made|fine-?tuned)|is|was|with)"
)
#: What is said next of the same network.
GOES_ON = r"(?:uses|used|has|had|(?:is|was) (?:trained|built|written|implemented|optimi[sz]ed|coded|fine-?tuned))"
#: Words after which a name is not what was taken.
BREAKS = (
    r"that|who|what|knew|know|learn\w*|how|why|they|he|she|problems?|trouble|issues?|difficult\w*|"
    r"paper|derivatives?|graph|plot|figure|"
    r"formula|ideas?|definition|trick|be|been|has|have|does|can|but|against|like|than|about|never|no|nor|without|"
    r"hardly|\w+n't|avoid\w*|remov\w*|replac\w*|dropp\w*|delet\w*|fail\w*"
)
GAP = (
    rf"(?: (?!(?:{BREAKS}|is|are|was|were)\b)[^\s.;:]+){{0,14}}?(?: (?:is|was|are|were)(?: (?:a|an|the|"
    r"plain|just))?)? "
)
SMALL_GAP = rf"(?: (?!(?:{BREAKS})\b)[^\s.;:]+){{0,4}}? "
#: A name that is the subject of what follows was not taken.
AFTER = (
    r"(?! (?:is|are|was|were|has|have|had|does|do|did|saturates?|makes?|works?|worked|helps?|gives?|needs?|failed|"
    r"tends?|keeps?|takes?|adapts|divides|converges|learns|gets|goes|seems|stays|lets|avoids|prevents|kills|squashes|"
    r"passes|returns|computes|updates|scales|uses|would|will|"
    r"derivatives?|gradients?|gates?|paper)\b)(?!'s (?:derivative|gradient|slope))"
)
SWITCHED = (
    r"(?:switched|changed|moved|swapped|turned|went over|going over)(?: [\w-]+){0,4}? (?:over )?(?:to|for)|"
    r"settled (?:on|for)|ended up (?:with|using|on|at|choosing|taking)|replaced (?:[\w-]+ ){1,5}(?:with|by)|"
    r"(?:in the end|finally|eventually|later|afterwards|after that),? (?:i|we) (?:then )?(?:used|took|"
    r"chose|went with|had)|"
    r"(?:i|we) (?:finally|eventually|later|afterwards) (?:used|took|chose|went with)"
)
#: What sits at the output is no choice for the hidden layers; what is said of one place is not said of all.
_OUTPUT = re.compile(
    r"\b(?:output|outputs|head|softmax|probabilit\w+|logits?|(?:last|final)(?! (?:[\w-]+ )?"
    r"(?:network|net|model|mlp|program|code|project|submission)\b(?! (?:layers?|output|activations?)\b)))\b"
)
_PLACES = re.compile(
    r"\b(?:input layer|gates?|attention|bottleneck|feed-?forward block|branch|one layer|some layers|"
    r"layer \d|residual)\b"
)
_STARTS = r"^\W*(?:(?:and|so|well|there|yes|also),? )*"
_PIECES = re.compile(r",\s|\s(?:and|with|but|plus)\s|\s\(|\)")
_HIDDEN = re.compile(
    r"\b(?:hidden|activations?|non-?linearit(?:y|ies)|every layer|all layers|all the layers|between|everywhere|"
    r"throughout)\b"
)
_DEPLOYED = re.compile(
    r"\b(?:deploy\w*|serv(?:e|ed|ing)|lite|tflite|export\w*|convert\w*|board|tensorboard|visuali[sz]\w*)\b"
)
_LOSS_WORD = re.compile(r"\b(?:loss(?:es)?|cost|objective|criterion|minimi[sz]ed|trained)\b")
_JOINED = re.compile(r"\b(?:plus|kl|combin\w+|sum of|weighted|term|auxiliary|penalty)\b")
_OWN = re.compile(r"\b(?:i|we|my|our)\b")


@cache
def _frames(subject: str) -> tuple[re.Pattern[str], ...]:
    """The wordings by which a name is the candidate's choice; the name is the group `name`."""
    name, noun = rf"(?P<name>{named(subject)})", NOUNS[subject]
    of_mine = (
        rf"(?:my|our) (?:[\w-]+ )?(?:{noun})(?: of choice| here)? ?(?:was|is|were|are|=|:|uses?|used|"
        r"ha[ds]|have)"
    )
    return tuple(
        map(
            spaced,
            (
                rf"{DEED}{GAP}{name}{AFTER}",
                rf"\b{NETWORK}{OF_IT} {HAS}{GAP}{name}{AFTER}",
                rf"\b{NETWORK} {HAS}(?: (?!(?:{BREAKS})\b)[^\s.;:]+){{1,12}}?(?:,|,? and)(?: it)? "
                rf"{GOES_ON}{GAP}{name}{AFTER}",
                rf"\b{of_mine}{SMALL_GAP}{name}{AFTER}",
                rf"\b(?:i|we) {ADVERBS}use{GAP}{name}{AFTER}(?=(?: (?!(?:{BREAKS})\b)[^\s.;:]+){{0,8}}? {IN_OWN})",
                rf"\b{IN_OWN},? (?:i|we) {ADVERBS}use{GAP}{name}{AFTER}",
                rf"\b{IN_OWN},? {_part(subject)}{SMALL_GAP}{name}{AFTER}",
                rf"{_STARTS}{_part(subject)}{SMALL_GAP}{name}{AFTER}"
                rf"(?=(?: (?!(?:{BREAKS})\b)[^\s.;:]+){{0,8}}? {IN_OWN})",
                rf"{name}(?: (?:{noun}))? (?:was|is|were) (?:my|our|what (?:i|we) (?:used|chose|took|went with)|"
                rf"the (?:{noun}|one)(?: that)? (?:i|we) (?:used|chose|took))",
            ),
        )
    )


def _part(subject: str) -> str:
    """What of a network had something, or was something: "all hidden layers used", "the optimiser was"."""
    noun = rf"(?:{NOUNS[subject]}|hidden layers?|layers)"
    verb = r"(?:was|were|is|are|used|use|uses|had|have|has|ran on|relied on)"
    return rf"(?:the|all(?: of)?(?: the| my| our)?|every|each|both)(?: single)? {noun}(?: all)? {verb}"


@cache
def _told(subject: str) -> re.Pattern[str]:
    """What is said of "the network" by one who speaks of nothing but their own."""
    noun = rf"(?:{NOUNS[subject]}|network|model|net|hidden layers?|layers)"
    verb = r"(?:was|were|used|had|was trained|was built|was written|was implemented|was optimi[sz]ed|were)"
    return spaced(rf"\bthe (?:hidden |whole )?{noun} (?:all )?{verb}{SMALL_GAP}(?P<name>{named(subject)}){AFTER}")


@cache
def _switch(subject: str) -> re.Pattern[str]:
    return spaced(rf"\b(?:{SWITCHED})(?: (?:a|an|the|using|plain|simple|just))* (?P<name>{named(subject)})")


@cache
def _meant(subject: str) -> re.Pattern[str]:
    name = named(subject)
    return spaced(rf"\b(?:{MEANT}|not [\w-]+(?: [\w-]+)?,? but (?:rather )?(?:a |the )?)(?P<name>{name})")


def chosen(sentence: Sentence) -> Iterator[Found]:
    """What the sentence says the candidate chose."""
    if sentence.supposed:
        return
    for subject in VALUES:
        found = _change(sentence, subject)
        if found is None and not sentence.several:
            found = _metric(sentence) if subject == "metric" else _choice(sentence, subject)
        if found is not None:
            yield found


def _change(sentence: Sentence, subject: str) -> Found | None:
    """What was chosen in the end, or what was meant."""
    if subject == "metric":
        return None
    hits = list(_switch(subject).finditer(sentence.bare)) if _OWN.search(sentence.bare) else []
    if not hits and sentence.corrects:
        hits = list(_meant(subject).finditer(sentence.text))
    values = {canonical(subject, hit["name"]) for hit in hits}
    if len(values) != 1 or not _placed(sentence.bare, subject, values, changed=True):
        return None
    return Found(subject, values.pop(), hits[-1].start("name"), changed=True)


def _choice(sentence: Sentence, subject: str) -> Found | None:
    bare = _inside(sentence.bare) if subject == "activation" else sentence.bare
    frames = [*_frames(subject), _told(subject)] if sentence.told or sentence.corrects else _frames(subject)
    hit = next((hit for frame in frames if (hit := frame.search(bare))), None)
    values = {canonical(subject, other) for other in spaced(named(subject)).findall(bare)}
    if hit is None or len(values) != 1 or not _placed(bare, subject, values):
        return None
    return Found(subject, values.pop(), hit.start("name"))


def _placed(bare: str, subject: str, values: set[str], *, changed: bool = False) -> bool:
    """Whether the sentence is about the thing itself: hidden layers, a loss, what the network was written in."""
    if subject == "activation":
        if _OUTPUT.search(bare) or _PLACES.search(bare):
            return False
        return changed or "sigmoid" not in values or _HIDDEN.search(bare) is not None
    if subject == "framework":
        return _DEPLOYED.search(bare) is None
    if subject == "loss" and _JOINED.search(bare):
        return False
    if subject == "loss" and values & {"mse", "mae", "dice"}:
        return _LOSS_WORD.search(bare) is not None
    return True


def _inside(bare: str) -> str:
    """The sentence without the pieces that speak of the output."""
    start, kept = 0, []
    for end, following in [*((m.start(), m.end()) for m in _PIECES.finditer(bare)), (len(bare), len(bare))]:
        piece = bare[start:end]
        kept.append(" " * len(piece) if _OUTPUT.search(piece) else piece)
        kept.append(bare[end:following])
        start = following
    return "".join(kept)


_NAME = rf"(?P<name>{named('metric')})"
_MAIN = r"(?:[\w-]+ )?"
_METRIC = tuple(
    map(
        spaced,
        (
            rf"\b(?:my|our) {_MAIN}(?:evaluation )?metric (?:was|is)(?: the| a| simply| plain)* {_NAME}",
            rf"\b(?:i|we) (?:chose|picked|used|took|selected)(?: the)? {_NAME} as (?:my|our|the|a) {_MAIN}metric",
            rf"\bthe {_MAIN}metric (?:that )?(?:i|we) (?:chose|picked|used|took|optimi[sz]ed(?: for)?) (?:was|"
            rf"is)(?: the)? {_NAME}",
            rf"\bas (?:my|our|the) {_MAIN}metric,? (?:i|we) (?:chose|picked|used|took)(?: the)? {_NAME}",
            rf"{_NAME} was (?:my|our) {_MAIN}metric",
            rf"\b(?:i|we) measured (?:success|performance|quality) (?:by|with)(?: the)? {_NAME}",
        ),
    )
)


def _metric(sentence: Sentence) -> Found | None:
    """The metric, where there was but one: others may well have been reported beside it."""
    bare = sentence.bare
    hit = next((hit for frame in _METRIC if (hit := frame.search(bare))), None)
    values = {canonical("metric", other) for other in spaced(named("metric")).findall(bare)}
    if hit is None or len(values) != 1 or re.search(r"\b(?:one|secondary|metrics|loss)\b", bare):
        return None
    return Found("metric", values.pop(), hit.start("name"))
