"""What Discord takes: the figures that its API enforces, and how it counts. It sends nothing.

Discord counts code points; the clients count UTF-16 units, which are never fewer: counted so, nothing is ever too long.
"""

from __future__ import annotations

#: Characters over all text displays of a message or a modal, and components of a message, nested ones included.
TEXT = 4000
COMPONENTS = 40
#: Files of one message, items of one gallery.
PICTURES = 10
ALT = 1024
MODAL_TITLE = 45
#: What the surface adds to a page: characters of its own words (who reads along, how to answer, what comes next); a
#: container around the question, three rows of seven buttons, lines of its own.
OWN_TEXT = 700
OWN_COMPONENTS = 16

PAGE_TEXT = TEXT - OWN_TEXT
PAGE_BLOCKS = COMPONENTS - OWN_COMPONENTS


def length(text: str) -> int:
    """How long the text is to Discord, at most."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
