"""Text that cannot steer who shows it: control characters become visible signs. It changes nothing that can be read."""

from __future__ import annotations

import re

#: Direction overrides can make text read as what it is not; right-to-left text itself needs none of them.
_OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_HARMFUL = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_OVERRIDES}\ud800-\udfff]")
_UNPAIRED = re.compile("[\ud800-\udfff]")
_BREAKS = re.compile("\r\n|\u2028|\u2029|\x85")


def harmless(text: str) -> str:
    """The text with every control character but line feed and tab shown as a sign (ESC as ␛)."""
    return _HARMFUL.sub(_sign, _BREAKS.sub("\n", text))


def _sign(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "\ufffd"


def encodable(text: str) -> str:
    """The words without lone surrogates, which no encoding has."""
    return _UNPAIRED.sub("\ufffd", text)


def storable(text: str) -> str:
    """Words as they were typed or piped in, with NUL as the sign ␀: nobody types one on purpose."""
    return encodable(text).replace("\x00", "␀")
