"""Simulated candidates who sit interviews, and what is measured of the interviewer: `viva eval interviewer`."""
