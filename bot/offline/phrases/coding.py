"""What is asked about the program to be written: in what, how long, how to hand it in. Keys are as in `question`.

Away from the code question `acts` reads each of them as what it would be there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

CODING: Mapping[str, Sequence[str]] = {
    "about_code": (
        "do|does|must|should|shall|have|need i|it|this|we|that|the [code|program] [really|have|has|need|needs] [to] "
        "[be|use|do|write|code] [it|this] [in|with|on|only] {framework} [or] [{framework}]",
        "can|may|could|should|shall|must i|we [also|just|rather|please|maybe] "
        "use|take|do|write|try|code|program|submit|choose|answer|import [it|this|that|the] "
        "[code|program|network|one] [in|with|using|by] [only|just|plain|pure] {framework} [or|and] [{framework}] "
        "[instead|also|too|here|please|for] [of|this|that|it] [{framework}]",
        "use|using|take|write {framework} [or] [{framework}] [instead|too|also] [of] [{framework}]",
        "[is|are|would|will] [it] [only|plain|pure] {framework} [or] [{framework}] "
        "[code|be|also|is|instead] [be|also] ok|fine|allowed|good|possible|enough|accepted|acceptable|permitted "
        "[too|also|instead|here]",
        "[is|would] it [be] ok|fine|allowed|possible|permitted|alright [if|to|when] [i] [can] use|write|do|take "
        "[it|this] [in|with] {framework} [instead|too]",
        "pytorch|torch only",
        "only pytorch|torch",
        "can|may|could|should|shall i|we [also|just|rather] describe|explain|say|write|do|give|answer|tell|sketch "
        "[you] [it|that|this|the|a] [program|code|steps|network|model|answer] [only|just] [in|with|as|using] "
        "[plain|my|pseudo|pseudocode|words|prose] [own|code] [words|english|text|sentences]",
        "can|could|do|does|will|would|did you [also|actually|really|going] [to] run|execute|test|try|compile "
        "[it|this|that|the|my] [code|program|script]",
        "are you going to run|execute|test|try it|this|that|the|my [code|program|script]",
        "do|does|will|would|is|did the|my|it|this|that [code|program|script] [actually|really|going] [to] [be|get|have] "
        "[to] run|executed|tested|compiled|execute|work",
        "do|would|should|must|shall you|i [want|need|expect|have] [me|to|that] [to] [also] "
        "train|evaluate|test|load|run|plot|save|comment|import "
        "[it|the|this|that] [network|model|data|program|code|dataset] [too|also|as] [well]",
        "do|would|should|must|shall you|i [want|need|expect|have] [me|to|that] [to] [also] [write|include|show|add] "
        "the|a [whole|full|complete] training|data|test|evaluation [loop|loading|loader|part|code] [too|also|as] [well]",
        "how long|big|large|short may|can|should|must|could|shall|will|does it|this|the|my "
        "[code|program|script|solution] [have|be|to] [to|be] [be]",
        "how many lines|bytes|kilobytes|characters [of] [code] [may|can|should|must|do|does] [it|i|the|we|you] "
        "[program|code|have|be|write|want|expect] [be|have|write|expect] [long]",
        "[is|are] there a|any [length|size|line|lines|character] limit|maximum [of|for|on] [the|my] "
        "[length|size|code|program|lines]",
        "[can|may|should|must] [i] [use|need] [any|other|which|external|what] libraries|library|packages|frameworks "
        "[are|is|can|may|am|should] [allowed|i|ok|permitted] [use|allowed]",
        "which|what version of {framework} [should|can|do] [i|you] [use|want|expect]",
        "which|what framework|language|library [should|shall|do|must|can|may|is|are] [i|you|to] "
        "[use|want|have|expected|allowed] [to] [use]",
    ),
    "about_code:hand": (
        "how|where do|can|should|shall|could|must|does|would i|one|we [hand|give|send|put|pass] "
        "[hand|submit|paste|send|put|enter|upload|give|type|insert|attach|share|write|turn|load|deliver|post|in|you] "
        "[in|you|up|over] [to] [it|the|my|this|a|some|you|in] "
        "code|program|script|file|solution [in|here|to] [you]",
        "how|where do|can|should|shall|could|must i hand|submit|paste|upload|attach|send|deliver|give|turn [you] "
        "it|this|that [in|here|to] [you]",
        "how|where to submit|paste|upload|hand|send|enter [in] [the|my] code|program|script|file [in|here]",
        "can|may|should|could i [just] paste|upload|attach|send|submit [you] "
        "[it|the|my|a|this] [code|program|file|script] [here|in] [the] [chat]",
    ),
    "about_code:cannot": (
        "i can|could|may not [really|yet|even] code|program [this|that|it|such|a|anything] [at|network|thing] "
        "[from|all|by|without|out|here|now] [of] [the] [all|memory|heart|hand|scratch|internet|help|head|documentation]",
        "i can|could not [really|yet|even] write [any|this|the|a|that|some] code|program [at|from|by|without|here] "
        "[all|memory|heart|hand|internet]",
        "i am not|no [a|able|very|really] [good] [to|at|programmer|coder] [code|coding|program|programming]",
        "i not|never know|knew|used|learned|learnt {framework}",
        "i|we [have] do|did not|never [really|yet] know|use|used|have|learn|learned|learnt|work|worked [with] "
        "{framework} [at|well|yet|very|so] [all|well|much|good]",
        "i do not know {framework}",
        "[i] [am] not|un familiar|experienced with {framework}",
        "i [only|just|mostly] know|use|used|work|prefer|speak [only|with|in] {framework} [only]",
    ),
    "about_code:place": (
        "i do|did not have|own [a|an|any|my] [good] computer|laptop|keyboard|editor|ide|pc|notebook|interpreter|compiler|"
        "machine "
        "[here|now|with|at] [me|hand|moment]",
        "i have|got no computer|laptop|keyboard|editor|ide|pc|interpreter|compiler|machine [here|now|with|at] [me|hand]",
        "i am [only|just|here|sitting] [here] [on|with|at] my|a|the phone|mobile|tablet|smartphone [now|here]",
        "i am without [a] computer|laptop|keyboard",
    ),
}
