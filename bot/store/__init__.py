"""Keeps interviews: an append-only log of events in SQLite or PostgreSQL. `opening.open_store` is the way in.

Beside the log, in the same database, is what study groups need: who an account is, where a sitting goes on, what a
server chose, documents. It does not know what an event means beyond the few facts that lists and counts show.
"""
