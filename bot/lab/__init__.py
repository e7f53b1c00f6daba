"""Reads programs that candidates hand in. Nothing of them is run."""
