"""Rate limits: a bucket for each route and what it is about, fifty requests a second for a bot over all, and the
count of invalid requests. It counts; the answer is the server's.

Discord publishes few of these numbers and changes them. Those of messages and webhooks are what its headers have said
for years; the others are assumed, and rather narrow than wide.
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass

GLOBAL, INVALID, INVALID_SPAN = 50, 10_000, 600.0

# (method, route): how many, in how many seconds, and what they are counted by.
LIMITS: dict[tuple[str, str], tuple[int, float, str]] = {
    ("POST", "/channels/{channel_id}/messages"): (5, 5.0, "channel_id"),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): (5, 5.0, "channel_id"),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): (5, 1.0, "channel_id"),
    ("GET", "/channels/{channel_id}/messages"): (5, 5.0, "channel_id"),
    ("GET", "/channels/{channel_id}/messages/{message_id}"): (5, 5.0, "channel_id"),
    ("POST", "/channels/{channel_id}/typing"): (5, 5.0, "channel_id"),
    ("POST", "/channels/{channel_id}/threads"): (10, 10.0, "channel_id"),
    ("POST", "/channels/{channel_id}/messages/{message_id}/threads"): (10, 10.0, "channel_id"),
    ("PATCH", "/channels/{channel_id}"): (5, 15.0, "channel_id"),
    ("DELETE", "/channels/{channel_id}"): (10, 15.0, "channel_id"),
    ("PUT", "/channels/{channel_id}/thread-members/{user_id}"): (5, 5.0, "channel_id"),
    ("DELETE", "/channels/{channel_id}/thread-members/{user_id}"): (5, 5.0, "channel_id"),
    ("POST", "/users/@me/channels"): (10, 10.0, ""),
    ("GET", "/guilds/{guild_id}/members/{user_id}"): (5, 1.0, "guild_id"),
    ("PUT", "/applications/{application_id}/commands"): (5, 20.0, ""),
    ("PUT", "/applications/{application_id}/guilds/{guild_id}/commands"): (5, 20.0, "guild_id"),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"): (5, 2.0, "webhook_token"),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original"): (5, 2.0, "webhook_token"),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"): (5, 2.0, "webhook_token"),
}


@dataclass
class Bucket:
    name: str
    limit: int
    span: float
    left: int
    ends: float

    def headers(self, now: float) -> dict[str, str]:
        after = max(self.ends - now, 0.0)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Reset": f"{now + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": self.name,
        }


@dataclass(frozen=True)
class Hit:
    """A request too many."""

    after: float
    everything: bool
    bucket: Bucket | None = None


class Rates:
    """Counts by real time: a bot waits by its own clock, which a test does not advance."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[int, str, str, str], Bucket] = {}
        self._windows: dict[int, tuple[float, int]] = {}
        self._invalid: dict[int, deque[float]] = {}
        self.on = True

    def count(
        self, app: int, method: str, route: str, about: dict[str, str], exempt: bool, now: float
    ) -> Hit | Bucket | None:
        """One request more: a Hit when it is too many, else the bucket that it was taken from, where it has one."""
        if not self.on:
            return None
        if not exempt and (hit := self._over_all(app, now)):
            return hit
        limit = LIMITS.get((method, route))
        if limit is None:
            return None
        key = (app, method, route, about.get(limit[2], ""))
        bucket = self._buckets.get(key)
        if bucket is None or now >= bucket.ends:
            name = hashlib.blake2b(f"{method} {route}".encode(), digest_size=8).hexdigest()
            bucket = self._buckets[key] = Bucket(name, limit[0], limit[1], limit[0], now + limit[1])
            self._tidy(now)
        if bucket.left <= 0:
            return Hit(bucket.ends - now, False, bucket)
        bucket.left -= 1
        return bucket

    def _over_all(self, app: int, now: float) -> Hit | None:
        began, many = self._windows.get(app, (now, 0))
        if now - began >= 1.0:
            began, many = now, 0
        self._windows[app] = (began, many + 1)
        return Hit(began + 1.0 - now, True) if many >= GLOBAL else None

    def _tidy(self, now: float) -> None:
        if len(self._buckets) > 20_000:
            self._buckets = {key: one for key, one in self._buckets.items() if one.ends > now}

    def invalid(self, app: int, now: float) -> None:
        self._invalid.setdefault(app, deque()).append(now)

    def banned(self, app: int, now: float) -> bool:
        """Ten thousand invalid requests in ten minutes: nothing gets through any more."""
        seen = self._invalid.get(app)
        while seen and now - seen[0] > INVALID_SPAN:
            seen.popleft()
        return bool(seen) and len(seen or ()) >= INVALID

    def invalids(self) -> int:
        return sum(len(seen) for seen in self._invalid.values())
