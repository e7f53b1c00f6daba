"""Keeps interviews: an append-only log of events in SQLite or PostgreSQL. `opening.open_store` is the way in.

It does not know what an event means beyond the few facts that the list of sittings shows.
"""
