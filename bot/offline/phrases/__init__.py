"""What candidates say, wording by wording, in the language of `bot.offline.patterns`. It only lists; `meaning` decides.

Where two wordings fit equally well, the table and the row that stand first here are preferred.
"""

from __future__ import annotations

from bot.offline.phrases.asides import ASIDES
from bot.offline.phrases.asking import ASKING, CONSENT, OUTSIDE, TENTATIVE
from bot.offline.phrases.coding import CODING
from bot.offline.phrases.course import COURSE
from bot.offline.phrases.glue import GLUE
from bot.offline.phrases.knowing import KNOWING
from bot.offline.phrases.markers import AMENDS, DISPUTES
from bot.offline.phrases.marks import MARKS
from bot.offline.phrases.names import MARKER_NAMES, NAMES
from bot.offline.phrases.pleas import PLEA_WORDS, PLEAS
from bot.offline.phrases.question import QUESTION
from bot.offline.phrases.rude import RUDE
from bot.offline.phrases.unknown import ABOUT_ONESELF, ONESELF, UNKNOWING

#: Every table of whole phrases, and every table of openings that content follows.
WHOLE = (CODING, QUESTION, COURSE, MARKS, KNOWING, ASIDES, RUDE, PLEAS)
OPENINGS = (AMENDS, DISPUTES)

__all__ = [
    "ABOUT_ONESELF",
    "ASKING",
    "CONSENT",
    "GLUE",
    "MARKER_NAMES",
    "NAMES",
    "ONESELF",
    "OPENINGS",
    "OUTSIDE",
    "PLEA_WORDS",
    "TENTATIVE",
    "UNKNOWING",
    "WHOLE",
]
