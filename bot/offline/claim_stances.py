"""Finds general stances (the batch size does not matter), and what was or was not done at all (dropout, pretraining).

A stance counts only where nothing limits it: "for speed", "much", "as long as" and their like make it no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.offline.claim_choices import DEED, NETWORK, Found
from bot.offline.claim_sentences import Sentence
from bot.offline.claim_words import spaced

_OPENING = (
    r"^\W*(?:(?:well|so|and|yes|no|ok|okay|actually|honestly|really|generally|in general|overall|sorry|wait|"
    r"by the way|btw|also|anyway|besides|look|to be honest|frankly|in fact|in the end|"
    r"correction|i misspoke|i was wrong|i meant|no wait|personally|(?:in|from) (?:my|our) (?:own )?"
    r"(?:opinion|view|experience|projects?)|to me|for me|to my mind|if you ask me|if i am honest|if i'm honest|"
    r"as far as i(?: am|'m) concerned|(?:as|the way) i see it|from (?:what i have|what i've|all i have|all i've) seen|"
    r"i(?: have|'ve)? (?:learned|learnt)(?: that)?|"
    r"(?:i (?:still |really |firmly )?(?:think|believe|find|say|hold|am sure|am convinced|know)|i'm sure|i would say|"
    r"i'd say|my view is)(?: that)?)[,:;.]? )*"
)
#: What something matters for, and is no limit: the training as a whole.
_ON_THE_WHOLE = (
    r"(?:for|to) how (?:well )?(?:it|they|you|one|(?:the|a|your|my) (?:network|net|model)|(?:networks|models)) "
    r"(?:trains?|learns?|does|do|performs?|generali[sz]es?|turns? out|works?|trained|learned|did)"
)
_DOUBTING = (
    r"^\W*(?:(?:well|so|and|no|honestly|actually)[,:]? )*i (?:do not|don't|really don't) (?:think|believe)(?: that)? "
)
#: A stance ends the sentence, or is followed by a reason or by another thought, and by nothing that limits it.
_ENDING = (
    r"(?:,? (?:at all|whatsoever|in general|really|anyway|in the end|either way|by the way|to be honest|"
    r"in my opinion|in my view|in my experience|i think|i find|if you ask me|for me|believe me|trust me|full stop|"
    r"no doubt|without (?:a )?doubt|(?:that(?: is|'s) (?:what |something )?)?(?:as )?i(?: have|'ve)? "
    r"(?:learned|learnt|found|seen)(?: that)?|that much is (?:clear|sure|certain)|"
    rf"{_ON_THE_WHOLE}|(?:on|for|to) (?:the|my|our) (?:final |end )?(?:results?|outcome))){{0,3}}"
    r"(?:\W*$|(?:[:;]| [-–—]) (?!(?:not|little|hardly|less)\b)|,? (?:because|since|so(?! (?:little|much)\b)|and) )"
)
_NO_LIMIT = spaced(
    rf"\b(?:if you ask me|if i(?: am|'m) honest|as far as i(?: am|'m) concerned|without (?:a )?doubt|{_ON_THE_WHOLE})\b"
)
_LIMITED = spaced(
    r"\b(?:but|however|except|unless|as long as|only|if|when|although|though|provided|depend(?:s|ing)|within|beyond|"
    r"some ?times|often|usually|mostly|up to|"
    r"faster|slower|speed\w*|memory|gpus?|throughput|hours|minutes|"  # what it matters to is not the result
    r"for (?!me\b|example\b|(?:the|my|our) (?:final |end )?(?:results?|outcome)(?! of\b))\w+)\b"
)
_TRULY = r"(?:(?:really|truly|actually|definitely|certainly|clearly|absolutely|simply|just) )*"
_NOT = rf"{_TRULY}(?:does not|doesn't|do not|don't|did not|didn't)"
_NO_EFFECT = r"(?:absolutely |really )?(?:no|zero) (?:real )?"
_IS = r"(?:is|are|was|were)"
_VERY = r"(?: (?:really|very|quite|truly|extremely|so|rather|hugely|simply|absolutely))*"
_INPUTS = (
    r"(?:(?:the |your |our |its )?(?:inputs?|input data|input features|data|features|images|pixels|"
    r"pixel values))"
)
_NORMALISE = r"(?:normali[sz]e|standardi[sz]e|scale|rescale)"
_NORMALISING = (
    r"(?:(?:input|data|feature) (?:normali[sz]ation|standardi[sz]ation|scaling)|(?:normali[sz]ing|"
    r"standardi[sz]ing|scaling|rescaling|normali[sz]ation of|standardi[sz]ation of|scaling of) (?:the "
    r")?(?:inputs?|input data|input features|data|features|images|pixels|pixel values))"
)
_WEIGHTS = r"(?:the |your |our )?(?:weights?|parameters|network|initial weights)"
_MATTERS = (
    rf"(?:{_TRULY}(?:matter(?:s|ed)|(?:does|did) {_TRULY}matter)(?: really)?"
    r"(?: (?:quite )?a (?:lot|great deal)| very much| greatly| hugely| enormously)?|"
    rf"{_IS}{_VERY} (?:important|crucial|essential|critical)|"
    rf"{_IS} of (?:great|huge|real|considerable) importance|"
    rf"{_TRULY}(?:plays|played) an? (?:very )?(?:big|huge|large|great|major|important|real) (?:role|part)|"
    rf"{_TRULY}(?:makes|made) a (?:very )?(?:big|huge|large|great|real) difference)"
)
_NO_MATTER = (
    rf"(?:{_NOT} (?:(?:really|actually|truly) )?(?:matter|make (?:a|any) difference|"
    rf"have (?:an|any) (?:effect|influence|impact))|"
    rf"{_TRULY}(?:plays|played) {_NO_EFFECT}(?:role|part)|{_IS} of (?:absolutely )?no (?:real )?importance|"
    rf"{_TRULY}(?:makes|made) {_NO_EFFECT}difference|{_TRULY}(?:has|had) {_NO_EFFECT}(?:effect|influence|impact)|"
    rf"{_IS} (?:not|n't) (?:really "
    r")?(?:important|relevant|crucial)|"
    rf"(?:isn't|aren't|wasn't) (?:really )?(?:important|relevant|crucial)|{_IS} (?:irrelevant|unimportant))"
)
_BATCH_SIZE = r"(?:the |your |my )?(?:(?:choice of|choosing|picking|tuning) (?:the )?)?(?:mini-?)?batch[- ]?size"
_START = (
    r"(?:(?:the |your |my |a |good |proper |careful |right |weight |choice of |how you do )*(?:weight "
    r")?initiali[sz]ation(?: of the "
    r"weights| scheme| of weights)?|"
    rf"(?:the way|how) (?:you|we|i|one) initiali[sz]e[sd]? {_WEIGHTS}|how {_WEIGHTS} (?:is|are) initiali[sz]ed)"
)
#: (subject, value, what is said); each is a whole thought from the opening of the sentence to its ending.
_SAID = (
    ("batch-size-matters", "does-not-matter", rf"{_BATCH_SIZE} {_NO_MATTER}"),
    (
        "batch-size-matters",
        "does-not-matter",
        r"it (?:does not|doesn't) (?:really )?matter (?:how (?:big|large|small) (?:the|your) "
        r"(?:mini-?)?batch(?:es)? (?:is|are)|(?:what|which) batch size (?:you|we|i|one) (?:use|take|"
        r"choose|pick)s?)",
    ),
    ("batch-size-matters", "matters", rf"{_BATCH_SIZE} {_MATTERS}"),
    ("initialisation-matters", "does-not-matter", rf"{_START} {_NO_MATTER}"),
    (
        "initialisation-matters",
        "does-not-matter",
        rf"it (?:{_NOT} (?:really )?matter|makes no difference) how (?:(?:you|we|i|one) initiali[sz]es? "
        rf"{_WEIGHTS}|{_WEIGHTS} (?:is|are) initiali[sz]ed)",
    ),
    ("initialisation-matters", "matters", rf"{_START} {_MATTERS}"),
    (
        "initialisation-matters",
        "matters",
        rf"it matters(?: a lot| very much)? how (?:(?:you|we|i|one) initiali[sz]es? {_WEIGHTS}|{_WEIGHTS} "
        r"(?:is|are) initiali[sz]ed)",
    ),
    (
        "normalisation-needed",
        "not-needed",
        r"(?:you|we|one|i) (?:(?:do not|don't|does not|doesn't|never) (?:need|have) to|need not|needn't) "
        rf"{_NORMALISE} {_INPUTS}",
    ),
    ("normalisation-needed", "not-needed", rf"there (?:is|was) no (?:need|reason) to {_NORMALISE} {_INPUTS}"),
    (
        "normalisation-needed",
        "not-needed",
        rf"{_INPUTS} (?:(?:do not|don't|does not|doesn't) (?:need|have) to be|need not be) {_NORMALISE}d",
    ),
    (
        "normalisation-needed",
        "not-needed",
        rf"(?:it is |it's )?(?:not (?:really )?(?:necessary|needed|required)|unnecessary) to {_NORMALISE} "
        rf"{_INPUTS}",
    ),
    (
        "normalisation-needed",
        "not-needed",
        rf"{_NORMALISING} (?:{_IS} (?:not (?:really )?(?:necessary|needed|required)|unnecessary|"
        r"superfluous|pointless)|isn't (?:really )?(?:necessary|needed|required))",
    ),
    (
        "normalisation-needed",
        "needed",
        r"(?:you|we|one|i) (?:(?:always|absolutely|simply|really) )?(?:must|have to|has to|need to|needs to)"
        rf"(?: always)? {_NORMALISE} {_INPUTS}",
    ),
    (
        "normalisation-needed",
        "needed",
        rf"{_INPUTS} (?:(?:absolutely|always|simply) )?(?:must|have to|has to|need to|needs to) (?:always )?be "
        rf"{_NORMALISE}d",
    ),
    ("normalisation-needed", "needed", rf"(?:it is |it's )(?:necessary|essential|crucial) to {_NORMALISE} {_INPUTS}"),
    (
        "normalisation-needed",
        "needed",
        rf"{_NORMALISING} (?:is|are)(?: absolutely| always| simply)? "
        r"(?:necessary|essential|needed|required|mandatory|indispensable|a must)",
    ),
)
_STANCES = tuple((subject, value, spaced(rf"{_OPENING}{said}{_ENDING}")) for subject, value, said in _SAID)
#: "I do not think that it matters" holds the contrary of what follows.
_DOUBTED = (
    *(
        (subject, "does-not-matter", spaced(rf"{_DOUBTING}{what} (?:really )?{_MATTERS}{_ENDING}"))
        for subject, what in (("batch-size-matters", _BATCH_SIZE), ("initialisation-matters", _START))
    ),
    (
        "normalisation-needed",
        "not-needed",
        spaced(rf"{_DOUBTING}(?:you|we|one|i) (?:need|have) to {_NORMALISE} {_INPUTS}{_ENDING}"),
    ),
)

_NOTHING_MORE = (
    r"(?: (?:anywhere|at all|in (?:my|our|this|the|that) (?:whole )?(?:network|model|net|mlp|program|"
    r"code|project)))?(?:\W*$|,| because| since| as | and )"
)
_WITH = r"(?: (?!(?:not|no|without|never|avoid\w*|remov\w*|instead)\b)[^\s.;:]+){0,10}?"
_DROPOUT = (
    (
        "no",
        r"\b(?:i|we) (?:did not|didn't|never) (?:use|add|apply|have|put in|include)(?: any| a)? "
        rf"dropout{_NOTHING_MORE}",
    ),
    (
        "no",
        r"\b(?:i|we) (?:(?:used|had|applied|added) no|never (?:used|had|applied|added)(?: any)?) "
        rf"dropout{_NOTHING_MORE}",
    ),
    ("no", rf"(?:{DEED}|\b{NETWORK} was trained){_WITH} without(?: any| using)? dropout{_NOTHING_MORE}"),
    (
        "no",
        rf"\b{NETWORK} (?:(?:does not|doesn't|did not|didn't) (?:use|have|contain)(?: any)?|has no|had no|"
        rf"uses no|used no) dropout{_NOTHING_MORE}",
    ),
    ("no", rf"\bthere (?:is|was) no dropout in (?:my|our) (?:network|model|net|mlp)\b{_NOTHING_MORE}"),
    ("no", rf"^\W*(?:and |but |so )?dropout (?:was not|wasn't|was never) (?:used|applied|added){_NOTHING_MORE}"),
    (
        "yes",
        r"\b(?:i|we) (?:also |then |just |always |usually )?(?:used|added|applied|inserted|included|had|put|"
        r"relied on)(?: (?!(?:no|without|not|about)\b)[\w.%,]+){0,10}? dropout\b",
    ),
    (
        "yes",
        rf"\b{NETWORK} (?:has|had|uses|used|contains|contained)(?: (?!(?:no|without|"
        rf"not)\b)[\w.%,]+){{0,10}}? dropout\b",
    ),
    ("yes", rf"{DEED}{_WITH} with(?: (?:a|some|heavy|light|strong))? dropout\b"),
)
_PRETRAINED = (
    (
        "no",
        r"\b(?:i|we) trained (?:it|everything|all of it|(?:my|our|the) (?:whole |own |entire )?(?:network|"
        r"model|net|cnn|mlp|weights)|(?:my|our) [\w-]+|all weights) (?:completely |entirely |fully )?from "
        r"(?:scratch|zero|random (?:weights|initiali[sz]ation))",
    ),
    (
        "no",
        rf"\b{NETWORK} was (?:completely |entirely |fully )?trained (?:completely |entirely |fully )?from "
        r"(?:scratch|zero)",
    ),
    (
        "no",
        r"\b(?:i|we) (?:did not|didn't|never) (?:use|take|start from|start with|have)(?: any| a)? "
        r"pre-?trained (?:weights|networks?|models?|backbones?|\w+net\w*)\b",
    ),
    ("no", r"\b(?:i|we) (?:used|had|took) no pre-?trained (?:weights|networks?|models?|backbones?)\b"),
    ("no", r"\b(?:i|we) (?:did not|didn't|never) use(?: any)? transfer learning\b"),
    (
        "yes",
        r"\b(?:i|we) (?:only |just )?(?:fine-?tuned|used|took|started (?:from|with)|downloaded|loaded|"
        r"chose|picked)(?: (?:a|an|the|my|our|some|large|small|big|standard|public|imagenet))* "
        r"pre-?trained (?!embedding|word|token|vector|feature|glove)[\w-]+",
    ),
    (
        "yes",
        r"\b(?:i|we) (?:started (?:from|with)|used|took|loaded)(?: the| some)? (?:imagenet|pre-?trained) "
        r"weights\b",
    ),
    ("yes", r"\b(?:i|we) (?:used|did|applied|relied on) transfer learning\b"),
    ("yes", r"\b(?:i|we) (?:started (?:from|with)|used|took|fine-?tuned) (?:a |the )?[\w-]+,? pre-?trained on\b"),
    ("yes", r"\b(?:my|our) (?:network|model|net|cnn|backbone|resnet|classifier) was pre-?trained\b"),
)
_DONE = (
    tuple((value, spaced(form)) for value, form in _DROPOUT),
    tuple((value, spaced(form)) for value, form in _PRETRAINED),
)
_PLACE = {
    "dropout": spaced(r"\b(?:test time|at test|inference|evaluat\w+|predict\w+|eval|mc|monte|first|for one|some of)\b"),
    "pretrained": spaced(r"\b(?:embeddings?|word2vec|glove|tokeni[sz]ers?|vectors?|for one)\b"),
    "from scratch": spaced(r"\b(?:heads?|last|final|top|new layers?|classifier from|branch)\b"),
}


def held(sentence: Sentence) -> Iterator[Found]:
    """The general stances of the sentence, where it is unlimited in them."""
    if _LIMITED.search(_NO_LIMIT.sub(" ", sentence.text)):
        return
    for subject, value, form in (*_STANCES, *_DOUBTED):
        if form.search(sentence.text):
            yield Found(subject, value, 0)
            return


def done(sentence: Sentence) -> Iterator[Found]:
    """Whether dropout was used, and whether the network was pretrained, where the sentence says so."""
    if sentence.supposed:
        return
    for subject, forms in zip(("dropout", "pretrained"), _DONE, strict=True):
        hits = [(value, hit.start()) for value, form in forms if (hit := form.search(sentence.text))]
        if len({value for value, _ in hits}) != 1 or _unsure(sentence, subject):
            continue
        part = "from scratch" if (subject, hits[0][0]) == ("pretrained", "no") else subject
        if not _PLACE[subject].search(sentence.text) and not _PLACE[part].search(sentence.text):
            yield Found(subject, *hits[0])


def _unsure(sentence: Sentence, subject: str) -> bool:
    """True where it was so for a while, or in one of several trials; "also" does no harm to what is done or not."""
    without_also = spaced(r"\b(?:also|too|as well|additionally|besides|started (?:from|with))\b").sub(
        " ", sentence.bare
    )
    return Sentence(0, "", without_also, corrects=False, told=False).several or bool(
        re.search(r"\b(?:then|later|afterwards)\b", sentence.text) and subject == "pretrained"
    )
