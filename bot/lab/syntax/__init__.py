"""Reads programs by their syntax tree, in a limited child, and never runs them."""
