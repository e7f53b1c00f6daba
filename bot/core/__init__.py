"""The interview itself, pure: standard library only, no I/O, no clock, no randomness."""
