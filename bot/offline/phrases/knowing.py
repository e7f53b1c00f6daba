"""What is said about knowing: what a word means, and that one does not know the answer. Keys are as in `question`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

KNOWING: Mapping[str, Sequence[str]] = {
    "clarify": (
        "what [exactly] do|did|does|is [you] mean|meant|meaning by|with|of [the] "
        "[word|term|expression|concept|phrase|notion] <term> [here|exactly|in] [this|that] [question|context]",
        "what you mean by|with [the] [word|term] <term>",
        "what do you mean when you say|ask [about] <term>",
        "what do|did you understand by <term>",
        "what does|do|did [the|a|an|your] [word|term|expression|phrase|concept|letters|abbreviation|acronym|symbol] "
        "<term> mean|means|meant|stand|stands|refer|refers|signify|denote|imply [for|to] "
        "[here|exactly|again|in] [this|that|the|your] [question|context]",
        "what means|mean [the] [word|term|expression] <term>",
        "what is|are [exactly|actually] meant|understood by|with [a|an|the] [word|term|expression] <term> "
        "[here|exactly|again]",
        "what is|are meant by <term>",
        "what is the meaning|definition|sense of [the] [word|term|expression] <term> [here|in] [this] [question]",
        "which|what kind|type|sort of <term>",
        "define [the] [word|term|expression|concept|what] <term>",
        "[the] meaning|definition of [the] [word|term] <term>",
        "explain|clarify|describe [to|for] [me] [what] [the] [word|term|meaning|concept|expression|notion|phrase] "
        "[of] <thing> [to|for|means|mean|is|are] [me|here]",
        "tell|remind|explain|say [to] [me] [again] what [a|an|the] <term> is|are|means|mean|meant|stands "
        "[for|here|again]",
        "i do not know|understand|get|remember|recall what [is] [the] [word|term] <term> mean|means|meant|stands "
        "[for|here]",
        "i do not know|understand|get|remember|recall what is meant by <term>",
        "i do not know|understand|get|remember what you mean by|with <term>",
        "i do not know|understand|get|recognise|recognize [this|that|the] [meaning] [of] [the|this|that] "
        "word|term|expression|concept|notation|abbreviation|acronym|symbol <term>",
        "i do not understand|get|follow <term>",
        "[i] [am] not|un sure|certain|clear what [is] [a|an|the] <term> mean|means|is|are|stands [for]",
        "unsure what <term> mean|means|is|are",
        "[i] [am] not familiar with the word|term|expression|abbreviation <term>",
        "[i] [have] never heard the word|term|expression <term>",
        "how do you define|understand <term>",
        "how is|are <term> defined",
        "by <term> do|did you mean <rest>",
        "in what|which sense <term>",
        "give me the|a definition of <term>",
        "is [a|an|the] <thing> the same [thing] as <rest>",
        "what is the difference between <term>",
        "how is|are <thing> different from <rest>",
    ),
    "clarify:generic": (
        "what [exactly] is|are|was|were [exactly] [a|an|the] <thing>",
        "who is|was|are <thing>",
        "explain <thing> to me",
    ),
    "clarify:is": (
        "i do not know|remember|recall what [a|an|the] <term> is|are [exactly|actually|again]",
        "[i] [am] not sure what [a|an|the] <term> is|are [exactly]",
        "[i] [have] no idea|clue what [a|an|the] <term> is|are|means|mean [exactly]",
    ),
    "dont_know": (
        "[i] [am] [still|really|honestly|simply|just|truly|actually] do|did|does not|no "
        "[really|actually|even|exactly|quite|honestly|currently|fully] know|knew|remember|recall "
        "[it|that|this|anything|enough|much|a|any|the|how|all|what|exactly] [thing|of|about|on|to] "
        "[it|this|that|the|any] [at|answer|one|question|topic|subject|stuff|answers|anymore] "
        "[to|for|of|now|all] [it|this|that|at|the] [question|one|all|moment]",
        "[i] do not know [about|anything|much|enough|exactly|really|actually] [about] "
        "[what|how|why|where|when|whether|if|who|which|of] <term>",
        "[i] can|could|do not [really] remember|recall|explain|describe|answer|name "
        "[about|of|what|how|why|where|when|whether|if|who|which|any|of|the|a|that|this|it] <term>",
        "i can|could not [really] think|tell|say of|what|how|why <term>",
        "i would not know",
        "i do not think|believe [that] i know [it|this|that|the] [answer|one]",
        "no i do|can|could not",
        "[i] do not no",
        "[i] know nothing [about|of] [it|this|that]",
        "[i] know nothing about|of <term>",
        "it has been|is [a] while|long|ages|years [time] [ago]",
        "can|could not say|tell",
        "i can|could not [really|even] think|come [of|up] [with] anything",
        "i not know [it|this|that|answer]",
        "[i] can|could|do|did not [really|even|quite] remember|recall [it|that|this|the|all|any] "
        "[name|answer|details|more|anymore] [right|at|any] [now|all|more]",
        "i [have|just] [completely|totally] forgot|forgotten",
        "no idea|clue|answer|ideas|knowledge|notion [about|for|to|on|at|sorry|whatsoever|here|of] "
        "[it|this|that|the|all] [one|question|answer|topic] [at] [all]",
        "no idea|clue|knowledge about|of|on|how|what|why|where|when|whether <term>",
        "[i] [really|honestly|absolutely|truly|simply|just] have|has|got|had "
        "[honestly|really|absolutely|got|simply] no|zero|not [the|a] "
        "[slightest|faintest|foggiest|remotest|single] idea|clue|answer|knowledge|notion|thoughts|ideas "
        "[about|of|on|for|how|what|why|at] [it|this|that|all|the] [topic|question|one|answer]",
        "[i] [really|honestly] have no idea|clue|knowledge about|of|on|how|what|why|where|when|whether|if <term>",
        "[i] have not [got] [a|the|any] [slightest|faintest|foggiest|remotest|single] idea|clue|answer [about|of] "
        "[it|this|that]",
        "[i] do not have [a|an|any|the] [good|slightest|clear] [idea|clue|answer|knowledge|notion] "
        "[for|to|about|on] [it|this|that]",
        "[absolutely] not a|the [single|slightest|faintest|foggiest] clue|idea",
        "[absolutely] not the slightest|faintest|foggiest",
        "[i] have not [got] the slightest|faintest|foggiest",
        "[i] [am|was] not [really|quite|entirely|too|very|so|completely|100|at|totally|all|exactly] [all|100] "
        "sure|certain|knowledgeable [about|of|how|what|on|at] [it|this|that|the|all|to] "
        "[one|question|answer|say|all|topic]",
        "unsure [about] [it|this|that]",
        "[i] [am] unable|not [able] to [really|just|even] "
        "answer|tell|say|remember|recall|think|explain|do|solve|come [it|this|that|anything|up|of|you] "
        "[one|question|with|anything|right|at] [anything|now|all|moment]",
        "[i] can|could not [really|just|even] answer|tell|say|remember|recall|explain|do|solve|help [it|this|that] "
        "[one|question] [right|at|sorry] [now|all]",
        "i can|could not",
        "i forget [it|this|that]",
        "[it|that|this] is not something|anything|one i know|learned|learnt|remember [about]",
        "never heard|learned|learnt|studied|seen [of|about] it|this|that|those|them [before]",
        "[have] never heard of|about <term>",
        "have not [ever|really|yet] studied|learned|learnt|seen|used|covered it|this|that [yet|before]",
        "i|we [have|had|did|was|were] never|not [ever|even|really|yet|actually] "
        "heard|learned|learnt|studied|covered|seen|used|read|done|worked|come|encountered|met|touched|taught|"
        "learn|study|cover|revised "
        "[anything] [about|of|with|on|across] [it|this|that|those|them|such|these] "
        "[before|yet|one|topic|thing|things|subject] [before|yet]",
        "i|we [have|had|did|was|were] never|not [ever|even|really|yet|actually] "
        "heard|learned|learnt|studied|covered|seen|used|read|done|worked|come|encountered|met|touched|taught|"
        "learn|study|cover|revised "
        "[anything] [about|of|with|on|across] <term>",
        "[i] [am] not [very|so|really|too|that|at|yet|all] [all] "
        "familiar|acquainted|comfortable|confident|experienced [enough] [with|about|in|on|to] "
        "[it|this|that|the|say|answer] [topic|one|question|subject|concept]",
        "[i] [am] not [very|so|really|too|that|at|yet] [all] familiar|acquainted with <term>",
        "[i] [am] unfamiliar [with] [it|this|that|the] [topic|one|subject|concept]",
        "i [have|just|completely|totally] [just|completely|totally|already] forgot|forgotten "
        "[it|this|that|how|everything|all|about] [about|of] [it|this|that]",
        "[i] [have|just|completely] forgot|forgotten what|how|why|about|the <term>",
        "[it|this|that] [has|just] slipped|escapes|left my mind|me|memory",
        "my mind|head|brain is|went|has|goes [gone|completely] [blank|empty|completely] [blank]",
        "[i] [am] draw|drawing|drew|drawn|having|had a [complete|total|bit|of] [a] blank [here|on] [this]",
        "blank",
        "beats me",
        "i give up [on] [this|that|it] [one|question]",
        "you got|have me there",
        "[it|this|that] [question|one] [is] [way|far|really] too hard|difficult|tough|advanced for me|my "
        "[level|knowledge]",
        "this|that question|one is [way|far|really] too hard|difficult|tough|advanced",
        "[it|this|that] [question|one] [is] [way|far|really] beyond|over|above|outside [of] me|my "
        "[knowledge|head|depth|level|expertise]",
        "[i] [am] out of my depth|league|ideas|knowledge [here]",
        "[i] [am|really] [absolutely|completely|totally|just] clueless|ignorant [about|here|on|of] [it|this|that]",
        "nothing comes|springs to [my] mind",
        "can not help you [there|here|with] [that|this]",
        "i lack [the] knowledge [here|of|about|on] [it|this|that]",
        "[it|this|that] is [completely|all|totally] new to me",
        "[i] [would|will|am] [just|only] [be] guessing",
        "i would have to guess",
        "pass [sorry] i do not know [it|this|that|the] [one|answer]",
        "pass i have no idea",
        "it is not [something] i|my [know|strength|area|field|thing] [of] [expertise]",
        "not my [strong|area|field|strength|topic|cup] [point|suit|expertise|of] [tea|expertise]",
        "i do not have any|the|an|a|enough idea|clue|knowledge|answer|experience|information "
        "[about|of|on|for|with|in] [it|this|that]",
        "who knows",
        "no comment",
        "ask me something i know",
    ),
}
