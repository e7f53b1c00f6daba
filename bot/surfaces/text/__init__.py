"""What every surface shows words by: Markdown as tokens, formulas in Unicode, control characters as signs.

It knows no surface and renders nothing.
"""
