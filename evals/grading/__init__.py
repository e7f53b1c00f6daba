"""`viva eval grader`: how well answers are judged offline, beside simple baselines. Nothing is fitted here."""
