"""What a test makes go wrong, by name: each so many times, where asked for on some routes or events alone.

Requests, `where` in `POST /channels/1/messages`: `429`, `429 global`, `429 cloudflare` (each for `seconds`), `500`,
`502`, `503`, `504`, `acts, then 502` (done, yet answered 502), `slow` (after `seconds`), `cut` (no answer), `acts, then
cut`; `refused` with `code=50013` (one of those in errors.py).
Files, `where` in `GET /attachments/…`: `404`, `500`, `502`, `503`, `slow`, `short` (half of it), `torn` (breaks off).
Events, `where` in their names: `swap` (told after the next one), `twice` (an interaction comes twice), `late` (an
interaction comes when its token has run out).
The gateway: `no gateway`, where in `GET /gateway/bot` or `GATEWAY` (the socket); `no resume` (op 9 instead).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

NAMES = {
    "404", "429", "429 global", "429 cloudflare", "500", "502", "503", "504", "acts, then 502", "slow", "cut",
    "acts, then cut", "refused", "swap", "twice", "late", "no gateway", "no resume", "short", "torn",
}  # fmt: skip


@dataclass
class Fault:
    """One that waits to happen, `times` times, where `where` says so of a route or an event."""

    name: str
    where: Callable[[str], bool]
    times: float
    seconds: float = 1.0
    code: int = 0
    happened: int = 0


@dataclass
class Faults:
    waiting: list[Fault] = field(default_factory=list)
    happened: list[tuple[str, str]] = field(default_factory=list)

    def add(
        self, name: str, where: str | Callable[[str], bool] = "", times: float = 1, seconds: float = 1.0, code: int = 0
    ) -> Fault:
        """From now on, `times` times: `where` is a part of `METHOD /path` or of an event's name, or says yes to it."""
        assert name in NAMES, f"there is no fault {name!r}; there are: {', '.join(sorted(NAMES))}"
        if isinstance(where, str):
            part = where
            where = lambda what: part in what  # noqa: E731
        fault = Fault(name, where, times, seconds, code)
        self.waiting.append(fault)
        return fault

    def end(self, *names: str) -> None:
        """Nothing of these names (or nothing at all) goes wrong any more."""
        self.waiting = [one for one in self.waiting if names and one.name not in names]

    def takes(self, name: str, what: str) -> Fault | None:
        """The fault of that name that happens to this, if any; it is used up by it."""
        if not self.waiting:
            return None
        for one in self.waiting:
            if one.name == name and one.happened < one.times and one.where(what):
                one.happened += 1
                self.happened.append((name, what))
                return one
        return None

    def first(self, names: tuple[str, ...], what: str) -> Fault | None:
        if not self.waiting:
            return None
        return next((fault for name in names if (fault := self.takes(name, what))), None)
