"""Where the database is: reads VIVA_DATABASE_URL. It connects to nothing, and shows no user name or password."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from bot.errors import WrongUsage

FILE_NAME = "viva.db"
#: In the name of a file that was set aside because it is damaged, and at the end of that of an unfinished one.
DAMAGED, PART = ".damaged-", ".viva-part"
#: Options that libpq knows and asyncpg would pass to the server as settings, which then refuses the connection.
NOT_FOR_ASYNCPG = frozenset({"channel_binding", "gssencmode", "connect_timeout"})

_EXAMPLES = "Use sqlite:///path/to/viva.db or postgresql://user:password@host/database, or leave it unset."


@dataclass(frozen=True)
class Place:
    """A database that can be opened. `shown` is safe to print; `file` is SQLite's, `dsn` PostgreSQL's (secret)."""

    kind: Literal["sqlite", "postgresql"]
    shown: str
    home: Path
    file: Path | None = None
    dsn: str | None = field(default=None, repr=False)

    @property
    def backups(self) -> Path:
        """The folder of the backups that are made unasked, before a migration say."""
        return self.home / "backups"

    def at(self, file: Path) -> Place:
        """A file beside the database, a backup say, for what there is to say about it."""
        return Place("sqlite", str(file), self.home, file=file)


def locate(url: str | None, home: Path) -> Place:
    """The place that a database URL names; without one a file in `home`. The URL itself is in no message."""
    url, home = (url or "").strip(), home.absolute()
    if not url:
        return _file(home / FILE_NAME, home)
    scheme, separator, rest = url.partition("://")
    family = scheme.partition("+")[0].lower()
    if separator and family == "sqlite":
        return _sqlite(rest, home)
    if separator and family in ("postgresql", "postgres"):
        return _postgresql(rest, home)
    if not separator or not family.isalnum():
        raise WrongUsage(f"VIVA_DATABASE_URL is not a database URL. {_EXAMPLES}")
    raise WrongUsage(f"VIVA_DATABASE_URL names a kind of database that Viva cannot use ({family}). {_EXAMPLES}")


def _file(file: Path, home: Path) -> Place:
    file = file.absolute()
    return Place("sqlite", str(file), home, file=file)


def _sqlite(rest: str, home: Path) -> Place:
    path = rest.removeprefix("/")
    if not rest.startswith("/") or "?" in path or path in ("", ":memory:") or path.startswith("file:"):
        raise WrongUsage(
            "VIVA_DATABASE_URL must name a file for SQLite, without options, as in sqlite:///path/to/viva.db "
            "(four slashes before a path that starts at the root)."
        )
    return _file(Path(path), home)


def _postgresql(rest: str, home: Path) -> Place:
    try:
        parts = urlsplit(f"postgresql://{rest}")
        options = [(k, v) for k, v in parse_qsl(parts.query) if k not in NOT_FOR_ASYNCPG]
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        # The reason is left out on purpose: it quotes the URL, and with it the password.
        raise WrongUsage(f"VIVA_DATABASE_URL cannot be read as a PostgreSQL URL. {_EXAMPLES}") from None
    host = parts.hostname or dict(options).get("host", "localhost")
    shown = f"postgresql://{host}{port}/{unquote(parts.path.removeprefix('/'))}"
    dsn = urlunsplit(parts._replace(query=urlencode(options)))
    return Place("postgresql", shown, home, dsn=dsn)
