"""A made-up search log of a home-sharing site: seven days, two cities, what users did with what they were shown.

The case is S3-A1's; the article shows no data. Every number is drawn here from a seed, and no person is behind a row.
The log has what a candidate should find in it: positions that bias clicks, rows after the booking, users without a
past, listings that appear late, and a weekend.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

HEAD = (
    "time",
    "search_id",
    "user_id",
    "user_country",
    "city",
    "check_in",
    "nights",
    "guests",
    "position",
    "listing_id",
    "price_brl",
    "rating",
    "reviews",
    "instant_book",
    "distance_km",
    "action",
)
CITIES = ("Rio de Janeiro", "Sao Paulo")
FIRST_DAY = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
DAYS = 7
LISTINGS, USERS, SEARCHES = 240, 160, 420
SHOWN = 8
#: What draws a click, a message to the host and a booking, at its best (the first place on the page).
CLICK, CONTACT, BOOK = 0.45, 0.35, 0.4


@dataclass(frozen=True)
class Listing:
    """A home that is offered: `since` is the day of the log on which it first appears."""

    id: str
    city: str
    price: int
    rating: float | None
    reviews: int
    instant: bool
    distance: float
    since: int


def search_log(seed: int) -> str:
    """The log as CSV, a row for each thing that a user was shown or did."""
    rng = Random(f"search-log:{seed}")
    listings = [_listing(rng, number) for number in range(LISTINGS)]
    users = [(f"u{number:04d}", rng.choice(("BR", "BR", "BR", "AR", "US", "FR", "DE"))) for number in range(USERS)]
    rows = sorted(row for number in range(SEARCHES) for row in _search(rng, number, users, listings))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(rows)
    return out.getvalue()


def _listing(rng: Random, number: int) -> Listing:
    since = rng.choice((0, 0, 0, 0, 0, 0, 2, 4, 5))
    reviews = 0 if since else int(rng.paretovariate(0.9)) - 1
    return Listing(
        f"l{number:04d}",
        rng.choice(CITIES),
        round(rng.lognormvariate(5.7, 0.5) / 10) * 10,
        round(rng.uniform(3.6, 5.0), 1) if reviews else None,
        min(reviews, 400),
        rng.random() < 0.4,
        round(rng.expovariate(1 / 4), 1),
        since,
    )


def _search(
    rng: Random, number: int, users: list[tuple[str, str]], listings: list[Listing]
) -> Iterator[tuple[str, ...]]:
    """One search: what was shown, and how far the user went with it."""
    user, country = rng.choice(users)
    city = rng.choice(CITIES)
    at = FIRST_DAY + timedelta(days=rng.choice((0, 1, 2, 3, 4, 4, 5, 5, 6, 6)), minutes=rng.randrange(7 * 60, 24 * 60))
    day = (at - FIRST_DAY).days
    check_in = (at + timedelta(days=rng.randrange(2, 60))).date().isoformat()
    trip = (check_in, str(rng.choice((1, 2, 2, 3, 4, 7))), str(rng.choice((1, 2, 2, 2, 3, 4, 6))))
    there = [listing for listing in listings if listing.city == city and listing.since <= day]
    shown = sorted(rng.sample(there, SHOWN), key=lambda listing: -_appeal(listing) + rng.gauss(0, 0.3))
    booked = False
    for position, listing in enumerate(shown, 1):
        about = (f"s{number:05d}", user, country, city, *trip, str(position), *_columns(listing))
        seen = at + timedelta(seconds=position)
        yield (seen.isoformat(), *about, "impression")
        for action, share, wait in (("click", CLICK, 40), ("contact_host", CONTACT, 300), ("book", BOOK, 3600)):
            chance = share * _appeal(listing) / (position**0.5 if action == "click" else 1)
            if booked or rng.random() > chance:
                break
            seen += timedelta(seconds=rng.randrange(5, wait))
            booked = action == "book"
            yield (seen.isoformat(), *about, action)


def _appeal(listing: Listing) -> float:
    """How much a listing draws, in 0..1."""
    rated = (listing.rating or 4.2) / 5
    return max(0.05, min(1.0, rated * 250 / (listing.price + 120) + 0.1 * listing.instant))


def _columns(listing: Listing) -> tuple[str, ...]:
    rating = "" if listing.rating is None else str(listing.rating)
    return (
        listing.id,
        str(listing.price),
        rating,
        str(listing.reviews),
        "1" if listing.instant else "0",
        str(listing.distance),
    )
