"""Database URLs: which are understood, what becomes of them, and that no secret of theirs is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import WrongUsage
from bot.store.place import Place, locate

HOME = Path("/data/viva")


@pytest.mark.parametrize("url", [None, "", "   "])
def test_without_a_url_there_is_a_file_in_the_data_folder(url: str | None):
    place = locate(url, HOME)
    assert (place.kind, place.file, place.shown, place.dsn) == ("sqlite", HOME / "viva.db", "/data/viva/viva.db", None)
    assert place.backups == HOME / "backups"


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:////srv/interviews.db", "/srv/interviews.db"),
        ("sqlite+aiosqlite:////srv/a b%20c#.db", "/srv/a b%20c#.db"),
        ("SQLite:////srv/interviews.db", "/srv/interviews.db"),
        (" sqlite:////srv/interviews.db\n", "/srv/interviews.db"),
    ],
)
def test_a_file_by_url(url: str, file: str):
    assert locate(url, HOME).file == Path(file)


def test_a_relative_file_lies_in_the_working_folder():
    assert locate("sqlite:///here.db", HOME).file == Path.cwd() / "here.db"


@pytest.mark.parametrize(
    ("url", "dsn", "shown"),
    [
        ("postgresql://db/viva", "postgresql://db/viva", "postgresql://db/viva"),
        ("postgres://u:p%40ss@db:5433/viva", "postgresql://u:p%40ss@db:5433/viva", "postgresql://db:5433/viva"),
        ("postgresql+asyncpg://u@db/viva", "postgresql://u@db/viva", "postgresql://db/viva"),
        ("postgresql+psycopg://u@db/viva", "postgresql://u@db/viva", "postgresql://db/viva"),
        (
            "postgres://u:p@db/viva?sslmode=require&channel_binding=require",
            "postgresql://u:p@db/viva?sslmode=require",
            "postgresql://db/viva",
        ),
        (
            "postgresql://postgres@/viva?host=/run/pg",
            "postgresql://postgres@/viva?host=%2Frun%2Fpg",
            "postgresql:///run/pg/viva",
        ),
    ],
)
def test_a_server_by_url(url: str, dsn: str, shown: str):
    place = locate(url, HOME)
    assert (place.kind, place.file, place.dsn, place.shown) == ("postgresql", None, dsn, shown)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:s3cret@db/viva",
        "postgresql://u:s3cret@db:port/viva",
        "postgresql://u:s3cret@[db/viva",
        "u:s3cret@db/viva",
        "postgresql:u:s3cret@db/viva",
        "://u:s3cret@db",
        "s3cret",
        "sqlite://u:s3cret@db/viva.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///viva.db?mode=s3cret",
        "sqlite:///file:s3cret",
    ],
)
def test_what_cannot_be_used_is_said_without_the_url(url: str):
    with pytest.raises(WrongUsage, match="VIVA_DATABASE_URL") as refused:
        locate(url, HOME)
    assert "sqlite:///path/to/viva.db" in str(refused.value), "it says what to write instead"
    assert "s3cret" not in str(refused.value)
    assert refused.value.__cause__ is None, "nor in what a traceback would show"


def test_a_password_is_not_shown_by_repr():
    place = locate("postgresql://user:s3cret@db/viva?password=t0psecret", HOME)
    assert "s3cret" not in repr(place) + place.shown
    assert "t0psecret" not in repr(place) + place.shown
    assert isinstance(place, Place)
