"""Errors of the drivers in words: one table for the command line, health checks and ``check``."""

import os
import sqlite3
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from app.database.dialects import SQLITE

UNREACHABLE = "The database cannot be reached."


class _Meaning(NamedTuple):
    """A fragment of a driver's message in lower case, what it means for the file or the server, and what to do about it.

    None of it names a host, a user, a file or a password: health checks show it to anyone.
    """

    fragment: str
    says: str
    remedy: str = ""


_TIME_LIMIT = "nothing was changed; give the role of this program a longer time"
_OF_SERVERS = (
    _Meaning("lock timeout", "is busy: another session holds a lock that is needed", "nothing was changed; try again later"),
    _Meaning("in-transaction timeout", "ends transactions that pause (idle_in_transaction_session_timeout)", _TIME_LIMIT),
    _Meaning("transaction timeout", "ends transactions that take so long (transaction_timeout)", _TIME_LIMIT),
    _Meaning("connection refused", "refuses connections: it is stopped, or the port is wrong"),
    _Meaning("resolve host", "has an unknown host name"),
    _Meaning("translate host name", "has an unknown host name"),
    _Meaning("timeout expired", "does not respond in time"),
    _Meaning("password", "refuses the user or the password"),
    _Meaning("pg_hba.conf", "does not let this user in from this machine"),
    _Meaning("too many clients", "has no free connection", "lower the pool size or the number of workers"),
    _Meaning("connection slots", "has no free connection", "lower the pool size or the number of workers"),
    _Meaning("does not exist", "has no such database or user"),
    _Meaning("starting up", "is starting"),
    _Meaning("shutting down", "is shutting down"),
    _Meaning("read-only", "does not accept writes, nor does any other of the URL"),
)
_OF_FILES = (
    _Meaning("unable to open", "cannot be opened: its folder is missing, or this user may not use it"),
    _Meaning("not a database", "is not an SQLite database", "name another file in PROFILES_DATABASE_URL"),
    _Meaning("malformed", "is damaged", "restore it from a backup"),
    _Meaning("locked", "is locked by another program", "try again when that has finished"),
    _Meaning("disk is full", "cannot grow: the disk is full", "nothing was changed"),
    _Meaning("disk i/o error", "cannot be read or written: disk I/O error"),
)


def public_name(url: URL) -> str:
    """A database's file, or its URL without what may be secret: the password, and the options, which may hold one too."""
    if url.get_backend_name() == SQLITE:
        return url.database or ""
    return url.set(query={}).render_as_string(hide_password=True).replace("+psycopg", "", 1)


def reason(error: BaseException) -> str:
    """A sentence for anyone about an error of a driver, or about one that wraps it."""
    for subject, meanings in (("server", _OF_SERVERS), ("file", _OF_FILES)):
        found = _meaning(getattr(error, "orig", None) or error, meanings)
        if found is not None:
            return f"The database {subject} {found}."
    return UNREACHABLE


def explain_database(error: DBAPIError, url: URL) -> str:
    """For the operator: why the database cannot be used, and what to do about it."""
    if url.get_backend_name() == SQLITE:
        path = Path(url.database or "")
        return f"cannot use the database file {path}: {explain_sqlite(error.orig, path)}"
    found = _meaning(error.orig, _OF_SERVERS)
    if found is not None:
        return f"cannot use the database at {public_name(url)}: it {found}"
    message = (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0]
    return f"cannot use the database at {public_name(url)}: {message}"


def explain_sqlite(error: BaseException | None, path: Path) -> str:
    """For the operator: what an error of SQLite means for a database file, and what to do about it."""
    try:
        obstacle = _obstacle(str(error), path)
    except OSError as fault:
        return (fault.strerror or str(fault)).lower()
    found = _meaning(error, _OF_FILES)
    if obstacle or found:
        return obstacle or f"it {found}"
    return str(error) if isinstance(error, sqlite3.Error) else "an unexpected error"


def _meaning(error: BaseException | None, meanings: tuple[_Meaning, ...]) -> str | None:
    message = str(error).lower()
    found = next((meaning for meaning in meanings if meaning.fragment in message), None)
    return None if found is None else "; ".join(filter(None, found[1:]))


def _obstacle(message: str, path: Path) -> str | None:
    """What the file system says about a database file."""
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}"
    if path.is_dir():
        return "it is a folder; name a file in it"
    if "unable to open" in message or "readonly" in message:
        blocked = path if path.exists() and not os.access(path, os.W_OK) else path.parent
        return f"{blocked} cannot be written to; change its permissions or name another file in PROFILES_DATABASE_URL"
    return None
