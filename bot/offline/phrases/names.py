"""Wordings that many phrases share: `{hint}` in a phrase stands for each of those listed under that name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NAMES: Mapping[str, Sequence[str]] = {
    "hint": ("hint|hints|clue|clues|nudge|tip|tips|pointer|pointers",),
    "this": ("[it|this|that|the] [current|whole|last|same] [one|question|part|item|bit]",),
    "question": ("question|questions",),
    "again": ("[once|one] [again|more] [time]",),
    "give": (
        "give|show|offer|throw|drop|have|get|take|receive|use|provide|need|want|share|giving|getting|having|receiving",
    ),
    "return": (
        "[to] [go|come|get|move|jump|turn|switch|take|bring] [me|us] back to",
        "[to] return [me|us] to",
        "[to] revisit|reopen|redo|retry|reattempt",
        "[to] try|answer|do|attempt",
        "[to] go|move|jump|switch to",
    ),
    "back_to": (
        "[to] [go|come|get|move|jump|turn|switch|take|bring] [me|us] back to",
        "[to] return [me|us] to",
        "[to] revisit|reopen|redo|retry|reattempt",
    ),
    "left": ("skipped|left|missed|passed|postponed|omitted|deferred|parked",),
    "mark": ("mark|marks|score|scores|grade|grades|points|result|results|grading|marking",),
    "understand": ("understand|understood|get|got|follow|grasp|comprehend|understanding|getting|following",),
    "framework": (
        "pytorch|torch|keras|tensorflow|tf|jax|numpy|sklearn|scikit|lightning|fastai|flax|mxnet|theano|matlab|julia|java|"
        "javascript|python|c|pseudocode [code]",
        "scikit|pytorch|pseudo|python learn|lightning|code",
        "another|other|different|any framework|library|language",
    ),
    "time": ("moment|moments|minute|minutes|second|seconds|bit|while|time|mo",),
    "cease": ("stop|end|finish|quit|exit|leave|terminate|conclude|abort|close",),
    "plainly": ("explain|put|say|ask|make|give|tell|phrase|rephrase|reword|word|keep|use",),
    "interview": ("[the|this|our|my] [mock] interview|session|sitting|exam|test|chat|conversation|call|program",),
}

MARKER_NAMES: Mapping[str, Sequence[str]] = {
    "something": (
        "[something|this|that|one|a|more|another|two|some] [more|last|small|quick] "
        "[thing|things|point|points|note|remark]",
    ),
    "earlier": ("last|previous|earlier|prior|preceding|former|first",),
    "change": ("correct|change|fix|revise|amend|edit|modify|adjust|improve|extend|complete|complement|clarify|expand",),
    "mark": (
        "mark|marks|score|scores|grade|grades|grading|marking|scoring|rating|assessment|evaluation|verdict|judgement",
    ),
    "question": ("question [number|no|nr]", "q"),
}
