"""The words in which candidates go on after "I don't know" without saying anything about the subject.

They are about the candidate: what they heard, used, learnt or did. Anything beside them may be an answer.
"""

from __future__ import annotations

#: One of these tells that what was said first is that the candidate does not know.
UNKNOWING = frozenset("know knew idea clue sure heard remember recall answer forgot forgotten blank familiar".split())
#: What may follow, word by word.
ABOUT_ONESELF = frozenset(
    """i we me my us our myself you your have had has am was were been be just only never ever not no nor did do done
    does heard hear seen read used use using tried try worked work come came met studied study learned learnt learn
    covered cover taught touched dealt needed reached got get word words term terms name names it that this these them
    thing things something anything nothing stuff one topic subject part question answer about of the a an any with in
    at on to from before yet though but and so or still really honestly truly frankly sorry unfortunately sadly
    apologies afraid truth told say saying tell course courses class classes school university studies college lecture
    lectures degree job jobs project projects book books much many long ago time times while year years more anymore
    remember recall forgot forgotten know knew idea clue now here today moment even quite all again once well very too
    mentioned somewhere practice far like wish could should for as there actually than else up out across
    personally into detail details looked look deeply closely properly mind new either""".split()
)
#: Who says one of these speaks of themselves.
ONESELF = frozenset("i we me my us our myself".split())
