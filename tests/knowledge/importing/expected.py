"""Which questions the four articles hold, by words of each question and its answer. No sentence of theirs is here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.importing.found import Findings, Found


@dataclass(frozen=True)
class Expected:
    """A numbered question of an article: words that its wording has (one of each group), and that its answer has."""

    number: str
    asks: tuple[str, ...]
    answers: tuple[str, ...]

    def fits(self, one: Found) -> bool:
        question, answer = one.question.lower(), one.answer.lower()
        asked = all(any(word in question for word in group.split("|")) for group in self.asks)
        return asked and all(word in answer for word in self.answers)


def _of(prefix: str, lines: str) -> tuple[Expected, ...]:
    """A line each: number; words asked; words answered."""
    rows = (line.split(";") for line in lines.strip().splitlines())
    return tuple(Expected(f"{prefix}{n.strip()}", tuple(a.split()), tuple(b.split())) for n, a, b in rows)


S0 = _of(
    "S0-",
    """
    1; machine deep difference; superset engineering
    2; better why; high-dimensional
    3; perceptron; dendrites weight
    4; drawbacks perceptron; non-linear
    5; components perceptron; hidden output
    6; build perceptron; sequential mnist
    7; adam; adaptive beta2
    8; cost; minimize
    9; steps gradient; initialize iterating
    10; variants gradient; mini-batch
    11; mini-batch popular; flat
    12; feed-forward propagation; cycles layers
    13; convolutional; visual
    14; layers convolutional; pooling fully-connected
    15; boltzmann; undirected
    """,
)
S1 = _of(
    "S1-",
    """
    1; deep; hidden
    2; neural; nodes
    3; mlp|multi-layer; backpropagation
    4; normali; standardizing
    5; boltzmann; stochastic
    6; activation; fired
    7; cost; loss
    8; gradient; local-global
    9; backpropagation; backpropagates
    10; feedforward recurrent; loop memory
    11; rnn|recurrent used|applications; sentiment
    12; softmax relu; zeroes
    13; hyperparameter; epochs
    14; learning low high; drastic
    15; dropout batch; randomly normalizing
    16; batch stochastic; sample
    17; overfitting underfitting; k-fold
    18; weights initiali; randomly
    19; layers cnn; four
    20; pooling; down-sampling
    21; lstm; long-term
    22; vanishing exploding; slope
    23; tensorflow; apis
    24; tensor; arrays
    25; constants placeholders; tf.placeholder
    26; computational; edges
    27; gan|adversarial; forger discriminator
    28; autoencoder; latent
    29; bagging boosting; ensemble
    """,
)
S2 = _of(
    "S2-",
    """
    1; perceptron logistic; threshold
    2; bias hidden; matrix
    3; activation not; linear
    4; weights same; underfitting
    5; supervised; tagging autoencoders
    6; weights bias; cricket threshold
    7; forward; chain marker
    8; structures; dataframe
    9; batch; normalize
    10; activation projects; sigmoid range
    11; image; kernel
    12; rnns text; loop sequential
    13; 5 7; padding (n+2p-f+1)
    14; valid same; padding
    15; exploding; overflow
    16; transfer; bert
    17; rnn|recurrent backpropagation; loop time
    18; lstm; forget
    19; gru; update
    20; transformer; attention
    21; project; 30-second
    """,
)
S3 = _of(
    "S3-",
    """
    B1; anns; nodes
    B2; not used; gpus
    B3; machine neural differences; lower-spec
    I1; tensors; placeholders
    I2; feed-forward recurrent; equilibrium
    A1; airbnb; impress
    A2; structured; indexes
    A3; cnns images; megapixels
    A4; adam; rmsprop
    A5; logistic; odds
    A6; architecture; pooling
    """,
)
#: Questions that count neither way: S3's headings.
NEITHER = _of("S3-", "H1; deep work; nested\nH2; important; sentiment\nH3; types neural; perceptrons")

ARTICLES: Mapping[str, Sequence[Expected]] = {"000": S0, "001": S1, "002": S2, "003": S3}
BARS: Mapping[str, int] = {"000": 14, "001": 24, "002": 19, "003": 10}
MOST_FALSE = 3


@dataclass(frozen=True)
class Score:
    """How an import of an article did: the numbers that were found, and what was taken for a question and is none."""

    found: tuple[str, ...]
    missed: tuple[str, ...]
    wrong: tuple[str, ...]


def score(findings: Findings, expected: Sequence[Expected]) -> Score:
    """Each number is found by one question at most, and each question finds one number at most."""
    left = list(findings.questions)
    found: list[str] = []
    for one in expected:
        hit = next((question for question in left if one.fits(question)), None)
        if hit is not None:
            found.append(one.number)
            left.remove(hit)
    wrong = [one.question for one in left if not any(neither.fits(one) for neither in NEITHER)]
    return Score(tuple(found), tuple(one.number for one in expected if one.number not in found), tuple(wrong))
