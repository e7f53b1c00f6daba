"""What this surface says of its own: buttons, where an interview goes on, what went wrong. The interview's words are
the core's."""

from __future__ import annotations

import re

from bot.ports.groups import Place

ANSWER = "Answer"
HINT = "Hint"
SKIP = "Skip"
SUBMIT_CODE = "Submit code"
MY_MARKS = "My marks"
MY_REPORT = "My report"
FULL_ANSWER = "Full answer"
ANOTHER = "Another interview"
MOVE_TO_DM = "Move to DM"
GO_ON = "Go on with it"
BEGIN_ANEW = "Begin a new one"
IN_DM = "In a DM instead"
FORGET_ME = "Delete everything"

MOVED = (
    "-# The place where your interview was is closed to me: it was deleted or locked, or I may not write there any "
    "more. Nothing is lost; it goes on here: write to me, or press the buttons."
)
MARKS_ARE_YOURS = "-# Noted. Your marks are for you alone: press “My marks”."
PRIVATE_THREAD = (
    "-# This thread is private: you and I are in it. Whoever may manage threads on this server can read it too. If you "
    "would rather not have that, press “Move to DM”."
)
LET_IN = (
    "-# Somebody else can read along here now, also what stands above. From now on your marks are shown to you alone, "
    "even if they leave again. If you would rather go on where nobody else reads, press “Move to DM”."
)
WHO_READS = "-# I could not see who else reads along: your marks are for you alone this time, by the button below."
WATCHED = (
    "-# You wanted the group to watch: everybody in this channel can read along. Your marks are shown to you alone."
)
#: How one answers, by what Discord shows us at a place; said once there.
HOW_WHEN_CALLED = (
    "-# To answer, press “Answer”, reply to a message of mine with its ping left on, or mention me. What is said here "
    "otherwise does not reach me."
)
HOW_BY_WRITING = "-# To answer, just write here, in one message or in several, or press “Answer”."
ONLY_YOURS = " What others say here is no answer."
NOT_YOURS = "This interview is somebody else's: only they can answer in it. Your own begins with `/interview`."
NO_SITTING = "You have no interview going on here. Begin one: `/interview`."
RESTARTING = "I am being restarted, and have not done that. Please try it again in a minute."
KEPT_FOR_LATER = "-# I am being restarted. What you have just sent is kept; I go on with it in a minute."
ELSEWHERE = (
    "This interview is open somewhere else (a terminal, say). Go on there, or leave it there (in a terminal Ctrl-D: it "
    "is kept) and try again here."
)
RECORDS = (
    "My records cannot be used just now. That is not your fault, and whoever runs me finds the reason in my log. Give "
    "it a minute or two."
)
NOT_KEPT = "What you sent could not be written down, so it is not kept. {why} Please send it again."
NOT_TAKEN = "I did not take that. {why}"
GIVEN_BACK = "-# What you had written, so that it is not lost:"
NO_FULL_ANSWER = "There is no full answer to that question yet: it comes when the question is done with."
TAKES_NONE = (
    "Discord takes no messages of mine just now (HTTP {status}); that is neither your fault nor mine. Nothing is lost: "
    "what I have to say comes as soon as it takes it."
)
CUT_OFF = (
    "I cannot reach Discord just now; that is not your fault. Nothing is lost: what I have to say comes as soon as it "
    "can."
)
NO_PLACE_LEFT = (
    "I can write to you neither where your interview was nor in a direct message. The interview is kept. Allow direct "
    "messages from this server's members (right-click the server → Privacy Settings), or say `/interview` in a channel "
    "where I may make threads: it goes on there."
)
NO_DM_ANY_MORE = (
    "You take no direct messages from me any more. The interview is kept. Allow them again (right-click the server → "
    "Privacy Settings), or say `/interview` in a server's channel where I may make threads: it goes on there."
)
NO_ATTACHING = (
    "-# There was a picture, and I may not attach files here any more (the permission Attach Files). What it shows is "
    "said above in words."
)
BEING_OPENED = "I am opening an interview for you already; it takes a second."
PRESSED = (
    "-# That button works once, and was pressed already. What I said to it is below its message, with the buttons that "
    "work now."
)
FAULT_OF_OURS = "Something went wrong on my side, and it is in my log."
WENT_WRONG = (
    "Something went wrong on my side, and it is in my log. What you had sent is kept; nothing was marked by it."
)
TOO_LATE = "-# That button is from an earlier question or follow-up."
TOO_OLD = "I do not know that button any more. `/interview` brings up what you began, with buttons that work."
OVER = "That interview is over. `/report` gives you its report, `/interview` begins a new one."
NOTHING_YET = "You have no interview yet. `/interview` begins one."
NOTHING_NEW = "There was nothing new in that. What you had said before is kept as it was."
WHAT_STAYS = "What you said before stays. Write only what is to be added."
EMPTY = "There was nothing in that answer. Press the button again, and write into the field."
ONLY_A_NAME = (
    "-# There was nothing in that message but my name. Write your answer into it, or press “Answer”; `/help` says what "
    "else there is."
)
NOT_LOOKED_AT = (
    "-# {name} was not looked at, and is not kept: I read programs (.py, .ipynb) and texts (.txt, .md). Say in words "
    "what is in it."
)
DELETED = (
    "-# You deleted a message that I had taken as an answer. It is still in your interview and its report; `/forget` "
    "deletes everything that I keep of you."
)
EDITED = (
    "-# You changed a message that I had taken as an answer. I keep what you sent first; to add to it, send the rest, "
    "or press “Answer”."
)
EDITED_IN_TIME = "-# You changed that message before I had read it: it counts as it stands now."
NOT_HAD = "{name} could not be had from Discord, which is not your fault. Please send it again."
PICTURE_NOT_HAD = (
    "{name} could not be had from Discord, and is not kept. I cannot read pictures: please say in words what it shows."
)
LARGE_PICTURE = (
    "{name} is larger than {most} MiB, and was not kept. I cannot read pictures: please say in words what it shows."
)
PICTURE_NOT_KEPT = (
    "{name} could not be kept: that is a fault on my side, and whoever runs me finds it in my log. I cannot read "
    "pictures: please say in words what it shows."
)
BESIDE_A_FILE = "What you wrote beside it I took."
NO_PICTURES = "-# I cannot read pictures: {name} is kept with your interview, and not graded. Please say it in words."
ONE_PROGRAM = "-# I take one program at a time: {taken} was taken, {left} was not."
CUT_TEXT = "-# I took the first {most:,} characters of your answer; the rest is left out."
FILE_TAKEN = "-# You sent a file and wrote into the field too. I took the file; what you wrote was not taken:"
ASKED_HINT = "asked for a hint"
ASKED_SKIP = "left this question"
ASKED_PREDICT = "asked for an experiment to predict"
ASKED_END = "ended the interview"
REPORT = "Your report. Only you can see this message; save the file if you want to keep it."
NO_PROGRAM = "No program is wanted just now. "
HOW_TO_BEGIN = (
    "I am a mock interviewer for deep-learning and data-science roles. Say `/interview` to begin an interview, and "
    "`/help` for what else you can say."
)
CANNOT_READ = (
    "-# Discord shows me your words only where you call me: press “Answer”, reply to a message of mine, or mention me. "
    "What you have just written did not reach me."
)
FORGET = (
    "This deletes everything that I keep of you: every interview with every word, marks, reports, and what joins this "
    "account to a terminal. If it is joined to one, the interviews of that terminal go too, and those of any other "
    "account that is joined to it. It cannot be undone. `/report` first, if you want to keep something."
)
HELP = (
    "I am a mock interviewer for deep-learning and data-science roles: I ask, listen, follow up, and mark point by "
    "point what was said and what was missing.\n"
    "- `/interview` begins one, in a thread of your own or in direct messages; it waits until you come back to it\n"
    "- answer with the button below a question, by a reply to my message, or by mentioning me\n"
    "- `/hint` the next hint, at its price; `/skip` leaves a question; `/end` ends the interview\n"
    "- `/code` hands in a program, which is run in a sandbox; `/predict` an experiment on it\n"
    "- `/grade` your marks, point by point; `/dispute` objects to one; `/cost` what a model took\n"
    "- `/report` all of an interview as a file; `/progress` how you do by topic; `/board` who is how far this week\n"
    "- `/link` joins this account to your terminal; `/forget` deletes everything that I keep of you\n"
    "On this server your interview is read by you alone; in a thread also by those who may manage threads, and those "
    "who were let into it. With `watch:True` the group reads along, and your marks are still shown to you alone."
)
NO_BOARD = "This server has no board. Who manages it can have one: `/viva setup board:True`."
PRESS_AGAIN = "That took me too long to open a field. Please press the button once more."
IT_COMES = "-# Noted. What comes of it I say in the interview, as soon as I can."
UNDERWAY = "I am at work on what you sent; nothing is to be answered until I am done."
ALREADY_DIRECT = "We are in your direct messages already."
MOVED_TO_DM = (
    "Your interview goes on in your direct messages with me. What is in this thread stays until you delete it."
)
NO_DM = (
    "I can write to you neither in a thread here nor in a direct message. Allow direct messages from this server's "
    "members (right-click the server → Privacy Settings), or say /interview in a channel where I may make threads."
)


def ready(account: str) -> str:
    """Calls who waited long; the one mention there is."""
    return f"<@{account.partition(':')[2]}> it is ready."


def by(what: str, place: Place, alone: bool = False) -> str:
    """What a candidate did by a button or a command, for all who read it; to them it is “you” where nobody else does.

    It stands below our name, and names nobody: whose interview it is, all know there.
    """
    return f"-# {'The candidate' if place.read_along and not alone else 'You'} {what}."


def how(place: Place, reads_all: bool) -> str:
    """How one answers at a place; `reads_all`: Discord shows us whatever is said there."""
    text = HOW_BY_WRITING if reads_all or not place.server else HOW_WHEN_CALLED
    return text + (ONLY_YOURS if place.read_along else "")


def next_steps(practise: str) -> str:
    """What can be done after an interview; `practise` is the topic that went worst, where that may be said."""
    lines = [
        "**What you can do next**",
        f"- “{MY_REPORT}”: every answer with its marks and a full answer, as a file",
        "- `/progress`: your marks by topic, over all your interviews",
        f"- “{ANOTHER}”: one more like this",
    ]
    if practise:
        lines.insert(3, f"- `/interview track:{practise}`: practise what went worst here")
    return "\n".join(lines)


def standing(number: str, of: int, title: str, follow_up: bool, link: str = "") -> str:
    """Where the interview stands now, for who pressed an old button or came at the wrong time."""
    what = f"a follow-up on question {number}" if follow_up else f"question {number}"
    where = f"[its message](<{link}>)" if link else "its message"
    return f"Now on the table is {what} of {of}, “{title}”: its buttons are below {where}."


def unfinished(flow: str, answered: int, begun: str) -> str:
    """Asks whether to go on with an interview that was begun."""
    answers = f"{answered} answer{'' if answered == 1 else 's'}"
    return f"You have an unfinished interview (**{flow}**, begun {begun[:10]}, {answers} so far). Go on with it?"


#: Why an interview is in direct messages though it was asked for on a server.
GUEST = (
    "I am not a member of this server: I can make no thread here, and the server has no documents or `/viva` with me. "
)
NO_THREAD = "Discord let me make no thread here (there may be too many open ones). "


def begun(place: Place, watched: bool, wished: bool, why: str = "") -> str:
    """The way to where the interview is; `why` it is not here."""
    if not place.server:
        where = f"{why}Your interview is in your direct messages with me."
        return f"{where} Nobody can watch there." if wished else where
    how = "Only you and those who manage threads here see it."
    if place.shared:
        how = "Somebody else was let into it and can read along; your marks are shown to you alone."
    elif watched:
        how = "Everybody in this channel can read along."
    return f"Your interview is in <#{place.channel}>. {how}"


def enough_today(allowed: int) -> str:
    """Why no more interviews are begun today."""
    return (
        f"This server allows {allowed} interviews a day for each person, and you have begun as many. Go on with one of "
        "them, come back tomorrow, or ask me in a direct message."
    )


def enough_runs(allowed: int) -> str:
    """Why no more programs are run today."""
    return (
        f"This server allows {allowed} programs a day for each person, and you have handed in as many; this one was "
        "not taken. Describe it in words, or hand it in tomorrow; `/skip` leaves the question."
    )


_MARKS_HERE = r"\1 you see your marks; “Full answer” below them shows you one"
#: The same where others read along.
_MARKS_ALONE = "“My marks” and “Full answer” show them to you alone"
#: What the interviewer says for a terminal, as it is said here.
_HERE = (
    (re.compile(r"(?<![\w-])--(flow|level|track|questions|minutes|job|documents|mode) out\b"), r"`\1` out"),
    (re.compile(r"`?viva chat --resume (\w+)`?"), r"`/interview resume:\1`"),
    (re.compile(r"`viva chat --flow (\w[\w-]*)`"), r"`/interview flow:\1`"),
    (re.compile(r"`viva chat`"), "`/interview`"),
    (
        re.compile(r" unless you come back to it: `/back`\."),
        " unless you come back to it: press “Answer” below that question.",
    ),
    (re.compile(r" Or use a command:\n.*", re.DOTALL), " What has a command, `/help` lists."),
    (re.compile(r"`viva report`"), "`/report`"),
    (re.compile(r"`viva sessions`"), "`/interview resume:`"),
    (re.compile(r"viva index PATH"), "`/viva documents add`"),
    (re.compile(r"\b(after each question) you see your marks and a full answer", re.IGNORECASE), _MARKS_HERE),
    (re.compile(r"(?<![\w-])--(flow|level|track|questions|minutes|job|documents|mode) (\w[\w-]*)"), r"`\1:\2`"),
    (re.compile(r"(?<![\w-])--(flow|level|track|questions|minutes|job|documents|mode)\b"), r"`\1`"),
)


def said_here(text: str, read_along: bool = False) -> str:
    """Names the commands of this surface where those of the terminal were named, and how marks are shown here."""
    for pattern, ours in _HERE:
        ours = rf"\1 {_MARKS_ALONE}" if read_along and ours == _MARKS_HERE else ours
        text = pattern.sub(ours, text)
    return text
