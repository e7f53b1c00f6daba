"""The surfaces: each is a mouth and an ear of the same loop. None of them decides anything about an interview."""
