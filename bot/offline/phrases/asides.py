"""What is said beside the interview: courtesies, small talk, things that lie outside. It decides nothing.

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
        "are|is you|this|it [even|really|actually|just|truly] [a|an|my|the] [real|actual|proper|true|serious|genuine] "
        "interviewer|examiner|recruiter|interview|test|exam|human|person|somebody|someone [at|or] [all|not]",
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
        "[it|what|the|this|is] [is] [a|it|this] [such|a] [very|really|so|rather|quite|pretty] [a] "
        "nice|lovely|beautiful|good|bad|terrible|awful|great|hot|cold|sunny|rainy|wonderful|gorgeous|dreadful|grey|gray|"
        "foggy|windy|warm|freezing|chilly|stormy|humid|mild|pleasant|splendid|miserable|horrible|fine "
        "weather|day|morning|evening|afternoon "
        "[today|outside|here|is|it|we|you|this|out|again|there] [it|have|had|are|week|morning|today] [is|having|got|today]",
        "[the] weather [here|today|outside|over|where] [there|i] [am] is|was|has|looks|seems|could|stays [been] "
        "[so|very|really|rather|quite|pretty|still|again|not|a] [bit|so] "
        "nice|lovely|beautiful|bad|good|great|terrible|hot|cold|awful|wonderful|gorgeous|dreadful|grey|gray|foggy|windy|"
        "warm|freezing|chilly|stormy|humid|mild|pleasant|splendid|miserable|rainy|sunny|horrible|crazy|better "
        "[today|outside|here|again|there|at|this|lately|where] [the|week|i|out] [moment|am|there]",
        "what [a|lovely|nice|terrible|awful|horrible] [nice|lovely|terrible|awful|beautiful] weather|rain|heat|snow|storm "
        "[today|outside|we|you|this|here|again] [have|are|week|today] [having|got]",
        "it is [so|too|very|really|rather|quite|pretty|still|already|a] [bit|little] "
        "warm|freezing|windy|foggy|sunny|rainy|stormy|humid|chilly|dark|lovely|grey|gray|pouring|boiling|mild|nice "
        "[out|over] today|outside|here|there|tonight [today|again|now|in]",
        "[it] is|has [been] [still|already|finally|only|been] "
        "raining|snowing|pouring|hailing|drizzling|friday|monday|tuesday|wednesday|thursday|saturday|sunday|weekend "
        "[again|here|outside|today|all|now|tomorrow|there|at|finally|since] [day|week|last|morning|today]",
        "[the] sun is [finally|still|really] shining|out [again|here|today|outside|at] [last]",
        "did|do|have|had you have|had|enjoy|sleep [a|your|any] [good|nice|pleasant|great|lovely|relaxing|fun|well] "
        "[weekend|day|morning|night|holiday|holidays|week|evening|vacation|trip|lunch|breakfast|break] "
        "[today|yesterday|so|last|yet] [far|night]",
        "do|have you have|got [any] [a] "
        "plans|hobbies|hobby|pets|pet|kids|children|siblings|family|dog|cat|garden|holidays|vacation|coffee|tea "
        "[for|planned|tonight|this|at|there|today] [the|tonight|weekend|today|evening|home] [weekend|holidays|summer]",
        "how is|was|are|were [the|your] "
        "weather|weekend|family|kids|dog|cat|holiday|holidays|trip|traffic|coffee|lunch|mood|summer|vacation|breakfast "
        "[today|there|over|so|where|like|going|this|yesterday|at] [there|far|you|morning|week|home] [are]",
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
        "[do|would|can|could|have] you [happen|ever] [to] "
        "know|recommend|suggest|have|got|name|been|tried|try|found [me|of|to|about] [a|an|any|some|the|anywhere] "
        "[really|very] [good|nice|decent|cheap|great|best|quiet|other|close|new] "
        "place|places|cafe|café|bar|pub|bakery|hotel|gym|doctor|dentist|barber|podcast|shop|spot|pizzeria|show|series|beach|"
        "bistro|diner|canteen|club|museum|park|supermarket|restaurant|restaurants|movie|song|film|band|plumber|anywhere "
        "<rest>",
        "where can|could|do|should|would|will i|we|you|one [go|get|find|eat|buy|have|drink|park|order|grab] "
        "[to|for|out] [get|eat|have|buy|find|grab] [a|an|some|the|my|something|anything|any|your] "
        "[good|nice|decent|cheap|quick|to] "
        "lunch|coffee|dinner|food|pizza|tea|beer|drink|sandwich|breakfast|toilet|bathroom|restroom|eat|shoes|holiday|"
        "holidays|parking|car|groceries <rest>",
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
}
