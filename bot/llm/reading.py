"""Reads what a model's client raised or returned: a fault with its kind, or the object that was asked for.

It knows clients by what their errors have in common (a status, a body, a cause), so that any provider's are read.
"""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.llm.faults import Kind, ModelFault

Shape = TypeVar("Shape", bound=BaseModel)
Raise = Callable[..., ModelFault]

#: Seconds that a server may ask to be left alone before it is asked once more; more is an answer for today.
LONGEST_WAIT = 5.0
_CREDIT = re.compile(r"insufficient_quota|billing|credit|payment|quota", re.IGNORECASE)
_TOO_LONG = re.compile(r"context[_ ](?:length|size|window)|too long|maximum context|too many tokens", re.IGNORECASE)
_FILTER = re.compile(r"content[_ ]?filter|content management|safety", re.IGNORECASE)
_MODEL = re.compile(r"model", re.IGNORECASE)
#: What clients raise when they take a reply of another kind for one of theirs.
_NOT_THE_PROTOCOL = (json.JSONDecodeError, UnicodeDecodeError, AttributeError, KeyError, IndexError, TypeError)
_PAGE = re.compile(r"<\s*(?:!doctype|html|head|body)", re.IGNORECASE)


def fault(error: BaseException, made: Raise) -> ModelFault:
    """What an exception of a client means. `made` knows the names of model and place."""
    if isinstance(error, ModelFault):
        return error
    status = _status(error)
    if status:
        return _by_status(status, said(error), _after(error), made)
    causes = [type(one) for one in _chain(error)]
    names = " ".join(kind.__name__ for kind in causes)
    if any(issubclass(kind, ssl.SSLError) for kind in causes) or "CERTIFICATE_VERIFY" in str(error):
        return made(Kind.TLS)
    if "LengthFinishReason" in names:
        return made(Kind.TRUNCATED)
    if "ContentFilter" in names or _FILTER.fullmatch(str(getattr(error, "code", None))):  # an error within a stream
        return made(Kind.FILTERED)
    if "Refusal" in names:
        return made(Kind.REFUSED)
    if any(issubclass(kind, _NOT_THE_PROTOCOL) for kind in causes) or "Validation" in names:
        return made(Kind.NO_SERVER)
    if re.search(r"ConnectError|ConnectTimeout|UnsupportedProtocol|ConnectionRefused|gaierror", names):
        return made(Kind.UNREACHABLE)
    if re.search(r"ReadError|RemoteProtocol|WriteError|CloseError|ConnectionReset|IncompleteRead|Connection", names):
        return made(Kind.BROKEN_OFF)
    if re.search(r"Timeout", names):
        return made(Kind.SLOW)
    return made(Kind.UNFORESEEN, more=type(error).__name__)


def said(error: BaseException) -> str:
    """What a server said of its refusal, as text."""
    response = getattr(error, "response", None)
    body = getattr(error, "body", None)
    text = getattr(response, "text", "") if response is not None else ""
    return f"{text if isinstance(text, str) else ''} {json.dumps(body, default=str) if body else ''} {error}"


def _by_status(status: int, text: str, after: float | None, made: Raise) -> ModelFault:
    kind = Kind.NOT_TAKEN
    if 300 <= status < 400:
        kind = Kind.REDIRECT
    elif status in (429, 402) and _CREDIT.search(text):
        kind = Kind.CREDIT
    elif status == 429:
        kind = Kind.BUSY
    elif status >= 500:
        kind = Kind.DOWN
    elif _PAGE.search(text):
        kind = Kind.NO_SERVER
    elif status == 401:
        kind = Kind.KEY
    elif status == 403:
        kind = Kind.NOT_ALLOWED
    elif status == 404:
        kind = Kind.UNKNOWN_MODEL if _MODEL.search(text) else Kind.NO_SERVER
    elif status == 413 or _TOO_LONG.search(text):
        kind = Kind.TOO_LONG
    elif _FILTER.search(text):
        kind = Kind.FILTERED
    return made(kind, status=status, after=after)


def _status(error: BaseException) -> int:
    for one in _chain(error):
        for holder in (one, getattr(one, "response", None)):
            status = getattr(holder, "status_code", None)
            if isinstance(status, int) and status >= 300:  # an answer that came and was no good has one too
                return status
    return 0


def _after(error: BaseException) -> float | None:
    """Seconds that the server asks for, by its header Retry-After; None where it says nothing that can be read."""
    headers: Mapping[str, str] = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except (TypeError, ValueError):
        return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen = 0
    while error is not None and seen < 10:
        yield error
        error, seen = error.__cause__ or error.__context__, seen + 1


def filled(text: str, shape: type[Shape]) -> Shape | None:
    """The first JSON object in a text that has the shape asked for; words and fences around it are left aside."""
    decoder, at = json.JSONDecoder(), text.find("{")
    while at != -1:
        try:
            found, _ = decoder.raw_decode(text, at)
            return shape.model_validate(found)
        except (ValueError, RecursionError, ValidationError):
            at = text.find("{", at + 1)
    return None


def text_of(content: Any) -> str:
    """The text of a message, which some providers send in blocks."""
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    return "".join(b if isinstance(b, str) else str(b.get("text", "")) for b in blocks if isinstance(b, str | dict))
