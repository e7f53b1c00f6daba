"""Insults, and what is said by those who have had enough. It only lists; keys are as in `question`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

RUDE: Mapping[str, Sequence[str]] = {
    "rude": (
        "[fuck|screw|damn] [you|this|off|it|that] [stupid|dumb|fucking] fuck|screw|damn|shit|crap|bullshit "
        "[you|this|off|it|that|all] [stupid|dumb|fucking|interview|question|bot|shit]",
        "fuck|screw|damn|shit|crap|bullshit|fucking|wtf|stfu|asshole|bastard|idiot|moron|stupid|bitch|dumbass",
        "what the hell|fuck|heck [is|are] [this|that|you] [question|about|doing]",
        "you [are|is] [a|an|such|so|really|just|all|fucking|very|the|as] "
        "[a|an|so|fucking|bloody|complete|total|big|piece] [of] [stupid|dumb|fucking|bloody|useless|damn] "
        "stupid|dumb|idiot|idiotic|moron|useless|worthless|garbage|trash|terrible|awful|pathetic|horrible|"
        "annoying|suck|ridiculous|rubbish|shit|crap|ass|fool|loser|ugly|lousy|incompetent|bad|worst "
        "[bot|machine|interviewer|program|ai|robot|thing|piece|ever|at] [ever|of|this] [shit|crap|garbage]",
        "you [really|all|totally] suck|stink|disgust|bore",
        "[this|that|it|the] [interview|question|bot|program|app|thing|whole] [thing] [is|was] "
        "[a|so|such|really|just|fucking|total|complete|utter|very|piece] [a|fucking|total|of|complete] "
        "stupid|dumb|bullshit|shit|garbage|trash|crap|idiotic|ridiculous|rubbish|nonsense|pathetic|sucks|"
        "useless|bs|horrible|awful|lame|crappy "
        "[interview|question|bot|program|app|thing]",
        "stupid|dumb|idiotic|shitty|crappy|useless|silly|lame|ridiculous "
        "question|questions|bot|machine|robot|interview|interviewer|program|ai|app|computer|thing",
        "shut [the] [fuck|hell] up",
        "who [the] [hell|fuck] made|built|wrote|created|programmed|designed|invented|developed|thought|coded [up|of] "
        "this|that|such|these|the [a] "
        "[total|stupid|dumb|fucking|useless|silly|idiotic|shitty|crappy|terrible|awful] "
        "garbage|crap|shit|trash|rubbish|nonsense|bullshit|thing|joke|bot|questions|question|interview|program|junk|mess",
        "[to] [let] [me|i] [want|would|demand|wish|need|like] [like|to] [to] talk|speak|complain|see|get "
        "[to|with] [me] your|the|a manager|supervisor|boss|superior",
        "get|give|bring|call|fetch|show [me] your|the|a manager|supervisor|boss|superior",
        "you have|got [got|absolutely] no|not [the|any|a] right|business|authority [to|of] "
        "judge|judging|test|grade|mark|question|rate|evaluate me|my|us|people [answers|answer|work]",
        "who [the] [hell] are|gave you [the] [right] to judge|test|grade|mark|question|rate me|my|us [answers|answer]",
        "you can|could|must|should|may not judge|rate|evaluate me|us",
        "how dare you <rest>",
        "[what|such|this|it|that|you|is|just|only] [interview|question|thing|bot] [is|was|are|a] "
        "[is|was|just|only|nothing|such|a|all|really|simply] [a|but|nothing|such] [a] "
        "[complete|total|utter|huge|big|terrible|real|absolute|massive|colossal|giant|damn] waste of "
        "my|our|everyone|everybody|a [is] [own|whole|entire|precious|valuable|good|perfectly|free] [good] "
        "time|energy|breath|effort|afternoon|morning|evening|day|life|nerves [really|honestly|this|that|here] [is|was]",
        "you|this|that|it [bot|interview|are|is|have|has] [just|only|really|all|simply|been|do|nothing|does] "
        "[been|nothing|but] wasting|waste|wastes|wasted my|our|everyone|everybody [is|own|precious|valuable] [valuable] "
        "time|afternoon|morning|day|evening|life [here|with] [this|that|it|these] [questions|nonsense|rubbish|crap]",
        "i am [just|only|really] wasting my|our [precious|valuable] time|day|life|breath [here|with|on] [this|you|it]",
        "stop wasting my|our [precious|valuable] time",
        "how stupid|dumb|ridiculous|silly|pathetic|lame|useless|thick|idiotic|absurd|annoying|incompetent "
        "[can|is|are] this|that|you|it|one [interview|question|bot|thing|be|get|is|really|are] [be|get]",
        "are|is you|this|it [really|that|so|actually|completely|just|always|totally|trying] "
        "[that|this|so|completely|totally] "
        "dumb|stupid|deaf|blind|thick|kidding|joking|insane|crazy|drunk|braindead|useless|incompetent|brainless|dense "
        "[me] [or] [what|something|just] [stupid|deaf]",
        "you must|have [got] [to] [be] kidding|joking [me]",
        "you [really|clearly|obviously|truly|just|absolutely|totally] [have|got|have] "
        "[really|clearly|obviously|absolutely] no idea|clue|brain|brains|manners|shame|respect "
        "[of|what|about|how] [what|you|anything] [you] [are|should] [talking|doing|asking|saying] [about]",
        "you do not [even|really|actually] know|understand|get anything|what|shit|nothing|a "
        "[you|thing|damn|about|word|at] [are|thing|anything|all] [talking|doing|asking|saying] [about]",
        "[you|what] [are] [just|really|such|nothing|only] [a|an|the|but] [a] [bunch|pack] [of] "
        "[bloody|fucking|stupid|dumb|useless|total|complete|absolute|utter|pathetic|damn|arrogant|real|miserable|old] "
        "clown|clowns|jerk|idiots|morons|imbecile|dimwit|disgrace|fraud|nitwit|halfwit|blockhead|muppet|twat|prick|"
        "dickhead|arsehole|wanker|scumbag|jackass|numbskull|fools|dummy",
        "i can not stand|take|bear|tolerate you|this|it|your [stupid|questions|nonsense|interview|bot|face|voice] "
        "[anymore|any|interview|bot|questions] [longer|more|anymore]",
        "you|this|it [really|are|is|keep|just|do] [just|really|so|getting|get] "
        "annoy|annoys|annoying|irritate|irritates|irritating|infuriating|disgusting|insufferable|exhausting [me]",
        "you|this|it [are|is|really] [really] get|gets|getting on my [last] nerves|nerve",
        "[i] [am] [so|really|totally|just] sick|tired|fed [and|up] [tired|to] of|with this|you|your|it|these|all [this] "
        "[stupid|dumb|silly|whole] [questions|question|interview|bot|nonsense|game|rubbish|thing|crap|attitude]",
        "to hell with this|you|it|that|your [stupid|interview|question|questions|marks] [interview|questions]",
        "nobody|no one needs|wants|likes|uses you|this|that [bot|interview|thing|program]",
        "get a life",
        "shut your mouth",
        "go to hell",
        "get lost",
        "kiss|lick my ass",
        "i hate you|this|it [interview|bot|stupid|app] [interview|bot]",
        "piss off",
        "go away",
        "what a|an [complete|total] [stupid|dumb|useless|terrible|silly] "
        "idiot|asshole|bot|machine|interview|interviewer|joke|waste|question|program",
        "[you|this|it|that] [interview|bot|thing|program|question] is|are [such|just] a joke",
        "who cares",
        "leave me alone",
        "you know nothing",
        "[what] [a] [complete|total] waste of time",
        "[this|that] [is] the|such dumbest|worst|stupidest|lamest [interview|question|bot|thing|program] [ever]",
        "go fuck|screw yourself",
        "[this] is [a|such] [a] [total|complete|huge] waste of [my] time",
        "nobody|no one cares|asked [you|about] [this|you]",
    ),
}
