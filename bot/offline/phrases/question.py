"""What is said about the question on the table: a hint, once more, put otherwise, a moment to think.

A key is a meaning, with a detail after a colon: `bare` is a single verb, which also answers a question about what one
does; `noun` is an answer while a follow-up is open; what the other details lead to stands in `acts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

QUESTION: Mapping[str, Sequence[str]] = {
    "hint": (
        "[{give}] [to] [me|us] [a|an|another|one|some|any|the|more|your] "
        "[small|little|tiny|quick|short|next|first|second|third|last|useful|kind|additional|extra|further|other|"
        "more|of] "
        "{hint} [here|now|again]",
        "[a] [bit|little] [of] [a] {hint}",
        "[any] {hint} would help",
        "{hint} number <n>",
        "{hint} [is|are|would] [be] [needed|necessary|required|nice|great|good|helpful|appreciated|welcome]",
        "{hint} [for|on|to|about|with] {this}",
        "{give} [me] [a|an|another|one|some|any] [small|little] {hint} [for|on|to|about|with] {this}",
        "what is|are the|your [first|second|third|next|last] {hint}",
        "do you have|is|are there [a|an|any|another|some|more] {hint} [for] [me|this]",
        "got [a|any|another|some] {hint} [for] [me]",
        "one|another more {hint}",
        "use [a|my|one] {hint}",
        "help [to] me [out] [a|to|with] [bit|little|please|get|find] [on|with|for|along|started|there] {this} [answer]",
        "{give} [me] [some|a|any|more] [little|bit|small] [of] help|assistance|support|guidance [on|with|for|here] "
        "{this}",
        "some|any|more|little [little|bit] [of] help|assistance|guidance [on|with|for|here] {this}",
        "i|me [really] need|want|require [your|a|some] [little|bit] [of] help|assistance|guidance [here|on|with] "
        "{this}",
        "give|lend me a hand",
        "[a|some] [little|small] {hint} in the right direction",
        "throw me a bone",
        "ask|asked|asking for [a|an|another|the] [small|next|little] {hint}",
        "can|could|would|will you [please] help|assist [out]",
        "point|push|steer|guide|lead me [in|to|towards|into] [the|a] [right] [direction|way|track]",
        "nudge|push|help|point|steer|guide|lead|put|set|bring|get|send|tip|turn me|us [gently|just|a|back] "
        "[bit|little|tad] in|to|towards|toward|into|on|onto [the|a|my] [right|correct|good|proper] "
        "direction|way|track|path|road|trail|lines [here|with|on] {this}",
        "nudge|push|help me [just] [a|the] [tiny|little|small|wee] [bit] [along|forward|on|further|here]",
        "get|keep|set me going|moving [again|here|with] {this}",
        "{give} me a|some|another [little|small|gentle|tiny|slight|friendly] "
        "push|start|starter|lead|prompt|prod|cue|kick|lift|steer|leg|jumpstart|starting|first [up|point|step|word] "
        "[in|to|towards] [the] [right] [direction] [here|with|on] {this}",
        "{give} [me] something|anything to hold|go|build|lean|start|work|think|chew on|to|from|with|over [to] [here] {this}",
        "a|some|another [little|small|gentle|tiny|slight] push|prod|nudge|pointer|steer [in|to] [the] [right] [direction]",
        "[i] could|can do with a|some|another [little|small|gentle|bit] [of] "
        "help|hand|push|hint|nudge|pointer|clue|support|assistance [here|on|with] {this}",
        "[is] there anything|something|a|one [thing|word] you can|could|may|might|would say|tell|give|do|offer "
        "[me|us] to [help|get|bring|push] [me|us] [on|going|out|along|here|further|started] {this}",
        "what would|could|might help|get|bring me [get] [on|going|here|along|further|started|there]",
        "without giving|revealing|telling|spoiling [me|it|away] [the|it|too|everything|all] [answer|solution|much|away] "
        "[away] ,",
        "do not tell|give|spoil [me] [the|it|away] [answer|whole|everything] [thing|away] , [but|just]",
        "guide me [through|on|with|a] [it|this|bit|little]",
        "i am [a] [bit|little|really|completely|totally|so|kind|kinda|of] stuck [here|on|with] {this}",
        "stuck [here|on] [this]",
        "get me|us started",
        "where do|should|would|can i [even] start|begin",
        "how do|should|would|can|could i [even] start|begin|approach [with] [this|it|the] [question]",
        "i do not know where|how to start|begin",
        "give me something|anything to work|go|start with|on",
        "which|what direction should i|we [go|think|take|look]",
        "am i on [the] right track|way|path",
    ),
    "repeat:bare": ("repeat [it|that|this]", "again"),
    "repeat": (
        "repeat|say|ask|read|state|tell|show|give|see|hear|have|type|write|post|display|print|send [to|for] [me] "
        "[it|that|this|what] [the|your|last|previous] [{question}] [to|for] [me] again|twice",
        "repeat|reread|restate|show|display|see|hear|get [to|for] [me] [the|your|this|that|current|last] "
        "[current|last|previous|whole|full|entire|same] {question} [to|for] [me] {again}",
        "repeat [the|your|that|this] [last|previous] [part|bit|sentence|thing|hint|sentences|statement] {again}",
        "[do] repeat it|that|this|yourself [to|for|once|one] [me|more] [time]",
        "ask|say|repeat|tell [me] [it|that|this|the] [question] [to] [me] [once|one] more|again [time]",
        "make [a] repeat",
        "repeating it|that|this|the [question]",
        "run|go [through] it|that|this by|past|with me again|more [time]",
        "once|one more|again [time]",
        "come again",
        "say [it|that|this] again",
        "what was|is|were the|your|that|this|my [last|current|actual|exact|original] {question} [again|about|please]",
        "what|which question [was|is] [it|that] again",
        "what question was it|that",
        "what did|do you [just] say|ask|asked|said [me] [again|just|now]",
        "what were|are you saying|asking again",
        "what have you asked|said",
        "what was|is it|that [again]",
        "what again",
        "what you said|asked|say|ask [again]",
        "what",
        "huh|pardon|eh",
        "[i] beg [your] pardon",
        "pardon|excuse me",
        "sorry what",
        "i [am] [sorry] did|do|could|can not [quite|really|fully] catch|hear|see|read "
        "[what|you|that|it|this|the|your|all] [of] [you|last|question|that|it] "
        "[said|asked|say|ask|bit|part|again|was|is|properly|correctly|well]",
        "i [am] [sorry] did|do|could|can not [quite|really|fully] remember|recall the|your|what [last] question|you "
        "[said|asked|say|ask|was|is]",
        "did|do not catch|hear [that|it|you]",
        "i missed [what|that|it|the|your|this] [you|last|question] [said|asked|was|part|bit|again|is]",
        "[i] [have] forgot|forgotten|lost what|the|your you|question [said|asked|was|again|is]",
        "i forgot|have forgotten what|which [the|your] question [was|is]",
        "forgot the question",
        "[i] forgot|lost what the|your question was|is",
        "remind me [of|about|what|again] [the|your|that] [question|it|task] [was|is|again]",
        "[the] question [once|one] again|more [time]",
        "the question please",
        "where were|was we|i",
        "repeat|say|read|ask|tell [me] [it|that|this|the|your] [question] [again] [a] [bit|little] [more|very] "
        "slowly|slower [again]",
        "say what",
    ),
    "rephrase": (
        "put|say|phrase|word|express|formulate|ask|explain|frame|tell|state|describe|describe [me] "
        "[it|this|that|the|your] [question] [to|for] [me] [in|a|an|some|more] "
        "[other|another|different|differently|otherwise|more|new|alternative] [a|an|one] "
        "words|way|ways|wording|manner|form|formulation|differently|otherwise|terms|detail",
        "put|say|phrase|word|express|formulate|ask|explain|frame|tell [me] [it|this|that|the|your] [question] "
        "[to|for] [me] [in] [a|an|another] differently|otherwise|else|different [way|wording]",
        "differently please",
        "[in] other|different words",
        "another|a|different [different] wording|formulation|phrasing",
        "rephrase|reword|reformulate|paraphrase|reframe|restate|clarify|elaborate|expand|specify [on|about] "
        "[it|that|this|the|your|what] [you|last|question] [mean|question|ask|one|want|please|task|said] "
        "[for|to|a|again] [me|bit|little] [again|more|further|differently|otherwise]",
        "be [a] [bit|little] more specific|precise|clear|concrete|explicit",
        "[a] [bit|little] more specific|clear|concrete please",
        "[i] [am|still] [sorry] do|did|can|could not [really|fully|quite|completely|at|all|even|still] {understand} "
        "[it|this|that|what|you|the|your|a|any] [thing|question|task|meaning|you|word|of|is] "
        "[mean|want|ask|asking|asked|said|say|saying|it|are|is|being|question|exactly] "
        "[asked|asking|at|exactly|correctly|well|here|saying] [all]",
        "[i] [am] not {understand} [it|this|that|the|what|your|you] [question|you|want|ask|mean|is] "
        "[mean|want|ask|asking|say]",
        "i no {understand} [it|this|that|the] [question]",
        "[i] do not {understand} [the|your|this] question",
        "not [really] understand|understood [it|this|that|the] [question]",
        "[it|that|this|the] [question] [is|was|sounds|seems] [a|still] [bit|little|very|too|really|so|somewhat] "
        "unclear|confusing|vague|ambiguous|confused [to|for] [me]",
        "[it|that|this|the] [question] [is|was] not [really|so|very|quite|too|at|all] clear|understandable "
        "[to|for|enough] [me] [at|all] [all]",
        "i am [a|still|so|very|really|quite|totally|completely] [bit|little] confused|puzzled [by|about|with] "
        "[the|this|your|it|that] [question]",
        "confused",
        "i am [a|totally|completely|so] [bit|little] lost [here]",
        "you lost me [there|here]",
        "what do|did|does you|it|that|this [question] [actually|exactly|really] mean|want|expect [by|with|from|to] "
        "[that|it|this|me|hear|know|here|question] [exactly|question|to|precisely|say|here] [hear|know]",
        "what you mean|want [by|to] [that|it|this|hear|know]",
        "what is|does the [point|meaning] [of|behind] [this|that|the] [question] [mean]",
        "what does [the|this|that|your] question mean",
        "what are|do you [actually|exactly|really] asking|looking|want|after|getting|referring|trying "
        "[for|me|at|to] [say|ask|to|know] [exactly|here|me] [for] [me]",
        "what exactly are|do|is you|it|being [asking|want|looking|mean|asked|expect|me] [for|me|to|by] "
        "[that|know|hear|do] [here]",
        "what should|shall|must|do|am i [have|supposed|expected] [to] do|write|explain|describe|tell|talk|say "
        "[about] [here|exactly|you|now|it]",
        "what is|exactly is expected|asked|wanted|required|being [of|from] [me|asked] [here]",
        "what kind|sort|type of answer [do] [you|are] [want|expect|looking] [for]",
        "i am not sure|certain [that|if|whether] i {understand} [it|this|that|what|you|the|your] [question|you] "
        "[mean|correctly|are|want|asking|right] [asking]",
        "i am not sure what you|this|it|the [question] [are|is|mean|means|want|asking|question] "
        "[asking|for|to|after|about] [hear]",
        "not sure what you|this [question] mean|means|want|are|is [asking] [for|about]",
        "do|did|would you mean|want|expect|ask [me] [about|to] <rest>",
        "are|were you asking|talking|referring|looking|thinking <rest>",
        "is this|it|that [question] [asking] about <rest>",
        "should|shall i <rest>",
        "how detailed|long|deep|precise|technical|short should|must|does <rest>",
        "may|can|could i [just] "
        "use|assume|write|suppose|presume|describe|draw|give|mention|talk|speak|ask|explain|answer|choose|"
        "import|assume "
        "<rest>",
        "explain|tell [to] [me] what you want|mean|expect|ask|asked [from|of|by|to] [me|that|hear|know|it]",
        "explain [it|this|that] [a] [bit|little] more|again|further|better|differently|clearly",
        "please explain [it|this|that]",
        "explain [it|this|that] please",
        "explain [me] [the|your|this|that] question [to|for|a|in|again|once|more] [me|bit|detail|more] "
        "[more|again|please|better|clearly|detail]",
        "give [me] an example [of] [what] [you] [mean|this|that|it]",
        "[for] [an] example please",
        "in what|which sense",
        "makes|make no sense [to] [me]",
        "that|this|it [question] does not make [any|much] sense [to] [me]",
        "come again in other words",
        "you mean|meant which|what <thing>",
        "you want|mean|expect|need [a|an|the|only|just] definition|example|formula|examples|details|detail|words|number|"
        "explanation|list|name|names|program|code [or|and] [a|an|the] "
        "[definition|example|formula|examples|details|detail|words|number|explanation|list|name|names|program|code]",
    ),
    "rephrase:plain": (
        "[{plainly}] [me|it|this|that] [the|your] [question] [to] [me] [in|with|using] [a|an|more|some|very|really] "
        "[bit|little|lot|much] "
        "plain|simple|simpler|easy|easier|basic|clear|clearer|layman|normal|everyday|less|more|human "
        "[complicated|simple|complex|technical|simpler|plain] "
        "english|words|terms|language|way|word|manner|form|version|vocabulary",
        "{plainly} [it|this|that|the|your] [question] [to|for|in] [me] [a|in] [bit|little|lot|much|more] [more] "
        "simpler|easier|simple|simply|plainly|easily|clearer|easy|clearly|plain",
        "[to] ask|give|have|get|try [me|us] [with|for] something|anything|one easier|simpler|easy|simple [please]",
        "[to] [ask|give|have|get] [me|us] [with] a|an|some|the [much|bit|little] [little] easier|simpler|easy|simple "
        "one|question|questions",
        "something|anything easier|simpler|easy|simple",
        "[{plainly}] [it|this|that|the|your] [question] [to|for] [me] simplify|dumb [it|this|that|the] "
        "[down|question] [for] [me]",
        "simplify|dumb [it|this|that|the|your] [down] [question|wording|language] [for|a] [me|bit|little]",
        "explain [it|this|that] like [i] [am] [five|a] [child|kid|beginner|dummy]",
        "eli5",
        "[a|more] simpler|easier|plainer|simple|easy version|words|question|please|wording|english|language",
        "[be] less technical|complicated|complex|formal",
        "[too|very|so] complicated|difficult english|words|wording|language|formulation",
        "my english is not [very|so|that|too] good|great|perfect|strong",
        "english is not my first|native|mother language|tongue",
        "sorry for my [bad|poor] english",
    ),
    "wait:bare": ("wait", "pause"),
    "wait": (
        "[to] give|allow|grant|have|take|need|get|want|require|spare [to] [me|us|myself|for] [just] "
        "[a|an|one|some|another|two|2|3|5|10|15|20|30|five|ten|three|few|more|my] "
        "[little|few|couple|bit|short|quick|more|small|of|extra] [of] [more] {time} [more|longer] "
        "[to|for|and|so] [i|can] "
        "[think|thinking|decide|consider|recall|remember|collect|gather|organise|organize|formulate|reflect|"
        "write|type|read|prepare] "
        "[about|of|over|on|my] [it|this|that|answer|thoughts|through|the] [question]",
        "[just|only|wait|hold] a|one|another|two|few|five|2|3|5|10 [more|couple|little|quick|few|short|small] "
        "[of|more] moment|moments|minute|minutes|second|seconds|mo [more]",
        "hold|hang on [a|one|for|just|there] [a|one] [{time}]",
        "wait [just|for] a|one|for|up|on|me [a|bit|little|few] [{time}]",
        "hold up|it",
        "[i] [still] let me [just|quickly|first] think [about|it|this|for|a|over|that|through|of|again] "
        "[it|this|that|a|the|an|for] [{time}|question|answer|carefully|properly|again] [{time}]",
        "let me [just] think about|over it|this|that for a|one|another [little] {time}",
        "let me see|recall|remember|consider|ponder|read|check [it|this|that|the] [again|question]",
        "[i] [am] [still] thinking|pondering|considering [about] [it|this|that]",
        "[i] have|need|must|want|got to think|recall|reflect|consider [about|of|on|for] [it|this|that|a] "
        "[for|a|moment|bit|minute|while|second] [a] [{time}]",
        "need|want more time",
        "let me have a think",
        "[to] pause|stop|break for a [few] [{time}]",
        "i am [still] writing|typing|working [on] [it|my|the|this] [answer]",
        "still writing|typing|working [on] [it]",
        "phone [is] ringing",
        "let me [just] gather|collect|organise|organize|sort my thoughts",
        "bear with me [for] [a] [{time}]",
        "brb",
        "[i] [will] be [right] back [in|soon|shortly] [a] [few|{time}] [{time}]",
        "not [ready] yet",
        "[i] [am] not ready [yet]",
        "[{give}] [to] [us|me] [a|some] [short|quick|little|small|coffee|bathroom|toilet] break",
        "give me time",
        "the|my phone|doorbell|door [is] [rings|ringing|rang]",
    ),
}
