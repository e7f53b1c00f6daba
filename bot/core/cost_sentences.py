"""Every fixed sentence on what language models take, by key; `sentences` holds them beside the others."""

from __future__ import annotations

COST_SENTENCES: dict[str, tuple[str, ...]] = {
    "cost_nothing": ("This interview has cost nothing so far: no language model was asked.",),
    "cost_so_far": ("What a language model took for this interview so far: {spent}.",),
    "budget_of_sitting": ("The budget of this interview for a language model",),
    "budget_of_person": ("Your budget of today for a language model",),
    "budget_of_server": ("This server's budget of today for a language model",),
    "budget_of_day": ("Today's budget of everybody here for a language model",),
    "budget_warn": (
        "{budget} is used to {share} %. Once it is used up, the offline grader judges, and I go on in my own words.",
    ),
    "budget_stop": (
        "{budget} is used up, so from here on the offline grader judges, and I go on in my own words. The interview "
        "goes on as before.",
    ),
    "budget_over": ("{budget} is used up.",),
    "budget_note": ("{budget} is used up, so the offline grader judged this.",),
}
