"""The chat in a terminal, in a pipe and as JSON lines. It renders and reads; what is said is decided in core."""
