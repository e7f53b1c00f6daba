"""What the interviewer says about programs and their runs. Keys and wordings as in `sentences`."""

from __future__ import annotations

RUN_SENTENCES: dict[str, tuple[str, ...]] = {
    "seconds": ("{count} seconds",),
    "seconds_one": ("1 second",),
    "bugs": ("{count} bugs",),
    "bugs_one": ("1 bug",),
    "advices": ("{count} pieces of advice",),
    "advices_one": ("1 piece of advice",),
    "run_began": ("I run your program now, in a sandbox; it may take up to {seconds}.",),
    "run_began_experiment": ("Thank you; your prediction is written down. I run both programs now to see.",),
    "run_measured": (
        "Your program ran for {seconds} s on {device} and got {accuracy} of {of} held-out images right ({data}). {why}",
    ),
    "run_cases": ("Your program ran, and its function was right in {right} of {cases} cases. {why}",),
    "run_no_predictions": ("Your program ran to its end, and left nothing that I could measure: {why}",),
    "run_invalid_predictions": ("Your program ran to its end, and what it predicted cannot be counted: {why}",),
    "run_crashed": ("Your program stopped with an error of its own.",),
    "run_error": ("{type} in {where}: {message}",),
    "run_error_nowhere": ("{type}: {message}",),
    "run_time_limit": ("Your program was not done when its time was over, and I ended it. {why}",),
    "run_memory_limit": ("Your program took more memory than it may, and I ended it. {why}",),
    "run_output_limit": ("Your program printed more than anybody can read, and I ended it. {why}",),
    "run_refused": ("{why}",),
    "run_cancelled": ("{why} Nothing was measured. Hand it in again whenever you like.",),
    "run_unavailable": (
        "I have read your program and could not run it, which is no fault of yours. {why} What a run would have shown "
        "is left out of the grade.",
    ),
    "run_output": ("It printed:",),
    "run_output_end": ("The last {count} lines that it printed:",),
    "run_contradicted": (
        "The losses that your program reported do not go together with what I measured; what I measured counts. Where "
        "they are near zero, the training images may have been learned by heart.",
    ),
    "run_findings": ("In its text and in its run I see {found}.",),
    "read_findings": ("In its text I see {found}.",),
    "recap_run": ("Welcome back. Your program was being run when we broke off: I run it once more.",),
    "about_program": ("Let us stay with your program.",),
    "about_bugs": ("Let us stay with your program. (A mended one may come at any time, by `/code`.)",),
    "about_experiment": ("Now an experiment; say what you expect before I run it.",),
    "mend": ("Hand in a mended program with `/code`, as often as you like; or say “done”, and it stays as it is.",),
    "mended": (
        "You have mended that: I do not see it in your program any more. Let me still hear about the one that had it.",
    ),
    "not_mended": (
        "What I asked is still open, and I see the same in your new program{place}. I asked of the one before:",
    ),
    "asked_of_before": ("What I asked is still open; it was about the program before this one:",),
    "experiment_ran": ("Both programs have run.",),
    "experiment_recorded": ("I cannot run the programs. {why} These are the curves of an earlier run on {on}.",),
    "experiment_not_run": ("I could not run the programs. {why}",),
    "experiment_side": ("The program {name}: {accuracy} right{of}.",),
    "experiment_side_failed": ("The program {name}: {status}",),
    "otherwise": ("The run did not come out as my notes have it, so that I cannot hold your prediction against it.",),
    "predict_not_now": (
        "There is nothing to predict yet: experiments belong to the round in which you write a program.",
    ),
    "predict_unknown": ("I know no experiment of that name. There are: {detail}.",),
    "predict_none_left": ("You have predicted all experiments that there are.",),
    "round_head": ("The code round (question {number}, {title}) came to {score}. It is made of:",),
    "share_of_runs": ("It runs",),
    "share_of_learns": ("It learns",),
    "share_of_accuracy": ("Held-out images or cases",),
    "share_of_correct": ("It is correct",),
    "share_of_understood": ("You understand it",),
    "round_left_out": ("Not measured, and left out: {what}.",),
}
