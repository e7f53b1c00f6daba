"""Viva: a mock interviewer for deep-learning and data-science roles. Importing it does no work."""
