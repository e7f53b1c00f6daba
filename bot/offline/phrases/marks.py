"""What is asked about rules, marks and progress. Keys are as in `question`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MARKS: Mapping[str, Sequence[str]] = {
    "rules:noun": ("rules",),
    "rules": (
        "what|which are|were [the|your|our] rules [again|here|of|for] [this|the] [game|interview]",
        "[tell|explain|show|give|repeat|remind|read] [me|us] [of|to|about] [me] the|your rules [again|please]",
        "the rules [please|again]",
        "how does|do [all] this|it|the|these|an "
        "[interview|thing|session|game|one|scoring|grading|marking|hints|hint] [interview|system] "
        "work|function|go|scored [here]",
        "how do|does|are hints|scoring|grading|marking|marks|points|answers|scores|skips "
        "[work|given|scored|marked|graded|counted|calculated|computed|evaluated|judged|awarded|affect]",
        "how is|are|will|do|am [the|my|this|it|i|we|you|all] "
        "[interview|answers|answer|be|get|marks|points|everything|being] [be|being] "
        "scored|graded|marked|judged|evaluated|calculated|computed|assessed|counted|rated [me|my|answers|it]",
        "what do|does|is|are [a|the|one] hints|hint|skip|skips|skipping|hinting [it] [cost|costs|price|do|worth] "
        "[of|for|me] [a] [hint|points|marks]",
        "what is the price|cost|penalty of|for [a|taking|using|asking] [a|one|for] "
        "hint|hints|skip|skipping|wrong|help [answer|answers|a] [question]",
        "how much do|does|will [a|the|one] hint|hints|skip|follow [up] cost [me]",
        "skip questions",
        "will|do|would|could i lose|get [any|fewer|less] [minus] points|marks <rest>",
        "are|is hints|hint|a [hint] free",
        "what happens if|when i <rest>",
        "how do|will you grade|mark|score|judge [me|this|answers|my|it|the] [answers|answer]",
        "do|does|will|would [a|i|the] hint|hints|skip|skipping|wrong|skips|follow|taking|using "
        "[up|a|ups|answer|answers|it|hint|hints] cost|lose|reduce|lower|affect|count|penalised|penalized] "
        "[me|marks|points|my|against|anything|the] [score|marks|points|mark|grade|me]",
        "do|will|would i lose|get|be [marks|points|penalised|penalized|minus] [marks|points] [for|if] [i] "
        "[a|wrong|asking|taking|guess|skip|skipping|guessing|it|answer] "
        "[answers|answer|hints|hint|for|it|wrong] [hints|a] [hint]",
        "is there|there [a|any|is] negative|penalty|minus|time|limit [marking|marks|points|limit|for] [for|on|per] "
        "[wrong|a|guessing|this|each] [answers|answer|question]",
        "am|are|is i|we|it allowed|permitted|ok|possible to [also] skip|use|look|google|search|take|ask "
        "[up|a|for|questions|google|notes|it|things|hints|the|internet] [hint|internet|hints|break|up]",
        "can|may i use google|notes|internet|chatgpt|the|a|my|wikipedia [internet|notes|book|books|calculator]",
        "what happens if|when i skip|stop|pass|leave|do|fail|can [it|a|not|one|this] [question|know|answer|skip]",
        "how many hints do|can|may|are|am i|there [allowed|have|get|take|use|per|for] [to|per] "
        "[use|take|have|question]",
        "what is the|this interview|process|format|procedure|structure [about|like|of|for] [this|the] [interview]",
        "what counts|count",
        "is|would it|that [be] ok|fine|alright|allowed|enough|good [if|when|to] [i] answer|answers|write|reply [it] "
        "[only|just|very|in|with] [a|one|two|few] [short|shortly|briefly|brief|word|words|sentence|sentences]",
        "can|may|could|should|must i [just|only] keep|give|make|write [my|the] [very] short|brief|long answers|answer",
        "can|may|could|should|must i [just|only] keep|make my|the answers|answer [very|quite] short|brief|long",
        "can|may|could|should|must i [just|only] answer|reply [only|just] [in] [a|one] [very] "
        "short|briefly|shortly|word|words|sentence|sentences|brief [sentence|sentences|words]",
        "are|is short|brief|long|one answers|answer|word [answer|answers] ok|fine|enough|allowed",
    ),
    "remaining": (
        "how many [more] [{question}|ones] remain|remaining|left",
        "how many [more] [are|do|is] [there|we|i] [have|still] left|remaining|remain",
        "how many [more] [are|is] [there] [still] to go|come",
        "how many more [are|is] [there]",
        "how many are there [left|in|total|all] [total|all]",
        "how many [more] {question}|ones [are|do|is|will] [there|we|i|remaining|left|come|still|to|be|you] "
        "[be|have|remaining|left|still|in|to|ask] [left|total|remaining|to|more|come|go|in] "
        "[in|go|come|now|answer|total|for] [total|all|this] [interview]",
        "how much [{question}|more] [is|are|do|of] [the|this] [interview|questions] [is|are] "
        "left|remain|remaining|remains",
        "how much more [is|are] [there]",
        "how many [questions] have|did|do i [already] answered|answer|done|do [so] [already|far]",
        "how long is|will|does|do|until|till|left this|the|it|we|to "
        "[interview|whole|is|take|last|go|end|thing|have] [interview|thing|takes|take|go|last|be|end]",
        "how long does|do|will|would [all] this|it|the|an|that [whole] [interview] take|last|need [for] [me|in] [all]",
        "is|was that|this it|all|everything [already|now] [from] [you]",
        "is|was that|this the end [of] [it|the] [interview]",
        "how much longer [is|will|does|do] [this|it|the|we] [interview] [take|be|go|last|have] [on]",
        "are|is there [any|still] more [questions]",
        "how far [are|along|am|have|into] [are|am] we|i [along|in|gone|come|interview] [the|we|are|interview] "
        "[interview]",
        "are|is we|this|it [the] [almost|nearly|close|near|soon|half|halfway|any] "
        "done|finished|there|over|to|end|through|the|way [yet|done|end|finished|soon|the|end]",
        "is this|that|it the last|final [one|question]",
        "what|which [question] number [question] is|are|am this|it|we|i [on|at|now|question]",
        "what|which question number [is|are] [this|it|we]",
        "which|what question are|is|am we|this|i|it [on|at|in|now|the] [now|last] [one]",
        "what is the [total] number of questions",
        "{question} left|remaining",
        "remaining {question}",
        "when is|does|will it|this|the [interview] [be] over|finished|end|done|finish",
        "[is|are] [there|it] much|many more [to|questions] [come|go|left]",
    ),
    "score:noun": ("[my|the|our] score|scores|points|total",),
    "score": (
        "how am i doing|performing|going|scoring [so|until|up|overall|here|right|till] [far|now|to]",
        "how did|do|have|was i [do|done|doing|perform|performed|score|scored] so|until|overall|altogether|up|in "
        "[far|now|total|to|all]",
        "how is my [performance|score|interview] going|looking [so] [far|for] [me]",
        "how is it going|looking so|for far|me",
        "how is my interview|performance|score",
        "how|am i good|well|am|doing [i|doing|so] [doing|ok|well|good|far] [so] [far]",
        "how [well] [am|have] i [been] doing|do|done|doin",
        "what is|are|was my|the|our [current|total|overall|running|final|score|mark|marks|present] "
        "score|total|points|mark|marks|far|standing|percentage|result|results "
        "[so|until|now|at|right|overall|up|total] [far|now|the|to|moment] [moment]",
        "show|tell|give|see|get|have|know|check|view|what|display [me|us|to] my|the|current|total|overall|running "
        "[total|current|overall|running] score|total|points|scores [so|until|now|please] [far|now]",
        "my points please",
        "my|current|total|overall score|total|points so far",
        "score so far",
        "how many|much points|score do|have|did i [have|got|get|so|scored|earned] [far|so|got] [far]",
        "am i passing|failing|winning|doing|good|bad|passed|through [well|good|ok|enough|badly] [so|enough] [far]",
        "do|did|will|would i pass [this|the] [interview]",
        "how do i stand",
    ),
    "grade:noun": ("feedback", "grade", "marks", "grades", "my grade", "my marks", "mark"),
    "grade": (
        "what is|was|were|are my|the|your {mark} [for|of|on|in] {this} [answer|question]",
        "what {mark} did|do|have i|you [get|got|give|gave|receive|earn|have|given] [for|on|to|me] {this} "
        "[answer|for] [that|this|it]",
        "[to] show|see|view|know|display [me|to] [my|the|your|me] {mark} [for|of|on|to] [that|it|this|my|the] "
        "[last|previous|one] [answer|question|one]",
        "[to] tell|give|get|have [me|to] my|the|your {mark} [for|of|on|to] [that|it|this|my|the] "
        "[last|previous|one] [answer|question|one]",
        "how did|was|have i|it|that|my [answer|do|done|go|answered|last|previous] "
        "[do|done|go|answered|on|with|in|for|answer|it] {this} [answer]",
        "how good|well was|did|were that|it|my|i [last|do|answer] [answer|on] [that]",
        "what did|do|have i get|got|score|scored|earn|earned|miss|missed [for|on|in|from|there] {this} [answer]",
        "was|is that|this|it|my [last|answer|previous] [answer] "
        "right|correct|ok|good|wrong|true|enough|fine|the|acceptable [answer|correct|one|enough] [answer]",
        "did i get|answer|do|say it|that|this|right|well|ok|the|everything "
        "[right|correctly|correct|wrong|ok|well|question|one|there]",
        "did i answer [it|that|this] [question] correctly|right|well|ok",
        "was i right|correct|wrong|ok",
        "did|have|do|has i [just] pass|passed|fail|failed {this} one|question|answer|item [or] [not]",
        "did|have|do|has i [just] pass|passed|fail|failed that|the [one|question|last] [one|question] [or] [not]",
        "am i right|correct|wrong",
        "why did|do|have|was|were|only|am i|that|it|my|did [only] [i] "
        "[not|lose|get|got|lost|receive|be|have|answer|marked|only] "
        "[only|full|no|marked|get|wrong|a|any|all|so] "
        "[points|marks|wrong|zero|low|score|few|full|point|mark] [points|marks|score|mark|for] "
        "[that|for|there] [that]",
        "how many|much {mark} did|do i get|got|have|lose|receive [for] {this} [answer]",
        "feedback|grade please|on|for [that|my|me|this|it] [last] [answer]",
        "give|tell|show [me] [some|the|your|my|any] feedback [on|for|about] [that|my|this|it] [last] [answer]",
        "what did|do i do|get|say|have wrong|right [there|here]",
        "what was|did wrong|missing|i [with|in|miss|get] [that|it|wrong|my] [answer]",
        "how was it|that",
        "grade|mark|score me|that|it|this|my [answer] [now|please]",
    ),
    "status:noun": ("status", "time", "[my] progress"),
    "status": (
        "where are|am|do we|i [stand] [at|in|now|right] [the|now] [interview|moment]",
        "[show|tell|give|what|check] [me|is] [the|my|current|our] [current] status|progress",
        "how much time [is|do|have|has|did|are|remains|passed|left|remaining] "
        "[i|we|left|passed|there|it|gone|elapsed|the] [have|left|got|used|passed|taken|spent|take|need] "
        "[left|so|to|by] [far|answer|now]",
        "how long|much [time] do|have we|i [still] have|got [left|still]",
        "what time is it",
        "what is the time",
        "what|which time [is|do|have|does] [i|we] [still] [have|got] left|remaining",
        "is|do|have there|i|we [still] [have] [any|enough|some] [more] time left|remaining",
        "how much time is|are [there] [still] left|remaining",
        "[is] [the] time up|over|left|remaining",
        "how long have|did|has we|i|it [been|taken|talked|take|spent] [talking|doing|here|going|so|already|at] "
        "[this|far|now|it]",
        "how many hints [are|do|have|did|left] [i|we|left|there] [have|left|used|taken|take|use|got|get] "
        "[left|already|so|remaining|to] [far|use]",
        "what is [my] progress",
    ),
    "report:noun": ("report",),
    "report": (
        "[show|see|give|view|get|have|print|make|display|send|read|open|want|where|create|download] [me|is|to] "
        "[the|my|a|an] [full|short|whole|current|interim|final|interview] report|summary [so|please|now] [far]",
        "[the|my] report [so|please] [far]",
    ),
    "help:bare": ("help", "commands", "options", "menu"),
    "help": (
        "what [else] can|could|may|should i|we do|say|ask|type|write [do|here|say|ask|in|now|type|for|you] "
        "[here|now|this|me|interview]",
        "what are|is my|the|possible|available [all|available|possible] options|commands|possibilities|choices "
        "[here|now]",
        "[which|what|list|show|tell|see|give] [all|me|the|are|of|available] [the|available|all|a|of] "
        "[available|list] [of] commands [are|do|can|there|exist] [there|i|available|you] [use|have|type|know]",
        "how do|can|should|does|could i|this|we|one "
        "use|operate|skip|stop|quit|exit|end|go|ask|get|submit|hand|change|undo|move|send|enter|type|leave|"
        "continue|pause|save|come|answer "
        "[this|it|a|an|the|for|back|to|my|on|in|code|you] "
        "[program|hint|question|here|interview|tool|thing|hints|chat|help|to|a|answer|code|next|again|session|"
        "one|back|questions|next] "
        "[question|hint|one|code|program] [from] [you|here]",
        "show|open|see|need|want|get|display|give [me] [the] help|manual|menu|instructions|documentation "
        "[page|please|menu|text]",
        "help please",
        "how does one skip|stop",
    ),
    "dispute": ("dispute", "i object", "objection", "i dispute that|this|it"),
}
