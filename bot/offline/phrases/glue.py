"""What may stand beside a request without changing it, and what is said by a yes, a no or a laugh alone.

Keys are as in `question`; `spoken.SILENT` says which of them mean nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

GLUE: Mapping[str, Sequence[str]] = {
    "courtesy": (
        "please|kindly|sorry|apologies",
        "thanks|cheers [in|so|very|a] [advance|much|lot]",
        "thank you [so|very|in] [much|kindly|advance]",
        "[i] [am] [so|very|really] sorry [about|for|but] [that|this|it]",
        "excuse|forgive|pardon me [please]",
        "hey|ah|oh|oops|whoops|wow|aha",
        "here is|are my|the|a code|program|solution|answer|script|attempt|submission|file|try|model|work|network "
        "[for] [you|this|it|question]",
        "here it is|goes",
        "this|below|attached|above is my|the code|program|solution|answer|script|attempt|submission|file|try|model",
        "my code|program|solution|answer|script|attempt|submission [is] [below|here|attached|follows] ,",
        "see|find attached|my|below [code|program|attached|below]",
    ),
    "filler": (
        "if possible|convenient|necessary|required|needed",
        "if [that|it] is [ok|possible|fine|alright|allowed|all] [right|with|for] [with|for] [you]",
        "if you can|could|may|would|please|like|want [like|mind|want|please|to]",
        "if you do not mind",
        "would be [really|very|so] nice|great|good|helpful|appreciated|lovely|kind",
        "important|attention ,",
        "wait|hold [on] ,",
        "no wait ,",
        "before that|this|we|i|you|anything [we|i|you] "
        "[start|begin|go|move|continue|proceed|answer|forget|else|carry] [on|with|that|this|it] ,",
        "one|a|just [a|one|little] moment|minute|second ,",
        "that|this|it must|have|has to wait ,",
        "if i may|can|could [ask]",
        "by the way",
        "sir|madam|maam|ma'am|mate|man|dude|bro|buddy|friend|mister|miss|interviewer|viva",
        "ooh|gosh|damn|ugh|argh|well|yikes|ouch|shoot",
        "for me|now|this|us",
        "actually|honestly|unfortunately|sadly|basically|frankly",
        "to be honest|frank|fair",
        "tbh|btw",
        "i am afraid [that]",
        "[oh] come on",
        "seriously|omg|jesus|christ|sigh|pretty",
        "oh [my] god|lord|dear|boy|man|no",
        "for god|heaven|christ|goodness|pity [is] sake",
        "be a dear|pal|sport|darling|sweetheart|friend [and] [please]",
        "do me a|the|one favour|favor [please|and]",
        "save|spare us|me|yourself [both|all] [the|some] time|trouble|effort|hassle [and]",
        "nobody|no one [else] will|would|needs|has|must|can|could|is [ever|even|going|to] [to] "
        "know|notice|find|mind|see|check|hear|tell [out|that|it|about|of] [it|this|that]",
        "just|strictly between [the] [two] us|you [of] [and] [us|me]",
        "it|this|that stays|remains between us",
        "it does not cost|hurt you [anything]",
        "[and|then] we are|can be all|done|even|quits|friends [here|now|with] [this]",
        # a tag: "nice day, isn't it?"
        "is|are|was|were|do|does|did|has|have|can|could|would|will not it|that|this|they|there|you|we|i ,",
        "is|are|was|were|do|does|did|has|have|can|could|would|will it|that|this|they|there|you|we not ,",
        "do|would not you think|say|agree|find ,",
        "at|for the moment",
    ),
    "laugh": ("lol|haha|hahaha|lmao|rofl|hehe|hihi|xd|lolol|heh",),
    "connective": (
        "so|and|then|but|or|now|just|maybe|perhaps|also|because|anyway|again|first|instead|i",
        "let us|me",
        "i|we think|guess|believe|suppose|feel [i|we|that] [i|we|would|will|should] [will|would|should|must]",
        "i|we will|would|should|must|can|could|may|shall "
        "[just|rather|like|prefer|love|better|have|want|need|really] [to]",
        "i|we want|need|have|like|wish|prefer|am|are [going] [you] [to]",
        "i am going to",
        "in this|that case",
        "i do not care",
        "for this|that|the [current] question|one",
        "this|that|the question",
    ),
    "frame": (
        "can|could|would|will|may|might|shall|should i|you|we [please|kindly|just|maybe|perhaps|possibly|also] "
        "[please|just|then|to|have|like] [to]",
        "can|could you|we please|maybe",
        "i would [really|very|also] [much] like|love|prefer|appreciate|want [it] [if|you|to|for] [you] "
        "[to|could|can|would]",
        "would|do you|i mind [if|to|please] [i|we|you] [can|could]",
        "[is|would|was|if] it [be] [is] possible|ok|fine|alright|good|nice|great [for|if|that|to|when] "
        "[me|you|we|i|us] [can|could|to|would]",
        "[is] it [is] possible [to]",
        "possible to",
        "[i] was wondering if|whether [you|i|we] [could|can|may|might]",
        "how about [we|you|i|if] [we]",
        "i ask|beg|request|want|need|wish|expect [for|that] [you] [to]",
        "allow me to",
        "any chance [of|for|you|to|that|i] [could|can|to|you]",
        "you can|could|should|may|must|have [to]",
        "i [hope|wish] [that] you could|can|would",
        "do i|we|you have|get|got|mind",
        "would be nice|great|good [if|to] [you|i|we] [could|can]",
        "i [really] [could|would] appreciate|use",
        "feel like [i]",
        "i feel|think like [i|we] [should|will]",
        "am i able|allowed to",
        "i am [just] wondering|asking if|whether|for [you|i|we] [can|could]",
    ),
    "hm": (
        "hm|hmm|um|uh|uhh|uhm|umm|er|erm|err|mm|mmm|mhm|huh|ehm|ahm|ehh|ahh|hmph|pff|phew|well|hmmm",
        "good|interesting|tough|hard|nice|great|tricky|difficult question|one",
    ),
    "yes": (
        "yes|yeah|yep|yup|yea|aye|sure|absolutely|definitely|certainly|affirmative",
        "of course",
        "yes sir|please|madam",
        "sure thing",
    ),
    "yes:claim": ("right|correct|true|exactly|indeed",),
    "okay": (
        "ok|alright|fine|great|good|cool|perfect|understood|roger|agreed|deal|nice|super|awesome|excellent|interesting",
        "all right",
        "very well",
        "i see",
        "no worries|problem",
        "[i] got|get it [now|thanks]",
        "[that] makes sense [now]",
        "fair enough",
        "sounds good|great|fine",
        "my bad|mistake|fault|apologies",
        "i apologise|apologize",
    ),
    "no": ("no ,", "nope ,", "nah ,", "negative ,", "no thanks", "no thank you"),
}
