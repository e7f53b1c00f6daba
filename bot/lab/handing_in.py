"""Whether a submission can be run at all, judged by its text and its limits alone. It parses and runs nothing."""

from __future__ import annotations

from bot.core.training import Limits, Submission

#: What may be asked for at most, whoever asks: seconds by the clock, MiB, bytes of output.
MOST = Limits(seconds=3600.0, memory=64 * 1024, output=1024 * 1024)
#: Less memory than PyTorch itself takes is of no use.
LEAST_MEMORY = 384


def objection(submission: Submission) -> str:
    """Why it is refused, in a sentence for the candidate; empty when it is not."""
    source, limits = submission.source, submission.limits
    if not source.strip():
        return "Your program is empty: there is nothing to run. Write one, and hand it in again."
    if "\0" in source:
        return "Your program has a NUL character in it, so it is no Python text. Hand in the source as plain text."
    try:
        size = len(source.encode())
    except UnicodeEncodeError as error:
        line = source.count("\n", 0, error.start) + 1
        return f"Your program has half a character in line {line}. Save the file as UTF-8, and hand it in again."
    if size > limits.source:
        return (
            f"Your program has {size:,} bytes, and at most {limits.source:,} are run. Leave out what is not needed, "
            "such as data written into the source."
        )
    return _beyond(limits)


def _beyond(limits: Limits) -> str:
    if not 0 < limits.seconds <= MOST.seconds:
        return f"A program may run for up to {MOST.seconds:g} seconds; {limits.seconds:g} were asked for."
    if not LEAST_MEMORY <= limits.memory <= MOST.memory:
        return f"A program may have {LEAST_MEMORY} to {MOST.memory} MiB of memory; {limits.memory} were asked for."
    return ""
