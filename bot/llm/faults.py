"""What can go wrong with a language model, each as a sentence. Which exception means what, `reading` knows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.errors import VivaError


@dataclass(frozen=True)
class About:
    """What a fault is called, what is said of it, whether it may pass by itself, and whose doing it is.

    `passing`: the same call may work in a moment. `standing`: until somebody changes a setting it will not.
    """

    says: str
    passing: bool = False
    standing: bool = False


class Kind(Enum):
    """Every fault that is told apart; `{model}` and `{place}` are put in, `{more}` is what the server said of it."""

    KEY = About(
        "The server {place} does not accept the API key (HTTP {status}). Whoever runs Viva sets it right in "
        "OPENAI_API_KEY.",
        standing=True,
    )
    CREDIT = About(
        "The account at {place} has no credit left. Whoever runs Viva tops it up, or unsets VIVA_MODEL and its key.",
        standing=True,
    )
    NOT_ALLOWED = About(
        "The key may not use the model {model} at {place} (HTTP {status}). Name another one in VIVA_MODEL.",
        standing=True,
    )
    UNKNOWN_MODEL = About(
        "The server {place} does not know the model {model}. Name one that it has in VIVA_MODEL.",
        standing=True,
    )
    NO_SERVER = About(
        "What answers at {place} is no model server (it sent a web page, or nothing that can be read). OPENAI_BASE_URL "
        "is to name the API itself, as in http://127.0.0.1:8080/v1.",
        standing=True,
    )
    REDIRECT = About(
        "The server {place} sends calls on to another address (HTTP {status}). A key is not sent there unasked: name "
        "that address in OPENAI_BASE_URL, if it is right.",
        standing=True,
    )
    TLS = About(
        "The certificate of {place} could not be checked, so nothing was sent. The address in OPENAI_BASE_URL is "
        "wrong, or the server's certificate is.",
        standing=True,
    )
    UNREACHABLE = About("The model server at {place} cannot be reached: the network, or the server.", passing=True)
    BROKEN_OFF = About("The connection to the model server at {place} broke off.", passing=True)
    BUSY = About("The server {place} takes no more calls just now (HTTP 429).", passing=True)
    DOWN = About("The server {place} has trouble of its own (HTTP {status}).", passing=True)
    SLOW = About("The model {model} did not answer in {seconds:g} s.")
    RESTING = About(
        "The model {model} was not there, or did not answer in time, a moment ago, and is left alone for a minute."
    )
    TOO_LONG = About("The call was longer than {model} takes.")
    NOT_TAKEN = About("The server {place} did not take the call (HTTP {status}).")
    EMPTY = About("The model {model} answered with nothing.")
    TRUNCATED = About("The answer of {model} broke off before its end.")
    UNREADABLE = About("The answer of {model} was not in the form that was asked for.")
    UNFOUNDED = About("The reading of {model} leaves key points out, or rests on words that were not said.")
    CREDULOUS = About("The model {model} found in this answer what no answer says, so its reading was not believed.")
    REFUSED = About("The model {model} declined to answer.")
    FILTERED = About("A content filter of {place} kept the answer back.")
    NOT_INSTALLED = About(
        "The package for models of {place} is not installed here. Whoever runs Viva installs it (pip install "
        "{more}), or names a model of another provider in VIVA_MODEL.",
        standing=True,
    )
    NOT_MADE = About(
        "The client for the model {model} cannot be made here ({more}). Whoever runs Viva looks at what the "
        "environment says for it: a key, an address, a proxy, certificates.",
        standing=True,
    )
    UNFIT = About(
        "The model {model} has given {times} replies in a row that cannot be used: it does not seem able "
        "to grade. Name another one in VIVA_MODEL, or set VIVA_GRADER=offline.",
        standing=True,
    )
    UNFORESEEN = About("The model {model} could not be asked ({more}).")


class ModelFault(VivaError):
    """The model gave nothing that can be used; what it was asked about is safe and can be asked again."""

    def __init__(
        self,
        kind: Kind,
        model: str = "the model",
        place: str = "the model server",
        status: int = 0,
        seconds: float = 0.0,
        times: int = 0,
        more: str = "",
        after: float | None = None,
    ) -> None:
        says = kind.value.says
        super().__init__(
            says.format(model=model, place=place, status=status, seconds=round(seconds, 1), times=times, more=more)
        )
        self.kind = kind
        self.status = status
        self.after = after  # seconds until the server wants to be asked again, where it says so

    @property
    def passing(self) -> bool:
        return self.kind.value.passing
