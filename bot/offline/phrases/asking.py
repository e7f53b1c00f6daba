"""How candidates begin a question about the task itself ("How small is small?"), in the language of `patterns`.

Wordings only. None of them is how a tentative answer begins ("Is it ReLU?"), nor a request that another table lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ASKING: Mapping[str, Sequence[str]] = {
    "asks_back": (
        "how small|big|large|long|deep|detailed|wide|short|precise|exact|technical|formal|noisy|imbalanced|strict|much|"
        "many",
        "how small|big|large|long|deep|detailed|wide|short|precise|exact|technical|formal|noisy|imbalanced|strict|much|"
        "many [exactly] is|are|was|were|do|does|did|should|shall|must|may|can|would|will|have|has <rest>",
        "how much|many|big|large|small|long|deep|detailed|wide [a|an|the] <thing> "
        "is|are|was|were|do|does|did|should|shall|must|may|can|would|will|have|has <rest>",
        "do|did you mean|want|expect <rest>",
        "does|do|would that|this|it|these|those count|include|matter <rest>",
        "does|do <thing> count|matter <rest>",
        "does|would that|this|it mean [that] i|we|you <rest>",
        "should|shall i <rest>",
        "should|must the|my answer|code|program|network|model|solution|data <rest>",
        "may|can|could i [just|also|simply|please|rather] use|assume|write|suppose|presume|describe|draw|give|mention|"
        "talk|speak|explain|answer|choose|import|begin|start|take|pick|focus|limit|restrict|ignore|stick|treat|"
        "consider|base|combine|reuse <rest>",
        "may|can|could we [just|also|simply] assume|suppose|presume|ignore <rest>",
        "do i need|have to <rest>",
        "do|did we have|get|know <rest>",
        "am i allowed|supposed|free|expected|meant <rest>",
        "are we allowed|supposed|free|expected|meant|talking|speaking|assuming|given|limited|still <rest>",
        "are you talking|speaking|thinking <rest>",
        "is this [question|task|one] [only|still|just|meant|supposed|all] "
        "before|after|about|for|still|with|without|in|on|only|supposed|meant|assuming|limited|including <rest>",
        "is that [question|task|one] [only|still|just|meant] about|for|with|without|still|including|assuming <rest>",
        "is it about <rest>",
        "is there a|an|any|some|enough|already <rest>",
        "are there any|some|enough|other|already <rest>",
        "is|are <thing> allowed|fine|ok|alright",
        "what|which size|framework|dataset|library|language|hardware|budget [exactly] [<rest>]",
        "what|which kind|sort|type",
        "what|which kind|sort|type of size|framework|dataset|data|library|network|model|task|problem|project|image|"
        "images|text|texts|class|classes|users|user|hardware|input|inputs|output|outputs|layer|layers|features|loss|"
        "metric|machine|test|tests|noise|error|errors [<rest>]",
        "which one|ones|data|task|version|network|model|project|two|three [exactly] "
        "[is|are|do|does|did|should|shall|of] [<rest>]",
        "with or without <rest>",
        "in|for|on|with|using|at|during <thing> or <thing>",
        "assuming|supposing <rest>",
    ),
}

#: With one of these it is an answer that is not sure of itself.
TENTATIVE = frozenset("maybe perhaps probably possibly because guess think suppose believe".split())
#: With one of these it is about the job, the firm or the interviewer, and not about the task.
OUTSIDE = frozenset(
    "your yourself job jobs pay paid salary salaries team teams company firm office holiday holidays vacation boss hire "
    "hired career coffee lunch dinner toilet joke".split()
)
#: A last word that asks for consent to what was said.
CONSENT = frozenset("right correct no yes true okay ok".split())
