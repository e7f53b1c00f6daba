"""The search log of the booking case: the same for one seed, and with all in it that a candidate should find."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import pytest

from bot.core.search_log import CITIES, DAYS, FIRST_DAY, HEAD, SHOWN, search_log

Row = dict[str, str]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read(search_log(7))


def read(log: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(log)))


def of(rows: Sequence[Row], action: str) -> list[Row]:
    return [row for row in rows if row["action"] == action]


def test_a_seed_always_makes_the_same_log_and_another_another() -> None:
    assert search_log(1) == search_log(1) != search_log(2)


def test_the_columns_are_named_and_full(rows: list[Row]) -> None:
    assert tuple(rows[0]) == HEAD
    assert all(set(row) == set(HEAD) for row in rows)
    assert {row["action"] for row in rows} == {"impression", "click", "contact_host", "book"}
    assert {row["city"] for row in rows} == set(CITIES)


def test_it_has_seven_days_in_order_with_a_busy_weekend(rows: list[Row]) -> None:
    times = [row["time"] for row in rows]
    assert times == sorted(times)
    days = Counter((datetime.fromisoformat(row["time"]) - FIRST_DAY).days for row in of(rows, "impression"))
    assert set(days) == set(range(DAYS))
    assert min(days[5], days[6]) > max(days[0], days[1], days[2])


def test_a_search_shows_as_many_homes_each_once_in_one_city(rows: list[Row]) -> None:
    searches: dict[str, list[Row]] = {}
    for row in of(rows, "impression"):
        searches.setdefault(row["search_id"], []).append(row)
    for shown in searches.values():
        assert sorted(int(row["position"]) for row in shown) == list(range(1, SHOWN + 1))
        assert len({row["listing_id"] for row in shown}) == SHOWN
        assert len({(row["city"], row["user_id"], row["check_in"]) for row in shown}) == 1


def test_nobody_books_what_they_did_not_click_and_write_to(rows: list[Row]) -> None:
    clicked = {(row["search_id"], row["listing_id"]): row["time"] for row in of(rows, "click")}
    written = {(row["search_id"], row["listing_id"]): row["time"] for row in of(rows, "contact_host")}
    booked = of(rows, "book")
    assert 0 < len(booked) < len(written) < len(clicked) < len(of(rows, "impression")) / 4
    for row in booked:
        home = (row["search_id"], row["listing_id"])
        assert clicked[home] < written[home] < row["time"]
    assert len({row["search_id"] for row in booked}) == len(booked)


def test_positions_bias_the_clicks(rows: list[Row]) -> None:
    clicks = Counter(int(row["position"]) for row in of(rows, "click"))
    assert clicks[1] > 1.5 * clicks[3] and clicks[1] > 2 * clicks[8]


def test_some_come_back_after_they_booked_and_some_are_seen_once(rows: list[Row]) -> None:
    booked = {row["user_id"]: row["time"] for row in of(rows, "book")}
    assert any(row["time"] > booked.get(row["user_id"], "9") for row in rows)
    searches = Counter(user for user, _ in {(row["user_id"], row["search_id"]) for row in rows})
    assert min(searches.values()) == 1 and max(searches.values()) > 3


def test_some_homes_appear_late_and_have_no_past(rows: list[Row]) -> None:
    first = {row["listing_id"]: row["time"] for row in reversed(rows)}
    new = {row["listing_id"] for row in rows if row["rating"] == ""}
    assert new and all(row["reviews"] == "0" for row in rows if row["listing_id"] in new)
    assert any(datetime.fromisoformat(first[home]) >= FIRST_DAY.replace(day=FIRST_DAY.day + 4) for home in new)


@pytest.mark.parametrize("seed", [0, 1, 99, 123456])
def test_every_log_has_bookings_to_learn_from(seed: int) -> None:
    rows = read(search_log(seed))
    assert len(of(rows, "book")) >= 8
    assert all(float(row["price_brl"]) > 0 and float(row["distance_km"]) >= 0 for row in rows)
