"""What needs no key and no network: the interviewer, the grader and what a message means."""
