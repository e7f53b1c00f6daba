"""Finds the numbers that candidates state of their own work: batch size, learning rate, layers, amount of data.

A range, an estimate, a schedule or two numbers of a kind in one sentence are no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.offline.claim_choices import DEED, HAS, NETWORK, SWITCHED, Found
from bot.offline.claim_numbers import NUMBER, number, plain
from bot.offline.claim_sentences import Sentence
from bot.offline.claim_words import spaced

_N = rf"(?P<n>{NUMBER})"
_IS = r"(?:(?: in .{2,20}?)? (?:was|is|were|of|at|to|=|:|being|i used was|we used was|set to|fixed (?:at|to))|[:=])"
_BATCH, _RATE = r"(?:mini-?)?batch[- ]?size", r"(?:learning[- ]?rate|lr|step size)"
_EXACT = r"(?: just| exactly| only| simply| a| an| set to| fixed at)*"
_SAMPLES = r"(?:images|samples|examples|items|sequences|sentences|documents|rows)"

#: The wordings that state each number; what is counted is named in all of them.
_BATCH_SIZE = tuple(
    map(
        spaced,
        (
            rf"\b{_BATCH}{_IS}{_EXACT} ?{_N}",
            rf"\b(?:mini-?)?batches of{_EXACT} {_N}",
            rf"{_N} {_SAMPLES} (?:per|in each|in every|a) (?:mini-?)?batch\b",
            rf"{_N} (?:(?:as|for) (?:my|our|the)|was (?:my|our)) {_BATCH}",
            rf"\b{_BATCH} {_N}",
        ),
    )
)
_LEARNING_RATE = tuple(
    map(
        spaced,
        (
            rf"\b{_RATE}{_IS}{_EXACT} ?{_N}",
            rf"{_N} (?:(?:as|for) (?:my|our|the)|was (?:my|our)) {_RATE}",
            rf"\b{_RATE} {_N}",
        ),
    )
)
_HIDDEN_LAYERS = (spaced(rf"(?:(?P<n>{NUMBER}|single)(?:-| )hidden(?:-| )layers?)\b"),)
_LAYERS = (spaced(rf"{_N}[- ]layers?\b(?! (?:of (?:attention|convol|lstm|the)))"),)
_COUNTS = {
    "batch-size": _BATCH_SIZE,
    "learning-rate": _LEARNING_RATE,
    "hidden-layers": _HIDDEN_LAYERS,
    "layers": _LAYERS,
}
#: Whose number it is.
_OWN = spaced(
    rf"{DEED}|\b(?:i|we) had\b|\b{NETWORK}\b|\b(?:my|our) (?:own |final )?(?:{_BATCH}|{_RATE}|hidden layers?|layers|"
    r"optimi[sz]er|training)\b|"
    rf"\b(?:i|we) (?:{SWITCHED})"
)
_TOLD = spaced(rf"\bthe (?:{_BATCH}|{_RATE}) was\b")
#: What else such a number may be of; sentences with these words are left alone.
_OTHERWISE = {
    "batch-size": r"batch[- ]?sizes|effective|global|total|per[- ](?:gpu|device|card|worker|node)|gpus|"
    r"micro-?batch\w*|"
    r"accumul\w*|(?:validation|test|inference|evaluation|largest|smallest|maximum|minimum|max|min|"
    r"small|large|smaller|"
    r"larger) (?:mini-?)?batch",
    "learning-rate": r"learning[- ]?rates|schedul\w*|decay\w*|warm\w*|cosine|anneal\w*|final|peak|base|max\w*|min\w*|"
    r"reduc\w*|lower\w*|rais\w*|increas\w*|dropped|divid\w*|multipl\w*|halv\w*|per layer|backbone|head|ended|plateau",
    "hidden-layers": r"in total|altogether|includ\w*|count\w*|more|each|fro[zs]e\w*|remov\w*|add(?:ed|ing)?|unfro\w*|"
    r"per",
    "layers": r"hidden|in total|altogether|includ\w*|count\w*|more|each|fro[zs]e\w*|remov\w*|add(?:ed|ing)?|"
    r"unfro\w*|per|"
    r"convol\w*|conv|pool\w*|lstm|gru|attention|transformer|encoder|decoder|residual|dense|linear|"
    r"fully|last(?! project)|top|skip\w*|"
    r"normali[sz]\w*|dropout|embedding",
}
_OTHER_WORDS = {subject: spaced(rf"(?<![\w-])(?:{words})(?![\w-])") for subject, words in _OTHERWISE.items()}
#: Where something is used says nothing of how layers are counted.
_IN_HIDDEN = spaced(
    r"\b(?:in|for|between|after|at) (?:all |both )?(?:(?:of )?(?:the|my|our|its) )?hidden (?:ones|layers?|units?)\b"
)
_ESTIMATE = spaced(
    r"(?:\babout|\baround|\broughly|\bapproximately|\bapprox\.?|\bnearly|\balmost|\bmore than|\bless "
    r"than|\bfewer than|"
    r"\bunder|\bup to|\bat least|\bat most|\bsome|\bcirca|\bmaybe|~|≈|<|>|\bover) (?:a |an )?$|[~≈<>]$"
)
_ON_TO = re.compile(r"\s*(?:-|–|—|/|\bto\b|\band\b)\s*\.?\d")
_REDUCED = re.compile(r"\b(?:lower|reduc|rais|increas|dropp|decay)\w*")


def counted(sentence: Sentence) -> Iterator[Found]:
    """The numbers that the sentence states of the candidate's own work."""
    if sentence.supposed:
        return
    switched = spaced(rf"\b(?:{SWITCHED})").search(sentence.bare) is not None
    if sentence.several and not switched and not sentence.corrects:
        return
    own = _OWN.search(sentence.bare) or (sentence.told and _TOLD.search(sentence.bare))
    for subject in _COUNTS:
        found = _count(sentence, subject, switched)
        if found is not None and (own or sentence.corrects):
            yield found
    amount = None if sentence.several else _amount(sentence)
    if amount is not None:
        yield amount


def _count(sentence: Sentence, subject: str, switched: bool) -> Found | None:
    bare = sentence.bare
    spoken = _IN_HIDDEN.sub(" ", bare) if subject == "layers" else bare
    if _OTHER_WORDS[subject].search(spoken) or (switched and _REDUCED.search(bare)):
        return None
    hits = [hit for form in _COUNTS[subject] for hit in form.finditer(bare)]
    values = {_value(bare, hit) for hit in hits}
    value = values.pop() if len(values) == 1 else None
    if value is None or not _sensible(subject, value, bare[: hits[0].start("n")]):
        return None
    return Found(subject, plain(value), hits[0].start("n"), changed=switched)


def _value(bare: str, hit: re.Match[str]) -> float | None:
    """The number, where it is exact and alone."""
    if _ESTIMATE.search(bare[: hit.start("n")]) or _ON_TO.match(bare, hit.end("n")):
        return None
    return 1.0 if hit["n"] == "single" else number(hit["n"])


def _sensible(subject: str, value: float, before: str) -> bool:
    if subject == "learning-rate":
        return 0 < value <= 10
    if value != int(value) or not 1 <= value <= (1000 if "layers" in subject else 1_000_000):
        return False
    if subject == "batch-size":
        return True
    return spaced(rf"(?:{_HAVING}){_FEW} $").search(before) is not None


#: Layers are counted right after the words that say the network has them.
_FEW = r"(?: (?:a|an|the|just|only|exactly|simple|plain|small|deep|with|of|mlp|network|net|model|consisting))*"
_HAVING = (
    rf"{DEED}|\b(?:i|we) (?:only |just )?had|\b{NETWORK} {HAS}(?: an input layer,)?|\b(?:i|we) made it|"
    r"\bthe (?:network|net|model|mlp) (?:that )?(?:i|we) (?:built|used|trained|made|wrote|submitted) (?:has|had)|"
    rf"{DEED}[^.;:]{{0,120}} {NETWORK},? (?:and |but )?it (?:only |just )?(?:has|had)|"
    rf"{DEED} (?:a|an|the) (?:[\w-]+ )?(?:network|net|model|mlp),? (?:and )?(?:it|that) (?:only |just )?(?:has|had)"
)

_UNITS = {
    "images": r"images|pictures|photos|photographs",
    "texts": r"texts|reviews|documents|sentences|tweets|articles|messages|e-?mails",
    "recordings": r"recordings|clips|videos",
    "": r"examples|samples|data points|datapoints|instances|rows|records|observations",
}
_ALL_UNITS = "|".join(_UNITS.values())
_AMOUNT = tuple(
    map(
        spaced,
        (
            rf"\b(?:i|we) (?:only |just )?(?:had|collected|gathered)(?: only| just| exactly)? "
            rf"{_N} (?:[\w-]+ )?(?P<unit>{_ALL_UNITS})\b",
            rf"\b(?:my|our) (?:[\w-]+ )?(?:data ?set|data|corpus|collection) (?:had|has|contained|contains|comprised|"
            rf"consisted of|consists of|was|were|held)(?: only| just| exactly)? {_N} (?:[\w-]+ "
            rf")?(?P<unit>{_ALL_UNITS})\b",
            rf"\bthere (?:were|are){_EXACT} {_N} (?:[\w-]+ )?(?P<unit>{_ALL_UNITS}) in (?:my|our) (?:data|corpus)",
            rf"\b(?:i|we) (?:used|had|worked with|trained on) (?:a|our|my) (?:[\w-]+ )?data ?set (?:of|with) {_N} "
            rf"(?:[\w-]+ )?(?P<unit>{_ALL_UNITS})\b",
        ),
    )
)
_PART = spaced(
    r"\b(?:train|training|validation|valid|test|testing|held|labell?ed|unlabell?ed|per|each|class|classes|after|"
    r"augment\w*|positives?|negatives?|minority|majority|epoch|batch\w*|day|every|extra|more|new|synthetic|of them|"
    r"of the|left|remaining|cleaned|filter\w*|duplicates?|for)\b"
)


#: What all of it was there for takes no part of it.
_TO_USE = spaced(
    r" to (?:train|learn|work)(?: (?:it|(?:my|our|the) (?:network|net|model)))? (?:on|with|from)(?= ?(?:[.!,;]|$))"
)


def _amount(sentence: Sentence) -> Found | None:
    """How much data there was, all in all."""
    bare = sentence.bare
    hits = [hit for form in _AMOUNT for hit in form.finditer(bare)]
    numbers = {_value(bare, hit) for hit in hits}
    value = numbers.pop() if len(numbers) == 1 else None
    if value is None or value < 1 or _PART.search(_TO_USE.sub(" ", sentence.text)):
        return None
    unit = next(name for name, words in _UNITS.items() if spaced(words).fullmatch(hits[0]["unit"]))
    return Found("data-amount", plain(float(f"{value:.2g}")), hits[0].start("n"), about=unit)
