"""Every fixed sentence that the interviewer says, by key, in one place: another language is another such table.

Where a key has several wordings, `speech` takes turns by the sitting's seed. It decides nothing about when to say what.
"""

from __future__ import annotations

from bot.core.cost_sentences import COST_SENTENCES
from bot.core.objection_sentences import OBJECTION_SENTENCES
from bot.core.run_sentences import RUN_SENTENCES

SENTENCES: dict[str, tuple[str, ...]] = {
    **COST_SENTENCES,
    **OBJECTION_SENTENCES,
    **RUN_SENTENCES,
    "greeting": (
        "Good to have you here. I will be your interviewer today. On the programme: {title}.",
        "Welcome, and thank you for coming. On the programme today: {title}.",
        "Hello, and welcome. What we have before us today: {title}.",
    ),
    "opening_what": ("- There are {count} questions, about {minutes} in all{code}.",),
    "opening_what_one": ("- There is one question, about {minutes} in all{code}.",),
    "minutes": ("{count} minutes",),
    "minutes_one": ("1 minute",),
    "questions": ("{count} questions",),
    "questions_one": ("1 question",),
    "questions_about": (", {count} of them on your program",),
    "opening_code": (", with a program to write at question {number}",),
    "opening_practice": (
        "- This is practice: after each question you see your marks and a full answer. A point that you make only "
        "after a hint (`/hint`), or after a follow-up about that very point, counts three quarters; after two hints, a "
        "half; after three, a quarter.",
    ),
    "opening_simulation": (
        "- This is a simulation: the marks come at the end. A point that you make only after a hint (`/hint`), or "
        "after a follow-up about that very point, counts three quarters; after two hints, a half; after three, a "
        "quarter.",
    ),
    "opening_stop": (
        "- Say each point in a sentence of its own, so that I do not miss it. You may skip, come back, ask me to "
        "repeat, or stop at any time (`/help` shows how); the report covers what you answered.",
    ),
    "note_job": ("- Because of {words} in what you gave me, I ask about {topic}.",),
    "note_again": (
        "- {again} of the {count} questions you had in the last 30 days: there are no more new ones that fit. What you "
        "missed comes first, in other words or with other numbers.",
    ),
    "note_again_only": (
        "- You had this question before: it is put in other words now, with your earlier mark beside the new one.",
    ),
    "note_again_fixed": (
        "- {again} of these questions you had before: put in other words now, with your earlier mark beside the new "
        "one.",
    ),
    "note_fewer": ("- You asked for {wanted} questions; {count} fit your wishes.",),
    "note_round": ("- This is round {round} of {count}: {rounds}.",),
    "note_material": ("- What you work on is in the file `{file}`; open it whenever you like.",),
    "note_project": ("Now to project {number}{name}.",),
    "time_half": ("Half of your time is over; you have {left} left.",),
    "time_five": ("You have {left} left.",),
    "time_late": ("We are a little behind time.",),
    "time_dropped": ("To keep to it I leave out: {titles}.",),
    "brought": ("I have read `{name}` (it was not run): {facts}.",),
    "brought_nothing": ("I have read `{name}` (it was not run), and found nothing in it to ask about.",),
    "brought_unreadable": ("I could not read `{name}`: {problem}",),
    "recalled": ("Earlier, in question {number}, you said: “{quote}”. Let me build on that.",),
    "recalled_wrote": ("Your program at question {number} says: “{quote}”. Let me build on that.",),
    "contradiction": (
        "Let me come back to something. In question {number} you said: “{earlier}”. Just now you said: “{later}”. How "
        "do the two go together?",
    ),
    "contradiction_same": (
        "Let me make sure that I follow. You said: “{earlier}”, and also: “{later}”. How do the two go together?",
    ),
    "leads": ("That leads straight on to the next thing.", "And that takes us on.", "Let us follow that thought."),
    "earlier_mark": ("Last time, on {date}, this question came to {score}; now {now}.",),
    "earlier_unmarked": ("You had this question before, on {date}; it was not graded then.",),
    "readme": (
        "A README for your project, from your own words. Copy it beside your code, fill in what is missing, and see "
        "that the code that lies there is the code that you described:",
    ),
    "series_next": (
        "That was round {round} of {count}. The next one is: {title}. Begin it whenever you like, today or another "
        "day, with `viva chat --flow {series}`.",
    ),
    "series_over": ("That was the last of the {count} rounds. All of them:",),
    "head_question": ("Question {number} of {count}",),
    "head_follow_up": ("Question {number} of {count}, follow-up",),
    "head_title": (" · {title}",),
    "acknowledged": (
        "Thank you.",
        "Noted.",
        "All right.",
        "I have that down.",
        "Understood.",
    ),
    "follow_up_lead_missed": ("",),
    "follow_up_lead_wrong": (
        "Let us test one part of that.",
        "Let me probe one part of that.",
        "I should like to check one part of that with you.",
    ),
    "follow_up_lead_interesting": (
        "Let me take that a step further.",
        "Let us go one step deeper.",
    ),
    "follow_up_lead_again": ("I could not take enough from that.",),
    "again": ("Could you put it to me in a full sentence or two, in English?",),
    "follow_up_said": ("You said: “{quote}”.",),
    "follow_up_wrote": ("You wrote: “{quote}”.",),
    "score_line": ("**{score}** ({band}).",),
    "score_line_sum": ("**{score}** ({band}): {earned} of {full}.",),
    "score_line_bonus": ("**{score}** ({band}): {earned} of {full}, and {bonus} as a bonus.",),
    "score_zero": ("**0.00**.",),
    "score_alone_same": ("Without help.",),
    "score_alone": ("On your own: {alone}; with help: {score}.",),
    "score_unchanged": ("The marks of this question stay where they were: **{score}** ({band}).",),
    "points_open": ("{count} of {of} key points are not complete yet.",),
    "points_open_one": ("One of {of} key points is not complete yet.",),
    "points_open_all": ("None of the {of} key points is complete yet.",),
    "points_none": ("None of the {of} key points is there yet.",),
    "band_strong": ("strong",),
    "band_partial": ("partial",),
    "band_weak": ("weak",),
    "band_none": ("very little",),
    "point_met": ("**met** ({worth}): {says}",),
    "point_partial": ("**partly** ({worth}): {says}",),
    "point_missing": ("**missing** ({worth}): {says}",),
    "point_wrong": ("**wrong** ({worth}); what holds is: {says}",),
    "point_partial_open": ("**partly** ({worth}): “{quote}”; I count this in part so far",),
    "point_partial_unquoted": ("**partly** ({worth}): one more point is there in part",),
    "point_quote": (" You said: “{quote}”",),
    "point_wrote": (" You wrote: “{quote}”",),
    "brief": ("{says}",),
    "brief_wrong": ("What holds is: {says}",),
    "brief_open": ("In part so far: “{quote}” · {worth}",),
    "brief_open_unquoted": ("One more point is there in part · {worth}",),
    "brief_quote": (" “{quote}”",),
    "brief_worth": (" · {worth}",),
    "worth": ("{earned} of {weight}{why}",),
    "worth_bonus": ("{earned} of {weight}, a bonus{why}",),
    "worth_why": (": {why}",),
    "worth_sure": ("{given} sure",),
    "worth_there": ("{given} there",),
    "worth_unsure": ("× {given}, unsure, as two readings of it differ",),
    "worth_share_1": ("× 0.75 after help",),
    "worth_share_2": ("× 0.5 after two hints",),
    "worth_share_3": ("× 0.25 after three hints",),
    "point_more": ("also possible: {says}",),
    "worth_half_order": ("× 0.5, as it stands out of order",),
    "worth_half_reason": ("× 0.5 without its reason",),
    "worth_half_hinge": ("× 0.5, as the answer turns the other way",),
    "option": ("On {letter}: {reply}",),
    "misconception": ("You said: “{quote}”. {reply}",),
    "misconception_unquoted": ("{reply}",),
    "reference": ("A full answer ({sources})",),
    "reference_unsourced": ("A full answer",),
    "no_reference": ("The index holds no reference for this question at the moment.",),
    "no_model_any_more": ("From here on your answers are judged without a language model, and are sent to none.",),
    "not_graded": ("**Not graded.** {why} Your answer is kept as you gave it.",),
    "not_graded_retry": ("**Not graded yet.** {why} Your answer is kept, and `/grade` tries again.",),
    "not_graded_still": ("**Still not graded.** {why} Your answer is kept; try `/grade` again in a minute.",),
    "note": ("Note: {note}",),
    "part_not_judged": ("A part of what you said was not judged, and is kept as you gave it. {why}",),
    "draft": ("The rubric of this question is a draft: it was judged with what there is, and the mark is less sure.",),
    "zero_dont_know": ("**0.00**: “I don't know” is written down as no answer.",),
    "gave_up": (
        "That is all right.",
        "Fair enough, then we leave it there.",
        "Thank you for saying so.",
    ),
    "gave_up_probing": ("Fair enough, we leave that point.", "All right, we leave it at what you have said."),
    "skipped": ("Skipped. It counts 0 unless you come back to it: `/back`.",),
    "skipped_last": ("Skipped; it counts 0. It was the last question, so the interview ends here.",),
    "skipped_answered": ("All right, we leave this question at what you have said.",),
    "later": ("We come back to that one at the end.", "I put that one aside; it comes back at the end."),
    "last_one": ("This is the last question that is still open: answer it, or `/skip` it.",),
    "returned": ("Back to question {number} ({title}).",),
    "returned_here": ("Back to this one.", "Now back to this one."),
    "reopened": ("Go ahead: what you say next is added to your answer to question {number} ({title}).",),
    "amended": ("Added to your answer to question {number} ({title}).",),
    "late": (
        "I have added that to the record of question {number} ({title}). The reference was on the table by then, so it "
        "is not judged.",
    ),
    "undone_skip": ("The skip is taken back.",),
    "undone_answer": ("That answer is taken back and does not count; it stays in your own record.",),
    "nothing_to_undo": ("There is nothing to take back.",),
    "too_late_to_undo": (
        "The marks of that answer have been shown, so it can no longer be taken back. What you want to correct goes on "
        "the record if you begin with “add to” and the number of its question, as in “add to 2:”.",
    ),
    "already_marked": (
        "The marks and the reference of question {detail} have been shown. You can still add a remark to it (begin "
        "with “add to {detail}:”), or dispute the marks with `/dispute`.",
    ),
    "nothing_to_return_to": ("I find no question there to go back to.",),
    "hint": ("Hint {rung} of 3: {hint}",),
    "hint_price": ("What you first say from here on counts {share}. {next}",),
    "hint_next": ("The next hint would make that {share}.",),
    "hint_last": ("That was the last hint.",),
    "share_1": ("three quarters",),
    "share_2": ("a half",),
    "share_3": ("a quarter",),
    "no_more_hints": ("You have had all three hints for this question. Say what you have, or “I don't know”.",),
    "repeat": ("Of course.", "Gladly."),
    "rephrase": ("Let me put it otherwise.", "In other words:"),
    "rephrase_probe": ("It belongs to this question: {plain} Within that, I ask you only this:",),
    "wait": ("Take your time.", "Of course, take the time you need."),
    "ready": ("Then here it is again:", "Here it is once more:"),
    "thanks": ("You are welcome.", "With pleasure."),
    "greeting_back": ("Hello!", "Hello, and welcome."),
    "small_talk": ("I am well, thank you.", "Thank you for asking; I am fine."),
    "small_talk_who": ("I am a program, and I hold this interview with you; no person sits behind me.",),
    "small_talk_chat": ("Let us talk about that afterwards.", "We can come to that when we are done here."),
    "off_topic": (
        "That lies outside this interview, so I leave it aside; nothing was marked.",
        "Let us keep to the interview; nothing was marked.",
    ),
    "rude": ("I hear that you are annoyed. It costs you no marks. We can go on, `/skip`, or stop with `/end`.",),
    "empty": ("There was nothing in that message. Say what you think, or ask for a `/hint`.",),
    "empty_again": (
        "Nothing came through that time either. Take the time you need; if it is the question that holds you up, ask "
        "me to put it otherwise.",
    ),
    "empty_still": (
        "Still nothing, and that is all right. A `/hint` may help, “in other words” puts it otherwise, and `/skip` "
        "moves on.",
        "I am still here. Say as little as you like, or choose: `/hint`, “in other words”, or `/skip`.",
    ),
    "unclear": (
        "I did not get that. Could you write it once more? Nothing was marked.",
        "I am not sure what you meant there. Please say it again; nothing was marked.",
    ),
    "plea_marks": (
        "Marks come from what you say about the question and from nothing else, so I cannot give any for the asking.",
    ),
    "plea_answer": (
        "I cannot give the answer before you have had your go. A `/hint` helps at a price; “I don't know” moves on.",
    ),
    "plea_instructions": (
        "I take what you write as words in an interview, never as instructions: how I ask and mark stays as it is.",
    ),
    "said_already": (
        "Then I may have missed it. Say it once more in other words, or leave the point with “I don't know”.",
    ),
    "asks_back": (
        "Take what you find sensible, and tell me what you assume; nothing was marked.",
        "That I leave to you: say what you assume, and go on from there. Nothing was marked.",
        "Choose what seems reasonable to you, and name it in your answer; nothing was marked.",
    ),
    "never_mind": ("Then nothing is added; your answer stays as it is.",),
    "about_code": (
        "PyTorch is what I ask for, but a Keras program, or the steps in words, is read as well. A program may have up "
        "to 64 KiB. What is written in PyTorch is run in a sandbox, where there is one. Hand it in with `/code FILE`, "
        "with `/code` and a paste, or as a fenced block.",
    ),
    "still_open": (
        "The question on the table is still this one: {wording}",
        "Back to what I asked: {wording}",
        "My question was this: {wording}",
    ),
    "opening_limit": ("I ask no new question after {minutes}.",),
    "dropped": ("One question of this interview is no longer in the question bank, so it is left out.",),
    "unfinished": ("Go on.", "I am listening.", "Yes, go on."),
    "dispute_why": ("What is wrong with the marks? Say it after the command: `/dispute WHY`.",),
    "out_of_patience": ("We do not get any further with this one.",),
    "rules": (
        "These are the rules. I ask {count}, one at a time, and up to two follow-ups on each. Each answer is "
        "marked by its key points, each mark with your own words behind it. {marks} There are "
        "three hints a question: what you first say after one counts three quarters, after two a half, after three a "
        "quarter; after a follow-up that points at it, three quarters. “I don't know” and a skip count 0, and a "
        "skipped question can be returned to. {mode} You can stop at any time.",
    ),
    "rules_marks": (
        "Beside a mark, “0.86 sure” is how sure I am that you made the point, “0.39 there” how much of it I found; it "
        "earns that share of its weight.",
    ),
    "rules_practice": ("After each question you see your marks and a full answer.",),
    "rules_simulation": ("Marks come at the end.",),
    "remaining": ("This is question {number} of {count}; {left} more to come after it.",),
    "remaining_last": ("This is question {number} of {count}, the last one.",),
    "remaining_none": ("All {count} questions have been asked.",),
    "remaining_none_one": ("The only question has been asked.",),
    "score_practice": ("So far: **{total}** over {graded} of {count} ({alone} on your own).",),
    "score_nothing": ("Nothing has been graded yet.",),
    "score_ungraded": ("Not graded, and left out of the total: {count}.",),
    "score_simulation": ("You have answered {answered} of {count}. In a simulation the marks come at the end.",),
    "grade_nothing": ("Nothing has been graded yet: the marks come after your first answer.",),
    "status": ("Question {number} of {count}, {minutes} in, {hints} of 3 hints taken on this one.",),
    "nothing_to_dispute": ("There are no marks to dispute yet.",),
    "judged_late": ("Question {number}, which could not be judged before, is judged now.",),
    "judged_late_score": ("Question {number}, which could not be judged before, is judged now: **{score}** ({band}).",),
    "judged_late_not": ("Question {number} was read once more, and cannot be graded; the report says why.",),
    "judged_late_total": ("With it, the interview comes to **{total}**.",),
    "help": (
        "You can just talk to me: answer, ask me to repeat or to put it otherwise, ask what a word means, ask for a "
        "hint, say that you don't know, or that you want to come back to it later. Or use a command:\n\n"
        "- `/hint` the next hint, `/repeat` the question again, `/skip` leave it, `/back [N]` go back to one you left\n"
        "- `/undo` take back the last answer or skip, `/grade` the last answer's marks, `/score` the total so far\n"
        "- `/code [FILE]` hand in a program, `/predict [NAME]` predict an experiment on it, `/edit` write in your "
        "editor, `/status` where we stand, `/cost` what a language model took\n"
        "- `/dispute WHY` object to a mark, `/report` the report so far, `/end` stop, `/help` this list\n\n"
        "An answer that begins with a slash begins with two: `//`.",
    ),
    "unknown_command": ("There is no command {detail}. {nearest} Nothing was marked.",),
    "unknown_nearest": ("Did you mean {nearest}?",),
    "unknown_list": ("`/help` lists them.",),
    "malformed": ("I could not read that message: {detail} Nothing was marked.",),
    "code_not_now": ("There is no program to hand in at this question. Say it in words, please.",),
    "code_read": ("I have read your program; it was read, not run. {facts}",),
    "code_why": (" ({why})",),
    "code_facts": ("I see {facts}.",),
    "code_unreadable": ("{problem} Mend it and hand it in again; nothing was marked.",),
    "clarify": ("{text}",),
    "clarify_sources": ("({sources})",),
    "clarify_subject": (
        "I would rather hear from you what “{term}” means than explain it. I can put the question otherwise, or give "
        "you a hint at its price.",
    ),
    "clarify_unknown": ("My notes have nothing on “{term}”. I can put the whole question otherwise if you like.",),
    "recap": ("Welcome back. So far you have taken up {answered} of {count}{score}.",),
    "recap_score": ("; the mean of your scores is {total}",),
    "recap_first": ("Welcome back. We had just begun.",),
    "closing_finished": (
        "That was all from my side; thank you for your time. HR will be in touch with you about the next steps. "
        "Best of luck!",
    ),
    "closing_stopped": (
        "Then we stop here; thank you for your time. What you answered is in the report. Best of luck!",
    ),
    "closing_one": ("That was all from my side; thank you for your time. Best of luck!",),
    "closing_time": (
        "Our time is up, so that was all for today; thank you. HR will be in touch with you about the next steps. "
        "Best of luck!",
    ),
    "report_head": ("**Your report**",),
    "report_total": ("Your total is **{total}**, over {graded} of the {count} ({alone} on your own).",),
    "report_total_all": ("Your total is **{total}**, over all {count} ({alone} on your own).",),
    "report_total_only": ("Your total is **{total}**, over the one question ({alone} on your own).",),
    "report_no_total": ("Nothing was graded, so there is no total.",),
    "report_ungraded": ("Not graded, and left out of the total: {count}.",),
    "report_waiting": ("{count} answers wait to be judged: `viva report` has that tried again.",),
    "report_waiting_one": ("1 answer waits to be judged: `viva report` has that tried again.",),
    "report_what": (
        "The total is the mean of the scores; a skip or an “I don't know” counts 0. It does not predict how a company "
        "will decide.",
    ),
    "report_judges": ("Who judged what, by question number:",),
    "report_reading": ("To read next:",),
    "over": ("This interview is over. `viva report` shows its report.",),
}
