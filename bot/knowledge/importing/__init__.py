"""Reads articles of questions and answers, whatever their format: reading, finding, pairing, drafting, writing."""
