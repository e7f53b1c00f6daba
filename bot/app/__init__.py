"""Builds an interview from the settings; the only room that names concrete classes. It does no work of its own.

`house` is what all sittings of a process share, `sitting` opens one in it. What stands behind a door is chosen in the
module of that door: `bank` (questions and index), `grading`, `lab`, `models` (voice and grader), `records` (the store)
and `costs`. `home` is the data folder.
"""
