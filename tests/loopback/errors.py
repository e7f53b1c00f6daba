"""Discord's refusals: status, code, words and, for a bad body, the tree of what is wrong where."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A request that the API answers with an error."""

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


# Codes as in Discord's list of JSON error codes.
_KNOWN: dict[str, tuple[int, int, str]] = {
    "no such route": (404, 0, "404: Not Found"),
    "wrong method": (405, 0, "405: Method Not Allowed"),
    "unauthorised": (401, 0, "401: Unauthorized"),
    "unknown application": (404, 10002, "Unknown Application"),
    "unknown channel": (404, 10003, "Unknown Channel"),
    "unknown guild": (404, 10004, "Unknown Guild"),
    "unknown member": (404, 10007, "Unknown Member"),
    "unknown message": (404, 10008, "Unknown Message"),
    "unknown user": (404, 10013, "Unknown User"),
    "unknown webhook": (404, 10015, "Unknown Webhook"),
    "unknown interaction": (404, 10062, "Unknown interaction"),
    "unknown command": (404, 10063, "Unknown application command"),
    "too large": (413, 40005, "Request entity too large"),
    "already acknowledged": (400, 40060, "Interaction has already been acknowledged."),
    "too many follow-ups": (400, 40094, "This interaction has reached the maximum number of follow up messages."),
    "missing access": (403, 50001, "Missing Access"),
    "another's message": (403, 50005, "Cannot edit a message authored by another user"),
    "empty message": (400, 50006, "Cannot send an empty message"),
    "cannot send to user": (403, 50007, "Cannot send messages to this user"),
    "missing permissions": (403, 50013, "Missing Permissions"),
    "wrong channel type": (400, 50024, "Cannot execute action on this channel type"),
    "invalid webhook token": (401, 50027, "Invalid Webhook Token"),
    "not a text channel": (400, 50008, "Cannot send messages in a non-text channel"),
    "too many threads": (400, 160006, "Maximum number of active threads reached"),
    "archived": (400, 50083, "Thread is archived"),
    "thread exists": (400, 160004, "A thread has already been created for this message"),
    "locked": (403, 160005, "Thread is locked"),
    "bad json": (400, 50109, "The request body contains invalid JSON."),
    "too many commands": (400, 30034, "Max number of daily application command creates has been reached (200)"),
    "internal": (500, 0, "500: Internal Server Error"),
    "bad gateway": (502, 0, "502: Bad Gateway"),
    "unavailable": (503, 0, "503: Service Unavailable"),
}


def refused(what: str) -> Refused:
    """The refusal of that name."""
    return Refused(*_KNOWN[what])


def by_code(code: int) -> Refused:
    """The refusal of that code."""
    found = [known for known in _KNOWN.values() if known[1] == code]
    assert found, f"there is no refusal of code {code}; there are: {sorted(known[1] for known in _KNOWN.values())}"
    return Refused(*found[0])


class Found:
    """What is wrong with a body, each by its path; `refuse` says it as Discord does."""

    def __init__(self) -> None:
        self.wrong: list[tuple[tuple[str | int, ...], str, str]] = []

    def add(self, path: tuple[str | int, ...], code: str, message: str) -> None:
        self.wrong.append((path, code, message))

    def length(self, path: tuple[str | int, ...], value: Any, least: int, most: int) -> None:
        """A text of a length, or a list of a number of things."""
        if value is None:
            value = ""
        if len(value) > most:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        if len(value) < least:
            code = "BASE_TYPE_REQUIRED" if not value else "BASE_TYPE_BAD_LENGTH"
            self.add(path, code, "This field is required" if not value else f"Must be at least {least} in length.")

    def tree(self) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for path, code, message in self.wrong:
            at = tree
            for step in path:
                at = at.setdefault(str(step), {})
            at.setdefault("_errors", []).append({"code": code, "message": message})
        return tree

    def words(self) -> str:
        return "; ".join(f"{'.'.join(map(str, path)) or 'body'}: {message}" for path, _, message in self.wrong)

    def refuse(self) -> None:
        """Raises when anything is wrong."""
        if self.wrong:
            raise Refused(400, 50035, "Invalid Form Body", self.tree())


def bad_body(path: tuple[str | int, ...], code: str, message: str) -> Refused:
    """A body with a single thing wrong."""
    found = Found()
    found.add(path, code, message)
    return Refused(400, 50035, "Invalid Form Body", found.tree())
