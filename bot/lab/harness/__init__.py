"""What runs inside the sandbox: it runs a program, watches it train, and asks what it left for predictions.

Everything here is in the program's reach, so nothing it says is more than a claim. It imports nothing else of `bot`.
"""
