"""How a message begins that adds to or corrects an earlier answer, or objects to its marks: what follows is content.

Wordings only; what comes after the last step is the candidate's own and is not read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: With `content` something must follow, or it means something else.
AMENDS: Mapping[str, Sequence[str]] = {
    "amend": (
        "add|append {something} to|for|on|in [my] [answer|the] [to|for|on|of] [answer] [to] {question} <n> [that]",
        "add|append {something} to|for|on number <n> ,",
        "add to <n> ,",
        "add|append {something} to|on|in my [{earlier}] answer|reply|response [that]",
        "add|append {something} to|on|in what i said|wrote [earlier|before] [that]",
        "add|append {something} to|on the {earlier} question|answer|one|topic [that]",
        "[i] also|just|still want|wanted to add|mention that",
        "i [also|just|still] want|wanted|wish|need|have|forgot [also|just] to add|mention [also] that",
        "i [also|just|still] want|wanted|wish|need|have [also|just] to add ,",
        "i would [also|just|still] like [also|just] to add that",
        "i would [also|just|still] like [also|just] to add [{something}] ,",
        "i [also|just|still] want|wanted|wish|need|have to add [{something}] ,",
        "let me [also|just] add {something} ,",
        "let me [also|just] add that",
        "may|can i [also|just] add that",
        "may|can i [also|just] add {something} ,",
        "[just] one|another more thing|point|remark about|on|for|regarding|to my [{earlier}] answer",
        "[i] [have] [one|a|an|another] [small|quick|last|short] correction|addition|amendment|supplement|addendum "
        "[to|on|about|for|regarding|of] [my] [answer|the] [to|for|on|of] [{earlier}] {question} <n> ,",
        "[i] [have] [one|a|an|another] [small|quick|last|short] correction|addition|amendment|supplement|addendum "
        "[to|on|about|for|regarding|of] [my|the|that|what] [{earlier}|i] "
        "[answer|reply|question|one|said|response] [earlier|before] ,",
        "[small|quick|one] correction ,",
        "[what] i [really|actually|of] [course] meant [was|is|to|by] [say|write|it|that] [was|is|that]",
        "i [have] misspoke|misspoken|mistyped [earlier|before|there|here|a|myself] [bit|little] [and] "
        "[i|it|meant|should] [meant|have|be] [said|been]",
        "let me {change} myself [there|here] [that]",
        "i [want|would|need|have|must|should|wish|like] [like] [to] {change} myself [there|here]",
        "let me {change} my [{earlier}] answer|reply|statement [to|for|of|on] {question} <n> [to|by]",
        "{change} my [answer|the] [to|for|on|of] {question} <n> [to|by]",
        "{change} [my|the] answer to|for|on|of {question} <n> [to|by]",
        "{change} [something|one|a] [thing|mistake|point] [in|on|about] my [{earlier}] answer|reply|statement [to|by]",
        "{change} my [{earlier}] answer|reply|statement [to|by]",
        "{change} what i said|wrote [earlier|before|in|about|on|to] [my|the|{earlier}] [last|answer|question] [answer]",
        "{change} {question} <n> [to|by] ,",
        "[i] [have] forgot|forgotten|omitted|neglected|missed to say|mention|add|write|include "
        "[in|that|on|for|to|also] [question] [<n>] [that]",
        "in|for|to|on|about|regarding|concerning|re [my] [answer|the] [to|for|on|of] {question} <n> i "
        "[also|should|want|would|forgot|meant|made|have|had|wanted|could]",
        "in|to|about|regarding|concerning|on my [{earlier}] answer|reply i "
        "[also|should|want|would|forgot|meant|made|wanted]",
        "as an addition|addendum|supplement to [my] [{earlier}] [answer|question] [<n>] ,",
        "to {change} my [{earlier}] answer|reply|statement [to|for|of|on]",
        "my [{earlier}] answer to {question} <n> was|is incomplete|wrong|not|missing "
        "[complete|right|correct|something] ,",
        "my {earlier} answer was|is incomplete|wrong|not|missing [complete|right|correct|something] ,",
        "i made|see|noticed|have a [small] mistake|error in my [{earlier}] answer|reply ,",
        "to add to|on [my] [{earlier}] answer|reply ,",
        "to add to what i said [earlier|before] ,",
        "addendum|ps ,",
    ),
    "amend:colon": ("add|adding|addition|edit|plus",),
    "amend:content": (
        "in|for|to|on|about|regarding|concerning|re [my] [answer|the] [to|for|on|of] {question} <n> ,",
        "[going|coming|go|come] back to|on {question} <n> ,",
        "[going|coming|go|come] back to my [{earlier}] answer|reply [to] ,",
        "in|to|about|regarding|concerning|on my [{earlier}] answer|reply ,",
        "regarding|concerning|about the {earlier} question ,",
        "scratch|strike that ,",
        "on second thought|thoughts",
    ),
    "amend:topic_content": (
        "[going|coming|go|come] back to the <topic> question|one ,",
        "regarding|concerning|about|for|on|in|to|re [my] [answer] [to|on] the <topic> question|one ,",
    ),
    "amend:topic": (
        "add|append {something} to|for|on|in [my] [answer|reply] [to|for|on|about] the <topic> question|answer|one "
        "[that]",
        "add|append {something} to|for|on|in [my|the] [answer|question|one|reply] about|on|for|regarding|concerning "
        "[the] <topic> ,",
        "[i] [have] [one|a|an|another] [small|quick|last|short] correction|addition|amendment "
        "to|on|about|for|regarding [my] [answer] [to|on|about] the <topic> question|answer|one ,",
        "{change} my answer [to|about|on|for] the <topic> question|one [to|by]",
        "{change} my answer about|on|for|regarding [the] <topic> ,",
        "{change} my answer to the <topic> question|one [to|by]",
        "regarding|concerning|about [my|the] question about|on [the] <topic> ,",
        "regarding|concerning|about my answer about|on [the] <topic> ,",
    ),
}

#: With `open` it is an objection only while no follow-up is open, for it may also be part of a reply.
DISPUTES: Mapping[str, Sequence[str]] = {
    "dispute": (
        "i [strongly|totally|completely|really|respectfully] disagree with|about|on "
        "[the|your|my|that|this|those|these|how] [last|previous|final] {mark}",
        "i [strongly|respectfully] object to|against [the|your|my|that|this|these] [last|previous] {mark}",
        "i do not think|believe|feel [that] [the|that|this|my|your] [last] {mark} is|was|are|were [really|very] "
        "fair|right|correct|just|accurate",
        "i object ,",
        "i do not [really|fully|quite] agree with [the|your|my|that|this|these|how] [last|previous|final] {mark}",
        "i do not accept [the|your|my|that|this|these] [last|previous|final] {mark}",
        "dispute|contest|appeal|challenge [the|your|my|that|this|these] [last|previous|final] {mark}",
        "dispute|contest|appeal question <n>",
        "dispute|appeal [it|this|that] [because]",
        "complain about [the|your|my|that|this|these] [last|previous|final] {mark}",
        "that|this|your|my [last|previous|final|own] {mark} [for|on|of] [question|that|my|the] "
        "[answer|one|last|question] [<n>] is|was|are|were|seems|seem|looks "
        "[really|very|so|totally|just|completely|a|way|far|simply|plain|bit|quite] [bit|too|not] "
        "unfair|unjust|wrong|incorrect|low|harsh|fair|right|correct|unjustified|mistaken|strict|absurd|ridiculous",
        "the [last|previous|final] {mark} [for|on|of] [question|that|my|the] [answer|one|last|question] [<n>] "
        "is|was|are|were|seems [really|very|so|totally|just|completely|a|bit] [bit] [too] [not] "
        "unfair|unjust|harsh|unjustified|strict|fair",
        "you|it [have] [just] marked|graded|scored|judged|rated|assessed me|my|this|that [answer|last] [answer] "
        "[as|too|so] [too] "
        "wrong|wrongly|unfairly|incorrectly|low|harshly|down|missing|strictly|incorrect|zero|badly",
        "you [have] [just] marked|graded|scored|judged|rated|assessed {question} <n> [as|too|so] [too] "
        "wrong|wrongly|unfairly|incorrectly|low|harshly|down|missing|strictly|incorrect|zero|badly",
        "{question} <n> is|was|has [been] marked|graded|scored|judged|rated|assessed [as|too|so] [too] "
        "wrong|wrongly|unfairly|incorrectly|low|harshly|down|missing|strictly|incorrect|zero|badly",
        "your reference|rubric [answer] is|was|seems [really|very|just|simply|plain|too] "
        "wrong|incorrect|outdated|old|obsolete|mistaken|false|inaccurate|flawed",
        "your reference|rubric [answer] is out of date",
        "why is|was|are|were my|the [last] {mark} so|that|this|too low|bad|poor",
        "you made a mistake in|with|on|when [the|your|my] {mark}",
        "i deserve|deserved|should have [gotten|got|received|more|better|a|had] [a|more|better|full] "
        "[higher|better|more] [marks|mark|score|points|grade|credit] for",
    ),
    "dispute:open": (
        "that|this|it is|was [so|very|really|just|totally|quite|a] [bit] [not] unfair|unjust|fair",
        "not fair ,",
        "unfair ,",
        "i do not think|believe that|this|it is|was fair",
        "i did say|mention|explain|cover|write|state that|it|this|so ,",
        "but i did say|mention|explain|cover|write|state|said|mentioned|wrote|explained that|it|this|so",
        "i [already|clearly] [already|clearly] said|mentioned|wrote|explained|covered that|it|this|so ,",
        "i already|clearly [already|clearly] said|mentioned|wrote|explained|covered that|it|this|so",
        "you [are] [just] [have] [missed|overlooked|ignored|misread|misunderstood|misjudged] what i said|wrote",
        "you missed|overlooked|ignored|misread|misunderstood|misjudged my answer|point|words",
    ),
}
