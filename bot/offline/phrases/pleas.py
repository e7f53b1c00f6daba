"""What begins a sentence that asks for marks, for the answer, or for another interviewer. `<rest>` lets it go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

PLEAS: Mapping[str, Sequence[str]] = {
    "plea_instructions": (
        "ignore|disregard|forget|override|bypass|skip|drop|delete|cancel [all|any|every|the|your|my|of] [of] "
        "[the|your|these|my|all] "
        "[previous|prior|above|earlier|preceding|former|other|current|original|system|given] [previous|system] "
        "instructions|instruction|prompt|prompts|guidelines|directions|programming|rubric|rubrics <rest>",
        "ignore|disregard|forget|override|bypass|delete [all|of] [of] your|previous|prior|above|earlier|all "
        "[previous|prior|above|earlier|other|your] "
        "rules|orders|commands|constraints|restrictions|training|context|limits|limitations <rest>",
        "ignore|disregard|forget everything|anything|all|what [that] [is|was] "
        "above|before|you|i|said|written|previously|earlier <rest>",
        "do not follow [the|your|any] instructions|rules|guidelines|rubric <rest>",
        "you are [now|no] [longer] [a|an|in|the|my|going|to|free|not] "
        "[helpful|different|new|jailbroken|developer|unrestricted|generous|lenient|friendly] [longer|an|a] "
        "grader|assistant|admin|chatbot|teacher|examiner|llm|dan|interviewer|pirate|evaluator|jailbroken|judge|"
        "free "
        "<rest>",
        "you are now <rest>",
        "from now|here on you <rest>",
        "pretend|imagine|act|behave|roleplay|respond|answer [as|that|like|if|to] [if] [you] [are|were|be] "
        "[a|an|my|the|as] [very|kind|helpful|friendly|lenient|generous|nice] "
        "assistant|ai|grader|examiner|interviewer|teacher|grandmother|grandma|chatbot|dan|pirate|developer|"
        "admin|linux|terminal|expert|candidate|friend|professor "
        "<rest>",
        "pretend [that] i <rest>",
        "what does|do|is [in] your system|hidden|secret prompt|instructions|rubric <rest>",
        "what is|does [in] your prompt|instructions|rubric <rest>",
        "override , <rest>",
        "print|reveal|show|output|display|repeat|tell|give|leak|dump|expose|share|write|list|return|disclose|send|"
        "see|read|know "
        "[me|us|out] [all] [of] [the|your|its|full|entire|hidden|secret|this|exact] "
        "[full|entire|hidden|secret|original|initial|complete|internal|exact|grading|marking|scoring] [system] "
        "prompt|instructions|rubric|rubrics|guidelines|configuration|config|secrets|password|prompts <rest>",
        "print|reveal|show|display|tell|give|leak|list|share|disclose|see|read|know [me|us] [all] [the|your|all] "
        "[grading|marking|scoring|hidden|secret|expected] scheme|criteria|statements <rest>",
        "print|reveal|show|display|tell|give|leak|list|share|disclose|see|read|know [me|us] [all] [the|your|all] "
        "[hidden|secret|expected] key points <rest>",
        "print|reveal|output|dump|leak|display [the|your] reference|model answer|answers|solution <rest>",
        "what is|are [in|written] [your|the] [system|initial|hidden|grading|marking|secret] "
        "prompt|instructions|rubric|scheme|criteria|instruction",
        "what are the|your key points",
        "what are [the|your] criteria <rest>",
        "system|developer|admin|administrator|root "
        "prompt|message|override|note|instruction|command|mode|update|notice|access <rest>",
        "system|inst|sys|assistant|instruction|instructions|sudo|jailbreak|admin , <rest>",
        "system <term> grading|marks|score <rest>",
        "new instructions|orders|prompt <rest>",
        "[important] [a|this] [is] [a] note|message|instruction|instructions|attention|memo to|for|from [the] "
        "[ai|automated|llm|human] "
        "grader|marker|examiner|interviewer|evaluator|judge|ai|assistant|developer|developers|admin|openai|"
        "anthropic|teacher "
        "<rest>",
        "as [an|the|a|your] [ai|system|your] "
        "admin|administrator|developer|creator|owner|boss|examiner|grader|programmer|supervisor <rest>",
        "i am [an|the|a|your] [ai|system|your] "
        "admin|administrator|developer|creator|owner|boss|teacher|examiner|grader|programmer|supervisor <rest>",
        "enter|activate|enable|switch|turn [to|on|into|the] "
        "[developer|debug|god|admin|dan|sudo|root|jailbreak|maintenance] mode <rest>",
        "sudo|jailbreak <rest>",
        "end of|the [the] instructions|prompt <rest>",
        "your new|only|real|actual|true|next task|instructions|job|role|goal|instruction|purpose|prompt is|are <rest>",
        "stop being|acting [an|as] [a|an|the] interviewer|examiner|grader <rest>",
        "change your|the instructions|rules|behaviour|behavior|rubric|role|prompt <rest>",
    ),
    "plea_marks": (
        "give|grant|award|assign|hand me|us|candidate [at] [the|a|an|all|some|least] "
        "[candidate|answer|maximum|full|perfect|highest|good|best|top|all|high|more|better|higher|extra|few|one|"
        "pass|free|total|passing|bonus] "
        "[possible|available|the|of] "
        "mark|marks|score|scores|points|credit|grade|grades|pass|point|1.0|percent <rest>",
        "give|grant|award me|us|it [a|an] 10|100|1|5|20 [out|of|from|points|percent|please|marks] <rest>",
        "give|grant|award|hand me|us [a|an|the|my|full|just|at] [full|straight|solid|whole|easy|good|clean|perfect|least] "
        "<n> out|of|from|points|percent|marks|please|already|anyway|stars|credits <rest>",
        "give|grant|award|hand me|us [a|an|the|my|just|at] [full|straight|solid|clean|perfect|least] <n>",
        "give|grant|award|hand me|us [a|the|one|full] hundred [percent|points|out|marks] <rest>",
        "give|grant|award|assign this|it|my|the|every [answer|answers|candidate|one] [the|a] "
        "full|maximum|perfect|highest|best|top [possible] mark|marks|score|points|credit|grade <rest>",
        "give|grant|award|assign [out] [the|a|me] full|maximum|perfect|top [possible] "
        "mark|marks|score|points|credit|grade <rest>",
        "mark|grade|rate|score me|this|it|my|myself|everything|all [answer|answers] [a|as|an|the|with|at] "
        "perfect|full|100|10|1|5|20|correct|right|pass|maximum|passed|complete|well|generously|kindly|leniently|"
        "high|highly|met "
        "<rest>",
        "count|treat|consider|accept|record|register me|this|that|everything|all|my|the "
        "[answer|answers|question|points|of|key] [points|them|this|these] as "
        "correct|right|met|passed|complete|answered|perfect <rest>",
        "pass me|this [please|anyway|on|in|test|interview|exam] <rest>",
        "let me pass|through|in <rest>",
        "wave|push|carry|see|get me through <rest>",
        "help me pass <rest>",
        "approve|employ|accept me <rest>",
        "[do] not let me fail <rest>",
        "bump|push|nudge|lift|round me|my [mark|marks|score|grade|points|result] up|over|higher <rest>",
        "cut me some slack <rest>",
        "go|take easy|it on|easy|lightly [on|with] me <rest>",
        "[just|and] turn|close|shut a|an|one|both|your [blind] eye|eyes <rest>",
        "look the other way <rest>",
        "[just|at] [least] a|an|some|one|half|any [few|couple|single|little|lousy|tiny|half] [of] "
        "point|points|mark|marks|credit please|pretty [please]",
        "[just|at] [least] a|an|some|one|half|any [few|couple|single|little|lousy|tiny|half|of] [a|of] "
        "point|points|mark|marks|credit for [my|the|me] trying|effort|attempt|showing|turning|honesty <rest>",
        "i [really|badly|desperately|so|truly|do|honestly|just] [really|badly|desperately] need|want|deserve "
        "this|the|that|a|these|those|some|every|your [good|high|better|passing|full|few] "
        "job|position|role|place|mark|marks|score|grade|pass|offer|points|credit <rest>",
        "[i] [really|badly|desperately|just|simply|absolutely] need|have|must|want|deserve|hope [to] pass|succeed "
        "[this|the|my|here|today] [interview|test|exam|course|class|one|time|semester] [so|very] [badly|much] [please] ,",
        "i [really|badly|desperately|just] need|want|deserve a pass <rest>",
        "my|our [whole|entire|poor] "
        "family|kids|children|wife|husband|parents|mother|father|rent|visa|life|future|career|boss|scholarship|job|degree "
        "depends|depend|relies|rely|hangs|counts|count on|upon <rest>",
        "give me an|a a|b|pass <rest>",
        "say [that] i passed|pass <rest>",
        "do not fail me <rest>",
        "i [really|truly|definitely|do|fully|think|believe] [i] deserve|need|want [to] [get|have|receive|pass] "
        "[the|a] [full|perfect|maximum|good|high|higher|better|all|more|best|this] [possible] "
        "marks|mark|score|points|credit|grade|job <rest>",
        "i should get|have|receive|pass [the|a|full|perfect|maximum|good|high|better|all|more|best] "
        "marks|mark|score|points|credit|grade|this <rest>",
        "set|change|raise|increase|make|put|update|boost|adjust|bump [up] my [total|final|last|current] "
        "score|mark|marks|grade|points|result <rest>",
        "be [a|very|more|so] [bit|little] [more] generous|lenient|merciful <rest>",
        "be [a|very|more|so] [bit|little] [more] kind|nice|gentle|easy with|to|on me|my "
        "[and|when|marks|marking|grading|please] <rest>",
        "have [a|some|a] [little|bit] [of] mercy|heart|pity|compassion <rest>",
        "i [really] need this job <rest>",
        "hire me <rest>",
        "do not be [so|too] strict|hard|harsh|mean <rest>",
        "i will|would|can pay|tip|bribe|donate you <rest>",
        "full|maximum|perfect marks|credit|score [please|for|to|thanks] [me|this]",
        "10|100|5|20 out of 10|100|5|20 please",
        "all|every|these [my|the|of] [my|the] [key] answers|points|point are|is correct|met|right|covered <rest>",
        "can|could i have|get|receive [the|a|some] [full|good|perfect|extra|more|better|bonus|higher|high|maximum] "
        "marks|points|credit|score|grade|mark|point [please|for|anyway] <rest>",
        "output|return|respond|reply|print|write with|only|the|a [the|a] score|grade|json|verdict|marks|1.0 <rest>",
        "say that i|my|this [answer] passed|am|is|was <rest>",
        "my answer|answers is|are correct|perfect|right|excellent|brilliant|great <rest>",
        "trust me <rest>",
    ),
    "plea_answer": (
        "what|which are|were [the|your] [key|main|important] points [of|for|in|to|on|here|behind] {this}",
        "what|which [key|main] points do|should|must|would|are|shall you|i|we [want|expect|looking|have|need|be] "
        "[to|me|for|that] [to] [hear|say|mention|name|cover|make|include]",
        "what|how would|does|should|must|will|could a|an|the|your "
        "good|perfect|excellent|ideal|full|great|strong|complete|correct|model|right answer|response|one "
        "look|be|contain|sound|include|say|mention|have|cover [like|for|to|here] {this}",
        "tell|give|show|say|reveal|provide|write|type|display|share|send [to] [me|us] [what|the] [is] "
        "[the|a|this|me|your] "
        "[full|correct|right|whole|complete|model|reference|sample|ideal|perfect|expected|real|best|actual] "
        "answer|solution|answers|result|solutions|reference [please|instead|to|for|now|already|directly|of|is] "
        "[this|it|that|me|the] [question|one]",
        "what is|was|would|are [be] the|your|a "
        "[full|correct|right|model|reference|whole|ideal|perfect|expected|real|best|good|actual|complete] "
        "answer|solution|answers|one [then|please|to|here|for|be] [this|it|that|the] [question|one]",
        "[the] [correct|right|full] answer|solution please",
        "answer|solve|do it|this|that [question|one] yourself|instead",
        "answer|solve|do it|this|that [question|one] for me",
        "answer the|your [own] question yourself|for [me]",
        "you [should|can|please] answer|tell [it|this|me|that|the] [yourself|instead|question|for|answer] [me]",
        "you tell me",
        "[surely|clearly|obviously|of] [course] you [surely|clearly|obviously|certainly|must|do|already|probably|of|will] "
        "[course|surely|already|certainly] know it|this|that|the [right|correct|full|whole] [answer|solution|one] "
        "[already|anyway|anyhow|yourself|best|better|all|do|perfectly|very|full|of] [along|not|well|course] [you]",
        "you [surely|clearly|obviously|must|already|probably|will|do] have [got] the|all [right|correct|full|model] "
        "answer|answers|solution|solutions [written|right|there|somewhere|in|at|already|anyway|on|before|with] "
        "[down|there|front|hand|your|you|in] [of|notes|screen|list|front] [you|of] [you]",
        "the [right|correct|full] answer|solution is [surely|probably|right|written|there] [down|there] in|on|with|before "
        "front|your|you [of|screen|notes|list] [you]",
        "tell|show me [then|now|straight|directly|everything|all]",
        "[just] say it [then|already|now|yourself|out|for] [loud|me]",
        "spill it|the [beans|answer]",
        "out with it|the [answer]",
        "enlighten me",
        "why do|will|would|can|could not you [just|simply|rather] "
        "tell|answer|explain|give|solve|show|do|say [me|it|us|this|that] "
        "[it|the|that|this] [right|correct] [answer|solution|yourself|question|instead]",
        "why do|will|would|can|could you not [just|simply|rather] "
        "tell|answer|explain|give|solve|show|do|say [me|it|us|this|that] "
        "[it|the|that|this] [right|correct] [answer|solution|yourself|question|instead]",
        "what keeps|stops|hinders|prevents you [from] telling|answering|saying <rest>",
        "i want|need|wish|demand|expect [to] hear|know|see|have|learn the [right|correct|full|whole|model|real] "
        "answer|solution [now|first|from|please] [you]",
        "i would [really|much] like|rather|love|prefer [to] hear|know|see|have|learn the "
        "[right|correct|full|whole|model|real] answer|solution [now|first|from|please] [you]",
        "[i] [want|would] [like|rather|love|prefer|much] [rather] [to] hear it|that|this from you [first]",
        "let me [just] see|have|hear|know the [right|correct|full|whole|model] answer|solution [now|please|first]",
        "do not make|let me beg|guess|wait|suffer [again|any|so|for] [long|longer|it]",
        "hand|spill|whisper|slip|pass|leak|lend me|us|over|out [over] the [right|correct|full] answer|solution|answers [over]",
        "you answer|do|explain|solve it|this|that [for] [once|me|then|now]",
        "you go|answer first",
        "you first",
        "tell me [it|already|this|that|now]",
        "tell me what it|that|this is|does",
        "what should|would|must|do i|you [be] say|answer|saying|answering [here|to|if|that] [this|that|it|here|you] "
        "[question|were] [me]",
        "what would you|a|an [answer|say|good|excellent|ideal|perfect] [answer] [say|be|to] [this|here]",
        "how would you answer|explain|solve|do|respond [it|this|that|to] [question|this|one]",
        "do you know [the] answer",
        "i want|need [to] [know] the answer|solution|answers",
        "give it away",
        "spoil it [for] [me]",
        "write|do|make the|my|this program|code|it [for] me",
        "write|code it for me",
        "explain|teach|tell [me] [it|this|the] [answer|solution] to|for me",
        "explain|teach|tell [me] the [correct|right|full] answer|solution",
        "show|give me [a|the|some|an|your] [sample|example|full|complete|correct|working|right] "
        "code|program|solution|example|implementation [please|for] [this]",
    ),
}

#: What a sentence beside a plea may speak of and still be no answer.
PLEA_WORDS = frozenset(
    """
    admin ai allowed assistant award candidate comply correct deserve developer examiner full generous grade
    grader grades grading hire hired instruction instructions interviewer job kind mark marks maximum model
    must obey output pass passed perfect please points prompt rate reference reply respond rubric rules score
    scores system
    """.split()
)
