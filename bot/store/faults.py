"""What went wrong in a database, as a sentence for a person. It mends nothing.

Of a driver's error only its code is used: its text may quote a candidate's words, or the database URL.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StoreBroken, StoreBusy, StoreError, VivaError, WrongUsage
from bot.store.place import Place

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_NOT_WRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENOENT, errno.EISDIR}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
#: With less than this free (bytes) an error of the disk is put down to its being full.
_HARDLY_ANY = 256 * 1024


@contextmanager
def explained(place: Place) -> Iterator[None]:
    """Turns what a database driver or the file system raises into a StoreError with a clear sentence."""
    try:
        yield
    except VivaError:
        raise
    except (SQLAlchemyError, sqlite3.Error, OSError, TimeoutError) as error:
        _raise(error, place)
    except Exception as error:
        # asyncpg's errors have no common base with SQLAlchemy's; whatever else comes is a fault of ours.
        if not type(error).__module__.startswith("asyncpg"):
            raise
        _raise(error, place)


def _raise(error: Exception, place: Place) -> NoReturn:
    said = explain(error, place)
    # Of a URL that cannot be used, the driver quotes parts: they are not to be seen in a traceback either.
    raise said from None if isinstance(said, WrongUsage) else error


def explain(error: BaseException, place: Place) -> VivaError:
    """The error of ours that says what this error of a driver means."""
    for cause in _chain(error):
        if isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", None) is not None:
            return _sqlite(cause.sqlite_errorcode, cause.sqlite_errorname, place)
        # An error of a socket names no file.
        if isinstance(cause, OSError) and cause.errno is not None and (place.file or cause.filename):
            return _system(cause.errno, place)
    if place.kind == "postgresql":
        return _postgresql(list(_chain(error)), place)
    return StoreBroken(f"The database {place.shown} cannot be used ({type(error).__name__}). Nothing was changed.")


def damaged(error: BaseException) -> bool:
    """Whether an error of SQLite says that the file itself is damaged."""
    return any((getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF in _DAMAGED for cause in _chain(error))


def strange(error: BaseException) -> bool:
    """Whether an error of SQLite says that a file has other tables than ours of that name."""
    return any(getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR for cause in _chain(error))


def damage() -> sqlite3.DatabaseError:
    """What SQLite raises over a damaged file, for one that was found to be so in another way."""
    error = sqlite3.DatabaseError()
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_CORRUPT, "SQLITE_CORRUPT"
    return error


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = getattr(following, "orig", None) or following.__cause__


def _sqlite(code: int, name: str, place: Place) -> StoreError:
    primary = code & 0xFF
    folder = place.file.parent if place.file else place.home
    if primary in _DAMAGED:
        return StoreBroken(
            f"The database {place.shown} is damaged and cannot be read. It was left as it is. "
            f"`viva restore FILE` brings back a backup{_newest(place)} and keeps the damaged file beside it."
        )
    if primary in _LOCKED:
        return StoreBusy(
            f"Another program keeps the database {place.shown} locked. Nothing was lost; this last step was not "
            "written. Close that program, or wait until it is done, and try again."
        )
    if primary == sqlite3.SQLITE_FULL or (primary == sqlite3.SQLITE_IOERR and _free(folder) < _HARDLY_ANY):
        return _full(place)
    if primary in _NOT_WRITABLE:
        return _forbidden(place)
    return StoreBroken(
        f"{'The disk' if primary == sqlite3.SQLITE_IOERR else 'SQLite'} reported an error ({name}) at {place.shown}. "
        "This last step was not kept; everything before it is safe. Check the disk, and the file with `viva doctor`."
    )


def _system(number: int, place: Place) -> StoreError:
    if number in _NO_ROOM:
        return _full(place)
    if number in _FORBIDDEN:
        return _forbidden(place)
    return StoreBroken(
        f"The system reported an error ({errno.errorcode.get(number, number)}) at {place.shown}. Nothing was changed."
    )


def _full(place: Place) -> StoreBroken:
    return StoreBroken(
        f"The disk is full: {place.shown} could not grow. This last step was not kept; everything before it is safe. "
        "Free some space and try again."
    )


def _forbidden(place: Place) -> StoreBroken:
    folder = place.file.parent if place.file else place.home
    return StoreBroken(
        f"The folder {folder} cannot be used: it or a file in it cannot be written, or it is not there. Nothing was "
        f"changed. Make it writable, or {'set VIVA_HOME to' if folder == place.home else 'choose'} a folder that is."
    )


def _free(folder: Path) -> int:
    with suppress(OSError):
        return shutil.disk_usage(folder).free
    return _HARDLY_ANY


def _newest(place: Place) -> str:
    with suppress(OSError):
        backups = sorted(place.backups.glob("*.db"), key=lambda file: file.stat().st_mtime)
        return f" (the newest here is {backups[-1]})" if backups else ""
    return ""


def _postgresql(causes: list[BaseException], place: Place) -> VivaError:
    state = next((s for s in (getattr(cause, "sqlstate", None) for cause in causes) if s), "")
    server = f"The PostgreSQL server of {place.shown}"
    if state.startswith("28"):
        return StoreBroken(f"{server} refuses the user or password in VIVA_DATABASE_URL. Correct it and try again.")
    if state == "3D000":
        return StoreBroken(
            f"{server} has no database of that name. Create it (createdb), or correct VIVA_DATABASE_URL."
        )
    if state == "53100":
        return _full(place)
    if state in ("55P03", "40001", "40P01", "57014"):
        return StoreBusy(f"Another program keeps {place.shown} locked. This last step was not written; try again.")
    if state in ("53300", "57P03"):
        return StoreBusy(f"{server} takes no connections just now ({state}). Nothing was changed; try again.")
    if state in ("25006", "42501"):
        return StoreBroken(f"{server} does not let this user write. Give it the right to, or use another database.")
    if state and not state.startswith(("08", "57P")):
        return StoreBroken(
            f"{server} reported error {state}. This last step was not kept; everything before it is safe."
        )
    return _unreachable(causes, place)


def _unreachable(causes: list[BaseException], place: Place) -> VivaError:
    if isinstance(causes[-1], ValueError):  # asyncpg's ClientConfigurationError is one
        return WrongUsage("VIVA_DATABASE_URL holds an option that cannot be used. Correct it and try again.")
    return StoreBroken(
        f"The PostgreSQL server of {place.shown} does not answer. What was kept is safe there. Start the server, "
        "or correct VIVA_DATABASE_URL, and try again."
    )
