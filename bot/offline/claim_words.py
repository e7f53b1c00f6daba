"""What candidates choose among, by all the names it goes by, and the words that keep a sentence from being a claim.

Tables of patterns only: in a pattern a space stands for any blanks. `claims` decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Names of what can be chosen, by subject and canonical value; longer names stand before those that they contain.
VALUES: Mapping[str, Mapping[str, str]] = {
    "activation": {
        "leaky-relu": r"leaky[- ]?relus?|leaky rectified linear units?|lrelu",
        "prelu": r"prelus?|parametric relus?",
        "relu": r"relu'?s?|rectified[- ]linear[- ](?:units?|functions?)|rectifiers?|rectified linear",
        "gelu": r"gelus?|gaussian error linear units?",
        "selu": r"selus?",
        "elu": r"elus?|exponential linear units?",
        "silu": r"silus?|swish",
        "mish": r"mish",
        "softplus": r"softplus",
        "tanh": r"tanh|tan-?h|hyperbolic tangents?",
        "sigmoid": r"(?:logistic )?sigmoids?|logistic (?:functions?|activations?)",
    },
    "optimiser": {
        "adamw": r"adam[- ]?w",
        "nadam": r"nadam",
        "adam": r"adam(?:'s)?|adaptive moment estimation",
        "sgd": r"sgd|stochastic gradient descent",
        "rmsprop": r"rms[- ]?prop",
        "adagrad": r"ada[- ]?grad",
        "adadelta": r"ada[- ]?delta",
        "lbfgs": r"l-?bfgs",
        "lion": r"lion",
    },
    "loss": {
        "cross-entropy": r"(?:(?:sparse|softmax|binary|categorical)[- ])*cross[- ]?entropy|crossentropyloss|"
        r"bce(?:loss)?|nll(?:loss)?|negative log[- ]likelihood|log[- ]loss",
        "mse": r"mse(?:loss)?|(?:mean[- ])?squared[- ]errors?|l2[- ]loss",
        "mae": r"mae|mean absolute errors?|absolute errors?|l1[- ]loss",
        "huber": r"huber|smooth[- ]l1",
        "hinge": r"hinge(?:[- ]loss)?",
        "focal": r"focal(?:[- ]loss)?",
        "dice": r"dice(?:[- ]loss)?",
        "triplet": r"triplet(?:[- ]loss)?",
        "contrastive": r"contrastive(?:[- ]loss)?|infonce",
        "ctc": r"ctc(?:[- ]loss)?",
    },
    "framework": {
        "pytorch": r"py[- ]?torch(?:[- ]lightning)?|fastai|fast\.ai",
        "tensorflow": r"tensor[- ]?flow|keras|tf\.keras",
        "jax": r"jax|flax",
        "mxnet": r"mxnet",
    },
    "metric": {
        "f1": r"(?:macro[- ]|micro[- ]|weighted[- ])?f[- ]?1(?:[- ](?:score|measure))?|f[- ]measure",
        "accuracy": r"accuracy",
        "auc": r"(?:roc[- ]?)?auc|auroc|roc[- ]auc|area under the (?:roc )?curve",
        "precision": r"precision",
        "recall": r"recall|sensitivity",
        "map": r"map|mean average precision",
        "iou": r"(?:mean )?iou|miou|intersection over union|jaccard(?: index)?",
        "dice": r"dice(?: (?:score|coefficient))?",
        "rmse": r"rmse|root mean squared? error",
        "mae": r"mae|mean absolute error",
        "mse": r"mse|mean squared error",
        "r2": r"r\^?2|r[- ]squared",
        "bleu": r"bleu",
        "rouge": r"rouge(?:-[l12])?",
        "perplexity": r"perplexity",
    },
}

#: What a subject is called, where a candidate calls it theirs.
NOUNS: Mapping[str, str] = {
    "activation": r"activations?(?: functions?)?|non-?linearit(?:y|ies)|hidden (?:layers?|units?|neurons?)",
    "optimiser": r"optimi[sz]er",
    "loss": r"(?:training )?(?:loss|cost|objective)(?: function)?|criterion",
    "framework": r"(?:deep[- ]learning )?(?:framework|library)",
    "metric": r"(?:evaluation )?metric",
}

#: With these words a choice is not made: it is supposed, asked for, habitual, or somebody else's.
NOT_CHOSEN = (
    r"if|would|could|might|may|should|can|cannot|can't|must|ought|will|suppose|supposing|assume|assuming|imagine|let|"
    r"let's|consider|unless|whether|perhaps|maybe|probably|possibly|i guess|i think|i believe|i suppose|not sure|"
    r"(?:don't|do not|can't|cannot) (?:remember|recall|know)|something like|for example|for instance|"
    r"e\.g\.|say,|say (?:i|we|my|our|that|you)|"
    r"going to|plan(?:s|ned|ning)? to|want(?:s|ed)?|wish(?:es|ed)?|hoped?|like to|i'd|i'll|we'd|we'll|"
    r"prefer(?:s|red)?|"
    r"usually|typically|normally|often|generally|sometimes|mostly|mainly|always|by default|whenever|"
    r"tend to|each time|"
    r"used to (?:use|take|have|train|be|think)|you|your|you're|they|their|them|theirs|he|she|his|her|people|everyone|"
    r"everybody|somebody|someone|papers?|authors?|articles?|books?|courses?|tutorials?|lectures?|"
    r"lecturers?|teachers?|"
    r"professors?|textbooks?|researchers?|documentation|docs|google|friend'?s?|colleagues?(?:'s?)?|team-?mates?|"
    r"(?:i|we) (?:have )?(?:read|heard|learned|learnt|(?:know|knew) (?:that|of|people)|saw|believed|"
    r"assumed|thought)|was told|were told|"
    r"never said|didn't say|did not say|back then|in the past|years ago|decades?|nineties|eighties|projects|"
    r"in (?:a|an|one|some|several|many|most|all|every) (?:[\w-]+ ){0,3}(?:projects?|networks?|models?|"
    r"competitions?|jobs?)"
)
#: With these it is one of several, or what is past: no choice that stands.
ONE_OF_SEVERAL = (
    r"try|tried|trying|tries|attempt(?:ed)?|experiment(?:s|ed)?|tested|compar(?:e|ed|ing|ison)|"
    r"ablations?|both(?! (?:hidden )?layers)|either|"
    r"neither|or|versus|vs|depend(?:s|ing)?|another|others?|different(?:ly)?|various|previous(?:ly)?|earlier|before|"
    r"original(?:ly)?|initial(?:ly)?|first|second|third|(?:at|in) the (?:beginning|start)|started|"
    r"begin|began|old|older|"
    r"baselines?|versions?|variants?|alternatives?|alternat(?:e|ed|ely)|except|apart from|besides|additional(?:ly)?|"
    r"also|too|as well|partly|half|some of|once|one time|twice|range|until|for a while|stage|phase|runs?|"
    r"grid|search|sweep|usual|common|typical|recommended|standard value|popular|respectively"
)
#: What comes after these in a sentence is not what was chosen: a reason, or what was not taken.
ASIDE = (
    r"(?:because|since)(?! (?:i|we)\b)|so that|so (?:the|it|they|that|there)\b|as (?:it|this|that|"
    r"they|we|i|there|most)\b|"
    r"as (?:the|our|my)\b(?! (?:main |only |evaluation |training |hidden )*(?:activation|non-?linear|"
    r"optimi|loss|cost|"
    r"objective|framework|library|metric|learning|(?:mini-?)?batch))|which|"
    r"where|in order to|due to|given that|instead of|rather than|as opposed to|in contrast to|unlike|"
    r"compared (?:to|with)|"
    r"and not|but not|not|over(?! to)|despite|although|though|even though|while|whereas|otherwise|"
    r"to (?:avoid|keep|make|get|prevent|help|speed|reduce|save|improve|stop|handle|deal|see|let|allow|"
    r"classify|predict|"
    r"recognise|recognize|detect|learn|fit|be|have|solve)"
)
#: An aside ends where the sentence goes on with the candidate.
AFTER_ASIDE = r"[,;:]? (?:and|but|so|then)(?: (?:so|then|later|finally))? (?:i|we|my|our)\b|, (?:i|we|my|our)\b|[.!]$"
#: Words by which a candidate takes back what they said.
CORRECTS = (
    r"actually(?! matter\b)|in fact|sorry|my (?:mistake|bad)|i meant|i mean|i mis-?spoke|i was wrong|"
    r"i got (?:that|it) wrong|"
    r"correction:|scratch that|(?:no,?|oh,?) wait|wait,|let me correct|to correct|i correct|i must correct|apologies|"
    r"(?:may i|(?:i|we) (?:want|would like|'d like|have|need|must|should|may)(?: to)?) (?:correct|revise|amend) "
    r"(?:myself|ourselves|one thing|something|what (?:i|we))|"
    r"(?:that|this) was (?:wrong|a mistake|not (?:right|true|correct)|incorrect)(?=[,:;] (?:it|that) (?:was|is)\b)|"
    r"i take (?:that|it) back|strike that|oops|pardon me|to correct|no,(?= (?:it (?:was|is) "
    r")?[\w-]+(?: [\w-]+)?[.!]?$)|i said .{2,60} but"
)
#: What announces a correction supposes nothing, though it has a "let" or a "want" in it.
ANNOUNCES = (
    r"(?:(?:please )?let me|(?:i|we) (?:want|would like|'d like|have|need|must|should|may)(?: to)?|allow me to|may i|"
    r"(?:i|we) (?:will|'ll|can)) (?:correct|rephrase|revise|amend|put right|take back|clarify)"
    r"(?: (?:myself|ourselves|this|that|it|something|one thing|what i (?:just )?said(?: (?:earlier|before))?))?"
)
#: "I said that it was A, but that was wrong: it was B": what was `said`, and what is said `new`.
TAKEN_BACK = (
    r"\b(?:i|we) (?:have |had |just |may have )*(?:said|told you|claimed|mentioned|wrote|written|stated|answered)\b"
    r"(?P<said>[^.;?!]{2,120}?(?:\.\d+[^.;?!]{0,60}?)?),?(?: -| –| —)? (?:but|and|though|however,?|which)"
    r"(?: (?:that|this|it|which))? (?:was|is|were)(?: (?:actually|simply|plainly|just|of course))*"
    r"(?: (?:wrong|incorrect|false|a mistake|an error|a slip|nonsense)|"
    r"(?:n't| not) (?:quite |really )?(?:right|true|correct))(?P<new>[^?]*)"
)
SAID_WHEN = r"(?: (?:earlier|before|already|just now|you|a (?:moment|minute|while) ago|at first))*(?: that)?"
#: After these the value itself follows, with no word about who chose it.
MEANT = (
    r"(?:i meant|i mean|to say|no,|wait,? no,?|oops,?|pardon me,?|it was|it is|it's|that was|make "
    r"(?:it|that)|should (?:be|have been)|"
    r"correction:|wait,?|"
    r"scratch that[,:.]?|strike that[,:.]?|sorry[,:]?|mistake[,:]?|mis-?spoke[,:]?)(?: (?:actually|in "
    r"fact|really))?,? "
    r"(?:(?:a|an|the|just|plain) )?"
)

#: Words that tell one network or project of a candidate from another.
KINDS_OF_NETWORK = (
    r"cnns?|convnets?|convolutional|rnns?|lstms?|grus?|recurrent|transformers?|bert|gpt|llm|autoencoders?|vae|gans?|"
    r"generators?|discriminators?|encoders?|decoders?|u-?net|yolo|resnet|vgg|efficientnet|mobilenet|"
    r"teacher|student|policy|"
    r"critic|siamese|segmentation|detection|detectors?|regress(?:or|ion)|imagenet"
)
PROJECTS = (
    r"mnist|cifar|kaggle|coco|iris|titanic|thesis|bachelor'?s?|master'?s?|phd|dissertation|internship|"
    r"capstone|hackathon|"
    r"coursework|homework|assignment|start-?up|company|client|employer|job|university|last project|next project|"
    r"(?:small|toy|tiny|little|large|larger|big|bigger|deep|deeper|shallow|simple|wide)(?: [\w-]+)? "
    r"(?:network|net|model|mlp|classifier|dataset|data)|"
    r"image (?:classifier|model|network|project)|text|audio|speech|sentiment|faces?|x-?rays?|medical|"
    r"fraud|stock|prices?|"
    r"time series|recommend\w*|video|chatbot|translation|spam|"
    r"(?:my|our|the|this|that) (?:[\w-]+ ){1,2}project"
)
#: Where what one uses is what was chosen there.
IN_OWN = (
    r"\b(?:in|for|throughout|during) (?:my|our) (?:own |last |whole )?"
    r"(?:project|program|code|network|model|submission)\b(?!'s| (?:proposal|report|paper|review))"
)
#: A habit that is said of one's own project is what was done there.
OWN_HABIT = (
    rf"(?:(?:i|we) (?:have )?(?P<habit>always|usually) used?\b(?=.{{0,80}} "
    rf"{IN_OWN})|{IN_OWN},? (?:i|we) (?:have )?(?P<after>always|usually) used?\b)"
)
#: What takes such a habit back.
NOT_HERE = r"\b(?:but|however|here|this time|except|unless|although|though|while|whereas|now|today|elsewhere|not)\b"


def spaced(pattern: str) -> re.Pattern[str]:
    """The pattern with any blanks for a space, on text in lower case."""
    return re.compile(pattern.replace(" ?", r"\s*").replace(" ", r"\s+"))


def named(subject: str) -> str:
    """A pattern for any of the names of a subject's values, each a whole word."""
    names = "|".join(f"(?:{names})" for names in VALUES[subject].values())
    return rf"(?<![\w-])(?:{names})(?![\w])(?!-(?!based)\w)"


def canonical(subject: str, name: str) -> str:
    """The value that a name stands for."""
    for value, names in VALUES[subject].items():
        if spaced(names).fullmatch(name):
            return value
    raise ValueError(f"{name!r} is no {subject}")
