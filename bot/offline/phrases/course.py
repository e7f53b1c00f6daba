"""What is said about the course of the interview: skip, later, back, undo, go on, stop. Keys are as in `question`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

COURSE: Mapping[str, Sequence[str]] = {
    "skip:pass": ("pass",),
    "skip:bare": ("next",),
    "skip:noun": ("pass it|this|that",),
    "skip": (
        "skip [over|past|to] {this} [for|please] [me]",
        "[to] skip|pass|ignore|omit|leave|drop [the|this|that] question [out|alone]",
        "[the] next one|question|item|topic|q",
        "next please|up|thing",
        "[to] go|move|get|jump|proceed|continue|skip|pass|forward|switch|advance|ask|come|give|take|have|do|try "
        "[me|us] [on|over|forward|ahead|straight|right] [to|with] [me] [the|a|an] [very] "
        "next|another|different|new|other [one|question|topic|item]",
        "[to] move|going|moving on|along|ahead|forward [from] [here|this|it|that] [now|one|question]",
        "go|carry on to the next",
        "i|we [will|would] pass [on|over|with|for] [this|that|it] [one|question]",
        "pass on|over|for this|that|it [one|question]",
        "pass it|this|that please|one|question",
        "another|different|new question [instead]",
        "drop it|this|that one|question",
        "leave [this|that|it] one|question|out|unanswered|blank|empty [out|blank|unanswered|empty]",
        "do not want|wish|like to answer|do [it|this|that] [one|question]",
        "[i] rather|prefer|would not [rather|like] [to] answer|say [it|this|that]",
        "ask [me] something|anything else|different|new",
        "no answer [from|for] [me|this|it]",
        "go next",
        "next question i want",
        "i [must|have|will|do|would] [to] refuse|decline [to] [answer|say|do|reply|respond|comment] [to] "
        "[it|this|that|the] [one|question]",
        "i will|do|would not [ever|be|going] answer|answering [to] [it|this|that|the] [stupid|silly] [one|question]",
        "i am not [going|willing] [to] answer|answering [to] [it|this|that|the|any] [stupid|silly] "
        "[one|question|questions]",
        "[to] skip|jump|go|move|get|come|proceed|pass|switch [on|over|ahead] [straight|right|directly|already] [to] the "
        "code|coding|program|programming|programme [part|question|task|exercise|challenge|bit] [now]",
    ),
    "skip:if": (
        "[or|else|otherwise] skip|pass|next [it|this|that] [question|one] if|when|unless [then] i can|could|do|will [not] "
        "[answer|know|do|solve|get|manage] [it|this|that] [then]",
        "if|when i can|could|do|will not [answer|know|do|solve|get|manage] [it|this|that] [then] [i] [will] [just] "
        "skip|pass [it|this|that]",
    ),
    "later:noun": ("later", "later on", "not now", "for later", "at the end"),
    "later": (
        "[to] come|get|go|circle|turn|be [back] back to|on|at [it|this|that|the] [one|question] [again] "
        "[later|afterwards|after|at] [on|the] [end]",
        "[to] return to it|this|that|the [one|question] [later|afterwards|at|in] [on|the|a] [end|while]",
        "[to] reply|respond to it|this|that|the [one|question] later|afterwards [on]",
        "[to] do|answer|take|try|tackle|have|handle|discuss|revisit|address|ask [me|about] {this} [again] "
        "later|afterwards|last [on]",
        "[to] "
        "do|answer|take|try|tackle|save|keep|leave|put|set|park|postpone|push|move|defer|skip|store|mark|shelve|"
        "delay "
        "it|this|that|the [one|question] [back|off|aside|away|to|for|until|till|at] [for|until|till|to|at] "
        "later|end|last [on]",
        "[to] do|answer|take|try|tackle|save|keep|leave|put|set|push|move|defer|skip|postpone|delay "
        "it|this|that|the [one|question] [off|aside|away|to|for|until|till|at] [to|for|until|till|at] the|a "
        "[very] end|finish|last",
        "[to] leave|skip|park|put|set|save|pass|postpone|shelve|defer {this} for now|the [moment|time] [being]",
        "[to] skip|leave|pass [on] {this} [for] [now] [and|then|but] [to] [we|i|you] [can|will] "
        "come|return|get|go|revisit [back] [to] {this} [later|after|afterwards|at] [on|the] [end]",
        "[to] postpone|park|defer|shelve|delay {this}",
        "[to] put|set|leave|lay {this} aside|off",
        "later [please|maybe|then]",
        "ask|remind [me] {this} [again] later",
        "answer|do {this} later",
        "i [will|would|can] come|get|return|go back [later]",
        "come back later",
        "at|in the end please",
    ),
    "back:noun": ("back",),
    "back": (
        "[to] go|take|bring|move|get|jump [me|us] back [please|now]",
        "{return} [the] {question} [number|no|nr] <n> [again|please]",
        "{return} number|no|nr <n>",
        "{back_to} [the] <n> [one|question]",
        "{return} the <n> question",
        "{question} [number|no|nr] <n> [please|again]",
        "what was|is question [number] <n> [again]",
        "{return} [the] [one|ones|question|questions] [that|which] i [have] [just] {left} [earlier|before|over]",
        "{return} [the|my|what|a] [question] [that] [i] {left} [over|out|earlier|before] "
        "[one|ones|question|questions] [earlier|before]",
        "[the] question|one [that|which] i {left} [earlier|before|please]",
        "{back_to} the|my skipped|open|unanswered|earlier|missing [one|ones|question|questions]",
        "try|answer|do the skipped|open|unanswered one|question|ones|questions",
    ),
    "back:previous": (
        "[to] go|move|jump|step back one|a [question|step]",
        "{back_to} [the|my] previous|last|prior|preceding [one|question] [again]",
        "[the] previous|prior|preceding question [please|again]",
        "{back_to} [the] one|question before [this|that|it] [one]",
    ),
    "back:that": (
        "i [really|actually] [do|did|had] mean|meant|want|wanted|like|wish to answer|try|do|take that|it [one|question] "
        "[one|question|too|now|after|though] [all]",
        "i [want|would|will] [like] [to] answer|try|do|take that|it [one|question] after all",
        "[to] have|get|try|see|answer|do|take that|it [last] one|question again",
        "i [now|do|did|actually|still] [do] know|knew the answer to|for that|it [one|question]",
        "[to] have|get|want that|it [one|question] back",
        "give me that [one|question] back|again",
    ),
    "back:no": (
        "no [no] wait|stop|hold [on|please] [wait|stop] [no]",
        "wait no",
        "no wait i [do|think|now|actually] [i] [do|actually] know it|this|that|the [one|answer] [now]",
    ),
    "back:topic": (
        "{return} [the] question|one about|on|concerning|regarding [the] <topic>",
        "{return} the <topic> question|one",
    ),
    "back:topic_only": ("{back_to} [the] <topic>",),
    "undo": (
        "undo|unsend|revert [that|it|this|my|the] [last|previous|latest] [answer|skip|one|message|reply|action|step]",
        "take [that|it|this] back [please]",
        "take back [that|it|this|my|the|what] [last|previous|i] [answer|skip|said|one|reply|message]",
        "[i] took|take|want|would|like|wish|need [like] [to] [take] that|it|this|my [last|previous] [answer] back",
        "scratch|strike|disregard|cancel|retract|withdraw|forget|delete|erase that|this [one|answer|out|please]",
        "scratch|strike|disregard|cancel|retract|withdraw|undo it [out]",
        "scratch|strike|forget|delete|remove|withdraw|retract|cancel|revert|erase|discard|disregard|ignore|drop|"
        "void|unsubmit|rescind "
        "[out] my|the|that|this [very] [last|previous|latest|recent] "
        "answer|skip|reply|response|message|statement|one|submission [again]",
        "forget|disregard|ignore|strike what i [just] said|wrote|typed",
        "do not count|grade|mark|consider|use|take that|it|this|my [last|previous] [answer|one]",
        "unskip [it|that|this|the] [one|question]",
        "i did not mean|want|intend to skip|send|say|submit|pass|write [that|it|this|yet] [one|question]",
        "[i] skipped|sent|submitted|pressed|hit|clicked [it|that|this|enter|send|skip|return] [too] [by] "
        "mistake|accident|accidentally|error|quickly|early|soon",
        "i accidentally|mistakenly skipped|sent|submitted|pressed|hit [it|that|this|enter|send|skip] [too] "
        "[early|soon]",
        "i sent [it|that] too early|soon",
        "i did not mean|want|intend that|it",
        "that was [a|an|by] accident|mistake|accidental [by] [accident|mistake]",
    ),
    "ready:bare": ("continue", "proceed", "start", "begin", "go", "shoot", "resume"),
    "ready:noun": ("done", "finished", "test", "testing"),
    "ready": (
        "ready",
        "[i|we] am|are [now|all|quite|always|so] ready [now|to|when|for|again] "
        "[start|go|begin|you|the|continue|it|are|next|answer] [are|interview|now|question]",
        "ready [when|to|now|steady|for] [you|go|start|begin|are|the|next|it|continue] [are|question]",
        "[let] us go|start|begin|continue|proceed|do|get|roll|carry "
        "[on|it|this|started|going|now|ahead|with|interview|the|then] [then|the|now|it|on|this|interview] "
        "[interview]",
        "go on|ahead",
        "carry|keep on|going",
        "fire away",
        "bring it on",
        "continue|proceed [please|the|with|then|now] [the|interview|it] [interview]",
        "start|begin|resume|continue [with] the|this|our|my interview [now]",
        "please [go] [on|ahead|continue|proceed|start]",
        "i am back [now|again]",
        "back again",
        "all set",
        "looking forward to it",
        "no hint|hints|help [needed|necessary|please|thanks]",
        "[i] do not need|want|require [a|any|your|to|the] [more] hint|hints|help|skip|stop|break|pass",
        "do not skip|stop it|this|that|yet|the [question|one|interview]",
        "without hints|hint [please]",
        "i am here",
        "what is next|now",
        "what now",
        "that|this is my [final|whole|complete|full] answer",
        "final answer",
        "i am done|finished [now|with] [it|this|that|my|here] [answer|one|question]",
        "are you [still] there",
        "are you listening|here|ready",
        "anybody|anyone|somebody|someone there|here|home",
    ),
    "that_is_all": (
        "that is|was it|all|everything [from|for] [me|my|now] [side] [on|to|about] [this|that|it] [one|question]",
        "that is [about|basically|really|just] all|everything|it [what|that] i|we [can] "
        "know|have|remember|recall|can|got|say|had|knew [say|think|remember|tell|about] [about|of|to|on|it] "
        "[it|that|this|say]",
        "[i] [have] nothing more|else|further|left [to] [add|say|tell]",
        "[i] [have] nothing to add|say [to|more|about|here] [it|this|that]",
        "[i] [have] no more|further|other ideas|thoughts|points",
        "[i] can|could|do|did not [really] think|say|add|come|know [of|up|anything|any] [with|anything|of] "
        "[anything|of] more|else",
        "i do not know [any] more|anything [more|else]",
        "nothing else [comes|to|from] [to|add|me] [mind]",
    ),
    "stop:bare": ("stop", "{cease} it|this|that|here|now [here|now]"),
    "stop:noun": ("end", "finish", "leave"),
    "stop": (
        "quit|exit|bye|goodbye|byebye|cya|abort|logout",
        "bye bye|all|everyone|for [now]",
        "good bye",
        "see you [later|soon|tomorrow|again|around|next] [time]",
        "talk [to] you later|soon|tomorrow",
        "have|wish [you] a good|nice|great|lovely|wonderful day|evening|night|time|one|weekend [too]",
        "good night",
        "take care",
        "farewell",
        "until next time",
        "{cease} {interview} [now|here|please|today|early|for|at|right] [now|today|this|once|me] [point|moment|please]",
        "{cease} everything|all [right|now|here|for] [now|today|please]",
        "{cease} [it|this] for today|now [please]",
        "{cease} [right] here|now|today please|thanks",
        "i [want|would] [like] [to] go home",
        "{cease} please",
        "please {cease}",
        "[i] [am] want|wish|like|need|have|prefer|going|would [like|love|prefer] to {cease} "
        "[it|this|here|now|everything|for|please] [here|now|please|today]",
        "[i] want stop|finish|quit|exit|leave|end|out",
        "i must|should|will go|leave|stop|quit|end [now|here|it|this|soon]",
        "i am leaving|quitting|off|stopping [now|here|today]",
        "i am done|finished [with|for] [the|this|today|now|here] [interview|whole|test|session]",
        "that is|was all|it|enough for [today|now]",
        "that is enough",
        "enough for|of today|now|this|the [interview]",
        "i [have] had enough [of] [this|it]",
        "no more questions [please]",
        "i do not want|wish|like to continue|go|do|proceed|carry|participate [on|with|this|any|anymore] "
        "[this|anymore|it|interview|further] [interview|anymore]",
        "i [want|quit|give] [to] [quit|give] [up] the interview",
        "the interview is over|done|finished",
        "end|finish of [the] interview",
        "let us|me {cease} [it|this|that|here|now|for] [here|now|there|today|at] [here|now|for|today] [today|now]",
        "let us call it a day|night",
        "call it a day|night",
        "rather|prefer [to] {cease} [it|this] [here|now|today]",
        "can|could|may|shall|should we|i {cease} [it|this|here|now|please|for] [here|now|today]",
    ),
    "stop:leave": (
        "i [really] have|need|got to go|leave|run [now|home|sorry|soon|please|somewhere|away]",
        "i must go|leave|run [now|home|sorry|soon|please|somewhere|away]",
    ),
}
