"""What is said beside the interview: courtesies, small talk, things that lie outside, insults. It decides nothing.

Keys are as in `question`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ASIDES: Mapping[str, Sequence[str]] = {
    "thanks": (
        "thanks [a|so|very|for|again|in] [lot|much|million|bunch|that|this|the|your|advance|everything|you|all] "
        "[hint|help|tip|clue|feedback|clarification|explanation|explaining|time|patience|question]",
        "[i] thank you [so|very|for|again|in|kindly|sir] [much|that|this|the|your|advance|all|everything|kind] "
        "[for|hint|help|tip|clue|feedback|clarification|explanation|explaining|time|patience|question] "
        "[the|your|that] [hint|help|time|feedback]",
        "[i] [really|much|greatly] appreciate it|that|appreciated [your] [help]",
        "[much] appreciated",
        "that|this [really] helps|helped [me|a] [lot|much]",
        "that|this was|is [really|very] helpful|useful",
        "that is|was [very|really|so] helpful|useful|nice|kind|good|clear|interesting|great [of|to] [you|know]",
        "good|nice|great|interesting to know|hear",
        "you are [very|so|really|too] kind|nice|helpful|great|patient|good|awesome|the [best]",
        "good|nice|great|helpful hint|explanation|feedback|point",
        "i appreciate [it|that|the|your] [help|time|feedback|hint]",
        "many thanks",
    ),
    "greeting": (
        "hello|hi|hey|hiya|howdy|greetings|yo|hallo|namaste|salut|hola [there|everyone|viva|again|sir|madam|all] "
        "[again]",
        "good morning|afternoon|evening|day [to|sir|madam|everyone] [you|all]",
        "[it] [is] [a] [very|so] nice|pleased|good|great|glad|happy|pleasure|lovely|delighted to [be|meet|see] "
        "[meet|see|here|talk|speak] [you|with|to] [too|you|today]",
        "[i] [am] [very|so|really|also] happy|glad|excited|pleased|delighted|thrilled|honoured|honored to|about "
        "be|meet|have|this|do|start|see|talk [to] [here|you|this|part|interview|opportunity] "
        "[today|too|opportunity|interview|with] [you]",
        "my name is <topic>",
        "thanks|thank [you] for having|inviting|meeting|seeing|giving [me|with] [me|here|today|this] "
        "[today|opportunity]",
        "how do you do",
        "pleasure [is|to] [mine|all|meet] [mine|you]",
    ),
    "never_mind": (
        "[nothing] never mind [it|that|this|me|then]",
        "forget [about] it",
        "i [have] changed|change my mind",
        "it does not matter",
        "not important",
        "leave it|that as it is",
    ),
    "never_mind:nothing": (
        "[oh|ah] nothing [really|actually|else|more|then]",
        "no no",
    ),
    "never_mind:no": (
        "no|nothing [thanks|never|please] [mind] [let] [us] go|carry|move on|ahead [please]",
        "no|nothing [thanks] [let] [us] continue|proceed",
    ),
    "said_already": (
        "i [have|had|did|just|think] [i] [have|just|had|clearly] [already] "
        "said|told|mentioned|answered|explained|wrote|covered|say|tell|mention|answer|explain|written|stated|described|"
        "discussed|cover "
        "[you] [it|that|this|so|all] [one|point|question|part] [of] [this|that|it] already|before|earlier|above|twice "
        "[in|on|with] [my|the] [first|last|previous|earlier|main] [answer|reply|message|one]",
        "i [have|had|did|just] already "
        "said|told|mentioned|answered|explained|wrote|covered|say|tell|mention|answer|explain|written|stated|described|"
        "discussed|cover "
        "[you] it|that|this|so|all|everything [one|point|question|part] [before|earlier|above] [in|on|with] [my|the] "
        "[first|last|previous|earlier|main] [answer|reply|message|one]",
        "i already did",
        "[like|but|as] i [have|already] [already] said|told|mentioned|explained|wrote [you|that|it] before|already|earlier",
        "that|this|it is what|exactly|just [what] i [have|just|already] [just|already] said|wrote|told|meant [you] "
        "[before|already|earlier]",
        "that|this|it is [already] in my|the [first|last|previous|earlier|main] answer|reply|message [already]",
        "that|this was [already] in my [first|last|previous|earlier] answer|reply|message",
        "same as before|above|earlier",
        "see above",
        "see|read my [first|last|previous|earlier] answer [above|again|please]",
        "you [have] [already] ask|asked [me] that|this|it already|before|twice [one|question]",
        "you [have] already asked [me] that|this|it [one|question]",
        "did i not [just|already] say|tell|mention|explain|answer [you] that|this|it [already|before]",
    ),
    "small_talk:well": (
        "how are|is|do you|things|it|life|everything|your [doing|going|feeling|feel|do|today|day] "
        "[today|going|doing|been] [today]",
        "how have you been",
        "how was your day|weekend|morning|night|week|holiday",
        "how|what is up|new|life",
        "you|and you ok|good|well",
        "and you",
        "what about you",
        "i am [doing] [very|quite|pretty|really|also|just] well|fine|good|great|ok|alright [thanks|thank|and|today] "
        "[you|how] [and|are] [you|how] [are] [you]",
        "did you sleep|eat [well]",
    ),
    "small_talk:who": (
        "are|is|am you|this|it|i [really|actually|just|a|an|speaking|talking|chatting] [to|with|a|an|real|with] "
        "[a|an|real|actual] "
        "robot|bot|ai|human|person|machine|computer|program|llm|gpt|chatgpt|alive|real|people|chatbot|claude",
        "you are a|an [real|actual] bot|robot|machine|ai|human|person [right|no|yes]",
        "are you chatgpt|gpt|alive|real|human|conscious|smart|intelligent|single|married|male|female|sentient",
        "who|what are|is|am you|this|i [exactly|really|talking|speaking|chatting] [to|with]",
        "what is|are your name|names|age|job|gender",
        "who made|built|created|wrote|programmed|trained|developed you",
        "how old are you",
        "where are|do you from|live|based [come] [from]",
        "do|can|are you have|feel|feelings|think|dream|sleep|emotions|see|hear|real|like [a|any|feelings|your|me] "
        "[feelings|emotions|name|job]",
        "what model|version|ai are you",
        "tell me about yourself|you",
        "do you work for|at <topic>",
        "introduce yourself",
        "[to] [let] [i|we|me] [want|would|need|demand|wish|prefer|rather] [like] [to] "
        "talk|speak|chat to|with a|an|some|somebody|someone [real|actual|living] human|person|people|being|real [being]",
    ),
    "small_talk:chat": (
        "[it|what|the|is] [is] [a] [such] [very|really|so] "
        "nice|lovely|beautiful|good|bad|terrible|awful|great|hot|cold|sunny|rainy weather|day|morning|evening "
        "[today|outside|here|is|it] [it] [is]",
        "[the] weather is [so|very|really] nice|lovely|beautiful|bad|good|great|terrible|hot|cold [today|outside|here]",
        "what is the weather <rest>",
        "how|what is the weather [like|there|today|where] [today|there|outside] [you]",
        "i am [a|so|very|really|just|quite|feeling|still] [bit|little|very|so] "
        "nervous|tired|excited|hungry|sick|stressed|anxious|sleepy|thirsty|scared|worried|ill|cold|hot|happy "
        "[now|today|about|to] [this|today|be] [interview|here]",
        "this|that interview|question|one is|was [really|so|very|quite|a] [really|so|very|quite|lot] [of] "
        "fun|exciting|hard|difficult|tough|easy|nice|cool|interesting|long|boring|tiring|challenging",
        "this is [really|so|very|quite|a|lot] [lot] [of] fun|exciting|nice|cool|boring|tiring|challenging",
        "i like|love|enjoy this|it|you|the|your [question|interview|questions|app|program]",
        "long day [today]",
        "[i] have|got|had [a|one|another] [quick|short|small|little] question [for|to|about] [you]",
        "it is [so|too|very] hot|cold|late|early|hot|raining|snowing [here|today|outside]",
        "i had [a] [long|bad|rough|hard] day|night|week",
        "happy new|birthday year",
        "merry christmas",
        "i had|need|want a|some coffee|tea|lunch|dinner|breakfast",
    ),
    "off_topic": (
        "who|which|what [do|did|will] [you] [think] [team] [will|is] won|win|wins|winning [the] <rest>",
        "[tell|give|say|show] [me|us] a|another|some|any|your [good|funny|best|favourite|favorite|nice|short] "
        "joke|jokes|story|recipe|poem|riddle|secret|stories <rest>",
        "write|compose|create|make|sing|draw|recite|generate [me|us] [a|an|my|some|the] "
        "[short|nice|little|funny|long|love|cover] "
        "poem|song|story|essay|haiku|limerick|joke|rap|letter|email|recipe|cake|picture|novel|tweet|blog|cv|"
        "resume|speech|sandwich|coffee|tea|pizza "
        "<rest>",
        "do|finish|solve|complete|write|make my [math|maths|school|english|physics|history] "
        "homework|assignment|thesis|taxes|essay|exam|job|exercises <rest>",
        "help me [with|to|do|write|on|solve] [with|do|write] [my] [math|maths|school|the] "
        "homework|assignment|thesis|taxes|essay|cv|resume|girlfriend|boyfriend|exam|dinner <rest>",
        "[do] you know|have [a|any|some] [good] recipe|restaurant|joke|movie|song|film|restaurants|jokes <rest>",
        "what is [the] [best|a|your] [good] "
        "capital|recipe|president|population|meaning|restaurant|movie|film|book|price of|for|in "
        "[life|france|germany|india|spain|italy|england|japan|china|love] <rest>",
        "what is the capital|president|population|recipe of|for <rest>",
        "what|who|which is your favourite|favorite|opinion <rest>",
        "who is the president|king|queen|chancellor|ceo|prime|pope <rest>",
        "what [do|are] you [think|like|thinking] of|about [the] <rest>",
        "do you like|love|watch|play|hate|enjoy|prefer|follow|support|drink|eat <rest>",
        "did|have you watch|see|watched|seen|hear|read|heard [the] [about] <rest>",
        "recommend|suggest [me] [a|some] [good] book|movie|restaurant|song|film|books|movies|game|place <rest>",
        "tell|say|show [me] something funny|nice|interesting|else <rest>",
        "translate this|that|it|the [text|sentence|following] to|into|from <rest>",
        "order|buy|book|cook|bring [me] [a|an|some] pizza|flight|hotel|dinner|taxi|food|coffee|beer <rest>",
        "what should|can|do i|we [have|eat|cook|wear|watch|do] [for] "
        "eat|cook|wear|watch|dinner|lunch|tonight|breakfast|tomorrow <rest>",
        "how do|can|to i|you|we|cook|bake|make|lose [make|cook|bake|lose|get] [a|an|the|some|rid] "
        "[perfect|good|best|of] "
        "cake|pasta|pizza|omelette|coffee|tea|bread|weight|money|girlfriend|rich|eggs|rice|soup|dinner <rest>",
        "what is [the] [latest] news [today]",
        "[let] [us] talk|chat|speak about something|anything else",
        "let us talk|chat|speak about "
        "football|soccer|sports|politics|movies|music|food|weather|cricket|love|religion|you|films|games <rest>",
        "sing|dance [for] [me]",
        "what is|are the|your|our|this [new|own] "
        "team|company|office|culture|manager|boss|colleagues|workplace|firm|employer|canteen|department|work "
        "[culture|life] like <rest>",
        "how is|are the|your [own] team|company|office|culture|colleagues|workplace|firm <rest>",
        "how big|large|old is|are the|your team|company|office|firm|department <rest>",
        "will you marry|date|love me",
        "i love you",
        "what is the stock|bitcoin|share price <rest>",
        "how much do|does|is you|this|it [job] [earn|pay|salary|cost|make|paid] <rest>",
        "what is the salary|pay <rest>",
        "do you hire|offer|sponsor|pay <rest>",
        "can i get a job <rest>",
    ),
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
